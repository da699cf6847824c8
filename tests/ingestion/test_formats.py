"""Workbooks of all formats read alike: cells, errors, sheets, lost cells."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from pipelines.erreurs import Refus
from pipelines.ingestion import classeur_commun
from pipelines.ingestion.cellules import DATE_EXCEL, NOMBRE_EXCEL
from pipelines.ingestion.noms import lettres
from tests.ingestion.essais import ecrire, lire, rangees
from tests.ingestion.formats import FORMATS, Cellules, Erreur, Feuille, ods, ods_xml, tableau

AB = ("a", "b")
CENT = 99


@pytest.fixture(params=FORMATS)
def forme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def livre(dossier: Path, forme: str, *feuilles: Feuille) -> Path:
    return ecrire(dossier / f"c.{forme}", FORMATS[forme](*feuilles))


def test_cells_read_the_same_in_every_format(tmp_path: Path, forme: str) -> None:
    cellules = tableau(
        ["titre"],
        [],
        ["note", "b", "a"],
        ["x", 1.5, date(2019, 3, 1)],
        ["y", 12, True],
        [],
        ["z", Erreur("#N/A"), "é & <œ>"],
        [0, "12.0", Erreur("#DIV/0!")],
    )
    chemin = livre(tmp_path, forme, Feuille("Données", cellules))
    reconnu, _ = lire(chemin, AB)
    assert (reconnu.feuille, reconnu.ligne_entete, reconnu.ignorees) == ("Données", 3, ("note",))
    assert rangees(chemin, AB) == [
        (4, f"{DATE_EXCEL}2019-03-01", f"{NOMBRE_EXCEL}1.5"),
        (5, "VRAI", "12"),
        (7, "é & <œ>", "#N/A"),
        (8, "#DIV/0!", "12.0"),
    ]


def test_a_table_that_does_not_begin_at_a1(tmp_path: Path, forme: str) -> None:
    cellules: Cellules = {
        (6, 3): "a", (6, 4): "b", (8, 3): "u", (8, 4): "v", (9, 3): Erreur("#REF!"), (9, 4): "y",
    }  # fmt: skip
    chemin = livre(tmp_path, forme, Feuille("F", cellules))
    assert rangees(chemin, AB) == [(9, "u", "v"), (10, "#REF!", "y")]


def test_a_hidden_sheet_is_not_read(tmp_path: Path, forme: str) -> None:
    table = tableau(["a", "b"], [1, 2])
    chemin = livre(tmp_path, forme, Feuille("A", table, visible=False), Feuille("B", table))
    assert lire(chemin, AB)[0].feuille == "B"


def derniere(forme: str) -> tuple[int, int]:
    return (65_535, 255) if forme == "xls" else (1_048_575, 16_383)


def test_a_lost_cell_at_the_far_end_changes_nothing(tmp_path: Path, forme: str) -> None:
    cellules = {
        **tableau(["a", None, "b"], ["x", None, Erreur("#N/A")], ["z", "note", 4]),
        derniere(forme): "perdue",
    }
    chemin = livre(tmp_path, forme, Feuille("F", cellules), Feuille("G", tableau(["rien"])))
    _, lignes = lire(chemin, AB)
    assert lignes.rows()[:2] == [(2, "x", "#N/A", None, None), (3, "z", "4", None, None)]
    # Whether it is a note below the table or a value beyond the header is not told by the format.
    assert [ligne[0] for ligne in lignes.rows()[2:]] in ([], [derniere(forme)[0] + 1])


def test_a_sheet_too_sparse_to_be_brought_together_is_refused(
    tmp_path: Path, forme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classeur_commun, "CELLULES_MAX", 1000)
    diagonale: Cellules = {(i, i): i for i in range(100)}
    with pytest.raises(Refus, match=r"démesurée .*ligne 100, colonne 100"):
        rangees(livre(tmp_path, forme, Feuille("F", diagonale)), AB)


def test_sparse_rows_and_columns_keep_their_place(
    tmp_path: Path, forme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Brought together or not, a sheet reads the same."""
    cellules: Cellules = {
        **{
            (i, j): f"{'ab'[j // 50]}" if i == 3 else i * 10 + j
            for i in (3, 50, 99)
            for j in (7, 57)
        },
        (60, 20): "x",
        (70, 57): Erreur("#NUM!"),
    }
    chemin = livre(tmp_path, forme, Feuille("F", cellules))
    attendu = [(51, "507", "557"), (61, None, None), (71, None, "#NUM!"), (100, "997", "1047")]
    assert rangees(chemin, AB) == attendu
    monkeypatch.setattr(classeur_commun, "CELLULES_MAX", 20)
    assert rangees(chemin, AB) == attendu


def test_two_hundred_sheets_and_not_one_more(tmp_path: Path, forme: str) -> None:
    feuilles = [Feuille(f"F{n}", tableau(["rien"])) for n in range(199)]
    table = Feuille("T", tableau(["a", "b"], [1, 2]))
    assert rangees(livre(tmp_path, forme, *feuilles, table), AB) == [(2, "1", "2")]
    with pytest.raises(Refus, match="201 feuilles, plus de 200"):
        rangees(livre(tmp_path, forme, *feuilles, table, Feuille("U", {})), AB)


@pytest.mark.parametrize("nom", ["c.XLSX", "c.Ods", "c.XLS", "c.xlsB"])
def test_the_case_of_the_extension_does_not_count(tmp_path: Path, nom: str) -> None:
    contenu = FORMATS[nom[2:].lower()](Feuille("F", tableau(["a", "b"], [1, 2])))
    assert rangees(ecrire(tmp_path / nom, contenu), AB) == [(2, "1", "2")]


def test_a_workbook_is_recognised_by_what_it_holds(tmp_path: Path, forme: str) -> None:
    contenu = FORMATS[forme](Feuille("F", tableau(["a", "b"], [1, 2])))
    for nom in ("c.xlsx", "c.xls", "c.ods", "c.xlsb"):
        assert rangees(ecrire(tmp_path / nom, contenu), AB) == [(2, "1", "2")]


# Passwords


def test_a_password_is_said(tmp_path: Path) -> None:
    # An encrypted XLSX is an OLE file that holds this stream.
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(Refus, match="mot de passe"):
        rangees(ecrire(tmp_path / "c.xlsx", ole + bytes(4096)), AB)


def test_a_password_of_an_ods_is_said(tmp_path: Path) -> None:
    clair = ods(Feuille("F", tableau(["a", "b"], [1, 2])))
    octets = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(clair)) as source, zipfile.ZipFile(octets, "w") as sortie:
        for nom in source.namelist():
            if not nom.startswith("META"):
                sortie.writestr(nom, source.read(nom)[::-1])
        sortie.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:'
            'opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml"'
            "><manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
        )
    with pytest.raises(Refus, match="mot de passe"):
        rangees(ecrire(tmp_path / "c.ods", octets.getvalue()), AB)


# What is said once and stands many times, in ODS


def test_a_repeated_row_is_read_as_many_times(tmp_path: Path) -> None:
    texte = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    xml = (
        f"<table:table-row>{texte.format('a')}{texte.format('b')}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="3"><table:table-cell '
        'table:number-columns-repeated="2" office:value-type="float" office:value="7"/>'
        "</table:table-row>"
    )
    chemin = ecrire(tmp_path / "c.ods", ods_xml(("F", True, xml)))
    assert rangees(chemin, AB) == [(2, "7", "7"), (3, "7", "7"), (4, "7", "7")]


@pytest.mark.parametrize(
    ("lignes", "cellule"),
    [
        (1_000_000, '<table:table-cell office:value-type="float" office:value="7" '
                    'table:number-columns-repeated="16000"/>'),
        (20_000_000, '<table:table-cell office:value-type="float" office:value="7"/>'),
        (1_000_000, '<table:table-cell office:value-type="string"><text:p>'
                    f'{"x" * 2000}</text:p></table:table-cell>'),
        (1, '<table:table-cell office:value-type="string"><text:p>'
            '<text:s text:c="9000000000"/></text:p></table:table-cell>'),
        (1, "<!-- </table:table><table:table> -->"
            '<table:table-cell office:value-type="float" office:value="7"/>'),
    ],
)  # fmt: skip
def test_an_ods_bomb_is_refused(tmp_path: Path, lignes: int, cellule: str) -> None:
    xml = f'<table:table-row table:number-rows-repeated="{lignes}">{cellule}</table:table-row>'
    with pytest.raises(Refus):
        rangees(ecrire(tmp_path / "c.ods", ods_xml(("F", True, xml))), AB)


def test_a_value_beyond_the_header_is_named_by_its_cell(tmp_path: Path, forme: str) -> None:
    cellules = tableau(["a", "b", "note"], ["x", 1, None], ["y", 2, None, None, "perdue"])
    chemin = livre(tmp_path, forme, Feuille("F", cellules))
    _, lignes = lire(chemin, AB)
    assert lignes["faute"].to_list() == [
        None,
        "La cellule E3 porte une valeur au-delà de la dernière colonne de l'en-tête : "
        "la mettre sous une colonne, ou l'effacer.",
    ]


@pytest.mark.parametrize(
    ("place", "nom"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_columns_are_called_as_spreadsheets_do(place: int, nom: str) -> None:
    assert lettres(place) == nom


@pytest.mark.parametrize(
    "rangees",
    [
        '<table:table-row><table:table-cell office:value-type="string">',
        '<table:table-cell office:value-type="string">',
        '<table:covered-table-cell office:value-type="string">',
        '<table:table-cell calcext:value-type="error" office:value-type="string"><text:p>',
    ],
)
@pytest.mark.parametrize("fin", ["", "</table:table-row>", "</table:table-cell></table:table-row>"])
def test_an_ods_whose_elements_never_end_is_refused_at_once(
    tmp_path: Path, rangees: str, fin: str
) -> None:
    chemin = tmp_path / "2020-01.ods"
    chemin.write_bytes(ods_xml(("F", True, "<table:table-row>" + rangees * 50_000 + fin)))
    with pytest.raises(Refus):
        lire(chemin, AB)
