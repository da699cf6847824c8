"""Keys of nodes: those of steps, after the name of the region where several are served."""

import dagster as dg

from pipelines.region import Region


def cle(ici: Region, pas: str) -> dg.AssetKey:
    """Key of the node of a step."""
    return dg.AssetKey([*([ici.nom] if ici.nom else []), *pas.split("/")])
