"""Looking at a delivery while it is read, for doubts: who looks at what, in what order.

What is looked for is in `doutes_*`; what a doubt is, in `doutes`. Memory does not grow with the
file beyond some sixteen bytes a row, and nothing here changes what is read.
"""

from collections.abc import Iterator

import polars as pl

from pipelines.ingestion import doutes_cles, doutes_nombres
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.doutes import Doute, Temoin, ranger
from pipelines.ingestion.doutes_colonnes import Ignorees
from pipelines.ingestion.doutes_csv import Longueurs
from pipelines.ingestion.doutes_feuilles import Formats, NonLues, Totaux
from pipelines.ingestion.doutes_noms import Noms
from pipelines.ingestion.doutes_textes import Textes
from pipelines.ingestion.lecture import Table
from pipelines.ingestion.octets import Octets


class Observateur:
    """Sees a delivery as it is read: each sheet, then its frames, then its batches of rows."""

    def __init__(self, regles: Regles, contenu: Octets, mois: str) -> None:
        du_fichier = [NonLues(), Formats(regles, contenu)] if contenu.classeur else [Longueurs()]
        self._temoins: list[Temoin] = [
            *du_fichier,
            Totaux(),
            Noms(mois),
            Ignorees(regles, mois),
            Textes(regles, contenu, mois),
            *doutes_nombres.temoins(regles),
            *doutes_cles.temoins(regles),
        ]
        self._feuilles: list[str] = []

    def feuille(self, table: Table) -> None:
        """See a sheet, or a CSV, and all the frames that will be read of it."""
        self._feuilles.append(table.reconnu.feuille)
        for temoin in self._temoins:
            temoin.feuille(table)
        table.suite = self._regarder(table.suite)

    def _regarder(self, suite: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        for trame in suite:
            for temoin in self._temoins:
                temoin.trame(trame)
            yield trame

    def lot(self, lot: pl.DataFrame, typees: pl.DataFrame | None = None) -> None:
        """See a batch of rows: as text, then typed but for those skipped, with persons' numbers."""
        for temoin in self._temoins:
            temoin.lot(lot, typees)

    def conclure(self) -> list[Doute]:
        """The doubts, once all was read."""
        return ranger((d for temoin in self._temoins for d in temoin.doutes()), self._feuilles)
