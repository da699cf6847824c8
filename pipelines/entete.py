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
        chemin: the file; its head is made of lines `-- cle: texte`, or `--   suite`.
        connue: whether a key may stand there.
        permises: the keys that may, for people.
    """
    lignes = chemin.read_text(encoding="utf-8").splitlines()
    cles: dict[str, str] = {}
    fautes = []
    cle = ""
    numero = 1
    for numero, ligne in enumerate(lignes, start=1):
        if ligne.strip() and not ligne.startswith("--"):
            break
        trouve, suite = _CLE.fullmatch(ligne), _SUITE.fullmatch(ligne)
        if trouve and connue(trouve[1]) and trouve[1] not in cles:
            cle = trouve[1]
            cles[cle] = trouve[2].strip()
        elif suite and cle:
            cles[cle] += " " + suite[1].strip()
        elif ligne.strip():
            ou = f"{chemin}, ligne {numero}"
            fautes.append(f"{ou} : clé inconnue ou répétée (clés : {permises})")
    sql = "\n".join(lignes[numero - 1 :]).strip().removesuffix(";")
    return Entete(cles, sql, numero, fautes)
