"""Where a region is: its roadmap, its deliveries, its warehouse, and its name beside other regions.

One process serves one region, said by its environment; by default the project's own roadmap, and
folders where `projet` says. What the roadmap says does not belong here.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.erreurs import Faute
from pipelines.feuille_de_route import DOSSIER
from pipelines.projet import dossier

NOM, ROADMAP, RAW, WAREHOUSE = "BILAN_REGION", "BILAN_ROADMAP", "BILAN_RAW", "BILAN_WAREHOUSE"


@dataclass(frozen=True)
class Region:
    """A region: `nom` is empty where it is alone, else it begins the key of each of its nodes."""

    nom: str
    roadmap: Path
    raw: Path
    warehouse: Path


def region() -> Region:
    """The region that the environment names.

    Raises:
        Faute: its name cannot begin a key.
    """
    nom = os.environ.get(NOM, "")
    if nom and not re.fullmatch(r"[a-z][a-z0-9_]*", nom):
        raise Faute(
            f"{NOM} «{nom}» : un nom de région s'écrit en minuscules sans accents, chiffres et "
            "soulignés, par exemple hauts_de_france."
        )
    return Region(
        nom,
        _dossier(ROADMAP, DOSSIER),
        _dossier(RAW, dossier() / "raw"),
        _dossier(WAREHOUSE, dossier() / "warehouse"),
    )


def _dossier(variable: str, defaut: Path) -> Path:
    return Path(os.environ.get(variable) or defaut).absolute()
