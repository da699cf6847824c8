"""The analysts' guide says what the published warehouse gives, and every column has its words."""

import re
from pathlib import Path

import duckdb
import pytest

from pipelines import vues
from tests.warehouse.guide import GUIDE, MACROS, avec_resultats, ouvrir, requetes


def test_every_query_gives_the_printed_result(
    entrepot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    texte = GUIDE.read_text("utf-8")
    with ouvrir(entrepot) as con:
        assert avec_resultats(texte, con) == texte, "python -m tests.warehouse.guide"
    assert len(requetes(texte)) == 20
    assert (tmp_path / "projets.parquet").exists()
    assert (tmp_path / "fiches.csv").exists()


def test_the_python_of_the_guide_runs(entrepot: Path) -> None:
    tous = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    [programme] = [p for p in tous if "spark" not in p]  # that one is run in tests/moteur
    noms: dict[str, object] = {}
    exec(programme.replace("warehouse/entrepot.duckdb", str(entrepot)), noms)  # noqa: S102
    assert len(noms["projets"]) == 6  # type: ignore[arg-type]


def test_the_guide_names_every_view_and_macro(entrepot: Path) -> None:
    texte = GUIDE.read_text("utf-8")
    with ouvrir(entrepot) as con:
        macros = con.execute(
            """
            select distinct function_name from duckdb_functions()
            where database_name = 'entrepot' and not internal
            """
        ).fetchall()
    assert {nom for (nom,) in macros} == MACROS.keys()
    manquent = [v.table for v in vues.lire() if f"`{v.table}`" not in texte]
    manquent += [nom for nom in MACROS if not re.search(rf"`{nom}[(`]", texte)]
    assert not manquent


def test_every_table_view_column_and_macro_has_words(entrepot: Path) -> None:
    with duckdb.connect(entrepot, read_only=True) as con:
        muets = con.execute(
            """
            select schema_name || '.' || table_name from duckdb_tables() where comment is null
            union all
            select schema_name || '.' || view_name from duckdb_views()
            where comment is null and not internal
            union all
            select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()
            where comment is null and not internal
            union all
            select function_name from duckdb_functions()
            where comment is null and not internal and database_name = current_database()
            """
        ).fetchall()
    assert not muets
