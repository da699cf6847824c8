"""Contract of the extract logement/attributions."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import Contrat, code, entier, fiche, mois, pas_future


class Attributions(Contrat):
    """Le flux d’un mois par département et hébergement quitté."""

    mois: pl.String = mois("Mois des attributions, AAAA-MM.", obligatoire=True, cle=True)
    departement: pl.String = code(
        "Département du logement attribué.", obligatoire=True, cle=True, liste="departements"
    )
    origine: pl.String = code(
        "Hébergement quitté par le ménage.",
        "origine",
        obligatoire=True,
        cle=True,
    )
    attributions: pl.Int64 = entier("Attributions de logements sociaux, >= 0.", obligatoire=True)

    mois_pas_future = pas_future("mois")

    class Config:
        """The extract, in words."""

        title = "Attributions de logements sociaux"
        metadata: ClassVar = fiche(service="Services du logement", cadence=1, delai=10)
