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
