"""The macros that analysts call, on a few values."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.entrepots import en_memoire


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """One indicator, two months, a total and a breakdown."""
    with en_memoire() as connexion:
        connexion.execute(
            """
            insert into referentiel.territoires values
                ('D59', 'Nord', 'departement', '59', 'R32', null);
            insert into indicateurs.valeurs by name
                select 'x' as indicateur, 'D59' as territoire, '2019' as periode,
                    'annee' as type_periode, v.*
                from (values
                    ('total', '2020-11', 1), ('total', '2020-12', 2), ('sexe', '2020-12', 9)
                ) as v(ventilation, arrete, valeur)
            """
        )
        yield connexion


@pytest.mark.parametrize(
    ("sql", "attendu"),
    [
        ("valeur('x', 'D59', '2019')", 2),
        ("valeur('x', 'Nord', '2019')", 2),
        ("valeur('x', 'Nord', '2018')", None),
        ("(select valeur from serie('x'))", 2),
        ("arrondi(0.5, 0)", 1),
        ("arrondi(-2.5, 0)", -3),
        ("arrondi(100 * 0.285, 0)", 29),
        ("arrondi(null, 1)", None),
        ("en_francais(1316, 0)", "1 316"),
        ("en_francais(1234567.891, 2)", "1 234 567,89"),
        ("en_francais(112.0954, 2)", "112,10"),
        ("en_francais(-0.04, 1)", "0,0"),
        ("affiche(48.5256, '%')", "48,5 %"),
        ("affiche(100, '%')", "100 %"),
        ("affiche(5200, '€')", "5 200 €"),
        ("affiche(2.44, 'personnes')", "2,4"),
        ("affiche(null, '%')", None),
        ("affiche_evolution(6.34)", "+ 6,3 %"),
        ("affiche_evolution(-12.0)", "- 12 %"),
        ("affiche_evolution(0.01)", "0 %"),
        ("affiche_evolution(null)", None),
    ],
)
def test_macros(con: duckdb.DuckDBPyConnection, sql: str, attendu: object) -> None:
    assert con.execute(f"select {sql}").fetchall() == [(attendu,)]


def test_another_month(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("set variable arrete = '2020-11'")
    assert con.execute("select valeur('x', 'D59', '2019')").fetchall() == [(1,)]
    con.execute("reset variable arrete")
