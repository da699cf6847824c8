"""The construction of a warehouse, beside the published one, and its publication by one rename.

What is built does not belong here.
"""

import fcntl
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import duckdb

from pipelines.droits import restreindre
from pipelines.erreurs import Faute, de_la_machine
from pipelines.sql import memoire

NOM, PAGES = "entrepot.duckdb", "plausibilite"
ANCIEN_NOM = "bilan.duckdb"  # of a warehouse published by 0.1.0
VERSION = "v1.2.0"  # the oldest DuckDB that opens what is published
_MEMOIRE = "500MB"  # whatever the number of rows: what is beyond waits on disk, where it can
_DOSSIER, _VERROU = ".chantier", ".verrou"
_journal = logging.getLogger("bilan")


class Chantier:
    """A warehouse under construction: `con` writes the future file, `chantier.*` its scratch.

    The scratch is lost when the connection is closed.
    """

    def __init__(self, warehouse: Path, dossier: Path) -> None:
        """Build in `dossier`, to publish into `warehouse`."""
        self.warehouse = warehouse
        self.publie = warehouse / NOM
        self.dossier = dossier
        self.pages = self.dossier / PAGES
        self._con: duckdb.DuckDBPyConnection | None = None

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The connection to what is built, opened when first asked."""
        if self._con is None:
            self._con = duckdb.connect(
                self.dossier / NOM,
                config={
                    "memory_limit": memoire(_MEMOIRE),
                    "temp_directory": str(self.dossier / "tmp"),
                    "storage_compatibility_version": VERSION,
                },
            )
            # Beyond the limit it waits on disk too; in a file, it would be compressed for nothing.
            self._con.execute("attach ':memory:' as chantier")
        return self._con

    def fermer(self) -> None:
        """Close the connection, if it is open."""
        if self._con is not None:
            self._con.close()
            self._con = None

    @contextmanager
    def prete(self) -> Iterator[Path]:
        """The file under construction, closed for a while so that another process can read it."""
        self.con.execute("checkpoint")
        self.fermer()
        yield self.dossier / NOM

    def mois_publies(self) -> list[str]:
        """The months of the published warehouse, in order; none where it is none.

        Raises:
            Faute: it is one that does not open; its months must not be lost for that.
        """
        try:
            with _ouvert(self.en_place):
                pass
        except duckdb.Error as erreur:
            _exiger_illisible(self.en_place, erreur)
        return mois_publies(self.warehouse)

    def livraisons_publiees(self) -> set[str]:
        """The files that the published warehouse was computed from."""
        return self._fichiers("select fichier from qualite.livraisons where statut = 'acceptee'")

    def disparus_publies(self) -> set[str]:
        """Those that were published earlier, and were gone then."""
        return self._fichiers("select unnest(string_split(disparu, ', ')) from qualite.attendus")

    def _fichiers(self, requete: str) -> set[str]:
        """What a query of the published warehouse gives; none where it is not read."""
        try:
            with _ouvert(self.en_place) as con:
                return {fichier for (fichier,) in con.execute(requete).fetchall()}
        except duckdb.Error:
            return set()

    @property
    def en_place(self) -> Path:
        """The published file that is there, under its name or under that of 0.1.0."""
        return fichier(self.warehouse)

    @property
    def identite(self) -> tuple[int, int, int] | None:
        """Tells a published file from any that replaces it; None where there is none."""
        return identite(self.warehouse)

    def arretes_publies(self) -> list[str]:
        """The months of the published warehouse, in order; none where it cannot be read.

        A copy of it is attached as `ancien`.

        Raises:
            OSError: it could not be copied; its months must not be lost for that.
        """
        copie, en_place = self.dossier / "ancien.duckdb", self.en_place
        if not en_place.is_file():
            return []
        shutil.copyfile(en_place, copie)
        try:
            self.con.execute(f"attach '{chemin_sql(copie)}' as ancien (read_only)")
            return _mois(self.con, "ancien")
        except duckdb.Error:
            return []

    def garder(
        self, noms: Iterable[str], arretes: list[str], masques: Mapping[str, str] | None = None
    ) -> None:
        """Keep from `ancien` what tables `noms` say of other months than `arretes`, and leave it.

        A table that the published warehouse does not have yet is passed over. `masques` is the SQL
        to take in place of some columns, each written `schema.table.column`.

        Raises:
            Faute: it is damaged; its months must not be lost for that.
        """
        try:
            for nom in self._communes(noms):
                communes = ", ".join(
                    f"{(masques or {}).get(f'{nom}.{c}', c)} as {c}"
                    for c in self._colonnes_communes(nom)
                )
                self.con.execute(
                    f"""
                    insert into {nom} by name
                    select {communes} from ancien.{nom} where not list_contains(?, arrete)
                    """,
                    [arretes],
                )
        except duckdb.IOException as erreur:
            raise de_la_machine(erreur) or Faute(
                f"L'entrepôt publié «{self.en_place}» est abîmé : ses mois ne peuvent pas être "
                "gardés. Remettez-en une sauvegarde à sa place, ou retirez-le et recalculez tout "
                "avec --depuis."
            ) from None
        self.con.execute("detach ancien")

    def _communes(self, noms: Iterable[str]) -> list[str]:
        """Those of the tables that the published warehouse has too."""
        anciennes = self.con.execute(
            """
            select schema_name || '.' || table_name from duckdb_tables()
            where database_name = 'ancien'
            """
        ).fetchall()
        return [nom for nom in noms if (nom,) in anciennes]

    def _colonnes_communes(self, nom: str) -> list[str]:
        """Columns of a table that the published warehouse has too: versions may differ."""
        colonnes = [
            {c for c, *_ in self.con.execute(f"describe {base}{nom}").fetchall()}
            for base in ("", "ancien.")
        ]
        return sorted(set.intersection(*colonnes))

    def publier(self) -> Path:
        """Replace the published file, whole, by the one under construction.

        Raises:
            Faute: the file could not be written to the end; the earlier one stands.
        """
        nouveau = self.dossier / NOM
        try:
            self.con.execute("checkpoint")
            self.fermer()
            if nouveau.with_name(f"{NOM}.wal").exists():
                raise Faute(f"Le nouvel entrepôt «{nouveau}» n'a pas pu être écrit en entier.")
            _ecrire_sur_disque(nouveau)
            # Left by who wrote into the published file by hand: DuckDB would add it to the new one.
            self.publie.with_name(f"{NOM}.wal").unlink(missing_ok=True)
            nouveau.replace(self.publie)
            _ecrire_sur_disque(self.warehouse)
        except OSError as erreur:
            raise de_la_machine(erreur) or Faute(
                f"L'entrepôt «{self.publie}» n'a pas pu être remplacé ({erreur.strerror}). "
                "L'ancien est intact."
            ) from None
        _retirer_l_ancien_nom(self.warehouse)
        return self.publie

    def poser_pages(self) -> None:
        """Replace the published pages, whole, by those of `pages`, if there are any.

        Raises:
            OSError: they could not be; the file is published all the same.
        """
        if self.pages.is_dir():
            publiees = self.warehouse / PAGES
            if publiees.exists():
                publiees.rename(_anciennes_pages(self.warehouse))
            self.pages.rename(publiees)


def fichier(warehouse: Path) -> Path:
    """The published file of a warehouse, or where it will be.

    It is that of 0.1.0, under its old name, until a refresh has published another; one that holds
    no month, as a client makes when it opens what is not there, is not another.
    """
    publie, ancien = warehouse / NOM, warehouse / ANCIEN_NOM
    return ancien if ancien.is_file() and not _mois_de(publie) and _mois_de(ancien) else publie


def identite(warehouse: Path) -> tuple[int, int, int] | None:
    """Tells a published file from any that replaces it; None where there is none."""
    try:
        etat = fichier(warehouse).stat()
    except OSError:
        return None
    return etat.st_ino, etat.st_mtime_ns, etat.st_size


def mois_publies(warehouse: Path) -> list[str]:
    """The months of the published warehouse, in order; none where it cannot be read."""
    return _mois_de(fichier(warehouse))


def cle_publiee(warehouse: Path) -> str | None:
    """The fingerprint of the key that a warehouse was published under: empty where it has none.

    None where nothing is published.

    Raises:
        Faute: it is a warehouse that does not open, or is damaged.
    """
    publie = fichier(warehouse)
    if not publie.is_file():
        return None
    try:
        with _ouvert(publie) as con:
            lue = con.execute("select empreinte from qualite.cle").fetchone()
            return str(lue[0]) if lue else ""
    except duckdb.CatalogException:
        return "" if _mois_de(publie) else None
    except duckdb.Error as erreur:
        _exiger_illisible(publie, erreur)
        return None


@contextmanager
def _ouvert(publie: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published file, to be read; its schemas need no name before them.

    Raises:
        duckdb.Error: it does not open.
    """
    with duckdb.connect() as con:
        con.execute(f"attach '{chemin_sql(publie)}' as publie (read_only)")
        con.execute("use publie")
        yield con


def _mois_de(chemin: Path) -> list[str]:
    try:
        with _ouvert(chemin) as con:
            return _mois(con, "publie")
    except duckdb.Error:
        return []


def _exiger_illisible(publie: Path, erreur: duckdb.Error) -> None:
    """Pass over a file that is none of DuckDB's; one that is, and does not open, must not be lost.

    Raises:
        Faute: it is one of DuckDB's.
    """
    if _de_duckdb(publie):
        dit = str(erreur).splitlines()[0]
        raise Faute(
            f"L'entrepôt publié «{publie}» ne s'ouvre pas ({dit}) : rien n'est publié, ses mois "
            "restent. Un autre programme le tient, il est abîmé, ou d'une version plus récente de "
            "DuckDB : fermez ce programme, ou remettez une sauvegarde à sa place, ou retirez-le et "
            "recalculez tout avec --depuis."
        ) from None


def _de_duckdb(chemin: Path) -> bool:
    """Whether a file begins as those of DuckDB do, of any version."""
    try:
        with chemin.open("rb") as flux:
            return flux.read(12)[8:] == b"DUCK"
    except OSError:
        return False


def _retirer_l_ancien_nom(warehouse: Path) -> None:
    """Remove the file of 0.1.0, and its journal, once the published one has taken its months over.

    The journal goes last: without the file, it is nothing. What cannot be removed is harmless, for
    the published one is read first; the next refresh tries again.
    """
    ancien = warehouse / ANCIEN_NOM
    journal = ancien.with_name(f"{ANCIEN_NOM}.wal")
    if not ancien.is_file() and not journal.is_file():
        return
    if not _mois_de(warehouse / NOM):
        return
    try:
        if ancien.is_file():
            ancien.unlink()
            _journal.warning("«%s» remplace «%s», qui est retiré", NOM, ANCIEN_NOM)
        journal.unlink(missing_ok=True)
        _ecrire_sur_disque(warehouse)
    except OSError as erreur:
        _journal.warning("«%s» n'a pas pu être retiré : %s", ancien, erreur.strerror)


def _mois(con: duckdb.DuckDBPyConnection, base: str) -> list[str]:
    """The months of an attached warehouse, in order."""
    lus = con.execute(f"select distinct arrete from {base}.indicateurs.valeurs order by 1")
    return [arrete for (arrete,) in lus.fetchall()]


def chemin_sql(chemin: Path) -> str:
    """A path, to be written between quotes in SQL."""
    return str(chemin).replace("'", "''")


def _anciennes_pages(warehouse: Path) -> Path:
    """Where the published pages are set aside while they are replaced."""
    return warehouse / _DOSSIER / f"{PAGES}.anciennes"


def _preparer(warehouse: Path) -> Path:
    """An empty folder to build in, once what a refresh killed earlier has left is removed.

    It is a new one each time: a process that a killed refresh has left behind may still write into
    its own. Pages that were set aside, and not replaced, are put back.
    """
    anciennes, publiees = _anciennes_pages(warehouse), warehouse / PAGES
    if anciennes.exists() and not publiees.exists():
        anciennes.rename(publiees)
    shutil.rmtree(warehouse / _DOSSIER, ignore_errors=True)
    (warehouse / _DOSSIER).mkdir(exist_ok=True)
    return Path(tempfile.mkdtemp(dir=warehouse / _DOSSIER))


def _ecrire_sur_disque(chemin: Path) -> None:
    descripteur = os.open(chemin, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)


@contextmanager
def ouvrir(warehouse: Path) -> Iterator[Chantier]:
    """A construction site in `warehouse`, one at a time; what is left of it is removed.

    What this process writes from now on is for its user, and the group to read.

    Raises:
        Faute: the folder cannot be written, or another refresh is under way in it.
    """
    restreindre()
    try:
        warehouse.mkdir(parents=True, exist_ok=True)
        verrou = (warehouse / _VERROU).open("a+", encoding="utf-8")
    except OSError as erreur:
        raise Faute(
            f"Le dossier de l'entrepôt «{warehouse}» ne peut pas être écrit ({erreur.strerror}). "
            "Choisissez-en un autre avec --warehouse."
        ) from None
    with verrou:
        if not _prendre(verrou):
            verrou.seek(0)
            autre = verrou.read().strip() or "en cours"
            raise Faute(
                f"Un autre rafraîchissement ({autre}) travaille déjà dans «{warehouse}». "
                "Attendez qu'il finisse, puis relancez."
            ) from None
        if (warehouse / NOM).is_dir():
            raise Faute(
                f"«{warehouse / NOM}» est un dossier, à la place du fichier de l'entrepôt : "
                "déplacez-le, puis relancez."
            )
        try:
            verrou.truncate(0)
            os.write(verrou.fileno(), f"processus {os.getpid()}".encode())  # no buffer to close
            chantier = Chantier(warehouse, _preparer(warehouse))
            _retirer_l_ancien_nom(warehouse)
        except (OSError, duckdb.Error) as erreur:
            raise de_la_machine(erreur) or Faute(
                f"Le dossier de l'entrepôt «{warehouse}» ne peut pas être écrit ({erreur}). "
                "Choisissez-en un autre avec --warehouse."
            ) from None
        try:
            yield chantier
        finally:
            chantier.fermer()
            shutil.rmtree(warehouse / _DOSSIER, ignore_errors=True)
            verrou.truncate(0)


def _prendre(verrou: IO[str]) -> bool:
    """Take the lock, unless a refresh has it; tried for a moment, as `occupe` has it an instant."""
    for _ in range(10):
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.02)
        else:
            return True
    return False


def occupe(warehouse: Path) -> bool:
    """Whether a refresh is alive in `warehouse`: a dead one, however it died, has left its lock.

    It is asked by taking the lock for an instant, shared, since only that is sure on any disk and
    from any container.
    """
    try:
        verrou = (warehouse / _VERROU).open("rb")
    except OSError:
        return False
    with verrou:
        try:
            fcntl.flock(verrou, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
