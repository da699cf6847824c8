"""What Dagster loads (`workspace.yaml`): the graph of the region that the environment names."""

import dagster as dg

from pipelines.graphe.travail import definitions
from pipelines.region import region


@dg.definitions
def defs() -> dg.Definitions:
    """The graph, made when it is asked."""
    return definitions(region())
