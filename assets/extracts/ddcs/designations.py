"""Contract of the extract ddcs/designations."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import (
    Contrat,
    code,
    coherence,
    fiche,
    jour,
    numero,
    obligatoire_si,
    pas_future,
    texte,
)


class Designations(Contrat):
    """Une structure désignée pour une fonction."""

    numero_designation: pl.String = numero("Numéro de la désignation.", obligatoire=True, cle=True)
    departement: pl.String = code("Département concerné.", obligatoire=True, liste="departements")
    structure: pl.String = texte(
        "Administration, opérateur ou partenaire. Aucun nom de personne.", obligatoire=True
    )
    fonction: pl.String = code(
        "ACTEUR : structure membre de la gouvernance locale, à qui un référent BPI est attendu.",
        "fonction",
        obligatoire=True,
    )
    profil: pl.String = code("Obligatoire pour REFERENT_DEPARTEMENTAL.", "profil")
    date_designation: pl.Date = jour(
        "Premier jour dans la fonction ; ni future, ni postérieure au mois de livraison.",
        obligatoire=True,
    )
    date_fin: pl.Date = jour(">= date_designation. Vide : en fonction.")

    profil_obligatoire = obligatoire_si("profil", "fonction", ("REFERENT_DEPARTEMENTAL",))
    date_designation_pas_future = pas_future("date_designation")
    date_fin_coherente = coherence("date_fin", ">=", "date_designation")

    class Config:
        """The extract, in words."""

        title = "Désignations de référents et de correspondants"
        metadata: ClassVar = fiche(service="DDCS", cadence=6, delai=62)
