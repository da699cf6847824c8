"""Errors that a person can mend, and nothing else.

Raise `Faute` for a fault of the data, of the arguments or of the roadmap: the command line shows
its message, in French, and exits with 2. Anything else that is raised is a fault of the program.
"""


class Faute(Exception):
    """What is wrong, where, and what to do; shown as it is. Nothing is published: exit 2."""


class Refus(Exception):
    """Why a whole file is refused; `motifs` are French sentences, all of them at once."""

    def __init__(self, *motifs: str) -> None:
        super().__init__(" ; ".join(motifs))
        self.motifs = motifs
