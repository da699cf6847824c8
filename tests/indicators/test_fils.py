"""Indicators counted two at a time, where facts are few, or one after another: the same values."""

from pathlib import Path

import duckdb
import pytest

from pipelines.pas import indicateurs
from tests.rafraichir import rafraichir


@pytest.mark.usefixtures("programme_reduit")
def test_values_are_the_same_whether_facts_are_few_or_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lues = []
    for beaucoup in (10**9, 0):
        monkeypatch.setattr(indicateurs, "_BEAUCOUP", beaucoup)
        warehouse = tmp_path / str(beaucoup)
        assert rafraichir(warehouse, "--depuis", "2022-02") == 0
        with duckdb.connect(warehouse / "entrepot.duckdb", read_only=True) as con:
            lues.append(con.execute("from indicateurs.valeurs order by all").fetchall())
    assert lues[0] == lues[1]
    assert lues[0]
