"""Objectif 26: l'accès à la culture et au sport."""

from tests.indicators.conftest import Verifier


def test_culture_sport_beneficiaires(verifier: Verifier) -> None:
    verifier(
        "culture_sport_beneficiaires",
        "2020-12",
        """
        exercice | departement | axe           | statut    | beneficiaires_realises
        2018     | 59          | LANGUE        | FINANCE   | 500
        2018     | 59          | CULTURE_SPORT | ABANDONNE | 500
        2019     | 59          | CULTURE_SPORT | FINANCE   | 10
        2019     | 59          | CULTURE_SPORT | TERMINE   | -
        2019     | 59          | LANGUE        | FINANCE   | 500
        2019     | 02          | CULTURE_SPORT | EN_COURS  | 4
        2019     | 80          | CULTURE_SPORT | EN_COURS  | -
        2021     | 80          | CULTURE_SPORT | EN_COURS  | 500
        """,
        """
        territoire | periode | valeur | denominateur
        R32        | 2018    | absent | -
        D59        | 2019    | 10     | -
        D02        | 2019    | 4      | -
        D80        | 2019    | -      | -
        D60        | 2019    | 0      | -
        R32        | 2019    | 10 + 4 | -
        R32        | 2020    | 0      | -
        D80        | 2020    | 0      | -
        """,
    )


def test_departements_culture_sport(verifier: Verifier) -> None:
    verifier(
        "departements_culture_sport",
        "2020-12",
        """
        exercice | departement | axe           | statut    | beneficiaires_realises
        2018     | 59          | CULTURE_SPORT | FINANCE   | -
        2018     | 59          | CULTURE_SPORT | ABANDONNE | 500
        2019     | 59          | CULTURE_SPORT | FINANCE   | 10
        2019     | 59          | CULTURE_SPORT | FINANCE   | 20
        2019     | 02          | CULTURE_SPORT | TERMINE   | 1
        2019     | 80          | CULTURE_SPORT | EN_COURS  | 0
        2019     | 62          | CULTURE_SPORT | EN_COURS  | -
        2019     | 60          | DROITS        | EN_COURS  | 30
        2021     | 80          | CULTURE_SPORT | EN_COURS  | 30
        """,
        """
        territoire | periode | valeur | denominateur
        R32        | 2018    | absent | -
        D59        | 2019    | 1      | -
        D02        | 2019    | 1      | -
        D80        | 2019    | 0      | -
        D62        | 2019    | 0      | -
        D60        | 2019    | 0      | -
        R32        | 2019    | 1 + 1  | -
        R32        | 2020    | 0      | -
        R32        | 2021    | absent | -
        """,
    )


def test_culture_sport_part_moins_25(verifier: Verifier) -> None:
    """Over the projects that give both numbers."""
    verifier(
        "culture_sport_part_moins_25",
        "2020-12",
        """
        exercice | departement | axe           | statut    | dont_moins_25 | beneficiaires_realises
        2018     | 59          | CULTURE_SPORT | FINANCE   | -             | 10
        2018     | 59          | CULTURE_SPORT | FINANCE   | 5             | -
        2019     | 59          | CULTURE_SPORT | FINANCE   | 4             | 10
        2019     | 59          | CULTURE_SPORT | TERMINE   | 0             | 6
        2019     | 59          | CULTURE_SPORT | FINANCE   | -             | 50
        2019     | 59          | CULTURE_SPORT | FINANCE   | 7             | -
        2019     | 59          | CULTURE_SPORT | ABANDONNE | 9             | 9
        2019     | 59          | LANGUE        | FINANCE   | 8             | 8
        2019     | 02          | CULTURE_SPORT | EN_COURS  | 3             | 3
        2019     | 80          | CULTURE_SPORT | EN_COURS  | 0             | 0
        2021     | 80          | CULTURE_SPORT | EN_COURS  | 1             | 1
        """,
        """
        territoire | periode | numerateur | denominateur | valeur                 | rang
        R32        | 2018    | -          | -            | absent                 | -
        D59        | 2019    | 4 + 0      | 10 + 6       | 100 * 4 / (10 + 6)     | -
        D02        | 2019    | 3          | 3            | 100                    | -
        D80        | 2019    | 0          | 0            | -                      | -
        D62        | 2019    | 0          | 0            | -                      | -
        R32        | 2019    | 4 + 0 + 3  | 10 + 6 + 3   | 100 * 7 / (10 + 6 + 3) | -
        R32        | 2020    | 0          | 0            | -                      | -
        R32        | 2021    | -          | -            | absent                 | -
        """,
    )
