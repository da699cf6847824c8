"""The rows below a header: what each holds by column, and which are no data or of a wrong form.

A batch of rows is a polars frame of text columns, trimmed, «no value» as NULL, with `_ligne`, the
row's number as a spreadsheet shows it. Where the header is does not belong here, nor do types,
codes and rules.
"""

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from types import MappingProxyType

import polars as pl

from pipelines.ingestion.cellules import (
    CELLULES,
    CITATION,
    FAUTE,
    LIGNE,
    OUVERTE,
    SANS_VALEUR,
    SUIVIE,
)
from pipelines.ingestion.controle import COLONNE_RETRAIT, RETRAIT
from pipelines.ingestion.csv_texte import SEPARATEURS
from pipelines.ingestion.lecture import Table, cle_de_nom
from pipelines.ingestion.valeurs import Lecteur

IGNOREE = "_ignoree"
TOTAL, MOT_DE_TOTAL, ENTETE_REPETE, NOTE = "total", "mot_de_total", "entete_repete", "note"
"""Why a row is skipped: a total, one for a word in its key, the header again, a note below."""

_PLEINE, _COURTE, _VIDE = "_pleine", "_courte", "_vide"
_CLE, _RETIREE = "_cle", "_retiree"
_ATTENTE_MAX = 10_000
_PREMIERES = 10
_LECTEUR_DU_RETRAIT = Lecteur(replace(COLONNE_RETRAIT, liste=""), {})
_DEBUT_DE_TOTAL = r"(?:total|totaux|sous[-\s]?tota(?:l|ux))\b"
_TOTAL = rf"(?i)^\s*{_DEBUT_DE_TOTAL}"
_MESSAGES = {
    OUVERTE: (
        "Un guillemet ouvert dans la ligne n'est pas refermé au bout de sa cellule : "
        "le refermer ou le retirer."
    ),
    SUIVIE: (
        "Du texte suit le guillemet qui ferme une cellule de la ligne : "
        "doubler les guillemets du texte, ou les retirer."
    ),
}
_HORS_ENTETE = "La ligne a une valeur au-delà de la dernière colonne de l'en-tête : "
_HORS_ENTETE_CSV = _HORS_ENTETE + "chercher un séparateur de trop."
_HORS_ENTETE_CLASSEUR = _HORS_ENTETE + "la mettre sous une colonne, ou l'effacer."
_TROP_DE_CELLULES = (
    "La ligne a plus de cellules que l'en-tête et que la plupart des autres lignes : "
    "chercher un séparateur de trop."
)
_SECOND_TABLEAU = (
    "Un autre en-tête est écrit à la ligne {} : les lignes d'un second tableau "
    "sont à livrer sous le premier en-tête."
)


def lots(
    table: Table,
    colonnes: Sequence[str],
    cle: Sequence[str],
    ensembles: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Iterator[pl.DataFrame]:
    """The rows below the header, batch by batch; rows of empty cells are left out.

    Args:
        table: the rows of one sheet, or of a CSV.
        colonnes: the columns wanted; absent ones are NULL.
        cle: those that are the key.
        ensembles: by column of the key, what is a total where the cell is nothing else.

    Returns:
        Frames with the text `colonnes`, `_ligne`, `_faute` (what is wrong with the form of the row,
        for people) and `_ignoree` (why it is skipped), NULL for most. Rows that may be notes come
        after the others.
    """
    juge = _Juge(table, tuple(colonnes), tuple(cle), ensembles)
    attente: list[pl.DataFrame] = []
    derniere = None
    au_dessus = False
    for trame in table.suite:
        if not trame.height:
            continue
        lot, pleines, courtes = juge.lot(trame)
        au_dessus = au_dessus or pleines.any()
        if derniere is not None and courtes is not None:
            lot = _annoter(lot, courtes & (lot[LIGNE] > derniere))
        elif au_dessus and (attente or courtes is not None):
            # What may be a note is one where no full row follows.
            rangs = pleines.arg_true()
            fin = rangs[-1] + 1 if len(rangs) else 0
            if fin:
                yield from attente
                attente = []
            if courtes is not None:
                notes = lot[fin:].filter(courtes[fin:])
                attente += [notes] if notes.height else []
                lot = pl.concat([lot[:fin], lot[fin:].filter(courtes[fin:].not_())])
            if table.relire and sum(t.height for t in attente) > _ATTENTE_MAX:
                # Memory must not grow with the file: it is read once more to know where they begin.
                derniere = replace(juge).derniere_pleine()
                for notes in attente:
                    yield _annoter(notes, notes[LIGNE] > derniere)
                attente = []
        yield lot
    for notes in attente:
        yield _annoter(notes, pl.repeat(True, notes.height, eager=True))


def _annoter(lot: pl.DataFrame, notes: pl.Series) -> pl.DataFrame:
    marque = pl.when(notes).then(pl.lit(NOTE)).otherwise(IGNOREE).alias(IGNOREE)
    return lot.with_columns(marque)


@dataclass
class _Juge:
    """What is the same for all the rows of a table, and what has been seen of them so far."""

    table: Table
    colonnes: tuple[str, ...]
    cle: tuple[str, ...]
    ensembles: Mapping[str, Collection[str]]
    second_tableau: int = 0
    seuil: int = 0

    def lot(self, trame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series, pl.Series | None]:
        """The rows of a frame; those that are full, and those that may be notes, where some are."""
        positions = self.table.positions
        textes = trame.select(
            LIGNE, _a_voir(self.table.largeur), *(_texte(nom, i) for nom, i in positions.items())
        )
        a_voir = textes["_a_voir"]
        textes = textes.select(*self._valeurs)
        complete, suspecte = textes.select(*self._regards)
        retirees = self._retirees(textes)
        pleines = complete if retirees is None else complete | retirees
        a_voir = a_voir | suspecte
        if CITATION in trame.columns:
            a_voir = a_voir | trame[CITATION].is_not_null()
        courtes = None
        if a_voir.any():
            if retirees is None:
                retirees = pl.repeat(False, textes.height, eager=True)
            vues = textes.hstack([complete.alias(_CLE), retirees.alias(_RETIREE)]).filter(a_voir)
            marques = self._juger(vues, trame.filter(a_voir))
            # Polars puts them in their places at once: a join would cost far more.
            places = a_voir.arg_true()
            courtes = pl.repeat(False, textes.height, eager=True).scatter(places, marques[_COURTE])
            pleines = pleines.scatter(places, marques[_PLEINE])
            textes = textes.with_columns(
                textes[nom].scatter(places, marques[nom]) for nom in (FAUTE, IGNOREE)
            )
            if marques[_VIDE].any():
                gardees = pl.repeat(True, textes.height, eager=True)
                gardees = gardees.scatter(places, marques[_VIDE].not_())
                textes = textes.filter(gardees)
                pleines, courtes = pleines.filter(gardees), courtes.filter(gardees)
            courtes = courtes if courtes.any() else None
        if self.second_tableau:
            message = _SECOND_TABLEAU.format(self.second_tableau)
            fautive = pl.col(FAUTE).is_null() & (pl.col(LIGNE) >= self.second_tableau)
            textes = textes.with_columns(
                pl.when(fautive).then(pl.lit(message)).otherwise(FAUTE).alias(FAUTE)
            )
        return textes, pleines, courtes

    def derniere_pleine(self) -> int:
        """The number of the last full row of a CSV; rows too short to be one are not judged."""
        assez = 2 if RETRAIT in self.table.positions else 3
        numero = 0
        for trame in self.table.relire() if self.table.relire else ():
            longues = trame.filter(pl.col(CELLULES).list.len() >= assez)
            if longues.height:
                lot, pleines, _ = self.lot(longues)
                numero = max([numero, *lot[LIGNE].filter(pleines).tail(1)])
        return numero

    @cached_property
    def _valeurs(self) -> list[pl.Expr]:
        """The columns wanted, «no value» as NULL, and the marks that most rows have not."""
        connues = self.table.positions
        rien = [n for n in (*self.colonnes, FAUTE, IGNOREE) if n not in connues]
        return [
            *(_valeur(nom) for nom in self.colonnes if nom in connues),
            *(pl.lit(None, pl.String).alias(nom) for nom in rien[:-2]),
            pl.col(LIGNE),
            *(pl.lit(None, pl.String).alias(nom) for nom in rien[-2:]),
        ]

    @cached_property
    def _regards(self) -> tuple[pl.Expr, pl.Expr]:
        """Rows whose key is whole; rows to look at: few values, words of total, a header again."""
        premieres = list(self.table.positions)[:_PREMIERES]
        peu = pl.sum_horizontal(pl.col(premieres).is_not_null()) < 3
        return (
            pl.all_horizontal(pl.col(self.cle).is_not_null()).alias(_CLE),
            (peu | self._mot | self._nom).alias("_suspecte"),
        )

    def _juger(self, vues: pl.DataFrame, trame: pl.DataFrame) -> pl.DataFrame:
        """The marks of the rows seen, from all their cells."""
        table = self.table
        cellules = pl.col(CELLULES)
        texte = pl.element().str.strip_chars()
        pleines = cellules.list.eval(texte != "")
        valeurs = cellules.list.eval(texte.str.to_lowercase().is_in(SANS_VALEUR).not_())
        if CITATION not in trame.columns:
            trame = trame.with_columns(pl.lit(None, pl.String).alias(CITATION))
        vues = vues.hstack(
            trame.select(
                CELLULES,
                CITATION,
                pleines.list.sum().fill_null(0).alias("_nombre"),
                pleines.list.arg_max().cast(pl.Int64).alias("_rang"),
                valeurs.list.slice(table.largeur).list.any().fill_null(False).alias("_hors"),
                self._autrement_separee().alias("_separee"),
            )
        )
        ignoree = self._ignoree(vues)
        citation, courte = pl.col(CITATION), pl.col("_nombre").is_between(1, 2)
        trop = cellules.list.len() >= self._trop_de_cellules(trame)
        hors = _HORS_ENTETE_CSV if table.relire else _HORS_ENTETE_CLASSEUR
        return vues.with_columns(ignoree).select(
            (pl.col("_nombre") == 0).alias(_VIDE),
            IGNOREE,
            pl.coalesce(
                citation.replace_strict(_MESSAGES, default=None, return_dtype=pl.String),
                pl.when("_hors").then(pl.lit(hors)),
                pl.when(trop).then(pl.lit(_TROP_DE_CELLULES)),
            ).alias(FAUTE),
            (
                pl.col(IGNOREE).is_null()
                & (pl.col(_RETIREE) | (pl.col(_CLE) & (pl.col("_nombre") >= 3)))
            ).alias(_PLEINE),
            (
                courte
                & pl.col(IGNOREE).is_null()
                & citation.is_null()
                & (pl.col(_RETIREE) | pl.col("_separee")).not_()
            ).alias(_COURTE),
        )

    def _ignoree(self, vues: pl.DataFrame) -> pl.Series:
        """Why rows are skipped, notes aside."""
        places = [self.table.positions[nom] for nom in self.cle if nom in self.table.positions]
        debut = pl.col(CELLULES).list.get(pl.col("_rang"), null_on_oob=True)
        total = debut.str.contains(_TOTAL) & (pl.col(_CLE).not_() | pl.col("_rang").is_in(places))
        raisons, noms = vues.select(
            pl.when(total)
            .then(pl.lit(TOTAL))
            .when(self._mot)
            .then(pl.lit(MOT_DE_TOTAL))
            .alias(IGNOREE),
            self._nom.alias("_nom"),
        )
        if not noms.any():
            return raisons
        repetes = {
            ligne: ENTETE_REPETE
            for ligne, cellules in vues.filter(noms).select(LIGNE, CELLULES).iter_rows()
            if self._repete_l_entete(ligne, cellules)
        }
        return raisons.fill_null(pl.Series([repetes.get(n) for n in vues[LIGNE]], dtype=pl.String))

    def _repete_l_entete(self, ligne: int, cellules: Sequence[str | None]) -> bool:
        """Whether a row is the header once more; one that names its columns otherwise is noted."""
        noms = [cle_de_nom(c or "") for c in cellules]
        places = self.table.positions.values()
        voulus = [cle_de_nom(c) for c in self.table.entete]
        if not any(noms[self.table.largeur :]) and all(
            place < len(noms) and noms[place] == voulus[place] for place in places
        ):
            return True
        connus = {voulus[place] for place in places}
        cle = {voulus[self.table.positions[nom]] for nom in self.cle}
        if cle.issubset(noms) and 2 * sum(n in connus for n in noms) > sum(map(bool, noms)) > 1:
            self.second_tableau = self.second_tableau or ligne
        return False

    @cached_property
    def _nom(self) -> pl.Expr:
        """Rows that may be a header: the first column of the key holds the name of a column."""
        noms = {c.strip().lower() for c in self.table.entete}
        for nom in self.table.positions:
            noms |= {nom, nom.replace("_", " "), nom.replace("_", "")}
        return pl.col(self.cle[0]).str.to_lowercase().is_in(sorted(noms - {""})).fill_null(False)

    @cached_property
    def _mot(self) -> pl.Expr:
        """Rows whose key makes them a total."""
        return pl.any_horizontal(
            pl.col(nom).str.contains(_mots_de_total(tuple(self.ensembles.get(nom, ()))))
            for nom in self.cle
        ).fill_null(False)

    def _retirees(self, textes: pl.DataFrame) -> pl.Series | None:
        if RETRAIT not in self.table.positions:
            return None
        return _LECTEUR_DU_RETRAIT.lire(textes[RETRAIT])[0].fill_null(False)

    def _autrement_separee(self) -> pl.Expr:
        """Rows that another separator would cut into as many cells as the header."""
        voulus = [self.table.largeur, len(self.table.entete)]
        if self.table.largeur <= 3:
            return pl.repeat(False, pl.len())
        ici = next((s for s, n in SEPARATEURS.items() if n == self.table.reconnu.separateur), "\n")
        rangee = pl.col(CELLULES).list.join(ici, ignore_nulls=True)
        return pl.any_horizontal(
            (rangee.str.count_matches(autre, literal=True) + 1).is_in(voulus)
            for autre in SEPARATEURS
            if autre != ici
        )

    def _trop_de_cellules(self, trame: pl.DataFrame) -> int:
        """From how many cells a row of a CSV has too many; it counts those of the whole file."""
        entete = len(self.table.entete)
        if not self.table.relire or not (trame[CELLULES].list.len() > entete).any():
            return sys.maxsize
        if not self.seuil:
            comptes: Counter[int] = Counter()
            for morceau in self.table.relire():
                pleines = morceau[CELLULES].filter(
                    morceau[CELLULES].list.join("").str.contains(r"\S")
                )
                comptes.update(pleines.list.len().to_list())
            plus_courtes = 0
            for nombre in sorted(comptes):
                plus_courtes += comptes[nombre]
                self.seuil = max(entete, nombre) + 1
                if 2 * plus_courtes > comptes.total():
                    break
        return self.seuil


@lru_cache
def _a_voir(largeur: int) -> pl.Expr:
    """Rows that may be empty, totals, or too long, before the columns are read."""
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


@lru_cache(maxsize=4096)
def _valeur(nom: str) -> pl.Expr:
    sans_valeur = pl.col(nom).str.to_lowercase().is_in(SANS_VALEUR)
    return pl.when(sans_valeur).then(None).otherwise(nom).alias(nom)


@lru_cache
def _mots_de_total(ensembles: tuple[str, ...]) -> str:
    """The pattern of cells of the key that make a row a total."""
    seuls = "|".join(map(_motif, ("ensemble", *ensembles)))
    return rf"(?i)^\s*(?:(?:{_DEBUT_DE_TOTAL})|(?:{seuls})\s*$)"


@lru_cache(maxsize=4096)
def _motif(nom: str) -> str:
    """The pattern of what reads as a name, without regard to case, accents, spaces, hyphens."""
    return r"[\s_'’\p{Pd}]*".join(_variantes(lettre) for lettre in cle_de_nom(nom))


@lru_cache(maxsize=256)
def _variantes(lettre: str) -> str:
    accentuees = [
        c for c in map(chr, range(0xC0, 0x250)) if unicodedata.normalize("NFD", c)[0] == lettre
    ]
    return f"[{re.escape(lettre)}{''.join(accentuees)}][\u0300-\u036f]*"
