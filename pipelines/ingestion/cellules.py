"""The shape in which CSV files and workbooks hand over their cells."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

LIGNE, CELLULES = "_ligne", "_cellules"
SCHEMA: dict[str, pl.DataType] = {LIGNE: pl.Int64(), CELLULES: pl.List(pl.String())}

CITATION = "_citation"
"""Column of the frames of a CSV where some quote stands wrong: how, NULL in the other rows."""
OUVERTE, SUIVIE = "ouverte", "suivie"

FAUTE = "_faute"
"""Column of batches of rows: what is wrong with the form of a row, for people; NULL elsewhere."""

MASQUE = "***"
"""Stands in the place of what may be a person's."""

SANS_VALEUR = ("", "nc", "nd", "nr", "n/a", "n.a.", "n/d", "néant", "neant", "-")

DATE_EXCEL = "\ue000"
"""Stands before a real Excel date, so that a text that looks like one is not taken for it."""

NOMBRE_EXCEL = "\ue001"
"""Stands before a spreadsheet's number that is not whole: its point is surely a decimal one."""

MARQUES = DATE_EXCEL + NOMBRE_EXCEL
"""What is to be taken off a text before it is shown, or kept as text."""


def listes(rangees: Sequence[Sequence[str]]) -> pl.Series:
    """The cells of some rows; through pyarrow, for polars would make a series of each row."""
    import pyarrow as pa  # type: ignore[import-untyped]  # here: a plain CSV has no need of it

    return pl.Series(pa.array(rangees, pa.large_list(pa.large_string())))


@dataclass(frozen=True)
class Source:
    """One way of reading a file (a separator, a sheet) and the frames of cells that it gives.

    A frame has `_ligne`, the row's number in the file, and `_cellules`, its texts as they stand.
    `masquee` says of a sheet that nobody sees it.
    Where rows depend on the header, `sous_entete` reads those below it, from its number and its
    number of cells, as often as it is called.
    """

    trames: Iterable[pl.DataFrame]
    encodage: str = ""
    separateur: str = ""
    feuille: str = ""
    masquee: bool = False
    sous_entete: Callable[[int, int], Iterator[pl.DataFrame]] | None = None
