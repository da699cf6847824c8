"""Contract of the extract ddcs/orientations."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import Contrat, cent_ssi, code, decimal, fiche, jour, pas_future, texte


class Orientations(Contrat):
    """Le constat d’une orientation, sur un territoire, à une date."""

    orientation: pl.String = texte(
        "Identifiant de orientations.csv.", obligatoire=True, cle=True, liste="orientations"
    )
    territoire: pl.String = code(
        "Territoire du constat : la région ou un département.",
        obligatoire=True,
        cle=True,
        liste="territoires",
    )
    date_constat: pl.Date = jour(
        "Jour du constat ; le plus récent fait foi.", obligatoire=True, cle=True
    )
    statut: pl.String = code(
        "Statut déclaré par le service.", "statut_orientation", obligatoire=True
    )
    avancement: pl.Float64 = decimal(
        "0 à 100 ; quand il est renseigné, 100 si et seulement si REALISE.", maxi=100
    )
    responsable: pl.String = texte("Service, jamais une personne.")
    commentaire: pl.String = texte("Commentaire du service. Aucun nom de personne.")

    date_constat_pas_future = pas_future("date_constat")
    avancement_coherent = cent_ssi("avancement", "statut", "REALISE")

    class Config:
        """The extract, in words."""

        title = "Avancement déclaré des orientations"
        metadata: ClassVar = fiche(service="DDCS", cadence=3, delai=31)
