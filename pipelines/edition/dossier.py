"""The folder of a bilan: which files it holds, written whole, and again only where they changed.

What each file says is in its own module. The manifest tells our folders from others, and what each
file was made from.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.edition import accueil, indicateur, pages, regional, source
from pipelines.edition.contenu import Lien, Page
from pipelines.edition.source import Source
from pipelines.empreintes import du_code, empreinte
from pipelines.export.dossier import remplacer

MANIFESTE = "manifeste.json"
ACCUEIL = accueil.CHEMIN
_FORME = "bilan"
_MENU = (
    Lien("Accueil", ACCUEIL),
    Lien("Bilan", regional.CHEMIN),
    Lien("Départements", "departements/index.html"),
    Lien("Indicateurs", indicateur.INDEX),
)


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
) -> Ecrit:
    """Write the bilan of an arrêté in a folder, whole or not at all.

    Args:
        dossier: made if need be; one that holds an earlier bilan is replaced.
        warehouse: the folder of the published warehouse.
        arrete: a published month; the newest by default.
        departement: the code of a department, whose bilan alone is written; the region's if empty.
        publique: whether it is made of what may leave.

    Raises:
        Faute: it cannot be; the folder is as it was.
    """
    with source.ouvrir(warehouse, arrete, publique) as lue:
        voulus = list(fichiers(lue, departement))
        with remplacer(dossier, _est_de_nous) as (nouveau, ancien):
            avant = _manifeste(ancien).get("fichiers", {})
            faits: dict[str, list[str]] = {}
            refaits = 0
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
            manifeste = {"forme": _FORME, "arrete": lue.arrete, "fichiers": faits}
            (nouveau / MANIFESTE).write_text(json.dumps(manifeste, indent=1), encoding="utf-8")
        return Ecrit(lue.arrete, len(faits), refaits)


def fichiers(lue: Source, departement: str = "") -> Iterator[Fichier]:
    """All the files of the folder.

    Raises:
        Faute: the department is not one of the region.
    """
    toutes = list(les_pages(lue, departement))
    connues = {page.chemin for page in toutes}
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


def les_pages(lue: Source, departement: str = "") -> Iterator[Page]:
    """The pages."""
    autres = [regional.page(lue), *indicateur.toutes(lue)]
    liens = [lien for lien in _MENU if lien.vers in {page.chemin for page in autres}]
    yield accueil.page_publique(lue, liens) if lue.publique else accueil.page(lue, liens)
    yield from autres


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
    """Whether a folder holds a bilan that we wrote, and nothing else."""
    ecrits = {*_manifeste(dossier).get("fichiers", ()), MANIFESTE}
    presents = {p.relative_to(dossier).as_posix() for p in dossier.rglob("*") if not p.is_dir()}
    return len(ecrits) > 1 and presents <= ecrits
