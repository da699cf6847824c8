"""Relations between printed figures: an equation each, tried on what is printed, exactly.

What the figures are compared with outside the document does not belong here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from pipelines.rapprochement import hypothese
from pipelines.rapprochement.hypothese import HypotheseIllisible, arrondir, evaluer

Ligne = Mapping[str, str]


@dataclass(frozen=True)
class Relation:
    """The two sides of an equation, and the decimals at which they must be equal."""

    gauche: Fraction
    droite: Fraction
    decimales: int

    @property
    def tient(self) -> bool:
        """Whether the right side, rounded half up, is what is printed on the left."""
        return arrondir(self.gauche, self.decimales) == arrondir(self.droite, self.decimales)


def chiffres_de(bilan: str, chiffres: Iterable[Ligne]) -> dict[str, Ligne]:
    """The rows of `chiffres_publies` that a bilan prints, by figure."""
    return {c["chiffre"]: c for c in chiffres if c["bilan"] == bilan}


def noms_de(relation: str) -> set[str]:
    """The figures that an equation names."""
    return set().union(*(hypothese.noms_de(cote) for cote in relation.split("=")))


def evaluer_une(relation: str, chiffres: Mapping[str, Ligne]) -> Relation:
    """An equation such as `cir_a1_taux = 100 * cir_a1 / cir_signataires`.

    It holds at the printed decimals of the figure on the left, at none where that is a sum.

    Raises:
        HypotheseIllisible: it is not one, or names a figure that `chiffres` has not.
    """
    cotes = relation.split("=")
    if len(cotes) != 2:
        raise HypotheseIllisible(f"«{relation}» n'est pas une égalité")
    valeurs = {nom: Fraction(c["valeur"]) for nom, c in chiffres.items() if c["valeur"]}
    gauche, droite = (evaluer(cote, valeurs) for cote in cotes)
    seule = chiffres.get(cotes[0].strip())
    return Relation(gauche, droite, int(seule["decimales"]) if seule else 0)


def toutes(
    coherences: Iterable[Ligne], chiffres: Iterable[Ligne]
) -> Iterator[tuple[Ligne, Relation]]:
    """Each row of `coherences`, with its relation.

    Raises:
        HypotheseIllisible: one cannot be read.
    """
    chiffres = list(chiffres)
    for ligne in coherences:
        yield ligne, evaluer_une(ligne["relation"], chiffres_de(ligne["bilan"], chiffres))
