"""Pictures of the interface for the README: `.venv/bin/python -m tests.interface.captures`.

They are taken from `bilan ui` on the demonstration, computed in a folder of their own.
"""

import os
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from pipelines.feuille_de_route import RACINE
from pipelines.simulation import demonstration
from tests.interface.navigateur import CHROMIUM, bilan, ouvrir

DOSSIER = RACINE / "pipelines" / "graphe" / "captures"
INDICATEUR = "/assets/indicateurs/objectif_05/cir_part_bpi"
PAGES = {
    "graphe": ("/asset-groups", (1800, 1300)),
    "indicateur": (INDICATEUR, (1500, 760)),
    "lignee": (f"{INDICATEUR}?view=lineage&lineageScope=upstream&lineageDepth=4", (1900, 620)),
}


def prendre() -> None:
    """Write all the pictures."""
    DOSSIER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as dossier:
        demonstration.main([f"{dossier}/raw"])
        environnement = {
            "BILAN_RAW": f"{dossier}/raw",
            "BILAN_WAREHOUSE": f"{dossier}/entrepot",
            "BILAN_CLE": f"{dossier}/cle",
            "DAGSTER_HOME": f"{dossier}/dagster",
        }
        subprocess.run(  # noqa: S603
            bilan("refresh", "--depuis", "2021-04"),
            env={**os.environ, **environnement},
            check=False,
        )
        with ouvrir(environnement, Path(dossier)) as interface:
            for nom, (chemin, taille) in PAGES.items():
                interface.capturer(chemin, DOSSIER / f"{nom}.png", taille)
        photographier(Path(dossier) / "entrepot" / "bilan" / "bilan.html", DOSSIER / "bilan.png")


def photographier(page: Path, fichier: Path) -> None:
    """Write a picture of the most read part of the bilan: that of the integration contract."""
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        vue = navigateur.new_page(viewport={"width": 1280, "height": 1180})
        vue.goto(f"{page.as_uri()}#graphique-objectif_05-1")
        vue.screenshot(path=fichier)
        navigateur.close()


if __name__ == "__main__":
    prendre()
