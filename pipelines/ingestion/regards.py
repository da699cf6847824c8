"""A second look at a workbook, for doubts: what calamine does not tell of its cells.

Rows that are hidden, formulas never computed, cells shown as %, merged cells. Nothing here changes
what is read. What is said of it to people is in `doutes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


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


class RegardImpossible(Exception):
    """A workbook cannot be looked at again, though its cells were read."""


def regarder(octets: bytes, entetes: Mapping[str, int]) -> dict[str, Regard]:
    """What is seen of the sheets of a workbook, each below its header's row, from 1.

    Raises:
        RegardImpossible: it cannot be looked at.
    """
    return {}
