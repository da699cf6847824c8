"""The program cut down to a few extracts and views, or without pages, for tests that refresh often.

What these tests show does not depend on how many there are. Those of one extract or view, and those
of the demonstration, need the whole.
"""

from collections.abc import Callable, Collection
from pathlib import Path

from pipelines import contrats, vues
from pipelines.pas import edition

EXTRAITS = ("ddcs/orientations", "ddcs/reunions", "logement/avdl", "logement/mobilisations")
VUES = ("lisible", "logement", "objectifs", "qualite", "revisions")


def reduire(
    poser: Callable[[object, str, object], None] = setattr,
    gardees: Collection[str] = VUES,
    extraits: Collection[str] = EXTRAITS,
) -> None:
    """Cut it down in this process; `poser` replaces a name of a module."""
    tous, lire = contrats.tous, vues.lire
    poser(contrats, "tous", lambda: {nom: tous()[nom] for nom in extraits})

    def des_gardees(dossier: Path = vues.DOSSIER) -> list[vues.Vue]:
        return [v for v in lire(dossier) if dossier != vues.DOSSIER or v.nom in gardees]

    poser(vues, "lire", des_gardees)


_PAS_DES_PAGES = edition.pas


def sans_pages(poser: Callable[[object, str, object], None] = setattr) -> None:
    """Leave out the steps that write pages, and their nodes, in this process."""
    poser(edition, "pas", lambda: iter(()))


def avec_pages(poser: Callable[[object, str, object], None] = setattr) -> None:
    """Have them again."""
    poser(edition, "pas", _PAS_DES_PAGES)
