"""The folder of a bilan: which files it holds, written whole, and again only where they changed.

What each file says is in its own module; what each was made from, in the folder's manifest.
"""

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.edition import (
    accueil,
    adresses,
    classeur,
    document,
    indicateur,
    manifeste,
    modele_docx,
    pages,
    regional,
    source,
    textes,
)
from pipelines.edition import departement as departement_page
from pipelines.edition.contenu import Lien, Page
from pipelines.edition.source import Source
from pipelines.edition.textes import Textes
from pipelines.empreintes import empreinte
from pipelines.erreurs import Faute
from pipelines.export.dossier import remplacer
from pipelines.renfort import Renfort

MANIFESTE = manifeste.NOM
ACCUEIL, DOCUMENT, CLASSEUR = adresses.ACCUEIL, adresses.DOCUMENT, adresses.CLASSEUR
_journal = logging.getLogger("bilan")
_BEAUCOUP = 20  # pages: to make fewer takes less than a second process does
_MODIFIABLES = (".docx", ".xlsx")
_MENU = (
    Lien("Accueil", ACCUEIL),
    Lien("Bilan", regional.CHEMIN),
    Lien("Départements", departement_page.LISTE),
    Lien("Indicateurs", indicateur.INDEX),
)
_DOCUMENTS = (Lien("Document à signer (Word)", DOCUMENT), Lien("Classeur (Excel)", CLASSEUR))


@dataclass(frozen=True)
class Fichier:
    """A file of the folder: `de` is what it is made from, `faire` gives its bytes.

    `ailleurs` says that another process can make it.
    """

    chemin: str
    de: str
    faire: Callable[[], bytes]
    ailleurs: bool = False


@dataclass(frozen=True)
class Ecrit:
    """What was written: the files of the folder, and those of them that were made again."""

    arrete: str
    fichiers: int
    faits: tuple[str, ...]

    @property
    def refaits(self) -> int:
        """How many files were made again."""
        return len(self.faits)


def ecrire(
    dossier: Path,
    warehouse: Path,
    arrete: str = "",
    departement: str = "",
    publique: bool = False,
    roadmap: Path | None = None,
    seul: bool = False,
) -> Ecrit:
    """Write the bilan of an arrêté in a folder, whole or not at all.

    Args:
        dossier: made if need be; one that holds an earlier bilan is replaced.
        warehouse: the folder of the published warehouse.
        arrete: a published month; the newest by default.
        departement: the code of a department, whose bilan alone is written; the region's if empty.
        publique: whether it is made of what may leave.
        roadmap: the folder of the roadmap, for the authors' texts and the document's template.
        seul: whether nobody else can be writing it: what one that was killed has left is removed.

    Raises:
        Faute: it cannot be; the folder is as it was.
    """
    origine = manifeste.origine(warehouse, roadmap)  # before it is read: it may be replaced
    with source.ouvrir(warehouse, arrete, publique) as lue:
        modele = modele_docx.lire(roadmap) if roadmap else None
        objectifs = {o["objectif"] for o in lue.objectifs}
        de_la_region = textes.lire(roadmap, objectifs) if roadmap and not departement else {}
        tous = textes.fusionner(de_la_region, _repris(dossier, publique))
        voulus = list(fichiers(lue, departement, tous, modele))
        with remplacer(dossier, manifeste.est_de_nous, seul) as (nouveau, ancien):
            avant = manifeste.fichiers(ancien)
            ecrits: dict[str, tuple[str, str]] = {}
            gardes = _garder(ancien, nouveau)
            a_faire = []
            for fichier in voulus:
                place = nouveau / fichier.chemin
                place.parent.mkdir(exist_ok=True)
                de, somme = avant.get(fichier.chemin, ("", ""))
                ecrits[fichier.chemin] = fichier.de, somme
                if de == fichier.de and manifeste.est_intact(ancien, fichier.chemin, somme):
                    shutil.copyfile(ancien / fichier.chemin, place)
                else:
                    a_faire.append(fichier)
            for fichier, octets in _faire(a_faire):
                (nouveau / fichier.chemin).write_bytes(octets)
                ecrits[fichier.chemin] = fichier.de, manifeste.somme(octets)
            manifeste.ecrire(
                nouveau,
                {
                    "arrete": lue.arrete,
                    "de": "" if arrete or departement or publique else origine,
                    "fichiers": ecrits,
                    "gardes": gardes,
                },
            )
        return Ecrit(lue.arrete, len(ecrits), tuple(fichier.chemin for fichier in a_faire))


def _faire(voulus: Sequence[Fichier]) -> Iterator[tuple[Fichier, bytes]]:
    """The bytes of files, in any order: where they are many, two processes make them."""
    with Renfort() as renfort:
        faits = [
            renfort.confier(f.faire) if f.ailleurs and len(voulus) >= _BEAUCOUP else f.faire
            for f in voulus
        ]
        # The other one begins with the first.
        for fichier, fait in reversed(list(zip(voulus, faits, strict=True))):
            yield fichier, fait()


def fichiers(
    lue: Source, departement: str = "", dits: Textes | None = None, modele: bytes | None = None
) -> Iterator[Fichier]:
    """All the files of the folder.

    Args:
        lue: the warehouse.
        departement: the department that they are about; the region if empty.
        dits: the authors' texts.
        modele: the template of the document.

    Raises:
        Faute: the department is not one of the region.
    """
    principale = ACCUEIL if departement else regional.CHEMIN
    toutes = [
        textes.poser(page, dits or {}) if page.chemin == principale else page
        for page in les_pages(lue, departement)
    ]
    connues = {*(page.chemin for page in toutes), DOCUMENT, CLASSEUR}
    menu = [lien for lien in _MENU if lien.vers in connues]
    commun = [
        manifeste.code(), lue.arrete, lue.publique, lue.region["libelle"], sorted(connues),
        repr(menu),
    ]  # fmt: skip
    for page in toutes:
        noeud = "" if lue.publique else _noeud(lue, page)
        yield Fichier(
            page.chemin,
            empreinte(commun, repr(page)),
            partial(
                pages.octets, page, menu, lue.region["libelle"], lue.arrete, _pied(lue),
                lue.publique, connues, noeud,
            ),
            ailleurs=True,
        )  # fmt: skip

    page = next(p for p in toutes if p.chemin == principale)
    yield Fichier(
        DOCUMENT,
        empreinte(commun, repr(page), manifeste.somme(modele or b"")),
        lambda: document.docx(page, lue.region["libelle"], lue.arrete, lue.publique, modele),
    )
    # Definitions and all the values are in the workbook alone.
    yield Fichier(
        CLASSEUR,
        empreinte(commun, repr(page), repr(lue.valeurs), repr(lue.indicateurs)),
        lambda: classeur.xlsx(page, lue),
    )


def les_pages(lue: Source, departement: str = "") -> Iterator[Page]:
    """The pages; of one department alone, where it is given.

    Raises:
        Faute: the department is not one of the region.
    """
    if departement:
        page = departement_page.page(lue, _departement(lue, departement))
        yield replace(page, chemin=ACCUEIL, fil=())
        return
    autres = [
        regional.page(lue),
        departement_page.liste(lue),
        *(departement_page.page(lue, d) for d in lue.de_maille("departement")),
        *indicateur.toutes(lue),
    ]
    liens = [lien for lien in _MENU if lien.vers in {page.chemin for page in autres}]
    liens += _DOCUMENTS
    yield accueil.page_publique(lue, liens) if lue.publique else accueil.page(lue, liens)
    yield from autres


def _noeud(lue: Source, page: Page) -> str:
    """The node that a page is of."""
    objectifs = {nom: i["objectif"] for nom, i in lue.indicateurs.items()}
    return adresses.noeud(page.chemin, objectifs)


def _departement(lue: Source, code: str) -> dict[str, Any]:
    """A department of the region by its code, `2`, `02` or `D02`.

    Raises:
        Faute: it is none.
    """
    connus = {d["code"]: d for d in lue.de_maille("departement")}
    cherche = code.strip().upper().removeprefix("D").zfill(2)
    if cherche not in connus:
        dits = ", ".join(f"{c} ({d['libelle']})" for c, d in connus.items())
        raise Faute(f"«{code}» n'est pas un département de la région : {dits}.")
    return connus[cherche]


def _pied(lue: Source) -> str:
    return (
        f"{pages.avis(lue.publique)} Fait par bilan {version('bilan')} à partir de l'entrepôt "
        f"publié, arrêté {lue.arrete}."
    )


def _repris(dossier: Path, publique: bool) -> Textes:
    """What authors wrote in the document that stands in the folder, if it is one of ours."""
    place = dossier / DOCUMENT
    if not manifeste.lire(dossier) or not place.is_file():
        return {}
    try:
        return textes.repris(place.read_bytes(), publique)
    except (Faute, OSError) as erreur:  # it is kept beside the new one, since it is not ours as is
        _journal.warning("textes de «%s» non repris : %s", place, erreur)
        return {}


def _garder(ancien: Path, nouveau: Path) -> list[str]:
    """Keep the documents that people changed since we wrote them, beside the new ones."""
    lu = manifeste.lire(ancien)
    gardes = [nom for nom in lu.get("gardes", []) if (ancien / nom).is_file()]
    for nom in gardes:
        shutil.copyfile(ancien / nom, nouveau / nom)
    for nom, (_, somme) in manifeste.fichiers(ancien).items():
        place = ancien / nom
        if place.suffix in _MODIFIABLES and place.is_file():
            octets = place.read_bytes()
            if manifeste.somme(octets) != somme:
                garde = f"{place.stem}.modifie-{manifeste.somme(octets)[:8]}{place.suffix}"
                (nouveau / garde).write_bytes(octets)
                gardes.append(garde)
    return sorted(set(gardes))
