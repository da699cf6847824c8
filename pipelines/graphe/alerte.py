"""The e-mail that says that a refresh failed: what, since when, what still stands.

BILAN_UI, where it is set, is the public address of the interface. How an e-mail leaves belongs to
`courriel`, and what makes a run fail elsewhere.
"""

import builtins
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import dagster as dg
import duckdb

from pipelines import feuille_de_route
from pipelines.courriel import DESTINATAIRES, EXPEDITEUR, SMTP, messagerie
from pipelines.echeance import FUSEAU
from pipelines.entrepot import chantier
from pipelines.erreurs import Faute
from pipelines.graphe.cles import cle
from pipelines.graphe.surveillance import INTERROMPU, emplacement, entrepot_de, sienne
from pipelines.interface import UI
from pipelines.pas.entrepot import ENTREPOT
from pipelines.region import Region

PARIS = ZoneInfo(FUSEAU)
_A_LA_FOIS = 100
_ECHEC: Final = dg.DagsterEventType.RUN_FAILURE
_PREFIXE = f"{Faute.__module__}.{Faute.__qualname__}: "
_DE_LA_MACHINE = (OSError, MemoryError, duckdb.OperationalError)  # their text quotes no value
_ARRETEE = (
    "L'exécution a été arrêtée, ou n'a pas pu se lancer (processus tué, mémoire épuisée, "
    "serveur arrêté). La relancer."
)
_LENTE = "L'exécution a dépassé la durée permise, et a été arrêtée. La relancer."
_PAS_DEMARREE = "L'exécution n'a pas démarré à temps. La relancer."


def alerte(ici: Region) -> dg.SensorDefinition:
    """Send an e-mail for each run of the region that fails, one per tick, until it is sent.

    Dagster's own failure sensor goes on to the next failure when an e-mail cannot leave; here the
    tick fails, which the UI shows, and the next one tries again.
    """
    region = feuille_de_route.lire(ici.roadmap).region["libelle"]

    @dg.sensor(
        name="alerte",
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            f"Envoie un courriel pour chaque échec ({SMTP}, {EXPEDITEUR}, {DESTINATAIRES})."
        ),
    )
    def alerte(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        boite, instance = messagerie(), context.instance
        if boite is None or not context.cursor:
            dernier = instance.fetch_run_status_changes(_ECHEC, limit=1).records
            return dg.SensorResult(
                skip_reason=(
                    "Les échecs à venir seront envoyés par courriel."
                    if boite
                    else f"Aucun courriel n'est envoyé en cas d'échec : {SMTP} n'est pas renseigné."
                ),
                cursor=str(dernier[0].storage_id if dernier else 0),
            )
        nouveaux = instance.fetch_run_status_changes(
            dg.RunStatusChangeRecordsFilter(_ECHEC, after_storage_id=int(context.cursor)),
            ascending=True,
            limit=_A_LA_FOIS,
        ).records
        curseur = context.cursor
        for nouveau in nouveaux:
            curseur = str(nouveau.storage_id)
            fiche = instance.get_run_record_by_id(nouveau.run_id)
            if fiche and sienne(fiche.dagster_run, ici, emplacement(context)):
                refuses = boite.envoyer(
                    fiche.dagster_run.run_id,
                    f"{region} : le rafraîchissement a échoué",
                    recit(instance, fiche, ici, emplacement(context), region),
                )
                dit = "Courriel d'alerte envoyé." + (
                    f" Destinataires refusés par le serveur : {refuses}." if refuses else ""
                )
                instance.report_engine_event(dit, fiche.dagster_run)
                return dg.SensorResult(skip_reason=f"{nouveau.run_id} : {dit}", cursor=curseur)
        return dg.SensorResult(skip_reason="Aucun nouvel échec.", cursor=curseur)

    return alerte


def recit(
    instance: dg.DagsterInstance,
    fiche: dg.RunRecord,
    ici: Region,
    origine: str | None,
    region: str,
) -> str:
    """The text of the e-mail: neither traceback nor data."""
    run = fiche.dagster_run
    interface = os.environ.get(UI, "").rstrip("/")
    return "\n".join(
        [
            f"Le rafraîchissement de la région {region} a échoué {_le(_fin(fiche))}.",
            "",
            "Ce qui a échoué :",
            _raisons(instance, fiche),
            "",
            f"Exécution : {f'{interface}/runs/' if interface else ''}{run.run_id}",
            "",
            "Depuis quand :",
            *_depuis_quand(instance, fiche, ici, origine),
            "",
            "Ce qui reste :",
            ce_qui_reste(entrepot_de(run, ici)),
        ]
    )


def _raisons(instance: dg.DagsterInstance, fiche: dg.RunRecord) -> str:
    """Why a run failed: the sentences of its steps, else its own."""
    for type_ in (dg.DagsterEventType.STEP_FAILURE, _ECHEC):
        fiches = instance.get_records_for_run(fiche.dagster_run.run_id, of_type=type_).records
        evenements = [e for f in fiches if (e := f.event_log_entry.dagster_event)]
        if evenements:
            break
    dites = [_raison(e) or _de_dehors(instance, fiche, e) for e in evenements]
    return "\n".join(dict.fromkeys(dites))


def _de_dehors(
    instance: dg.DagsterInstance, fiche: dg.RunRecord, evenement: dg.DagsterEvent
) -> str:
    """Why a run was ended by another than itself: by us, or by what Dagster looks after."""
    if evenement.message == INTERROMPU:
        return INTERROMPU
    donnees: Any = evenement.event_specific_data
    raison = getattr(donnees, "failure_reason", None)
    if raison is not None and raison.value == "START_TIMEOUT":
        return _PAS_DEMARREE
    permise = instance.run_monitoring_max_runtime_seconds
    if permise and fiche.start_time and _fin(fiche).timestamp() - fiche.start_time >= permise:
        return _LENTE
    return _ARRETEE


def _raison(evenement: dg.DagsterEvent) -> str:
    """What a run, or a step, says itself of its failure; empty where it says nothing."""
    donnees: Any = evenement.event_specific_data
    echec = getattr(donnees, "user_failure_data", None)
    if echec and echec.description:  # said in French by the node
        return str(echec.description)
    erreur = getattr(donnees, "error", None)
    if erreur is None:
        return ""
    while True:
        if erreur.cls_name == Faute.__name__:
            return str(erreur.message).removeprefix(_PREFIXE).strip()
        if erreur.cls_name == "DagsterAssetCheckFailedError":
            _, _, controles = erreur.message.strip().partition("\n")
            return f"Un contrôle bloquant a échoué : {'; '.join(controles.splitlines())}."
        if erreur.cause is None:
            return _inattendue(str(erreur.cls_name), str(erreur.message))
        erreur = erreur.cause


def _inattendue(nom: str, message: str) -> str:
    """An error that nobody foresaw; its text is told only where it cannot quote a delivery."""
    type_ = getattr(builtins, nom, None) or getattr(duckdb, nom, None)
    texte = ""
    if isinstance(type_, type) and issubclass(type_, _DE_LA_MACHINE):
        texte = " : " + message.strip().split("\n")[0].partition(": ")[2][:300]
    return f"Erreur inattendue ({nom}{texte}). Le détail est dans le journal de l'exécution."


def _depuis_quand(
    instance: dg.DagsterInstance, fiche: dg.RunRecord, ici: Region, origine: str | None
) -> list[str]:
    """The last publication, and the failures since."""
    publiee = instance.get_latest_materialization_event(cle(ici, ENTREPOT))
    depuis = datetime.fromtimestamp(publiee.timestamp, UTC) if publiee else None
    if depuis and depuis > _fin(fiche):
        return [f"- un rafraîchissement a réussi après cet échec, {_le(depuis)}"]
    recents = instance.get_run_records(
        dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], updated_after=depuis)
    )
    siens = [f for f in recents if sienne(f.dagster_run, ici, origine)]
    echecs = {f.dagster_run.run_id: _fin(f) for f in [*siens, fiche]}
    return [
        f"- dernier rafraîchissement réussi {_le(depuis)}"
        if depuis
        else "- aucun rafraîchissement n'a encore réussi",
        f"- échecs depuis : {len(echecs)}, le premier {_le(min(echecs.values()))}",
    ]


def ce_qui_reste(warehouse: Path) -> str:
    """What readers still have: the published file of a warehouse."""
    fichier = chantier.fichier(warehouse)
    try:
        etat = fichier.stat()
    except OSError:
        return f"Aucun entrepôt n'est publié dans «{warehouse}»."
    mois = chantier.mois_publies(warehouse)
    if not mois:
        return f"L'entrepôt «{fichier}» est là, mais ne se lit pas : le restaurer ou le refaire."
    return (
        f"L'entrepôt «{fichier}» se lit comme avant : arrêtés {mois[0]} à {mois[-1]}, "
        f"{f'{etat.st_size / 1e6:.1f}'.replace('.', ',')} Mo, écrit "
        f"{_le(datetime.fromtimestamp(etat.st_mtime, UTC))}."
    )


def _fin(fiche: dg.RunRecord) -> datetime:
    """When a run ended."""
    if fiche.end_time:
        return datetime.fromtimestamp(fiche.end_time, UTC)
    return fiche.update_timestamp


def _le(quand: datetime) -> str:
    return f"le {quand.astimezone(PARIS):%d/%m/%Y à %H h %M}"
