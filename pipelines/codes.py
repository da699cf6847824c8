"""Lists of codes: what a code is called, since when it holds, as what it counts.

Which file a list comes from is said by `feuille_de_route`; which code a text stands for, by
`ingestion.lexique`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """A code of a list.

    `depuis` is the first month of delivery (AAAA-MM) in which it is a code, `jusque` the last one
    in which templates should offer it; empty: always. `compte_comme` is the code of the same list
    as which indicators count it. `noms` are other texts that stand for it, besides its label.
    """

    code: str
    libelle: str = ""
    depuis: str = ""
    jusque: str = ""
    compte_comme: str = ""
    noms: tuple[str, ...] = ()

    def vaut(self, mois: str) -> bool:
        """Whether it is a code in a delivery of `mois`; always, where the month is not known."""
        return not mois or self.depuis <= mois

    @property
    def dits(self) -> list[str]:
        """The texts that stand for it, itself first."""
        return [dit for dit in (self.code, self.libelle, *self.noms) if dit]

    @property
    def en_clair(self) -> str:
        """The code as people are shown it: `H (Homme)`."""
        dit = self.libelle and self.libelle.casefold() != self.code.casefold()
        return f"{self.code} ({self.libelle})" if dit else self.code


Liste = Sequence[Code]
Listes = Mapping[str, Liste]
"""The lists of a region, by name."""

_ACADEMIE = re.compile(r"acad[ée]mie (?:d['’]|de la |des |du |de )", re.IGNORECASE)


def du_territoire(territoire: Mapping[str, str], *, par_identifiant: bool = False) -> Code:
    """A row of territoires.csv as a code: `02`, or its identifier `D02`, with the texts for it.

    These are its name, its numbers and identifier with or without their zero, and both together:
    «Aisne», «D02», «2», «02 - Aisne», «Aisne (02)». A number alone is no identifier.
    """
    identifiant, code, libelle = (territoire[c] for c in ("territoire", "code", "libelle"))
    numeros = _sans_zero(identifiant.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), code)
    identifiants = _sans_zero(identifiant)
    court = _ACADEMIE.sub("", libelle)
    noms = [libelle, *([court, f"Académie de {court}"] if court != libelle else [])]
    ensemble = [
        forme
        for numero in (*numeros, *identifiants)
        for nom in noms
        for forme in (f"{numero} - {nom}", f"{nom} ({numero})")
    ]
    seuls = identifiants if par_identifiant else [*numeros, *identifiants]
    return Code(identifiant if par_identifiant else code, libelle, noms=(*noms, *seuls, *ensemble))


def _sans_zero(*numeros: str) -> list[str]:
    """Numbers, and the same without the zeros that they begin with."""
    courts = [re.sub(r"^(\D*)0+(?=\d)", r"\1", numero) for numero in numeros]
    return list(dict.fromkeys(n for n in (*numeros, *courts) if n))
