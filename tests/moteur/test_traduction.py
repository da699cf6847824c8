"""What of the project's SQL Spark computes exactly, and what is refused by its name."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines import feuille_de_route
from pipelines.entrepot import tables
from pipelines.indicateurs import definition
from tests.ingestion.essais import toutes

pytest.importorskip("sqlglot", reason="sqlglot n'est pas installé")

from pipelines.moteur.comptage import Requetes
from pipelines.moteur.traduction import NonPortable, Traducteur, a_l_arrete

SCHEMA = {
    "faits": {
        "essai": {
            "jour": "DATE", "fin": "DATE", "age": "BIGINT", "montant": "DOUBLE", "lieu": "VARCHAR",
            "present": "BOOLEAN",
        }
    },
    "referentiel": {"codes": {"liste": "VARCHAR", "code": "VARCHAR", "ordre": "INTEGER"}},
    "macros": {"annees": {"annee": "INTEGER", "jour": "DATE"}},
}  # fmt: skip


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse: its macros, its roadmap, its tables of facts."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as chantier")
        tables.creer(con, toutes().values())
        for contrat in toutes().values():
            tables.creer_table(con, "faits", contrat)
        tables.charger_referentiel(con, feuille_de_route.lire(), definition.lire())
        con.execute("create macro de_faits() as table select action from faits.ddcs_projets")
        yield con


def passer(con: duckdb.DuckDBPyConnection, choix: str, suite: str = "") -> str:
    traduite = Traducteur(con, SCHEMA).en_spark(f"select {choix} from faits.essai {suite}")
    return a_l_arrete(traduite, "2020-12")


@pytest.mark.parametrize(
    ("choix", "mots"),
    [
        ("quantile_cont(age, 0.5)", "quantile"),
        ("approx_quantile(age, 0.5)", "approx_quantile"),
        ("approx_count_distinct(age)", "approx_count_distinct"),
        ("mode(lieu)", "mode"),
        ("avg(age)", "avg"),
        ("stddev(age)", "stddev"),
        ("string_agg(lieu, ',')", "LISTAGG"),
        ("jaro_winkler_similarity(lieu, 'x')", "jaro_winkler_similarity"),
        ("getvariable('arrete')", "getvariable"),
        ("median(montant)", "median"),
        ("sum(montant)", "sum"),
        ("sum(montant order by age)", "sum"),
        ("sum(montant order by montant desc)", "sum"),
        ("age / 2", "div"),
        ("age * 0.5", "mul"),
        ("age > 0.5", "gt"),
        ("montant + montant", "add"),
        ("cast(montant as varchar)", "cast"),
        ("cast(montant as integer)", "cast"),
        ("try_cast(lieu as integer)", "TRY_CAST"),
        ("jour + interval 1 month", "une date décalée"),
        ("max(age) filter (jour + interval 1 hour < fin)", "un intervalle"),
        ("regexp_matches(lieu, 'a.c')", "regexplike"),
        (r"regexp_matches(lieu, '\d')", "regexplike"),
        ("regexp_matches(lieu, lieu)", "regexplike"),
        ("lieu like 'a%'", "like"),
        ("lower(lieu)", "lower"),
        ("left(lieu, -1)", "left"),
        ("strftime(jour, '%Y')", "strftime"),
        ("date_trunc('week', jour)", "timestamptrunc"),
        ("lieu = age", "eq"),
        ("sum(age) over (order by jour)", "window"),
        ("lag(age, 1) over (order by jour rows unbounded preceding)", "spec"),
        ("(select max(age) from faits.essai)", "plus que la feuille de route"),
        ("(select max(c.ordre) from referentiel.codes as c where c.code = lieu)", "des lignes"),
        ("(select max(c.code) from referentiel.codes as c where c.code < arrete())", "sous-"),
        ("age in (select ordre from referentiel.codes)", "des lignes"),
        ("unnest([1, 2])", "unnest"),
        ("distinct on (lieu) age", "ON"),
        ("max(age, 2)", "max"),
        ("arg_max(age, jour)", "argmax"),
    ],
)  # fmt: skip
def test_what_spark_would_not_compute_exactly_is_refused_by_name(
    con: duckdb.DuckDBPyConnection, choix: str, mots: str
) -> None:
    with pytest.raises(NonPortable, match="«") as refus:
        passer(con, choix)
    assert mots.lower() in str(refus.value).lower()


@pytest.mark.parametrize(
    ("suite", "mots"),
    [
        ("limit 3", "limit"),
        ("using sample 3", "sample"),
        ("qualify row_number() over (order by age) = 1", "qualify"),
        ("positional join faits.essai as e", "join"),
        ("as e asof join faits.essai as f on e.jour >= f.jour", "join"),
        ("as e full join faits.essai as f on e.age = f.age", "join"),
        ("as e join de_faits() as f on e.lieu = f.action", "de_faits"),
        ("union select 1", "union"),
    ],
)
def test_a_form_of_query_that_is_not_known_is_refused(
    con: duckdb.DuckDBPyConnection, suite: str, mots: str
) -> None:
    with pytest.raises(NonPortable) as refus:
        passer(con, "1 as un", suite)
    assert mots in str(refus.value).lower()


def test_what_spark_writes_otherwise(con: duckdb.DuckDBPyConnection) -> None:
    """Medians exact, differences in whole days, sums in order, words of ASCII letters."""
    median = passer(con, "median(fin - jour) as m")
    assert "PERCENTILE(CAST(DATEDIFF(`essai`.`fin`, `essai`.`jour`) AS BIGINT)" in median
    assert "APPROX" not in median
    assert "ARRAY_SORT(COLLECT_LIST(`essai`.`montant`))" in passer(
        con, "sum(montant order by montant) as s"
    )
    assert "SUM(`essai`.`age`)" in passer(con, "sum(age order by age) as s")
    assert "ADD_MONTHS(`essai`.`jour`, 12)" in passer(
        con, "count(*) filter (jour + interval 1 year <= fin) as n"
    )
    assert r"\\b" not in passer(con, r"regexp_matches(lieu, '\bA\b') as a")
    # Even within what is itself written otherwise.
    imbriquee = "sum(case when regexp_matches(lieu, 'x$') then montant end "
    imbriquee += "order by case when regexp_matches(lieu, 'x$') then montant end) as s"
    assert r"RLIKE 'x\\z'" in passer(con, imbriquee)


def test_macros_are_written_out_and_the_month_set(con: duckdb.DuckDBPyConnection) -> None:
    lue = passer(
        con, "count(*) as n, a.annee", "as e join annees() as a on e.jour <= a.jour group by all"
    )
    assert "macros_annees_2020_12 AS `a`" in lue
    assert "faits_essai_2020_12" in lue
    assert "LAST_DAY(CAST((('2020-12') || '-01') AS DATE))" in passer(
        con, "max(jour) filter (jour <= jour_arrete()) as n"
    )
    assert "IN ('A1', 'A2', 'B1', 'B2')" in passer(con, "atteint_a1(lieu) as a")


def test_all_the_indicators_are_carried_over(con: duckdb.DuckDBPyConnection) -> None:
    requetes = Requetes(con, toutes(), dict.fromkeys(toutes(), ()))
    assert requetes.refus(definition.lire()) == []


def test_an_indicator_that_is_not_is_named_with_its_file(con: duckdb.DuckDBPyConnection) -> None:
    requetes = Requetes(con, toutes(), dict.fromkeys(toutes(), ()))
    [juste, *_] = definition.lire(["cir_delai_signature"])
    approche = replace(
        juste, sql=juste.sql.replace("median(", "quantile_cont(0.5, ").replace("0.5, ", "")
        .replace("date_convocation)", "date_convocation, 0.5)")
    )  # fmt: skip
    assert juste.sql != approche.sql
    [refus] = requetes.refus([approche])
    assert Path(str(juste.chemin)).name in refus
    assert "quantile" in refus.lower()
