"""The graph of a region, ready to run: its nodes, the job, what starts it, the resource."""

import dagster as dg

from pipelines import feuille_de_route, vues
from pipelines.echeance import MOIS_D_UN_PREMIER_CALCUL as AU_DEBUT
from pipelines.graphe.alerte import alerte
from pipelines.graphe.automates import livraisons_deposees, mensuel
from pipelines.graphe.menage import executions_anciennes
from pipelines.graphe.mois import calendrier
from pipelines.graphe.noeuds import tous
from pipelines.graphe.ressource import rafraichissement
from pipelines.graphe.surveillance import etiquette, rafraichissements_interrompus
from pipelines.indicateurs import definition
from pipelines.ingestion.depot import premier_livre
from pipelines.mois import decaler, valide
from pipelines.region import Region, region
from pipelines.session import regles_de

JOB = "rafraichir"


def definitions(ici: Region | None = None, depuis: str = "", arrete: str = "") -> dg.Definitions:
    """The graph of a region, the one of the environment by default.

    Its months are those that a first refresh may ask, from the bilan's year or the first delivery
    on, to the current one; and those asked.
    """
    ici = ici or region()
    feuille = feuille_de_route.lire(ici.roadmap)
    regles = regles_de(feuille)
    bilan = valide(feuille.arrete_du_bilan, "L'arrêté du bilan (bilan.csv)")
    debut = decaler(min(bilan[:4] + "-01", premier_livre(ici.raw)), 1 - AU_DEBUT)
    mois = calendrier(min(debut, depuis or debut), arrete)
    return dg.Definitions(
        assets=tous(ici, feuille, regles, definition.lire(feuille.choisis), vues.lire(), mois),
        jobs=[
            dg.define_asset_job(
                JOB,
                selection=dg.AssetSelection.all(),
                description="Le rafraîchissement : de raw/ à l'entrepôt publié.",
                tags=etiquette(ici),
            )
        ],
        schedules=[mensuel(JOB, ici)],
        sensors=[
            livraisons_deposees(JOB, ici),
            alerte(ici),
            rafraichissements_interrompus(ici),
            executions_anciennes(ici),
        ],
        resources={"session": rafraichissement},
        executor=dg.in_process_executor,  # nodes share one session, whatever starts them
    )
