"""Filling `qualite.attendus`, from the months of deliveries alone: no clock, no file dates.

The cadence of an extract is in its contract, what a row means in `schema.sql`.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.ingestion.controle import Regles
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.reception import Reception
from pipelines.mois import numero
from pipelines.sql import inserer, nombre

_MACROS = """
create or replace temp macro jour_de(numero) as
    make_date(cast(numero // 12 as integer), cast(numero % 12 + 1 as integer), 1);
create or replace temp macro numero_de(jour) as year(jour) * 12 + month(jour) - 1;
create or replace temp macro mois_de(numero) as strftime(jour_de(numero), '%Y-%m');
create or replace temp macro fin_de_periode(numero, cadence, fin) as
    numero + ((fin - 1 - numero) % cadence + cadence) % cadence;
create or replace temp macro numero_arrete() as getvariable('numero_arrete');
"""


def attendre(
    con: duckdb.DuckDBPyConnection,
    regles: Iterable[Regles],
    livres: Iterable[Reception],
    arrete: str,
    disparus: Iterable[Fichier] = (),
) -> int:
    """List what was expected and what came, up to an arrêté; gives the number of rows.

    Args:
        con: the warehouse under construction.
        regles: the contracts.
        livres: what became of each file.
        arrete: the last month considered.
        disparus: files that were published, and are no longer there.
    """
    con.execute(_MACROS)
    con.execute(f"set variable numero_arrete = {numero(arrete)}::bigint")
    con.execute(
        """
        create or replace table chantier.rythmes (
            extrait varchar, cadence bigint, delai bigint, fin bigint
        );
        create or replace table chantier.deposes (
            extrait varchar, partie varchar, fichier varchar, statut varchar, numero bigint
        )
        """
    )
    for contrat in regles:
        fiche = contrat.modele.fiche()
        con.execute(
            "insert into chantier.rythmes values (?, ?, ?, ?)",
            [contrat.nom, fiche["cadence"], fiche["delai"], fiche["fin"]],
        )
    statuts = [(b.fichier, b.statut) for b in livres] + [(f, "disparue") for f in disparus]
    inserer(
        con,
        "chantier.deposes",
        [
            [f.extrait, f.partie, f.chemin, statut, numero(f.mois)]
            for f, statut in statuts
            if f.extrait and f.mois
        ],
    )
    sql = (Path(__file__).parent / "attendus.sql").read_text(encoding="utf-8")
    return nombre(con, f"insert into qualite.attendus by name {sql}")
