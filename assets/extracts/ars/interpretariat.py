"""Contract of the extract ars/interpretariat."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import (
    Contrat,
    code,
    coherence,
    entier,
    fiche,
    langue,
    mois,
    pas_future,
    texte,
)


class Interpretariat(Contrat):
    """Les demandes d’une structure pour une langue et un mode, pendant un mois."""

    mois: pl.String = mois("Mois des demandes, AAAA-MM.", obligatoire=True, cle=True)
    structure: pl.String = texte(
        "Structure de soins qui demande un interprète.", obligatoire=True, cle=True
    )
    langue: pl.String = langue(
        "Langue : code ISO 639-3 (ou 639-1, ou nom français ou anglais).",
        obligatoire=True,
        cle=True,
        exemple="ara",
    )
    departement: pl.String = code(
        "Département de la structure.", obligatoire=True, liste="departements"
    )
    mode: pl.String = code(
        "Mode de l'interprétariat.", "mode_interpretariat", obligatoire=True, cle=True
    )
    demandes: pl.Int64 = entier("Demandes d'interprétariat du mois.", obligatoire=True)
    demandes_honorees: pl.Int64 = entier("Demandes satisfaites ; <= demandes.", obligatoire=True)
    duree_minutes: pl.Int64 = entier("Durée totale des interprétariats, en minutes.")

    mois_pas_future = pas_future("mois")
    demandes_honorees_coherente = coherence("demandes_honorees", "<=", "demandes")

    class Config:
        """The extract, in words."""

        title = "Interprétariat en santé"
        metadata: ClassVar = fiche(service="ARS", cadence=3, delai=31)
