"""Spark and DuckDB count the same: all indicators of the demonstration, cell for cell.

And the few rows that the demonstration lacks; and that a difference, where there is one, is seen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from pipelines.atelier import Atelier, Demande, ouvrir
from pipelines.entrepot import faits
from pipelines.erreurs import Faute
from pipelines.gardees import Gardees
from pipelines.indicateurs import comptage
from pipelines.ingestion.reception import colonnes_chargees, table
from pipelines.pas import faits as des_faits
from pipelines.pas import livraisons as des_livraisons
from pipelines.projet import FICHIERS
from pipelines.region import region
from pipelines.simulation import demonstration
from tests.corrections.test_registre import AVDL, registre
from tests.ingestion.essais import CLE, Charge, charger, toutes

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ARRETES = ["2019-06", "2020-12"]
# Of a month alone, the others: each costs a second.
A_CHAQUE_ARRETE = {"cir_signataires", "cir_delai_signature", "places_en_service", "outils_langues"}


def ecarts(con: duckdb.DuckDBPyConnection, une: str, autre: str) -> list[tuple[Any, ...]]:
    """The rows that only one of two tables has; columns are told by their names."""
    noms = ", ".join(f'"{nom}"' for nom, *_ in con.execute(f"describe {une}").fetchall())
    return [
        ligne
        for a, b in ((une, autre), (autre, une))
        for ligne in con.execute(
            f"select {noms} from {a} except all select {noms} from {b}"
        ).fetchall()
    ]


@dataclass
class Compte:
    """A run in which both engines have counted: `par_duckdb` and `par_spark`, in `chantier`."""

    atelier: Atelier

    def ecarts(self, autre: str = "par_spark") -> list[tuple[Any, ...]]:
        """The measures that only one of two tables has."""
        return ecarts(self.atelier.con, "chantier.par_duckdb", f"chantier.{autre}")


@pytest.fixture(scope="module")
def compte(spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compte]:
    """The demonstration, counted by DuckDB, then by Spark, at two months."""
    from pipelines.moteur.comptage import ouvrir as avec_spark

    dossier = tmp_path_factory.mktemp("parite [un]*")  # as a folder may be called
    demonstration.main([str(dossier / "raw")])
    demande = Demande(
        replace(region(), raw=dossier / "raw", warehouse=dossier / "warehouse"),
        arrete=ARRETES[-1],
        depuis=ARRETES[-1],
    )
    with ouvrir(demande) as atelier:
        con = atelier.con
        atelier.obtenir([des_livraisons.cle(extrait) for extrait in atelier.regles])
        for extrait in atelier.regles:
            des_faits.ouvrir(atelier, extrait)

        def compter(nom: str) -> None:
            comptage.preparer(con, atelier.indicateurs, atelier.regles, ARRETES)
            for i in atelier.indicateurs:
                mois = ARRETES if i.nom in A_CHAQUE_ARRETE else ARRETES[-1:]
                comptage.compter(con, i, mois, atelier.ailleurs)
            con.execute(f"create table chantier.{nom} as from chantier.mesures")

        compter("par_duckdb")
        with avec_spark(atelier):
            assert atelier.ailleurs
            for extrait in {i.extrait for i in atelier.indicateurs}:
                lues = des_livraisons.avec_lectures(atelier, extrait)
                atelier.ailleurs.lire(extrait, lues)
            compter("par_spark")
        yield Compte(atelier)


def test_all_measures_are_the_same_to_the_last_bit(compte: Compte) -> None:
    con = compte.atelier.con
    comptes = con.execute(
        "select indicateur, count(*) from chantier.par_duckdb group by all having count(*) > 0"
    ).fetchall()
    assert {nom for nom, _ in comptes} == {i.nom for i in compte.atelier.indicateurs}
    assert compte.ecarts() == []


@pytest.mark.parametrize(
    "changement",
    [
        "numerateur = numerateur + 1e-9 where rowid = (select min(rowid) from chantier.autre "
        "where numerateur between 1 and 10)",
        "denominateur = null where denominateur is not null",
        "modalite = 'M' where modalite = 'F'",
        "debut = debut + 1 where indicateur = 'cir_signataires'",
        "territoire = null where territoire = 'D59'",
    ],
)
def test_a_difference_would_be_seen(compte: Compte, changement: str) -> None:
    con = compte.atelier.con
    con.execute("create or replace table chantier.autre as from chantier.par_spark")
    con.execute(f"update chantier.autre set {changement}")
    assert compte.ecarts("autre")


def test_readings_are_read_in_place_by_both(
    compte: Compte, spark: "SparkSession", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kept rows of an extract, as they lie, by what the guide of the warehouse says."""
    con = compte.atelier.con
    guide = (FICHIERS / "warehouse" / "README.md").read_text("utf-8")
    [exemple] = [b for b in re.findall(r"```python\n(.*?)```", guide, re.DOTALL) if ".gardees" in b]
    (tmp_path / "warehouse").symlink_to(compte.atelier.demande.region.warehouse)
    monkeypatch.chdir(tmp_path)
    vu: dict[str, Any] = {"duckdb": duckdb, "spark": spark}
    exec(exemple, vu)  # noqa: S102 (it is ours)
    par_spark = vu["par_spark"].toArrow()
    con.register("par_spark", par_spark)
    con.register("par_duckdb", vu["par_duckdb"].to_arrow_table())
    assert ecarts(con, "par_duckdb", "par_spark") == []
    assert par_spark.num_rows
    assert len(vu["lots"]) == len(
        [
            r
            for r in des_livraisons.avec_lectures(compte.atelier, "ddcs/projets")
            if r.statut == "acceptee"
        ]
    )
    # What the guide says of their columns.
    contrat = colonnes_chargees(compte.atelier.regles["ddcs/projets"])
    decrites = con.execute("describe par_duckdb").fetchall()
    assert [(nom, type_) for nom, type_, *_ in decrites] == [
        *((nom, type_) for nom, (type_, _) in contrat.items()),
        ("retrait", "BOOLEAN"),
        ("feuille", "BIGINT"),
        ("ligne", "BIGINT"),
    ]
    assert par_spark.column_names == [nom for nom, *_ in decrites]


EXTRAIT = "logement/avdl"
ENTETE = "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees;retrait\n"
# Keys that fold to one another, a row withdrawn, a row rejected, a part of which a key was met in
# another, a correction; a sheet has no name in a CSV.
LIVRAISONS = {
    "2020-01.csv": f"{ENTETE}2019;Éole  Nord;59;10;4;6;\n2019;Beta;59;1;4;6;\n"
    "2019;Alpha;59;10;4;6;\n",
    "2020-03.csv": f"{ENTETE}2019;EOLE nord;59;11;5;6;\n2019;L’Œuvre;02;-1;5;6;\n"
    "2019;Straße;02;3;1;1;\n2019;İzmir;60;7;1;1;\n2019;Gamma;60;7;1;1;\n",
    "2020-04_a.csv": f"{ENTETE}2019;STRASSE;02;4;1;1;\n2019;Delta;02;5;1;1;\n",
    "2020-04_b.csv": f"{ENTETE}2019;delta;02;6;1;1;\n2019;i̇zmir;60;8;1;1;\n",
    "2020-06.csv": f"{ENTETE}2019;beta;59;;;;O\n",
}


@pytest.fixture(scope="module")
def charge(spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory) -> Charge:
    """A few deliveries that the demonstration has not the like of."""
    dossier = tmp_path_factory.mktemp("mains")
    gardees = Gardees(dossier / "gardees", CLE)
    return charger(dossier / "raw", EXTRAIT, LIVRAISONS, gardees=gardees)


def test_facts_of_keys_that_fold_of_corrections_and_of_withdrawn_rows(
    charge: Charge, spark: "SparkSession"
) -> None:
    from pipelines.corrections.registre import actives
    from pipelines.moteur.comptage import Requetes, Spark
    from pipelines.moteur.traduction import a_l_arrete, vue

    regles = toutes()[EXTRAIT]
    corrections = actives(registre(AVDL), regles)
    faits.ouvrir(charge.con, regles, corrections)
    requetes = Requetes(charge.con, {EXTRAIT: regles}, {EXTRAIT: corrections})
    assert not requetes.refus([])
    compteur = Spark(charge.con, spark.newSession(), requetes)
    compteur.lire(EXTRAIT, list(charge.bilans.values()))
    assert set(charge.statuts().values()) == {"acceptee"}
    assert charge.bilans["2020-03.csv"].rejetees
    assert charge.bilans["2020-04_b.csv"].croises
    nom = table(EXTRAIT)
    suivies = compteur.session.table(vue(f"chantier.{nom}")).toArrow()
    for arrete in ("2020-01", "2020-03", "2020-04", "2020-06"):
        charge.con.execute(f"set variable arrete = '{arrete}'")
        en_spark = compteur.session.sql(a_l_arrete(requetes.des_faits(EXTRAIT), arrete)).toArrow()
        charge.con.register("en_spark", en_spark)
        assert en_spark.num_rows
        assert ecarts(charge.con, f"faits.{nom}", "en_spark") == []
    assert suivies.num_rows == charge.sql(f"select count(*) from chantier.{nom}")[0][0]
    mendees = [ligne for ligne in suivies.to_pylist() if ligne["corrige"]]
    assert [ligne["beneficiaires"] for ligne in mendees] == [12]


def test_facts_that_spark_does_not_see_stop_the_run(charge: Charge, spark: "SparkSession") -> None:
    from pipelines.moteur.comptage import Requetes, Spark

    regles = toutes()[EXTRAIT]
    faits.ouvrir(charge.con, regles)
    compteur = Spark(
        charge.con, spark.newSession(), Requetes(charge.con, {EXTRAIT: regles}, {EXTRAIT: ()})
    )
    with pytest.raises(Faute, match="ne trouve pas les mêmes faits"):
        compteur.lire(EXTRAIT, [b for n, b in charge.bilans.items() if n != "2020-03.csv"])


VALEURS = """
    values
        (1, date '2020-01-31', date '2020-03-01', 0.1::double, 'CULTURE|SPORT', true, 25),
        (1, date '2019-02-28', date '2020-02-29', 0.2::double, 'ÉCULTURE', false, 24),
        (1, date '2016-02-29', null, 0.3::double, 'SPORT-ÉTÉ', null, null),
        (2, null, date '2000-02-29', 1e16::double, 'x' || chr(10) || 'SPORT', true, 3),
        (2, date '1999-12-31', date '1999-12-30', 1.0::double, '', false, 9007199254740993),
        (2, date '2020-12-31', date '2020-12-31', -1e16::double, null, null, 1),
        (2, date '2020-12-31', date '2021-01-01', null, 'SPORT' || chr(10), true, -5),
        (null, date '2024-02-29', date '2025-03-01', 3.5::double, 'a, B, a', true, 0)
"""
COLONNES = "groupe, jour, fin, montant, mots, present, age"
TYPES = ("BIGINT", "DATE", "DATE", "DOUBLE", "VARCHAR", "BOOLEAN", "BIGINT")
EXPRESSIONS = (
    "median(age)", "median(fin - jour)", "sum(age)", "sum(montant order by montant)",
    "sum(montant order by montant) filter (present)", "count(*) filter (present)",
    "count(*) filter (not present)", "count(distinct groupe)", "count(distinct (groupe, mots))",
    "count(distinct mots)", "bool_or(present)", "bool_and(present)", "min(jour)", "max(mots)",
    "min(mots)", "max(montant)", "count(*) filter (present is not true)",
    r"count(*) filter (regexp_matches(mots, '\b(CULTURE|SPORT)\b'))",
    "count(*) filter (regexp_matches(mots, 'SPORT$'))",
    "count(*) filter (regexp_matches(mots, '^SPORT'))",
    "count(*) filter (jour + interval 1 year <= fin)",
    "count(*) filter (jour + interval 1 month < fin)",
    "count(*) filter (jour - interval 12 months = fin)",
    "count(*) filter (jour + interval 366 days >= fin)",
    "min(last_day(jour))", "max(year(fin) - year(jour))", "max(month(jour))",
    "max(cast(date_trunc('month', jour) as date))", "min(make_date(year(jour), 12, 31))",
    "max(least(jour, fin))", "min(greatest(jour, fin))", "max(coalesce(mots, 'z'))",
    "max(nullif(mots, ''))", "max(left(mots, 2))", "max(mots || '-' || groupe)",
    "max(cast(jour as varchar))", "max(cast(age as varchar))", "sum(age * 2 - 1 + groupe)",
    "count(*) filter (groupe in (2, 3))", "count(*) filter (groupe not in (2, 3))",
    "count(*) filter (mots is not distinct from null)",
    "count(*) filter (mots is distinct from '')",
    "count(*) filter (jour between date '2019-01-01' and fin)",
    "max(concat_ws(', ', mots, case when present then 'oui' end))",
    "max(array_to_string(list_transform(string_split(mots, ', '), "
    "lambda c: case c when 'a' then 'b' else c end), ', '))",
    "count(*) filter (cast(cast(jour as varchar) as date) = jour)",
)  # fmt: skip


def test_each_construction_means_the_same_in_both(charge: Charge, spark: "SparkSession") -> None:
    """On NULL, leap days, sums that depend on their order, words with accents and line ends."""
    from pipelines.moteur.traduction import Traducteur

    con = charge.con
    con.execute("create schema if not exists essai")
    noms = COLONNES.split(", ")
    types = ", ".join(f"cast({c} as {t}) as {c}" for c, t in zip(noms, TYPES, strict=True))
    con.execute(
        f"create or replace table essai.lignes as select {types} from ({VALEURS}) as v({COLONNES})"
    )
    schema = {"essai": {"lignes": dict(zip(noms, TYPES, strict=True))}}
    choix = ", ".join(f"{e} as c{n}" for n, e in enumerate(EXPRESSIONS))
    requete = f"""
        select groupe, present, grouping(groupe) as g, {choix} from essai.lignes
        group by cube (groupe, present)
    """
    session = spark.newSession()
    donnees = con.execute("from essai.lignes").to_arrow_table()
    session.createDataFrame(donnees).createOrReplaceTempView("essai_lignes")
    passee = Traducteur(con, schema).en_spark(requete)
    par_spark = session.sql(passee).toArrow().to_pylist()
    resultat = con.execute(requete)
    choisis = [d[0] for d in resultat.description or []]
    par_duckdb = [dict(zip(choisis, ligne, strict=True)) for ligne in resultat.fetchall()]
    assert len(par_duckdb) == len(par_spark)
    for n, expression in enumerate(EXPRESSIONS):
        une, deux = (
            sorted(repr([ligne[c] for c in ("groupe", "present", "g", f"c{n}")]) for ligne in lot)
            for lot in (par_duckdb, par_spark)
        )
        assert une == deux, expression
