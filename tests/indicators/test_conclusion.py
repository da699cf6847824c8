"""Conclusion: the projects that the programme 104 finances."""

from tests.indicators.conftest import Verifier


def test_projets_finances(verifier: Verifier) -> None:
    verifier(
        "projets_finances",
        "2020-12",
        """
        exercice | departement | axe    | action | statut
        2018     | 59          | LANGUE | 12     | ABANDONNE
        2019     | 59          | LANGUE | 12     | FINANCE
        2019     | 59          | LANGUE | 15     | EN_COURS
        2019     | 59          | EMPLOI | 15     | ABANDONNE
        2019     | 02          | EMPLOI | 15     | TERMINE
        2021     | 02          | EMPLOI | 15     | FINANCE
        """,
        """
        territoire | periode | ventilation | modalite | valeur | part
        R32        | 2018    | total       | total    | absent | -
        D59        | 2019    | total       | total    | 1 + 1  | -
        D02        | 2019    | total       | total    | 1      | -
        D80        | 2019    | total       | total    | 0      | -
        R32        | 2019    | total       | total    | 2 + 1  | -
        R32        | 2019    | axe         | LANGUE   | 1 + 1  | 100 * 2 / (2 + 1)
        R32        | 2019    | axe         | EMPLOI   | 1      | 100 * 1 / (2 + 1)
        R32        | 2019    | axe         | SANTE    | 0      | 0
        R32        | 2019    | action      | 12       | 1      | 100 * 1 / (1 + 2)
        R32        | 2019    | action      | 15       | 1 + 1  | 100 * 2 / (1 + 2)
        D59        | 2019    | action      | 15       | 1      | 100 * 1 / (1 + 1)
        D80        | 2019    | action      | 15       | 0      | -
        R32        | 2020    | total       | total    | 0      | -
        R32        | 2021    | total       | total    | absent | -
        """,
    )


def test_projets_beneficiaires_prevus(verifier: Verifier) -> None:
    verifier(
        "projets_beneficiaires_prevus",
        "2020-12",
        """
        exercice | departement | statut    | beneficiaires_prevus | beneficiaires_realises
        2018     | 59          | ABANDONNE | 500                  | 900
        2019     | 59          | FINANCE   | 10                   | 900
        2019     | 59          | FINANCE   | 5                    | 900
        2019     | 59          | ABANDONNE | 500                  | 900
        2019     | 02          | TERMINE   | 3                    | 900
        2019     | 80          | TERMINE   | -                    | 900
        2020     | 80          | TERMINE   | -                    | 900
        """,
        """
        territoire | periode | valeur     | denominateur
        R32        | 2018    | absent     | -
        D59        | 2019    | 10 + 5     | -
        D02        | 2019    | 3          | -
        D80        | 2019    | -          | -
        D60        | 2019    | 0          | -
        R32        | 2019    | 10 + 5 + 3 | -
        D59        | 2020    | 0          | -
        R32        | 2020    | -          | -
        """,
    )


def test_projets_beneficiaires_realises(verifier: Verifier) -> None:
    verifier(
        "projets_beneficiaires_realises",
        "2021-12",
        """
        exercice | departement | statut    | beneficiaires_prevus | beneficiaires_realises
        2019     | 59          | FINANCE   | 900                  | 10
        2019     | 59          | EN_COURS  | 900                  | 0
        2019     | 59          | ABANDONNE | 900                  | 500
        2019     | 02          | TERMINE   | -                    | 3
        2019     | 80          | TERMINE   | 900                  | -
        2020     | 02          | TERMINE   | 900                  | 6
        """,
        """
        territoire | periode | valeur     | denominateur | multiplicateur
        R32        | 2018    | absent     | -            | -
        D59        | 2019    | 10 + 0     | -            | -
        D02        | 2019    | 3          | -            | -
        D80        | 2019    | -          | -            | -
        R32        | 2019    | 10 + 0 + 3 | -            | -
        D02        | 2020    | 6          | -            | 6 / 3
        R32        | 2020    | 6          | -            | 6 / 13
        R32        | 2021    | -          | -            | -
        """,
        livre="2020-12",
    )


def test_projets_taux_realisation(verifier: Verifier) -> None:
    verifier(
        "projets_taux_realisation",
        "2020-12",
        """
        exercice | departement | statut    | beneficiaires_prevus | beneficiaires_realises
        2018     | 59          | FINANCE   | 10                   | -
        2019     | 59          | FINANCE   | 10                   | 12
        2019     | 59          | FINANCE   | 20                   | 0
        2019     | 59          | FINANCE   | 50                   | -
        2019     | 59          | FINANCE   | -                    | 60
        2019     | 59          | ABANDONNE | 70                   | 80
        2019     | 02          | TERMINE   | 4                    | 6
        2019     | 80          | TERMINE   | 0                    | 7
        """,
        """
        territoire | periode | numerateur     | denominateur    | valeur
        R32        | 2018    | -              | -               | absent
        D59        | 2019    | 12 + 0         | 10 + 20         | 100 * 12 / (10 + 20)
        D02        | 2019    | 6              | 4               | 100 * 6 / 4
        D80        | 2019    | 7              | 0               | -
        D60        | 2019    | 0              | 0               | -
        R32        | 2019    | 12 + 0 + 6 + 7 | 10 + 20 + 4 + 0 | 100 * 25 / 34
        R32        | 2020    | 0              | 0               | -
        """,
    )


def test_projets_montant_accorde(verifier: Verifier) -> None:
    verifier(
        "projets_montant_accorde",
        "2020-12",
        """
        exercice | departement | axe    | action | statut    | montant_accorde
        2018     | 59          | LANGUE | 12     | ABANDONNE | 500
        2019     | 59          | LANGUE | 12     | FINANCE   | 1000.5
        2019     | 59          | LANGUE | 15     | EN_COURS  | 0
        2019     | 59          | EMPLOI | 15     | ABANDONNE | 500
        2019     | 59          | EMPLOI | 15     | FINANCE   | -
        2019     | 02          | EMPLOI | 15     | TERMINE   | 250.25
        2019     | 80          | SANTE  | 12     | TERMINE   | -
        2020     | 80          | SANTE  | 12     | TERMINE   | -
        2021     | 02          | EMPLOI | 15     | FINANCE   | 500
        """,
        """
        territoire | periode | ventilation | modalite | valeur              | part
        R32        | 2018    | total       | total    | absent              | -
        D59        | 2019    | total       | total    | 1000.5 + 0          | -
        D02        | 2019    | total       | total    | 250.25              | -
        D80        | 2019    | total       | total    | -                   | -
        D60        | 2019    | total       | total    | 0                   | -
        R32        | 2019    | total       | total    | 1000.5 + 0 + 250.25 | -
        R32        | 2019    | axe         | LANGUE   | 1000.5 + 0          | 100 * 1000.5 / 1250.75
        R32        | 2019    | axe         | EMPLOI   | 250.25              | 100 * 250.25 / 1250.75
        R32        | 2019    | axe         | SANTE    | -                   | -
        R32        | 2019    | axe         | DROITS   | 0                   | 0
        D59        | 2019    | axe         | EMPLOI   | -                   | -
        D59        | 2019    | axe         | LANGUE   | 1000.5 + 0          | 100
        R32        | 2019    | action      | 12       | 1000.5              | 100 * 1000.5 / 1250.75
        R32        | 2019    | action      | 15       | 0 + 250.25          | 100 * 250.25 / 1250.75
        D59        | 2019    | action      | 15       | 0                   | 0
        D80        | 2019    | action      | 12       | -                   | -
        D59        | 2020    | total       | total    | 0                   | -
        D80        | 2020    | total       | total    | -                   | -
        R32        | 2020    | total       | total    | -                   | -
        R32        | 2021    | total       | total    | absent              | -
        """,
    )


def test_projets_cout_par_beneficiaire(verifier: Verifier) -> None:
    """Over the projects that give both; a project that reached nobody still cost."""
    livrees = """
        exercice | departement | axe    | statut    | montant_accorde | beneficiaires_realises
        2018     | 59          | LANGUE | FINANCE   | 1000            | -
        2018     | 59          | LANGUE | FINANCE   | -               | 10
        2019     | 59          | LANGUE | FINANCE   | 1000.5          | 10
        2019     | 59          | EMPLOI | FINANCE   | 500             | 0
        2019     | 59          | LANGUE | FINANCE   | 900             | -
        2019     | 59          | LANGUE | FINANCE   | -               | 90
        2019     | 59          | LANGUE | ABANDONNE | 900             | 90
        2019     | 02          | EMPLOI | TERMINE   | 300             | 4
        2019     | 80          | SANTE  | TERMINE   | 700             | 0
        2021     | 80          | SANTE  | TERMINE   | 700             | 7
    """
    verifier(
        "projets_cout_par_beneficiaire",
        "2020-12",
        livrees,
        """
        territoire | periode | numerateur               | denominateur   | valeur      | rang
        R32        | 2018    | -                        | -              | absent      | -
        D59        | 2019    | 1000.5 + 500             | 10 + 0         | 1500.5 / 10 | -
        D02        | 2019    | 300                      | 4              | 300 / 4     | -
        D80        | 2019    | 700                      | 0              | -           | -
        D62        | 2019    | 0                        | 0              | -           | -
        R32        | 2019    | 1000.5 + 500 + 300 + 700 | 10 + 0 + 4 + 0 | 2500.5 / 14 | -
        R32        | 2020    | 0                        | 0              | -           | -
        R32        | 2021    | -                        | -              | absent      | -
        """,
    )
    verifier(
        "projets_cout_par_beneficiaire",
        "2020-12",
        livrees,
        """
        territoire | periode | ventilation | modalite | numerateur | denominateur | valeur
        R32        | 2019    | axe         | LANGUE   | 1000.5     | 10           | 1000.5 / 10
        R32        | 2019    | axe         | EMPLOI   | 500 + 300  | 0 + 4        | 800 / 4
        D59        | 2019    | axe         | EMPLOI   | 500        | 0            | -
        R32        | 2019    | axe         | SANTE    | 700        | 0            | -
        R32        | 2019    | axe         | DROITS   | 0          | 0            | -
        """,
    )
