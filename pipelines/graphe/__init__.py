"""The Dagster graph: nodes, their words, their wiring, the job. What nodes do is in `session`."""
