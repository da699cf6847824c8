"""Contract of the extract logement/places."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import (
    Contrat,
    annee,
    code,
    coherence,
    entier,
    fiche,
    jour,
    numero,
    obligatoire_si,
    pas_future,
    texte,
)


class Places(Contrat):
    """Un lot de places."""

    numero_lot: pl.String = numero("Numéro du lot de places.", obligatoire=True, cle=True)
    dispositif: pl.String = code(
        "Dispositif d'hébergement ou de logement accompagné.",
        "dispositif_places",
        obligatoire=True,
    )
    departement: pl.String = code("Département des places.", obligatoire=True, liste="departements")
    gestionnaire: pl.String = texte("Organisme gestionnaire.")
    orientation: pl.String = code(
        "Orientation des places de CPH. Vide : non précisée.",
        "orientation_cph",
    )
    places: pl.Int64 = entier("Nombre de places du lot, au moins 1.", obligatoire=True, mini=1)
    annee_objectif: pl.Int64 = annee("Année dont l'objectif est servi.", obligatoire=True)
    statut: pl.String = code(
        "Où en sont les places.",
        "statut_place",
        obligatoire=True,
    )
    date_ouverture: pl.Date = jour(
        "Obligatoire si OUVERTE ou FERMEE ; jamais future pour ces statuts."
    )
    date_fermeture: pl.Date = jour("Obligatoire si FERMEE ; >= date_ouverture.")

    date_ouverture_obligatoire = obligatoire_si("date_ouverture", "statut", ("OUVERTE", "FERMEE"))
    date_ouverture_pas_future = pas_future("date_ouverture", si=("statut", ("OUVERTE", "FERMEE")))
    date_fermeture_coherente = coherence("date_fermeture", ">=", "date_ouverture")
    date_fermeture_obligatoire = obligatoire_si("date_fermeture", "statut", ("FERMEE",))

    class Config:
        """The extract, in words."""

        title = "Places d’hébergement et de logement accompagné"
        metadata: ClassVar = fiche(service="Services du logement", cadence=6, delai=62)
