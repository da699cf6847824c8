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


def test_places_en_service(verifier: Verifier) -> None:
    """A state at the last day; a lot may be OUVERTE and have closed."""
    verifier(
        "places_en_service",
        "2020-06",
        """
        dispositif | departement | places | statut    | date_ouverture | date_fermeture
        IML        | 59          | 10     | OUVERTE   | 2018-12-31     | -
        IML        | 59          | 20     | FERMEE    | 2018-01-01     | 2019-01-01
        CPH        | 59          | 500    | FERMEE    | 2018-01-01     | 2018-12-31
        CPH        | 02          | 5      | FERMEE    | 2019-06-01     | 2020-06-30
        FJT        | 02          | 7      | FERMEE    | 2019-12-31     | 2020-07-01
        FJT        | 02          | 500    | CONFIRMEE | 2018-01-01     | -
        FJT        | 02          | 500    | REPORTEE  | -              | -
        IML        | 62          | 4      | OUVERTE   | 2019-01-01     | 2020-02-01
        SAS        | 80          | 3      | OUVERTE   | 2020-06-30     | -
        SAS        | 80          | 500    | OUVERTE   | 2020-07-01     | -
        """,
        """
        territoire | periode | ventilation | modalite          | valeur         | rang | provisoire
        R32        | 2015    | total       | total             | absent         | -    | -
        R32        | 2017    | total       | total             | absent         | -    | -
        D59        | 2018    | total       | total             | 10 + 20        | 1    | non
        D02        | 2018    | total       | total             | 0              | 2    | non
        R32        | 2018    | total       | total             | 10 + 20        | -    | non
        R32        | 2018    | dispositif  | IML               | 10 + 20        | -    | non
        R32        | 2018    | dispositif  | CPH               | 0              | -    | non
        D59        | 2019    | total       | total             | 10             | 2    | non
        D02        | 2019    | total       | total             | 5 + 7          | 1    | non
        D62        | 2019    | total       | total             | 4              | 3    | non
        D80        | 2019    | total       | total             | 0              | 4    | non
        R32        | 2019    | total       | total             | 10 + 5 + 7 + 4 | -    | non
        R32        | 2019    | dispositif  | IML               | 10 + 4         | -    | non
        R32        | 2019    | dispositif  | CPH               | 5              | -    | non
        D02        | 2019    | dispositif  | FJT               | 7              | 1    | non
        D59        | 2020    | total       | total             | 10             | 1    | oui
        D02        | 2020    | total       | total             | 7              | 2    | oui
        D80        | 2020    | total       | total             | 3              | 3    | oui
        D62        | 2020    | total       | total             | 0              | 4    | oui
        R32        | 2020    | total       | total             | 10 + 7 + 3     | -    | oui
        R32        | 2020    | dispositif  | CPH               | 0              | -    | oui
        R32        | 2020    | dispositif  | SAS               | 3              | -    | oui
        R32        | 2020    | dispositif  | COLOCATION_JEUNES | 0              | -    | oui
        R32        | 2020    | dispositif  | non_renseigne     | absent         | -    | -
        R32        | 2021    | total       | total             | absent         | -    | -
        """,
    )
    verifier(
        "places_en_service",
        "2020-12",
        """
        dispositif | departement | places | annee_objectif | statut  | date_ouverture
        IML        | 59          | 10     | 2018           | OUVERTE | 2019-01-01
        IML        | 59          | 20     | 2030           | OUVERTE | 2019-12-31
        """,
        """
        territoire | periode | valeur
        R32        | 2018    | absent
        D59        | 2019    | 10 + 20
        R32        | 2019    | 10 + 20
        R32        | 2020    | 10 + 20
        R32        | 2030    | absent
        """,
    )
