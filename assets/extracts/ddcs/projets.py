"""Contract of the extract ddcs/projets."""

from typing import ClassVar

import polars as pl

from assets.extracts.contrat import (
    Contrat,
    annee,
    booleen,
    cle_siret,
    code,
    coherence,
    decimal,
    entier,
    fiche,
    numero,
    siret,
    texte,
)


class Projets(Contrat):
    """Un projet financé dans un exercice."""

    exercice: pl.Int64 = annee(
        "Année budgétaire, 2015 à 2100. « 2019 » couvre le cycle 2019-2020 du bilan.",
        obligatoire=True,
        cle=True,
        mini=2015,
    )
    numero_projet: pl.String = numero(
        "Numéro du projet dans son exercice.", obligatoire=True, cle=True
    )
    departement: pl.String = code("Département du projet.", obligatoire=True, liste="departements")
    action: pl.String = code("Action du BOP 104.", "action", obligatoire=True)
    porteur: pl.String = texte("Organisme qui porte le projet.", obligatoire=True)
    siret: pl.String = siret(
        "14 chiffres, clé de Luhn vérifiée (SIREN 356000000, La Poste : Luhn ou somme des chiffres "
        "multiple de 5)."
    )
    intitule: pl.String = texte("Intitulé du projet.", obligatoire=True)
    dispositif: pl.String = texte(
        "Nom du dispositif, de la liste ou un autre.", liste="dispositif_projet", ouverte=True
    )
    axe: pl.String = code("Axe principal du projet.", "axe", obligatoire=True)
    visee_professionnelle: pl.Boolean = booleen("Axe LANGUE : FLE à visée professionnelle.")
    public_jeune: pl.Boolean = booleen("Action réservée aux moins de 25 ans.")
    charge_securisation: pl.Boolean = booleen("Chargé de sécurisation du parcours en poste.")
    referent_logement: pl.Boolean = booleen("Référent « logement réfugiés » désigné.")
    montant_accorde: pl.Float64 = decimal("Subvention accordée, en euros.")
    beneficiaires_prevus: pl.Int64 = entier("Bénéficiaires prévus. Vide n'est pas 0.")
    beneficiaires_realises: pl.Int64 = entier("Bénéficiaires réalisés. Vide n'est pas 0.")
    dont_moins_25: pl.Int64 = entier("<= beneficiaires_realises.")
    heures_formation: pl.Int64 = entier("Heures de formation linguistique dispensées, >= 0.")
    accompagnes_emploi: pl.Int64 = entier(
        "Personnes accompagnées vers l'emploi ; <= beneficiaires_realises."
    )
    reprises_etudes: pl.Int64 = entier(
        "Accompagnés ayant repris des études ; <= accompagnes_emploi."
    )
    entrees_formation: pl.Int64 = entier("Accompagnés entrés en formation ; <= accompagnes_emploi.")
    sorties_emploi: pl.Int64 = entier("Accompagnés sortis vers l'emploi ; <= accompagnes_emploi.")
    jeunes_insertion: pl.Int64 = entier(
        "Moins de 25 ans en insertion professionnelle ; <= accompagnes_emploi."
    )
    heberges: pl.Int64 = entier(
        "Accompagnés vers l'emploi ayant aussi une offre d'hébergement ; <= accompagnes_emploi."
    )
    statut: pl.String = code(
        "Les projets ABANDONNE ne comptent dans aucun indicateur.",
        "statut_projet",
        obligatoire=True,
    )

    siret_cle = cle_siret("siret")
    dont_moins_25_coherente = coherence("dont_moins_25", "<=", "beneficiaires_realises")
    accompagnes_emploi_coherente = coherence("accompagnes_emploi", "<=", "beneficiaires_realises")
    reprises_etudes_coherente = coherence("reprises_etudes", "<=", "accompagnes_emploi")
    entrees_formation_coherente = coherence("entrees_formation", "<=", "accompagnes_emploi")
    sorties_emploi_coherente = coherence("sorties_emploi", "<=", "accompagnes_emploi")
    jeunes_insertion_coherente = coherence("jeunes_insertion", "<=", "accompagnes_emploi")
    heberges_coherente = coherence("heberges", "<=", "accompagnes_emploi")

    class Config:
        """The extract, in words."""

        title = "Projets d’intégration (BOP 104)"
        metadata: ClassVar = fiche(service="DDCS", cadence=6, delai=62)
