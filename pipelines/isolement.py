"""What takes much memory, done in a process of its own that may not take more than 2 GB of it.

A file is no larger than what it makes of the memory: one that asks for too much is refused, and
those that were read meanwhile are not lost with it. Which work that is does not belong here, nor
what is made of a refusal. This module is light: who imports it has not read a file yet.
"""

import io
import multiprocessing
import os
import resource
import signal
import stat
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Self

from pipelines.erreurs import Refus, manque_de_memoire

MEMOIRE_MAX = 2 << 30
TROP = (
    "sa lecture demande plus de 2 Go de mémoire : le livrer en plusieurs parties, en CSV, "
    "ou effacer ce qu'il a de trop"
)
_CSV_LEGER, _CLASSEUR_LEGER, _DEPLIE_LEGER = 4 << 20, 256 << 10, 8 << 20
_ENSEMBLE = 2
_GUET = 0.05  # seconds
_dedans = False


def lourd(chemin: Path) -> bool:
    """Whether a file could take much memory to be read, by its size; False in a process apart.

    What a workbook says of its true size may be false, which its reader finds.
    """
    if _dedans:
        return False
    try:
        # A pipe in its place would make the opening wait for ever.
        with os.fdopen(os.open(chemin, os.O_RDONLY | os.O_NONBLOCK), "rb") as flux:
            etat = os.fstat(flux.fileno())
            if not stat.S_ISREG(etat.st_mode):
                return False
            taille = etat.st_size
            if chemin.suffix.lower() == ".csv":
                return taille > _CSV_LEGER
            if taille > _CLASSEUR_LEGER:
                return True
            with zipfile.ZipFile(flux) as archive:
                return sum(membre.file_size for membre in archive.infolist()) > _DEPLIE_LEGER
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False  # no file, or no archive: small


def troupe(nombre: int) -> ProcessPoolExecutor:
    """Processes that begin anew, and have a limit; they end with the one that made them."""
    return ProcessPoolExecutor(
        nombre,
        multiprocessing.get_context("spawn"),  # threads of polars and DuckDB do not fork
        _entrer,
        (MEMOIRE_MAX,),
    )


class Isolement:
    """Processes where functions are called by name, two at a time; ended with the `with` block."""

    def __init__(self, ensemble: int = _ENSEMBLE) -> None:
        """Have `ensemble` processes once one is needed."""
        self._ensemble = ensemble
        self._troupe: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.fermer()

    def soumettre(self, nom: str, *arguments: object) -> Callable[[], Any]:
        """Have `module:function` called; gives what waits for its result.

        What waits raises:
            Refus: it asked for too much memory, or the process died of it.
        """
        appel, troupe = self._appeler(nom, arguments), self._troupe
        return lambda: self._attendre(appel, troupe, nom, arguments)

    def _appeler(self, nom: str, arguments: tuple[object, ...]) -> Future[Any]:
        if self._troupe is None:
            self._troupe = troupe(self._ensemble)
        try:
            return self._troupe.submit(_executer, nom, arguments)
        except BrokenProcessPool:
            self.fermer()
            return self._appeler(nom, arguments)

    def _attendre(
        self,
        appel: Future[Any],
        troupe: ProcessPoolExecutor | None,
        nom: str,
        arguments: tuple[object, ...],
    ) -> Any:
        try:
            return appel.result()
        except MemoryError:
            raise Refus(TROP) from None
        except BrokenProcessPool:
            if troupe is self._troupe:  # others may be under way in the one that replaced it
                self.fermer()
        # One death ends all that was under way: alone, a call answers for itself.
        try:
            return self._appeler(nom, arguments).result()
        except (MemoryError, BrokenProcessPool):
            self.fermer()
            raise Refus(TROP) from None

    def fermer(self) -> None:
        """End the processes, if any were needed."""
        if self._troupe is not None:
            self._troupe.shutdown(cancel_futures=True)
            self._troupe = None


def imprimer(nom: str, sortie: IO[str], *arguments: object) -> Any:
    """Call `module:function` apart, with a text to print on as its last argument.

    Raises:
        Refus: it asked for too much memory, or the process died of it.
    """
    with Isolement(1) as isolement:
        resultat, texte = isolement.soumettre(f"{__name__}:_imprimer", nom, *arguments)()
    sortie.write(texte)
    return resultat


def _imprimer(nom: str, *arguments: object) -> tuple[Any, str]:
    texte = io.StringIO()
    return appeler(nom, *arguments, texte), texte.getvalue()


def appeler(nom: str, *arguments: object) -> Any:
    """Call `module:function` here."""
    module, _, fonction = nom.partition(":")
    return getattr(import_module(module), fonction)(*arguments)


def _executer(nom: str, arguments: tuple[object, ...]) -> Any:
    try:
        return appeler(nom, *arguments)
    except Exception as erreur:
        if manque_de_memoire(erreur):
            raise MemoryError from None
        raise


def _entrer(memoire: int) -> None:
    """Limit this process, which ends with the one that made it."""
    global _dedans
    _dedans = True
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one that made it
    rien = os.open(os.devnull, os.O_WRONLY)
    os.dup2(rien, 2)  # libraries that lack memory say so in English, and die
    # Libraries ask for more than they use: that is watched; what is asked may be twice as much.
    resource.setrlimit(resource.RLIMIT_DATA, (2 * memoire, 2 * memoire))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold persons' data
    os.environ["POLARS_MAX_THREADS"] = str(_ENSEMBLE)  # each has its stack
    threading.Thread(target=_veiller, args=(memoire,), daemon=True).start()


def _veiller(memoire: int) -> None:
    """End this process once it takes too much memory, or the one that made it has ended."""
    parent = multiprocessing.parent_process()
    while parent is not None and parent.is_alive() and _prise() <= memoire:
        parent.join(_GUET)
    os._exit(1)


def _prise() -> int:
    """The memory that this process takes, in octets."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
