"""XLSB: hidden rows, % and merged cells, seen in the binary records of a sheet.

How records follow one another is in `classeur_xlsb`. A formula's record always has a value, an
empty text if need be: that it was never computed cannot be seen.
"""

import zipfile
from collections.abc import Mapping
from struct import unpack_from

from pipelines.ingestion import classeur_commun as commun
from pipelines.ingestion.classeur_xlsb import (
    DERNIERE_CELLULE,
    RANGEE,
    VIDE,
    enregistrements,
    partie_de,
    pieces,
    texte_en,
)
from pipelines.ingestion.regards import POURCENTAGES, Regard, compter, en_pourcentage, fusionner

_STYLES = "xl/styles.bin"
_FORMAT, _STYLE, _DEBUT_STYLES, _FIN_STYLES = 44, 47, 617, 618
_FUSION = 176
_NOMBRES = frozenset((2, 5, 9))
_HAUTEUR_NULLE = 0x10


def regarder(archive: zipfile.ZipFile, entetes: Mapping[str, int]) -> dict[str, Regard]:
    """What is seen of these sheets, each below its header."""
    styles = _styles(archive)
    return {
        nom: _voir(partie_de(archive, piece), entetes[nom], styles)
        for nom, piece in dict(pieces(archive)).items()
        if nom in entetes
    }


def _voir(partie: bytes, entete: int, styles: frozenset[int]) -> Regard:
    regard = Regard()
    ligne, masquee = 0, False
    for genre, debut, _ in enregistrements(partie):
        if genre == RANGEE:
            ligne = unpack_from("<I", partie, debut)[0] + 1
            masquee = bool(partie[debut + 11] & _HAUTEUR_NULLE)
        elif VIDE < genre <= DERNIERE_CELLULE:
            if ligne <= entete:
                continue
            if masquee:
                regard.masquees.voir(ligne)
                masquee = False  # it is counted
            if styles and genre in _NOMBRES:
                colonne, style = unpack_from("<II", partie, debut)
                if style & 0xFFFFFF in styles:
                    compter(regard.pourcentages, colonne, ligne)
        elif genre == _FUSION:
            haut, bas, gauche, droite = unpack_from("<IIII", partie, debut)
            fusionner(regard, entete, (haut + 1, bas + 1), (gauche, droite))
    return regard


def _styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """The numbers of the styles of cells that show a %."""
    nom = commun.trouver(archive, _STYLES)
    partie = partie_de(archive, nom) if nom else b""
    formats = dict(POURCENTAGES)
    styles: list[int] = []
    des_cellules = False
    for genre, debut, _ in enregistrements(partie):
        if genre == _FORMAT:
            (numero,) = unpack_from("<H", partie, debut)
            formats[numero] = en_pourcentage(texte_en(partie, debut + 2)[0])
        elif genre in (_DEBUT_STYLES, _FIN_STYLES):
            des_cellules = genre == _DEBUT_STYLES
        elif genre == _STYLE and des_cellules:
            styles.append(*unpack_from("<H", partie, debut + 2))
    return frozenset(i for i, numero in enumerate(styles) if formats.get(numero))
