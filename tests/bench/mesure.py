"""A command run and measured: time, processor time, peak of memory, of all its processes.

What is run, and what is made of the figures, does not belong here.
"""

import os
import re
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_GUET = 0.05  # seconds


@dataclass(frozen=True)
class Mesure:
    """What a run cost: seconds, seconds of processor, MiB at the worst moment."""

    mur: float
    processeur: float
    memoire: float


def lancer(
    commande: Sequence[str],
    environnement: Mapping[str, str],
    dossier: Path,
    codes: Sequence[int] = (0,),
) -> Mesure:
    """Run a command in a folder, its output kept there.

    Processor time is that of the process and of all that it has waited for (`wait4`). Memory is the
    sum over its tree of processes, looked at twenty times a second: pages that two of them share
    count twice, and a peak between two looks is missed, but for that of the largest process, which
    the kernel remembers (VmHWM; `ru_maxrss` counts the memory of whom it was forked from).

    Raises:
        RuntimeError: it ended with another code; its last words.
    """
    with (dossier / "sortie.txt").open("w+b") as sortie:
        debut = time.perf_counter()
        enfant = subprocess.Popen(  # noqa: S603 (the bench's own commands)
            commande, cwd=dossier, env={**os.environ, **environnement},
            stdout=sortie, stderr=subprocess.STDOUT,
        )  # fmt: skip
        guet = _Guet(enfant.pid)
        _, etat, usage = os.wait4(enfant.pid, 0)
        mur = time.perf_counter() - debut
        enfant.returncode = os.waitstatus_to_exitcode(etat)
        pic = guet.finir()
        if enfant.returncode not in codes:
            raise RuntimeError(f"{' '.join(commande)} : {enfant.returncode}\n{_fin(sortie)}")
    return Mesure(mur, usage.ru_utime + usage.ru_stime, pic / 2**20)


def _fin(sortie: IO[bytes]) -> str:
    sortie.seek(0)
    return sortie.read().decode("utf-8", "replace")[-3000:]


class _Guet:
    """Looks at the memory of a tree of processes, from a thread."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._pic = 0
        self._fini = threading.Event()
        self._fil = threading.Thread(target=self._guetter, daemon=True)
        self._fil.start()

    def _guetter(self) -> None:
        while not self._fini.wait(_GUET):
            tenues, plus_hautes = zip(*map(_memoire, _arbre(self._pid)), strict=True)
            self._pic = max(self._pic, sum(tenues), *plus_hautes)

    def finir(self) -> int:
        """The largest sum seen, in bytes."""
        self._fini.set()
        self._fil.join()
        return self._pic


def _arbre(pid: int) -> set[int]:
    """A process and its descendants that live: not all kernels list the children of one."""
    parents = {}
    for dossier in os.listdir("/proc"):  # noqa: PTH208 (twice as fast)
        if dossier.isdecimal():
            with suppress(OSError):  # it has ended meanwhile
                etat = Path(f"/proc/{dossier}/stat").read_bytes()
                parents[int(dossier)] = int(etat.rpartition(b")")[2].split()[1])
    arbre, nouveaux = set(), {pid}
    while nouveaux:
        arbre |= nouveaux
        nouveaux = {enfant for enfant, parent in parents.items() if parent in nouveaux} - arbre
    return arbre


def _memoire(pid: int) -> tuple[int, int]:
    """What a process holds, and the most that it has held, in bytes."""
    try:
        etat = Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it has ended meanwhile
        return 0, 0
    lus = dict(re.findall(r"^(VmRSS|VmHWM):\s+([0-9]+) kB", etat, re.MULTILINE))
    return int(lus.get("VmRSS", 0)) * 1024, int(lus.get("VmHWM", 0)) * 1024
