"""What may leave, worked by hand: small tables of counts, and what becomes of them."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from pipelines import feuille_de_route
from pipelines.contrats import regles_de
from pipelines.diffusion.masquage import diffuser
from pipelines.indicateurs import comptage, definition
from pipelines.indicateurs.definition import Indicateur
from tests.entrepots import en_memoire
from tests.tableaux import lignes, valeur

ARRETE = "2020-12"
CLE = ("territoire", "periode", "ventilation", "modalite")
MODELE = next(i for i in definition.lire() if i.nom == "cir_signataires")
EFFECTIF = replace(MODELE, nature="effectif", unite="personnes", sens="hausse", personnes="oui")
PART = replace(EFFECTIF, nature="part", unite="%", denominateur="contrats")
CIBLES = "insert into referentiel.cibles values ('cir_signataires', ?, ?, 'total', 'total', ?, '')"


def entrepot(indicateur: Indicateur, valeurs: str) -> duckdb.DuckDBPyConnection:
    """A warehouse that holds the values of one indicator; each row as in the table `valeurs`.

    A column that the table does not have is `total` in a key, the arrêté, or NULL.
    """
    feuille = feuille_de_route.lire()
    regles = regles_de(feuille)
    con = en_memoire(regles.values(), [indicateur], feuille)
    con.execute("truncate referentiel.cibles")
    comptage.preparer(con, [indicateur], regles, [ARRETE])
    comptage.livrer(con, [(indicateur.extrait, ARRETE)])
    for ligne in lignes(valeurs):
        complete = {
            "indicateur": indicateur.nom,
            "ventilation": "total",
            "modalite": "total",
            "arrete": ARRETE,
            "provisoire": "non",
            **ligne,
        }
        complete |= {c: valeur(v) for c, v in complete.items() if c not in (*CLE, "arrete")}
        noms = ", ".join(complete)
        con.execute(
            f"insert into indicateurs.valeurs ({noms}, type_periode) "
            f"values ({', '.join('?' for _ in complete)}, type_de_periode(?))",
            [*complete.values(), complete["periode"]],
        )
    return con


@pytest.fixture(scope="module")
def vide() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse, for its macros."""
    with en_memoire() as con:
        yield con


def verifier(con: duckdb.DuckDBPyConnection, attendu: str) -> None:
    """Publish, and compare with the table `attendu`: all the rows, the columns that it has."""
    diffuser(con)
    resultat = con.execute("from diffusion.valeurs")
    noms = [d[0] for d in resultat.description or []]
    trouvees = {}
    for ligne in resultat.fetchall():
        nommee = dict(zip(noms, ligne, strict=True))
        trouvees[tuple(nommee[c] for c in CLE)] = nommee
    attendues = lignes(attendu)
    assert len(trouvees) == len(attendues)
    for attendue in attendues:
        trouvee = trouvees[tuple(attendue.get(c) or "total" for c in CLE)]
        for colonne, cellule in attendue.items():
            if colonne not in CLE:
                voulu = valeur(cellule)
                if isinstance(voulu, float):
                    voulu = pytest.approx(voulu, rel=1e-12)
                assert trouvee[colonne] == voulu, (colonne, trouvee)
    con.close()


@pytest.mark.parametrize(
    ("nombre", "diffuse"),
    [
        (None, None),
        (0, 0),
        (0.5, None),
        (1, None),
        (4, None),
        (4.999, None),
        (5, 5),
        (7, 5),
        (7.4, 5),
        (7.5, 10),
        (8, 10),
        (12, 10),
        (12.5, 15),
        (13, 15),
        (17.5, 20),
        (1_000_002, 1_000_000),
        (1_000_002.5, 1_000_005),
        (1_000_003, 1_000_005),
    ],
)
def test_a_number_is_masked_from_1_to_4_then_rounded_half_up(
    vide: duckdb.DuckDBPyConnection, nombre: float | None, diffuse: float | None
) -> None:
    assert vide.execute("select diffusable(cast(? as double))", [nombre]).fetchone() == (diffuse,)


@pytest.mark.parametrize(
    "nom",
    [
        "attributions_hebergement_generaliste",
        "logements_mobilises",
        "logements_part_hors_grandes_villes",
    ],
)
def test_lodgings_found_for_people_count_them(nom: str) -> None:
    """A lodging stands for those who live in it: a small count does not leave."""
    [indicateur] = definition.lire({nom})
    con = entrepot(indicateur, "territoire | periode | numerateur\nD59 | 2020 | 3")
    verifier(
        con,
        """
        territoire | periode | numerateur | valeur | masque
        D59        | 2020    | -          | -      | oui
        """,
    )


def test_each_count_is_rounded_by_itself() -> None:
    con = entrepot(
        EFFECTIF,
        """
        territoire | periode | numerateur | valeur
        D02        | 2020    | 0          | 0
        D59        | 2020    | 1          | 1
        D60        | 2020    | 4          | 4
        D62        | 2020    | 5          | 5
        D80        | 2020    | 8          | 8
        R32        | 2020    | 18         | 18
        D02        | 2019    | -          | -
        """,
    )
    verifier(
        con,
        """
        territoire | periode | numerateur | denominateur | valeur | masque
        D02        | 2020    | 0          | -            | 0      | non
        D59        | 2020    | -          | -            | -      | oui
        D60        | 2020    | -          | -            | -      | oui
        D62        | 2020    | 5          | -            | 5      | non
        D80        | 2020    | 10         | -            | 10     | non
        R32        | 2020    | 20         | -            | 20     | non
        D02        | 2019    | -          | -            | -      | non
        """,
    )


def test_a_rate_is_recomputed_from_rounded_numbers_and_withheld_if_one_is_masked() -> None:
    """And over a rounded base under 30, as D62's."""
    con = entrepot(
        PART,
        """
        territoire | periode | numerateur | denominateur | valeur
        D02        | 2020    | 8          | 32           | 100 * 8 / 32
        D59        | 2020    | 3          | 32           | 100 * 3 / 32
        D60        | 2020    | 0          | 4            | 0
        D62        | 2020    | 0          | 27           | 0
        D80        | 2020    | 0          | 28           | 0
        R32        | 2020    | 8 + 3      | 64 + 4 + 55  | 100 * 11 / 123
        D02        | 2019    | 0          | 0            | -
        """,
    )
    verifier(
        con,
        """
        territoire | periode | numerateur | denominateur | valeur         | masque
        D02        | 2020    | 10         | 30           | 100 * 10 / 30  | non
        D59        | 2020    | -          | 30           | -              | oui
        D60        | 2020    | 0          | -            | -              | oui
        D62        | 2020    | 0          | 25           | -              | non
        D80        | 2020    | 0          | 30           | 0              | non
        R32        | 2020    | 10         | 125          | 100 * 10 / 125 | non
        D02        | 2019    | 0          | 0            | -              | non
        """,
    )


def test_a_mean_is_no_percentage() -> None:
    con = entrepot(
        replace(EFFECTIF, nature="moyenne", unite="heures"),
        """
        territoire | periode | numerateur | denominateur | valeur
        D02        | 2020    | 1203       | 28           | 1203 / 28
        D59        | 2020    | 600        | 3            | 200
        D60        | 2020    | 600        | 27           | 600 / 27
        """,
    )
    verifier(
        con,
        """
        territoire | periode | numerateur | denominateur | valeur    | masque
        D02        | 2020    | 1205       | 30           | 1205 / 30 | non
        D59        | 2020    | 600        | -            | -         | oui
        D60        | 2020    | 600        | 25           | -         | non
        """,
    )


def test_shares_of_a_ventilation_are_withheld_if_one_modalite_is_masked() -> None:
    """And where what is known of it, rounded, is under 30, as D59's."""
    con = entrepot(
        EFFECTIF,
        """
        territoire | periode | ventilation | modalite       | numerateur | valeur
        D02        | 2020    | total       | total          | 35         | 35
        D02        | 2020    | sexe        | F              | 18         | 18
        D02        | 2020    | sexe        | H              | 17         | 17
        D02        | 2020    | bpi         | O              | 2          | 2
        D02        | 2020    | bpi         | N              | 33         | 33
        D59        | 2020    | bpi         | O              | 27         | 27
        D59        | 2020    | bpi         | N              | 0          | 0
        D60        | 2020    | bpi         | O              | 50         | 50
        D60        | 2020    | bpi         | N              | 50         | 50
        D60        | 2020    | bpi         | non_renseigne  | 10         | 10
        D62        | 2020    | bpi         | O              | 50         | 50
        D62        | 2020    | bpi         | non_renseigne  | 1          | 1
        """,
    )
    verifier(
        con,
        """
        territoire | periode | ventilation | modalite       | numerateur | part          | masque
        D02        | 2020    | total       | total          | 35         | -             | non
        D02        | 2020    | sexe        | F              | 20         | 100 * 20 / 35 | non
        D02        | 2020    | sexe        | H              | 15         | 100 * 15 / 35 | non
        D02        | 2020    | bpi         | O              | -          | -             | oui
        D02        | 2020    | bpi         | N              | 35         | -             | non
        D59        | 2020    | bpi         | O              | 25         | -             | non
        D59        | 2020    | bpi         | N              | 0          | -             | non
        D60        | 2020    | bpi         | O              | 50         | 50            | non
        D60        | 2020    | bpi         | N              | 50         | 50            | non
        D60        | 2020    | bpi         | non_renseigne  | 10         | -             | non
        D62        | 2020    | bpi         | O              | 50         | -             | non
        D62        | 2020    | bpi         | non_renseigne  | -          | -             | oui
        """,
    )


def test_ranks_are_shown_where_all_departments_have_a_value() -> None:
    con = entrepot(
        replace(EFFECTIF, sens="baisse"),
        """
        territoire | periode | numerateur | valeur | rang
        D02        | 2020    | 3          | 3      | 1
        D59        | 2020    | 12         | 12     | 3
        D60        | 2020    | 11         | 11     | 2
        D62        | 2020    | 20         | 20     | 4
        D80        | 2020    | 0          | 0      | 1
        R32        | 2020    | 46         | 46     | -
        D02        | 2019    | 13         | 13     | 4
        D59        | 2019    | 12         | 12     | 3
        D60        | 2019    | 11         | 11     | 2
        D62        | 2019    | 20         | 20     | 5
        D80        | 2019    | 0          | 0      | 1
        D02        | 2018    | 13         | 13     | 1
        D59        | 2018    | -          | -      | -
        """,
    )
    verifier(
        con,
        """
        territoire | periode | valeur | rang
        D02        | 2020    | -      | -
        D59        | 2020    | 10     | -
        D60        | 2020    | 10     | -
        D62        | 2020    | 20     | -
        D80        | 2020    | 0      | -
        R32        | 2020    | 45     | -
        D02        | 2019    | 15     | 4
        D59        | 2019    | 10     | 2
        D60        | 2019    | 10     | 2
        D62        | 2019    | 20     | 5
        D80        | 2019    | 0      | 1
        D02        | 2018    | 15     | -
        D59        | 2018    | -      | -
        """,
    )


def test_a_change_is_recomputed_and_withheld_if_one_period_is_masked() -> None:
    """In %, from a rounded 30 on."""
    con = entrepot(
        EFFECTIF,
        """
        territoire | periode | provisoire | numerateur | valeur | evolution | multiplicateur | ecart
        D02        | 2018    | non        | 12         | 12     | -         | -              | -
        D02        | 2019    | non        | 18         | 18     | 50        | 18 / 12        | 6
        D02        | 2020    | oui        | 30         | 30     | -         | -              | -
        D59        | 2018    | non        | 4          | 4      | -         | -              | -
        D59        | 2019    | non        | 18         | 18     | 350       | 18 / 4         | 14
        D60        | 2018    | non        | 18         | 18     | -         | -              | -
        D60        | 2019    | non        | 4          | 4      | -100*7/9  | 4 / 18         | -14
        D62        | 2018    | non        | 0          | 0      | -         | -              | -
        D62        | 2019    | non        | 18         | 18     | -         | -              | 18
        D62        | cumul   | non        | 18         | 18     | -         | -              | -
        D80        | 2018    | non        | 28         | 28     | -         | -              | -
        D80        | 2019    | non        | 42         | 42     | 50        | 42 / 28        | 14
        """,
    )
    verifier(
        con,
        """
        territoire | periode | valeur | evolution | multiplicateur | ecart
        D02        | 2018    | 10     | -         | -              | -
        D02        | 2019    | 20     | -         | -              | 10
        D02        | 2020    | 30     | -         | -              | -
        D59        | 2018    | -      | -         | -              | -
        D59        | 2019    | 20     | -         | -              | -
        D60        | 2018    | 20     | -         | -              | -
        D60        | 2019    | -      | -         | -              | -
        D62        | 2018    | 0      | -         | -              | -
        D62        | 2019    | 20     | -         | -              | 20
        D62        | cumul   | 20     | -         | -              | -
        D80        | 2018    | 30     | -         | -              | -
        D80        | 2019    | 40     | 100*10/30 | 40 / 30        | 10
        """,
    )


def test_the_year_to_date_is_recomputed_from_counts_fit_to_leave() -> None:
    """Counts of the year before are masked and rounded like those of this year."""
    con = entrepot(
        PART,
        """
        territoire | periode | provisoire | numerateur | denominateur | precedente_a_date
        D02        | 2020    | oui        | 18         | 42           | 100 * 12 / 38
        D59        | 2020    | oui        | 18         | 42           | 100 * 3 / 38
        D60        | 2020    | oui        | 18         | 42           | -
        """,
    )
    con.execute(
        """
        insert into indicateurs.a_date by name
        select
            'cir_signataires' as indicateur, territoire, '2020' as periode,
            'total' as ventilation, 'total' as modalite, '2020-12' as arrete, numerateur,
            38 as denominateur
        from (values ('D02', 12), ('D59', 3)) as t(territoire, numerateur)
        """
    )
    verifier(
        con,
        """
        territoire | periode | valeur        | precedente_a_date | evolution_a_date | ecart_a_date
        D02        | 2020    | 100 * 20 / 40 | 100 * 10 / 40     | 100 * 25 / 25    | 50 - 25
        D59        | 2020    | 100 * 20 / 40 | -                 | -                | -
        D60        | 2020    | 100 * 20 / 40 | -                 | -                | -
        """,
    )


def test_a_rate_is_compared_where_both_rates_are_shown() -> None:
    """What is compared inside does not matter, but that it is."""
    con = entrepot(
        PART,
        """
        territoire | periode | provisoire | numerateur | denominateur | valeur        | ecart
        D02        | 2018    | non        | 10         | 28           | 100 * 10 / 28 | -
        D02        | 2019    | non        | 20         | 40           | 50            | 1
        D59        | 2018    | non        | 10         | 27           | 100 * 10 / 27 | -
        D59        | 2019    | non        | 20         | 40           | 50            | 1
        """,
    )
    verifier(
        con,
        """
        territoire | periode | valeur        | evolution        | multiplicateur | ecart
        D02        | 2018    | 100 * 10 / 30 | -                | -              | -
        D02        | 2019    | 100 * 20 / 40 | 100 * (1.5 - 1)  | 50*30/1000     | 50-1000/30
        D59        | 2018    | -             | -                | -              | -
        D59        | 2019    | 100 * 20 / 40 | -                | -              | -
        """,
    )


def test_a_count_to_date_is_compared_in_percent_from_30_on() -> None:
    con = entrepot(
        EFFECTIF,
        """
        territoire | periode | provisoire | numerateur | valeur | precedente_a_date
        D02        | 2020    | oui        | 42         | 42     | 28
        D59        | 2020    | oui        | 42         | 42     | 27
        """,
    )
    con.execute(
        """
        insert into indicateurs.a_date by name
        select
            'cir_signataires' as indicateur, territoire, '2020' as periode,
            'total' as ventilation, 'total' as modalite, '2020-12' as arrete, numerateur
        from (values ('D02', 28), ('D59', 27)) as t(territoire, numerateur)
        """
    )
    verifier(
        con,
        """
        territoire | periode | valeur | precedente_a_date | evolution_a_date | ecart_a_date
        D02        | 2020    | 40     | 30                | 100 * 10 / 30    | 10
        D59        | 2020    | 40     | 25                | -                | 15
        """,
    )


def test_a_rate_of_target_is_recomputed() -> None:
    con = entrepot(
        EFFECTIF,
        """
        territoire | periode | numerateur | valeur | valeur_cible | taux_cible
        R32        | 2020    | 18         | 18     | 40           | 45
        D02        | 2020    | 4          | 4      | 8            | 50
        """,
    )
    con.executemany(CIBLES, [["R32", "2020", 40], ["D02", "2020", 8]])
    verifier(
        con,
        """
        territoire | periode | valeur | valeur_cible | taux_cible
        R32        | 2020    | 20     | 40           | 50
        D02        | 2020    | -      | 8            | -
        """,
    )


def test_what_counts_no_persons_goes_out_as_it_is() -> None:
    tel_quel = """
        territoire | periode | numerateur | valeur | part | evolution | rang | taux_cible
        D02        | 2020    | 1          | 1      | 33   | 12.5      | 2    | 7
        D59        | 2020    | 8          | 8      | 67   | -         | 1    | -
        """
    con = entrepot(replace(EFFECTIF, personnes="non"), tel_quel)
    verifier(
        con,
        """
        territoire | periode | numerateur | valeur | part | evolution | rang | taux_cible | masque
        D02        | 2020    | 1          | 1      | 33   | 12.5      | 2    | 7          | non
        D59        | 2020    | 8          | 8      | 67   | -         | 1    | -          | non
        """,
    )


def test_a_printed_national_figure_goes_out_as_it_is() -> None:
    con = entrepot(
        EFFECTIF,
        """
        territoire | periode | numerateur | valeur
        FR         | 2019    | -          | 10648
        R32        | 2019    | 18         | 18
        """,
    )
    verifier(
        con,
        """
        territoire | periode | numerateur | valeur | masque
        FR         | 2019    | -          | 10648  | non
        R32        | 2019    | 20         | 20     | non
        """,
    )


def test_only_the_last_arrete_goes_out() -> None:
    con = entrepot(
        EFFECTIF,
        """
        territoire | periode | arrete  | numerateur | valeur
        R32        | 2020    | 2020-11 | 100        | 100
        R32        | 2020    | 2020-12 | 18         | 18
        """,
    )
    verifier(
        con,
        """
        territoire | periode | numerateur
        R32        | 2020    | 20
        """,
    )


def test_an_indicator_that_the_region_dropped_stays_in() -> None:
    con = entrepot(EFFECTIF, "territoire | periode | numerateur\nR32 | 2020 | 18")
    con.execute(
        "insert into indicateurs.valeurs by name "
        "select * replace ('abandonne' as indicateur) from indicateurs.valeurs"
    )
    verifier(con, "territoire | periode | numerateur\nR32 | 2020 | 20")
