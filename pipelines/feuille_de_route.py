"""The region's roadmap: the CSV files of one folder, and the lists that contracts refer to.

Everything that differs from one region to another is in that folder. What is computed from the
roadmap does not belong here.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.erreurs import Faute

RACINE = Path(__file__).parent.parent
DOSSIER = RACINE / "assets" / "roadmap"

Ligne = Mapping[str, str]

TABLES = ("territoires", "orientations", "cibles", "chiffres_publies", "references_nationales")


@dataclass(frozen=True)
class FeuilleDeRoute:
    """The rows of each file of the roadmap, as text, in their order."""

    dossier: Path
    tables: Mapping[str, list[Ligne]]

    @property
    def listes(self) -> dict[str, list[str]]:
        """The codes that contracts take from the roadmap, by the name of their list."""
        territoires = self.tables["territoires"]

        def codes(maille: str) -> list[str]:
            return [t["code"] for t in territoires if t["maille"] == maille]

        internes = [t for t in territoires if t["maille"] in ("region", "departement")]
        return {
            "departements": codes("departement"),
            "academies": codes("academie"),
            "territoires": [t["territoire"] for t in internes],
            "orientations": [o["orientation"] for o in self.tables["orientations"]],
        }

    @property
    def region(self) -> Ligne:
        """The row of the region itself."""
        return next(t for t in self.tables["territoires"] if t["maille"] == "region")


def lire(dossier: Path = DOSSIER) -> FeuilleDeRoute:
    """Read a roadmap.

    Raises:
        Faute: a file is missing or has not the columns of `TABLES`, or there is no region.

    """
    tables: dict[str, list[Ligne]] = {}
    fautes = []
    for nom in TABLES:
        chemin = dossier / f"{nom}.csv"
        try:
            with chemin.open(encoding="utf-8-sig", newline="") as flux:
                lecteur = csv.DictReader(flux, strict=True)
                tables[nom] = list(lecteur)
        except (OSError, UnicodeDecodeError, csv.Error) as erreur:
            fautes.append(f"{chemin} ne se lit pas ({erreur})")
    if not fautes:
        regions = [t for t in tables["territoires"] if t["maille"] == "region"]
        if len(regions) != 1:
            fautes.append(f"{dossier / 'territoires.csv'} : il faut une région, et une seule")
    if fautes:
        raise Faute("La feuille de route ne peut pas servir :\n- " + "\n- ".join(fautes))
    return FeuilleDeRoute(dossier, tables)
