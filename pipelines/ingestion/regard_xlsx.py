"""XLSX: hidden rows, formulas without a value, % and merged cells, seen in the XML of a sheet.

The XML is taken in the pieces that `classeur_xlsx` cuts, and searched for what it seldom holds. How
cells are read, and how far they go, does not belong here. Not seen: rows that only the sheet's
default hides (`zeroHeight`), as none of these is written with its cells.
"""

import re
import zipfile
from collections.abc import Iterable, Mapping
from xml.etree import ElementTree

from pipelines.erreurs import Refus
from pipelines.ingestion import classeur_commun as commun
from pipelines.ingestion.classeur_commun import DEMESURE
from pipelines.ingestion.classeur_xlsx import cellules, lettres_de, pieces, rang_de
from pipelines.ingestion.regards import (
    POURCENTAGES,
    Regard,
    Trouve,
    compter,
    en_pourcentage,
    fusionner,
)

_STYLES = "xl/styles.xml"
_STYLES_MAX = 16 << 20
_STYLES_NOMMES = 50
_PROFONDEUR_MAX = 100
_PLACE = rb'<c r="([A-Za-z]{1,3})0*([1-9][0-9]{0,6})"'
_FORMULE = rb"<f(?:\s[^<>]*)?(?:/>|>[^<]*</f\s*>)"
_PREFIXE = re.compile(rb"<(/?)\w{1,50}:(?=\w)")
_RANGEE = re.compile(rb"<row(?=[\s>/])([^<>]*)>")
_RANGEE_OU_CASE = re.compile(rb"<(row|c)(?=[\s>/])([^<>]*)>")
_NUMERO = re.compile(rb"""\sr\s*=\s*["']0*([1-9][0-9]{0,6})["']""")
_CASE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})0*([1-9][0-9]{0,6})["']""")
_MASQUEE = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_HAUTEUR_NULLE = re.compile(rb"""\sht\s*=\s*["']0(?:\.0{0,20})?["']""")
_HAUTEUR_CHOISIE = re.compile(rb"""\scustomHeight\s*=\s*["'](?:1|true)["']""")
_PLEINE = re.compile(
    _PLACE + rb"[^<>]*>\s*(?:" + _FORMULE + rb"\s*)?"
    rb"(?:<v(?:\s[^<>]*)?>[^<]|<is>\s*(?:<r>|<t(?:\s[^<>]*)?>[^<]))"
)
# A formula that nothing follows, much faster to find than its cell.
_SANS_SUITE = re.compile(rb"(?:</f\s*>|<f(?:\s[^<>]*)?/>)\s*(?:</c|<v(?:\s[^<>]*)?(?:/>|>\s*</v))")
_SANS_VALEUR = re.compile(
    _PLACE + rb"([^<>]*)>\s*" + _FORMULE + rb"\s*(<v(?:\s[^<>]*)?(?:/>|>\s*</v\s*>)\s*)?</c"
)
_TEXTE = re.compile(rb"""\st\s*=\s*["']str["']""")
_FUSION = re.compile(
    rb"<(?:\w{1,50}:)?mergeCell\s[^<>]*?\bref\s*=\s*[\"']"
    rb"([A-Za-z]{1,3})0*([1-9][0-9]{0,6}):([A-Za-z]{1,3})0*([1-9][0-9]{0,6})[\"']"
)


def regarder(archive: zipfile.ZipFile, entetes: Mapping[str, int]) -> dict[str, Regard]:
    """What is seen of these sheets, each below its header."""
    styles = _styles(archive)
    regards = {}
    for nom, piece in pieces(archive):
        if nom in entetes:
            vue = _Vue(entetes[nom], styles)
            for texte in cellules(archive, piece):
                vue.voir(texte)
            regards[nom] = vue.regard
    return regards


class _Vue:
    """A sheet looked at, piece by piece."""

    def __init__(self, entete: int, styles: frozenset[bytes]) -> None:
        self.regard = Regard()
        self._entete = entete
        self._styles = styles
        self._nombre = _nombre(styles) if styles else None
        self._places = _Places()
        self._masquee = False

    def voir(self, texte: bytes) -> None:
        """Take in a piece of the XML of the sheet."""
        texte = self._places.ecrire(texte)
        if self._masquee or b"hidden" in texte or b"ht=" in texte:
            self._voir_rangees(texte)
        if (b"<f" in texte or b"</f" in texte) and _SANS_SUITE.search(texte):
            # A computed text that is empty is a value, which some write as no value at all.
            vides = (
                (lettres, ligne)
                for lettres, ligne, attributs, valeur in _SANS_VALEUR.findall(texte)
                if not (valeur and _TEXTE.search(attributs))
            )
            self._compter(self.regard.sans_valeur, vides)
        if self._nombre:
            nombres = self._nombre.findall(texte)
            en_pourcents = ((c, n) for c, n, style in nombres if (style or b"0") in self._styles)
            self._compter(self.regard.pourcentages, en_pourcents)
        if b"mergeCell" in texte:
            for gauche, haut, droite, bas in _FUSION.findall(texte):
                zone = (int(haut), int(bas)), (rang_de(gauche), rang_de(droite))
                fusionner(self.regard, self._entete, *zone)

    def _voir_rangees(self, texte: bytes) -> None:
        """Hidden rows: the last one may go on in the next piece."""
        debut = 0
        for rangee in _RANGEE.finditer(texte):
            self._voir_rangee(texte, debut, rangee.start())
            self._masquee, debut = _masquee(rangee[1]), rangee.end()
        self._voir_rangee(texte, debut, len(texte))

    def _voir_rangee(self, texte: bytes, debut: int, fin: int) -> None:
        pleine = _PLEINE.search(texte, debut, fin) if self._masquee else None
        if pleine:
            self._masquee = False  # it is counted
            if int(pleine[2]) > self._entete:
                self.regard.masquees.voir(int(pleine[2]))

    def _compter(self, vues: dict[int, Trouve], places: Iterable[tuple[bytes, bytes]]) -> None:
        """Count cells by column, a piece at a time: there may be millions."""
        par_colonne: dict[bytes, list[int]] = {}
        for lettres, ligne in places:
            numero = int(ligne)
            if numero > self._entete:
                par_colonne.setdefault(lettres, []).append(numero)
        for lettres, numeros in par_colonne.items():
            compter(vues, rang_de(lettres), min(numeros), len(numeros))


class _Places:
    """Cells written as Excel does, `<c r="A1"`, so that one form is enough to find them.

    Others have a prefix, their place further on, or none: they then follow one another.
    """

    def __init__(self) -> None:
        self._ligne = 0
        self._colonne = -1

    def ecrire(self, texte: bytes) -> bytes:
        """A piece of XML in that form."""
        if b":c" in texte or b":row" in texte:
            texte = _PREFIXE.sub(rb"<\1", texte)
        if texte.count(b"<c") > texte.count(b'<c r="'):
            return _RANGEE_OU_CASE.sub(self._placer, texte)
        derniere = _CASE.search(texte, max(texte.rfind(b'<c r="'), 0))
        if derniere:
            self._ligne, self._colonne = int(derniere[2]), rang_de(derniere[1])
        return texte

    def _placer(self, balise: re.Match[bytes]) -> bytes:
        attributs = balise[2]
        if balise[1] == b"row":
            numero = _NUMERO.search(attributs)
            self._ligne = int(numero[1]) if numero else self._ligne + 1
            self._colonne = -1
            return balise[0]
        place = _CASE.search(attributs)
        if place:
            self._ligne, self._colonne = int(place[2]), rang_de(place[1])
            attributs = attributs[: place.start()] + attributs[place.end() :]
        else:
            self._colonne += 1
        return b'<c r="%s%d"%s>' % (lettres_de(self._colonne), self._ligne, attributs)


def _masquee(attributs: bytes) -> bool:
    """Whether a row is hidden, filtered away, or of no height."""
    if b"hidden" in attributs and _MASQUEE.search(attributs):
        return True
    return bool(_HAUTEUR_NULLE.search(attributs) and _HAUTEUR_CHOISIE.search(attributs))


def _nombre(styles: frozenset[bytes]) -> re.Pattern[bytes]:
    """Cells that hold a number under one of these styles: place, style (empty for the first)."""
    # Naming a few styles spares most cells; naming thousands of them would cost on each cell.
    noms = b"|".join(sorted(styles)) if len(styles) <= _STYLES_NOMMES else b"[0-9]{1,6}"
    style = rb"""(?=[^<>]*?\ss\s*=\s*["'](""" + noms + rb""")["'])"""
    if b"0" in styles:
        style = rb"(?:" + style + rb"|(?![^<>]*?\ss\s*=))"
    return re.compile(
        _PLACE + style + rb"""(?![^<>]*?\st\s*=\s*["'](?!n["']))"""
        rb"[^<>]*>\s*(?:" + _FORMULE + rb"\s*)?<v(?:\s[^<>]*)?>\s*[^<\s]"
    )


def _styles(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """The numbers of the styles of cells that show a %."""
    piece = commun.trouver(archive, _STYLES)
    if not piece:
        return frozenset()
    if archive.getinfo(piece).file_size > _STYLES_MAX:
        raise Refus(DEMESURE)
    lus = _Styles()
    lecteur = ElementTree.XMLParser(target=lus)  # noqa: S314
    with archive.open(piece) as flux:
        while morceau := flux.read(commun.MORCEAU):
            lecteur.feed(morceau)
    return frozenset(b"%d" % i for i, n in enumerate(lus.styles) if lus.formats.get(n))


class _Styles:
    """The styles of a workbook, element by element: `styles` are the formats of those of cells."""

    def __init__(self) -> None:
        self.formats = dict(POURCENTAGES)
        self.styles: list[int] = []
        self._partie = ""
        self._profondeur = 0

    def start(self, nom: str, attributs: dict[str, str]) -> None:
        """An element begins."""
        self._profondeur += 1
        if self._profondeur > _PROFONDEUR_MAX:  # those that are open fill the memory
            raise Refus(DEMESURE)
        nom = nom.rpartition("}")[2]
        if nom in ("numFmts", "cellXfs"):
            self._partie = nom
        elif nom == "xf" and self._partie == "cellXfs":
            self.styles.append(int(attributs.get("numFmtId", "0")))
        elif nom == "numFmt" and self._partie == "numFmts":
            numero = int(attributs.get("numFmtId", "0"))
            self.formats[numero] = en_pourcentage(attributs.get("formatCode", ""))

    def end(self, nom: str) -> None:
        """An element ends."""
        self._profondeur -= 1
        if nom.rpartition("}")[2] == self._partie:
            self._partie = ""
