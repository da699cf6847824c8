"""What all that is shown on a screen shares: colours, durations, text that does no harm.

What is said does not belong here.
"""

from contextlib import suppress
from typing import IO, cast

from rich.console import Console


class _Console(Console):
    """A console that leaves exit codes to the command."""

    def on_broken_pipe(self) -> None:
        """Let the command know that its reader left: rich would exit with 1 of its own."""
        raise


def console(flux: IO[str]) -> Console:
    """Where to print: colours only on a terminal, and none where NO_COLOR is set.

    A pipe stays a pipe, whatever FORCE_COLOR says: a log must hold no control characters.
    """
    return _Console(file=flux, force_terminal=flux.isatty(), highlight=False, markup=False,
                    emoji=False)  # fmt: skip


class _Tolerant:
    """A stream whose reader may leave: what is shown must not stop what is done."""

    def __init__(self, flux: IO[str]) -> None:
        self._flux = flux
        self.encoding = getattr(flux, "encoding", None) or "utf-8"  # rich asks what it can draw
        self.isatty = flux.isatty

    def write(self, texte: str) -> None:
        """Write, if anybody reads."""
        with suppress(OSError):
            self._flux.write(texte)

    def flush(self) -> None:
        """Have it read, if anybody reads."""
        with suppress(OSError):
            self._flux.flush()


def tolerant(flux: IO[str]) -> IO[str]:
    """The same stream for what goes on, and is published, whoever reads what is said of it."""
    return cast("IO[str]", _Tolerant(flux))


def lisible(texte: str) -> str:
    """A text of others, without what would move the cursor or change colours."""
    return "".join(c if c.isprintable() else " " for c in texte)


def duree(secondes: float) -> str:
    """`8 s`, `1 min 05 s`, `2 h 07`."""
    minutes, s = divmod(round(secondes), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02}"
    return f"{minutes} min {s:02} s" if minutes else f"{s} s"
