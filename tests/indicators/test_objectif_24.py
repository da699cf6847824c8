"""Objectif 24: le service civique."""

from tests.indicators.conftest import Verifier


def test_volontr_associations(verifier: Verifier) -> None:
    verifier(
        "volontr_associations",
        "2021-06",
        """
        annee | association | objectif | accueillis
        2019  | Alpha       | 10       | 4
        2019  | Beta        | 10       | 0
        2021  | Alpha       | -        | 7
        2022  | Gamma       | 10       | 8
        """,
        """
        territoire | periode | valeur | denominateur | provisoire
        R32        | 2018    | absent | -            | -
        R32        | 2019    | 1 + 1  | -            | non
        D59        | 2019    | absent | -            | -
        R32        | 2020    | 0      | -            | non
        R32        | 2021    | 1      | -            | oui
        R32        | 2022    | absent | -            | -
        """,
    )


def test_volontr_accueillis(verifier: Verifier) -> None:
    verifier(
        "volontr_accueillis",
        "2021-12",
        """
        annee | association | objectif | accueillis
        2019  | Alpha       | 900      | 4
        2019  | Beta        | 900      | 5
        2020  | Alpha       | 900      | 3
        2022  | Alpha       | 900      | 800
        """,
        """
        territoire | periode | valeur | denominateur | evolution
        R32        | 2018    | absent | -            | -
        R32        | 2019    | 4 + 5  | -            | -
        D59        | 2019    | absent | -            | -
        R32        | 2020    | 3      | -            | 100 * (3 - 9) / 9
        R32        | 2021    | -      | -            | -
        R32        | 2022    | absent | -            | -
        """,
        livre="2020-12",
    )


def test_volontr_taux_objectif(verifier: Verifier) -> None:
    """More may be received than were wanted: the rate has no ceiling."""
    verifier(
        "volontr_taux_objectif",
        "2021-06",
        """
        annee | association | objectif | accueillis
        2018  | Alpha       | -        | 4
        2019  | Alpha       | 10       | 12
        2019  | Beta        | 5        | 6
        2019  | Gamma       | -        | 900
        2020  | Alpha       | 0        | 3
        2021  | Alpha       | 10       | 2
        2021  | Beta        | 20       | 0
        2022  | Alpha       | 10       | 10
        """,
        """
        territoire | periode | numerateur | denominateur | valeur                    | provisoire
        R32        | 2018    | -          | -            | absent                    | -
        R32        | 2019    | 12 + 6     | 10 + 5       | 100 * (12 + 6) / (10 + 5) | non
        D59        | 2019    | -          | -            | absent                    | -
        R32        | 2020    | 3          | 0            | -                         | non
        R32        | 2021    | 2 + 0      | 10 + 20      | 100 * 2 / (10 + 20)       | oui
        R32        | 2022    | -          | -            | absent                    | -
        """,
    )
