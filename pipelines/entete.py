"""Files of SQL with words above: the head, its keys, and where the SQL begins.

What keys a kind of file has, and what they mean, is said where that kind is read.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_CLE = re.compile(r"-- ([^:]+): (\S.*)")
_SUITE = re.compile(r"--  +(\S.*)")


@dataclass(frozen=True)
class Entete:
    """The head of a file: its texts by key, its SQL, the line where the SQL begins, its faults."""

    cles: dict[str, str]
    sql: str
    ligne_sql: int
    fautes: list[str]


def lire(chemin: Path, connue: Callable[[str], bool], permises: str) -> Entete:
    """Split a file into words and SQL.

    Args:
        chemin: the file; its head, up to the first other line, is made of `-- cle: texte` and
            `--   suite`.
        connue: whether a key may stand there.
        permises: the keys that may, for people.
    """
    lignes = chemin.read_text(encoding="utf-8").splitlines()
    cles: dict[str, str] = {}
    fautes = []
    cle = ""
    fin = next((i for i, ligne in enumerate(lignes) if not ligne.startswith("--")), len(lignes))
    for numero, ligne in enumerate(lignes[:fin], start=1):
        trouve, suite = _CLE.fullmatch(ligne), _SUITE.fullmatch(ligne)
        if trouve and connue(trouve[1]) and trouve[1] not in cles:
            cle = trouve[1]
            cles[cle] = trouve[2].strip()
        elif suite and cle:
            cles[cle] += " " + suite[1].strip()
        else:
            ou = f"{chemin}, ligne {numero}"
            fautes.append(f"{ou} : clé inconnue ou répétée (clés : {permises})")
    debut = next((i for i in range(fin, len(lignes)) if lignes[i].strip()), fin)
    sql = "\n".join(lignes[debut:]).strip().removesuffix(";")
    return Entete(cles, sql, debut + 1, fautes)
