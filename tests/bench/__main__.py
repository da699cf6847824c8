"""`make bench`: the table of ratios, printed as it comes and kept as CSV in `.bench/`.

Each line is the median of several runs (their number is in it), in which all contestants of a case
take turns; nothing is said of a case until all of them gave the same values, cell for cell.
What is asked comes from the environment:

    BENCH_LIGNES    the largest number of signatories (100 000); 1000000:3000000 says both ends
    BENCH_SECTIONS  lignes, fichiers, mois, demonstration, or tout (lignes,demonstration)
    BENCH_PASSAGES  how many runs (3)
    BENCH_FICHIERS  the same for files (250)
    BENCH_MOIS      the same for months of history (12)
"""

import csv
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median

from pipelines.mois import decaler
from pipelines.projet import RACINE
from pipelines.simulation import demonstration
from tests.bench import concurrents, egalite, livraisons, projet_dbt
from tests.bench.concurrents import DBT, INCHANGE, LECTURES, NU, PREMIER, Autre, Bilan
from tests.bench.mesure import Mesure

LIGNES = (100_000, 300_000, 1_000_000, 3_000_000, 10_000_000, 30_000_000)
PANDAS_AU_PLUS = 3_000_000
"""It holds all rows in memory, and would need that of a larger machine."""
FICHIERS = (250, 2_500, 10_000)
MOIS = (12, 36, 72)
PEU = 20_000
"""Signatories, where it is not their number that counts."""
PREMIER_MOIS, ARRETE = "2019-01", "2020-12"
COLONNES = {
    "section": 14, "cas": 30, "concurrent": 24, "passages": 8, "temps_s": 8, "processeur_s": 12,
    "memoire_mio": 11, "temps_sur_nu": 12, "processeur_sur_nu": 17, "temps_sur_dbt": 13,
    "processeur_sur_dbt": 18,
}  # fmt: skip
BILAN = "bilan, "
Mesures = dict[str, list[Mesure]]


@dataclass
class Table:
    """The table: printed line by line, and written anew after each case."""

    fichier: Path
    lignes: list[dict[str, str]] = field(default_factory=list)

    def commencer(self) -> None:
        """Print the head."""
        print("  ".join(nom.ljust(largeur) for nom, largeur in COLONNES.items()), flush=True)

    def ajouter(self, section: str, cas: str, mesures: Mesures) -> None:
        """The lines of a case: medians, and how many times those of DuckDB alone and of dbt."""
        for concurrent, faites in mesures.items():
            ligne = {
                "section": section,
                "cas": cas,
                "concurrent": concurrent,
                "passages": str(len(faites)),
                "temps_s": f"{_temps(faites):.1f}",
                "processeur_s": f"{_processeur(faites):.1f}",
                "memoire_mio": f"{median(m.memoire for m in faites):.0f}",
            }
            for nom, reference in (("nu", NU), ("dbt", DBT)):
                siennes = mesures.get(reference)
                for quoi, de in (("temps", _temps), ("processeur", _processeur)):
                    rapport = f"{de(faites) / de(siennes):.2f}" if siennes else ""
                    ligne[f"{quoi}_sur_{nom}"] = rapport
            self.lignes.append(ligne)
            print("  ".join(ligne[nom].ljust(large) for nom, large in COLONNES.items()), flush=True)
        self.fichier.parent.mkdir(parents=True, exist_ok=True)
        with self.fichier.open("w", encoding="utf-8", newline="") as sortie:
            ecrivain = csv.DictWriter(sortie, list(COLONNES))
            ecrivain.writeheader()
            ecrivain.writerows(self.lignes)


def _temps(faites: Iterable[Mesure]) -> float:
    return median(m.mur for m in faites)


def _processeur(faites: Iterable[Mesure]) -> float:
    return median(m.processeur for m in faites)


def verifier(bilan: Bilan, autres: Iterable[Autre]) -> None:
    """Stop where a contestant does not give the values that are published."""
    for autre in autres:
        ecarts = egalite.ecarts(bilan.entrepot, bilan.arrete, autre.valeurs, autre.en_partie)
        if ecarts:
            cellules = "\n".join(map(str, ecarts[:5]))
            sys.exit(f"{autre.nom} : {len(ecarts)} cellules diffèrent, rien n'est dit.\n{cellules}")


def comparer(bilan: Bilan, autres: Sequence[Autre], passages: int) -> Mesures:
    """All contestants in turn, so many times."""
    mesures: Mesures = {}
    for _ in range(passages):
        for autre in autres:
            mesures.setdefault(autre.nom, []).append(autre.lancer())
        for genre in (PREMIER, LECTURES, INCHANGE):
            mesures.setdefault(BILAN + genre, []).append(bilan.lancer(genre))
            verifier(bilan, autres)
    return mesures


def _autres(raw: Path, arrete: str, dossier: Path, avec_pandas: bool = False) -> list[Autre]:
    """DuckDB alone; dbt where it is installed; pandas."""
    trouves = [concurrents.nu(raw, arrete, dossier / "nu")]
    if projet_dbt.installe():
        trouves.append(concurrents.dbt(raw, arrete, dossier / "dbt"))
    if avec_pandas:
        trouves.append(concurrents.pandas(raw, arrete, dossier / "pandas"))
    return trouves


def _dit(nombre: int) -> str:
    return f"{nombre:,}".replace(",", " ")


def lignes(dossier: Path, nombre: int, passages: int) -> tuple[str, Mesures]:
    """So many signatories, delivered over two years."""
    raw = dossier / "raw"
    livraisons.simulees(raw, nombre, (PREMIER_MOIS, ARRETE))
    bilan = Bilan(raw, ARRETE, ARRETE, dossier / "bilan")
    autres = _autres(raw, ARRETE, dossier, nombre <= PANDAS_AU_PLUS)
    return f"{_dit(nombre)} lignes", comparer(bilan, autres, passages)


def fichiers(dossier: Path, nombre: int, passages: int) -> tuple[str, Mesures]:
    """So many files, about."""
    raw = dossier / "raw"
    livraisons.simulees(raw, max(PEU, 5 * nombre), (PREMIER_MOIS, ARRETE))
    livraisons.couper(raw, nombre)
    compte = sum(1 for _ in raw.glob("*/*/*"))
    bilan = Bilan(raw, ARRETE, ARRETE, dossier / "bilan")
    return f"{_dit(compte)} fichiers", comparer(bilan, _autres(raw, ARRETE, dossier), passages)


def mois(dossier: Path, nombre: int, passages: int) -> tuple[str, Mesures]:
    """A history of so many months, all of them computed; then one month more."""
    raw, tard = dossier / "raw", dossier / "tard"
    avant, dernier = decaler(PREMIER_MOIS, nombre - 1), decaler(PREMIER_MOIS, nombre)
    livraisons.simulees(raw, PEU, (PREMIER_MOIS, dernier))
    nouveaux = {f: tard / f.relative_to(raw) for f in raw.glob(f"*/*/{dernier}*")}
    for garde in nouveaux.values():
        garde.parent.mkdir(parents=True, exist_ok=True)
    tous = Bilan(raw, avant, PREMIER_MOIS, dossier / "bilan")
    un = Bilan(raw, dernier, dernier, dossier / "bilan")
    mesures: Mesures = {BILAN + "tous les mois": [], BILAN + "un mois de plus": []}
    for _ in range(passages):
        for fichier, garde in nouveaux.items():
            fichier.rename(garde)
        mesures[BILAN + "tous les mois"].append(tous.lancer(PREMIER))
        for fichier, garde in nouveaux.items():
            garde.rename(fichier)
        mesures[BILAN + "un mois de plus"].append(un.lancer(INCHANGE))
        nu = concurrents.nu(raw, dernier, dossier / "nu")
        nu.lancer()
        verifier(un, [nu])
    return f"{nombre} mois, puis un", mesures


def la_demonstration(dossier: Path, _: int, passages: int) -> tuple[str, Mesures]:
    """The deliveries of raw/; to DuckDB and dbt, their accepted rows as plain CSV."""
    raw, nues = dossier / "raw", dossier / "nues"
    demonstration.main([str(raw)])
    bilan = Bilan(raw, "2021-06", "2021-06", dossier / "bilan")
    autres: list[Autre] = []
    mesures: Mesures = {}
    for _ in range(passages):
        premiere = bilan.lancer(PREMIER)
        if not autres:
            livraisons.nues(bilan.entrepot, nues)
            autres = _autres(nues, bilan.arrete, dossier)
        for autre in autres:
            mesures.setdefault(autre.nom, []).append(autre.lancer())
            if autre.fait:
                mesures.setdefault(f"{autre.nom}, ensuite", []).append(autre.lancer(neuf=False))
        verifier(bilan, autres)
        mesures.setdefault(BILAN + PREMIER, []).append(premiere)
        mesures.setdefault(BILAN + INCHANGE, []).append(bilan.lancer(INCHANGE))
    return "la démonstration", mesures


SECTIONS = {
    "lignes": (lignes, "BENCH_LIGNES", LIGNES),
    "fichiers": (fichiers, "BENCH_FICHIERS", FICHIERS),
    "mois": (mois, "BENCH_MOIS", MOIS),
    "demonstration": (la_demonstration, "", (1,)),
}
PAR_DEFAUT = "lignes,demonstration"


def entre(tailles: Sequence[int], bornes: str) -> list[int]:
    """The sizes up to the one that is said, or between two of them: `1000000:3000000`."""
    bas, _, haut = bornes.rpartition(":")
    return [taille for taille in tailles if int(bas or 0) <= taille <= int(haut)]


def main(demande: Mapping[str, str] = os.environ) -> None:
    """Run what is asked."""
    passages = int(demande.get("BENCH_PASSAGES", "3"))
    choisies = demande.get("BENCH_SECTIONS", PAR_DEFAUT).split(",")
    if choisies == ["tout"]:
        choisies = [*SECTIONS]
    inconnues = [nom for nom in choisies if nom not in SECTIONS]
    if inconnues:
        sys.exit(f"BENCH_SECTIONS : {', '.join(inconnues)} ? Choisir parmi {', '.join(SECTIONS)}.")
    table = Table(RACINE / ".bench" / f"{datetime.now():%Y-%m-%d-%Hh%M}.csv")
    if not projet_dbt.installe():
        print("dbt n'est pas installé (make .venv-clients/dbt/pret) : il ne court pas.")
    table.commencer()
    for nom in choisies:
        section, variable, tailles = SECTIONS[nom]
        choix = entre(tailles, demande.get(variable, str(tailles[0])))
        for taille in choix:
            with tempfile.TemporaryDirectory(prefix="bilan-bench-") as dossier:
                table.ajouter(nom, *section(Path(dossier), taille, passages))
    print(f"Gardé dans {table.fichier}")


if __name__ == "__main__":
    main()
