"""Results kept between refreshes, each whole or not at all, with what it depends on.

A result is a sheet (facts, as JSON) and pieces (tables as Parquet, or files). The sheet is signed
with a key drawn from that of the pseudonyms and tells the SHA-256 of each piece: what is damaged,
forged or of another version does not count, and is said. Deleting the folder changes nothing but
the time of the next refresh. What results mean, and when they are computed, does not belong here.
"""

import hashlib
import hmac
import io
import json
import logging
import os
import secrets
import shutil
import tempfile
import weakref
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb
import polars as pl

from pipelines import secret
from pipelines.entrepot.chantier import chemin_sql

DOSSIER = ".gardees"
_FORME = 1
Compression = Literal["zstd", "uncompressed"]
_journal = logging.getLogger("bilan")


@dataclass(frozen=True)
class Gardee:
    """A kept result: its name, its fingerprint, its facts, its pieces."""

    nom: str
    empreinte: str
    fiche: Mapping[str, Any]
    pieces: Mapping[str, Path]


class Gardees:
    """The results kept in a folder.

    Where nothing can be written there, a result stays in a temporary folder as long as this
    object: a refresh goes on, and the next one computes it again. `signature` is the fingerprint of
    the key: what a result depends on, where it holds pseudonyms.
    """

    def __init__(self, dossier: Path | None, cle: bytes) -> None:
        """Keep in `dossier`, or nowhere; `cle` is the secret of the pseudonyms."""
        self.dossier = dossier
        self.signature = secret.empreinte(cle)
        self._cle = hmac.digest(cle, b"gardees", "sha256")
        self._utiles: set[str] = set()
        self._repli: Path | None = None
        self._ici: dict[str, Gardee] = {}

    @classmethod
    def dans(cls, dossiers: tuple[Path | None, Path], cle: bytes) -> "Gardees":
        """The results kept in the folders of those of another process, which keeps them."""
        gardees = cls(dossiers[0], cle)
        gardees._repli = dossiers[1]
        return gardees

    def dossiers(self) -> tuple[Path | None, Path]:
        """Where to keep, and where to where that cannot be written."""
        return self.dossier, self._au_repli()

    def adopter(self, gardee: Gardee) -> None:
        """Take a result that another process has just kept in these folders."""
        self._utiles.add(gardee.nom)
        self._ici[gardee.nom] = gardee

    def utiliser(self, noms: Iterable[str]) -> None:
        """Say that results serve, without looking at them."""
        self._utiles.update(noms)

    def reprendre(self, nom: str) -> Gardee | None:
        """The result kept under a name; None where there is none that counts."""
        self._utiles.add(nom)
        if nom in self._ici:
            return self._ici[nom]
        if self.dossier is None:
            return None
        try:
            trouvee = self._lire(self.dossier / f"{nom}.json", nom)
        except (FileNotFoundError, NotADirectoryError):
            trouvee = None
        except (OSError, ValueError, KeyError, TypeError):
            trouvee = None
            _journal.warning("résultat gardé illisible, à refaire : %s", nom)
        if trouvee:
            self._ici[nom] = trouvee
        return trouvee

    def celle(self, nom: str) -> Gardee:
        """The result kept under a name that has one.

        Raises:
            KeyError: it has none.
        """
        trouvee = self.reprendre(nom)
        if trouvee is None:
            raise KeyError(nom)
        return trouvee

    def _lire(self, chemin: Path, nom: str) -> Gardee | None:
        """A sheet and what it tells of its pieces; None where there is none.

        Raises:
            OSError, ValueError, KeyError, TypeError: it does not count.
        """
        signature, _, corps = chemin.read_text("utf-8").partition("\n")
        if not hmac.compare_digest(signature.encode(), self._signer(corps).encode()):
            raise ValueError(nom)
        lu = json.loads(corps)
        pieces = {piece: chemin.with_name(fichier) for piece, (fichier, _) in lu["pieces"].items()}
        sommes = {piece: somme for piece, (_, somme) in lu["pieces"].items()}
        if (lu["nom"], lu["forme"]) != (nom, _FORME) or sommes != _sommes(pieces):
            raise ValueError(nom)
        return Gardee(nom, lu["empreinte"], lu["fiche"], pieces)

    def garder(
        self,
        nom: str,
        empreinte: str,
        fiche: Mapping[str, Any],
        con: duckdb.DuckDBPyConnection | None = None,
        tables: Mapping[str, str] | None = None,
        fichiers: Mapping[str, bytes] | None = None,
        tableaux: Mapping[str, pl.DataFrame] | None = None,
    ) -> Gardee:
        """Keep a result, in the place of the one of the same name.

        Args:
            nom: a path, with `/`.
            empreinte: what the result depends on.
            fiche: facts.
            con: the connection that runs the queries of `tables`.
            tables: a query for each table.
            fichiers: the content of each other piece, its name with an extension.
            tableaux: tables that were read already.

        Raises:
            OSError, duckdb.Error: neither the folder nor a temporary one can hold it.
        """
        try:
            if self.dossier is None:
                raise NotADirectoryError
            gardee = self._ecrire(
                self.dossier, nom, empreinte, fiche, con, tables, fichiers, tableaux
            )
        except (OSError, duckdb.IOException):
            if self.dossier is not None:
                place = self.dossier / f"{nom}.json"
                for reste in (place, *self._pieces(place)):
                    _oter(reste)
            gardee = self._ecrire(
                self._au_repli(), nom, empreinte, fiche, con, tables, fichiers, tableaux
            )
        self._utiles.add(nom)
        self._ici[nom] = gardee
        return gardee

    def _au_repli(self) -> Path:
        if self._repli is None:
            self._repli = Path(tempfile.mkdtemp(prefix="bilan-"))
            weakref.finalize(self, shutil.rmtree, self._repli, True)
        return self._repli

    def _ecrire(
        self,
        dossier: Path,
        nom: str,
        empreinte: str,
        fiche: Mapping[str, Any],
        con: duckdb.DuckDBPyConnection | None,
        tables: Mapping[str, str] | None,
        fichiers: Mapping[str, bytes] | None,
        tableaux: Mapping[str, pl.DataFrame] | None,
    ) -> Gardee:
        """Write the pieces under names of their own, then the sheet that makes them count."""
        cible = dossier / f"{nom}.json"
        dossier.mkdir(mode=0o700, parents=True, exist_ok=True)  # only refreshes read it
        cible.parent.mkdir(parents=True, exist_ok=True)
        marque = secrets.token_hex(8)  # what is written may be drawn from the pieces it replaces
        pieces: dict[str, Path] = {}
        for piece, requete in (tables or {}).items():
            pieces[piece] = cible.with_name(f"{cible.stem}.{piece}.{marque}.parquet")
            con.execute(  # type: ignore[union-attr]
                f"copy ({requete}) to '{chemin_sql(pieces[piece])}' "
                "(format parquet, compression zstd)"
            )
        for piece, tableau in (tableaux or {}).items():
            pieces[piece] = cible.with_name(f"{cible.stem}.{piece}.{marque}.parquet")
            ecrire(tableau, pieces[piece])
        for piece, contenu in (fichiers or {}).items():
            pieces[piece] = cible.with_name(f"{cible.stem}.{marque}.{piece}")
            pieces[piece].write_bytes(contenu)
        sommes = _sommes(pieces)
        corps = json.dumps(
            {
                "nom": nom,
                "forme": _FORME,
                "empreinte": empreinte,
                "fiche": fiche,
                "pieces": {piece: (c.name, sommes[piece]) for piece, c in pieces.items()},
            },
            ensure_ascii=False,
        )
        remplacee = cible.exists()
        provisoire = cible.with_name(f"{cible.stem}.tmp")
        provisoire.write_text(f"{self._signer(corps)}\n{corps}", encoding="utf-8")
        provisoire.replace(cible)
        if remplacee:
            tenues = {chemin.name for chemin in pieces.values()}
            for ancienne in self._pieces(cible):
                if ancienne.name not in tenues:
                    _oter(ancienne)
        return Gardee(nom, empreinte, json.loads(corps)["fiche"], pieces)

    def oublier(self, connus: Collection[str]) -> None:
        """Remove the results that have not been asked for since this object was made.

        Those whose name, up to `@`, is in `connus` stay: another run asks for them.
        """
        if self.dossier is None:
            return
        for racine, _, noms in os.walk(self.dossier):
            place = Path(racine).relative_to(self.dossier)
            for nom in noms:
                gardee = (place / nom.split(".")[0]).as_posix()
                if gardee not in self._utiles and gardee.split("@")[0] not in connus:
                    _oter(Path(racine) / nom)

    def epurer(self) -> None:
        """Remove all but the results that this key has signed: those of another one must go.

        Raises:
            OSError: one cannot be removed.
        """
        if self.dossier is None:
            return
        tout = [chemin for chemin in self.dossier.rglob("*") if not chemin.is_dir()]
        siens: set[Path] = set()
        for chemin in tout:
            nom = chemin.relative_to(self.dossier).with_suffix("").as_posix()
            with suppress(OSError, ValueError, KeyError, TypeError):
                if chemin.suffix == ".json" and (lue := self._lire(chemin, nom)):
                    siens |= {chemin, *lue.pieces.values()}
        for chemin in tout:
            if chemin not in siens:
                chemin.unlink()

    def _pieces(self, fiche: Path) -> list[Path]:
        try:
            voisins = os.listdir(fiche.parent)  # noqa: PTH208 (a glob would read `[` as a pattern)
        except OSError:
            return []
        debut = f"{fiche.stem}."
        return [fiche.with_name(v) for v in voisins if v.startswith(debut) and v != fiche.name]

    def _signer(self, corps: str) -> str:
        return hmac.digest(self._cle, corps.encode("utf-8", "surrogatepass"), "sha256").hex()


def ecrire(tableau: pl.DataFrame, chemin: Path, compression: Compression = "zstd") -> None:
    """Write a table as Parquet.

    Raises:
        OSError: the disk has no place for it.
    """
    tampon = io.BytesIO()  # its own errors of the disk are no OSError
    tableau.write_parquet(tampon, compression=compression)
    chemin.write_bytes(tampon.getvalue())


def _sommes(pieces: Mapping[str, Path]) -> dict[str, str]:
    """The SHA-256 of each piece.

    Raises:
        ValueError: one is not there.
    """
    sommes = {}
    for piece, chemin in pieces.items():
        try:
            with chemin.open("rb") as flux:
                sommes[piece] = hashlib.file_digest(flux, "sha256").hexdigest()
        except FileNotFoundError:
            raise ValueError(piece) from None
    return sommes


def _oter(chemin: Path) -> None:
    with suppress(OSError):
        chemin.unlink()
