"""XLSB: the binary records of a sheet, looked at before calamine reads it.

The reasons are those of `classeur_xlsx`: how far cells go, which hold an error, and sheets brought
together where a few cells are lost far away.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import pack_into, unpack_from
from xml.etree import ElementTree

import python_calamine as calamine

from pipelines.erreurs import Refus
from pipelines.ingestion import classeur_commun as commun
from pipelines.ingestion.classeur_commun import DEMESURE, ERREURS, ILLISIBLE, TEXTE_LU_MAX, Lue
from pipelines.ingestion.octets import Octets

_PARTIE_MAX = 256 << 20
RANGEE, VIDE, _ERREUR, _PARTAGE, _FORMULE_ERREUR, DERNIERE_CELLULE = 0, 1, 3, 7, 11, 11
_TEXTE_PARTAGE, _FEUILLE = 19, 156


class Xlsb:
    """An XLSB workbook, whose sheets are taken one by one."""

    def __init__(self, octets: Octets, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._pieces = [piece for _, piece in pieces(archive)]
        textes = commun.trouver(archive, "xl/sharedStrings.bin")
        self._textes = _tailles(partie_de(archive, textes)) if textes else []
        self._classeur = calamine.CalamineWorkbook.from_filelike(octets.flux())
        self.fiches = self._classeur.sheets_metadata
        if len(self.fiches) != len(self._pieces):
            raise Refus(ILLISIBLE)

    def lire(self, rang: int) -> Lue:
        """The sheet at this place.

        Raises:
            Refus: it is out of all proportion.
        """
        nom, piece = self.fiches[rang].name, self._pieces[rang]
        partie = partie_de(self._archive, piece)
        vue = _regarder(partie, self._textes)
        if vue.taille <= commun.CELLULES_MAX:
            return Lue(self._classeur.get_sheet_by_name(nom), vue.erreurs)
        if len(vue.lignes) * len(vue.colonnes) > commun.CELLULES_MAX:
            raise commun.demesuree(max(vue.lignes) + 1, max(vue.colonnes) + 1)
        lignes = {n: i for i, n in enumerate(sorted(vue.lignes))}
        colonnes = {n: i for i, n in enumerate(sorted(vue.colonnes))}
        flux = commun.remplacer(self._archive, piece, _reunir(partie, lignes, colonnes))
        rapproche = calamine.CalamineWorkbook.from_filelike(flux)
        return Lue(
            rapproche.get_sheet_by_name(nom),
            {(lignes[i], colonnes[j]): v for (i, j), v in vue.erreurs.items()},
            [n + 1 for n in lignes],
        )


@dataclass
class _Vue:
    """The rows and columns of a sheet that hold something, and its errors, from 0."""

    lignes: set[int] = field(default_factory=set)
    colonnes: set[int] = field(default_factory=set)
    erreurs: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def taille(self) -> int:
        """Cells that calamine makes room for."""
        if not self.lignes:
            return 0
        return (max(self.lignes) + 1) * (max(self.colonnes) + 1)


def partie_de(archive: zipfile.ZipFile, nom: str) -> bytes:
    """The content of a part that holds cells.

    Raises:
        Refus: it is out of all proportion.
    """
    return commun.lire_entiere(archive, nom, _PARTIE_MAX)


def enregistrements(partie: bytes) -> Iterator[tuple[int, int, int]]:
    """The records of a part: kind, where their content begins, its length."""
    place, fin = 0, len(partie)
    while place < fin:
        genre = partie[place]
        place += 1
        if genre & 0x80:
            genre = genre & 0x7F | partie[place] << 7
            place += 1
        longueur = decalage = 0
        while True:
            octet = partie[place]
            place += 1
            longueur |= (octet & 0x7F) << decalage
            decalage += 7
            if octet < 0x80 or decalage == 28:
                break
        yield genre, place, longueur
        place += longueur


def pieces(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The name of each sheet and the part that holds it, in the order of the workbook."""
    rels = commun.lire_entiere(archive, "xl/_rels/workbook.bin.rels")
    liens = ElementTree.fromstring(rels)  # noqa: S314
    cibles = {lien.get("Id"): lien.get("Target", "") for lien in liens}
    classeur = commun.lire_entiere(archive, "xl/workbook.bin")
    trouvees = []
    for genre, debut, _ in enregistrements(classeur):
        if genre == _FEUILLE:
            ident, suite = texte_en(classeur, debut + 8)
            nom, _ = texte_en(classeur, suite)
            cible = cibles.get(ident, "")
            piece = cible.lstrip("/") if cible.startswith(("/", "xl/")) else f"xl/{cible}"
            trouvees.append((nom, commun.trouver(archive, piece)))
    return trouvees


def texte_en(partie: bytes, place: int) -> tuple[str, int]:
    """The text that is at this place, and where it ends."""
    (longueur,) = unpack_from("<I", partie, place)
    fin = place + 4 + 2 * longueur
    return partie[place + 4 : fin].decode("utf-16-le"), fin


def _tailles(textes: bytes) -> list[int]:
    """Sizes of the texts that cells share, by their number."""
    return [n for genre, _, n in enregistrements(textes) if genre == _TEXTE_PARTAGE]


def _regarder(partie: bytes, textes: list[int]) -> _Vue:
    vue = _Vue()
    ligne = lus = 0
    for genre, debut, _ in enregistrements(partie):
        if genre == RANGEE:
            (ligne,) = unpack_from("<I", partie, debut)
        elif VIDE < genre <= DERNIERE_CELLULE:
            (colonne,) = unpack_from("<I", partie, debut)
            vue.lignes.add(ligne)
            vue.colonnes.add(colonne)
            if genre in (_ERREUR, _FORMULE_ERREUR):
                vue.erreurs[ligne, colonne] = ERREURS.get(partie[debut + 8], "#ERREUR")
            elif genre == _PARTAGE:
                # A long text that many cells share is all there once read.
                (numero,) = unpack_from("<I", partie, debut + 8)
                lus += textes[numero] if numero < len(textes) else 0
                if lus > 2 * TEXTE_LU_MAX:
                    raise Refus(DEMESURE)
    return vue


def _reunir(partie: bytes, lignes: dict[int, int], colonnes: dict[int, int]) -> Iterator[bytes]:
    """The records of a sheet, its rows and columns at their places once empty ones are left out."""
    copie = bytearray(partie)
    ligne = 0
    for genre, debut, _ in enregistrements(partie):
        if genre == RANGEE:
            (ligne,) = unpack_from("<I", partie, debut)
            pack_into("<I", copie, debut, lignes.get(ligne, 0))
        elif genre <= DERNIERE_CELLULE:
            (colonne,) = unpack_from("<I", partie, debut)
            pack_into("<I", copie, debut, colonnes.get(colonne, 0))
    yield bytes(copie)
