"""The header of a file: where it is, which of its columns are known, what lies below it.

How CSV and XLSX are taken apart is in `csv_texte` and `classeur`; what the rows below the header
are is in `lignes`.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path

import polars as pl

from pipelines.erreurs import Refus
from pipelines.ingestion import classeur, csv_texte
from pipelines.ingestion.cellules import CELLULES, DATE_EXCEL, LIGNE, Source
from pipelines.ingestion.octets import Octets

LIGNES_D_ENTETE = 20
_NOM_MAX = 1000


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
    """A file whose header was found: its columns by position, and the frames of cells below it.

    `entete` are its cells, `largeur` their number up to the last one that is not empty; `relire`
    gives the frames of a CSV once more.
    """

    reconnu: Reconnu
    positions: dict[str, int]
    entete: list[str]
    largeur: int
    suite: Iterator[pl.DataFrame] = field(repr=False)
    relire: Callable[[], Iterator[pl.DataFrame]] | None = field(default=None, repr=False)


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
                table = _table(reconnu, cellules, connues, _enchainer(debut[rang + 1 :], suite))
                if source.sous_entete:
                    table.relire = partial(source.sous_entete, reconnu.ligne_entete, len(cellules))
                    table.suite = table.relire()
                return table
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
        list(entete),
        max(i for i, c in enumerate(entete) if c.strip()) + 1,
        suite,
    )
