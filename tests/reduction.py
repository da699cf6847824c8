"""The program cut down to a few extracts and views, for tests that refresh often: it takes seconds.

What these tests show does not depend on how many there are. Those of one extract or view, and those
of the demonstration, need the whole.
"""

from collections.abc import Callable

from pipelines import contrats, vues

EXTRAITS = ("ddcs/orientations", "ddcs/reunions", "logement/avdl", "logement/mobilisations")
VUES = ("logement", "objectifs", "qualite", "revisions")


def reduire(poser: Callable[[object, str, object], None] = setattr) -> None:
    """Cut it down in this process; `poser` replaces a name of a module."""
    tous, lire = contrats.tous, vues.lire
    poser(contrats, "tous", lambda: {nom: tous()[nom] for nom in EXTRAITS})
    poser(vues, "lire", lambda *ailleurs: [v for v in lire(*ailleurs) if ailleurs or v.nom in VUES])
