"""Facts: for each key, the row in force as of an arrêté.

While a warehouse is built, `faits.*` are views that follow the variable `arrete`, in which
indicators find each code as the one that it counts as. They are published as tables, at the newest
arrêté, with the codes that were delivered.
"""

from collections.abc import Iterable

import duckdb

from pipelines.corrections.application import CORRIGE, corrigees
from pipelines.corrections.registre import Correction
from pipelines.entrepot import tables
from pipelines.ingestion import cles
from pipelines.ingestion.controle import RETRAIT, Regles
from pipelines.ingestion.reception import table
from pipelines.ingestion.valeurs import SEPARATEUR
from pipelines.sql import nombre, texte


def en_vigueur(arrete: str = "arrete()", de: str = "") -> str:
    """The condition of a row to be in force at an arrêté, an SQL expression; `de` is its prefix."""
    return (
        f"{de}mois_livraison <= {arrete} "
        f"and ({de}remplacee_en > {arrete} or {de}remplacee_en is null)"
    )


def ouvrir(
    con: duckdb.DuckDBPyConnection, contrat: Regles, corrections: Iterable[Correction] = ()
) -> int:
    """Make the view of an extract's facts; gives the number of rows in force at some arrêté.

    A row is in force from its delivery month until that of the next row with its key. Corrections
    mend it as long as it holds the wrong value.
    """
    nom = table(contrat.nom)
    con.execute("create schema if not exists faits")
    # As a table, it is known to be smaller than all the rows: these are read in their order.
    con.execute(f"create or replace table chantier.remplacees as {_remplacees(contrat)}")
    suivies = _suivies(contrat, corrections, "chantier.remplacees")
    con.execute(f"create or replace table chantier.{nom} as {suivies}")
    choix = _comptees(contrat)
    con.execute(f"create or replace view faits.{nom} as {_en_vigueur(contrat, choix)}")
    return nombre(con, f"select count(*) from chantier.{nom}")


def _remplacees(contrat: Regles) -> str:
    """The query of the rows delivered that another of their key replaces: which, in which month.

    A delivery has a key once, and rows lie in the order of deliveries.
    """
    plis = {f"_cle_{n}": pli for n, pli in enumerate(cles.pliees(contrat).values())}
    # Folded once, below the window: it would fold twice.
    return f"""
        select _rang, remplacee_en
        from (
            select _rang, lead(mois_livraison) over (
                partition by {", ".join(plis)} order by mois_livraison, _rang
            ) as remplacee_en
            from (
                select rowid as _rang, mois_livraison,
                    {", ".join(f"{pli} as {c}" for c, pli in plis.items())}
                from livraisons.{table(contrat.nom)}
            )
        )
        where remplacee_en is not null
    """


def _suivies(contrat: Regles, corrections: Iterable[Correction], remplacees: str) -> str:
    """The query of all rows delivered, corrected: where each is, and in which month it ended.

    `remplacees` is the result of `_remplacees`: only what it has is sorted, which rows are not.
    """
    return completees(
        contrat,
        corrections,
        f"""
        select l.*, r.remplacee_en
        from livraisons.{table(contrat.nom)} as l
        left join {remplacees} as r on l.rowid = r._rang
        """,
    )


def completees(contrat: Regles, corrections: Iterable[Correction], suivies: str) -> str:
    """The query of rows delivered, corrected, each with where it is; without the withdrawals.

    `suivies` is the query that gives them, with the month in which each ended.
    """
    mendees = corrigees(contrat, corrections)
    nom_corrige = mendees.pop(CORRIGE)
    justes = ", ".join(f'{sql} as "{nom}"' for nom, sql in mendees.items())
    lieu = tables.lieu(contrat)
    territoire = jointure = ""
    if tables.TERRITOIRE not in contrat.colonnes:
        territoire = f"{'t.territoire' if lieu else 'cast(null as varchar)'} as territoire,"
    if territoire and lieu:
        jointure = f"""
            left join referentiel.territoires as t
                on t.code = cast(l."{lieu[0]}" as varchar) and t.maille = '{lieu[1]}'
        """
    return f"""
        with suivies as ({suivies}),
        lignes as (
            select
                * exclude ({RETRAIT}) {f"replace ({justes})" if justes else ""},
                {nom_corrige} as {CORRIGE}
            from suivies
            where not {RETRAIT}
        )
        select {territoire} l.* from lignes as l {jointure}
    """


def a_compter(contrat: Regles) -> str:
    """The query of the facts in force at the arrêté, as indicators read them."""
    return _en_vigueur(contrat, _comptees(contrat))


def _en_vigueur(contrat: Regles, choix: Iterable[str]) -> str:
    """The query of the facts in force at the arrêté."""
    return f"select {', '.join(choix)} from chantier.{table(contrat.nom)} where {en_vigueur()}"


def _comptees(contrat: Regles) -> list[str]:
    """The columns of facts as indicators read them."""
    return [_comptee(c, contrat) for c in tables.colonnes("faits", contrat)]


def _comptee(nom: str, contrat: Regles) -> str:
    """A column of facts, in which codes stand for those that they count as."""
    colonne = contrat.colonnes.get(nom)
    liste = contrat.listes[colonne.liste] if colonne and colonne.liste else ()
    comptes = [
        f"when {texte(c.code)} then {texte(c.compte_comme)}" for c in liste if c.compte_comme
    ]
    if not comptes or not colonne:
        return f'"{nom}"'
    if colonne.plusieurs:
        morceaux = f"string_split(\"{nom}\", '{SEPARATEUR}')"
        un_a_un = f"lambda c: case c {' '.join(comptes)} else c end"
        compte = f"array_to_string(list_transform({morceaux}, {un_a_un}), '{SEPARATEUR}')"
    else:
        livre = f'cast("{nom}" as varchar)'
        compte = f"case {livre} {' '.join(comptes)} else {livre} end"
    return f'cast({compte} as {tables.colonnes("faits", contrat)[nom][0]}) as "{nom}"'


def par_mois(
    con: duckdb.DuckDBPyConnection, contrat: Regles, mois: Iterable[str]
) -> dict[str, int]:
    """Facts in force at each month."""
    lignes = con.execute(
        f"""
        with groupes as (
            select mois_livraison, remplacee_en, count(*) as nombre
            from chantier.{table(contrat.nom)}
            group by all
        )
        select mois, coalesce(sum(nombre), 0)
        from (select unnest(?::varchar[]) as mois)
        left join groupes
            on {en_vigueur("mois")}
        group by all
        """,
        [list(mois)],
    ).fetchall()
    return {nom: int(nombre) for nom, nombre in lignes}


def figer(con: duckdb.DuckDBPyConnection, contrat: Regles, arrete: str) -> None:
    """Replace the view of an extract's facts by the table of those in force at `arrete`."""
    nom = table(contrat.nom)
    con.execute(f"set variable arrete = '{arrete}'")
    livrees = (f'"{c}"' for c in tables.colonnes("faits", contrat))
    con.begin()  # or each word on a column would wait for the disk
    con.execute(f"drop view faits.{nom}")
    tables.creer_table(con, "faits", contrat)
    con.commit()
    con.execute(f"insert into faits.{nom} by name {_en_vigueur(contrat, livrees)}")


def suivre(
    con: duckdb.DuckDBPyConnection, contrat: Regles, corrections: Iterable[Correction]
) -> None:
    """Make the published view of all the rows ever in force, with its words (`historique.*`)."""
    nom = f"historique.{table(contrat.nom)}"
    details = tables.colonnes("historique", contrat)
    choix = ", ".join(f'"{c}"' for c in details)
    suivies = _suivies(contrat, corrections, f"({_remplacees(contrat)})")
    con.execute(f"create view {nom} as select {choix} from ({suivies})")
    dits = {c: dit for c, (_, dit) in details.items()}
    tables.dire(con, "view", nom, tables.mots("historique", contrat), dits)


def a_l_arrete(contrat: Regles) -> str:
    """The query of the published facts at the arrêté chosen, as indicators read them."""
    return f"""
        select {", ".join(_comptees(contrat))} from historique.{table(contrat.nom)}
        where {en_vigueur()}
    """
