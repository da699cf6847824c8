"""Objectif 6: l'accompagnement global et les outils partagés."""

from tests.indicators.conftest import Verifier


def test_projets_accompagnement_global(verifier: Verifier) -> None:
    verifier(
        "projets_accompagnement_global",
        "2020-06",
        """
        exercice | departement | axe    | statut
        2017     | 59          | GLOBAL | ABANDONNE
        2018     | 59          | GLOBAL | FINANCE
        2018     | 59          | GLOBAL | TERMINE
        2018     | 59          | GLOBAL | ABANDONNE
        2018     | 59          | LANGUE | FINANCE
        2018     | 02          | GLOBAL | EN_COURS
        2018     | 80          | EMPLOI | EN_COURS
        2020     | 02          | GLOBAL | FINANCE
        2021     | 02          | GLOBAL | FINANCE
        """,
        """
        territoire | periode | valeur | rang | provisoire
        R32        | 2017    | absent | -    | -
        R32        | 2018    | 2 + 1  | -    | non
        D59        | 2018    | 1 + 1  | 1    | non
        D02        | 2018    | 1      | 2    | non
        D80        | 2018    | 0      | 3    | non
        R32        | 2019    | 0      | -    | non
        R32        | 2020    | 1      | -    | oui
        R32        | 2021    | absent | -    | -
        """,
    )


def test_departements_avec_projet_global(verifier: Verifier) -> None:
    verifier(
        "departements_avec_projet_global",
        "2020-12",
        """
        exercice | departement | axe    | statut
        2017     | 59          | LANGUE | FINANCE
        2018     | 59          | GLOBAL | FINANCE
        2018     | 59          | GLOBAL | TERMINE
        2018     | 02          | GLOBAL | EN_COURS
        2018     | 60          | GLOBAL | ABANDONNE
        2018     | 80          | SANTE  | FINANCE
        2020     | 60          | GLOBAL | FINANCE
        2021     | 62          | GLOBAL | FINANCE
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        R32        | 2017    | -          | -            | absent
        R32        | 2018    | 1 + 1      | -            | 1 + 1
        D59        | 2018    | 1          | -            | 1
        D02        | 2018    | 1          | -            | 1
        D60        | 2018    | 0          | -            | 0
        D80        | 2018    | 0          | -            | 0
        R32        | 2019    | 0          | -            | 0
        R32        | 2020    | 1          | -            | 1
        D60        | 2020    | 1          | -            | 1
        D62        | 2020    | 0          | -            | 0
        R32        | 2021    | -          | -            | absent
        """,
    )


def test_projets_charge_securisation(verifier: Verifier) -> None:
    verifier(
        "projets_charge_securisation",
        "2020-12",
        """
        exercice | departement | axe    | statut    | charge_securisation
        2018     | 59          | GLOBAL | FINANCE   | -
        2018     | 59          | GLOBAL | FINANCE   | false
        2019     | 59          | GLOBAL | FINANCE   | true
        2019     | 59          | EMPLOI | TERMINE   | true
        2019     | 59          | EMPLOI | ABANDONNE | true
        2019     | 62          | SANTE  | EN_COURS  | true
        2019     | 62          | SANTE  | EN_COURS  | -
        2019     | 80          | SANTE  | EN_COURS  | false
        """,
        """
        territoire | periode | valeur | rang
        R32        | 2018    | absent | -
        R32        | 2019    | 2 + 1  | -
        D59        | 2019    | 1 + 1  | 1
        D62        | 2019    | 1      | 2
        D80        | 2019    | 0      | 3
        R32        | 2020    | 0      | -
        """,
    )


def test_outils_deployes(verifier: Verifier) -> None:
    verifier(
        "outils_deployes",
        "2020-06",
        """
        type_outil       | departement | statut  | date_deploiement | date_retrait
        REPERTOIRE       | 59          | PREVU   | 2016-01-01       | -
        REPERTOIRE       | 59          | RETIRE  | 2017-01-01       | 2017-12-31
        REPERTOIRE       | 59          | DEPLOYE | 2018-12-31       | -
        REPERTOIRE       | 59          | RETIRE  | 2018-01-01       | 2019-01-01
        REPERTOIRE       | 59          | RETIRE  | 2018-01-01       | 2018-12-31
        CARTOGRAPHIE_FLE | 59          | DEPLOYE | 2018-01-01       | 2020-07-01
        REPERTOIRE       | 02          | DEPLOYE | 2018-01-01       | 2020-06-30
        APPLICATION      | -           | DEPLOYE | 2018-01-01       | -
        REPERTOIRE       | -           | DEPLOYE | 2020-06-30       | -
        """,
        """
        territoire | periode | ventilation | modalite         | numerateur | valeur    | part
        R32        | 2017    | total       | total            | -          | absent    | -
        R32        | 2018    | total       | total            | 3 + 1 + 1  | 3 + 1 + 1 | -
        D59        | 2018    | total       | total            | 2 + 1      | 2 + 1     | -
        D02        | 2018    | total       | total            | 1          | 1         | -
        D80        | 2018    | total       | total            | 0          | 0         | -
        R32        | 2018    | type_outil  | REPERTOIRE       | 2 + 1      | 2 + 1     | -
        D59        | 2018    | type_outil  | REPERTOIRE       | 1 + 1      | 1 + 1     | -
        D59        | 2018    | type_outil  | CARTOGRAPHIE_FLE | 1          | 1         | -
        R32        | 2018    | type_outil  | APPLICATION      | 1          | 1         | -
        D59        | 2018    | type_outil  | APPLICATION      | 0          | 0         | -
        R32        | 2018    | type_outil  | METIERS_TENSION  | 0          | 0         | -
        R32        | 2018    | type_outil  | non_renseigne    | -          | absent    | -
        R32        | 2019    | total       | total            | 2 + 1 + 1  | 2 + 1 + 1 | -
        D59        | 2019    | type_outil  | REPERTOIRE       | 1          | 1         | -
        R32        | 2020    | total       | total            | 2 + 0 + 2  | 2 + 0 + 2 | -
        D02        | 2020    | total       | total            | 0          | 0         | -
        D59        | 2020    | type_outil  | CARTOGRAPHIE_FLE | 1          | 1         | -
        R32        | 2020    | type_outil  | REPERTOIRE       | 1 + 1      | 1 + 1     | -
        """,
    )


def test_outils_regionaux_deployes(verifier: Verifier) -> None:
    verifier(
        "outils_regionaux_deployes",
        "2020-06",
        """
        type_outil       | departement | statut  | date_deploiement | date_retrait
        REPERTOIRE       | -           | PREVU   | 2016-01-01       | -
        REPERTOIRE       | 59          | DEPLOYE | 2017-01-01       | -
        REPERTOIRE       | -           | DEPLOYE | 2018-12-31       | -
        APPLICATION      | -           | RETIRE  | 2018-01-01       | 2018-12-31
        CARTOGRAPHIE_FLE | -           | RETIRE  | 2018-01-01       | 2019-01-01
        APPLICATION      | -           | DEPLOYE | 2020-06-30       | -
        METIERS_TENSION  | -           | DEPLOYE | 2020-07-01       | -
        REPERTOIRE       | -           | DEPLOYE | 2020-01-01       | 2020-07-01
        REPERTOIRE       | -           | RETIRE  | 2020-01-01       | 2020-06-30
        """,
        """
        territoire | periode | ventilation | modalite             | numerateur | valeur | provisoire
        R32        | 2017    | total       | total                | -          | absent | -
        R32        | 2018    | total       | total                | 1 + 1      | 1 + 1  | non
        D59        | 2018    | total       | total                | -          | absent | -
        R32        | 2018    | type_outil  | REPERTOIRE           | 1          | 1      | non
        R32        | 2018    | type_outil  | CARTOGRAPHIE_FLE     | 1          | 1      | non
        R32        | 2018    | type_outil  | APPLICATION          | 0          | 0      | non
        R32        | 2018    | type_outil  | DOCUMENT_DISPOSITIFS | 0          | 0      | non
        R32        | 2018    | type_outil  | non_renseigne        | -          | absent | -
        R32        | 2019    | total       | total                | 1          | 1      | non
        R32        | 2020    | total       | total                | 2 + 1      | 2 + 1  | oui
        R32        | 2020    | type_outil  | REPERTOIRE           | 1 + 1      | 1 + 1  | oui
        R32        | 2020    | type_outil  | APPLICATION          | 1          | 1      | oui
        R32        | 2020    | type_outil  | METIERS_TENSION      | 0          | 0      | oui
        """,
    )
