"""Dagster's own folder: `.dagster/` of the project, unless DAGSTER_HOME names another.

Nothing heavy is imported here. What Dagster records in it does not belong here.
"""

import os
import shutil
from pathlib import Path

from pipelines.feuille_de_route import RACINE

INSTANCE = RACINE / ".dagster"
REGLAGES = "dagster.yaml"


def dossier_de_dagster() -> Path:
    """Choose the folder, for this process and those it starts; make it where there is none."""
    os.environ.setdefault("DAGSTER_HOME", str(INSTANCE))
    dossier = Path(os.environ["DAGSTER_HOME"])
    dossier.mkdir(parents=True, exist_ok=True)
    if not (dossier / REGLAGES).exists():  # without it, telemetry is on
        provisoire = dossier / f".{REGLAGES}.{os.getpid()}"  # whole or not at all
        shutil.copy(INSTANCE / REGLAGES, provisoire)
        provisoire.replace(dossier / REGLAGES)
    return dossier
