"""Contract of the extract logement/avdl."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import Contrat, annee, code, entier, fiche, texte


class Avdl(Contrat):
    """L’activité d’un opérateur pendant une année."""

    annee: pl.Int64 = annee("Année d'activité.", obligatoire=True, cle=True)
    operateur: pl.String = texte("Opérateur de l'accompagnement.", obligatoire=True, cle=True)
    departement: pl.String = code("Département d'activité.", obligatoire=True, liste="departements")
    beneficiaires: pl.Int64 = entier("Personnes entrées dans l'année, >= 0.", obligatoire=True)
    logements_captes: pl.Int64 = entier("Logements captés dans l'année.", obligatoire=True)
    personnes_relogees: pl.Int64 = entier("Personnes relogées dans l'année.", obligatoire=True)

    class Config:
        """The extract, in words."""

        title = "Accompagnement vers et dans le logement des réfugiés"
        metadata: ClassVar = fiche(service="Services du logement", cadence=12, delai=62)
