"""Months as Dagster knows them: the partitions of what is stored by month, and those of a run.

The months offered are those that can be published: they grow when a delivery comes. Which months
are due is decided in `echeance`.
"""

from collections.abc import Iterable, Mapping

import dagster as dg

from pipelines.region import Region

_UN, _DEBUT, _FIN = (
    "dagster/partition",
    "dagster/asset_partition_range_start",
    "dagster/asset_partition_range_end",
)
EN_UN_RUN = dg.BackfillPolicy.single_run()


def partitions(ici: Region) -> dg.DynamicPartitionsDefinition:
    """The months of a region."""
    return dg.DynamicPartitionsDefinition(name=_nom(ici))


def _nom(ici: Region) -> str:
    return f"arretes_{ici.nom}" if ici.nom else "arretes"


def offrir(instance: dg.DagsterInstance, ici: Region, mois: Iterable[str]) -> None:
    """Offer months in the interface, in order, so that the latest is the last."""
    nom, voulus = _nom(ici), sorted(mois)
    offerts = list(instance.get_dynamic_partitions(nom))
    if offerts == voulus:
        return
    communs = 0
    while communs < min(len(offerts), len(voulus)) and offerts[communs] == voulus[communs]:
        communs += 1
    for de_trop in offerts[communs:]:
        instance.delete_dynamic_partition(nom, de_trop)
    if voulus[communs:]:
        instance.add_dynamic_partitions(nom, voulus[communs:])


def etiquettes(premier: str, dernier: str) -> dict[str, str]:
    """Tags of a run that computes these months."""
    return {_DEBUT: premier, _FIN: dernier}


def mois_du_run(tags: Mapping[str, str]) -> tuple[str, str]:
    """First and last month that a run was asked to compute; empty where it was not told."""
    if _UN in tags:
        return tags[_UN], tags[_UN]
    return tags.get(_DEBUT, ""), tags.get(_FIN, "")
