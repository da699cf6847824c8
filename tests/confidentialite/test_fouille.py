"""The search for personal values can fail: each is found wherever it is planted."""

import sqlite3
import zipfile
import zlib
from pathlib import Path

import duckdb
import pytest

from tests.confidentialite.fouille import fuites, reconnus

VALEURS = ("CIR-SECRET-0001", "9876543210", "12/03/1987", "1987-03-12")


@pytest.mark.parametrize("texte", [*VALEURS, "cirsecret0001", "2/3/1987", "12.03.87", "19870312"])
def test_a_value_is_recognised_in_all_its_forms(texte: str) -> None:
    assert reconnus(f"avant {texte}; après".encode())


@pytest.mark.parametrize("texte", ["2020-03-12", "12/03/2020", "2000-01-01", "20200312", "***"])
def test_nothing_else_is_taken_for_one(texte: str) -> None:
    assert not reconnus(f"avant {texte}; après".encode())


@pytest.mark.parametrize("valeur", VALEURS)
def test_a_value_is_found_in_a_journal(tmp_path: Path, valeur: str) -> None:
    (tmp_path / "storage").mkdir()
    (tmp_path / "storage" / "run.err").write_text(f"ValueError: {valeur}\n")
    assert fuites(tmp_path)


@pytest.mark.parametrize("valeur", VALEURS)
def test_a_value_is_found_in_a_table(tmp_path: Path, valeur: str) -> None:
    with duckdb.connect(tmp_path / "entrepot.duckdb") as con:
        con.execute("create schema qualite; create table qualite.rejets (valeur varchar)")
        con.execute("insert into qualite.rejets select 'bon ' || range from range(5000)")
        con.execute("insert into qualite.rejets values (?)", [valeur])
    assert any("qualite.rejets.valeur" in fuite for fuite in fuites(tmp_path))


def test_a_birth_is_found_in_a_column_of_dates(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "entrepot.duckdb") as con:
        con.execute("create table faits as select date '1987-03-12' as date_fin_formation")
    assert any("main.faits.date_fin_formation" in fuite for fuite in fuites(tmp_path))


@pytest.mark.parametrize("octets", [b"CIR-SECRET-0001", zlib.compress(b"CIR-SECRET-0001" * 9)])
def test_a_value_is_found_in_the_databases_of_dagster(tmp_path: Path, octets: bytes) -> None:
    con = sqlite3.connect(tmp_path / "runs.db")
    con.execute("create table snapshots (corps)")
    con.execute("insert into snapshots values (?)", [octets])
    con.commit()
    con.close()
    assert any("snapshots" in fuite for fuite in fuites(tmp_path))


@pytest.mark.parametrize(
    "texte", ["ZZFatoumata", "a.zzsecret@b.fr", "06 79 86 75 43", "+33679867543", "98.76.54.32.10"]
)
def test_a_value_is_found_in_what_is_kept(tmp_path: Path, texte: str) -> None:
    with duckdb.connect() as con:
        con.execute(f"copy (select '{texte}' as motif) to '{tmp_path}/lot.parquet'")
    assert any("motif" in fuite for fuite in fuites(tmp_path))


def test_a_value_is_found_in_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "0679867543.txt").write_text("rien")
    assert any("nom" in fuite for fuite in fuites(tmp_path))


def test_a_value_is_found_in_a_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<t>CIR-SECRET-0001</t>" * 9)
    assert any("sheet1" in fuite for fuite in fuites(tmp_path))
