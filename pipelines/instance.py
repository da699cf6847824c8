"""Dagster's own folder: `.dagster/` of the project, unless DAGSTER_HOME names another.

Nothing heavy is imported here. What Dagster records in it does not belong here.
"""

import os
import shutil
from pathlib import Path

from pipelines.projet import FICHIERS, dossier

REGLAGES = "dagster.yaml"
MODELE = FICHIERS / ".dagster" / REGLAGES


def dossier_de_dagster() -> Path:
    """Choose the folder, for this process and those it starts; make it where there is none."""
    os.environ.setdefault("DAGSTER_HOME", str(dossier() / ".dagster"))
    maison = Path(os.environ["DAGSTER_HOME"])
    maison.mkdir(parents=True, exist_ok=True)
    if not (maison / REGLAGES).exists():  # without it, telemetry is on
        provisoire = maison / f".{REGLAGES}.{os.getpid()}"  # whole or not at all
        shutil.copy(MODELE, provisoire)
        provisoire.replace(maison / REGLAGES)
    return maison
