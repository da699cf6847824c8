"""The workbook: numbers are numbers, texts are texts, and sheets are as people look for them."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl  # type: ignore[import-untyped]
import pytest

from pipelines import feuille_de_route
from pipelines.edition import classeur, regional, source
from pipelines.edition.contenu import (
    MASQUE,
    PROVISOIRE,
    Colonne,
    Graphique,
    Nombre,
    Page,
    Section,
    Tableau,
    Texte,
)
from pipelines.edition.grille import format_de
from pipelines.edition.pages import INTERNE, PUBLIQUE
from pipelines.edition.source import Source
from tests.edition import bureau
from tests.edition.inventee import ADRESSE, AMONT, AVAL, FORMULE, warehouse

AVDL = "avdl_beneficiaires"
CLE = ("indicateur", "territoire", "periode", "ventilation", "modalite")


class Fait(NamedTuple):
    """A workbook, what it was made from, and as openpyxl reads it."""

    source: Source
    octets: bytes
    lu: Any


@contextmanager
def fabriquer(publique: bool) -> Iterator[Fait]:
    with source.ouvrir(warehouse(), publique=publique) as lue:
        octets = classeur.xlsx(regional.page(lue), lue)
        yield Fait(lue, octets, openpyxl.load_workbook(io.BytesIO(octets)))


@pytest.fixture(scope="module")
def interne(maison: None) -> Iterator[Fait]:
    with fabriquer(publique=False) as un:
        yield un


@pytest.fixture(scope="module")
def publique(maison: None) -> Iterator[Fait]:
    with fabriquer(publique=True) as un:
        yield un


@pytest.fixture(params=["interne", "publique"])
def fait(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def valeurs(lu: Any) -> dict[tuple[str, ...], dict[str, Any]]:
    """The cells of «Valeurs», by key then by header."""
    rangees = list(lu["Valeurs"].iter_rows())
    debut = next(r for r, rangee in enumerate(rangees) if "indicateur" in [c.value for c in rangee])
    entete = [c.value for c in rangees[debut]]
    nommees = [dict(zip(entete, rangee, strict=True)) for rangee in rangees[debut + 1 :]]
    return {tuple(n[c].value for c in CLE): n for n in nommees if n["indicateur"].value}


def cellules(lu: Any) -> Iterator[Any]:
    for feuille in lu:
        for rangee in feuille.iter_rows():
            yield from (c for c in rangee if c.value is not None)


def trouver(feuille: Any, premier: str, second: object) -> Any:
    """The row of a sheet whose first two cells are these."""
    return next(r for r in feuille.iter_rows() if [c.value for c in r[:2]] == [premier, second])


def test_a_sheet_an_objective_and_each_is_in_the_summary(fait: Fait) -> None:
    with (feuille_de_route.DOSSIER / "objectifs.csv").open(encoding="utf-8-sig") as flux:
        numeros = sorted(int(o["objectif"]) for o in csv.DictReader(flux))
    imprime = [] if fait.source.publique else ["Le bilan imprimé"]
    voulues = [
        "Synthèse", *(f"Objectif {n}" for n in numeros), "Conclusion", *imprime, "Définitions",
        "Valeurs",
    ]  # fmt: skip
    assert fait.lu.sheetnames == ["Sommaire", *voulues]
    liens = [c.hyperlink.location for c in cellules(fait.lu) if c.hyperlink]
    assert [f"'{nom}'!A1" for nom in voulues] == liens[: len(voulues)]


def test_each_sheet_says_where_it_may_go(fait: Fait) -> None:
    dit = PUBLIQUE if fait.source.publique else INTERNE
    for feuille in fait.lu:
        assert dit in feuille["A2"].value.replace("\u00a0", " ")
        assert feuille.oddFooter.left.text == dit


def test_numbers_are_those_of_the_warehouse_whole(fait: Fait) -> None:
    table = "diffusion" if fait.source.publique else "indicateurs"
    voulues = fait.source.con.execute(
        f"""select indicateur, territoire, periode, ventilation, modalite, valeur
        from {table}.valeurs where arrete = '2022-03' and type_periode <> 'mois'"""
    ).fetchall()
    ecrites = {cle: ligne["Valeur"].value for cle, ligne in valeurs(fait.lu).items()}
    assert ecrites == {tuple(v[:5]): v[5] for v in voulues}
    assert len(ecrites) == len(voulues)


def test_a_few_numbers_by_hand(interne: Fait) -> None:
    lues = valeurs(interne.lu)
    ensemble = lues[AVDL, "RX", "2022", "total", "total"]
    assert ensemble["Valeur"].value == 30 + 1
    assert ensemble["Valeur"].data_type == "n"
    assert ensemble["% de la cible"].value == 100 * (30 + 1) / 40
    assert ensemble["% de la cible"].number_format == '#,##0.0"\u00a0%"'
    assert ensemble["Maturité"].value == PROVISOIRE
    assert ensemble["Nom du territoire"].value == "Région inventée"


def test_what_is_provisional_is_marked_and_is_a_number(interne: Fait) -> None:
    _, _, valeur, *_ = trouver(
        interne.lu["Objectif 16"], "Bénéficiaires de l'AVDL réfugiés", "2022"
    )
    assert valeur.value == 30 + 1
    assert valeur.number_format == '#,##0" (provisoire)"'
    assert PROVISOIRE in [c.value for c in interne.lu["Sommaire"]["A"]]


def test_empty_is_empty_and_zero_is_zero(interne: Fait) -> None:
    lues = valeurs(interne.lu)
    assert lues["comites_techniques_tenus", "DX2", "2022", "total", "total"]["Valeur"].value == 0
    premiere = lues[AVDL, "RX", "2021", "total", "total"]
    assert [premiere[t].value for t in ("Un an plus tôt", "Évolution (%)", "Cible")] == [None] * 3


def test_what_is_masked_is_empty_and_said(publique: Fait) -> None:
    """One person in Aval; thirty in Amont."""
    lues = valeurs(publique.lu)
    aval = lues[AVDL, "DX2", "2022", "total", "total"]
    assert (aval["Valeur"].value, aval["Numérateur"].value) == (None, None)
    assert aval["Masqué"].value == MASQUE
    assert lues[AVDL, "DX1", "2022", "total", "total"]["Masqué"].value is None
    assert MASQUE in [c.value for c in publique.lu["Sommaire"]["A"]]


def test_texts_are_never_formulas_nor_addresses(interne: Fait) -> None:
    toutes = list(cellules(interne.lu))
    assert not [c for c in toutes if c.data_type == "f"]
    for texte in (FORMULE, AMONT, AVAL, ADRESSE):
        siennes = [c for c in toutes if c.value == texte]
        assert siennes
        assert {c.data_type for c in siennes} == {"s"}
    assert not [c for c in toutes if c.hyperlink and c.hyperlink.target]


def test_definitions(interne: Fait) -> None:
    feuille = interne.lu["Définitions"]
    entete = [c.value for c in feuille[4]]
    lues = {
        rangee[entete.index("Code")]: dict(zip(entete, rangee, strict=True))
        for rangee in feuille.iter_rows(min_row=5, values_only=True)
    }
    definitions = interne.source.lignes("from referentiel.indicateurs where indicateur = ?", [AVDL])
    assert lues[AVDL]["Numérateur"] == definitions[0]["definition_numerateur"]
    assert lues[AVDL]["Consolidation (mois)"] == definitions[0]["consolidation"]
    assert (lues[AVDL]["Unité"], lues[AVDL]["Sens"]) == ("bénéficiaires", "hausse")
    # A figure leads to its definition.
    lien = trouver(interne.lu["Objectif 16"], "Bénéficiaires de l'AVDL réfugiés", "2022")[0]
    place = lien.hyperlink.location.removeprefix("'Définitions'!")
    assert feuille[place].value == "Bénéficiaires de l'AVDL réfugiés"


def test_sheets_are_ready_to_be_filtered_and_printed(interne: Fait) -> None:
    for feuille in interne.lu:
        assert feuille.freeze_panes
        assert (feuille.page_setup.orientation, feuille.page_setup.paperSize) == ("landscape", 9)
        assert (feuille.sheet_properties.pageSetUpPr.fitToPage, feuille.page_setup.fitToHeight) == (
            True,
            0,
        )
        assert feuille.print_title_rows
    for nom in ("Définitions", "Valeurs"):
        feuille = interne.lu[nom]
        [table] = feuille.tables.values()
        assert table.autoFilter.ref == table.ref
        assert feuille.print_title_rows == "$4:$4"
        assert feuille.freeze_panes.endswith("5")
    noms = [nom for feuille in interne.lu for nom in feuille.tables]
    assert "t_chiffres_objectif_16" in noms
    assert len(set(noms)) == len(noms)


def test_the_same_bytes_twice_whenever(interne: Fait) -> None:
    assert classeur.xlsx(regional.page(interne.source), interne.source) == interne.octets
    assert interne.lu.properties.created == datetime(2000, 1, 1)
    with zipfile.ZipFile(io.BytesIO(interne.octets)) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("nombre", "forme"),
    [
        (Nombre(1316.0, "1 316", "ateliers"), "#,##0"),
        (Nombre(48.5, "48,5 %", "%"), '#,##0.0"\u00a0%"'),
        (Nombre(48.0, "48 %", "%"), '#,##0.0"\u00a0%"'),
        (Nombre(12.25, "12,25"), "#,##0.00"),
        (Nombre(900.0, "900 €", "€"), '#,##0"\u00a0€"'),
        (
            Nombre(2.5, "+ 2,5 points", "points"),
            '"+\u00a0"#,##0.0"\u00a0points";"-\u00a0"#,##0.0"\u00a0points";#,##0.0"\u00a0points"',
        ),
        (Nombre(4.0, "4", "projets", PROVISOIRE), '#,##0" (provisoire)"'),
    ],
)
def test_formats(nombre: Nombre, forme: str) -> None:
    assert format_de(nombre) == forme


# Pages made by hand.


def seule(source: Source, *blocs: Any) -> Any:
    """The sheet of a section made of some blocks."""
    page = Page("x.html", "Essai", (Section("Essai : un", "essai", blocs),))
    return openpyxl.load_workbook(io.BytesIO(classeur.xlsx(page, source)))["Essai"]


def test_a_chart_is_drawn_from_the_cells_of_its_table(interne: Fait) -> None:
    serie = interne.source.par_indicateur[AVDL]
    dessin = regional.dessiner(interne.source, "annees", serie, "annees")
    assert dessin
    feuille = seule(interne.source, dessin)
    [trace] = feuille._charts
    [serie_lue] = trace.series
    assert trace.anchor._from.row > 1

    def plage(reference: str) -> list[Any]:
        return [c.value for rangee in feuille[reference.split("!")[1]] for c in rangee]

    assert plage(serie_lue.val.numRef.f) == [10 + 7, 30 + 1]
    assert plage(serie_lue.cat.strRef.f if serie_lue.cat.strRef else serie_lue.cat.numRef.f) == [
        "2021",
        "2022",
    ]
    # The year under way is hollow.
    [vide] = [p for p in serie_lue.dPt if p.idx == 1]
    assert vide.spPr.solidFill.srgbClr == "FFFFFF"


def test_a_chart_says_in_words_what_it_shows(interne: Fait) -> None:
    dessin = regional.dessiner(
        interne.source, "annees", interne.source.par_indicateur[AVDL], "annees"
    )
    assert dessin
    page = Page("x.html", "Essai", (dessin,))
    with zipfile.ZipFile(io.BytesIO(classeur.xlsx(page, interne.source))) as archive:
        dits = re.findall('descr="([^"]*)"', archive.read("xl/drawings/drawing1.xml").decode())
    assert [d.replace("\u00a0", " ")[:20] for d in dits] == ["Barres par période. "]


def test_a_chart_of_rates_has_names_short_enough(interne: Fait) -> None:
    """Values of several units are not drawn side by side; what they are of their target is."""
    long = "Un indicateur dont le titre est bien trop long pour tenir à côté d'une barre"
    tableau = Tableau(
        "cibles",
        "Cibles",
        (Colonne("Indicateur"), Colonne("Période"), Colonne("Réalisé"), Colonne("% de la cible")),
        (
            (long, "2020", Nombre(4.0, "4", "projets", "", ("a", "", "", "", "", "valeur")),
             Nombre(50.0, "50 %", "%")),
            ("Court", "2020", Nombre(9.0, "9 €", "€", "", ("b", "", "", "", "", "valeur")),
             Nombre(90.0, "90 %", "%")),
        ),
        "Source : essai.",
        entetes=2,
    )  # fmt: skip
    feuille = seule(interne.source, Graphique("g", "Cibles", {}, "Des barres.", tableau))
    [trace] = feuille._charts
    [serie] = trace.series
    [colonne, *_] = re.findall(r"\$([A-Z])\$", serie.val.numRef.f)
    assert colonne == "D"
    noms = [r[4].value for r in feuille.iter_rows(min_row=2) if r[1].value == "2020"]
    assert noms[1] == "Court, 2020"
    assert noms[0].endswith("…")
    assert len(noms[0]) < len(long)


def test_a_masked_number_is_a_word_beside_the_others(interne: Fait) -> None:
    tableau = Tableau(
        "petite", "Petite", (Colonne("Territoire"), Colonne("Valeur"), Colonne("valeur")),
        (("Amont", Nombre(30.0, "30", "personnes"), None),
         ("Aval", Nombre(None, MASQUE, "personnes", MASQUE), Nombre(0.0, "0"))),
        "Source : essai.",
    )  # fmt: skip
    feuille = seule(interne.source, tableau, Texte("Une note ; longue."))
    assert [c.value for c in trouver(feuille, "Amont", 30)[:3]] == ["Amont", 30, None]
    assert [c.value for c in trouver(feuille, "Aval", MASQUE)[:3]] == ["Aval", MASQUE, 0]
    # Excel refuses a table that has a title twice.
    [table] = feuille.tables.values()
    assert [c.name for c in table.tableColumns] == ["Territoire", "Valeur", "valeur(2)"]
    assert "Une note\u202f; longue." in [c.value for c in feuille["A"]]


def test_all_the_rows_are_in_it(interne: Fait) -> None:
    rangees = tuple((f"rang {n}", Nombre(n, str(n))) for n in range(1234))
    tableau = Tableau("t", "Enorme", (Colonne("Nom"), Colonne("N")), rangees, "Source : essai.")
    feuille = seule(interne.source, tableau)
    assert trouver(feuille, "rang 1233", 1233)


def test_titles_that_no_sheet_may_have(interne: Fait) -> None:
    sections = tuple(
        Section(t, f"s{n}", ()) for n, t in enumerate(["A/B [1]", "a/b [1]", "Valeurs"])
    )
    page = Page("x.html", "Essai", (Texte("Un mot."), *sections))
    lu = openpyxl.load_workbook(io.BytesIO(classeur.xlsx(page, interne.source)))
    assert lu.sheetnames == [
        "Sommaire", "Ensemble", "A B 1", "a b 1 2", "Valeurs 2", "Définitions", "Valeurs"
    ]  # fmt: skip


def test_libreoffice_opens_it(interne: Fait, tmp_path: Path) -> None:
    fichier = tmp_path / "bilan.xlsx"
    fichier.write_bytes(interne.octets)
    lu = "".join(bureau.pages(bureau.convertir(fichier, "pdf", tmp_path)))
    for dit in ("31 (provisoire)", FORMULE, AMONT, "Définitions des indicateurs", INTERNE):
        assert dit in lu
