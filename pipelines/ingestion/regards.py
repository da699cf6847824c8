"""A second look at a workbook, for doubts: what calamine does not tell of its cells.

Rows that are hidden, formulas never computed, cells shown as %, merged cells. Nothing here changes
what is read. What is said of it to people is in `doutes`; how a format writes it is in
`regard_xlsx`, `regard_ods`, `regard_xls` and `regard_xlsb`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.erreurs import Refus
from pipelines.ingestion.octets import Octets

POURCENTAGES = {9: True, 10: True}
"""The number formats with a % that all of Excel's files know without saying them."""
_COLONNES_MAX = 1 << 14
_FORMAT_MAX = 1000
# What a number format shows as it stands, reserves the width of, repeats, or puts in brackets.
_LITTERAL = re.compile(r'"[^"]*"?|\\.|[_*].|\[[^\]]*\]')


class RegardImpossible(Exception):
    """A workbook cannot be looked at again: its doubts are lost, and nothing else."""


@dataclass
class Trouve:
    """How many cells or rows of a kind there are, and the number of the first one's row, from 1."""

    nombre: int = 0
    premiere: int = 0

    def voir(self, ligne: int, fois: int = 1) -> None:
        """Count some more, of which `ligne` is the first row."""
        self.nombre += fois
        self.premiere = min(self.premiere or ligne, ligne)


@dataclass
class Regard:
    """What was seen of a sheet below its header; columns are counted from 0.

    `masquees` are the hidden rows that hold something. By column: `sans_valeur` are the formulas
    never computed, `pourcentages` the numbers shown as %, `fusionnees` the merged areas, by their
    first column.
    """

    masquees: Trouve = field(default_factory=Trouve)
    sans_valeur: dict[int, Trouve] = field(default_factory=dict)
    pourcentages: dict[int, Trouve] = field(default_factory=dict)
    fusionnees: dict[int, Trouve] = field(default_factory=dict)


def regarder(octets: Octets, entetes: Mapping[str, int]) -> dict[str, Regard]:
    """What is seen of these sheets of a workbook, each below the row of its header, from 1.

    Rows and columns are those of the file, whatever the reader left out.

    Raises:
        RegardImpossible: it cannot be looked at, or one of these sheets is not in it.
    """
    try:
        regards = _regarder(octets, entetes)
    except Exception as erreur:
        raise RegardImpossible(octets.nom) from erreur
    if regards.keys() != entetes.keys():
        raise RegardImpossible(octets.nom)
    return regards


def _regarder(octets: Octets, entetes: Mapping[str, int]) -> dict[str, Regard]:
    from pipelines.ingestion import classeur  # here: a CSV has no need of it

    with classeur.reconnaitre(octets) as (forme, archive):
        if archive is None:
            from pipelines.ingestion import regard_xls

            return regard_xls.regarder(octets, entetes)
        if forme == "xlsx":
            from pipelines.ingestion import regard_xlsx

            return regard_xlsx.regarder(archive, entetes)
        if forme == "xlsb":
            from pipelines.ingestion import regard_xlsb

            return regard_xlsb.regarder(archive, entetes)
        from pipelines.ingestion import regard_ods

        return regard_ods.regarder(archive, entetes)


def compter(vues: dict[int, Trouve], colonne: int, ligne: int, fois: int = 1) -> None:
    """Count cells of a column, of which `ligne` is the first row.

    Raises:
        Refus: no sheet has that many columns.
    """
    if colonne >= _COLONNES_MAX:
        raise Refus("une cellule est au-delà de la dernière colonne")
    vues.setdefault(colonne, Trouve()).voir(ligne, fois)


def fusionner(
    regard: Regard, entete: int, lignes: tuple[int, int], colonnes: tuple[int, int]
) -> None:
    """Count a merged area, by its first and last rows from 1 and columns from 0."""
    (haut, bas), (gauche, droite) = lignes, colonnes
    if bas > entete and (bas > haut or droite > gauche):
        compter(regard.fusionnees, gauche, max(haut, entete + 1))


def en_pourcentage(code: str) -> bool:
    """Whether a number format multiplies by a hundred: it has a % that is not there as a text."""
    return "%" in _LITTERAL.sub("", code[:_FORMAT_MAX])
