"""Small tables written as text, with sums left unreduced: `2 + 3` in a cell is 5.

departement | annee | places
02          | 2019  | 10
59          | 2019  | -          (a hyphen is NULL)
"""

from typing import Any

from pipelines.rapprochement.hypothese import HypotheseIllisible, evaluer


def lignes(texte: str) -> list[dict[str, str | None]]:
    """The rows of a table written as text; `-` is NULL."""
    rangees = [
        [cellule.strip() for cellule in ligne.split("|")]
        for ligne in texte.strip().splitlines()
        if ligne.strip() and not set(ligne.strip()) <= set("-+|")
    ]
    entete, *reste = rangees
    assert all(len(r) == len(entete) for r in reste), texte
    return [{nom: None if c == "-" else c for nom, c in zip(entete, r, strict=True)} for r in reste]


def valeur(cellule: str | None) -> Any:
    """What an expected cell stands for: NULL, a number (computed if need be), a boolean, a text."""
    if cellule is None:
        return None
    if cellule in ("oui", "non"):
        return cellule == "oui"
    try:
        return float(evaluer(cellule))
    except HypotheseIllisible:
        return cellule
