"""From the text of a cell to its value: French dates and numbers, spellings of codes.

One function per type reads one text; a column is read by applying it to each distinct text once.
Rules that need the contract (ranges, other columns) do not belong here.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from assets.extracts.contrat import Colonne
from pipelines.ingestion.cellules import DATE_EXCEL

Listes = Mapping[str, Sequence[str]]
"""The roadmap's lists, by name: departements, academies, territoires, orientations."""

TYPES: dict[str, pl.DataType] = {
    "texte": pl.String(),
    "siret": pl.String(),
    "code": pl.String(),
    "mois": pl.String(),
    "annee_scolaire": pl.String(),
    "entier": pl.Int64(),
    "decimal": pl.Float64(),
    "date": pl.Date(),
    "booleen": pl.Boolean(),
}
_ENTIER_MAX = 2**63 - 1
_RETENUS = 200_000
_DATE_FR = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_DATE_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_MOIS_FR = re.compile(r"([0-9]{2})/([0-9]{4})")
_MOIS_ISO = re.compile(r"([0-9]{4})-([0-9]{2})")
_ANNEE_SCOLAIRE = re.compile(r"([0-9]{4})-([0-9]{4})")
_NOMBRE = re.compile(r"(-?)([0-9]+|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+)(?:[.,]([0-9]+))?")
_VRAI, _FAUX = ("o", "oui", "1", "vrai"), ("n", "non", "0", "faux")


class Illisible(ValueError):
    """The text is not of the column's type, or not one of its codes; the argument is the rule."""


def replier(texte: str) -> str:
    """A code without its case, accents, spaces, hyphens and underscores."""
    plat = unicodedata.normalize("NFD", texte.casefold())
    return "".join(
        c
        for c in plat
        if not (unicodedata.combining(c) or c.isspace() or c == "_")
        and unicodedata.category(c) != "Pd"
    )


def _jour(texte: str) -> date:
    if trouve := _DATE_FR.fullmatch(texte):
        jour, mois, annee = trouve.groups()
    elif trouve := _DATE_ISO.fullmatch(texte.removeprefix(DATE_EXCEL)):
        annee, mois, jour = trouve.groups()
    else:
        raise Illisible("type")
    try:
        return date(int(annee), int(mois), int(jour))
    except ValueError:
        raise Illisible("type") from None


def _mois(texte: str) -> str:
    if texte.startswith(DATE_EXCEL):
        texte = _jour(texte).isoformat()[:7]
    if trouve := _MOIS_FR.fullmatch(texte):
        mois, annee = trouve.groups()
    elif trouve := _MOIS_ISO.fullmatch(texte):
        annee, mois = trouve.groups()
    else:
        raise Illisible("type")
    if not 1 <= int(mois) <= 12:
        raise Illisible("type")
    return f"{annee}-{mois}"


def _annee_scolaire(texte: str) -> str:
    trouve = _ANNEE_SCOLAIRE.fullmatch(texte)
    if not trouve or int(trouve[2]) != int(trouve[1]) + 1:
        raise Illisible("type")
    return texte


def _nombre(texte: str) -> tuple[str, str]:
    """Whole part with its sign, and decimals, of a number in one of the forms delivered."""
    trouve = _NOMBRE.fullmatch(texte)
    if not trouve:
        raise Illisible("type")
    signe, entiere, decimales = trouve.groups()
    return signe + re.sub(r"[ \u00a0\u202f]", "", entiere), decimales or ""


def _entier(texte: str) -> int:
    entiere, decimales = _nombre(texte)
    if decimales.strip("0"):
        raise Illisible("type")
    if len(entiere) > 20 or not -_ENTIER_MAX <= int(entiere) <= _ENTIER_MAX:
        raise Illisible("borne")
    return int(entiere)


def _decimal(texte: str) -> float:
    entiere, decimales = _nombre(texte)
    valeur = float(f"{entiere}.{decimales or 0}")
    if valeur in (float("inf"), float("-inf")):
        raise Illisible("borne")
    return valeur


def _booleen(texte: str) -> bool:
    plie = replier(texte)
    if plie not in _VRAI + _FAUX:
        raise Illisible("type")
    return plie in _VRAI


def _siret(texte: str) -> str:
    return "".join(texte.split())


def _code(codes: Sequence[str], zero: bool) -> Callable[[str], str]:
    par_pli = {replier(code): code for code in codes}

    def lire(texte: str) -> str:
        plie = replier(texte)
        if zero and re.fullmatch("[0-9]", plie):
            plie = f"0{plie}"
        if plie not in par_pli:
            raise Illisible("code")
        return par_pli[plie]

    return lire


def _entier_code(codes: Sequence[str]) -> Callable[[str], int]:
    permis = {int(code) for code in codes}

    def lire(texte: str) -> int:
        valeur = _entier(texte)
        if valeur not in permis:
            raise Illisible("code")
        return valeur

    return lire


def _connu(connus: Sequence[str]) -> Callable[[str], str]:
    par_pli = {replier(nom): nom for nom in connus}
    return lambda texte: par_pli.get(replier(texte), texte.removeprefix(DATE_EXCEL))


def _casse(casse: str) -> Callable[[str], str]:
    return lambda texte: replier(texte).upper() if casse == "haut" else replier(texte)


def _existant(permis: Sequence[str]) -> Callable[[str], str]:
    connus = frozenset(permis)

    def lire(texte: str) -> str:
        if texte not in connus:
            raise Illisible("inconnu")
        return texte

    return lire


_PAR_TYPE: dict[str, Callable[[str], Any]] = {
    "date": _jour,
    "mois": _mois,
    "annee_scolaire": _annee_scolaire,
    "entier": _entier,
    "decimal": _decimal,
    "booleen": _booleen,
    "siret": _siret,
}


def _lecteur(colonne: Colonne, listes: Listes) -> Callable[[str], Any] | None:
    """The function that reads one text of a column; None where text is kept as it is."""
    if colonne.type == "code":
        codes = listes[colonne.liste] if colonne.liste else colonne.codes
        return _code(codes, zero=colonne.liste == "departements")
    if colonne.type == "entier" and colonne.codes:
        return _entier_code(colonne.codes)
    if colonne.type != "texte":
        return _PAR_TYPE[colonne.type]
    if colonne.liste:
        return _existant(listes[colonne.liste])
    if colonne.connus:
        return _connu(colonne.connus)
    if colonne.casse:
        return _casse(colonne.casse)
    return None


def _nuls(type_: pl.DataType, nombre: int) -> pl.Series:
    return pl.Series([None], dtype=type_).new_from_index(0, nombre)


class Lecteur:
    """Reads the texts of one column; a text that has been read is remembered."""

    def __init__(self, colonne: Colonne, listes: Listes) -> None:
        self._type = TYPES[colonne.type]
        self._lire_un = _lecteur(colonne, listes)
        self._lus: dict[str | None, Any] = {}
        self._fautes: dict[str, str] = {}

    def lire(self, textes: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Values of a column, and the rule that each unreadable text breaks (NULL elsewhere)."""
        aucune = _nuls(pl.String(), len(textes))
        if self._lire_un is None:
            # A real Excel date in a column of text is read as the text of that date.
            return textes.str.strip_prefix(DATE_EXCEL), aucune
        if textes.null_count() == len(textes):
            return _nuls(self._type, len(textes)), aucune
        bruts = textes.to_list()
        if len(self._lus) > _RETENUS:
            self._lus.clear()
            self._fautes.clear()
        distincts = set(bruts)
        for texte in distincts.difference(self._lus):
            self._retenir(texte)
        valeurs = pl.Series(list(map(self._lus.get, bruts)), dtype=self._type)
        if self._fautes.keys().isdisjoint(distincts):
            return valeurs, aucune
        return valeurs, pl.Series(list(map(self._fautes.get, bruts)), dtype=pl.String)

    def _retenir(self, texte: str | None) -> None:
        self._lus[texte] = None
        if texte is not None and self._lire_un is not None:
            try:
                self._lus[texte] = self._lire_un(texte)
            except Illisible as raison:
                self._fautes[texte] = str(raison)
