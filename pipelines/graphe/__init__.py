"""The Dagster graph: nodes, their words, their wiring, the job. What nodes do is in `pas`."""

import warnings

import dagster as dg

# Single-run backfills and code references are in beta: nothing that a user has to be told.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
