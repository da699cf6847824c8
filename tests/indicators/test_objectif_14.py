"""Objectif 14: le service public de l'emploi."""

from tests.indicators.conftest import Verifier


def test_departements_spe_associes(verifier: Verifier) -> None:
    verifier(
        "departements_spe_associes",
        "2020-06",
        """
        niveau        | departement | instance | date_reunion | spe_associes
        REGIONAL      | -           | COPIL    | 2017-05-01   | true
        DEPARTEMENTAL | 59          | COPIL    | 2018-05-01   | false
        DEPARTEMENTAL | 59          | COPIL    | 2019-01-01   | true
        DEPARTEMENTAL | 59          | COPIL    | 2019-12-31   | true
        DEPARTEMENTAL | 02          | COPIL    | 2019-03-01   | false
        DEPARTEMENTAL | 02          | COPIL    | 2019-09-01   | true
        DEPARTEMENTAL | 62          | COPIL    | 2019-09-01   | false
        DEPARTEMENTAL | 80          | COPIL    | 2019-09-01   | -
        DEPARTEMENTAL | 60          | COTECH   | 2019-09-01   | true
        REGIONAL      | -           | COPIL    | 2019-09-01   | true
        DEPARTEMENTAL | 62          | COPIL    | 2020-06-30   | true
        DEPARTEMENTAL | 80          | COPIL    | 2020-07-01   | true
        """,
        """
        territoire | periode | valeur | rang
        R32        | 2017    | absent | -
        R32        | 2018    | absent | -
        R32        | 2019    | 1 + 1  | -
        D59        | 2019    | 1      | 1
        D02        | 2019    | 1      | 1
        D60        | 2019    | 0      | 3
        D62        | 2019    | 0      | 3
        D80        | 2019    | 0      | 3
        R32        | 2020    | 1      | -
        D62        | 2020    | 1      | 1
        D59        | 2020    | 0      | 2
        D80        | 2020    | 0      | 2
        """,
    )


def test_part_comites_avec_spe(verifier: Verifier) -> None:
    verifier(
        "part_comites_avec_spe",
        "2020-06",
        """
        niveau        | departement | instance | date_reunion | spe_associes
        DEPARTEMENTAL | 59          | COPIL    | 2018-05-01   | -
        DEPARTEMENTAL | 59          | COPIL    | 2019-01-01   | true
        DEPARTEMENTAL | 59          | COPIL    | 2019-06-01   | false
        DEPARTEMENTAL | 59          | COPIL    | 2019-12-31   | false
        DEPARTEMENTAL | 02          | COPIL    | 2019-03-01   | true
        DEPARTEMENTAL | 80          | COPIL    | 2019-09-01   | -
        DEPARTEMENTAL | 60          | COTECH   | 2019-09-01   | true
        REGIONAL      | -           | COPIL    | 2019-09-01   | true
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        R32        | 2018    | -          | -            | absent
        R32        | 2019    | 1 + 1      | 3 + 1        | 100 * (1 + 1) / (3 + 1)
        D59        | 2019    | 1          | 3            | 100 * 1 / 3
        D02        | 2019    | 1          | 1            | 100 * 1 / 1
        D80        | 2019    | 0          | 0            | -
        D60        | 2019    | 0          | 0            | -
        R32        | 2020    | 0          | 0            | -
        """,
    )


def test_missions_locales_associees(verifier: Verifier) -> None:
    verifier(
        "missions_locales_associees",
        "2020-06",
        """
        niveau        | departement | instance | date_reunion | missions_locales
        DEPARTEMENTAL | 80          | COPIL    | 2018-09-01   | -
        DEPARTEMENTAL | 62          | COPIL    | 2019-01-01   | 4
        DEPARTEMENTAL | 62          | COPIL    | 2019-12-31   | 9
        DEPARTEMENTAL | 62          | COTECH   | 2019-06-01   | 15
        DEPARTEMENTAL | 59          | COPIL    | 2019-06-01   | 3
        DEPARTEMENTAL | 59          | COPIL    | 2019-06-02   | -
        DEPARTEMENTAL | 02          | COPIL    | 2019-06-01   | 0
        DEPARTEMENTAL | 80          | COPIL    | 2019-06-01   | -
        REGIONAL      | -           | COPIL    | 2019-06-01   | 20
        DEPARTEMENTAL | 60          | COPIL    | 2020-06-30   | 2
        DEPARTEMENTAL | 59          | COPIL    | 2020-07-01   | 5
        """,
        """
        territoire | periode | valeur    | rang
        R32        | 2018    | -         | -
        R32        | 2019    | 9 + 3 + 0 | -
        D62        | 2019    | 9         | 1
        D59        | 2019    | 3         | 2
        D02        | 2019    | 0         | 3
        D80        | 2019    | -         | -
        D60        | 2019    | -         | -
        R32        | 2020    | 2         | -
        D60        | 2020    | 2         | 1
        D59        | 2020    | -         | -
        """,
    )
