"""XLSX workbooks: visible sheets, and each cell as the text that the reader of a CSV would see.

calamine reads the cells. It builds a sheet whole in memory and drops formula errors, so the sheet's
XML is looked at first: its true size, and the cells that hold an error.
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import python_calamine as calamine

from pipelines.erreurs import Refus
from pipelines.ingestion.cellules import DATE_EXCEL, SCHEMA, Source

_LIGNES_PAR_TRAME = 20_000
_CELLULES_PAR_TRAME = 1_000_000
_OCTETS_MAX = 1 << 30
_TEXTES_MAX = 256 << 20
_CELLULES_MAX = 20_000_000
_CELLULE = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>/]*>')
_ERREUR = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>'
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)
_ILLISIBLE = "classeur illisible (abîmé, protégé ou d'un autre format) : le réenregistrer en .xlsx"


def sources(chemin: Path) -> Iterator[Source]:
    """The visible sheets of a workbook, in order.

    Raises:
        Refus: it is not a workbook that can be read, or it is out of all proportion.
    """
    try:
        with zipfile.ZipFile(chemin) as archive:
            _mesurer(archive)
            pieces = _pieces(archive)
            classeur = calamine.CalamineWorkbook.from_path(chemin)
            for fiche in classeur.sheets_metadata:
                if fiche.visible != calamine.SheetVisibleEnum.Visible:
                    continue
                if fiche.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                erreurs = _erreurs(archive, pieces[fiche.name]) if fiche.name in pieces else {}
                feuille = classeur.get_sheet_by_name(fiche.name)
                yield Source(_trames(feuille, erreurs), feuille=fiche.name)
    except (Refus, GeneratorExit, KeyboardInterrupt):
        raise
    except BaseException as erreur:  # calamine panics with a BaseException of its own
        raise Refus(_ILLISIBLE) from erreur


def _mesurer(archive: zipfile.ZipFile) -> None:
    tailles = {membre.filename: membre.file_size for membre in archive.infolist()}
    textes = sum(n for nom, n in tailles.items() if nom.endswith("sharedStrings.xml"))
    if sum(tailles.values()) > _OCTETS_MAX or textes > _TEXTES_MAX:
        raise Refus("classeur démesuré une fois décompressé : le livrer en CSV")


def _pieces(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the archive that holds each sheet, by the sheet's name."""
    liens = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    cibles = {lien.get("Id"): lien.get("Target", "") for lien in liens}
    racine = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    pieces = {}
    for feuille in racine.iter():
        if feuille.tag.endswith("}sheet"):
            ident = next((v for k, v in feuille.attrib.items() if k.endswith("}id")), None)
            cible = cibles.get(ident, "")
            piece = cible[1:] if cible.startswith("/") else f"xl/{cible}"
            if piece in archive.namelist():
                pieces[feuille.get("name", "")] = piece
    return pieces


def _erreurs(archive: zipfile.ZipFile, piece: str) -> dict[tuple[int, int], str]:
    """Cells of a sheet that hold an error, by row and column from 0; refuses a huge sheet."""
    colonnes: set[bytes] = set()
    lignes = 0
    erreurs: dict[tuple[int, int], str] = {}
    with archive.open(piece) as flux:
        reste = b""
        while morceau := flux.read(1 << 20):
            texte = reste + morceau
            fin = texte.rfind(b"</") + 1 or len(texte)
            texte, reste = texte[:fin], texte[fin:][-(1 << 20) :]
            cellules = _CELLULE.findall(texte)
            colonnes.update(lettres for lettres, _ in cellules)
            lignes = max(lignes, *(int(n) for _, n in cellules[-1:]), 0)
            if b't="e"' in texte:
                for lettres, ligne, valeur in _ERREUR.findall(texte):
                    place = (int(ligne) - 1, _rang(lettres))
                    erreurs[place] = valeur.decode("utf-8", "replace")
            if lignes * (max(map(_rang, colonnes), default=0) + 1) > _CELLULES_MAX:
                raise Refus(
                    f"feuille démesurée (une cellule à la ligne {lignes}, "
                    f"colonne {max(map(_rang, colonnes)) + 1}) : effacer les cellules perdues"
                )
    return erreurs


def _rang(lettres: bytes) -> int:
    rang = 0
    for lettre in lettres:
        rang = rang * 26 + lettre - 64
    return rang - 1


def _trames(
    feuille: calamine.CalamineSheet, erreurs: dict[tuple[int, int], str]
) -> Iterator[pl.DataFrame]:
    lignes = enumerate(feuille.iter_rows())
    largeur = (feuille.end or (0, 0))[1] + 1
    taille = max(1, min(_LIGNES_PAR_TRAME, _CELLULES_PAR_TRAME // largeur))
    textes: dict[Any, str] = {}
    while lot := list(islice(lignes, taille)):
        cellules = []
        for numero, ligne in lot:
            rangee = [v if type(v) is str else _texte(v, textes) for v in ligne]
            if erreurs:
                rangee = [erreurs.get((numero, i), v) for i, v in enumerate(rangee)]
            cellules.append(rangee)
        numeros = [numero + 1 for numero, _ in lot]
        yield pl.DataFrame([numeros, cellules], schema=SCHEMA)


def _texte(valeur: Any, connus: dict[Any, str]) -> str:
    """A cell as text: `12` for 12.0, VRAI for TRUE, an ISO date after its mark."""
    if isinstance(valeur, bool):
        return "VRAI" if valeur else "FAUX"
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
