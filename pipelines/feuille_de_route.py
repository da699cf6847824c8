"""The region's roadmap: the CSV files of one folder, and the lists that contracts refer to.

Everything that differs from one region to another is in that folder. What is computed from the
roadmap does not belong here.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.codes import Code, Listes, du_territoire
from pipelines.erreurs import Faute
from pipelines.projet import RACINE as RACINE

DOSSIER = RACINE / "assets" / "roadmap"

Ligne = Mapping[str, str]
CORRESPONDANCES = "correspondances"

TABLES = (
    "bilans",
    "territoires",
    "objectifs",
    "orientations",
    "cibles",
    "chiffres_publies",
    "coherences",
    "references_nationales",
    "populations",
    "corrections",
    "codes",
    "sources",
    CORRESPONDANCES,
)
FACULTATIVES = (
    "objectifs", "bilans", "coherences", "populations", "corrections", "codes", "sources",
    CORRESPONDANCES,
)  # fmt: skip
_PARTAGEES = {"objectifs": "objectif", "codes": "liste", "sources": "source"}
"""What a roadmap does not say of these is as in the project's: by objective, list and source."""
COLONNES_DES_CODES = ("liste", "code", "libelle", "ordre", "depuis", "jusque", "compte_comme")
COLONNES_DES_CORRESPONDANCES = ("extrait", "fichiers", "genre", "colonne", "livre", "contrat")
ACADEMIE = "academie"


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
    def listes(self) -> Listes:
        """The codes that contracts take from the roadmap, by the name of their list."""
        territoires = self.tables["territoires"]
        internes = [t for t in territoires if t["maille"] in ("region", "departement")]
        listes: dict[str, list[Code]] = {}
        for ligne in sorted(self.tables["codes"], key=lambda c: _rang(c["ordre"])):
            code = Code(
                ligne["code"], ligne["libelle"], ligne["depuis"], ligne["jusque"],
                ligne["compte_comme"],
            )  # fmt: skip
            listes.setdefault(ligne["liste"], []).append(code)
        return listes | {
            "departements": [du_territoire(t) for t in territoires if t["maille"] == "departement"],
            ACADEMIE: [du_territoire(t) for t in territoires if t["maille"] == ACADEMIE],
            "territoires": [du_territoire(t, par_identifiant=True) for t in internes],
            "region": [Code(self.region["territoire"], self.region["libelle"])],
            "orientations": [Code(o["orientation"]) for o in self.tables["orientations"]],
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
    def arretes_des_bilans(self) -> list[str]:
        """The months as of which bilans were drawn up, from which their orientations start."""
        return sorted({bilan["arrete"] for bilan in self.tables["bilans"]})


def _rang(ordre: str) -> int:
    return int(ordre) if ordre.isdecimal() else 0


def lire(dossier: Path = DOSSIER) -> FeuilleDeRoute:
    """Read a roadmap.

    Raises:
        Faute: a file is missing or has not the columns of `TABLES`; there is no region or bilan.
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
            entetes[nom], tables[nom], numeros[nom] = _lire_un(chemin)
        except (OSError, UnicodeDecodeError, csv.Error) as erreur:
            fautes.append(f"{chemin} ne se lit pas ({erreur})")
    # What contracts need, before the roadmap is examined.
    for nom, voulues in (
        ("codes", COLONNES_DES_CODES),
        (CORRESPONDANCES, COLONNES_DES_CORRESPONDANCES),
    ):
        if tuple(entetes.get(nom, voulues)) != voulues:
            chemin = dossier / f"{nom}.csv"
            fautes.append(f"{chemin}, ligne 1 : les colonnes doivent être {', '.join(voulues)}")
    if not fautes:
        for nom, cle in _PARTAGEES.items() if dossier != DOSSIER else ():
            communes = _lire_un(DOSSIER / f"{nom}.csv")[1]
            if nom == "codes":
                communes = [c for c in communes if c[cle] != ACADEMIE]
                communes += _academies(tables["territoires"])
            siennes = {ligne[cle] for ligne in tables[nom]}
            ajoutees = [ligne for ligne in communes if ligne[cle] not in siennes]
            tables[nom] += ajoutees
            numeros[nom] += [0] * len(ajoutees)
        regions = [t for t in tables["territoires"] if t["maille"] == "region"]
        if len(regions) != 1:
            fautes.append(f"{dossier / 'territoires.csv'} : il faut une région, et une seule")
        if not tables["bilans"]:
            tables["bilans"] = _bilans_imprimes(tables["chiffres_publies"])
            numeros["bilans"] = [0] * len(tables["bilans"])
        if not tables["bilans"]:
            fautes.append(f"{dossier / 'bilans.csv'} : il faut au moins un bilan")
    if fautes:
        raise Faute("La feuille de route ne peut pas servir :\n- " + "\n- ".join(fautes))
    return FeuilleDeRoute(dossier, tables, entetes, numeros, _choisis(dossier))


def _lire_un(chemin: Path) -> tuple[list[str], list[Ligne], list[int]]:
    """The columns of a file, its rows, and the line of each."""
    with chemin.open(encoding="utf-8-sig", newline="") as flux:
        lecteur = csv.DictReader(flux, strict=True, restval="", restkey="")
        lues = [(ligne, lecteur.line_num) for ligne in lecteur]
        return list(lecteur.fieldnames or []), [lu for lu, _ in lues], [n for _, n in lues]


def _academies(territoires: list[Ligne]) -> list[Ligne]:
    """The rows of codes.csv for a region's own academies."""
    academies = [t for t in territoires if t["maille"] == ACADEMIE]
    return [
        {**dict.fromkeys(COLONNES_DES_CODES, ""), "liste": ACADEMIE, "code": a["code"],
         "libelle": a["libelle"], "ordre": str(rang)}
        for rang, a in enumerate(academies, start=1)
    ]  # fmt: skip


def _bilans_imprimes(chiffres: list[Ligne]) -> list[Ligne]:
    """Where no file says which they are: those of the figures, each at its last arrêté."""
    arretes: dict[str, str] = {}
    for chiffre in chiffres:
        bilan = chiffre.get("bilan", "")
        arretes[bilan] = max(arretes.get(bilan, ""), chiffre["arrete"])
    return [
        {"bilan": bilan, "titre": "", "annee": arrete[:4], "arrete": arrete}
        for bilan, arrete in sorted(arretes.items())
    ]


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
