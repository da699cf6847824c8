"""Made-up deliveries of the OFII: CIR signatories, one row per contract, delivered every month.

A contract is delivered in the month of its signature, and again when its training ends: the French
courses, or the civic training alone for who needs no course. The year 2019 has exactly the numbers
that the 2020 bilan prints. No number belongs to anyone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from pipelines.mois import decaler, entre
from pipelines.simulation.communs import jour_de, jour_ouvre, mois_de, repartir
from pipelines.simulation.ecriture import (
    CLASSEUR,
    CP1252,
    TABULATION,
    UTF8_BOM,
    Fichier,
    Forme,
    Valeur,
)

EXTRAIT = "ofii/cir_signataires"
COLONNES = (
    "numero_cir",
    "numero_etranger",
    "departement",
    "date_titre",
    "date_convocation",
    "date_signature",
    "sexe",
    "date_naissance",
    "nationalite",
    "motif_admission",
    "bpi",
    "niveau_initial",
    "heures_prescrites",
    "heures_realisees",
    "date_fin_formation",
    "niveau_atteint",
    "jours_formation_civique",
)
PREMIER, DERNIER = "2018-12", "2021-06"
DOUBLEMENT_DES_HEURES = date(2019, 3, 1)
FIN_DU_BILAN = date(2020, 12, 31)
"""The 2020 bilan knows the results of the trainings that have ended by then."""


@dataclass(frozen=True)
class Annee:
    """What a year's contracts add up to. `motifs` and `moins_25` split the profiled ones."""

    annee: int
    contrats: int
    hommes: int
    femmes: int
    moins_25: int
    motifs: tuple[tuple[str, int], ...]
    poids_des_mois: tuple[float, ...]
    niveau_a1: int | None = None


ANNEES = (
    Annee(
        2018, 5236, 2391, 2299, 1198,
        (("ECO", 204), ("FAM", 2910), ("AUT", 318), ("HUM", 1258)),
        (1.0, 0.9, 1.1, 1.0, 0.9, 1.1, 1.0, 0.6, 1.1, 1.2, 1.1, 0.8),
        niveau_a1=2208,
    ),
    Annee(
        2019, 5915, 2591, 2462, 1309,
        (("ECO", 226), ("FAM", 2817), ("AUT", 331), ("HUM", 1679)),
        (1.0, 1.0, 1.0, 1.1, 0.9, 1.0, 1.1, 0.6, 1.1, 1.2, 1.0, 0.8),
        niveau_a1=2452,
    ),
    Annee(
        2020, 3984, 1825, 1795, 921,
        (("ECO", 171), ("FAM", 1966), ("AUT", 226), ("HUM", 1257)),
        (1.2, 1.1, 0.6, 0.05, 0.2, 0.9, 1.1, 0.6, 1.3, 1.3, 0.9, 0.9),
    ),
    Annee(
        2021, 2570, 1182, 1138, 603,
        (("ECO", 119), ("FAM", 1240), ("AUT", 141), ("HUM", 820)),
        (1.0, 1.0, 1.1, 0.9, 0.8, 1.1),
    ),
)  # fmt: skip
POIDS_DES_DEPARTEMENTS = {"02": 7.0, "59": 51.0, "60": 17.0, "62": 13.0, "80": 12.0}
NATIONALITES = {
    "ECO": ("MAR", "TUN", "DZA", "BRA", "CHN", "IND"),
    "FAM": ("DZA", "MAR", "TUN", "COD", "CMR", "CIV", "TUR", "SEN"),
    "AUT": ("GIN", "COD", "DZA", "ALB", "MLI", "COM"),
    "HUM": ("AFG", "SDN", "SYR", "GIN", "ERI", "IRQ", "COD", "LKA", "RUS"),
}
PROFIL = ("sexe", "date_naissance", "nationalite", "motif_admission", "bpi")
AMIENS = ("02", "60", "80")
SUITE = "suite"
"""The day of a contract's last news, which is a column of no file."""
Contrat = dict[str, Valeur]
Envois = dict[str, list[Contrat]]


def livraisons(alea: Random) -> Iterator[Fichier]:
    """Every file of the extract, with its faults: see raw/README.md for the list."""
    envois: Envois = {mois: [] for mois in entre(PREMIER, DERNIER)}
    contrats = [contrat for annee in ANNEES for contrat in _contrats(annee, alea)]
    for contrat in contrats:
        _nuancer(contrat, alea)
        _envoyer(contrat, envois)
    _profils_tardifs(envois)
    _departements_corriges(envois)
    _doublons_retires(envois)
    _fautes_puis_corrections(envois)
    for mois, lignes in envois.items():
        yield from _fichiers(mois, lignes)


def _contrats(annee: Annee, alea: Random) -> list[Contrat]:
    """The year's contracts as finally known, in the order of their signatures."""
    repartition = repartir(annee.contrats, annee.poids_des_mois)
    signatures = sorted(
        jour_ouvre(f"{annee.annee}-{numero:02d}", alea)
        for numero, nombre in enumerate(repartition, start=1)
        for _ in range(nombre)
    )
    departements = alea.choices(
        list(POIDS_DES_DEPARTEMENTS), list(POIDS_DES_DEPARTEMENTS.values()), k=annee.contrats
    )
    etrangers = alea.sample(range(10**6), annee.contrats)
    profils = _profils(annee, alea)
    contrats: list[Contrat] = []
    for rang, signature in enumerate(signatures):
        convocation = signature - timedelta(days=int(alea.triangular(7, 45, 18)))
        profil, age = profils[rang]
        contrats.append(
            {
                "numero_cir": f"HDF{annee.annee % 100}{rang + 1:05d}",
                "numero_etranger": f"99{annee.annee % 100}{etrangers[rang]:06d}",
                "departement": departements[rang],
                "date_titre": convocation - timedelta(days=int(alea.triangular(10, 120, 35))),
                "date_convocation": convocation if alea.random() > 0.03 else None,
                "date_signature": signature,
                **profil,
                "date_naissance": None if age is None else _naissance(signature, age, alea),
                **_parcours(signature, alea),
            }
        )
    _attribuer_niveaux(contrats, annee, alea)
    return contrats


def _profils(annee: Annee, alea: Random) -> list[tuple[Contrat, int | None]]:
    """Sex, nationality, motive, protection, and the age at signature: shuffled, some unknown."""
    connus = annee.hommes + annee.femmes
    sexes = ["H"] * annee.hommes + ["F"] * annee.femmes
    jeunes = [True] * annee.moins_25 + [False] * (connus - annee.moins_25)
    motifs = [code for code, nombre in annee.motifs for _ in range(nombre)]
    alea.shuffle(sexes)
    alea.shuffle(jeunes)
    alea.shuffle(motifs)
    profils: list[tuple[Contrat, int | None]] = []
    for sexe, jeune, motif in zip(sexes, jeunes, motifs, strict=True):
        profil: Contrat = {
            "sexe": sexe,
            "nationalite": alea.choice(NATIONALITES[motif]),
            "motif_admission": motif,
            "bpi": motif == "HUM" and alea.random() < 0.98,
        }
        age = alea.randint(18, 24) if jeune else int(alea.triangular(25, 68, 29))
        profils.append((profil, age))
    profils += [(dict.fromkeys(PROFIL), None) for _ in range(annee.contrats - connus)]
    alea.shuffle(profils)
    return profils


def _naissance(signature: date, age: int, alea: Random) -> date:
    """A birth date that makes `age` full years at the signature."""
    anniversaire = date(signature.year - age, signature.month, min(signature.day, 28))
    return anniversaire - timedelta(days=alea.randint(0, 360))


def _parcours(signature: date, alea: Random) -> Contrat:
    """Initial level, hours prescribed and done, end of training: nothing to do for one in five."""
    double = signature >= DOUBLEMENT_DES_HEURES
    civique = alea.choices((4, 3, 2), (8, 1, 1))[0] if double else 2
    if alea.random() < 0.22:
        niveau = alea.choices(("A1", "A2", "B1"), (6, 3, 1))[0]
        return {
            "niveau_initial": niveau,
            "heures_prescrites": 0,
            "niveau_atteint": niveau,
            "jours_formation_civique": civique,
        }
    palier = alea.choices((0, 1, 2, 3), (35, 38, 22, 5))[0]
    heures = (100, 200, 400, 600)[palier] if double else (50, 100, 200, 200)[palier]
    fin = signature + timedelta(days=70 + heures // 2 + alea.randint(0, 60))
    if fin >= date(2020, 3, 17) and signature < date(2020, 6, 1):
        fin += timedelta(days=90)
    assiduite = alea.uniform(0.8, 1) if alea.random() < 0.92 else alea.uniform(0, 0.4)
    return {
        "niveau_initial": "INFRA_A1",
        "heures_prescrites": heures,
        "heures_realisees": int(heures * assiduite),
        "date_fin_formation": fin,
        "jours_formation_civique": civique,
    }


def _attribuer_niveaux(contrats: list[Contrat], annee: Annee, alea: Random) -> None:
    """Gives a level to every training, so that `annee.niveau_a1` is what the 2020 bilan counts."""
    connus_au_bilan = []
    for contrat in contrats:
        fin = contrat.get("date_fin_formation")
        if not isinstance(fin, date):
            continue
        contrat["niveau_atteint"] = alea.choices(("A1", "A2", "INFRA_A1", None), (40, 6, 46, 8))[0]
        if contrat["sexe"] is not None and fin <= FIN_DU_BILAN:
            connus_au_bilan.append(contrat)
    if annee.niveau_a1 is None:
        return
    dispenses = sum(c["sexe"] is not None and c["heures_prescrites"] == 0 for c in contrats)
    reussites = annee.niveau_a1 - dispenses
    alea.shuffle(connus_au_bilan)
    connus_au_bilan.sort(key=_decroche)
    for rang, contrat in enumerate(connus_au_bilan):
        niveaux = ("A1", "A1", "A1", "A2") if rang < reussites else ("INFRA_A1", "INFRA_A1", None)
        contrat["niveau_atteint"] = alea.choice(niveaux)


def _decroche(contrat: Contrat) -> bool:
    """Whether the learner left the courses: less than half of the hours."""
    prescrites, realisees = contrat["heures_prescrites"], contrat["heures_realisees"]
    return isinstance(prescrites, int) and isinstance(realisees, int) and 2 * realisees < prescrites


def _nuancer(contrat: Contrat, alea: Random) -> None:
    """Levels about A1 made finer, which changes no count of those who have it; the last news."""
    if not contrat["heures_prescrites"]:
        if contrat["niveau_initial"] == "B1" and alea.random() < 0.2:
            contrat["niveau_initial"] = contrat["niveau_atteint"] = "B2"
        contrat[SUITE] = jour_de(contrat, "date_signature") + timedelta(days=alea.randint(95, 130))
        return
    contrat[SUITE] = contrat["date_fin_formation"]
    if contrat["heures_prescrites"] in (50, 100) and alea.random() < 0.4:
        contrat["niveau_initial"] = "A1_1"
    if _decroche(contrat):
        contrat["niveau_atteint"] = alea.choice((contrat["niveau_initial"], None))
    elif contrat["niveau_atteint"] == "INFRA_A1":
        progres = contrat["niveau_initial"] == "A1_1" or alea.random() < 0.6
        contrat["niveau_atteint"] = "A1_1" if progres else "INFRA_A1"


def _envoyer(contrat: Contrat, envois: Envois) -> None:
    """The contract at its signature, and once more when its training has ended."""
    signature = jour_de(contrat, "date_signature")
    premier = max(mois_de(signature), PREMIER)
    dernier = max(mois_de(jour_de(contrat, SUITE)), premier)
    if dernier > premier:
        envois[premier].append({**contrat, **_a_la_signature(contrat)})
    if dernier in envois:
        envois[dernier].append(contrat)


def _a_la_signature(contrat: Contrat) -> Contrat:
    """What is not known yet; the first civic day comes within three weeks."""
    civiques: Contrat = {
        "jours_formation_civique": int(jour_de(contrat, "date_signature").day < 10)
    }
    if not contrat["heures_prescrites"]:
        return civiques
    return civiques | dict.fromkeys(("heures_realisees", "date_fin_formation", "niveau_atteint"))


def _profils_tardifs(envois: Envois) -> None:
    """40 contracts of September 2019 come without a profile, which follows in October."""
    lignes = envois["2019-09"]
    tardifs = [rang for rang, ligne in enumerate(lignes) if _signe_en(ligne, "2019-09")][:40]
    for rang in tardifs:
        envois["2019-10"].append(lignes[rang])
        lignes[rang] = {**lignes[rang], **dict.fromkeys(PROFIL)}


def _departements_corriges(envois: Envois) -> None:
    """25 contracts of May 2019 are first counted in the Nord; July puts them where they belong."""
    lignes = envois["2019-05"]
    ailleurs = [
        rang
        for rang, ligne in enumerate(lignes)
        if _signe_en(ligne, "2019-05") and ligne["departement"] != "59"
    ]
    for rang in ailleurs[:25]:
        envois["2019-07"].append(lignes[rang])
        lignes[rang] = {**lignes[rang], "departement": "59"}


def _doublons_retires(envois: Envois) -> None:
    """Six contracts of June 2019 are entered under two numbers; August withdraws the second."""
    signes = [ligne for ligne in envois["2019-06"] if _signe_en(ligne, "2019-06")]
    for rang, ligne in enumerate(signes[:6], start=1):
        numero = f"HDF199000{rang}"
        envois["2019-06"].append({**ligne, "numero_cir": numero})
        envois["2019-08"].append({"numero_cir": numero, "retrait": True})


FAUTES: tuple[tuple[str, Contrat], ...] = (
    ("2019-04", {"date_naissance": "31/06/1988"}),
    ("2019-04", {"numero_etranger": "991900123"}),
    ("2019-07", {"departement": "75"}),
    ("2019-10", {"niveau_initial": "C1"}),
    ("2020-01", {"heures_prescrites": 300}),
    ("2020-06", {"date_signature": date(2020, 7, 3)}),
    ("2020-08", {"heures_realisees": 950}),
    ("2020-09", {"numero_etranger": None}),
    ("2021-02", {"date_titre": "2021-02-30"}),
    ("2021-04", {"sexe": "X"}),
)
"""Cells that a month gets wrong; the next month delivers the row again, right."""


def _fautes_puis_corrections(envois: Envois) -> None:
    """The cells of FAUTES, and one row sent twice in December 2019."""
    for numero, (mois, faute) in enumerate(FAUTES):
        lignes = envois[mois]
        profiles = [
            rang
            for rang, ligne in enumerate(lignes)
            if _signe_en(ligne, mois) and ligne["sexe"] is not None
        ]
        rang = profiles[5 * numero]
        envois[decaler(mois, 1)].append(lignes[rang])
        lignes[rang] = {**lignes[rang], **faute}
    double = envois["2019-12"][0]
    envois["2019-12"].append(double)


def _signe_en(ligne: Contrat, mois: str) -> bool:
    signature = ligne.get("date_signature")
    return isinstance(signature, date) and mois_de(signature) == mois


def _fichiers(mois: str, lignes: list[Contrat]) -> Iterator[Fichier]:
    """One file a month up to 2019, then one per territorial office of the OFII."""
    if mois >= "2020-01":
        amiens = [ligne for ligne in lignes if ligne.get("departement") in AMIENS]
        lille = [ligne for ligne in lignes if ligne.get("departement") not in AMIENS]
        forme = CLASSEUR if mois[5:] in ("03", "06", "09", "12") else UTF8_BOM
        yield _fichier(f"{mois}_amiens", TABULATION, amiens)
        yield _fichier(f"{mois}_lille", forme, lille)
    elif mois == "2019-11":
        incomplet = [{**ligne, "departement": "59"} for ligne in lignes[: len(lignes) // 2]]
        yield _fichier(mois, CP1252, incomplet)
        yield _fichier(f"{mois}.v2", CLASSEUR, lignes)
    else:
        yield _fichier(mois, CLASSEUR if mois in ("2018-12", "2019-08") else CP1252, lignes)


def _fichier(nom: str, forme: Forme, lignes: list[Contrat]) -> Fichier:
    if forme is not CLASSEUR:
        return Fichier(EXTRAIT, nom, forme, COLONNES, lignes)
    titre = f"OFII – signataires du CIR – livraison {nom} (données fictives)"
    return Fichier(EXTRAIT, nom, forme, COLONNES, lignes, titre, ("heures_prescrites",))
