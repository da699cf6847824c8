"""Looking for personal values in everything that was written, whatever the format.

What a personal value looks like is agreed with `livraisons`: no list of them is needed here. A name
has no form, so that words which anyone may write are kept with it: see `DIT`.
"""

import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb
import polars as pl

Contenu = tuple[Path, str, bytes]  # a file, where in it, and what is there
_JOUR = rb"\d{1,2}"
# Of small letters, which bytes are put into. Each begins with a word or a digit, that `re` goes to
# at once; what must, or must not, stand before it is asked from there: ten times faster.
MARQUES = (
    re.compile(rb"secret(?:(?<=zzsecret)|(?<=cirsecret)|(?<=cir[-_ ]secret))"),
    re.compile(rb"zzfatou"),
    re.compile(rb"9876543\d{3}"),
    re.compile(rb"98\D?76\D?54\D?32\D?10"),
    # A phone, however it is cut, but not in a hash.
    re.compile(
        rb"6(?:(?<![0-9a-f]6)|(?<=06)(?<![0-9a-f]06)|(?<=\+336)(?<![0-9a-f]\+336))"
        rb"\D?79\D?86\D?75\D?43(?![0-9a-f])"
    ),
    # A birth: the year first, or last.
    re.compile(rb"19(?<!\d19)[5-9]\d[-/.]" + _JOUR + rb"[-/.]" + _JOUR),
    re.compile(
        # Not the shape of a masked date: 9/99/99.
        rb"[0-9](?<!\d\d)(?!(?<=9)9*[-/.]9+[-/.]9+)\d?[-/.]" + _JOUR + rb"[-/.](?:19)?[5-9]\d(?!\d)"
    ),
    # Not inside a hash: eight digits in a row are common there.
    re.compile(rb"19(?<![0-9a-f]19)[5-9]\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?![0-9a-f])"),
)
DIT = (re.compile(rb"zzmariam"),)
"""A name in free words: kept with them, shown on no screen, in no history, in no mail."""


def reconnus(octets: bytes, marques: Sequence[re.Pattern[bytes]] = MARQUES) -> list[bytes]:
    """The personal values in bytes, in small letters."""
    petites = octets.lower()
    return [trouve[0] for marque in marques for trouve in marque.finditer(petites)]


def fuites(
    contenus: Path | Iterable[Contenu], marques: Sequence[re.Pattern[bytes]] = MARQUES
) -> list[str]:
    """Where personal values are: under a folder, or in what `tout` has read of it."""
    if isinstance(contenus, Path):
        contenus = tout(contenus)
    return [
        f"{chemin}, {ou} : {trouve!r}"
        for chemin, ou, octets in contenus
        for trouve in reconnus(octets, marques)
    ]


def tout(dossier: Path) -> Iterator[Contenu]:
    """The files under a folder: their names, their bytes, what is inside the databases."""
    for chemin in sorted(p for p in dossier.rglob("*") if p.is_file()):
        yield chemin, "nom", str(chemin.relative_to(dossier)).encode()
        for ou, octets in _contenus(chemin):
            yield chemin, ou, octets


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
        tables: dict[tuple[str, str, str], list[str]] = {}
        for base, schema, table, colonne, mots, tenue in colonnes:
            yield f"{schema}.{table}.{colonne} (commentaire)", mots.encode()
            if tenue:
                tables.setdefault((base, schema, table), []).append(colonne)
        for (base, schema, table), siennes in tables.items():
            listes = ", ".join(f'list(distinct cast("{c}" as varchar))' for c in siennes)
            lus = con.execute(f'select {listes} from "{base}"."{schema}"."{table}"').fetchone()
            for colonne, textes in zip(siennes, lus or (), strict=True):
                ou = f"{schema}.{table}.{colonne}"
                yield ou, "\n".join(texte for texte in textes or () if texte).encode()


def _parquet(chemin: Path) -> Iterator[tuple[str, bytes]]:
    """Every column as text: pages are compressed."""
    for colonne in pl.read_parquet(chemin):
        yield colonne.name, colonne.to_frame().write_ndjson().encode()


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
