"""What the demonstration counts, once published: something for every indicator."""

from pathlib import Path

import duckdb

SANS_VALEUR_EN_2020: set[str] = set()
"""Indicators that the demonstration cannot give a value to: none."""
SANS_VALEUR_EN_2021 = {
    "cir_taux_a1_12_mois",  # nobody who signed in 2021 has had twelve months by June
}


def avec_valeur(entrepot: Path, arrete: str, annee: str = "") -> tuple[set[str], set[str]]:
    """All indicators, and those that have a value other than 0 in the region, in the year given."""
    with duckdb.connect(str(entrepot), read_only=True) as con:
        tous = con.execute("select indicateur from referentiel.indicateurs").fetchall()
        servis = con.execute(
            """
            select distinct v.indicateur
            from indicateurs.valeurs as v
            join referentiel.territoires as t using (territoire)
            where
                t.maille = 'region'
                and v.ventilation = 'total'
                and v.arrete = $arrete
                and v.valeur > 0
                and v.periode like '%' || $annee
            """,
            {"arrete": arrete, "annee": annee},
        ).fetchall()
    return {nom for (nom,) in tous}, {nom for (nom,) in servis}


def test_every_indicator_has_a_value_by_the_end_of_2020(entrepot: Path) -> None:
    tous, servis = avec_valeur(entrepot, "2020-12")
    assert tous - servis == SANS_VALEUR_EN_2020


def test_every_indicator_has_a_value_in_2021(entrepot: Path) -> None:
    """The year 2021, or the school year that ends in it."""
    tous, servis = avec_valeur(entrepot, "2021-06", "2021")
    assert tous - servis == SANS_VALEUR_EN_2021


def test_printed_figures_are_all_computed(entrepot: Path) -> None:
    """Two are not explained and four are close: the bilan contradicts itself there."""
    with duckdb.connect(str(entrepot), read_only=True) as con:
        verdicts = con.execute(
            "select verdict, count(*) from rapprochement.chiffres group by all"
        ).fetchall()
    comptes = dict(verdicts)
    assert comptes.pop("conforme") + comptes.pop("explique") == 150 - 2 - 4
    assert comptes == {"inexplique": 2, "proche": 4}
