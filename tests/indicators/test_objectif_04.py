"""Objectif 4: l'engagement des collectivités."""

from tests.indicators.conftest import Verifier


def test_part_comites_avec_conseil_regional(verifier: Verifier) -> None:
    verifier(
        "part_comites_avec_conseil_regional",
        "2020-12",
        """
        niveau        | departement | instance | date_reunion | conseil_regional_present
        REGIONAL      | -           | COPIL    | 2017-03-01   | -
        REGIONAL      | -           | COPIL    | 2018-03-01   | true
        REGIONAL      | -           | COTECH   | 2018-03-02   | true
        DEPARTEMENTAL | 59          | COPIL    | 2018-04-01   | true
        DEPARTEMENTAL | 59          | COPIL    | 2018-05-01   | false
        DEPARTEMENTAL | 59          | COPIL    | 2018-06-01   | -
        DEPARTEMENTAL | 02          | COPIL    | 2018-07-01   | false
        DEPARTEMENTAL | 02          | COTECH   | 2018-08-01   | true
        DEPARTEMENTAL | 80          | COPIL    | 2018-09-01   | -
        DEPARTEMENTAL | 80          | COPIL    | 2020-09-01   | true
        """,
        """
        territoire | periode | numerateur | denominateur | valeur                | rang
        R32        | 2017    | -          | -            | absent                | -
        R32        | 2018    | 1 + 1 + 0  | 1 + 2 + 1    | 100 * 2 / (1 + 2 + 1) | -
        D59        | 2018    | 1          | 1 + 1        | 100 * 1 / (1 + 1)     | 1
        D02        | 2018    | 0          | 1            | 100 * 0 / 1           | 2
        D80        | 2018    | 0          | 0            | -                     | -
        R32        | 2019    | 0          | 0            | -                     | -
        D59        | 2019    | 0          | 0            | -                     | -
        R32        | 2020    | 1          | 1            | 100 * 1 / 1           | -
        D80        | 2020    | 1          | 1            | 100 * 1 / 1           | 1
        """,
    )


def test_contrats_collectivites_signes(verifier: Verifier) -> None:
    verifier(
        "contrats_collectivites_signes",
        "2020-12",
        """
        type_contrat       | departement | date_signature | date_fin
        CROUS              | 59          | 2017-05-01     | -
        CAI                | 59          | 2018-01-01     | 2018-06-30
        CAI                | 59          | 2018-12-31     | -
        CAI                | 62          | 2018-05-01     | -
        PROTOCOLE_LOGEMENT | 62          | 2018-05-01     | -
        AUTRE              | 02          | 2018-05-01     | -
        CAI                | 02          | 2020-05-01     | -
        """,
        """
        territoire | periode | type_periode | valeur    | rang
        R32        | 2017    | -            | absent    | -
        R32        | 2018    | annee        | 2 + 1     | -
        D59        | 2018    | annee        | 1 + 1     | 1
        D62        | 2018    | annee        | 1         | 2
        D02        | 2018    | annee        | 0         | 3
        R32        | 2019    | annee        | 0         | -
        R32        | 2020    | annee        | 1         | -
        R32        | cumul   | cumul        | 2 + 1 + 1 | -
        D59        | cumul   | cumul        | 1 + 1     | 1
        D62        | cumul   | cumul        | 1         | 2
        D02        | cumul   | cumul        | 1         | 2
        D80        | cumul   | cumul        | 0         | 4
        """,
    )


def test_contrats_collectivites_signes_stops_at_the_arrete(verifier: Verifier) -> None:
    verifier(
        "contrats_collectivites_signes",
        "2020-06",
        """
        type_contrat | departement | date_signature
        CAI          | 59          | 2020-06-30
        CAI          | 59          | 2020-07-01
        CAI          | 80          | 2021-01-01
        """,
        """
        territoire | periode | valeur | provisoire
        R32        | 2020    | 1      | oui
        D59        | 2020    | 1      | oui
        R32        | cumul   | 1      | non
        D80        | cumul   | 0      | non
        R32        | 2021    | absent | -
        """,
    )


def test_departements_engages_collectivites(verifier: Verifier) -> None:
    verifier(
        "departements_engages_collectivites",
        "2020-06",
        """
        type_contrat       | departement | date_signature | date_fin
        PROTOCOLE_LOGEMENT | 60          | 2017-01-01     | -
        CAI                | 60          | 2017-02-01     | 2017-12-30
        CAI                | 59          | 2018-12-31     | -
        CAI                | 59          | 2018-02-01     | -
        CAI                | 62          | 2018-02-01     | 2018-12-31
        CAI                | 02          | 2018-02-01     | 2020-06-30
        CAI                | 80          | 2019-12-31     | 2020-06-29
        CAI                | 60          | 2020-07-01     | -
        CROUS              | 60          | 2019-02-01     | -
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        R32        | 2017    | -          | -            | absent
        R32        | 2018    | 1 + 1 + 1  | -            | 1 + 1 + 1
        D59        | 2018    | 1          | -            | 1
        D62        | 2018    | 1          | -            | 1
        D60        | 2018    | 0          | -            | 0
        R32        | 2019    | 1 + 1 + 1  | -            | 1 + 1 + 1
        D62        | 2019    | 0          | -            | 0
        D80        | 2019    | 1          | -            | 1
        R32        | 2020    | 1 + 1      | -            | 1 + 1
        D02        | 2020    | 1          | -            | 1
        D80        | 2020    | 0          | -            | 0
        D60        | 2020    | 0          | -            | 0
        """,
    )


def test_contractualisation_part_consommee(verifier: Verifier) -> None:
    verifier(
        "contractualisation_part_consommee",
        "2020-12",
        """
        type_contrat | departement | date_signature | montant_prevu | montant_consomme
        CAI          | 59          | 2017-05-01     | 1000          | -
        CAI          | 59          | 2018-05-01     | 1000.5        | 400.25
        CAI          | 59          | 2018-06-01     | 500           | 0
        CAI          | 59          | 2018-07-01     | -             | 9000
        CAI          | 59          | 2018-08-01     | 9000          | -
        CROUS        | 59          | 2018-09-01     | 9000          | 9000
        CAI          | 02          | 2018-05-01     | 200           | 300
        CAI          | 80          | 2018-05-01     | 0             | 0
        CAI          | 02          | 2020-05-01     | -             | -
        """,
        """
        territoire | periode | numerateur       | denominateur           | rang
        R32        | 2018    | 400.25 + 0 + 300 | 1000.5 + 500 + 200 + 0 | -
        D59        | 2018    | 400.25 + 0       | 1000.5 + 500           | 2
        D02        | 2018    | 300              | 200                    | 1
        D80        | 2018    | 0                | 0                      | -
        R32        | 2019    | 0                | 0                      | -
        R32        | 2020    | 0                | 0                      | -
        """,
    )


def test_contractualisation_part_consommee_is_a_percentage(verifier: Verifier) -> None:
    verifier(
        "contractualisation_part_consommee",
        "2019-12",
        """
        type_contrat | departement | date_signature | montant_prevu | montant_consomme
        CAI          | 59          | 2018-05-01     | 1000          | -
        CAI          | 59          | 2019-05-01     | 1000          | 250
        CAI          | 02          | 2019-05-01     | 200           | 300
        CAI          | 80          | 2019-05-01     | 0             | 0
        """,
        """
        territoire | periode | valeur
        R32        | 2018    | absent
        R32        | 2019    | 100 * (250 + 300) / (1000 + 200)
        D59        | 2019    | 100 * 250 / 1000
        D02        | 2019    | 100 * 300 / 200
        D80        | 2019    | -
        """,
    )


def test_referents_niveau_sous_prefectoral(verifier: Verifier) -> None:
    verifier(
        "referents_niveau_sous_prefectoral",
        "2020-06",
        """
        departement | fonction               | profil      | date_designation | date_fin
        59          | REFERENT_DEPARTEMENTAL | DDCS        | 2017-01-01       | -
        80          | CORRESPONDANT_LOCAL    | SOUS_PREFET | 2017-01-01       | -
        59          | REFERENT_DEPARTEMENTAL | SOUS_PREFET | 2018-12-31       | -
        59          | REFERENT_DEPARTEMENTAL | SOUS_PREFET | 2018-12-01       | -
        02          | REFERENT_DEPARTEMENTAL | SOUS_PREFET | 2018-01-01       | 2018-12-31
        60          | REFERENT_DEPARTEMENTAL | SOUS_PREFET | 2018-01-01       | 2018-12-30
        62          | REFERENT_DEPARTEMENTAL | SOUS_PREFET | 2020-06-30       | 2020-12-01
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        R32        | 2017    | -          | -            | absent
        R32        | 2018    | 1 + 1      | -            | 1 + 1
        D59        | 2018    | 1          | -            | 1
        D02        | 2018    | 1          | -            | 1
        D60        | 2018    | 0          | -            | 0
        D80        | 2018    | 0          | -            | 0
        R32        | 2019    | 1          | -            | 1
        D02        | 2019    | 0          | -            | 0
        R32        | 2020    | 1 + 1      | -            | 1 + 1
        D62        | 2020    | 1          | -            | 1
        """,
    )


def test_part_comites_contractualisation(verifier: Verifier) -> None:
    verifier(
        "part_comites_contractualisation",
        "2020-12",
        """
        niveau        | departement | instance | date_reunion | contractualisation_odj
        DEPARTEMENTAL | 59          | COPIL    | 2018-04-01   | -
        REGIONAL      | -           | COPIL    | 2018-05-01   | true
        DEPARTEMENTAL | 59          | COPIL    | 2019-04-01   | true
        DEPARTEMENTAL | 59          | COPIL    | 2019-05-01   | false
        DEPARTEMENTAL | 59          | COPIL    | 2019-06-01   | false
        DEPARTEMENTAL | 59          | COPIL    | 2019-07-01   | -
        DEPARTEMENTAL | 59          | COTECH   | 2019-08-01   | true
        REGIONAL      | -           | COPIL    | 2019-08-01   | true
        DEPARTEMENTAL | 60          | COPIL    | 2019-09-01   | true
        DEPARTEMENTAL | 80          | COPIL    | 2019-09-01   | -
        """,
        """
        territoire | periode | numerateur | denominateur | valeur                | rang
        R32        | 2018    | -          | -            | absent                | -
        R32        | 2019    | 1 + 1      | 3 + 1        | 100 * 2 / (3 + 1)     | -
        D59        | 2019    | 1          | 1 + 2        | 100 * 1 / (1 + 2)     | 2
        D60        | 2019    | 1          | 1            | 100 * 1 / 1           | 1
        D80        | 2019    | 0          | 0            | -                     | -
        R32        | 2020    | 0          | 0            | -                     | -
        """,
    )
