"""Headers and codes as people spell them: each spelling still matches by the interface's rule.

Belongs here: words only. A column or code that is absent is written from its own name.
"""

from __future__ import annotations

_ENTETES = {
    "academie": "Académie",
    "accompagnes_emploi": "Accompagnés emploi",
    "annee": "Année",
    "annee_objectif": "Année objectif",
    "annee_scolaire": "Année scolaire",
    "beneficiaires": "Bénéficiaires",
    "beneficiaires_prevus": "Bénéficiaires prévus",
    "beneficiaires_realises": "Bénéficiaires réalisés",
    "bpi": "BPI",
    "charge_securisation": "Chargé sécurisation",
    "code_insee": "Code INSEE",
    "conseil_regional_present": "Conseil régional présent",
    "contractualisation_odj": "Contractualisation ODJ",
    "date_deploiement": "Date déploiement",
    "date_designation": "Date désignation",
    "date_reunion": "Date réunion",
    "demandes_honorees": "Demandes honorées",
    "departement": "Département",
    "duree_minutes": "Durée minutes",
    "entrees_formation": "Entrées formation",
    "equipe": "Équipe",
    "etablissements": "Établissements",
    "filiere": "Filière",
    "heberges": "Hébergés",
    "heures_realisees": "Heures réalisées",
    "intitule": "Intitulé",
    "logements_captes": "Logements captés",
    "logements_mobilises": "Logements mobilisés",
    "menages": "Ménages",
    "montant_accorde": "Montant accordé",
    "montant_consomme": "Montant consommé",
    "montant_prevu": "Montant prévu",
    "nationalite": "Nationalité",
    "nouveaux_beneficiaires": "Nouveaux bénéficiaires",
    "numero_cir": "Numéro CIR",
    "numero_contrat": "Numéro-contrat",
    "numero_designation": "Numéro désignation",
    "numero_etranger": "Numéro étranger",
    "numero_lot": "Numéro lot",
    "numero_outil": "Numéro outil",
    "numero_projet": "Numéro projet",
    "numero_reunion": "NUMERO REUNION",
    "operateur": "Opérateur",
    "personnes_relogees": "Personnes relogées",
    "recus_delf": "Reçus DELF",
    "recus_dilf": "Reçus DILF",
    "reprises_etudes": "Reprises études",
    "siret": "SIRET",
    "spe_associes": "SPE associés",
    "visee_professionnelle": "Visée professionnelle",
}

CODES = {
    "A1_1": "A1.1",
    "ABANDONNE": "Abandonné",
    "CONFIRMEE": "Confirmée",
    "DEMATERIALISE": "Dématérialisé",
    "DEPARTEMENTAL": "Départemental",
    "DEPLOYE": "Déployé",
    "EN_COURS": "En cours",
    "FERMEE": "Fermée",
    "FINANCE": "Financé",
    "GRANDE_VILLE": "Grande ville",
    "HEBERGEMENT_GENERALISTE": "Hébergement généraliste",
    "INFRA_A1": "Infra A1",
    "MOBILITE_NATIONALE": "Mobilité nationale",
    "OUVERTE": "Ouverte",
    "PENSION_FAMILLE": "Pension-famille",
    "PLAN_LOGEMENT": "Plan logement",
    "PREVU": "Prévu",
    "PRIVE": "Privé",
    "REALISE": "Réalisé",
    "REFERENT_DEPARTEMENTAL": "Référent départemental",
    "REGIONAL": "Régional",
    "REINSTALLATION": "Réinstallation",
    "REPORTEE": "Reportée",
    "RESIDENCE": "Résidence",
    "RESIDENCE_SOCIALE": "Résidence sociale",
    "TERMINE": "Terminé",
}


def entete(colonne: str) -> str:
    """A column's header as a partner writes it."""
    return _ENTETES.get(colonne, colonne.replace("_", " ").capitalize())


def code_en_clair(texte: str) -> str:
    """A code as a partner writes it; any other text unchanged."""
    return CODES.get(texte, texte)
