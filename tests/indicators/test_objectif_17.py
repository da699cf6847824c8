"""Objectif 17: l'intermédiation locative."""

from tests.indicators.conftest import Verifier


def test_iml_places_creees(verifier: Verifier) -> None:
    verifier(
        "iml_places_creees",
        "2020-06",
        """
        dispositif | departement | places | annee_objectif | statut    | date_ouverture
        IML        | 59          | 500    | 2018           | CONFIRMEE | 2018-01-01
        IML        | 59          | 10     | 2019           | OUVERTE   | 2018-11-01
        IML        | 59          | 20     | 2019           | FERMEE    | 2020-02-01
        IML        | 59          | 500    | 2019           | REPORTEE  | 2020-02-01
        IML        | 02          | 5      | 2019           | OUVERTE   | 2020-06-30
        IML        | 02          | 500    | 2019           | OUVERTE   | 2020-07-01
        CPH        | 02          | 500    | 2019           | OUVERTE   | 2019-07-01
        IML        | 02          | 7      | 2020           | OUVERTE   | 2019-07-01
        IML        | 02          | 500    | 2021           | OUVERTE   | 2019-07-01
        """,
        """
        territoire | periode | valeur      | denominateur | provisoire
        R32        | 2018    | absent      | -            | -
        D59        | 2019    | 10 + 20     | -            | non
        D02        | 2019    | 5           | -            | non
        D80        | 2019    | 0           | -            | non
        R32        | 2019    | 10 + 20 + 5 | -            | non
        R32        | 2020    | 7           | -            | oui
        D59        | 2020    | 0           | -            | oui
        R32        | 2021    | absent      | -            | -
        """,
    )
