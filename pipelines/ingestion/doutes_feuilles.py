"""Doubts on whole sheets: those that are not read, what a workbook's formats tell, totals by word.

What the cells of a column hold does not belong here.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from pipelines.ingestion import doutes, regards
from pipelines.ingestion.cellules import LIGNE
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.doutes import Doute, Temoin, a_la_ligne, compter
from pipelines.ingestion.lecture import FeuilleNonLue, Table
from pipelines.ingestion.lignes import IGNOREE, MOT_DE_TOTAL
from pipelines.ingestion.octets import Octets
from pipelines.ingestion.regards import Regard, RegardImpossible, Trouve

_NOMS_MONTRES = 5
_NON_REGARDE = (
    "Le classeur n'a pas pu être regardé de plus près : ni ses lignes masquées, ni ses formules "
    "sans valeur, ni ses pourcentages, ni ses cellules fusionnées n'ont été cherchés. Le "
    "réenregistrer en .xlsx."
)


class NonLues(Temoin):
    """Sheets that are not read though they seem to be data: `feuille_non_lue`.

    A visible one that has rows and at least two of the columns, a hidden one that has the complete
    header. Examples and notices are meant not to be read.
    """

    def __init__(self) -> None:
        self._non_lues: list[FeuilleNonLue] = []

    def feuille(self, table: Table) -> None:
        """Keep the list that the sheets of a workbook share, whole once all were read."""
        self._non_lues = table.non_lues

    def doutes(self) -> Iterator[Doute]:
        """One for each such sheet."""
        for f in self._non_lues:
            if f.masquee and f.entete:
                suite = (
                    "masquée, a l'en-tête mais n'est pas lue. L'afficher si elle est à livrer, la "
                    "supprimer sinon"
                )
            elif not (f.masquee or f.notice) and f.lignes and len(f.colonnes) > 1:
                noms = ", ".join(f.colonnes[:_NOMS_MONTRES])
                noms += ", …" if len(f.colonnes) > _NOMS_MONTRES else ""
                suite = (
                    f"qui a {compter(f.lignes, 'ligne')} et des colonnes connues ({noms}), n'est "
                    "pas lue : il lui manque des colonnes obligatoires. Compléter son en-tête si "
                    "elle est à livrer"
                )
            else:
                continue
            yield Doute(
                doutes.FEUILLE_NON_LUE, f"La feuille «{f.nom}», {suite}.", f.lignes, feuille=f.nom
            )


class Totaux(Temoin):
    """Rows skipped for a word in their key: `total`."""

    def __init__(self) -> None:
        self._trouves: dict[str, Trouve] = {}
        self._ici = Trouve()

    def feuille(self, table: Table) -> None:
        """Count those of this sheet apart."""
        self._ici = self._trouves.setdefault(table.reconnu.feuille, Trouve())

    def lot(self, lot: pl.DataFrame, typees: pl.DataFrame | None) -> None:
        """Count them."""
        if lot[IGNOREE].null_count() == lot.height:
            return
        lignes = lot[LIGNE].filter((lot[IGNOREE] == MOT_DE_TOTAL).fill_null(False))
        if len(lignes):
            self._ici.voir(int(lignes[0]), len(lignes))

    def doutes(self) -> Iterator[Doute]:
        """One for each sheet that has some."""
        for nom, trouve in doutes.non_vides(self._trouves):
            un = trouve.nombre == 1
            yield Doute(
                doutes.TOTAL,
                f"{'Une ligne est sautée' if un else 'Des lignes sont sautées'} comme total "
                f"({a_la_ligne(trouve, 'ligne')}) : une colonne de sa clé le dit. Si ce n'en est "
                "pas un, l'écrire autrement.",
                trouve.nombre,
                trouve.premiere,
                feuille=nom,
            )


class Formats(Temoin):
    """What only a workbook tells: hidden rows, formulas without value, cells as %, merged cells."""

    def __init__(self, regles: Regles, contenu: Octets) -> None:
        self._contenu = contenu
        self._nombres = [c for c, x in regles.colonnes.items() if x.type in ("entier", "decimal")]
        self._entetes: dict[str, int] = {}
        self._places: dict[str, dict[int, str]] = {}
        self._montrees: dict[str, str] = {}

    def feuille(self, table: Table) -> None:
        """Note where its header is, and where its known columns are."""
        nom = table.reconnu.onglet
        self._montrees[nom] = table.reconnu.feuille
        self._entetes[nom] = table.reconnu.ligne_entete
        self._places[nom] = {place: colonne for colonne, place in table.positions.items()}

    def doutes(self) -> Iterator[Doute]:
        """Those of each sheet; one that says so where the workbook cannot be looked at."""
        try:
            vus = regards.regarder(self._contenu, self._entetes)
        except RegardImpossible:
            yield Doute(doutes.LIGNES_MASQUEES, _NON_REGARDE, 0)
            return
        for nom, places in self._places.items():
            if nom in vus:
                yield from de_regard(vus[nom], self._montrees[nom], places, self._nombres)


def de_regard(
    regard: Regard, feuille: str, places: Mapping[int, str], nombres: list[str]
) -> Iterator[Doute]:
    """The doubts that come from a look at a sheet.

    Args:
        regard: what was seen of it.
        feuille: its name.
        places: its known columns, by place.
        nombres: the columns of numbers.
    """
    if regard.masquees.nombre:
        ou = a_la_ligne(regard.masquees, "ligne")
        yield Doute(
            doutes.LIGNES_MASQUEES,
            f"Des lignes masquées ou filtrées sont lues comme les autres ({ou}). Les supprimer si "
            "elles ne sont pas à livrer.",
            regard.masquees.nombre,
            regard.masquees.premiere,
            feuille=feuille,
        )
    par_colonne = (
        (
            doutes.FORMULE_SANS_VALEUR, regard.sans_valeur, set(places.values()),
            "a des formules jamais calculées, lues comme vides ({}). Ouvrir le classeur dans un "
            "tableur, le recalculer, l'enregistrer.",
        ),
        (
            doutes.POURCENTAGE, regard.pourcentages, set(nombres),
            "a des nombres affichés en % ({}) : 45 % se lit 0,45. Écrire 45, au format Nombre.",
        ),
        (
            doutes.CELLULE_FUSIONNEE, regard.fusionnees, set(places.values()),
            "a des cellules fusionnées ({}) : seule la première de chacune a une valeur, les "
            "autres se lisent vides. Les défusionner, et remplir chaque cellule.",
        ),
    )  # fmt: skip
    for sorte, vus, voulues, phrase in par_colonne:
        for place, trouve in sorted(vus.items()):
            colonne = places.get(place)
            if colonne in voulues and trouve.nombre:
                yield Doute(
                    sorte,
                    f"La colonne {colonne} {phrase.format(a_la_ligne(trouve))}",
                    trouve.nombre,
                    trouve.premiere,
                    colonne,
                    feuille,
                )
