"""Warehouses in memory, as tests need them: tables and roadmap; rows are the test's own."""

from collections.abc import Iterable

import duckdb

from pipelines import feuille_de_route
from pipelines.entrepot import tables
from pipelines.feuille_de_route import FeuilleDeRoute
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.controle import Regles


def en_memoire(
    extraits: Iterable[Regles] = (),
    indicateurs: Iterable[Indicateur] | None = None,
    feuille: FeuilleDeRoute | None = None,
) -> duckdb.DuckDBPyConnection:
    """A warehouse under construction without a row, its working tables beside it.

    With `indicateurs`, its roadmap is loaded: the project's, or `feuille`.
    """
    con = duckdb.connect()
    con.execute("attach ':memory:' as chantier")
    tables.creer(con, extraits)
    if indicateurs is not None:
        tables.charger_referentiel(con, feuille or feuille_de_route.lire(), list(indicateurs))
    return con
