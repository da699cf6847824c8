"""From the bytes of a file to its rows of text: header, «no value», empty rows, totals.

A batch of rows is a polars frame of text columns, trimmed, «no value» as NULL, with `ligne`, the
row's number as a spreadsheet shows it. How CSV and XLSX are taken apart is in `csv_texte` and
`classeur`; types, codes and rules do not belong here.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import polars as pl

from pipelines.erreurs import Refus
from pipelines.ingestion import classeur, csv_texte
from pipelines.ingestion.cellules import CELLULES, DATE_EXCEL, LIGNE, Source
from pipelines.ingestion.octets import Octets

LIGNES_D_ENTETE = 20
_NOM_MAX = 1000
HORS_ENTETE, TOTAL = "_hors_entete", "_total"
SANS_VALEUR = ("", "nc", "nd", "nr", "n/a", "n.a.", "n/d", "néant", "neant", "-")
_TOTAL = r"(?i)^\s*(?:total|totaux|sous[-\s]?tota(?:l|ux))\b"


@dataclass(frozen=True)
class Reconnu:
    """What was recognised of a file, told to the steward; nothing here decides anything."""

    encodage: str = ""
    separateur: str = ""
    feuille: str = ""
    ligne_entete: int = 0
    ignorees: tuple[str, ...] = ()
    absentes: tuple[str, ...] = ()


@dataclass
class Table:
    """A file whose header was found: its columns by position, and the frames of cells below it."""

    reconnu: Reconnu
    positions: dict[str, int]
    largeur: int
    suite: Iterator[pl.DataFrame] = field(repr=False)


@lru_cache(maxsize=4096)
def cle_de_nom(nom: str) -> str:
    """What is left of a column's name once case, accents, spaces and such do not count.

    A cell too long to be a name looks like none.
    """
    if len(nom) > _NOM_MAX:
        return "…"
    plat = unicodedata.normalize("NFD", nom.casefold())
    return "".join(c for c in plat if not unicodedata.combining(c) and not _indifferent(c))


def _indifferent(c: str) -> bool:
    return c.isspace() or c in "_'’‘ʼ`´" or unicodedata.category(c) == "Pd"


def ouvrir(fichier: Path | Octets, obligatoires: Iterable[str], connues: Iterable[str]) -> Table:
    """Find the header of a file: the first of its first rows that has all `obligatoires`.

    Args:
        fichier: a CSV or XLSX file, or its bytes if they were taken.
        obligatoires: columns that the header must have.
        connues: all the columns that are not ignored.

    Raises:
        Refus: the file cannot be read, has no such header, or a known name twice in it.
    """
    obligatoires, connues = list(obligatoires), list(connues)
    octets = Octets.de(fichier)
    if not octets.contenu:
        raise Refus("le fichier est vide")
    sources = classeur.sources if octets.classeur else csv_texte.sources
    manquantes = obligatoires
    refus: Refus | None = None
    for source in sources(octets):
        try:
            debut, suite = _debut(source)
        except Refus as raison:  # with another separator, the same text may well be read
            refus = raison
            continue
        for rang, rangee in enumerate(debut[CELLULES].head(LIGNES_D_ENTETE).to_list()):
            cellules = [c or "" for c in rangee]
            noms = {cle_de_nom(c) for c in cellules}
            absentes = [c for c in obligatoires if cle_de_nom(c) not in noms]
            if not absentes:
                reconnu = Reconnu(source.encodage, source.separateur, source.feuille)
                reconnu = replace(reconnu, ligne_entete=debut[LIGNE][rang])
                return _table(reconnu, cellules, connues, _enchainer(debut[rang + 1 :], suite))
            if len(absentes) < len(manquantes):
                manquantes = absentes
    if refus:
        raise refus
    raise Refus(
        f"aucun en-tête complet dans les {LIGNES_D_ENTETE} premières lignes : il manque "
        + ("la colonne " if len(manquantes) == 1 else "les colonnes ")
        + ", ".join(manquantes)
    )


def _debut(source: Source) -> tuple[pl.DataFrame, Iterator[pl.DataFrame]]:
    """The first frames of a source, enough of them to look for a header, and the others."""
    trames = iter(source.trames)
    lues: list[pl.DataFrame] = []
    for trame in trames:
        lues.append(trame)
        if sum(t.height for t in lues) >= LIGNES_D_ENTETE:
            break
    vide = pl.DataFrame(schema={LIGNE: pl.Int64, CELLULES: pl.List(pl.String)})
    return pl.concat([vide, *lues]), trames


def _enchainer(premiere: pl.DataFrame, suite: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    yield premiere
    yield from suite


def _table(
    reconnu: Reconnu, entete: Sequence[str], connues: Iterable[str], suite: Iterator[pl.DataFrame]
) -> Table:
    par_cle = {cle_de_nom(c): c for c in connues}
    noms = [cle_de_nom(c) for c in entete]
    doubles = sorted({par_cle[n] for n in noms if n in par_cle and noms.count(n) > 1})
    if doubles:
        ou = f"dans l'en-tête, ligne {reconnu.ligne_entete}"
        raise Refus(*(f"la colonne {nom} figure deux fois {ou}" for nom in doubles))
    autres = [c for c, n in zip(entete, noms, strict=True) if n and n not in par_cle]
    ignorees = [c.removeprefix(DATE_EXCEL).strip() for c in autres]
    absentes = [nom for cle, nom in par_cle.items() if cle not in noms]
    return Table(
        replace(reconnu, ignorees=tuple(ignorees), absentes=tuple(absentes)),
        {par_cle[n]: i for i, n in enumerate(noms) if n in par_cle},
        max(i for i, c in enumerate(entete) if c.strip()) + 1,
        suite,
    )


def lots(table: Table, colonnes: Sequence[str], cle: Sequence[str]) -> Iterator[pl.DataFrame]:
    """The rows below the header, batch by batch; rows of empty cells are left out.

    Each batch has the text `colonnes` (absent ones NULL), `_ligne`, `_hors_entete` (a value beyond
    the header) and `_total` (the row is a total, given the columns of `cle`).
    """
    for trame in table.suite:
        if trame.height:
            yield _lot(table, trame, colonnes, cle)


def _lot(
    table: Table, trame: pl.DataFrame, colonnes: Sequence[str], cle: Sequence[str]
) -> pl.DataFrame:
    connues = list(table.positions)
    textes = trame.select(
        LIGNE, _a_voir(table.largeur), *(_texte(nom, i) for nom, i in table.positions.items())
    )
    a_voir = textes["_a_voir"]
    sans_valeur = pl.col(connues).str.to_lowercase().is_in(SANS_VALEUR)
    textes = textes.select(
        LIGNE,
        pl.when(sans_valeur).then(None).otherwise(pl.col(connues)).name.keep(),
        *(pl.lit(None, pl.String).alias(nom) for nom in colonnes if nom not in table.positions),
        pl.lit(False).alias(HORS_ENTETE),
        pl.lit(False).alias(TOTAL),
    )
    if a_voir.any():
        textes = _juger(table, textes, trame.filter(a_voir), cle)
    return textes.select(*colonnes, LIGNE, HORS_ENTETE, TOTAL)


@lru_cache
def _a_voir(largeur: int) -> pl.Expr:
    """Rows that may be empty, totals, or too long: the others need no look at all their cells."""
    cellules = pl.col(CELLULES)
    premiere = cellules.list.first().fill_null("")
    return (
        (premiere.str.strip_chars() == "")
        | premiere.str.contains(_TOTAL)
        | (cellules.list.len() > largeur)
    ).alias("_a_voir")


@lru_cache(maxsize=4096)
def _texte(nom: str, place: int) -> pl.Expr:
    return pl.col(CELLULES).list.get(place, null_on_oob=True).str.strip_chars().alias(nom)


def _juger(
    table: Table, textes: pl.DataFrame, a_voir: pl.DataFrame, cle: Sequence[str]
) -> pl.DataFrame:
    """The rows of `textes` less the empty ones, their two marks set from all the cells `a_voir`."""
    cellules = pl.col(CELLULES)
    texte = pl.element().str.strip_chars()
    pleines = cellules.list.eval(texte != "")
    valeurs = cellules.list.eval(texte.str.to_lowercase().is_in(SANS_VALEUR).not_())
    vues = a_voir.select(
        LIGNE,
        CELLULES,
        pleines.list.any().alias("_pleine"),
        valeurs.list.slice(table.largeur).list.any().alias("_hors"),
        pleines.list.arg_max().cast(pl.Int64).alias("_rang"),
    )
    places = [table.positions[nom] for nom in cle]
    incomplete = pl.any_horizontal(pl.col(nom).is_null() for nom in cle)
    premiere = cellules.list.get(pl.col("_rang"), null_on_oob=True)
    total = premiere.str.contains(_TOTAL) & (incomplete | pl.col("_rang").is_in(places))
    return (
        textes.join(vues, on=LIGNE, how="left", maintain_order="left")
        .filter(pl.col("_pleine").fill_null(True))
        .with_columns(
            pl.col("_hors").fill_null(False).alias(HORS_ENTETE),
            total.fill_null(False).alias(TOTAL),
        )
    )
