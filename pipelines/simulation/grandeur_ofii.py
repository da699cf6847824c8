"""Made-up CIR signatories in any number: contracts of a month, and results of those before it.

A contract depends only on the seed and its month, so that a later month redelivers it with its
results without anything being kept in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import polars as pl

from pipelines.simulation.communs import repartir
from pipelines.simulation.ofii import NATIONALITES, POIDS_DES_DEPARTEMENTS
from pipelines.simulation.tirages import Entiers, Jours, Mois, Tirage, masquer, numeros

EXTRAIT = "ofii/cir_signataires"
DUREE = 6
"""Months between a signature and the results of its training."""
PART_DES_RESULTATS = 0.45
PAR_PART = 150_000
"""Contracts of a month that are drawn, and delivered, together: what bounds memory and files."""
SAISON = (1.0, 1.0, 1.1, 1.0, 0.9, 1.0, 1.1, 0.6, 1.1, 1.2, 1.1, 0.8)
"""How many sign in a month: few in August and December."""
DOUBLEMENT_DES_HEURES = np.datetime64("2019-03-01", "D")
NIVEAUX = ("INFRA_A1", "A1_1", "A1", "A2", "B1", "B2")
"""From the lowest; from A1 on, no French course is prescribed."""
DISPENSE = NIVEAUX.index("A1")
MOTIFS = {"FAM": 54, "HUM": 35, "AUT": 6, "ECO": 5}
POIDS_D_UN_AUTRE = 10.0
"""Of a department that the demonstration has not."""


@dataclass(frozen=True)
class Tranche:
    """Contracts of a month that are drawn together, numbered from `debut`."""

    mois: Mois
    rang: int
    debut: int
    nombre: int


@dataclass(frozen=True)
class Part:
    """What a file of the month `mois` holds: new contracts, and the first results of older ones."""

    mois: Mois
    signes: Tranche | None
    anciens: Tranche | None
    resultats: int

    @property
    def lignes(self) -> int:
        """Its number of rows."""
        return (self.signes.nombre if self.signes else 0) + self.resultats


def parts(lignes: int, mois: Sequence[Mois]) -> list[list[Part]]:
    """The files of each month, `lignes` rows in all: one, unless a month has very many rows.

    All months come in as many: a part that came once is expected each month.
    """
    par_mois = repartir(lignes, [SAISON[int(m.nom[5:]) - 1] for m in mois])
    combien = max(1, -(-max(par_mois) // PAR_PART))
    tranches: list[list[Tranche]] = []
    livrees = []
    debut = 0
    for rang, total in enumerate(par_mois):
        anciennes = tranches[rang - DUREE] if rang >= DUREE else []
        permis = int(total * PART_DES_RESULTATS)
        finis = [min(t.nombre, max(0, permis - t.debut + anciennes[0].debut)) for t in anciennes]
        nombre = total - sum(finis)
        signees = list(_tranches(mois[rang], debut, nombre, combien))
        debut += nombre
        tranches.append(signees)
        paires = zip_longest(signees, zip(anciennes, finis, strict=True), fillvalue=None)
        parties = [Part(mois[rang], signes, *(anciens or (None, 0))) for signes, anciens in paires]
        livrees.append([part for part in parties if part.lignes])
    return livrees


def _tranches(mois: Mois, debut: int, nombre: int, combien: int) -> Iterator[Tranche]:
    """The contracts of a month, in so many even stretches."""
    for rang, taille in enumerate(repartir(nombre, [1.0] * combien)):
        yield Tranche(mois, rang, debut, taille)
        debut += taille


def table(part: Part, departements: Sequence[str], graine: int) -> pl.DataFrame:
    """The rows of a file: new contracts, then results."""
    tables = []
    if part.signes:
        tables.append(_contrats(part.signes, departements, graine))
    if part.anciens and part.resultats:
        signes = _contrats(part.anciens, departements, graine).head(part.resultats)
        tables.append(_resultats(signes, part.mois, part.anciens.rang, graine))
    return pl.concat(tables)


def _contrats(tranche: Tranche, departements: Sequence[str], graine: int) -> pl.DataFrame:
    """The contracts of a stretch, as they are known at the signature."""
    alea = Tirage(graine, EXTRAIT, tranche.mois.nom, tranche.rang)
    debut, nombre = tranche.debut, tranche.nombre
    signature = alea.jours(tranche.mois, nombre)
    convocation = signature - alea.entiers(5, 60, nombre)
    profil = alea.vrai(0.86, nombre)
    # Days of life, the smaller of two draws: most are young.
    vecus = np.minimum(*(alea.entiers(17 * 366, 75 * 365, nombre) for _ in range(2)))
    motif = alea.entiers_ponderes(nombre, *MOTIFS.values())
    humanitaire = motif == list(MOTIFS).index("HUM")
    niveau = alea.entiers_ponderes(nombre, 60, 18, 12, 7, 2, 1)
    dispense = niveau >= DISPENSE
    niveau_initial = pl.Series(NIVEAUX).gather(niveau)
    poids = [POIDS_DES_DEPARTEMENTS.get(code, POIDS_D_UN_AUTRE) for code in departements]
    return pl.DataFrame(
        {
            "numero_cir": numeros("S", debut, nombre, 9),
            "numero_etranger": numeros("9", debut, nombre, 9),
            "departement": alea.parmi(departements, nombre, *poids),
            "date_titre": convocation - alea.entiers(5, 120, nombre),
            "date_convocation": masquer(convocation, alea.vrai(0.97, nombre)),
            "date_signature": signature,
            "sexe": masquer(alea.parmi(["H", "F"], nombre, 51, 49), profil),
            "date_naissance": masquer(signature - vecus, profil),
            "nationalite": masquer(_nationalites(motif, alea), profil),
            "motif_admission": masquer(pl.Series(list(MOTIFS)).gather(motif), profil),
            "bpi": masquer(humanitaire & alea.vrai(0.98, nombre), profil),
            "niveau_initial": niveau_initial,
            "heures_prescrites": np.where(dispense, 0, _heures(signature, alea)),
            "heures_realisees": pl.Series([None], dtype=pl.Int64).new_from_index(0, nombre),
            "date_fin_formation": pl.Series([None], dtype=pl.Date).new_from_index(0, nombre),
            "niveau_atteint": masquer(niveau_initial, dispense),
            "jours_formation_civique": alea.entiers(0, 1, nombre),
        }
    ).with_columns(pl.col("^date_.*$").cast(pl.Date))


def _nationalites(motif: Entiers, alea: Tirage) -> pl.Series:
    """A country among those of the motive, the first of its list more often than the last."""
    nombre = len(motif)
    pays = [nom for code in MOTIFS for nom in NATIONALITES[code]]
    tires, premier = np.zeros(nombre, dtype=np.int64), 0
    for rang, code in enumerate(MOTIFS):
        siens = len(NATIONALITES[code])
        poids = (1 / n for n in range(1, siens + 1))
        tires = np.where(motif == rang, premier + alea.entiers_ponderes(nombre, *poids), tires)
        premier += siens
    return pl.Series(pays).gather(tires)


def _heures(signature: Jours, alea: Tirage) -> Entiers:
    """Hours prescribed to who has not A1, by the scale in force on the day of the signature."""
    paliers = alea.entiers_ponderes(len(signature), 35, 38, 22, 5)
    avant, depuis = np.array([50, 100, 200, 200]), np.array([100, 200, 400, 600])
    return np.where(signature >= DOUBLEMENT_DES_HEURES, depuis[paliers], avant[paliers])


def _resultats(contrats: pl.DataFrame, mois: Mois, rang: int, graine: int) -> pl.DataFrame:
    """The same contracts in the month given, once their training has ended.

    Most follow at least 80 % of the hours; those who leave half-way stay at their level. Who had
    no hours has followed the civic training alone.
    """
    alea = Tirage(graine, EXTRAIT, "résultats", mois.nom, rang)
    nombre = contrats.height
    heures = contrats["heures_prescrites"].to_numpy()
    forme = heures > 0
    assidu = alea.vrai(0.92, nombre)
    pour_cent = np.where(assidu, alea.entiers(80, 100, nombre), alea.entiers(0, 40, nombre))
    rangs = {niveau: rang for rang, niveau in enumerate(NIVEAUX)}
    initial = contrats["niveau_initial"].replace_strict(rangs, return_dtype=pl.Int64).to_numpy()
    progres = np.where(assidu & forme, alea.entiers_ponderes(nombre, 20, 25, 43, 10, 2), 0)
    atteint = np.maximum(initial, progres)
    connu = ~forme | alea.vrai(0.92, nombre)
    double = contrats["date_signature"].to_numpy() >= DOUBLEMENT_DES_HEURES
    return contrats.with_columns(
        masquer(heures * pour_cent // 100, forme).alias("heures_realisees"),
        masquer(alea.jours(mois, nombre), forme).cast(pl.Date).alias("date_fin_formation"),
        masquer(pl.Series(NIVEAUX).gather(atteint), connu).alias("niveau_atteint"),
        pl.Series("jours_formation_civique", np.where(double, alea.entiers(3, 4, nombre), 2)),
    )
