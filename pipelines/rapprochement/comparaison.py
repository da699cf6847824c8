"""Filling `rapprochement.chiffres`."""

from pathlib import Path

import duckdb

from pipelines.rapprochement.hypothese import evaluer
from pipelines.sql import nombre

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
