"""Objectif 21: les équipes mobiles de santé."""

from tests.indicators.conftest import Verifier


def test_equipes_mobiles_actives(verifier: Verifier) -> None:
    verifier(
        "equipes_mobiles_actives",
        "2020-11",
        """
        mois    | equipe | type_equipe | departement | situations | interventions
        2018-06 | Nord 1 | EMPP        | 59          | 0          | -
        2019-01 | Nord 1 | EMPP        | 59          | 3          | -
        2019-02 | Nord 1 | EMPP        | 59          | 3          | 0
        2019-02 | Nord 2 | EMPP        | 59          | -          | 1
        2019-02 | Nord 3 | PASS_MOBILE | 59          | -          | 2
        2019-02 | Nord 4 | PASS_MOBILE | 59          | 0          | 0
        2019-02 | Nord 5 | PASS_MOBILE | 59          | -          | -
        2019-03 | Nord 1 | EMPP        | 02          | 1          | 1
        2020-11 | Nord 4 | INTEGRAPSY  | 80          | -          | 1
        2020-12 | Nord 5 | INTEGRAPSY  | 80          | -          | 1
        """,
        """
        territoire | periode | ventilation | modalite      | valeur | part
        R32        | 2018    | total       | total         | absent | -
        D59        | 2019    | total       | total         | 3      | -
        D02        | 2019    | total       | total         | 1      | -
        D80        | 2019    | total       | total         | 0      | -
        R32        | 2019    | total       | total         | 3      | -
        D59        | 2019    | type_equipe | EMPP          | 2      | -
        D59        | 2019    | type_equipe | PASS_MOBILE   | 1      | -
        D59        | 2019    | type_equipe | INTEGRAPSY    | 0      | -
        R32        | 2019    | type_equipe | EMPP          | 2      | -
        R32        | 2019    | type_equipe | non_renseigne | absent | -
        R32        | 2020    | total       | total         | 1      | -
        R32        | 2020    | type_equipe | INTEGRAPSY    | 1      | -
        D80        | 2020    | type_equipe | EMPP          | 0      | -
        """,
    )


def test_equipes_mobiles_situations(verifier: Verifier) -> None:
    verifier(
        "equipes_mobiles_situations",
        "2020-02",
        """
        mois    | equipe | type_equipe | departement | situations | interventions
        2019-11 | Nord 1 | EMPP        | 59          | 3          | 900
        2019-12 | Nord 1 | EMPP        | 59          | 4          | 900
        2019-12 | Nord 2 | EMPP        | 59          | -          | 900
        2019-12 | Laon   | EMPP        | 02          | 1          | 900
        2019-12 | Amiens | PASS_MOBILE | 80          | -          | 900
        2020-02 | Amiens | PASS_MOBILE | 80          | 2          | 900
        2020-03 | Amiens | PASS_MOBILE | 80          | 500        | 900
        """,
        """
        territoire | periode | ventilation | modalite    | valeur    | part
        R32        | 2019-10 | total       | total       | absent    | -
        D59        | 2019    | total       | total       | 3 + 4     | -
        D02        | 2019    | total       | total       | 1         | -
        D80        | 2019    | total       | total       | -         | -
        D60        | 2019    | total       | total       | 0         | -
        R32        | 2019    | total       | total       | 3 + 4 + 1 | -
        R32        | 2019    | type_equipe | EMPP        | 3 + 4 + 1 | 100 * 8 / (8 + 0)
        R32        | 2019    | type_equipe | PASS_MOBILE | -         | -
        R32        | 2019    | type_equipe | INTEGRAPSY  | 0         | 0
        D59        | 2019-12 | total       | total       | 4         | -
        R32        | 2019-12 | total       | total       | 4 + 1     | -
        R32        | 2020-01 | total       | total       | 0         | -
        R32        | 2020    | total       | total       | 2         | -
        D80        | 2020-02 | type_equipe | PASS_MOBILE | 2         | 100
        """,
    )


def test_equipes_mobiles_interventions(verifier: Verifier) -> None:
    verifier(
        "equipes_mobiles_interventions",
        "2020-02",
        """
        mois    | equipe | type_equipe | departement | situations | interventions
        2018-12 | Nord 1 | EMPP        | 59          | 900        | 3
        2019-12 | Nord 1 | EMPP        | 59          | 900        | 4
        2019-12 | Amiens | INTEGRAPSY  | 80          | 900        | 5
        2019-12 | Laon   | INTEGRAPSY  | 02          | 900        | -
        2020-02 | Amiens | INTEGRAPSY  | 80          | 900        | 6
        2020-03 | Amiens | INTEGRAPSY  | 80          | 900        | 500
        """,
        """
        territoire | periode | ventilation | modalite    | valeur        | part
        R32        | 2018    | total       | total       | 3             | -
        D59        | 2019    | total       | total       | 4             | -
        D80        | 2019    | total       | total       | 5             | -
        D02        | 2019    | total       | total       | -             | -
        R32        | 2019    | total       | total       | 4 + 5         | -
        R32        | 2019    | type_equipe | EMPP        | 4             | 100 * 4 / (4 + 5)
        R32        | 2019    | type_equipe | INTEGRAPSY  | 5             | 100 * 5 / (4 + 5)
        R32        | 2019-11 | total       | total       | 0             | -
        R32        | 2020-02 | total       | total       | 6             | -
        D59        | cumul   | total       | total       | 3 + 4         | -
        R32        | cumul   | total       | total       | 3 + 4 + 5 + 6 | -
        R32        | cumul   | type_equipe | INTEGRAPSY  | 5 + 6         | 100 * 11 / (7 + 11)
        D02        | cumul   | total       | total       | -             | -
        D60        | cumul   | type_equipe | PASS_MOBILE | 0             | -
        """,
    )


def test_equipes_mobiles_beneficiaires(verifier: Verifier) -> None:
    verifier(
        "equipes_mobiles_beneficiaires",
        "2021-12",
        """
        mois    | equipe | type_equipe | departement | interventions | nouveaux_beneficiaires
        2019-01 | Nord 1 | EMPP        | 59          | 900           | 3
        2019-12 | Nord 1 | EMPP        | 59          | 900           | 4
        2019-12 | Amiens | PASS_MOBILE | 80          | 900           | 0
        2019-12 | Laon   | EMPP        | 02          | 900           | -
        2020-06 | Laon   | EMPP        | 02          | 900           | 5
        """,
        """
        territoire | periode | ventilation | modalite    | valeur        | part
        R32        | 2018    | total       | total       | absent        | -
        D59        | 2019    | total       | total       | 3 + 4         | -
        D80        | 2019    | total       | total       | 0             | -
        D02        | 2019    | total       | total       | -             | -
        R32        | 2019    | total       | total       | 3 + 4 + 0     | -
        R32        | 2019    | type_equipe | EMPP        | 3 + 4         | 100
        R32        | 2019    | type_equipe | PASS_MOBILE | 0             | 0
        R32        | 2019-12 | total       | total       | absent        | -
        R32        | 2020    | total       | total       | 5             | -
        R32        | 2021    | total       | total       | -             | -
        D02        | cumul   | total       | total       | 5             | -
        R32        | cumul   | total       | total       | 3 + 4 + 0 + 5 | -
        """,
        livre="2020-12",
    )


def test_empp_part_nord_pas_de_calais(verifier: Verifier) -> None:
    verifier(
        "empp_part_nord_pas_de_calais",
        "2021-01",
        """
        mois    | equipe | type_equipe | departement | situations
        2018-01 | Nord 1 | EMPP        | 59          | -
        2018-01 | Nord 2 | PASS_MOBILE | 59          | 500
        2019-01 | Nord 1 | EMPP        | 59          | 3
        2019-12 | Arras  | EMPP        | 62          | 4
        2019-12 | Laon   | EMPP        | 02          | 2
        2019-12 | Amiens | EMPP        | 80          | -
        2019-12 | Amiens | INTEGRAPSY  | 80          | 500
        2020-05 | Laon   | EMPP        | 02          | 5
        2021-02 | Nord 1 | EMPP        | 59          | 500
        """,
        """
        territoire | periode | numerateur | denominateur | valeur
        R32        | 2018    | -          | -            | absent
        R32        | 2019    | 3 + 4      | 3 + 4 + 2    | 100 * (3 + 4) / (3 + 4 + 2)
        D59        | 2019    | -          | -            | absent
        R32        | 2020    | 0          | 5            | 0
        R32        | 2021    | 0          | 0            | -
        """,
    )
