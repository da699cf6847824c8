"""Facts: for each key, the row in force as of an arrêté.

While a warehouse is built, `faits.*` are views that follow the variable `arrete`; they are
published as tables, at the newest arrêté.
"""

from collections.abc import Iterable

import duckdb

from pipelines.corrections.application import CORRIGE, appliquer
from pipelines.corrections.registre import Correction
from pipelines.entrepot.tables import colonnes, creer_table
from pipelines.ingestion import cles
from pipelines.ingestion.controle import RETRAIT, Regles
from pipelines.ingestion.livraison import table
from pipelines.sql import nombre


def ouvrir(
    con: duckdb.DuckDBPyConnection, contrat: Regles, corrections: Iterable[Correction] = ()
) -> int:
    """Make the view of an extract's facts; gives the number of rows in force at some arrêté.

    A row is in force from its delivery month until that of the next row with its key. Corrections
    mend it as long as it holds the wrong value.
    """
    nom = table(contrat.nom)
    plis = {f"_cle_{n}": pli for n, pli in enumerate(cles.pliees(contrat).values())}
    cle = ", ".join(plis)
    con.execute("create schema if not exists faits")
    # Folded once, below the window: it would fold twice.
    con.execute(
        f"""
        create or replace table chantier.{nom} as
        with pliees as (
            select *, {", ".join(f"{pli} as {c}" for c, pli in plis.items())}
            from livraisons.{nom}
        ),
        suivies as (
            select *, lead(mois_livraison) over (
                partition by {cle} order by mois_livraison, fichier, ligne
            ) as remplacee_en
            from pliees
        )
        select * exclude ({RETRAIT}, {cle}), cast(null as varchar) as {CORRIGE}
        from suivies where not {RETRAIT}
        """
    )
    appliquer(con, contrat, corrections)
    con.execute(
        f"""
        create or replace view faits.{nom} as
        select {", ".join(f'"{c}"' for c in colonnes("faits", contrat))}
        from chantier.{nom}
        where mois_livraison <= arrete() and (remplacee_en > arrete() or remplacee_en is null)
        """
    )
    return nombre(con, f"select count(*) from chantier.{nom}")


def par_mois(
    con: duckdb.DuckDBPyConnection, contrat: Regles, mois: Iterable[str]
) -> dict[str, int]:
    """Facts in force at each month."""
    lignes = con.execute(
        f"""
        with groupes as (
            select mois_livraison, remplacee_en, count(*) as nombre
            from chantier.{table(contrat.nom)}
            group by all
        )
        select mois, coalesce(sum(nombre), 0)
        from (select unnest(?::varchar[]) as mois)
        left join groupes
            on mois_livraison <= mois and (remplacee_en > mois or remplacee_en is null)
        group by all
        """,
        [list(mois)],
    ).fetchall()
    return {nom: int(nombre) for nom, nombre in lignes}


def figer(con: duckdb.DuckDBPyConnection, contrat: Regles, arrete: str) -> None:
    """Replace the view of an extract's facts by the table of those in force at `arrete`."""
    nom = table(contrat.nom)
    con.execute(f"set variable arrete = '{arrete}'")
    con.execute(f"create or replace temp table a_figer as from faits.{nom}")
    con.execute(f"drop view faits.{nom}")
    creer_table(con, "faits", contrat)
    cle = contrat.cle_sql
    con.execute(f"insert into faits.{nom} by name from a_figer order by {cle}")
    con.execute("drop table a_figer")
