"""A year of the schedule: Dagster's own scheduler, with a clock that the test moves day by day."""

import logging
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.storage.tags import SCHEDULED_EXECUTION_TIME_TAG
from dagster._core.test_utils import create_test_daemon_workspace_context, freeze_time
from dagster._core.workspace.load_target import ModuleTarget
from dagster._scheduler.scheduler import ScheduleIterationTimes, launch_scheduled_runs

from pipelines.cli import executer
from pipelines.graphe.mois import mois_du_run
from pipelines.instance import dossier_de_dagster

PARIS = ZoneInfo("Europe/Paris")
REGION = Path(__file__).parents[1] / "region"
PUBLIE = "2022-03"  # the newest delivery of the invented region, published first


def test_a_year_of_refreshes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at on the 4th, 5th and 6th of each month of 2026, at five past six in Paris.

    Each month, on the 5th and no other day, one run of one month is queued: in winter at 5 UTC, in
    summer at 4.
    """
    for variable, valeur in {
        "BILAN_ROADMAP": REGION / "feuille",
        "BILAN_RAW": REGION / "raw",
        "BILAN_WAREHOUSE": tmp_path / "entrepot",
        "DAGSTER_HOME": tmp_path / "dagster",
    }.items():
        monkeypatch.setenv(variable, str(valeur))
    assert executer(["refresh", "--depuis", PUBLIE]) == 0
    dossier_de_dagster()
    with (tmp_path / "dagster" / "dagster.yaml").open("a", encoding="utf-8") as reglages:
        reglages.write("\ncode_servers:\n  wait_for_local_processes_on_shutdown: true\n")

    cible = ModuleTarget("pipelines.definitions", None, None, None)
    deja: dict[str, ScheduleIterationTimes] = {}
    queues = []
    with (
        dg.DagsterInstance.get() as instance,
        create_test_daemon_workspace_context(cible, instance) as contexte,
    ):
        connus = {run.run_id for run in instance.get_runs()}
        for mois, jour in product(range(1, 13), (4, 5, 6)):
            heure = datetime(2026, mois, jour, 6, 5, tzinfo=PARIS)
            with freeze_time(heure.astimezone(UTC)):
                fautes = launch_scheduled_runs(contexte, logging.getLogger("essai"), heure, deja)
                assert not [faute for faute in fautes if faute]
            nouveaux = [run for run in instance.get_runs() if run.run_id not in connus]
            connus |= {run.run_id for run in nouveaux}
            queues += [(heure, run) for run in nouveaux]
    assert [(heure.month, heure.day) for heure, _ in queues] == [(m, 5) for m in range(1, 13)]
    assert {run.status for _, run in queues} == {dg.DagsterRunStatus.QUEUED}
    assert {mois_du_run(run.tags) for _, run in queues} == {(PUBLIE, PUBLIE)}
    prevus = [run.tags[SCHEDULED_EXECUTION_TIME_TAG] for _, run in queues]
    heures = [datetime.fromisoformat(prevu).astimezone(UTC).hour for prevu in prevus]
    assert heures == [5, 5, 5, 4, 4, 4, 4, 4, 4, 4, 5, 5]
