"""Objectif 5: le contrat d'intégration républicaine."""

from tests.indicators.conftest import Verifier


def test_cir_signataires(verifier: Verifier) -> None:
    verifier(
        "cir_signataires",
        "2020-06",
        """
        departement | date_signature | sexe | age | motif_admission | bpi   | niveau_initial
        59          | 2019-01-15     | H    | 24  | FAM             | false | A1_1
        59          | 2019-12-31     | F    | 25  | HUM             | true  | INFRA_A1
        02          | 2019-02-28     | -    | -   | -               | -     | -
        62          | 2020-01-01     | F    | 30  | HUM             | true  | B2
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
        R32        | 2019    | bpi             | O              | 1      | 100 * 1 / (1 + 1)
        R32        | 2019    | bpi             | N              | 1      | 100 * 1 / (1 + 1)
        R32        | 2019    | bpi             | non_renseigne  | 1      | -
        D02        | 2019    | bpi             | O              | 0      | -
        R32        | 2020    | bpi             | N              | 0      | 100 * 0 / (1 + 0)
        R32        | 2019    | niveau_initial  | INFRA_A1       | 1      | 100 * 1 / (1 + 1)
        R32        | 2019    | niveau_initial  | A1_1           | 1      | 100 * 1 / (1 + 1)
        R32        | 2019    | niveau_initial  | A1             | 0      | 100 * 0 / (1 + 1)
        R32        | 2019    | niveau_initial  | B2             | 0      | 100 * 0 / (1 + 1)
        R32        | 2019    | niveau_initial  | non_renseigne  | 1      | -
        R32        | 2020    | niveau_initial  | B2             | 1      | 100 * 1 / 1
        R32        | 2020    | niveau_initial  | non_renseigne  | 0      | -
        R32        | 2020    | total           | total          | 1      | -
        R32        | 2019-02 | total           | total          | 1      | -
        R32        | 2019-03 | total           | total          | 0      | -
        R32        | 2018    | total           | total          | absent | -
        """,
    )


def test_cir_signataires_bpi_has_both_modalities(verifier: Verifier) -> None:
    """A boolean has O and N wherever the indicator counts, even if no row says either."""
    verifier(
        "cir_signataires",
        "2019-12",
        """
        departement | date_signature | bpi
        59          | 2019-01-15     | -
        02          | 2019-01-16     | -
        """,
        """
        territoire | periode | ventilation | modalite      | valeur | part
        R32        | 2019    | bpi         | O             | 0      | -
        R32        | 2019    | bpi         | N             | 0      | -
        R32        | 2019    | bpi         | non_renseigne | 1 + 1  | -
        D02        | 2019    | bpi         | O             | 0      | -
        R32        | 2019-01 | bpi         | N             | 0      | -
        """,
    )


def test_cir_taux_a1(verifier: Verifier) -> None:
    verifier(
        "cir_taux_a1",
        "2019-12",
        """
        departement | date_signature | sexe | age | motif_admission | bpi   | niveau_atteint
        59          | 2019-01-15     | H    | 24  | FAM             | false | A1
        59          | 2019-03-15     | H    | 34  | FAM             | false | INFRA_A1
        59          | 2019-05-15     | F    | 34  | FAM             | -     | -
        02          | 2019-06-15     | F    | 44  | HUM             | true  | B1
        02          | 2019-06-16     | -    | 44  | HUM             | true  | B1
        """,
        """
        territoire | periode | ventilation | modalite      | numerateur | denominateur | valeur
        R32        | 2019    | total       | total         | 1 + 1      | 3 + 1        | 100 * 2 / 4
        D59        | 2019    | total       | total         | 1          | 3            | 100 * 1 / 3
        D80        | 2019    | total       | total         | 0          | 0            | -
        R32        | 2019    | sexe        | F             | 1          | 2            | 100 * 1 / 2
        R32        | 2019    | bpi         | O             | 1          | 1            | 100
        R32        | 2019    | bpi         | N             | 1 + 0      | 1 + 1        | 100 * 1 / 2
        R32        | 2019    | bpi         | non_renseigne | 0          | 1            | 0
        D59        | 2019    | bpi         | O             | 0          | 0            | -
        """,
    )


def test_cir_delai_convocation(verifier: Verifier) -> None:
    verifier(
        "cir_delai_convocation",
        "2019-06",
        """
        departement | date_signature | date_titre | date_convocation
        59          | 2017-12-31     | 2017-01-01 | -
        59          | 2018-12-31     | -          | 2018-01-11
        59          | 2019-03-15     | 2019-01-01 | 2019-01-11
        59          | 2019-03-16     | 2019-01-01 | 2019-01-21
        59          | 2019-03-17     | -          | 2019-01-21
        02          | 2019-06-30     | 2019-01-01 | 2019-01-05
        02          | 2019-07-01     | 2019-01-01 | 2019-06-05
        80          | 2019-03-19     | 2019-01-01 | -
        """,
        """
        territoire | periode | numerateur    | denominateur | valeur        | rang
        R32        | 2017    | -             | -            | absent        | -
        R32        | 2018    | -             | -            | absent        | -
        D59        | 2019    | (10 + 20) / 2 | -            | (10 + 20) / 2 | 2
        D02        | 2019    | 4             | -            | 4             | 1
        R32        | 2019    | 10            | -            | 10            | -
        D80        | 2019    | -             | -            | -             | -
        """,
    )


def test_cir_part_bpi(verifier: Verifier) -> None:
    verifier(
        "cir_part_bpi",
        "2020-12",
        """
        departement | date_signature | bpi
        59          | 2018-03-15     | -
        59          | 2019-01-01     | true
        59          | 2019-03-15     | false
        59          | 2019-03-16     | false
        59          | 2019-03-17     | -
        02          | 2019-12-31     | true
        80          | 2019-06-15     | -
        """,
        """
        territoire | periode | numerateur | denominateur | valeur            | rang
        R32        | 2018    | -          | -            | absent            | -
        R32        | 2019    | 1 + 1      | 3 + 1        | 100 * 2 / (3 + 1) | -
        D59        | 2019    | 1          | 1 + 2        | 100 * 1 / (1 + 2) | -
        D02        | 2019    | 1          | 1            | 100 * 1 / 1       | -
        D80        | 2019    | 0          | 0            | -                 | -
        R32        | 2020    | 0          | 0            | -                 | -
        """,
    )


def test_cir_signataires_niveau_a1(verifier: Verifier) -> None:
    verifier(
        "cir_signataires_niveau_a1",
        "2020-12",
        """
        departement | date_signature | sexe | age | motif_admission | niveau_atteint
        59          | 2018-03-15     | F    | 30  | FAM             | INFRA_A1
        59          | 2019-03-15     | F    | 30  | FAM             | A1
        59          | 2019-04-15     | H    | 30  | FAM             | A2
        59          | 2019-05-15     | H    | 30  | FAM             | INFRA_A1
        59          | 2019-06-15     | H    | 30  | FAM             | -
        02          | 2019-07-15     | H    | 30  | HUM             | B1
        02          | 2019-08-15     | -    | 30  | HUM             | B1
        02          | 2019-09-15     | H    | -   | HUM             | B1
        02          | 2019-10-15     | H    | 30  | -               | B1
        """,
        """
        territoire | periode | numerateur | denominateur | valeur    | rang
        R32        | 2018    | -          | -            | absent    | -
        R32        | 2019    | 1 + 1 + 1  | -            | 1 + 1 + 1 | -
        D59        | 2019    | 1 + 1      | -            | 1 + 1     | 1
        D02        | 2019    | 1          | -            | 1         | 2
        D62        | 2019    | 0          | -            | 0         | 3
        R32        | 2020    | 0          | -            | 0         | -
        """,
    )


def test_cir_taux_a1_sortants(verifier: Verifier) -> None:
    verifier(
        "cir_taux_a1_sortants",
        "2020-06",
        """
        departement | date_signature | date_fin_formation | heures_prescrites | niveau_atteint
        59          | 2017-03-15     | -                  | 200               | A1
        59          | 2017-03-15     | 2018-03-15         | 0                 | A1
        59          | 2017-03-15     | 2018-03-15         | -                 | A1
        59          | 2018-03-15     | 2019-01-01         | 50                | A1
        59          | 2018-03-15     | 2019-03-15         | 200               | A2
        59          | 2018-03-15     | 2019-03-15         | 200               | INFRA_A1
        59          | 2018-03-15     | 2019-03-15         | 200               | -
        59          | 2019-03-15     | 2019-04-15         | 0                 | B1
        59          | 2019-03-15     | 2019-04-15         | -                 | B1
        59          | 2019-03-15     | -                  | 200               | B1
        02          | 2019-03-15     | 2019-12-31         | 400               | B1
        80          | 2019-03-15     | 2020-06-30         | 100               | INFRA_A1
        80          | 2019-03-15     | 2020-07-01         | 100               | A1
        80          | 2019-03-15     | 2021-07-01         | 100               | A1
        """,
        """
        territoire | periode | numerateur | denominateur | valeur                | rang
        R32        | 2018    | -          | -            | absent                | -
        R32        | 2019    | 2 + 1      | 4 + 1        | 100 * 3 / (4 + 1)     | -
        D59        | 2019    | 1 + 1      | 1 + 1 + 2    | 100 * 2 / (1 + 1 + 2) | 2
        D02        | 2019    | 1          | 1            | 100 * 1 / 1           | 1
        D80        | 2019    | 0          | 0            | -                     | -
        R32        | 2020    | 0          | 1            | 100 * 0 / 1           | -
        D80        | 2020    | 0          | 1            | 100 * 0 / 1           | 1
        D59        | 2020    | 0          | 0            | -                     | -
        R32        | 2021    | -          | -            | absent                | -
        """,
    )


def test_cir_part_profil_renseigne(verifier: Verifier) -> None:
    verifier(
        "cir_part_profil_renseigne",
        "2020-12",
        """
        departement | date_signature | sexe | age | motif_admission | nationalite
        59          | 2018-12-31     | -    | -   | -               | AFG
        59          | 2019-03-15     | F    | 30  | FAM             | -
        59          | 2019-03-15     | F    | 30  | -               | AFG
        59          | 2019-03-15     | F    | -   | FAM             | AFG
        59          | 2019-03-15     | -    | 30  | FAM             | AFG
        02          | 2019-03-15     | H    | 16  | AUT             | AFG
        """,
        """
        territoire | periode | numerateur | denominateur | valeur            | rang
        R32        | 2018    | 0          | 1            | 100 * 0 / 1       | -
        R32        | 2019    | 1 + 1      | 4 + 1        | 100 * 2 / (4 + 1) | -
        D59        | 2019    | 1          | 1 + 3        | 100 * 1 / (1 + 3) | 2
        D02        | 2019    | 1          | 1            | 100 * 1 / 1       | 1
        D80        | 2019    | 0          | 0            | -                 | -
        R32        | 2020    | 0          | 0            | -                 | -
        """,
    )


def test_cir_delai_signature(verifier: Verifier) -> None:
    verifier(
        "cir_delai_signature",
        "2020-06",
        """
        departement | date_titre | date_convocation | date_signature
        59          | 2018-01-01 | -                | 2018-03-15
        59          | 2018-01-01 | 2018-12-31       | 2019-01-10
        59          | -          | 2019-03-01       | 2019-03-01
        59          | -          | 2019-03-01       | 2019-03-31
        59          | 2019-01-01 | 2019-03-01       | 2019-03-06
        59          | 2019-01-01 | -                | 2019-03-06
        02          | 2019-01-01 | 2019-03-01       | 2019-03-04
        80          | 2019-01-01 | -                | 2019-03-04
        02          | 2019-01-01 | 2020-06-01       | 2020-06-30
        02          | 2019-01-01 | 2020-06-01       | 2020-07-01
        """,
        """
        territoire | periode | numerateur   | denominateur | valeur       | rang
        R32        | 2018    | -            | -            | absent       | -
        D59        | 2019    | (5 + 10) / 2 | -            | (5 + 10) / 2 | 2
        D02        | 2019    | 3            | -            | 3            | 1
        R32        | 2019    | 5            | -            | 5            | -
        D80        | 2019    | -            | -            | -            | -
        R32        | 2020    | 29           | -            | 29           | -
        D02        | 2020    | 29           | -            | 29           | 1
        D59        | 2020    | -            | -            | -            | -
        """,
    )


def au_profil_renseigne(tableau: str) -> str:
    """The rows of a table, each with a sex, an age and a motive."""
    entete, *reste = tableau.strip().splitlines()
    profils = (f"{ligne} | F | 30 | FAM" for ligne in reste)
    return "\n".join([f"{entete} | sexe | age | motif_admission", *profils])


def test_cir_taux_a1_12_mois(verifier: Verifier) -> None:
    """At 28 February 2021: the twelve months of 29 February 2020 end that day too."""
    verifier(
        "cir_taux_a1_12_mois",
        "2021-02",
        au_profil_renseigne(
            """
            departement | date_signature | date_fin_formation | heures_prescrites | niveau_atteint
            59          | 2018-06-01     | 2018-09-01         | 0                 | A1
            59          | 2019-01-01     | 2020-01-01         | 200               | A1
            59          | 2019-01-01     | 2020-01-02         | 200               | A1
            59          | 2019-12-31     | 2020-06-30         | 100               | B1
            59          | 2019-06-01     | 2019-09-01         | 100               | A1_1
            59          | 2019-06-01     | 2019-09-01         | 100               | -
            59          | 2019-06-01     | -                  | 100               | A1
            59          | 2019-06-01     | 2019-09-01         | 0                 | A1
            59          | 2019-06-01     | 2019-09-01         | -                 | A1
            02          | 2020-02-29     | 2021-02-28         | 50                | A2
            80          | 2020-02-28     | 2021-02-28         | 50                | A1
            80          | 2020-01-01     | 2021-01-02         | 50                | A1
            62          | 2020-03-01     | 2020-06-01         | 50                | B1
            """
        ),
        """
        territoire | periode | numerateur | denominateur | valeur            | rang | provisoire
        R32        | 2018    | -          | -            | absent            | -    | -
        R32        | 2019    | 1 + 1      | 3 + 3        | 100 * 2 / (3 + 3) | -    | non
        D59        | 2019    | 1 + 1      | 3 + 3        | 100 * 2 / (3 + 3) | 1    | non
        D02        | 2019    | 0          | 0            | -                 | -    | non
        R32        | 2020    | 1 + 1      | 1 + 2        | 100 * 2 / (1 + 2) | -    | non
        D02        | 2020    | 1          | 1            | 100 * 1 / 1       | 1    | non
        D80        | 2020    | 1          | 1 + 1        | 100 * 1 / (1 + 1) | 2    | non
        D62        | 2020    | 0          | 0            | -                 | -    | non
        R32        | 2021    | 0          | 0            | -                 | -    | oui
        """,
    )


def test_cir_taux_a1_12_mois_in_a_leap_year(verifier: Verifier) -> None:
    """At 29 February 2020: 28 February 2019 has had its twelve months, 1 March has not."""
    verifier(
        "cir_taux_a1_12_mois",
        "2020-02",
        au_profil_renseigne(
            """
            departement | date_signature | date_fin_formation | heures_prescrites | niveau_atteint
            59          | 2019-02-28     | 2020-02-28         | 50                | A1
            59          | 2019-02-28     | 2020-02-29         | 50                | A1
            02          | 2019-03-01     | 2019-06-01         | 50                | A1
            """
        ),
        """
        territoire | periode | numerateur | denominateur | valeur      | provisoire
        R32        | 2019    | 1          | 2            | 100 * 1 / 2 | non
        D59        | 2019    | 1          | 2            | 100 * 1 / 2 | non
        D02        | 2019    | 0          | 0            | -           | non
        R32        | 2020    | 0          | 0            | -           | oui
        """,
    )


def test_cir_taux_a1_12_mois_wants_the_profile(verifier: Verifier) -> None:
    verifier(
        "cir_taux_a1_12_mois",
        "2020-12",
        """
        departement | date_signature | heures_prescrites | sexe | age | motif_admission
        59          | 2018-06-01     | 100               | -    | 30  | FAM
        59          | 2019-06-01     | 100               | F    | 30  | FAM
        59          | 2019-06-01     | 100               | -    | 30  | FAM
        59          | 2019-06-01     | 100               | F    | -   | FAM
        59          | 2019-06-01     | 100               | F    | 30  | -
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        R32        | 2018    | -          | -            | absent
        D59        | 2019    | 0          | 1            | 0
        R32        | 2019    | 0          | 1            | 0
        """,
    )


def test_cir_jours_formation_civique(verifier: Verifier) -> None:
    verifier(
        "cir_jours_formation_civique",
        "2020-06",
        """
        departement | date_signature | jours_formation_civique
        59          | 2018-12-31     | -
        59          | 2019-01-01     | 4
        59          | 2019-06-01     | 0
        59          | 2019-06-01     | -
        02          | 2019-12-31     | 3
        80          | 2020-06-30     | 1
        80          | 2020-07-01     | 4
        """,
        """
        territoire | periode | numerateur | denominateur | valeur                | rang
        R32        | 2018    | -          | -            | absent                | -
        R32        | 2019    | 4 + 0 + 3  | 2 + 1        | (4 + 0 + 3) / (2 + 1) | -
        D59        | 2019    | 4 + 0      | 2            | (4 + 0) / 2           | 2
        D02        | 2019    | 3          | 1            | 3                     | 1
        D80        | 2019    | 0          | 0            | -                     | -
        R32        | 2020    | 1          | 1            | 1                     | -
        D80        | 2020    | 1          | 1            | 1                     | 1
        """,
    )
