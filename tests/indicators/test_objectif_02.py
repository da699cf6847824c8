"""Objectif 2: le pilotage départemental."""

from tests.indicators.conftest import Verifier


def test_departements_avec_referent(verifier: Verifier) -> None:
    verifier(
        "departements_avec_referent",
        "2020-06",
        """
        departement | fonction              | profil     | date_designation | date_fin
        80          | ACTEUR                | -          | 2016-01-01       | -
        59          | REFERENT_DEPARTEMENTAL| DDCS       | 2018-12-31       | -
        59          | REFERENT_DEPARTEMENTAL| SOUS_PREFET| 2019-02-01       | -
        02          | REFERENT_DEPARTEMENTAL| DDCS       | 2018-02-01       | 2019-12-31
        60          | REFERENT_DEPARTEMENTAL| DDCS       | 2018-02-01       | 2019-12-30
        62          | REFERENT_DEPARTEMENTAL| AUTRE      | 2020-06-30       | 2020-06-30
        80          | CORRESPONDANT_LOCAL   | -          | 2018-02-01       | -
        """,
        """
        territoire | periode | numerateur | denominateur | valeur    | rang | provisoire
        R32        | 2017    | -          | -            | absent    | -    | -
        R32        | 2018    | 1 + 1 + 1  | -            | 1 + 1 + 1 | -    | non
        D59        | 2018    | 1          | -            | 1         | 1    | non
        D60        | 2018    | 1          | -            | 1         | 1    | non
        D80        | 2018    | 0          | -            | 0         | 4    | non
        R32        | 2019    | 1 + 1      | -            | 1 + 1     | -    | non
        D59        | 2019    | 1          | -            | 1         | 1    | non
        D02        | 2019    | 1          | -            | 1         | 1    | non
        D60        | 2019    | 0          | -            | 0         | 3    | non
        R32        | 2020    | 1 + 1      | -            | 1 + 1     | -    | oui
        D62        | 2020    | 1          | -            | 1         | 1    | oui
        D02        | 2020    | 0          | -            | 0         | 3    | oui
        """,
    )


def test_comites_departementaux_tenus(verifier: Verifier) -> None:
    verifier(
        "comites_departementaux_tenus",
        "2020-12",
        """
        niveau        | departement | instance              | date_reunion
        DEPARTEMENTAL | 59          | CONCERTATION_LOGEMENT | 2017-01-15
        DEPARTEMENTAL | 59          | COPIL                 | 2018-01-15
        DEPARTEMENTAL | 59          | COPIL                 | 2018-01-15
        DEPARTEMENTAL | 02          | COPIL                 | 2018-12-31
        DEPARTEMENTAL | 02          | COTECH                | 2018-12-31
        REGIONAL      | -           | COPIL                 | 2018-06-01
        DEPARTEMENTAL | 59          | COPIL                 | 2020-01-01
        """,
        """
        territoire | periode | valeur | rang
        R32        | 2017    | absent | -
        R32        | 2018    | 2 + 1  | -
        D59        | 2018    | 2      | 1
        D02        | 2018    | 1      | 2
        D80        | 2018    | 0      | 3
        R32        | 2019    | 0      | -
        D59        | 2019    | 0      | 1
        R32        | 2020    | 1      | -
        D02        | 2020    | 0      | 2
        """,
    )


def test_departements_avec_comite_departemental(verifier: Verifier) -> None:
    verifier(
        "departements_avec_comite_departemental",
        "2020-06",
        """
        niveau        | departement | instance       | date_reunion
        DEPARTEMENTAL | 62          | COTECH         | 2017-01-15
        REGIONAL      | -           | COPIL          | 2017-06-01
        DEPARTEMENTAL | 59          | COPIL          | 2018-01-15
        DEPARTEMENTAL | 59          | COPIL          | 2018-09-15
        DEPARTEMENTAL | 02          | COPIL          | 2018-12-31
        DEPARTEMENTAL | 60          | GROUPE_TRAVAIL | 2018-12-31
        REGIONAL      | -           | COPIL          | 2018-06-01
        DEPARTEMENTAL | 59          | COPIL          | 2020-06-30
        DEPARTEMENTAL | 80          | COPIL          | 2020-07-01
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        R32        | 2017    | -          | -            | absent
        R32        | 2018    | 1 + 1      | -            | 1 + 1
        D59        | 2018    | 1          | -            | 1
        D02        | 2018    | 1          | -            | 1
        D60        | 2018    | 0          | -            | 0
        R32        | 2019    | 0          | -            | 0
        D59        | 2019    | 0          | -            | 0
        R32        | 2020    | 1          | -            | 1
        D59        | 2020    | 1          | -            | 1
        D80        | 2020    | 0          | -            | 0
        """,
    )


def test_comites_techniques_tenus(verifier: Verifier) -> None:
    verifier(
        "comites_techniques_tenus",
        "2020-12",
        """
        niveau        | departement | instance | date_reunion
        DEPARTEMENTAL | 59          | COPIL    | 2018-01-15
        DEPARTEMENTAL | 59          | COTECH   | 2019-01-15
        DEPARTEMENTAL | 59          | COTECH   | 2019-02-15
        DEPARTEMENTAL | 80          | COTECH   | 2019-03-15
        REGIONAL      | -           | COTECH   | 2019-04-15
        DEPARTEMENTAL | 80          | COTECH   | 2020-03-15
        """,
        """
        territoire | periode | valeur | ecart
        R32        | 2018    | absent | -
        R32        | 2019    | 2 + 1  | -
        D59        | 2019    | 2      | -
        D80        | 2019    | 1      | -
        D62        | 2019    | 0      | -
        R32        | 2020    | 1      | 1 - (2 + 1)
        D59        | 2020    | 0      | 0 - 2
        """,
    )


def test_referents_departementaux(verifier: Verifier) -> None:
    """Designations, not departments; without a profile they are non_renseigne."""
    verifier(
        "referents_departementaux",
        "2021-06",
        """
        departement | fonction               | profil         | date_designation | date_fin
        80          | ACTEUR                 | -              | 2017-01-01       | -
        80          | CORRESPONDANT_LOCAL    | -              | 2018-01-01       | -
        59          | REFERENT_BPI           | -              | 2018-01-01       | -
        59          | REFERENT_DEPARTEMENTAL | SOUS_PREFET    | 2018-12-31       | -
        59          | REFERENT_DEPARTEMENTAL | DDCS           | 2018-01-01       | 2019-12-31
        59          | REFERENT_DEPARTEMENTAL | DDCS           | 2019-01-01       | 2019-12-30
        02          | REFERENT_DEPARTEMENTAL | DDCS           | 2019-06-01       | 2021-06-30
        02          | REFERENT_DEPARTEMENTAL | DDETS          | 2021-04-01       | 2021-06-29
        62          | REFERENT_DEPARTEMENTAL | -              | 2020-12-31       | 2021-12-31
        62          | REFERENT_DEPARTEMENTAL | PREFET_DELEGUE | 2021-07-01       | -
        """,
        """
        territoire | periode | ventilation | modalite       | valeur    | part | rang | provisoire
        R32        | 2017    | total       | total          | absent    | -    | -    | -
        R32        | 2018    | total       | total          | 1 + 1     | -    | -    | non
        D59        | 2018    | total       | total          | 1 + 1     | -    | 1    | non
        D02        | 2018    | total       | total          | 0         | -    | 2    | non
        R32        | 2018    | profil      | SOUS_PREFET    | 1         | -    | -    | non
        R32        | 2018    | profil      | DDCS           | 1         | -    | -    | non
        R32        | 2018    | profil      | non_renseigne  | 0         | -    | -    | non
        R32        | 2019    | total       | total          | 2 + 1     | -    | -    | non
        D59        | 2019    | total       | total          | 1 + 1     | -    | 1    | non
        D02        | 2019    | total       | total          | 1         | -    | 2    | non
        D80        | 2019    | total       | total          | 0         | -    | 3    | non
        R32        | 2019    | profil      | DDCS           | 1 + 1     | -    | -    | non
        D59        | 2019    | profil      | DDCS           | 1         | -    | 1    | non
        R32        | 2020    | total       | total          | 1 + 1 + 1 | -    | -    | non
        D62        | 2020    | profil      | non_renseigne  | 1         | -    | 1    | non
        D59        | 2020    | profil      | non_renseigne  | 0         | -    | 2    | non
        R32        | 2020    | profil      | non_renseigne  | 1         | -    | -    | non
        R32        | 2021    | total       | total          | 1 + 1 + 1 | -    | -    | oui
        D02        | 2021    | total       | total          | 1         | -    | 1    | oui
        D62        | 2021    | total       | total          | 1         | -    | 1    | oui
        R32        | 2021    | profil      | DDCS           | 1         | -    | -    | oui
        R32        | 2021    | profil      | DDETS          | 0         | -    | -    | oui
        R32        | 2021    | profil      | PREFET_DELEGUE | 0         | -    | -    | oui
        R32        | 2021    | profil      | AUTRE          | 0         | -    | -    | oui
        R32        | 2022    | total       | total          | absent    | -    | -    | -
        """,
    )


def test_referents_departementaux_before_the_new_profiles(verifier: Verifier) -> None:
    """DDETS is a code since April 2021."""
    verifier(
        "referents_departementaux",
        "2021-03",
        """
        departement | fonction               | profil | date_designation
        59          | REFERENT_DEPARTEMENTAL | DDCS   | 2021-03-31
        """,
        """
        territoire | periode | ventilation | modalite      | valeur
        R32        | 2020    | total       | total         | absent
        R32        | 2021    | total       | total         | 1
        R32        | 2021    | profil      | DDCS          | 1
        R32        | 2021    | profil      | DDCS_ADJOINT  | 0
        R32        | 2021    | profil      | DDETS         | absent
        R32        | 2021    | profil      | DDETS_ADJOINT | absent
        R32        | 2021    | profil      | non_renseigne | absent
        """,
    )
