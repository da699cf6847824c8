"""What a page, a document or a workbook says, before it is laid out: blocks, tables, numbers.

A number comes from the warehouse with the text that its macros give it, and with its key, so that
it can be read back from what is written. How a block looks does not belong here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

PROVISOIRE, RECENTE, MASQUE = "provisoire", "récente", "masqué"
VERDICTS = {
    "conforme": "conforme", "explique": "expliqué", "proche": "proche",
    "inexplique": "inexpliqué", "non_calculable": "non calculable", "ne_tient_pas": "ne tient pas",
}  # fmt: skip
FINE, INSECABLE = "\u202f", "\u00a0"


@dataclass(frozen=True)
class Nombre:
    """A number: its value at full precision, and as people read it.

    `cle` is (indicateur, territoire, periode, ventilation, modalite, mesure) where it is one of
    `indicateurs.valeurs` or `diffusion.valeurs`. `etat` is a mark that is shown with it.
    """

    valeur: float | None
    texte: str
    unite: str = ""
    etat: str = ""
    cle: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lien:
    """Words that lead to a page of the same folder (`indicateurs/x.html#ancre`)."""

    texte: str
    vers: str


@dataclass(frozen=True)
class Trace:
    """A line as small as a word: a series by month; `alternative` says it in words."""

    valeurs: tuple[float | None, ...]
    alternative: str


Cellule = str | Nombre | Lien | Trace | None


@dataclass(frozen=True)
class Colonne:
    """A column of a table; `aide` says what it is."""

    titre: str
    aide: str = ""


@dataclass(frozen=True)
class Tableau:
    """A table: `cle` is its own on its page, `source` says where it comes from.

    The first `entetes` cells of a row name it. Where it is only the beginning of what `source` has,
    `en_tout` is how many rows that is.
    """

    cle: str
    titre: str
    colonnes: tuple[Colonne, ...]
    lignes: tuple[tuple[Cellule, ...], ...]
    source: str
    note: str = ""
    entetes: int = 1
    en_tout: int = 0


@dataclass(frozen=True)
class Graphique:
    """A chart, as a Vega-Lite specification, with the table of what it shows."""

    cle: str
    titre: str
    spec: dict[str, Any] = field(hash=False)
    alternative: str
    tableau: Tableau


@dataclass(frozen=True)
class Texte:
    """A paragraph; `genre` is empty, `note`, `alerte`, `code`, or an author's.

    An author's is `auteur`, or `citation` for a quotation; `origine` marks the text of `textes.csv`
    that it is, or was before it was corrected in a document.
    """

    texte: str
    genre: str = ""
    origine: str = ""


@dataclass(frozen=True)
class Liste:
    """A list of points, each words or a link."""

    points: tuple[str | Lien, ...]


@dataclass(frozen=True)
class Section:
    """A titled part: its level is its depth. `objectif` is the key of texts and sheets, if any."""

    titre: str
    ancre: str
    blocs: tuple["Bloc", ...]
    objectif: str = ""


Bloc = Section | Tableau | Graphique | Texte | Liste


@dataclass(frozen=True)
class Page:
    """A page: `chemin` under the folder, `fil` the pages above it."""

    chemin: str
    titre: str
    blocs: tuple[Bloc, ...]
    fil: tuple[Lien, ...] = ()
    surtitre: str = ""


def sans_vides(tableau: Tableau) -> Tableau:
    """A table without the columns that have nothing in any row."""
    pleines = [
        rang
        for rang in range(len(tableau.colonnes))
        if rang < tableau.entetes or any(ligne[rang] not in (None, "") for ligne in tableau.lignes)
    ]
    return replace(
        tableau,
        colonnes=tuple(tableau.colonnes[r] for r in pleines),
        lignes=tuple(tuple(ligne[r] for r in pleines) for ligne in tableau.lignes),
    )


LIGNES_LUES = 300
"""Rows of a table that a person reads; the others are for those who sort and filter."""


def abrege(tableau: Tableau) -> Tableau:
    """A table as it is read, on a page or on paper: its first rows, and where the others are."""
    if len(tableau.lignes) <= LIGNES_LUES:
        return tableau
    en_tout = compte(tableau.en_tout or len(tableau.lignes), "ligne")
    suite = f"Les {LIGNES_LUES} premières de {en_tout}"
    suite += "." if tableau.en_tout else " ; toutes sont dans le classeur."
    return replace(
        tableau,
        lignes=tableau.lignes[:LIGNES_LUES],
        note=f"{tableau.note} {suite}".strip(),
    )


def parcourir(blocs: Sequence[Bloc]) -> Iterator[Bloc]:
    """All the blocks, those of sections after them, in the order of reading."""
    for bloc in blocs:
        yield bloc
        if isinstance(bloc, Section):
            yield from parcourir(bloc.blocs)


def compte(nombre: int, singulier: str, pluriel: str = "") -> str:
    """`1 livraison`, `12 000 livraisons`."""
    mot = singulier if nombre < 2 else pluriel or f"{singulier}s"
    return f"{nombre:,} {mot}".replace(",", " ")


@lru_cache(maxsize=8192)
def typographie(texte: str) -> str:
    """French typography: narrow no-break spaces in numbers, and before what takes one."""
    texte = re.sub(r"(?<=\d)[ \u00a0](?=\d{3}(?!\d))", FINE, texte)
    texte = re.sub(r"(?<=[+\-−×><=≥≤]) (?=\d)", INSECABLE, texte)
    texte = re.sub(r"(?<=\d) (?=(%|€|points?\b|h\b))", FINE, texte)
    texte = re.sub(r" (?=[;!?])", FINE, texte)
    return re.sub(r" (?=[:»])", INSECABLE, texte).replace("« ", "«" + INSECABLE)


_LU = re.compile(
    r"(?P<signe>[+\-−] )?(?P<nombre>\d{1,3}(?:[ \u00a0\u202f]\d{3})*|\d+)(?P<suite>,\d+)?"
    r"(?: (?P<unite>%|€|points?))?"
)


def nombre_lu(texte: str) -> Nombre | None:
    """The number that a text of a view is, « + 34,8 % », if it is one and no more."""
    lu = _LU.fullmatch(texte)
    if not lu:
        return None
    entier = re.sub(r"\D", "", lu["nombre"])
    if len(entier) > 1 and entier[0] == "0":  # a code, not a number
        return None
    valeur = float(entier + (lu["suite"] or "").replace(",", "."))
    if (lu["signe"] or "+")[0] != "+":
        valeur = -valeur
    return Nombre(valeur, texte, lu["unite"] or "")


def presents(*blocs: Bloc | None) -> list[Bloc]:
    """Those of some blocks that there are."""
    return [b for b in blocs if b is not None]
