"""When a value can be compared: its maturity, the evolutions that wait, and the year to date."""

from tests.indicators.conftest import Verifier

REUNIONS = """
niveau   | instance | date_reunion | mois_livraison
REGIONAL | COPIL    | 2018-03-10   | 2018-12
REGIONAL | COPIL    | 2019-03-10   | 2019-12
REGIONAL | COPIL    | 2019-06-30   | 2019-12
REGIONAL | COPIL    | 2019-07-01   | 2019-12
"""


def test_days_and_maturity_of_a_year(verifier: Verifier) -> None:
    """Three months of consolidation: to the last day of March, that day excepted."""
    for arrete, maturite in (
        ("2019-11", "provisoire"),
        ("2019-12", "recente"),
        ("2020-02", "recente"),
        ("2020-03", "consolidee"),
    ):
        verifier(
            "comites_regionaux_tenus",
            arrete,
            REUNIONS.replace("2019-12", "2019-11"),
            f"""
            territoire | periode | debut      | fin        | maturite
            R32        | 2018    | 2018-01-01 | 2018-12-31 | consolidee
            R32        | 2019    | 2019-01-01 | 2019-12-31 | {maturite}
            """,
        )


def test_days_and_maturity_of_other_periods(verifier: Verifier) -> None:
    """A month ends with it, a school year in August; a cumul has no beginning."""
    verifier(
        "cir_signataires",
        "2020-03",
        "departement | date_signature\n59 | 2019-11-30",
        """
        territoire | periode | debut      | fin        | maturite
        D59        | 2019-11 | 2019-11-01 | 2019-11-30 | consolidee
        D59        | 2019-12 | 2019-12-01 | 2019-12-31 | consolidee
        D59        | 2020-01 | 2020-01-01 | 2020-01-31 | recente
        D59        | 2020-02 | 2020-02-01 | 2020-02-29 | recente
        D59        | 2020-03 | 2020-03-01 | 2020-03-31 | recente
        """,
    )
    verifier(
        "oepre_ateliers",
        "2020-10",
        "academie | annee_scolaire | ateliers\nLILLE | 2018-2019 | 4",
        """
        territoire | periode   | debut      | fin        | maturite
        A09        | 2018-2019 | 2018-09-01 | 2019-08-31 | consolidee
        A09        | 2019-2020 | 2019-09-01 | 2020-08-31 | recente
        A09        | 2020-2021 | 2020-09-01 | 2021-08-31 | provisoire
        """,
    )
    verifier(
        "contrats_collectivites_signes",
        "2019-02",
        "departement | type_contrat | date_signature\n02 | CAI | 2019-02-10",
        """
        territoire | periode | debut | fin        | provisoire | maturite
        D02        | cumul   | -     | 2019-02-28 | non        | consolidee
        """,
    )


def test_a_cohort_is_not_compared_before_its_time(verifier: Verifier) -> None:
    """Signatories of 2019 have until the end of 2020; a count of three months has not."""
    signataires = """
    departement | sexe | age | motif_admission | date_signature | niveau_atteint | mois_livraison
    59          | F    | 30  | FAM             | 2018-05-01     | A1             | 2019-12
    59          | F    | 30  | FAM             | 2018-05-02     | -              | 2019-12
    59          | F    | 30  | FAM             | 2019-05-01     | A1             | 2019-12
    """
    for arrete, en_pc, fois, ecart in (
        ("2019-12", "-", "-", "-"),
        ("2020-11", "-", "-", "-"),
        ("2020-12", "100", "2", "100 - 50"),
    ):
        verifier(
            "cir_taux_a1",
            arrete,
            signataires,
            f"""
            territoire | periode | valeur  | evolution | multiplicateur | ecart
            D59        | 2018    | 100 / 2 | -         | -              | -
            D59        | 2019    | 100     | {en_pc}   | {fois}         | {ecart}
            """,
        )
    verifier(
        "cir_signataires",
        "2019-12",
        signataires,
        """
        territoire | periode | valeur | ecart
        D59        | 2019    | 1      | 1 - 2
        """,
    )


def test_an_evolution_waits_for_a_delivery_of_the_last_month(verifier: Verifier) -> None:
    """2019 has ended, but nothing came since November: December may be missing."""
    rangees = REUNIONS.replace("2019-12", "2019-11")
    verifier(
        "comites_regionaux_tenus",
        "2020-06",
        rangees,
        """
        territoire | periode | valeur | evolution | multiplicateur | ecart
        R32        | 2019    | 3      | -         | -              | -
        """,
    )
    verifier(
        "comites_regionaux_tenus",
        "2020-06",
        rangees + "REGIONAL | COTECH | 2019-12-01 | 2019-12",
        """
        territoire | periode | valeur | evolution | multiplicateur | ecart
        R32        | 2019    | 3      | 100 * 2 / 1 | 3            | 3 - 1
        """,
    )


def _mobilisations(*mois: str) -> str:
    lignes = [f"{60 if m == '2019-07' else 59} | DIRECTE | {m} | 2" for m in mois]
    return "\n".join(["departement | filiere | mois | logements_mobilises", *lignes])


def _annee(annee: int, *sans: int) -> list[str]:
    return [f"{annee}-{m:02}" for m in range(1, 13) if m not in sans]


def test_a_missing_month_forbids_to_compare_its_year(verifier: Verifier) -> None:
    """July 2019 is there, from another department; without it, 2019 compares no more."""
    entier = [*_annee(2018), *_annee(2019), *_annee(2020)]
    attendu = """
    territoire | periode | valeur | ecart
    D59        | 2019    | 2 * 11 | 2 * 11 - 2 * 12
    D59        | 2020    | 2 * 12 | 2 * 12 - 2 * 11
    D59        | 2020-03 | 2      | 2 - 2
    D59        | 2020-07 | 2      | 2 - 0
    """
    verifier("logements_mobilises", "2020-12", _mobilisations(*entier), attendu)
    verifier(
        "logements_mobilises",
        "2020-12",
        _mobilisations(*(m for m in entier if m != "2019-07")),
        """
        territoire | periode | valeur | ecart
        D59        | 2019    | 2 * 11 | -
        D59        | 2020    | 2 * 12 | -
        D59        | 2019-07 | 0      | -
        D59        | 2020-03 | 2      | 2 - 2
        D59        | 2020-07 | 2      | -
        """,
    )


def test_the_year_under_way_is_compared_to_the_same_months(verifier: Verifier) -> None:
    """Up to June, the month of the newest delivery: two of the three meetings of 2019."""
    rangees = (
        REUNIONS
        + """REGIONAL | COPIL | 2020-01-05 | 2020-06
        REGIONAL | COPIL | 2020-02-05 | 2020-06
        REGIONAL | COPIL | 2020-03-05 | 2020-06
        """
    )
    verifier(
        "comites_regionaux_tenus",
        "2020-08",
        rangees,
        """
        territoire | periode | valeur | ecart | precedente_a_date | evolution_a_date | ecart_a_date
        R32        | 2018    | 1      | -     | -                 | -                | -
        R32        | 2019    | 3      | 3 - 1 | -                 | -                | -
        R32        | 2020    | 3      | -     | 2                 | 100 * (3 - 2) / 2 | 3 - 2
        """,
    )
    verifier(
        "comites_regionaux_tenus",
        "2020-12",
        rangees,
        """
        territoire | periode | precedente_a_date | evolution_a_date | ecart_a_date
        R32        | 2020    | -                 | -                | -
        """,
    )


def test_nothing_a_year_before_is_0_and_has_no_evolution(verifier: Verifier) -> None:
    """Nothing up to February 2019; before the first year that counts, nothing to compare."""
    verifier(
        "comites_regionaux_tenus",
        "2020-02",
        REUNIONS + "REGIONAL | COPIL | 2020-01-05 | 2020-02",
        """
        territoire | periode | valeur | precedente_a_date | evolution_a_date | ecart_a_date
        R32        | 2020    | 1      | 0                 | -                | 1 - 0
        """,
    )
    verifier(
        "comites_regionaux_tenus",
        "2018-03",
        "niveau | instance | date_reunion\nREGIONAL | COPIL | 2018-03-10",
        """
        territoire | periode | valeur | precedente_a_date | ecart_a_date
        R32        | 2018    | 1      | -                 | -
        """,
    )


def test_nothing_delivered_this_year_is_not_compared(verifier: Verifier) -> None:
    verifier(
        "comites_regionaux_tenus",
        "2020-02",
        REUNIONS,
        """
        territoire | periode | valeur | precedente_a_date | ecart_a_date
        R32        | 2020    | -      | -                 | -
        """,
    )


def test_rates_to_date_are_divided_again(verifier: Verifier) -> None:
    """Up to March: 1 of 2 in 2019, 3 of 4 in 2020; 60 has nobody in 2019, so no rate."""
    verifier(
        "cir_part_bpi",
        "2020-04",
        """
        departement | bpi   | date_signature | mois_livraison
        59          | true  | 2019-03-31     | 2020-03
        59          | false | 2019-01-01     | 2020-03
        59          | false | 2019-04-01     | 2020-03
        59          | true  | 2020-01-01     | 2020-03
        59          | true  | 2020-02-01     | 2020-03
        59          | true  | 2020-03-31     | 2020-03
        59          | false | 2020-03-31     | 2020-03
        60          | true  | 2020-03-31     | 2020-03
        """,
        """
        territoire | periode | valeur      | precedente_a_date | evolution_a_date     | ecart_a_date
        D59        | 2020    | 100 * 3 / 4 | 100 * 1 / 2       | 100 * (75 - 50) / 50 | 75 - 50
        D60        | 2020    | 100         | -                 | -                    | -
        R32        | 2020    | 100 * 4 / 5 | 100 * 1 / 2       | 100 * (80 - 50) / 50 | 80 - 50
        """,
    )


def test_breakdowns_are_compared_to_date_too(verifier: Verifier) -> None:
    verifier(
        "cir_signataires",
        "2020-03",
        """
        departement | sexe | date_signature
        59          | F    | 2019-01-10
        59          | H    | 2019-01-10
        59          | H    | 2019-12-10
        59          | F    | 2020-01-10
        59          | F    | 2020-02-10
        """,
        """
        territoire | periode | ventilation | modalite | valeur | precedente_a_date | ecart_a_date
        D59        | 2020    | total       | total    | 2      | 1 + 1             | 2 - 2
        D59        | 2020    | sexe        | F        | 2      | 1                 | 2 - 1
        D59        | 2020    | sexe        | H        | 0      | 1                 | 0 - 1
        D59        | 2020-03 | total       | total    | 0      | -                 | -
        """,
    )


def test_what_has_but_a_year_or_needs_time_is_not_compared_to_date(verifier: Verifier) -> None:
    """Projects have an exercice; a cohort needs twelve months; a state is not a sum."""
    verifier(
        "projets_fle",
        "2020-06",
        """
        exercice | departement | axe    | statut
        2019     | 59          | LANGUE | FINANCE
        2020     | 59          | LANGUE | FINANCE
        """,
        "territoire | periode | precedente_a_date\nD59 | 2020 | -",
    )
    verifier(
        "cir_signataires_niveau_a1",
        "2020-06",
        """
        departement | sexe | age | motif_admission | date_signature | niveau_atteint
        59          | F    | 30  | FAM             | 2019-01-10     | A1
        59          | F    | 30  | FAM             | 2020-01-10     | A1
        """,
        "territoire | periode | valeur | precedente_a_date\nD59 | 2020 | 1 | -",
    )
    verifier(
        "departements_avec_comite_departemental",
        "2020-06",
        """
        niveau        | instance | departement | date_reunion
        DEPARTEMENTAL | COPIL    | 59          | 2019-03-10
        DEPARTEMENTAL | COPIL    | 59          | 2020-03-10
        """,
        "territoire | periode | valeur | precedente_a_date\nR32 | 2020 | 1 | -",
    )


def test_a_missing_month_forbids_to_compare_to_date(verifier: Verifier) -> None:
    """Up to May 2020: a gap in June 2019 does not matter, one in May does."""
    livres = _annee(2020)[:5]
    verifier(
        "logements_mobilises",
        "2020-05",
        _mobilisations(*_annee(2019, 6), *livres),
        """
        territoire | periode | valeur | precedente_a_date | ecart_a_date
        D59        | 2020    | 2 * 5  | 2 * 5             | 0
        """,
    )
    verifier(
        "logements_mobilises",
        "2020-05",
        _mobilisations(*_annee(2019, 5), *livres),
        """
        territoire | periode | valeur | precedente_a_date | ecart_a_date
        D59        | 2020    | 2 * 5  | -                 | -
        """,
    )
