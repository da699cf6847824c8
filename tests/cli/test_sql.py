"""The command `bilan sql`: queries and console, read-only."""

import io
from pathlib import Path

import duckdb
import pytest

from pipelines.cli import executer
from pipelines.console import console


@pytest.fixture
def entrepot_minuscule(tmp_path: Path) -> Path:
    with duckdb.connect(tmp_path / "bilan.duckdb") as con:
        con.execute("create table t as select 42 as reponse")
    return tmp_path


def test_a_query(entrepot_minuscule: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert executer(["sql", "from t", "--warehouse", str(entrepot_minuscule)]) == 0
    assert "42" in capsys.readouterr().out


@pytest.mark.parametrize("requete", ["from inconnue", "selec 1", "create table u as select 1"])
def test_a_query_that_fails(
    entrepot_minuscule: Path, capsys: pytest.CaptureFixture[str], requete: str
) -> None:
    assert executer(["sql", requete, "--warehouse", str(entrepot_minuscule)]) == 2
    assert "La requête a échoué" in capsys.readouterr().err


def test_no_warehouse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert executer(["sql", "from t", "--warehouse", str(tmp_path)]) == 2
    assert "lancez d'abord «bilan refresh»" in capsys.readouterr().err


def test_the_console_goes_on_after_a_failure(entrepot_minuscule: Path) -> None:
    sortie = io.StringIO()
    entree = io.StringIO("from inconnue;\nselect reponse\n + 1 from t;\nfrom t")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", sortie)
        console(entrepot_minuscule, entree, sortie)
    texte = sortie.getvalue()
    assert "La requête a échoué" in texte
    assert texte.index("43") < texte.index("42")
