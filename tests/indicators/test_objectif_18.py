"""Objectif 18: les centres provisoires d'hébergement."""

from tests.indicators.conftest import Verifier


def test_cph_places_creees(verifier: Verifier) -> None:
    verifier(
        "cph_places_creees",
        "2020-06",
        """
        dispositif | departement | places | annee_objectif | statut   | date_ouverture | orientation
        CPH        | 59          | 10     | 2019           | OUVERTE  | 2020-06-30     | LOCALE
        CPH        | 59          | 20     | 2019           | FERMEE   | 2019-02-01     | NATIONALE
        CPH        | 02          | 5      | 2019           | OUVERTE  | 2019-02-01     | -
        CPH        | 02          | 500    | 2019           | OUVERTE  | 2020-07-01     | LOCALE
        CPH        | 02          | 500    | 2019           | REPORTEE | 2019-02-01     | LOCALE
        CPH        | 02          | 500    | 2019           | REPORTEE | -              | LOCALE
        IML        | 02          | 500    | 2019           | OUVERTE  | 2019-02-01     | -
        """,
        """
        territoire | periode | ventilation | modalite      | valeur      | part
        D59        | 2019    | total       | total         | 10 + 20     | -
        D02        | 2019    | total       | total         | 5           | -
        D80        | 2019    | total       | total         | 0           | -
        R32        | 2019    | total       | total         | 10 + 20 + 5 | -
        R32        | 2019    | orientation | LOCALE        | 10          | 100 * 10 / (10 + 20)
        R32        | 2019    | orientation | NATIONALE     | 20          | 100 * 20 / (10 + 20)
        R32        | 2019    | orientation | non_renseigne | 5           | -
        D02        | 2019    | orientation | LOCALE        | 0           | -
        D80        | 2019    | orientation | non_renseigne | 0           | -
        R32        | 2020    | total       | total         | 0           | -
        R32        | 2020    | orientation | non_renseigne | 0           | -
        """,
    )
