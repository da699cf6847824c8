"""The Dagster resource that carries a refresh from node to node."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from pipelines import feuille_de_route
from pipelines.feuille_de_route import RACINE
from pipelines.session import Demande, Session, ouvrir

_MOIS = dg.Field(str, default_value="", description="AAAA-MM ; vide : le choix par défaut.")


@dg.resource(
    config_schema={
        "raw": dg.Field(str, default_value=str(RACINE / "raw")),
        "warehouse": dg.Field(str, default_value=str(RACINE / "warehouse")),
        "roadmap": dg.Field(str, default_value=str(feuille_de_route.DOSSIER)),
        "arrete": _MOIS,
        "depuis": _MOIS,
    }
)
@contextmanager
def rafraichissement(context: dg.InitResourceContext) -> Iterator[Session]:
    """Open the session of a run, from what it is asked."""
    config = context.resource_config
    raw, warehouse, roadmap = (Path(config[nom]) for nom in ("raw", "warehouse", "roadmap"))
    demande = Demande(raw, warehouse, roadmap, config["arrete"], config["depuis"])
    with ouvrir(demande) as session:
        yield session
