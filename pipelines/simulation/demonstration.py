"""Writes the demonstration deliveries, the whole of raw/.

`python -m pipelines.simulation.demonstration DIR`.

With them goes a `.gitignore`, for git to take these files and nothing else that is dropped there.

Belongs here: the list of the sources, and the seed. Not here: what a source delivers (its own
module) nor how a file is written (`ecriture`). The same seed always gives the same bytes, and each
source draws from a generator of its own, so that changing one does not change the others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from pipelines.simulation import (
    ars,
    ddcs_conventions,
    ddcs_gouvernance,
    ddcs_projets,
    logement,
    ofii,
    rectorat,
    service_civique,
)
from pipelines.simulation.ecriture import Fichier, ecrire

GRAINE = 2020
SOURCES = (
    ofii,
    ddcs_projets,
    ddcs_gouvernance,
    ddcs_conventions,
    ars,
    logement,
    rectorat,
    service_civique,
)


def fichiers() -> Iterator[Fichier]:
    """Every file of the demonstration."""
    for source in SOURCES:
        alea = Random(f"{GRAINE} {source.__name__}")  # noqa: S311 (fiction, not a secret)
        yield from source.livraisons(alea)


def gitignore(livres: Iterable[Fichier]) -> str:
    """What git ignores in the folder: all but these files, and those that tell of the folder."""
    tete = ["# Written by `make demonstration`: nobody's data enters git.", "*", "!*/"]
    gardes = [".gitattributes", ".gitignore", "README.md", *sorted(f.chemin for f in livres)]
    return "\n".join([*tete, *(f"!/{chemin}" for chemin in gardes), ""])


def main(arguments: list[str]) -> int:
    """Writes the files under the folder given; those that are there already are replaced."""
    if len(arguments) != 1:
        print("usage : python -m pipelines.simulation.demonstration DOSSIER", file=sys.stderr)
        return 2
    dossier, livres = Path(arguments[0]), list(fichiers())
    for fichier in livres:
        ecrire(dossier, fichier)
    (dossier / ".gitignore").write_text(gitignore(livres), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
