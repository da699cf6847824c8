"""How the files of a run are read: here, or apart where they are large, or very many.

What is done of one file is `reception.examiner`, in both places; which files are large is said by
`isolement`.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Self

import duckdb

from pipelines import contrats, feuille_de_route
from pipelines.erreurs import Faute, Refus
from pipelines.gardees import Gardees
from pipelines.ingestion import reception
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.octets import somme
from pipelines.ingestion.reception import Reception
from pipelines.isolement import Isolement, lourd

_BEAUCOUP = 100
"""New files, from which on two processes are worth their start."""
_MEMOIRE_DE_DUCKDB = "256MB"  # beyond, what a large file holds waits on disk


class Examens:
    """The files of `raw`, examined one by one; large ones, or very many, by two processes apart.

    Their rules are read there from `roadmap`; without it, all is done here. To be used in a `with`
    block, at the end of which the processes are.
    """

    def __init__(
        self, raw: Path, cle: bytes, gardees: Gardees, roadmap: Path | None = None
    ) -> None:
        self.gardees = gardees
        self.raw = raw
        self._cle, self._roadmap = cle, roadmap
        self._isolement = Isolement()
        self._attendues: dict[str, Callable[[], Reception]] = {}
        self._prevus: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._isolement.fermer()

    def prevoir(self, fichiers: Iterable[Fichier], regles: Mapping[str, Regles]) -> None:
        """Have those never read that are large begun, or all if many, for `examiner` to find.

        `regles` are the contracts of their extracts, by `source/extrait`.
        """
        if self._roadmap is None:
            return
        nouveaux = [f for f in fichiers if f.chemin not in self._prevus]
        self._prevus.update(f.chemin for f in nouveaux)
        voulus = [f for f in self._a_part(nouveaux) if not self._est_lu(f, regles[f.extrait])]
        for fichier in self._a_part(voulus):
            self._attendues[fichier.chemin] = self._isolement.soumettre(
                f"{__name__}:examiner",
                self.raw / fichier.place,
                fichier,
                self._roadmap,
                self._cle,
                self.gardees.dossiers(),
            )

    def _a_part(self, fichiers: list[Fichier]) -> list[Fichier]:
        """Those that are worth two processes."""
        if len(fichiers) >= _BEAUCOUP:
            return fichiers
        return [f for f in fichiers if lourd(self.raw / f.place)]

    def _est_lu(self, fichier: Fichier, regles: Regles) -> bool:
        sha256 = somme(self.raw / fichier.place)
        nom = reception.nom_de_lecture(regles, fichier, sha256, self.gardees)
        return self.gardees.reprendre(nom) is not None

    def reposer(self) -> None:
        """End the processes, where none reads: they would hold what memory they took."""
        if not self._attendues:
            self._isolement.fermer()

    def examiner(
        self, con: duckdb.DuckDBPyConnection, fichier: Fichier, regles: Regles
    ) -> Reception:
        """Read and check one file by itself; what it holds is in its kept reading.

        Raises:
            Faute: the roadmap changed since it was read.
        """
        self.prevoir([fichier], {fichier.extrait: regles})
        if attendue := self._attendues.pop(fichier.chemin, None):
            return self._recevoir(attendue, fichier, regles)
        chemin = self.raw / fichier.place
        return reception.examiner(con, chemin, fichier, regles, self._cle, self.gardees)

    def _recevoir(
        self, attendue: Callable[[], Reception], fichier: Fichier, regles: Regles
    ) -> Reception:
        try:
            recue = attendue()
        except Refus as refus:
            return reception.refusee(self.raw / fichier.place, fichier, *refus.motifs)
        if recue.gardee:
            nom = reception.nom_de_lecture(regles, fichier, recue.sha256, self.gardees)
            if recue.gardee.nom != nom:
                raise Faute("La feuille de route a changé pendant la lecture : relancer.")
            self.gardees.adopter(recue.gardee)
        return recue


def examiner(
    chemin: Path,
    fichier: Fichier,
    roadmap: Path,
    cle: bytes,
    dossiers: tuple[Path | None, Path],
) -> Reception:
    """Read and check a file, in a process apart."""
    reglages: dict[str, Any] = {
        "memory_limit": _MEMOIRE_DE_DUCKDB,
        "temp_directory": str(dossiers[1]),
    }
    with duckdb.connect(config=reglages) as con:
        regles = _regles(roadmap)[fichier.extrait]
        return reception.examiner(con, chemin, fichier, regles, cle, Gardees.dans(dossiers, cle))


@cache
def _regles(roadmap: Path) -> dict[str, Regles]:
    return contrats.regles_de(feuille_de_route.lire(roadmap))
