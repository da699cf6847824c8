"""The monthly schedule, and the sensor that waits for raw/ to be quiet."""

import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from pipelines.definitions import defs
from pipelines.graphe.automates import livraisons_deposees, mensuel
from pipelines.graphe.travail import JOB

PARIS = ZoneInfo("Europe/Paris")


def test_the_schedule_ticks_at_six_in_paris_all_year_round() -> None:
    """Twelve months, daylight saving included: the hour is that of Paris."""
    planification = mensuel(JOB)
    assert planification.default_status == dg.DefaultScheduleStatus.RUNNING
    ticks = schedule_execution_time_iterator(
        datetime(2026, 1, 1, tzinfo=PARIS).timestamp(),
        str(planification.cron_schedule),
        planification.execution_timezone,
    )
    heures = [next(ticks).astimezone(PARIS) for _ in range(12)]
    assert [(h.month, h.day, h.hour, h.minute) for h in heures] == [
        (mois, 5, 6, 0) for mois in range(1, 13)
    ]


def test_a_tick_asks_for_one_run() -> None:
    contexte = dg.build_schedule_context(
        scheduled_execution_time=datetime(2026, 3, 5, 6, tzinfo=PARIS)
    )
    tick = mensuel(JOB).evaluate_tick(contexte)
    assert len(tick.run_requests or []) == 1
    assert [s.name for s in defs.schedules or []] == ["mensuel"]
    assert [s.name for s in defs.sensors or []] == ["livraisons_deposees"]


def test_another_time_by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAN_CRON", "30 7 10 * *")
    assert mensuel(JOB).cron_schedule == "30 7 10 * *"


class Montre:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.heure = 1_000_000.0

    def time(self) -> float:
        return self.heure


@pytest.fixture
def montre(monkeypatch: pytest.MonkeyPatch) -> Montre:
    montre = Montre()
    monkeypatch.setattr(time, "time", montre.time)
    return montre


def test_the_sensor_starts_once_the_folder_is_quiet(tmp_path: Path, montre: Montre) -> None:
    capteur = livraisons_deposees(JOB, tmp_path)
    memoire = None

    def regarder() -> list[str | None]:
        nonlocal memoire
        with dg.DagsterInstance.ephemeral() as instance:
            contexte = dg.build_sensor_context(instance=instance, cursor=memoire)
            resultat = capteur.evaluate_tick(contexte)
        memoire = resultat.cursor
        return [demande.run_key for demande in resultat.run_requests or []]

    (tmp_path / "ancien.csv").write_text("1", encoding="utf-8")
    assert regarder() == []  # what is there at first is known
    montre.heure += 3600
    assert regarder() == []
    (tmp_path / "nouveau.csv").write_text("1", encoding="utf-8")
    assert regarder() == []  # not quiet yet
    montre.heure += 599
    (tmp_path / "nouveau.csv").write_text("12", encoding="utf-8")
    assert regarder() == []  # changed again: ten more minutes
    montre.heure += 599
    assert regarder() == []
    montre.heure += 1
    assert len(regarder()) == 1
    montre.heure += 3600
    assert regarder() == []  # once only
    (tmp_path / "ancien.csv").unlink()
    assert regarder() == []
    montre.heure += 600
    assert len(regarder()) == 1
