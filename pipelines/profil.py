"""What a refresh costs, step by step (`bilan refresh --profil`): time, processor, peak of memory.

What is measured is this process and those that it starts. When steps are taken does not belong
here.
"""

import os
import resource
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Self

from rich.table import Table

from pipelines.ecran import console

_TACT = os.sysconf("SC_CLK_TCK")
_GUET = 0.05  # seconds
_RESTE = "préparation, Dagster"
_MO = 1 << 20


@dataclass
class Cout:
    """What steps of one kind cost: seconds, seconds of processor, octets; results made of all."""

    mur: float = 0.0
    processeur: float = 0.0
    memoire: int = 0
    faits: int = 0
    demandes: int = 0

    def moins(self, autre: "Cout") -> "Cout":
        """The time of this without that of another, which is within."""
        return Cout(self.mur - autre.mur, self.processeur - autre.processeur, self.memoire)


class Profil:
    """The costs of one refresh, by kind of step; those that a step asks for are not its own."""

    def __init__(self) -> None:
        self.couts: dict[str, Cout] = {}
        self._en_cours: list[Cout] = []
        self._fini = threading.Event()
        self._guetteur = threading.Thread(target=self._guetter, daemon=True)

    def __enter__(self) -> Self:
        """Begin; what no step takes is counted apart."""
        self._tout = self._debut = _maintenant()
        self._en_cours.append(Cout())
        self._guetteur.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Have it whole."""
        self._fini.set()
        self._guetteur.join()
        self._tout = _ecart(self._debut)
        self._tout.memoire = self._en_cours[0].memoire

    @contextmanager
    def mesurer(self, quoi: str, resultats: int) -> Iterator[None]:
        """Count what is done within as the cost of making so many results of one kind."""
        debut, ici = _maintenant(), Cout()
        self._en_cours.append(ici)
        try:
            yield
        finally:
            self._en_cours.pop()
            ici_et_dedans = _ecart(debut)
            cout = self.couts.setdefault(quoi, Cout())
            propre = ici_et_dedans.moins(ici)
            cout.mur += propre.mur
            cout.processeur += propre.processeur
            cout.memoire = max(cout.memoire, ici.memoire)
            cout.faits += resultats
            # The one around it did not take this time.
            autour = self._en_cours[-1]
            autour.mur += ici_et_dedans.mur
            autour.processeur += ici_et_dedans.processeur

    def compter(self, demandes: Iterable[str]) -> None:
        """Say of which kind each result is that was asked, made or kept."""
        for quoi in demandes:
            self.couts.setdefault(quoi, Cout()).demandes += 1

    def imprimer(self, sortie: IO[str]) -> None:
        """Print the table, once it is whole."""
        tableau = Table(box=None, pad_edge=False, header_style="bold")
        tableau.add_column("Étape")
        for titre in ("s", "s de processeur", "Mo au plus", "calculés", "gardés"):
            tableau.add_column(titre, justify="right")
        reste = self._tout
        for quoi, cout in self.couts.items():
            reste = reste.moins(cout)
            tableau.add_row(quoi, *_mots(cout), str(cout.faits), str(cout.demandes - cout.faits))
        tableau.add_row(_RESTE, *_mots(replace(reste, memoire=0)), "", "")
        tableau.add_row("en tout", *_mots(self._tout), "", "", style="bold")
        console(sortie).print(tableau)

    def _guetter(self) -> None:
        while not self._fini.wait(_GUET):
            prise = _maintenant().memoire
            for cout in list(self._en_cours):
                cout.memoire = max(cout.memoire, prise)


def _mots(cout: Cout) -> tuple[str, str, str]:
    memoire = f"{cout.memoire / _MO:.0f}" if cout.memoire else ""
    return f"{cout.mur:.1f}".replace(".", ","), f"{cout.processeur:.1f}".replace(".", ","), memoire


def _ecart(debut: Cout) -> Cout:
    return _maintenant().moins(debut)


def _maintenant() -> Cout:
    """The time, that of the processor since this process began, and the memory taken now."""
    moi = resource.getrusage(resource.RUSAGE_SELF)
    finis = resource.getrusage(resource.RUSAGE_CHILDREN)
    ici = Cout(time.monotonic(), moi.ru_utime + moi.ru_stime + finis.ru_utime + finis.ru_stime)
    ici.memoire = _prise(os.getpid())
    for enfant in _descendants(os.getpid()):
        with suppress(OSError, IndexError, ValueError):  # it may just have ended
            champs = Path(f"/proc/{enfant}/stat").read_text("utf-8").rpartition(")")[2].split()
            ici.processeur += sum(map(int, champs[11:15])) / _TACT
            ici.memoire += _prise(enfant)
    return ici


def _descendants(pid: int) -> Iterator[int]:
    """The processes that a process has started, and those that these have; none where unknown."""
    with suppress(OSError):
        for fil in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 (a name is enough)
            for enfant in Path(f"/proc/{pid}/task/{fil}/children").read_text("ascii").split():
                yield int(enfant)
                yield from _descendants(int(enfant))


def _prise(pid: int) -> int:
    """The octets of memory that a process holds."""
    with suppress(OSError, IndexError):
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
        return pages * resource.getpagesize()
    return 0
