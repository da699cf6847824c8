"""The command `bilan sql`: queries and console, which only read."""

import io
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from pipelines.cli import executer
from pipelines.console import console
from pipelines.entrepot.chantier import ANCIEN_NOM, NOM
from tests.cli.terminal import Terminal


@pytest.fixture(params=[NOM, ANCIEN_NOM])
def entrepot_minuscule(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with a published file, under its name or under that of 0.1.0."""
    with duckdb.connect(tmp_path / "x.duckdb") as con:
        con.execute(
            """
            create table t as select 42 as reponse;
            create schema indicateurs;
            create table indicateurs.valeurs as select '2020-12' as arrete;
            create schema bilan;
            create view bilan.v as select arrete, repeat('long ', 80) as texte
                from indicateurs.valeurs;
            comment on view bilan.v is 'Une vue. Elle montre tout.';
            """
        )
    (tmp_path / "x.duckdb").rename(tmp_path / request.param)
    return tmp_path


def demander(warehouse: Path, requete: str) -> int:
    return executer(["sql", requete, "--warehouse", str(warehouse)])


def test_a_query(entrepot_minuscule: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demander(entrepot_minuscule, "from t") == 0
    assert capsys.readouterr().out.splitlines() == [
        "┌─────────┐",
        "│ reponse │",
        "├─────────┤",
        "│      42 │",
        "└─────────┘",
    ]


def test_a_result_is_whole_however_long(
    entrepot_minuscule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demander(entrepot_minuscule, "from range(20000)") == 0
    assert "│ 19999 │" in capsys.readouterr().out


def test_a_wide_result_is_read_at_80_columns(
    entrepot_minuscule: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert demander(entrepot_minuscule, "from bilan.v") == 0
    assert f"│ 2020-12 │ {'long ' * 80} │" in capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", "80")
    assert demander(entrepot_minuscule, "from bilan.v") == 0
    lignes = capsys.readouterr().out.splitlines()
    assert lignes[0].startswith("─── 1 ──")
    assert lignes[1:3] == ["arrete  2020-12", "texte   " + ("long " * 14).strip()]
    assert max(map(len, lignes)) <= 80
    assert sum(ligne.count("long") for ligne in lignes) == 80


def test_a_result_a_little_too_wide_is_cut_at_words(
    entrepot_minuscule: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    assert demander(entrepot_minuscule, "select 'un deux trois quatre' as t, 12 as \"le n\"") == 0
    assert capsys.readouterr().out.splitlines() == [
        "┌───────────────┬──────┐",
        "│ t             │ le n │",
        "├───────────────┼──────┤",
        "│ un deux trois │   12 │",
        "│ quatre        │      │",
        "└───────────────┴──────┘",
    ]


def test_tables_are_listed(entrepot_minuscule: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demander(entrepot_minuscule, ".tables") == 0
    assert capsys.readouterr().out.splitlines() == [
        "bilan.v              Une vue",
        "indicateurs.valeurs",
        "main.t",
    ]


@pytest.mark.parametrize(
    ("requete", "sens", "dit"),
    [
        ("from inconnue", "elle nomme ce qui n'existe pas", "name inconnue does not exist"),
        ("selec 1", "elle ne se lit pas", "LINE 1: selec 1"),
        ("select autre from t", "elle nomme ce qui n'existe pas", 'column "autre" not found'),
        ("select cast('a' as int)", "une valeur ne se convertit pas", "'a' to INT32"),
        ("create table u as select 1", "«bilan sql» ne fait que lire", "read-only mode"),
        ("select error('non')", "voir DuckDB", "non"),
    ],
)
def test_a_query_that_fails(
    entrepot_minuscule: Path,
    capsys: pytest.CaptureFixture[str],
    requete: str,
    sens: str,
    dit: str,
) -> None:
    assert demander(entrepot_minuscule, requete) == 2
    premiere, reste = capsys.readouterr().err.split("\n", 1)
    assert premiere.startswith(f"Erreur : La requête a échoué : {sens}")
    assert dit in reste


def test_a_macro_that_refuses_speaks_for_itself(
    entrepot_minuscule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demander(entrepot_minuscule, "select error('Le lieu « X » est inconnu.')") == 2
    assert capsys.readouterr().err == "Erreur : La requête a échoué : Le lieu « X » est inconnu.\n"


def etat(dossier: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in dossier.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    "requete",
    [
        "delete from t",
        "create or replace table t as select 1",
        "drop view bilan.v",
        "comment on table t is 'moi'",
        "attach '{fichier}' as autre",
        "attach '{fichier}' as autre (read_only)",
        "attach '{dossier}/autre.duckdb' as autre",
        "use memory; detach entrepot; attach '{fichier}' as e; create table e.main.u as select 1",
        "copy (select 1) to '{dossier}/x.csv'",
        # DuckDB's own enable_external_access lets these two pass.
        "copy (select 1) to '{fichier}' (format csv, use_tmp_file false)",
        "copy (select 1) to '{fichier}.wal' (format csv, use_tmp_file false)",
        "from read_blob('{fichier}')",
        "from read_text('{dossier}/secret.csv')",
        "from '{dossier}/secret.csv'",
        "from glob('{dossier}/*')",
        "export database '{dossier}/tout'",
        "import database '{dossier}'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set disabled_filesystems = ''",
        "reset disabled_filesystems",
        "set lock_configuration = false",
        "set temp_directory = '{dossier}/t'",
        "pragma enable_profiling; set profiling_output = '{dossier}/p.json'",
        "call enable_logging('QueryLog', storage = 'file', storage_path = '{dossier}/l')",
        "create persistent secret s (type http)",
        "from os",
    ],
)
def test_no_statement_writes_or_reads_a_file(
    entrepot_minuscule: Path, capsys: pytest.CaptureFixture[str], requete: str
) -> None:
    (entrepot_minuscule / "secret.csv").write_text("secret\n1\n")
    avant = etat(entrepot_minuscule)
    [fichier] = entrepot_minuscule.glob("*.duckdb")
    requete = requete.format(dossier=entrepot_minuscule, fichier=fichier)
    assert demander(entrepot_minuscule, requete) == 2
    assert "La requête a échoué" in capsys.readouterr().err
    assert etat(entrepot_minuscule) == avant


def test_no_warehouse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demander(tmp_path, "from t") == 2
    assert "lancez d'abord «bilan refresh»" in capsys.readouterr().err


def test_a_file_that_does_not_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / NOM).write_bytes(b"ceci n'est pas un entrepot")
    assert demander(tmp_path, "from t") == 2
    assert "ne s'ouvre pas" in capsys.readouterr().err


def test_the_console_goes_on_after_a_failure(entrepot_minuscule: Path) -> None:
    sortie, erreurs = io.StringIO(), io.StringIO()
    entree = io.StringIO("from inconnue;\nselect reponse\n + 1 from t;\n.tables v\nfrom t")
    assert console(entrepot_minuscule, entree, sortie, erreurs) == 1
    texte = sortie.getvalue()
    assert "La requête a échoué" in erreurs.getvalue()
    assert texte.index("43") < texte.index("bilan.v") < texte.index("42")


def test_a_file_of_queries_says_that_one_failed(
    entrepot_minuscule: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for requetes, code in (("from t;", 0), ("from inconnue; from t;", 2)):
        monkeypatch.setattr("sys.stdin", io.StringIO(requetes))
        assert demander(entrepot_minuscule, "") == code


@contextmanager
def au_clavier(
    warehouse: Path, maison: Path
) -> Iterator[tuple[int, Terminal, subprocess.Popen[bytes]]]:
    """`bilan sql` on a terminal of 80 columns: where one types, what one sees, its process."""
    maitre, esclave = pty.openpty()
    programme = "from pipelines.cli import main; main()"
    processus = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", programme, "sql", "--warehouse", str(warehouse)],
        stdin=esclave,
        stdout=esclave,
        stderr=esclave,
        env=os.environ | {"HOME": str(maison), "COLUMNS": "80", "TERM": "dumb"},
    )
    ecran = Terminal(os.fdopen(esclave, "w", encoding="utf-8"), maitre)
    try:
        yield maitre, ecran, processus
        assert processus.wait(60) == 0
    finally:
        processus.kill()
        processus.wait()
        ecran.fermer()
        os.close(maitre)


def test_arrows_call_back_earlier_queries(entrepot_minuscule: Path, tmp_path: Path) -> None:
    maison = tmp_path / "maison"
    for session in (0, 1):
        with au_clavier(entrepot_minuscule, maison) as (clavier, ecran, _):
            ecran.attendre(lambda lignes: lignes[-1] == "bilan>")
            assert "Entrepôt publié, en lecture seule." in ecran.brut
            if not session:
                os.write(clavier, b"select reponse\n  + 1 from t;\n")
                ecran.attendre(lambda lignes: any("43" in ligne for ligne in lignes))
            # The query of two lines comes back as one; two steps back from its end, 1 becomes 2.
            fin = b"\x1b[D" * len(" from t;")
            os.write(clavier, b"\x1b[A" + fin + b"\x7f2\n")
            ecran.attendre(lambda lignes: any("44" in ligne for ligne in lignes))
            os.write(clavier, b".quit\n")
        historique = maison / ".config" / "bilan" / "historique"
        assert historique.stat().st_mode & 0o077 == 0
        if not session:
            historique.write_text("select reponse + 1 from t;\n", encoding="utf-8")


def test_ctrl_c_gives_up_what_is_typed_only(entrepot_minuscule: Path, tmp_path: Path) -> None:
    with au_clavier(entrepot_minuscule, tmp_path) as (clavier, ecran, processus):
        ecran.attendre(lambda lignes: lignes[-1] == "bilan>")
        os.write(clavier, b"select\n")
        ecran.attendre(lambda lignes: lignes[-1] == "  ...>")
        processus.send_signal(signal.SIGINT)
        ecran.attendre(lambda lignes: lignes[-1] == "bilan>")
        os.write(clavier, b"from inconnue;\nfrom t;\n")
        ecran.attendre(lambda lignes: any("42" in ligne for ligne in lignes))
        assert "La requête a échoué : elle nomme" in ecran.brut
        os.write(clavier, b"\x04")
