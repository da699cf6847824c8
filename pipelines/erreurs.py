"""Errors that a person can mend, and nothing else.

Raise `Faute` for a fault of the data, of the arguments or of the roadmap: the command line shows
its message, in French, and exits with 2. Anything else that is raised is a fault of the program,
unless `de_la_machine` knows it.
"""

import errno
import re
import sqlite3

_PLEIN = (errno.ENOSPC, errno.EDQUOT)
_ANGLAIS_DU_PLEIN = (
    "no space left on device",
    "disk quota exceeded",
    "database or disk is full",
    "max_temp_directory_size",  # what DuckDB calls the space left to its temporary files
)
_BASE = "La base de Dagster (dossier DAGSTER_HOME, ou .dagster/)"


class Faute(Exception):
    """What is wrong, where, and what to do; shown as it is. Nothing is published: exit 2."""


class Refus(Exception):
    """Why a whole file is refused; `motifs` are French sentences, all of them at once."""

    def __init__(self, *motifs: str) -> None:
        super().__init__(" ; ".join(motifs))
        self.motifs = motifs


def manque_de_memoire(erreur: BaseException) -> bool:
    """Whether DuckDB lacks memory; known by name, since who asks may not have imported it."""
    return type(erreur).__name__ == "OutOfMemoryException"


def de_la_machine(erreur: BaseException) -> Faute | None:
    """The fault to tell of an error that comes from the machine: a full disk, too little memory.

    Errors of DuckDB are known by their words, which are those of the system.
    """
    mots = str(erreur)
    if getattr(erreur, "errno", None) in _PLEIN or any(
        m in mots.lower() for m in _ANGLAIS_DU_PLEIN
    ):
        ecrit = re.search(r'["\'](/[^"\']+)["\']', mots)
        ou = f" (en écrivant «{ecrit[1]}»)" if ecrit else ""
        return Faute(f"Le disque est plein{ou} : libérez de la place, puis relancez.")
    if manque_de_memoire(erreur):
        return Faute(
            "La mémoire permise à DuckDB ne suffit pas : relancez en lui en permettant davantage, "
            "par exemple BILAN_MEMOIRE=2Go."
        )
    if isinstance(erreur, sqlite3.OperationalError) and "locked" in mots:
        return Faute(f"{_BASE} est tenue par un autre programme : arrêtez-le, puis relancez.")
    if isinstance(erreur, sqlite3.DatabaseError):
        return Faute(
            f"{_BASE} ne se lit pas ou ne s'écrit pas ({mots}) : vérifiez la place et les droits, "
            "puis relancez."
        )
    return None
