"""Objectif 11: l'apprentissage de la langue."""

from tests.indicators.conftest import Verifier


def test_cir_heures_prescrites_moyenne(verifier: Verifier) -> None:
    verifier(
        "cir_heures_prescrites_moyenne",
        "2020-06",
        """
        departement | date_signature | heures_prescrites
        62          | 2018-12-31     | -
        59          | 2019-03-15     | 400
        59          | 2019-05-01     | -
        59          | 2019-12-31     | 200
        02          | 2019-06-01     | 100
        80          | 2020-01-01     | 600
        """,
        """
        territoire | periode | numerateur      | denominateur | valeur                      | rang
        R32        | 2018    | -               | -            | absent                      | -
        R32        | 2019    | 400 + 200 + 100 | 2 + 1        | (400 + 200 + 100) / (2 + 1) | -
        D59        | 2019    | 400 + 200       | 2            | (400 + 200) / 2             | 1
        D02        | 2019    | 100             | 1            | 100                         | 2
        D62        | 2019    | 0               | 0            | -                           | -
        R32        | 2020    | 600             | 1            | 600                         | -
        D59        | 2020    | 0               | 0            | -                           | -
        """,
    )


def test_cir_heures_prescrites_maximum(verifier: Verifier) -> None:
    verifier(
        "cir_heures_prescrites_maximum",
        "2020-06",
        """
        departement | date_signature | heures_prescrites
        62          | 2018-12-31     | -
        59          | 2019-03-15     | 400
        59          | 2019-12-31     | 600
        02          | 2019-06-01     | 100
        02          | 2019-06-02     | -
        62          | 2019-06-03     | -
        02          | 2020-06-30     | 200
        80          | 2020-07-01     | 600
        """,
        """
        territoire | periode | numerateur | denominateur | valeur | rang
        R32        | 2018    | -          | -            | -      | -
        R32        | 2019    | 600        | -            | 600    | -
        D59        | 2019    | 600        | -            | 600    | -
        D02        | 2019    | 100        | -            | 100    | -
        D62        | 2019    | -          | -            | -      | -
        D80        | 2019    | -          | -            | -      | -
        R32        | 2020    | 200        | -            | 200    | -
        D80        | 2020    | -          | -            | -      | -
        """,
    )


def test_formation_linguistique_heures(verifier: Verifier) -> None:
    verifier(
        "formation_linguistique_heures",
        "2021-12",
        """
        exercice | departement | axe    | statut    | heures_formation
        2019     | 59          | LANGUE | FINANCE   | 120
        2019     | 59          | EMPLOI | EN_COURS  | 30
        2019     | 02          | LANGUE | TERMINE   | -
        2019     | 80          | LANGUE | TERMINE   | 0
        2019     | 80          | LANGUE | ABANDONNE | 500
        2020     | 02          | LANGUE | FINANCE   | 60
        2022     | 59          | LANGUE | FINANCE   | 900
        """,
        """
        territoire | periode | valeur       | evolution
        R32        | 2019    | 120 + 30 + 0 | -
        D59        | 2019    | 120 + 30     | -
        D02        | 2019    | -            | -
        D62        | 2019    | 0            | -
        D80        | 2019    | 0            | -
        R32        | 2020    | 60           | 100 * (60 - 150) / 150
        D02        | 2020    | 60           | -
        D59        | 2020    | 0            | 100 * (0 - 150) / 150
        R32        | 2022    | absent       | -
        """,
    )


def test_formation_linguistique_montant(verifier: Verifier) -> None:
    verifier(
        "formation_linguistique_montant",
        "2020-12",
        """
        exercice | departement | axe    | statut    | montant_accorde
        2017     | 80          | EMPLOI | TERMINE   | 700
        2018     | 80          | LANGUE | TERMINE   | 1000.5
        2019     | 80          | LANGUE | TERMINE   | 3001.5
        2019     | 80          | LANGUE | ABANDONNE | 2000
        2019     | 80          | EMPLOI | TERMINE   | 9000
        2019     | 02          | LANGUE | EN_COURS  | 250.25
        2019     | 59          | LANGUE | FINANCE   | -
        """,
        """
        territoire | periode | valeur          | multiplicateur
        R32        | 2017    | absent          | -
        R32        | 2018    | 1000.5          | -
        D80        | 2018    | 1000.5          | -
        R32        | 2019    | 3001.5 + 250.25 | (3001.5 + 250.25) / 1000.5
        D80        | 2019    | 3001.5          | 3001.5 / 1000.5
        D02        | 2019    | 250.25          | -
        D59        | 2019    | -               | -
        D62        | 2019    | 0               | -
        R32        | 2020    | 0               | 0 / 3251.75
        """,
    )


def test_projets_fle(verifier: Verifier) -> None:
    verifier(
        "projets_fle",
        "2019-12",
        """
        exercice | departement | axe    | statut    | visee_professionnelle
        2018     | 59          | LANGUE | TERMINE   | false
        2019     | 59          | LANGUE | TERMINE   | true
        2019     | 59          | LANGUE | EN_COURS  | false
        2019     | 59          | LANGUE | ABANDONNE | true
        2019     | 02          | LANGUE | FINANCE   | false
        2019     | 02          | LANGUE | FINANCE   | -
        2019     | 80          | EMPLOI | FINANCE   | true
        """,
        """
        territoire | periode | ventilation           | modalite      | valeur | part
        R32        | 2018    | total                 | total         | 1      | -
        R32        | 2019    | total                 | total         | 2 + 2  | -
        D59        | 2019    | total                 | total         | 2      | -
        D80        | 2019    | total                 | total         | 0      | -
        R32        | 2019    | visee_professionnelle | O             | 1      | 100 * 1 / (1 + 2)
        R32        | 2019    | visee_professionnelle | N             | 1 + 1  | 100 * 2 / (1 + 2)
        R32        | 2019    | visee_professionnelle | non_renseigne | 1      | -
        D59        | 2019    | visee_professionnelle | O             | 1      | 100 * 1 / (1 + 1)
        D02        | 2019    | visee_professionnelle | O             | 0      | 100 * 0 / (0 + 1)
        D02        | 2019    | visee_professionnelle | non_renseigne | 1      | -
        D80        | 2019    | visee_professionnelle | N             | 0      | -
        R32        | 2018    | visee_professionnelle | non_renseigne | 0      | -
        """,
    )
    verifier(
        "projets_fle",
        "2019-12",
        """
        exercice | departement | axe    | statut    | visee_professionnelle
        2018     | 59          | LANGUE | TERMINE   | false
        2019     | 59          | LANGUE | FINANCE   | false
        2019     | 59          | LANGUE | ABANDONNE | -
        """,
        """
        territoire | periode | ventilation           | modalite      | valeur | multiplicateur
        D59        | 2019    | total                 | total         | 1      | 1 / 1
        R32        | 2019    | visee_professionnelle | N             | 1      | 1 / 1
        R32        | 2019    | visee_professionnelle | O             | 0      | -
        D59        | 2018    | visee_professionnelle | O             | 0      | -
        R32        | 2019    | visee_professionnelle | non_renseigne | absent | -
        """,
    )


def test_projets_part_fle_hors_visee_pro(verifier: Verifier) -> None:
    verifier(
        "projets_part_fle_hors_visee_pro",
        "2019-12",
        """
        exercice | departement | axe    | statut    | visee_professionnelle
        2018     | 62          | SANTE  | TERMINE   | -
        2019     | 59          | LANGUE | TERMINE   | false
        2019     | 59          | LANGUE | TERMINE   | true
        2019     | 59          | EMPLOI | EN_COURS  | false
        2019     | 59          | LANGUE | ABANDONNE | false
        2019     | 02          | LANGUE | FINANCE   | -
        2019     | 02          | LANGUE | FINANCE   | false
        """,
        """
        territoire | periode | numerateur | denominateur | valeur            | rang
        R32        | 2018    | 0          | 1            | 100 * 0 / 1       | -
        R32        | 2019    | 1 + 1      | 3 + 2        | 100 * 2 / (3 + 2) | -
        D59        | 2019    | 1          | 3            | 100 * 1 / 3       | -
        D02        | 2019    | 1          | 2            | 100 * 1 / 2       | -
        D62        | 2019    | 0          | 0            | -                 | -
        """,
    )


def test_projets_part_fle_visee_pro(verifier: Verifier) -> None:
    verifier(
        "projets_part_fle_visee_pro",
        "2019-12",
        """
        exercice | departement | axe    | statut    | visee_professionnelle
        2018     | 62          | LANGUE | TERMINE   | -
        2019     | 59          | LANGUE | TERMINE   | true
        2019     | 59          | LANGUE | TERMINE   | true
        2019     | 59          | LANGUE | TERMINE   | false
        2019     | 59          | EMPLOI | EN_COURS  | true
        2019     | 59          | LANGUE | ABANDONNE | true
        2019     | 02          | LANGUE | FINANCE   | -
        2019     | 02          | LANGUE | FINANCE   | false
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        R32        | 2018    | -          | -            | absent
        R32        | 2019    | 2 + 0      | 3 + 1        | 100 * 2 / (3 + 1)
        D59        | 2019    | 2          | 3            | 100 * 2 / 3
        D02        | 2019    | 0          | 1            | 100 * 0 / 1
        D62        | 2019    | 0          | 0            | -
        """,
    )


def test_pial_beneficiaires(verifier: Verifier) -> None:
    verifier(
        "pial_beneficiaires",
        "2020-12",
        """
        exercice | departement | dispositif | statut    | beneficiaires_realises
        2018     | 59          | AILE       | TERMINE   | 50
        2019     | 59          | PIAL       | TERMINE   | 12
        2019     | 59          | PIAL       | EN_COURS  | 8
        2019     | 59          | PIAL       | ABANDONNE | 100
        2019     | 59          | -          | TERMINE   | 40
        2019     | 02          | PIAL       | FINANCE   | -
        2019     | 80          | PIAL       | FINANCE   | -
        2019     | 80          | PIAL       | FINANCE   | 5
        """,
        """
        territoire | periode | valeur
        R32        | 2018    | absent
        R32        | 2019    | 12 + 8 + 5
        D59        | 2019    | 12 + 8
        D02        | 2019    | -
        D62        | 2019    | 0
        D80        | 2019    | 5
        R32        | 2020    | 0
        """,
    )


def test_departements_avec_alphabetisation(verifier: Verifier) -> None:
    verifier(
        "departements_avec_alphabetisation",
        "2020-12",
        """
        exercice | departement | dispositif      | statut
        2018     | 60          | PIAL            | TERMINE
        2019     | 59          | ALPHABETISATION | TERMINE
        2019     | 59          | ALPHABETISATION | EN_COURS
        2019     | 02          | ALPHABETISATION | FINANCE
        2019     | 80          | ALPHABETISATION | ABANDONNE
        2019     | 62          | -               | TERMINE
        2020     | 60          | ALPHABETISATION | FINANCE
        2021     | 62          | ALPHABETISATION | FINANCE
        """,
        """
        territoire | periode | valeur | rang
        R32        | 2018    | absent | -
        R32        | 2019    | 1 + 1  | -
        D59        | 2019    | 1      | 1
        D02        | 2019    | 1      | 1
        D80        | 2019    | 0      | 3
        D62        | 2019    | 0      | 3
        R32        | 2020    | 1      | -
        D60        | 2020    | 1      | 1
        D59        | 2020    | 0      | 2
        R32        | 2021    | absent | -
        """,
    )


def test_projets_garde_enfants(verifier: Verifier) -> None:
    verifier(
        "projets_garde_enfants",
        "2020-12",
        """
        exercice | departement | axe           | statut
        2018     | 59          | GLOBAL        | TERMINE
        2019     | 59          | GARDE_ENFANTS | TERMINE
        2019     | 59          | GARDE_ENFANTS | FINANCE
        2019     | 59          | GARDE_ENFANTS | ABANDONNE
        2019     | 80          | GARDE_ENFANTS | EN_COURS
        2019     | 02          | LANGUE        | EN_COURS
        """,
        """
        territoire | periode | valeur
        R32        | 2018    | absent
        R32        | 2019    | 2 + 1
        D59        | 2019    | 2
        D80        | 2019    | 1
        D02        | 2019    | 0
        R32        | 2020    | -
        """,
        livre="2019-12",
    )


def test_departements_avec_cartographie_fle(verifier: Verifier) -> None:
    verifier(
        "departements_avec_cartographie_fle",
        "2020-06",
        """
        type_outil       | departement | statut  | date_deploiement | date_retrait
        CARTOGRAPHIE_FLE | 59          | RETIRE  | 2017-12-31       | 2019-12-31
        CARTOGRAPHIE_FLE | 59          | DEPLOYE | 2018-06-01       | -
        CARTOGRAPHIE_FLE | 02          | RETIRE  | 2018-01-01       | 2020-01-01
        CARTOGRAPHIE_FLE | 62          | RETIRE  | 2018-01-01       | 2019-12-31
        CARTOGRAPHIE_FLE | 80          | PREVU   | 2018-01-01       | -
        REPERTOIRE       | 60          | DEPLOYE | 2016-01-01       | -
        CARTOGRAPHIE_FLE | -           | DEPLOYE | 2020-06-30       | -
        """,
        """
        territoire | periode | valeur    | provisoire
        R32        | 2016    | absent    | non
        R32        | 2017    | 1         | non
        D59        | 2017    | 1         | non
        D02        | 2017    | 0         | non
        R32        | 2018    | 1 + 1 + 1 | non
        D59        | 2018    | 1         | non
        R32        | 2019    | 1 + 1     | non
        D02        | 2019    | 1         | non
        D62        | 2019    | 0         | non
        D80        | 2019    | 0         | non
        R32        | 2020    | 5         | oui
        D02        | 2020    | 1         | oui
        D60        | 2020    | 1         | oui
        D80        | 2020    | 1         | oui
        """,
    )


def test_oepre_etablissements(verifier: Verifier) -> None:
    verifier(
        "oepre_etablissements",
        "2020-12",
        """
        annee_scolaire | academie | etablissements
        2017-2018      | LILLE    | 15
        2017-2018      | AMIENS   | 8
        2018-2019      | LILLE    | 20
        2018-2019      | AMIENS   | 11
        2020-2021      | AMIENS   | 3
        2021-2022      | AMIENS   | 90
        """,
        """
        territoire | periode   | valeur  | evolution             | provisoire | rang
        R32        | 2016-2017 | absent  | -                     | -          | -
        R32        | 2017-2018 | 15 + 8  | -                     | non        | -
        A09        | 2017-2018 | 15      | -                     | non        | -
        R32        | 2018-2019 | 20 + 11 | 100 * (31 - 23) / 23  | non        | -
        A20        | 2018-2019 | 11      | 100 * (11 - 8) / 8    | non        | -
        R32        | 2019-2020 | 0       | 100 * (0 - 31) / 31   | non        | -
        R32        | 2020-2021 | 3       | -                     | oui        | -
        A20        | 2020-2021 | 3       | -                     | oui        | -
        A09        | 2020-2021 | 0       | -                     | oui        | -
        D59        | 2018-2019 | absent  | -                     | -          | -
        R32        | 2021-2022 | absent  | -                     | -          | -
        """,
    )


def test_oepre_groupes(verifier: Verifier) -> None:
    verifier(
        "oepre_groupes",
        "2020-12",
        """
        annee_scolaire | academie | groupes
        2017-2018      | LILLE    | 20
        2017-2018      | AMIENS   | 6
        2018-2019      | LILLE    | 42
        """,
        """
        territoire | periode   | valeur | evolution
        R32        | 2017-2018 | 20 + 6 | -
        A20        | 2017-2018 | 6      | -
        R32        | 2018-2019 | 42     | 100 * (42 - 26) / 26
        A20        | 2018-2019 | 0      | 100 * (0 - 6) / 6
        R32        | 2019-2020 | -      | -
        A09        | 2020-2021 | -      | -
        """,
        livre="2019-08",
    )


def test_oepre_ateliers(verifier: Verifier) -> None:
    verifier(
        "oepre_ateliers",
        "2020-12",
        """
        annee_scolaire | academie | ateliers
        2019-2020      | LILLE    | 400
        2019-2020      | AMIENS   | 60
        2020-2021      | LILLE    | 0
        2020-2021      | AMIENS   | 16
        """,
        """
        territoire | periode   | valeur
        R32        | 2018-2019 | absent
        R32        | 2019-2020 | 400 + 60
        A09        | 2019-2020 | 400
        R32        | 2020-2021 | 0 + 16
        A09        | 2020-2021 | 0
        A20        | 2020-2021 | 16
        """,
    )


def test_oepre_parents(verifier: Verifier) -> None:
    livraisons = """
        annee_scolaire | academie | parents
        2019-2020      | LILLE    | 700
        2019-2020      | AMIENS   | 80
        2020-2021      | AMIENS   | 235
        """
    verifier(
        "oepre_parents",
        "2020-08",
        livraisons,
        """
        territoire | periode   | valeur   | provisoire
        R32        | 2019-2020 | 700 + 80 | non
        A20        | 2019-2020 | 80       | non
        R32        | 2020-2021 | absent   | -
        """,
    )
    verifier(
        "oepre_parents",
        "2020-09",
        livraisons,
        """
        territoire | periode   | valeur   | provisoire
        R32        | 2019-2020 | 700 + 80 | non
        R32        | 2020-2021 | 235      | oui
        A09        | 2020-2021 | 0        | oui
        """,
    )


def test_oepre_part_primo_arrivants(verifier: Verifier) -> None:
    verifier(
        "oepre_part_primo_arrivants",
        "2020-12",
        """
        annee_scolaire | academie | parents | parents_primo_arrivants
        2016-2017      | LILLE    | 500     | -
        2017-2018      | LILLE    | 600     | 250
        2017-2018      | AMIENS   | 200     | 90
        2018-2019      | LILLE    | 700     | -
        2018-2019      | AMIENS   | 300     | 0
        2019-2020      | AMIENS   | 0       | 0
        """,
        """
        territoire | periode   | numerateur | denominateur | valeur
        R32        | 2016-2017 | -          | -            | absent
        R32        | 2017-2018 | 250 + 90   | 600 + 200    | 100 * (250 + 90) / (600 + 200)
        A09        | 2017-2018 | 250        | 600          | 100 * 250 / 600
        R32        | 2018-2019 | 0          | 300          | 100 * 0 / 300
        A09        | 2018-2019 | 0          | 0            | -
        A20        | 2018-2019 | 0          | 300          | 100 * 0 / 300
        R32        | 2019-2020 | 0          | 0            | -
        R32        | 2020-2021 | 0          | 0            | -
        """,
    )


def test_oepre_taux_dilf(verifier: Verifier) -> None:
    verifier(
        "oepre_taux_dilf",
        "2020-12",
        """
        annee_scolaire | academie | candidats_dilf | recus_dilf | candidats_delf | recus_delf
        2018-2019      | LILLE    | 30             | 27         | 90             | 1
        2018-2019      | AMIENS   | 10             | 8          | 90             | 1
        2019-2020      | LILLE    | 40             | -          | 90             | 1
        2019-2020      | AMIENS   | 20             | 20         | 90             | 1
        2020-2021      | LILLE    | 0              | 0          | 90             | 1
        2020-2021      | AMIENS   | -              | 5          | 90             | 1
        """,
        """
        territoire | periode   | numerateur | denominateur | valeur
        R32        | 2018-2019 | 27 + 8     | 30 + 10      | 100 * (27 + 8) / (30 + 10)
        A09        | 2018-2019 | 27         | 30           | 100 * 27 / 30
        A20        | 2018-2019 | 8          | 10           | 100 * 8 / 10
        R32        | 2019-2020 | 20         | 20           | 100 * 20 / 20
        A09        | 2019-2020 | 0          | 0            | -
        R32        | 2020-2021 | 0          | 0            | -
        A09        | 2020-2021 | 0          | 0            | -
        A20        | 2020-2021 | 0          | 0            | -
        """,
    )


def test_oepre_taux_delf(verifier: Verifier) -> None:
    verifier(
        "oepre_taux_delf",
        "2020-12",
        """
        annee_scolaire | academie | candidats_delf | recus_delf | candidats_dilf | recus_dilf
        2017-2018      | LILLE    | -              | -          | 90             | 1
        2018-2019      | LILLE    | 60             | 45         | 90             | 1
        2018-2019      | AMIENS   | 20             | 17         | 90             | 1
        2019-2020      | LILLE    | 30             | -          | 90             | 1
        2020-2021      | LILLE    | -              | 12         | 90             | 1
        2020-2021      | AMIENS   | 40             | 34         | 90             | 1
        """,
        """
        territoire | periode   | numerateur | denominateur | valeur
        R32        | 2017-2018 | -          | -            | absent
        R32        | 2018-2019 | 45 + 17    | 60 + 20      | 100 * (45 + 17) / (60 + 20)
        A20        | 2018-2019 | 17         | 20           | 100 * 17 / 20
        R32        | 2019-2020 | 0          | 0            | -
        R32        | 2020-2021 | 34         | 40           | 100 * 34 / 40
        A09        | 2020-2021 | 0          | 0            | -
        A20        | 2020-2021 | 34         | 40           | 100 * 34 / 40
        """,
    )


def test_cir_part_assidus(verifier: Verifier) -> None:
    """Exactly 80 % counts: 80 of 100 hours, 480 of 600."""
    livrees = """
        departement | date_fin_formation | heures_prescrites | heures_realisees | sexe | age
        59          | 2018-06-15         | 0                 | 10               | H    | 30
        59          | 2018-06-15         | -                 | 10               | H    | 30
        59          | 2018-06-15         | 100               | -                | H    | 30
        59          | 2019-01-01         | 100               | 80               | H    | 24
        59          | 2019-12-31         | 600               | 480              | F    | 25
        59          | 2019-06-01         | 600               | 479              | F    | 25
        59          | 2019-06-01         | 50                | 0                | -    | -
        59          | -                  | 200               | 200              | H    | 24
        02          | 2019-06-01         | 400               | 800              | F    | 24
        80          | 2020-06-30         | 100               | 79               | H    | 40
        80          | 2020-07-01         | 100               | 100              | H    | 40
        80          | 2021-01-01         | 100               | 100              | H    | 40
    """
    verifier(
        "cir_part_assidus",
        "2020-06",
        livrees,
        """
        territoire | periode | numerateur | denominateur | valeur                | rang
        R32        | 2018    | -          | -            | absent                | -
        R32        | 2019    | 2 + 1      | 4 + 1        | 100 * 3 / (4 + 1)     | -
        D59        | 2019    | 1 + 1      | 1 + 1 + 2    | 100 * 2 / (1 + 1 + 2) | 2
        D02        | 2019    | 1          | 1            | 100                   | 1
        D80        | 2019    | 0          | 0            | -                     | -
        R32        | 2020    | 0          | 1            | 0                     | -
        D80        | 2020    | 0          | 1            | 0                     | 1
        D59        | 2020    | 0          | 0            | -                     | -
        R32        | 2021    | -          | -            | absent                | -
        """,
    )
    verifier(
        "cir_part_assidus",
        "2020-06",
        livrees,
        """
        territoire | periode | ventilation | modalite      | numerateur | denominateur | valeur
        R32        | 2019    | sexe        | H             | 1          | 1            | 100
        R32        | 2019    | sexe        | F             | 1 + 1      | 2 + 1        | 100 * 2 / 3
        D59        | 2019    | sexe        | F             | 1          | 2            | 100 * 1 / 2
        R32        | 2019    | sexe        | non_renseigne | 0          | 1            | 0
        R32        | 2019    | tranche_age | moins_25      | 1 + 1      | 1 + 1        | 100
        R32        | 2019    | tranche_age | 25_et_plus    | 1          | 2            | 100 * 1 / 2
        R32        | 2019    | tranche_age | non_renseigne | 0          | 1            | 0
        R32        | 2020    | tranche_age | non_renseigne | 0          | 0            | -
        """,
    )


def test_cir_part_assidus_by_motive(verifier: Verifier) -> None:
    verifier(
        "cir_part_assidus",
        "2019-12",
        """
        departement | date_fin_formation | heures_prescrites | heures_realisees | motif_admission
        59          | 2019-01-01         | 200               | 160              | HUM
        02          | 2019-12-31         | 200               | 159              | HUM
        02          | 2019-12-31         | 200               | -                | ECO
        02          | 2019-12-31         | 200               | 200              | -
        """,
        """
        territoire | periode | ventilation     | modalite      | denominateur | valeur
        R32        | 2019    | motif_admission | HUM           | 1 + 1        | 100 * 1 / (1 + 1)
        D59        | 2019    | motif_admission | HUM           | 1            | 100
        D02        | 2019    | motif_admission | HUM           | 1            | 0
        R32        | 2019    | motif_admission | ECO           | 0            | -
        R32        | 2019    | motif_admission | FAM           | 0            | -
        R32        | 2019    | motif_admission | non_renseigne | 1            | 100
        """,
    )


def test_cir_taux_a2_sortants(verifier: Verifier) -> None:
    verifier(
        "cir_taux_a2_sortants",
        "2020-06",
        """
        departement | date_signature | date_fin_formation | heures_prescrites | niveau_atteint
        59          | 2017-03-15     | 2018-12-31         | 0                 | A2
        59          | 2017-03-15     | 2018-12-31         | -                 | A2
        59          | 2018-03-15     | 2019-01-01         | 50                | A2
        59          | 2018-03-15     | 2019-06-01         | 200               | B2
        59          | 2018-03-15     | 2019-06-01         | 200               | A1
        59          | 2018-03-15     | 2019-06-01         | 200               | -
        59          | 2018-03-15     | -                  | 200               | B1
        02          | 2018-03-15     | 2019-12-31         | 400               | B1
        02          | 2018-03-15     | 2019-12-31         | 400               | INFRA_A1
        02          | 2018-03-15     | 2019-12-31         | 400               | A1_1
        80          | 2019-03-15     | 2020-06-30         | 100               | A1
        80          | 2019-03-15     | 2020-07-01         | 100               | A2
        """,
        """
        territoire | periode | numerateur | denominateur | valeur                | rang
        R32        | 2018    | -          | -            | absent                | -
        R32        | 2019    | 2 + 1      | 4 + 3        | 100 * 3 / (4 + 3)     | -
        D59        | 2019    | 1 + 1      | 1 + 1 + 2    | 100 * 2 / (1 + 1 + 2) | 1
        D02        | 2019    | 1          | 1 + 2        | 100 * 1 / (1 + 2)     | 2
        D80        | 2019    | 0          | 0            | -                     | -
        R32        | 2020    | 0          | 1            | 0                     | -
        D80        | 2020    | 0          | 1            | 0                     | 1
        """,
    )
