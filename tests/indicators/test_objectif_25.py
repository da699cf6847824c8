"""Objectif 25: la culture et le sport dans les contrats avec les collectivités."""

from tests.indicators.conftest import Verifier


def test_contrats_culture_sport(verifier: Verifier) -> None:
    verifier(
        "contrats_culture_sport",
        "2021-06",
        """
        type_contrat | departement | date_signature | volets
        CAI          | 59          | 2018-06-01     | LANGUE, LOGEMENT
        CAI          | 59          | 2018-06-01     | -
        CAI          | 59          | 2019-01-01     | CULTURE
        CAI          | 59          | 2019-06-01     | LANGUE,SPORT
        CAI          | 59          | 2019-12-31     | CULTURE, SPORT, ECHANGES
        AUTRE        | 59          | 2019-06-01     | CULTURE
        CAI          | 02          | 2019-06-01     | ECHANGES , CULTURE
        CAI          | 02          | 2021-06-30     | SPORT
        CAI          | 02          | 2021-07-01     | SPORT
        """,
        """
        territoire | periode | valeur    | denominateur | provisoire
        R32        | 2018    | absent    | -            | -
        D59        | 2019    | 1 + 1 + 1 | -            | non
        D02        | 2019    | 1         | -            | non
        D80        | 2019    | 0         | -            | non
        R32        | 2019    | 3 + 1     | -            | non
        R32        | 2020    | 0         | -            | non
        R32        | 2021    | 1         | -            | oui
        D02        | cumul   | 1 + 1     | -            | non
        R32        | cumul   | 3 + 1 + 1 | -            | non
        """,
    )
