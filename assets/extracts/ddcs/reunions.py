"""Contract of the extract ddcs/reunions."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import (
    Contrat,
    booleen,
    code,
    entier,
    fiche,
    jour,
    obligatoire_si,
    pas_future,
    texte,
    vide_si,
)


class Reunions(Contrat):
    """Une réunion tenue."""

    numero_reunion: pl.String = texte(obligatoire=True, cle=True)
    niveau: pl.String = code("", "REGIONAL", "DEPARTEMENTAL", obligatoire=True)
    departement: pl.String = code(
        "Obligatoire si DEPARTEMENTAL, vide si REGIONAL.", liste="departements"
    )
    instance: pl.String = code(
        "",
        "COPIL",
        "COTECH",
        "CONCERTATION_LOGEMENT",
        "GROUPE_TRAVAIL",
        "FORMATION",
        obligatoire=True,
    )
    date_reunion: pl.Date = jour(obligatoire=True)
    format: pl.String = code("", "PRESENTIEL", "DEMATERIALISE", "MIXTE")
    participants: pl.Int64 = entier("> 0.", mini=1)
    ateliers: pl.Int64 = entier(">= 0.")
    spe_associes: pl.Boolean = booleen(
        "Service public de l'emploi (Pôle emploi ou mission locale) présent."
    )
    missions_locales: pl.Int64 = entier("Nombre de missions locales présentes, >= 0.")
    conseil_regional_present: pl.Boolean = booleen()
    contractualisation_odj: pl.Boolean = booleen(
        "Contractualisation avec les collectivités à l'ordre du jour."
    )

    departement_obligatoire = obligatoire_si("departement", "niveau", ("DEPARTEMENTAL",))
    departement_vide = vide_si("departement", "niveau", "REGIONAL")
    date_reunion_pas_future = pas_future("date_reunion")

    class Config:
        """The extract, in words."""

        title = "Réunions de gouvernance"
        metadata: ClassVar = fiche(service="DDCS", cadence=3)
