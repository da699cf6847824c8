"""Objectif 15: les jeunes de moins de 25 ans."""

from tests.indicators.conftest import Verifier


def test_jeunes_insertion_professionnelle(verifier: Verifier) -> None:
    verifier(
        "jeunes_insertion_professionnelle",
        "2020-12",
        """
        exercice | departement | statut    | jeunes_insertion | dont_moins_25
        2018     | 59          | ABANDONNE | 6                | 80
        2019     | 59          | TERMINE   | 30               | 80
        2019     | 59          | EN_COURS  | 12               | 80
        2019     | 59          | ABANDONNE | 50               | 80
        2019     | 02          | FINANCE   | -                | 80
        2019     | 80          | FINANCE   | 7                | 80
        2019     | 80          | FINANCE   | -                | 80
        """,
        """
        territoire | periode | valeur
        R32        | 2018    | absent
        R32        | 2019    | 30 + 12 + 7
        D59        | 2019    | 30 + 12
        D02        | 2019    | -
        D62        | 2019    | 0
        D80        | 2019    | 7
        R32        | 2020    | 0
        """,
    )


def test_jeunes_part_insertion_professionnelle(verifier: Verifier) -> None:
    verifier(
        "jeunes_part_insertion_professionnelle",
        "2019-12",
        """
        exercice | departement | statut    | jeunes_insertion | accompagnes_emploi
        2018     | 59          | TERMINE   | -                | 90
        2019     | 59          | TERMINE   | 30               | 100
        2019     | 59          | TERMINE   | -                | 50
        2019     | 59          | ABANDONNE | 50               | 60
        2019     | 02          | FINANCE   | 8                | 10
        2019     | 02          | FINANCE   | 6                | -
        2019     | 62          | FINANCE   | 0                | 0
        2019     | 80          | FINANCE   | 0                | 4
        """,
        """
        territoire | periode | numerateur  | denominateur | valeur
        R32        | 2018    | -           | -            | absent
        R32        | 2019    | 30 + 8 + 0  | 100 + 10 + 4 | 100 * (30 + 8) / (100 + 10 + 4)
        D59        | 2019    | 30          | 100          | 100 * 30 / 100
        D02        | 2019    | 8           | 10           | 100 * 8 / 10
        D62        | 2019    | 0           | 0            | -
        D80        | 2019    | 0           | 4            | 100 * 0 / 4
        D60        | 2019    | 0           | 0            | -
        """,
    )


def test_projets_jeunes(verifier: Verifier) -> None:
    verifier(
        "projets_jeunes",
        "2019-12",
        """
        exercice | departement | statut    | public_jeune
        2017     | 59          | TERMINE   | false
        2018     | 59          | TERMINE   | true
        2019     | 80          | TERMINE   | true
        2019     | 80          | FINANCE   | true
        2019     | 80          | ABANDONNE | true
        2019     | 80          | FINANCE   | false
        2019     | 02          | FINANCE   | -
        2019     | 62          | EN_COURS  | true
        2020     | 62          | EN_COURS  | true
        """,
        """
        territoire | periode | valeur | multiplicateur
        R32        | 2017    | absent | -
        R32        | 2018    | 1      | -
        R32        | 2019    | 2 + 1  | 3 / 1
        D80        | 2019    | 2      | -
        D62        | 2019    | 1      | -
        D02        | 2019    | 0      | -
        D59        | 2019    | 0      | 0 / 1
        R32        | 2020    | absent | -
        """,
    )


def test_places_colocation_jeunes(verifier: Verifier) -> None:
    verifier(
        "places_colocation_jeunes",
        "2020-06",
        """
        dispositif        | departement | annee_objectif | statut    | date_ouverture | places
        COLOCATION_JEUNES | 60          | 2018           | CONFIRMEE | 2018-09-01     | 15
        COLOCATION_JEUNES | 59          | 2019           | OUVERTE   | 2020-06-30     | 4
        COLOCATION_JEUNES | 59          | 2019           | FERMEE    | 2019-01-01     | 3
        COLOCATION_JEUNES | 59          | 2019           | OUVERTE   | 2020-07-01     | 20
        COLOCATION_JEUNES | 59          | 2019           | REPORTEE  | 2019-01-01     | 30
        COLOCATION_JEUNES | 80          | 2019           | CONFIRMEE | -              | 40
        FJT               | 80          | 2019           | OUVERTE   | 2019-01-01     | 50
        COLOCATION_JEUNES | 62          | 2019           | OUVERTE   | 2018-05-01     | 6
        COLOCATION_JEUNES | 02          | 2020           | OUVERTE   | 2020-01-01     | 5
        COLOCATION_JEUNES | 02          | 2021           | OUVERTE   | 2020-01-01     | 70
        """,
        """
        territoire | periode | valeur    | provisoire
        R32        | 2018    | absent    | -
        R32        | 2019    | 4 + 3 + 6 | non
        D59        | 2019    | 4 + 3     | non
        D62        | 2019    | 6         | non
        D80        | 2019    | 0         | non
        R32        | 2020    | 5         | oui
        D02        | 2020    | 5         | oui
        D59        | 2020    | 0         | oui
        R32        | 2021    | absent    | -
        """,
    )
