"""Programs that begin and end together, and the file where what they say is kept.

What they are, and what is waited from them, does not belong here.
"""

import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from threading import Event, Thread
from typing import Self

from pipelines.erreurs import Faute
from pipelines.projet import dossier

TAILLE = 1_000_000  # bytes, after which the journal is set aside, and a new one begun
_ISSUES = ((signal.SIGINT, 30.0), (signal.SIGKILL, 5.0))  # seconds to end in, after each


class Troupe:
    """The programs under way, each in a session of its own: Ctrl+C reaches this process only.

    What they and their children print goes through a pipe to the journal; the pipe closes when the
    last of them ends.
    """

    def __init__(self, journal: Path) -> None:
        self.journal = journal
        self._programmes: dict[str, subprocess.Popen[bytes]] = {}
        journal.unlink(missing_ok=True)
        ouvert = _Journal(journal, maxBytes=TAILLE, backupCount=1, encoding="utf-8")
        lecture, self._ecriture = os.pipe()
        self._silence = Event()
        self._greffier = Thread(target=_tenir, args=(lecture, ouvert, self._silence), daemon=True)

    def __enter__(self) -> Self:
        self._greffier.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Interrupt them and wait; kill those that remain, at once if interrupted again."""
        os.close(self._ecriture)
        for issue, patience in _ISSUES:
            for programme in self._programmes.values():
                with suppress(ProcessLookupError):  # none of its children either
                    os.killpg(programme.pid, issue)
            # Not `join`: interrupted, it may take a thread that is alive for one that has ended.
            with suppress(KeyboardInterrupt):
                self._silence.wait(patience)
            if self._silence.is_set():
                break
        for programme in self._programmes.values():
            programme.wait()

    def lancer(self, nom: str, *commande: list[str], **environnement: str) -> None:
        """Start a program of this environment; `nom` is what a reader knows it by."""
        programme, *arguments = [mot for mots in commande for mot in mots]
        self._programmes[nom] = subprocess.Popen(  # noqa: S603
            [Path(sys.executable).with_name(programme), *arguments],
            cwd=dossier(),
            env={**os.environ, **environnement},
            stdin=subprocess.DEVNULL,
            stdout=self._ecriture,
            stderr=self._ecriture,
            start_new_session=True,
        )

    def veiller(self) -> None:
        """See that all are alive.

        Raises:
            Faute: one has ended.
        """
        for nom, programme in self._programmes.items():
            # It is left unreaped: its number stays that of its children's group.
            options = os.WEXITED | os.WNOHANG | os.WNOWAIT
            if os.waitid(os.P_PID, programme.pid, options) is not None:
                raise Faute(
                    f"{nom} s'est arrêté de lui-même : voir «{self.journal}», puis relancer."
                )


class _Journal(RotatingFileHandler):
    """A journal that cannot be written stops nobody."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        pass


def _tenir(lecture: int, journal: _Journal, silence: Event) -> None:
    """Write down what is said, until nobody is left to say anything."""
    with os.fdopen(lecture, encoding="utf-8", errors="replace") as dits:
        for dit in dits:
            journal.emit(logging.makeLogRecord({"msg": dit.rstrip("\n")}))
    journal.close()
    silence.set()
