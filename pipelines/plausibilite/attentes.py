"""What is expected: the files of `assets/plausibilite/`, words and thresholds above, SQL below.

The SQL measures, one row per thing measured: `objet` (a table, an extract, an indicator), the
column that the head calls `mesure`, and what its sentence `ligne` tells. It has no threshold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from numbers import Real
from pathlib import Path

from pipelines import entete
from pipelines.erreurs import Faute
from pipelines.feuille_de_route import RACINE

DOSSIER = RACINE / "assets" / "plausibilite"
_OBLIGATOIRES = ("titre", "ligne", "mesure")
_SEUILS = ("minimum", "maximum")
_CLES = (*_OBLIGATOIRES, *_SEUILS, "exige")


@dataclass(frozen=True)
class Attente:
    """One expectation: `mesure` lies between `minimum` and `maximum`, both included.

    `exige` is a table without which there is nothing to judge.
    """

    nom: str
    titre: str
    ligne: str
    mesure: str
    minimum: float | None
    maximum: float | None
    exige: str
    sql: str

    @property
    def attendu(self) -> str:
        """The thresholds, in words."""
        if self.minimum is None:
            return f"au plus {en_mots(self.maximum)}"
        if self.maximum is None:
            return f"au moins {en_mots(self.minimum)}"
        return f"de {en_mots(self.minimum)} à {en_mots(self.maximum)}"

    def phrase(self, ligne: Mapping[str, object]) -> str:
        """What a row says, for people."""
        return self.ligne.format_map({nom: en_mots(valeur) for nom, valeur in ligne.items()})


def en_mots(valeur: object) -> str:
    """A value as a sentence shows it: «8 267», «2,43»."""
    if valeur is None or valeur != valeur:
        return "rien"
    if not isinstance(valeur, Real):
        return str(valeur)
    nombre = float(valeur)
    decimales = 0 if abs(nombre) >= 100 else 1 if abs(nombre) >= 10 else 2
    entier, _, reste = f"{nombre:,.{decimales}f}".replace(",", " ").partition(".")
    reste = reste.rstrip("0")
    return f"{entier},{reste}" if reste else entier


@cache
def lire(dossier: Path = DOSSIER) -> tuple[Attente, ...]:
    """All the expectations, in the order of their names.

    Raises:
        Faute: a file is not in the form expected.
    """
    attentes, fautes = [], []
    for chemin in sorted(dossier.glob("*.sql")):
        lu = entete.lire(chemin, _CLES.__contains__, ", ".join(_CLES))
        manque = [cle for cle in _OBLIGATOIRES if cle not in lu.cles]
        siennes = lu.fautes + [f"{chemin} : il manque la clé «{cle}»" for cle in manque]
        seuils: dict[str, float | None] = dict.fromkeys(_SEUILS)
        for cle in _SEUILS:
            try:
                seuils[cle] = float(lu.cles[cle]) if cle in lu.cles else None
            except ValueError:
                siennes.append(f"{chemin} : {cle} «{lu.cles[cle]}» n'est pas un nombre")
        if not siennes and seuils["minimum"] is None and seuils["maximum"] is None:
            siennes.append(f"{chemin} : il faut un minimum, un maximum, ou les deux")
        fautes += siennes
        if not siennes:
            attentes.append(
                Attente(
                    chemin.stem,
                    **{cle: lu.cles[cle] for cle in _OBLIGATOIRES},
                    minimum=seuils["minimum"],
                    maximum=seuils["maximum"],
                    exige=lu.cles.get("exige", ""),
                    sql=lu.sql,
                )
            )
    if fautes:
        raise Faute("\n".join(fautes))
    return tuple(attentes)
