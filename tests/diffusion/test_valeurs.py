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
    con = entrepot(
        PART,
        """
        territoire | periode | numerateur | denominateur | valeur
        D02        | 2020    | 8          | 12           | 100 * 8 / 12
        D59        | 2020    | 3          | 12           | 25
        D60        | 2020    | 0          | 4            | 0
        D62        | 2020    | 0          | 12           | 0
        D80        | 2020    | 0          | 0            | -
        R32        | 2020    | 11         | 40           | 100 * 11 / 40
        """,
    )
    verifier(
        con,
        """
        territoire | periode | numerateur | denominateur | valeur        | rang | masque
        D02        | 2020    | 10         | 10           | 100           | 1    | non
        D59        | 2020    | -          | 10           | -             | -    | oui
        D60        | 2020    | 0          | -            | -             | -    | oui
        D62        | 2020    | 0          | 10           | 0             | 2    | non
        D80        | 2020    | 0          | 0            | -             | -    | non
        R32        | 2020    | 10         | 40           | 100 * 10 / 40 | -    | non
        """,
    )


def test_a_mean_is_no_percentage() -> None:
    con = entrepot(
        replace(EFFECTIF, nature="moyenne", unite="heures"),
        """
        territoire | periode | numerateur | denominateur | valeur
        D02        | 2020    | 1203       | 8            | 1203 / 8
        D59        | 2020    | 600        | 3            | 200
        """,
    )
    verifier(
        con,
        """
        territoire | periode | numerateur | denominateur | valeur    | masque
        D02        | 2020    | 1205       | 10           | 1205 / 10 | non
        D59        | 2020    | 600        | -            | -         | oui
        """,
    )


def test_shares_of_a_ventilation_are_withheld_if_one_modalite_is_masked() -> None:
    con = entrepot(
        EFFECTIF,
        """
        territoire | periode | ventilation | modalite       | numerateur | valeur
        D02        | 2020    | total       | total          | 25         | 25
        D02        | 2020    | sexe        | F              | 13         | 13
        D02        | 2020    | sexe        | H              | 12         | 12
        D02        | 2020    | bpi         | O              | 2          | 2
        D02        | 2020    | bpi         | N              | 23         | 23
        D59        | 2020    | bpi         | O              | 7          | 7
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
        D02        | 2020    | total       | total          | 25         | -             | non
        D02        | 2020    | sexe        | F              | 15         | 100 * 15 / 25 | non
        D02        | 2020    | sexe        | H              | 10         | 100 * 10 / 25 | non
        D02        | 2020    | bpi         | O              | -          | -             | oui
        D02        | 2020    | bpi         | N              | 25         | -             | non
        D59        | 2020    | bpi         | O              | 5          | 100           | non
        D59        | 2020    | bpi         | N              | 0          | 0             | non
        D60        | 2020    | bpi         | O              | 50         | 50            | non
        D60        | 2020    | bpi         | N              | 50         | 50            | non
        D60        | 2020    | bpi         | non_renseigne  | 10         | -             | non
        D62        | 2020    | bpi         | O              | 50         | -             | non
        D62        | 2020    | bpi         | non_renseigne  | -          | -             | oui
        """,
    )


def test_ranks_leave_masked_departments_aside() -> None:
    con = entrepot(
        replace(EFFECTIF, sens="baisse"),
        """
        territoire | periode | numerateur | valeur | rang
        D02        | 2020    | 3          | 3      | 1
        D59        | 2020    | 12         | 12     | 3
        D60        | 2020    | 11         | 11     | 2
        D62        | 2020    | 20         | 20     | 4
        D80        | 2020    | -          | -      | -
        R32        | 2020    | 46         | 46     | -
        """,
    )
    verifier(
        con,
        """
        territoire | periode | valeur | rang
        D02        | 2020    | -      | -
        D59        | 2020    | 10     | 1
        D60        | 2020    | 10     | 1
        D62        | 2020    | 20     | 3
        D80        | 2020    | -      | -
        R32        | 2020    | 45     | -
        """,
    )


def test_a_change_is_recomputed_and_withheld_if_one_period_is_masked() -> None:
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
        """,
    )
    verifier(
        con,
        """
        territoire | periode | valeur | evolution | multiplicateur | ecart
        D02        | 2018    | 10     | -         | -              | -
        D02        | 2019    | 20     | 100       | 2              | 10
        D02        | 2020    | 30     | -         | -              | -
        D59        | 2018    | -      | -         | -              | -
        D59        | 2019    | 20     | -         | -              | -
        D60        | 2018    | 20     | -         | -              | -
        D60        | 2019    | -      | -         | -              | -
        D62        | 2018    | 0      | -         | -              | -
        D62        | 2019    | 20     | -         | -              | 20
        D62        | cumul   | 20     | -         | -              | -
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
