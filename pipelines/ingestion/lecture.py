"""The header of a file: where it is, which of its columns are known, what lies below it.

How CSV and XLSX are taken apart is in `csv_texte` and `classeur`; what the rows below the header
are is in `lignes`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path

import polars as pl

from pipelines.erreurs import Refus
from pipelines.ingestion import csv_texte
from pipelines.ingestion.cellules import CELLULES, LIGNE, MARQUES, Source
from pipelines.ingestion.octets import Octets

LIGNES_D_ENTETE = 30
SANS_ENTETE = "aucun en-tête complet"
_NOM_MAX = 1000
UNITES = ("€", "EUR", "euros", "%", "h", "heure", "heures", "jour", "jours")
_INDIFFERENT = re.compile(
    r"[\s_'’‘‛ʼ`´\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_FIN_DE_NOM = re.compile(rf"(?:\*|[(\[]\s*(?:en\s+)?(?i:{'|'.join(UNITES)})\s*[)\]])\s*$")
_DE_NOTICE = re.compile(r"(?:exemples?|modeles?|notices?|lisez\W?moi|aide)(?!\w)")


@dataclass(frozen=True)
class FeuilleNonLue:
    """A sheet of a workbook that is not read, told to the steward.

    `notice` says that its name is that of an example or a notice, `masquee` that nobody sees it,
    `entete` that it has a complete header; `lignes` counts the rows that hold something below its
    best row of names, `colonnes` are the known names in that row.
    """

    nom: str
    notice: bool = False
    masquee: bool = False
    entete: bool = False
    lignes: int = 0
    colonnes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reconnu:
    """What was recognised of a file, told to the steward; nothing here decides anything.

    `absentes` are the columns that some sheet lacks, `ignorees` all the unknown names.
    """

    encodage: str = ""
    separateur: str = ""
    feuille: str = ""
    ligne_entete: int = 0
    ignorees: tuple[str, ...] = ()
    absentes: tuple[str, ...] = ()


@dataclass
class Table:
    """A header that was found: its columns by position, and the frames of cells below it.

    `entete` are its cells, `largeur` their number up to the last one that is not empty; `relire`
    gives the frames of a CSV once more. In a workbook, every sheet that has the header is one more
    table: `toutes` gives them in turn.
    """

    reconnu: Reconnu
    positions: dict[str, int]
    entete: list[str]
    largeur: int
    suite: Iterator[pl.DataFrame] = field(repr=False)
    relire: Callable[[], Iterator[pl.DataFrame]] | None = field(default=None, repr=False)
    autres: "Iterator[Table]" = field(repr=False, default_factory=lambda: iter(()))
    non_lues: list[FeuilleNonLue] = field(default_factory=list)

    def toutes(self) -> "Iterator[Table]":
        """This table, then those of the sheets that follow, each once the one before was read.

        `non_lues`, which they share, is whole once all were read.
        """
        yield self
        yield from self.autres


@lru_cache(maxsize=4096)
def cle_de_nom(nom: str) -> str:
    """What is left of a column's name once case, accents, spaces and such do not count.

    Nor do a final star and a final unit in brackets. A cell too long to be a name looks like none.
    """
    if len(nom) > _NOM_MAX:
        return "…"
    nom = _INDIFFERENT.sub(" ", nom).rstrip()
    while fin := _FIN_DE_NOM.search(nom):
        nom = nom[: fin.start()].rstrip()
    plat = unicodedata.normalize("NFD", nom.casefold())
    return "".join(
        c for c in plat if not c.isspace() and unicodedata.category(c) not in ("Mn", "Pd")
    )


def de_notice(feuille: str) -> bool:
    """Whether a sheet's name says that it holds an example or a notice, and no delivery."""
    plat = unicodedata.normalize("NFD", feuille.casefold())
    plat = "".join(c for c in plat if not unicodedata.combining(c)).replace("_", " ")
    return bool(_DE_NOTICE.match(plat.strip()))


def sources(octets: Octets) -> Iterator[Source]:
    """The ways of reading a file: its sheets, or each separator of a CSV."""
    if not octets.classeur:
        return csv_texte.sources(octets)
    from pipelines.ingestion import classeur  # here: a CSV has no need of it

    return classeur.sources(octets)


def ouvrir(fichier: Path | Octets, obligatoires: Iterable[str], connues: Iterable[str]) -> Table:
    """Find the header of a file: the first of its first rows that has all `obligatoires`.

    Gives the table of the first sheet that has one; `Table.toutes` gives them all.

    Args:
        fichier: a CSV file or a workbook, or its bytes if they were taken.
        obligatoires: columns that the header must have.
        connues: all the columns that are not ignored.

    Raises:
        Refus: the file cannot be read, has no such header, or a known name twice in it. What is
            read of later sheets raises it too.
    """
    octets = Octets.de(fichier)
    if not octets.contenu:
        raise Refus("le fichier est vide")
    non_lues: list[FeuilleNonLue] = []
    tables = _tables(octets, list(obligatoires), list(connues), non_lues)
    premiere = next(tables)
    premiere.autres = tables
    return premiere


def _tables(
    octets: Octets, obligatoires: list[str], connues: list[str], non_lues: list[FeuilleNonLue]
) -> Iterator[Table]:
    """The tables of a file; of a CSV, the first that a separator gives is the only one."""
    manquantes = obligatoires
    refus: Refus | None = None
    trouvee = False
    for source in sources(octets):
        ecartee = source.masquee or de_notice(source.feuille)
        try:
            debut, suite = _debut(source)
        except Refus as raison:
            if not octets.classeur:  # with another separator, the same text may well be read
                refus = raison
            elif ecartee:
                non_lues.append(FeuilleNonLue(source.feuille, not source.masquee, source.masquee))
            else:
                raise
            continue
        rang, absentes = _entete(debut, obligatoires)
        if absentes or ecartee:
            if octets.classeur:
                non_lues.append(_non_lue(source, debut, suite, rang, not absentes, connues))
            if not ecartee and len(absentes) < len(manquantes):
                manquantes = absentes
            continue
        reconnu = Reconnu(source.encodage, source.separateur, source.feuille)
        reconnu = replace(reconnu, ligne_entete=debut[LIGNE][rang])
        cellules = [c or "" for c in debut[CELLULES][rang]]
        suite = _enchainer(debut[rang + 1 :], suite)
        trouvee = True
        table = _table(reconnu, cellules, connues, suite, non_lues)
        if source.sous_entete:
            table.relire = partial(source.sous_entete, reconnu.ligne_entete, len(cellules))
            table.suite = table.relire()
        yield table
        if not octets.classeur:
            return
    if not trouvee:
        raise refus or Refus(_sans_entete(manquantes, non_lues))


def ensemble(feuilles: Sequence[Reconnu]) -> Reconnu:
    """What was recognised of all the sheets of a file; the header told is that of the first."""
    if len(feuilles) == 1:
        return feuilles[0]
    return replace(
        feuilles[0],
        ignorees=tuple(dict.fromkeys(nom for f in feuilles for nom in f.ignorees)),
        absentes=tuple(dict.fromkeys(nom for f in feuilles for nom in f.absentes)),
    )


def _entete(debut: pl.DataFrame, obligatoires: list[str]) -> tuple[int, list[str]]:
    """The first row that lacks none of the names, or the fewest: its rank, what it lacks."""
    meilleur, manquantes = 0, obligatoires
    for rang, rangee in enumerate(_premieres(debut)):
        noms = {cle_de_nom(c or "") for c in rangee}
        absentes = [c for c in obligatoires if cle_de_nom(c) not in noms]
        if len(absentes) < len(manquantes) or not absentes:
            meilleur, manquantes = rang, absentes
        if not absentes:
            break
    return meilleur, manquantes


def _premieres(debut: pl.DataFrame) -> list[list[str | None]]:
    """The rows among which the header is."""
    rangees: list[list[str | None]] = debut.filter(pl.col(LIGNE) <= LIGNES_D_ENTETE)[
        CELLULES
    ].to_list()
    return rangees


def _sans_entete(manquantes: list[str], non_lues: list[FeuilleNonLue]) -> str:
    il_manque = "la colonne " if len(manquantes) == 1 else "les colonnes "
    phrase = (
        f"{SANS_ENTETE} dans les {LIGNES_D_ENTETE} premières lignes : il manque "
        f"{il_manque}{', '.join(manquantes)}"
    )
    if len(non_lues) < 2 and not any(f.notice or f.masquee for f in non_lues):
        return phrase
    return f"{phrase} (feuilles non lues : {', '.join(map(dire_non_lue, non_lues))})"


def dire_non_lue(feuille: FeuilleNonLue) -> str:
    """A sheet and why it is not read."""
    if feuille.masquee:
        return f"«{feuille.nom}», masquée" + (" et qui a l'en-tête" if feuille.entete else "")
    if feuille.notice:
        return f"«{feuille.nom}», d'après son nom un exemple ou une notice"
    return f"«{feuille.nom}», sans l'en-tête"


def _non_lue(
    source: Source,
    debut: pl.DataFrame,
    suite: Iterator[pl.DataFrame],
    rang: int,
    entete: bool,
    connues: list[str],
) -> FeuilleNonLue:
    noms = {cle_de_nom(c or "") for c in debut[CELLULES][rang]} if debut.height else set()
    lignes = 0
    for trame in _enchainer(debut[rang + 1 :], suite):
        pleines = trame[CELLULES].list.eval(pl.element().str.strip_chars() != "").list.any()
        lignes += int(pleines.fill_null(False).sum())
    return FeuilleNonLue(
        source.feuille,
        not source.masquee and de_notice(source.feuille),
        source.masquee,
        entete,
        lignes,
        tuple(nom for nom in connues if cle_de_nom(nom) in noms),
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
    reconnu: Reconnu,
    entete: Sequence[str],
    connues: Iterable[str],
    suite: Iterator[pl.DataFrame],
    non_lues: list[FeuilleNonLue],
) -> Table:
    par_cle = {cle_de_nom(c): c for c in connues}
    noms = [cle_de_nom(c) for c in entete]
    doubles = sorted({par_cle[n] for n in noms if n in par_cle and noms.count(n) > 1})
    if doubles:
        feuille = f" de la feuille «{reconnu.feuille}»" if reconnu.feuille else ""
        ou = f"dans l'en-tête{feuille}, ligne {reconnu.ligne_entete}"
        raise Refus(*(f"la colonne {nom} figure deux fois {ou}" for nom in doubles))
    autres = [c for c, n in zip(entete, noms, strict=True) if n and n not in par_cle]
    ignorees = [c.lstrip(MARQUES).strip() for c in autres]
    absentes = [nom for cle, nom in par_cle.items() if cle not in noms]
    return Table(
        replace(reconnu, ignorees=tuple(ignorees), absentes=tuple(absentes)),
        {par_cle[n]: i for i, n in enumerate(noms) if n in par_cle},
        list(entete),
        max(i for i, c in enumerate(entete) if c.strip()) + 1,
        suite,
        non_lues=non_lues,
    )
