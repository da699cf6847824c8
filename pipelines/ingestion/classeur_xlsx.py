"""XLSX: the XML of a sheet, looked at before calamine reads it.

calamine builds a sheet whole in memory, with all that lies between its cells, and drops the errors
of formulas. So each sheet's XML is looked at first: how far its cells go, and which hold an error.
Where a few cells are lost far away, the sheet is brought together: rows and columns without a cell
are left out of it.
"""

import re
import zipfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree

import python_calamine as calamine

from pipelines.erreurs import Refus
from pipelines.ingestion import classeur_commun as commun
from pipelines.ingestion.classeur_commun import DEMESURE, ILLISIBLE, TEXTE_LU_MAX, Lue
from pipelines.ingestion.noms import lettres
from pipelines.ingestion.octets import Octets

_RESTE_MAX = 1 << 20
_TEXTES_MAX = 256 << 20
_CELLULE_MAX = 16 << 20
_TEXTES = "xl/sharedstrings.xml"
# Cells that are not empty, with their place where it is written: calamine reads all these forms.
_CELLULE = re.compile(
    rb"<(?:\w{1,50}:)?c(?=[\s>])"
    rb"(?:[^<>]*?\sr\s*=\s*[\"']([A-Za-z]{1,3})0*([1-9][0-9]{0,8})[\"'])?[^<>]*(?<!/)>"
)
# The form in which nearly all cells are written, much faster to find.
_ORDINAIRE = re.compile(rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,8})"[^<>]*(?<!/)>')
_ORDINAIRE_VIDE = re.compile(rb'<c r="[A-Z]{1,3}[1-9][0-9]{0,8}"[^<>]*/>')
_RANGEE = re.compile(rb"<(?:\w{1,50}:)?row(?=\s)[^<>]*?\sr\s*=\s*[\"']0*([0-9]{1,30})")
_FIN_RANGEE = re.compile(rb"</(?:\w{1,50}:)?row\b")
_PIEGE = re.compile(rb"<(?:\w{1,50}:)?c\s[^<>]{2000}")
_PIEGE_SANS_PLACE = re.compile(rb"<(?:\w{1,50}:)?c\s[^<>]*=\s*(?:\"[^\"<>]*|'[^'<>]*)>")
_FIN_TEXTE = re.compile(rb"</(?:\w{1,50}:)?si\s*>|<(?:\w{1,50}:)?si\s*/>")
_PLACE_FAUSSE = re.compile(
    rb"<(?:\w{1,50}:)?c\s(?:[^<>]*?\s)?r\s*=\s*[\"'](?![A-Za-z]{1,3}0*[1-9][0-9]{0,8}[\"'])"
)
_PARTAGE = re.compile(
    rb"<(?:\w{1,50}:)?c\s[^<>]*?\bt\s*=\s*[\"']s[\"'][^<>]*>"
    rb"[^<]*<(?:\w{1,50}:)?v\b[^<>]*>\s*([0-9]{1,9})"
)
_ERREUR = re.compile(
    rb'<(?:\w{1,50}:)?c\s(?=[^<>]*\bt="e")[^<>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^<>]*(?<!/)>'
    rb"(?:(?!</?(?:\w{1,50}:)?c[\s>]).)*?<(?:\w{1,50}:)?v>([^<]*)<",
    re.DOTALL,
)
_ERREURS_LISIBLES = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DATA!")
)
_CASE = re.compile(rb"<((?:\w{1,50}:)?)c(?=[\s>/])([^<>]*)>")
_PLACE = re.compile(rb"""(\sr\s*=\s*["'])([A-Za-z]{1,3})0*([1-9][0-9]{0,8})(["'])""")


class Xlsx:
    """An XLSX workbook, whose sheets are taken one by one."""

    def __init__(self, octets: Octets, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        textes = commun.trouver(archive, _TEXTES)
        if textes and archive.getinfo(textes).file_size > _TEXTES_MAX:
            raise Refus(DEMESURE)
        self._pieces = [piece for _, piece in pieces(archive)]
        self._classeur = calamine.CalamineWorkbook.from_filelike(octets.flux())
        self._longueurs = _Longueurs(archive)
        self.fiches = self._classeur.sheets_metadata
        if len(self.fiches) != len(self._pieces):
            raise Refus(ILLISIBLE)

    def lire(self, rang: int) -> Lue:
        """The sheet at this place.

        Raises:
            Refus: it is out of all proportion, or written so as to hide how far it goes.
        """
        nom, piece = self.fiches[rang].name, self._pieces[rang]
        etendue, erreurs = _regarder(self._archive, piece, self._longueurs)
        if etendue.taille <= commun.CELLULES_MAX:
            return Lue(self._classeur.get_sheet_by_name(nom), erreurs)
        reunie = _Reunie(self._archive, piece, etendue)
        flux = commun.remplacer(self._archive, piece, reunie.morceaux())
        rapproche = calamine.CalamineWorkbook.from_filelike(flux)
        return Lue(
            rapproche.get_sheet_by_name(nom),
            {(reunie.lignes[i], reunie.colonnes[j]): v for (i, j), v in erreurs.items()},
            [ligne + 1 for ligne in reunie.lignes],
        )


def pieces(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The name of each sheet and the part that holds it, in the order of the workbook."""
    liens = _arbre(archive, "xl/_rels/workbook.xml.rels")
    cibles = {lien.get("Id"): lien.get("Target", "") for lien in liens}
    racine = _arbre(archive, "xl/workbook.xml")
    feuilles = [f for f in racine.iter() if f.tag.endswith("}sheet")]
    if len({f.get("name") for f in feuilles}) < len(feuilles):
        raise Refus("deux feuilles du classeur ont le même nom : en renommer une")
    presentes = {nom.lower(): nom for nom in archive.namelist()}
    trouvees = []
    for feuille in feuilles:
        ident = next((v for k, v in feuille.attrib.items() if k.endswith("}id")), None)
        cible = cibles.get(ident, "").replace("\\", "/").lower()
        piece = cible.lstrip("/") if cible.startswith(("/", "xl/")) else f"xl/{cible}"
        trouvees.append((feuille.get("name", ""), presentes.get(piece, "")))
    return trouvees


def _arbre(archive: zipfile.ZipFile, piece: str) -> ElementTree.Element:
    return ElementTree.fromstring(commun.lire_entiere(archive, piece))  # noqa: S314


@dataclass
class _Etendue:
    """How far the cells of a sheet go: calamine makes room for all that lies before the last."""

    lignes: int = 0
    colonnes: int = 0
    sans_place: int = 0
    plus_long: int = 0
    rangees: int = 0
    derniere: int = 0

    @property
    def lignes_max(self) -> int:
        """Rows, those that the places of cells do not tell included."""
        return max(self.lignes, self.derniere) + self.rangees if self.plus_long else self.lignes

    @property
    def colonnes_max(self) -> int:
        """Columns, counted in the same way."""
        return self.colonnes + self.plus_long

    @property
    def taille(self) -> int:
        """Cells that calamine makes room for."""
        return self.lignes_max * self.colonnes_max

    def voir(self, texte: bytes) -> None:
        """Take in a piece of the XML of the sheet.

        Raises:
            Refus: it is written so as to hide how far it goes.
        """
        if self._deja_vu(texte):
            return
        cellules = _ORDINAIRE.findall(texte)
        vides = len(_ORDINAIRE_VIDE.findall(texte)) if b"/>" in texte else 0
        if b":c" in texte or len(cellules) + vides < texte.count(b"<c"):
            if _PIEGE.search(texte):
                raise Refus(ILLISIBLE)
            cellules = _CELLULE.findall(texte)
        colonnes = {lettres for lettres, _ in cellules}
        self.colonnes = max(self.colonnes, *(rang_de(c) + 1 for c in colonnes), 0)
        self.lignes = max(self.lignes, *(int(n or 0) for n in {n for _, n in cellules}), 0)
        if b"" in colonnes:
            self._voir_sans_place(texte)

    def _deja_vu(self, texte: bytes) -> bool:
        """Whether no cell goes beyond the columns seen so far, nor below the last one of the piece.

        This is most pieces, and much faster to tell than where all their cells are.
        """
        derniere = _ORDINAIRE.match(texte, max(texte.rfind(b'<c r="'), 0))
        if not (derniere and self.colonnes) or b":c" in texte:
            return False
        if texte.count(b'<c r="') < texte.count(b"<c"):
            return False
        lignes = max(self.lignes, int(derniere[2]))
        colonnes = _jusqu_a(lettres(self.colonnes - 1), "A", "Z")
        au_dela = f'<c r="(?!(?:{colonnes})(?!0)(?:{_jusqu_a(str(lignes), "0", "9")})")'
        if re.search(au_dela.encode(), texte):
            return False
        self.lignes = lignes
        return True

    def _voir_sans_place(self, texte: bytes) -> None:
        """Cells without a place follow one another: count those of each row."""
        if _PIEGE_SANS_PLACE.search(texte) or _PLACE_FAUSSE.search(texte):
            raise Refus(ILLISIBLE)
        for rang, rangee in enumerate(_FIN_RANGEE.split(texte)):
            if rang:
                self.sans_place = 0
            self.sans_place += sum(not lettres for lettres, _ in _CELLULE.findall(rangee))
            self.plus_long = max(self.plus_long, self.sans_place)

    def voir_rangees(self, texte: bytes) -> None:
        """Take in the rows of a piece, which count where some cells have no place."""
        self.derniere = max(self.derniere, *map(int, set(_RANGEE.findall(texte))), 0)
        self.rangees += len(_FIN_RANGEE.findall(texte))


def _jusqu_a(borne: str, premier: str, dernier: str) -> str:
    """A pattern of what is no longer than `borne`, nor comes after it where it is as long."""
    choix = [f"[{premier}-{dernier}]{{1,{len(borne) - 1}}}"] if borne[1:] else []
    for rang, signe in enumerate(borne):
        if signe > premier:
            suite = f"[{premier}-{dernier}]{{{len(borne) - rang - 1}}}"
            choix.append(f"{borne[:rang]}[{premier}-{chr(ord(signe) - 1)}]{suite}")
    return "|".join([*choix, borne])


def _regarder(
    archive: zipfile.ZipFile, piece: str, longueurs: "_Longueurs"
) -> tuple[_Etendue, dict[tuple[int, int], str]]:
    """How far the cells of a sheet go, and those that hold an error, by row and column from 0."""
    etendue = _Etendue()
    partages = 0
    erreurs: dict[tuple[int, int], str] = {}
    for texte in cellules(archive, piece):
        etendue.voir(texte)
        if longueurs.octets:
            partages += texte.count(b'"s"') + texte.count(b"'s'")
        if b't="e"' in texte:
            for lettres, ligne, valeur in _ERREUR.findall(texte):
                place = (int(ligne) - 1, rang_de(lettres))
                erreurs[place] = valeur.decode("utf-8", "replace")
                if erreurs[place] not in _ERREURS_LISIBLES:
                    raise Refus(
                        f"la cellule {(lettres + ligne).decode()} porte l'erreur "
                        f"«{erreurs[place][:40]}» : la corriger ou la vider"
                    )
    if etendue.plus_long:
        for texte in cellules(archive, piece):
            etendue.voir_rangees(texte)
    # A long text that many cells share takes little room in the file, and all of it once read.
    if partages * longueurs.octets > TEXTE_LU_MAX:
        lus = 0
        for texte in cellules(archive, piece):
            lus += sum(map(longueurs.de, _PARTAGE.findall(texte)))
            if lus > _TEXTES_MAX + TEXTE_LU_MAX:
                raise Refus(DEMESURE)
    return etendue, erreurs


class _Reunie:
    """A sheet without the rows and columns that hold no cell.

    `lignes` and `colonnes` give the place in it of those of the true sheet, in their order, from 0.

    Raises:
        Refus: it is still out of all proportion.
    """

    def __init__(self, archive: zipfile.ZipFile, piece: str, etendue: _Etendue) -> None:
        self._archive, self._piece = archive, piece
        lignes: set[int] = set()
        colonnes: set[bytes] = set()
        if not etendue.plus_long:
            for texte in cellules(archive, piece):
                trouvees = _CELLULE.findall(texte)
                lignes.update({int(ligne) - 1 for _, ligne in trouvees})
                colonnes.update({lettres for lettres, _ in trouvees})
        rangs = sorted({rang_de(c) for c in colonnes})
        if etendue.plus_long or len(lignes) * len(rangs) > commun.CELLULES_MAX:
            raise commun.demesuree(etendue.lignes_max, etendue.colonnes_max)
        self.lignes = {n: i for i, n in enumerate(sorted(lignes))}
        self.colonnes = {c: i for i, c in enumerate(rangs)}

    def morceaux(self) -> Iterator[bytes]:
        """Its XML."""
        for texte in cellules(self._archive, self._piece):
            yield _CASE.sub(self._placer, texte)

    def _placer(self, balise: re.Match[bytes]) -> bytes:
        attributs = balise[2]
        if attributs.endswith(b"/"):
            return b""
        trouvee = _PLACE.search(attributs)
        if not trouvee:
            raise Refus(ILLISIBLE)
        ligne = self.lignes[int(trouvee[3]) - 1]
        colonne = self.colonnes[rang_de(trouvee[2])]
        place = b"%s%s%d%s" % (trouvee[1], lettres_de(colonne), ligne + 1, trouvee[4])
        debut, fin = trouvee.span()
        return b"<%sc%s%s%s>" % (balise[1], attributs[:debut], place, attributs[fin:])


def cellules(archive: zipfile.ZipFile, piece: str) -> Iterator[bytes]:
    """The XML of a sheet, cut where a cell ends, never between a formula and its value."""
    with archive.open(piece) as flux:
        reste, perdus = b"", 0
        while morceau := flux.read(commun.MORCEAU):
            texte = reste + morceau
            fin = max(texte.rfind(b"</c>") + 4, texte.rfind(b":c>") + 3)
            if fin < 4:  # there is none
                fin = 0
            if not fin and len(texte) > _RESTE_MAX:  # of an immense cell, its place is enough
                fin = texte.rfind(b">") + 1
            texte, reste = texte[:fin], texte[fin:]
            if len(reste) > _RESTE_MAX:
                if b"<" in reste:
                    raise Refus(ILLISIBLE)
                perdus += len(reste)
                if perdus > _CELLULE_MAX:
                    raise Refus("une cellule du classeur n'en finit pas : la vider")
                reste = b""
            if texte:
                yield texte
        yield reste


class _Longueurs:
    """Sizes of the texts that cells share, by their number."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._nom = next((n for n in archive.namelist() if n.lower() == _TEXTES), None)
        self.octets = archive.getinfo(self._nom).file_size if self._nom else 0

    @cached_property
    def _tailles(self) -> "array[int]":
        tailles: array[int] = array("q")
        if self._nom is None:
            return tailles
        debut, place, reste = 0, 0, b""
        with self._archive.open(self._nom) as flux:
            while morceau := flux.read(commun.MORCEAU):
                texte = reste + morceau
                for trouve in _FIN_TEXTE.finditer(texte):
                    tailles.append(place + trouve.end() - debut)
                    debut = place + trouve.end()
                reste = texte[max(debut - place, len(texte) - 60, 0) :]
                place += len(texte) - len(reste)
        return tailles

    def de(self, numero: bytes) -> int:
        """Size of one of them; 0 where there is no such text."""
        rang = int(numero)
        return self._tailles[rang] if rang < len(self._tailles) else 0


def rang_de(lettres: bytes) -> int:
    """The place of a column from its letters, from 0."""
    rang = 0
    for lettre in lettres.upper():
        rang = rang * 26 + lettre - 64
    return rang - 1


def lettres_de(rang: int) -> bytes:
    """The letters of a column, from 0, as a cell's place has them."""
    return lettres(rang).encode()
