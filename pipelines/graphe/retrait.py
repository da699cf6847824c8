"""The job that withdraws a published month, from the interface or the command line.

What a withdrawal leaves is decided in `atelier` and `echeance`.
"""

from functools import partial

import dagster as dg

from pipelines.atelier import Demande, ouvrir
from pipelines.entrepot import chantier
from pipelines.graphe.cles import cle
from pipelines.graphe.mois import mois_du_run
from pipelines.graphe.surveillance import etiquette
from pipelines.pas import edition, entrepot
from pipelines.region import Region

RETIRER = "retirer"


def retirer(ici: Region, mois: str) -> list[str]:
    """Publish the warehouse without a month, and its pages; gives those that stay.

    Pages that cannot be written are said, and those of before stand.

    Raises:
        Faute: it is not published, or it is the only one.
    """
    with ouvrir(Demande(ici, retires=frozenset({mois}))) as atelier:
        entrepot.publier(atelier)
        edition.refaire(atelier)
        return atelier.finals


def ne_plus_montrer(instance: dg.DagsterInstance, ici: Region, restent: list[str]) -> None:
    """Have the interface show as published the months that stay, and no other.

    Dagster cannot forget one partition of a node: it forgets them all, and is told the others.
    """
    noeud = cle(ici, entrepot.ENTREPOT)
    instance.wipe_assets([noeud])
    for mois in restent:
        instance.report_runless_asset_event(dg.AssetMaterialization(noeud, partition=mois))


def job(ici: Region, mois: dg.PartitionsDefinition) -> dg.JobDefinition:
    """The job: its partition is the month."""
    from pipelines.graphe.noeuds import sans_trace  # it knows all the steps

    @dg.op(description="Publie l'entrepôt sans un mois ; les autres restent.")
    def publier_sans(context: dg.OpExecutionContext) -> None:
        un, _ = mois_du_run(context.run.tags)
        restent = sans_trace(partial(retirer, ici, un))
        ne_plus_montrer(context.instance, ici, restent)
        context.log.info(f"{un} retiré de {chantier.NOM} ; restent {', '.join(restent)}")

    @dg.job(
        name=RETIRER,
        partitions_def=mois,
        tags=etiquette(ici),
        executor_def=dg.in_process_executor,
        description="Retire un mois publié : l'entrepôt est publié à nouveau sans lui.",
    )
    def retirer_un_mois() -> None:
        publier_sans()

    return retirer_un_mois
