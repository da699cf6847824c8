"""An empty warehouse in memory, where a test writes the few rows that it needs."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import duckdb

from pipelines import feuille_de_route
from pipelines.contrats import regles_de
from pipelines.entrepot import tables
from pipelines.indicateurs import definition
from tests.entrepots import en_memoire

ARRETE = "2021-06"
Lignes = Sequence[Mapping[str, object]]


@contextmanager
def entrepot_vide() -> Iterator[duckdb.DuckDBPyConnection]:
    """All the tables, the roadmap, nothing else; the arrêté is 2021-06."""
    feuille = feuille_de_route.lire(feuille_de_route.DOSSIER)
    regles = regles_de(feuille).values()
    with en_memoire(regles, definition.lire(feuille.choisis), feuille) as con:
        con.execute("create schema if not exists faits")
        for contrat in regles:
            tables.creer_table(con, "faits", contrat)
        con.execute("set variable arrete = ?", [ARRETE])
        yield con


def ecrire(con: duckdb.DuckDBPyConnection, table: str, lignes: Lignes) -> None:
    """Insert rows; the columns that they do not name are NULL."""
    for ligne in lignes:
        noms, marques = ", ".join(ligne), ", ".join("?" for _ in ligne)
        con.execute(f"insert into {table} ({noms}) values ({marques})", list(ligne.values()))


def vider(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Leave a table without rows."""
    con.execute(f"delete from {table}")


def valeur(
    indicateur: str, periode: str, nombre: float, territoire: str = "R32", **autres: object
) -> dict[str, object]:
    """A row of `indicateurs.valeurs`, for the whole population, of a closed period."""
    formes = {4: "annee", 7: "mois", 9: "annee_scolaire"}
    return {
        "indicateur": indicateur,
        "territoire": territoire,
        "periode": periode,
        "type_periode": formes[len(periode)],
        "provisoire": False,
        "ventilation": "total",
        "modalite": "total",
        "arrete": ARRETE,
        "valeur": nombre,
    } | autres
