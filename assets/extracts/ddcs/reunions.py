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
    numero,
    obligatoire_si,
    pas_future,
    vide_si,
)


class Reunions(Contrat):
    """Une réunion tenue."""

    numero_reunion: pl.String = numero("Numéro de la réunion.", obligatoire=True, cle=True)
    niveau: pl.String = code(
        "Réunion de la région ou d'un département.",
        "niveau_reunion",
        obligatoire=True,
        exemple="DEPARTEMENTAL",
    )
    departement: pl.String = code(
        "Obligatoire si DEPARTEMENTAL, vide si REGIONAL.", liste="departements"
    )
    instance: pl.String = code("Instance réunie.", "instance", obligatoire=True)
    date_reunion: pl.Date = jour(
        "Jour de la réunion ; ni future, ni postérieure au mois de livraison.", obligatoire=True
    )
    format: pl.String = code("Sur place, à distance ou les deux.", "format_reunion")
    participants: pl.Int64 = entier("Nombre de participants, au moins 1.", mini=1)
    ateliers: pl.Int64 = entier("Nombre d'ateliers thématiques.")
    spe_associes: pl.Boolean = booleen(
        "Service public de l'emploi (Pôle emploi ou mission locale) présent."
    )
    missions_locales: pl.Int64 = entier("Nombre de missions locales présentes, >= 0.")
    conseil_regional_present: pl.Boolean = booleen("Conseil régional présent.")
    contractualisation_odj: pl.Boolean = booleen(
        "Contractualisation avec les collectivités à l'ordre du jour."
    )

    departement_obligatoire = obligatoire_si("departement", "niveau", ("DEPARTEMENTAL",))
    departement_vide = vide_si("departement", "niveau", "REGIONAL")
    date_reunion_pas_future = pas_future("date_reunion")

    class Config:
        """The extract, in words."""

        title = "Réunions de gouvernance"
        metadata: ClassVar = fiche(service="DDCS", cadence=6, delai=62)
