"""Objectif 5: le contrat d'intégration républicaine."""

from tests.indicators.conftest import Verifier


def test_cir_signataires(verifier: Verifier) -> None:
    verifier(
        "cir_signataires",
        "2020-06",
        """
        departement | date_signature | sexe | age | motif_admission
        59          | 2019-01-15     | H    | 24  | FAM
        59          | 2019-12-31     | F    | 25  | HUM
        02          | 2019-02-28     | -    | -   | -
        62          | 2020-01-01     | F    | 30  | HUM
        """,
        """
        territoire | periode | ventilation     | modalite       | valeur | part
        R32        | 2019    | total           | total          | 2 + 1  | -
        D59        | 2019    | total           | total          | 1 + 1  | -
        D80        | 2019    | total           | total          | 0      | -
        R32        | 2019    | sexe            | H              | 1      | 100 * 1 / (1 + 1)
        R32        | 2019    | sexe            | non_renseigne  | 1      | -
        R32        | 2019    | tranche_age     | moins_25       | 1      | 100 * 1 / (1 + 1)
        R32        | 2019    | tranche_age     | 25_et_plus     | 1      | 100 * 1 / (1 + 1)
        D02        | 2019    | motif_admission | ECO            | 0      | -
        R32        | 2020    | total           | total          | 1      | -
        R32        | 2019-02 | total           | total          | 1      | -
        R32        | 2019-03 | total           | total          | 0      | -
        R32        | 2018    | total           | total          | absent | -
        """,
    )


def test_cir_taux_a1(verifier: Verifier) -> None:
    verifier(
        "cir_taux_a1",
        "2019-12",
        """
        departement | date_signature | sexe | age | motif_admission | niveau_atteint
        59          | 2019-01-15     | H    | 24  | FAM             | A1
        59          | 2019-03-15     | H    | 34  | FAM             | INFRA_A1
        59          | 2019-05-15     | F    | 34  | FAM             | -
        02          | 2019-06-15     | F    | 44  | HUM             | B1
        02          | 2019-06-16     | -    | 44  | HUM             | B1
        """,
        """
        territoire | periode | ventilation | modalite | numerateur | denominateur | valeur
        R32        | 2019    | total       | total    | 1 + 1      | 3 + 1        | 100 * 2 / 4
        D59        | 2019    | total       | total    | 1          | 3            | 100 * 1 / 3
        D80        | 2019    | total       | total    | 0          | 0            | -
        R32        | 2019    | sexe        | F        | 1          | 2            | 100 * 1 / 2
        """,
    )


def test_cir_delai_convocation(verifier: Verifier) -> None:
    verifier(
        "cir_delai_convocation",
        "2019-12",
        """
        departement | date_signature | date_titre | date_convocation
        59          | 2019-03-15     | 2019-01-01 | 2019-01-11
        59          | 2019-03-16     | 2019-01-01 | 2019-01-21
        59          | 2019-03-17     | -          | 2019-01-21
        02          | 2019-03-18     | 2019-01-01 | 2019-01-05
        """,
        """
        territoire | periode | numerateur    | denominateur | valeur        | rang
        D59        | 2019    | (10 + 20) / 2 | -            | (10 + 20) / 2 | 2
        D02        | 2019    | 4             | -            | 4             | 1
        R32        | 2019    | 10            | -            | 10            | -
        D80        | 2019    | -             | -            | -             | -
        """,
    )
