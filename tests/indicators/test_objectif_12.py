"""Objectif 12: l'accompagnement vers l'emploi."""

from tests.indicators.conftest import Verifier


def test_emploi_accompagnes(verifier: Verifier) -> None:
    verifier(
        "emploi_accompagnes",
        "2021-12",
        """
        exercice | departement | axe    | statut    | accompagnes_emploi
        2018     | 59          | EMPLOI | ABANDONNE | 10
        2019     | 59          | EMPLOI | TERMINE   | 40
        2019     | 59          | LANGUE | EN_COURS  | 5
        2019     | 59          | EMPLOI | ABANDONNE | 70
        2019     | 02          | EMPLOI | FINANCE   | -
        2019     | 80          | EMPLOI | FINANCE   | 0
        2020     | 02          | EMPLOI | FINANCE   | 9
        """,
        """
        territoire | periode | valeur     | ecart
        R32        | 2018    | absent     | -
        R32        | 2019    | 40 + 5 + 0 | -
        D59        | 2019    | 40 + 5     | -
        D02        | 2019    | -          | -
        D62        | 2019    | 0          | -
        D80        | 2019    | 0          | -
        R32        | 2020    | 9          | 9 - 45
        D02        | 2020    | 9          | -
        """,
    )


def test_emploi_reprises_etudes(verifier: Verifier) -> None:
    verifier(
        "emploi_reprises_etudes",
        "2019-12",
        """
        exercice | departement | statut    | accompagnes_emploi | reprises_etudes
        2018     | 80          | TERMINE   | 10                 | -
        2019     | 59          | TERMINE   | 40                 | 7
        2019     | 59          | TERMINE   | 40                 | -
        2019     | 62          | FINANCE   | 20                 | 3
        2019     | 62          | ABANDONNE | 20                 | 11
        2019     | 80          | FINANCE   | 20                 | -
        2020     | 59          | FINANCE   | 20                 | 13
        """,
        """
        territoire | periode | valeur
        R32        | 2018    | -
        D59        | 2018    | 0
        R32        | 2019    | 7 + 3
        D59        | 2019    | 7
        D62        | 2019    | 3
        D80        | 2019    | -
        D02        | 2019    | 0
        R32        | 2020    | absent
        """,
    )


def test_emploi_entrees_formation(verifier: Verifier) -> None:
    verifier(
        "emploi_entrees_formation",
        "2020-12",
        """
        exercice | departement | statut    | entrees_formation | sorties_emploi
        2018     | 59          | TERMINE   | 4                 | 50
        2019     | 59          | TERMINE   | 6                 | 50
        2019     | 59          | FINANCE   | 2                 | 50
        2019     | 59          | ABANDONNE | 30                | 50
        2019     | 60          | EN_COURS  | -                 | 50
        2019     | 80          | EN_COURS  | 1                 | 50
        """,
        """
        territoire | periode | valeur    | ecart
        R32        | 2018    | 4         | -
        R32        | 2019    | 6 + 2 + 1 | 9 - 4
        D59        | 2019    | 6 + 2     | 8 - 4
        D60        | 2019    | -         | -
        D80        | 2019    | 1         | 1 - 0
        D02        | 2019    | 0         | 0 - 0
        """,
    )


def test_emploi_sorties_emploi(verifier: Verifier) -> None:
    verifier(
        "emploi_sorties_emploi",
        "2020-12",
        """
        exercice | departement | statut    | entrees_formation | sorties_emploi
        2019     | 59          | TERMINE   | 50                | 10
        2019     | 59          | FINANCE   | 50                | 20
        2019     | 02          | EN_COURS  | 50                | 0
        2019     | 02          | ABANDONNE | 50                | 40
        2019     | 80          | EN_COURS  | 50                | -
        """,
        """
        territoire | periode | valeur
        R32        | 2019    | 10 + 20 + 0
        D59        | 2019    | 10 + 20
        D02        | 2019    | 0
        D80        | 2019    | -
        R32        | 2020    | -
        D59        | 2020    | -
        """,
        livre="2019-12",
    )


def test_emploi_part_sorties_positives(verifier: Verifier) -> None:
    verifier(
        "emploi_part_sorties_positives",
        "2020-12",
        """
        exercice | departement | statut    | entrees_formation | sorties_emploi | accompagnes_emploi
        2018     | 59          | TERMINE   | 3                 | -              | 20
        2019     | 59          | TERMINE   | 10                | 20             | 100
        2019     | 59          | TERMINE   | -                 | 5              | 50
        2019     | 59          | TERMINE   | 5                 | -              | 50
        2019     | 59          | ABANDONNE | 30                | 30             | 60
        2019     | 02          | FINANCE   | 4                 | 1              | 10
        2019     | 02          | FINANCE   | 4                 | 1              | -
        2019     | 62          | FINANCE   | 0                 | 0              | 0
        2020     | 80          | FINANCE   | 0                 | 0              | 7
        """,
        """
        territoire | periode | numerateur          | denominateur | valeur                 | rang
        R32        | 2018    | -                   | -            | absent                 | -
        R32        | 2019    | (10 + 20) + (4 + 1) | 100 + 10 + 0 | 100 * 35 / (100 + 10)  | -
        D59        | 2019    | 10 + 20             | 100          | 100 * (10 + 20) / 100  | 2
        D02        | 2019    | 4 + 1               | 10           | 100 * (4 + 1) / 10     | 1
        D62        | 2019    | 0                   | 0            | -                      | -
        D80        | 2019    | 0                   | 0            | -                      | -
        R32        | 2020    | 0                   | 7            | 100 * 0 / 7            | -
        """,
    )
