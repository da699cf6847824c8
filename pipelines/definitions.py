"""What Dagster loads (`workspace.yaml`): the graph of the project's own roadmap."""

from pipelines.graphe.travail import definitions

defs = definitions()
