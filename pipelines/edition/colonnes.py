"""How wide the columns of a printed table are: what its words ask of the width there is.

Widths are those of Arial, near enough; nothing here knows what a table says.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ETROITES, _LARGES = set("iIjl.,:;'’!|ftr()[]/ -\u00a0\u202f"), set("mwMW%—@")
_MARGES = 7.5
_HAUTEUR = 7
"""Lines that a row may have before a wider page is taken."""


@dataclass(frozen=True)
class Place:
    """The widths of columns, in points, and how many lines the tallest row then has."""

    largeurs: tuple[float, ...]
    lignes: int


def largeur(texte: str, corps: float) -> float:
    """How wide a text is, in points, on one line of type of this size."""
    total = 0.0
    for lettre in texte:
        if lettre in _ETROITES:
            total += 0.33
        elif lettre in _LARGES:
            total += 0.89
        elif lettre.isupper():
            total += 0.72
        else:
            total += 0.556
    return total * corps


def placer(
    entete: Sequence[str], lignes: Sequence[Sequence[str]], disponible: float, corps: float
) -> Place | None:
    """Widths that add up to what there is, if no word is then cut."""
    mots, pleins = [], []
    for rang, titre in enumerate(entete):
        textes = [ligne[rang] for ligne in lignes]
        mot = 1.08 * max((largeur(m, corps) for m in _mots(titre)), default=0)  # in bold
        mots.append(max([mot, *(largeur(m, corps) for t in textes for m in _mots(t))]) + _MARGES)
        plein = max((largeur(t, corps) for t in textes), default=0)
        plein = max(plein, 0.6 * largeur(titre, corps))  # a header has two lines
        pleins.append(min(plein + _MARGES, 0.6 * disponible))
    if sum(mots) > disponible:
        return None
    manques = [max(0.0, plein - mot) for mot, plein in zip(mots, pleins, strict=True)]
    reste = disponible - sum(mots)
    if sum(manques) > reste:
        largeurs = _partager(mots, manques, reste)
    else:
        libre = (reste - sum(manques)) / len(mots)
        largeurs = [m + manque + libre for m, manque in zip(mots, manques, strict=True)]
    haut = max(
        (
            -(-largeur(texte, corps) // (large - _MARGES))
            for ligne in lignes
            for texte, large in zip(ligne, largeurs, strict=True)
        ),
        default=1,
    )
    return Place(tuple(largeurs), int(haut))


def _partager(mots: Sequence[float], manques: Sequence[float], reste: float) -> list[float]:
    """Share what is left, a column that lacks more getting more, but none more than it lacks.

    A long text asks less than its length: it may have a few lines.
    """
    poids = [manque**0.75 for manque in manques]
    donnes = [0.0] * len(mots)
    ouverts = {rang for rang, manque in enumerate(manques) if manque > 0}
    while ouverts and reste > 0.01:
        total = sum(poids[rang] for rang in ouverts)
        tour = {rang: reste * poids[rang] / total for rang in ouverts}
        for rang, part in tour.items():
            part = min(part, manques[rang] - donnes[rang])
            donnes[rang] += part
            reste -= part
        ouverts = {rang for rang in ouverts if manques[rang] - donnes[rang] > 0.01}
    return [mot + donne for mot, donne in zip(mots, donnes, strict=True)]


def _mots(texte: str) -> list[str]:
    """What is not cut at the end of a line: dates and years are whole."""
    return re.split(r" |(?<=[^\W\d]-)", texte)


def convient(place: Place | None) -> bool:
    """Whether a table so placed reads well."""
    return place is not None and place.lignes <= _HAUTEUR
