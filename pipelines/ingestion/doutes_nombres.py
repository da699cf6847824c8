"""Doubts on the numbers of known columns: rates out of 1, rounded SIRETs, rows that are sums."""

import math
from collections.abc import Iterator, Sequence

import polars as pl

from assets.extracts.contrat import Colonne
from pipelines.ingestion import doutes
from pipelines.ingestion.cellules import LIGNE
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.doutes import Doute, Temoin, a_la_ligne, compter
from pipelines.ingestion.lecture import Table
from pipelines.ingestion.regards import Trouve

_HASARD_D_UN_SIRET, _HASARD_PERMIS = 1e-5, 1e-3
_FENETRE = 10_000
_ASSEZ_SEUL, _ASSEZ_POUR_DIVISER, _PRESQUE = 100, 10, 1e-6
_RARETE, _RARETE_DE_TOUT = 30, 3  # all that stands above: likely a total
_PLEINES = "_pleines"


class Taux(Temoin):
    """Columns from 0 to 100 whose values are all at most 1, and not all whole: `pourcentage`."""

    def __init__(self, colonnes: list[str]) -> None:
        self._colonnes = colonnes
        self._vus = dict.fromkeys(colonnes, (0, 0.0, False))

    def lot(self, lot: pl.DataFrame, typees: pl.DataFrame | None) -> None:
        """Count the values of each column, keep the greatest."""
        for nom in self._colonnes if typees is not None else ():
            valeurs = typees[nom].drop_nulls()
            if len(valeurs):
                nombre, maxi, entiers = self._vus[nom]
                fraction = bool((valeurs != valeurs.floor()).any())
                plus_grande = max(maxi, float(valeurs.max()))  # type: ignore[arg-type]
                self._vus[nom] = nombre + len(valeurs), plus_grande, entiers or fraction

    def doutes(self) -> Iterator[Doute]:
        """One for each column."""
        for nom, (nombre, maxi, fraction) in self._vus.items():
            if nombre > 1 and maxi <= 1 and fraction:
                yield Doute(
                    doutes.POURCENTAGE,
                    f"La colonne {nom} va de 0 à 100, et aucune de ses {nombre} valeurs ne dépasse "
                    "1 : des parts de 1 au lieu de % ? Si oui, les multiplier par 100.",
                    nombre,
                    colonne=nom,
                )


class Sirets(Temoin):
    """SIRETs that end with 00000 more often than chance: `siret_arrondi`.

    Chance is one in 100 000 each; it is a doubt where so many or more among the different ones
    would be seen less than once in a thousand files.
    """

    def __init__(self, colonnes: list[str]) -> None:
        self._numeros: dict[str, list[pl.Series]] = {nom: [] for nom in colonnes}
        self._arrondis = {nom: Trouve() for nom in colonnes}

    def lot(self, lot: pl.DataFrame, typees: pl.DataFrame | None) -> None:
        """Keep the different ones."""
        for nom, numeros in self._numeros.items() if typees is not None else ():
            entiers = typees.filter(pl.col(nom).str.contains("^[0-9]{14}$"))
            numeros.append(entiers[nom].unique().cast(pl.Int64))
            arrondis = entiers.filter(pl.col(nom).str.ends_with("00000"))[LIGNE]
            if len(arrondis):
                self._arrondis[nom].voir(int(arrondis[0]), len(arrondis))

    def doutes(self) -> Iterator[Doute]:
        """One for each column."""
        for nom, trouve in doutes.non_vides(self._arrondis):
            differents = pl.concat(self._numeros[nom]).unique()
            arrondis = int((differents % 100_000 == 0).sum())
            if _au_moins(arrondis, len(differents) * _HASARD_D_UN_SIRET) < _HASARD_PERMIS:
                yield Doute(
                    doutes.SIRET_ARRONDI,
                    f"Des SIRET de la colonne {nom} finissent par 00000 ({a_la_ligne(trouve)}) : "
                    "arrondis par un tableur ? Donner à la colonne le format Texte, et les "
                    "reprendre à la source.",
                    trouve.nombre,
                    trouve.premiere,
                    nom,
                )


def _au_moins(nombre: int, moyenne: float) -> float:
    """The probability of so many events or more, where their number is Poisson's."""
    moins = sum(moyenne**k / math.factorial(k) for k in range(nombre))
    return 1 - math.exp(-moyenne) * moins


class Sommes(Temoin):
    """Rows whose numbers are each the sum of the rows just above: `somme`.

    Of at least two rows that hold numbers, down from the first of the sheet or from any of the last
    10 000; rows found to be sums do not count in others. Empty cells of the row do not count; there
    are two numbers other than 0, or one from 100 up. What chance would give is left out: where
    numbers are small, a row is often the sum of others. Bounded numbers, years and rates are not
    added.
    """

    def __init__(self, colonnes: dict[str, Colonne]) -> None:
        self._ecarts = {c: 1e-6 if x.type == "decimal" else 0.0 for c, x in colonnes.items()}
        self._trouves: dict[str, Trouve] = {}
        self._ici = Trouve()
        self._presentes: list[str] = []
        self._avant: pl.DataFrame | None = None
        self._rang = 0

    def feuille(self, table: Table) -> None:
        """Begin again: sums do not go from a sheet to another."""
        self._ici = self._trouves.setdefault(table.reconnu.feuille, Trouve())
        self._presentes = [c for c in self._ecarts if c in table.positions]
        self._avant, self._rang = None, 0

    def lot(self, lot: pl.DataFrame, typees: pl.DataFrame | None) -> None:
        """Look for sums among rows, again without those found as long as some are."""
        if typees is None or not self._presentes:
            return
        nombres = typees.select(LIGNE, pl.col(self._presentes).cast(pl.Float64))
        sommes = pl.repeat(False, nombres.height, eager=True)
        while True:
            cumuls = self._cumuler(nombres, sommes)
            trouvees = self._chercher(nombres, cumuls) & ~sommes
            if not trouvees.any():
                break
            sommes = sommes | trouvees
        if sommes.any():
            lignes = nombres[LIGNE].filter(sommes)
            self._ici.voir(int(lignes[0]), len(lignes))
        garde = cumuls.height <= _FENETRE
        self._avant = cumuls if garde else pl.concat([cumuls[:1], cumuls[-_FENETRE:]])
        self._rang += nombres.height

    def _cumuler(self, nombres: pl.DataFrame, sommes: pl.Series) -> pl.DataFrame:
        """Of each column, the sum of the rows above each row, and above the next one."""
        mots = [
            pl.when(sommes).then(0.0).otherwise(pl.col(c).fill_null(0.0).clip(0)).alias(c)
            for c in self._presentes
        ]
        valeurs = nombres.select(mots)
        valeurs = valeurs.with_columns(
            pl.any_horizontal(pl.all() > 0).cast(pl.Float64).alias(_PLEINES)
        )
        avant = self._avant
        if avant is None:
            avant = pl.DataFrame({c: [0.0] for c in valeurs.columns})
        suite = valeurs.select(pl.col(c).cum_sum() + avant[c][-1] for c in valeurs.columns)
        return pl.concat([avant, suite])

    def _chercher(self, nombres: pl.DataFrame, cumuls: pl.DataFrame) -> pl.Series:
        """Which rows are sums; `cumuls` are those of the rows above each, and of all.

        Sums only grow: in each column, a search tells from which row to which one a block may
        begin, and it must begin at the same row in all.
        """
        ici = cumuls[cumuls.height - 1 - nombres.height : -1]
        rangs = pl.int_range(cumuls.height - 1 - nombres.height, cumuls.height - 1, eager=True)
        debut, fin, assez = rangs * 0, rangs - 2, rangs * 0
        for nom in self._presentes:
            valeurs, vide = nombres[nom].fill_null(0.0), nombres[nom].is_null()
            marge = valeurs * self._ecarts[nom] + _PRESQUE
            voulu = ici[nom] - valeurs
            du = cumuls[nom].search_sorted(voulu - marge, "left").cast(pl.Int64)
            au = cumuls[nom].search_sorted(voulu + marge, "right").cast(pl.Int64) - 1
            debut = pl.select(pl.max_horizontal(debut, du.set(vide, 0))).to_series()
            fin = pl.select(pl.min_horizontal(fin, au.set(vide, cumuls.height))).to_series()
            assez = assez + (valeurs > 0).cast(pl.Int64) + (valeurs >= _ASSEZ_SEUL).cast(pl.Int64)
        possibles = (debut <= fin) & (assez >= 2)
        if not possibles.any():
            return possibles
        pleines = ici[_PLEINES] - cumuls[_PLEINES].gather(debut.clip(0, cumuls.height - 1))
        communs = [_diviseur(nombres[nom]) for nom in self._presentes]
        rares = []
        for place in (possibles & (pleines >= 2)).arg_true().to_list():
            exigence = _RARETE_DE_TOUT if pleines[place] == ici[_PLEINES][place] else _RARETE
            rang = self._rang + place + 1
            if _rarete(nombres.row(place)[1:], communs) >= exigence * rang:
                rares.append(place)
        return pl.int_range(nombres.height, eager=True).is_in(rares)

    def doutes(self) -> Iterator[Doute]:
        """One for each sheet that has some."""
        for nom, trouve in doutes.non_vides(self._trouves):
            if trouve.nombre == 1:
                debut = f"Les nombres de la ligne {trouve.premiere} sont chacun la somme"
            else:
                debut = (
                    f"Les nombres de {compter(trouve.nombre, 'ligne')}, d'abord la "
                    f"{trouve.premiere}, sont chacun la somme"
                )
            yield Doute(
                doutes.SOMME,
                f"{debut} de lignes du dessus : un total, qui compterait en double ? Si oui, le "
                "retirer, ou écrire «Total» dans une colonne de sa clé.",
                trouve.nombre,
                trouve.premiere,
                feuille=nom,
            )


def _diviseur(nombres: pl.Series) -> int:
    """What divides all the numbers of a column: 40 where minutes are always 40 a meeting."""
    valeurs = nombres.drop_nulls().unique()
    if len(valeurs) < _ASSEZ_POUR_DIVISER or (valeurs != valeurs.floor()).any():
        return 1
    return math.gcd(*map(int, valeurs)) or 1


def _rarete(valeurs: Sequence[float | None], communs: Sequence[int]) -> float:
    """How many rows it takes for one with such numbers to be a sum by chance.

    A number is hit once in as many. Those of one row follow one another: others than the greatest
    count for their square roots, and one that repeats another for nothing.
    """
    tailles = sorted({v / n for v, n in zip(valeurs, communs, strict=True) if v and v > n})
    return math.sqrt(math.prod(tailles) * tailles[-1]) if tailles else 0


def temoins(regles: Regles) -> Iterator[Temoin]:
    """Those that the columns of an extract call for."""
    colonnes = regles.colonnes
    taux = [c for c, x in colonnes.items() if x.type == "decimal" and x.bornes.get("le") == 100]
    sirets = [c for c, x in colonnes.items() if x.type == "siret"]
    comptes = {
        c: x
        for c, x in colonnes.items()
        if x.type in ("entier", "decimal") and not (x.liste or x.cle or "le" in x.bornes)
    }
    if taux:
        yield Taux(taux)
    if sirets:
        yield Sirets(sirets)
    if comptes:
        yield Sommes(comptes)
