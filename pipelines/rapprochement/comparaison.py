"""Filling `rapprochement.chiffres` and `rapprochement.coherences`."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.rapprochement import relations
from pipelines.rapprochement.hypothese import evaluer
from pipelines.rapprochement.relations import Ligne
from pipelines.sql import inserer, nombre

# Half up, as people round; the last term absorbs the binary noise of 0.285 * 100.
_ARRONDI = """
create or replace temp macro arrondi_imprime(valeur, decimales) as
    sign(valeur) * floor(abs(valeur) * pow(10, decimales) + 0.5 + 1e-9)
"""


def rapprocher(con: duckdb.DuckDBPyConnection) -> int:
    """Compare every printed figure with the values computed; gives the number of figures."""
    con.execute(_ARRONDI)
    con.execute("create or replace table chantier.hypotheses (chiffre varchar, valeur double)")
    hypotheses = con.execute(
        "select chiffre, hypothese from referentiel.chiffres_publies where hypothese is not null"
    ).fetchall()
    for chiffre, texte in hypotheses:
        con.execute(
            "insert into chantier.hypotheses values (?, ?)", [chiffre, float(evaluer(texte))]
        )
    sql = (Path(__file__).parent / "chiffres.sql").read_text(encoding="utf-8")
    return nombre(con, f"insert into rapprochement.chiffres by name {sql}")


def relier(
    con: duckdb.DuckDBPyConnection, coherences: Iterable[Ligne], chiffres: Iterable[Ligne]
) -> None:
    """Try every relation between printed figures, rows of the roadmap."""
    con.execute(
        """
        create or replace table chantier.relations (
            coherence varchar, gauche double, droite double, tient boolean
        )
        """
    )
    inserer(
        con,
        "chantier.relations",
        [
            [ligne["coherence"], float(r.gauche), float(r.droite), r.tient]
            for ligne, r in relations.toutes(coherences, chiffres)
        ],
    )
    con.execute(
        """
        insert into rapprochement.coherences
        select c.*, r.gauche, r.droite, r.tient
        from referentiel.coherences as c
        join chantier.relations as r using (coherence)
        """
    )
