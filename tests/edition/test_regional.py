"""What the bilan of a region and of its departments say, of an invented region of two."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.edition import contenu, departement, imprime, regional, source
from pipelines.edition.contenu import (
    Bloc,
    Colonne,
    Graphique,
    Lien,
    Nombre,
    Page,
    Section,
    Tableau,
    Texte,
    nombre_lu,
    parcourir,
    sans_vides,
    typographie,
)
from pipelines.edition.source import Source


@pytest.fixture(scope="module")
def interne(de_la_region: Path) -> Iterator[Source]:
    with source.ouvrir(de_la_region) as lue:
        yield lue


@pytest.fixture(scope="module")
def publique(de_la_region: Path) -> Iterator[Source]:
    with source.ouvrir(de_la_region, publique=True) as lue:
        yield lue


def _tableaux(page: Page) -> dict[str, Tableau]:
    return {b.cle: b for b in parcourir(page.blocs) if isinstance(b, Tableau)}


def _nombres(blocs: tuple[Bloc, ...]) -> dict[tuple[str, ...], Nombre]:
    return {
        cellule.cle: cellule
        for bloc in parcourir(blocs)
        if isinstance(bloc, Tableau)
        for ligne in bloc.lignes
        for cellule in ligne
        if isinstance(cellule, Nombre) and cellule.cle
    }


def _cle(territoire: str, periode: str, mesure: str = "valeur") -> tuple[str, ...]:
    return ("avdl_beneficiaires", territoire, periode, "total", "total", mesure)


def test_the_region_has_its_last_year_and_the_one_under_way(interne: Source) -> None:
    trouves = _nombres(regional.page(interne).blocs)
    close, en_cours = trouves[_cle("RX", "2021")], trouves[_cle("RX", "2022")]
    assert (close.valeur, close.etat) == (10 + 7, "")
    assert (en_cours.valeur, en_cours.etat) == (30 + 1, "provisoire")
    assert trouves[_cle("RX", "2022", "taux_cible")].valeur == pytest.approx(100 * (30 + 1) / 40)


def test_departments_are_beside_each_other_and_make_the_region(interne: Source) -> None:
    page = departement.liste(interne)
    trouves = _nombres(page.blocs)
    parties = [trouves[_cle(d, "2021")].valeur for d in ("DX1", "DX2")]
    assert parties == [10, 7]
    assert trouves[_cle("RX", "2021")].valeur == 10 + 7


def test_a_department_is_beside_the_region_with_its_rank(interne: Source) -> None:
    dx2 = next(d for d in interne.de_maille("departement") if d["territoire"] == "DX2")
    tableaux = _tableaux(departement.page(interne, dx2))
    [tableau] = [
        t
        for t in tableaux.values()
        if t.cle.startswith("chiffres") and any("avdl" in str(ligne[0]) for ligne in t.lignes)
    ]
    titres = [c.titre for c in tableau.colonnes]
    region, rang = titres.index(interne.region["libelle"]), titres.index("Rang")
    [ligne] = [
        x
        for x in tableau.lignes
        if x[0] == Lien("Bénéficiaires de l'AVDL réfugiés", "indicateurs/avdl_beneficiaires.html")
        and x[1] == "2021"
    ]
    dits = [c.valeur if isinstance(c, Nombre) else c for c in ligne]
    assert (dits[2], dits[region], dits[rang]) == (7, 10 + 7, 2)


def test_orientations_say_status_progress_and_lateness(interne: Source) -> None:
    """Two meetings each for two departments: two were held, both in DX1."""
    lignes = {
        (str(ligne[0])[:10], ligne[1]): dict(zip([c.titre for c in t.colonnes], ligne, strict=True))
        for t in _tableaux(regional.page(interne)).values()
        if t.cle.startswith("orientations")
        for ligne in t.lignes
    }
    [region] = [
        v for (_, ou), v in lignes.items() if ou == interne.region["libelle"] and v.get("Cible")
    ]
    atteinte, actuel = region["Atteinte"], region["Actuel"]
    assert isinstance(atteinte, Nombre)
    assert isinstance(actuel, Nombre)
    assert (actuel.valeur, atteinte.valeur) == (2, 100 * 2 / (2 * 2))
    assert region["État"] == "En cours"


def test_sections_follow_the_roadmap(interne: Source) -> None:
    sections = [b for b in parcourir(regional.page(interne).blocs) if isinstance(b, Section)]
    numeros = [int(s.objectif.rpartition("_")[2]) for s in sections if s.objectif[:3] == "obj"]
    assert numeros == [o["objectif"] for o in interne.objectifs]
    assert sections[0].titre == "Synthèse"


def test_nothing_of_another_region_is_there(interne: Source) -> None:
    assert "Hauts-de-France" not in repr(regional.page(interne))


def test_every_chart_has_words_and_its_table(interne: Source) -> None:
    graphiques = [b for b in parcourir(regional.page(interne).blocs) if isinstance(b, Graphique)]
    assert graphiques
    for graphique in graphiques:
        assert len(graphique.alternative) > 20
        assert graphique.tableau.lignes
        assert graphique.tableau.source.startswith("Source :")


def test_the_public_version_is_made_of_what_may_leave(publique: Source) -> None:
    """DX1 had 10 in 2021, DX2 7; persons: rounded to 10 and 5, and the region to 15."""
    trouves = _nombres(regional.page(publique).blocs)
    dits = publique.con.execute(
        """select territoire, valeur, masque from diffusion.valeurs
        where indicateur = 'avdl_beneficiaires' and periode = '2021' and ventilation = 'total'"""
    ).fetchall()
    assert {t: v for t, v, _ in dits if t == "RX"} == {"RX": trouves[_cle("RX", "2021")].valeur}
    assert "diffusion.valeurs" in repr(regional.page(publique))
    assert "indicateurs.valeurs" not in repr(regional.page(publique))
    assert "Version publique" in repr(list(regional.avertissements(publique)))


def test_a_masked_count_is_said_as_such(publique: Source) -> None:
    valeur = {**publique.valeurs[0], "masque": True, "valeur": None}
    nombre = source.nombre_de(valeur)
    assert nombre is not None
    assert (nombre.valeur, nombre.texte, nombre.etat) == (None, "masqué", "masqué")


def test_no_value_is_not_zero(interne: Source) -> None:
    valeur = {**interne.valeurs[0], "valeur": None}
    assert source.nombre_de(valeur) is None
    zero = source.nombre_de({**valeur, "valeur": 0.0, "t_valeur": "0"})
    assert zero is not None
    assert zero.valeur == 0


def test_periods_under_way_are_said_first(interne: Source) -> None:
    [texte] = [t for t in regional.avertissements(interne) if isinstance(t, Texte)]
    assert "2022" in texte.texte
    assert "à date" in texte.texte


@pytest.mark.parametrize(
    ("texte", "voulu"),
    [
        ("5 915", 5915),
        ("+ 34,8 %", 34.8),
        ("- 0,5 point", -0.5),
        ("1 234 567,89 €", 1234567.89),
        ("02", None),
        ("2 sur 2", None),
        ("12/03/2020", None),
        ("", None),
        ("7 contrats", None),
    ],
)
def test_a_number_of_a_view_is_read_and_nothing_else(texte: str, voulu: float | None) -> None:
    lu = nombre_lu(texte)
    assert (lu.valeur if lu else None) == voulu


@pytest.mark.parametrize(
    ("texte", "voulu"),
    [
        ("5 915 signataires", "5\u202f915 signataires"),
        ("48,5 %", "48,5\u202f%"),
        ("+ 3 points", "+\u00a03\u202fpoints"),
        ("« oui » : non ; si ?", "«\u00a0oui\u00a0»\u00a0: non\u202f; si\u202f?"),
        ("en 2020 12 mois", "en 2020 12 mois"),
    ],
)
def test_french_typography(texte: str, voulu: str) -> None:
    assert typographie(texte) == voulu


def test_a_column_without_anything_goes_but_not_one_of_zeros() -> None:
    zero = Nombre(0, "0")
    avant = Tableau("t", "T", tuple(map(_colonne, "abc")), (("x", None, zero), ("y", "", zero)), "")
    apres = sans_vides(avant)
    assert [c.titre for c in apres.colonnes] == ["a", "c"]
    assert apres.lignes == (("x", zero), ("y", zero))
    assert replace(apres, colonnes=(), lignes=()) == replace(avant, colonnes=(), lignes=())


def _colonne(titre: str) -> Colonne:
    return Colonne(titre)


def test_of_a_view_too_long_to_be_held_the_beginning_is_taken_and_it_is_said(
    interne: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    [en_tout] = interne.con.execute("select count(*) from bilan.orientations").fetchone() or [0]
    entiere = imprime.de_la_vue(interne, "orientations")
    monkeypatch.setattr(imprime, "_LIGNES_AU_PLUS", 3)
    coupee = imprime.de_la_vue(interne, "orientations")
    assert entiere is not None
    assert coupee is not None
    assert (len(entiere.lignes), entiere.en_tout) == (en_tout, 0)
    assert (len(coupee.lignes), coupee.en_tout) == (3, en_tout)
    assert coupee.note.endswith("toutes sont dans l'entrepôt, bilan.orientations.")
    monkeypatch.setattr(contenu, "LIGNES_LUES", 2)
    assert contenu.abrege(coupee).note.endswith(f"Les 2 premières de {en_tout} lignes.")


def test_coverage_is_plain(interne: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    departements = interne.de_maille("departement")
    dite = regional.couverture(interne, departements)
    assert isinstance(dite, Texte)
    assert "toutes les livraisons attendues" in dite.texte
    avdl = [
        {
            **v,
            "livraisons_attendues": 1,
            "livraisons_recues": recues,
            "livraisons_manquantes": manque,
        }
        for v in interne.par_indicateur["avdl_beneficiaires"]
        if v["periode"] == "2021"
        for recues, manque in [(0, "X2 2021-12") if v["territoire"] == "DX2" else (1, None)]
    ]
    monkeypatch.setitem(interne.__dict__, "par_indicateur", {"avdl_beneficiaires": avdl})
    tableau = regional.couverture(interne, departements)
    assert isinstance(tableau, Tableau)
    nom = next(d["libelle"] for d in departements if d["territoire"] == "DX2")
    assert tableau.lignes == (
        ("logement/avdl", "2021", "1 sur 2", f"{nom} non livré", "X2 2021-12"),
    )
