"""Months as Dagster knows them: the partitions of every node, and those of a run.

A run computes one month, or a range in one go; all its nodes share them. Which months are due is
decided in `echeance`.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg

from pipelines import mois
from pipelines.erreurs import Faute

FUSEAU = "Europe/Paris"
_UN, _DEBUT, _FIN = (
    "dagster/partition",
    "dagster/asset_partition_range_start",
    "dagster/asset_partition_range_end",
)
EN_UN_RUN = dg.BackfillPolicy.single_run()


def calendrier(premier: str, dernier: str = "") -> dg.TimeWindowPartitionsDefinition:
    """The months from `premier` to the current one, or to `dernier` if that is later."""
    courant = mois_courant()
    avance = max(mois.numero(dernier or courant) - mois.numero(courant), 0)
    return dg.TimeWindowPartitionsDefinition(
        start=premier,
        fmt="%Y-%m",
        cron_schedule="0 0 1 * *",
        timezone=FUSEAU,
        end_offset=1 + avance,  # Dagster counts months that are over
    )


def mois_courant() -> str:
    """The month it is in Paris: what may be asked from the UI, never what a value depends on."""
    return datetime.now(ZoneInfo(FUSEAU)).strftime("%Y-%m")


def etiquettes(premier: str, dernier: str) -> dict[str, str]:
    """Tags of a run that computes these months."""
    return {_DEBUT: premier, _FIN: dernier}


def mois_du_run(tags: Mapping[str, str]) -> tuple[str, str]:
    """First and last month that a run computes.

    Raises:
        Faute: it was launched without a month.
    """
    if _UN in tags:
        return tags[_UN], tags[_UN]
    if _DEBUT not in tags:
        raise Faute("Aucun mois demandé : choisir un mois, ou une suite de mois, et relancer.")
    return tags[_DEBUT], tags[_FIN]
