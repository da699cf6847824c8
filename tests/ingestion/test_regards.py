"""What a second look at a workbook sees below its header, format by format."""

import io
import struct
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlwt  # type: ignore[import-untyped]
from openpyxl.worksheet.formula import ArrayFormula  # type: ignore[import-untyped]

from pipelines.ingestion import classeur, classeur_commun, regard_xlsx
from pipelines.ingestion.cellules import LIGNE
from pipelines.ingestion.octets import Octets
from pipelines.ingestion.regards import (
    Regard,
    RegardImpossible,
    Trouve,
    en_pourcentage,
    regarder,
)
from tests.hostile import ecrire
from tests.ingestion.formats import enregistrement, ods_xml, texte_xlsb, xlsb_brut

RIEN = Regard()


def vu(contenu: bytes, entete: int = 1, nom: str = "F") -> Regard:
    """What is seen of a sheet."""
    return regarder(Octets(contenu, "essai"), {nom: entete})[nom]


# The same sheet in all formats, its header on row 2:
#
#    1  a title merged over A and B, 0.5 shown as 50 %; the row is hidden
#    2  a, b, c
#    3  x, 1, 0.25 shown as 25 %; the row is hidden
#    4  no cell that holds something; the row is hidden
#    5  y, 2, the text «10 %» in a cell of format 0 %; A5 and A6 are merged
#    6  empty, 3, 0.5 shown as 50 %
RANGEES: list[list[Any]] = [
    ["titre", None, 0.5],
    ["a", "b", "c"],
    ["x", 1, 0.25],
    [],
    ["y", 2, "10 %"],
    [None, 3, 0.5],
]
MASQUEES = (1, 3, 4)
FUSIONS = ((1, 1, 1, 2), (5, 6, 1, 1))
"""First and last rows, first and last columns, from 1."""


def en_xlsx() -> bytes:
    livre = openpyxl.Workbook()
    ws: Any = livre.active
    ws.title = "F"
    for rangee in RANGEES:
        ws.append(rangee)
    for n in (1, 3, 4, 5, 6):
        ws.cell(n, 3).number_format = "0%"
    for n in MASQUEES:
        ws.row_dimensions[n].hidden = True
    for haut, bas, gauche, droite in FUSIONS:
        ws.merge_cells(start_row=haut, end_row=bas, start_column=gauche, end_column=droite)
    return enregistre(livre)


def enregistre(livre: Any) -> bytes:
    octets = io.BytesIO()
    livre.save(octets)
    return octets.getvalue()


def en_xls() -> bytes:
    livre = xlwt.Workbook()
    ws = livre.add_sheet("F")
    pourcents = xlwt.easyxf(num_format_str="0%")
    for haut, bas, gauche, droite in FUSIONS:
        ws.merge(haut - 1, bas - 1, gauche - 1, droite - 1)
    for i, rangee in enumerate(RANGEES):
        for j, valeur in enumerate(rangee):
            if valeur is not None:
                ws.write(i, j, valeur, *([pourcents] if j == 2 else []))
    ws.write(3, 2, "", pourcents)  # a cell that holds nothing
    for n in MASQUEES:
        ws.row(n - 1).hidden = True
    return enregistre(livre)


def en_ods() -> bytes:
    def cellule(valeur: Any, plus: str) -> str:
        if valeur is None:
            return f"<table:table-cell{plus}/>"
        genre = 'string"'
        if valeur in (0.25, 0.5):
            genre = f'percentage" office:value="{valeur}"'
        elif isinstance(valeur, int):
            genre = f'float" office:value="{valeur}"'
        return (
            f'<table:table-cell{plus} office:value-type="{genre}><text:p>{valeur}</text:p>'
            "</table:table-cell>"
        )

    spans = {
        (haut, gauche): f' table:number-columns-spanned="{droite - gauche + 1}"'
        f' table:number-rows-spanned="{bas - haut + 1}"'
        for haut, bas, gauche, droite in FUSIONS
    }
    rangees = ""
    for n, rangee in enumerate(RANGEES, 1):
        masque = ' table:visibility="collapse"' if n in MASQUEES else ""
        cellules = "".join(cellule(v, spans.get((n, j), "")) for j, v in enumerate(rangee, 1))
        rangees += f"<table:table-row{masque}>{cellules or cellule(None, '')}</table:table-row>"
    return ods_xml(("F", True, rangees))


def en_xlsb() -> bytes:
    def tete(j: int) -> bytes:
        return struct.pack("<II", j, 2 if j == 2 else 0)

    def rangee(n: int) -> Iterator[bytes]:
        # Row, style, height, three bytes of flags, no span.
        masque = bytes([0, 0x10 if n in MASQUEES else 0, 0])
        yield enregistrement(0, struct.pack("<IIH", n - 1, 0, 300) + masque + bytes(4))
        if not RANGEES[n - 1]:
            yield enregistrement(1, tete(2))
        for j, valeur in enumerate(RANGEES[n - 1]):
            if isinstance(valeur, str):
                yield enregistrement(6, tete(j) + texte_xlsb(valeur))
            elif valeur is not None:
                yield enregistrement(5, tete(j) + struct.pack("<d", valeur))

    return xlsb_brut(
        (
            "F",
            True,
            enregistrement(129)
            + enregistrement(148, bytes(16))
            + enregistrement(145)
            + b"".join(piece for n in range(1, 7) for piece in rangee(n))
            + enregistrement(146)
            + b"".join(
                enregistrement(176, struct.pack("<IIII", h - 1, b - 1, g - 1, d - 1))
                for h, b, g, d in FUSIONS
            )
            + enregistrement(130),
        ),
        styles=enregistrement(44, struct.pack("<H", 164) + texte_xlsb('0" %"'))
        + enregistrement(44, struct.pack("<H", 165) + texte_xlsb("0.0%"))
        + enregistrement(626)  # styles of styles, not of cells
        + enregistrement(47, struct.pack("<HH", 0, 165) + bytes(12))
        + enregistrement(627)
        + enregistrement(617, struct.pack("<I", 3))
        + b"".join(
            enregistrement(47, struct.pack("<HH", 0, numero) + bytes(12))
            for numero in (0, 164, 165)
        )
        + enregistrement(618),
    )


ECRITS: dict[str, Callable[[], bytes]] = {
    "xlsx": en_xlsx,
    "xls": en_xls,
    "ods": en_ods,
    "xlsb": en_xlsb,
}


@pytest.fixture(params=ECRITS)
def ecrit(request: pytest.FixtureRequest) -> bytes:
    return ECRITS[request.param]()


def test_all_formats_show_the_same(ecrit: bytes) -> None:
    assert vu(ecrit, entete=2) == Regard(
        masquees=Trouve(1, 3),
        pourcentages={2: Trouve(2, 3)},
        fusionnees={0: Trouve(1, 5)},
    )


def test_all_formats_show_what_is_above_a_header_once_it_is_higher(ecrit: bytes) -> None:
    assert vu(ecrit, entete=0) == Regard(
        masquees=Trouve(2, 1),
        pourcentages={2: Trouve(3, 1)},
        fusionnees={0: Trouve(2, 1)},
    )


def test_a_merged_area_that_the_header_cuts_is_below_it_too(ecrit: bytes) -> None:
    assert vu(ecrit, entete=5) == Regard(
        pourcentages={2: Trouve(1, 6)}, fusionnees={0: Trouve(1, 6)}
    )


def test_nothing_is_below_the_last_row(ecrit: bytes) -> None:
    assert vu(ecrit, entete=6) == RIEN


def test_it_is_the_file_that_calamine_reads(ecrit: bytes) -> None:
    lues = {
        source.feuille: [n for trame in source.trames for n in trame[LIGNE]]
        for source in classeur.sources(Octets(ecrit, "essai"))
    }
    assert lues == {"F": [1, 2, 3, 4, 5, 6]}


# --- XLSX ----------------------------------------------------------------------------------------


def xml(donnees: str, suite: str = "") -> bytes:
    """An XLSX from the XML of its rows and what stands after them; style 3 is 0.00%."""
    feuille = ecrire.feuille_xml(donnees, suite)
    return ecrire.zipper(ecrire.parties(feuille, noms=[("F", "visible")]))


def formules(*cellules: str) -> dict[int, Trouve]:
    """Formulas without a value of sheets that have these cells on row 2."""
    return vu(xml(f'<row r="2">{"".join(cellules)}</row>')).sans_valeur


def test_formulas_that_openpyxl_writes_were_never_computed() -> None:
    livre = openpyxl.Workbook()
    ws: Any = livre.active
    ws.title = "F"
    ws["A1"] = "=1+1"
    ws["A3"], ws["A4"], ws["C3"] = "=1+1", "=A3*2", 2
    ws["B3"] = ArrayFormula("B3:B4", "=A3:A4*2")
    # A1 is the header's row; A3 and A4; B3 alone holds the formula of its array.
    assert vu(enregistre(livre)) == Regard(sans_valeur={0: Trouve(2, 3), 1: Trouve(1, 3)})


@pytest.mark.parametrize(
    "cellule",
    [
        '<c r="C2"><f>A2</f></c>',
        '<c r="C2"><f>A2</f><v/></c>',
        '<c r="C2"><f>A2</f><v></v></c>',
        '<c r="C2"><f t="shared" si="0"/></c>',
        '<c r="C2"><f t="shared" si="0"/><v />\n</c>',
        '<c r="C2" t="str"><f>A2</f></c>',
        '<c s="1" r="C2">\n <f>A2</f>\n <v></v>\n</c >',
    ],
)
def test_a_formula_without_a_value_is_seen(cellule: str) -> None:
    assert formules(cellule) == {2: Trouve(1, 2)}


@pytest.mark.parametrize(
    "cellule",
    [
        '<c r="C2"><f>A2</f><v>0</v></c>',
        '<c r="C2"><f t="shared" si="0"/><v>0</v></c>',
        '<c r="C2" t="str"><f>A2</f><v></v></c>',  # an empty text, as Excel writes it
        '<c r="C2" t="e"><f>A2</f><v>#N/A</v></c>',
        '<c r="C2" t="inlineStr"><f>A2</f><is><t>x</t></is></c>',
        '<c r="C2"><v></v></c>',
        '<c r="C2"/>',
    ],
)
def test_a_formula_with_its_value_is_not(cellule: str) -> None:
    assert formules(cellule) == {}


@pytest.mark.parametrize(
    ("attributs", "vue"),
    [
        ('hidden="1"', True),
        ("hidden='true'", True),
        ('ht="0" customHeight="1"', True),
        ('ht="0"', False),
        ('ht="10" customHeight="1"', False),
        ('hidden="0"', False),
        ('hidden="false"', False),
    ],
)
def test_a_hidden_row_is_what_excel_hides(attributs: str, vue: bool) -> None:
    contenu = xml(f'<row r="2" {attributs}><c r="A2"><v>1</v></c></row>')
    assert vu(contenu).masquees == (Trouve(1, 2) if vue else Trouve())


@pytest.mark.parametrize(
    ("cellule", "vue"),
    [
        ('<c r="A2" t="inlineStr"><is><t>x</t></is></c>', True),
        ('<c r="A2" t="inlineStr"><is><r><t>x</t></r></is></c>', True),
        ('<c r="A2"><f>1</f><v>1</v></c>', True),
        ('<c r="A2" t="inlineStr"><is><t></t></is></c>', False),
        ('<c r="A2"><v></v></c>', False),
        ('<c r="A2" s="3"/>', False),
        ("", False),
    ],
)
def test_a_hidden_row_that_holds_nothing_hides_nothing(cellule: str, vue: bool) -> None:
    suivante = '<row r="3"><c r="A3"><v>1</v></c></row>'
    contenu = xml(f'<row r="2" hidden="1">{cellule}</row>{suivante}')
    assert vu(contenu).masquees == (Trouve(1, 2) if vue else Trouve())


@pytest.mark.parametrize(
    ("cellule", "vue"),
    [
        ('<c r="B2" s="3"><v>0.5</v></c>', True),
        ("<c r='B2' t='n' s='3'><v>0.5</v></c>", True),
        ('<c r="B2" s="3"><f>1/2</f><v>0.5</v></c>', True),
        ('<c r="B2" s="3"><f>1/2</f></c>', False),
        ('<c r="B2" s="3" t="s"><v>0</v></c>', False),
        ('<c r="B2" s="3" t="b"><v>1</v></c>', False),
        ('<c r="B2" s="3" t="str"><f>A2</f><v>5 %</v></c>', False),
        ('<c r="B2" s="3"/><c r="C2"><v>1</v></c>', False),
        ('<c r="B2" s="30"><v>0.5</v></c>', False),
        ('<c r="B2" s="1"><v>0.5</v></c>', False),
        ('<c r="B2"><v>0.5</v></c>', False),
    ],
)
def test_only_numbers_are_shown_as_percentages(cellule: str, vue: bool) -> None:
    trouve = vu(xml(f'<row r="2">{cellule}</row>')).pourcentages
    assert trouve == ({1: Trouve(1, 2)} if vue else {})


def test_cells_without_a_style_have_the_first_one(monkeypatch: pytest.MonkeyPatch) -> None:
    parties = ecrire.parties(
        ecrire.feuille_xml('<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>1</v></c></row>'),
        noms=[("F", "visible")],
    )
    parties["xl/styles.xml"] = parties["xl/styles.xml"].replace(b'numFmtId="0"', b'numFmtId="9"')
    assert vu(ecrire.zipper(parties)).pourcentages == {0: Trouve(1, 2)}
    monkeypatch.setattr(regard_xlsx, "_STYLES_NOMMES", 0)  # more styles than can be named
    assert vu(ecrire.zipper(parties)).pourcentages == {0: Trouve(1, 2)}


@pytest.mark.parametrize(
    ("code", "vrai"),
    [
        ("0%", True),
        ("0.00%;[Red]-0.00%", True),
        ('#,##0.0" "%', True),
        ("0%_)", True),
        ("General", False),
        ('0" %"', False),
        ("0\\%", False),
        ("0_%", False),
        ('0.0" % de la cible"', False),
        ("[$%-40C]0", False),
        ("dd/mm/yyyy", False),
    ],
)
def test_a_percentage_is_a_sign_that_computes(code: str, vrai: bool) -> None:
    assert en_pourcentage(code) is vrai
    livre = openpyxl.Workbook()
    ws: Any = livre.active
    ws.title = "F"
    ws["A2"] = 0.5
    ws["A2"].number_format = code
    assert vu(enregistre(livre)).pourcentages == ({0: Trouve(1, 2)} if vrai else {})


def test_a_format_of_conditional_formatting_is_not_one_of_cells() -> None:
    parties = ecrire.parties(
        ecrire.feuille_xml('<row r="2"><c r="A2" s="1"><v>1</v></c></row>'),
        noms=[("F", "visible")],
    )
    parties["xl/styles.xml"] = parties["xl/styles.xml"].replace(
        b"</cellXfs>",
        b'</cellXfs><dxfs><dxf><numFmt numFmtId="14" formatCode="0%"/></dxf></dxfs>',
    )
    assert vu(ecrire.zipper(parties)) == RIEN


def test_styles_that_never_end_are_not_looked_at() -> None:
    parties = ecrire.parties(ecrire.feuille_xml(""), noms=[("F", "visible")])
    parties["xl/styles.xml"] = b"<a>" * 1000
    with pytest.raises(RegardImpossible):
        vu(ecrire.zipper(parties))


MELEE = """
<row r="1"><c r="A1"><v>1</v></c></row>
<row r="2" hidden="1"><c r="A2"/><c r="B2"><v>1</v></c><c r="C2" s="3"><v>0.5</v></c></row>
<row r="3"><c r="A3"><f>1</f></c><c r="AA3" s="3"><v>0.5</v></c></row>
<row r="4"><c r="A4"><f>1</f><v></v></c><c r="B4"><f>1</f><v>2</v></c></row>
"""
FUSION = '<mergeCells count="3"><mergeCell ref="B2:C3"/><mergeCell ref="A1:C1"/>{}</mergeCells>'
VUE = Regard(
    masquees=Trouve(1, 2),
    sans_valeur={0: Trouve(2, 3)},
    pourcentages={2: Trouve(1, 2), 26: Trouve(1, 3)},
    fusionnees={1: Trouve(1, 2)},
)


def sans_prefixe(texte: str) -> str:
    return texte


def prefixe(texte: str) -> str:
    return texte.replace("</", "</|").replace("<", "<x:").replace("<x:/|", "</x:")


def guillemets_simples(texte: str) -> str:
    return texte.replace('"', "'")


def place_plus_loin(texte: str) -> str:
    return texte.replace("<c r=", '<c customFormat="0" r=')


def sans_place(texte: str) -> str:
    """Cells follow one another: those between A3 and AA3 have to be written."""
    texte = texte.replace('<c r="AA3"', "<c/>" * 25 + '<c r="AA3"')
    for place in ("A1", "A2", "B2", "C2", "A3", "AA3", "A4", "B4"):
        texte = texte.replace(f' r="{place}"', "")
    return texte


def sans_numero(texte: str) -> str:
    for n in "1234":
        texte = texte.replace(f'<row r="{n}"', "<row")
    return texte


@pytest.mark.parametrize("morceau", [1 << 20, 1, 60])
@pytest.mark.parametrize(
    "forme",
    [
        sans_prefixe,
        prefixe,
        guillemets_simples,
        place_plus_loin,
        sans_place,
        sans_numero,
        lambda texte: sans_numero(sans_place(texte)),
    ],
)
def test_however_xml_is_written_and_cut_the_same_is_seen(
    forme: Callable[[str], str], morceau: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    contenu = xml(forme(MELEE), forme(FUSION.format('<mergeCell ref="D4"/>')))
    monkeypatch.setattr(classeur_commun, "MORCEAU", morceau)
    assert vu(contenu) == VUE


def test_each_sheet_has_its_own_header() -> None:
    feuille = ecrire.feuille_xml('<row r="2" hidden="1"><c r="A2"><v>1</v></c></row>')
    noms = [("Une & «deux»", "visible"), ("F", "visible"), ("Autre", "hidden")]
    octets = Octets(ecrire.zipper(ecrire.parties(feuille, feuille, feuille, noms=noms)), "essai")
    assert regarder(octets, {"F": 2, "Une & «deux»": 1}) == {
        "Une & «deux»": Regard(masquees=Trouve(1, 2)),
        "F": RIEN,
    }


# --- ODS -----------------------------------------------------------------------------------------


def cellule(attributs: str, texte: str = "") -> str:
    dit = f"<text:p>{texte}</text:p>" if texte else ""
    return f"<table:table-cell {attributs}>{dit}</table:table-cell>"


def rangee(*cellules: str, plus: str = "") -> str:
    return f"<table:table-row {plus}>{''.join(cellules)}</table:table-row>".replace(" >", ">")


X = cellule('office:value-type="string"', "x")
DEMI = 'office:value-type="percentage" office:value="0.5"'
VIDE = "<table:table-cell/>"
FORMULE = 'table:formula="of:=1"'


@pytest.mark.parametrize(
    ("attributs", "texte", "vue"),
    [
        ("", "", True),
        ('office:value-type="float"', "", True),
        ('office:value-type="float" office:value="1"', "1", False),
        ('office:value-type="string" office:string-value=""', "", False),
        ('office:value-type="string"', "x", False),
        ('office:value-type="boolean" office:boolean-value="true"', "VRAI", False),
        ('office:value-type="date" office:date-value="2019-03-01"', "1/3/19", False),
    ],
)
def test_an_ods_formula_without_a_value_is_seen(attributs: str, texte: str, vue: bool) -> None:
    contenu = ods_xml(
        ("F", True, rangee(X) + rangee(VIDE, cellule(f"{FORMULE} {attributs}", texte)))
    )
    assert vu(contenu).sans_valeur == ({1: Trouve(1, 2)} if vue else {})


def test_ods_rows_and_cells_said_once_count_as_often_as_they_stand() -> None:
    contenu = ods_xml(
        ("Autre", True, rangee(X, plus='table:visibility="collapse"')),
        (
            "F",
            True,
            rangee(VIDE, plus='table:number-rows-repeated="2"')
            # Rows 3 to 6, of which the header is row 4: rows 5 and 6 are below it.
            + rangee(
                X,
                cellule(DEMI + ' table:number-columns-repeated="2"', "50 %"),
                cellule(FORMULE),
                plus='table:number-rows-repeated="4" table:visibility="filter"',
            )
            + rangee(VIDE, plus='table:number-rows-repeated="9" table:visibility="collapse"')
            # Rows 16 and 17.
            + rangee(X, plus='table:visibility="collapse" table:number-rows-repeated="2"'),
        ),
    )
    assert vu(contenu, entete=4) == Regard(
        masquees=Trouve(2 + 2, 5),
        sans_valeur={3: Trouve(2, 5)},
        pourcentages={1: Trouve(2, 5), 2: Trouve(2, 5)},
    )


def test_ods_rows_of_a_folded_group_are_hidden() -> None:
    groupe = "<table:table-row-group{}>"
    fin = "</table:table-row-group>"
    replie = groupe.format(' table:display="false"')
    contenu = ods_xml(
        (
            "F",
            True,
            rangee(X)
            + groupe.format("") + rangee(X)  # row 2
            + replie + groupe.format("") + rangee(X) + fin + rangee(X) + fin  # rows 3 and 4
            + rangee(X) + fin + rangee(X),
        )
    )  # fmt: skip
    assert vu(contenu) == Regard(masquees=Trouve(2, 3))


def test_an_ods_merged_area_hides_the_cells_that_it_covers_and_not_their_columns() -> None:
    contenu = ods_xml(
        (
            "F",
            True,
            rangee(
                cellule('table:number-columns-spanned="2" office:value-type="string"', "x"),
                "<table:covered-table-cell/>",
                cellule('table:number-rows-spanned="3" office:value-type="string"', "x"),
                cellule('table:number-rows-spanned="1" office:value-type="string"', "x"),
            )
            + rangee(VIDE, VIDE, "<table:covered-table-cell/>", cellule(DEMI, "50 %")),
        )
    )
    # C1:C3 reaches below the header, A1:B1 does not.
    assert vu(contenu) == Regard(fusionnees={2: Trouve(1, 2)}, pourcentages={3: Trouve(1, 2)})


def test_ods_cells_said_once_that_stand_everywhere_are_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contenu = ods_xml(
        ("F", True, rangee(X) + rangee(cellule(f'{FORMULE} table:number-columns-repeated="99"')))
    )
    assert len(vu(contenu).sans_valeur) == 99
    monkeypatch.setattr(classeur_commun, "CELLULES_MAX", 98)
    with pytest.raises(RegardImpossible):
        vu(contenu)


# --- XLS -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "vrai"), [("0.0%", True), ('0.0" €"', False), ('0" %"', False)])
def test_xls_numbers_are_written_in_three_ways(code: str, vrai: bool) -> None:
    livre = xlwt.Workbook()
    ws = livre.add_sheet("F")
    pourcents = xlwt.easyxf(num_format_str=code)
    ws.write(0, 0, "a")
    ws.write(1, 1, 1, pourcents)
    ws.write(1, 2, 2, pourcents)
    ws.write(1, 3, 2)
    ws.write(1, 5, 3, pourcents)
    ws.write(1, 7, 1 / 3, pourcents)
    contenu = enregistre(livre)
    # B2:D2 in one record of several numbers; F2 a short number, H2 a long one.
    for genre, longueur, colonne in ((0xBD, 6 + 3 * 6, 1), (0x27E, 10, 5), (0x203, 14, 7)):
        assert struct.pack("<HHHH", genre, longueur, 1, colonne) in contenu
    attendu = {1: Trouve(1, 2), 2: Trouve(1, 2), 5: Trouve(1, 2), 7: Trouve(1, 2)}
    assert vu(contenu).pourcentages == (attendu if vrai else {})


def test_an_xls_formula_always_has_a_value() -> None:
    livre = xlwt.Workbook()
    ws = livre.add_sheet("Été")
    ws.write(0, 0, "a")
    ws.write(1, 0, xlwt.Formula("1+1"), xlwt.easyxf(num_format_str="0%"))
    # xlwt never computes: it writes an empty text.
    assert vu(enregistre(livre), nom="Été") == RIEN


def test_an_xls_record_of_merged_areas_may_lie_of_their_number() -> None:
    contenu = en_xls()
    vrai, faux = (struct.pack("<HHH", 0xE5, 2 + 8 * 2, nombre) for nombre in (2, 0xFFFF))
    assert contenu.count(vrai) == 1
    assert vu(contenu.replace(vrai, faux), entete=2).fusionnees == {0: Trouve(1, 5)}


# --- What cannot be looked at --------------------------------------------------------------------


def test_a_damaged_workbook_cannot_be_looked_at(ecrit: bytes) -> None:
    with pytest.raises(RegardImpossible):
        vu(ecrit[: len(ecrit) // 2])


def test_a_sheet_that_is_not_there_cannot_be_looked_at(ecrit: bytes) -> None:
    with pytest.raises(RegardImpossible):
        vu(ecrit, nom="Autre")


@pytest.mark.parametrize("contenu", [b"", b"a;b\n1;2\n", ecrire.zipper({"autre.txt": b"x"})])
def test_what_is_no_workbook_cannot_be_looked_at(contenu: bytes) -> None:
    with pytest.raises(RegardImpossible):
        vu(contenu)


@pytest.mark.parametrize("faute", [MemoryError(), RecursionError(), OSError()])
def test_whatever_goes_wrong_only_the_look_is_lost(
    faute: Exception, ecrit: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def echouer(*_: object) -> None:
        raise faute

    monkeypatch.setattr(Regard, "__init__", echouer)
    with pytest.raises(RegardImpossible):
        vu(ecrit)
