"""All the pas of a refresh, for a region, each after those that it reads."""

from collections.abc import Mapping, Sequence

from pipelines.feuille_de_route import FeuilleDeRoute
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.controle import Regles
from pipelines.pas import (
    Pas,
    edition,
    entrepot,
    faits,
    indicateurs,
    livraisons,
    referentiel,
    valeurs,
    vues,
)
from pipelines.region import Region
from pipelines.vues import Vue


def tous(
    ici: Region,
    feuille: FeuilleDeRoute,
    regles: Mapping[str, Regles],
    definis: Sequence[Indicateur],
    lues: Sequence[Vue],
) -> dict[str, Pas]:
    """The pas, by key."""
    plausibilite, publication = entrepot.pas(list(regles), [vues.cle(vue) for vue in lues])
    liste = [
        referentiel.pas(ici),
        *livraisons.pas(ici, regles),
        *faits.pas(regles),
        *indicateurs.pas(definis, feuille),
        *valeurs.pas(definis),
        plausibilite,
        *vues.pas(lues),
        publication,
        *edition.pas(),
    ]
    return {pas.cle: pas for pas in liste}
