"""The Dagster resource that carries a refresh from node to node."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from pipelines.graphe.mois import mois_du_run
from pipelines.region import region
from pipelines.session import Demande, Session, ouvrir


def _dossier(quoi: str) -> dg.Field:
    return dg.Field(str, is_required=False, description=f"{quoi} ; vide : celui de la région.")


@dg.resource(
    config_schema={
        "raw": _dossier("Dossier des livraisons"),
        "warehouse": _dossier("Dossier de l'entrepôt"),
        "roadmap": _dossier("Feuille de route"),
    }
)
@contextmanager
def rafraichissement(context: dg.InitResourceContext) -> Iterator[Session]:
    """Open the session of a run: the region's folders, unless others are asked; its months."""
    ici, config = region(), context.resource_config
    premier, dernier = mois_du_run(context.run.tags if context.run else {})
    demande = Demande(
        raw=Path(config.get("raw", ici.raw)),
        warehouse=Path(config.get("warehouse", ici.warehouse)),
        roadmap=Path(config.get("roadmap", ici.roadmap)),
        arrete=dernier,
        depuis=premier,
    )
    with ouvrir(demande) as session:
        yield session
