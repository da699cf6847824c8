"""Dagster's event log of one machine (SQLite), with connections that stay open: see dagster.yaml.

Dagster's own makes an engine and a connection for each of the thousands of reads and writes of a
run, and commits an event up to four times. Which rows are written, and in which files, stays its
business: only connections and transactions are here.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData

LOT = "1000"  # events; more than a run plans at once
_OUVERTES = 8  # bases kept open: the index, the run under way, a few that are looked at


class Evenements(SqliteEventLogStorage):
    """The event log: one connection for each base in use, one transaction for each batch.

    Whoever uses a base is alone to do so in its process, as with Dagster's own. A base replaced by
    another file is opened anew.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        # Here, since all who write events pass here: the command line, a process that runs what
        # the interface launched, the web server and the daemon, which say what it will do.
        os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", LOT)
        self._d_avant_fork: list[Any] = []
        self._commencer()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Any
    ) -> "Evenements":
        """The event log of a DAGSTER_HOME, where Dagster puts it."""
        return cls(str(Path(config_value["base_dir"], "history", "runs")), inst_data)

    def _commencer(self) -> None:
        self._processus = os.getpid()
        self._verrou = RLock()
        self._gardees: dict[str, tuple[sa.Connection, tuple[int, int] | None]] = {}
        self._en_cours: dict[str, sa.Connection] = {}
        self._connus: set[str] = set()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        """A transaction on a base; within one of the same thread, that very transaction."""
        if self._processus != os.getpid():  # the parent's: neither used nor closed, says SQLite
            self._d_avant_fork.append(self._gardees)
            self._commencer()
        with self._verrou:
            if shard in self._en_cours:
                yield self._en_cours[shard]
                return
            connexion = self._en_cours[shard] = self._gardee(shard)
            try:
                with connexion.begin():
                    yield connexion
            except BaseException:
                self._gardees.pop(shard, None)
                connexion.close()
                raise
            finally:
                del self._en_cours[shard]

    def _gardee(self, shard: str) -> sa.Connection:
        """The connection kept for a base, or a new one."""
        chemin = self.path_for_shard(shard)
        connexion, identite = self._gardees.pop(shard, (None, None))
        if connexion is not None and identite != _identite(chemin):
            connexion.close()
            connexion = None
        if connexion is None:
            self._initialized_dbs.discard(shard)
            with super()._connect(shard):  # makes its tables where there are none
                identite = _identite(chemin)
            connexion = self._ouvrir(shard)
        self._gardees[shard] = connexion, identite  # last: the one used most recently
        while len(self._gardees) > _OUVERTES:
            self._gardees.pop(next(iter(self._gardees)))[0].close()
        return connexion

    def _ouvrir(self, shard: str) -> sa.Connection:
        moteur = sa.create_engine(
            self.conn_string_for_shard(shard),
            poolclass=sa.NullPool,
            connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        )
        connexion = moteur.connect()
        # Nothing is lost where a process dies; the last events may be, where the power fails.
        connexion.exec_driver_sql("pragma synchronous = normal")
        connexion.commit()
        return connexion

    def store_event(self, event: dg.EventLogEntry) -> None:
        """Write an event."""
        self.store_event_batch([event])

    def store_event_batch(self, events: Sequence[dg.EventLogEntry]) -> None:
        """Write events, all or none in each base: that of the run first, then the index."""
        runs = {event.run_id for event in events}
        with ExitStack() as transactions:
            transactions.enter_context(self.index_connection())
            for run in runs:
                transactions.enter_context(self.run_connection(run))
            for event in events:
                super().store_event(event)
        for run in runs:
            os.utime(self.path_for_shard(run))  # what the web server watches: only the WAL moved

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; what it has, it keeps."""
        if table_name not in self._connus and super().has_table(table_name):
            self._connus.add(table_name)
        return table_name in self._connus

    def _has_asset_key_col_on_connection(self, conn: sa.Connection, column_name: str) -> bool:
        colonne = f"asset_keys.{column_name}"
        if colonne not in self._connus and super()._has_asset_key_col_on_connection(
            conn, column_name
        ):
            self._connus.add(colonne)
        return colonne in self._connus

    def wipe(self) -> None:
        """Delete all events."""
        self._fermer()
        super().wipe()

    def dispose(self) -> None:
        """Close what is open; what comes after is opened anew."""
        super().dispose()
        self._fermer()

    def _fermer(self) -> None:
        with self._verrou:
            while self._gardees:
                self._gardees.popitem()[1][0].close()


def _identite(chemin: str) -> tuple[int, int] | None:
    """Tells a file from the one that replaces it."""
    try:
        etat = Path(chemin).stat()
    except OSError:
        return None
    return etat.st_dev, etat.st_ino
