"""Old runs are deleted, and no other: runs really computed, and a clock that the test moves."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from pipelines.cli import executer
from pipelines.erreurs import Faute
from pipelines.graphe import menage
from pipelines.graphe.cles import cle as cle_de
from pipelines.graphe.menage import (
    A_LA_FOIS,
    HISTORIQUE,
    effacer_les_anciennes,
    executions_anciennes,
    il_y_a,
)
from pipelines.graphe.surveillance import REGION
from pipelines.graphe.travail import definitions
from pipelines.instance import dossier_de_dagster
from pipelines.region import Region, region

pytestmark = pytest.mark.usefixtures("programme_reduit")

PARIS = ZoneInfo("Europe/Paris")
INVENTEE = Path(__file__).parents[1] / "region"
HIER, DEMAIN = timedelta(days=-1), timedelta(days=1)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    dossier_de_dagster()
    with dg.DagsterInstance.get() as instance:
        yield instance


@pytest.fixture
def ici(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Region:
    """The invented region."""
    for variable, valeur in {
        "BILAN_ROADMAP": INVENTEE / "feuille",
        "BILAN_RAW": INVENTEE / "raw",
        "BILAN_WAREHOUSE": tmp_path / "entrepot",
    }.items():
        monkeypatch.setenv(variable, str(valeur))
    return region()


MOIS = dg.TimeWindowPartitionsDefinition(
    start="2022-01", fmt="%Y-%m", cron_schedule="0 0 1 * *", end="2023-01"
)
NOEUDS = {dg.AssetKey("a"): MOIS, dg.AssetKey("b"): None}


@dg.op
def _rien() -> None:
    pass


@dg.job
def _travail() -> None:
    _rien()


def faire(
    instance: dg.DagsterInstance,
    noeuds: str = "",
    mois: str | None = None,
    statut: dg.DagsterRunStatus = dg.DagsterRunStatus.SUCCESS,
    region: str = "-",
) -> str:
    """A run that has materialized some nodes."""
    run = instance.create_run_for_job(_travail, tags={REGION: region} if region else {})
    for noeud in noeuds:
        materialisation = dg.AssetMaterialization(noeud, partition=mois if noeud == "a" else None)
        donnees = dg.DagsterEvent(
            event_type_value=dg.DagsterEventType.ASSET_MATERIALIZATION.value,
            job_name=run.job_name,
            event_specific_data=dg._core.events.StepMaterializationData(materialisation),
        )
        instance.report_dagster_event(donnees, run.run_id)
    if statut != run.status:
        fins = {
            dg.DagsterRunStatus.SUCCESS: dg.DagsterEventType.RUN_SUCCESS,
            dg.DagsterRunStatus.FAILURE: dg.DagsterEventType.RUN_FAILURE,
            dg.DagsterRunStatus.CANCELED: dg.DagsterEventType.RUN_CANCELED,
            dg.DagsterRunStatus.STARTED: dg.DagsterEventType.RUN_START,
        }
        fin = dg.DagsterEvent(event_type_value=fins[statut].value, job_name=run.job_name)
        instance.report_dagster_event(fin, run.run_id)
    return run.run_id


def dater(instance: dg.DagsterInstance, run_id: str, date: datetime) -> None:
    """Have a run created at another time: the clock of a database is not Python's."""
    base = Path(instance.root_directory) / "history" / "runs.db"
    with sqlite3.connect(base) as con:
        texte = date.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        con.execute("update runs set create_timestamp = ? where run_id = ?", (texte, run_id))
    con.close()


def restants(instance: dg.DagsterInstance) -> set[str]:
    return {run.run_id for run in instance.get_runs()}


def base_de(instance: dg.DagsterInstance, run_id: str) -> Path:
    return Path(instance.root_directory) / "history" / "runs" / f"{run_id}.db"


def test_runs_are_deleted_from_the_day_that_they_are_too_old(
    instance: dg.DagsterInstance, ici: Region
) -> None:
    avant = datetime(2024, 11, 26, 0, 30, tzinfo=PARIS)
    vieux, recent = faire(instance), faire(instance)
    dater(instance, vieux, avant - timedelta(minutes=1))
    dater(instance, recent, avant + timedelta(minutes=1))
    assert base_de(instance, vieux).exists()
    assert effacer_les_anciennes(instance, ici, NOEUDS, avant) == [vieux]
    assert restants(instance) == {recent}
    assert not base_de(instance, vieux).exists()
    assert base_de(instance, recent).exists()
    assert effacer_les_anciennes(instance, ici, NOEUDS, avant) == []


def test_its_events_go_with_it(instance: dg.DagsterInstance, ici: Region) -> None:
    premier, second = faire(instance, "a", "2022-01"), faire(instance, "a", "2022-01")

    def evenements() -> set[str]:
        fiches = instance.fetch_materializations(dg.AssetKey("a"), limit=10).records
        return {fiche.run_id for fiche in fiches}

    assert evenements() == {premier, second}
    assert effacer_les_anciennes(instance, ici, NOEUDS, datetime.now(UTC) + DEMAIN) == [premier]
    assert evenements() == {second}


def test_the_last_state_of_each_node_is_kept(instance: dg.DagsterInstance, ici: Region) -> None:
    """However old: of `b`, nothing has been computed since the second run."""
    avant = datetime.now(UTC) + DEMAIN
    ensemble = faire(instance, "ab", "2022-01")
    seul = faire(instance, "b")
    refait = faire(instance, "a", "2022-02")
    echec = faire(instance, statut=dg.DagsterRunStatus.FAILURE)
    assert effacer_les_anciennes(instance, ici, NOEUDS, avant) == [ensemble, echec]
    assert restants(instance) == {seul, refait}
    for cle, run in (("a", refait), ("b", seul)):
        derniere = instance.get_latest_materialization_event(dg.AssetKey(cle))
        assert derniere is not None
        assert derniere.run_id == run
    # A node that the graph has no more keeps nothing.
    reste = {dg.AssetKey("a"): MOIS}
    assert effacer_les_anciennes(instance, ici, reste, avant) == [seul]


def test_months_computed_stay_computed(instance: dg.DagsterInstance, ici: Region) -> None:
    cle = dg.AssetKey("a")
    for mois in ("2022-01", "2022-02", "2022-03"):
        faire(instance, "a", mois)
    demandes = ["2022-01", "2022-02", "2022-03", "2022-04"]
    effaces = effacer_les_anciennes(instance, ici, NOEUDS, datetime.now(UTC) + DEMAIN)
    assert len(effaces) == 2
    etats = instance.get_status_by_partition(cle, demandes, MOIS) or {}
    assert [mois for mois in demandes if etats[mois]] == demandes[:3]


@pytest.mark.parametrize("statut", [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.NOT_STARTED])
def test_a_run_that_has_not_ended_is_left(
    instance: dg.DagsterInstance, ici: Region, statut: dg.DagsterRunStatus
) -> None:
    run = faire(instance, statut=statut)
    assert effacer_les_anciennes(instance, ici, NOEUDS, datetime.now(UTC) + DEMAIN) == []
    assert restants(instance) == {run}


def test_runs_of_another_region_are_left(instance: dg.DagsterInstance, ici: Region) -> None:
    ailleurs, sans = faire(instance, region="ailleurs"), faire(instance, region="")
    demain = datetime.now(UTC) + DEMAIN
    assert effacer_les_anciennes(instance, ici, NOEUDS, demain, "ailleurs") == []
    assert effacer_les_anciennes(instance, ici, NOEUDS, demain) == [sans]
    assert restants(instance) == {ailleurs}


def test_a_tick_deletes_a_few_the_oldest_first(
    instance: dg.DagsterInstance, ici: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs that are kept, or of others, do not stand in the way of those behind them."""
    monkeypatch.setattr(menage, "A_LA_FOIS", 3)
    monkeypatch.setattr(menage, "_LOT", 2)
    garde = faire(instance, "a", "2022-01")
    autres = [faire(instance, region="ailleurs") for _ in range(3)]
    runs = [faire(instance) for _ in range(5)]
    avant = datetime.now(UTC) + DEMAIN
    assert effacer_les_anciennes(instance, ici, NOEUDS, avant) == runs[:3]
    assert effacer_les_anciennes(instance, ici, NOEUDS, avant) == runs[3:]
    assert restants(instance) == {garde, *autres}
    assert A_LA_FOIS > 0


@pytest.mark.parametrize(
    ("mois", "date", "attendu"),
    [
        (24, datetime(2026, 11, 26), datetime(2024, 11, 26)),
        (24, datetime(2028, 2, 29), datetime(2026, 2, 28)),
        (1, datetime(2026, 1, 31), datetime(2025, 12, 31)),
        (18, datetime(2026, 3, 31), datetime(2024, 9, 30)),
    ],
)
def test_so_many_months_ago(mois: int, date: datetime, attendu: datetime) -> None:
    assert il_y_a(mois, date) == attendu


def passer(instance: dg.DagsterInstance, ici: Region) -> str:
    """What a tick of the sensor says."""
    contexte = dg.build_sensor_context(
        instance=instance, repository_def=definitions(ici).get_repository_def()
    )
    return str(executions_anciennes(ici).evaluate_tick(contexte).skip_message)


def test_a_tick_two_years_after_two_refreshes(
    instance: dg.DagsterInstance, ici: Region, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The first one goes, on the day; the second, all that is known of what is published, stays."""
    for mois in ("2022-02", "2022-03"):
        assert executer(["refresh", "--depuis", mois, "--arrete", mois]) == 0
    [second, premier] = [run.run_id for run in instance.get_runs()]
    publie = instance.get_latest_materialization_event(cle_de(region(), "entrepot/bilan"))
    assert publie is not None
    assert publie.run_id == second
    shutil.rmtree(tmp_path / "entrepot")  # what is published is none of its business

    aujourd_hui = datetime.now(PARIS)
    deux_ans = aujourd_hui.replace(day=min(aujourd_hui.day, 28), year=aujourd_hui.year + 2)
    for date, dit in (
        (aujourd_hui, "Aucune exécution à effacer."),
        (deux_ans + 4 * HIER, "Aucune exécution à effacer."),
        (deux_ans + 4 * DEMAIN, f"Effacées : {premier}."),
        (deux_ans + 4 * DEMAIN, "Aucune exécution à effacer."),
    ):
        monkeypatch.setattr(menage, "maintenant", lambda date=date: date)
        assert passer(instance, ici) == dit
    assert restants(instance) == {second}
    assert instance.get_latest_materialization_event(cle_de(region(), "entrepot/bilan")) == publie
    graphe = definitions(ici).get_repository_def().asset_graph
    for cle in graphe.materializable_asset_keys:
        calendrier = graphe.get(cle).partitions_def
        if calendrier is None:
            assert instance.get_latest_materialization_event(cle), cle
            continue
        etats = instance.get_status_by_partition(cle, ["2022-02", "2022-03"], calendrier) or {}
        assert all(etats.values()), cle


def test_the_environment_says_for_how_long(
    instance: dg.DagsterInstance, ici: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = faire(instance)
    dater(instance, run, datetime.now(UTC) - timedelta(days=100))
    for mois in ("", "24", "4"):
        monkeypatch.setenv(HISTORIQUE, mois)
        assert passer(instance, ici) == "Aucune exécution à effacer."
    monkeypatch.setenv(HISTORIQUE, "3")
    assert passer(instance, ici) == f"Effacées : {run}."


def test_zero_keeps_all(
    instance: dg.DagsterInstance, ici: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = faire(instance)
    dater(instance, run, datetime(2001, 1, 1, tzinfo=UTC))
    monkeypatch.setenv(HISTORIQUE, "0")
    assert HISTORIQUE in passer(instance, ici)
    assert restants(instance) == {run}


@pytest.mark.parametrize("mois", ["deux", "-1", "1.5", "1000"])
def test_a_length_that_is_not_a_number_is_said(mois: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HISTORIQUE, mois)
    with pytest.raises(Faute, match=HISTORIQUE):
        menage.duree()
