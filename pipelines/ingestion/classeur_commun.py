"""What the readers of workbooks share: limits, a sheet as it is handed over, archives.

XLSX, XLSB and ODS files are archives, whose true size is known before they are opened. What one
format alone needs is in `classeur_xlsx`, `classeur_xlsb`, `classeur_ods` and `classeur_xls`.
"""

import io
import sys
import zipfile
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import IO, Protocol

import python_calamine as calamine

from pipelines.erreurs import Refus

MORCEAU = 1 << 20
OCTETS_MAX = 1 << 30
CELLULES_MAX = 12_000_000
TEXTE_LU_MAX = 256 << 20
ENTIERE_MAX = 8 << 20
DEMESURE = "classeur démesuré une fois décompressé : le livrer en CSV"
ILLISIBLE = "classeur illisible (abîmé ou d'un autre format) : le réenregistrer en .xlsx"
PROTEGE = (
    "classeur protégé par un mot de passe : le retirer (dans Excel : Fichier, Informations, "
    "Protéger le classeur), puis le réenregistrer"
)
ERREURS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A", 0x2B: "#DATA!",
}  # fmt: skip
"""Errors of formulas as binary formats number them."""


@dataclass(frozen=True)
class Lue:
    """A sheet taken whole.

    `erreurs` are its cells that hold an error, which calamine drops, by row and column of the sheet
    handed over, from 0. Where rows without a cell were left out, `lignes` gives the numbers of the
    others, from 1.
    """

    feuille: calamine.CalamineSheet
    erreurs: dict[tuple[int, int], str]
    lignes: Sequence[int] | None = None


class Classeur(Protocol):
    """A workbook of one format: its sheets, and each of them taken whole."""

    fiches: list[calamine.SheetMetadata]

    def lire(self, rang: int) -> Lue:
        """The sheet at this place."""


def mesurer(archive: zipfile.ZipFile) -> None:
    """Refuse a workbook that would fill the memory, whatever it says of its own size."""
    membres = {membre.filename.lower(): membre for membre in archive.infolist()}
    if len(membres) < len(archive.infolist()):
        raise Refus(ILLISIBLE)
    if sum(m.file_size for m in membres.values()) > OCTETS_MAX:
        raise Refus(DEMESURE)
    for membre in membres.values():
        entier = copy(membre)
        entier.file_size = sys.maxsize
        lus = 0
        with archive.open(entier) as flux:
            while morceau := flux.read(MORCEAU):
                lus += len(morceau)
                if lus > membre.file_size:
                    raise Refus(ILLISIBLE)


def trouver(archive: zipfile.ZipFile, nom: str) -> str:
    """The name of a part as it is written, whatever its case; empty where there is none."""
    return next((n for n in archive.namelist() if n.lower() == nom.lower()), "")


def lire_entiere(archive: zipfile.ZipFile, piece: str, limite: int = ENTIERE_MAX) -> bytes:
    """The content of a part that is parsed as a whole: the list of sheets, of links, of files.

    Args:
        archive: the workbook.
        piece: the part.
        limite: octets that it may have.

    Raises:
        Refus: it is out of all proportion.
    """
    if archive.getinfo(piece).file_size > limite:
        raise Refus(DEMESURE)
    return archive.read(piece)


def remplacer(archive: zipfile.ZipFile, piece: str, morceaux: Iterator[bytes]) -> IO[bytes]:
    """The same archive, one part of which is another."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copie:
        for membre in archive.infolist():
            with copie.open(membre.filename, "w") as flux:
                if membre.filename == piece:
                    for morceau in morceaux:
                        flux.write(morceau)
                else:
                    with archive.open(membre) as source:
                        while morceau := source.read(MORCEAU):
                            flux.write(morceau)
    tampon.seek(0)
    return tampon


def demesuree(lignes: int, colonnes: int) -> Refus:
    """A sheet whose cells are too far from one another, and too many rows and columns have some."""
    return Refus(
        f"feuille démesurée (une cellule à la ligne {lignes}, colonne {colonnes}) : "
        "effacer les cellules perdues"
    )
