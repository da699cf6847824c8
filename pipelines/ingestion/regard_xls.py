"""XLS: hidden rows, % and merged cells, seen in the records of all sheets.

How records follow one another is in `classeur_xls`. A formula's record always has a value, an empty
text if need be: that it was never computed cannot be seen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from struct import unpack_from

from pipelines.ingestion.classeur_xls import (
    CELLULES,
    EOF,
    FEUILLE,
    FORMULE,
    PLUSIEURS,
    conteneur_de,
    de_feuille,
    enregistrements,
)
from pipelines.ingestion.octets import Octets
from pipelines.ingestion.regards import POURCENTAGES, Regard, compter, en_pourcentage, fusionner

_BOF, _FORMAT, _STYLE = 0x809, 0x41E, 0xE0
_BIFF8 = 0x600
_RANGEE, _FUSIONS = 0x208, 0xE5
_NOMBRES = frozenset((0x203, 0x27E))
_HAUTEUR_NULLE = 0x20


def regarder(octets: Octets, entetes: Mapping[str, int]) -> dict[str, Regard]:
    """What is seen of these sheets, each below its header."""
    with conteneur_de(octets.flux()) as (_, _, flot):
        classeur = _lire(flot)
        return {
            nom: _voir(flot, place, entetes[nom], classeur.pourcentages)
            for nom, place in classeur.feuilles.items()
            if nom in entetes
        }


@dataclass
class _Classeur:
    """What the head of the stream tells: where sheets begin, and the formats of its styles."""

    feuilles: dict[str, int] = field(default_factory=dict)
    formats: dict[int, bool] = field(default_factory=lambda: dict(POURCENTAGES))
    styles: list[int] = field(default_factory=list)

    @property
    def pourcentages(self) -> frozenset[int]:
        """The numbers of the styles that show a %."""
        return frozenset(i for i, n in enumerate(self.styles) if self.formats.get(n))


def _lire(flot: bytes) -> _Classeur:
    classeur = _Classeur()
    biff8 = False
    for genre, debut, _ in enregistrements(flot):
        if genre == _BOF:
            biff8 = unpack_from("<H", flot, debut)[0] == _BIFF8
        elif genre == FEUILLE:
            (place,) = unpack_from("<I", flot, debut)
            nom = _texte(flot, debut + 7, flot[debut + 6], biff8)
            classeur.feuilles[nom.replace("\0", "")] = place
        elif genre == _FORMAT:
            numero, longueur = unpack_from("<HH" if biff8 else "<HB", flot, debut)
            code = _texte(flot, debut + (4 if biff8 else 3), longueur, biff8)
            classeur.formats[numero] = en_pourcentage(code)
        elif genre == _STYLE:
            classeur.styles.append(*unpack_from("<H", flot, debut + 2))
        elif genre == EOF:
            break
    return classeur


def _texte(flot: bytes, place: int, longueur: int, biff8: bool) -> str:
    """A text, that BIFF8 writes after the width of its characters."""
    if not biff8:
        return flot[place : place + longueur].decode("cp1252")
    if flot[place] & 1:
        return flot[place + 1 : place + 1 + 2 * longueur].decode("utf-16-le")
    return flot[place + 1 : place + 1 + longueur].decode("latin-1")


def _voir(flot: bytes, place: int, entete: int, styles: frozenset[int]) -> Regard:
    regard = Regard()
    masquees: set[int] = set()
    pleines: set[int] = set()
    for genre, debut, longueur, profondeur in de_feuille(flot, place):
        if profondeur > 1:  # numbers of a chart
            continue
        if genre in CELLULES and longueur >= 6:
            ligne = unpack_from("<H", flot, debut)[0] + 1
            if ligne > entete:
                pleines.add(ligne)
                if styles:
                    for colonne, style in _nombres(flot, genre, debut, longueur):
                        if style in styles:
                            compter(regard.pourcentages, colonne, ligne)
        elif genre == _RANGEE:
            if flot[debut + 12] & _HAUTEUR_NULLE:
                masquees.add(unpack_from("<H", flot, debut)[0] + 1)
        elif genre == _FUSIONS:
            for i in range(debut + 2, debut + longueur - 7, 8):
                haut, bas, gauche, droite = unpack_from("<HHHH", flot, i)
                fusionner(regard, entete, (haut + 1, bas + 1), (gauche, droite))
    for ligne in masquees & pleines:
        regard.masquees.voir(ligne)
    return regard


def _nombres(flot: bytes, genre: int, debut: int, longueur: int) -> Iterator[tuple[int, int]]:
    """The numbers of a record of cells: column and style."""
    _, colonne, style = unpack_from("<HHH", flot, debut)
    if genre == PLUSIEURS:
        for i in range((longueur - 6) // 6):
            yield colonne + i, unpack_from("<H", flot, debut + 4 + 6 * i)[0]
    elif genre in _NOMBRES or (genre == FORMULE and flot[debut + 12 : debut + 14] != b"\xff\xff"):
        yield colonne, style
