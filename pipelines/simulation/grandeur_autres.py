"""Made-up rows of the fourteen other extracts, in proportion to the CIR signatories.

Each function returns a month's rows of one extract, or None where it delivers nothing that month.
All rows keep the rules of the contracts; nothing is calibrated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.simulation.communs import siret
from pipelines.simulation.tirages import Mois, Tirage, booleens, masquer, numeros

LANGUES = ("ara", "prs", "pus", "tir", "ckb", "sqi", "rus", "som", "ben", "lin")
FILIERES = ("PLAN_LOGEMENT", "REINSTALLATION", "MOBILITE_NATIONALE")
PARCS = ("SOCIAL", "PRIVE", "RESIDENCE")
ZONES = ("GRANDE_VILLE", "AUTRE")
ORIGINES = ("HEBERGEMENT_GENERALISTE", "CADA", "CPH", "AUTRE")


@dataclass(frozen=True)
class Contexte:
    """The month delivered, the codes of the roadmap, and how many signatories come with it.

    `dernier`: the last month that is asked for.
    """

    mois: Mois
    dernier: bool
    signataires: int
    departements: Sequence[str]
    academies: Sequence[str]
    territoires: Sequence[str]
    orientations: Sequence[str]

    def part(self, diviseur: int) -> int:
        """One row for so many signatories, and at least one."""
        return max(1, self.signataires // diviseur)

    @property
    def fin_d_annee(self) -> bool:
        """Whether yearly extracts are delivered."""
        return self.dernier or self.mois.nom.endswith("-12")


def _numeros(contexte: Contexte, prefixe: str, nombre: int) -> pl.Series:
    return numeros(f"{prefixe}-{contexte.mois.nom}-", 1, nombre, 6)


def projets(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """ddcs/projets."""
    n = contexte.part(80)
    realises = alea.entiers(1, 60, n)
    accompagnes = alea.entiers(0, realises, n)
    langue = alea.vrai(0.6, n)
    autres = alea.parmi(["DROITS", "EMPLOI", "LOGEMENT", "SANTE", "CULTURE_SPORT", "GLOBAL"], n)
    axe = pl.select(pl.when(pl.Series(langue)).then(pl.lit("LANGUE")).otherwise(autres)).to_series()
    return pl.DataFrame(
        {
            "exercice": np.full(n, contexte.mois.annee),
            "numero_projet": _numeros(contexte, "P", n),
            "departement": alea.parmi(contexte.departements, n),
            "action": alea.parmi(["12", "15"], n),
            "porteur": numeros("Association ", 1, n, 6),
            "siret": alea.parmi([siret(rang) for rang in range(200)], n),
            "intitule": numeros("Projet ", 1, n, 6),
            "dispositif": alea.parmi([None, "PIAL", "ALPHABETISATION", "AILE"], n, 20, 1, 1, 1),
            "axe": axe,
            "visee_professionnelle": masquer(booleens(alea.vrai(0.2, n)), langue),
            "public_jeune": booleens(alea.vrai(0.1, n)),
            "charge_securisation": booleens(alea.vrai(0.1, n)),
            "referent_logement": booleens(alea.vrai(0.3, n)),
            "montant_accorde": alea.entiers(1000, 60_000, n),
            "beneficiaires_prevus": alea.entiers(1, 60, n),
            "beneficiaires_realises": realises,
            "dont_moins_25": alea.entiers(0, realises, n),
            "heures_formation": masquer(alea.entiers(50, 900, n), langue),
            "accompagnes_emploi": accompagnes,
            "reprises_etudes": alea.entiers(0, accompagnes, n),
            "entrees_formation": alea.entiers(0, accompagnes, n),
            "sorties_emploi": alea.entiers(0, accompagnes, n),
            "jeunes_insertion": alea.entiers(0, accompagnes, n),
            "heberges": alea.entiers(0, accompagnes, n),
            "statut": alea.parmi(["FINANCE", "EN_COURS", "TERMINE", "ABANDONNE"], n, 3, 4, 6, 1),
        }
    )


def reunions(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """ddcs/reunions."""
    n = contexte.part(250)
    departementale = alea.vrai(0.9, n)
    return pl.DataFrame(
        {
            "numero_reunion": _numeros(contexte, "R", n),
            "niveau": pl.Series(["REGIONAL", "DEPARTEMENTAL"]).gather(departementale.astype(int)),
            "departement": masquer(alea.parmi(contexte.departements, n), departementale),
            "instance": alea.parmi(["COPIL", "COTECH", "CONCERTATION_LOGEMENT", "FORMATION"], n),
            "date_reunion": alea.jours(contexte.mois, n),
            "format": alea.parmi(["PRESENTIEL", "DEMATERIALISE", "MIXTE", None], n),
            "participants": alea.entiers(3, 90, n),
            "ateliers": alea.entiers(0, 5, n),
            "spe_associes": alea.parmi(["O", "N", None], n),
            "missions_locales": alea.entiers(0, 9, n),
            "conseil_regional_present": alea.parmi(["O", "N", None], n),
            "contractualisation_odj": alea.parmi(["O", "N", None], n),
        }
    )


def designations(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """ddcs/designations."""
    n = contexte.part(400)
    return pl.DataFrame(
        {
            "numero_designation": _numeros(contexte, "D", n),
            "departement": alea.parmi(contexte.departements, n),
            "structure": alea.parmi([f"Structure {rang:03d}" for rang in range(300)], n),
            "fonction": alea.parmi(
                ["REFERENT_DEPARTEMENTAL", "CORRESPONDANT_LOCAL", "REFERENT_BPI", "ACTEUR"],
                n, 1, 3, 4, 8,
            ),
            "profil": alea.parmi(["DDCS", "DDCS_ADJOINT", "SGA_PREFECTURE", "SOUS_PREFET"], n),
            "date_designation": alea.jours(contexte.mois, n),
            "date_fin": masquer(contexte.mois.fin + alea.entiers(1, 700, n), alea.vrai(0.2, n)),
        }
    )  # fmt: skip


def contrats(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """ddcs/contrats."""
    n = contexte.part(400)
    departement = alea.parmi(contexte.departements, n)
    return pl.DataFrame(
        {
            "numero_contrat": _numeros(contexte, "C", n),
            "type_contrat": alea.parmi(
                ["CAI", "PROTOCOLE_LOGEMENT", "CROUS", "AUTRE"], n, 7, 1, 1, 1
            ),
            "departement": departement,
            "signataire": numeros("Commune ", 1, n, 6),
            "code_insee": departement + pl.Series(alea.entiers(100, 999, n)).cast(pl.String),
            "date_signature": alea.jours(contexte.mois, n),
            "date_fin": masquer(contexte.mois.fin + alea.entiers(1, 1000, n), alea.vrai(0.8, n)),
            "volets": alea.parmi(["LANGUE", "LANGUE, CULTURE", "SPORT, ECHANGES", "LOGEMENT"], n),
            "montant_prevu": alea.entiers(5000, 60_000, n),
            "montant_consomme": masquer(alea.entiers(0, 5000, n), alea.vrai(0.7, n)),
        }
    )


def outils(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """ddcs/outils."""
    n = contexte.part(2000)
    deploye = alea.vrai(0.8, n)
    return pl.DataFrame(
        {
            "numero_outil": _numeros(contexte, "O", n),
            "type_outil": alea.parmi(
                ["CARTOGRAPHIE_FLE", "REPERTOIRE", "METIERS_TENSION", "APPLICATION"], n
            ),
            "nom": numeros(f"Outil {contexte.mois.nom} ", 1, n, 4),
            "departement": masquer(alea.parmi(contexte.departements, n), alea.vrai(0.7, n)),
            "statut": pl.Series(["PREVU", "DEPLOYE"]).gather(deploye.astype(int)),
            "date_deploiement": masquer(alea.jours(contexte.mois, n), deploye),
            "langues": alea.entiers(1, 12, n),
            "mots": alea.entiers(0, 3000, n),
        }
    )


def orientations(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """ddcs/orientations: one day a month, each orientation in some of its territories."""
    cles = pl.DataFrame({"orientation": contexte.orientations}).join(
        pl.DataFrame({"territoire": contexte.territoires}), how="cross"
    )
    n = cles.height
    realise = alea.vrai(0.1, n)
    en_cours = alea.parmi(["A_VENIR", "EN_COURS", "EN_PAUSE", "BLOQUE"], n, 3, 6, 1, 1)
    avancement = np.where(realise, 100, alea.entiers(0, 99, n))
    return cles.with_columns(
        pl.lit(contexte.mois.fin).cast(pl.Date).alias("date_constat"),
        pl.when(pl.Series(realise)).then(pl.lit("REALISE")).otherwise(en_cours).alias("statut"),
        pl.Series("avancement", avancement),
        pl.lit("Service fictif").alias("responsable"),
    ).filter(pl.Series(alea.vrai(0.2, n)))


def equipes_mobiles(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """ars/equipes_mobiles."""
    n = contexte.part(50)
    interventions = alea.entiers(0, 80, n)
    return pl.DataFrame(
        {
            "mois": pl.Series([contexte.mois.nom]).new_from_index(0, n),
            "equipe": numeros("Équipe ", 1, n, 5),
            "type_equipe": alea.parmi(["EMPP", "INTEGRAPSY", "PASS_MOBILE"], n, 8, 1, 2),
            "departement": alea.parmi(contexte.departements, n),
            "situations": alea.entiers(0, 60, n),
            "interventions": interventions,
            "nouveaux_beneficiaires": alea.entiers(0, interventions, n),
        }
    )


def interpretariat(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """ars/interpretariat."""
    structures = pl.DataFrame({"structure": numeros("Structure ", 1, contexte.part(100), 5)})
    structures = structures.with_columns(
        alea.parmi(contexte.departements, structures.height).alias("departement")
    )
    cles = structures.join(pl.DataFrame({"langue": LANGUES}), how="cross")
    n = cles.height
    demandes = alea.entiers(0, 40, n)
    return cles.with_columns(
        pl.lit(contexte.mois.nom).alias("mois"),
        alea.parmi(["TELEPHONE", "PHYSIQUE", "VISIO"], n, 6, 3, 1).alias("mode"),
        pl.Series("demandes", demandes),
        pl.Series("demandes_honorees", alea.entiers(0, demandes, n)),
        pl.Series("duree_minutes", demandes * 40),
    )


def mobilisations(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """logement/mobilisations: every channel of every department, whatever the size."""
    cles = pl.DataFrame({"departement": contexte.departements})
    for nom, codes in (("filiere", FILIERES), ("parc", PARCS), ("zone", ZONES)):
        cles = cles.join(pl.DataFrame({nom: codes}), how="cross")
    n = cles.height
    logements = alea.entiers(0, contexte.part(1000) + 1, n)
    return cles.with_columns(
        pl.lit(contexte.mois.nom).alias("mois"),
        pl.Series("logements_mobilises", logements),
        pl.Series("menages", logements),
        pl.Series("personnes", logements * 2 + alea.entiers(0, logements, n)),
    )


def attributions(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """logement/attributions: every origin of every department, whatever the size."""
    cles = pl.DataFrame({"departement": contexte.departements}).join(
        pl.DataFrame({"origine": ORIGINES}), how="cross"
    )
    return cles.with_columns(
        pl.lit(contexte.mois.nom).alias("mois"),
        pl.Series("attributions", alea.entiers(0, contexte.part(100), cles.height)),
    )


def places(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """logement/places."""
    n = contexte.part(150)
    ouverte = alea.vrai(0.8, n)
    return pl.DataFrame(
        {
            "numero_lot": _numeros(contexte, "L", n),
            "dispositif": alea.parmi(["IML", "CPH", "RESIDENCE_SOCIALE", "FJT"], n, 6, 2, 2, 1),
            "departement": alea.parmi(contexte.departements, n),
            "orientation": alea.parmi(["LOCALE", "NATIONALE", None], n),
            "places": alea.entiers(1, 40, n),
            "annee_objectif": np.full(n, contexte.mois.annee),
            "statut": pl.Series(["CONFIRMEE", "OUVERTE"]).gather(ouverte.astype(int)),
            "date_ouverture": masquer(alea.jours(contexte.mois, n), ouverte),
        }
    )


def avdl(contexte: Contexte, alea: Tirage) -> pl.DataFrame | None:
    """logement/avdl, once a year."""
    if not contexte.fin_d_annee:
        return None
    n = contexte.part(400)
    return pl.DataFrame(
        {
            "annee": np.full(n, contexte.mois.annee),
            "operateur": numeros("Opérateur ", 1, n, 5),
            "departement": alea.parmi(contexte.departements, n),
            "beneficiaires": alea.entiers(1, 120, n),
            "logements_captes": alea.entiers(0, 40, n),
            "personnes_relogees": alea.entiers(0, 60, n),
        }
    )


def oepre(contexte: Contexte, alea: Tirage) -> pl.DataFrame | None:
    """rectorat/oepre, once a year: one row per academy, whatever the size."""
    if not contexte.fin_d_annee:
        return None
    n = len(contexte.academies)
    parents = alea.entiers(500, 6000, n)
    candidats = alea.entiers(0, 100, n)
    annee = contexte.mois.annee
    return pl.DataFrame(
        {
            "annee_scolaire": [f"{annee - 1}-{annee}"] * n,
            "academie": contexte.academies,
            "etablissements": alea.entiers(5, 30, n),
            "groupes": alea.entiers(5, 40, n),
            "ateliers": alea.entiers(50, 500, n),
            "parents": parents,
            "parents_primo_arrivants": alea.entiers(0, parents, n),
            "candidats_dilf": candidats,
            "recus_dilf": alea.entiers(0, candidats, n),
            "candidats_delf": candidats,
            "recus_delf": alea.entiers(0, candidats, n),
        }
    )


def volontr(contexte: Contexte, alea: Tirage) -> pl.DataFrame | None:
    """service_civique/volontr, once a year."""
    if not contexte.fin_d_annee:
        return None
    n = contexte.part(1500)
    return pl.DataFrame(
        {
            "annee": np.full(n, contexte.mois.annee),
            "association": numeros("Association ", 1, n, 5),
            "objectif": alea.entiers(20, 150, n),
            "accueillis": alea.entiers(0, 120, n),
        }
    )


EXTRAITS: dict[str, Callable[[Contexte, Tirage], pl.DataFrame | None]] = {
    "ddcs/projets": projets,
    "ddcs/reunions": reunions,
    "ddcs/designations": designations,
    "ddcs/contrats": contrats,
    "ddcs/outils": outils,
    "ddcs/orientations": orientations,
    "ars/equipes_mobiles": equipes_mobiles,
    "ars/interpretariat": interpretariat,
    "logement/mobilisations": mobilisations,
    "logement/attributions": attributions,
    "logement/places": places,
    "logement/avdl": avdl,
    "rectorat/oepre": oepre,
    "service_civique/volontr": volontr,
}
