"""From a published value back to the rows that make it up.

`historique.*` are the rows in force at any arrêté, among which `faits_au` chooses; `lignes` gives
those of a value, by the indicator's own SQL. What an indicator counts does not belong here.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.corrections.registre import Correction
from pipelines.empreintes import sql as en_une_ligne
from pipelines.entrepot import faits, tables
from pipelines.indicateurs.comptage import LIEUX, TEMPS
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.reception import table
from pipelines.sql import arbre, texte

SOMME, DIFFERENTS, MEDIANE, MAXIMUM = "somme", "differents", "mediane", "maximum"
_TOTAUX = {
    "count_star": SOMME,
    "sum": SOMME,
    "count": DIFFERENTS,  # only where it is distinct
    "median": MEDIANE,
    "max": MAXIMUM,
}
_TERMES = ("numerateur", "denominateur")
_FAITS = "en_vigueur"


@dataclass(frozen=True)
class Lignes:
    """The rows behind an indicator: the query that gives them, and what is made of their terms."""

    sql: str
    totaux: dict[str, str]


def creer(
    con: duckdb.DuckDBPyConnection,
    regles: Mapping[str, Regles],
    indicateurs: Iterable[Indicateur],
    corrections: Mapping[str, Iterable[Correction]],
) -> None:
    """Make the views and the two macros, each with its words."""
    con.begin()
    for extrait, contrat in regles.items():
        faits.suivre(con, contrat, corrections.get(extrait, ()))
    lignes = [(i, deduire(con, i, regles[i.extrait])) for i in indicateurs]
    tables.creer_macros(con, _faits_au(regles))
    tables.creer_macros(con, _lignes(lignes))
    con.commit()


def deduire(
    con: duckdb.DuckDBPyConnection, indicateur: Indicateur, contrat: Regles
) -> Lignes | None:
    """What an indicator takes from each row of its facts; None where its SQL counts by stages.

    Its SQL is kept but for the grouping: terms that it aggregates become what a row brings to them.
    The rows come with their territory, the first day of the month or year in which they count, the
    breakdowns, and all their own columns but for those that name a person.
    """
    noeud = _lire(con, indicateur.sql)
    jointes = _jointes(noeud["from_table"])
    if noeud["type"] != "SELECT_NODE" or noeud["cte_map"]["map"] or noeud["qualify"]:
        return None
    if not all(n["type"] == "TABLE_FUNCTION" or n.get("schema_name") for n in jointes):
        return None
    choix, totaux = {}, {}
    for element in noeud["select_list"]:
        nom = element["alias"] or element["column_names"][-1]
        if nom in _TERMES:
            totaux[nom] = _TOTAUX.get(element.get("function_name", ""), "")
            if not totaux[nom] or element["distinct"] != (totaux[nom] == DIFFERENTS):
                return None
            choix[nom] = {**_terme(con, element), "alias": nom}
        elif indicateur.nature != "propre" or nom not in ("ventilation", "modalite"):
            choix[nom] = element  # the two others are of groups, not of rows
    [lue] = [n for n in jointes if n.get("schema_name") == "faits"]
    alias = lue["alias"] or _FAITS
    lue |= {"schema_name": "", "table_name": _FAITS, "alias": alias}
    du_fait = [
        c
        for c in tables.colonnes("faits", contrat)
        if c not in (*contrat.personnelles, *choix, tables.TERRITOIRE)
    ]
    noeud |= {
        "select_list": [*choix.values(), *(_colonne(alias, c) for c in du_fait)],
        "group_expressions": [],
        "group_sets": [],
        "aggregate_handling": "STANDARD_HANDLING",
        "having": None,
    }
    [temps] = [nom for nom in TEMPS if nom in choix]
    lieu = LIEUX[indicateur.territoires]
    code = f"cast(l.{lieu} as varchar)" if lieu in choix else "cast(null as varchar)"
    termes = [c for c in choix if c not in (temps, lieu)]
    ordre = [*termes, *tables.PROVENANCE, *(c for c in du_fait if c not in tables.PROVENANCE)]
    sql = f"""
        with {_FAITS} as ({faits.a_l_arrete(contrat)}),
        lignes as ({_ecrire(con, noeud)})
        select t.territoire, {TEMPS[temps]} as debut, {", ".join(f'l."{c}"' for c in ordre)}
        from lignes as l
        left join referentiel.territoires as t
            on t.code = {code} and t.maille || 's' = '{indicateur.territoires}'
        where {TEMPS[temps]} <= jour_arrete()
    """
    return Lignes(en_une_ligne(sql), totaux)


def _terme(con: duckdb.DuckDBPyConnection, agregat: dict[str, Any]) -> dict[str, Any]:
    """What a row brings to an aggregate."""
    compte = agregat["function_name"] == "count_star"
    if not compte and not agregat["filter"]:
        return dict(agregat["children"][0])
    un, zero, vide = _lire(con, "select 1, 0, null")["select_list"]
    terme = un if compte else agregat["children"][0]
    if not agregat["filter"]:
        return dict(terme)
    return {
        "class": "CASE",
        "type": "CASE_EXPR",
        "alias": "",
        "case_checks": [{"when_expr": agregat["filter"], "then_expr": terme}],
        "else_expr": zero if compte else vide,
    }


def _colonne(table: str, nom: str) -> dict[str, Any]:
    return {"class": "COLUMN_REF", "type": "COLUMN_REF", "alias": "", "column_names": [table, nom]}


def _jointes(noeud: dict[str, Any]) -> list[dict[str, Any]]:
    """What a FROM joins."""
    if noeud["type"] == "JOIN":
        return [*_jointes(noeud["left"]), *_jointes(noeud["right"])]
    return [noeud]


def _lire(con: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    """The tree of a query."""
    noeud: dict[str, Any] = arbre(con, sql)["statements"][0]["node"]
    return noeud


def _ecrire(con: duckdb.DuckDBPyConnection, noeud: dict[str, Any]) -> str:
    """A tree, as SQL."""
    ecrit = json.dumps({"error": False, "statements": [{"node": noeud}]})
    trouve = con.execute(f"select json_deserialize_sql({texte(ecrit)}::json)").fetchone()
    return str(trouve[0] if trouve else "")


def fermer_l_arrete(con: duckdb.DuckDBPyConnection) -> None:
    """Have `arrete()` refuse, in what is published, a month that is not.

    While the warehouse is built, it is any month that is being computed.
    """
    lus = con.execute("select distinct arrete from indicateurs.valeurs order by 1").fetchall()
    if publies := [mois for (mois,) in lus]:
        noms = ", ".join(map(texte, publies))
        tables.creer_macros(
            con,
            f"""
-- L'arrêté, AAAA-MM : celui de `set variable arrete = '2020-12'`, sinon le plus récent publié.
-- Un mois qui n'est pas publié est une erreur.
create or replace macro arrete() as
    case
        when getvariable('arrete') is null then {texte(publies[-1])}
        when list_contains([{noms}], cast(getvariable('arrete') as varchar))
            then cast(getvariable('arrete') as varchar)
        else error(
            'L''arrêté « ' || cast(getvariable('arrete') as varchar) || ' » n''est pas publié. '
            || 'Le sont : {", ".join(publies)}.'
        )
    end;
""",
        )


def _faits_au(regles: Iterable[str]) -> str:
    noms = ", ".join(texte(table(extrait)) for extrait in regles)
    return f"""
-- Les lignes d'un extrait qui étaient en vigueur à un arrêté, corrections comprises : source et
-- extrait, mois AAAA-MM jusqu'au dernier publié. `from faits_au('ddcs/projets', '2020-12')`
create or replace macro faits_au(un_extrait, un_arrete) as table
    select _h.* exclude (remplacee_en)
    from query_table(
        case
            when list_contains([{noms}], replace(un_extrait, '/', '_'))
                then 'historique.' || replace(un_extrait, '/', '_')
            else error(
                'L''extrait « ' || un_extrait || ' » est inconnu : referentiel.extraits les liste.'
            )
        end
    ) as _h
    where
        {faits.en_vigueur("arrete_de(un_arrete)", "_h.")};
"""


def _lignes(lignes: Iterable[tuple[Indicateur, Lignes | None]]) -> str:
    cas = "\n".join(
        f"            when {texte(i.nom)} then "
        + (texte(trouvees.sql) if trouvees else f"error({texte(_pourquoi(i))})")
        for i, trouvees in lignes
    )
    return f"""
-- Les lignes qui font une valeur à l'arrêté, chacune avec son fichier, sa feuille et son numéro ;
-- la région les prend toutes, un territoire les siennes. `numerateur` et `denominateur` sont ce que
-- la ligne y apporte : les termes de la valeur en sont la somme (ou, pour un indicateur de nature
-- propre, le nombre de valeurs différentes, la médiane, le maximum).
-- `from lignes('projets_finances', 'Nord', '2020')`
create or replace macro lignes(un_indicateur, un_territoire, une_periode) as table
    select _l.*
    from query(
        case un_indicateur
{cas}
            else error(
                'L''indicateur « ' || un_indicateur || ' » est inconnu : referentiel.indicateurs '
                || 'les liste tous.'
            )
        end
    ) as _l
    join (
        select _v.debut as premier_jour, _v.fin as dernier_jour, _t.territoire as lieu, _t.maille
        from indicateurs.valeurs as _v
        join referentiel.territoires as _t on _v.territoire = _t.territoire
        where
            _v.indicateur = un_indicateur
            and _v.territoire = territoire_de(un_territoire)
            and _v.periode = une_periode
            and _v.ventilation = 'total'
            and _v.arrete = arrete()
    ) as _p
        on
            (_p.maille = 'region' or _l.territoire = _p.lieu)
            and (_p.premier_jour is null or _l.debut >= _p.premier_jour)
            and _l.debut <= _p.dernier_jour
    order by _l.fichier, _l.feuille, _l.ligne;
"""


def _pourquoi(indicateur: Indicateur) -> str:
    return (
        f"« {indicateur.nom} » se calcule en plusieurs étapes : on ne peut pas dire ce que chaque "
        f"ligne y apporte. Celles de son extrait : from faits_au('{indicateur.extrait}', arrete())."
    )
