"""From the text of a cell to its value: French dates and numbers, spellings of codes.

One function per type reads one text; a column is read by applying it to each distinct text once.
Rules that need the contract (ranges, other columns) do not belong here.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from assets.extracts.contrat import Colonne
from pipelines.codes import Code, Liste, Listes
from pipelines.ingestion import nomenclatures
from pipelines.ingestion.cellules import DATE_EXCEL, MARQUES, NOMBRE_EXCEL
from pipelines.ingestion.lexique import Formes, replier

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
_PRESQUE = Decimal("1e-9")
_RETENUS, _LONGUE = 200_000, 5_000
_MINUIT = r"(?:\s+00:00(?::00)?|T00:00:00)?"
_DATE_FR = re.compile(rf"([0-9]{{1,2}})([/.-])([0-9]{{1,2}})\2([0-9]{{4}}){_MINUIT}")
_DATE_ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}}){_MINUIT}")
_NUMERO_DE_SERIE = re.compile(r"[0-9]{5}(?:[.,][0-9]+)?")
_MOIS_FR = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_MOIS_ISO = re.compile(r"([0-9]{4})-([0-9]{2})")
_MOIS_EN_LETTRES = re.compile(r"([a-z]{3,})((?:[0-9]{2})?[0-9]{2})")
_MOIS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
    "octobre", "novembre", "decembre",
)  # fmt: skip
_ANNEE_SCOLAIRE = re.compile(r"([0-9]{4})-([0-9]{4})")
_NOMBRE = re.compile(r"(-?)([0-9]+|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+)(?:[.,]([0-9]+))?")
_AMBIGU = re.compile(r"(-?[1-9][0-9]{0,2})[.,]([0-9]{3})")
_UNITE = re.compile(r"(?:€|eur|euros|%|h|heures?|jours?)$", re.IGNORECASE)
_UNITE_MAX, _MOIS_MAX, _CODES_MAX = 6, 40, 1000  # characters
_SCIENTIFIQUE = r"^[0-9]+(?:[.,][0-9]+)?[eE][+-][0-9]+$"
_VRAI, _FAUX = ("o", "oui", "1", "vrai", "x"), ("n", "non", "0", "faux")
SEPARATEUR = ", "
"""Stands between the codes of a column that holds several."""


class Illisible(ValueError):
    """The text is not of the column's type, or not one of its codes.

    `phrase` completes «La colonne X …» where more can be said than what the type looks like;
    `sobre` does so without quoting the text.
    """

    def __init__(self, regle: str, phrase: str = "", sobre: str = "") -> None:
        super().__init__(regle)
        self.regle, self.phrase, self.sobre = regle, phrase, sobre or phrase


def _jour(texte: str) -> date:
    if trouve := _DATE_FR.fullmatch(texte):
        jour, _, mois, annee = trouve.groups()
    elif trouve := _DATE_ISO.fullmatch(texte.removeprefix(DATE_EXCEL)):
        annee, mois, jour = trouve.groups()
    elif _NUMERO_DE_SERIE.fullmatch(texte):
        raise Illisible(
            "type",
            "porte un numéro de série Excel au lieu d'une date : donner à toute la colonne le "
            "format Date (JJ/MM/AAAA), puis réenregistrer",
        )
    else:
        raise Illisible("type")
    try:
        return date(int(annee), int(mois), int(jour))
    except ValueError:
        raise Illisible("type") from None


def _mois(texte: str) -> str:
    if texte.startswith(DATE_EXCEL):
        return _jour(texte).isoformat()[:7]
    if trouve := _MOIS_FR.fullmatch(texte):
        mois, annee = trouve.groups()
    elif trouve := _MOIS_ISO.fullmatch(texte):
        annee, mois = trouve.groups()
    elif len(texte) < _MOIS_MAX and (trouve := _MOIS_EN_LETTRES.fullmatch(replier(texte))):
        annee = trouve[2] if len(trouve[2]) == 4 else f"20{trouve[2]}"
        mois = _numero_du_mois(trouve[1])
    else:
        jour = _jour(texte)
        if jour.day != 1:
            raise Illisible("type")
        return jour.isoformat()[:7]
    if not 1 <= int(mois) <= 12:
        raise Illisible("type")
    return f"{annee}-{int(mois):02d}"


def _numero_du_mois(nom: str) -> str:
    """The number of a month from its name, or the beginning of it that no other month has."""
    trouves = [n for n, mois in enumerate(_MOIS, start=1) if mois.startswith(nom)]
    if len(trouves) != 1:
        raise Illisible("type")
    return str(trouves[0])


def _annee_scolaire(texte: str) -> str:
    trouve = _ANNEE_SCOLAIRE.fullmatch(texte)
    if not trouve or int(trouve[2]) != int(trouve[1]) + 1:
        raise Illisible("type")
    return texte


def _nombre(texte: str) -> tuple[str, str]:
    """Whole part with its sign, and decimals, of a number in one of the forms delivered."""
    nu = texte.removeprefix(NOMBRE_EXCEL)
    if unite := _UNITE.search(nu[-_UNITE_MAX:]):
        nu = nu[: -len(unite[0])].rstrip()
    if not texte.startswith(NOMBRE_EXCEL) and (deux := _AMBIGU.fullmatch(nu)):
        entiere, trois = deux.groups()
        decimale = f"{entiere},{trois}".rstrip("0").rstrip(",")
        debut, suite = (
            "se lit de deux façons",
            (
                " : écrire les milliers sans séparateur, ou la décimale avec un autre nombre de "
                "chiffres"
            ),
        )
        deux_lectures = f", {entiere}{trois} ou {decimale}"
        raise Illisible("type", debut + deux_lectures + suite, sobre=debut + suite)
    trouve = _NOMBRE.fullmatch(nu)
    if not trouve:
        raise Illisible("type")
    signe, entiere, decimales = trouve.groups()
    return signe + re.sub(r"[ \u00a0\u202f]", "", entiere), decimales or ""


def _entier(texte: str) -> int:
    entiere, decimales = _nombre(texte)
    if len(entiere) > 20 or not -_ENTIER_MAX <= int(entiere) <= _ENTIER_MAX:
        raise Illisible("borne")
    if not decimales.strip("0"):
        return int(entiere)
    # A spreadsheet's sums are a hair's breadth from whole numbers.
    exact = Decimal(f"{entiere}.{decimales}")
    entier = int(exact.to_integral_value())
    if abs(exact - entier) > _PRESQUE:
        raise Illisible("type")
    return entier


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
    numero = "".join(texte.split())
    if re.match(_SCIENTIFIQUE, numero):
        raise _scientifique()
    return numero


def _scientifique() -> Illisible:
    return Illisible(
        "type",
        "porte un numéro en notation scientifique, dont des chiffres sont perdus : donner à la "
        "colonne le format Texte, puis reprendre le numéro à la source",
    )


def _code(liste: Liste) -> Callable[[str], str]:
    formes = Formes(liste)

    def lire(texte: str) -> str:
        code = formes.code(texte)
        if code is None:
            raise Illisible("code")
        return code

    return lire


def _plusieurs(liste: Liste) -> Callable[[str], str]:
    un_code = _code(liste)

    def lire(texte: str) -> str:
        if len(texte) > _CODES_MAX:
            raise Illisible("code")
        return SEPARATEUR.join(un_code(morceau) for morceau in texte.split(","))

    return lire


def _entier_code(liste: Liste) -> Callable[[str], int]:
    permis = {int(c.code) for c in liste}
    libelles = Formes(liste, codes=False)

    def lire(texte: str) -> int:
        try:
            valeur = _entier(texte)
        except Illisible:
            libelle = libelles.code(texte)
            if libelle is None:
                raise
            return int(libelle)
        if valeur not in permis:
            raise Illisible("code")
        return valeur

    return lire


def _connu(liste: Liste) -> Callable[[str], str]:
    formes = Formes(liste)
    return lambda texte: formes.code(texte) or texte.removeprefix(DATE_EXCEL)


def _nomenclature(nom: str) -> Callable[[str], str]:
    def lire(texte: str) -> str:
        code = nomenclatures.code(nom, texte)
        if code is None:
            raise Illisible("type")
        return code

    return lire


def _existant(liste: Liste) -> Callable[[str], str]:
    connus = frozenset(c.code for c in liste)

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


def _lecteur(colonne: Colonne, liste: Liste) -> Callable[[str], Any] | None:
    """The function that reads one text of a column; None where text is kept as it is."""
    if colonne.nomenclature:
        return _nomenclature(colonne.nomenclature)
    if colonne.type == "code":
        return _code(liste)
    if colonne.type == "entier" and colonne.liste:
        return _entier_code(liste)
    if colonne.type != "texte":
        return _PAR_TYPE[colonne.type]
    if colonne.plusieurs:
        return _plusieurs(liste)
    if colonne.ouverte:
        return _connu(liste)
    return _existant(liste) if colonne.liste else None


def _nuls(type_: pl.DataType, nombre: int) -> pl.Series:
    return pl.Series([None], dtype=type_).new_from_index(0, nombre)


def _mettre(
    lus: Mapping[str | None, Any],
    textes: pl.Series,
    distincts: Iterable[str | None],
    type_: pl.DataType,
) -> pl.Series:
    """The values read in the place of their texts."""
    if len(textes) <= _LONGUE:
        return pl.Series(list(map(lus.get, textes.to_list())), dtype=type_)
    # Of a long column, only distinct texts go through Python.
    connus = [t for t in distincts if t is not None]
    places = textes.cast(pl.Enum(connus)).to_physical()
    return pl.Series([lus[t] for t in connus], dtype=type_).gather(places).alias("")


class Lecteur:
    """Reads the texts of one column; a text that has been read is remembered."""

    def __init__(self, colonne: Colonne, listes: Listes) -> None:
        liste = listes[colonne.liste] if colonne.liste else ()
        self._colonne = colonne
        self.type = TYPES[colonne.type]
        self._lire_un = _lecteur(colonne, liste)
        # The names of an open list are not codes: another text would do as well.
        dates = () if colonne.ouverte else [c for c in liste if c.depuis]
        self._dates: dict[str, Code] = {c.code: c for c in dates}
        self._lus: dict[str | None, Any] = {}
        self._fautes: dict[str | None, Illisible] = {}

    def lire(self, textes: pl.Series, mois: str = "") -> tuple[pl.Series, dict[int, Illisible]]:
        """Values of a column, and by place what is wrong with the texts that cannot be read.

        `mois` is that of the delivery, AAAA-MM; empty, codes hold whatever their dates.
        """
        if self._lire_un is None:
            return self._tels_quels(textes)
        if textes.null_count() == len(textes):
            return _nuls(self.type, len(textes)), {}
        if len(self._lus) > _RETENUS:
            self._lus.clear()
            self._fautes.clear()
        distincts = set(textes.unique() if len(textes) > _LONGUE else textes.to_list())
        for texte in distincts.difference(self._lus):
            self._retenir(texte)
        lus: Mapping[str | None, Any] = self._lus
        fautes: Mapping[str | None, Illisible] = self._fautes
        if mois and (trop_tot := self._trop_tot(distincts, mois)):
            lus, fautes = {**lus, **dict.fromkeys(trop_tot)}, {**fautes, **trop_tot}
        valeurs = _mettre(lus, textes, distincts, self.type)
        if fautes.keys().isdisjoint(distincts):
            return valeurs, {}
        return valeurs, {i: fautes[t] for i, t in enumerate(textes.to_list()) if t in fautes}

    def _tels_quels(self, textes: pl.Series) -> tuple[pl.Series, dict[int, Illisible]]:
        """Free text: a spreadsheet's date or number is read as the text of that date or number."""
        valeurs = textes.str.strip_chars_start(MARQUES)
        if not self._colonne.identifiant:
            return valeurs, {}
        perdus = valeurs.str.contains(_SCIENTIFIQUE).fill_null(False)
        if not perdus.any():
            return valeurs, {}
        faute = _scientifique()
        gardees = valeurs.zip_with(~perdus, _nuls(self.type, len(textes)))
        return gardees, dict.fromkeys(perdus.arg_true().to_list(), faute)

    def _retenir(self, texte: str | None) -> None:
        self._lus[texte] = None
        if texte is not None and self._lire_un is not None:
            nombre = self._colonne.type in ("entier", "decimal")
            try:
                self._lus[texte] = self._lire_un(
                    texte if nombre else texte.removeprefix(NOMBRE_EXCEL)
                )
            except Illisible as faute:
                self._fautes[texte] = faute

    def _trop_tot(self, textes: Iterable[str | None], mois: str) -> dict[str | None, Illisible]:
        """What is wrong with the texts that stand for a code that does not hold yet."""
        fautes: dict[str | None, Illisible] = {}
        for texte in textes if self._dates else ():
            for code in str(self._lus[texte]).split(SEPARATEUR):
                if code in self._dates and not self._dates[code].vaut(mois):
                    depuis = self._dates[code].depuis
                    phrase = f"ne peut valoir {code} dans une livraison d'avant {depuis}"
                    fautes[texte] = Illisible("code", phrase)
        return fautes
