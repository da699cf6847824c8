"""`indicateurs.lisible`: words for everything that a chart shows, and what each value rests on."""

from collections.abc import Iterator

import duckdb
import pytest

from pipelines import feuille_de_route, vues
from pipelines.contrats import regles_de
from pipelines.entrepot import tables
from pipelines.indicateurs import comptage, definition
from tests.entrepots import en_memoire


def _avec_la_vue(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    vues.creer(con, [v for v in vues.lire() if v.table == "indicateurs.lisible"])
    return con


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Five departments of two academies; deliveries by department, by academy, by quarter.

    Of ddcs/projets, due in 2020-11, the Nord's was refused, and the Aisne's came in 2021-02.
    """
    with en_memoire() as connexion:
        connexion.execute(
            """
            insert into referentiel.territoires values
                ('R32', 'Hauts-de-France', 'region', '32', null, null),
                ('A09', 'Académie de Lille', 'academie', 'LILLE', 'R32', null),
                ('A20', 'Académie d''Amiens', 'academie', 'AMIENS', 'R32', null),
                ('D02', 'Aisne', 'departement', '02', 'R32', 'A20'),
                ('D59', 'Nord', 'departement', '59', 'R32', 'A09'),
                ('D60', 'Oise', 'departement', '60', 'R32', 'A20'),
                ('D62', 'Pas-de-Calais', 'departement', '62', 'R32', 'A09'),
                ('D80', 'Somme', 'departement', '80', 'R32', 'A20');
            insert into referentiel.indicateurs by name from (values
                ('projets', 'ddcs/projets', ''), ('cir', 'ofii/cir', ''), ('ars', 'ars/x', '')
            ) as t(indicateur, extrait, ventilations);
            insert into qualite.attendus by name
            select split_part(e, '/', 1) as source, split_part(e, '/', 2) as extrait, * exclude (e)
            from (values
                ('ddcs/projets', '02', '2020-11', true, 'ddcs/projets/2021-02_02.csv', '2020-12'),
                ('ddcs/projets', '59', '2020-11', true, null, '2020-12'),
                ('ddcs/projets', '60', '2020-11', true, 'ddcs/projets/2020-11_60.csv', '2020-12'),
                ('ddcs/projets', '62', '2020-11', true, 'ddcs/projets/2020-12_62.csv', '2020-12'),
                ('ddcs/projets', '80', '2020-11', true, 'ddcs/projets/2020-11_80.csv', '2020-12'),
                ('ddcs/projets', '62', '2020-12', false, null, '2020-12'),
                ('ofii/cir', 'lille', '2020-12', true, 'ofii/cir/2020-12_lille.csv', '2020-12'),
                ('ofii/cir', 'amiens', '2020-12', true, null, '2020-12'),
                ('ars/x', null, '2020-06', true, 'ars/x/2020-06.csv', '2020-06'),
                ('ars/x', null, '2020-09', true, 'ars/x/2020-09.csv', '2020-09'),
                ('ars/x', null, '2020-12', true, null, '2020-12')
            ) as t(e, partie, mois, attendu, recu, periode);
            insert into indicateurs.valeurs by name
            select i.indicateur, t.territoire, p.*, a.arrete, 'total' as ventilation,
                'total' as modalite
            from referentiel.indicateurs as i, referentiel.territoires as t, (values
                ('2020', 'annee', date '2020-01-01', date '2020-12-31'),
                ('2020-07', 'mois', date '2020-07-01', date '2020-07-31'),
                ('2020-11', 'mois', date '2020-11-01', date '2020-11-30')
            ) as p(periode, type_periode, debut, fin),
            (values ('2020-12'), ('2021-02')) as a(arrete)
            where t.maille <> 'academie';
            """
        )
        yield _avec_la_vue(connexion)


def livraisons(
    con: duckdb.DuckDBPyConnection, indicateur: str, periode: str, arrete: str
) -> dict[str, str]:
    con.execute(f"set variable arrete = '{arrete}'")
    return dict(
        con.execute(
            """
            select nom_territoire,
                affiche_livraisons(livraisons_attendues, livraisons_recues, livraisons_manquantes)
            from indicateurs.lisible where indicateur = ? and periode = ? order by all
            """,
            [indicateur, periode],
        ).fetchall()
    )


def test_a_refused_file_is_missing_for_its_department_and_for_the_region(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert livraisons(con, "projets", "2020", "2021-02") == {
        "Aisne": "1 sur 1",
        "Hauts-de-France": "4 sur 5, manque : Nord 2020-11",
        "Nord": "0 sur 1, manque : Nord 2020-11",
        "Oise": "1 sur 1",
        "Pas-de-Calais": "1 sur 1",
        "Somme": "1 sur 1",
    }


def test_an_earlier_month_counts_what_had_come_by_then(con: duckdb.DuckDBPyConnection) -> None:
    a_2020 = livraisons(con, "projets", "2020", "2020-12")
    assert a_2020["Aisne"] == "0 sur 1, manque : Aisne 2020-11"
    assert a_2020["Hauts-de-France"] == "3 sur 5, manque : Aisne 2020-11, Nord 2020-11"


def test_an_academy_delivers_for_its_departments(con: duckdb.DuckDBPyConnection) -> None:
    recues = livraisons(con, "cir", "2020", "2021-02")
    assert recues["Hauts-de-France"] == "1 sur 2, manque : Académie d'Amiens 2020-12"
    assert recues["Nord"] == recues["Pas-de-Calais"] == "1 sur 1"
    for departement in ("Aisne", "Oise", "Somme"):
        assert recues[departement] == "0 sur 1, manque : Académie d'Amiens 2020-12"


def test_a_quarter_answers_for_its_months(con: duckdb.DuckDBPyConnection) -> None:
    """July is in the quarter that ends in September; 2020 is in all three that were expected."""
    assert livraisons(con, "ars", "2020-07", "2021-02")["Nord"] == "1 sur 1"
    assert livraisons(con, "ars", "2020-11", "2021-02")["Nord"] == "0 sur 1, manque : 2020-12"
    assert livraisons(con, "ars", "2020", "2021-02")["Nord"] == "2 sur 3, manque : 2020-12"


def test_every_breakdown_and_every_code_has_words() -> None:
    feuille = feuille_de_route.lire()
    regles = regles_de(feuille)
    indicateurs = definition.lire()
    with en_memoire() as con:
        tables.charger_referentiel(con, feuille, indicateurs, regles.values())
        comptage.preparer(con, indicateurs, regles, ["2020-12"])
        con.execute(
            """
            insert into indicateurs.valeurs by name
            select indicateur, ventilation, modalite, '2020-12' as arrete, 'R32' as territoire
            from chantier.modalites
            union
            select indicateur, unnest(string_split(ventilations, '|')), 'non_renseigne', '2020-12',
                'R32'
            from referentiel.indicateurs where ventilations <> ''
            """
        )
        _avec_la_vue(con)
        sans_mots = con.execute(
            """
            select indicateur, ventilation, modalite from indicateurs.lisible
            where libelle_ventilation = ventilation or ordre_modalite = 999
            """
        ).fetchall()
        [compte] = con.execute(
            "select count(distinct (indicateur, ventilation)) from indicateurs.lisible"
        ).fetchall()
    assert not sans_mots
    assert compte == (sum(len(i.ventilations) for i in indicateurs),)
