"""What starts a refresh when nobody asks for one: the monthly schedule, and the sensor of raw/.

Both are on as soon as `bilan ui` runs. What a refresh does does not belong here.
"""

import json
import os
import time
from contextlib import suppress

import dagster as dg

from pipelines import echeance
from pipelines.atelier import Demande, deja_publiee, ouvrir
from pipelines.echeance import FUSEAU
from pipelines.erreurs import Faute
from pipelines.graphe.mois import etiquettes, offrir
from pipelines.ingestion.depot import empreinte
from pipelines.region import Region

CRON = "BILAN_CRON"
CALME = "BILAN_CALME"


def run_du(instance: dg.DagsterInstance, ici: Region, cle: str | None = None) -> dg.RunRequest:
    """The run of the months due; those that can be published are offered meanwhile.

    Where they cannot be told, no month is asked: it fails too, says why, and is seen, which a tick
    that skips is not.
    """
    try:
        with ouvrir(Demande(ici)) as atelier:
            due = atelier.demande
            offrir(instance, ici, {*echeance.offerts(atelier), *atelier.arretes})
    except Faute:
        return dg.RunRequest(run_key=cle)
    return dg.RunRequest(run_key=cle, tags=etiquettes(due.depuis, due.arrete))


def mensuel(job: str, ici: Region) -> dg.ScheduleDefinition:
    """The refresh of the month: the 5th at 6 in Paris, unless $BILAN_CRON says otherwise."""

    @dg.schedule(
        name="mensuel",
        job_name=job,
        cron_schedule=os.environ.get(CRON, "0 6 5 * *"),
        execution_timezone=FUSEAU,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Le rafraîchissement du mois, le 5 à 6 h (heure de Paris).",
    )
    def mensuel(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        return run_du(context.instance, ici)

    return mensuel


def livraisons_deposees(job: str, ici: Region) -> dg.SensorDefinition:
    """Start a refresh when raw/ has changed, once it has been quiet for ten minutes.

    $BILAN_CALME gives another number of seconds. What raw/ holds when the sensor first looks is
    taken as known (its months are offered), and so is what the warehouse was published from,
    whoever refreshed it.
    """

    @dg.sensor(
        name="livraisons_deposees",
        job_name=job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Lance un rafraîchissement quand raw/ a changé, puis est resté calme.",
    )
    def livraisons_deposees(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        calme = float(os.environ.get(CALME, "600"))
        vue, maintenant = empreinte(ici.raw), time.time()
        if not context.cursor:
            with suppress(Faute), ouvrir(Demande(ici)) as atelier:  # the next run will, otherwise
                offrir(context.instance, ici, echeance.offerts(atelier))
        memoire = json.loads(context.cursor or json.dumps({"traitee": vue}))
        if vue == memoire["traitee"] or vue == deja_publiee(ici):
            return dg.SensorResult(
                skip_reason="raw/ n'a pas changé.", cursor=json.dumps({"traitee": vue})
            )
        if vue != memoire.get("vue"):
            memoire |= {"vue": vue, "depuis": maintenant}
        reste = calme - (maintenant - memoire["depuis"])
        if reste > 0:
            raison = f"raw/ a changé : rafraîchissement dans {reste:.0f} s s'il reste calme."
            return dg.SensorResult(skip_reason=raison, cursor=json.dumps(memoire))
        return dg.SensorResult(
            run_requests=[run_du(context.instance, ici, vue)], cursor=json.dumps({"traitee": vue})
        )

    return livraisons_deposees
