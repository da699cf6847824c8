"""Objectif 3: les correspondants locaux et les référents BPI."""

from tests.indicators.conftest import Verifier


def test_correspondants_locaux_designes(verifier: Verifier) -> None:
    verifier(
        "correspondants_locaux_designes",
        "2020-06",
        """
        departement | structure | fonction            | date_designation | date_fin
        59          | CAF       | ACTEUR              | 2017-01-01       | -
        59          | CAF       | CORRESPONDANT_LOCAL | 2018-12-31       | -
        59          | CAF       | CORRESPONDANT_LOCAL | 2018-03-01       | -
        59          | CPAM      | CORRESPONDANT_LOCAL | 2018-03-01       | 2018-12-31
        59          | OFII      | CORRESPONDANT_LOCAL | 2018-03-01       | 2018-12-30
        59          | CROUS     | CORRESPONDANT_LOCAL | 2018-12-31       | -
        59          | ADIL      | REFERENT_BPI        | 2018-03-01       | -
        02          | CAF       | CORRESPONDANT_LOCAL | 2018-05-01       | 2020-06-30
        02          | CPAM      | CORRESPONDANT_LOCAL | 2018-05-01       | 2020-06-29
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        R32        | 2017    | -          | -            | absent
        R32        | 2018    | 3 + 2      | -            | 3 + 2
        D59        | 2018    | 1 + 1 + 1  | -            | 1 + 1 + 1
        D02        | 2018    | 1 + 1      | -            | 1 + 1
        D80        | 2018    | 0          | -            | 0
        R32        | 2019    | 2 + 2      | -            | 2 + 2
        D59        | 2019    | 1 + 1      | -            | 1 + 1
        R32        | 2020    | 2 + 1      | -            | 2 + 1
        D02        | 2020    | 1          | -            | 1
        """,
    )


def test_correspondants_locaux_designes_is_zero_once_none_is_in_office(verifier: Verifier) -> None:
    verifier(
        "correspondants_locaux_designes",
        "2020-12",
        """
        departement | structure | fonction            | date_designation | date_fin
        59          | CAF       | CORRESPONDANT_LOCAL | 2018-03-01       | 2018-12-31
        62          | CAF       | CORRESPONDANT_LOCAL | 2019-03-01       | 2019-10-31
        62          | CAF       | CORRESPONDANT_LOCAL | 2020-03-01       | -
        """,
        """
        territoire | periode | valeur
        R32        | 2018    | 1
        R32        | 2019    | 0
        D62        | 2019    | 0
        R32        | 2020    | 1
        D59        | 2020    | 0
        """,
    )


def test_part_acteurs_avec_referent_bpi(verifier: Verifier) -> None:
    verifier(
        "part_acteurs_avec_referent_bpi",
        "2020-12",
        """
        departement | structure | fonction            | date_designation | date_fin
        62          | CAF       | REFERENT_BPI        | 2017-01-01       | -
        59          | CAF       | ACTEUR              | 2018-12-31       | -
        59          | CAF       | ACTEUR              | 2018-06-01       | -
        59          | CAF       | REFERENT_BPI        | 2018-06-01       | 2019-12-31
        59          | CAF       | REFERENT_BPI        | 2018-07-01       | 2018-12-31
        59          | CPAM      | ACTEUR              | 2018-06-01       | -
        59          | CPAM      | REFERENT_BPI        | 2018-06-01       | 2018-12-30
        59          | CPAM      | CORRESPONDANT_LOCAL | 2018-06-01       | -
        59          | ADIL      | REFERENT_BPI        | 2018-06-01       | -
        02          | CAF       | ACTEUR              | 2018-06-01       | 2019-12-30
        02          | CPAM      | REFERENT_BPI        | 2018-06-01       | -
        60          | CPAM      | ACTEUR              | 2019-06-01       | 2019-12-31
        60          | CPAM      | REFERENT_BPI        | 2019-12-31       | -
        """,
        """
        territoire | periode | numerateur | denominateur | valeur            | rang
        R32        | 2017    | -          | -            | absent            | -
        D59        | 2018    | 1          | 1 + 1        | 100 * 1 / (1 + 1) | 1
        D02        | 2018    | 0          | 1            | 100 * 0 / 1       | 2
        D62        | 2018    | 0          | 0            | -                 | -
        R32        | 2018    | 1 + 0      | 2 + 1        | 100 * 1 / (2 + 1) | -
        D59        | 2019    | 1          | 1 + 1        | 100 * 1 / (1 + 1) | 2
        D60        | 2019    | 1          | 1            | 100 * 1 / 1       | 1
        D02        | 2019    | 0          | 0            | -                 | -
        R32        | 2019    | 1 + 1      | 2 + 1        | 100 * 2 / (2 + 1) | -
        D59        | 2020    | 0          | 1 + 1        | 100 * 0 / (1 + 1) | 1
        D60        | 2020    | 0          | 0            | -                 | -
        R32        | 2020    | 0          | 1 + 1        | 100 * 0 / (1 + 1) | -
        """,
    )
