"""Contract of the extract rectorat/oepre."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import Contrat, annee_scolaire, code, coherence, entier, fiche


class Oepre(Contrat):
    """Le dispositif d’une académie pendant une année scolaire."""

    annee_scolaire: pl.String = annee_scolaire(
        "AAAA-AAAA, deux années qui se suivent.", obligatoire=True, cle=True
    )
    academie: pl.String = code(
        "Lille : 59, 62. Amiens : 02, 60, 80.", obligatoire=True, cle=True, liste="academie"
    )
    etablissements: pl.Int64 = entier(
        "Établissements où le dispositif est ouvert.", obligatoire=True
    )
    groupes: pl.Int64 = entier("Groupes de parents.", obligatoire=True)
    ateliers: pl.Int64 = entier("Ateliers tenus.", obligatoire=True)
    parents: pl.Int64 = entier("Parents participants.", obligatoire=True)
    parents_primo_arrivants: pl.Int64 = entier("Parents primo-arrivants ; <= parents.")
    candidats_dilf: pl.Int64 = entier("Candidats au DILF.")
    recus_dilf: pl.Int64 = entier("Reçus au DILF ; <= candidats_dilf.")
    candidats_delf: pl.Int64 = entier("Candidats au DELF.")
    recus_delf: pl.Int64 = entier("Reçus au DELF ; <= candidats_delf.")

    parents_primo_arrivants_coherente = coherence("parents_primo_arrivants", "<=", "parents")
    recus_dilf_coherente = coherence("recus_dilf", "<=", "candidats_dilf")
    recus_delf_coherente = coherence("recus_delf", "<=", "candidats_delf")

    class Config:
        """The extract, in words."""

        title = "Ouvrir l’école aux parents pour la réussite des enfants"
        metadata: ClassVar = fiche(service="Rectorats", cadence=12, delai=122, fin=8)
