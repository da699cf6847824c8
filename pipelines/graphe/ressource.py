"""The Dagster resource that carries a run from node to node: its region is bound, never asked."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial

import dagster as dg

from pipelines.atelier import Atelier, Demande, ouvrir
from pipelines.graphe.cles import cle
from pipelines.graphe.mois import mois_du_run
from pipelines.ingestion import depot
from pipelines.pas import entrepot
from pipelines.region import Region

Ouvrir = Callable[[Mapping[str, str]], AbstractContextManager[Atelier]]
DeLAtelier = dg.ResourceParam[Atelier]
_PEU = 50 << 20  # octets delivered: reading them leaves memory for Great Expectations beside


def du_run(ici: Region) -> Ouvrir:
    """What opens the run of a region, from the tags that Dagster gives it."""

    def ouvre(tags: Mapping[str, str]) -> AbstractContextManager[Atelier]:
        premier, dernier = mois_du_run(tags)
        return ouvrir(Demande(ici, arrete=dernier, depuis=premier))

    return ouvre


def choisi(run: dg.DagsterRun | None, noeud: dg.AssetKey) -> bool:
    """Whether a run is to compute a node: all of them, where it was not told which."""
    choisis = run.asset_selection if run else None
    return not choisis or noeud in choisis


def ressource(ici: Region, ouvre: Ouvrir) -> dg.ResourceDefinition:
    """The resource, opened by `ouvre`.

    Its configuration is empty, and any other is refused: a run cannot choose other folders. A
    ConfigurableResource would do as well, but Dagster 1.13 builds one with what Pydantic
    deprecates.
    """

    @contextmanager
    def tenir(context: dg.InitResourceContext) -> Iterator[Atelier]:
        with ouvre(context.run.tags if context.run else {}) as atelier:
            a_juger = choisi(context.run, cle(ici, entrepot.PLAUSIBILITE))
            if a_juger and not atelier.est_gardee(entrepot.PLAUSIBILITE):
                atelier.prechauffer = partial(entrepot.chauffer, atelier)
                if depot.octets(ici.raw, atelier.fichiers) < _PEU:
                    atelier.prechauffer()
            yield atelier

    return dg.ResourceDefinition(tenir, config_schema={})
