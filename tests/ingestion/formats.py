"""The same small tables written as XLSX, ODS, XLS and XLSB workbooks.

A cell is a text, a number, a boolean, a date, an `Erreur`, or None. What is written is what office
suites write, in the plainest form; hostile files are in `tests/hostile`.
"""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter  # type: ignore[import-untyped]
import xlwt  # type: ignore[import-untyped]


@dataclass(frozen=True)
class Erreur:
    """A formula's error."""

    texte: str


Cellule = str | float | bool | date | Erreur | None
Cellules = Mapping[tuple[int, int], Cellule]


@dataclass(frozen=True)
class Feuille:
    """A sheet: its name, its cells by row and column from 0, whether people see it."""

    nom: str
    cellules: Cellules
    visible: bool = True


def tableau(*rangees: list[Cellule]) -> Cellules:
    """Cells of rows that begin in A1."""
    return {(i, j): c for i, r in enumerate(rangees) for j, c in enumerate(r) if c is not None}


def xlsx(*feuilles: Feuille) -> bytes:
    """As XLSX."""
    octets = io.BytesIO()
    with xlsxwriter.Workbook(octets, {"default_date_format": "dd/mm/yyyy"}) as sortie:
        for feuille in feuilles:
            ws = sortie.add_worksheet(feuille.nom)
            if not feuille.visible:
                ws.hide()
            elif not any(f.visible for f in feuilles[: feuilles.index(feuille)]):
                ws.set_first_sheet()
                ws.activate()
            for place, valeur in feuille.cellules.items():
                if isinstance(valeur, Erreur):
                    ws.write_formula(*place, "=1/0", None, valeur.texte)
                else:
                    ws.write(*place, valeur)
    return octets.getvalue()


def xls(*feuilles: Feuille) -> bytes:
    """As XLS."""
    sortie = xlwt.Workbook()
    jour = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for feuille in feuilles:
        ws = sortie.add_sheet(feuille.nom)
        ws.visibility = 0 if feuille.visible else 1
        for (i, j), valeur in feuille.cellules.items():
            if isinstance(valeur, Erreur):
                ws.row(i).set_cell_error(j, _ERREURS[valeur.texte])
            elif isinstance(valeur, date):
                ws.write(i, j, valeur, jour)
            else:
                ws.write(i, j, valeur)
    octets = io.BytesIO()
    sortie.save(octets)
    return octets.getvalue()


def _ajouter(archive: zipfile.ZipFile, nom: str, contenu: bytes) -> None:
    """Add a part, with a fixed date."""
    archive.writestr(zipfile.ZipInfo(nom), contenu, zipfile.ZIP_DEFLATED)


_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_ESPACES = (
    "".join(
        f' xmlns:{nom}="{_ODF}:{suite}"'
        for nom, suite in (
            ("office", "office:1.0"),
            ("table", "table:1.0"),
            ("text", "text:1.0"),
            ("style", "style:1.0"),
        )
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods(*feuilles: Feuille) -> bytes:
    """As ODS: as LibreOffice does, empty cells and rows are said once, down to the last."""
    return ods_xml(*((f.nom, f.visible, "".join(_rangees_ods(f.cellules))) for f in feuilles))


def ods_xml(*feuilles: tuple[str, bool, str]) -> bytes:
    """An ODS workbook from the name, visibility and XML rows of each sheet."""
    styles = "".join(
        f'<style:style style:name="{nom}" style:family="table"><style:table-properties '
        f'table:display="{nom}"/></style:style>'
        for nom in ("true", "false")
    )
    tables = "".join(
        f'<table:table table:name={quoteattr(nom)} table:style-name="{str(visible).lower()}">'
        f'<table:table-column table:number-columns-repeated="16384"/>{rangees}</table:table>'
        for nom, visible, rangees in feuilles
    )
    contenu = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{_ESPACES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        _ajouter(archive, "mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
        _ajouter(archive, "content.xml", contenu.encode())
        _ajouter(archive, "META-INF/manifest.xml", b'<?xml version="1.0"?><manifest/>')
    return octets.getvalue()


def _rangees_ods(
    cellules: Cellules, colonnes: int = 1 << 14, lignes: int = 1 << 20
) -> Iterator[str]:
    suivante = 0
    for i in sorted({i for i, _ in cellules}):
        if i > suivante:
            yield _vide_ods(i - suivante, colonnes)
        yield "<table:table-row>"
        place = 0
        for j in sorted(j for ligne, j in cellules if ligne == i):
            if j > place:
                yield f'<table:table-cell table:number-columns-repeated="{j - place}"/>'
            yield _cellule_ods(cellules[i, j])
            place = j + 1
        if place < colonnes:
            yield f'<table:table-cell table:number-columns-repeated="{colonnes - place}"/>'
        yield "</table:table-row>"
        suivante = i + 1
    if suivante < lignes:
        yield _vide_ods(lignes - suivante, colonnes)


def _vide_ods(lignes: int, colonnes: int) -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{lignes}"><table:table-cell '
        f'table:number-columns-repeated="{colonnes}"/></table:table-row>'
    )


def _cellule_ods(valeur: Cellule) -> str:
    genre, dit = "string", str(valeur)
    plus = ""
    if isinstance(valeur, bool):
        genre, plus = "boolean", f'office:boolean-value="{str(valeur).lower()}"'
    elif isinstance(valeur, int | float):
        genre, plus = "float", f'office:value="{valeur}"'
    elif isinstance(valeur, date):
        genre, plus = "date", f'office:date-value="{valeur.isoformat()}"'
    elif isinstance(valeur, Erreur):
        plus, dit = 'office:string-value="" calcext:value-type="error"', valeur.texte
    return (
        f'<table:table-cell office:value-type="{genre}" {plus}>'
        f"<text:p>{escape(dit)}</text:p></table:table-cell>"
    )


_ERREURS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36,
            "#N/A": 42}  # fmt: skip
_LIENS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsb(*feuilles: Feuille) -> bytes:
    """As XLSB."""
    styles = (
        enregistrement(617, struct.pack("<I", 2))
        + enregistrement(47, struct.pack("<HH", 0, 0) + bytes(12))
        + enregistrement(47, struct.pack("<HH", 0, 14) + bytes(12))
        + enregistrement(618)
    )
    return xlsb_brut(
        *((f.nom, f.visible, b"".join(_feuille_xlsb(f.cellules))) for f in feuilles), styles=styles
    )


def xlsb_brut(*feuilles: tuple[str, bool, bytes], styles: bytes) -> bytes:
    """An XLSB workbook from the name, visibility and records of each sheet, and its styles."""
    pieces = {
        "xl/workbook.bin": b"".join(
            enregistrement(
                156,
                struct.pack("<II", 0 if visible else 1, n)
                + texte_xlsb(f"rId{n}")
                + texte_xlsb(nom),
            )
            for n, (nom, visible, _) in enumerate(feuilles, 1)
        )
        + enregistrement(144)
        + enregistrement(132),
        "xl/_rels/workbook.bin.rels": (
            '<?xml version="1.0"?><Relationships '
            'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            + "".join(
                f'<Relationship Id="rId{n}" Type="{_LIENS}/worksheet" '
                f'Target="worksheets/sheet{n}.bin"/>'
                for n in range(1, len(feuilles) + 1)
            )
            + "</Relationships>"
        ).encode(),
        "xl/styles.bin": styles,
    }
    for n, (_, _, enregistrements) in enumerate(feuilles, 1):
        pieces[f"xl/worksheets/sheet{n}.bin"] = enregistrements
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in pieces.items():
            _ajouter(archive, nom, contenu)
    return octets.getvalue()


def enregistrement(genre: int, contenu: bytes = b"") -> bytes:
    """A record of an XLSB part."""
    tete = bytes([genre]) if genre < 128 else bytes([genre & 0x7F | 0x80, genre >> 7])
    longueur = len(contenu)
    tailles = []
    while True:
        longueur, octet = longueur >> 7, longueur & 0x7F
        tailles.append(octet | (0x80 if longueur else 0))
        if not longueur:
            return tete + bytes(tailles) + contenu


def texte_xlsb(texte: str) -> bytes:
    """A text as records of XLSB hold it."""
    return struct.pack("<I", len(texte.encode("utf-16-le")) // 2) + texte.encode("utf-16-le")


def _feuille_xlsb(cellules: Cellules) -> Iterator[bytes]:
    yield enregistrement(129)
    yield enregistrement(148, struct.pack("<IIII", 0, 0, 0, 0))
    yield enregistrement(145)
    for i in sorted({i for i, _ in cellules}):
        yield enregistrement(0, struct.pack("<I", i) + bytes(13))
        for j in sorted(j for ligne, j in cellules if ligne == i):
            valeur = cellules[i, j]
            style = 1 if isinstance(valeur, date) else 0
            tete = struct.pack("<II", j, style)
            if isinstance(valeur, date):
                valeur = float((valeur - date(1899, 12, 30)).days)
            if isinstance(valeur, Erreur):
                yield enregistrement(11, tete + bytes([_ERREURS[valeur.texte], 0, 0]))
            elif isinstance(valeur, bool):
                yield enregistrement(4, tete + bytes([valeur]))
            elif isinstance(valeur, int | float):
                yield enregistrement(5, tete + struct.pack("<d", valeur))
            else:
                yield enregistrement(6, tete + texte_xlsb(str(valeur)))
    yield enregistrement(146)
    yield enregistrement(130)


FORMATS: dict[str, Callable[..., bytes]] = {"xlsx": xlsx, "ods": ods, "xls": xls, "xlsb": xlsb}
