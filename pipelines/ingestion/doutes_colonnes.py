"""Doubts on the columns that a contract does not know: what they may be, what they hold.

Nothing of them is read, and no text of theirs is told but names that resemble the contract's.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from assets.extracts.contrat import Colonne
from pipelines.ingestion import doutes
from pipelines.ingestion.cellules import CELLULES, LIGNE, MARQUES, SANS_VALEUR
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.doutes import Doute, Temoin
from pipelines.ingestion.doutes_textes import Personnelles
from pipelines.ingestion.lecture import Table
from pipelines.ingestion.masques import NAISSANCE, Masque
from pipelines.ingestion.montrables import nom_montre
from pipelines.ingestion.noms import cle_de_nom, lettres
from pipelines.ingestion.valeurs import Lecteur

_COLONNES_MAX, _CELLULES_MAX, _NOM_MAX, _PROPOSEES_MAX = 100, 1000, 60, 3
_NAISSANCE = re.compile(r"naissance|\bnee?s?\b")
_TERRITOIRES = ("departements", "territoires")


@dataclass
class _Ignoree:
    """An ignored column of a sheet: its name, the absent one that it resembles, what it holds."""

    nom: str
    place: int
    feuille: str
    voulue: str = ""
    candidates: Collection[str] = ()
    cellules: int = 0
    textes: set[str] = field(default_factory=set)
    personnelles: Personnelles = field(default_factory=Personnelles)


class Ignorees(Temoin):
    """Ignored columns: `colonne_ignoree`, `donnee_personnelle`.

    One whose name resembles that of an absent column, or whose first cells (up to 1000, three
    different ones at least, two for codes) are all values of an absent one: of a code, a list, a
    month, a school year, a date within bounds, a SIRET, a language or a country. Never of a
    personal column by what it holds, and bare numbers are those of departments alone. What seems to
    be a person's is told of any cell, and a date where the name says «naissance» or «né».
    """

    def __init__(self, regles: Regles, mois: str) -> None:
        self._regles, self._mois = regles, mois
        self._masque = Masque(mois, vieilles_dates=False)
        self._vues: list[_Ignoree] = []
        self._ici: dict[str, _Ignoree] = {}
        self._regards: list[pl.Expr] = []

    def feuille(self, table: Table) -> None:
        """Find its ignored columns, and which absent ones they may be."""
        connues = set(table.positions.values())
        self._ici = {}
        for place, cellule in enumerate(table.entete):
            if place not in connues and cle_de_nom(cellule) and len(self._ici) < _COLONNES_MAX:
                nom = cellule.lstrip(MARQUES).strip()
                self._ici[str(place)] = _Ignoree(nom, place, table.reconnu.feuille)
        if not self._ici:
            return
        from pipelines.ressemblance import voulus  # here: most files have no ignored column

        absentes, personnelles = table.reconnu.absentes, self._regles.personnelles
        proches = voulus([i.nom for i in self._ici.values()], absentes, personnelles)
        restent = [c for c in absentes if c not in proches.values() and c not in personnelles]
        candidates = [c for c in restent if _se_reconnait(self._regles.colonnes.get(c))]
        for ignoree in self._ici.values():
            ignoree.voulue = proches.get(ignoree.nom, "")
            ignoree.candidates = () if ignoree.voulue else candidates
        self._vues += self._ici.values()
        texte = pl.col(CELLULES).list
        self._regards = [
            texte.get(i.place, null_on_oob=True).str.strip_chars().alias(cle)
            for cle, i in self._ici.items()
        ]

    def trame(self, trame: pl.DataFrame) -> None:
        """Keep some of their first cells, and look for persons' data in all of them."""
        if not self._ici:
            return
        textes = trame.select(LIGNE, *self._regards)
        suspects = textes.select_seq(self._masque.peut_etre(pl.col(c)).any() for c in self._ici)
        for cle, suspect in zip(self._ici, suspects.row(0), strict=True):
            ignoree = self._ici[cle]
            if _NAISSANCE.search(_plat(ignoree.nom)):
                self._noter_les_naissances(ignoree, textes.select(LIGNE, cle))
            elif suspect:
                cellules = textes.select(LIGNE, cle).filter(self._masque.peut_etre(pl.col(cle)))
                ignoree.personnelles.voir(cellules.iter_rows(), self._masque)
            if ignoree.candidates and ignoree.cellules < _CELLULES_MAX:
                premieres = [t for t in textes[cle].drop_nulls() if t.lower() not in SANS_VALEUR][
                    : _CELLULES_MAX - ignoree.cellules
                ]
                ignoree.cellules += len(premieres)
                ignoree.textes.update(premieres)

    def _noter_les_naissances(self, ignoree: _Ignoree, cellules: pl.DataFrame) -> None:
        if ignoree.voulue in self._regles.personnelles:
            return  # it belongs there, under another name
        dates, _ = _LECTEUR_DE_DATES.lire(cellules[str(ignoree.place)])
        for ligne in cellules[LIGNE].filter(dates.is_not_null()):
            ignoree.personnelles.noter(ligne, NAISSANCE)

    def doutes(self) -> Iterator[Doute]:
        """Of each column, what it may be, and whether it holds persons' data."""
        dites: set[tuple[str, str]] = set()
        for ignoree in self._vues:
            voulues = [ignoree.voulue] if ignoree.voulue else self._qui_conviennent(ignoree)
            nom = self._nommer(ignoree)
            if voulues and (ignoree.nom, voulues[0]) not in dites:
                dites.add((ignoree.nom, voulues[0]))
                yield Doute(
                    doutes.COLONNE_IGNOREE,
                    _dire(nom, voulues, par_le_nom=bool(ignoree.voulue)),
                    colonne=voulues[0],
                    feuille=ignoree.feuille,
                )
            if ignoree.personnelles.trouve.nombre:
                yield ignoree.personnelles.doute(f"La colonne {nom}", None, ignoree.feuille)

    def _nommer(self, ignoree: _Ignoree) -> str:
        """What to call it: about persons, a name that resembles none may hold anything."""
        if self._regles.personnelles and not ignoree.voulue:
            return f"ignorée {lettres(ignoree.place)}"
        nom = nom_montre(ignoree.nom, self._regles, self._mois, proche=bool(ignoree.voulue))
        return f"ignorée «{nom[:_NOM_MAX]}{'…' if len(nom) > _NOM_MAX else ''}»"

    def _qui_conviennent(self, ignoree: _Ignoree) -> list[str]:
        textes = {t for t in ignoree.textes if t != ignoree.nom}
        nus = bool(textes) and all(t.isdecimal() for t in textes)
        trouvees = []
        for nom in ignoree.candidates:
            colonne = self._regles.colonnes[nom]
            de_territoires = colonne.liste in _TERRITOIRES
            if nus and not de_territoires and colonne.type != "siret":
                continue
            assez = 2 if colonne.type == "code" and not nus else 3
            if len(textes) >= assez and _tous_lus(textes, colonne, self._regles.lecteurs[nom]):
                trouvees.append(nom)
        return trouvees


_LECTEUR_DE_DATES = Lecteur(Colonne("date", ""), {})


def _se_reconnait(colonne: Colonne | None) -> bool:
    """Whether values tell the column: not numbers, yes and no, or text that may be any."""
    if colonne is None or colonne.type in ("entier", "decimal", "booleen"):
        return False
    listee = bool(colonne.liste) and not colonne.ouverte
    return colonne.type != "texte" or listee or bool(colonne.nomenclature)


def _tous_lus(textes: Collection[str], colonne: Colonne, lecteur: Lecteur) -> bool:
    valeurs, illisibles = lecteur.lire(pl.Series(sorted(textes), dtype=pl.String))
    if illisibles:
        return False
    if colonne.type == "siret":
        return all(map(_siret, valeurs))
    return all(_dans(colonne.bornes, valeur) for valeur in valeurs)


def _dans(bornes: Mapping[str, Any], valeur: Any) -> bool:
    juges: dict[str, Callable[[Any], bool]] = {
        "ge": lambda limite: valeur >= limite,
        "le": lambda limite: valeur <= limite,
    }
    return all(juges[sens](limite) for sens, limite in bornes.items() if sens in juges)


def _siret(texte: str) -> bool:
    """Fourteen digits with Luhn's key."""
    if len(texte) != 14 or not texte.isdecimal():
        return False
    chiffres = [int(c) * (2 - i % 2) for i, c in enumerate(texte)]
    return sum(n - 9 if n > 9 else n for n in chiffres) % 10 == 0


def _plat(nom: str) -> str:
    """A name without case, accents and brackets: «Né(e) le» is «nee le»."""
    plat = unicodedata.normalize("NFD", nom.casefold()).replace("(", "").replace(")", "")
    return "".join(c for c in plat if not unicodedata.combining(c)).replace("_", " ")


def _dire(nom: str, voulues: list[str], *, par_le_nom: bool) -> str:
    if par_le_nom:
        return (
            f"Colonne {nom} : vouliez-vous dire {voulues[0]} ? Cette colonne manque, et se lit "
            "vide. La renommer si c'est elle."
        )
    montrees = " ou ".join(voulues[:_PROPOSEES_MAX])
    return (
        f"Colonne {nom} : ce qu'elle contient conviendrait à {montrees}, qui manque et se lit "
        f"vide. La nommer {voulues[0]} si c'est elle."
    )
