"""Objectif 16: l'accès au logement."""

from tests.indicators.conftest import Verifier


def test_departements_concertation_logement(verifier: Verifier) -> None:
    verifier(
        "departements_concertation_logement",
        "2020-06",
        """
        niveau        | departement | instance              | date_reunion
        DEPARTEMENTAL | 59          | CONCERTATION_LOGEMENT | 2018-12-31
        DEPARTEMENTAL | 59          | CONCERTATION_LOGEMENT | 2018-01-01
        DEPARTEMENTAL | 02          | CONCERTATION_LOGEMENT | 2018-05-01
        DEPARTEMENTAL | 60          | COPIL                 | 2018-05-01
        REGIONAL      | -           | CONCERTATION_LOGEMENT | 2017-05-01
        DEPARTEMENTAL | 80          | CONCERTATION_LOGEMENT | 2020-06-30
        DEPARTEMENTAL | 62          | CONCERTATION_LOGEMENT | 2020-07-01
        """,
        """
        territoire | periode | valeur | denominateur | rang
        R32        | 2017    | absent | -            | -
        D59        | 2018    | 1      | -            | 1
        D02        | 2018    | 1      | -            | 1
        D60        | 2018    | 0      | -            | 3
        R32        | 2018    | 1 + 1  | -            | -
        R32        | 2019    | 0      | -            | -
        D59        | 2019    | 0      | -            | 1
        D80        | 2020    | 1      | -            | 1
        D62        | 2020    | 0      | -            | 2
        R32        | 2020    | 1      | -            | -
        """,
    )


def test_concertation_logement_intervalle(verifier: Verifier) -> None:
    verifier(
        "concertation_logement_intervalle",
        "2021-03",
        """
        niveau        | departement | instance              | date_reunion
        DEPARTEMENTAL | 59          | CONCERTATION_LOGEMENT | 2018-12-22
        DEPARTEMENTAL | 59          | CONCERTATION_LOGEMENT | 2019-01-01
        DEPARTEMENTAL | 59          | CONCERTATION_LOGEMENT | 2019-01-01
        DEPARTEMENTAL | 59          | COPIL                 | 2019-01-10
        DEPARTEMENTAL | 59          | CONCERTATION_LOGEMENT | 2019-01-31
        DEPARTEMENTAL | 59          | CONCERTATION_LOGEMENT | 2021-04-01
        DEPARTEMENTAL | 02          | CONCERTATION_LOGEMENT | 2019-03-01
        DEPARTEMENTAL | 02          | CONCERTATION_LOGEMENT | 2019-03-05
        DEPARTEMENTAL | 02          | CONCERTATION_LOGEMENT | 2021-03-31
        DEPARTEMENTAL | 80          | CONCERTATION_LOGEMENT | 2019-06-01
        REGIONAL      | -           | CONCERTATION_LOGEMENT | 2019-06-01
        REGIONAL      | -           | CONCERTATION_LOGEMENT | 2019-06-02
        """,
        """
        territoire | periode | valeur         | denominateur | rang
        R32        | 2018    | absent         | -            | -
        D59        | 2019    | (10 + 30) / 2  | -            | 2
        D02        | 2019    | 4              | -            | 1
        D80        | 2019    | -              | -            | -
        R32        | 2019    | 10             | -            | -
        D59        | 2020    | -              | -            | -
        R32        | 2020    | -              | -            | -
        D02        | 2021    | 366 + 365 + 26 | -            | 1
        D59        | 2021    | -              | -            | -
        R32        | 2021    | 757            | -            | -
        """,
    )


def test_logements_mobilises(verifier: Verifier) -> None:
    verifier(
        "logements_mobilises",
        "2020-02",
        """
        mois    | departement | filiere            | parc   | zone         | logements_mobilises
        2019-11 | 59          | PLAN_LOGEMENT      | SOCIAL | GRANDE_VILLE | 10
        2019-11 | 59          | PLAN_LOGEMENT      | PRIVE  | AUTRE        | 5
        2019-12 | 02          | REINSTALLATION     | SOCIAL | AUTRE        | 3
        2020-02 | 59          | MOBILITE_NATIONALE | SOCIAL | AUTRE        | 0
        2020-02 | 59          | PLAN_LOGEMENT      | SOCIAL | AUTRE        | 2
        2020-03 | 59          | PLAN_LOGEMENT      | SOCIAL | AUTRE        | 1000
        """,
        """
        territoire | periode | ventilation | modalite       | valeur     | part
        R32        | 2019    | total       | total          | 10 + 5 + 3 | -
        D59        | 2019    | total       | total          | 10 + 5     | -
        D80        | 2019    | total       | total          | 0          | -
        R32        | 2019    | parc        | SOCIAL         | 10 + 3     | 100 * 13 / (13 + 5)
        R32        | 2019    | parc        | PRIVE          | 5          | 100 * 5 / (13 + 5)
        R32        | 2019    | parc        | RESIDENCE      | 0          | 0
        R32        | 2019    | parc        | non_renseigne  | absent     | -
        D59        | 2019    | filiere     | PLAN_LOGEMENT  | 10 + 5     | 100
        D59        | 2019    | filiere     | REINSTALLATION | 0          | 0
        D80        | 2019    | filiere     | PLAN_LOGEMENT  | 0          | -
        R32        | 2019-10 | total       | total          | absent     | -
        R32        | 2019-11 | total       | total          | 10 + 5     | -
        D02        | 2019-12 | total       | total          | 3          | -
        R32        | 2020-01 | total       | total          | 0          | -
        R32        | 2020-02 | total       | total          | 0 + 2      | -
        R32        | 2020    | total       | total          | 0 + 2      | -
        R32        | 2020-03 | total       | total          | absent     | -
        FR         | 2019    | total       | total          | 10648      | -
        """,
    )


def test_logements_part_hors_grandes_villes(verifier: Verifier) -> None:
    verifier(
        "logements_part_hors_grandes_villes",
        "2020-12",
        """
        mois    | departement | filiere       | parc   | zone         | logements_mobilises
        2019-01 | 59          | PLAN_LOGEMENT | SOCIAL | GRANDE_VILLE | 6
        2019-12 | 59          | PLAN_LOGEMENT | SOCIAL | AUTRE        | 2
        2019-05 | 02          | PLAN_LOGEMENT | SOCIAL | AUTRE        | 4
        2019-05 | 80          | PLAN_LOGEMENT | SOCIAL | GRANDE_VILLE | 3
        2019-05 | 62          | PLAN_LOGEMENT | SOCIAL | AUTRE        | 0
        2020-01 | 59          | PLAN_LOGEMENT | SOCIAL | AUTRE        | 1
        """,
        """
        territoire | periode | numerateur | denominateur  | valeur                    | rang
        D59        | 2019    | 2          | 6 + 2         | 100 * 2 / (6 + 2)         | 2
        D02        | 2019    | 4          | 4             | 100                       | 1
        D80        | 2019    | 0          | 3             | 0                         | 3
        D62        | 2019    | 0          | 0             | -                         | -
        D60        | 2019    | 0          | 0             | -                         | -
        R32        | 2019    | 2 + 4      | 6 + 2 + 4 + 3 | 100 * 6 / (6 + 2 + 4 + 3) | -
        D59        | 2020    | 1          | 1             | 100                       | 1
        """,
    )


def test_personnes_par_logement_mobilise(verifier: Verifier) -> None:
    verifier(
        "personnes_par_logement_mobilise",
        "2019-12",
        """
        mois    | departement | filiere        | parc   | zone  | logements_mobilises | personnes
        2018-06 | 59          | PLAN_LOGEMENT  | SOCIAL | AUTRE | 7                   | -
        2019-01 | 59          | PLAN_LOGEMENT  | SOCIAL | AUTRE | 4                   | 10
        2019-02 | 59          | PLAN_LOGEMENT  | PRIVE  | AUTRE | 100                 | -
        2019-03 | 59          | PLAN_LOGEMENT  | SOCIAL | AUTRE | 2                   | 0
        2019-03 | 02          | REINSTALLATION | SOCIAL | AUTRE | 1                   | 5
        2019-03 | 80          | REINSTALLATION | SOCIAL | AUTRE | 3                   | -
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        R32        | 2018    | -          | -            | absent
        D59        | 2019    | 10 + 0     | 4 + 2        | 10 / (4 + 2)
        D02        | 2019    | 5          | 1            | 5
        D80        | 2019    | 0          | 0            | -
        R32        | 2019    | 10 + 0 + 5 | 4 + 2 + 1    | 15 / (4 + 2 + 1)
        """,
    )


def test_attributions_hebergement_generaliste(verifier: Verifier) -> None:
    verifier(
        "attributions_hebergement_generaliste",
        "2020-02",
        """
        mois    | departement | origine                 | attributions
        2019-10 | 59          | CADA                    | 50
        2019-11 | 59          | HEBERGEMENT_GENERALISTE | 4
        2019-12 | 59          | HEBERGEMENT_GENERALISTE | 6
        2019-12 | 02          | HEBERGEMENT_GENERALISTE | 1
        2019-12 | 02          | CPH                     | 70
        2020-02 | 02          | HEBERGEMENT_GENERALISTE | 3
        """,
        """
        territoire | periode | valeur    | denominateur
        R32        | 2019-10 | absent    | -
        R32        | 2019    | 4 + 6 + 1 | -
        D59        | 2019    | 4 + 6     | -
        D02        | 2019    | 1         | -
        D80        | 2019    | 0         | -
        D59        | 2019-12 | 6         | -
        R32        | 2019-12 | 6 + 1     | -
        R32        | 2020-01 | 0         | -
        R32        | 2020    | 3         | -
        D59        | 2020    | 0         | -
        """,
    )


def test_departements_avec_protocole_logement(verifier: Verifier) -> None:
    verifier(
        "departements_avec_protocole_logement",
        "2021-06",
        """
        type_contrat       | departement | date_signature | date_fin
        PROTOCOLE_LOGEMENT | 59          | 2018-12-31     | 2019-12-31
        PROTOCOLE_LOGEMENT | 02          | 2019-01-01     | 2020-12-30
        PROTOCOLE_LOGEMENT | 60          | 2020-06-01     | -
        PROTOCOLE_LOGEMENT | 60          | 2020-07-01     | -
        PROTOCOLE_LOGEMENT | 80          | 2021-01-01     | 2021-06-30
        PROTOCOLE_LOGEMENT | 62          | 2021-01-01     | 2021-06-29
        CAI                | 62          | 2017-01-01     | -
        """,
        """
        territoire | periode | valeur | denominateur | provisoire
        R32        | 2017    | absent | -            | -
        R32        | 2018    | 1      | -            | non
        D59        | 2018    | 1      | -            | non
        D02        | 2018    | 0      | -            | non
        R32        | 2019    | 1 + 1  | -            | non
        D59        | 2019    | 1      | -            | non
        D02        | 2020    | 0      | -            | non
        D60        | 2020    | 1      | -            | non
        R32        | 2020    | 1      | -            | non
        D80        | 2021    | 1      | -            | oui
        D62        | 2021    | 0      | -            | oui
        R32        | 2021    | 1 + 1  | -            | oui
        """,
    )


def test_dispositifs_sas_logement(verifier: Verifier) -> None:
    verifier(
        "dispositifs_sas_logement",
        "2021-12",
        """
        exercice | departement | axe      | dispositif | statut    | public_jeune
        2018     | 59          | LOGEMENT | SAS        | ABANDONNE | -
        2018     | 59          | EMPLOI   | SAS        | FINANCE   | -
        2018     | 59          | LOGEMENT | AVDL-R     | FINANCE   | -
        2018     | 59          | LOGEMENT | SAS        | FINANCE   | true
        2019     | 59          | LOGEMENT | SAS        | FINANCE   | -
        2019     | 59          | LOGEMENT | SAS        | TERMINE   | true
        2019     | 59          | LOGEMENT | D.I.R      | EN_COURS  | false
        2019     | 59          | LOGEMENT | SHAPAD     | EN_COURS  | true
        2019     | 02          | LOGEMENT | SAS        | FINANCE   | -
        2019     | 02          | LOGEMENT | SAS        | TERMINE   | false
        2019     | 02          | LOGEMENT | -          | FINANCE   | -
        2021     | 80          | LOGEMENT | SHAPAD     | FINANCE   | -
        2022     | 80          | LOGEMENT | SAS        | FINANCE   | -
        """,
        """
        territoire | periode | valeur | denominateur | rang
        R32        | 2018    | absent | -            | -
        D59        | 2019    | 1 + 1  | -            | 1
        D02        | 2019    | 1      | -            | 2
        D80        | 2019    | 0      | -            | 3
        R32        | 2019    | 1 + 1  | -            | -
        R32        | 2020    | 0      | -            | -
        D80        | 2021    | 1      | -            | 1
        R32        | 2021    | 1      | -            | -
        R32        | 2022    | absent | -            | -
        """,
    )


def test_departements_avec_sas_logement(verifier: Verifier) -> None:
    verifier(
        "departements_avec_sas_logement",
        "2020-12",
        """
        exercice | departement | axe      | dispositif | statut    | public_jeune
        2018     | 59          | LOGEMENT | SAS        | FINANCE   | true
        2019     | 59          | LOGEMENT | SAS        | FINANCE   | -
        2019     | 59          | LOGEMENT | D.I.R      | FINANCE   | true
        2019     | 02          | LOGEMENT | SHAPAD     | FINANCE   | false
        2019     | 60          | LOGEMENT | SAS        | ABANDONNE | -
        2019     | 60          | LOGEMENT | SAS        | FINANCE   | true
        2019     | 62          | LOGEMENT | AVDL-R     | FINANCE   | -
        2019     | 80          | GLOBAL   | SAS        | FINANCE   | -
        2020     | 60          | LOGEMENT | SAS        | EN_COURS  | -
        2020     | 62          | LOGEMENT | D.I.R      | FINANCE   | -
        2021     | 62          | LOGEMENT | SAS        | FINANCE   | -
        """,
        """
        territoire | periode | valeur | denominateur
        R32        | 2018    | absent | -
        D59        | 2019    | 1      | -
        D02        | 2019    | 1      | -
        D60        | 2019    | 0      | -
        D62        | 2019    | 0      | -
        D80        | 2019    | 0      | -
        R32        | 2019    | 1 + 1  | -
        D60        | 2020    | 1      | -
        D59        | 2020    | 0      | -
        D62        | 2020    | 1      | -
        R32        | 2020    | 1 + 1  | -
        """,
    )


def test_avdl_operateurs(verifier: Verifier) -> None:
    verifier(
        "avdl_operateurs",
        "2020-12",
        """
        annee | operateur | departement | beneficiaires
        2019  | Alpha     | 59          | 0
        2019  | Beta      | 59          | 4
        2019  | Gamma     | 02          | 5
        2020  | Alpha     | 02          | 6
        2021  | Alpha     | 80          | 7
        """,
        """
        territoire | periode | valeur | denominateur | ecart
        D59        | 2019    | 2      | -            | -
        D02        | 2019    | 1      | -            | -
        D80        | 2019    | 0      | -            | -
        R32        | 2019    | 2 + 1  | -            | -
        D02        | 2020    | 1      | -            | 0
        D59        | 2020    | 0      | -            | 0 - 2
        R32        | 2020    | 1      | -            | 1 - 3
        R32        | 2021    | absent | -            | -
        """,
    )


def test_avdl_beneficiaires(verifier: Verifier) -> None:
    verifier(
        "avdl_beneficiaires",
        "2021-12",
        """
        annee | operateur | departement | beneficiaires | logements_captes | personnes_relogees
        2019  | Alpha     | 59          | 12            | 900              | 900
        2019  | Beta      | 59          | 3             | 900              | 900
        2019  | Gamma     | 02          | 5             | 900              | 900
        2021  | Alpha     | 59          | 7             | 900              | 900
        2022  | Alpha     | 59          | 800           | 900              | 900
        """,
        """
        territoire | periode | valeur         | denominateur | multiplicateur
        D59        | 2019    | 12 + 3         | -            | -
        D02        | 2019    | 5              | -            | -
        D80        | 2019    | 0              | -            | -
        R32        | 2019    | 12 + 3 + 5     | -            | -
        R32        | 2020    | 0              | -            | 0
        D59        | 2021    | 7              | -            | -
        D59        | cumul   | 12 + 3 + 7     | -            | -
        R32        | cumul   | 12 + 3 + 5 + 7 | -            | -
        R32        | 2022    | absent         | -            | -
        """,
    )


def test_avdl_logements_captes(verifier: Verifier) -> None:
    verifier(
        "avdl_logements_captes",
        "2021-06",
        """
        annee | operateur | departement | beneficiaires | logements_captes | personnes_relogees
        2020  | Alpha     | 59          | 900           | 2                | 900
        2020  | Beta      | 02          | 900           | 3                | 900
        2021  | Alpha     | 59          | 900           | 4                | 900
        2022  | Alpha     | 59          | 900           | 800              | 900
        """,
        """
        territoire | periode | valeur    | denominateur | provisoire
        D59        | 2020    | 2         | -            | non
        D02        | 2020    | 3         | -            | non
        R32        | 2020    | 2 + 3     | -            | non
        R32        | 2021    | 4         | -            | oui
        D02        | 2021    | 0         | -            | oui
        D02        | cumul   | 3         | -            | non
        R32        | cumul   | 2 + 3 + 4 | -            | non
        """,
    )


def test_avdl_personnes_relogees(verifier: Verifier) -> None:
    verifier(
        "avdl_personnes_relogees",
        "2021-12",
        """
        annee | operateur | departement | beneficiaires | logements_captes | personnes_relogees
        2019  | Alpha     | 59          | 900           | 900              | 6
        2019  | Beta      | 02          | 900           | 900              | 0
        2020  | Beta      | 02          | 900           | 900              | 8
        """,
        """
        territoire | periode | valeur    | denominateur
        R32        | 2018    | absent    | -
        D59        | 2019    | 6         | -
        D02        | 2019    | 0         | -
        R32        | 2019    | 6 + 0     | -
        R32        | 2020    | 8         | -
        R32        | 2021    | -         | -
        D59        | 2021    | -         | -
        R32        | cumul   | 6 + 0 + 8 | -
        D80        | cumul   | 0         | -
        """,
        livre="2020-12",
    )


def test_menages_loges(verifier: Verifier) -> None:
    verifier(
        "menages_loges",
        "2020-02",
        """
        mois    | departement | filiere            | parc   | zone         | menages
        2019-10 | 59          | PLAN_LOGEMENT      | SOCIAL | AUTRE        | -
        2019-11 | 59          | PLAN_LOGEMENT      | SOCIAL | GRANDE_VILLE | 10
        2019-11 | 59          | PLAN_LOGEMENT      | PRIVE  | AUTRE        | 5
        2019-12 | 59          | MOBILITE_NATIONALE | SOCIAL | AUTRE        | 0
        2019-12 | 02          | REINSTALLATION     | SOCIAL | AUTRE        | 3
        2019-12 | 80          | REINSTALLATION     | SOCIAL | AUTRE        | -
        2020-02 | 02          | REINSTALLATION     | SOCIAL | AUTRE        | 2
        2020-03 | 02          | REINSTALLATION     | SOCIAL | AUTRE        | 500
        """,
        """
        territoire | periode | ventilation | modalite           | valeur         | part
        R32        | 2019-09 | total       | total              | absent         | -
        R32        | 2019-10 | total       | total              | -              | -
        D02        | 2019-10 | total       | total              | 0              | -
        R32        | 2019-11 | total       | total              | 10 + 5         | -
        R32        | 2019-12 | total       | total              | 0 + 3          | -
        D59        | 2019-12 | total       | total              | 0              | -
        D80        | 2019-12 | total       | total              | -              | -
        D59        | 2019    | total       | total              | 10 + 5 + 0     | -
        D02        | 2019    | total       | total              | 3              | -
        D80        | 2019    | total       | total              | -              | -
        D60        | 2019    | total       | total              | 0              | -
        R32        | 2019    | total       | total              | 10 + 5 + 0 + 3 | -
        R32        | 2019    | filiere     | PLAN_LOGEMENT      | 10 + 5         | 100 * 15 / 18
        R32        | 2019    | filiere     | REINSTALLATION     | 3              | 100 * 3 / 18
        R32        | 2019    | filiere     | MOBILITE_NATIONALE | 0              | 0
        D59        | 2019    | filiere     | PLAN_LOGEMENT      | 10 + 5         | 100
        D59        | 2019    | filiere     | REINSTALLATION     | 0              | 0
        D80        | 2019    | filiere     | REINSTALLATION     | -              | -
        D80        | 2019    | filiere     | PLAN_LOGEMENT      | 0              | -
        R32        | 2019    | filiere     | non_renseigne      | absent         | -
        R32        | 2020-01 | total       | total              | 0              | -
        R32        | 2020-02 | filiere     | REINSTALLATION     | 2              | 100
        R32        | 2020    | total       | total              | 2              | -
        R32        | 2020-03 | total       | total              | absent         | -
        """,
    )
