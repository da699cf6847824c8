"""Contract of the extract logement/mobilisations."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import Contrat, code, coherence, entier, fiche, mois, pas_future


class Mobilisations(Contrat):
    """Le flux d’un mois par département, filière, parc et zone."""

    mois: pl.String = mois("Mois AAAA-MM ; flux du mois, non cumulé.", obligatoire=True, cle=True)
    departement: pl.String = code(
        "Département du logement.", obligatoire=True, cle=True, liste="departements"
    )
    filiere: pl.String = code(
        "Filière de mobilisation.",
        "filiere",
        obligatoire=True,
        cle=True,
    )
    parc: pl.String = code(
        "Parc du logement.",
        "parc",
        obligatoire=True,
        cle=True,
    )
    zone: pl.String = code("Zone du logement.", "zone", obligatoire=True, cle=True)
    logements_mobilises: pl.Int64 = entier("Logements mobilisés dans le mois.", obligatoire=True)
    menages: pl.Int64 = entier("Ménages relogés.")
    personnes: pl.Int64 = entier("Personnes relogées ; >= menages.")

    mois_pas_future = pas_future("mois")
    personnes_coherente = coherence("personnes", ">=", "menages")

    class Config:
        """The extract, in words."""

        title = "Logements mobilisés"
        metadata: ClassVar = fiche(service="Services du logement", cadence=1, delai=10)
