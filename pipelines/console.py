"""Queries on the published warehouse, read-only: one, or a small console."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import duckdb

from pipelines.entrepot.chantier import NOM, chemin_sql
from pipelines.erreurs import Faute

_LIGNES_MONTREES = 200


@contextmanager
def _ouvrir(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse, read-only.

    It is attached under another name than `bilan`, which is also that of the schema of views.

    Raises:
        Faute: there is none, or it cannot be read.
    """
    chemin = warehouse / NOM
    if not chemin.exists():
        raise Faute(f"Aucun entrepôt publié dans «{warehouse}» : lancez d'abord «bilan refresh».")
    with duckdb.connect() as con:
        try:
            con.execute(f"attach '{chemin_sql(chemin)}' as entrepot (read_only)")
            con.execute("use entrepot")
        except duckdb.Error as erreur:
            raise Faute(f"L'entrepôt «{chemin}» ne s'ouvre pas : {_premiere(erreur)}") from None
        yield con


def _premiere(erreur: Exception) -> str:
    return str(erreur).split("\n\n")[0].strip()


def _executer(con: duckdb.DuckDBPyConnection, requete: str, sortie: IO[str]) -> None:
    relation = con.sql(requete)
    if relation is None:
        return
    if sortie.isatty():
        largeur = shutil.get_terminal_size().columns
        relation.show(max_rows=_LIGNES_MONTREES, max_width=largeur)
    else:
        relation.show(max_rows=1_000_000, max_width=1_000_000)


def interroger(warehouse: Path, requete: str, sortie: IO[str]) -> None:
    """Run one query and print its result.

    Raises:
        Faute: there is no warehouse, or the query fails.
    """
    with _ouvrir(warehouse) as con:
        try:
            _executer(con, requete, sortie)
        except duckdb.Error as erreur:
            raise Faute(f"La requête a échoué : {_premiere(erreur)}") from None


def console(warehouse: Path, entree: IO[str], sortie: IO[str]) -> None:
    """Read queries, each ended by `;`, until the end of the input; a failed one is told."""
    with _ouvrir(warehouse) as con:
        if entree.isatty():
            print(
                "Entrepôt en lecture seule. Une requête finit par « ; ». "
                "« show all tables; » liste les tables, Ctrl+D quitte.",
                file=sortie,
            )
        for requete in _requetes(entree, sortie):
            try:
                _executer(con, requete, sortie)
            except duckdb.Error as erreur:
                print(f"La requête a échoué : {_premiere(erreur)}", file=sortie)


def _requetes(entree: IO[str], sortie: IO[str]) -> Iterator[str]:
    lignes: list[str] = []
    while True:
        if entree.isatty():
            print("     > " if lignes else "bilan> ", end="", file=sortie, flush=True)
        ligne = entree.readline()
        lignes.append(ligne)
        if ligne.rstrip().endswith(";") or not ligne:
            requete = "".join(lignes).strip()
            lignes = []
            if requete:
                yield requete
        if not ligne:
            return
