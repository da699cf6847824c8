"""The charts: what their data say, what is drawn, and the map in tiles."""

import json
import re
from typing import Any

import pytest
import vl_convert  # type: ignore[import-untyped, unused-ignore]

from pipelines.edition import dessin, graphiques, images, jauges, regional
from pipelines.edition.contenu import Graphique, Nombre
from pipelines.edition.source import Valeur

SOURCE = "Source : ici."


def une(periode: str, valeur: float | None, **plus: Any) -> Valeur:
    """A value of the region, closed, without a breakdown."""
    return {
        "indicateur": "i", "titre": "Ateliers", "unite": "ateliers", "territoire": "RX",
        "nom_territoire": "Région", "maille": "region", "periode": periode,
        "type_periode": "annee", "ventilation": "total", "libelle_ventilation": "Ensemble",
        "modalite": "total", "libelle_modalite": "Ensemble", "ordre_modalite": 0,
        "valeur": valeur, "t_valeur": "" if valeur is None else f"{valeur:g}", "masque": False,
        "maturite": "consolidee", "provisoire": False, "part": None, "t_part": None, "ecart": None,
        "t_precedente": None, "precedente_a_date": None, "t_precedente_a_date": None,
        "evolution": None, "t_evolution": None, "evolution_a_date": None,
        "t_evolution_a_date": None, "valeur_cible": None, "t_valeur_cible": None,
        "taux_cible": None, "t_taux_cible": None, "rang": None, "t_livraisons": "12 sur 12",
    } | plus  # fmt: skip


def donnees(graphique: Graphique | None) -> list[dict[str, Any]]:
    assert graphique
    rangees: list[dict[str, Any]] = graphique.spec["data"]["values"]
    return rangees


def barres(graphique: Graphique | None) -> list[tuple[str, bool]]:
    """The bars as they are drawn: the fill of each, and whether its edge is dashed."""
    assert graphique
    traits = re.findall(r"<path[^>]*>", images.svg(graphique.spec))
    trouves = [(re.search(r'fill="(white|#5a5ac8)" stroke=', t), t) for t in traits]
    return [(lu[1], 'stroke-dasharray="4,3"' in trait) for lu, trait in trouves if lu]


def test_a_period_under_way_is_hollow_and_dashed() -> None:
    serie = [
        une("2019", 10), une("2020", 12),
        une("2021", 5, maturite="provisoire", provisoire=True, precedente_a_date=4,
            t_precedente_a_date="4"),
    ]  # fmt: skip
    graphique = graphiques.annees("a", serie, SOURCE)
    assert barres(graphique) == [
        ("#5a5ac8", False),
        ("#5a5ac8", False),
        ("white", True),
    ]
    # What the year before had at the same month is a mark on its own bar.
    assert [r.get("a_date") for r in donnees(graphique)] == [None, 4, None]
    assert graphique
    assert "en tirets, est une période en cours" in graphique.alternative


def test_a_period_that_nothing_delivered_is_not_zero() -> None:
    graphique = graphiques.annees("a", [une("2019", None), une("2020", 0)], SOURCE)
    assert [(r["valeur"], r["texte"]) for r in donnees(graphique)] == [
        (None, "non livré"), (0, "0"),
    ]  # fmt: skip
    assert graphiques.annees("a", [une("2019", None)], SOURCE) is None


def test_modalities_have_their_shares() -> None:
    """Three of four, and one of four."""
    valeurs = [
        une("2020", valeur, ventilation="sexe", libelle_ventilation="Sexe", modalite=code,
            libelle_modalite=mot, ordre_modalite=rang, part=100 * valeur / 4,
            t_part=f"{100 * valeur // 4} %")
        for rang, (code, mot, valeur) in enumerate([("F", "Femmes", 3), ("H", "Hommes", 1)])
    ]  # fmt: skip
    graphique = graphiques.modalites("m", valeurs, SOURCE)
    assert [(r["modalite"], r["texte"]) for r in donnees(graphique)] == [
        ("Femmes", "3 (75 %)"), ("Hommes", "1 (25 %)"),
    ]  # fmt: skip
    assert graphique
    [femmes, _] = graphique.tableau.lignes
    assert [getattr(c, "valeur", c) for c in femmes] == ["Femmes", 3, 75]


def test_a_masked_modality_is_said_to_be() -> None:
    valeurs = [
        une("2020", 30, ventilation="sexe", modalite="F", libelle_modalite="Femmes"),
        une("2020", None, ventilation="sexe", modalite="H", libelle_modalite="Hommes", masque=True),
    ]
    assert [r["texte"] for r in donnees(graphiques.modalites("m", valeurs, SOURCE))] == [
        "30", "masqué",
    ]  # fmt: skip


def test_tiles_are_placed_from_the_leftmost_and_shaded_by_quarters() -> None:
    places = {"D1": (4, 7), "D2": (5, 7), "D3": (4, 9), "D9": (0, 0)}
    valeurs = [
        une("2020", valeur, territoire=f"D{n}", nom_territoire=f"Dép {n}")
        for n, valeur in ((1, 0), (2, 100), (3, None), (4, 50))
    ]
    rangees = donnees(graphiques.tuiles("t", valeurs, places, SOURCE))
    assert [(r["x"], r["y"]) for r in rangees] == [(0, 0), (1, 0), (0, 2)]
    assert [r["fond"] for r in rangees] == [dessin.PALE, dessin.FONCE, "white"]


def test_small_multiples_have_all_territories() -> None:
    valeurs = [
        une(periode, n, territoire=f"D{n}", nom_territoire=f"Dép {n}")
        for n in (1, 2) for periode in ("2019", "2020")
    ]  # fmt: skip
    graphique = graphiques.petits("p", valeurs, SOURCE)
    assert {(r["nom"], r["periode"], r["valeur"]) for r in donnees(graphique)} == {
        ("Dép 1", "2019", 1), ("Dép 1", "2020", 1), ("Dép 2", "2019", 2), ("Dép 2", "2020", 2),
    }  # fmt: skip


def test_months_are_the_last_two_years_and_a_hole_stays_one() -> None:
    """Thirty months, the last but one without a delivery."""
    tous = [f"{annee}-{mois:02}" for annee in (2018, 2019, 2020) for mois in range(1, 13)][:30]
    valeurs = [une(m, None if m == tous[-2] else 7, type_periode="mois") for m in tous]
    rangees = donnees(graphiques.mois("c", valeurs, SOURCE))
    assert [r["periode"] for r in rangees] == tous[6:]
    assert [r["valeur"] for r in rangees[-3:]] == [7, None, 7]
    assert graphiques.mois("c", valeurs[-2:], SOURCE) is None


def attendue(extrait: str, mois: str, etat: str, partie: str = "") -> dict[str, Any]:
    return {"source": "s", "extrait": extrait, "mois": mois, "etat": etat, "nom_partie": partie}


def test_the_calendar_shows_the_worst_of_the_parts() -> None:
    graphique = jauges.calendrier(
        "c",
        [
            attendue("a", "2020-01", "recue"),
            attendue("a", "2020-02", "en_retard"),
            attendue("a", "2020-03", "recue"),
            attendue("b", "2020-01", "recue", "Aisne"),
            attendue("b", "2020-01", "refusee", "Nord"),
            attendue("b", "2020-01", "manquante", "Oise"),
            attendue("b", "2020-03", "non_due", "Nord"),
        ],
        SOURCE,
    )
    assert [(r["extrait"], r["mois"], r["etat"]) for r in donnees(graphique)] == [
        ("s/a", "2020-01", "reçue à l'heure"),
        ("s/a", "2020-02", "en retard"),
        ("s/a", "2020-03", "reçue à l'heure"),
        ("s/b", "2020-01", "refusée"),
        ("s/b", "2020-02", "pas attendue"),
        ("s/b", "2020-03", "pas attendue"),
    ]
    assert graphique
    lignes = [
        tuple(c.valeur if isinstance(c, Nombre) else c for c in ligne)
        for ligne in graphique.tableau.lignes
    ]
    assert lignes == [
        ("s/a", 2, "2020-02", "", ""),
        ("s/b", 1, "", "2020-01 (Nord)", "2020-01 (Oise)"),
    ]
    assert "reçue à l'heure : 2, en retard : 1, refusée : 1." in graphique.alternative


def test_each_state_has_a_sign_of_its_own_not_only_a_colour() -> None:
    etats = ("recue", "en_retard", "refusee", "manquante", "non_due")
    graphique = jauges.calendrier(
        "c", [attendue("a", f"2020-0{n}", etat) for n, etat in enumerate(etats, 1)], SOURCE
    )
    assert graphique
    formes = graphique.spec["encoding"]["shape"]["scale"]["range"]
    assert len(set(formes)) == len(etats)
    svg = images.svg(graphique.spec)
    assert all(mot in svg for mot in ("en retard", "refusée", "manquante", "pas attendue"))


def test_the_calendar_ends_with_the_last_month_and_has_two_years() -> None:
    graphique = jauges.calendrier(
        "c", [attendue("a", "2018-01", "refusee"), attendue("a", "2020-06", "recue")], SOURCE
    )
    mois = [r["mois"] for r in donnees(graphique)]
    assert (mois[0], mois[-1], len(mois)) == ("2018-07", "2020-06", 24)
    assert jauges.calendrier("c", [], SOURCE) is None


def test_a_chart_compiled_once_is_drawn_with_its_own_data() -> None:
    """Two charts that differ by their data alone, as Vega-Lite draws each."""
    for valeur in (3, 8):
        graphique = graphiques.annees("a", [une("2019", 5), une("2020", valeur)], SOURCE)
        assert graphique
        entiere = json.dumps(graphique.spec)
        assert images.svg(graphique.spec) == vl_convert.vegalite_to_svg(
            entiere, format_locale="fr-FR"
        )


# The map.

METROPOLE = {f"{n:02}" for n in range(1, 96)} - {"20"} | {"2A", "2B"}
OUTRE_MER = {"971", "972", "973", "974", "976"}


def test_every_department_has_a_tile_of_its_own() -> None:
    places = regional.places()
    assert set(places) == {f"D{code}" for code in METROPOLE | OUTRE_MER}
    assert len(places) == len(set(places.values())) == 101


def test_hauts_de_france_is_as_on_the_map() -> None:
    places = regional.places()
    (x_nord, y_nord), (x_pas, y_pas) = places["D59"], places["D62"]
    assert x_nord > x_pas
    assert y_nord <= y_pas
    (x_somme, y_somme), (x_oise, y_oise) = places["D80"], places["D60"]
    assert x_oise == x_somme
    assert y_oise > y_somme
    assert places["D02"][0] > x_somme
    assert places["D02"][1] > y_nord


@pytest.mark.parametrize(
    ("un", "autre"),
    [
        paire.split()
        for paire in (
            "59 62", "59 02", "62 80", "80 02", "80 60", "60 02", "75 92", "75 94", "69 42",
            "69 01", "13 83", "13 84", "06 83", "67 68", "67 57", "29 22", "29 56", "44 49",
            "44 85", "33 40", "33 24", "31 09", "31 81", "66 11", "21 71", "21 89", "38 73",
            "73 74", "63 03", "63 43", "76 80", "76 27", "14 61", "50 14", "2A 2B",
        )
    ],
)  # fmt: skip
def test_neighbours_touch(un: str, autre: str) -> None:
    (x, y), (a, b) = regional.places()[f"D{un}"], regional.places()[f"D{autre}"]
    assert max(abs(x - a), abs(y - b)) == 1
