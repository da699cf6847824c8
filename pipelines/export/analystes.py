"""`analyse.duckdb`: the published warehouse without the rows of persons, for those who count.

An extract is about persons where its contract has a personal column. Its rows are not copied: a
table of counts stands for them (`effectifs.*`). What is shown of an extract of which there is no
contract is not known: its rows are not copied either. What may leave the administration is
`pipelines.export.ouvert`'s.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from assets.extracts.contrat import Colonne
from pipelines import contrats
from pipelines.entrepot import chantier, tables
from pipelines.export import publie
from pipelines.export.dossier import remplacer
from pipelines.ingestion.reception import table
from pipelines.sql import arbre, texte

NOM = "analyse.duckdb"
EFFECTIFS, EFFECTIF = "effectifs", "effectif"
_DES_LIGNES = ("livraisons", "faits", "historique")
_MASQUE = "***"
_SANS_OBJET = ("qualite.cle",)  # a key could be tried on it, where there is no pseudonym to try
# By what rows of persons are counted: the lists that columns take their codes from. Of several
# columns of a list, the first, so that counts say no more than this of a person.
_LISTES = ("departements", "sexe", "motif_admission", "niveau_langue")
_BOOLEENS = ("bpi",)
# What tells of one delivered row, or has words of a delivery, and the condition of extracts.
_A_MASQUER = {
    "qualite.rejets": (("valeur", "message", "feuille"), "source || '/' || extrait"),
    "qualite.doutes": (("feuille",), "source || '/' || extrait"),
    "qualite.livraisons": (("motif",), "source || '/' || extrait"),
    "referentiel.corrections": (("cle", "attendu", "corrige", "motif"), "extrait"),
    # Those of corrections: the extract, the key, the column.
    "qualite.controles": (
        ("objet", "observe", "attendu", "message"),
        "if(contains(objet, ' '), split_part(objet, ' ', 1), null)",
    ),
}


def exporter(dossier: Path, warehouse: Path) -> list[str]:
    """Write `analyse.duckdb` into a folder; gives the extracts whose rows are not in it.

    Raises:
        Faute: there is no published warehouse, or the folder cannot be used.
    """
    with remplacer(dossier, _est_de_nous) as (nouveau, _):
        nouveau.chmod(nouveau.stat().st_mode & 0o750)
        fichier = nouveau / NOM
        with duckdb.connect(
            fichier, config={"storage_compatibility_version": chantier.VERSION, "threads": 1}
        ) as con:
            publie.attacher(con, warehouse)
            ecartes = _copier(con)
            con.execute("detach publie")
            con.execute("checkpoint")
        fichier.chmod(fichier.stat().st_mode & 0o640)
    return ecartes


def _est_de_nous(dossier: Path) -> bool:
    if [chemin.name for chemin in dossier.iterdir()] != [NOM]:
        return False
    try:
        with duckdb.connect() as con:
            con.execute(f"attach '{chantier.chemin_sql(dossier / NOM)}' as autre (read_only)")
            schemas = con.execute(
                "select schema_name from duckdb_schemas() where database_name = 'autre'"
            ).fetchall()
    except duckdb.Error:
        return False
    return (EFFECTIFS,) in schemas


def _copier(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Copy all but the rows of persons; gives the extracts that these are of.

    What is not to be there is never written, even to be removed: a file keeps what it lets go.
    """
    [(base,)] = con.execute("select current_database()").fetchall()
    con.execute(f'copy from database publie to "{base}" (schema)')
    con.execute(f"create schema {EFFECTIFS}")
    modeles = {table(nom): (nom, modele) for nom, modele in contrats.tous().items()}
    siens = {nom: modele.colonnes() for nom, modele in modeles.values()}
    objets = _objets(con)
    extraits = {nom: modeles[nom][0] if nom in modeles else nom for _, nom, _ in objets}
    ecartes = {
        extraits[nom]
        for schema, nom, _ in objets
        if schema in _DES_LIGNES and _de_personnes(siens.get(extraits[nom]))
    }
    for schema, nom, vue in objets:
        if schema in _DES_LIGNES and extraits[nom] in ecartes:
            con.execute(f'drop {"view" if vue else "table"} {schema}."{nom}"')
            if schema == "faits" and nom in modeles:
                extrait, modele = modeles[nom]
                _compter(con, nom, siens[extrait], modele.__doc__ or "")
        elif f"{schema}.{nom}" in _SANS_OBJET:
            con.execute(f"drop table {schema}.{nom}")
        elif not vue:
            choix = _masquees(con, f"{schema}.{nom}", ecartes)
            con.execute(f'insert into {schema}."{nom}" select {choix} from publie.{schema}."{nom}"')
    _dire_absents(con, ecartes)
    _retirer_les_vues_mortes(con)
    return sorted(ecartes)


def _de_personnes(colonnes: dict[str, Colonne] | None) -> bool:
    """Whether an extract of these columns is about persons; it may be, where no contract says."""
    return colonnes is None or any(colonne.personnelle for colonne in colonnes.values())


def _objets(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, bool]]:
    """Schema and name of all tables and views of the published file, and whether it is a view."""
    return con.execute(
        """
        select schema_name, table_name, false from duckdb_tables() where database_name = 'publie'
        union all
        select schema_name, view_name, true from duckdb_views()
        where database_name = 'publie' and not internal
        order by all
        """
    ).fetchall()


def _compter(
    con: duckdb.DuckDBPyConnection, nom: str, colonnes: dict[str, Colonne], quoi: str
) -> None:
    """Make the table of counts that stands for the facts of an extract, with its words."""
    axes = _axes(colonnes)
    la = f'{EFFECTIFS}."{nom}"'
    choix = ", ".join(f'{sql} as "{axe}"' for axe, (sql, _) in axes.items())
    con.execute(
        f"""
        create table {la} as
        select {choix}{", " if axes else ""}count(*) as {EFFECTIF}
        from publie.faits."{nom}"
        {"group by all" if axes else ""}
        order by all
        """
    )
    par = ", ".join(axes)
    tables.dire(
        con,
        "table",
        la,
        f"{quoi.strip()} Effectifs au dernier arrêté, à la place des lignes de personnes, qui "
        f"ne sont pas dans ce fichier : une ligne par {par}. Ces effectifs, petits compris, ne "
        "sortent pas de l'administration.",
        {axe: dit for axe, (_, dit) in axes.items()} | {EFFECTIF: "Nombre de lignes."},
    )


def _axes(colonnes: dict[str, Colonne]) -> dict[str, tuple[str, str]]:
    """What an extract is counted by: SQL and words of each column of counts."""
    axes = {}
    if trouve := _mois(colonnes):
        nom, sql = trouve
        axes["mois"] = sql, f"Mois AAAA-MM de {nom}."
    for nom, colonne in colonnes.items():
        premiere = nom == next((n for n, c in colonnes.items() if c.liste == colonne.liste), nom)
        if (colonne.liste in _LISTES and premiere) or nom in _BOOLEENS:
            axes[nom] = f'"{nom}"', colonne.description
        elif colonne.age_le:
            axes["tranche_age"] = (
                _TRANCHE,
                (
                    f"Tranche de cinq ans de l'âge révolu à {colonne.age_le} (20-24) ; vide : âge "
                    "non renseigné."
                ),
            )
    return axes


_TRANCHE = "(age // 5 * 5) || '-' || (age // 5 * 5 + 4)"


def _mois(colonnes: dict[str, Colonne]) -> tuple[str, str] | None:
    """The column that dates the rows, and the SQL of its month: that of ages, else the first."""
    dates = [colonne.age_le for colonne in colonnes.values() if colonne.age_le]
    mois = [nom for nom, colonne in colonnes.items() if colonne.type == "mois"]
    jours = [n for n, c in colonnes.items() if c.type == "date" and c.obligatoire]
    for nom in (*dates, *mois, *jours):
        return nom, f'"{nom}"' if nom in mois else f"strftime(\"{nom}\", '%Y-%m')"
    return None


def _masquees(con: duckdb.DuckDBPyConnection, nom: str, ecartes: Iterable[str]) -> str:
    """The columns of a table, in SQL: what they say of the rows of these extracts is masked."""
    noms = ", ".join(texte(extrait) for extrait in sorted(ecartes))
    if nom not in _A_MASQUER or not noms:
        return "*"
    colonnes, extrait = _A_MASQUER[nom]
    presentes = [c for c, *_ in con.execute(f"describe {nom}").fetchall()]  # versions may differ
    masques = (
        f"if({extrait} in ({noms}) and {c} is not null, '{_MASQUE}', {c}) as {c}"
        for c in colonnes
        if c in presentes
    )
    return f"* replace ({', '.join(masques)})"


def _dire_absents(con: duckdb.DuckDBPyConnection, ecartes: Iterable[str]) -> None:
    """Have the macros that read delivered rows say in French which are not there."""
    extraits = sorted(ecartes)
    indicateurs = con.execute(
        "select indicateur from referentiel.indicateurs where list_contains(?, extrait) order by 1",
        [extraits],
    ).fetchall()
    absents = {
        "faits_au": [e for x in extraits for e in (x, table(x))],
        "lignes": [i for (i,) in indicateurs],
    }
    for nom, refuses in absents.items():
        for parametres, definition, mots in con.execute(
            """
            select parameters, macro_definition, comment from duckdb_functions()
            where database_name = current_database() and not internal and function_name = ?
                and function_type = 'table_macro'
            """,
            [nom],
        ).fetchall():
            if refuses:
                sql = _refuser(con, definition, parametres[0], refuses)
                con.execute(
                    f"create or replace macro {nom}({', '.join(parametres)}) as table {sql}"
                )
                con.execute(f"comment on macro table {nom} is {texte(mots or '')}")


def _refuser(
    con: duckdb.DuckDBPyConnection, requete: str, parametre: str, refuses: list[str]
) -> str:
    """A macro's query, of which the first CASE begins by refusing these values of a parameter."""
    noms = ", ".join(map(texte, refuses))
    cas = arbre(
        con,
        f"""
        select case when list_contains([{noms}], {parametre}) then error(
            '« ' || {parametre} || ' » repose sur des lignes de personnes, qui ne sont pas dans ce '
            || 'fichier : le schéma {EFFECTIFS} en a les effectifs.'
        ) end
        """,
    )
    lue = arbre(con, requete)
    [refus, *_] = _cas(cas)
    [premier, *_] = _cas(lue)
    premier["case_checks"] = [*refus["case_checks"], *premier["case_checks"]]
    ecrit = con.execute(f"select json_deserialize_sql({texte(json.dumps(lue))}::json)").fetchone()
    return str(ecrit[0] if ecrit else "")


def _cas(noeud: Any) -> Iterator[dict[str, Any]]:
    """All the CASE of a parsed query, outer ones first."""
    if isinstance(noeud, dict):
        if noeud.get("class") == "CASE":
            yield noeud
        noeud = list(noeud.values())
    if isinstance(noeud, list):
        for enfant in noeud:
            yield from _cas(enfant)


def _retirer_les_vues_mortes(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the views that read what is not there, and those that read them."""
    for schema, vue in con.execute(
        """
        select schema_name, view_name from duckdb_views()
        where database_name = current_database() and not internal
        """
    ).fetchall():
        try:
            con.execute(f'describe {schema}."{vue}"')
        except duckdb.Error:
            con.execute(f'drop view {schema}."{vue}"')
