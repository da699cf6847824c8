"""Made-up deliveries of the DDCS: contracts signed, tools shared, progress that services declare.

Towns engaged up to December 2020, FACT and Siilab are those that the 2020 bilan names; the rest,
amounts, and all that comes after, are fiction.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from pipelines.mois import entre
from pipelines.simulation.communs import jour_de, mois_de
from pipelines.simulation.ecriture import CLASSEUR, CP1252, TABULATION, UTF8_BOM, Fichier, Valeur

CONTRATS = "ddcs/contrats"
COLONNES_CONTRATS = (
    "numero_contrat",
    "type_contrat",
    "departement",
    "signataire",
    "code_insee",
    "date_signature",
    "date_fin",
    "volets",
    "montant_prevu",
    "montant_consomme",
)
OUTILS = "ddcs/outils"
COLONNES_OUTILS = (
    "numero_outil",
    "type_outil",
    "nom",
    "departement",
    "statut",
    "date_deploiement",
    "date_retrait",
    "langues",
    "mots",
)
ORIENTATIONS = "ddcs/orientations"
COLONNES_ORIENTATIONS = (
    "orientation",
    "territoire",
    "date_constat",
    "statut",
    "avancement",
    "responsable",
    "commentaire",
)

LES_CONTRATS = (
    (
        "PROTOCOLE_LOGEMENT",
        "02",
        "État, opérateurs et bailleurs de l'Aisne",
        None,
        "2018-06-12",
        "",
    ),
    ("CAI", "02", "Ville d'Hirson", "02381", "2019-05-23", "LANGUE, CULTURE, SPORT"),
    ("CAI", "02", "Ville de Sissonne", "02720", "2019-06-13", "LANGUE, ECHANGES"),
    ("CROUS", "59", "CROUS de Lille", None, "2019-09-05", "LOGEMENT"),
    ("CAI", "02", "Ville de Laon", "02408", "2019-09-19", "LANGUE, CULTURE, SPORT, ECHANGES"),
    ("CAI", "02", "Commune de Pinon", "02602", "2019-11-07", "LANGUE, SPORT"),
    ("CAI", "59", "Ville de Lille", "59350", "2019-12-16", "LANGUE, CULTURE, LOGEMENT"),
    ("CAI", "02", "Commune d'Anizy-le-Grand", "02018", "2020-02-06", "LANGUE, CULTURE"),
    ("CAI", "02", "Ville de Soissons", "02722", "2020-07-09", "LANGUE, CULTURE, SPORT"),
    ("CAI", "02", "Commune d'Essômes-sur-Marne", "02290", "2020-10-22", "ECHANGES"),
    ("AUTRE", "80", "Amiens Métropole", None, "2020-11-05", ""),
    ("CAI", "60", "Ville de Chantilly", "60141", "2020-12-10", "LANGUE, CULTURE, SPORT"),
    ("CROUS", "59", "CROUS de Lille", None, "2021-02-18", "LOGEMENT"),
    ("CAI", "62", "Ville d'Arras", "62041", "2021-03-25", "LANGUE, CULTURE"),
    ("PROTOCOLE_LOGEMENT", "60", "État et bailleurs de l'Oise", None, "2021-04-29", "LOGEMENT"),
    ("CAI", "80", "Ville d'Amiens", "80021", "2021-05-20", "LANGUE, SPORT, LOGEMENT"),
    ("CROUS", "80", "CROUS d'Amiens", None, "2021-06-08", "LOGEMENT"),
)
"""Type, department, signatory, commune, day, parts: 7 in the Aisne, Lille and Chantilly by 2020.

The first convention with the CROUS of Lille has ended when the second is signed.
"""
DUREES = {"CAI": 3, "CROUS": 1}
"""Years after that of the signature at the end of which a contract ends."""
ENVOIS_DES_CONTRATS = ("2018-12", "2019-06", "2019-12", "2020-06", "2020-12", "2021-03", "2021-06")

LES_OUTILS = (
    ("2018-12", "CARTOGRAPHIE_FLE", "Annuaire papier", "59", "DEPLOYE", "2018-03-01", 1, None),
    ("2019-12", "CARTOGRAPHIE_FLE", "Annuaire papier", "59", "RETIRE", "2018-03-01", 1, None),
    ("2019-12", "CARTOGRAPHIE_FLE", "Carte FLE Aisne", "02", "DEPLOYE", "2019-11-12", 3, None),
    ("2020-12", "APPLICATION", "FACT", None, "DEPLOYE", "2020-02-17", 8, 1000),
    ("2020-12", "APPLICATION", "Siilab", None, "DEPLOYE", "2020-05-04", None, None),
    ("2020-12", "CARTOGRAPHIE_FLE", "Site FLE Somme", "80", "PREVU", None, None, None),
    ("2020-12", "METIERS_TENSION", "Métiers de l'Oise", "60", "DEPLOYE", "2020-12-07", None, None),
    ("2021-03", "REPERTOIRE", "Répertoire régional", None, "PREVU", None, None, None),
    ("2021-03", "DOCUMENT_DISPOSITIFS", "Guide des dispositifs", None, "PREVU", None, None, None),
    ("2021-06", "CARTOGRAPHIE_FLE", "Site FLE Somme", "80", "DEPLOYE", "2021-04-06", None, None),
    ("2021-06", "REPERTOIRE", "Répertoire régional", None, "DEPLOYE", "2021-05-31", None, None),
    (
        "2021-06",
        "DOCUMENT_DISPOSITIFS",
        "Guide des dispositifs",
        None,
        "DEPLOYE",
        "2021-06-15",
        2,
        None,
    ),
    ("2021-06", "DOCUMENT_FINANCEMENTS", "Financer un projet", None, "PREVU", None, None, None),
    ("2021-06", "DOCUMENT_DROIT_COMMUN", "Mes droits", "62", "DEPLOYE", "2021-05-10", 5, None),
    ("2021-06", "METIERS_TENSION", "Métiers 62", "62", "DEPLOYE", "2021-06-01", None, None),
)
"""Delivery, type, name, department, status, deployment, languages, words."""
RETRAIT_DE_L_ANNUAIRE = date(2019, 11, 30)

CONSTATS = (
    ("2021-01", "o11_fle_des_le_dna", "D59", "A_VENIR", 0.0, "DDCS du Nord", None),
    ("2021-01", "o12_1000_vae", "R32", "EN_COURS", 10.0, "DRDJSCS", "Contacts pris avec l'AFPA"),
    ("2021-01", "o23_certification_ambassadeurs", "R32", "EN_COURS", 20.0, "SGAR", None),
    ("2021-02", "o11_fle_des_le_dna", "D02", "EN_COURS", 25.0, "DDCS de l'Aisne", None),
    ("2021-02", "o12_vae_sans_frontieres", "D59", "EN_COURS", 15.0, "DDCS du Nord", None),
    ("2021-02", "o13_appropriation_fact", "R32", "EN_COURS", 40.0, "DIRECCTE", None),
    ("2021-02", "o11_oepre_chefs_etablissement", "R32", "EN_PAUSE", 30.0, "Rectorats", "Covid"),
    ("2021-03", "o11_fle_des_le_dna", "R32", "EN_COURS", 20.0, "DRDJSCS", None),
    ("2021-03", "o12_vae_sans_frontieres", "D60", "EN_COURS", 30.0, "DDCS de l'Oise", None),
    ("2021-03", "o12_1000_vae", "R32", "EN_COURS", 35.0, "DREETS", "Douze parcours engagés"),
    ("2021-03", "o6_charge_securisation_parcours", "D60", "REALISE", 100.0, "DDCS de l'Oise", None),
    ("2021-04", "o11_fle_des_le_dna", "D02", "EN_COURS", 60.0, "DDETS de l'Aisne", None),
    ("2021-04", "o11_fle_des_le_dna", "D80", "BLOQUE", 10.0, "DDETS de la Somme", "Sans crédits"),
    ("2021-04", "o12_vae_sans_frontieres", "D62", "A_VENIR", None, "DDETS 62", None),
    ("2021-05", "o11_oepre_chefs_etablissement", "R32", "EN_COURS", 55.0, "Rectorats", None),
    ("2021-05", "o12_vae_sans_frontieres", "D59", "EN_COURS", 50.0, "DDETS du Nord", None),
    ("2021-05", "o13_appropriation_fact", "R32", "EN_COURS", 70.0, "DREETS", None),
    ("2021-05", "o23_certification_ambassadeurs", "R32", "EN_PAUSE", 20.0, "SGAR", None),
    ("2021-06", "o23_reconnaissance_ambassadeurs", "R32", "REALISE", 100.0, "SGAR", "20 juin"),
    ("2021-06", "o11_fle_des_le_dna", "D60", "EN_COURS", 35.0, "DDETS de l'Oise", None),
    ("2021-06", "o12_vae_sans_frontieres", "D80", "ABANDONNE", None, "DDETS de la Somme", None),
    ("2021-06", "o19_referent_logement", "D60", "EN_COURS", 30.0, "DDETS de l'Oise", None),
)
"""Month, orientation, territory, status, progress, service, comment: at the 20th of the month."""


def livraisons(alea: Random) -> Iterator[Fichier]:
    """The files of the three extracts."""
    yield from _contrats(alea)
    yield from _outils()
    yield from _orientations()


def _contrats(alea: Random) -> Iterator[Fichier]:
    lignes: list[dict[str, Valeur]] = []
    for rang, (type_, departement, signataire, code, jour, volets) in enumerate(LES_CONTRATS, 1):
        signature = date.fromisoformat(jour)
        prevu = float(alea.randint(10, 60) * 1000) if type_ == "CAI" else None
        fin = date(signature.year + DUREES[type_], 12, 31) if type_ in DUREES else None
        lignes.append(
            {
                "numero_contrat": f"C{rang:03d}",
                "type_contrat": type_,
                "departement": departement,
                "signataire": signataire,
                "code_insee": code,
                "date_signature": signature,
                "date_fin": fin,
                "volets": volets or None,
                "montant_prevu": prevu,
                "montant_consomme": round(prevu * alea.uniform(0.5, 0.95), 2)
                if prevu and signature.year < 2021
                else None,
            }
        )
    precedent = ""
    for mois in ENVOIS_DES_CONTRATS:
        envoi = [ligne for ligne in lignes if precedent < _mois(ligne) <= mois]
        if mois == "2019-06":
            envoi.append({**envoi[0], "numero_contrat": "C901", "volets": "LANGUE, MUSIQUE"})
        if mois == "2020-06":
            envoi += [
                {**ligne, "montant_consomme": ligne["montant_prevu"]}
                for ligne in lignes
                if ligne["type_contrat"] == "CAI" and _mois(ligne) < "2019-10"
            ]
        yield Fichier(CONTRATS, mois, CP1252, COLONNES_CONTRATS, envoi)
        precedent = mois


def _mois(ligne: dict[str, Valeur]) -> str:
    return mois_de(jour_de(ligne, "date_signature"))


def _outils() -> Iterator[Fichier]:
    noms = list(dict.fromkeys(nom for _, _, nom, *_ in LES_OUTILS))
    for rang, envoi in enumerate(("2018-12", "2019-12", "2020-12", "2021-03", "2021-06")):
        lignes: list[dict[str, Valeur]] = [
            {
                "numero_outil": f"O{noms.index(nom) + 1:02d}",
                "type_outil": type_,
                "nom": nom,
                "departement": departement,
                "statut": statut,
                "date_deploiement": date.fromisoformat(jour) if jour else None,
                "date_retrait": RETRAIT_DE_L_ANNUAIRE if statut == "RETIRE" else None,
                "langues": langues,
                "mots": mots,
            }
            for mois, type_, nom, departement, statut, jour, langues, mots in LES_OUTILS
            if mois == envoi
        ]
        forme = (UTF8_BOM, TABULATION, CLASSEUR)[rang % 3]
        titre = "Outils et documents partagés (données fictives)" if forme is CLASSEUR else ""
        yield Fichier(OUTILS, envoi, forme, COLONNES_OUTILS, lignes, titre)


def _orientations() -> Iterator[Fichier]:
    for rang, envoi in enumerate(entre("2021-01", "2021-06")):
        jour = date.fromisoformat(f"{envoi}-20")
        lignes: list[dict[str, Valeur]] = [
            dict(
                zip(
                    COLONNES_ORIENTATIONS,
                    (orientation, territoire, jour, statut, avancement, service, commentaire),
                    strict=True,
                )
            )
            for mois, orientation, territoire, statut, avancement, service, commentaire in CONSTATS
            if mois == envoi
        ]
        if envoi == "2021-02":
            lignes.append({**lignes[0], "orientation": "o11_fle_partout"})
        forme = (UTF8_BOM, CP1252, CLASSEUR)[rang % 3]
        titre = "Avancement déclaré des orientations (données fictives)" if rang % 3 == 2 else ""
        yield Fichier(ORIENTATIONS, envoi, forme, COLONNES_ORIENTATIONS, lignes, titre)
