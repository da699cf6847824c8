"""Keys of nodes: the keys of steps, after the name of the region where several share a deployment."""

import dagster as dg

from pipelines.region import Region


def cle(ici: Region, pas: str) -> dg.AssetKey:
    """Key of the node of a step."""
    return dg.AssetKey([*([ici.nom] if ici.nom else []), *pas.split("/")])
