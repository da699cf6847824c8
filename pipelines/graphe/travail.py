"""The graph of a region, ready to run: its nodes, its jobs, what starts them, the resource."""

import dagster as dg

from pipelines import contrats, feuille_de_route, vues
from pipelines.graphe import retrait
from pipelines.graphe.alerte import alerte
from pipelines.graphe.automates import livraisons_deposees, mensuel
from pipelines.graphe.menage import executions_anciennes
from pipelines.graphe.mois import partitions
from pipelines.graphe.noeuds import tous
from pipelines.graphe.ressource import Ouvrir, du_run, ressource
from pipelines.graphe.surveillance import etiquette, rafraichissements_interrompus
from pipelines.indicateurs import definition
from pipelines.pas import plan
from pipelines.region import Region

JOB = "rafraichir"


def definitions(ici: Region, ouvre: Ouvrir | None = None) -> dg.Definitions:
    """The graph of a region.

    Its folders and the keys of its nodes are bound here: a run says but its months. `ouvre` opens a
    run, where it is not by Dagster's tags alone.
    """
    feuille = feuille_de_route.lire(ici.roadmap)
    regles = contrats.regles_de(feuille)
    pas = plan.tous(ici, feuille, regles, definition.lire(feuille.choisis), vues.lire())
    mois = partitions(ici)
    return dg.Definitions(
        assets=tous(ici, pas, list(regles), mois),
        jobs=[
            dg.define_asset_job(
                JOB,
                selection=dg.AssetSelection.all(),
                description="Le rafraîchissement : de raw/ à l'entrepôt publié.",
                tags=etiquette(ici),
            ),
            retrait.job(ici, mois),
        ],
        schedules=[mensuel(JOB, ici)],
        sensors=[
            livraisons_deposees(JOB, ici),
            alerte(ici),
            rafraichissements_interrompus(ici),
            executions_anciennes(ici),
        ],
        # Nodes pass nothing through Dagster: its own store would have a run choose its folder.
        resources={
            "atelier": ressource(ici, ouvre or du_run(ici)),
            "io_manager": dg.IOManagerDefinition(dg.mem_io_manager.resource_fn, {}),
        },
        executor=dg.in_process_executor,  # nodes share one run, whatever starts them
    )
