"""Fingerprints: what a result depends on, told by a short text.

Of code, only what it does counts: comments, docstrings and layout do not. Which things a result
depends on is said by the step that computes it (`pipelines.pas`).
"""

import ast
import hashlib
import json
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

_SQL = re.compile(r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")|--[^\n]*|\s+")
_DOCUMENTES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def empreinte(*parties: object) -> str:
    """The fingerprint of values that JSON can write."""
    texte = json.dumps(parties, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(texte.encode("utf-8", "surrogatepass")).hexdigest()


def du_code(*chemins: Path) -> str:
    """The fingerprint of files of Python and SQL, whatever folder they are in."""
    return empreinte(*(_du_fichier(chemin) for chemin in sorted(chemins)))


def des_paquets(*noms: str) -> str:
    """The fingerprint of the installed versions of packages."""
    return empreinte(*((nom, _version(nom)) for nom in noms))


_version = cache(version)  # it reads files


@cache
def _du_fichier(chemin: Path) -> str:
    texte = chemin.read_text(encoding="utf-8")
    return empreinte(chemin.name, _python(texte) if chemin.suffix == ".py" else sql(texte))


def sql(texte: str) -> str:
    """A query without its comments and layout."""
    return _SQL.sub(lambda trouve: trouve[1] or " ", texte).strip()


def _python(texte: str) -> str:
    arbre = ast.parse(texte)
    for noeud in ast.walk(arbre):
        if isinstance(noeud, _DOCUMENTES) and ast.get_docstring(noeud, clean=False) is not None:
            noeud.body = noeud.body[1:]
    return ast.dump(arbre)
