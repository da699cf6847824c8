"""What a person reads while a refresh runs: a line that moves, or a few lines in a log.

What is done, and when it is told, does not belong here; nor does the summary (`resume`).
"""

import logging
import sys
import time
from bisect import bisect_right
from operator import itemgetter
from types import TracebackType
from typing import IO, Self

from rich.console import RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from pipelines.ecran import console, duree, lisible, tolerant

JOURNAL = "bilan"
_COULEURS = {logging.WARNING: "yellow", logging.ERROR: "bold red", logging.CRITICAL: "bold red"}
_BARRE, _LARGE = 16, 60  # columns of the bar, and of the screens that have room for it
_PAR_SECONDE = 5  # times that the line is drawn


class Progres:
    """The progress of one refresh, and the journal of the program meanwhile.

    Used by one thread; on a terminal, another one draws the line, so telling costs next to nothing.
    """

    def __init__(self, flux: IO[str], details: bool = False) -> None:
        """Show on `flux`; with `details`, all that the journal tells, and not only its warnings."""
        self._console = console(tolerant(flux))
        self._marche = _Marche()
        self._quoi, self._fait, self._total = "préparation", 0, 0
        self._dixieme = -1
        self._niveau_d_avant = logging.NOTSET
        self._afficheur = _Afficheur(self)
        self._afficheur.setLevel(logging.DEBUG if details else logging.WARNING)
        self._ligne_mobile: Live | None = None
        if self._console.is_terminal and self._console.is_interactive:
            self._ligne_mobile = Live(
                get_renderable=self._dessiner,
                console=self._console,
                refresh_per_second=_PAR_SECONDE,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=flux is sys.stderr,
            )

    def __enter__(self) -> Self:
        """Take over the journal, and draw the line."""
        journal = logging.getLogger(JOURNAL)
        self._niveau_d_avant = journal.level
        journal.setLevel(logging.DEBUG)  # what is shown is for the handler to choose
        journal.addHandler(self._afficheur)
        if self._ligne_mobile:
            self._ligne_mobile.start(refresh=True)
        return self

    def __exit__(
        self,
        genre: type[BaseException] | None,
        erreur: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the line, and give the journal back."""
        journal = logging.getLogger(JOURNAL)
        journal.removeHandler(self._afficheur)
        journal.setLevel(self._niveau_d_avant)
        if self._ligne_mobile:
            self._ligne_mobile.stop()

    def annoncer(self, quoi: str, fait: int, total: int) -> None:
        """Tell what is being done, once `fait` steps are, out of `total`."""
        self._quoi, self._fait, self._total = quoi, fait, total
        self._marche.noter(fait)
        dixieme = 10 * fait // total if total else 0
        if not self._ligne_mobile and dixieme > self._dixieme:
            self._dixieme = dixieme
            self._console.print(Text(" · ".join(filter(None, self._mots()))), soft_wrap=True)

    def dire(self, message: str, niveau: int) -> None:
        """Show a message of the journal, above the line."""
        texte = Text(f"  {lisible(message)}", _COULEURS.get(niveau, "dim"))
        self._console.print(texte, soft_wrap=True)

    def _mots(self) -> tuple[str, str, str]:
        """Which step, what, how long."""
        rang, total = min(self._fait + 1, self._total), self._total
        etape = f"étape {rang} sur {total}" if total else ""
        reste = self._marche.reste(total)
        temps = f"depuis {duree(self._marche.depuis())}" if reste is None else f"reste {reste}"
        return etape, lisible(self._quoi), temps

    def _dessiner(self) -> RenderableType:
        """The line, cut to the width of the screen: what is done gives way to how long it lasts."""
        etape, quoi, temps = self._mots()
        avant, apres = Text(f"{etape} · " if etape else ""), Text(f" · {temps}", "dim")
        milieu, avec_barre = Text(quoi, "cyan"), self._console.width >= _LARGE
        place = self._console.width - (_BARRE + 1 if avec_barre else 0)
        milieu.truncate(max(place - avant.cell_len - apres.cell_len, 1), overflow="ellipsis")
        mots = Text.assemble(avant, milieu, apres, no_wrap=True, overflow="ellipsis")
        if not avec_barre:
            return mots
        ligne = Table.grid(padding=(0, 1, 0, 0))
        ligne.add_row(ProgressBar(self._total or None, self._fait, _BARRE), mots)
        return ligne


class _Marche:
    """How long the refresh has lasted, and how long it may last still."""

    def __init__(self) -> None:
        self._debut = time.monotonic()
        self._passe: list[tuple[float, int]] = []  # when the steps done grew, and to how many

    def noter(self, fait: int) -> None:
        """Note how many steps are done."""
        if not self._passe or fait > self._passe[-1][1]:
            self._passe.append((time.monotonic(), fait))

    def depuis(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._debut

    def reste(self, total: int) -> str | None:
        """How long the rest may last, or None where the past does not tell.

        It does where the pace has been one and the same since the first step, in the second half of
        the time, and in the last quarter of the steps, and holds: a step lasts a hundredth of a
        second or half a minute, and those of a kind come together.
        """
        if not self._passe:
            return None
        maintenant = time.monotonic()
        (depart, deja), (dernier, fait) = self._passe[0], self._passe[-1]
        if maintenant - depart < 3 or not max(deja + 1, total / 10) <= fait < total:
            return None
        au_milieu = bisect_right(self._passe, (depart + maintenant) / 2, key=itemgetter(0)) - 1
        aux_trois_quarts = bisect_right(self._passe, (deja + 3 * fait) / 4, key=itemgetter(1)) - 1
        if self._passe[au_milieu][1] == fait:
            return None
        allures = [
            (maintenant - instant) / (fait - faits)  # seconds by step
            for instant, faits in (self._passe[i] for i in (0, au_milieu, aux_trois_quarts))
        ]
        lent = max(allures)
        if lent > 1.5 * min(allures) or maintenant - dernier > max(1, 3 * lent):
            return None
        return duree(_arrondi(lent * (total - fait)))


def _arrondi(secondes: float) -> int:
    """As exact as a guess can be: to the second, then 5, then 30."""
    pas = 1 if secondes < 10 else 5 if secondes < 60 else 30
    return max(1, pas * round(secondes / pas))


class _Afficheur(logging.Handler):
    """Shows the messages of the journal; an error is told in its words, without a traceback."""

    def __init__(self, progres: Progres) -> None:
        super().__init__()
        self._progres = progres

    def emit(self, record: logging.LogRecord) -> None:
        """Show one."""
        try:
            self._progres.dire(record.getMessage(), record.levelno)
        except Exception:
            self.handleError(record)
