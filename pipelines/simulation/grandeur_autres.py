"""Made-up rows of the fourteen other extracts, in proportion to the CIR signatories.

Each function returns a month's rows of one extract, or None where it delivers nothing that month.
All rows keep the rules of the contracts, and what one would expect besides; nothing is calibrated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.simulation.communs import siret
from pipelines.simulation.tirages import Mois, Tirage, masquer, numeros

LANGUES = ("ara", "prs", "pus", "tir", "ckb", "sqi", "rus", "som", "ben", "lin")
FILIERES = ("PLAN_LOGEMENT", "REINSTALLATION", "MOBILITE_NATIONALE")
OUTILS_AU_PLUS = 20
"""New rows a month of the register of tools."""
TYPES_D_OUTIL = (
    "CARTOGRAPHIE_FLE",
    "REPERTOIRE",
    "DOCUMENT_DISPOSITIFS",
    "DOCUMENT_DROIT_COMMUN",
    "DOCUMENT_FINANCEMENTS",
    "METIERS_TENSION",
    "APPLICATION",
)
PARCS = ("SOCIAL", "PRIVE", "RESIDENCE")
ZONES = ("GRANDE_VILLE", "AUTRE")
AXES = (
    "LANGUE",
    "DROITS",
    "EMPLOI",
    "LOGEMENT",
    "SANTE",
    "CULTURE_SPORT",
    "GLOBAL",
    "GARDE_ENFANTS",
)
DISPOSITIFS = (
    {"LANGUE": "PIAL", "LOGEMENT": "SAS", "GLOBAL": "AILE"},
    {"LANGUE": "ALPHABETISATION", "LOGEMENT": "AVDL-R", "GLOBAL": "PPL-SAREF"},
)
"""The schemes of an axis, of which a project has one or none."""
DISPOSITIFS_DE_PLACES = (
    "IML",
    "CPH",
    "RESIDENCE_SOCIALE",
    "PENSION_FAMILLE",
    "FJT",
    "SAS",
    "COLOCATION_JEUNES",
)
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
    axe = alea.parmi(AXES, n, 60, 6, 8, 8, 5, 6, 5, 2)
    langue, emploi = (axe == "LANGUE").to_numpy(), axe.is_in(["EMPLOI", "GLOBAL"]).to_numpy()
    un, autre = (axe.replace_strict(d, default=None, return_dtype=pl.String) for d in DISPOSITIFS)
    dispositif = un.zip_with(pl.Series(alea.vrai(0.5, n)), autre)
    statut = alea.parmi(["FINANCE", "EN_COURS", "TERMINE", "ABANDONNE"], n, 3, 4, 6, 1)
    connus = statut.is_in(["EN_COURS", "TERMINE"]).to_numpy()
    prevus = alea.entiers(10, 60, n)
    realises = prevus * alea.entiers(50, 120, n) // 100
    jeune = alea.vrai(0.1, n)
    moins_25 = np.where(jeune, realises, alea.entiers(0, realises // 2, n))
    accompagnes = alea.entiers(realises // 2, realises, n)

    def sur(part: int) -> pl.Series:
        """People helped towards work, one in so many of them at most."""
        return masquer(alea.entiers(0, accompagnes // part, n), connus & emploi)

    jeunes_insertion = np.minimum(alea.entiers(0, accompagnes // 3, n), moins_25)
    return pl.DataFrame(
        {
            "exercice": np.full(n, contexte.mois.annee),
            "numero_projet": _numeros(contexte, "P", n),
            "departement": alea.parmi(contexte.departements, n),
            "action": masquer(alea.parmi(["12", "15"], n), ~emploi).fill_null("15"),
            "porteur": numeros("Association ", 1, n, 6),
            "siret": alea.parmi([siret(rang) for rang in range(200)], n),
            "intitule": numeros("Projet ", 1, n, 6),
            "dispositif": masquer(dispositif, alea.vrai(0.5, n)),
            "axe": axe,
            "visee_professionnelle": masquer(alea.vrai(0.2, n), langue),
            "public_jeune": jeune,
            "charge_securisation": alea.vrai(0.1, n),
            "referent_logement": alea.vrai(0.3, n),
            "montant_accorde": alea.entiers(16, 120, n) * 500,
            "beneficiaires_prevus": prevus,
            "beneficiaires_realises": masquer(realises, connus),
            "dont_moins_25": masquer(moins_25, connus),
            "heures_formation": masquer(alea.entiers(50, 900, n), connus & langue),
            "accompagnes_emploi": masquer(accompagnes, connus & emploi),
            "reprises_etudes": sur(6),
            "entrees_formation": sur(4),
            "sorties_emploi": sur(3),
            "jeunes_insertion": masquer(jeunes_insertion, connus & emploi),
            "heberges": sur(4),
            "statut": statut,
        }
    )


def reunions(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """ddcs/reunions."""
    n = contexte.part(250)
    locale = alea.vrai(0.9, n)
    instance = pl.select(
        pl.when(pl.Series(locale))
        .then(alea.parmi(["COPIL", "COTECH", "CONCERTATION_LOGEMENT"], n, 2, 5, 3))
        .otherwise(alea.parmi(["COPIL", "GROUPE_TRAVAIL", "FORMATION"], n))
    ).to_series()
    copil = (instance == "COPIL").to_numpy()
    spe = alea.vrai(0.6, n)
    return pl.DataFrame(
        {
            "numero_reunion": _numeros(contexte, "R", n),
            "niveau": pl.Series(["REGIONAL", "DEPARTEMENTAL"]).gather(locale.astype(int)),
            "departement": masquer(alea.parmi(contexte.departements, n), locale),
            "instance": instance,
            "date_reunion": alea.jours(contexte.mois, n),
            "format": alea.parmi(["PRESENTIEL", "DEMATERIALISE", "MIXTE", None], n),
            "participants": alea.entiers(3, 90, n),
            "ateliers": masquer(alea.entiers(0, 5, n), ~locale),
            "spe_associes": masquer(spe, copil & locale),
            "missions_locales": masquer(np.where(spe, alea.entiers(0, 9, n), 0), copil & locale),
            "conseil_regional_present": masquer(alea.parmi([True, False, None], n), copil),
            "contractualisation_odj": masquer(alea.parmi([True, False, None], n), copil & locale),
        }
    )


def designations(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """ddcs/designations."""
    n = contexte.part(400)
    fonction = alea.parmi(
        ["REFERENT_DEPARTEMENTAL", "CORRESPONDANT_LOCAL", "REFERENT_BPI", "ACTEUR"], n, 1, 3, 4, 8
    )
    service = "DDCS" if contexte.mois.nom < "2021-04" else "DDETS"
    profils = [service, f"{service}_ADJOINT", "SGA_PREFECTURE", "SOUS_PREFET"]
    return pl.DataFrame(
        {
            "numero_designation": _numeros(contexte, "D", n),
            "departement": alea.parmi(contexte.departements, n),
            "structure": alea.parmi([f"Structure {rang:03d}" for rang in range(300)], n),
            "fonction": fonction,
            "profil": masquer(alea.parmi(profils, n), fonction == "REFERENT_DEPARTEMENTAL"),
            "date_designation": alea.jours(contexte.mois, n),
            "date_fin": masquer(contexte.mois.fin + alea.entiers(1, 700, n), alea.vrai(0.2, n)),
        }
    )


def contrats(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """ddcs/contrats."""
    n = contexte.part(400)
    departement = alea.parmi(contexte.departements, n)
    genre = alea.parmi(["CAI", "PROTOCOLE_LOGEMENT", "CROUS", "AUTRE"], n, 7, 1, 1, 1)
    cai = (genre == "CAI").to_numpy()
    prevu = alea.entiers(10, 60, n) * 1000
    return pl.DataFrame(
        {
            "numero_contrat": _numeros(contexte, "C", n),
            "type_contrat": genre,
            "departement": departement,
            "signataire": numeros("Commune ", 1, n, 6),
            "code_insee": departement + pl.Series(alea.entiers(100, 999, n)).cast(pl.String),
            "date_signature": alea.jours(contexte.mois, n),
            "date_fin": masquer(contexte.mois.fin + alea.entiers(360, 1100, n), alea.vrai(0.8, n)),
            "volets": alea.parmi(["LANGUE", "LANGUE, CULTURE", "SPORT, ECHANGES", "LOGEMENT"], n),
            "montant_prevu": masquer(prevu, cai),
            "montant_consomme": masquer(
                prevu * alea.entiers(30, 100, n) // 100, cai & alea.vrai(0.7, n)
            ),
        }
    )


def outils(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """ddcs/outils: a register, which does not grow without end; each tool is a modality."""
    n = min(contexte.part(2000), OUTILS_AU_PLUS)
    statut = alea.parmi(["PREVU", "DEPLOYE", "RETIRE"], n, 2, 7, 1)
    retire = (statut == "RETIRE").to_numpy()
    jour = alea.jours(contexte.mois, n)
    return pl.DataFrame(
        {
            "numero_outil": _numeros(contexte, "O", n),
            "type_outil": alea.parmi(TYPES_D_OUTIL, n),
            "nom": numeros(f"Outil {contexte.mois.nom} ", 1, n, 4),
            "departement": masquer(alea.parmi(contexte.departements, n), alea.vrai(0.7, n)),
            "statut": statut,
            "date_deploiement": masquer(
                jour - np.where(retire, alea.entiers(30, 700, n), 0), statut != "PREVU"
            ),
            "date_retrait": masquer(jour, retire),
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
        pl.lit("Constat fictif").alias("commentaire"),
    ).filter(pl.Series(alea.vrai(0.2, n)))


def equipes_mobiles(contexte: Contexte, alea: Tirage) -> pl.DataFrame:
    """ars/equipes_mobiles."""
    n = contexte.part(50)
    interventions = alea.entiers(0, 80, n)
    genre = alea.parmi(["EMPP", "INTEGRAPSY", "PASS_MOBILE"], n, 8, 1, 2)
    return pl.DataFrame(
        {
            "mois": pl.Series([contexte.mois.nom]).new_from_index(0, n),
            "equipe": numeros("Équipe ", 1, n, 5),
            "type_equipe": genre,
            "departement": alea.parmi(contexte.departements, n),
            "situations": masquer(alea.entiers(0, interventions, n), genre == "EMPP"),
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
    honorees = alea.entiers(demandes * 7 // 10, demandes, n)
    return cles.with_columns(
        pl.lit(contexte.mois.nom).alias("mois"),
        alea.parmi(["TELEPHONE", "PHYSIQUE", "VISIO"], n, 6, 3, 1).alias("mode"),
        pl.Series("demandes", demandes),
        pl.Series("demandes_honorees", honorees),
        pl.Series("duree_minutes", honorees * alea.entiers(25, 60, n)),
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
        pl.Series("menages", logements + (alea.vrai(0.1, n) & (logements > 0))),
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
    dispositif = alea.parmi(DISPOSITIFS_DE_PLACES, n, 12, 4, 4, 3, 2, 1, 1)
    statut = alea.parmi(["OUVERTE", "FERMEE", "CONFIRMEE", "REPORTEE"], n, 30, 2, 5, 3)
    fermee = (statut == "FERMEE").to_numpy()
    jour = alea.jours(contexte.mois, n)
    ouverture = jour - np.where(fermee, alea.entiers(180, 900, n), 0)
    return pl.DataFrame(
        {
            "numero_lot": _numeros(contexte, "L", n),
            "dispositif": dispositif,
            "departement": alea.parmi(contexte.departements, n),
            "gestionnaire": alea.parmi([f"Gestionnaire {rang:02d}" for rang in range(1, 41)], n),
            "orientation": masquer(
                alea.parmi(["LOCALE", "NATIONALE", None], n), dispositif == "CPH"
            ),
            "places": alea.entiers(1, 40, n),
            "annee_objectif": pl.Series(ouverture).dt.year(),
            "statut": statut,
            "date_ouverture": masquer(ouverture, statut.is_in(["OUVERTE", "FERMEE"])),
            "date_fermeture": masquer(jour, fermee),
        }
    )


def avdl(contexte: Contexte, alea: Tirage) -> pl.DataFrame | None:
    """logement/avdl, once a year."""
    if not contexte.fin_d_annee:
        return None
    n = contexte.part(400)
    beneficiaires = alea.entiers(1, 120, n)
    logements = alea.entiers(beneficiaires // 5, beneficiaires // 2, n)
    return pl.DataFrame(
        {
            "annee": np.full(n, contexte.mois.annee),
            "operateur": numeros("Opérateur ", 1, n, 5),
            "departement": alea.parmi(contexte.departements, n),
            "beneficiaires": beneficiaires,
            "logements_captes": logements,
            "personnes_relogees": alea.entiers(logements, beneficiaires, n),
        }
    )


def oepre(contexte: Contexte, alea: Tirage) -> pl.DataFrame | None:
    """rectorat/oepre, once a year: one row per academy, whatever the size."""
    if not contexte.fin_d_annee:
        return None
    n = len(contexte.academies)
    parents = alea.entiers(500, 6000, n)
    dilf, delf = alea.entiers(0, 100, n), alea.entiers(0, 100, n)
    annee = contexte.mois.annee
    return pl.DataFrame(
        {
            "annee_scolaire": [f"{annee - 1}-{annee}"] * n,
            "academie": contexte.academies,
            "etablissements": alea.entiers(5, 30, n),
            "groupes": alea.entiers(5, 40, n),
            "ateliers": alea.entiers(50, 500, n),
            "parents": parents,
            "parents_primo_arrivants": alea.entiers(parents // 4, parents // 2, n),
            "candidats_dilf": dilf,
            "recus_dilf": alea.entiers(dilf * 8 // 10, dilf, n),
            "candidats_delf": delf,
            "recus_delf": alea.entiers(delf * 6 // 10, delf, n),
        }
    )


def volontr(contexte: Contexte, alea: Tirage) -> pl.DataFrame | None:
    """service_civique/volontr, once a year."""
    if not contexte.fin_d_annee:
        return None
    n = contexte.part(1500)
    objectif = alea.entiers(20, 150, n)
    return pl.DataFrame(
        {
            "annee": np.full(n, contexte.mois.annee),
            "association": numeros("Association ", 1, n, 5),
            "objectif": objectif,
            "accueillis": objectif * alea.entiers(40, 105, n) // 100,
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
