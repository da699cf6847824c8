"""XLS (Excel 97-2003): the records of all sheets, looked at before calamine reads them.

The reasons are those of `classeur_xlsx`. The file is a container of streams, which olefile opens.
calamine builds all the sheets at once.
"""

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from struct import pack_into, unpack_from
from typing import IO, Any

import python_calamine as calamine

from pipelines.erreurs import Refus
from pipelines.ingestion import classeur_commun as commun
from pipelines.ingestion.classeur_commun import DEMESURE, ERREURS, ILLISIBLE, TEXTE_LU_MAX, Lue
from pipelines.ingestion.octets import Octets

_BOF, EOF, FEUILLE, _SST, _SUITE = 0x809, 0x0A, 0x85, 0xFC, 0x3C
FORMULE, _BOOLEEN_OU_ERREUR, _PARTAGE, PLUSIEURS = 0x06, 0x205, 0xFD, 0xBD
CELLULES = frozenset((0x06, 0x203, 0x204, 0x205, 0x206, 0x406, 0x27E, 0xFD, 0xBD, 0xD6))


class Xls:
    """An XLS workbook."""

    def __init__(self, octets: Octets) -> None:
        flux = octets.flux()
        with conteneur_de(flux) as (conteneur, nom, flot):
            self._vues = _regarder(flot)
            self._reunies = sum(v.taille for v in self._vues) > commun.CELLULES_MAX
            if self._reunies:
                if sum(v.pleines for v in self._vues) > commun.CELLULES_MAX:
                    grande = max(self._vues, key=lambda v: v.taille)
                    raise commun.demesuree(max(grande.lignes) + 1, max(grande.colonnes) + 1)
                conteneur.write_stream(nom, _reunir(flot, self._vues))
            flux.seek(0)
            self._classeur = calamine.CalamineWorkbook.from_filelike(flux)
        self.fiches = self._classeur.sheets_metadata
        if len(self.fiches) != len(self._vues):
            raise Refus(ILLISIBLE)

    def lire(self, rang: int) -> Lue:
        """The sheet at this place."""
        vue = self._vues[rang]
        feuille = self._classeur.get_sheet_by_name(self.fiches[rang].name)
        if not self._reunies:
            return Lue(feuille, vue.erreurs)
        lignes, colonnes = vue.places
        erreurs = {(lignes[i], colonnes[j]): v for (i, j), v in vue.erreurs.items()}
        return Lue(feuille, erreurs, [n + 1 for n in lignes])


@contextmanager
def conteneur_de(flux: IO[bytes]) -> Iterator[tuple[Any, str, bytes]]:
    """The container of a workbook, the name of the stream that holds its sheets, and that stream.

    Raises:
        Refus: it has no such stream.
    """
    import olefile  # type: ignore[import-untyped]  # here: few files are of this old format

    with olefile.OleFileIO(flux, write_mode=True) as conteneur:
        nom = next((n for n in ("Workbook", "Book") if conteneur.exists(n)), None)
        if nom is None:
            raise Refus(ILLISIBLE)
        yield conteneur, nom, conteneur.openstream(nom).read()


@dataclass
class _Vue:
    """The rows and columns of a sheet that hold something, and its errors, from 0."""

    debut: int
    lignes: set[int] = field(default_factory=set)
    colonnes: set[int] = field(default_factory=set)
    erreurs: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def taille(self) -> int:
        """Cells that calamine makes room for."""
        return (max(self.lignes) + 1) * (max(self.colonnes) + 1) if self.lignes else 0

    @property
    def pleines(self) -> int:
        """Cells left once rows and columns without a cell are left out."""
        return len(self.lignes) * len(self.colonnes)

    @property
    def places(self) -> tuple[dict[int, int], dict[int, int]]:
        """The places of rows and columns once empty ones are left out."""
        lignes, colonnes = sorted(self.lignes), sorted(self.colonnes)
        return {n: i for i, n in enumerate(lignes)}, {n: i for i, n in enumerate(colonnes)}


def enregistrements(flot: bytes, place: int = 0) -> Iterator[tuple[int, int, int]]:
    """The records of a stream: kind, where their content begins, its length."""
    fin = len(flot) - 4
    while place <= fin:
        genre, longueur = unpack_from("<HH", flot, place)
        yield genre, place + 4, longueur
        place += 4 + longueur


def _regarder(flot: bytes) -> list[_Vue]:
    """What one look at all the sheets tells of them.

    Raises:
        Refus: their texts are out of all proportion.
    """
    debuts: list[int] = []
    tailles: list[int] = []
    morceaux: list[tuple[int, int]] = []
    dans_les_textes = False
    for genre, debut, longueur in enregistrements(flot):
        if genre == FEUILLE:
            debuts.append(*unpack_from("<I", flot, debut))
        dans_les_textes = genre == _SST or (dans_les_textes and genre == _SUITE)
        if dans_les_textes:
            morceaux.append((debut, longueur))
        if genre == EOF:
            break
    if morceaux:
        tailles = _tailles(flot, morceaux)
    lus = 0
    vues = [_Vue(debut) for debut in debuts]
    for vue in vues:
        for genre, debut, ligne, colonnes in _cellules(flot, vue.debut):
            vue.lignes.add(ligne)
            vue.colonnes.update(colonnes)
            if genre == _PARTAGE:
                # A long text that many cells share is all there once read.
                (numero,) = unpack_from("<I", flot, debut + 6)
                lus += tailles[numero] if numero < len(tailles) else 0
                if lus > 2 * TEXTE_LU_MAX:
                    raise Refus(DEMESURE)
            elif genre == _BOOLEEN_OU_ERREUR and flot[debut + 7]:
                vue.erreurs[ligne, colonnes[0]] = ERREURS.get(flot[debut + 6], "#ERREUR")
            elif genre == FORMULE and _en_erreur(flot, debut):
                vue.erreurs[ligne, colonnes[0]] = ERREURS.get(flot[debut + 8], "#ERREUR")
    return vues


def _en_erreur(flot: bytes, debut: int) -> bool:
    """Whether a formula's value is an error."""
    return flot[debut + 12 : debut + 14] == b"\xff\xff" and flot[debut + 6] == 2


def _cellules(flot: bytes, place: int) -> Iterator[tuple[int, int, int, range]]:
    """The cells of a sheet: kind, where their content begins, row, columns."""
    for genre, debut, longueur, _ in de_feuille(flot, place):
        if genre in CELLULES and longueur >= 6:
            ligne, colonne = unpack_from("<HH", flot, debut)
            derniere = colonne
            if genre == PLUSIEURS:
                (derniere,) = unpack_from("<H", flot, debut + longueur - 2)
            yield genre, debut, ligne, range(colonne, max(derniere, colonne) + 1)


def de_feuille(flot: bytes, place: int) -> Iterator[tuple[int, int, int, int]]:
    """The records of a sheet, and how deep each is: charts in it have records of their own."""
    profondeur = 0
    for genre, debut, longueur in enregistrements(flot, place):
        if genre == _BOF:
            profondeur += 1
        elif genre == EOF:
            profondeur -= 1
            if profondeur <= 0:
                break
        else:
            yield genre, debut, longueur, profondeur


def _reunir(flot: bytes, vues: list[_Vue]) -> bytes:
    """The records, rows and columns of cells at their places once empty ones are left out."""
    copie = bytearray(flot)
    for vue in vues:
        lignes, colonnes = vue.places
        for genre, debut, ligne, touchees in _cellules(flot, vue.debut):
            pack_into("<HH", copie, debut, lignes[ligne], colonnes[touchees[0]])
            if genre == PLUSIEURS:
                (longueur,) = unpack_from("<H", flot, debut - 2)
                pack_into("<H", copie, debut + longueur - 2, colonnes[touchees[-1]])
    return bytes(copie)


def _tailles(flot: bytes, morceaux: list[tuple[int, int]]) -> list[int]:
    """Sizes of the texts that cells share, by their number.

    They are written one after another over several records; a text cut between two of them says
    again, at the head of the second, how many bytes its characters take.
    """
    texte = b"".join(flot[debut : debut + longueur] for debut, longueur in morceaux)
    coupes: list[int] = []
    for _, longueur in morceaux:
        coupes.append((coupes[-1] if coupes else 0) + longueur)
    tailles: list[int] = []
    place = 8
    while place + 3 <= len(texte):
        caracteres, forme = unpack_from("<HB", texte, place)
        place += 3
        suite = 0
        if forme & 8:
            suite += 4 * unpack_from("<H", texte, place)[0]
            place += 2
        if forme & 4:
            suite += unpack_from("<I", texte, place)[0]
            place += 4
        tailles.append(3 * caracteres)
        largeur = 1 + (forme & 1)
        while caracteres and place < len(texte):
            coupe = coupes[bisect_right(coupes, place)]
            ici = min(caracteres, max((coupe - place) // largeur, 1))
            place += ici * largeur
            caracteres -= ici
            if caracteres and place >= coupe and place < len(texte):
                largeur = 1 + (texte[place] & 1)
                place += 1
        place += suite
    return tailles
