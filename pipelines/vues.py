"""The views: the files of `assets/bilan/`, words above, SQL below.

A view's name is its file's; its schema is `bilan`, or the name of the folder that it has there for
itself (`indicateurs/lisible.sql`). A column without words of its own takes those of the column of
the same name in what the view reads. What a view shows does not belong here; nor what it reads.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from pipelines import entete
from pipelines.entrepot import tables
from pipelines.erreurs import Faute
from pipelines.feuille_de_route import RACINE
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.reception import table as table_de
from pipelines.sql import arbre

DOSSIER = RACINE / "assets" / "bilan"
SCHEMA = "bilan"


@dataclass(frozen=True)
class Vue:
    """One view: its words, its SQL, and the tables (`schema.table`) that its SQL names."""

    nom: str
    schema: str
    chemin: Path
    titre: str
    objet: str
    colonnes: dict[str, str]
    sql: str
    ligne_sql: int
    lit: tuple[str, ...]

    @property
    def table(self) -> str:
        """Its name with its schema."""
        return f"{self.schema}.{self.nom}"


def lire(dossier: Path = DOSSIER) -> list[Vue]:
    """All the views, each after those that it reads.

    Raises:
        Faute: files that are not in the form expected, all of them at once.
    """
    vues, fautes = {}, []
    chemins = sorted([*dossier.glob("*.sql"), *dossier.glob("*/*.sql")])
    with duckdb.connect() as con:
        for chemin in chemins:
            try:
                schema = SCHEMA if chemin.parent == dossier else chemin.parent.name
                vue = _lire_une(con, chemin, schema)
                vues[vue.table] = vue
            except Faute as faute:
                fautes.append(str(faute))
    if fautes:
        raise Faute("\n".join(fautes))
    avant = {nom: [t for t in v.lit if t in vues] for nom, v in vues.items()}
    try:
        return [vues[nom] for nom in TopologicalSorter(avant).static_order()]
    except CycleError as erreur:
        raise Faute(f"{dossier} : des vues se lisent en rond ({erreur.args[1]})") from None


def _connue(cle: str) -> bool:
    return cle in ("titre", "objet") or cle.startswith("colonne ")


def _lire_une(con: duckdb.DuckDBPyConnection, chemin: Path, schema: str) -> Vue:
    lu = entete.lire(chemin, _connue, "titre, objet, colonne NOM")
    tete, sql, fautes = lu.cles, lu.sql, lu.fautes
    fautes += [f"{chemin} : il manque la clé «{c}»" for c in ("titre", "objet") if c not in tete]
    lit: tuple[str, ...] = ()
    try:
        lit = _requete(con, sql).tables
    except ValueError as erreur:
        fautes.append(f"{chemin}, ligne {lu.ligne_sql} : le SQL ne se lit pas ({erreur})")
    if fautes:
        raise Faute("\n".join(fautes))
    mots = {c.removeprefix("colonne "): t for c, t in tete.items() if c.startswith("colonne ")}
    return Vue(
        chemin.stem, schema, chemin, tete["titre"], tete["objet"], mots, sql, lu.ligne_sql, lit
    )


@dataclass(frozen=True)
class _Requete:
    """What a query reads, as it is parsed.

    `tables` are the tables and views that it names with their schema (others are its own), `choix`
    its columns: the name of each, and those of the columns that its expression reads.
    """

    tables: tuple[str, ...]
    choix: tuple[tuple[str, frozenset[str]], ...]


def _requete(con: duckdb.DuckDBPyConnection, sql: str) -> _Requete:
    """The same; parsed once, for a refresh asks three times, and a code server often.

    Raises:
        ValueError: the query cannot be parsed.
    """
    if sql not in _REQUETES:
        noeuds = list(_noeuds(arbre(con, sql)))
        tables = {
            f"{n['schema_name']}.{n['table_name']}"
            for n in noeuds
            if n.get("type") == "BASE_TABLE" and n["schema_name"]
        }
        _REQUETES[sql] = _Requete(
            tuple(sorted(tables)),
            tuple(
                (_nom_choisi(expression), _noms_lus(expression))
                for n in noeuds
                if n.get("type") == "SELECT_NODE"
                for expression in n["select_list"]
            ),
        )
    return _REQUETES[sql]


_REQUETES: dict[str, _Requete] = {}


def _noeuds(arbre: Any) -> Iterator[dict[str, Any]]:
    """All the objects of a parsed query."""
    if isinstance(arbre, dict):
        yield arbre
        arbre = list(arbre.values())
    if isinstance(arbre, list):
        for enfant in arbre:
            yield from _noeuds(enfant)


def libres(
    con: duckdb.DuckDBPyConnection, lues: Iterable[Vue], des_tables: Mapping[str, Collection[str]]
) -> dict[str, set[str]]:
    """By table or view, its columns that may hold free words of deliveries.

    Args:
        con: any connection.
        lues: the views, each after those that it reads.
        des_tables: what is known of tables.

    A column is thought to hold some where its expression names one that does: by its name alone,
    which may be too many, never too few.
    """
    connues = {nom: set(colonnes) for nom, colonnes in des_tables.items()}
    for vue in lues:
        noms = set().union(*(connues.get(table, ()) for table in vue.lit))
        if noms:
            choix = _requete(con, vue.sql).choix
            avant = 0
            while len(noms) > avant:
                avant = len(noms)
                noms |= {nom for nom, dont in choix if noms & dont}
            connues[vue.table] = noms
    return connues


def _nom_choisi(expression: dict[str, Any]) -> str:
    """The name of a column of a query."""
    return str(expression.get("alias") or (expression.get("column_names") or [""])[-1])


def _noms_lus(expression: dict[str, Any]) -> frozenset[str]:
    """The names of the columns that an expression reads."""
    lus = (n["column_names"] for n in _noeuds(expression) if n.get("column_names"))
    return frozenset(noms[-1] for noms in lus)


def creer(con: duckdb.DuckDBPyConnection, lues: Iterable[Vue]) -> None:
    """Create views with their words, each after those that it reads.

    Raises:
        Faute: the SQL of one does not bind, or a column has no words.
    """
    connus = _mots_des_tables(con)
    con.begin()  # or each word on a column would wait for the disk
    for vue in lues:
        mots = connus[vue.table] = _creer_une(con, vue, connus)
        tables.dire(con, "view", place(vue), f"{vue.titre}. {vue.objet}", mots)
    con.commit()


def _creer_une(
    con: duckdb.DuckDBPyConnection, vue: Vue, connus: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Create a view; gives the words of its columns.

    Args:
        con: a warehouse that has what the view reads.
        vue: the view.
        connus: the words of the columns of each table or view that it may read.

    Raises:
        Faute: its SQL does not bind, or a column has no words.
    """
    try:
        con.execute(f"create view {place(vue)} as {vue.sql}")
    except duckdb.Error as erreur:
        raise Faute(_ou(vue, str(erreur))) from None
    colonnes = [nom for nom, *_ in con.execute(f"describe {place(vue)}").fetchall()]
    lus = (connus.get(table, {}) for table in sorted(vue.lit, reverse=True))
    mots = {c: dit for table in lus for c, dit in table.items()} | vue.colonnes
    fautes = [f"la colonne «{c}» n'a pas de mots" for c in colonnes if c not in mots]
    fautes += [f"la colonne «{c}» n'existe pas" for c in vue.colonnes if c not in colonnes]
    if fautes:
        raise Faute("\n".join(f"{vue.chemin} : {faute}" for faute in fautes))
    return {c: mots[c] for c in colonnes}


def place(vue: Vue) -> str:
    """The name of a view, with its schema but not the file's, which may be copied under another."""
    return f'{vue.schema}."{vue.nom}"'


def _mots_des_tables(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    return {
        f"{schema}.{nom}": {colonne: mots for colonne, (_, mots) in siennes.items()}
        for schema, toutes in tables.decrites(con).items()
        for nom, siennes in toutes.items()
    }


def _ou(vue: Vue, message: str) -> str:
    dans = re.search(r"LINE (\d+):", message)
    numero = vue.ligne_sql + (int(dans[1]) - 1 if dans else 0)
    return f"{vue.chemin}, ligne {numero} : {message.splitlines()[0]}"


def fautes(regles: Iterable[Regles], dossier: Path = DOSSIER) -> Iterator[str]:
    """What is wrong with the views, tried on an empty warehouse."""
    try:
        vues = lire(dossier)
    except Faute as faute:
        yield from str(faute).splitlines()
        return
    lues = {table.partition(".")[2] for vue in vues for table in vue.lit}
    regles = [r for r in regles if table_de(r.nom) in lues]
    with duckdb.connect() as con:
        tables.creer(con, regles)
        for contrat in regles:
            tables.creer_table(con, "faits", contrat)
        connus = _mots_des_tables(con)
        for vue in vues:
            try:
                connus[vue.table] = _creer_une(con, vue, connus)
            except Faute as faute:
                yield from str(faute).splitlines()
