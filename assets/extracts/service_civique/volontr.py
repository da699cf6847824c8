"""Contract of the extract service_civique/volontr."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import Contrat, annee, entier, fiche, texte


class Volontr(Contrat):
    """L’accueil d’une association pendant une année."""

    annee: pl.Int64 = annee("Année d'accueil.", obligatoire=True, cle=True)
    association: pl.String = texte("Association qui accueille.", obligatoire=True, cle=True)
    objectif: pl.Int64 = entier("Réfugiés que l'association s'est engagée à accueillir.")
    accueillis: pl.Int64 = entier("Réfugiés accueillis, >= 0.", obligatoire=True)

    class Config:
        """The extract, in words."""

        title = "Service civique Volont’R"
        metadata: ClassVar = fiche(service="Agence du service civique", cadence=12, delai=62)
