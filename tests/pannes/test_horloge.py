"""The clock set back or forward, between refreshes and during one: nothing depends on it.

Refreshes run under Debian's `faketime`, which changes the clock for all of a process, DuckDB
included; without it, tests are skipped.
"""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pannes.conftest import Attendus
from tests.pannes.essais import Lieu, Moule, intact, mouler, se_remet

JUSTE = "+0d"


@pytest.fixture(scope="module")
def reglage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that says by how much the clock of `montre` is wrong."""
    return tmp_path_factory.mktemp("horloge") / "reglage"


@pytest.fixture(scope="module")
def montre(maison: None, reglage: Path) -> Iterator[Moule]:
    """The program that forks refreshes, with a clock of its own."""
    if not shutil.which("faketime"):
        pytest.skip("demande le programme faketime")
    reglage.write_text(JUSTE, encoding="utf-8")
    variables = ["FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "NO_FAKE_STAT=1"]
    fichier = f"FAKETIME_TIMESTAMP_FILE={reglage}"
    # Its command sets a time once for all; with a file, the time may change under way.
    avant = ["faketime", "-f", JUSTE, "env", "-u", "FAKETIME", *variables, fichier]
    with mouler(reglage.parent, *avant) as programme:
        yield programme


@pytest.fixture
def regle(lieu: Lieu, montre: Moule) -> Lieu:
    """The region, refreshed with that clock."""
    return replace(lieu, moule=montre)


def heure(lieu: Lieu) -> float:
    """The time that a refresh believes it is."""
    code, erreurs = lieu.rafraichir("dire_l_heure")
    assert code == 0
    return float(erreurs.split("il est ")[1].split()[0])


@pytest.mark.parametrize("ecart", [-400, 400])
def test_a_wrong_clock_changes_nothing(
    regle: Lieu, lieu: Lieu, attendus: Attendus, reglage: Path, ecart: int
) -> None:
    """Earlier runs of Dagster, and files, are then of the future, or of the past."""
    reglage.write_text(f"{ecart:+}d", encoding="utf-8")
    assert abs(heure(regle) - time.time() - ecart * 86400) < 3600
    intact(lieu, attendus.nouveau)
    se_remet(lieu, attendus.nouveau)


def test_the_clock_goes_back_during_a_refresh(
    regle: Lieu, lieu: Lieu, attendus: Attendus, reglage: Path
) -> None:
    reglage.write_text("+400d", encoding="utf-8")
    processus = regle.lancer()
    assert processus.suivre(4)
    reglage.write_text("-1000d", encoding="utf-8")
    assert processus.attendre() == 0
    intact(lieu, attendus.nouveau)
    se_remet(lieu, attendus.nouveau)


def test_deliveries_dated_in_the_future_and_before_time(lieu: Lieu, attendus: Attendus) -> None:
    dates = [0, 1, time.time() + 10 * 365 * 86400, 2**32]
    for chemin, date in zip(sorted(lieu.raw.rglob("*.csv")), dates, strict=True):
        os.utime(chemin, (date, date))
    se_remet(lieu, attendus.nouveau)
