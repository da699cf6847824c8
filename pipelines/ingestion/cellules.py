"""The shape in which CSV files and workbooks hand over their cells."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

LIGNE, CELLULES = "_ligne", "_cellules"
SCHEMA: dict[str, pl.DataType] = {LIGNE: pl.Int64(), CELLULES: pl.List(pl.String())}

DATE_EXCEL = "\ue000"
"""Stands before a real Excel date, so that a text that looks like one is not taken for it."""


@dataclass(frozen=True)
class Source:
    """One way of reading a file (a separator, a sheet) and the frames of cells that it gives.

    A frame has `_ligne`, the row's number in the file, and `_cellules`, its texts as they stand.
    """

    trames: Iterable[pl.DataFrame]
    encodage: str = ""
    separateur: str = ""
    feuille: str = ""
