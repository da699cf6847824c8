"""The region's roadmap: the CSV files of one folder, and the lists that contracts refer to.

Everything that differs from one region to another is in that folder. What is computed from the
roadmap does not belong here.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.erreurs import Faute
from pipelines.projet import RACINE as RACINE

DOSSIER = RACINE / "assets" / "roadmap"

Ligne = Mapping[str, str]

TABLES = (
    "bilan",
    "territoires",
    "objectifs",
    "orientations",
    "cibles",
    "chiffres_publies",
    "references_nationales",
    "corrections",
)
FACULTATIVES = ("objectifs", "bilan", "corrections")


@dataclass(frozen=True)
class FeuilleDeRoute:
    """The rows of each file of the roadmap, as text, in their order.

    `entetes` are the columns of each file, `numeros` the line of each row; a row longer than its
    header has a key `""`. `choisis` the indicators
    that the region has chosen, all of them where it has no file `indicateurs.csv`.
    """

    dossier: Path
    tables: Mapping[str, list[Ligne]]
    entetes: Mapping[str, list[str]]
    numeros: Mapping[str, list[int]]
    choisis: frozenset[str] | None = None

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
            "region": [self.region["territoire"], self.region["libelle"]],
            "orientations": [o["orientation"] for o in self.tables["orientations"]],
        }

    @property
    def region(self) -> Ligne:
        """The row of the region itself."""
        return next(t for t in self.tables["territoires"] if t["maille"] == "region")

    @property
    def priorites(self) -> dict[int, str]:
        """The priority of each objective."""
        return {int(o["objectif"]): o["priorite"] for o in self.tables["objectifs"]}

    @property
    def arrete_du_bilan(self) -> str:
        """The month as of which the bilan was drawn up, from which orientations start."""
        return self.tables["bilan"][0]["arrete"]


def lire(dossier: Path = DOSSIER) -> FeuilleDeRoute:
    """Read a roadmap.

    Raises:
        Faute: a file is missing or has not the columns of `TABLES`, or there is no region or bilan.
    """
    tables: dict[str, list[Ligne]] = {}
    entetes: dict[str, list[str]] = {}
    numeros: dict[str, list[int]] = {}
    fautes = []
    for nom in TABLES:
        chemin = dossier / f"{nom}.csv"
        if nom in FACULTATIVES and not chemin.exists():
            tables[nom], numeros[nom] = [], []
            continue
        try:
            with chemin.open(encoding="utf-8-sig", newline="") as flux:
                lecteur = csv.DictReader(flux, strict=True, restval="", restkey="")
                entetes[nom] = list(lecteur.fieldnames or [])
                lues = [(ligne, lecteur.line_num) for ligne in lecteur]
            tables[nom] = [ligne for ligne, _ in lues]
            numeros[nom] = [numero for _, numero in lues]
        except (OSError, UnicodeDecodeError, csv.Error) as erreur:
            fautes.append(f"{chemin} ne se lit pas ({erreur})")
    if not fautes:
        regions = [t for t in tables["territoires"] if t["maille"] == "region"]
        if len(regions) != 1:
            fautes.append(f"{dossier / 'territoires.csv'} : il faut une région, et une seule")
        if not tables["bilan"]:
            tables["bilan"], numeros["bilan"] = _bilan_imprime(tables["chiffres_publies"]), [0]
        if len(tables["bilan"]) != 1:
            fautes.append(f"{dossier / 'bilan.csv'} : il faut un bilan, et un seul")
    if fautes:
        raise Faute("La feuille de route ne peut pas servir :\n- " + "\n- ".join(fautes))
    return FeuilleDeRoute(dossier, tables, entetes, numeros, _choisis(dossier))


def _bilan_imprime(chiffres: list[Ligne]) -> list[Ligne]:
    """Where no file says which bilan is followed: that of the last arrêté printed."""
    arretes = [chiffre["arrete"] for chiffre in chiffres]
    return [{"titre": "", "annee": max(arretes)[:4], "arrete": max(arretes)}] if arretes else []


def _choisis(dossier: Path) -> frozenset[str] | None:
    """The indicators named by the optional file `indicateurs.csv`, in its column `indicateur`."""
    chemin = dossier / "indicateurs.csv"
    if not chemin.exists():
        return None
    with chemin.open(encoding="utf-8-sig", newline="") as flux:
        lecteur = csv.DictReader(flux)
        if "indicateur" not in (lecteur.fieldnames or ()):
            raise Faute(f"{chemin}, ligne 1 : il faut une colonne indicateur")
        return frozenset(ligne["indicateur"] for ligne in lecteur)
