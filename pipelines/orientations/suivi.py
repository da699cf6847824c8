"""Filling `orientations.avancement`.

`indicateurs.comptage` has rolled the values up before. What is said of one orientation only is in
the roadmap, never here.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from pipelines.indicateurs import comptage
from pipelines.sql import inserer, nombre

CONSTATS = "ddcs_orientations"


def preparer(
    con: duckdb.DuckDBPyConnection,
    livraisons: Iterable[Sequence[str]],
    sans_mesure: Iterable[Sequence[str]],
) -> None:
    """Say what was delivered (extract, month), and what has counted nothing (indicator, month)."""
    comptage.livrer(con, livraisons)
    con.execute("create or replace table chantier.sans_mesure (indicateur varchar, arrete varchar)")
    inserer(con, "chantier.sans_mesure", sans_mesure)


def avancer(con: duckdb.DuckDBPyConnection, arretes: Iterable[str]) -> int:
    """Follow every orientation at each arrêté published; gives the number of rows added."""
    con.execute(
        """
        create or replace table chantier.constats (
            arrete varchar, orientation varchar, territoire varchar, date_constat date,
            statut varchar, avancement double, responsable varchar, commentaire varchar
        )
        """
    )
    for arrete in arretes:
        con.execute(f"set variable arrete = '{arrete}'")
        con.execute(
            f"""
            insert into chantier.constats by name
            select
                arrete() as arrete, orientation, territoire, date_constat, statut, avancement,
                responsable, commentaire
            from faits.{CONSTATS}
            where date_constat <= jour_arrete()
            qualify date_constat = max(date_constat) over (partition by orientation, territoire)
            """
        )
    sql = (Path(__file__).parent / "avancement.sql").read_text(encoding="utf-8")
    return nombre(con, f"insert into orientations.avancement by name {sql}")
