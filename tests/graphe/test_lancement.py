"""A run of this process: in the interface as if it had been launched there, failing as it did."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.tags import REPOSITORY_LABEL_TAG
from dagster._core.workspace.load import location_origins_from_yaml_paths

from pipelines.erreurs import Faute
from pipelines.execution import _faute
from pipelines.feuille_de_route import RACINE
from pipelines.graphe.lancement import EMPLACEMENT, executer_ici
from pipelines.graphe.noeuds import sans_trace
from pipelines.graphe.surveillance import sienne
from pipelines.instance import dossier_de_dagster
from pipelines.region import region

MOIS = dg.StaticPartitionsDefinition(["2021-01", "2021-02"])
SUITE = {
    "dagster/asset_partition_range_start": "2021-01",
    "dagster/asset_partition_range_end": "2021-02",
}


@dg.asset(config_schema={"faute": dg.Field(str, default_value="")})
def brut(context: dg.AssetExecutionContext) -> None:
    faute = context.op_execution_context.op_config["faute"]

    def travailler() -> None:
        if faute == "signal":
            os.kill(os.getpid(), signal.SIGINT)
        elif faute:
            raise Faute(faute)

    sans_trace(travailler)


@dg.asset(
    partitions_def=MOIS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    deps=[brut],
    check_specs=[dg.AssetCheckSpec("positif", asset="mensuel")],
)
def mensuel() -> Iterator[dg.MaterializeResult[None]]:
    echec = dg.AssetCheckResult(check_name="positif", passed=False, description="douze de moins")
    yield dg.MaterializeResult(check_results=[echec])


JOB = dg.Definitions(
    assets=[brut, mensuel],
    jobs=[dg.define_asset_job("essai", tags={"bilan/region": "-"})],
    executor=dg.in_process_executor,
).resolve_job_def("essai")


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    dossier_de_dagster()
    with dg.DagsterInstance.get() as instance:
        yield instance


def echouer(instance: dg.DagsterInstance, faute: str) -> None:
    config = {"ops": {"brut": {"config": {"faute": faute}}}}
    executer_ici(JOB, instance, SUITE, EMPLACEMENT, config)


def seul_run(instance: dg.DagsterInstance) -> dg.DagsterRun:
    [run] = instance.get_runs()
    return run


def test_it_is_a_run_of_the_location_that_the_interface_shows(
    instance: dg.DagsterInstance,
) -> None:
    """The interface compares names, and asks for the runs of a job by this tag."""
    assert executer_ici(JOB, instance, SUITE, EMPLACEMENT).success
    run = seul_run(instance)
    assert run.remote_job_origin is not None
    lieu = run.remote_job_origin.repository_origin
    [origine] = location_origins_from_yaml_paths([str(RACINE / "workspace.yaml")])
    assert lieu.code_location_origin.location_name == origine.location_name
    assert lieu.repository_name == dg.Definitions().get_repository_def().name
    assert run.remote_job_origin.job_name == run.job_name == "essai"
    for etiquettes, trouves in (
        ({REPOSITORY_LABEL_TAG: lieu.get_label()}, [run.run_id]),
        ({REPOSITORY_LABEL_TAG: "__repository__@ailleurs"}, []),
        ({"dagster/code_location": "bilan"}, [run.run_id]),
        ({"bilan/region": "-", **SUITE}, [run.run_id]),
    ):
        filtre = dg.RunsFilter(job_name="essai", tags=etiquettes)
        assert [vu.run_id for vu in instance.get_runs(filtre)] == trouves
    assert sienne(run, region(), EMPLACEMENT)


def test_its_job_is_that_of_the_code_location(instance: dg.DagsterInstance) -> None:
    """Not an older one, as the interface would say of a job made for the occasion."""
    executer_ici(JOB, instance, SUITE, EMPLACEMENT)
    assert seul_run(instance).job_snapshot_id == JOB.get_job_snapshot_id()


def test_its_result_tells_the_checks(instance: dg.DagsterInstance) -> None:
    resultat = executer_ici(JOB, instance, SUITE, EMPLACEMENT)
    [constat] = resultat.get_asset_check_evaluations()
    assert (constat.passed, constat.description) == (False, "douze de moins")
    mois = {evenement.partition for evenement in resultat.get_asset_materialization_events()}
    assert mois == {None, "2021-01", "2021-02"}
    assert seul_run(instance).status == dg.DagsterRunStatus.SUCCESS


def test_a_fault_comes_out_with_its_cause(instance: dg.DagsterInstance) -> None:
    with pytest.raises(dg.Failure) as levee:
        echouer(instance, "La feuille de route manque.")
    faute = _faute(levee.value)
    assert isinstance(faute, Faute)
    assert str(faute) == "La feuille de route manque."
    assert seul_run(instance).status == dg.DagsterRunStatus.FAILURE


def test_an_interruption_comes_out_as_one(instance: dg.DagsterInstance) -> None:
    with pytest.raises(dg.DagsterExecutionInterruptedError):
        echouer(instance, "signal")
    assert seul_run(instance).is_finished
