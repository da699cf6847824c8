"""Doubts on the texts of known columns: their encoding, separators in them, persons' data.

A text is looked at, never told. What is looked for of persons is said in `masques`.
"""

import re
from collections.abc import Iterable, Iterator

import polars as pl

from pipelines.ingestion import doutes
from pipelines.ingestion.cellules import LIGNE, MARQUES
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.csv_texte import SEPARATEURS
from pipelines.ingestion.doutes import Doute, Temoin, a_la_ligne
from pipelines.ingestion.lecture import Table
from pipelines.ingestion.lignes import IGNOREE
from pipelines.ingestion.masques import QUOI, Masque
from pipelines.ingestion.octets import Octets
from pipelines.ingestion.regards import Trouve

# What the two bytes of an accented letter, or the three of a quote, are in Windows-1252.
_SUITE = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_MAL_DECODE = f"\ufffd|ï»¿|Ã[{_SUITE}]|Â[\u0080-\u00bf]|â[€\u0080][{_SUITE}]|Å[“’¸\u0092\u0093]"


class Personnelles:
    """Cells of one column that seem to hold a person's data, and which."""

    def __init__(self) -> None:
        self.trouve = Trouve()
        self._quoi: set[str] = set()

    def voir(self, lignes: Iterable[tuple[int, str]], masque: Masque) -> None:
        """Look at some cells, by row number."""
        for ligne, texte in lignes:
            self.noter(ligne, *{quoi for quoi, _ in masque.vus(texte.lstrip(MARQUES))})

    def noter(self, ligne: int, *quoi: str) -> None:
        """Count a cell, if it holds something."""
        if quoi:
            self.trouve.voir(ligne)
            self._quoi.update(quoi)

    def doute(self, ou: str, colonne: str | None, feuille: str) -> Doute:
        """What is said of them; `ou` names the column."""
        quoi = " ou ".join(nom for nom in QUOI if nom in self._quoi)
        return Doute(
            doutes.DONNEE_PERSONNELLE,
            f"{ou} a ce qui ressemble à {quoi} ({a_la_ligne(self.trouve)}), qui n'a pas sa place "
            "ici : rien n'en est gardé ni montré. L'effacer, et livrer le fichier de nouveau.",
            self.trouve.nombre,
            self.trouve.premiere,
            colonne,
            feuille,
        )


class Textes(Temoin):
    """Free texts of known columns: `encodage`, `separateur_dans_cellule`, `donnee_personnelle`.

    `encodage`: marks of a text decoded twice, in a cell or in the header. A separator in a cell
    (CSV): `;`, a tab or the one that `sep=` says; a comma only in a number that names something, or
    twice or more in a text. Persons' data: what `masques` takes out of a cell.
    """

    def __init__(self, regles: Regles, contenu: Octets, mois: str) -> None:
        self._masque = Masque(mois)
        self._a_masquer = set(regles.libres)
        libres = {
            c: x
            for c, x in regles.colonnes.items()
            if x.type == "texte"
            and not (x.nomenclature or x.personnelle or x.plusieurs)
            and (x.ouverte or not x.liste)
        }
        self._libres = list(libres)
        self._nombrees = {c for c, x in libres.items() if x.identifiant or x.forme}
        self._cites = not contenu.classeur and contenu.contient(b'"')
        self._entetes: list[str] = []
        self._trouves: dict[tuple[str, str, str], Trouve] = {}
        self._personnelles: dict[tuple[str, str], Personnelles] = {}
        self._feuille = ""
        self._regards: dict[tuple[str, str], pl.Expr] = {}

    def feuille(self, table: Table) -> None:
        """Look at its header, and choose what to look for in which columns."""
        self._feuille = table.reconnu.feuille
        if any(map(re.compile(_MAL_DECODE).search, table.entete)):
            self._entetes.append(self._feuille)
        nom = table.reconnu.separateur
        signe = next((s for s, dit in SEPARATEURS.items() if dit == nom), nom.strip("«»"))
        self._regards = {}
        for colonne in self._libres:
            if colonne not in table.positions:
                continue
            texte = pl.col(colonne)
            self._regards[doutes.ENCODAGE, colonne] = texte.str.contains(_MAL_DECODE)
            if self._cites and signe:
                fois = 2 if signe == "," and colonne not in self._nombrees else 1
                en_a = texte.str.count_matches(signe, literal=True) >= fois
                self._regards[doutes.SEPARATEUR_DANS_CELLULE, colonne] = en_a
            if colonne in self._a_masquer:
                self._regards[doutes.DONNEE_PERSONNELLE, colonne] = self._masque.peut_etre(texte)

    def lot(self, lot: pl.DataFrame, typees: pl.DataFrame | None) -> None:
        """Look at the rows that are not skipped: at all their columns in one query."""
        if typees is None or not self._regards:
            return
        if lot.height > typees.height:
            lot = lot.filter(lot[IGNOREE].is_null())
        vus = lot.select_seq(
            vu.any().alias(f"{sorte} {colonne}") for (sorte, colonne), vu in self._regards.items()
        ).row(0)
        for ((sorte, colonne), vu), en_a in zip(self._regards.items(), vus, strict=True):
            if not en_a:
                continue
            cellules = lot.filter(vu).select(LIGNE, colonne)
            if sorte == doutes.DONNEE_PERSONNELLE:
                ici = self._personnelles.setdefault((self._feuille, colonne), Personnelles())
                ici.voir(cellules.iter_rows(), self._masque)
            else:
                trouve = self._trouves.setdefault((sorte, self._feuille, colonne), Trouve())
                trouve.voir(int(cellules[LIGNE].min()), cellules.height)  # type: ignore[arg-type]

    def doutes(self) -> Iterator[Doute]:
        """One for each column and kind."""
        for feuille in self._entetes:
            yield Doute(
                doutes.ENCODAGE,
                "L'en-tête a des signes d'un texte décodé deux fois («Ã©» pour «é»). Reprendre le "
                "fichier à la source, au format «CSV UTF-8» ou en classeur.",
                feuille=feuille,
            )
        phrases = {
            doutes.ENCODAGE: (
                "a des signes d'un texte décodé deux fois («Ã©» pour «é») ({}). Reprendre le "
                "fichier à la source, au format «CSV UTF-8» ou en classeur."
            ),
            doutes.SEPARATEUR_DANS_CELLULE: (
                "a le séparateur du fichier dans une cellule ({}) : des guillemets mal placés "
                "peut-être, et plusieurs valeurs n'en font qu'une. Vérifier la ligne."
            ),
        }
        for (sorte, feuille, colonne), trouve in self._trouves.items():
            yield Doute(
                sorte,
                f"La colonne {colonne} {phrases[sorte].format(a_la_ligne(trouve))}",
                trouve.nombre,
                trouve.premiere,
                colonne,
                feuille,
            )
        for (feuille, colonne), ici in self._personnelles.items():
            if ici.trouve.nombre:
                yield ici.doute(f"La colonne {colonne}", colonne, feuille)
