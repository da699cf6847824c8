"""Made-up CIR signatories in any number: contracts of a month, and results of those before it.

A contract depends only on the seed and its month, so that a later month redelivers it with its
results without anything being kept in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from pipelines.simulation.communs import repartir
from pipelines.simulation.tirages import Entiers, Jours, Mois, Tirage, booleens, masquer, numeros

EXTRAIT = "ofii/cir_signataires"
DUREE = 6
"""Months between a signature and the results of its training."""
PART_DES_RESULTATS = 0.45
DOUBLEMENT_DES_HEURES = np.datetime64("2019-03-01", "D")
NIVEAUX = ("INFRA_A1", "A1_1", "A1", "A2", "B1", "B2")
"""From the lowest; from A1 on, no French course is prescribed."""
DISPENSE = NIVEAUX.index("A1")


def tables(
    lignes: int, mois: Sequence[Mois], departements: Sequence[str], graine: int
) -> Iterator[pl.DataFrame]:
    """One table per month, `lignes` rows in all: new contracts, then results of older ones."""
    par_mois = repartir(lignes, [1.0] * len(mois))
    nouveaux: list[int] = []
    for rang, total in enumerate(par_mois):
        anciens = nouveaux[rang - DUREE] if rang >= DUREE else 0
        resultats = min(anciens, int(total * PART_DES_RESULTATS))
        nouveaux.append(total - resultats)
        debut = sum(nouveaux[:rang])
        table = _contrats(mois[rang], debut, total - resultats, departements, graine)
        if resultats:
            debut = sum(nouveaux[: rang - DUREE])
            signes = _contrats(mois[rang - DUREE], debut, anciens, departements, graine)
            table = pl.concat([table, _resultats(signes.head(resultats), mois[rang], graine)])
        yield table


def _contrats(
    mois: Mois, debut: int, nombre: int, departements: Sequence[str], graine: int
) -> pl.DataFrame:
    """The contracts signed in a month, as they are known at the signature."""
    alea = Tirage(graine, EXTRAIT, mois.nom)
    signature = alea.jours(mois, nombre)
    convocation = signature - alea.entiers(5, 60, nombre)
    profil = alea.vrai(0.86, nombre)
    naissance = signature - alea.entiers(17 * 366, 70 * 365, nombre)
    humanitaire = alea.vrai(0.33, nombre)
    autres_motifs = alea.parmi(["ECO", "FAM", "AUT"], nombre, 7, 83, 10)
    motif = pl.select(
        pl.when(pl.Series(humanitaire)).then(pl.lit("HUM")).otherwise(autres_motifs)
    ).to_series()
    niveau = alea.entiers_ponderes(nombre, 60, 18, 12, 7, 2, 1)
    dispense = niveau >= DISPENSE
    niveau_initial = pl.Series(NIVEAUX).gather(niveau)
    return pl.DataFrame(
        {
            "numero_cir": numeros("S", debut, nombre, 9),
            "numero_etranger": numeros("9", debut, nombre, 9),
            "departement": alea.parmi(departements, nombre),
            "date_titre": convocation - alea.entiers(5, 120, nombre),
            "date_convocation": masquer(convocation, alea.vrai(0.97, nombre)),
            "date_signature": signature,
            "sexe": masquer(alea.parmi(["H", "F"], nombre, 51, 49), profil),
            "date_naissance": masquer(naissance, profil),
            "nationalite": masquer(
                alea.parmi(["AFG", "DZA", "MAR", "TUN", "SDN", "SYR", "GIN", "COD"], nombre), profil
            ),
            "motif_admission": masquer(motif, profil),
            "bpi": masquer(booleens(humanitaire), profil),
            "niveau_initial": niveau_initial,
            "heures_prescrites": np.where(dispense, 0, _heures(signature, alea)),
            "heures_realisees": pl.Series([None], dtype=pl.Int64).new_from_index(0, nombre),
            "date_fin_formation": pl.Series([None], dtype=pl.Date).new_from_index(0, nombre),
            "niveau_atteint": masquer(niveau_initial, dispense),
            "jours_formation_civique": alea.entiers(0, 1, nombre),
        }
    ).with_columns(pl.col("^date_.*$").cast(pl.Date))


def _heures(signature: Jours, alea: Tirage) -> Entiers:
    """Hours prescribed to who has not A1, by the scale in force on the day of the signature."""
    paliers = alea.entiers_ponderes(len(signature), 35, 38, 22, 5)
    avant, depuis = np.array([50, 100, 200, 200]), np.array([100, 200, 400, 600])
    return np.where(signature >= DOUBLEMENT_DES_HEURES, depuis[paliers], avant[paliers])


def _resultats(contrats: pl.DataFrame, mois: Mois, graine: int) -> pl.DataFrame:
    """The same contracts in the month given, once their training has ended.

    Most follow at least 80 % of the hours; those who leave half-way stay at their level. Who had
    no hours has followed the civic training alone.
    """
    alea = Tirage(graine, EXTRAIT, "résultats", mois.nom)
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
