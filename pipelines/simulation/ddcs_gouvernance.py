"""Made-up deliveries of the DDCS about governance: meetings held, and structures designated.

The meetings that the 2020 bilan dates or counts are written one by one; only technical committees
are drawn. A designation names a structure, never a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from pipelines.mois import entre
from pipelines.simulation.communs import jour_de, jour_ouvre, mois_de
from pipelines.simulation.ecriture import CLASSEUR, CP1252, UTF8_BOM, Fichier, Ligne, Valeur

REUNIONS = "ddcs/reunions"
COLONNES_REUNIONS = (
    "numero_reunion",
    "niveau",
    "departement",
    "instance",
    "date_reunion",
    "format",
    "participants",
    "ateliers",
    "spe_associes",
    "missions_locales",
    "conseil_regional_present",
    "contractualisation_odj",
)
DESIGNATIONS = "ddcs/designations"
COLONNES_DESIGNATIONS = (
    "numero_designation",
    "departement",
    "structure",
    "fonction",
    "profil",
    "date_designation",
    "date_fin",
)
Reunion = dict[str, Valeur]

REGIONALES = (
    ("COPIL", "2019-05-17", "PRESENTIEL", 64, 0, True),
    ("COPIL", "2020-09-17", "DEMATERIALISE", 90, 4, True),
    ("GROUPE_TRAVAIL", "2020-11-26", "DEMATERIALISE", 31, 2, None),
    ("GROUPE_TRAVAIL", "2021-02-11", "DEMATERIALISE", 28, 2, None),
    ("FORMATION", "2021-03-25", "DEMATERIALISE", 47, 0, None),
    ("COPIL", "2021-04-15", "DEMATERIALISE", 104, 5, True),
    ("FORMATION", "2021-05-20", "MIXTE", 39, 0, None),
    ("GROUPE_TRAVAIL", "2021-06-10", "MIXTE", 25, 1, None),
)
"""Body, day, format, participants, workshops, Conseil régional present."""
COPIL_DEPARTEMENTAUX = (
    ("02", "2019-06-20", True, 3, False, True),
    ("02", "2019-12-05", True, 3, False, True),
    ("60", "2019-10-08", False, 0, False, False),
    ("62", "2019-11-14", True, 8, False, False),
    ("80", "2019-09-26", False, 0, False, False),
    ("02", "2020-02-13", True, 4, True, True),
    ("02", "2020-10-15", True, 4, False, True),
    ("60", "2020-10-06", False, 0, False, True),
    ("62", "2020-02-27", True, 7, False, False),
    ("62", "2020-10-20", True, 9, False, False),
    ("80", "2020-09-29", False, 0, False, None),
    ("59", "2021-03-18", True, 5, True, True),
    ("02", "2021-04-08", True, 4, False, True),
    ("60", "2021-05-18", True, 2, False, True),
    ("62", "2021-04-27", True, 9, True, True),
    ("80", "2021-06-03", False, 1, False, True),
)
"""Department, day, employment service, missions locales, Conseil régional, contracts discussed.

None in the Nord before 2021; in 2020 the employment service only in Aisne and Pas-de-Calais.
"""
CONCERTATIONS = (
    ("02", "2018-11-15", 120, 8),
    ("60", "2018-10-04", 42, 24),
    ("62", "2019-11-21", 110, 6),
    ("80", "2019-10-03", 98, 7),
    ("59", "2021-05-27", 60, 1),
)
"""Department, first meeting, days between two, how many: every six weeks in the Oise."""
RYTHME_DES_COTECH = {"02": 3, "59": 6, "60": 3, "62": 4, "80": 5}
"""Months between two technical committees, from mid-2019 to the end of 2020; then two at most."""
ENVOIS = (
    "2018-12",
    "2019-06",
    "2019-12",
    "2020-06",
    "2020-10",
    "2020-12",
    *entre("2021-01", "2021-06"),
)

REFERENTS = (
    ("02", "Sous-préfecture de Château-Thierry", "SOUS_PREFET", "2019-03-04", "2020-08-31"),
    ("02", "Sous-préfecture de Vervins", "SOUS_PREFET", "2020-09-01", None),
    ("59", "DDCS du Nord", "DDCS_ADJOINT", "2019-04-15", "2021-03-31"),
    ("59", "DDETS du Nord", "DDETS_ADJOINT", "2021-04-01", None),
    ("60", "DDCS de l'Oise", "DDCS", "2019-03-18", "2021-03-31"),
    ("60", "DDETS de l'Oise", "DDETS", "2021-04-01", None),
    ("62", "Préfecture du Pas-de-Calais", "SGA_PREFECTURE", "2019-05-06", None),
    ("80", "DDCS de la Somme", "DDCS_ADJOINT", "2019-04-01", "2021-03-31"),
    ("80", "Sous-préfecture d'Abbeville", "SOUS_PREFET", "2021-04-01", None),
)
"""Department, structure, profile, first and last day: the DDCS become DDETS in April 2021."""
ACTEURS = ("OFII", "Pôle emploi", "Conseil départemental", "CAF", "CPAM", "SIAO", "Mission locale")
REFERENTS_BPI = {
    "02": ("2019-11-04", "2020-06-15", "2021-01-18", "2021-03-15", "2021-05-03"),
    "59": ("2021-02-01", "2021-04-12"),
    "60": ("2020-03-02", "2020-11-16", "2021-03-01", "2021-06-07"),
    "62": ("2020-09-14", "2021-02-15", "2021-05-17"),
    "80": ("2020-10-05", "2021-04-19"),
}
"""The days on which the first actors of each department name a BPI referent."""
CORRESPONDANTS = (
    ("02", "CAF", "2019-09-02"),
    ("60", "CPAM", "2020-01-13"),
    ("62", "SIAO", "2021-02-08"),
)
ENVOIS_DES_DESIGNATIONS = ("2019-06", "2019-12", "2020-06", "2020-12", "2021-03", "2021-06")


def livraisons(alea: Random) -> Iterator[Fichier]:
    """The files of both extracts."""
    yield from _reunions(alea)
    yield from _designations()


def _reunions(alea: Random) -> Iterator[Fichier]:
    tenues = [*_regionales(), *_copil(), *_concertations(), *_cotech(alea)]
    tenues.sort(key=lambda reunion: (_jour(reunion), str(reunion["departement"])))
    envois: dict[str, list[Reunion]] = {mois: [] for mois in ENVOIS}
    for rang, reunion in enumerate(tenues, start=1):
        reunion["numero_reunion"] = f"R{rang:04d}"
        envois[next(mois for mois in ENVOIS if mois >= mois_de(_jour(reunion)))].append(reunion)
    annulee = _copil_departemental("59", "2020-03-12", False, 0, False, None)
    annulee["numero_reunion"] = "R9001"
    envois["2020-06"].append(annulee)
    envois["2020-12"].append({"numero_reunion": "R9001", "retrait": True})
    sans_departement = {**annulee, "numero_reunion": "R9002", "departement": None}
    envois["2019-12"].append({**sans_departement, "date_reunion": date(2019, 12, 3)})
    for mois, lignes in envois.items():
        forme = CLASSEUR if mois in ("2018-12", "2020-12") else UTF8_BOM
        titre = "Réunions de la politique d'intégration (données fictives)"
        yield Fichier(
            REUNIONS, mois, forme, COLONNES_REUNIONS, lignes, titre if forme is CLASSEUR else ""
        )


def _jour(reunion: Reunion) -> date:
    return jour_de(reunion, "date_reunion")


def _regionales() -> Iterator[Reunion]:
    for instance, jour, format_, participants, ateliers, region in REGIONALES:
        yield {
            "niveau": "REGIONAL",
            "departement": None,
            "instance": instance,
            "date_reunion": date.fromisoformat(jour),
            "format": format_,
            "participants": participants,
            "ateliers": ateliers,
            "conseil_regional_present": region,
        }


def _copil() -> Iterator[Reunion]:
    for copil in COPIL_DEPARTEMENTAUX:
        yield _copil_departemental(*copil)


def _copil_departemental(
    departement: str,
    jour: str,
    spe: bool,
    missions_locales: int,
    conseil_regional: bool,
    contractualisation: bool | None,
) -> Reunion:
    return {
        "niveau": "DEPARTEMENTAL",
        "departement": departement,
        "instance": "COPIL",
        "date_reunion": date.fromisoformat(jour),
        "format": "PRESENTIEL" if jour < "2020-03" else "DEMATERIALISE",
        "participants": 18 + 3 * missions_locales,
        "spe_associes": spe,
        "missions_locales": missions_locales,
        "conseil_regional_present": conseil_regional,
        "contractualisation_odj": contractualisation,
    }


def _concertations() -> Iterator[Reunion]:
    for departement, premier, intervalle, nombre in CONCERTATIONS:
        for rang in range(nombre):
            jour = date.fromisoformat(premier) + timedelta(days=intervalle * rang)
            yield _locale(departement, "CONCERTATION_LOGEMENT", jour, 12 + rang % 5)


def _cotech(alea: Random) -> Iterator[Reunion]:
    for departement, rythme in RYTHME_DES_COTECH.items():
        en_2021 = entre("2021-01", "2021-06")[:: min(rythme - 2, 2)]
        for mois in entre("2019-07", "2020-12")[::rythme] + en_2021:
            yield _locale(departement, "COTECH", jour_ouvre(mois, alea), alea.randint(6, 22))


def _locale(departement: str, instance: str, jour: date, participants: int) -> Reunion:
    return {
        "niveau": "DEPARTEMENTAL",
        "departement": departement,
        "instance": instance,
        "date_reunion": jour,
        "format": "PRESENTIEL" if jour < date(2020, 3, 1) else "MIXTE",
        "participants": participants,
    }


def _designations() -> Iterator[Fichier]:
    lignes = [
        _designation(departement, structure, "REFERENT_DEPARTEMENTAL", profil, debut, fin)
        for departement, structure, profil, debut, fin in REFERENTS
    ]
    for departement, jours in REFERENTS_BPI.items():
        for rang, acteur in enumerate(ACTEURS):
            entree = f"2019-{6 + rang % 3:02d}-03" if rang < 5 else "2020-05-04"
            lignes.append(_designation(departement, acteur, "ACTEUR", None, entree, None))
            if rang < len(jours):
                lignes.append(
                    _designation(departement, acteur, "REFERENT_BPI", None, jours[rang], None)
                )
    lignes += [
        _designation(departement, structure, "CORRESPONDANT_LOCAL", "AUTRE", debut, None)
        for departement, structure, debut in CORRESPONDANTS
    ]
    numerotees = [
        {**ligne, "numero_designation": f"D{rang:03d}"}
        for rang, ligne in enumerate(lignes, start=1)
    ]
    envois: dict[str, list[Ligne]] = {mois: [] for mois in ENVOIS_DES_DESIGNATIONS}
    for ligne in numerotees:
        debut = _envoi(jour_de(ligne, "date_designation"))
        fin = _envoi(jour_de(ligne, "date_fin")) if ligne["date_fin"] else debut
        if fin > debut:
            envois[debut].append({**ligne, "date_fin": None})
        envois[fin].append(ligne)
    for mois, envoyees in envois.items():
        yield Fichier(DESIGNATIONS, mois, CP1252, COLONNES_DESIGNATIONS, envoyees)


def _envoi(jour: date) -> str:
    """The delivery of designations that first covers a day."""
    return next(mois for mois in ENVOIS_DES_DESIGNATIONS if mois >= mois_de(jour))


def _designation(
    departement: str, structure: str, fonction: str, profil: str | None, debut: str, fin: str | None
) -> dict[str, Valeur]:
    return {
        "departement": departement,
        "structure": structure,
        "fonction": fonction,
        "profil": profil,
        "date_designation": date.fromisoformat(debut),
        "date_fin": date.fromisoformat(fin) if fin else None,
    }
