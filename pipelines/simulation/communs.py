"""Small arithmetic that the made-up sources share: days, exact splits, SIRET numbers.

Belongs here: pure functions that several sources call. Not here: anything about one source, and
anything about how a file is written (see `ecriture`).
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date
from random import Random

from pipelines.simulation.ecriture import Ligne

DEPARTEMENTS = ("02", "59", "60", "62", "80")


def mois_de(jour: date) -> str:
    """The month of a day, as AAAA-MM."""
    return f"{jour.year}-{jour.month:02d}"


def jour_de(ligne: Ligne, colonne: str) -> date:
    """The date that a row holds, which must be there."""
    jour = ligne[colonne]
    if not isinstance(jour, date):
        raise TypeError(f"{colonne} n'est pas une date : {jour!r}")
    return jour


def jour_ouvre(mois: str, alea: Random) -> date:
    """A working day of the month, drawn."""
    annee, numero = int(mois[:4]), int(mois[5:])
    jours = range(1, calendar.monthrange(annee, numero)[1] + 1)
    ouvres = [jour for jour in jours if date(annee, numero, jour).weekday() < 5]
    return date(annee, numero, ouvres[int(alea.random() * len(ouvres))])


def repartir(total: int, poids: Sequence[float], minimum: int = 0) -> list[int]:
    """Integers that sum to `total` exactly, in proportion to `poids`, none under `minimum`."""
    reste = total - minimum * len(poids)
    if reste < 0:
        raise ValueError(f"{total} ne se répartit pas en {len(poids)} parts d'au moins {minimum}")
    somme = sum(poids)
    exactes = [reste * poids_un / somme for poids_un in poids]
    parts = [int(exacte) for exacte in exactes]
    par_reste = sorted(range(len(poids)), key=lambda i: parts[i] - exactes[i])
    for rang in par_reste[: reste - sum(parts)]:
        parts[rang] += 1
    return [minimum + part for part in parts]


def poids(nombre: int, alea: Random) -> list[float]:
    """Uneven weights, none negligible."""
    return [0.5 + alea.random() for _ in range(nombre)]


def siret(rang: int) -> str:
    """A made-up SIRET whose SIREN and whole number both satisfy Luhn."""
    siren = _avec_cle(f"{90_000_000 + 7919 * rang:08d}"[-8:])
    return _avec_cle(f"{siren}{rang % 97 + 1:04d}")


def _avec_cle(chiffres: str) -> str:
    """The digits followed by their Luhn key."""
    somme = 0
    for position, chiffre in enumerate(reversed(chiffres)):
        valeur = int(chiffre) * (2 if position % 2 == 0 else 1)
        somme += valeur - 9 if valeur > 9 else valeur
    return chiffres + str(-somme % 10)
