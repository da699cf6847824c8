"""How the hostile files are made: rows of the extract ddcs/outils, CSV text, raw XLSX parts.

Everything is deterministic: the same call gives the same bytes.
"""

import io
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

COLONNES = (
    "numero_outil",
    "type_outil",
    "nom",
    "departement",
    "statut",
    "date_deploiement",
    "date_retrait",
    "langues",
    "mots",
)
_NS = "http://schemas.openxmlformats.org"
_PRINCIPAL = f"{_NS}/spreadsheetml/2006/main"
_LIENS = f"{_NS}/officeDocument/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPE_FEUILLE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
TYPE_CLASSEUR = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TYPE_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def ligne(nom: str, numero: int = 1, /, **champs: str) -> list[str]:
    """A row that ddcs/outils accepts, its key made of the name of the file; `champs` replace."""
    bonne = [f"{nom}-{numero}", "REPERTOIRE", f"Outil {numero}", "59", "PREVU", "", "", "3", "12"]
    return [champs.get(c, v) for c, v in zip(COLONNES, bonne, strict=True)]


def lignes(nom: str, nombre: int = 3) -> list[list[str]]:
    """The header and some accepted rows."""
    return [list(COLONNES), *(ligne(nom, i + 1) for i in range(nombre))]


def texte(rangees: Iterable[Sequence[str]], sep: str = ";", fin: str = "\n") -> str:
    """Rows as CSV text, nothing quoted."""
    return "".join(sep.join(rangee) + fin for rangee in rangees)


def bon(nom: str, nombre: int = 3, sep: str = ";", fin: str = "\n") -> str:
    """A CSV text that is accepted whole."""
    return texte(lignes(nom, nombre), sep, fin)


def lettres(rang: int) -> str:
    """Name of a column, from 0: A, B … XFD."""
    nom = ""
    rang += 1
    while rang:
        rang, reste = divmod(rang - 1, 26)
        nom = chr(65 + reste) + nom
    return nom


def cellule(place: str, valeur: str) -> str:
    """A cell with an inline text; nothing for an empty one."""
    if not valeur:
        return ""
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(valeur)}</t></is></c>'


def rangees_xml(rangees: Iterable[Sequence[str]], premiere: int = 1) -> str:
    """Rows of a sheet, numbered from `premiere`."""
    return "".join(
        f'<row r="{n}">'
        + "".join(cellule(f"{lettres(i)}{n}", v) for i, v in enumerate(rangee))
        + "</row>"
        for n, rangee in enumerate(rangees, premiere)
    )


def feuille_xml(donnees: str, suite: str = "", avant: str = "") -> bytes:
    """The part of a sheet, around its rows."""
    return (
        f'{_XML}<worksheet xmlns="{_PRINCIPAL}" xmlns:r="{_LIENS}">{avant}'
        f"<sheetData>{donnees}</sheetData>{suite}</worksheet>"
    ).encode()


def textes_xml(chaines: Iterable[str]) -> bytes:
    """The shared strings, each an `<si>` given whole."""
    return f'{_XML}<sst xmlns="{_PRINCIPAL}">{"".join(chaines)}</sst>'.encode()


def classeur_xml(feuilles: Sequence[tuple[str, str]], avant: str = "", apres: str = "") -> bytes:
    """The part that names the sheets, each with its state (`visible`, `hidden`…)."""
    noms = "".join(
        f"<sheet name={quoteattr(nom)} sheetId={quoteattr(str(i))} state={quoteattr(etat)} "
        f'r:id="rId{i}"/>'
        for i, (nom, etat) in enumerate(feuilles, 1)
    )
    return (
        f'{_XML}<workbook xmlns="{_PRINCIPAL}" xmlns:r="{_LIENS}">{avant}'
        f"<sheets>{noms}</sheets>{apres}</workbook>"
    ).encode()


def liens_xml(cibles: Sequence[str], genre: str = "worksheet") -> bytes:
    """The relationships of the workbook: sheets first, then the shared strings."""
    liens = "".join(
        f'<Relationship Id="rId{i}" Type="{_LIENS}/{genre}" Target={quoteattr(cible)}/>'
        for i, cible in enumerate(cibles, 1)
    )
    liens += f'<Relationship Id="rIdT" Type="{_LIENS}/sharedStrings" Target="sharedStrings.xml"/>'
    liens += f'<Relationship Id="rIdS" Type="{_LIENS}/styles" Target="styles.xml"/>'
    return (
        f'{_XML}<Relationships xmlns="{_NS}/package/2006/relationships">{liens}</Relationships>'
    ).encode()


def styles_xml() -> bytes:
    """Four styles: plain, date, time, percentage."""
    return (
        f'{_XML}<styleSheet xmlns="{_PRINCIPAL}"><cellXfs count="4"><xf numFmtId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="21" applyNumberFormat="1"/>'
        '<xf numFmtId="10" applyNumberFormat="1"/></cellXfs></styleSheet>'
    ).encode()


def parties(
    *feuilles: bytes,
    noms: Sequence[tuple[str, str]] = (),
    cibles: Sequence[str] = (),
    textes: bytes | None = None,
    type_classeur: str = TYPE_CLASSEUR,
    genre: str = "worksheet",
    avant: str = "",
) -> dict[str, bytes]:
    """All the parts of a workbook; a caller may change or drop some before packing them."""
    noms = noms or [(f"Feuil{i + 1}", "visible") for i in range(len(feuilles))]
    chemins = [f"{genre}s/sheet{i + 1}.xml" for i in range(len(feuilles))]
    types = "".join(
        f'<Override PartName="/xl/{chemin}" ContentType="{TYPE_FEUILLE}"/>' for chemin in chemins
    )
    contenu = {
        "[Content_Types].xml": (
            f'{_XML}<Types xmlns="{_NS}/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{type_classeur}"/>{types}</Types>'
        ).encode(),
        "_rels/.rels": (
            f'{_XML}<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship '
            f'Id="rId1" Type="{_LIENS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": classeur_xml(noms, avant=avant),
        "xl/_rels/workbook.xml.rels": liens_xml(cibles or chemins, genre),
        "xl/styles.xml": styles_xml(),
    }
    contenu |= {f"xl/{c}": f for c, f in zip(chemins, feuilles, strict=True)}
    if textes is not None:
        contenu["xl/sharedStrings.xml"] = textes
    return contenu


def zipper(contenu: Mapping[str, bytes] | Iterable[tuple[str, bytes]], niveau: int = 1) -> bytes:
    """Parts packed, with a fixed date."""
    tampon = io.BytesIO()
    paires = contenu.items() if isinstance(contenu, Mapping) else contenu
    with warnings.catch_warnings(), zipfile.ZipFile(tampon, "w") as archive:
        warnings.simplefilter("ignore")  # some have a part twice
        for nom, octets in paires:
            archive.writestr(_fiche(nom), octets, zipfile.ZIP_DEFLATED, niveau)
    return tampon.getvalue()


def zipper_flux(
    contenu: Mapping[str, bytes], nom: str, morceaux: Iterable[bytes], niveau: int = 6
) -> bytes:
    """The same, with one more part too big to be held: its pieces in turn."""
    tampon = io.BytesIO(zipper(contenu))
    with zipfile.ZipFile(tampon, "a", zipfile.ZIP_DEFLATED) as archive:
        fiche = _fiche(nom)
        fiche.compress_type = zipfile.ZIP_DEFLATED
        fiche._compresslevel = niveau  # type: ignore[attr-defined]
        with archive.open(fiche, "w") as flux:
            for morceau in morceaux:
                flux.write(morceau)
    return tampon.getvalue()


def _fiche(nom: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(nom, (2020, 1, 1, 0, 0, 0))


def xlsx(rangees: Iterable[Sequence[str]]) -> bytes:
    """A plain workbook of one sheet."""
    return zipper(parties(feuille_xml(rangees_xml(rangees))))
