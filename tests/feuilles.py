"""Roadmaps for tests that do not need the whole of Hauts-de-France's."""

import csv
import shutil
from collections.abc import Collection
from pathlib import Path

from pipelines import feuille_de_route


def courte(dossier: Path, indicateurs: Collection[str]) -> Path:
    """Write in `dossier` the roadmap cut down to a few indicators: a refresh takes seconds."""
    shutil.copytree(feuille_de_route.DOSSIER, dossier)
    (dossier / "indicateurs.csv").write_text("\n".join(["indicateur", *indicateurs]))
    for nom in ("correspondances", "coherences"):
        (dossier / f"{nom}.csv").unlink()  # they name extracts and figures that are not there
    for chemin in dossier.glob("*.csv"):
        with chemin.open(encoding="utf-8-sig", newline="") as flux:
            entete, *lignes = csv.reader(flux)
        if "indicateur" in entete and chemin.stem != "indicateurs":
            rang = entete.index("indicateur")
            gardees = [ligne for ligne in lignes if ligne[rang] in indicateurs]
            with chemin.open("w", encoding="utf-8", newline="") as flux:
                csv.writer(flux).writerows([entete, *gardees])
    return dossier
