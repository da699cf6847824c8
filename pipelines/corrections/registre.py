"""Reading `corrections.csv` of a roadmap: each correction as typed values, or what is wrong.

The contract's own readers and rules decide what a value is. What a correction does to facts does
not belong here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import polars as pl

from pipelines.feuille_de_route import FeuilleDeRoute, Ligne
from pipelines.ingestion.cellules import FAUTE, LIGNE, SANS_VALEUR
from pipelines.ingestion.controle import Regles, controler
from pipelines.ingestion.personnes import PSEUDONYME

TABLE = "corrections"
ACTIVE = "active"
STATUTS = (ACTIVE, "suspendue", "levee")
SEPARATEUR = "|"
_PSEUDONYME = re.compile(PSEUDONYME)


@dataclass(frozen=True)
class Correction:
    """One row of the register, its values typed; `cle` follows the contract's order."""

    extrait: str
    cle: tuple[Any, ...]
    colonne: str
    attendu: Any
    corrige: Any
    statut: str
    numero: int

    @property
    def nom(self) -> str:
        """What it is about, for people."""
        return f"{self.extrait} {SEPARATEUR.join(map(str, self.cle))} {self.colonne}"


def actives(feuille: FeuilleDeRoute, regles: Regles) -> list[Correction]:
    """The corrections of an extract that apply, in the order of the contract's columns."""
    rang = list(regles.colonnes).index
    retenues = [c for c, _ in _lire(feuille, regles) if c is not None and c.statut == ACTIVE]
    return sorted(retenues, key=lambda c: rang(c.colonne))


def fautes(feuille: FeuilleDeRoute, regles: Iterable[Regles]) -> list[str]:
    """What is wrong with the register, a sentence each, with its file and line."""
    regles = list(regles)
    trouvees: list[tuple[int, str]] = []
    connus = {r.nom for r in regles}
    for ligne, numero in _lignes(feuille):
        if ligne["extrait"] not in connus:
            trouvees.append((numero, f"l'extrait «{ligne['extrait']}» est inconnu"))
    for contrat in regles:
        deja: set[tuple[Any, ...]] = set()
        for lue, raisons in _lire(feuille, contrat):
            trouvees += raisons
            if lue is not None and lue.statut == ACTIVE:
                identite = (lue.cle, lue.colonne, lue.attendu)
                if identite in deja:
                    raison = "une autre ligne active corrige déjà cette valeur"
                    trouvees.append((lue.numero, raison))
                deja.add(identite)
    chemin = feuille.dossier / f"{TABLE}.csv"
    return [f"{chemin}, ligne {numero} : {raison}" for numero, raison in sorted(trouvees)]


def par_pseudonyme(feuille: FeuilleDeRoute, regles: Regles) -> Iterator[tuple[int, str, str]]:
    """The rows of an extract, of any status, that name a person: line, column of the key, name."""
    for ligne, numero in _lignes(feuille):
        if ligne["extrait"] == regles.nom:
            for nom, morceau in zip(regles.cle, ligne["cle"].split(SEPARATEUR), strict=False):
                if nom in regles.personnelles:
                    yield numero, nom, morceau.strip()


def _lignes(feuille: FeuilleDeRoute) -> Iterator[tuple[Ligne, int]]:
    return zip(feuille.tables[TABLE], feuille.numeros[TABLE], strict=True)


def _lire(
    feuille: FeuilleDeRoute, regles: Regles
) -> Iterator[tuple[Correction | None, list[tuple[int, str]]]]:
    """The corrections of an extract, or else what is wrong with each; no value is ever shown."""
    siennes = [(ligne, n) for ligne, n in _lignes(feuille) if ligne["extrait"] == regles.nom]
    if not siennes:
        return
    demandees = [_cellules(ligne, regles) for ligne, _ in siennes]
    lues = iter(_valeurs([c for cellules in demandees for c in cellules], regles))
    for (ligne, numero), cellules in zip(siennes, demandees, strict=True):
        raisons = list(_fautes_de_forme(ligne, regles))
        valeurs = []
        roles = ["cle"] * len(regles.cle) + ["attendu", "corrige"]
        recues = islice(lues, len(cellules))
        for role, (nom, texte), (valeur, phrases) in zip(roles, cellules, recues, strict=False):
            if role == "cle" and nom in regles.personnelles:
                valeurs.append(texte)
                continue
            valeurs.append(valeur)
            raisons += [f"{role} : {phrase}" for phrase in phrases]
        if not raisons and valeurs[-2] == valeurs[-1]:
            raisons.append("attendu et corrige sont la même valeur")
        if raisons:
            yield None, [(numero, raison) for raison in raisons]
        else:
            *cle, attendu, corrige = valeurs
            colonne, statut = ligne["colonne"], ligne["statut"]
            yield Correction(regles.nom, tuple(cle), colonne, attendu, corrige, statut, numero), []


def _fautes_de_forme(ligne: Ligne, regles: Regles) -> Iterator[str]:
    """What can be said of a row before its values are read."""
    for nom in ("motif", "auteur", "date"):
        if not ligne[nom]:
            yield f"il manque {nom}"
    if "@" in ligne["auteur"]:
        yield "auteur doit être un service, pas une personne"
    if ligne["statut"] not in STATUTS:
        yield f"statut «{ligne['statut']}» doit être {', '.join(STATUTS)}"
    colonne, cle = ligne["colonne"], ligne["cle"].split(SEPARATEUR)
    if colonne not in regles.colonnes:
        yield f"la colonne «{colonne}» n'est pas de {regles.nom}"
    elif colonne in regles.cle:
        yield f"{colonne} est de la clé : faire retirer la ligne par la source"
    elif colonne in regles.personnelles:
        yield f"{colonne} est une donnée personnelle : elle ne se corrige pas"
    if len(cle) != len(regles.cle):
        yield f"cle doit avoir {len(regles.cle)} valeur(s) : {SEPARATEUR.join(regles.cle)}"
        return
    for nom, morceau in zip(regles.cle, cle, strict=True):
        if nom in regles.personnelles and not _PSEUDONYME.fullmatch(morceau.strip()):
            yield (
                f"{nom} s'écrit par son pseudonyme (64 chiffres hexadécimaux, tel que "
                "livraisons.* le montre), jamais par le numéro"
            )


def _cellules(ligne: Ligne, regles: Regles) -> list[tuple[str, str]]:
    """The texts of a row to be read, each with its column: the key, attendu, corrige."""
    cle = [c.strip() for c in ligne["cle"].split(SEPARATEUR)]
    if len(cle) != len(regles.cle) or ligne["colonne"] not in regles.colonnes:
        return []
    valeurs = [(ligne["colonne"], ligne[nom].strip()) for nom in ("attendu", "corrige")]
    return [*zip(regles.cle, cle, strict=True), *valeurs]


def _valeurs(cellules: list[tuple[str, str]], regles: Regles) -> list[tuple[Any, list[str]]]:
    """Each text as the contract reads it in a delivery, and the rules that it breaks by itself."""
    if not cellules:
        return []
    textes = [None if texte.lower() in SANS_VALEUR else texte for _, texte in cellules]
    colonnes = {
        c: pl.Series(
            [t if c == nom else None for (nom, _), t in zip(cellules, textes, strict=True)],
            dtype=pl.String,
        )
        for c in regles.connues
    }
    rangs = pl.Series(range(len(cellules)), dtype=pl.Int64)
    lot = pl.DataFrame({**colonnes, LIGNE: rangs}).with_columns(
        pl.lit(None, pl.String).alias(FAUTE)
    )
    typees, rejets = controler(lot, regles, None)
    phrases: dict[int, list[str]] = {}
    for rejet in rejets.iter_rows(named=True):
        if rejet["colonne"] == cellules[rejet["ligne"]][0]:
            phrases.setdefault(rejet["ligne"], []).append(rejet["message"])
    return [(typees[nom][n], phrases.get(n, [])) for n, (nom, _) in enumerate(cellules)]
