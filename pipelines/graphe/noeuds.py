"""All the nodes of the graph, for a region: one per extract, fact, indicator and table."""

import dagster as dg

from pipelines.feuille_de_route import FeuilleDeRoute
from pipelines.graphe import calculs, entrees, publication
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.controle import Regles
from pipelines.vues import Vue


def tous(
    feuille: FeuilleDeRoute,
    regles: dict[str, Regles],
    indicateurs: list[Indicateur],
    vues: list[Vue],
) -> list[dg.AssetsDefinition]:
    """All the nodes."""
    return [
        entrees.referentiel(),
        entrees.hors_place(),
        *(entrees.livraisons(r) for r in regles.values()),
        entrees.arretes(list(regles)),
        entrees.attendus(),
        *(entrees.faits(r) for r in regles.values()),
        *calculs.indicateurs_par_objectif(indicateurs, feuille.priorites),
        calculs.valeurs(indicateurs),
        calculs.avancement(),
        calculs.rapprochement(),
        calculs.diffusion(),
        *map(calculs.vue_du_bilan, vues),
        publication.plausibilite(list(regles), vues),
        publication.publication(),
    ]
