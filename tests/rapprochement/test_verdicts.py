"""The verdict on printed figures: off by less than one unit of the last decimal, or by one."""

import duckdb
import pytest

from pipelines.rapprochement.comparaison import rapprocher
from tests.entrepots import en_memoire


@pytest.mark.parametrize(
    ("imprime", "decimales", "calcule", "verdict"),
    [
        (5.1, 1, 5.1, "conforme"),
        (5.1, 1, 5.149, "conforme"),
        (5.1, 1, 5.15, "proche"),
        (48, 0, 48.72, "proche"),
        # Off by exactly one unit, which binary numbers take for a little less.
        (5.1, 1, 5.0, "inexplique"),
        (12.1, 1, 12.0, "inexplique"),
        (56.01, 2, 56.0, "inexplique"),
        (139.99, 2, 140, "inexplique"),
        (3070, 0, 3067, "inexplique"),
        (3, 0, None, "non_calculable"),
    ],
)
def test_a_figure_is_close_by_less_than_one_unit(
    imprime: float, decimales: int, calcule: float | None, verdict: str
) -> None:
    with en_memoire() as con:
        _chiffre(con, imprime, decimales, calcule)
        rapprocher(con)
        assert con.execute("select verdict from rapprochement.chiffres").fetchall() == [(verdict,)]


@pytest.mark.parametrize("mesure", ["valeur_cible", "evolution_a_date", "ecart_a_date"])
def test_any_column_of_values_may_be_printed(mesure: str) -> None:
    with en_memoire() as con:
        _chiffre(con, 7, 0, 1)
        con.execute(f"update referentiel.chiffres_publies set mesure = '{mesure}'")
        con.execute(f"update indicateurs.valeurs set {mesure} = 7")
        rapprocher(con)
        assert con.execute("from rapprochement.chiffres select verdict").fetchall() == [
            ("conforme",)
        ]


def _chiffre(
    con: duckdb.DuckDBPyConnection, imprime: float, decimales: int, calcule: float | None
) -> None:
    cle = {
        "indicateur": "x", "territoire": "R32", "periode": "2020", "ventilation": "total",
        "modalite": "total", "arrete": "2020-12",
    }  # fmt: skip
    noms, marques = ", ".join(cle), ", ".join("?" for _ in cle)
    con.execute(
        f"""
        insert into referentiel.chiffres_publies
            (chiffre, mesure, operateur, valeur, decimales, {noms})
        values ('c', 'valeur', '=', ?, ?, {marques})
        """,
        [imprime, decimales, *cle.values()],
    )
    con.execute(
        f"insert into indicateurs.valeurs (valeur, {noms}) values (?, {marques})",
        [calcule, *cle.values()],
    )
