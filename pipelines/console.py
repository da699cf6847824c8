"""Queries on the published warehouse, which only read: one, or a console.

Whatever the statement, nothing is written, and no file nor other database is read: the file is
opened read-only, then the connection loses the file system. DuckDB's own `enable_external_access`,
and the safe mode of its command line, are not enough: they still let `copy … to` overwrite the very
file that is open.
"""

import os
import re
import shutil
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from itertools import zip_longest
from pathlib import Path
from typing import IO, Any

import duckdb

from pipelines.entrepot.chantier import ANCIEN_NOM, chemin_sql, fichier
from pipelines.erreurs import Faute

_LIGNES_MONTREES, _FICHES_MONTREES, _LIGNES_D_UNE_CELLULE = 200, 20, 4
_SANS_LIMITE = 2**31
_NOMBRE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT|DOUBLE|FLOAT|DECIMAL")
_LECTURE_SEULE = (
    "«bilan sql» ne fait que lire l'entrepôt publié, sans rien écrire ni ouvrir d'autre fichier"
)
# The first that an error is an instance of.
_SENS: dict[type[duckdb.Error], str] = {
    duckdb.ParserException: "elle ne se lit pas",
    duckdb.CatalogException: "elle nomme ce qui n'existe pas (.tables liste les tables)",
    duckdb.BinderException: "elle nomme ce qui n'existe pas, ou mêle ce qui ne va pas ensemble",
    duckdb.PermissionException: _LECTURE_SEULE,
    duckdb.ConversionException: "une valeur ne se convertit pas dans le type demandé",
    duckdb.InterruptException: "elle est abandonnée",
    duckdb.OutOfMemoryException: "elle demande plus de mémoire qu'il n'y en a ; restreignez-la",
}
_BANNIERE = """\
Entrepôt publié, en lecture seule. Une requête finit par « ; ».
.tables [MOT] liste les tables et les vues ; describe bilan.cir; donne les colonnes.
.aide rappelle ceci ; Ctrl+C abandonne une requête ; Ctrl+D quitte."""
_TABLES = """
    select schema_name || '.' || nom as nom, split_part(comment, '. ', 1) as mots
    from (
        select schema_name, view_name as nom, comment from duckdb_views() where not internal
        union all
        select schema_name, table_name, comment from duckdb_tables()
    )
    where contains(schema_name || '.' || nom, ?)
    order by schema_name <> 'bilan', 1
"""


@contextmanager
def _ouvrir(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse, which can only be read.

    Raises:
        Faute: there is none, or it cannot be read.
    """
    chemin = fichier(warehouse)
    if not chemin.exists():
        raise Faute(f"Aucun entrepôt publié dans «{warehouse}» : lancez d'abord «bilan refresh».")
    # Published by 0.1.0, it has the name of one of its schemas: it is attached under the other.
    a_renommer = chemin.name == ANCIEN_NOM
    try:
        con = duckdb.connect(
            ":memory:" if a_renommer else chemin,
            read_only=not a_renommer,
            config={"python_enable_replacements": "false"},
        )
        if a_renommer:
            con.execute(f"attach '{chemin_sql(chemin)}' as entrepot (read_only); use entrepot")
        con.execute("set enable_external_access = false")
        con.execute("set disabled_filesystems = 'LocalFileSystem'")
        con.execute("set lock_configuration = true")
    except duckdb.Error as erreur:
        dit = str(erreur).split("\n\n")[0].strip()
        raise Faute(f"L'entrepôt «{chemin}» ne s'ouvre pas : {dit}") from None
    with con:
        yield con


def _expliquer(erreur: duckdb.Error) -> str:
    """What is wrong with a query, in French; below, DuckDB's own words, which say where."""
    dit = "\n".join(ligne for ligne in str(erreur).splitlines() if ligne.strip())
    if isinstance(erreur, duckdb.InvalidInputException) and "«" in dit:
        # One of the warehouse's own macros says it, in French.
        return f"La requête a échoué : {dit.removeprefix('Invalid Input Error: ')}"
    if "read-only mode" in dit or "configuration has been locked" in dit:
        sens = _LECTURE_SEULE
    else:
        sens = next((s for type_, s in _SENS.items() if isinstance(erreur, type_)), "voir DuckDB")
    return f"La requête a échoué : {sens}.\n{textwrap.indent(dit, '  ')}"


def _largeur(sortie: IO[str]) -> int:
    """The columns that a reader sees; another program takes lines as long as they are."""
    if sortie.isatty() or os.environ.get("COLUMNS"):
        return shutil.get_terminal_size().columns
    return _SANS_LIMITE


def _executer(con: duckdb.DuckDBPyConnection, requete: str, sortie: IO[str]) -> None:
    """Run a query and print its result: a table where it can be read, else a card a row."""
    relation = con.sql(requete)
    if relation is None:
        return
    limite = _LIGNES_MONTREES if sortie.isatty() else _SANS_LIMITE
    noms, types = relation.columns, [str(type_) for type_ in relation.types]
    textes = relation.select("columns(*)::varchar").limit(limite + 1).fetchall()
    lignes = [["NULL" if v is None else str(v) for v in ligne] for ligne in textes[:limite]]
    rangees = _rangees(noms, lignes, _largeur(sortie))
    if rangees:
        rendues = _tableau(rangees, [bool(_NOMBRE.match(type_)) for type_ in types])
    else:
        limite = min(limite, _FICHES_MONTREES) if sortie.isatty() else limite
        rendues = _fiches(noms, lignes[:limite], _largeur(sortie))
    for rendue in rendues:
        print(rendue, file=sortie)
    if len(textes) > limite:
        print(f"… Les {limite} premières lignes : ajoutez « where » ou « limit ».", file=sortie)
    elif not textes:
        print("Aucune ligne.", file=sortie)


def _rangees(noms: list[str], lignes: list[list[str]], largeur: int) -> list[list[list[str]]]:
    """The cells of a table, head first, each cut at words into a few lines; none if it is too wide.

    The widest columns give way first, and none cuts a word.
    """
    colonnes = list(zip(noms, *lignes, strict=True))
    largeurs = [max(map(len, colonne)) for colonne in colonnes]
    trop = sum(largeurs) + 3 * len(noms) + 1 - largeur
    if trop > 0:
        mots = [max(len(mot) for v in c for mot in v.split() or [""]) for c in colonnes]
        if sum(mots) + 3 * len(noms) + 1 > largeur:
            return []
    for _ in range(trop):
        cede = max(range(len(noms)), key=lambda n: (largeurs[n] > mots[n], largeurs[n]))
        largeurs[cede] -= 1
    rangees = [
        [
            [valeur] if len(valeur) <= n and "\n" not in valeur else _plier(valeur, n)
            for valeur, n in zip(ligne, largeurs, strict=True)
        ]
        for ligne in (noms, *lignes)
    ]
    trop_hautes = any(len(cellule) > _LIGNES_D_UNE_CELLULE for r in rangees for cellule in r)
    return [] if trop_hautes else rangees


def _plier(valeur: str, largeur: int) -> list[str]:
    """The lines of a value, cut at words where they are too long."""
    pliees = [
        textwrap.wrap(ligne, largeur, drop_whitespace=len(ligne) > largeur)
        for ligne in valeur.splitlines()
    ]
    return [ligne for lignes in pliees for ligne in lignes or [""]] or [""]


def _tableau(rangees: list[list[list[str]]], a_droite: list[bool]) -> Iterator[str]:
    """A table in a frame, numbers on the right; rows of several lines are set apart."""
    largeurs = [max(len(m) for c in colonne for m in c) for colonne in zip(*rangees, strict=True)]
    traits = ["─" * (n + 2) for n in largeurs]
    hautes = any(len(cellule) > 1 for rangee in rangees[1:] for cellule in rangee)
    yield f"┌{'┬'.join(traits)}┐"
    for rang, rangee in enumerate(rangees):
        if rang == 1 or (rang and hautes):
            yield f"├{'┼'.join(traits)}┤"
        for morceaux in zip_longest(*rangee, fillvalue=""):
            cases = zip(morceaux, largeurs, a_droite, strict=True)
            yield f"│ {' │ '.join(v.rjust(n) if d else v.ljust(n) for v, n, d in cases)} │"
    if len(rangees) == 1:
        yield f"├{'┼'.join(traits)}┤"
    yield f"└{'┴'.join(traits)}┘"


def _fiches(noms: list[str], lignes: list[list[str]], largeur: int) -> Iterator[str]:
    """A card for each row: a line for each column, cut at words where it is too long."""
    marge = max(map(len, noms)) + 2
    for rang, valeurs in enumerate(lignes, 1):
        yield f"─── {rang} ".ljust(min(largeur, 80), "─")
        for nom, valeur in zip(noms, valeurs, strict=True):
            entree = nom.ljust(marge)
            for ligne in _plier(valeur, max(largeur - marge, 20)):
                yield f"{entree}{ligne}".rstrip()
                entree = " " * marge


def interroger(warehouse: Path, requete: str, sortie: IO[str]) -> None:
    """Run one query and print its result.

    Raises:
        Faute: there is no warehouse, or the query fails.
    """
    with _ouvrir(warehouse) as con:
        try:
            _repondre(con, requete, sortie)
        except duckdb.Error as erreur:
            raise Faute(_expliquer(erreur)) from None


def console(warehouse: Path, entree: IO[str], sortie: IO[str], erreurs: IO[str]) -> int:
    """Run queries, each ended by `;`, until the end of the input; gives how many failed.

    On a terminal, arrows edit the line and call back earlier queries.
    """
    echecs = 0
    with _ouvrir(warehouse) as con:
        for saisie in _saisies(entree, sortie):
            try:
                _repondre(con, saisie, sortie)
            except duckdb.Error as erreur:
                print(_expliquer(erreur), file=erreurs)
                echecs += 1
            except KeyboardInterrupt:
                if not entree.isatty():
                    raise
                print("Requête abandonnée.", file=erreurs)
    return echecs


def _repondre(con: duckdb.DuckDBPyConnection, saisie: str, sortie: IO[str]) -> None:
    """Run a query, or a command of the console itself."""
    if not saisie.startswith("."):
        _executer(con, saisie, sortie)
        return
    nom, _, mot = saisie.partition(" ")
    if nom != ".tables":
        print(_BANNIERE, file=sortie)
        return
    tables = con.execute(_TABLES, [mot.strip()]).fetchall()
    marge = max((len(table) for table, _ in tables), default=0) + 2
    for table, mots in tables:
        print(f"{table.ljust(marge)}{mots or ''}"[: _largeur(sortie)].rstrip(), file=sortie)


def _saisies(entree: IO[str], sortie: IO[str]) -> Iterator[str]:
    """What is typed, or comes from a file: queries, and commands of the console."""
    au_clavier = entree.isatty()
    if au_clavier:
        print(_BANNIERE, file=sortie)
    with _historique() if au_clavier else nullcontext() as historique:
        lignes: list[str] = []
        while True:
            try:
                lue = _au_clavier(bool(lignes)) if au_clavier else entree.readline()
            except KeyboardInterrupt:
                if not au_clavier:
                    raise
                print(file=sortie)
                lignes = []
                continue
            commande = lue.strip() if not lignes and lue.startswith(".") else ""
            if commande in (".quit", ".exit"):
                return
            lignes.append(lue)
            if commande or not lue or lue.rstrip().endswith(";"):
                saisie = "".join(lignes).strip()
                if historique and len(lignes) > 1:
                    _reunir(historique, lignes)
                lignes = []
                if saisie:
                    yield saisie
            if not lue:
                if au_clavier:
                    print(file=sortie)
                return


def _au_clavier(suite: bool) -> str:
    """A line as it is typed, with its end; empty at the end of the input."""
    try:
        return input("  ...> " if suite else "bilan> ") + "\n"
    except EOFError:
        return ""


@contextmanager
def _historique() -> Iterator[Any]:
    """The module that edits lines, with the queries of earlier sessions; None where there is none.

    They are kept for their author only.
    """
    try:
        import readline
    except ImportError:
        yield None
        return
    garde = Path.home() / ".config" / "bilan" / "historique"
    readline.set_auto_history(True)
    readline.set_history_length(1000)
    with suppress(OSError):
        readline.read_history_file(garde)
    try:
        yield readline
    finally:
        with suppress(OSError):
            garde.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            garde.touch(mode=0o600)
            readline.write_history_file(garde)


def _reunir(readline: Any, lignes: list[str]) -> None:
    """Have the lines of a query called back as one, unless a comment would swallow the end."""
    if any("--" in ligne for ligne in lignes):
        return
    for _ in filter(str.strip, lignes):
        readline.remove_history_item(readline.get_current_history_length() - 1)
    readline.add_history(" ".join(ligne.strip() for ligne in lignes if ligne.strip()))
