"""What starts a refresh when nobody asks for one: the monthly schedule, and the sensor of raw/.

Both are on as soon as `bilan ui` runs. What a refresh does does not belong here.
"""

import hashlib
import json
import os
import time
from pathlib import Path

import dagster as dg

from pipelines.echeance import completer
from pipelines.erreurs import Faute
from pipelines.graphe.mois import FUSEAU, etiquettes, mois_courant
from pipelines.region import Region
from pipelines.session import Demande

CRON = "BILAN_CRON"
CALME = "BILAN_CALME"


def run_du(ici: Region, cle: str | None = None) -> dg.RunRequest:
    """The run of the months due, none in the future.

    Where they cannot be told, it is asked for the current month: it fails too, says why, and is
    seen, which a tick that skips is not.
    """
    courant = mois_courant()
    try:
        due = completer(Demande(ici.raw, ici.warehouse, ici.roadmap))
        premier, dernier = min(due.depuis, courant), min(due.arrete, courant)
    except Faute:
        premier = dernier = courant
    return dg.RunRequest(run_key=cle, tags=etiquettes(premier, dernier))


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
    def mensuel() -> dg.RunRequest:
        return run_du(ici)

    return mensuel


def empreinte(raw: Path) -> str:
    """What raw/ holds, by names, sizes and dates of files: their content is not read."""
    etats = []
    for chemin in sorted(raw.rglob("*")):
        try:
            etat = chemin.lstat()
        except OSError:
            continue
        etats.append((str(chemin.relative_to(raw)), etat.st_size, etat.st_mtime_ns))
    return hashlib.sha256(json.dumps(etats).encode("utf-8", "surrogatepass")).hexdigest()


def livraisons_deposees(job: str, ici: Region) -> dg.SensorDefinition:
    """Start a refresh when raw/ has changed, once it has been quiet for ten minutes.

    $BILAN_CALME gives another number of seconds. What raw/ holds when the sensor first looks is
    taken as known.
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
        memoire = json.loads(context.cursor or json.dumps({"traitee": vue}))
        if vue == memoire["traitee"]:
            return dg.SensorResult(
                skip_reason="raw/ n'a pas changé.", cursor=json.dumps({"traitee": vue})
            )
        if vue != memoire.get("vue"):
            memoire |= {"vue": vue, "depuis": maintenant}
        reste = calme - (maintenant - memoire["depuis"])
        if reste > 0:
            raison = f"raw/ a changé : rafraîchissement dans {reste:.0f} s s'il reste calme."
            return dg.SensorResult(skip_reason=raison, cursor=json.dumps(memoire))
        return dg.SensorResult(run_requests=[run_du(ici, vue)], cursor=json.dumps({"traitee": vue}))

    return livraisons_deposees
