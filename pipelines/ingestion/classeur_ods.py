"""ODS (LibreOffice): the XML of all sheets, looked at before calamine reads it.

calamine builds all the sheets at once, with the cells that are said once and stand many times, and
drops the errors of formulas. So the XML is looked at first, row by row. Where a few cells are lost
far away, rows and columns without a cell are left out.
"""

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import python_calamine as calamine

from pipelines.erreurs import Refus
from pipelines.ingestion import classeur_commun as commun
from pipelines.ingestion.classeur_commun import DEMESURE, ILLISIBLE, PROTEGE, TEXTE_LU_MAX, Lue
from pipelines.ingestion.octets import Octets

CONTENU = "content.xml"
_RANGEE_MAX = 64 << 20
_LIGNES_MAX, COLONNES_MAX = 1 << 20, 1 << 14
_ERREURS_MAX = 1_000_000
ATTRIBUTS = rb"""((?:[^<>"'/]++|"[^"<]*+"|'[^'<]*+')*+)"""
_FIN = b"</table:table-row>"
_RANGEE = re.compile(
    rb"<table:table-row(?=[\s>])" + ATTRIBUTS + rb">(.*?)</table:table-row>", re.DOTALL
)
_CELLULE = re.compile(
    rb"<table:((?:covered-)?table-cell)(?=[\s/>])" + ATTRIBUTS + rb"(?:/>|>(.*?)</table:\1>)",
    re.DOTALL,
)
# How a cell begins, its whole beginning where it has an end, and its end.
_BORNES = [
    (b"<" + nom, re.compile(b"<" + nom + rb"(?=[\s>])" + ATTRIBUTS + b">"), b"</" + nom + b">")
    for nom in (b"table:table-cell", b"table:covered-table-cell")
]
_FEUILLE = re.compile(rb"<table:table(?=[\s>])")
_COLONNES_REPETEES = re.compile(rb"""\stable:number-columns-repeated\s*=\s*["']([0-9]{1,9})["']""")
LIGNES_REPETEES = re.compile(rb"""\stable:number-rows-repeated\s*=\s*["']([0-9]{1,9})["']""")
_ESPACES = re.compile(rb"""<text:s\s[^<>]*?text:c\s*=\s*["']([0-9]{1,18})["']""")
_ERREUR = re.compile(rb"""\scalcext:value-type\s*=\s*["']error["']""")
_FIN_PARAGRAPHE = b"</text:p>"
_PARAGRAPHE = re.compile(rb"<text:p[^<>]*>(.*?)</text:p>", re.DOTALL)
# What could hide a row or a sheet from one of the two readers, and that no office suite writes.
_PIEGE = re.compile(rb"<!|</?table:table(?:-row|-cell)?\s+>|</table:[a-z-]+\s")


@dataclass
class _Feuille:
    """How far the cells of a sheet go, and which hold an error, by row and column from 0.

    `lignes` are the runs of rows that hold something (first row, number), `colonnes` all columns.
    """

    lignes: list[tuple[int, int]] = field(default_factory=list)
    colonnes: set[int] = field(default_factory=set)
    erreurs: dict[tuple[int, int], str] = field(default_factory=dict)
    suivante: int = 0

    @property
    def taille(self) -> int:
        """Cells that calamine makes room for."""
        if not self.lignes:
            return 0
        premiere, (derniere, fois) = self.lignes[0][0], self.lignes[-1]
        return (derniere + fois - premiere) * (max(self.colonnes) + 1 - min(self.colonnes))

    @property
    def pleines(self) -> int:
        """Cells left once rows and columns without a cell are left out."""
        return sum(fois for _, fois in self.lignes) * len(self.colonnes)


@dataclass(frozen=True)
class _Cellule:
    """A cell, or a run of cells said once: its first column from 0, how many, what it holds."""

    colonne: int
    fois: int
    xml: bytes
    texte: bytes
    erreur: bool


class Ods:
    """An ODS workbook."""

    def __init__(self, octets: Octets, archive: zipfile.ZipFile) -> None:
        manifeste = commun.trouver(archive, "META-INF/manifest.xml")
        if manifeste and b"encryption-data" in commun.lire_entiere(archive, manifeste):
            raise Refus(PROTEGE)
        piece = commun.trouver(archive, CONTENU)
        self._feuilles = _regarder(archive, piece)
        self._reunies = sum(f.taille for f in self._feuilles) > commun.CELLULES_MAX
        flux = octets.flux()
        if self._reunies:
            if sum(f.pleines for f in self._feuilles) > commun.CELLULES_MAX:
                grande = max(self._feuilles, key=lambda f: f.taille)
                derniere, fois = grande.lignes[-1]
                raise commun.demesuree(derniere + fois, max(grande.colonnes) + 1)
            flux = commun.remplacer(archive, piece, _reunir(archive, piece, self._feuilles))
        self._classeur = calamine.CalamineWorkbook.from_filelike(flux)
        self.fiches = self._classeur.sheets_metadata
        if len(self.fiches) != len(self._feuilles):
            raise Refus(ILLISIBLE)

    def lire(self, rang: int) -> Lue:
        """The sheet at this place."""
        vue = self._feuilles[rang]
        feuille = self._classeur.get_sheet_by_name(self.fiches[rang].name)
        if not self._reunies:
            return Lue(feuille, vue.erreurs)
        lignes = [n for premiere, fois in vue.lignes for n in range(premiere, premiere + fois)]
        rangs = {n: i for i, n in enumerate(lignes)}
        places = {c: i for i, c in enumerate(sorted(vue.colonnes))}
        erreurs = {(rangs[i], places[j]): v for (i, j), v in vue.erreurs.items()}
        return Lue(feuille, erreurs, [n + 1 for n in lignes])


def morceaux(archive: zipfile.ZipFile, piece: str) -> Iterator[bytes]:
    """The XML, cut where a row ends."""
    with archive.open(piece) as flux:
        reste = b""
        while morceau := flux.read(commun.MORCEAU):
            texte = reste + morceau
            fin = texte.rfind(_FIN) + len(_FIN) if _FIN in morceau or _FIN in texte else 0
            texte, reste = texte[:fin], texte[fin:]
            if len(reste) > _RANGEE_MAX:
                raise Refus(DEMESURE)
            if texte:
                yield texte
        yield reste


def blocs(texte: bytes) -> Iterator[tuple[bytes, re.Match[bytes] | None]]:
    """What stands before each row, and the row; last, what stands after them."""
    place = 0
    # Of many rows that never end, each would be searched down to the last one.
    for rangee in _RANGEE.finditer(texte) if _FIN in texte else ():
        yield texte[place : rangee.start()], rangee
        place = rangee.end()
    yield texte[place:], None


def _regarder(archive: zipfile.ZipFile, piece: str) -> list[_Feuille]:
    """What one look at all the sheets tells of them.

    Raises:
        Refus: they are out of all proportion, or written so as to hide how far they go.
    """
    feuilles: list[_Feuille] = []
    lus = erreurs = 0
    for texte in morceaux(archive, piece):
        if _PIEGE.search(texte):
            raise Refus(ILLISIBLE)
        lus += sum(map(int, _ESPACES.findall(texte)))
        for avant, rangee in blocs(texte):
            feuilles += [_Feuille() for _ in _FEUILLE.findall(avant)]
            if rangee is None:
                if b"<table:table-row" in avant or b"<table:table-cell" in avant:
                    raise Refus(ILLISIBLE)
                continue
            if not feuilles:
                raise Refus(ILLISIBLE)
            feuille, fois = feuilles[-1], fois_dit(LIGNES_REPETEES, rangee[1])
            cellules = list(pleines(rangee[2]))
            if cellules:
                feuille.lignes.append((feuille.suivante, fois))
            for cellule in cellules:
                if cellule.colonne + cellule.fois > COLONNES_MAX:
                    raise Refus(ILLISIBLE)
                feuille.colonnes.update(range(cellule.colonne, cellule.colonne + cellule.fois))
                lus += len(cellule.texte) * cellule.fois * fois
                if cellule.erreur:
                    erreurs += cellule.fois * fois
                    if erreurs > _ERREURS_MAX:
                        raise Refus(DEMESURE)
                    dit = _dit(cellule.texte)
                    for i in range(feuille.suivante, feuille.suivante + fois):
                        for j in range(cellule.colonne, cellule.colonne + cellule.fois):
                            feuille.erreurs[i, j] = dit
            feuille.suivante += fois
            if feuille.suivante > _LIGNES_MAX:
                raise Refus(ILLISIBLE)
            if lus > 2 * TEXTE_LU_MAX:
                raise Refus(DEMESURE)
    return feuilles


def fois_dit(repete: re.Pattern[bytes], attributs: bytes) -> int:
    """How many times a row or a cell stands."""
    trouve = repete.search(attributs) if b"repeated" in attributs else None
    return int(trouve[1]) if trouve else 1


def pleines(rangee: bytes) -> Iterator[_Cellule]:
    """The cells of a row that hold something."""
    for colonne, fois, trouvee in placees(rangee):
        attributs = trouvee[2]
        if b"office:" in attributs:
            erreur = b"error" in attributs and bool(_ERREUR.search(attributs))
            yield _Cellule(colonne, fois, trouvee[0], trouvee[3] or b"", erreur)


def placees(rangee: bytes) -> Iterator[tuple[int, int, re.Match[bytes]]]:
    """The cells of a row: first column from 0, how many, what is written (2: its attributes).

    Raises:
        Refus: one of them never ends, and each like it would be searched down to the last one.
    """
    for debut, ouverte, fin in _BORNES:
        place = rangee.find(debut, max(rangee.rfind(fin), 0))
        if place >= 0 and ouverte.search(rangee, place):
            raise Refus(ILLISIBLE)
    colonne = 0
    for trouvee in _CELLULE.finditer(rangee):
        fois = fois_dit(_COLONNES_REPETEES, trouvee[2])
        yield colonne, fois, trouvee
        colonne += fois


def _dit(cellule: bytes) -> str:
    """The error that a cell shows."""
    paragraphe = _PARAGRAPHE.search(cellule, 0, max(cellule.rfind(_FIN_PARAGRAPHE), 0) + 9)
    texte = re.sub(rb"<[^<>]*>", b"", paragraphe[1] if paragraphe else b"")
    return html.unescape(texte.decode("utf-8", "replace")).strip() or "#ERREUR"


def _reunir(archive: zipfile.ZipFile, piece: str, vues: list[_Feuille]) -> Iterator[bytes]:
    """The XML of the sheets without the rows and columns that hold no cell."""
    restent = iter(vues)
    places: dict[int, int] = {}
    for texte in morceaux(archive, piece):
        for avant, rangee in blocs(texte):
            yield avant
            for _ in _FEUILLE.findall(avant):
                places = {c: i for i, c in enumerate(sorted(next(restent).colonnes))}
            cellules = list(pleines(rangee[2])) if rangee else []
            if rangee and cellules:
                yield b"<table:table-row" + rangee[1] + b">"
                suivante = 0
                for cellule in cellules:
                    place = places[cellule.colonne]
                    yield b"<table:table-cell/>" * (place - suivante) + cellule.xml
                    suivante = place + cellule.fois
                yield _FIN
