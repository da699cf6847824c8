"""Which code of a list a text stands for: its spellings, labels, plurals.

Lists themselves are in `pipelines.codes`; numbers and dates are read in `valeurs`.
"""

import re
import unicodedata
from functools import cached_property

from pipelines.codes import Liste

_INDIFFERENTS = frozenset("_.'’‘ʼ`´")
LONGUEUR_MAX = 500
"""A longer text, in characters, is no name."""
_NOMBRE = re.compile(r"[0-9]+\.[0-9]+")


def replier(texte: str) -> str:
    """A text without its case, accents, spaces, dots, hyphens, apostrophes and underscores."""
    return "".join(_mots(texte))


def accorder(texte: str) -> str:
    """The same with each of its words in the singular."""
    return "".join(map(_singulier, _mots(texte)))


def _mots(texte: str) -> list[str]:
    plat = unicodedata.normalize("NFD", texte.casefold())
    lettres = (" " if _indifferent(c) else c for c in plat if not unicodedata.combining(c))
    return "".join(lettres).split()


def _indifferent(c: str) -> bool:
    return c in _INDIFFERENTS or c.isspace() or unicodedata.category(c) in ("Pd", "Cf")


def _singulier(mot: str) -> str:
    if len(mot) < 3:
        return mot
    if mot.endswith("aux") and len(mot) > 3 and not mot.endswith("eaux"):
        return f"{mot[:-3]}al"
    return mot[:-1] if mot[-1] in "sx" else mot


class Formes:
    """The texts that stand for the codes of a list.

    A text that is a code, then a label, then another name, is read as that; else in the singular,
    where one code alone claims it.
    """

    def __init__(self, liste: Liste, codes: bool = True) -> None:
        """`codes`: whether they stand for themselves, besides their labels."""
        self._liste, self._codes = liste, codes

    def code(self, texte: str) -> str | None:
        """The code that a text stands for; a decimal number, or a page, stands for none."""
        if len(texte) > LONGUEUR_MAX or _NOMBRE.fullmatch(texte):
            return None
        exactes, accordees = self._tables
        return exactes.get(replier(texte)) or accordees.get(accorder(texte))

    @cached_property
    def _tables(self) -> tuple[dict[str, str], dict[str, str]]:
        """The code of each text folded, and of each in the singular: made when first asked for."""
        exactes: dict[str, str] = {}
        accordees: dict[str, set[str]] = {}
        for sorte in ("code", "libelle", "noms") if self._codes else ("libelle", "noms"):
            for c in self._liste:
                textes = c.noms if sorte == "noms" else (getattr(c, sorte),)
                for texte in filter(None, textes):
                    exactes.setdefault(replier(texte), c.code)
                    # An acronym is no plural; a code of one word has that of its label.
                    sigle = texte.isupper() and (sorte != "code" or len(_mots(texte)) == 1)
                    plie = replier(texte) if sigle else accorder(texte)
                    accordees.setdefault(plie, set()).add(c.code)
        return exactes, {plie: codes.pop() for plie, codes in accordees.items() if len(codes) == 1}
