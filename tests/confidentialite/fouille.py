"""Looking for personal values in everything that was written, whatever the format.

What a personal value looks like is agreed with `livraisons`: no list of them is needed here. A name
has no form, so that words which anyone may write are kept with it: see `DIT`.
"""

import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

_ANNEE = rb"19[5-9]\d"
_JOUR = rb"\d{1,2}"
MARQUES = re.compile(
    rb"CIR[-_ ]?SECRET|9876543\d{3}|98\D?76\D?54\D?32\D?10|ZZFatou|zzsecret"
    # A phone, however it is cut, but not in a hash.
    rb"|(?<![0-9a-f])(?:\+33|0)?6\D?79\D?86\D?75\D?43(?![0-9a-f])"
    rb"|(?<!\d)" + _ANNEE + rb"[-/.]" + _JOUR + rb"[-/.]" + _JOUR + rb"|"
    # Not the shape of a masked date: 9/99/99.
    rb"(?<!\d)(?!9+[-/.]9+[-/.]9+)" + _JOUR + rb"[-/.]" + _JOUR + rb"[-/.](?:19)?[5-9]\d(?!\d)"
    # Not inside a hash: eight digits in a row are common there.
    rb"|(?<![0-9a-f])" + _ANNEE + rb"(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?![0-9a-f])",
    re.IGNORECASE,
)


DIT = re.compile(rb"ZZMariam", re.IGNORECASE)
"""A name in free words: kept with them, shown on no screen, in no history, in no mail."""


def fuites(dossier: Path, marques: re.Pattern[bytes] = MARQUES) -> list[str]:
    """Where personal values are, in the files under a folder, their names, inside the databases."""
    trouvees = []
    for chemin in sorted(p for p in dossier.rglob("*") if p.is_file()):
        nom = str(chemin.relative_to(dossier)).encode()
        for ou, octets in (("nom", nom), *_contenus(chemin)):
            for trouve in marques.finditer(octets):
                trouvees.append(f"{chemin}, {ou} : {trouve[0]!r}")
    return trouvees


def _contenus(chemin: Path) -> Iterator[tuple[str, bytes]]:
    octets = chemin.read_bytes()
    yield "octets", octets
    if octets[8:12] == b"DUCK":
        yield from _duckdb(chemin)
    elif octets.startswith(b"PAR1"):
        yield from _parquet(chemin)
    elif octets.startswith(b"SQLite format 3"):
        yield from _sqlite(chemin)
    elif zipfile.is_zipfile(chemin):
        with zipfile.ZipFile(chemin) as archive:
            for nom in archive.namelist():
                yield nom, archive.read(nom)


def _duckdb(chemin: Path) -> Iterator[tuple[str, bytes]]:
    """Every column of every table as text: its values may be packed in the file.

    A view holds nothing but its words.
    """
    with duckdb.connect(chemin, read_only=True) as con:
        colonnes = con.execute(
            """
            select
                c.database_name, c.schema_name, c.table_name, c.column_name,
                coalesce(c.comment, ''), t.table_oid is not null
            from duckdb_columns() as c left join duckdb_tables() as t using (table_oid)
            where not c.internal
            """
        ).fetchall()
        for base, schema, table, colonne, mots, tenue in colonnes:
            ou = f"{schema}.{table}.{colonne}"
            yield f"{ou} (commentaire)", mots.encode()
            if not tenue:
                continue
            lignes = con.execute(
                f'select distinct cast("{colonne}" as varchar) from "{base}"."{schema}"."{table}"'
            ).fetchall()
            yield ou, "\n".join(texte for (texte,) in lignes if texte).encode()


def _parquet(chemin: Path) -> Iterator[tuple[str, bytes]]:
    """Every column as text: pages are compressed."""
    with duckdb.connect() as con:
        lu = con.read_parquet(str(chemin))
        for colonne in lu.columns:
            lignes = con.execute(
                f'select distinct cast("{colonne}" as varchar) from read_parquet(?)', [str(chemin)]
            ).fetchall()
            yield colonne, "\n".join(texte for (texte,) in lignes if texte).encode()


def _sqlite(chemin: Path) -> Iterator[tuple[str, bytes]]:
    """Every value: a long one is in pieces in the file, and Dagster's snapshots are compressed."""
    con = sqlite3.connect(f"file:{chemin}?mode=ro", uri=True)
    try:
        tables = con.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in tables:
            for ligne in con.execute(f'select * from "{table}"'):
                for valeur in ligne:
                    brut = valeur if isinstance(valeur, bytes) else str(valeur).encode()
                    yield table, _decompresse(brut)
    finally:
        con.close()


def _decompresse(octets: bytes) -> bytes:
    try:
        return zlib.decompress(octets)
    except zlib.error:
        return octets
