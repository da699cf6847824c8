"""What Dagster loads (`workspace.yaml`): the graph of the region that the environment names."""

import gc

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """The graph, made when it is asked.

    What is imported and made for it stays to the end: looking for garbage among it, again and
    again, would take a third of the time.
    """
    gc.disable()
    try:
        from pipelines.graphe.travail import definitions
        from pipelines.region import region

        return definitions(region())
    finally:
        gc.freeze()
        gc.enable()
