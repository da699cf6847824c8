"""Contract of the extract ars/equipes_mobiles."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import Contrat, code, coherence, entier, fiche, mois, pas_future, texte


class EquipesMobiles(Contrat):
    """L’activité d’une équipe pendant un mois."""

    mois: pl.String = mois("Mois d'activité, AAAA-MM.", obligatoire=True, cle=True)
    equipe: pl.String = texte("Nom de l'équipe mobile.", obligatoire=True, cle=True)
    type_equipe: pl.String = code("Type d'équipe.", "type_equipe", obligatoire=True)
    departement: pl.String = code(
        "Département où l'équipe intervient.", obligatoire=True, liste="departements"
    )
    situations: pl.Int64 = entier("Situations examinées (EMPP), >= 0.")
    interventions: pl.Int64 = entier("Interventions du mois.")
    nouveaux_beneficiaires: pl.Int64 = entier(
        "Personnes vues pour la première fois, <= interventions."
    )

    mois_pas_future = pas_future("mois")
    nouveaux_beneficiaires_coherente = coherence("nouveaux_beneficiaires", "<=", "interventions")

    class Config:
        """The extract, in words."""

        title = "Activité des équipes mobiles"
        metadata: ClassVar = fiche(service="ARS", cadence=1, delai=10)
