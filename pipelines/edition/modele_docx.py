"""What a document is written on: a region's own template or ours, with the styles that we name.

A template keeps its letterhead, page and styles; those that it lacks are added. What the document
says does not belong here, nor how its blocks become paragraphs (`document`).
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.part import XmlPart
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from pipelines.edition import adresses
from pipelines.edition.contenu import typographie
from pipelines.edition.oxml import champ, fils, morceau
from pipelines.erreurs import Faute

NOM = adresses.MODELE
PLACE = "{{bilan}}"
LANGUE = "fr-FR"
AUTEUR, CITATION = "Texte de l'auteur", "Citation de l'auteur"
NOTE, ALERTE, CODE, AVIS = "Note du bilan", "Alerte du bilan", "Code du bilan", "Avis du bilan"
IMAGE, SOURCE, POINT = "Image du bilan", "Source du bilan", "List Bullet"
ENTETE, TEXTE, NOMBRE = "En-tête de tableau", "Texte de tableau", "Nombre de tableau"
ETAT = "État d'un nombre"
SERRE = " serré"
"""What is added to the names of the three styles of cells for tables of many columns."""
CORPS = {"": 8.5, SERRE: 7.0}
TABLEAU = "Tableau du bilan"
LEGENDE, TITRE, SOUS_TITRE, SOMMAIRE = "Caption", "Title", "Subtitle", "TOC Heading"

_OCTETS_MAX = 256 << 20
_POLICE = "Arial"
_BLEU, _GRIS, _ROUGE = RGBColor(0, 0, 0x91), RGBColor(0x55, 0x55, 0x55), RGBColor(0xB6, 0, 0)
_ACTIFS = ("vbaProject", "oleObject", "control", "aFChunk", "attachedTemplate", "package")
"""Ends of the types of relationships to what may run, or comes from elsewhere."""
_CHAMPS_ACTIFS = re.compile(
    r"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE)\b", re.IGNORECASE
)
_DE_QUELQU_UN = (
    "/thumbnail", "/extended-properties", "/custom-properties", "/comments", "/commentsExtended",
    "/commentsIds", "/commentsExtensible", "/people",
)  # fmt: skip
"""Ends of the types of relationships to what may name who made a template."""


def lire(roadmap: Path) -> bytes | None:
    """The template of a region, if its roadmap has one; it is tried.

    Raises:
        Faute: it cannot serve.
    """
    chemin = roadmap / NOM
    if not chemin.exists():
        return None
    try:
        octets = chemin.read_bytes()
    except OSError as erreur:
        raise Faute(f"Le modèle «{chemin}» ne se lit pas ({erreur.strerror}).") from None
    _ouvrir_modele(octets, f"Le modèle «{chemin}»")
    return octets


def ouvrir(octets: bytes, nom: str) -> Document:
    """A document that others made.

    Args:
        octets: the file.
        nom: what it is called in messages: «Le modèle …».

    Raises:
        Faute: it is not a DOCX, is damaged or out of all proportion.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            demesure = sum(membre.file_size for membre in archive.infolist()) > _OCTETS_MAX
        if not demesure:
            document = docx.Document(io.BytesIO(octets))
            document.element.body.get_or_add_sectPr()
            return document
    except Exception:  # python-docx, zipfile and lxml raise all sorts of errors
        raise Faute(
            f"{nom} est abîmé, ou n'est pas un document Word (.docx) : réenregistrez-le sous ce "
            "format."
        ) from None
    raise Faute(f"{nom} est démesuré une fois décompressé : réenregistrez-le plus petit.")


def _ouvrir_modele(octets: bytes, nom: str) -> Document:
    """The same, if nothing in it runs or comes from elsewhere."""
    document = ouvrir(octets, nom)
    for lien in document.part.package.iter_rels():
        if lien.is_external:
            raise Faute(
                f"{nom} renvoie hors de lui-même («{lien.target_ref}») : enlevez ce lien "
                "(hypertexte, image ou modèle lié), puis réenregistrez-le."
            )
        if lien.reltype.endswith(_ACTIFS):
            raise Faute(
                f"{nom} contient une macro ou un objet incorporé ({lien.target_part.partname}) : "
                "enlevez-le, puis réenregistrez-le en .docx."
            )
    for partie in document.part.package.iter_parts():
        if not isinstance(partie, XmlPart):
            continue
        codes = partie.element.iter(qn("w:instrText"), qn("w:fldSimple"))
        dits = "".join(code.get(qn("w:instr")) or code.text or "" for code in codes)
        if champ_actif := _CHAMPS_ACTIFS.search(dits):
            raise Faute(
                f"{nom} contient un champ {champ_actif[0].upper()}, qui va chercher un autre "
                "fichier : enlevez-le, puis réenregistrez-le."
            )
    return document


def preparer(modele: bytes | None) -> tuple[Document, Paragraph | None]:
    """A document to write in, with our styles, and the paragraph that stands where to write.

    None where that is the end of its body, which is then empty.
    """
    place = None
    if modele is None:
        document = docx.Document()
        _depouiller(document)
        _mettre_en_page(document)
        regler = True
    else:
        document = _ouvrir_modele(modele, f"Le modèle «{NOM}»")
        place = _vider(document)
        regler = False
    _anonymiser(document)
    section = document.sections[-1]
    if not section.page_width or not section.page_height:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
    _styles(document, regler)
    _langue(document)
    _a_jour_a_l_ouverture(document)
    return document, place


def _vider(document: Document) -> Paragraph | None:
    """Take the body away, unless a paragraph says where the bilan goes: the rest then stays."""
    for paragraphe in document.paragraphs:
        if paragraphe.text.strip() == PLACE:
            return paragraphe
    corps = document.element.body
    for element in list(corps):
        if element.tag != qn("w:sectPr"):
            corps.remove(element)
    return None


def _anonymiser(document: Document) -> None:
    """Take away comments, and what tells who made the file, with what."""
    for liens in (document.part.rels, document.part.package.rels):
        for rid, lien in list(liens.items()):
            if lien.reltype.endswith(_DE_QUELQU_UN):
                del liens[rid]
    marques = ("w:commentRangeStart", "w:commentRangeEnd", "w:commentReference")
    for marque in list(document.element.iter(*map(qn, marques))):
        marque.getparent().remove(marque)


def _depouiller(document: Document) -> None:
    """Take from python-docx's own template what no document of ours uses."""
    partie = document.part
    for rid, lien in list(partie.rels.items()):
        if lien.reltype.endswith(("/stylesWithEffects", "/customXml")):
            del partie.rels[rid]
    styles = document.styles.element
    for polices in list(styles.find(qn("w:docDefaults")).iter(qn("w:rFonts"))):
        polices.getparent().remove(polices)
    for style in list(styles.iter(qn("w:style"))):
        if style.get(qn("w:type")) == "table" and not style.get(qn("w:default")):
            styles.remove(style)
    reglages = document.settings.element
    for nom in ("w:rsids", "w:savePreviewPicture", "w:zoom"):
        for element in list(reglages.iter(qn(nom))):
            reglages.remove(element)
    for reglage in reglages.iter(qn("w:compatSetting")):
        if reglage.get(qn("w:name")) == "compatibilityMode":
            reglage.set(qn("w:val"), "15")  # Word 2013 and later open it as their own


def _mettre_en_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2)
    section.header_distance = section.footer_distance = Cm(1)


def _langue(document: Document) -> None:
    styles = document.styles.element
    defauts = styles.find(qn("w:docDefaults"))
    if defauts is None:
        defauts = parse_xml(f"<w:docDefaults {nsdecls('w')}/>")
        styles.insert(0, defauts)
    for langue in list(styles.iter(qn("w:lang"))):
        langue.getparent().remove(langue)
    courant = defauts
    for rang, nom in enumerate(("w:rPrDefault", "w:rPr")):
        trouve = courant.find(qn(nom))
        if trouve is None:
            trouve = courant.makeelement(qn(nom))
            courant.insert(0, trouve) if rang == 0 else courant.append(trouve)
        courant = trouve
    fils(courant, "w:lang", val=LANGUE)


def _a_jour_a_l_ouverture(document: Document) -> None:
    """Have Word offer to compute fields when it opens the document: pages of the contents."""
    reglages = document.settings.element
    if reglages.find(qn("w:updateFields")) is None:
        suivants = (
            "w:hdrShapeDefaults", "w:footnotePr", "w:endnotePr", "w:compat", "w:docVars", "w:rsids",
            "m:mathPr", "w:attachedSchema", "w:themeFontLang", "w:clrSchemeMapping",
            "w:shapeDefaults", "w:decimalSymbol", "w:listSeparator",
        )  # fmt: skip
        marque = parse_xml(f'<w:updateFields {nsdecls("w")} w:val="true"/>')
        reglages.insert_element_before(marque, *suivants)


def _styles(document: Document, regler: bool) -> None:
    """Add the styles that lack; with `regler`, all of ours are set as we want them."""
    for nom, base, faire in _tous():
        style = _trouve(document, nom)
        if style is None:
            style = document.styles.add_style(nom, WD_STYLE_TYPE.PARAGRAPH, builtin=nom in _CONNUS)
            parent = _trouve(document, base)
            style.base_style = parent  # None: on the defaults alone
            style.hidden, style.quick_style, style.unhide_when_used = False, True, False
        elif not regler:
            continue
        faire(style)
    if ETAT not in document.styles:
        etat = document.styles.add_style(ETAT, WD_STYLE_TYPE.CHARACTER)
        etat.font.italic, etat.font.color.rgb = True, _GRIS
    if TABLEAU not in document.styles:
        document.styles.element.append(parse_xml(_STYLE_DE_TABLEAU))


def _trouve(document: Document, nom: str) -> ParagraphStyle | None:
    styles = document.styles
    if nom not in styles:
        return None
    style = styles[nom]
    return style if isinstance(style, ParagraphStyle) else None


_STYLE_DE_TABLEAU = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="TableauDuBilan">
  <w:name w:val="{TABLEAU}"/><w:uiPriority w:val="99"/><w:qFormat/>
  <w:tblPr>
    <w:tblBorders>
      <w:top w:val="single" w:sz="8" w:space="0" w:color="161616"/>
      <w:bottom w:val="single" w:sz="8" w:space="0" w:color="161616"/>
      <w:insideH w:val="single" w:sz="4" w:space="0" w:color="929292"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="20" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>
      <w:bottom w:w="20" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr><w:b/></w:rPr>
    <w:tcPr>
      <w:tcBorders>
        <w:bottom w:val="single" w:sz="8" w:space="0" w:color="161616"/>
      </w:tcBorders>
      <w:shd w:val="clear" w:color="auto" w:fill="E3E3F8"/>
    </w:tcPr>
  </w:tblStylePr>
</w:style>"""

_CONNUS = {
    TITRE, SOUS_TITRE, LEGENDE, SOMMAIRE, "toc 1", "toc 2", POINT,
    *(f"Heading {n}" for n in range(1, 7)),
}  # fmt: skip


def _tous() -> Iterator[tuple[str, str, Callable[[Any], None]]]:
    """Each style: its name, that which it is based on, and what sets it."""
    yield "Normal", "", _regle(10, apres=6)
    for rang, corps in enumerate((18, 13, 11.5, 10.5, 10, 10), start=1):
        yield (
            f"Heading {rang}", "Normal",
            _titre(corps, rang, avant=(0, 18, 14, 10, 8, 8)[rang - 1]),
        )  # fmt: skip
    yield TITRE, "Normal", _regle(26, gras=True, couleur=_BLEU, avant=6, apres=18)
    yield SOUS_TITRE, "Normal", _regle(14, couleur=_GRIS, avant=0, apres=6)
    yield SOMMAIRE, "Normal", _regle(18, gras=True, couleur=_BLEU, apres=12, suite=True)
    yield "toc 1", "Normal", _regle(10, gras=True, avant=8, apres=2)
    yield "toc 2", "Normal", _regle(9.5, apres=2, retrait=0.5)
    yield LEGENDE, "Normal", _regle(9.5, gras=True, avant=12, apres=4, suite=True)
    yield AVIS, "Normal", _regle(11, gras=True, avant=12, apres=12, cadre=True)
    yield NOTE, "Normal", _regle(10, avant=4, apres=8, retrait=0.3, filet="000091")
    yield ALERTE, "Normal", _regle(10, avant=4, apres=8, retrait=0.3, filet="B60000")
    yield AUTEUR, "Normal", _regle(10.5, avant=2, apres=6)
    yield CITATION, AUTEUR, _regle(10.5, italique=True, avant=4, apres=8, retrait=1)
    yield CODE, "Normal", _regle(8, police="Courier New")
    yield IMAGE, "Normal", _regle(10, avant=12, apres=2, suite=True)
    yield SOURCE, "Normal", _regle(8, couleur=_GRIS, avant=2, apres=10)
    yield POINT, "Normal", _point
    for serre, corps in CORPS.items():
        yield TEXTE + serre, "Normal", _regle(corps, gauche=True, police=_POLICE)
        yield NOMBRE + serre, TEXTE + serre, _regle(corps, droite=True)
        yield ENTETE + serre, TEXTE + serre, _regle(corps, gras=True, suite=True)


def _regle(
    corps: float,
    *,
    gras: bool = False,
    italique: bool = False,
    couleur: RGBColor | None = None,
    avant: float = 0,
    apres: float = 0,
    retrait: float = 0,
    suite: bool = False,
    droite: bool = False,
    gauche: bool = False,
    cadre: bool = False,
    filet: str = "",
    police: str = "",
) -> Callable[[Any], None]:
    def regler(style: Any) -> None:
        police_, forme = style.font, style.paragraph_format
        police_.size, police_.bold, police_.italic = Pt(corps), gras, italique
        if police or style.name == "Normal":
            _mettre_police(style, police or _POLICE)
        elif style.name in _CONNUS:
            _sans_theme(style)
        if couleur is not None:
            police_.color.rgb = couleur
        forme.space_before, forme.space_after = Pt(avant), Pt(apres)
        forme.line_spacing = 1.0 if corps < 9 else 1.1
        forme.left_indent = Cm(retrait) if retrait else None
        forme.keep_with_next = suite or None
        forme.widow_control = True
        forme.alignment = (
            WD_ALIGN_PARAGRAPH.RIGHT if droite
            else WD_ALIGN_PARAGRAPH.LEFT if gauche
            else None
        )  # fmt: skip
        if cadre:
            _bords(style, ("top", "left", "bottom", "right"), "161616", 12)
        if filet:
            _bords(style, ("left",), filet, 24)

    return regler


def _titre(corps: float, rang: int, avant: float) -> Callable[[Any], None]:
    commun = _regle(corps, gras=True, couleur=_BLEU, avant=avant, apres=6, suite=True)

    def regler(style: Any) -> None:
        commun(style)
        style.paragraph_format.keep_together = True
        proprietes = style.element.get_or_add_pPr()
        niveau = proprietes.find(qn("w:outlineLvl"))
        if niveau is None:
            niveau = parse_xml(f"<w:outlineLvl {nsdecls('w')}/>")
            proprietes.append(niveau)
        niveau.set(qn("w:val"), str(rang - 1))

    return regler


def _point(style: Any) -> None:
    """A point of a list, indented where its style has no numbering of its own."""
    style.paragraph_format.space_after = Pt(3)
    if style.element.pPr.find(qn("w:numPr")) is None:
        style.paragraph_format.left_indent = Cm(0.6)


def _mettre_police(style: Any, nom: str) -> None:
    _sans_theme(style)
    polices = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribut in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        polices.set(qn(attribut), nom)


def _sans_theme(style: Any) -> None:
    """Without the fonts and colours of a theme, which would win over those of `Normal`."""
    proprietes = style.element.get_or_add_rPr()
    for nom in ("w:rFonts", "w:color", "w:spacing", "w:kern"):
        for element in proprietes.findall(qn(nom)):
            proprietes.remove(element)
    for bords in style.element.iter(qn("w:pBdr")):
        bords.getparent().remove(bords)
        break


def _bords(style: Any, cotes: tuple[str, ...], couleur: str, epaisseur: int) -> None:
    bords = "".join(
        f'<w:{cote} w:val="single" w:sz="{epaisseur}" w:space="6" w:color="{couleur}"/>'
        for cote in cotes
    )
    proprietes = style.element.get_or_add_pPr()
    proprietes.insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{bords}</w:pBdr>"),
        "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing",
        "w:jc", "w:outlineLvl",
    )  # fmt: skip


def signer(document: Document, notice: str) -> None:
    """Put a notice and the number of the page at the foot of every page, below what is there."""
    nombres = not any("PAGE" in _champs(section) for section in document.sections)
    definis: set[str] = set()
    for section in document.sections:
        pieds = {"footer": section.footer}
        if section.different_first_page_header_footer:
            pieds["first"] = section.first_page_footer
        if document.settings.odd_and_even_pages_header_footer:
            pieds["even"] = section.even_page_footer
        for genre, pied in pieds.items():
            neuf = pied.is_linked_to_previous
            if neuf and genre in definis:
                continue
            definis.add(genre)
            ici = pied.paragraphs[0]._p if neuf else fils(pied._element, "w:p")
            morceau(ici, typographie(notice))
            if nombres:
                morceau(ici, "\u2003Page\u00a0")
                champ(ici, "PAGE", "1")
                morceau(ici, "\u00a0/\u00a0")
                champ(ici, "NUMPAGES", "1")


def _champs(section: Section) -> set[str]:
    """The fields of the headers and footers of a section, by their first word."""
    trouves: set[str] = set()
    for bout in (
        section.header, section.footer, section.first_page_header, section.first_page_footer,
        section.even_page_header, section.even_page_footer,
    ):  # fmt: skip
        if not bout.is_linked_to_previous:
            for code in bout._element.iter(qn("w:instrText"), qn("w:fldSimple")):
                trouves.update((code.get(qn("w:instr")) or code.text or "").split()[:1])
    return trouves


def copie_de_section(section: Any, paysage: bool, premiere: bool) -> Any:
    """The properties of a section like another, turned or not, to end a part of the document.

    Headers and footers are the same. Only the first begins by a page of its own kind, and counts
    pages anew.
    """
    copie = deepcopy(section)
    taille = copie.find(qn("w:pgSz"))
    large, long = int(taille.get(qn("w:w"))), int(taille.get(qn("w:h")))
    if paysage and large < long:
        taille.set(qn("w:w"), str(long))
        taille.set(qn("w:h"), str(large))
        taille.set(qn("w:orient"), "landscape")
    if not premiere:
        for nom in ("w:titlePg", "w:pgNumType", "w:type"):
            for element in copie.findall(qn(nom)):
                copie.remove(element)
    return copie
