"""Contract of the extract ofii/cir_signataires."""

from datetime import date
from typing import ClassVar

import polars as pl

from assets.extracts.contrat import (
    Contrat,
    age_entre,
    booleen,
    code,
    coherence,
    entier,
    entier_code,
    fiche,
    jour,
    numero,
    pas_future,
    pays,
)


class CirSignataires(Contrat):
    """Un contrat d’intégration républicaine (CIR) signé."""

    numero_cir: pl.String = numero(
        "Numéro du contrat. Donnée personnelle : pseudonymisée, jamais stockée en clair.",
        obligatoire=True,
        cle=True,
        personnelle=True,
        exemple="CIR-EXEMPLE",
    )
    numero_etranger: pl.String = numero(
        "Numéro national d'étranger (10 chiffres). "
        "Donnée personnelle : pseudonymisée, jamais stockée en clair.",
        obligatoire=True,
        forme=(r"^[0-9]{10}$", "faite de dix chiffres"),
        personnelle=True,
        exemple="0000000000",
    )
    departement: pl.String = code(
        "Département de résidence à la signature.", obligatoire=True, liste="departements"
    )
    date_titre: pl.Date = jour("Délivrance du premier titre de séjour ; <= date_convocation.")
    date_convocation: pl.Date = jour("Convocation à la plateforme d'accueil ; <= date_signature.")
    date_signature: pl.Date = jour(
        "Signature du CIR ; ni future, ni postérieure au mois de livraison.", obligatoire=True
    )
    sexe: pl.String = code("Vide : profil non renseigné.", "sexe")
    date_naissance: pl.Date = jour(
        "Donnée personnelle : seul l'âge révolu à la signature est conservé (16 à 110 ans). "
        "Vide : profil non renseigné.",
        mini=date(1900, 1, 1),
        personnelle=True,
        age_le="date_signature",
        exemple="01/01/1990",
    )
    nationalite: pl.String = pays(
        "Nationalité : code ISO 3166-1 alpha-3 (ou alpha-2, ou nom français ou anglais du pays).",
        exemple="COL",
    )
    motif_admission: pl.String = code(
        "Motif du séjour. Vide : profil non renseigné.",
        "motif_admission",
    )
    bpi: pl.Boolean = booleen("Bénéficiaire de la protection internationale.")
    niveau_initial: pl.String = code("Niveau de français à la signature.", "niveau_langue")
    heures_prescrites: pl.Int64 = entier_code(
        "Parcours prescrit. Les heures doublent au 1er mars 2019 (50/100/200 deviennent "
        "100/200/400, 600 créé) : un parcours se lit avec sa date de signature.",
        "parcours_heures",
    )
    heures_realisees: pl.Int64 = entier("Heures de français suivies, de 0 à 800.", maxi=800)
    date_fin_formation: pl.Date = jour(">= date_signature. Vide : formation en cours.")
    niveau_atteint: pl.String = code("Niveau constaté en fin de parcours.", "niveau_langue")
    jours_formation_civique: pl.Int64 = entier(
        "Jours de formation civique suivis, de 0 à 4.", maxi=4
    )

    date_titre_coherente = coherence("date_titre", "<=", "date_convocation")
    date_convocation_coherente = coherence("date_convocation", "<=", "date_signature")
    date_signature_pas_future = pas_future("date_signature")
    date_fin_formation_coherente = coherence("date_fin_formation", ">=", "date_signature")
    date_naissance_age = age_entre("date_naissance", "date_signature", 16, 110)

    class Config:
        """The extract, in words."""

        title = "Signataires du contrat d’intégration républicaine"
        metadata: ClassVar = fiche(service="OFII", cadence=1, delai=10)
