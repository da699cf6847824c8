"""Objectif 1: le pilotage régional."""

from tests.indicators.conftest import Verifier


def test_comites_regionaux_tenus(verifier: Verifier) -> None:
    verifier(
        "comites_regionaux_tenus",
        "2020-06",
        """
        niveau        | departement | instance      | date_reunion
        REGIONAL      | -           | COTECH        | 2017-03-01
        REGIONAL      | -           | COPIL         | 2018-01-01
        REGIONAL      | -           | COPIL         | 2018-12-31
        REGIONAL      | -           | GROUPE_TRAVAIL| 2018-05-02
        DEPARTEMENTAL | 59          | COPIL         | 2018-05-03
        REGIONAL      | -           | COPIL         | 2020-06-30
        """,
        """
        territoire | periode | numerateur | denominateur | valeur | provisoire
        R32        | 2017    | -          | -            | absent | -
        R32        | 2018    | 1 + 1      | -            | 1 + 1  | non
        R32        | 2019    | 0          | -            | 0      | non
        R32        | 2020    | 1          | -            | 1      | oui
        D59        | 2018    | -          | -            | absent | -
        """,
    )


def test_comites_regionaux_tenus_is_unknown_where_nothing_was_delivered(verifier: Verifier) -> None:
    verifier(
        "comites_regionaux_tenus",
        "2020-06",
        """
        niveau   | instance | date_reunion
        REGIONAL | COPIL    | 2018-01-15
        """,
        """
        territoire | periode | numerateur | valeur
        R32        | 2018    | 1          | 1
        R32        | 2019    | 0          | 0
        R32        | 2020    | -          | -
        """,
        livre="2019-12",
    )


def test_comites_regionaux_participants(verifier: Verifier) -> None:
    verifier(
        "comites_regionaux_participants",
        "2020-12",
        """
        niveau        | departement | instance | date_reunion | participants
        REGIONAL      | -           | COPIL    | 2018-03-01   | 30
        REGIONAL      | -           | COPIL    | 2018-10-01   | -
        REGIONAL      | -           | COPIL    | 2018-10-01   | 12
        REGIONAL      | -           | COTECH   | 2018-10-02   | 100
        DEPARTEMENTAL | 62          | COPIL    | 2018-10-03   | 100
        REGIONAL      | -           | COPIL    | 2019-03-01   | -
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        R32        | 2018    | 30 + 12    | -            | 30 + 12
        R32        | 2019    | -          | -            | -
        R32        | 2020    | 0          | -            | 0
        D62        | 2018    | -          | -            | absent
        """,
    )


def test_comites_regionaux_ateliers(verifier: Verifier) -> None:
    verifier(
        "comites_regionaux_ateliers",
        "2020-12",
        """
        niveau        | departement | instance  | date_reunion | ateliers
        REGIONAL      | -           | COPIL     | 2018-03-01   | 0
        REGIONAL      | -           | COPIL     | 2019-03-01   | 4
        REGIONAL      | -           | COPIL     | 2019-09-01   | 3
        REGIONAL      | -           | COPIL     | 2019-10-01   | -
        REGIONAL      | -           | FORMATION | 2019-10-02   | 50
        DEPARTEMENTAL | 80          | COPIL     | 2019-10-03   | 50
        REGIONAL      | -           | COPIL     | 2020-03-01   | -
        """,
        """
        territoire | periode | valeur | ecart
        R32        | 2018    | 0      | -
        R32        | 2019    | 4 + 3  | 4 + 3 - 0
        R32        | 2020    | -      | -
        D80        | 2019    | absent | -
        """,
    )


def test_groupes_travail_regionaux(verifier: Verifier) -> None:
    verifier(
        "groupes_travail_regionaux",
        "2020-12",
        """
        niveau        | departement | instance       | date_reunion
        REGIONAL      | -           | COPIL          | 2018-03-01
        REGIONAL      | -           | GROUPE_TRAVAIL | 2019-03-01
        REGIONAL      | -           | GROUPE_TRAVAIL | 2019-03-01
        REGIONAL      | -           | FORMATION      | 2019-11-01
        REGIONAL      | -           | COTECH         | 2019-11-02
        DEPARTEMENTAL | 59          | FORMATION      | 2019-11-03
        DEPARTEMENTAL | 02          | GROUPE_TRAVAIL | 2019-11-04
        REGIONAL      | -           | GROUPE_TRAVAIL | 2020-02-01
        """,
        """
        territoire | periode | ventilation | modalite       | valeur | part
        R32        | 2018    | total       | total          | absent | -
        R32        | 2019    | total       | total          | 2 + 1  | -
        R32        | 2019    | instance    | GROUPE_TRAVAIL | 2      | 100 * 2 / (2 + 1)
        R32        | 2019    | instance    | FORMATION      | 1      | 100 * 1 / (2 + 1)
        R32        | 2019    | instance    | COPIL          | absent | -
        R32        | 2019    | instance    | COTECH         | absent | -
        R32        | 2019    | instance    | non_renseigne  | absent | -
        R32        | 2020    | total       | total          | 1      | -
        R32        | 2020    | instance    | FORMATION      | 0      | 100 * 0 / (1 + 0)
        D59        | 2019    | total       | total          | absent | -
        """,
    )
