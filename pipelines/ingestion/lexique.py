"""Which code of a list a text stands for: its spellings, labels, plurals.

Lists themselves are in `pipelines.codes`; numbers and dates are read in `valeurs`.
"""

import re
import unicodedata

from pipelines.codes import Liste

_INDIFFERENTS = frozenset("_.'’‘ʼ`´")
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


def formes(liste: Liste, codes: bool = True) -> dict[str, str]:
    """The code that each folded text stands for.

    Where two codes claim a text, it is that of the one whose code it is, then whose label; a
    plural that two claim is neither's.

    Args:
        liste: the codes.
        codes: whether they stand for themselves, besides their labels.
    """
    exactes: dict[str, str] = {}
    for textes in ("code", "libelle", "noms") if codes else ("libelle", "noms"):
        for c in liste:
            dits = c.noms if textes == "noms" else (getattr(c, textes),)
            for texte in filter(None, dits):
                exactes.setdefault(replier(texte), c.code)
    accordees: dict[str, set[str]] = {}
    for c in liste:
        for texte in (c.code, c.libelle) if codes else (c.libelle,):
            # An acronym has no plural, nor a code of one word but that of its label.
            if not texte.isupper() or (texte == c.code and len(_mots(texte)) > 1):
                accordees.setdefault(accorder(texte), set()).add(c.code)
    seules = {forme: codes_.pop() for forme, codes_ in accordees.items() if len(codes_) == 1}
    return seules | exactes


def reconnaitre(texte: str, connues: dict[str, str]) -> str | None:
    """The code that a text stands for, among those of `formes`; a decimal number is none."""
    if _NOMBRE.fullmatch(texte):
        return None
    return connues.get(replier(texte)) or connues.get(accorder(texte))
