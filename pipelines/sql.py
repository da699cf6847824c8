"""Small words of SQL that every room needs; what is asked of the warehouse does not belong here."""

from collections.abc import Sequence

import duckdb


def nombre(con: duckdb.DuckDBPyConnection, requete: str, valeurs: Sequence[object] = ()) -> int:
    """The one number that a query gives: a count, or the rows that it inserted or changed."""
    trouve = con.execute(requete, valeurs).fetchone()
    return int(trouve[0] or 0) if trouve else 0


def texte(mots: str) -> str:
    """A text as SQL writes it."""
    return "'" + mots.replace("'", "''") + "'"
