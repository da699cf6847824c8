"""A region is a folder: the whole job for an invented one, with nothing of Hauts-de-France's.

Two departments, four indicators, three orientations in `feuille/`; made-up deliveries in `raw/`.
"""

from collections.abc import Callable

import duckdb
import pytest

from tests.rafraichir import rafraichir

Interroger = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def interroger(tmp_path_factory: pytest.TempPathFactory) -> Interroger:
    """The warehouse of the invented region, months 2021-12 to 2022-03."""
    dossier = tmp_path_factory.mktemp("region")
    assert rafraichir(dossier, "--depuis", "2021-12") == 0

    def interroge(sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(dossier / "entrepot.duckdb", read_only=True) as con:
            return con.execute(sql).fetchall()

    return interroge


def test_its_indicators_and_territories(interroger: Interroger) -> None:
    assert interroger("select indicateur from referentiel.indicateurs order by 1") == [
        ("avdl_beneficiaires",),
        ("comites_regionaux_tenus",),
        ("comites_techniques_tenus",),
        ("personnes_par_logement_mobilise",),
    ]
    assert interroger(
        """select territoire, periode, valeur, evolution, rang, taux_cible
        from indicateurs.valeurs
        where indicateur = 'avdl_beneficiaires' and arrete = '2022-03' and type_periode = 'annee'
        order by 2, 1"""
    ) == [
        ("DX1", "2021", 10, None, 1, None),
        ("DX2", "2021", 7, None, 2, None),
        ("RX", "2021", 10 + 7, None, None, None),
        ("DX1", "2022", 30, None, 1, None),
        ("DX2", "2022", 1, None, 2, None),
        ("RX", "2022", 30 + 1, None, None, pytest.approx(100 * (30 + 1) / 40)),
    ]


def test_its_departments_are_the_codes(interroger: Interroger) -> None:
    assert interroger("select ligne, colonne, regle, valeur from qualite.rejets") == [
        (3, "departement", "code", "59")
    ]


def test_its_orientations(interroger: Interroger) -> None:
    """No meeting had been delivered when the bilan was drawn up: no initial value."""
    assert interroger(
        """select orientation, territoire, valeur_initiale, valeur_actuelle, valeur_cible,
            taux_atteinte, statut
        from orientations.avancement where arrete = '2022-03' order by 1, 2"""
    ) == [
        ("avdl", "RX", 10 + 7, 30 + 1, None, None, "EN_COURS"),
        ("charte", "RX", None, None, None, None, "EN_COURS"),
        ("techniques", "DX1", None, 2, 2, 100, "REALISE"),
        ("techniques", "DX2", None, 0, 2, 0, "A_VENIR"),
        ("techniques", "RX", None, 2, 2 * 2, 100 * 2 / (2 * 2), "EN_COURS"),
    ]


def test_its_lists_have_its_indicators(interroger: Interroger) -> None:
    """Its roadmap has no objectives: those of the project put each indicator in a list."""
    assert interroger(
        """select rubrique, indicateur from bilan.objectifs group by all order by all"""
    ) == [
        ("gouvernance", "comites_regionaux_tenus"),
        ("gouvernance", "comites_techniques_tenus"),
        ("logement", "avdl_beneficiaires"),
    ]
    assert interroger('select ligne, "Imprimé", "À écrire" from bilan.redaction') == [
        (1, "17 bénéficiaires", "31 bénéficiaires"),
        (2, "12 bénéficiaires", "30 bénéficiaires"),
    ]


def test_its_printed_figures(interroger: Interroger) -> None:
    assert interroger("select chiffre, verdict from rapprochement.chiffres order by 1") == [
        ("avdl_2021", "conforme"),
        ("avdl_2021_taux", "explique"),
    ]
