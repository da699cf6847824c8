"""All the nodes of the graph, for a region: one per extract, fact, indicator and table."""

import dagster as dg

from pipelines.feuille_de_route import FeuilleDeRoute
from pipelines.graphe import calculs, entrees, publication
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.controle import Regles
from pipelines.region import Region
from pipelines.vues import Vue


def tous(
    ici: Region,
    feuille: FeuilleDeRoute,
    regles: dict[str, Regles],
    indicateurs: list[Indicateur],
    vues: list[Vue],
    mois: dg.PartitionsDefinition,
) -> list[dg.AssetsDefinition]:
    """All the nodes, each with the same months."""
    noeuds = [
        entrees.referentiel(ici.roadmap),
        entrees.hors_place(ici.raw),
        *(entrees.livraisons(r, ici.raw) for r in regles.values()),
        entrees.recues(list(regles)),
        entrees.arretes(),
        entrees.attendus(),
        *(entrees.faits(r) for r in regles.values()),
        *calculs.indicateurs_par_objectif(indicateurs, feuille),
        calculs.valeurs(indicateurs),
        calculs.avancement(),
        calculs.rapprochement(),
        calculs.diffusion(),
        calculs.peremption(),
        *(calculs.vue_du_bilan(v, indicateurs) for v in vues),
        publication.plausibilite(list(regles), vues),
        publication.publication(),
    ]
    return [
        noeud.map_asset_specs(lambda spec: spec.replace_attributes(partitions_def=mois))
        for noeud in noeuds
    ]
