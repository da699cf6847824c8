"""Languages and countries: their ISO codes, from codes or from names in French and in English.

ISO's lists and their French translation are pycountry's, usual names the CLDR's (babel). They are
loaded when a text is first met that needs them: most extracts have neither column.
"""

import gettext
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pipelines.ingestion.lexique import LONGUEUR_MAX, replier

LANGUES, PAYS = "langues", "pays"
_NORMES = {LANGUES: "639-3", PAYS: "3166-1"}
_KOSOVO = ("XK", "XKX")  # in the CLDR and in use, not in ISO 3166


def code(nomenclature: str, texte: str) -> str | None:
    """The code of three letters that a text stands for; None where there is none.

    Args:
        nomenclature: `LANGUES` (ISO 639-3, lower case) or `PAYS` (ISO 3166-1, upper case).
        texte: a code of three or two letters, or a name.
    """
    plie = replier(texte) if len(texte) <= LONGUEUR_MAX else ""
    codes, courts = _codes(nomenclature)
    trouve = plie if plie in codes else courts.get(plie)
    if not trouve and len(plie) > 2:  # of two letters, another list's code rather than a name
        trouve = noms(nomenclature).get(plie)
    return trouve.upper() if trouve and nomenclature == PAYS else trouve


@cache
def _codes(nomenclature: str) -> tuple[frozenset[str], dict[str, str]]:
    """The codes of three letters, and those that the codes of two letters stand for, folded."""
    fiches = _fiches(nomenclature)
    longs = {f["alpha_3"].lower() for f in fiches}
    courts = {f["alpha_2"].lower(): f["alpha_3"].lower() for f in fiches if "alpha_2" in f}
    if nomenclature == PAYS:
        court, long = map(str.lower, _KOSOVO)
        longs.add(long)
        courts[court] = long
    return frozenset(longs), courts


@cache
def _fiches(nomenclature: str) -> list[dict[str, str]]:
    """ISO's list: pycountry's file itself, for its objects take ten times as long to make."""
    import pycountry

    norme = _NORMES[nomenclature]
    texte = (Path(pycountry.DATABASE_DIR) / f"iso{norme}.json").read_text(encoding="utf-8")
    fiches: list[dict[str, str]] = json.loads(texte)[norme]
    return fiches


@cache
def noms(nomenclature: str) -> dict[str, str]:
    """The code of each name, folded: French ones first, then English, then ISO's own."""
    trouves: dict[str, str] = {}
    for nom, trouve in (*_du_cldr(nomenclature), *_de_l_iso(nomenclature)):
        trouves.setdefault(replier(nom), trouve)
    return trouves


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
        norme = f"iso{_NORMES[PAYS]}"
        en_francais = gettext.translation(norme, pycountry.LOCALES_DIR, ["fr"]).gettext
    for fiche in _fiches(nomenclature):
        for attribut in ("common_name", "name", "official_name"):
            anglais = fiche.get(attribut, "")
            for nom in (anglais, en_francais(anglais)) if len(anglais) > 3 else ():
                yield nom, fiche["alpha_3"].lower()
                # «Congo, République démocratique du», as people say it.
                debut, _, fin = nom.partition(", ")
                yield f"{fin} {debut}", fiche["alpha_3"].lower()
