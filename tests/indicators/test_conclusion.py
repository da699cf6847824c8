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
