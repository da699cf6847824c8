"""Objectif 13: les outils partagés pour l'insertion professionnelle."""

from tests.indicators.conftest import Verifier


def test_outils_langues(verifier: Verifier) -> None:
    verifier(
        "outils_langues",
        "2020-06",
        """
        nom     | departement | statut  | date_deploiement | date_retrait | langues
        FACT    | 62          | DEPLOYE | 2019-12-31       | -            | 8
        Guide   | -           | DEPLOYE | 2020-01-01       | -            | 12
        Guide   | 02          | DEPLOYE | 2020-06-30       | -            | -
        Lexique | 62          | RETIRE  | 2019-01-01       | 2020-06-30   | 20
        Affiche | 80          | DEPLOYE | 2019-01-01       | -            | 0
        Fiches  | 59          | PREVU   | 2019-01-01       | -            | 30
        Bref    | 59          | RETIRE  | 2018-02-01       | 2018-12-31   | 40
        """,
        """
        territoire | periode | ventilation | modalite | numerateur | valeur | rang
        R32        | 2018    | total       | total    | -          | absent | -
        R32        | 2019    | total       | total    | 20         | 20     | -
        D62        | 2019    | total       | total    | 20         | 20     | 1
        D80        | 2019    | total       | total    | 0          | 0      | 2
        D59        | 2019    | total       | total    | -          | -      | -
        R32        | 2019    | outil       | FACT     | 8          | 8      | -
        D62        | 2019    | outil       | FACT     | 8          | 8      | 1
        D80        | 2019    | outil       | FACT     | -          | -      | -
        R32        | 2019    | outil       | Lexique  | 20         | 20     | -
        R32        | 2019    | outil       | Guide    | -          | -      | -
        R32        | 2020    | total       | total    | 12         | 12     | -
        D62        | 2020    | total       | total    | 8          | 8      | 1
        D02        | 2020    | total       | total    | -          | -      | -
        R32        | 2020    | outil       | Guide    | 12         | 12     | -
        D02        | 2020    | outil       | Guide    | -          | -      | -
        D62        | 2020    | outil       | Guide    | -          | -      | -
        R32        | 2020    | outil       | Lexique  | -          | -      | -
        R32        | 2019    | outil       | Fiches   | -          | absent | -
        R32        | 2019    | outil       | Bref     | -          | absent | -
        """,
    )


def test_outils_mots(verifier: Verifier) -> None:
    verifier(
        "outils_mots",
        "2020-12",
        """
        nom     | departement | statut  | date_deploiement | date_retrait | mots
        Ancien  | 59          | DEPLOYE | 2018-05-01       | 2019-01-01   | -
        FACT    | 62          | DEPLOYE | 2019-05-01       | -            | 1000
        FACT    | 02          | DEPLOYE | 2020-12-31       | -            | 1200
        Lexique | 62          | DEPLOYE | 2019-05-01       | -            | 300
        Guide   | -           | DEPLOYE | 2019-05-01       | -            | 1100
        """,
        """
        territoire | periode | ventilation | modalite | denominateur | valeur | part | ecart
        R32        | 2018    | total       | total    | -            | -      | -    | -
        R32        | 2018    | outil       | Ancien   | -            | -      | -    | -
        R32        | 2019    | total       | total    | -            | 1100   | -    | -
        R32        | 2019    | outil       | Guide    | -            | 1100   | -    | -
        D62        | 2019    | outil       | Guide    | -            | -      | -    | -
        D62        | 2019    | total       | total    | -            | 1000   | -    | -
        D02        | 2019    | total       | total    | -            | -      | -    | -
        D62        | 2019    | outil       | Lexique  | -            | 300    | -    | -
        R32        | 2020    | total       | total    | -            | 1200   | -    | 1200 - 1100
        R32        | 2020    | outil       | FACT     | -            | 1200   | -    | 1200 - 1000
        D62        | 2020    | outil       | FACT     | -            | 1000   | -    | 1000 - 1000
        D02        | 2020    | outil       | FACT     | -            | 1200   | -    | -
        """,
    )


def test_departements_avec_metiers_en_tension(verifier: Verifier) -> None:
    verifier(
        "departements_avec_metiers_en_tension",
        "2020-06",
        """
        type_outil       | departement | statut  | date_deploiement | date_retrait
        METIERS_TENSION  | -           | DEPLOYE | 2017-01-01       | -
        METIERS_TENSION  | 59          | DEPLOYE | 2018-12-31       | -
        METIERS_TENSION  | 59          | DEPLOYE | 2018-12-31       | -
        METIERS_TENSION  | 02          | RETIRE  | 2019-01-01       | 2020-07-01
        METIERS_TENSION  | 60          | RETIRE  | 2019-01-01       | 2020-06-30
        METIERS_TENSION  | 80          | PREVU   | 2018-01-01       | -
        CARTOGRAPHIE_FLE | 62          | DEPLOYE | 2018-01-01       | -
        """,
        """
        territoire | periode | valeur
        R32        | 2017    | absent
        R32        | 2018    | 1
        D59        | 2018    | 1
        D02        | 2018    | 0
        R32        | 2019    | 1 + 1 + 1
        D62        | 2019    | 0
        D80        | 2019    | 0
        R32        | 2020    | 1 + 1
        D02        | 2020    | 1
        D60        | 2020    | 0
        """,
    )


def test_departements_avec_insertion_globale(verifier: Verifier) -> None:
    verifier(
        "departements_avec_insertion_globale",
        "2020-06",
        """
        exercice | departement | axe    | statut    | accompagnes_emploi
        2018     | 59          | GLOBAL | FINANCE   | -
        2018     | 59          | GLOBAL | FINANCE   | 0
        2018     | 59          | EMPLOI | FINANCE   | 10
        2018     | 59          | GLOBAL | ABANDONNE | 10
        2019     | 59          | GLOBAL | FINANCE   | 1
        2019     | 59          | GLOBAL | TERMINE   | 20
        2019     | 02          | GLOBAL | EN_COURS  | 5
        2019     | 80          | GLOBAL | EN_COURS  | 0
        2019     | 62          | GLOBAL | ABANDONNE | 9
        2020     | 80          | GLOBAL | FINANCE   | 3
        2021     | 62          | GLOBAL | FINANCE   | 3
        """,
        """
        territoire | periode | valeur | denominateur | provisoire
        R32        | 2018    | absent | -            | -
        D59        | 2019    | 1      | -            | non
        D02        | 2019    | 1      | -            | non
        D80        | 2019    | 0      | -            | non
        D62        | 2019    | 0      | -            | non
        R32        | 2019    | 1 + 1  | -            | non
        D80        | 2020    | 1      | -            | oui
        D59        | 2020    | 0      | -            | oui
        R32        | 2020    | 1      | -            | oui
        R32        | 2021    | absent | -            | -
        """,
    )
