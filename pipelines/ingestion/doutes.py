"""What is accepted but may be wrong: the shape of a doubt, its kinds, how it is kept and told.

Doubts change neither what loads nor what is refused. What is looked at is in `observation`, by
nature in `doutes_*`; what only a workbook tells is seen by `regards`. No message ever holds the
text of a cell: rows and columns are named, persons never are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from pipelines.ingestion.lecture import Table
from pipelines.ingestion.regards import Trouve

FEUILLE_NON_LUE, LIGNES_MASQUEES = "feuille_non_lue", "lignes_masquees"
FORMULE_SANS_VALEUR, POURCENTAGE, SOMME = "formule_sans_valeur", "pourcentage", "somme"
COLONNE_IGNOREE, ENCODAGE, CLES_VOISINES = "colonne_ignoree", "encodage", "cles_voisines"
SIRET_ARRONDI, CELLULE_FUSIONNEE = "siret_arrondi", "cellule_fusionnee"
SEPARATEUR_DANS_CELLULE, TOTAL = "separateur_dans_cellule", "total"
LIGNES_LONGUES, DONNEE_PERSONNELLE = "lignes_longues", "donnee_personnelle"
SORTES = (
    FEUILLE_NON_LUE, LIGNES_MASQUEES, FORMULE_SANS_VALEUR, POURCENTAGE, SOMME, COLONNE_IGNOREE,
    ENCODAGE, CLES_VOISINES, SIRET_ARRONDI, CELLULE_FUSIONNEE, SEPARATEUR_DANS_CELLULE, TOTAL,
    LIGNES_LONGUES, DONNEE_PERSONNELLE,
)  # fmt: skip
"""The kinds, in the order in which they are told."""


@dataclass(frozen=True)
class Doute:
    """A doubt on one file: its kind, what was seen, on how many rows, the first of them.

    `premiere_ligne` is None where it is not about rows, `colonne`, one of the contract's, where it
    is not about one. `message` says in French what was seen and what to do.
    """

    doute: str
    message: str
    nombre: int = 1
    premiere_ligne: int | None = None
    colonne: str | None = None
    feuille: str = ""


class Temoin:
    """Sees some of a delivery as it is read, and has its doubts at the end."""

    def feuille(self, table: Table) -> None:
        """A sheet, or a CSV, before any of its rows."""

    def trame(self, trame: pl.DataFrame) -> None:
        """Some rows below its header, all their cells as they stand."""

    def lot(self, lot: pl.DataFrame, typees: pl.DataFrame | None) -> None:
        """The same rows by column: as text with those skipped, then typed without these.

        Some come later than others, and without typed rows where all are skipped.
        """

    def doutes(self) -> Iterable[Doute]:
        """The doubts, once all was seen."""
        return ()


def ranger(doutes: Iterable[Doute], feuilles: Sequence[str]) -> list[Doute]:
    """Doubts as they are told: by kind, then in the order of sheets, rows and columns."""
    rangs = {nom: rang for rang, nom in enumerate(feuilles)}
    return sorted(
        doutes,
        key=lambda d: (
            SORTES.index(d.doute),
            rangs.get(d.feuille, len(rangs)),
            d.premiere_ligne or 0,
            d.colonne or "",
            d.feuille,
            d.message,
        ),
    )


def en_fiche(doutes: Iterable[Doute]) -> list[dict[str, Any]]:
    """Doubts as JSON keeps them."""
    return [asdict(doute) for doute in doutes]


def de_fiche(gardes: Iterable[dict[str, Any]]) -> list[Doute]:
    """Doubts as they were kept."""
    return [Doute(**garde) for garde in gardes]


def compter(nombre: int, singulier: str) -> str:
    """`1 ligne`, `12 lignes`."""
    return f"{nombre} {singulier}{'s' * (nombre > 1)}"


def a_la_ligne(trouve: Trouve, quoi: str = "cellule") -> str:
    """`ligne 12`, or `3 cellules, la première à la ligne 12`."""
    if trouve.nombre == 1:
        return f"ligne {trouve.premiere}"
    return f"{compter(trouve.nombre, quoi)}, la première à la ligne {trouve.premiere}"


def non_vides(trouves: dict[str, Trouve]) -> Iterator[tuple[str, Trouve]]:
    """What was found of each column, where something was."""
    return ((nom, trouve) for nom, trouve in trouves.items() if trouve.nombre)
