"""The analysts' file: all but the rows of persons, of whom nothing is left but counts."""

import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines import feuille_de_route
from pipelines.cli import PUBLIE, RIEN, executer
from pipelines.contrats import regles_de
from pipelines.entrepot import chantier, provenance, tables
from pipelines.export.analystes import NOM, exporter
from pipelines.indicateurs import definition
from tests.tableaux import lignes, valeur
from tests.warehouse.test_clients import CLIENTS, INSTALLES

PERSONNES, AUTRE = "ofii/cir_signataires", "logement/avdl"
PSEUDONYME = "f00dfeedf00dfeedf00dfeed"
# The first two are counted together; the third is a month later, the fourth has no profile.
SIGNATAIRES = """
departement | date_signature | sexe | age | nationalite | motif_admission | bpi | niveau_initial
59          | 2020-01-06     | F    | 20  | QZQ         | FAM             | non | A1
59          | 2020-01-28     | F    | 24  | GEO         | FAM             | non | A1
59          | 2020-02-03     | F    | 25  | GEO         | FAM             | non | A1
02          | 2020-01-06     | -    | -   | -           | -               | -   | -
"""
EFFECTIFS = """
mois    | departement | sexe | tranche_age | motif_admission | bpi | niveau_initial | effectif
2020-01 | 02          | -    | -           | -               | -   | -              | 1
2020-01 | 59          | F    | 20-24       | FAM             | non | A1             | 2
2020-02 | 59          | F    | 25-29       | FAM             | non | A1             | 1
"""
TEXTES = ("mois", "departement", "tranche_age", "date_signature")


def _cellule(colonne: str, cellule: str | None) -> object:
    return cellule if colonne in TEXTES else valeur(cellule)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published file with an extract about persons, another, and persons wherever they may be."""
    dossier = tmp_path_factory.mktemp("w")
    feuille = feuille_de_route.lire()
    regles = {nom: r for nom, r in regles_de(feuille).items() if nom in (PERSONNES, AUTRE)}
    indicateurs = [
        i for i in definition.lire() if i.nom in ("cir_signataires", "avdl_beneficiaires")
    ]
    with duckdb.connect(
        dossier / chantier.NOM, config={"storage_compatibility_version": chantier.VERSION}
    ) as con:
        tables.creer(con, regles.values())
        tables.charger_referentiel(con, feuille, indicateurs, regles.values())
        provenance.creer(con, regles, indicateurs, {})
        for contrat in regles.values():
            tables.creer_table(con, "faits", contrat)
        for schema, propres in (("livraisons", {"retrait": False}), ("faits", {})):
            for ligne in lignes(SIGNATAIRES):
                complete = {
                    "numero_cir": PSEUDONYME,
                    "numero_etranger": PSEUDONYME,
                    "fichier": "ofii/cir_signataires/2020-03.csv",
                    "mois_livraison": "2020-03",
                    **propres,
                    **{c: _cellule(c, v) for c, v in ligne.items()},
                }
                _inserer(con, f"{schema}.ofii_cir_signataires", complete)
            _inserer(
                con,
                f"{schema}.logement_avdl",
                {"annee": 2020, "operateur": "AIDE 59", "departement": "59", "beneficiaires": 12,
                 "fichier": "logement/avdl/2020-03.csv", "mois_livraison": "2020-03", **propres},
            )  # fmt: skip
        for extrait, texte in ((PERSONNES, "ZZFatoumata"), (AUTRE, "douze")):
            source, nom = extrait.split("/")
            commun = {"source": source, "extrait": nom, "mois_livraison": "2020-03"}
            _inserer(con, "qualite.rejets", {**commun, "valeur": texte, "message": f"«{texte}»",
                     "feuille": texte, "colonne": "sexe", "regle": "code"})  # fmt: skip
            _inserer(con, "qualite.doutes", {**commun, "feuille": texte, "message": "lignes"})
            _inserer(con, "qualite.livraisons", {**commun, "motif": f"colonne «{texte}»"})
            _inserer(con, "referentiel.corrections", {"extrait": extrait, "cle": texte,
                     "attendu": texte, "corrige": texte, "motif": texte})  # fmt: skip
            _inserer(con, "qualite.controles", {"objet": f"{extrait} {texte} sexe",
                     "observe": texte, "attendu": texte, "message": texte})  # fmt: skip
        _inserer(con, "qualite.controles", {"objet": "faits.ofii_cir_signataires", "observe": "0"})
        con.execute("create table livraisons.d_une_autre_version as select 'ZZFatoumata' as nom")
        con.execute("create view bilan.essai as from faits.ofii_cir_signataires")
        con.execute("create view bilan.a_essai as from bilan.essai")
        con.execute("create view bilan.bons as select beneficiaires from faits.logement_avdl")
        provenance.fermer_l_arrete(con)
        for indicateur in indicateurs:
            con.execute(
                """
                insert into indicateurs.valeurs
                    (indicateur, territoire, periode, ventilation, arrete, debut, fin)
                values (?, 'D59', '2020', 'total', '2020-03', '2020-01-01', '2020-12-31')
                """,
                [indicateur.nom],
            )
    return dossier


def _inserer(con: duckdb.DuckDBPyConnection, table: str, ligne: dict[str, object]) -> None:
    con.execute(
        f"insert into {table} ({', '.join(ligne)}) values ({', '.join('?' for _ in ligne)})",
        list(ligne.values()),
    )


@pytest.fixture(scope="module")
def analyse(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file made of it."""
    dossier = tmp_path_factory.mktemp("x") / "x"
    assert exporter(dossier, warehouse) == ["d_une_autre_version", PERSONNES]
    return dossier / NOM


@pytest.fixture
def con(analyse: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(analyse, read_only=True)


def textes_de(fichier: Path) -> set[str]:
    """All the texts of all the tables of a file."""
    with duckdb.connect(fichier, read_only=True) as con:
        trouves: set[str] = set()
        for schema, table, colonne in con.execute(
            """
            select schema_name, table_name, column_name from duckdb_columns()
            join duckdb_tables() using (database_name, schema_name, table_name)
            where database_name = current_database() and data_type = 'VARCHAR'
            """
        ).fetchall():
            lus = con.execute(f'select distinct "{colonne}" from {schema}."{table}"').fetchall()
            trouves |= {texte for (texte,) in lus if texte is not None}
        return trouves


def test_no_person_is_left(warehouse: Path, analyse: Path) -> None:
    avant, apres = textes_de(warehouse / chantier.NOM), textes_de(analyse)
    for secret in (PSEUDONYME, "ZZFatoumata", "QZQ"):
        assert any(secret in texte for texte in avant)
        assert not any(secret in texte for texte in apres)
        assert secret.encode() not in analyse.read_bytes()
    assert {"douze", "AIDE 59"} <= apres


def test_counts_stand_for_rows(con: duckdb.DuckDBPyConnection) -> None:
    resultat = con.execute("from effectifs.ofii_cir_signataires order by all")
    noms = [d[0] for d in resultat.description or []]
    attendues = [{c: _cellule(c, v) for c, v in li.items()} for li in lignes(EFFECTIFS)]
    rendues = [dict(zip(noms, r, strict=True)) for r in resultat.fetchall()]
    assert sorted(rendues, key=str) == sorted(attendues, key=str)
    lues = con.execute(
        """
        select schema_name || '.' || table_name from duckdb_tables()
        where schema_name in ('livraisons', 'faits', 'effectifs') order by 1
        """
    ).fetchall()
    assert [nom for (nom,) in lues] == [
        "effectifs.ofii_cir_signataires",
        "faits.logement_avdl",
        "livraisons.logement_avdl",
    ]


def test_the_rest_is_there(warehouse: Path, con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"attach '{warehouse / chantier.NOM}' as publie (read_only)")
    for table in ("indicateurs.valeurs", "referentiel.codes", "livraisons.logement_avdl"):
        [(avant,)] = con.execute(f"select count(*) from publie.{table}").fetchall()
        [(apres,)] = con.execute(f"select count(*) from {table}").fetchall()
        assert avant == apres > 0
    assert con.execute(
        "select source, valeur, message, feuille, regle from qualite.rejets order by source"
    ).fetchall() == [
        ("logement", "douze", "«douze»", "douze", "code"),
        ("ofii", "***", "***", "***", "code"),
    ]
    objets = con.execute("select objet from qualite.controles order by 1").fetchall()
    tenues = "select count(*) from duckdb_tables() where table_name = 'cle' and database_name "
    for ou, nombre in (("= 'publie'", 1), ("<> 'publie'", 0)):  # no pseudonym, no fingerprint
        assert con.execute(tenues + ou).fetchall() == [(nombre,)]
    assert objets == [("***",), ("faits.ofii_cir_signataires",), ("logement/avdl douze sexe",)]


def test_macros_say_what_is_not_there(con: duckdb.DuckDBPyConnection) -> None:
    lues = con.execute("select beneficiaires from faits_au('logement/avdl', '2020-03')").fetchall()
    assert lues == [(12,)]
    lues = con.execute(
        "select numerateur from lignes('avdl_beneficiaires', 'D59', '2020')"
    ).fetchall()
    assert lues == [(12,)]
    for requete in (
        "from faits_au('ofii/cir_signataires', '2020-03')",
        "from faits_au('ofii_cir_signataires', '2020-03')",
        "from lignes('cir_signataires', 'D59', '2020')",
    ):
        with pytest.raises(duckdb.Error, match="repose sur des lignes de personnes"):
            con.execute(requete)
    with pytest.raises(duckdb.Error, match="est inconnu"):
        con.execute("from faits_au('ofii/autre', '2020-03')")


def test_views_that_cannot_work_are_not_there(con: duckdb.DuckDBPyConnection) -> None:
    vues = con.execute(
        "select schema_name || '.' || view_name from duckdb_views() where not internal order by 1"
    ).fetchall()
    assert vues == [("bilan.bons",), ("historique.logement_avdl",)]
    for (vue,) in vues:
        assert con.execute(f"from {vue}").fetchall()


def test_every_table_and_column_has_words(con: duckdb.DuckDBPyConnection) -> None:
    """But those that the warehouse above has none for."""
    sans = con.execute(
        """
        select schema_name || '.' || table_name from duckdb_tables() where comment is null
        union all
        select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()
        where not internal and comment is null and schema_name <> 'bilan'
        union all
        select function_name from duckdb_functions()
        where not internal and schema_name = 'main' and database_name = current_database()
            and comment is null
        """
    ).fetchall()
    assert sans == []


def test_it_has_the_storage_of_the_published_file(con: duckdb.DuckDBPyConnection) -> None:
    etiquettes = con.execute(
        "select tags['storage_version'] from duckdb_databases() where path like '%' || ?", [NOM]
    ).fetchall()
    assert etiquettes == [(f"{chantier.VERSION}+",)]


@pytest.mark.parametrize("client", CLIENTS)
def test_another_version_of_duckdb_opens_it(analyse: Path, client: str) -> None:
    if not (INSTALLES / client / "pret").exists():
        pytest.skip(f"{client} n'est pas installé : make clients")
    essai = f"""
import duckdb
con = duckdb.connect({str(analyse)!r}, read_only=True)
print(con.execute("select sum(effectif) from effectifs.ofii_cir_signataires").fetchall())
print(con.execute("select numerateur from lignes('avdl_beneficiaires', 'D59', '2020')").fetchall())
"""
    rendu = subprocess.run(  # noqa: S603
        [sys.executable, "-S", "-c", essai],
        env={"PYTHONPATH": str(INSTALLES / client), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert rendu.stdout.split() == ["[(4,)]", "[(12,)]"], rendu.stderr


def test_others_do_not_read_it(analyse: Path) -> None:
    for chemin in (analyse, analyse.parent):
        assert not chemin.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP)


def test_an_earlier_one_is_replaced_and_nothing_else(
    warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    x = tmp_path / "x"
    commande = ["exporter", str(x), "--warehouse", str(warehouse), "--analystes"]
    assert executer(commande) == executer(commande) == PUBLIE
    assert PERSONNES in capsys.readouterr().out
    assert [c.name for c in x.iterdir()] == [NOM]
    # Open data never go where a file for analysts is.
    assert executer(["exporter", str(x), "--warehouse", str(warehouse)]) == RIEN
    (x / NOM).write_bytes((warehouse / chantier.NOM).read_bytes())  # not ours
    assert executer(commande) == RIEN
    assert [c.name for c in tmp_path.iterdir()] == ["x"]
    (x / NOM).unlink()
    (x / "note.txt").write_text("à moi")
    assert executer(commande) == RIEN
    assert [c.name for c in x.iterdir()] == ["note.txt"]
    assert "contient autre chose" in capsys.readouterr().err
