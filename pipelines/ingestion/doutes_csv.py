"""Doubts on the number of cells of a CSV's rows: most too long, or a few too short.

A row with a value beyond the header is rejected, which is said elsewhere.
"""

from collections import Counter
from collections.abc import Iterator

import polars as pl

from pipelines.ingestion import doutes
from pipelines.ingestion.cellules import CELLULES, FAUTE, LIGNE, SANS_VALEUR
from pipelines.ingestion.controle import RETRAIT
from pipelines.ingestion.doutes import Doute, Temoin, a_la_ligne
from pipelines.ingestion.lecture import Table
from pipelines.ingestion.lignes import IGNOREE
from pipelines.ingestion.regards import Trouve

_COURTES_MAX, _PEU = 10_000, 3


class Longueurs(Temoin):
    """Rows of a CSV by number of cells: `lignes_longues`, and a `separateur_dans_cellule`.

    Most rows longer than the header: something is cut in two in each. A row that is shorter than
    the header and than over nine tenths of the rows, or than all the others where there are more
    than three, when no longer row ends with as many cells without value: a separator may be
    missing. Empty rows do not count; among the short ones, nor do
    those skipped, withdrawn, or of a wrong form. At most 10 000 short rows are looked at.
    """

    def __init__(self) -> None:
        self._table: Table | None = None
        self._comptes: Counter[int] = Counter()
        self._longues = Trouve()
        self._courtes: dict[int, int] = {}
        self._hors: set[int] = set()

    def feuille(self, table: Table) -> None:
        """Keep its header, and what it takes to read it once more."""
        self._table = table if table.relire else None

    def trame(self, trame: pl.DataFrame) -> None:
        """Count rows by their number of cells."""
        if self._table is None or not trame.height:
            return
        longueurs = trame[CELLULES].list.len()
        mini, maxi = longueurs.min(), longueurs.max()
        largeur, entete = self._table.largeur, len(self._table.entete)
        if mini == maxi == entete:
            self._comptes[entete] += trame.height
            return
        vues = trame.select(LIGNE, longueurs.alias("_nombre")).filter(
            trame[CELLULES].list.join("", ignore_nulls=True).str.contains(r"\S")
        )
        self._comptes.update(vues["_nombre"].to_list())
        longues = vues.filter(pl.col("_nombre") > entete)[LIGNE]
        if len(longues):
            self._longues.voir(int(longues[0]), len(longues))
        reste = _COURTES_MAX - len(self._courtes)
        self._courtes.update(vues.filter(pl.col("_nombre") < largeur).head(reste).iter_rows())

    def lot(self, lot: pl.DataFrame, typees: pl.DataFrame | None) -> None:
        """Leave out the short rows that may well be short."""
        if self._courtes:
            hors = lot.filter(pl.col(IGNOREE).is_not_null() | pl.col(FAUTE).is_not_null())[LIGNE]
            self._hors |= self._courtes.keys() & set(hors)
            if typees is not None:
                self._hors |= self._courtes.keys() & set(typees[LIGNE].filter(typees[RETRAIT]))

    def doutes(self) -> Iterator[Doute]:
        """At most one of each kind."""
        if self._table is None:
            return
        total = self._comptes.total()
        if 2 * self._longues.nombre > total:
            virgule = self._table.reconnu.separateur == "virgule"
            cause = "une virgule décimale" if virgule else "un texte qui contient le séparateur"
            yield Doute(
                doutes.LIGNES_LONGUES,
                "La plupart des lignes ont plus de cellules que l'en-tête "
                f"({a_la_ligne(self._longues, 'ligne')}) : {cause} sans guillemets y décalerait "
                "les colonnes. Vérifier la première, mettre ces textes entre guillemets.",
                self._longues.nombre,
                self._longues.premiere,
            )
        trouve = self._trop_courtes(total)
        if trouve.nombre:
            yield Doute(
                doutes.SEPARATEUR_DANS_CELLULE,
                f"Une ligne plus courte que les autres ({a_la_ligne(trouve, 'ligne')}) : un "
                "séparateur y manque peut-être, et deux valeurs n'en font qu'une. Vérifier qu'elle "
                "a toutes ses cellules.",
                trouve.nombre,
                trouve.premiere,
            )

    def _trop_courtes(self, total: int) -> Trouve:
        par_nombre: dict[int, list[int]] = {}
        for ligne, nombre in self._courtes.items():
            plus_longues = sum(n for autre, n in self._comptes.items() if autre > nombre)
            seule = total > _PEU and plus_longues == total - 1
            if ligne not in self._hors and (seule or 10 * plus_longues > 9 * total):
                par_nombre.setdefault(nombre, []).append(ligne)
        trouve = Trouve()
        for nombre, lignes in par_nombre.items():
            if not self._finit_ainsi_ailleurs(nombre):
                trouve.voir(min(lignes), len(lignes))
        return trouve

    def _finit_ainsi_ailleurs(self, nombre: int) -> bool:
        """Whether some longer row has no value beyond its first `nombre` cells."""
        table = self._table
        fin = pl.col(CELLULES).list.slice(nombre)
        rien = fin.list.eval(pl.element().str.strip_chars().str.to_lowercase().is_in(SANS_VALEUR))
        debut = pl.col(CELLULES).list.head(nombre).list.join("").str.contains(r"\S")
        longue = pl.col(CELLULES).list.len() > nombre
        for trame in table.relire() if table and table.relire else ():
            if trame.filter(longue).select((rien.list.all() & debut).any()).item():
                return True
        return False
