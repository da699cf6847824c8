"""The header of a file: where it is, which of its columns are known, what lies below it.

How CSV and XLSX are taken apart is in `csv_texte` and `classeur`; what the rows below the header
are is in `lignes`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import zip_longest
from pathlib import Path

import polars as pl

from pipelines.erreurs import Refus
from pipelines.ingestion import csv_texte
from pipelines.ingestion.cellules import CELLULES, LIGNE, MARQUES, Source
from pipelines.ingestion.correspondances import AUCUNE, OUI, Correspondance, Correspondances
from pipelines.ingestion.masques import Masque
from pipelines.ingestion.noms import cle_de_nom, de_notice
from pipelines.ingestion.octets import Octets

LIGNES_D_ENTETE = 30
SANS_ENTETE = "aucun en-tête complet"


@dataclass(frozen=True)
class FeuilleNonLue:
    """A sheet of a workbook that is not read, told to the steward; `nom` as it may be shown.

    `notice` says that its name is that of an example or a notice, `masquee` that nobody sees it,
    `entete` that it has a complete header, `dite` that correspondances.csv says not to read it;
    `lignes` counts the rows that hold something below its best row of names, `colonnes` are the
    known names in that row. `onglet` is its name as the workbook has it.
    """

    nom: str
    notice: bool = False
    masquee: bool = False
    entete: bool = False
    dite: bool = False
    lignes: int = 0
    colonnes: tuple[str, ...] = ()
    onglet: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Reconnu:
    """What was recognised of a file, told to the steward; nothing here decides anything.

    `absentes` are the columns that some sheet lacks, `ignorees` all the unknown names; `positions`
    says where the others stand. `feuille` is the name of a sheet as it may be kept and shown,
    `onglet` as the workbook has it.
    """

    encodage: str = ""
    separateur: str = ""
    feuille: str = ""
    ligne_entete: int = 0
    ignorees: tuple[str, ...] = ()
    absentes: tuple[str, ...] = ()
    positions: Mapping[str, int] = field(default_factory=dict, compare=False)
    onglet: str = field(default="", compare=False, repr=False)


def nom_de_feuille(onglet: str, rang: int, mois: str) -> str:
    """The name of a sheet, the `rang`th of its workbook, without what it says of a person."""
    masque = Masque(mois).texte(onglet)
    return onglet if masque == onglet else f"{masque} (feuille {rang})"


@dataclass
class Table:
    """A header that was found: its columns by position, and the frames of cells below it.

    `entete` are its cells, `largeur` their number up to the last one that is not empty; `relire`
    gives the frames of a CSV once more. `constantes` are the columns that it lacks and a line of
    correspondances.csv gives. In a workbook, every sheet that has the header is one more table:
    `toutes` gives them in turn.
    """

    reconnu: Reconnu
    positions: dict[str, int]
    entete: list[str]
    largeur: int
    suite: Iterator[pl.DataFrame] = field(repr=False)
    relire: Callable[[], Iterator[pl.DataFrame]] | None = field(default=None, repr=False)
    correspondances: Correspondances = AUCUNE
    constantes: Mapping[str, str] = field(default_factory=dict)
    utilisees: Counter[Correspondance] = field(default_factory=Counter)
    autres: "Iterator[Table]" = field(repr=False, default_factory=lambda: iter(()))
    non_lues: list[FeuilleNonLue] = field(default_factory=list)

    def toutes(self) -> "Iterator[Table]":
        """This table, then those of the sheets that follow, each once the one before was read.

        `non_lues`, which they share, is whole once all were read.
        """
        yield self
        yield from self.autres


def sources(octets: Octets) -> Iterator[Source]:
    """The ways of reading a file: its sheets, or each separator of a CSV."""
    if not octets.classeur:
        return csv_texte.sources(octets)
    from pipelines.ingestion import classeur  # here: a CSV has no need of it

    return classeur.sources(octets)


def ouvrir(
    fichier: Path | Octets,
    obligatoires: Iterable[str],
    connues: Iterable[str],
    correspondances: Correspondances = AUCUNE,
    mois: str = "",
) -> Table:
    """Find the header of a file: the first of its first rows that has all `obligatoires`.

    Gives the table of the first sheet that has one; `Table.toutes` gives them all.

    Args:
        fichier: a CSV file or a workbook, or its bytes if they were taken.
        obligatoires: columns that the header must have.
        connues: all the columns that are not ignored.
        correspondances: what the roadmap says of the file.
        mois: month of the delivery, empty where it is not known.

    Raises:
        Refus: the file cannot be read, has no such header, or a known name twice in it. What is
            read of later sheets raises it too.
    """
    octets = Octets.de(fichier)
    if octets.vide:
        raise Refus("le fichier est vide")
    non_lues: list[FeuilleNonLue] = []
    noms = _Noms(list(obligatoires), list(connues), correspondances, mois)
    tables = _tables(octets, noms, non_lues)
    premiere = next(tables)
    premiere.autres = tables
    return premiere


@dataclass(frozen=True)
class _Noms:
    """The columns of a contract, by the names that a file of a month may give them."""

    obligatoires: list[str]
    connues: list[str]
    correspondances: Correspondances
    mois: str

    def de(self, cellule: str) -> str:
        """The column that a cell of a header names; empty where it is none."""
        cle = cle_de_nom(cellule)
        ligne = self.correspondances.par_nom.get(cle)
        return ligne.colonne if ligne else self._par_cle.get(cle, "")

    @cached_property
    def _par_cle(self) -> dict[str, str]:
        return {cle_de_nom(c): c for c in self.connues}

    def absentes(self, cellules: Iterable[str | None]) -> list[str]:
        """The columns that a header must have, and whose names are not among these."""
        noms = {self.de(c or "") for c in cellules}
        exigees = self.correspondances.obligatoires(self.obligatoires)
        # Where constants give all the columns, some other name must show which row the header is.
        return [c for c in exigees if c not in noms] if any(noms) else self.obligatoires


@dataclass(frozen=True)
class _Entete:
    """What may be the header of a sheet: the rank of its last row, its cells, what it lacks."""

    rang: int
    cellules: list[str]
    absentes: list[str]


def _tables(octets: Octets, noms: _Noms, non_lues: list[FeuilleNonLue]) -> Iterator[Table]:
    """The tables of a file; of a CSV, the first that a separator gives is the only one."""
    manquantes = noms.obligatoires
    refus: Refus | None = None
    trouvee = False
    for rang, source in enumerate(sources(octets), start=1):
        montree = nom_de_feuille(source.feuille, rang, noms.mois)
        dite = noms.correspondances.de_la_feuille(source.feuille) if octets.classeur else None
        ecartee = source.masquee or de_notice(source.feuille)
        if dite:
            ecartee = dite.contrat != OUI
        try:
            debut, suite = _debut(source, noms)
        except Refus as raison:
            if not octets.classeur:  # with another separator, the same text may well be read
                refus = raison
            elif ecartee:
                non_lues.append(_sans_lignes(source, montree, dite))
            else:
                raise
            continue
        entete = _entete(debut, noms)
        if entete.absentes or ecartee:
            if octets.classeur:
                sans_lignes = _sans_lignes(source, montree, dite)
                non_lues.append(_avec_lignes(sans_lignes, debut, suite, entete, noms))
            if not ecartee and len(entete.absentes) < len(manquantes):
                manquantes = entete.absentes
            continue
        reconnu = Reconnu(
            source.encodage,
            source.separateur,
            montree,
            ligne_entete=debut[LIGNE][entete.rang],
            onglet=source.feuille,
        )
        suite = _enchainer(debut[entete.rang + 1 :], suite)
        trouvee = True
        table = _table(reconnu, entete.cellules, noms, suite, non_lues)
        if dite:
            table.utilisees[dite] += 1
        if source.sous_entete:
            largeur = len(entete.cellules)
            table.relire = partial(source.sous_entete, reconnu.ligne_entete, largeur)
            table.suite = table.relire()
        yield table
        if not octets.classeur:
            return
    if not trouvee:
        raise refus or Refus(_sans_entete(manquantes, noms, non_lues))


def ensemble(feuilles: Sequence[Reconnu]) -> Reconnu:
    """What was recognised of all the sheets of a file; the header told is that of the first."""
    if len(feuilles) == 1:
        return feuilles[0]
    return replace(
        feuilles[0],
        ignorees=tuple(dict.fromkeys(nom for f in feuilles for nom in f.ignorees)),
        absentes=tuple(dict.fromkeys(nom for f in feuilles for nom in f.absentes)),
    )


def _entete(debut: pl.DataFrame, noms: _Noms) -> _Entete:
    """Where the roadmap says; else the first row that lacks none of the names, or the fewest."""
    if noms.correspondances.entete:
        return _entete_dit(debut, noms, noms.correspondances.entete)
    meilleur = _Entete(0, [], noms.correspondances.obligatoires(noms.obligatoires))
    for rang, rangee in enumerate(_premieres(debut)):
        absentes = noms.absentes(rangee)
        if len(absentes) < len(meilleur.absentes) or not absentes:
            meilleur = _Entete(rang, [c or "" for c in rangee], absentes)
        if not absentes:
            break
    return meilleur


def _entete_dit(debut: pl.DataFrame, noms: _Noms, ligne: Correspondance) -> _Entete:
    """The header that a line of correspondances.csv places: its rows, joined from top to bottom."""
    premiere, derniere = lignes_de_l_entete(ligne)
    jusque = debut.filter(pl.col(LIGNE) <= derniere)
    cellules = joindre(jusque.filter(pl.col(LIGNE) >= premiere)[CELLULES].to_list())
    return _Entete(max(jusque.height - 1, 0), cellules, noms.absentes(cellules))


def lignes_de_l_entete(ligne: Correspondance) -> tuple[int, int]:
    """The first and last rows of the header that a line of correspondances.csv places."""
    premiere = int(ligne.contrat)
    return premiere, premiere + int(ligne.livre or 1) - 1


def joindre(rangees: Iterable[Sequence[str | None]]) -> list[str]:
    """The names of a header over several rows, from top to bottom."""
    colonnes = zip_longest(*rangees, fillvalue="")
    return [" ".join(filter(None, ((c or "").strip() for c in colonne))) for colonne in colonnes]


def _premieres(debut: pl.DataFrame) -> list[list[str | None]]:
    """The rows among which the header is."""
    rangees: list[list[str | None]] = debut.filter(pl.col(LIGNE) <= LIGNES_D_ENTETE)[
        CELLULES
    ].to_list()
    return rangees


def _sans_entete(manquantes: list[str], noms: _Noms, non_lues: list[FeuilleNonLue]) -> str:
    ligne = noms.correspondances.entete
    ou = f"dans les {LIGNES_D_ENTETE} premières lignes"
    if ligne:
        ou = f"à la ligne {ligne.contrat}, où le place correspondances.csv (ligne {ligne.numero})"
    il_manque = "la colonne " if len(manquantes) == 1 else "les colonnes "
    phrase = f"{SANS_ENTETE} {ou} : il manque {il_manque}{', '.join(manquantes)}"
    if len(non_lues) < 2 and not any(f.notice or f.masquee for f in non_lues):
        return phrase
    return f"{phrase} (feuilles non lues : {', '.join(map(dire_non_lue, non_lues))})"


def dire_non_lue(feuille: FeuilleNonLue) -> str:
    """A sheet and why it is not read."""
    if feuille.dite:
        return f"«{feuille.nom}», d'après correspondances.csv"
    if feuille.masquee:
        return f"«{feuille.nom}», masquée" + (" et qui a l'en-tête" if feuille.entete else "")
    if feuille.notice:
        return f"«{feuille.nom}», d'après son nom un exemple ou une notice"
    return f"«{feuille.nom}», sans l'en-tête"


def _avec_lignes(
    feuille: FeuilleNonLue,
    debut: pl.DataFrame,
    suite: Iterator[pl.DataFrame],
    entete: _Entete,
    noms: _Noms,
) -> FeuilleNonLue:
    """A sheet that is not read, with what stands below its best row of names."""
    nommees = {noms.de(c) for c in entete.cellules}
    lignes = 0
    for trame in _enchainer(debut[entete.rang + 1 :], suite):
        pleines = trame[CELLULES].list.eval(pl.element().str.strip_chars() != "").list.any()
        lignes += int(pleines.fill_null(False).sum())
    return replace(
        feuille,
        entete=not entete.absentes,
        lignes=lignes,
        colonnes=tuple(nom for nom in noms.connues if nom in nommees),
    )


def _sans_lignes(source: Source, montree: str, dite: Correspondance | None) -> FeuilleNonLue:
    """A sheet that is not read, of which the rows are not known."""
    notice = not dite and not source.masquee and de_notice(source.feuille)
    masquee = not dite and source.masquee
    refusee = dite is not None and dite.contrat != OUI
    return FeuilleNonLue(montree, notice, masquee, dite=refusee, onglet=source.feuille)


def _debut(source: Source, noms: _Noms) -> tuple[pl.DataFrame, Iterator[pl.DataFrame]]:
    """The first frames of a source, enough of them to look for a header, and the others."""
    trames = iter(source.trames)
    lues: list[pl.DataFrame] = []
    ligne = noms.correspondances.entete
    assez = max(LIGNES_D_ENTETE, *lignes_de_l_entete(ligne)) if ligne else LIGNES_D_ENTETE
    for trame in trames:
        lues.append(trame)
        if sum(t.height for t in lues) >= assez:
            break
    vide = pl.DataFrame(schema={LIGNE: pl.Int64, CELLULES: pl.List(pl.String)})
    return pl.concat([vide, *lues]), trames


def _enchainer(premiere: pl.DataFrame, suite: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    yield premiere
    yield from suite


def _table(
    reconnu: Reconnu,
    entete: Sequence[str],
    noms: _Noms,
    suite: Iterator[pl.DataFrame],
    non_lues: list[FeuilleNonLue],
) -> Table:
    colonnes = [noms.de(c) for c in entete]
    positions: dict[str, int] = {}
    doubles: dict[str, list[str]] = {}
    for place, (colonne, nom) in enumerate(zip(colonnes, entete, strict=True)):
        if colonne and positions.setdefault(colonne, place) != place:
            doubles.setdefault(colonne, [entete[positions[colonne]].strip()]).append(nom.strip())
    if doubles:
        feuille = f" de la feuille «{reconnu.feuille}»" if reconnu.feuille else ""
        ou = f"dans l'en-tête{feuille}, ligne {reconnu.ligne_entete}"
        raise Refus(
            *(
                _deux_fois(colonne, [Masque(noms.mois).texte(nom) for nom in livres], ou)
                for colonne, livres in sorted(doubles.items())
            )
        )
    correspondances = noms.correspondances
    constantes = {}
    for colonne in correspondances.constantes:
        texte = correspondances.constante(colonne, reconnu.onglet)
        if colonne not in positions and texte is not None:
            constantes[colonne] = texte
    autres = [
        c for c, colonne in zip(entete, colonnes, strict=True) if cle_de_nom(c) and not colonne
    ]
    ignorees = [c.lstrip(MARQUES).strip() for c in autres]
    absentes = [c for c in noms.connues if c not in positions and c not in constantes]
    utilisees = [correspondances.par_nom.get(cle_de_nom(c)) for c in entete]
    return Table(
        replace(reconnu, ignorees=tuple(ignorees), absentes=tuple(absentes), positions=positions),
        positions,
        list(entete),
        max(i for i, c in enumerate(entete) if c.strip()) + 1,
        suite,
        correspondances=correspondances,
        constantes=constantes,
        utilisees=Counter(c for c in [*utilisees, correspondances.entete] if c),
        non_lues=non_lues,
    )


def _deux_fois(colonne: str, livres: Sequence[str], ou: str) -> str:
    if len({cle_de_nom(nom) for nom in livres}) == 1:
        return f"la colonne {colonne} figure deux fois {ou}"
    dits = " et ".join(f"«{nom}»" for nom in livres)
    return f"{dits} valent tous deux la colonne {colonne} {ou}, d'après correspondances.csv"
