"""Deliveries already read: what reading and checking a file gave, kept as columns of Parquet.

A kept reading is named after all that it depends on: the content of the file, its month, the
contract, the roadmap's lists, the key of the pseudonyms, and the code of this package. Deleting the
folder changes nothing but the time of the next refresh; a damaged reading is read again. What
depends on other files (keys met twice, versions) is not kept.
"""

import hashlib
import hmac
import json
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pipelines.feuille_de_route import RACINE
from pipelines.ingestion.controle import RETRAIT, Regles
from pipelines.ingestion.lecture import Reconnu

_TABLES = ("lot", "lot_rejets")
_PAQUETS = ("duckdb", "pandera", "polars", "python-calamine")


@dataclass(frozen=True)
class Lecture:
    """What reading a file gave, besides the rows of `lot` and the rejections of `lot_rejets`.

    Of what was recognised, only the sheet is kept: ignored column names may hold anything.
    """

    lignes: int
    ignorees: int
    reconnu: Reconnu


@cache
def _code() -> str:
    """Fingerprint of the code that reads: this package, contracts, and what they rest on."""
    somme = hashlib.sha256(repr([(nom, version(nom)) for nom in _PAQUETS]).encode())
    for dossier in (Path(__file__).parent, RACINE / "assets" / "extracts"):
        for chemin in sorted(dossier.rglob("*.py")):
            somme.update(chemin.read_bytes())
    return somme.hexdigest()


def _sans_rejetees(con: duckdb.DuckDBPyConnection, regles: Regles) -> str:
    """The query of `lot` in which rejected rows have but their number and key."""
    colonnes = [nom for nom, *_ in con.execute("describe lot").fetchall()]
    videes = [f'"{c}"' for c in colonnes if c not in (*regles.cle, "ligne", RETRAIT)]
    remplacements = ", ".join(f"if(rejetee, null, {c}) as {c}" for c in videes)
    return f"""
        select * exclude (rejetee) replace ({remplacements})
        from lot left join (select distinct ligne, true as rejetee from lot_rejets) using (ligne)
        order by ligne
    """


class Gardees:
    """The readings kept in a folder."""

    def __init__(self, dossier: Path, cle: bytes) -> None:
        """Keep readings in `dossier`; `cle` is the secret of their pseudonyms."""
        self.dossier = dossier
        self._cle = hmac.digest(cle, b"gardees", "sha256").hex()
        self._utiles: set[str] = set()

    def nom(self, regles: Regles, mois: str, sha256: str) -> str:
        """Name of the reading of a content, under a contract, for a month."""
        listes = {nom: list(valeurs) for nom, valeurs in regles.listes.items()}
        tout = json.dumps([_code(), self._cle, regles.nom, listes, mois, sha256])
        nom = hashlib.sha256(tout.encode()).hexdigest()
        self._utiles.add(nom)
        return nom

    def reprendre(self, con: duckdb.DuckDBPyConnection, nom: str) -> Lecture | None:
        """Fill `lot` and `lot_rejets` from a kept reading; None where there is none, or damaged."""
        try:
            empreinte, _, texte = (self.dossier / f"{nom}.json").read_text("utf-8").partition("\n")
            if hashlib.sha256(texte.encode()).hexdigest() != empreinte:
                raise ValueError(nom)
            fiche = json.loads(texte)
            # Read by pyarrow: an error of DuckDB would end the transaction that files load in.
            for table in _TABLES:
                octets = self._parquet(nom, table).read_bytes()
                if hashlib.sha256(octets).hexdigest() != fiche["tables"][table]:
                    raise ValueError(table)
                for lot in pq.ParquetFile(pa.BufferReader(octets)).iter_batches():
                    con.register("_gardee", pa.Table.from_batches([lot]))
                    con.execute(f"insert into {table} by name from _gardee")
                    con.unregister("_gardee")
            return Lecture(fiche["lignes"], fiche["ignorees"], Reconnu(feuille=fiche["feuille"]))
        except (OSError, ValueError, KeyError, TypeError):
            for table in _TABLES:
                con.execute(f"truncate {table}")
            return None

    def garder(
        self, con: duckdb.DuckDBPyConnection, nom: str, lecture: Lecture, regles: Regles
    ) -> None:
        """Keep what was just read into `lot` and `lot_rejets`.

        Of a rejected row only the key is kept, for the rows that repeat it: its other cells never
        load, and a shifted row may hold a birth date in any column.
        The description is written last: without it, or if it does not fit, the rest does not count.
        Where nothing can be kept, the next refresh reads the file again.
        """
        try:
            self.dossier.mkdir(parents=True, exist_ok=True)
            empreintes = {}
            for table in _TABLES:
                chemin = self._parquet(nom, table)
                choix = _sans_rejetees(con, regles) if table == "lot" else f"from {table}"
                lignes = con.sql(choix).to_arrow_reader()
                with pq.ParquetWriter(chemin, lignes.schema, compression="zstd") as flux:
                    for lot in lignes:
                        flux.write_batch(lot)
                with chemin.open("rb") as ecrit:
                    empreintes[table] = hashlib.file_digest(ecrit, "sha256").hexdigest()
            fiche = json.dumps(
                {
                    "lignes": lecture.lignes,
                    "ignorees": lecture.ignorees,
                    "feuille": lecture.reconnu.feuille,
                    "tables": empreintes,
                }
            )
            provisoire = self.dossier / f"{nom}.tmp"
            empreinte = hashlib.sha256(fiche.encode()).hexdigest()
            provisoire.write_text(f"{empreinte}\n{fiche}", encoding="utf-8")
            provisoire.replace(self.dossier / f"{nom}.json")
        except OSError:
            self._effacer(nom)

    def oublier(self) -> None:
        """Remove the readings that this refresh did not use."""
        for nom in {chemin.name.split(".")[0] for chemin in self.dossier.glob("*.*")}:
            if nom not in self._utiles:
                self._effacer(nom)

    def _effacer(self, nom: str) -> None:
        """Remove what there is of a reading, where that is possible."""
        for chemin in self.dossier.glob(f"{nom}.*"):
            with suppress(OSError):
                chemin.unlink()

    def _parquet(self, nom: str, table: str) -> Path:
        return self.dossier / f"{nom}.{table}.parquet"
