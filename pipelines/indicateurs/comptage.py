"""Running the indicators of a warehouse under construction, and rolling them up.

`preparer` and `dater` once, `compter` for each indicator, `valeurs` at the end. Definitions of
indicators, and anything about a single one of them, do not belong here.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import duckdb

from pipelines.entrepot import faits
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.reception import Reception, table
from pipelines.sql import inserer, nombre

_ICI = Path(__file__).parent
_MOIS_ENSEMBLE = 12
TEMPS = {
    "jour": "cast(date_trunc('month', jour) as date)",
    "mois": "cast(mois || '-01' as date)",
    "annee": "make_date(cast(annee as integer), 1, 1)",
    "annee_scolaire": "make_date(cast(left(annee_scolaire, 4) as integer), 9, 1)",
}
LIEUX = {"departements": "departement", "academies": "academie", "region": ""}


class Ailleurs(Protocol):
    """What counts in the place of DuckDB (`pipelines.moteur`)."""

    def lire(self, extrait: str, recues: Sequence[Reception]) -> None:
        """Have the rows of an extract, from the kept readings of its files."""

    def mesurer(
        self, indicateur: Indicateur, arretes: Sequence[str], types: Mapping[str, str]
    ) -> Any:
        """The rows of `chantier.mesures`, as a table that DuckDB reads.

        Args:
            indicateur: its extract was read.
            arretes: months, AAAA-MM.
            types: the columns that its SQL gives, as DuckDB types them.
        """


def preparer(
    con: duckdb.DuckDBPyConnection,
    indicateurs: Iterable[Indicateur],
    regles: Mapping[str, Regles],
    arretes: Iterable[str],
    a_part: Iterable[str] = (),
) -> None:
    """Make the working tables of the roll-up.

    Args:
        con: a warehouse under construction.
        indicateurs: what will be computed.
        regles: the contract of each extract, by `source/extrait`, where modalities are listed.
        arretes: months to compute and publish.
        a_part: other months to compute, from which orientations start.
    """
    for macros in ("periodes.sql", "comparaisons.sql"):
        con.execute((_ICI / macros).read_text(encoding="utf-8"))
    con.execute(
        """
        create or replace table chantier.indicateurs (
            indicateur varchar, nature varchar, unite varchar, sens varchar, territoires varchar,
            rapport boolean, sans_ligne varchar, plafond varchar, extrait varchar,
            mensuel boolean, consolidation integer, periodes varchar[]
        );
        create or replace table chantier.modalites (
            indicateur varchar, ventilation varchar, modalite varchar, depuis varchar
        );
        create or replace table chantier.arretes (arrete varchar, publie boolean);
        create or replace table chantier.datees (indicateur varchar);
        create or replace table chantier.mois_presents (extrait varchar, arrete varchar, mois date);
        create or replace table chantier.mesures (
            indicateur varchar, arrete varchar, debut date, territoire varchar,
            ventilation varchar, modalite varchar, numerateur double, denominateur double
        );
        """
    )
    mois = [[a, True] for a in arretes] + [[a, False] for a in a_part]
    inserer(con, "chantier.arretes", mois)
    indicateurs = list(indicateurs)
    inserer(
        con,
        "chantier.indicateurs",
        [
            [i.nom, i.nature, i.unite, i.sens, i.territoires, i.rapport, i.sans_ligne, i.plafond,
             i.extrait, "mois" in regles[i.extrait].colonnes, i.consolidation, list(i.periodes)]
            for i in indicateurs
        ],
    )  # fmt: skip
    inserer(
        con,
        "chantier.modalites",
        [
            [i.nom, ventilation, modalite, depuis]
            for i in indicateurs
            for ventilation, retenues in i.ventilations.items()
            for modalite, depuis in _modalites(regles[i.extrait], ventilation, retenues).items()
        ],
    )


def _modalites(regles: Regles, ventilation: str, retenues: Sequence[str]) -> dict[str, str]:
    """The modalities of a breakdown, with the month since which each is one.

    They are those that the indicator has retained, or else all the codes of the column, but for
    those that count as another one; those of a boolean are O and N; none for free text.
    """
    colonne = regles.colonnes.get(ventilation)
    if colonne is not None and colonne.type == "booleen":
        return dict.fromkeys(("O", "N"), "")
    codees = colonne is not None and colonne.liste and not colonne.ouverte
    listees = regles.listes[colonne.liste] if colonne and codees else ()
    depuis = {c.code: c.depuis for c in listees if not c.compte_comme}
    return {m: depuis.get(m, "") for m in retenues or depuis}


def livrer(con: duckdb.DuckDBPyConnection, livraisons: Iterable[Sequence[str]]) -> None:
    """Write down what was delivered: an extract, and the month of a delivery accepted."""
    con.execute("create or replace table chantier.livraisons (extrait varchar, mois varchar)")
    inserer(con, "chantier.livraisons", livraisons)


def dater(con: duckdb.DuckDBPyConnection, regles: Iterable[Regles]) -> None:
    """Write down the months that have rows in force, of extracts that are delivered by month.

    Args:
        con: a warehouse under construction, `preparer` done and these facts open.
        regles: the contracts of the extracts to count.
    """
    for contrat in regles:
        if "mois" in contrat.colonnes:
            con.execute(
                f"""
                insert into chantier.mois_presents
                select distinct '{contrat.nom}', a.arrete, cast(f.mois || '-01' as date)
                from chantier.{table(contrat.nom)} as f
                join chantier.arretes as a on {faits.en_vigueur("a.arrete", "f.")}
                """
            )


def compter(
    con: duckdb.DuckDBPyConnection,
    indicateur: Indicateur,
    arretes: Iterable[str],
    ailleurs: Ailleurs | None = None,
) -> dict[str, int]:
    """Run the SQL of an indicator as of each arrêté; gives its number of measures at each.

    `ailleurs` counts in the place of DuckDB, which only says the types of what the SQL gives.
    Several connections may each run one: what they share, `chantier.mesures`, has no order.
    """
    nombres = dict.fromkeys(arretes, 0)
    con.begin()
    con.execute("set variable arrete = '2000-01'")
    con.execute(
        f"create or replace temp table brutes as select '' as arrete, * from ({indicateur.sql})"
        " limit 0"
    )
    types = {nom: t for nom, t, *_ in con.execute("describe temp.brutes").fetchall()}
    if _temps(types) in ("jour", "mois"):
        con.execute("insert into chantier.datees values (?)", [indicateur.nom])
    if ailleurs:
        comptees = ailleurs.mesurer(indicateur, list(nombres), types)  # noqa: F841 (DuckDB finds it)
        mesures = "from comptees"
    else:
        for arrete in nombres:
            con.execute(f"set variable arrete = '{arrete}'")
            con.execute(f"insert into temp.brutes select '{arrete}', * from ({indicateur.sql})")
        mesures = requete_des_mesures(indicateur, types)
    con.execute(f"insert into chantier.mesures by name {mesures}")
    nombres |= con.execute(
        "select arrete, count(*) from chantier.mesures where indicateur = ? group by all",
        [indicateur.nom],
    ).fetchall()
    con.commit()
    return nombres


def _temps(types: Mapping[str, str]) -> str:
    """The column that says the time of the rows of an indicator."""
    return next(nom for nom in TEMPS if nom in types)


def requete_des_mesures(indicateur: Indicateur, types: Mapping[str, str]) -> str:
    """The query of an indicator's measures, one line per month or year, place and modality.

    Args:
        indicateur: its rows at each arrêté are in `temp.brutes`.
        types: their columns.
    """
    debut = TEMPS[_temps(types)]
    lieu = LIEUX[indicateur.territoires]
    code = f"cast(l.{lieu} as varchar)" if lieu in types else "cast(null as varchar)"
    avec_denominateur = "denominateur" in types
    denominateur = "sum(denominateur order by denominateur)" if avec_denominateur else "null"
    if indicateur.nature == "propre" and indicateur.ventilations:
        coupes = ["l.ventilation, l.modalite"]
    else:
        coupes = ["'total' as ventilation, 'total' as modalite"]
    if indicateur.nature != "propre":
        coupes += [
            f"'{nom}' as ventilation, {_modalite(nom, types[nom])} as modalite"
            for nom in indicateur.ventilations
        ]
    blocs = [
        f"""
        select arrete, debut, territoire, {coupe},
            sum(numerateur order by numerateur) as numerateur,
            {denominateur} as denominateur
        from lignes as l
        group by all
        """
        for coupe in coupes
    ]
    return f"""
        with lignes as (
            select l.*, {debut} as debut, coalesce(t.territoire, {code}) as territoire
            from temp.brutes as l
            left join referentiel.territoires as t
                on t.code = {code} and t.maille || 's' = '{indicateur.territoires}'
            where {debut} <= fin_du_mois(l.arrete)
        )
        select '{indicateur.nom}' as indicateur, *
        from ({" union all by name ".join(blocs)})
    """


def _modalite(nom: str, type_: str) -> str:
    texte = f"case when {nom} then 'O' when not {nom} then 'N' end"
    return (
        f"coalesce({texte if type_ == 'BOOLEAN' else f'cast({nom} as varchar)'}, 'non_renseigne')"
    )


def valeurs(con: duckdb.DuckDBPyConnection) -> int:
    """Roll all the measures up into `chantier.valeurs`; gives its number of rows.

    No value depends on another month's: they are rolled up a few months at a time, or the query
    would take memory without end.
    """
    sql = (_ICI / "valeurs.sql").read_text(encoding="utf-8")
    tous = con.execute("from chantier.arretes order by arrete").fetchall()
    lots = [tous[debut : debut + _MOIS_ENSEMBLE] for debut in range(0, len(tous), _MOIS_ENSEMBLE)]
    vers = "create or replace table chantier.valeurs as"
    for lot in lots or [tous]:
        _choisir(con, lot)
        con.execute(f"{vers} {sql}")
        vers = "insert into chantier.valeurs"
    _choisir(con, tous)
    return nombre(con, "select count(*) from chantier.valeurs")


def _choisir(con: duckdb.DuckDBPyConnection, mois: Sequence[Sequence[object]]) -> None:
    con.execute("truncate chantier.arretes")
    inserer(con, "chantier.arretes", mois)
