"""What of a delivered text may be shown: in a rejection, a message, a report, on a screen.

In any extract, without what `masques` finds. In an extract about persons, where a shifted row may
hold a name, a number or a birth date in any column, a cell is shown only if it is a short number,
one of the texts that its column takes, or nearly one. Of the others the shape is told:
`*** (99/99/9999)`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from assets.extracts.contrat import Colonne
from pipelines.codes import Liste
from pipelines.ingestion import nomenclatures
from pipelines.ingestion.cellules import MARQUES, MASQUE
from pipelines.ingestion.lexique import LONGUEUR_MAX, accorder, replier
from pipelines.ingestion.masques import Masque, il_y_a_longtemps

if TYPE_CHECKING:
    from pipelines.ingestion.controle import Regles

SEXES = {"H": ("m", "masculin", "monsieur", "mr"), "F": ("feminin", "madame", "mme", "mlle")}
"""What is written for the two codes, besides their labels: never read, but understood."""
_FORME_MAX = 40
_PAR_SIGNE, _PAR_SIGNE_D_UN_NOM = 6, 10
"""A text is near another where both have so many letters for each sign by which they differ.

A short one is near none: a first name of five letters is one sign away from some code. Names of
places are more like those of persons («Jordana», «Georgina»): it takes more of their letters.
Elsewhere, a text is near too where each of its words is one of the list or of the column's name
(«Motif familial»).
"""
_NOMS_DE_LIEUX = ("departements", "academie", "territoires", "region")
_NOMBRE = re.compile(r"-?(?!(?:19|20)[0-9]{2}(?![0-9]))[0-9]{1,4}(?:[.,][0-9]{1,2})?")
"""Up to four digits, and decimals; not what may be the year of a birth."""
_PEU_DE_CHIFFRES = re.compile(r"\D*(?:\d\D*){0,2}")


def montrer(
    textes: pl.Series, nom: str, regles: "Regles", mois: str, *, lignes: bool = False
) -> pl.Series:
    """The texts of a column as they may be shown, in a delivery of a month AAAA-MM.

    They are rejected, or they are those of whole `lignes`: of these, a date of the fourteen years
    before the delivery is shown too, which is the birth of nobody who signs.
    """
    nus = textes.str.strip_chars_start(MARQUES)
    if not regles.personnelles:
        return Masque(mois).serie(nus)
    if nom in regles.personnelles:
        return _de_forme(nus).fill_null(MASQUE)
    distincts = nus.drop_nulls().unique()
    sures = _sures(distincts, nom, regles)
    if lignes and mois and regles.lecteurs[nom].type == pl.Date():
        dates, _ = regles.lecteurs[nom].lire(distincts)
        annees = dates.dt.strftime("%Y-%m").is_between(il_y_a_longtemps(mois), mois)
        sures = distincts.filter(annees).to_list()
    return nus.zip_with(nus.is_in(sures), _de_forme(nus))


def montre(texte: str, nom: str, regles: "Regles", mois: str) -> str:
    """The same of one text."""
    return str(montrer(pl.Series([texte], dtype=pl.String), nom, regles, mois)[0])


def nom_montre(nom: str, regles: "Regles", mois: str, *, proche: bool) -> str:
    """A header as it may be shown; `proche`: it is nearly the name of a column.

    Another may be a cell in an extract about persons, where a row may stand beside the header: one
    with more than two digits is told by its shape.
    """
    nu = nom.lstrip(MARQUES)
    if proche or not regles.personnelles or _PEU_DE_CHIFFRES.fullmatch(nu):
        return Masque(mois).texte(nu)
    return str(_de_forme(pl.Series([nu]))[0])


def _sures(distincts: pl.Series, nom: str, regles: "Regles") -> list[str]:
    """The texts of a column that are no person's."""
    from pipelines.ingestion.controle import COLONNE_RETRAIT

    colonne = regles.colonnes.get(nom, COLONNE_RETRAIT)
    ferme = colonne.nomenclature or colonne.liste or colonne.type == "booleen"
    fautes = regles.lecteurs[nom].lire(distincts)[1] if ferme else range(len(distincts))
    lus = [t for rang, t in enumerate(distincts) if rang not in fautes]
    permis = _permis(nom, colonne, regles.listes.get(colonne.liste, ()))
    autres = (distincts[rang] for rang in fautes)
    return lus + [t for t in autres if _NOMBRE.fullmatch(t) or permis.proche(t)]


class _Permis:
    """The texts that a column takes, folded, by their numbers of letters, and its words."""

    def __init__(self, textes: Iterable[str], par_signe: int, mots: Iterable[str] = ()) -> None:
        self._tous = frozenset(map(replier, textes))
        self._mots = frozenset(mots)
        self._par_signe = par_signe
        self._par_longueur: dict[int, list[str]] = {}
        for t in self._tous:
            if len(t) >= par_signe:
                self._par_longueur.setdefault(len(t), []).append(t)

    def proche(self, texte: str) -> bool:
        """Whether a text is one of them, or nearly."""
        plie = replier(texte) if len(texte) <= LONGUEUR_MAX else ""
        if plie in self._tous or (plie and self._mots.issuperset(_mots(texte))):
            return bool(plie)
        ecart = len(plie) // self._par_signe
        if not ecart:
            return False
        from rapidfuzz import process
        from rapidfuzz.distance import DamerauLevenshtein

        return any(
            process.extractOne(
                plie,
                self._par_longueur.get(longueur, ()),
                scorer=DamerauLevenshtein.distance,
                score_cutoff=min(len(plie), longueur) // self._par_signe,
            )
            for longueur in range(len(plie) - ecart, len(plie) + ecart + 1)
        )


def _permis(nom: str, colonne: Colonne, liste: Liste) -> _Permis:
    if colonne.nomenclature:
        return _d_une_nomenclature(colonne.nomenclature)
    noms = tuple(dit for c in liste for dit in c.dits)
    if {c.code for c in liste} == set(SEXES):
        noms += tuple(mot for mots in SEXES.values() for mot in mots)
    return _d_une_liste(nom, noms, colonne.liste in _NOMS_DE_LIEUX)


def _mots(texte: str) -> list[str]:
    return [mot for mot in map(accorder, re.split(r"[\W_]+", texte)) if mot]


@lru_cache(maxsize=64)
def _d_une_liste(colonne: str, noms: tuple[str, ...], lieux: bool) -> _Permis:
    if lieux:
        return _Permis(noms, _PAR_SIGNE_D_UN_NOM)
    return _Permis(noms, _PAR_SIGNE, (mot for t in (colonne, *noms) for mot in _mots(t)))


@lru_cache(maxsize=8)
def _d_une_nomenclature(nom: str) -> _Permis:
    return _Permis(nomenclatures.noms(nom), _PAR_SIGNE_D_UN_NOM)


def _de_forme(textes: pl.Series) -> pl.Series:
    """Texts of which only the shape is told: their digits as 9, their letters as A."""
    formes = (
        textes.str.replace_all(r"\p{M}", "")
        .str.replace_all(r"\p{N}", "9")
        .str.replace_all(r"\p{L}", "A")
        .str.head(_FORME_MAX)
    )
    return (f"{MASQUE} (" + formes + ")").rename(textes.name)
