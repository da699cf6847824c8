"""What Dagster loads (`workspace.yaml`): the nodes, the job, the resource."""

import dagster as dg

from pipelines import feuille_de_route
from pipelines.graphe.noeuds import tous
from pipelines.graphe.ressource import rafraichissement
from pipelines.indicateurs import definition
from pipelines.session import regles_de

JOB = "rafraichir"


def definitions() -> dg.Definitions:
    """The graph of the project's own roadmap and indicators."""
    regles = regles_de(feuille_de_route.lire())
    return dg.Definitions(
        assets=tous(regles, definition.lire()),
        jobs=[
            dg.define_asset_job(
                JOB,
                selection=dg.AssetSelection.all(),
                executor_def=dg.in_process_executor,
                description="Le rafraîchissement du mois : de raw/ à l'entrepôt publié.",
            )
        ],
        resources={"session": rafraichissement},
    )


defs = definitions()
