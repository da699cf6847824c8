"""Objectif 19: l'hébergement des personnes accompagnées, des jeunes et des étudiants."""

from tests.indicators.conftest import Verifier


def test_residences_places(verifier: Verifier) -> None:
    verifier(
        "residences_places",
        "2020-06",
        """
        dispositif        | departement | places | annee_objectif | statut    | date_ouverture
        RESIDENCE_SOCIALE | 59          | 10     | 2019           | OUVERTE   | 2019-02-01
        PENSION_FAMILLE   | 59          | 20     | 2019           | CONFIRMEE | 2020-12-01
        FJT               | 02          | 5      | 2019           | REPORTEE  | -
        FJT               | 02          | 3      | 2019           | FERMEE    | 2019-02-01
        IML               | 02          | 500    | 2018           | OUVERTE   | 2018-02-01
        CPH               | 02          | 500    | 2019           | OUVERTE   | 2019-02-01
        FJT               | 02          | 500    | 2021           | CONFIRMEE | -
        """,
        """
        territoire | periode | ventilation | modalite          | valeur          | part
        R32        | 2018    | total       | total             | absent          | -
        D59        | 2019    | total       | total             | 10 + 20         | -
        D02        | 2019    | total       | total             | 5 + 3           | -
        D80        | 2019    | total       | total             | 0               | -
        R32        | 2019    | total       | total             | 10 + 20 + 5 + 3 | -
        R32        | 2019    | statut      | OUVERTE           | 10              | 100 * 10 / 38
        R32        | 2019    | statut      | CONFIRMEE         | 20              | 100 * 20 / 38
        R32        | 2019    | statut      | REPORTEE          | 5               | 100 * 5 / 38
        R32        | 2019    | statut      | FERMEE            | 3               | 100 * 3 / 38
        R32        | 2019    | dispositif  | RESIDENCE_SOCIALE | 10              | 100 * 10 / 38
        R32        | 2019    | dispositif  | FJT               | 5 + 3           | 100 * 8 / 38
        D02        | 2019    | dispositif  | PENSION_FAMILLE   | 0               | 0
        R32        | 2019    | dispositif  | CPH               | absent          | -
        R32        | 2019    | dispositif  | non_renseigne     | absent          | -
        R32        | 2020    | total       | total             | 0               | -
        R32        | 2021    | total       | total             | absent          | -
        """,
    )


def test_emploi_heberges(verifier: Verifier) -> None:
    verifier(
        "emploi_heberges",
        "2020-12",
        """
        exercice | departement | statut    | heberges
        2018     | 59          | ABANDONNE | 100
        2019     | 59          | FINANCE   | 4
        2019     | 59          | TERMINE   | -
        2019     | 59          | ABANDONNE | 100
        2019     | 02          | EN_COURS  | 3
        2019     | 80          | FINANCE   | -
        2020     | 59          | FINANCE   | -
        """,
        """
        territoire | periode | valeur | denominateur
        R32        | 2018    | absent | -
        D59        | 2019    | 4      | -
        D02        | 2019    | 3      | -
        D80        | 2019    | -      | -
        D60        | 2019    | 0      | -
        R32        | 2019    | 4 + 3  | -
        D59        | 2020    | -      | -
        D02        | 2020    | 0      | -
        R32        | 2020    | -      | -
        """,
    )


def test_emploi_part_avec_hebergement(verifier: Verifier) -> None:
    verifier(
        "emploi_part_avec_hebergement",
        "2020-12",
        """
        exercice | departement | statut    | heberges | accompagnes_emploi
        2018     | 59          | FINANCE   | -        | 10
        2019     | 59          | FINANCE   | 4        | 10
        2019     | 59          | FINANCE   | 0        | 2
        2019     | 59          | FINANCE   | -        | 50
        2019     | 59          | FINANCE   | 7        | -
        2019     | 59          | ABANDONNE | 9        | 9
        2019     | 02          | TERMINE   | 3        | 3
        2019     | 80          | TERMINE   | 0        | 0
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        R32        | 2018    | -          | -            | absent
        D59        | 2019    | 4 + 0      | 10 + 2       | 100 * 4 / (10 + 2)
        D02        | 2019    | 3          | 3            | 100
        D80        | 2019    | 0          | 0            | -
        R32        | 2019    | 4 + 0 + 3  | 10 + 2 + 3   | 100 * 7 / (10 + 2 + 3)
        R32        | 2020    | 0          | 0            | -
        """,
    )


def test_projets_part_referent_logement(verifier: Verifier) -> None:
    verifier(
        "projets_part_referent_logement",
        "2019-12",
        """
        exercice | departement | statut    | referent_logement
        2018     | 59          | FINANCE   | -
        2019     | 59          | FINANCE   | true
        2019     | 59          | FINANCE   | false
        2019     | 59          | EN_COURS  | false
        2019     | 59          | FINANCE   | -
        2019     | 59          | ABANDONNE | true
        2019     | 02          | TERMINE   | true
        2019     | 80          | FINANCE   | -
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        R32        | 2018    | -          | -            | absent
        D59        | 2019    | 1          | 1 + 2        | 100 * 1 / (1 + 2)
        D02        | 2019    | 1          | 1            | 100
        D80        | 2019    | 0          | 0            | -
        R32        | 2019    | 1 + 1      | 3 + 1        | 100 * 2 / (3 + 1)
        """,
    )


def test_conventions_crous(verifier: Verifier) -> None:
    verifier(
        "conventions_crous",
        "2021-06",
        """
        type_contrat | departement | date_signature | date_fin
        CAI          | 59          | 2018-12-31     | -
        CROUS        | 59          | 2019-01-01     | 2019-02-01
        CROUS        | 59          | 2019-12-31     | -
        CROUS        | 02          | 2019-06-01     | -
        AUTRE        | 02          | 2019-06-01     | -
        CROUS        | 02          | 2021-06-30     | -
        CROUS        | 02          | 2021-07-01     | -
        """,
        """
        territoire | periode | valeur    | denominateur
        R32        | 2018    | absent    | -
        D59        | 2019    | 1 + 1     | -
        D02        | 2019    | 1         | -
        D80        | 2019    | 0         | -
        R32        | 2019    | 2 + 1     | -
        R32        | 2020    | 0         | -
        R32        | 2021    | 1         | -
        D02        | cumul   | 1 + 1     | -
        R32        | cumul   | 2 + 1 + 1 | -
        """,
    )


def test_residences_places_ouvertes(verifier: Verifier) -> None:
    verifier(
        "residences_places_ouvertes",
        "2020-06",
        """
        dispositif        | departement | places | annee_objectif | statut    | date_ouverture
        RESIDENCE_SOCIALE | 59          | 10     | 2019           | OUVERTE   | 2020-06-30
        PENSION_FAMILLE   | 59          | 20     | 2019           | FERMEE    | 2019-02-01
        FJT               | 02          | 5      | 2019           | OUVERTE   | 2018-02-01
        FJT               | 02          | 500    | 2019           | OUVERTE   | 2020-07-01
        FJT               | 02          | 500    | 2019           | CONFIRMEE | 2019-02-01
        FJT               | 02          | 500    | 2019           | REPORTEE  | -
        SAS               | 02          | 500    | 2018           | OUVERTE   | 2018-02-01
        CPH               | 02          | 500    | 2019           | OUVERTE   | 2019-02-01
        FJT               | 80          | 7      | 2020           | OUVERTE   | 2020-01-01
        FJT               | 80          | 500    | 2021           | OUVERTE   | 2020-01-01
        """,
        """
        territoire | periode | ventilation | modalite          | valeur      | part
        R32        | 2018    | total       | total             | absent      | -
        D59        | 2019    | total       | total             | 10 + 20     | -
        D02        | 2019    | total       | total             | 5           | -
        D80        | 2019    | total       | total             | 0           | -
        R32        | 2019    | total       | total             | 10 + 20 + 5 | -
        R32        | 2019    | dispositif  | RESIDENCE_SOCIALE | 10          | 100 * 10 / 35
        R32        | 2019    | dispositif  | PENSION_FAMILLE   | 20          | 100 * 20 / 35
        R32        | 2019    | dispositif  | FJT               | 5           | 100 * 5 / 35
        D02        | 2019    | dispositif  | PENSION_FAMILLE   | 0           | 0
        D80        | 2019    | dispositif  | FJT               | 0           | -
        R32        | 2019    | dispositif  | SAS               | absent      | -
        R32        | 2019    | dispositif  | non_renseigne     | absent      | -
        R32        | 2020    | total       | total             | 7           | -
        R32        | 2021    | total       | total             | absent      | -
        """,
    )


def test_projets_refugies_part_referent_logement(verifier: Verifier) -> None:
    verifier(
        "projets_refugies_part_referent_logement",
        "2019-12",
        """
        exercice | departement | action | statut    | referent_logement
        2018     | 59          | 12     | FINANCE   | true
        2018     | 59          | 15     | FINANCE   | -
        2018     | 59          | 15     | ABANDONNE | true
        2019     | 59          | 15     | FINANCE   | true
        2019     | 59          | 15     | EN_COURS  | false
        2019     | 59          | 15     | FINANCE   | -
        2019     | 59          | 12     | FINANCE   | true
        2019     | 59          | 15     | ABANDONNE | true
        2019     | 02          | 15     | TERMINE   | true
        2019     | 80          | 15     | FINANCE   | -
        2020     | 80          | 15     | FINANCE   | true
        """,
        """
        territoire | periode | numerateur | denominateur | valeur            | rang
        R32        | 2018    | -          | -            | absent            | -
        D59        | 2019    | 1          | 1 + 1        | 100 * 1 / (1 + 1) | 2
        D02        | 2019    | 1          | 1            | 100               | 1
        D80        | 2019    | 0          | 0            | -                 | -
        R32        | 2019    | 1 + 1      | 2 + 1        | 100 * 2 / (2 + 1) | -
        R32        | 2020    | -          | -            | absent            | -
        """,
    )


def test_conventions_crous_en_vigueur(verifier: Verifier) -> None:
    verifier(
        "conventions_crous_en_vigueur",
        "2021-06",
        """
        type_contrat | departement | date_signature | date_fin
        CAI          | 59          | 2017-01-01     | -
        CROUS        | 59          | 2018-12-31     | 2019-12-31
        CROUS        | 59          | 2019-01-01     | 2020-12-30
        CROUS        | 59          | 2019-06-01     | -
        CROUS        | 62          | 2020-02-01     | 2020-03-01
        CROUS        | 02          | 2020-01-01     | 2021-06-30
        CROUS        | 02          | 2021-06-30     | -
        CROUS        | 02          | 2021-01-01     | 2021-06-29
        CROUS        | 80          | 2021-07-01     | -
        """,
        """
        territoire | periode | valeur      | denominateur | rang | provisoire
        R32        | 2017    | absent      | -            | -    | -
        R32        | 2018    | 1           | -            | -    | non
        D59        | 2018    | 1           | -            | 1    | non
        D59        | 2019    | 1 + 1 + 1   | -            | 1    | non
        D02        | 2019    | 0           | -            | 2    | non
        R32        | 2019    | 1 + 1 + 1   | -            | -    | non
        D59        | 2020    | 1           | -            | 1    | non
        D02        | 2020    | 1           | -            | 1    | non
        D62        | 2020    | 0           | -            | 3    | non
        R32        | 2020    | 1 + 1       | -            | -    | non
        D59        | 2021    | 1           | -            | 2    | oui
        D02        | 2021    | 1 + 1       | -            | 1    | oui
        D80        | 2021    | 0           | -            | 3    | oui
        R32        | 2021    | 1 + (1 + 1) | -            | -    | oui
        """,
    )
