"""Speed, shown as ratios within one run (`make bench`); nothing here passes or fails.

Each figure compares two things measured one after the other on the same machine, so it holds where
the machine is slow or busy. Memory is the peak of a process of its own.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from pipelines.simulation import demonstration

LIGNES = 200_000
RACINE = Path(__file__).parents[1]


def duree(travail: Callable[[], object]) -> float:
    """Seconds that some work takes, the best of three."""
    durees = []
    for _ in range(3):
        debut = time.perf_counter()
        travail()
        durees.append(time.perf_counter() - debut)
    return min(durees)


def bilan(*arguments: str) -> tuple[float, float]:
    """Seconds of processor and peak memory (MiB) of a command."""
    avant = resource.getrusage(resource.RUSAGE_CHILDREN)
    programme = "import resource, sys; from pipelines.cli import executer; executer(sys.argv[1:]);"
    programme += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    lu = subprocess.run(  # noqa: S603
        [sys.executable, "-c", programme, *arguments],
        cwd=RACINE, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    apres = resource.getrusage(resource.RUSAGE_CHILDREN)
    secondes = apres.ru_utime + apres.ru_stime - avant.ru_utime - avant.ru_stime
    return secondes, float(lu.splitlines()[-1])


def main() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as nom:
        dossier = Path(nom)
        os.environ |= {"BILAN_CLE": f"{nom}/cle", "DAGSTER_HOME": f"{nom}/dagster"}
        for lignes in (LIGNES // 2, LIGNES):
            bilan(
                "simuler", f"{nom}/{lignes}", "--lignes", str(lignes), "--mois", "2020-01:2020-01"
            )
        grand, moyen = (
            dossier / str(lignes) / "ofii" / "cir_signataires" / "2020-01.csv"
            for lignes in (LIGNES, LIGNES // 2)
        )
        brute = duree(
            lambda: pl.read_csv(grand, separator=";", infer_schema=False, encoding="utf8-lossy")
        )
        vide = bilan("verifier", "--help")
        verifiees = {fichier: bilan("verifier", str(fichier)) for fichier in (moyen, grand)}
        print(f"Lire, typer et contrôler {LIGNES} lignes / les lire en texte brut (polars) :")
        print(f"  {(verifiees[grand][0] - vide[0]) / brute:.1f} fois le temps")
        print("Deux fois plus de lignes :")
        temps = (verifiees[grand][0] - vide[0]) / (verifiees[moyen][0] - vide[0])
        memoire = verifiees[grand][1] / verifiees[moyen][1]
        print(f"  {temps:.2f} fois le temps, {memoire:.2f} fois la mémoire")

        def refresh(depuis: str, *reste: str) -> float:
            places = ("--raw", f"{nom}/raw", "--warehouse", f"{nom}/w")
            return bilan("refresh", *places, "--depuis", depuis, *reste)[0]

        demonstration.main([f"{nom}/raw"])
        premiere = refresh("2020-07")
        gardee = refresh("2020-07")
        un_mois = refresh("2021-06")
        print("Les livraisons de démonstration :")
        print(f"  relues sans avoir changé / lues la première fois : {gardee / premiere:.2f}")
        print(f"  un mois / douze mois, livraisons inchangées : {un_mois / gardee:.2f}")


if __name__ == "__main__":
    main()
