"""Doubts on the numbers of known columns: rates out of 1, rounded SIRETs, rows that are sums."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property

import polars as pl

from assets.extracts.contrat import Colonne
from pipelines.ingestion import doutes
from pipelines.ingestion.cellules import LIGNE
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.doutes import Doute, Temoin, a_la_ligne, compter
from pipelines.ingestion.lecture import Table
from pipelines.ingestion.regards import Trouve

_HASARD_D_UN_SIRET, _HASARD_PERMIS = 1e-5, 1e-3
_FENETRE, _PEU = 10_000, 500
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
        if typees is None:
            return
        for nom in self._colonnes:
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
        if typees is None:
            return
        for nom, numeros in self._numeros.items():
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
        self._avant = pl.DataFrame()
        self._rang, self._derniere = 0, -1

    def feuille(self, table: Table) -> None:
        """Begin again: sums do not go from a sheet to another."""
        self._ici = self._trouves.setdefault(table.reconnu.feuille, Trouve())
        self._presentes = [c for c in self._ecarts if c in table.positions]
        self._avant, self._rang, self._derniere = pl.DataFrame(), 0, -1

    def lot(self, lot: pl.DataFrame, typees: pl.DataFrame | None) -> None:
        """Look for sums among rows, again without those found as long as some are."""
        if typees is None or not self._presentes:
            return
        neuves = typees.select_seq(pl.col(self._presentes).cast(pl.Float64).clip(0))
        debut = self._avant.height
        nombres = pl.concat([self._avant, neuves]) if debut else neuves
        connue = self._derniere
        while places := _sommes(nombres, debut, self._rang - debut, self._ecarts, connue):
            self._derniere = max(self._derniere, *places)
            for place in places:
                self._ici.voir(typees[LIGNE][place - debut])
            sommes = pl.int_range(nombres.height, eager=True).is_in(places)
            nombres = nombres.select(pl.when(sommes).then(0.0).otherwise(pl.all()).name.keep())
        self._rang += neuves.height
        if nombres.height > _FENETRE:
            # The rows above count as one.
            self._derniere = max(-1, self._derniere - (nombres.height - _FENETRE - 1))
            nombres = pl.concat([nombres[:-_FENETRE].sum(), nombres[-_FENETRE:]])
        self._avant = nombres

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


def _sommes(
    nombres: pl.DataFrame, debut: int, decalage: int, ecarts: Mapping[str, float], derniere: int
) -> list[int]:
    """The places, from `debut` on, of the rows that are sums of rows just above.

    `decalage` is how many rows stand above the first; `derniere`, the place of the last sum known,
    or -1. As no number is negative, sums only grow: in a column, a search tells at which rows a
    block may begin.
    """
    if nombres.height < 3:
        return []
    neuves = nombres[debut:]
    possibles = neuves.select_seq(
        (pl.sum_horizontal(pl.all() > 0) >= 2) | (pl.max_horizontal(pl.all()) >= _ASSEZ_SEUL)
    ).to_series()
    pleines = neuves.select_seq((pl.all() > 0).sum()).row(0)
    temoin = nombres.columns[pleines.index(max(pleines))]
    if nombres.height > _PEU:
        valeurs = nombres[temoin].fill_null(0.0)
        avant = valeurs.cum_sum().shift(1, fill_value=0.0)
        voulus, marges = (avant - valeurs)[debut:], valeurs[debut:] * ecarts[temoin] + _PRESQUE
        du = avant.search_sorted(voulus - marges, "left")
        au = avant.search_sorted(voulus + marges, "right")
        possibles = possibles & ((du < au) | neuves[temoin].is_null())
    if not possibles.any():
        return []
    ordre = sorted(nombres.columns, key=lambda nom: nom != temoin)
    cumuls = _Cumuls(nombres, {nom: ecarts[nom] for nom in ordre})
    places = []
    for place in (possibles.arg_true() + debut).to_list():
        if cumuls.somme(place, place + decalage + 1, derniere):
            places.append(place)
            derniere = place
    return places


class _Cumuls:
    """Rows of numbers with the sums, by column, of the rows above each."""

    def __init__(self, nombres: pl.DataFrame, ecarts: Mapping[str, float]) -> None:
        self._nombres, self._ecarts = nombres, ecarts
        self._listes: dict[str, list[float | None]] = {}
        self._sommes: dict[str, list[float]] = {}

    def somme(self, place: int, rang: int, derniere: int) -> bool:
        """Whether a row, of this rank in its sheet, is the sum of the same rows in all columns.

        It is easily thought to be one of all the rows above, or since the sum before.
        """
        debut, fin = 0, place - 2
        for nom, ecart in self._ecarts.items():
            avant = self._avant(nom)
            valeur = self._listes[nom][place]
            if valeur is None:
                continue
            voulu, marge = avant[place] - valeur, valeur * ecart + _PRESQUE
            debut = max(debut, bisect_left(avant, voulu - marge))
            fin = min(fin, bisect_right(avant, voulu + marge) - 1)
            if debut > fin:
                return False
        pleines = self._avant(_PLEINES)
        if pleines[place] - pleines[debut] < 2:
            return False
        if derniere >= 0 and pleines[debut] == pleines[derniere + 1]:
            exigence = _RARETE_DE_TOUT * (place - derniere)
        else:
            exigence = (_RARETE if pleines[debut] else _RARETE_DE_TOUT) * rang
        return self._rarete(place) >= exigence

    def _avant(self, nom: str) -> list[float]:
        if nom not in self._sommes:
            if nom == _PLEINES:
                vues = self._nombres.select(pl.any_horizontal(pl.all() > 0).fill_null(False))
                nombres = vues.to_series().cast(pl.Float64)
            else:
                nombres = self._nombres[nom]
            self._listes[nom] = nombres.to_list()
            self._sommes[nom] = [0.0, *nombres.fill_null(0.0).cum_sum().to_list()]
        return self._sommes[nom]

    def _rarete(self, place: int) -> float:
        """How many rows it takes for one with such numbers to be a sum by chance.

        A number is hit once in as many, what divides the whole column aside. Those of one row
        follow one another: others than the greatest count for their square roots, and one that
        repeats another for nothing.
        """
        rangee = zip(self._nombres.row(place), self._communs, strict=True)
        tailles = sorted({valeur / n for valeur, n in rangee if valeur and valeur > n})
        return math.sqrt(math.prod(tailles) * tailles[-1]) if tailles else 0

    @cached_property
    def _communs(self) -> list[int]:
        return [_diviseur(nombres) for nombres in self._nombres]


def _diviseur(nombres: pl.Series) -> int:
    """What divides all the numbers of a column: 40 where minutes are always 40 a meeting."""
    valeurs = nombres.drop_nulls().unique()
    if len(valeurs) < _ASSEZ_POUR_DIVISER or (valeurs != valeurs.floor()).any():
        return 1
    return math.gcd(*map(int, valeurs)) or 1


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
