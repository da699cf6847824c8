"""Contract of the extract ddcs/outils."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import (
    Contrat,
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


class Outils(Contrat):
    """Un outil ou un document partagé."""

    numero_outil: pl.String = numero("Numéro de l'outil.", obligatoire=True, cle=True)
    type_outil: pl.String = code("Type de l'outil ou du document.", "type_outil", obligatoire=True)
    nom: pl.String = texte("Nom de l'outil ou du document.", obligatoire=True)
    departement: pl.String = code(
        "Département qu'il couvre. Vide : outil régional.", liste="departements"
    )
    statut: pl.String = code("Où en est l'outil.", "statut_outil", obligatoire=True)
    date_deploiement: pl.Date = jour(
        "Obligatoire si DEPLOYE ou RETIRE ; jamais future pour ces statuts."
    )
    date_retrait: pl.Date = jour("Obligatoire si RETIRE ; >= date_deploiement.")
    langues: pl.Int64 = entier("Nombre de langues proposées.")
    mots: pl.Int64 = entier("Nombre de mots traduits.")

    date_deploiement_obligatoire = obligatoire_si(
        "date_deploiement", "statut", ("DEPLOYE", "RETIRE")
    )
    date_deploiement_pas_future = pas_future(
        "date_deploiement", si=("statut", ("DEPLOYE", "RETIRE"))
    )
    date_retrait_coherente = coherence("date_retrait", ">=", "date_deploiement")
    date_retrait_obligatoire = obligatoire_si("date_retrait", "statut", ("RETIRE",))

    class Config:
        """The extract, in words."""

        title = "Outils et documents partagés"
        metadata: ClassVar = fiche(service="DDCS", cadence=12, delai=62)
