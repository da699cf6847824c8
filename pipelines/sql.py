"""Small words of SQL that every room needs; what is asked of the warehouse does not belong here."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb


def nombre(con: duckdb.DuckDBPyConnection, requete: str, valeurs: Sequence[object] = ()) -> int:
    """The one number that a query gives: a count, or the rows that it inserted or changed."""
    trouve = con.execute(requete, valeurs).fetchone()
    return int(trouve[0] or 0) if trouve else 0


def texte(mots: str) -> str:
    """A text as SQL writes it."""
    return "'" + mots.replace("'", "''") + "'"


def inserer(
    con: duckdb.DuckDBPyConnection, table: str, rangees: Iterable[Sequence[object]]
) -> None:
    """Insert rows into a table, in the order of its columns, by one query."""
    colonnes = [list(colonne) for colonne in zip(*rangees, strict=True)]
    if colonnes:
        con.execute(
            f"insert into {table} select {', '.join(['unnest(?)'] * len(colonnes))}", colonnes
        )


def parquet(chemins: Iterable[Path]) -> str:
    """Files of Parquet, as SQL reads them; their column `filename` is the path of each."""
    listes = ", ".join(texte(re.sub(r"([\[*?])", r"[\1]", str(chemin))) for chemin in chemins)
    return f"read_parquet([{listes}], filename = true)"
