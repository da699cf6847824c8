"""The folder of a bilan: which files it holds, written whole, and again only where they changed.

What each file says is in its own module. The manifest tells our folders from others, and what each
file was made from.
"""

import hashlib
import json
import logging
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.edition import (
    accueil,
    classeur,
    document,
    indicateur,
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
from pipelines.empreintes import du_code, empreinte
from pipelines.erreurs import Faute
from pipelines.export.dossier import remplacer

MANIFESTE = "manifeste.json"
ACCUEIL, DOCUMENT, CLASSEUR = accueil.CHEMIN, "bilan.docx", "bilan.xlsx"
_journal = logging.getLogger("bilan")
_FORME = "bilan"
_MODIFIABLES = (".docx", ".xlsx")
_VERROUS = ("~$", ".~lock.")
_MENU = (
    Lien("Accueil", ACCUEIL),
    Lien("Bilan", regional.CHEMIN),
    Lien("Départements", departement_page.LISTE),
    Lien("Indicateurs", indicateur.INDEX),
)
_DOCUMENTS = (Lien("Document à signer (Word)", DOCUMENT), Lien("Classeur (Excel)", CLASSEUR))


@dataclass(frozen=True)
class Fichier:
    """A file of the folder: `de` is what it is made from, `faire` gives its bytes."""

    chemin: str
    de: str
    faire: Callable[[], bytes]


@dataclass(frozen=True)
class Ecrit:
    """What was written: the files of the folder, and how many of them were made again."""

    arrete: str
    fichiers: int
    refaits: int


def ecrire(
    dossier: Path,
    warehouse: Path,
    arrete: str = "",
    departement: str = "",
    publique: bool = False,
    roadmap: Path | None = None,
) -> Ecrit:
    """Write the bilan of an arrêté in a folder, whole or not at all.

    Args:
        dossier: made if need be; one that holds an earlier bilan is replaced.
        warehouse: the folder of the published warehouse.
        arrete: a published month; the newest by default.
        departement: the code of a department, whose bilan alone is written; the region's if empty.
        publique: whether it is made of what may leave.
        roadmap: the folder of the roadmap, for the authors' texts and the document's template.

    Raises:
        Faute: it cannot be; the folder is as it was.
    """
    with source.ouvrir(warehouse, arrete, publique) as lue:
        modele = modele_docx.lire(roadmap) if roadmap else None
        objectifs = {o["objectif"] for o in lue.objectifs}
        ecrits = textes.lire(roadmap, objectifs) if roadmap and not departement else {}
        tous = textes.fusionner(ecrits, _repris(dossier, publique))
        voulus = list(fichiers(lue, departement, tous, modele))
        with remplacer(dossier, _est_de_nous) as (nouveau, ancien):
            avant = _manifeste(ancien).get("fichiers", {})
            faits: dict[str, list[str]] = {}
            refaits = 0
            gardes = _garder(ancien, nouveau)
            for fichier in voulus:
                place, deja = nouveau / fichier.chemin, ancien / fichier.chemin
                place.parent.mkdir(exist_ok=True)
                de, somme = avant.get(fichier.chemin, ("", ""))
                if de == fichier.de and deja.is_file() and _somme(deja.read_bytes()) == somme:
                    shutil.copyfile(deja, place)
                else:
                    octets = fichier.faire()
                    somme = _somme(octets)
                    place.write_bytes(octets)
                    refaits += 1
                faits[fichier.chemin] = [fichier.de, somme]
            manifeste = {
                "forme": _FORME, "arrete": lue.arrete, "fichiers": faits, "gardes": gardes,
            }  # fmt: skip
            (nouveau / MANIFESTE).write_text(json.dumps(manifeste, indent=1), encoding="utf-8")
        return Ecrit(lue.arrete, len(faits), refaits)


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
        _du_code(), lue.arrete, lue.publique, lue.region["libelle"], sorted(connues), repr(menu),
    ]  # fmt: skip
    for page in toutes:
        yield Fichier(
            page.chemin,
            empreinte(commun, repr(page)),
            lambda page=page: pages.html(  # type: ignore[misc]
                page, menu, lue.region["libelle"], lue.arrete, _pied(lue), lue.publique, connues
            ).encode(),
        )

    page = next(p for p in toutes if p.chemin == principale)
    yield Fichier(
        DOCUMENT,
        empreinte(commun, repr(page), _somme(modele or b"")),
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


@cache
def _du_code() -> str:
    ici = Path(__file__).parent
    return empreinte(
        du_code(*sorted(ici.glob("*.py"))),
        [f.read_text(encoding="utf-8") for f in sorted(ici.glob("gabarits/*"))],
        (ici / "valeurs.sql").read_text(encoding="utf-8"),
    )


def _repris(dossier: Path, publique: bool) -> Textes:
    """What authors wrote in the document that stands in the folder, if it is one of ours."""
    place = dossier / DOCUMENT
    if not _manifeste(dossier) or not place.is_file():
        return {}
    try:
        return textes.repris(place.read_bytes(), publique)
    except (Faute, OSError) as erreur:  # it is kept beside the new one, since it is not ours as is
        _journal.warning("textes de «%s» non repris : %s", place, erreur)
        return {}


def _garder(ancien: Path, nouveau: Path) -> list[str]:
    """Keep the documents that people changed since we wrote them, beside the new ones."""
    lu = _manifeste(ancien)
    gardes = [nom for nom in lu.get("gardes", []) if (ancien / nom).is_file()]
    for nom in gardes:
        shutil.copyfile(ancien / nom, nouveau / nom)
    for nom, (_, somme) in lu.get("fichiers", {}).items():
        place = ancien / nom
        if place.suffix in _MODIFIABLES and place.is_file():
            octets = place.read_bytes()
            if _somme(octets) != somme:
                garde = f"{place.stem}.modifie-{_somme(octets)[:8]}{place.suffix}"
                (nouveau / garde).write_bytes(octets)
                gardes.append(garde)
    return sorted(set(gardes))


def _somme(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def _manifeste(dossier: Path) -> Mapping[str, Any]:
    """The manifest of a folder of ours; nothing for another."""
    try:
        lu = json.loads((dossier / MANIFESTE).read_text(encoding="utf-8"))
        return lu if isinstance(lu, dict) and lu.get("forme") == _FORME else {}
    except (OSError, ValueError):
        return {}


def _est_de_nous(dossier: Path) -> bool:
    """Whether a folder holds a bilan that we wrote, and nothing else but locks of offices."""
    lu = _manifeste(dossier)
    ecrits = {*lu.get("fichiers", ()), *lu.get("gardes", ()), MANIFESTE}
    presents = {
        p.relative_to(dossier).as_posix()
        for p in dossier.rglob("*")
        if not p.is_dir() and not p.name.startswith(_VERROUS)
    }
    return len(ecrits) > 1 and presents <= ecrits
