"""What of a person a text may hold, known by its form, and the text without it.

E-mail addresses, social-security numbers, phones, runs of ten digits, births: wherever words are
free (cells, names of files, of sheets, of columns), they are neither kept nor shown. A person's
name has no form: it is not looked for. What is shown of a rejected cell is said in `montrables`.
"""

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from pipelines.ingestion.cellules import MASQUE
from pipelines.ingestion.cles import plier

ADRESSE, NIR = "une adresse électronique", "un numéro de sécurité sociale"
TELEPHONE, ETRANGER = "un numéro de téléphone", "un numéro d'étranger"
NAISSANCE = "une date de naissance"
QUOI = (ADRESSE, NIR, TELEPHONE, ETRANGER, NAISSANCE)
"""What is looked for, in the order in which it is told."""

_AGE = 14  # years before the delivery from which a full date is taken for a birth
_PREMIERE_ANNEE = 1900
_SANS_MOIS = "2024-01"  # stands for the delivery where its month is not known
_TRAITS = "\\-\u2010-\u2015"
_BLANCS = " \u00a0\u2009\u202f"
_S = f"[{_BLANCS}./{_TRAITS}]{{1,3}}"
_AVANT, _APRES = r"(?<!\d)(?<!\d[.,])", r"(?![.,]?\d)"
_MOIS = r"(?:janv|f[ée]v|mars|avr|mai|juin|juil|ao[uû]|sept|oct|nov|d[ée]c)[a-zé]*\.?"
_MOIS_DE_NIR, _DEPARTEMENT_DE_NIR = r"(?:0[1-9]|1[0-2])", r"(?:\d\d|2[AB])"
_ADRESSE = r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
_NIR = (
    rf"{_AVANT}(?<!\d[ -])[12](?:\d\d{_MOIS_DE_NIR}{_DEPARTEMENT_DE_NIR}\d{{6}}(?:\d\d)?"
    rf"|(?P<n>[ .-])\d\d(?P=n){_MOIS_DE_NIR}(?P=n){_DEPARTEMENT_DE_NIR}(?P=n)\d{{3}}(?P=n)\d{{3}}"
    rf"(?:(?P=n)\d\d)?){_APRES}"
)
# 06 12 34 56 78, 0612 34 56 78, 06 12 345 678, 0612 345 678, 06 12345678, 0612345678
_EN_FRANCE = (
    rf"0[1-9](?:(?:{_S}\d\d){{4}}|\d\d(?:{_S}\d\d){{3}}|{_S}\d\d(?:{_S}\d{{3}}){{2}}"
    rf"|\d\d(?:{_S}\d{{3}}){{2}}|(?:{_S})?\d{{8}})"
)
_TELEPHONE = (
    rf"{_AVANT}(?:(?:\+|00)33(?:[{_BLANCS}./()0{_TRAITS}]{{0,5}}[1-9])(?:(?:{_S})?\d){{8}}"
    rf"|\+[1-9](?:[{_BLANCS}./(){_TRAITS}]{{0,2}}\d){{9,14}}"
    rf"|{_EN_FRANCE}){_APRES}"
)
_ETRANGER = (
    rf"{_AVANT}(?:\d{{10}}|(?<!\d[{_BLANCS}.{_TRAITS}])"
    rf"(?:\d\d(?P<e>[{_BLANCS}.{_TRAITS}])\d\d(?:(?P=e)\d\d){{3}}(?!(?P=e)\d)"
    rf"|\d{{3}}(?P<f>[{_BLANCS}.{_TRAITS}])\d{{3}}(?P=f)\d{{4}}))(?![{_BLANCS}]?€){_APRES}"
)


def _dates(prefixe: str) -> str:
    """The forms of full dates; their groups end in a, m, j after the prefix and a figure."""
    p = prefixe
    return (
        rf"(?P<{p}1j>\d{{1,2}})(?P<{p}1s> ?[/.{_TRAITS}] ?|[{_BLANCS}])(?P<{p}1m>\d{{1,2}})"
        rf"(?P={p}1s)(?P<{p}1a>\d{{4}}|\d\d(?![/.{_TRAITS}]\d))"
        rf"|(?P<{p}2a>\d{{4}})(?P<{p}2s>[/.{_TRAITS}])(?P<{p}2m>\d{{1,2}})(?P={p}2s)"
        rf"(?P<{p}2j>\d{{1,2}})"
        rf"|(?P<{p}3j>\d{{1,2}})(?:er)?[{_BLANCS}]{{0,3}}{_MOIS}[{_BLANCS}]{{0,3}}(?P<{p}3a>\d{{4}})"
        rf"|(?P<{p}4a>(?:19|20)\d\d)(?P<{p}4m>0[1-9]|1[0-2])(?P<{p}4j>0[1-9]|[12]\d|3[01])"
        rf"|(?P<{p}5j>0[1-9]|[12]\d|3[01])(?P<{p}5m>0[1-9]|1[0-2])(?P<{p}5a>(?:19|20)\d\d)"
    )


_NE = (
    r"(?:\bn[ée](?:e|\(e\)|[.·-]e)?s?(?:\s+(?:à|a|au|en)\s[^\d;]{1,50}?)?[\s,:]{1,3}"
    rf"(?:le\b[\s:]{{1,3}})?|\b(?:naissance|ddn)\b[^\d;]{{0,20}})(?:{_dates('n')})(?!\d)"
)
_DATE = rf"{_AVANT}(?:{_dates('d')})(?!\d)(?![{_BLANCS}]?€)"
_MOTIFS = (
    ("adresse", _ADRESSE), ("ne", _NE), ("nir", _NIR), ("telephone", _TELEPHONE),
    ("etranger", _ETRANGER), ("date", _DATE),
)  # fmt: skip
_TOUTES, _SANS_ADRESSE = (
    re.compile("|".join(f"(?P<{nom}>{motif})" for nom, motif in motifs), re.IGNORECASE)
    for motifs in (_MOTIFS, _MOTIFS[1:])
)  # an address is looked for at each letter: not where there is no @
_PAR_FORME = {"adresse": ADRESSE, "nir": NIR, "telephone": TELEPHONE, "etranger": ETRANGER}
_DANS_UNE_SUITE = re.compile(rf"\d[/.{_TRAITS}]")
_AVANT_UNE_DATE = 60  # characters, where a law would be named
_DU_DROIT = re.compile(
    r"\b(?:loi|décret|arrêté|ordonnance|circulaire|instruction|directive)s?\b"
    r"[^.;:]{0,40}\bdu\s*$",
    re.IGNORECASE,
)


def il_y_a_longtemps(mois: str) -> str:
    """The first month AAAA-MM of which a date is no birth that a delivery tells of."""
    return f"{_limite(mois) + 1}-01"


@lru_cache(maxsize=512)
def _peut_etre(mois: str) -> str:
    """What is in each text that is worth a look, and in few others.

    Polars has neither what stands before nor what is said again.
    """
    limite = _limite(mois)
    anciennes = "|".join(["19\\d\\d", *(str(annee) for annee in range(2000, limite + 1))])
    t = f"[{_BLANCS}.{_TRAITS}]"
    d = f" ?[/.{_BLANCS}{_TRAITS}] ?"
    return (
        rf"(?i)@|\d{{10}}|\+[1-9]|0033|{_EN_FRANCE}|\d\d{t}\d\d{t}\d\d{t}\d\d{t}\d\d"
        rf"|\d{{3}}{t}\d{{3}}{t}\d{{4}}|2[AB]\d{{6}}"
        r"|[12][ .-]\d\d[ .-]\d\d[ .-](?:\d\d|2[AB])[ .-]\d"
        r"|(?:^|[^a-z])n[ée](?:e|\(e\)|[.·-]e)?s?[\s,:][^\d;]*\d|(?:naissance|ddn)[^\d;]*\d"
        rf"|\d{d}\d{{1,2}}{d}(?:(?:{anciennes})|\d\d(?:\D|$))"
        rf"|(?:{anciennes})[/.{_TRAITS}]\d{{1,2}}[/.{_TRAITS}]\d"
        rf"|\d(?:er)?[{_BLANCS}]{{0,3}}{_MOIS}[{_BLANCS}]{{0,3}}(?:{anciennes})"
        rf"|(?:{anciennes})[01]\d[0-3]\d|[0-3]\d[01]\d(?:{anciennes})"
    )


@lru_cache(maxsize=512)
def _peut_etre_un(mois: str) -> re.Pattern[str]:
    return re.compile(_peut_etre(mois))


def _limite(mois: str) -> int:
    """The last year of which a date is thought to be a birth."""
    return int((mois or _SANS_MOIS)[:4]) - _AGE


@dataclass(frozen=True)
class Masque:
    """What is put in the place of what may be a person's, in a delivery of a month AAAA-MM.

    With a secret, masks tell apart what they hide: `***-` and eight letters. They are the same for
    what would be the same in a key. `vieilles_dates` says that an old date is taken for a birth
    though nothing says so.
    """

    mois: str = ""
    secret: bytes | None = None
    vieilles_dates: bool = True

    def peut_etre(self, cellule: pl.Expr) -> pl.Expr:
        """Whether texts are worth a look: few that are not, none that is left out."""
        return cellule.str.contains(_peut_etre(self.mois)).fill_null(False)

    def vus(self, texte: str) -> Iterator[tuple[str, re.Match[str]]]:
        """What of a person a text seems to hold, and where: e-mail, phone, number, birth.

        A SIRET has 14 digits, amounts are cut by threes. Any date said to be a birth is one; so is
        a full date of fourteen years or more before the delivery, that of a law left out.
        """
        if not _peut_etre_un(self.mois).search(texte):
            return
        debut, formes = 0, _TOUTES if "@" in texte else _SANS_ADRESSE
        while trouve := formes.search(texte, debut):
            debut = trouve.start() + 1
            if quoi := self._quoi(trouve):
                debut = trouve.end()
                yield quoi, trouve

    def texte(self, texte: str) -> str:
        """A text without them."""
        morceaux, debut = [], 0
        for _, trouve in self.vus(texte):
            morceaux += [texte[debut : trouve.start()], self._signe(trouve[0])]
            debut = trouve.end()
        return "".join([*morceaux, texte[debut:]])

    def serie(self, textes: pl.Series) -> pl.Series:
        """Texts without them; most often the same series."""
        suspects = textes.to_frame("t").select(self.peut_etre(pl.col("t"))).to_series()
        if not suspects.any():
            return textes
        distincts = textes.filter(suspects).unique().to_list()
        masques = {t: masque for t in distincts if (masque := self.texte(t)) != t}
        return textes.replace(masques) if masques else textes

    def _quoi(self, trouve: re.Match[str]) -> str:
        """What a form is of a person; empty for a date that is none's."""
        if trouve["date"] is None:
            trouvees = trouve.groupdict()
            return next((q for nom, q in _PAR_FORME.items() if trouvees.get(nom)), NAISSANCE)
        debut = trouve.start()
        du_droit = _DU_DROIT.search(trouve.string, max(0, debut - _AVANT_UNE_DATE), debut)
        vieille = self.vieilles_dates and self._ancienne(trouve)
        return NAISSANCE if vieille and not du_droit else ""

    def _ancienne(self, date: re.Match[str]) -> bool:
        """Whether a date is old enough to be the birth of somebody who is told of."""
        rang = next(r for r in "12345" if date[f"d{r}a"])
        texte, jour = date[f"d{rang}a"], int(date[f"d{rang}j"])
        mois = int(date[f"d{rang}m"]) if rang != "3" else 1
        if not (1 <= min(jour, mois) <= 12 and 1 <= max(jour, mois) <= 31):
            return False
        limite = _limite(self.mois)
        annee = int(texte)
        if len(texte) == 2:
            avant = date.string[max(0, date.start() - 2) : date.start()]
            if date["d1s"].isspace() or _DANS_UNE_SUITE.fullmatch(avant):
                return False  # small numbers, rather
            annee += 2000 if annee <= limite + _AGE - 2000 else 1900
        return _PREMIERE_ANNEE <= annee <= limite

    def _signe(self, cache: str) -> str:
        if self.secret is None:
            return MASQUE
        somme = hmac.digest(self.secret, f"masque {plier(cache)}".encode(), "sha256")
        lettres = "".join(chr(ord("a") + octet % 16) for octet in somme[:8])
        return f"{MASQUE}-{lettres}"
