"""XLSX workbooks: visible sheets, and each cell as the text that the reader of a CSV would see.

calamine reads the cells. It builds a sheet whole in memory and drops formula errors, so the sheet's
XML is looked at first: its true size, and the cells that hold an error.
"""

import re
import sys
import zipfile
from array import array
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import python_calamine as calamine

from pipelines.erreurs import Refus
from pipelines.ingestion.cellules import DATE_EXCEL, SCHEMA, Source, listes
from pipelines.ingestion.octets import Octets

_LIGNES_PAR_TRAME = 20_000
_CELLULES_PAR_TRAME = 1_000_000
_RANGEES_GARDEES = 100
_MORCEAU = 1 << 20
_RESTE_MAX = 1 << 20
_OCTETS_MAX = 1 << 30
_TEXTES_MAX = 256 << 20
_CELLULES_MAX = 12_000_000
_TEXTE_LU_MAX = 256 << 20
_CELLULE_MAX = 16 << 20
_TEXTES = "xl/sharedstrings.xml"
# Cells that are not empty, with their place where it is written: calamine reads all these forms.
_CELLULE = re.compile(
    rb"<(?:\w{1,50}:)?c(?=[\s>])"
    rb"(?:[^<>]*?\br\s*=\s*[\"']([A-Za-z]{1,3})0*([1-9][0-9]{0,8})[\"'])?[^<>]*(?<!/)>"
)
# The form in which nearly all cells are written, much faster to find.
_ORDINAIRE = re.compile(rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,8})"[^<>]*(?<!/)>')
_ORDINAIRE_VIDE = re.compile(rb'<c r="[A-Z]{1,3}[1-9][0-9]{0,8}"[^<>]*/>')
_RANGEE = re.compile(rb"<(?:\w{1,50}:)?row\s[^<>]*?\br\s*=\s*[\"']0*([0-9]{1,30})")
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
_DEMESURE = "classeur démesuré une fois décompressé : le livrer en CSV"
_ILLISIBLE = "classeur illisible (abîmé, protégé ou d'un autre format) : le réenregistrer en .xlsx"


def sources(source: Path | Octets) -> Iterator[Source]:
    """The visible sheets of a workbook, in order.

    Raises:
        Refus: it is not a workbook that can be read, or it is out of all proportion.
    """
    octets = Octets.de(source)
    try:
        with zipfile.ZipFile(octets.flux()) as archive:
            _mesurer(archive)
            pieces = _pieces(archive)
            classeur = calamine.CalamineWorkbook.from_filelike(octets.flux())
            longueurs = _Longueurs(archive)
            for fiche, piece in zip(classeur.sheets_metadata, pieces, strict=True):
                if fiche.visible != calamine.SheetVisibleEnum.Visible:
                    continue
                if fiche.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                erreurs = _erreurs(archive, piece, longueurs)
                feuille = classeur.get_sheet_by_name(fiche.name)
                yield Source(_trames(feuille, erreurs), feuille=fiche.name)
    except (Refus, GeneratorExit, KeyboardInterrupt):
        raise
    except BaseException as erreur:  # calamine panics with a BaseException of its own
        raise Refus(_ILLISIBLE) from erreur


def _mesurer(archive: zipfile.ZipFile) -> None:
    """Refuse a workbook that would fill the memory, whatever it says of its own size."""
    membres = {membre.filename.lower(): membre for membre in archive.infolist()}
    if len(membres) < len(archive.infolist()):
        raise Refus(_ILLISIBLE)
    textes = membres[_TEXTES].file_size if _TEXTES in membres else 0
    if sum(m.file_size for m in membres.values()) > _OCTETS_MAX or textes > _TEXTES_MAX:
        raise Refus(_DEMESURE)
    for membre in membres.values():
        entier = copy(membre)
        entier.file_size = sys.maxsize
        lus = 0
        with archive.open(entier) as flux:
            while morceau := flux.read(_MORCEAU):
                lus += len(morceau)
                if lus > membre.file_size:
                    raise Refus(_ILLISIBLE)


def _pieces(archive: zipfile.ZipFile) -> list[str]:
    """The part of the archive that holds each sheet, in the order of the workbook."""
    liens = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    cibles = {lien.get("Id"): lien.get("Target", "") for lien in liens}
    racine = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    feuilles = [f for f in racine.iter() if f.tag.endswith("}sheet")]
    if len({f.get("name") for f in feuilles}) < len(feuilles):
        raise Refus("deux feuilles du classeur ont le même nom : en renommer une")
    presentes = {nom.lower(): nom for nom in archive.namelist()}
    pieces = []
    for feuille in feuilles:
        ident = next((v for k, v in feuille.attrib.items() if k.endswith("}id")), None)
        cible = cibles.get(ident, "").replace("\\", "/").lower()
        piece = cible.lstrip("/") if cible.startswith(("/", "xl/")) else f"xl/{cible}"
        pieces.append(presentes.get(piece, ""))
    return pieces


@dataclass
class _Etendue:
    """How far the cells of a sheet go: calamine makes room for all that lies before the last."""

    lignes: int = 0
    colonnes: int = 0
    rangees: int = 0
    sans_place: int = 0
    plus_long: int = 0

    def voir(self, texte: bytes) -> None:
        """Take in a piece of the XML of the sheet.

        Raises:
            Refus: the sheet is huge, or written so as to hide how far it goes.
        """
        cellules = _ORDINAIRE.findall(texte)
        vides = len(_ORDINAIRE_VIDE.findall(texte)) if b"/>" in texte else 0
        if b":c" in texte or len(cellules) + vides < texte.count(b"<c"):
            if _PIEGE.search(texte):
                raise Refus(_ILLISIBLE)
            cellules = _CELLULE.findall(texte)
        colonnes = {lettres for lettres, _ in cellules}
        lignes = {numero for _, numero in cellules} | set(_RANGEE.findall(texte))
        self.colonnes = max(self.colonnes, *(_rang(c) + 1 for c in colonnes), 0)
        self.lignes = max(self.lignes, *(int(n or 0) for n in lignes), 0)
        self.rangees += len(_FIN_RANGEE.findall(texte))
        if b"" in colonnes:
            self._voir_sans_place(texte)
        lignes_max = self.lignes + (self.rangees if self.plus_long else 0)
        colonnes_max = self.colonnes + self.plus_long
        if lignes_max * colonnes_max > _CELLULES_MAX:
            raise Refus(
                f"feuille démesurée (une cellule à la ligne {lignes_max}, "
                f"colonne {colonnes_max}) : effacer les cellules perdues"
            )

    def _voir_sans_place(self, texte: bytes) -> None:
        """Cells without a place follow one another: count those of each row."""
        if _PIEGE_SANS_PLACE.search(texte) or _PLACE_FAUSSE.search(texte):
            raise Refus(_ILLISIBLE)
        for rang, rangee in enumerate(_FIN_RANGEE.split(texte)):
            if rang:
                self.sans_place = 0
            self.sans_place += sum(not lettres for lettres, _ in _CELLULE.findall(rangee))
            self.plus_long = max(self.plus_long, self.sans_place)


def _erreurs(
    archive: zipfile.ZipFile, piece: str, longueurs: "_Longueurs"
) -> dict[tuple[int, int], str]:
    """Cells of a sheet that hold an error, by row and column from 0; refuses a huge sheet."""
    etendue = _Etendue()
    partages = 0
    erreurs: dict[tuple[int, int], str] = {}
    for texte in _cellules(archive, piece):
        etendue.voir(texte)
        partages += texte.count(b'"s"') + texte.count(b"'s'")
        if b't="e"' in texte:
            for lettres, ligne, valeur in _ERREUR.findall(texte):
                place = (int(ligne) - 1, _rang(lettres))
                erreurs[place] = valeur.decode("utf-8", "replace")
                if erreurs[place] not in _ERREURS_LISIBLES:
                    raise Refus(
                        f"la cellule {(lettres + ligne).decode()} porte l'erreur "
                        f"«{erreurs[place][:40]}» : la corriger ou la vider"
                    )
    # A long text that many cells share takes little room in the file, and all of it once read.
    if partages * longueurs.octets > _TEXTE_LU_MAX:
        lus = 0
        for texte in _cellules(archive, piece):
            lus += sum(map(longueurs.de, _PARTAGE.findall(texte)))
            if lus > _TEXTES_MAX + _TEXTE_LU_MAX:
                raise Refus(_DEMESURE)
    return erreurs


def _cellules(archive: zipfile.ZipFile, piece: str) -> Iterator[bytes]:
    """The XML of a sheet, cut where a cell ends, never between a formula and its value."""
    with archive.open(piece) as flux:
        reste, perdus = b"", 0
        while morceau := flux.read(_MORCEAU):
            texte = reste + morceau
            fin = max(texte.rfind(b"</c>"), texte.rfind(b":c>")) + 1
            if not fin and len(texte) > _RESTE_MAX:  # of an immense cell, its place is enough
                fin = texte.rfind(b">") + 1
            texte, reste = texte[:fin], texte[fin:]
            if len(reste) > _RESTE_MAX:
                if b"<" in reste:
                    raise Refus(_ILLISIBLE)
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
            while morceau := flux.read(_MORCEAU):
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


def _rang(lettres: bytes) -> int:
    rang = 0
    for lettre in lettres.upper():
        rang = rang * 26 + lettre - 64
    return rang - 1


def _trames(
    feuille: calamine.CalamineSheet, erreurs: dict[tuple[int, int], str]
) -> Iterator[pl.DataFrame]:
    lignes = enumerate(feuille.iter_rows())
    marge = [""] * (feuille.start or (0, 0))[1]  # calamine gives all the rows, not all the columns
    largeur = (feuille.end or (0, 0))[1] + 1
    taille = max(1, min(_LIGNES_PAR_TRAME, _CELLULES_PAR_TRAME // largeur))
    textes: dict[Any, str] = {}
    while lot := list(islice(lignes, taille)):
        cellules = []
        # A lost cell makes a million empty rows, which do not count below the header.
        lot = [(n, r) for n, r in lot if n < _RANGEES_GARDEES or erreurs or _pleine(r)]
        for numero, ligne in lot:
            rangee = marge + [v if type(v) is str else _texte(v, textes) for v in ligne]
            if erreurs:
                rangee = [erreurs.get((numero, i), v) for i, v in enumerate(rangee)]
            cellules.append(rangee)
        numeros = [numero + 1 for numero, _ in lot]
        yield pl.DataFrame([numeros, listes(cellules)], schema=SCHEMA)


def _pleine(ligne: Sequence[Any]) -> bool:
    return ligne.count("") < len(ligne)


def _texte(valeur: Any, connus: dict[Any, str]) -> str:
    """A cell as text: `12` for 12.0, VRAI for TRUE, an ISO date after its mark."""
    if isinstance(valeur, bool):
        return "VRAI" if valeur else "FAUX"
    if isinstance(valeur, float) and not isfinite(valeur):
        return str(valeur)
    if isinstance(valeur, int | float):
        texte = connus.get(valeur)
        if texte is None:
            exact = Decimal(repr(valeur))
            texte = format(exact.to_integral_value() if exact == int(valeur) else exact, "f")
            connus[valeur] = texte
        return texte
    if isinstance(valeur, datetime):
        return f"{DATE_EXCEL}{valeur.date().isoformat()}"
    if isinstance(valeur, date):
        return f"{DATE_EXCEL}{valeur.isoformat()}"
    return str(valeur)
