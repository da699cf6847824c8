"""`bilan refresh --moteur spark`: what it publishes, and what it says where there is no Spark."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from pipelines.cli import executer
from pipelines.projet import FICHIERS
from tests.cli.test_refresh import livrer

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.usefixtures("programme_reduit")


@pytest.fixture(autouse=True)
def roadmap(feuille_courte: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAN_ROADMAP", str(feuille_courte))


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Two deliveries of one extract, the second of which corrects a row of the first."""
    dossier = tmp_path / "raw"
    livrer(dossier, "2020-11.csv", "2019;Alpha;59;10;4;6\n2019;Beta;02;5;1;2\n")
    livrer(dossier, "2020-12.csv", "2019;alpha;59;20;7;9\n")
    return dossier


def rafraichir(raw: Path, moteur: str, entrepot: str) -> int:
    places = ["--raw", str(raw), "--warehouse", str(raw.parent / entrepot)]
    return executer(["refresh", *places, "--depuis", "2020-12", "--moteur", moteur])


def valeurs(raw: Path, entrepot: str) -> list[Any]:
    with duckdb.connect(raw.parent / entrepot / "entrepot.duckdb", read_only=True) as con:
        return con.execute("from indicateurs.valeurs order by all").fetchall()


def refusee(raw: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What a refresh that publishes nothing says: one sentence, exit 2."""
    assert rafraichir(raw, "spark", "entrepot") == 2
    dit = capsys.readouterr()
    assert "Traceback" not in dit.err
    assert not (raw.parent / "entrepot" / "entrepot.duckdb").exists()
    messages = [ligne for ligne in dit.err.splitlines() if ligne.startswith("Erreur")]
    assert len(messages) == 1
    return messages[0]


def test_both_publish_the_same_and_take_up_what_the_other_kept(
    spark: "SparkSession", raw: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert rafraichir(raw, "duckdb", "un") == 0
    capfd.readouterr()
    assert rafraichir(raw, "spark", "deux") == 0
    dit = capfd.readouterr()
    assert valeurs(raw, "deux") == valeurs(raw, "un")
    assert [v for v in valeurs(raw, "deux") if v[0] == "avdl_beneficiaires" and v[1] == "D59"]
    for bruit in ("WARN", "INFO", "SLF4J", "spark", "Stage"):  # Spark itself says nothing
        assert bruit not in dit.out + dit.err
    # Nothing is left to compute, whichever engine is asked.
    for moteur in ("duckdb", "spark"):
        assert rafraichir(raw, moteur, "deux") == 0
        assert capfd.readouterr().out.startswith("Rien de neuf")


def test_what_spark_would_not_compute_exactly_publishes_nothing(
    raw: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark", reason="pyspark n'est pas installé")
    from dataclasses import replace

    from pipelines.indicateurs import definition
    from pipelines.moteur import session

    lire = definition.lire

    def approches(*arguments: Any) -> list[definition.Indicateur]:
        return [
            replace(i, sql=i.sql.replace("sum(beneficiaires)", "quantile_cont(beneficiaires, 0.5)"))
            for i in lire(*arguments)
        ]

    monkeypatch.setattr(definition, "lire", approches)
    monkeypatch.setattr(session, "_java", lambda: "java")
    assert rafraichir(raw, "spark", "entrepot") == 2
    dit = capsys.readouterr().err
    assert "avdl_beneficiaires.sql : «QUANTILE_CONT" in dit
    assert "Rien n'est calculé" in dit
    assert not (raw.parent / "entrepot" / "entrepot.duckdb").exists()


def test_without_the_extra_it_says_what_to_install(
    raw: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for nom in ("pyspark", "sqlglot"):
        monkeypatch.setitem(sys.modules, nom, None)
    dit = refusee(raw, capsys)
    assert "pyspark et sqlglot" in dit
    assert "pip install 'bilan[spark]'" in dit


def test_without_java_it_says_so(
    raw: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("pyspark", reason="pyspark n'est pas installé")
    monkeypatch.delenv("SPARK_REMOTE", raising=False)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert "default-jre-headless" in refusee(raw, capsys)


def test_a_server_that_does_not_answer_is_named(
    raw: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark", reason="pyspark n'est pas installé")
    monkeypatch.setenv("SPARK_REMOTE", "sc://127.0.0.1:9/;use_ssl=false")
    assert "Spark ne répond pas (127.0.0.1:9)" in refusee(raw, capsys)


@pytest.mark.parametrize(
    ("arguments", "mots"),
    [
        ("--master spark://127.0.0.1:9 pyspark-shell", "Spark ne répond pas (127.0.0.1:9)"),
        ("--master nulle-part pyspark-shell", "Spark n'a pas pu démarrer"),
    ],
)
def test_a_cluster_that_is_not_there(
    spark: "SparkSession", raw: Path, arguments: str, mots: str
) -> None:
    """In a process of its own: one Spark a process."""
    programme = "import sys; from pipelines.cli import executer; sys.exit(executer(sys.argv[1:]))"
    places = ["--raw", str(raw), "--warehouse", str(raw.parent / "entrepot")]
    fini = subprocess.run(  # noqa: S603
        [sys.executable, "-c", programme, "refresh", *places, "--moteur", "spark"],
        cwd=FICHIERS,
        env={**os.environ, "PYSPARK_SUBMIT_ARGS": arguments},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fini.returncode == 2
    assert mots in fini.stderr
    assert "Traceback" not in fini.stderr
    assert "WARN" not in fini.stderr
    assert fini.stdout == ""
    assert not (raw.parent / "entrepot" / "entrepot.duckdb").exists()
