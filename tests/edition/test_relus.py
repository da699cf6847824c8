"""Numbers read back: all of them agree; one that is altered, emptied or gone is found."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import docx
import openpyxl  # type: ignore[import-untyped]
import pytest

from pipelines.edition import classeur, pages, regional, relus, source
from pipelines.edition.contenu import MASQUE, Nombre, Page, Tableau, parcourir
from pipelines.edition.relus import Relu, ecarts, manquants
from pipelines.edition.source import Source
from tests.edition.inventee import warehouse

AVDL = "Bénéficiaires de l'AVDL réfugiés"
CLE = "avdl_beneficiaires / RX / 2022 / total / total / valeur"
BARRES = CLE.replace(" / ", "|")


class Ecrits(NamedTuple):
    """The page, the workbook and a document of a source."""

    source: Source
    page: str
    classeur: bytes
    document: bytes


def document(page: Page) -> bytes:
    """Its tables of figures, as Word has them: the title above, or beside, the table."""
    fait = docx.Document()
    tableaux = [b for b in parcourir(page.blocs) if isinstance(b, Tableau)]
    for numero, tableau in enumerate(tableaux, start=1):
        fait.add_paragraph(f"Tableau {numero}\u00a0: {tableau.titre}")
        table = fait.add_table(rows=1, cols=len(tableau.colonnes))
        for rang, colonne in enumerate(tableau.colonnes):
            table.rows[0].cells[rang].text = colonne.titre
        for ligne in tableau.lignes:
            cases = table.add_row().cells
            for rang, cellule in enumerate(ligne):
                cases[rang].text = (
                    "—"
                    if cellule is None
                    else f"{cellule.texte} {cellule.etat}".strip()
                    if isinstance(cellule, Nombre) and cellule.texte != MASQUE
                    else str(getattr(cellule, "texte", cellule))
                )
    sortie = io.BytesIO()
    fait.save(sortie)
    return sortie.getvalue()


def ecrire(lue: Source) -> Ecrits:
    page = regional.page(lue)
    html = pages.html(page, [], "Région", lue.arrete, "pied", lue.publique, set())
    return Ecrits(lue, html, classeur.xlsx(page, lue), document(page))


@pytest.fixture(scope="module")
def interne(maison: None) -> Iterator[Ecrits]:
    with source.ouvrir(warehouse()) as lue:
        yield ecrire(lue)


@pytest.fixture(scope="module")
def publique(maison: None) -> Iterator[Ecrits]:
    with source.ouvrir(warehouse(), publique=True) as lue:
        yield ecrire(lue)


@pytest.fixture(params=["interne", "publique"])
def ecrits(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def test_all_that_is_written_is_what_the_warehouse_says(ecrits: Ecrits) -> None:
    for lus in (
        list(relus.de_la_page(ecrits.page)),
        list(relus.du_classeur(ecrits.classeur)),
        list(relus.du_document(ecrits.document)),
    ):
        assert ecarts(lus, ecrits.source) == []
        assert manquants(lus, ecrits.source) == []
        assert any(lu.valeur is not None or lu.texte not in (None, MASQUE) for lu in lus)
    assert manquants(relus.du_classeur(ecrits.classeur), ecrits.source, toutes=True) == []


def lus_de(lus: Iterator[Relu], cle: tuple[str, ...]) -> list[tuple[float | None, str | None]]:
    return [(lu.valeur, lu.texte) for lu in lus if lu.cle == cle]


def test_what_is_read(interne: Ecrits) -> None:
    """Thirty in Amont, one in Aval, of forty."""
    cle = tuple(BARRES.split("|"))
    dans_la_page = lus_de(relus.de_la_page(interne.page), cle)
    assert set(dans_la_page) == {(30.0 + 1, "31")}
    assert (30.0 + 1, None) in lus_de(relus.du_classeur(interne.classeur), cle)
    en_mots = (AVDL, "", "2022", "total", "total")
    assert lus_de(relus.du_classeur(interne.classeur), (*en_mots, "valeur")) == [(30.0 + 1, None)]
    assert lus_de(relus.du_document(interne.document), (*en_mots, "valeur")) == [(None, "31")]
    taux = lus_de(relus.du_document(interne.document), (*en_mots, "taux_cible"))
    assert taux == [(None, "77,5 %")]


# What is altered is found: on the page,


@pytest.mark.parametrize(
    ("avant", "apres", "dit"),
    [
        (f'value="31.0" data-cle="{BARRES}">31<', f'value="32.0" data-cle="{BARRES}">31<', "32.0"),
        (f'data-cle="{BARRES}">31<', f'data-cle="{BARRES}">32<', "«32»"),
        (f'value="31.0" data-cle="{BARRES}">31<', f'value="" data-cle="{BARRES}"><', "rien n'est"),
        (f'value="31.0" data-cle="{BARRES}">', f'value="x" data-cle="{BARRES}">', "un texte «31»"),
    ],
    ids=["value", "text", "empty", "not a number"],
)
def test_an_altered_page(interne: Ecrits, avant: str, apres: str, dit: str) -> None:
    assert avant in interne.page
    [phrase] = ecarts(relus.de_la_page(interne.page.replace(avant, apres, 1)), interne.source)
    assert CLE in phrase
    assert dit in phrase
    assert phrase.endswith("l'entrepôt dit 31.0 «31».")


def test_a_figure_that_left_its_cell_on_a_page(interne: Ecrits) -> None:
    debut = interne.page.index('<table id="chiffres-objectif_16">')
    figure = re.compile(rf'<data [^>]*data-cle="{re.escape(BARRES)}">31</data>')
    sans = interne.page[:debut] + figure.sub(
        '<span class="vide">—</span>', interne.page[debut:], count=1
    )
    [phrase] = ecarts(relus.de_la_page(sans), interne.source)
    assert phrase == (
        f"Tableau «chiffres-objectif_16», {CLE} : rien n'est écrit, l'entrepôt dit 31.0 «31»."
    )


def test_a_row_without_any_number_is_read_by_its_words(interne: Ecrits) -> None:
    """A rate of nobody is empty in the warehouse as it is on the page: nothing lacks."""
    page = """
        <table id="t"><caption>Les chiffres</caption>
        <tr><th>Indicateur</th><th>Période</th><th>Valeur</th></tr>
        <tr><th>Un taux</th><td>2022</td><td>—</td></tr></table>
    """
    assert list(relus.de_la_page(page)) == [
        Relu("tableau «t»", ("Un taux", "", "2022", "total", "total", "valeur"))
    ]
    [lu] = relus.de_la_page(page.replace("Un taux", AVDL))
    assert [f"l'entrepôt dit {30 + 1}.0 «31»" in dit for dit in ecarts([lu], interne.source)] == [
        True
    ]


def test_a_key_that_the_warehouse_has_not(interne: Ecrits) -> None:
    page = interne.page.replace("|RX|2022|", "|RX|2032|", 1)
    [phrase] = ecarts(relus.de_la_page(page), interne.source)
    assert "/ 2032 /" in phrase
    assert phrase.endswith("l'entrepôt ne l'a pas.")


def test_what_is_masked_and_shown_all_the_same(interne: Ecrits, publique: Ecrits) -> None:
    """The inner version of a figure, on what may leave."""
    cle = tuple(BARRES.replace("|RX|", "|DX2|").split("|"))
    assert ecarts([Relu("ici", cle, 1.0, "1")], interne.source) == []
    [phrase] = ecarts([Relu("ici", cle, 1.0, "1")], publique.source)
    assert phrase.endswith(f"1.0 «1» est écrit, l'entrepôt dit «{MASQUE}».")
    assert ecarts([Relu("ici", cle, None, MASQUE)], publique.source) == []


# in a workbook,


def alterer(octets: bytes, changer: Callable[[Any], None]) -> Iterator[Relu]:
    classeur_lu = openpyxl.load_workbook(io.BytesIO(octets))
    changer(classeur_lu)
    sortie = io.BytesIO()
    classeur_lu.save(sortie)
    return relus.du_classeur(sortie.getvalue())


def poser(
    feuille: str, colonne: str, valeur: object, cle: tuple[str, ...]
) -> Callable[[Any], None]:
    """Writes in the column of that title, in the row that has all the words of `cle`."""

    def ici(lu: Any) -> None:
        entete: list[Any] = []
        for rangee in lu[feuille].iter_rows():
            mots = [c.value for c in rangee]
            if colonne in mots:
                entete = mots
            elif entete and {*cle} <= {*mots}:
                rangee[entete.index(colonne)].value = valeur
                return
        raise AssertionError(cle)

    return ici


SIENNE = ("avdl_beneficiaires", "RX", "2022")


@pytest.mark.parametrize(
    ("changer", "dits"),
    [
        (poser("Valeurs", "Valeur", 31.0001, SIENNE), ["31.0001 est écrit"]),
        (poser("Valeurs", "Valeur", 31.0000000000001, SIENNE), ["31.0000000000001 est écrit"]),
        (poser("Valeurs", "Valeur", None, SIENNE), ["rien n'est écrit"]),
        (poser("Valeurs", "Valeur", "31", SIENNE), ["un texte «31» est écrit"]),
        (poser("Valeurs", "% de la cible", 77, SIENNE), ["77.0 est écrit"]),
        (poser("Valeurs", "Écart", 0, ("avdl_beneficiaires", "RX", "2021")), ["0.0 est écrit"]),
        (poser("Objectif 16", "Valeur", 32, (AVDL, "2022")), ["32.0 est écrit"]),
        (poser("Objectif 16", "Cible", None, (AVDL, "2022")), ["rien n'est écrit"]),
    ],
    ids=["value", "last digit", "empty", "as text", "rate", "zero for none", "figure", "no target"],
)
def test_an_altered_workbook(
    interne: Ecrits, changer: Callable[[Any], None], dits: list[str]
) -> None:
    phrases = ecarts(alterer(interne.classeur, changer), interne.source)
    assert len(phrases) == len(dits)
    for phrase, dit in zip(phrases, dits, strict=True):
        assert dit in phrase
        assert "avdl_beneficiaires / RX / 202" in phrase


def test_a_row_that_left_the_workbook(interne: Ecrits) -> None:
    def oter(lu: Any) -> None:
        poser("Valeurs", "indicateur", "", SIENNE)(lu)

    lus = list(alterer(interne.classeur, oter))
    assert manquants(lus, interne.source, toutes=True) == [
        "avdl_beneficiaires / RX / 2022 / total / total : l'entrepôt l'a, et ce n'est pas écrit."
    ]


def test_a_column_that_left_the_workbook(interne: Ecrits) -> None:
    def oter(lu: Any) -> None:
        [entete] = [r for r in lu["Valeurs"].iter_rows() if "indicateur" in [c.value for c in r]]
        next(c for c in entete if c.value == "Valeur").value = "Autre"

    phrases = ecarts(alterer(interne.classeur, oter), interne.source)
    assert any(CLE in phrase and "rien n'est écrit" in phrase for phrase in phrases)


def test_a_mask_that_is_not_said(publique: Ecrits) -> None:
    sienne = ("avdl_beneficiaires", "DX2", "2022")
    [phrase] = ecarts(
        alterer(publique.classeur, poser("Valeurs", "Masqué", None, sienne)), publique.source
    )
    assert phrase.endswith(f"rien n'est écrit, l'entrepôt dit «{MASQUE}».")


# in a document.


@pytest.mark.parametrize(
    ("rang", "ecrit", "dit"),
    [(2, "310 provisoire", "«310» est écrit"), (2, "—", "rien n'est écrit"), (1, "2032", "2032")],
    ids=["text", "empty", "another year"],
)
def test_an_altered_document(interne: Ecrits, rang: int, ecrit: str, dit: str) -> None:
    lu = docx.Document(io.BytesIO(interne.document))
    for tableau in lu.tables:
        for ligne in tableau.rows:
            if [c.text for c in ligne.cells[:3]] == [AVDL, "2022", "31 provisoire"]:
                ligne.cells[rang].text = ecrit
    sortie = io.BytesIO()
    lu.save(sortie)
    phrases = ecarts(relus.du_document(sortie.getvalue()), interne.source)
    assert phrases
    assert all("avdl_beneficiaires / RX / 20" in phrase and dit in phrase for phrase in phrases)


def test_an_indicator_that_is_nowhere(interne: Ecrits) -> None:
    lus = [lu for lu in relus.du_document(interne.document) if lu.cle[0] != AVDL]
    assert manquants(lus, interne.source) == [
        "avdl_beneficiaires / RX : l'entrepôt l'a, et rien n'en est écrit."
    ]


@pytest.mark.parametrize(
    ("depuis", "due"), [("2022", True), ("2021", False)], ids=["the last year", "both"]
)
def test_of_older_periods_nothing_is_due(interne: Ecrits, depuis: str, due: bool) -> None:
    """Neither 2021, the last year that is over, nor 2022, under way, has a value; 2020 has."""
    vides = f"""
        create or replace temp view lues as select * replace (
            if(indicateur = 'avdl_beneficiaires' and periode >= '{depuis}', null, valeur) as valeur
        ) from indicateurs.valeurs
    """
    lus = [lu for lu in relus.du_document(interne.document) if lu.cle[0] != AVDL]
    interne.source.con.execute(vides)
    with pytest.MonkeyPatch.context() as correctif:
        correctif.setattr(relus, "_table", lambda _: "lues")
        assert bool(manquants(lus, interne.source)) is due


def test_nothing_read_is_a_difference(interne: Ecrits) -> None:
    rien = ["Aucun nombre n'a pu être relu : il n'y a rien à comparer."]
    vide = io.BytesIO()
    openpyxl.Workbook().save(vide)
    for lus in (
        relus.de_la_page(""),
        relus.de_la_page("<p>653 ateliers</p>"),
        relus.du_classeur(vide.getvalue()),
        relus.du_document(document(Page("x.html", "Vide", ()))),
    ):
        assert ecarts(lus, interne.source) == rien


@pytest.mark.parametrize("lire", [relus.du_classeur, relus.du_document])
def test_what_is_not_a_file_of_this_kind(lire: Callable[[bytes], Iterator[Relu]]) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        list(lire(b"rien"))


def test_a_territory_that_tables_do_not_name(interne: Ecrits) -> None:
    lu = Relu("ici", (AVDL, "", "2022", "total", "total", "valeur"), 30.0)
    assert ecarts([lu], interne.source, "DX1") == []
    assert len(ecarts([lu], interne.source)) == 1
