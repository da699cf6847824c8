"""Names of columns and sheets: what does not count in them, and what they say by themselves.

Which names a contract knows does not belong here.
"""

import re
import unicodedata
from functools import lru_cache

NOM_MAX = 1000
UNITES = ("€", "EUR", "euros", "%", "h", "heure", "heures", "jour", "jours")
_INDIFFERENT = re.compile(
    r"[\s_'’‘‛ʼ`´\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_FIN_DE_NOM = re.compile(rf"(?:\*|[(\[]\s*(?:en\s+)?(?i:{'|'.join(UNITES)})\s*[)\]])\s*$")
_DE_NOTICE = re.compile(r"(?:exemples?|modeles?|notices?|lisez\W?moi|aide)(?!\w)")


@lru_cache(maxsize=4096)
def cle_de_nom(nom: str) -> str:
    """What is left of a column's name once case, accents, spaces and such do not count.

    Nor do a final star and a final unit in brackets. A cell too long to be a name looks like none.
    """
    if len(nom) > NOM_MAX:
        return "…"
    nom = _INDIFFERENT.sub(" ", nom).rstrip()
    while fin := _FIN_DE_NOM.search(nom):
        nom = nom[: fin.start()].rstrip()
    plat = unicodedata.normalize("NFD", nom.casefold())
    return "".join(
        c for c in plat if not c.isspace() and unicodedata.category(c) not in ("Mn", "Pd")
    )


def de_notice(feuille: str) -> bool:
    """Whether a sheet's name says that it holds an example or a notice, and no delivery."""
    plat = unicodedata.normalize("NFD", feuille.casefold())
    plat = "".join(c for c in plat if not unicodedata.combining(c)).replace("_", " ")
    return bool(_DE_NOTICE.match(plat.strip()))


def lettres(place: int) -> str:
    """What a spreadsheet calls a column, from 0: A, B… Z, AA."""
    nom = ""
    place += 1
    while place:
        place, reste = divmod(place - 1, 26)
        nom = chr(ord("A") + reste) + nom
    return nom
