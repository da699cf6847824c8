"""Small pandas frames taken from the warehouse, one per expectation. Judging them is elsewhere."""

from pathlib import Path

import duckdb
import pandas as pd

from pipelines.plausibilite.attentes import Attente
from pipelines.sql import moderer


def ouvrir(fichier: Path, arrete: str) -> duckdb.DuckDBPyConnection:
    """The warehouse, read-only, as of a month."""
    con = duckdb.connect(fichier, read_only=True)
    moderer(con)
    con.execute("set variable arrete = ?", [arrete])
    return con


def prendre(con: duckdb.DuckDBPyConnection, attente: Attente) -> pd.DataFrame | None:
    """What an expectation measures; nothing where the table that it needs is not there."""
    if attente.exige:
        schema, _, nom = attente.exige.partition(".")
        if not con.execute(
            "select 1 from duckdb_tables() where schema_name = ? and table_name = ?", [schema, nom]
        ).fetchall():
            return None
    cadre = con.execute(attente.sql).df()
    cadre[attente.mesure] = cadre[attente.mesure].astype("float64")
    # As people read them: the pages show numbers as they come.
    for nom in cadre.select_dtypes("float").columns:
        cadre[nom] = cadre[nom].round(2)
        if nom != attente.mesure and (cadre[nom] % 1 == 0).all():
            cadre[nom] = cadre[nom].astype("int64")
    return cadre
