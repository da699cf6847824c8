"""Languages and countries: their ISO codes, from codes or from names in French and in English.

ISO's lists and their French translation are pycountry's, usual names the CLDR's (babel). They are
loaded when a text is first met that needs them: most extracts have neither column.
"""

import gettext
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from pipelines.ingestion.lexique import replier

LANGUES, PAYS = "langues", "pays"
_KOSOVO = ("XK", "XKX")  # in the CLDR and in use, not in ISO 3166


def code(nomenclature: str, texte: str) -> str | None:
    """The code of three letters that a text stands for; None where there is none.

    Args:
        nomenclature: `LANGUES` (ISO 639-3, lower case) or `PAYS` (ISO 3166-1, upper case).
        texte: a code of three or two letters, or a name.
    """
    plie = replier(texte)
    codes, courts = _codes(nomenclature)
    trouve = plie if plie in codes else courts.get(plie)
    if not trouve and len(plie) > 2:  # of two letters, another list's code rather than a name
        trouve = _noms(nomenclature).get(plie)
    return trouve.upper() if trouve and nomenclature == PAYS else trouve


@cache
def _codes(nomenclature: str) -> tuple[frozenset[str], dict[str, str]]:
    """The codes of three letters, and those that the codes of two letters stand for, folded."""
    fiches = _fiches(nomenclature)
    longs = {fiche.alpha_3.lower() for fiche in fiches}
    courts = {f.alpha_2.lower(): f.alpha_3.lower() for f in fiches if hasattr(f, "alpha_2")}
    if nomenclature == PAYS:
        court, long = map(str.lower, _KOSOVO)
        longs.add(long)
        courts[court] = long
    return frozenset(longs), courts


def _fiches(nomenclature: str) -> Iterable[Any]:
    import pycountry

    base: Iterable[Any] = pycountry.countries if nomenclature == PAYS else pycountry.languages
    return base


@cache
def _noms(nomenclature: str) -> dict[str, str]:
    """The code of each name, folded: French ones first, then English, then ISO's own."""
    noms: dict[str, str] = {}
    for nom, trouve in (*_du_cldr(nomenclature), *_de_l_iso(nomenclature)):
        noms.setdefault(replier(nom), trouve)
    return noms


def _du_cldr(nomenclature: str) -> Iterator[tuple[str, str]]:
    from babel import Locale

    codes, courts = _codes(nomenclature)
    for langue in ("fr", "en"):
        lieu = Locale(langue)
        dits = lieu.territories if nomenclature == PAYS else lieu.languages
        for cle, nom in dits.items():
            trouve = courts.get(cle.lower()) or cle.lower()
            if trouve in codes:
                yield nom, trouve


def _de_l_iso(nomenclature: str) -> Iterator[tuple[str, str]]:
    """ISO's own names, in English and, of countries, in French; three letters are a code."""
    import pycountry

    en_francais: Callable[[str], str] = str
    if nomenclature == PAYS:
        en_francais = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, ["fr"]).gettext
    for fiche in _fiches(nomenclature):
        for attribut in ("common_name", "name", "official_name"):
            anglais = getattr(fiche, attribut, "")
            for nom in (anglais, en_francais(anglais)) if len(anglais) > 3 else ():
                yield nom, fiche.alpha_3.lower()
                # «Congo, République démocratique du», as people say it.
                debut, _, fin = nom.partition(", ")
                yield f"{fin} {debut}", fiche.alpha_3.lower()
