"""The graph of a region, ready to run: its nodes, the job, what starts it, the resource."""

from pathlib import Path

import dagster as dg

from pipelines import feuille_de_route, vues
from pipelines.graphe.automates import livraisons_deposees, mensuel
from pipelines.graphe.noeuds import tous
from pipelines.graphe.ressource import rafraichissement
from pipelines.indicateurs import definition
from pipelines.session import regles_de

JOB = "rafraichir"


def definitions(roadmap: Path = feuille_de_route.DOSSIER) -> dg.Definitions:
    """The graph of a region's roadmap; the project's own, by default."""
    feuille = feuille_de_route.lire(roadmap)
    regles = regles_de(feuille)
    return dg.Definitions(
        assets=tous(feuille, regles, definition.lire(feuille.choisis), vues.lire()),
        jobs=[
            dg.define_asset_job(
                JOB,
                selection=dg.AssetSelection.all(),
                description="Le rafraîchissement du mois : de raw/ à l'entrepôt publié.",
            )
        ],
        schedules=[mensuel(JOB)],
        sensors=[livraisons_deposees(JOB)],
        resources={"session": rafraichissement},
        executor=dg.in_process_executor,  # nodes share one session, whatever starts them
    )
