"""Contract of the extract ddcs/contrats."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import (
    Contrat,
    code,
    coherence,
    decimal,
    fiche,
    jour,
    numero,
    pas_future,
    texte,
)


class Contrats(Contrat):
    """Un contrat signé."""

    numero_contrat: pl.String = numero("Numéro du contrat.", obligatoire=True, cle=True)
    type_contrat: pl.String = code(
        "CAI : contrat d'accueil et d'intégration avec une collectivité.",
        "type_contrat",
        obligatoire=True,
    )
    departement: pl.String = code("Département concerné.", obligatoire=True, liste="departements")
    signataire: pl.String = texte("Collectivité ou organisme signataire.", obligatoire=True)
    code_insee: pl.String = texte(
        "Code officiel géographique de la commune, 5 caractères.",
        forme=(r"^[0-9][0-9AB][0-9]{3}$", "un code officiel géographique de cinq caractères"),
        exemple="02691",
    )
    date_signature: pl.Date = jour(
        "Signature du contrat ; ni future, ni postérieure au mois de livraison.", obligatoire=True
    )
    date_fin: pl.Date = jour("Dernier jour du contrat ; >= date_signature. Vide : sans terme.")
    volets: pl.String = texte(
        "Un ou plusieurs volets, séparés par « , ».", liste="volet", plusieurs=True
    )
    montant_prevu: pl.Float64 = decimal("Montant prévu au contrat, en euros.")
    montant_consomme: pl.Float64 = decimal("Montant consommé, en euros.")

    date_signature_pas_future = pas_future("date_signature")
    date_fin_coherente = coherence("date_fin", ">=", "date_signature")

    class Config:
        """The extract, in words."""

        title = "Contrats, protocoles et conventions"
        metadata: ClassVar = fiche(service="DDCS", cadence=6, delai=62)
