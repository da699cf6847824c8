"""What is accepted but may be wrong: seen row by row, said file by file.

Doubts change neither what loads nor what is refused. What only a workbook tells is seen by
`regards`; nothing personal is ever told.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Doute:
    """A doubt on one file: its kind, what was seen, on how many rows, the first of them.

    `premiere_ligne` is None where it is not about rows, `colonne` where it is not about one.
    `message` says in French what was seen and what to do.
    """

    doute: str
    message: str
    nombre: int = 1
    premiere_ligne: int | None = None
    colonne: str | None = None
    feuille: str = ""
