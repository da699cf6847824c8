"""Empty tables of a warehouse, each with its words: `schema.sql`, macros, and the contracts.

Loading rows does not belong here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import duckdb

from pipelines.corrections.application import CORRIGE
from pipelines.feuille_de_route import ACADEMIE, FeuilleDeRoute
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.controle import RETRAIT, Regles
from pipelines.ingestion.reception import colonnes_chargees, table
from pipelines.projet import FICHIERS
from pipelines.sql import texte

_LISTES_DU_TERRITOIRE = ("departements", "territoires")  # codes.csv has the others
SCHEMA = Path(__file__).parent / "schema.sql"
MACROS = FICHIERS / "warehouse" / "macros.sql"
CONSOLE = FICHIERS / "warehouse" / "analystes.sql"
_MACRO = re.compile(
    r"((?:^-- .*\n)+)create or replace macro (\w+)\([^()]*\) as( table)?", re.MULTILINE
)
# What these say of months computed earlier stays.
PAR_ARRETE = (
    "indicateurs.valeurs",
    "indicateurs.a_date",
    "orientations.avancement",
    "qualite.controles",
    "qualite.arretes",
)
PROVENANCE = {
    "mois_livraison": ("VARCHAR", "Mois de la livraison d'où vient la ligne, AAAA-MM."),
    "fichier": ("VARCHAR", "Fichier d'où vient la ligne : son chemin sous raw/."),
    "feuille": ("VARCHAR", "Feuille du classeur d'où vient la ligne ; vide pour un CSV."),
    "ligne": ("BIGINT", "Numéro de la ligne dans ce fichier, tel qu'un tableur le montre."),
}
TERRITOIRE = "territoire"
_TERRITOIRE = {
    TERRITOIRE: (
        "VARCHAR",
        "Territoire de la ligne (referentiel.territoires) ; vide si elle n'en porte pas.",
    )
}
_MAILLES = {"departements": "departement", ACADEMIE: ACADEMIE}
_CORRIGE = {CORRIGE: ("VARCHAR", "Colonnes corrigées (referentiel.corrections) ; vide si aucune.")}
_REMPLACEE = {
    "remplacee_en": (
        "VARCHAR",
        "Mois de la livraison qui a remplacé ou retiré la ligne, AAAA-MM ; vide si aucune.",
    )
}
_RETRAIT = {RETRAIT: ("BOOLEAN", "Vrai : la ligne retire sa clé à partir de cette livraison.")}


def creer(con: duckdb.DuckDBPyConnection, regles: Iterable[Regles]) -> None:
    """Create all the tables and macros of a warehouse, `faits.*` excepted."""
    con.execute(SCHEMA.read_text(encoding="utf-8"))
    for fichier in (MACROS, CONSOLE):
        creer_macros(con, fichier.read_text(encoding="utf-8"))
    for contrat in regles:
        creer_table(con, "livraisons", contrat)


def creer_macros(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Create macros, each with the words that stand above it."""
    con.execute(sql)
    for lignes, nom, en_table in _MACRO.findall(sql):
        mots = " ".join(ligne.removeprefix("-- ") for ligne in lignes.splitlines())
        con.execute(f"comment on macro{en_table} {nom} is {texte(mots)}")


def colonnes(schema: str, contrat: Regles) -> dict[str, tuple[str, str]]:
    """Type and meaning of the columns of an extract in `livraisons`, `faits` or `historique`."""
    if schema == "livraisons":
        return colonnes_chargees(contrat) | _RETRAIT | PROVENANCE
    propres = colonnes_chargees(contrat)
    ajoutees = {nom: d for nom, d in _TERRITOIRE.items() if nom not in propres}
    suite = _REMPLACEE if schema == "historique" else {}
    return propres | ajoutees | PROVENANCE | _CORRIGE | suite


def lieu(contrat: Regles) -> tuple[str, str] | None:
    """The column that says where a row of an extract is, and the kind of territory it names."""
    for nom, colonne in contrat.colonnes.items():
        if colonne.liste in _MAILLES:
            return nom, _MAILLES[colonne.liste]
    return None


def creer_table(con: duckdb.DuckDBPyConnection, schema: str, contrat: Regles) -> None:
    """Create the table of an extract, with the words of its contract."""
    nom = f"{schema}.{table(contrat.nom)}"
    details = colonnes(schema, contrat)
    definition = ", ".join(f'"{c}" {type_}' for c, (type_, _) in details.items())
    con.execute(f"create table {nom} ({definition})")
    dire(con, "table", nom, mots(schema, contrat), {c: dit for c, (_, dit) in details.items()})


def mots(schema: str, contrat: Regles) -> str:
    """What a table or a view of an extract holds, in words."""
    lignes = {
        "livraisons": "Lignes acceptées, livraison après livraison.",
        "faits": "Lignes en vigueur au dernier arrêté calculé.",
        "historique": (
            "Toutes les lignes qui ont été en vigueur, corrections comprises : depuis "
            "mois_livraison, et avant remplacee_en (faits_au choisit le mois)."
        ),
    }[schema]
    return f"{(contrat.modele.__doc__ or '').strip()} {lignes}"


def dire(
    con: duckdb.DuckDBPyConnection,
    objet: str,
    nom: str,
    quoi: str,
    colonnes_dites: Mapping[str, str],
) -> None:
    """Write the words of a table or a view, and of its columns."""
    con.execute(f"comment on {objet} {nom} is {texte(quoi)}")
    for colonne, dit in colonnes_dites.items():
        con.execute(f'comment on column {nom}."{colonne}" is {texte(dit)}')


def modele(schema: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Type and meaning of each column of each table of a schema of `schema.sql`."""
    return _modeles().get(schema, {})


@cache
def _modeles() -> dict[str, dict[str, dict[str, tuple[str, str]]]]:
    with duckdb.connect() as con:
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        return decrites(con)


def decrites(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, dict[str, tuple[str, str]]]]:
    """Type and meaning of each column that has one, of each table and view of each schema.

    To be asked once: to ask is to bind all the views that there are.
    """
    decrites: dict[str, dict[str, dict[str, tuple[str, str]]]] = {}
    for schema, nom, colonne, type_, mots in con.execute(
        """
        select schema_name, table_name, column_name, data_type, comment from duckdb_columns()
        where database_name = current_database() and comment is not null
        order by schema_name, table_name, column_index
        """
    ).fetchall():
        decrites.setdefault(schema, {}).setdefault(nom, {})[colonne] = type_, mots
    return decrites


def charger_referentiel(
    con: duckdb.DuckDBPyConnection,
    feuille: FeuilleDeRoute,
    indicateurs: Iterable[Indicateur],
    regles: Iterable[Regles] = (),
) -> None:
    """Fill `referentiel.*` from the roadmap, the heads of the indicators and the contracts."""
    for nom, lignes in feuille.tables.items():
        inserer_lignes(con, nom, lignes)
    _inserer(
        con,
        "indicateurs",
        [
            [i.nom, i.objectif, i.titre, i.nature, i.unite, i.sens, i.personnes, i.extrait,
             i.numerateur, i.denominateur, "|".join(i.ventilations), "|".join(i.periodes),
             i.territoires, i.consolidation, i.plafond]
            for i in indicateurs
        ],
    )  # fmt: skip
    _inserer(con, "extraits", [c for contrat in regles for c in _colonnes_dites(contrat)])


def _colonnes_dites(contrat: Regles) -> Iterator[list[object]]:
    """The columns of an extract, as its contract says them to people."""
    for nom, colonne in contrat.colonnes.items():
        liste = "booleen" if colonne.type == "booleen" else colonne.liste
        if liste == "orientations":
            liste = ""  # those of the roadmap, which has their table
        if liste in _LISTES_DU_TERRITOIRE:
            codes = [c.code for c in contrat.listes[liste]]
        else:
            codes = ["O", "N"] if liste == "booleen" else []
        precision = " (plusieurs)" if colonne.plusieurs else " (ouverte)" if colonne.ouverte else ""
        yield [
            contrat.nom,
            nom,
            "texte" if colonne.type in ("siret", "annee_scolaire") else colonne.type,
            "oui" if colonne.obligatoire else "non",
            "oui" if colonne.cle else "",
            liste + precision if liste else "",
            "|".join(codes),
            colonne.description,
        ]


def inserer_lignes(
    con: duckdb.DuckDBPyConnection, nom: str, lignes: Iterable[Mapping[str, str]]
) -> None:
    """Add rows of a roadmap's file, as text, to the table of the same name in `referentiel`."""
    _inserer(con, nom, [list(ligne.values()) for ligne in lignes])


def _inserer(con: duckdb.DuckDBPyConnection, nom: str, lignes: list[list[object]]) -> None:
    types = [type_ for type_, _ in modele("referentiel")[nom].values()]
    if lignes:
        colonnes = [[None if v == "" else v for v in c] for c in zip(*lignes, strict=True)]
        valeurs = ", ".join(f"cast(unnest(?) as {type_})" for type_ in types)
        con.execute(f"insert into referentiel.{nom} select {valeurs}", colonnes)
