"""Old runs, deleted from Dagster's history with their events: after two years they only weigh.

Ticks of schedules and sensors are purged by Dagster itself: see `retention` in dagster.yaml. What
is published does not belong here: no run deleted changes the warehouse.
"""

import os
import re
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
from dagster._core.storage.event_log import SqliteEventLogStorage

from pipelines.echeance import FUSEAU
from pipelines.erreurs import Faute
from pipelines.graphe.surveillance import emplacement, sienne
from pipelines.mois import decaler
from pipelines.region import Region

HISTORIQUE = "BILAN_HISTORIQUE_MOIS"
_PAR_DEFAUT = "24"
A_LA_FOIS = 20  # runs deleted by a tick, which must end within a minute
_LOT = 100

Noeuds = Mapping[dg.AssetKey, dg.PartitionsDefinition | None]  # and the months of each
_FINIES = [
    dg.DagsterRunStatus.SUCCESS,
    dg.DagsterRunStatus.FAILURE,
    dg.DagsterRunStatus.CANCELED,
]


def maintenant() -> datetime:
    """The time it is."""
    return datetime.now(ZoneInfo(FUSEAU))


def duree() -> int:
    """For how many months runs are kept; 0 is for ever.

    Raises:
        Faute: the environment says something else than a number.
    """
    texte = os.environ.get(HISTORIQUE) or _PAR_DEFAUT
    if not re.fullmatch("[0-9]{1,3}", texte):
        raise Faute(
            f"{HISTORIQUE} «{texte}» : écrire un nombre de mois, {_PAR_DEFAUT} par exemple, ou 0 "
            "pour garder toutes les exécutions."
        )
    return int(texte)


def il_y_a(mois: int, date: datetime) -> datetime:
    """The same day so many months before, or the last one of a month that is shorter."""
    annee, numero = map(int, decaler(f"{date:%Y-%m}", -mois).split("-"))
    jour = min(date.day, monthrange(annee, numero)[1])
    return date.replace(year=annee, month=numero, day=jour)


def effacer_les_anciennes(
    instance: dg.DagsterInstance,
    ici: Region,
    noeuds: Noeuds,
    avant: datetime,
    origine: str | None = None,
) -> list[str]:
    """Delete the oldest of the finished runs of a region created before a date; gives their ids.

    A run that holds the last materialization of a node is kept: it tells what the node holds.
    Months computed by a run that is deleted stay computed.
    """
    gardees = _dernieres(instance, noeuds)
    anciennes = list(islice(_anciennes(instance, ici, gardees, avant, origine), A_LA_FOIS))
    if anciennes:
        _retenir_les_mois(instance, noeuds)
    for run_id in anciennes:
        instance.delete_run(run_id)
        journal = instance.event_log_storage
        if isinstance(journal, SqliteEventLogStorage):  # it empties the file, and leaves it
            base = journal.path_for_shard(run_id)
            for suffixe in ("", "-wal", "-shm"):
                Path(base + suffixe).unlink(missing_ok=True)
    return anciennes


def _dernieres(instance: dg.DagsterInstance, noeuds: Noeuds) -> set[str]:
    """The runs that hold the last materialization of some node."""
    fiches = instance.get_asset_records(list(noeuds))
    dernieres = (fiche.asset_entry.last_materialization_record for fiche in fiches)
    return {derniere.run_id for derniere in dernieres if derniere}


def _anciennes(
    instance: dg.DagsterInstance,
    ici: Region,
    gardees: Collection[str],
    avant: datetime,
    origine: str | None,
) -> Iterator[str]:
    """The runs to delete, oldest first; none must be deleted meanwhile."""
    filtre = dg.RunsFilter(statuses=_FINIES, created_before=avant.astimezone(UTC))
    curseur: str | None = None
    while lot := instance.get_runs(filtre, cursor=curseur, limit=_LOT, ascending=True):
        for run in lot:
            if run.run_id not in gardees and sienne(run, ici, origine):
                yield run.run_id
        curseur = lot[-1].run_id


def _retenir_les_mois(instance: dg.DagsterInstance, noeuds: Noeuds) -> None:
    """Have Dagster note which months of each node are computed, while events still say so."""
    for cle, mois in noeuds.items():
        if mois:
            instance.get_status_by_partition(cle, [], mois)


def _noeuds(context: dg.SensorEvaluationContext) -> Noeuds:
    """The nodes of the graph that a sensor belongs to."""
    if context.repository_def is None:  # without them, too much would be deleted
        raise RuntimeError("the sensor does not know its graph")
    graphe = context.repository_def.asset_graph
    return {cle: graphe.get(cle).partitions_def for cle in graphe.materializable_asset_keys}


def executions_anciennes(ici: Region) -> dg.SensorDefinition:
    """Every hour, delete some of the runs that are too old."""

    @dg.sensor(
        name="executions_anciennes",
        minimum_interval_seconds=3600,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            f"Efface de l'historique les exécutions de plus de {_PAR_DEFAUT} mois "
            f"({HISTORIQUE}), sauf celles qui disent le dernier état d'un nœud."
        ),
    )
    def executions_anciennes(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        mois = duree()
        if not mois:
            return dg.SkipReason(f"Toutes les exécutions sont gardées ({HISTORIQUE}).")
        effacees = effacer_les_anciennes(
            context.instance,
            ici,
            _noeuds(context),
            il_y_a(mois, maintenant()),
            emplacement(context),
        )
        return dg.SkipReason(
            f"Effacées : {', '.join(effacees)}." if effacees else "Aucune exécution à effacer."
        )

    return executions_anciennes
