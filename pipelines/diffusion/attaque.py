"""What can be drawn from the counts that leave: between which bounds each masked count lies.

An adversary knows what is shown, rounded, and how counts add up: a linear programme, which HiGHS
solves. A masked count is safe where it could still be at least `POSSIBLES` whole numbers. Which
counts are masked besides the small ones is decided in `masquage`; what counts are, in SQL.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np
from numpy.typing import NDArray

POSSIBLES = 3
_SANS_FIN = 1e7  # more persons than any region has
_PRES = 1e-6
_TOLERE = 1e-5  # what HiGHS takes for equal, and the sum of such
_DETOURS = 3
_ASPECTS = 60
_FILS = 2
Nombres = NDArray[np.float64]
Rangs = NDArray[np.int32]


@dataclass(frozen=True)
class Relations:
    """How variables add up, a row each: the whole, then its parts, which make it, or less.

    Attributes:
        debuts: where the variables of each row begin in `variables`.
        variables: those of all the rows; the first of a row is the whole.
        egales: whether the parts of each row make the whole.
    """

    debuts: Rangs
    variables: Rangs
    egales: NDArray[np.bool_]

    @cached_property
    def rangees(self) -> Rangs:
        """The row of each of `variables`."""
        longueurs = np.diff(np.append(self.debuts, len(self.variables)))
        return np.repeat(np.arange(len(self.debuts), dtype=np.int32), longueurs)

    @cached_property
    def signes(self) -> Nombres:
        """1 for a whole, -1 for a part."""
        signes = np.full(len(self.variables), -1.0)
        signes[self.debuts] = 1.0
        return signes

    @property
    def plafonds(self) -> Nombres:
        """What each whole less its parts is at most; it is 0 at least."""
        return np.where(self.egales, 0.0, np.inf)


class Attaque:
    """The counts that leave as linear programmes, in which more and more are masked.

    Counts that no sum links are in programmes apart: many small ones are faster than one.
    """

    def __init__(
        self, montres: Sequence[float | None], entiers: Sequence[bool], relations: Relations
    ) -> None:
        """Take what is shown of each variable (None: masked), and whether it is a whole number."""
        self.relations = relations
        self.bas, self.haut = bornes(montres, entiers)
        self._masquees = np.array([m is None for m in montres], dtype=bool)
        self._vus_bas = np.full(len(self.bas), np.inf)
        self._vus_haut = np.full(len(self.bas), -np.inf)
        self._bloc_de, self._blocs = self._decouper()

    def _decouper(self) -> tuple[Rangs, list["_Bloc"]]:
        """Which programme each variable is in, and the programmes."""
        groupes = _groupes(len(self.bas), self.relations)
        _, bloc_de = np.unique(
            np.where(np.isin(groupes, groupes[self._masquees]), groupes, -1), return_inverse=True
        )
        r = self.relations
        des_rangees = bloc_de[r.variables[r.debuts]]
        blocs = []
        for rang in range(int(bloc_de.max()) + 1):
            siennes = np.flatnonzero(bloc_de == rang).astype(np.int32)
            relations = _extraire(r, siennes, np.flatnonzero(des_rangees == rang))
            blocs.append(_Bloc(siennes, self.bas[siennes], self.haut[siennes], relations))
        return bloc_de.astype(np.int32), blocs

    def masquer(self, variable: int) -> None:
        """Show one more no longer."""
        self.bas[variable], self.haut[variable] = 1.0, _SANS_FIN
        self._masquees[variable] = True
        self._blocs[self._bloc_de[variable]].masquer(variable)

    @property
    def temoins(self) -> Nombres:
        """What is possible, seen so far: a row each, the number of every variable.

        What one programme shows is possible with whatever another does.
        """
        for bloc in self._blocs:
            if not bloc.temoins:
                bloc.resoudre(bloc.variables[:0], np.zeros(0))
        temoins = np.empty((max(len(bloc.temoins) for bloc in self._blocs), len(self.bas)))
        for bloc in self._blocs:
            temoins[:, bloc.variables] = bloc.temoins[-1]
            temoins[: len(bloc.temoins), bloc.variables] = bloc.temoins
        return temoins

    def devinables(self) -> dict[int, list[int]]:
        """The masked variables that are not safe, each with those shown that give it away.

        Raises:
            ValueError: what is shown contradicts itself.
        """
        return self._de_proche_en_proche() or self._en_tout()

    def _de_proche_en_proche(self) -> dict[int, list[int]]:
        """Those that one sum after another gives away: quickly found, but not all."""
        bas, haut = self.bas.copy(), self.haut.copy()
        for _ in range(_DETOURS):
            self._resserrer(bas, haut)
        etroites = self._masquees & (_combien(bas, haut) < POSSIBLES)
        return {int(v): self._voisines(int(v)) for v in np.flatnonzero(etroites)}

    def _resserrer(self, bas: Nombres, haut: Nombres) -> None:
        """Bring each bound closer by what all others of a sum leave to a variable."""
        r = self.relations
        petit = np.where(r.signes > 0, bas[r.variables], -haut[r.variables])
        grand = np.where(r.signes > 0, haut[r.variables], -bas[r.variables])
        petits, grands = (np.add.reduceat(c, r.debuts)[r.rangees] for c in (petit, grand))
        au_moins, au_plus = grand - grands, r.plafonds[r.rangees] - (petits - petit)
        np.maximum.at(bas, r.variables, np.where(r.signes > 0, au_moins, -au_plus))
        np.minimum.at(haut, r.variables, np.where(r.signes > 0, au_plus, -au_moins))

    def _voisines(self, variable: int) -> list[int]:
        """The variables shown, not 0, that are nearest by sums."""
        r = self.relations
        vues = np.zeros(len(self.bas), dtype=bool)
        vues[variable] = True
        utiles = ~self._masquees & (self.haut > 0)
        while not (vues & utiles).any():
            avant = int(vues.sum())
            rangees = np.unique(r.rangees[vues[r.variables]])
            vues[r.variables[np.isin(r.rangees, rangees)]] = True
            if int(vues.sum()) == avant:
                return []
        return [int(v) for v in np.flatnonzero(vues & utiles)]

    def _en_tout(self) -> dict[int, list[int]]:
        """Those that all the sums together give away.

        Programmes are solved two at a time: none has a variable of another.
        """
        with ThreadPoolExecutor(_FILS) as fils:
            trouvees = list(fils.map(self._d_un_bloc, self._blocs))
        return {v: coupables for siennes in trouvees for v, coupables in siennes.items()}

    def _d_un_bloc(self, bloc: "_Bloc") -> dict[int, list[int]]:
        """Those of one programme."""
        trouvees = {}
        self._balayer(bloc)
        for variable in map(int, self._douteuses(bloc)):
            coupables: set[int] = set()
            for sens in (1.0, -1.0):
                if not self._sures()[variable]:
                    self._pousser(bloc, np.array([variable]), np.array([sens]))
                    coupables |= bloc.qui_retient(~self._masquees & (self.haut > 0))
            if not self._sures()[variable]:
                trouvees[variable] = sorted(coupables)
        return trouvees

    def _sures(self) -> NDArray[np.bool_]:
        """Which variables have been seen to be enough whole numbers."""
        return _combien(self._vus_bas, self._vus_haut) >= POSSIBLES

    def _douteuses(self, bloc: "_Bloc") -> Rangs:
        """The masked variables of a programme that have not been seen to be safe."""
        siennes = bloc.variables
        return siennes[(self._masquees & ~self._sures())[siennes]]

    def _balayer(self, bloc: "_Bloc") -> None:
        """Push all doubtful variables at once, each up or down: most are soon seen to be safe."""
        hasard = np.random.default_rng(0)  # the same each time
        for aspect in range(_ASPECTS):
            douteuses = self._douteuses(bloc)
            if not len(douteuses):
                return
            sens = hasard.choice([1.0, -1.0], len(douteuses)) if aspect > 1 else 1.0 - 2 * aspect
            self._pousser(bloc, douteuses, np.full(len(douteuses), 1.0) * sens)
            if aspect > 1 and len(self._douteuses(bloc)) == len(douteuses):
                return

    def _pousser(self, bloc: "_Bloc", variables: Rangs, couts: Nombres) -> None:
        """Minimise a sum of variables of a programme, and remember what was seen of all."""
        siennes, vues = bloc.variables, bloc.resoudre(variables, couts)
        self._vus_bas[siennes] = np.minimum(self._vus_bas[siennes], vues)
        self._vus_haut[siennes] = np.maximum(self._vus_haut[siennes], vues)


class _Bloc:
    """Variables that sums link, as a linear programme; they are named by their ranks among all."""

    def __init__(self, variables: Rangs, bas: Nombres, haut: Nombres, relations: Relations) -> None:
        self.variables = variables
        self.temoins: list[Nombres] = []
        self._highs = _programme(bas, haut, relations)

    def masquer(self, variable: int) -> None:
        """Show one more no longer."""
        self._highs.changeColBounds(int(self._places(variable)), 1.0, _SANS_FIN)

    def resoudre(self, variables: Rangs, couts: Nombres) -> Nombres:
        """Minimise a sum of variables; gives the number of each of this programme.

        Raises:
            ValueError: nothing is possible.
        """
        nombre, places = len(variables), self._places(variables)
        self._highs.changeColsCost(nombre, places, couts)
        self._highs.run()
        etat = self._highs.getModelStatus()
        if etat != highspy.HighsModelStatus.kOptimal:
            raise ValueError(f"HiGHS : {etat}")
        vues = np.array(self._highs.getSolution().col_value)
        self.temoins.append(vues)
        self._highs.changeColsCost(nombre, places, np.zeros(nombre))
        return vues

    def qui_retient(self, parmi: NDArray[np.bool_]) -> set[int]:
        """The variables that hold back the sum that was minimised last."""
        retient = np.abs(np.array(self._highs.getSolution().col_dual)) > _PRES
        return {int(v) for v in self.variables[retient & parmi[self.variables]]}

    def _places(self, variables: Rangs | int) -> Rangs:
        """Where variables are in this programme."""
        return np.searchsorted(self.variables, variables).astype(np.int32)


def _groupes(nombre: int, relations: Relations) -> Rangs:
    """For each variable, the first of those that sums link it to, one after another."""
    r = relations
    groupes = np.arange(nombre, dtype=np.int32)
    while len(r.debuts):
        avant = groupes.copy()
        np.minimum.at(
            groupes, r.variables, np.minimum.reduceat(groupes[r.variables], r.debuts)[r.rangees]
        )
        if (groupes == avant).all():
            break
    return groupes


def _extraire(relations: Relations, variables: Rangs, rangees: NDArray[np.intp]) -> Relations:
    """Some rows, their variables named by their place among `variables`, which are in order."""
    r = relations
    gardees = np.isin(r.rangees, rangees)
    longueurs = np.bincount(r.rangees[gardees], minlength=len(r.debuts))[rangees]
    return Relations(
        (np.cumsum(longueurs) - longueurs).astype(np.int32),
        np.searchsorted(variables, r.variables[gardees]).astype(np.int32),
        r.egales[rangees],
    )


def bornes(montres: Sequence[float | None], entiers: Sequence[bool]) -> tuple[Nombres, Nombres]:
    """Between which numbers each count lies, from what is shown of it; masked, it is 1 or more."""
    masques = np.array([m is None for m in montres], dtype=bool)
    nombres = np.array([m or 0.0 for m in montres])
    jeu = np.where(np.array(entiers, dtype=bool), 2.0, 2.5)
    bas = np.where(nombres > 0, np.maximum(5.0, nombres - jeu), 0.0)
    haut = np.where(nombres > 0, nombres + jeu, 0.0)
    return np.where(masques, 1.0, bas), np.where(masques, _SANS_FIN, haut)


def prouve(
    bas: Nombres, haut: Nombres, relations: Relations, temoins: Nombres
) -> NDArray[np.bool_]:
    """Which variables could be `POSSIBLES` whole numbers, as witnesses show that are all possible.

    Raises:
        ValueError: one is not.
    """
    r = relations
    for temoin in temoins:
        sommes = np.add.reduceat(r.signes * temoin[r.variables], r.debuts)
        if (
            (temoin < bas - _TOLERE).any()
            or (temoin > haut + _TOLERE).any()
            or (sommes < -_TOLERE).any()
            or (sommes > r.plafonds + _TOLERE).any()
        ):
            raise ValueError("un témoin n'est pas possible")
    return _combien(temoins.min(0), temoins.max(0)) >= POSSIBLES


def _combien(bas: Nombres, haut: Nombres) -> Nombres:
    """How many whole numbers lie between bounds."""
    with np.errstate(invalid="ignore"):
        nombre: Nombres = np.floor(haut + _PRES) - np.ceil(bas - _PRES) + 1
    return nombre


def _programme(bas: Nombres, haut: Nombres, relations: Relations) -> highspy.Highs:
    highs = highspy.Highs()
    highs.silent()
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("simplex_strategy", 4)  # primal: what was possible stays so
    highs.addVars(len(bas), bas, haut)
    if len(relations.debuts):
        highs.addRows(
            len(relations.debuts),
            np.zeros(len(relations.debuts)),
            relations.plafonds,
            len(relations.variables),
            relations.debuts,
            relations.variables,
            relations.signes,
        )
    return highs
