"""What made-up deliveries say is likely, those of the demonstration and those of any size alike."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl
import pytest

from pipelines.contrats import tous
from pipelines.feuille_de_route import RACINE
from pipelines.mois import decaler
from pipelines.simulation import ofii
from pipelines.simulation.demonstration import fichiers
from pipelines.simulation.ecriture import NUE
from pipelines.simulation.grandeur import simuler

Livree = dict[str, object]
Livrees = dict[str, list[tuple[str, Livree]]]
"""The rows of each extract with their month of delivery, in its order."""
NIVEAUX = ("INFRA_A1", "A1_1", "A1", "A2", "B1", "B2")
RESULTATS = ("heures_realisees", "date_fin_formation", "niveau_atteint")
DEBOUCHES = ("reprises_etudes", "entrees_formation", "sorties_emploi")


def de_la_demonstration() -> Livrees:
    """All rows but those that a version replaces, that withdraw, or that are wrong on purpose."""
    ecrits = list(fichiers())
    noms = {(f.extrait, f.nom) for f in ecrits}
    livrees: Livrees = defaultdict(list)
    for fichier in sorted(ecrits, key=lambda f: f.nom):
        if (fichier.extrait, f"{fichier.nom}.v2") in noms:
            continue
        for ligne in fichier.lignes:
            fautes = (faute.items() <= ligne.items() for _, faute in ofii.FAUTES)
            if not ligne.get("retrait") and not any(fautes):
                cellules: Livree = {nom: ligne.get(nom) for nom in fichier.colonnes}
                livrees[fichier.extrait].append((fichier.nom[:7], cellules))
    return livrees


def de_toute_taille(dossier: pytest.TempPathFactory) -> Livrees:
    """12 000 rows of signatories over two years and a half."""
    raw = dossier.mktemp("simulees")
    simuler(raw, 12_000, ("2018-12", "2021-06"), graine=1, forme=lambda *_: NUE)
    livrees: Livrees = defaultdict(list)
    for chemin in sorted(raw.rglob("*.csv")):
        table = pl.read_csv(
            chemin, separator=";", try_parse_dates=True, infer_schema_length=None,
            schema_overrides={"departement": pl.String},
        )  # fmt: skip
        extrait = chemin.parent.relative_to(raw).as_posix()
        livrees[extrait] += [(chemin.stem, ligne) for ligne in table.to_dicts()]
    return livrees


@pytest.fixture(scope="module", params=["demonstration", "simuler"])
def livrees(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Livrees:
    if request.param == "demonstration":
        return de_la_demonstration()
    return de_toute_taille(tmp_path_factory)


def signataires(livrees: Livrees) -> Iterator[tuple[str, Livree]]:
    yield from livrees[ofii.EXTRAIT]


def entier(ligne: Livree, colonne: str) -> int:
    """A number, 0 where there is none."""
    valeur = ligne[colonne]
    assert valeur is None or isinstance(valeur, int)
    return valeur or 0


def jour(ligne: Livree, colonne: str) -> date:
    valeur = ligne[colonne]
    assert isinstance(valeur, date)
    return valeur


def rang(niveau: object) -> int:
    return NIVEAUX.index(str(niveau))


def vrai(valeur: object) -> bool:
    return valeur in (True, "O")


def test_every_column_of_every_extract_is_filled_somewhere(livrees: Livrees) -> None:
    for extrait, contrat in tous().items():
        vides = [
            colonne
            for colonne in contrat.colonnes()
            if all(ligne.get(colonne) is None for _, ligne in livrees[extrait])
        ]
        assert vides == [], extrait


def test_who_needs_no_course_has_no_result_but_the_level_of_the_first_day(
    livrees: Livrees,
) -> None:
    for _, ligne in signataires(livrees):
        dispense = ligne["heures_prescrites"] == 0
        assert dispense == (rang(ligne["niveau_initial"]) >= rang("A1"))
        if dispense:
            assert [ligne[nom] for nom in RESULTATS] == [None, None, ligne["niveau_initial"]]


def test_results_come_once_the_courses_have_ended(livrees: Livrees) -> None:
    for mois, ligne in signataires(livrees):
        signature = jour(ligne, "date_signature")
        if ligne["date_fin_formation"] is not None:
            fin = jour(ligne, "date_fin_formation")
            assert fin >= signature + timedelta(days=60)
            assert f"{fin:%Y-%m}" <= mois
            assert entier(ligne, "heures_realisees") <= entier(ligne, "heures_prescrites")
            assert entier(ligne, "jours_formation_civique") >= 2
        elif ligne["heures_prescrites"]:
            assert [ligne[nom] for nom in RESULTATS] == [None, None, None]
            assert entier(ligne, "jours_formation_civique") <= 1


def test_signatories_of_the_last_months_have_not_had_the_time(livrees: Livrees) -> None:
    recents = [
        (ligne["date_fin_formation"], entier(ligne, "jours_formation_civique") <= 1)
        for mois, ligne in signataires(livrees)
        if f"{jour(ligne, 'date_signature'):%Y-%m}" >= decaler(mois, -1)
    ]
    assert set(recents) == {(None, True)}


def test_nobody_loses_a_level_nor_gains_one_without_following(livrees: Livrees) -> None:
    for _, ligne in signataires(livrees):
        if ligne["niveau_atteint"] is not None:
            initial, atteint = rang(ligne["niveau_initial"]), rang(ligne["niveau_atteint"])
            assert atteint >= initial
            assert atteint == initial or (
                2 * entier(ligne, "heures_realisees") >= entier(ligne, "heures_prescrites") > 0
            )


def test_most_follow_at_least_80_per_cent_and_some_reach_each_level(livrees: Livrees) -> None:
    finis = [ligne for _, ligne in signataires(livrees) if ligne["date_fin_formation"]]
    assidus = sum(
        5 * entier(ligne, "heures_realisees") >= 4 * entier(ligne, "heures_prescrites")
        for ligne in finis
    )
    assert 0.8 < assidus / len(finis) < 1
    assert {"INFRA_A1", "A1_1", "A1", "A2"} <= {ligne["niveau_atteint"] for ligne in finis}
    assert {ligne["jours_formation_civique"] for _, ligne in signataires(livrees)} == {
        0,
        1,
        2,
        3,
        4,
    }


def test_projects_have_results_once_under_way_and_these_agree(livrees: Livrees) -> None:
    for _, ligne in livrees["ddcs/projets"]:
        if ligne["statut"] in ("FINANCE", "ABANDONNE"):
            assert ligne["beneficiaires_realises"] is None
            assert ligne["accompagnes_emploi"] is None
            continue
        assert sum(entier(ligne, nom) for nom in DEBOUCHES) <= entier(ligne, "accompagnes_emploi")
        assert entier(ligne, "jeunes_insertion") <= entier(ligne, "dont_moins_25")
        if vrai(ligne["public_jeune"]):
            assert ligne["dont_moins_25"] == ligne["beneficiaires_realises"]
    aides = {ligne["axe"] for _, ligne in livrees["ddcs/projets"] if ligne["accompagnes_emploi"]}
    assert aides == {"EMPLOI", "GLOBAL"}


def test_households_are_about_as_many_as_dwellings(livrees: Livrees) -> None:
    lignes = [ligne for _, ligne in livrees["logement/mobilisations"]]
    assert all(entier(ligne, "menages") <= entier(ligne, "personnes") for ligne in lignes)
    logements = sum(entier(ligne, "logements_mobilises") for ligne in lignes)
    menages = sum(entier(ligne, "menages") for ligne in lignes)
    assert logements != menages
    assert 0.8 * logements < menages < 1.2 * logements


def test_an_interpreting_lasts_from_25_to_60_minutes(livrees: Livrees) -> None:
    for _, ligne in livrees["ars/interpretariat"]:
        if ligne.get("duree_minutes") is not None:
            honorees = entier(ligne, "demandes_honorees")
            assert 25 * honorees <= entier(ligne, "duree_minutes") <= 60 * honorees


def test_volontr_expects_370_refugees_in_2019() -> None:
    """As the bilan prints, l. 415."""
    bilan = (RACINE / "assets" / "roadmap" / "cibles.csv").read_text("utf-8")
    assert "volontr_accueillis,R32,2019,total,total,370," in bilan
    (objectifs,) = (
        [entier(dict(ligne), "objectif") for ligne in fichier.lignes]
        for fichier in fichiers()
        if fichier.extrait == "service_civique/volontr" and fichier.nom == "2020-01"
    )
    assert sum(objectifs) == 370
