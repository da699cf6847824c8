"""The manifest of a bilan's folder: what it was made from, and what each of its files was.

It tells our folders from others, and whether a folder is right, without making anything again: so
little is imported here. Which files there are is in `dossier`.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.edition import adresses
from pipelines.empreintes import du_code, empreinte
from pipelines.entrepot import chantier
from pipelines.export.dossier import restes
from pipelines.vues import DOSSIER

NOM = "manifeste.json"
_FORME = "bilan"
_VERROUS = ("~$", ".~lock.")


def ecrire(dossier: Path, contenu: Mapping[str, Any]) -> None:
    """Write the manifest of a folder."""
    texte = json.dumps({"forme": _FORME, **contenu}, indent=1)
    (dossier / NOM).write_text(texte, encoding="utf-8")


def lire(dossier: Path) -> Mapping[str, Any]:
    """The manifest of a folder of ours; nothing for another."""
    try:
        lu = json.loads((dossier / NOM).read_text(encoding="utf-8"))
        return lu if isinstance(lu, dict) and lu.get("forme") == _FORME else {}
    except (OSError, ValueError):
        return {}


def fichiers(dossier: Path) -> dict[str, tuple[str, str]]:
    """The files that we wrote: what each is made from, and its SHA-256."""
    try:
        return {nom: (de, lue) for nom, (de, lue) in lire(dossier).get("fichiers", {}).items()}
    except (AttributeError, TypeError, ValueError):  # someone wrote in it
        return {}


def est_de_nous(dossier: Path) -> bool:
    """Whether a folder holds a bilan that we wrote, and nothing else but locks of offices."""
    lu = lire(dossier)
    ecrits = {*lu.get("fichiers", ()), *lu.get("gardes", ()), NOM}
    presents = {
        p.relative_to(dossier).as_posix()
        for p in dossier.rglob("*")
        if not p.is_dir() and not p.name.startswith(_VERROUS)
    }
    return len(ecrits) > 1 and presents <= ecrits


def somme(octets: bytes) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(octets).hexdigest()


def est_intact(dossier: Path, chemin: str, sa_somme: str) -> bool:
    """Whether a file is as we wrote it."""
    try:
        return somme((dossier / chemin).read_bytes()) == sa_somme
    except OSError:
        return False


def origine(warehouse: Path, roadmap: Path | None) -> str:
    """What a folder is made from: the published file, the code, what the region gives donnees.

    Empty where nothing is published.
    """
    identite = chantier.identite(warehouse)
    places = [roadmap / nom for nom in (adresses.MODELE, adresses.TEXTES)] if roadmap else []
    donnees = [somme(p.read_bytes()) if p.is_file() else "" for p in places]
    return empreinte(version("bilan"), code(), identite, donnees) if identite else ""


def est_a_jour(dossier: Path, warehouse: Path, roadmap: Path | None = None) -> bool:
    """Whether a folder is what would be written now of the newest month, each file as we wrote it.

    Pages and documents are not made for that.
    """
    de, ecrits = origine(warehouse, roadmap), fichiers(dossier)
    return (
        bool(de and ecrits)
        and lire(dossier).get("de") == de
        and not any(restes(dossier))
        and all(est_intact(dossier, nom, lue) for nom, (_, lue) in ecrits.items())
    )


@cache
def code() -> str:
    """The fingerprint of what makes pages and documents."""
    ici = Path(__file__).parent
    return empreinte(
        du_code(*sorted(ici.glob("*.py")), *sorted(ici.glob("*.sql"))),
        [somme(f.read_bytes()) for f in sorted([*ici.glob("gabarits/*"), *DOSSIER.glob("*.csv")])],
    )
