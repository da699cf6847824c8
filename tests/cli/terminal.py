"""A pseudo terminal, and what a person would see on it."""

import os
import pty
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

_CODE = re.compile(
    r"\x1b\[(\??[0-9;]*)([A-Za-z])|\x1b[\[?0-9;]*$|([\r\n])|([^\x1b\r\n]+)"  # or half of a code
)


class Terminal:
    """What a program writes on `flux`, read as it comes."""

    def __init__(self, flux: IO[str], maitre: int) -> None:
        self.flux = flux
        self._maitre = maitre
        self._octets = b""
        self._lecteur = threading.Thread(target=self._lire, daemon=True)
        self._lecteur.start()

    def _lire(self) -> None:
        while True:
            try:
                lus = os.read(self._maitre, 65536)
            except OSError:  # the other end is closed
                return
            if not lus:
                return
            self._octets += lus

    def attendre(self, vu: Callable[[list[str]], bool]) -> list[str]:
        """The screen, once it is as it should be; it may take long, within reason."""
        fin = time.monotonic() + 60
        while not ((lignes := self.lignes()) and vu(lignes)):
            assert time.monotonic() < fin, lignes
            time.sleep(0.01)
        return lignes

    def fermer(self) -> None:
        """Close the program's end, and read what it has left."""
        self.flux.close()
        self._lecteur.join()

    @property
    def brut(self) -> str:
        """All that was written."""
        return self._octets.decode(errors="ignore")

    @property
    def curseur_visible(self) -> bool:
        return self.brut.rfind("\x1b[?25h") >= self.brut.rfind("\x1b[?25l")

    def lignes(self) -> list[str]:
        """The screen now, without the empty lines that end it."""
        ecran, y, x = [""], 0, 0
        for parametres, lettre, saut, texte in _CODE.findall(self.brut):
            if saut == "\r":
                x = 0
            elif saut == "\n":
                y += 1
                ecran += [""] * (y + 1 - len(ecran))
            elif lettre == "A":
                y = max(0, y - int(parametres or 1))
            elif lettre == "K":
                ecran[y] = ""
            elif texte:
                ecran[y] = ecran[y][:x].ljust(x) + texte + ecran[y][x + len(texte) :]
                x += len(texte)
        while ecran and not ecran[-1].strip():
            ecran.pop()
        return [ligne.rstrip() for ligne in ecran]


@contextmanager
def terminal() -> Iterator[Terminal]:
    """A pseudo terminal, closed at the end."""
    maitre, esclave = pty.openpty()
    essai = Terminal(os.fdopen(esclave, "w", encoding="utf-8"), maitre)
    try:
        yield essai
    finally:
        essai.fermer()
        os.close(maitre)
