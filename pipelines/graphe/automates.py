"""What starts a refresh when nobody asks for one: the monthly schedule, and the sensor of raw/.

Both are on as soon as `bilan ui` runs. What a refresh does does not belong here.
"""

import hashlib
import json
import os
import time
from pathlib import Path

import dagster as dg

from pipelines.feuille_de_route import RACINE

CRON = "BILAN_CRON"
CALME = "BILAN_CALME"
RAW = RACINE / "raw"


def mensuel(job: str) -> dg.ScheduleDefinition:
    """The refresh of the month: the 5th at 6 in Paris, unless $BILAN_CRON says otherwise."""
    return dg.ScheduleDefinition(
        name="mensuel",
        job_name=job,
        cron_schedule=os.environ.get(CRON, "0 6 5 * *"),
        execution_timezone="Europe/Paris",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Le rafraîchissement du mois, le 5 à 6 h (heure de Paris).",
    )


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


def livraisons_deposees(job: str, raw: Path = RAW) -> dg.SensorDefinition:
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
        vue, maintenant = empreinte(raw), time.time()
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
        return dg.SensorResult(
            run_requests=[dg.RunRequest(run_key=vue)], cursor=json.dumps({"traitee": vue})
        )

    return livraisons_deposees
