"""`make bench`: the table of ratios, printed as it comes and kept as CSV in `.bench/`.

Each line is the median of several runs (their number is in it), in which all contestants of a case
take turns; nothing is said of a case until all of them gave the same values, cell for cell.
What is asked comes from the environment:

    BENCH_LIGNES    the largest number of signatories (100 000)
    BENCH_SECTIONS  lignes, fichiers, mois, demonstration, or tout (lignes,demonstration)
    BENCH_PASSAGES  how many runs (3)
    BENCH_FICHIERS  the largest number of files (250); BENCH_MOIS, of months of history (12)
"""

import csv
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
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
        ecarts = egalite.ecarts(bilan.entrepot, bilan.arrete, autre.valeurs)
        if ecarts:
            cellules = "\n".join(map(str, ecarts[:5]))
            sys.exit(f"{autre.nom} : {len(ecarts)} cellules diffèrent, rien n'est dit.\n{cellules}")


def comparer(
    bilan: Bilan, autres: Iterable[Autre], genres: Iterable[str], passages: int
) -> Mesures:
    """All contestants in turn, so many times."""
    autres = list(autres)
    mesures: Mesures = {}
    for _ in range(passages):
        for autre in autres:
            mesures.setdefault(autre.nom, []).append(autre.lancer())
        for genre in genres:
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


def lignes(dossier: Path, au_plus: int, passages: int) -> Iterator[tuple[str, Mesures]]:
    """More and more signatories, delivered over two years."""
    for nombre in (n for n in LIGNES if n <= au_plus):
        raw = dossier / str(nombre) / "raw"
        livraisons.simulees(raw, nombre, (PREMIER_MOIS, ARRETE))
        autres = _autres(raw, ARRETE, dossier / str(nombre), nombre <= PANDAS_AU_PLUS)
        bilan = Bilan(raw, ARRETE, ARRETE, dossier / str(nombre) / "bilan")
        genres = (PREMIER, LECTURES, INCHANGE)
        yield f"{_dit(nombre)} lignes", comparer(bilan, autres, genres, passages)


def fichiers(dossier: Path, au_plus: int, passages: int) -> Iterator[tuple[str, Mesures]]:
    """More and more files."""
    for nombre in (n for n in FICHIERS if n <= au_plus):
        raw = dossier / str(nombre) / "raw"
        livraisons.simulees(raw, max(PEU, 5 * nombre), (PREMIER_MOIS, ARRETE))
        livraisons.couper(raw, nombre)
        compte = sum(1 for _ in raw.glob("*/*/*"))
        bilan = Bilan(raw, ARRETE, ARRETE, dossier / str(nombre) / "bilan")
        autres = _autres(raw, ARRETE, dossier / str(nombre))
        genres = (PREMIER, LECTURES, INCHANGE)
        yield f"{_dit(compte)} fichiers", comparer(bilan, autres, genres, passages)


def mois(dossier: Path, au_plus: int, passages: int) -> Iterator[tuple[str, Mesures]]:
    """A history of many months, all of them computed; then one month more."""
    for nombre in (n for n in MOIS if n <= au_plus):
        dernier = decaler(PREMIER_MOIS, nombre)
        ici = dossier / str(nombre)
        livraisons.simulees(ici / "raw", PEU, (PREMIER_MOIS, dernier))
        tard = {
            f: ici / "tard" / f.relative_to(ici / "raw") for f in ici.glob(f"raw/*/*/{dernier}*")
        }
        avant = decaler(dernier, -1)
        mesures: Mesures = {BILAN + "tous les mois": [], BILAN + "un mois de plus": []}
        for _ in range(passages):
            for fichier, garde in tard.items():
                garde.parent.mkdir(parents=True, exist_ok=True)
                fichier.rename(garde)
            tous = Bilan(ici / "raw", avant, PREMIER_MOIS, ici / "bilan")
            mesures[BILAN + "tous les mois"].append(tous.lancer(PREMIER))
            for fichier, garde in tard.items():
                garde.rename(fichier)
            un = Bilan(ici / "raw", dernier, dernier, ici / "bilan")  # beside what is kept
            mesures[BILAN + "un mois de plus"].append(un.lancer(INCHANGE))
            nu = concurrents.nu(ici / "raw", dernier, ici / "nu")
            nu.lancer()
            verifier(un, [nu])
        yield f"{nombre} mois, puis un", mesures


def la_demonstration(dossier: Path, _: int, passages: int) -> Iterator[tuple[str, Mesures]]:
    """The deliveries of raw/; to DuckDB and dbt, their accepted rows as plain CSV."""
    raw, nues = dossier / "raw", dossier / "nues"
    demonstration.main([str(raw)])
    bilan = Bilan(raw, "2021-06", "2021-06", dossier / "bilan")
    bilan.lancer(PREMIER)
    livraisons.nues(bilan.entrepot, nues)
    autres = _autres(nues, bilan.arrete, dossier)
    mesures: Mesures = {}
    for _ in range(passages):
        for autre in autres:
            mesures.setdefault(autre.nom, []).append(autre.lancer())
            if autre.fait:
                mesures.setdefault(f"{autre.nom}, ensuite", []).append(autre.lancer(neuf=False))
        for genre in (PREMIER, LECTURES, INCHANGE):
            mesures.setdefault(BILAN + genre, []).append(bilan.lancer(genre))
            verifier(bilan, autres)
    yield "la démonstration", mesures


SECTIONS = {
    "lignes": (lignes, "BENCH_LIGNES", 100_000),
    "fichiers": (fichiers, "BENCH_FICHIERS", 250),
    "mois": (mois, "BENCH_MOIS", 12),
    "demonstration": (la_demonstration, "", 0),
}
PAR_DEFAUT = "lignes,demonstration"


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
        section, variable, d_ordinaire = SECTIONS[nom]
        au_plus = int(demande.get(variable, d_ordinaire))
        with tempfile.TemporaryDirectory(prefix="bilan-bench-") as dossier:
            for cas, mesures in section(Path(dossier), au_plus, passages):
                table.ajouter(nom, cas, mesures)
    print(f"Gardé dans {table.fichier}")


if __name__ == "__main__":
    main()
