"""Vectorised draws for deliveries of any size.

Belongs here: numpy arrays and polars columns of drawn values, whatever the extract. Not here: what
the columns of an extract mean (see `grandeur_ofii` and `grandeur_autres`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.mois import decaler

Entiers = npt.NDArray[np.int64]
Jours = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Mois:
    """A month of delivery and the first and last of its days."""

    nom: str

    @property
    def annee(self) -> int:
        """Its year."""
        return int(self.nom[:4])

    @property
    def debut(self) -> np.datetime64:
        """Its first day."""
        return np.datetime64(self.nom, "D")

    @property
    def fin(self) -> np.datetime64:
        """Its last day."""
        return np.datetime64(decaler(self.nom, 1), "D") - np.timedelta64(1, "D")


class Tirage:
    """A generator seeded by whatever identifies the draw: the same words, the same values."""

    def __init__(self, *graine: int | str) -> None:
        octets = b"\0".join(str(mot).encode() for mot in graine)
        self._alea = np.random.default_rng(list(octets))

    def parmi(self, valeurs: Sequence[Any], nombre: int, *poids: float) -> pl.Series:
        """`nombre` of the values, with their weights where they are given."""
        parts = np.array(poids) / sum(poids) if poids else None
        return pl.Series(valeurs).gather(self._alea.choice(len(valeurs), nombre, p=parts))

    def entiers(self, bas: int | Entiers, haut: int | Entiers, nombre: int) -> Entiers:
        """Integers from `bas` to `haut`, both included, each of which may be a column."""
        largeur = np.asarray(haut) - bas + 1
        return (bas + self._alea.random(nombre) * largeur).astype(np.int64)

    def entiers_ponderes(self, nombre: int, *poids: float) -> Entiers:
        """Integers from 0 up, one for each weight."""
        return self._alea.choice(len(poids), nombre, p=np.array(poids) / sum(poids))

    def jours(self, mois: Mois, nombre: int) -> Jours:
        """Days of the month."""
        return mois.debut + self.entiers(0, int((mois.fin - mois.debut).astype(int)), nombre)

    def vrai(self, part: float, nombre: int) -> npt.NDArray[np.bool_]:
        """True for about `part` of the rows."""
        return np.asarray(self._alea.random(nombre) < part)


def masquer(colonne: Any, garder: npt.NDArray[np.bool_] | pl.Series) -> pl.Series:
    """The column, empty where `garder` is false."""
    serie = colonne if isinstance(colonne, pl.Series) else pl.Series(colonne)
    return pl.select(pl.when(pl.Series(garder)).then(serie)).to_series()


def numeros(prefixe: str, debut: int, nombre: int, largeur: int = 8) -> pl.Series:
    """Consecutive numbers after a prefix, all of the same width."""
    rangs = pl.Series("rang", np.arange(debut, debut + nombre)).cast(pl.String)
    return prefixe + rangs.str.zfill(largeur)
