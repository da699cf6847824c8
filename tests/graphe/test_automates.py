"""The monthly schedule, and the sensor that waits for raw/ to be quiet."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.definitions.sensor_definition import SensorExecutionData
from dagster._utils.schedules import schedule_execution_time_iterator

from pipelines.cli import executer
from pipelines.graphe.automates import livraisons_deposees, mensuel
from pipelines.graphe.mois import mois_du_run
from pipelines.graphe.travail import JOB, definitions
from pipelines.instance import dossier_de_dagster
from pipelines.region import Region, region

PARIS = ZoneInfo("Europe/Paris")
AVDL = "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees\n"


pytestmark = pytest.mark.usefixtures("programme_reduit")


@pytest.fixture
def ici(feuille_courte: Path, tmp_path: Path) -> Region:
    """Hauts-de-France's roadmap, cut down, an empty raw/, no warehouse yet."""
    (tmp_path / "raw").mkdir()
    return Region("", feuille_courte, tmp_path / "raw", tmp_path / "entrepot")


def livrer(ici: Region, mois: str, lignes: str = "2019;Alpha;59;10;4;6\n") -> None:
    dossier = ici.raw / "logement" / "avdl"
    dossier.mkdir(parents=True, exist_ok=True)
    (dossier / f"{mois}.csv").write_text(AVDL + lignes, encoding="utf-8")


@contextmanager
def instance_neuve(ici: Region) -> Iterator[dg.DagsterInstance]:
    """A Dagster instance of the project's own settings, in a folder of its own."""
    with pytest.MonkeyPatch.context() as env:
        env.setenv("DAGSTER_HOME", str(ici.raw.parent / "dagster"))
        dossier_de_dagster()
        with dg.DagsterInstance.get() as instance:
            yield instance


def regarder_raw(
    ici: Region, instance: dg.DagsterInstance, curseur: str | None = None
) -> SensorExecutionData:
    """A tick of the sensor of raw/.

    A context that is not left would leave Dagster tied to its instance, for the tests that follow.
    """
    with dg.build_sensor_context(instance=instance, cursor=curseur) as contexte:
        return livraisons_deposees(JOB, ici).evaluate_tick(contexte)


def mois_demandes(ici: Region) -> tuple[str, str]:
    """What a tick of the schedule asks for."""
    heure = datetime(2026, 3, 5, 6, tzinfo=PARIS)
    with (
        instance_neuve(ici) as instance,
        dg.build_schedule_context(instance=instance, scheduled_execution_time=heure) as contexte,
    ):
        [demande] = mensuel(JOB, ici).evaluate_tick(contexte).run_requests or []
        return mois_du_run(demande.tags)


def test_the_schedule_ticks_at_six_in_paris_all_year_round() -> None:
    """Twelve months, daylight saving included: the hour is that of Paris."""
    planification = mensuel(JOB, region())
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


def test_a_tick_asks_for_the_months_due(ici: Region) -> None:
    livrer(ici, "2020-11")
    livrer(ici, "2021-02")
    assert mois_demandes(ici) == ("2020-03", "2021-02")  # the first time, twelve months
    livrer(ici, "2021-03", "2019;Alpha;99;10;4;6\n")  # refused: its only row is
    assert mois_demandes(ici) == ("2020-03", "2021-02")


def test_a_tick_that_cannot_tell_asks_all_the_same(ici: Region) -> None:
    """Its run fails, which is seen and mailed; a tick that skips is not."""
    assert mois_demandes(ici) == ("", "")


def test_the_months_offered_grow_with_deliveries_and_stay_in_order(ici: Region) -> None:
    """From the first delivery to the newest one that is accepted: the latest is the last."""
    with instance_neuve(ici) as instance:

        def offerts() -> list[str]:
            regarder_raw(ici, instance)
            return list(instance.get_dynamic_partitions("arretes"))

        livrer(ici, "2021-02")
        assert offerts() == ["2021-02"]
        livrer(ici, "2021-04")
        livrer(ici, "2021-05", "2019;Alpha;99;10;4;6\n")  # refused: its only row is
        assert offerts() == ["2021-02", "2021-03", "2021-04"]
        livrer(ici, "2020-12")
        assert offerts() == ["2020-12", "2021-01", "2021-02", "2021-03", "2021-04"]


def test_a_delivery_published_by_the_command_line_does_not_wake_the_sensor(
    ici: Region, montre: "Montre"
) -> None:
    livrer(ici, "2020-11")
    with dg.DagsterInstance.ephemeral() as instance:
        vu = regarder_raw(ici, instance, '{"traitee": "autre"}').cursor
        montre.heure += 3600
        assert regarder_raw(ici, instance, vu).run_requests  # it would start, were it not done
        dossiers = {nom: str(getattr(ici, nom)) for nom in ("raw", "warehouse", "roadmap")}
        options = [mot for nom, place in dossiers.items() for mot in (f"--{nom}", place)]
        assert executer(["refresh", "--depuis", "2020-11", *options]) == 0
        assert not regarder_raw(ici, instance, vu).run_requests
        livrer(ici, "2020-12")
        vu = regarder_raw(ici, instance, vu).cursor
        montre.heure += 3600
        assert regarder_raw(ici, instance, vu).run_requests


def test_both_are_on_in_the_project(ici: Region) -> None:
    defs = definitions(ici)
    assert {s.name for s in defs.schedules or []} == {"mensuel"}
    assert {s.name for s in defs.sensors or []} == {
        "livraisons_deposees",
        "alerte",
        "rafraichissements_interrompus",
        "executions_anciennes",
    }


def test_another_time_by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAN_CRON", "30 7 10 * *")
    assert mensuel(JOB, region()).cron_schedule == "30 7 10 * *"


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


def test_the_sensor_starts_once_the_folder_is_quiet(ici: Region, montre: Montre) -> None:
    memoire = None

    def regarder() -> list[str | None]:
        nonlocal memoire
        with dg.DagsterInstance.ephemeral() as instance:
            resultat = regarder_raw(ici, instance, memoire)
        memoire = resultat.cursor
        return [demande.run_key for demande in resultat.run_requests or []]

    (ici.raw / "ancien.csv").write_text("1", encoding="utf-8")
    assert regarder() == []  # what is there at first is known
    montre.heure += 3600
    assert regarder() == []
    (ici.raw / "nouveau.csv").write_text("1", encoding="utf-8")
    assert regarder() == []  # not quiet yet
    montre.heure += 599
    (ici.raw / "nouveau.csv").write_text("12", encoding="utf-8")
    assert regarder() == []  # changed again: ten more minutes
    montre.heure += 599
    assert regarder() == []
    montre.heure += 1
    assert len(regarder()) == 1
    montre.heure += 3600
    assert regarder() == []  # once only
    (ici.raw / "ancien.csv").unlink()
    assert regarder() == []
    montre.heure += 600
    assert len(regarder()) == 1
