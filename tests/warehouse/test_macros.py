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
                ('R32', 'Hauts-de-France', 'region', '32', null, null),
                ('A09', 'Académie de Lille', 'academie', 'LILLE', 'R32', null),
                ('D02', 'Aisne', 'departement', '02', 'R32', 'A20'),
                ('D59', 'Nord', 'departement', '59', 'R32', 'A09'),
                ('D62', 'Pas-de-Calais', 'departement', '62', 'R32', 'A09');
            insert into referentiel.indicateurs by name
                select unnest(['x', 'taux', 'projets_finances']) as indicateur, 'Un titre' as titre,
                    unnest(['effectif', 'part', 'effectif']) as nature;
            insert into referentiel.codes by name
                select 'niveau_langue' as liste, unnest(['A1_1', 'A1', 'A2', 'C1']) as code,
                    unnest([2, 3, 4, 7]) as ordre;
            insert into referentiel.populations values
                ('D59', 2017, 2000, 's'), ('D59', 2019, 4000, 's'), ('D59', 2020, 5000, 's');
            insert into indicateurs.valeurs by name
                select 'x' as indicateur, 'D59' as territoire, '2019' as periode,
                    'annee' as type_periode, date '2019-12-31' as fin, 'recente' as maturite,
                    4 as ecart_a_date, v.*
                from (values
                    ('total', '2020-11', 1), ('total', '2020-12', 2), ('sexe', '2020-12', 9)
                ) as v(ventilation, arrete, valeur);
            insert into indicateurs.valeurs by name
                select * replace ('taux' as indicateur) from indicateurs.valeurs;
            """
        )
        yield connexion


@pytest.mark.parametrize(
    ("sql", "attendu"),
    [
        ("valeur('x', 'D59', '2019')", 2),
        ("valeur('x', 'Nord', '2019')", 2),
        ("valeur('x', 'Nord', '2018')", None),
        ("atteint_niveau('C1', 'A2')", True),  # a level that a region has added
        ("atteint_niveau('A1', 'A2')", False),
        ("atteint_niveau('A2', 'A2')", True),
        ("valeur('x', 'nord', '2019')", 2),
        ("valeur('x', '59', '2019')", 2),
        ("valeur('x', 59, '2019')", 2),
        ("valeur('x', 'd59', '2019')", 2),
        ("valeur('x', 'Aisne', '2019')", None),
        ("(select valeur from valeur('x', 'Nord', '2019'))", 2),
        ("(select maturite from valeur('x', 'Nord', '2019'))", "recente"),
        ("(select ecart_a_date from valeur('x', 'Nord', '2019'))", 4),
        ("(select valeur from serie('x'))", 2),
        ("(select maturite from serie('x'))", "recente"),
        ("(select ecart_a_date from serie('x'))", 4),
        ("territoire_de('PAS DE CALAIS')", "D62"),
        ("territoire_de('Pas‑de‑Calais')", "D62"),
        ("territoire_de('02')", "D02"),
        ("territoire_de('2')", "D02"),
        ("territoire_de('hauts de france')", "R32"),
        ("territoire_de('academie de lille')", "A09"),
        ("territoire_de('Lille')", "A09"),
        ("territoire_de(null)", None),
        ("indicateur_de('x')", "x"),
        ("population('nord', date '2016-12-31')", 2000),
        ("population('nord', date '2018-12-31')", 2000),
        ("population('nord', date '2019-01-01')", 4000),
        ("population('nord', date '2030-01-01')", 5000),
        ("population('Aisne', date '2019-01-01')", None),
        ("pour_10_000('x', 'Nord', '2019')", 10000 * 2 / 4000),
        ("pour_10_000('x', 'Nord', '2018')", None),
        ("indicateur_de(null)", None),
        ("plier(' Académie d’Amiens ')", "academie d amiens"),
        ("atteint_a1('A1')", True),
        ("atteint_a1('A1_1')", False),
        ("atteint_a1(null)", False),
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


@pytest.mark.parametrize(
    "requete",
    [
        "select valeur('x', {}, '2019')",
        "from valeur('x', {}, '2019')",
        "select valeur('x', t.nom, '2019') from (values ('Nord'), ({})) as t(nom)",
        "select pour_10_000('x', {}, '2019')",
        "select population({}, date '2019-01-01')",
    ],
)
def test_an_unknown_territory_is_said(con: duckdb.DuckDBPyConnection, requete: str) -> None:
    with pytest.raises(duckdb.Error, match="Le territoire « Nor » est inconnu"):
        con.execute(requete.format("'Nor'")).fetchall()


@pytest.mark.parametrize(
    "requete",
    [
        "select valeur('projet_finances', 'Nord', '2019')",
        "from valeur('projet_finances', 'Nord', '2019')",
        "from serie('projet_finances')",
        "select pour_10_000('projet_finances', 'Nord', '2019')",
    ],
)
def test_an_unknown_indicator_is_said(con: duckdb.DuckDBPyConnection, requete: str) -> None:
    mots = "« projet_finances » est inconnu. Le plus proche : projets_finances"
    with pytest.raises(duckdb.Error, match=mots):
        con.execute(requete).fetchall()


def test_a_rate_is_not_set_against_the_population(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error, match="« taux » est de nature part"):
        con.execute("select pour_10_000('taux', 'Nord', '2019')").fetchall()


@pytest.mark.parametrize("alias", ["territoires", "t", "v", "i", "p", "r"])
def test_one_row_a_territory(con: duckdb.DuckDBPyConnection, alias: str) -> None:
    """Whatever the query calls its own table."""
    for colonne in ("libelle", "code", "territoire", f"{alias}.territoire", f"{alias}.libelle"):
        trouvees = con.execute(
            f"""
            select libelle, valeur('x', {colonne}, '2019'), pour_10_000('x', {colonne}, '2019')
            from referentiel.territoires as {alias} order by all
            """
        ).fetchall()
        assert [t for t in trouvees if t[1:] != (None, None)] == [("Nord", 2, 10000 * 2 / 4000)]


def test_every_macro_has_words(con: duckdb.DuckDBPyConnection) -> None:
    lues = con.execute(
        """
        select function_name, comment from duckdb_functions()
        where not internal and database_name = current_database()
        """
    ).fetchall()
    assert (
        "arrondi",
        "Arrondi au plus près, la moitié vers le haut, comme on arrondit à la main.",
    ) in lues
    assert not [nom for nom, mots in lues if not mots]
