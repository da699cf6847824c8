"""Dagster's databases locked by another program, for a moment or for good; refreshes at once."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.feuille_de_route import RACINE
from tests.pannes.conftest import Attendus
from tests.pannes.essais import Lieu, Processus, intact, se_remet, une_phrase

RUNS, EVENEMENTS = "history/runs.db", "history/runs/index.db"


@contextmanager
def tenue(*bases: str) -> Iterator[None]:
    """Databases of DAGSTER_HOME, locked from this process during the block."""
    connexions = []
    for base in bases:
        connexion = sqlite3.connect(
            Path(os.environ["DAGSTER_HOME"]) / base, isolation_level=None, timeout=30
        )
        connexion.execute("begin exclusive")
        connexions.append(connexion)
    try:
        yield
    finally:
        for connexion in connexions:
            connexion.close()


def attendre(processus: Processus, drapeau: Path) -> None:
    """Wait until a refresh has stopped at its flag."""
    while not drapeau.exists():
        assert processus.vivant(), processus.erreurs
        time.sleep(0.01)


def test_locked_for_a_moment(lieu: Lieu, attendus: Attendus, tmp_path: Path) -> None:
    """Twice: as the refresh starts, and while it runs."""
    debut, milieu = tmp_path / "debut", tmp_path / "milieu"
    processus = lieu.lancer("s_arreter", "début", str(debut), "s_arreter", "valoriser", str(milieu))
    for drapeau in (debut, milieu):
        attendre(processus, drapeau)
        with tenue(RUNS, EVENEMENTS):
            drapeau.unlink()
            time.sleep(2)  # nothing says that it waits
    assert processus.attendre() == 0
    intact(lieu, attendus.nouveau)


def test_locked_for_good(lieu: Lieu, attendus: Attendus, tmp_path: Path) -> None:
    """Three times: each refresh begins from what the one before has left, as does the last one."""
    drapeau = tmp_path / "drapeau"
    for moment, base in (("début", RUNS), ("début", EVENEMENTS), ("valoriser", EVENEMENTS)):
        processus = lieu.lancer("etre_impatient", 0.2, "s_arreter", moment, str(drapeau))
        attendre(processus, drapeau)
        with tenue(base):
            drapeau.unlink()
            assert processus.attendre() == 2
        for mots in ("La base de Dagster", "par un autre programme : arrêtez-le, puis relancez"):
            une_phrase(processus.erreurs, mots)
        intact(lieu, attendus.ancien)
    se_remet(lieu, attendus.nouveau)


@pytest.mark.parametrize("base", [RUNS, EVENEMENTS])
def test_locked_once_the_file_is_published(
    lieu: Lieu, attendus: Attendus, tmp_path: Path, base: str
) -> None:
    """It is published, and that is said."""
    drapeau = tmp_path / "drapeau"
    processus = lieu.lancer("etre_impatient", 0.2, "s_arreter", "poser_pages", str(drapeau))
    attendre(processus, drapeau)
    with tenue(base):
        drapeau.unlink()
        assert processus.attendre() == 1
    assert "L'entrepôt est publié, mais Dagster n'a pas pu tout noter" in processus.erreurs
    assert "Traceback" not in processus.erreurs
    intact(lieu, attendus.nouveau)
    se_remet(lieu, attendus.nouveau)


def test_a_damaged_database_of_dagster(lieu: Lieu, attendus: Attendus, tmp_path: Path) -> None:
    base = tmp_path / "dagster" / RUNS
    base.parent.mkdir(parents=True)
    base.write_bytes(b"ceci n'est pas une base" * 1000)
    code, erreurs = lieu.rafraichir(DAGSTER_HOME=str(tmp_path / "dagster"))
    assert code == 2
    une_phrase(erreurs, "La base de Dagster")
    intact(lieu, attendus.ancien)
    base.unlink()
    assert lieu.rafraichir(DAGSTER_HOME=str(tmp_path / "dagster"))[0] == 0
    intact(lieu, attendus.nouveau)


def test_two_refreshes_at_once(lieu: Lieu, attendus: Attendus, tmp_path: Path) -> None:
    """The second is the real command; it refuses, naming the first, which goes on undisturbed."""
    drapeau = tmp_path / "drapeau"
    premier = lieu.lancer("s_arreter", "valoriser", str(drapeau))
    attendre(premier, drapeau)
    second = subprocess.run(  # noqa: S603
        [Path(sys.executable).parent / "bilan", *lieu.commande],
        cwd=RACINE, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert second.returncode == 2
    une_phrase(second.stderr, f"Un autre rafraîchissement (processus {premier.pid}) travaille")
    assert second.stderr.count("\n") == 1 + second.stderr.count("\n  ")
    intact(lieu, attendus.ancien)
    drapeau.unlink()
    assert premier.attendre() == 0
    intact(lieu, attendus.nouveau)


def test_many_refreshes_started_together(lieu: Lieu, attendus: Attendus) -> None:
    """One works, or some one after the other; no other error than the refusal, nor a mix."""
    lances = [lieu.lancer() for _ in range(4)]
    codes = [processus.attendre() for processus in lances]
    assert 0 in codes
    assert set(codes) <= {0, 2}
    for processus, code in zip(lances, codes, strict=True):
        if code:
            une_phrase(processus.erreurs, "Un autre rafraîchissement (processus ")
    intact(lieu, attendus.nouveau)
