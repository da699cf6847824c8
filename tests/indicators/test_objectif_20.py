"""Objectif 20: l'interprétariat en santé."""

from tests.indicators.conftest import Verifier


def test_interpretariat_demandes(verifier: Verifier) -> None:
    verifier(
        "interpretariat_demandes",
        "2020-02",
        """
        mois    | structure | langue | departement | mode      | demandes | demandes_honorees
        2019-11 | CH Lille  | ara    | 59          | TELEPHONE | 10       | 9
        2019-11 | CH Lille  | ara    | 59          | PHYSIQUE  | 5        | 5
        2019-12 | CH Laon   | prs    | 02          | TELEPHONE | 2        | 0
        2020-02 | CH Laon   | prs    | 02          | TELEPHONE | 0        | 0
        2020-03 | CH Laon   | prs    | 02          | VISIO     | 500      | 500
        """,
        """
        territoire | periode | ventilation | modalite      | valeur     | part
        D59        | 2019    | total       | total         | 10 + 5     | -
        D02        | 2019    | total       | total         | 2          | -
        D80        | 2019    | total       | total         | 0          | -
        R32        | 2019    | total       | total         | 10 + 5 + 2 | -
        R32        | 2019    | mode        | TELEPHONE     | 10 + 2     | 100 * 12 / (12 + 5)
        R32        | 2019    | mode        | PHYSIQUE      | 5          | 100 * 5 / (12 + 5)
        R32        | 2019    | mode        | VISIO         | 0          | 0
        D02        | 2019    | mode        | TELEPHONE     | 2          | 100
        R32        | 2019    | mode        | non_renseigne | absent     | -
        R32        | 2019-10 | total       | total         | absent     | -
        R32        | 2019-11 | total       | total         | 10 + 5     | -
        D59        | 2019-12 | total       | total         | 0          | -
        R32        | 2019-12 | mode        | TELEPHONE     | 2          | 100
        R32        | 2020-01 | total       | total         | 0          | -
        R32        | 2020-02 | total       | total         | 0          | -
        R32        | 2020    | total       | total         | 0          | -
        R32        | 2020    | mode        | TELEPHONE     | 0          | -
        """,
    )


def test_interpretariat_taux_satisfaction(verifier: Verifier) -> None:
    verifier(
        "interpretariat_taux_satisfaction",
        "2021-01",
        """
        mois    | structure | langue | departement | mode      | demandes | demandes_honorees
        2019-01 | CH Lille  | ara    | 59          | TELEPHONE | 10       | 9
        2019-12 | CH Lille  | ara    | 59          | TELEPHONE | 30       | 15
        2019-05 | CH Laon   | prs    | 02          | TELEPHONE | 4        | 0
        2019-05 | CH Amiens | prs    | 80          | TELEPHONE | 0        | 0
        2020-05 | CH Laon   | prs    | 02          | VISIO     | 5        | 5
        2021-02 | CH Laon   | prs    | 02          | VISIO     | 5        | 5
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        D59        | 2019    | 9 + 15     | 10 + 30      | 100 * (9 + 15) / (10 + 30)
        D02        | 2019    | 0          | 4            | 0
        D80        | 2019    | 0          | 0            | -
        D60        | 2019    | 0          | 0            | -
        R32        | 2019    | 9 + 15 + 0 | 10 + 30 + 4  | 100 * (9 + 15) / (10 + 30 + 4)
        R32        | 2020    | 5          | 5            | 100
        D59        | 2020    | 0          | 0            | -
        R32        | 2021    | 0          | 0            | -
        """,
    )


def test_interpretariat_langues(verifier: Verifier) -> None:
    verifier(
        "interpretariat_langues",
        "2020-11",
        """
        mois    | structure | langue | departement | mode      | demandes | demandes_honorees
        2018-01 | CH Lille  | ara    | 59          | TELEPHONE | 0        | 0
        2019-01 | CH Lille  | ara    | 59          | TELEPHONE | 10       | 0
        2019-12 | CH Lille  | ara    | 59          | TELEPHONE | 1        | 0
        2019-12 | CH Lille  | prs    | 59          | VISIO     | 1        | 1
        2019-12 | CH Lille  | pus    | 59          | VISIO     | 0        | 0
        2019-05 | CH Laon   | prs    | 02          | TELEPHONE | 4        | 4
        2019-05 | CH Laon   | tir    | 02          | TELEPHONE | 4        | 4
        2020-11 | CH Laon   | tir    | 02          | TELEPHONE | 1        | 1
        2020-12 | CH Laon   | som    | 02          | TELEPHONE | 1        | 1
        """,
        """
        territoire | periode | valeur | denominateur | provisoire | rang
        R32        | 2018    | absent | -            | -          | -
        D59        | 2019    | 2      | -            | non        | 1
        D02        | 2019    | 2      | -            | non        | 1
        D80        | 2019    | 0      | -            | non        | 3
        R32        | 2019    | 3      | -            | non        | -
        D02        | 2020    | 1      | -            | oui        | 1
        D59        | 2020    | 0      | -            | oui        | 2
        R32        | 2020    | 1      | -            | oui        | -
        """,
    )


def test_interpretariat_duree_moyenne(verifier: Verifier) -> None:
    """Minutes over the honoured requests of the lines that say them; no department is the best."""
    livrees = """
        mois    | structure | langue | departement | mode      | demandes_honorees | duree_minutes
        2018-12 | CH Lille  | ara    | 59          | TELEPHONE | 5                 | -
        2019-01 | CH Lille  | ara    | 59          | TELEPHONE | 9                 | 270
        2019-12 | CH Lille  | ara    | 59          | PHYSIQUE  | 3                 | 180
        2019-06 | CH Lille  | ara    | 59          | TELEPHONE | 40                | -
        2019-06 | CH Laon   | prs    | 02          | TELEPHONE | 1                 | 20
        2019-06 | CH Amiens | prs    | 80          | VISIO     | 0                 | 0
        2020-02 | CH Laon   | prs    | 02          | VISIO     | 2                 | 50
        2020-03 | CH Laon   | prs    | 02          | VISIO     | 9                 | 900
    """
    verifier(
        "interpretariat_duree_moyenne",
        "2020-02",
        livrees,
        """
        territoire | periode | numerateur         | denominateur  | valeur                | rang
        R32        | 2018    | -                  | -             | absent                | -
        D59        | 2019    | 270 + 180          | 9 + 3         | (270 + 180) / (9 + 3) | -
        D02        | 2019    | 20                 | 1             | 20                    | -
        D80        | 2019    | 0                  | 0             | -                     | -
        D62        | 2019    | 0                  | 0             | -                     | -
        R32        | 2019    | 270 + 180 + 20 + 0 | 9 + 3 + 1 + 0 | 470 / 13              | -
        R32        | 2020    | 50                 | 2             | 50 / 2                | -
        """,
    )
    verifier(
        "interpretariat_duree_moyenne",
        "2020-02",
        livrees,
        """
        territoire | periode | ventilation | modalite  | numerateur | denominateur | valeur
        R32        | 2019    | mode        | TELEPHONE | 270 + 20   | 9 + 1        | 290 / 10
        R32        | 2019    | mode        | PHYSIQUE  | 180        | 3            | 180 / 3
        R32        | 2019    | mode        | VISIO     | 0          | 0            | -
        D59        | 2019    | mode        | TELEPHONE | 270        | 9            | 270 / 9
        D02        | 2020    | mode        | VISIO     | 50         | 2            | 50 / 2
        R32        | 2020    | mode        | TELEPHONE | 0          | 0            | -
        """,
    )
