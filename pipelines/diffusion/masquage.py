"""Filling `diffusion.valeurs`.

`indicateurs.comptage` has rolled the values up before, and lent the macro that compares them.
"""

from pathlib import Path

import duckdb

from pipelines.sql import nombre

_ICI = Path(__file__).parent


def diffuser(con: duckdb.DuckDBPyConnection) -> int:
    """Make the values of the newest arrêté fit to leave; gives the number of rows."""
    cases = (_ICI / "a_diffuser.sql").read_text(encoding="utf-8")
    con.execute(f"create or replace table chantier.a_diffuser as {cases}")
    valeurs = (_ICI / "valeurs.sql").read_text(encoding="utf-8")
    return nombre(con, f"insert into diffusion.valeurs by name {valeurs}")
