"""Contract of the extract ars/interpretariat."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import Contrat, code, coherence, entier, fiche, mois, pas_future, texte


class Interpretariat(Contrat):
    """Les demandes d’une structure pour une langue et un mode, pendant un mois."""

    mois: pl.String = mois(obligatoire=True, cle=True)
    structure: pl.String = texte(obligatoire=True, cle=True)
    langue: pl.String = texte(
        "Code ISO 639-3.", obligatoire=True, cle=True, casse="bas", forme=r"^[a-z]{3}$"
    )
    departement: pl.String = code(obligatoire=True, liste="departements")
    mode: pl.String = code("", "TELEPHONE", "PHYSIQUE", "VISIO", obligatoire=True, cle=True)
    demandes: pl.Int64 = entier(">= 0.", obligatoire=True)
    demandes_honorees: pl.Int64 = entier("<= demandes.", obligatoire=True)
    duree_minutes: pl.Int64 = entier(">= 0.")

    mois_pas_future = pas_future("mois")
    demandes_honorees_coherente = coherence("demandes_honorees", "<=", "demandes")

    class Config:
        """The extract, in words."""

        title = "Interprétariat en santé"
        metadata: ClassVar = fiche(service="ARS", cadence=1)
