"""Whose run it is, and runs that died without a word: they would stay «under way» for ever.

The launcher of one machine does not know that its worker was killed, and a run under way keeps the
next ones waiting. The lock of the warehouse knows: a refresh holds it but at its two ends, and
death frees it. What is said of a failure belongs to `alerte`.
"""

import time
from pathlib import Path

import dagster as dg

from pipelines.entrepot import chantier
from pipelines.region import Region

REGION = "bilan/region"  # the tag that says whose run it is
WAREHOUSE = "bilan/entrepot"  # where it builds, when the command line says so
SILENCE = 120.0  # seconds without a word, after which a run has neither just begun nor just ended
INTERROMPU = (
    "L'exécution s'est arrêtée net (processus tué ou machine éteinte) sans avoir fini. "
    "L'entrepôt publié reste entier. La relancer."
)
_SANS_FIN = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def etiquette(ici: Region) -> dict[str, str]:
    """The tag of the runs of a region."""
    return {REGION: ici.nom or "-"}


def sienne(run: dg.DagsterRun, ici: Region, origine: str | None = None) -> bool:
    """Whether a run is of this region: by its tag, else by the code location it came from.

    Runs of a part of the graph, launched by hand, bear no tag.
    """
    if REGION in run.tags:
        return run.tags[REGION] == etiquette(ici)[REGION]
    job = run.remote_job_origin
    return origine == (job.repository_origin.code_location_origin.location_name if job else None)


def emplacement(context: dg.SensorEvaluationContext) -> str | None:
    """The code location that a sensor runs in."""
    lieu = context.code_location_origin
    return lieu.location_name if lieu else None


def entrepot_de(run: dg.DagsterRun, ici: Region) -> Path:
    """The folder of the warehouse that a run builds."""
    return Path(run.tags.get(WAREHOUSE, ici.warehouse))


def fermer_les_morts(
    instance: dg.DagsterInstance,
    ici: Region,
    origine: str | None = None,
    tenu: Path | None = None,
) -> list[str]:
    """Mark as failed the runs of a region that died without saying so; gives their ids.

    `tenu` is the folder of a warehouse whose lock the caller holds: no other run is alive there.

    Where the launcher can ask after its workers (Kubernetes), Dagster's own monitoring does it. A
    warehouse that is not seen from here is left alone.
    """
    if instance.run_launcher.supports_check_run_worker_health:
        return []
    morts = []
    for run in instance.get_runs(dg.RunsFilter(statuses=_SANS_FIN)):
        warehouse = entrepot_de(run, ici)
        if (
            sienne(run, ici, origine)
            and warehouse.is_dir()
            # First: one that ends now has just said so.
            and (warehouse == tenu or not chantier.occupe(warehouse))
            and _muette(instance, run.run_id)
        ):
            _fermer(instance, run.run_id)
            morts.append(run.run_id)
    return morts


def _muette(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether a run has been silent; so is one that spoke in the future: the clock was set back."""
    derniers = instance.get_records_for_run(run_id, limit=1, ascending=False).records
    return not derniers or abs(time.time() - derniers[0].timestamp) > SILENCE


def _fermer(instance: dg.DagsterInstance, run_id: str) -> None:
    run = instance.get_run_by_id(run_id)
    if run is None or run.is_finished:  # it ended meanwhile
        return
    if run.status == dg.DagsterRunStatus.CANCELING:
        instance.report_run_canceled(run, INTERROMPU)
    else:
        instance.report_run_failed(run, INTERROMPU)


def rafraichissements_interrompus(ici: Region) -> dg.SensorDefinition:
    """Every minute, close the runs that died."""

    @dg.sensor(
        name="rafraichissements_interrompus",
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            "Marque en échec une exécution dont le processus est mort sans le dire, "
            "pour que la suivante ne l'attende pas."
        ),
    )
    def rafraichissements_interrompus(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        morts = fermer_les_morts(context.instance, ici, emplacement(context))
        return dg.SkipReason(
            f"Marquées en échec : {', '.join(morts)}." if morts else "Aucune exécution interrompue."
        )

    return rafraichissements_interrompus
