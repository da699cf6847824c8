"""Small words of SQL that every room needs; what is asked of the warehouse does not belong here."""

import json
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.erreurs import Faute

LECTURE = "400MB"
"""What a reader of the published file takes of memory at most, unless it is told otherwise."""
_PERMISE = "BILAN_MEMOIRE"


def nombre(con: duckdb.DuckDBPyConnection, requete: str, valeurs: Sequence[object] = ()) -> int:
    """The one number that a query gives: a count, or the rows that it inserted or changed."""
    trouve = con.execute(requete, valeurs).fetchone()
    return int(trouve[0] or 0) if trouve else 0


def nommees(
    con: duckdb.DuckDBPyConnection, requete: str, valeurs: Sequence[object] = ()
) -> list[dict[str, Any]]:
    """The rows of a query, each by the names of its columns."""
    resultat = con.execute(requete, valeurs)
    noms = [description[0] for description in resultat.description or []]
    return [dict(zip(noms, ligne, strict=True)) for ligne in resultat.fetchall()]


def moderer(con: duckdb.DuckDBPyConnection) -> None:
    """Have a reader of the published file take no more memory than a part of it needs.

    By default, DuckDB keeps what it has read up to most of the machine's memory.
    """
    con.execute(f"set temp_directory = {texte(tempfile.gettempdir())}")
    con.execute(f"set memory_limit = {texte(memoire(LECTURE))}")


def memoire(defaut: str) -> str:
    """How much memory a DuckDB may take: $BILAN_MEMOIRE, as `2Go` or `2GB`, or `defaut`.

    Raises:
        Faute: it is no size.
    """
    permise = os.environ.get(_PERMISE, "").strip() or defaut
    lue = re.fullmatch(r"([1-9][0-9]*) ?([MG])[oB]", permise)
    if lue is None:
        raise Faute(f"{_PERMISE} : «{permise}» n'est pas une taille ; écrire par exemple 2Go.")
    return f"{lue[1]}{lue[2]}B"


def arbre(con: duckdb.DuckDBPyConnection, requete: str) -> dict[str, Any]:
    """A query as DuckDB parses it.

    Raises:
        ValueError: it cannot be.
    """
    # Written out: DuckDB looks for what pandas would bind, and so imports it, to bind anything.
    trouve = con.execute(f"select json_serialize_sql({texte(requete)})").fetchone()
    lu: dict[str, Any] = json.loads(trouve[0] if trouve else "{}")
    if lu["error"]:
        raise ValueError(lu["error_message"])
    return lu


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
