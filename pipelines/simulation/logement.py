"""Made-up deliveries of the housing service: dwellings, attributions, places and AVDL.

Each year's totals are written here, by department, so that they sum to what the 2020 bilan prints;
only their spread over months, channels and lots is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product
from random import Random

from pipelines.mois import entre
from pipelines.simulation import partenaire
from pipelines.simulation.communs import jour_ouvre, mois_de, poids, repartir
from pipelines.simulation.ecriture import (
    CLASSEUR,
    CP1252,
    TABULATION,
    UTF8_BOM,
    VIRGULE,
    Fichier,
    Ligne,
    Valeur,
)

MOBILISATIONS = "logement/mobilisations"
COLONNES_MOBILISATIONS = (
    "mois",
    "departement",
    "filiere",
    "parc",
    "zone",
    "logements_mobilises",
    "menages",
    "personnes",
)
ATTRIBUTIONS = "logement/attributions"
COLONNES_ATTRIBUTIONS = ("mois", "departement", "origine", "attributions")
PLACES = "logement/places"
COLONNES_PLACES = (
    "numero_lot",
    "dispositif",
    "departement",
    "gestionnaire",
    "orientation",
    "places",
    "annee_objectif",
    "statut",
    "date_ouverture",
    "date_fermeture",
)
AVDL = "logement/avdl"
COLONNES_AVDL = (
    "annee",
    "operateur",
    "departement",
    "beneficiaires",
    "logements_captes",
    "personnes_relogees",
)

PERIODES = (
    ("2018-01", "2018-12"),
    ("2019-01", "2019-12"),
    ("2020-01", "2020-12"),
    ("2021-01", "2021-06"),
)
LOGEMENTS_MOBILISES = {
    "02": (74, 101, 60, 41),
    "59": (352, 480, 205, 148),
    "60": (221, 330, 232, 127),
    "62": (163, 200, 110, 71),
    "80": (112, 150, 85, 52),
}
"""1 261 in 2019; 692 in 2020, of which the Oise the most."""
ATTRIBUTIONS_GENERALISTE = {
    "02": (71, 182, 160, 88),
    "59": (120, 262, 231, 140),
    "60": (60, 128, 119, 70),
    "62": (66, 140, 122, 66),
    "80": (52, 94, 90, 51),
}
"""From 2018 to 2019: + 156,3 % in the Aisne, + 80,8 % in the Somme, over + 100 % elsewhere."""
FILIERES = ("PLAN_LOGEMENT", "REINSTALLATION", "MOBILITE_NATIONALE")
PARCS = ("SOCIAL", "PRIVE", "RESIDENCE")
ZONES = ("GRANDE_VILLE", "AUTRE")
POIDS_DES_CANAUX = [
    filiere * parc * zone for filiere, parc, zone in product((7, 2, 1), (8, 2, 1), (6, 4))
]
FORMES_DU_MOIS = (CP1252, UTF8_BOM, CP1252, TABULATION)


def livraisons(alea: Random) -> Iterator[Fichier]:
    """The files of the four extracts."""
    yield from _mobilisations(alea)
    yield from _attributions(alea)
    yield from _places(alea)
    yield from _avdl(alea)


def _mobilisations(alea: Random) -> Iterator[Fichier]:
    par_mois: dict[str, list[Ligne]] = {}
    for departement, totaux in LOGEMENTS_MOBILISES.items():
        for (debut, fin), total in zip(PERIODES, totaux, strict=True):
            mois = entre(debut, fin)
            for un_mois, nombre in zip(mois, repartir(total, poids(len(mois), alea)), strict=True):
                lignes = _canaux(un_mois, departement, nombre, alea)
                par_mois.setdefault(un_mois, []).extend(lignes)
    doublon = par_mois["2019-10"][0]
    par_mois["2019-10"].append(doublon)
    premiere = par_mois["2020-02"][0]
    par_mois["2020-04"].append(premiere)
    par_mois["2020-02"][0] = {**premiere, "logements_mobilises": 40}
    totaux_du_mois = ("logements_mobilises", "menages", "personnes")
    yield from _mensuels(MOBILISATIONS, COLONNES_MOBILISATIONS, par_mois, totaux_du_mois)


def _canaux(mois: str, departement: str, nombre: int, alea: Random) -> Iterator[Ligne]:
    """A month's dwellings spread over channels; channels without any are not delivered."""
    poids_tires = [un_poids * alea.random() for un_poids in POIDS_DES_CANAUX]
    partages = Random(f"ménages {mois} {departement}")  # noqa: S311 (draws of its own: see _menages)
    canaux = product(FILIERES, PARCS, ZONES)
    for canal, logements in zip(canaux, repartir(nombre, poids_tires), strict=True):
        if logements:
            personnes = sum(alea.choices((1, 2, 3, 4, 5), (5, 3, 3, 2, 1), k=logements))
            menages = _menages(logements, personnes, partages)
            valeurs = (mois, departement, *canal, logements, menages, personnes)
            yield dict(zip(COLONNES_MOBILISATIONS, valeurs, strict=True))


def _menages(logements: int, personnes: int, alea: Random) -> int:
    """A household in most dwellings; two share some of them, and some wait for theirs."""
    menages = sum(alea.choices((0, 1, 2), (3, 88, 9), k=logements))
    return max(1, min(menages, personnes))


def _attributions(alea: Random) -> Iterator[Fichier]:
    par_mois: dict[str, list[Ligne]] = {}
    for departement, totaux in ATTRIBUTIONS_GENERALISTE.items():
        for (debut, fin), generaliste in zip(PERIODES, totaux, strict=True):
            mois = entre(debut, fin)
            for origine, total in (
                ("HEBERGEMENT_GENERALISTE", generaliste),
                ("CADA", generaliste * 4 // 5),
                ("CPH", generaliste // 3),
                ("AUTRE", generaliste // 5),
            ):
                parts = repartir(total, poids(len(mois), alea))
                for un_mois, nombre in zip(mois, parts, strict=True):
                    valeurs = (un_mois, departement, origine, nombre)
                    ligne: Ligne = dict(zip(COLONNES_ATTRIBUTIONS, valeurs, strict=True))
                    par_mois.setdefault(un_mois, []).append(ligne)
    yield from _mensuels(ATTRIBUTIONS, COLONNES_ATTRIBUTIONS, par_mois, ("attributions",))


def _mensuels(
    extrait: str,
    colonnes: tuple[str, ...],
    par_mois: dict[str, list[Ligne]],
    totaux: tuple[str, ...],
) -> Iterator[Fichier]:
    """December 2018 with the whole of 2018 in one workbook, then a file every month."""
    historique = [ligne for mois, lignes in par_mois.items() if mois < "2019" for ligne in lignes]
    titre = "Logement des réfugiés – année 2018 (données fictives)"
    yield Fichier(extrait, "2018-12", CLASSEUR, colonnes, historique, titre, totaux)
    for rang, mois in enumerate(entre("2019-01", "2021-06")):
        if extrait == ATTRIBUTIONS and mois >= partenaire.DEPUIS:
            yield partenaire.ParDepartement(extrait, mois, partenaire.ODS, colonnes, par_mois[mois])
            continue
        forme = FORMES_DU_MOIS[rang % len(FORMES_DU_MOIS)]
        yield Fichier(extrait, mois, forme, colonnes, par_mois[mois], totaux=totaux)


IML_2020 = (
    ("59", "2020-01", "2020-10", 574),
    ("62", "2020-01", "2020-10", 268),
    ("60", "2020-01", "2020-10", 213),
    ("80", "2020-01", "2020-10", 141),
    ("02", "2020-01", "2020-10", 99),
)
"""1 295 places opened by the end of October 2020."""
IML_AUTRES = (
    ("59", "2019-01", "2019-12", 402),
    ("62", "2019-01", "2019-12", 196),
    ("60", "2019-01", "2019-12", 151),
    ("80", "2019-01", "2019-12", 112),
    ("02", "2019-01", "2019-12", 73),
    ("59", "2020-11", "2020-12", 61),
    ("60", "2020-11", "2020-12", 38),
    ("59", "2021-01", "2021-06", 188),
    ("62", "2021-01", "2021-06", 94),
    ("60", "2021-01", "2021-06", 81),
    ("80", "2021-01", "2021-06", 40),
    ("02", "2021-01", "2021-06", 26),
    ("59", "2018-02", "2018-11", 310),
    ("62", "2018-02", "2018-11", 150),
    ("60", "2018-02", "2018-11", 118),
    ("80", "2018-02", "2018-11", 84),
    ("02", "2018-02", "2018-11", 60),
)
"""Before and after: those of 2018 make a stock that later years add to."""
CPH = (
    ("59", "LOCALE", 60, date(2018, 6, 1)),
    ("60", "NATIONALE", 40, date(2018, 9, 3)),
    ("59", "LOCALE", 100, date(2019, 2, 1)),
    ("59", "LOCALE", 60, date(2019, 7, 1)),
    ("60", "LOCALE", 50, date(2019, 4, 1)),
    ("62", "LOCALE", 50, date(2019, 9, 2)),
    ("80", "LOCALE", 40, date(2019, 10, 1)),
    ("02", "NATIONALE", 50, date(2019, 3, 4)),
    ("80", "NATIONALE", 50, date(2019, 6, 3)),
    ("62", None, 47, date(2019, 11, 4)),
    ("59", "LOCALE", 30, date(2020, 10, 1)),
    ("02", "LOCALE", 25, date(2021, 3, 1)),
)
"""In 2019: 300 local, 100 national, 47 without orientation."""
AUTRES_PLACES = (
    ("RESIDENCE_SOCIALE", "59", 62, 2019, "2019-05-02", "2019-06"),
    ("FJT", "60", 30, 2019, "2019-09-16", "2019-12"),
    ("PENSION_FAMILLE", "02", 22, 2019, "2019-11-04", "2019-12"),
    ("PENSION_FAMILLE", "59", 25, 2020, "2020-02-03", "2020-03"),
    ("RESIDENCE_SOCIALE", "02", 18, 2020, "2020-06-15", "2020-06"),
    ("FJT", "80", 14, 2020, "2020-09-01", "2020-10"),
    ("RESIDENCE_SOCIALE", "62", 10, 2020, "2020-11-16", "2020-12"),
    ("COLOCATION_JEUNES", "80", 12, 2019, "2019-10-01", "2019-12"),
    ("COLOCATION_JEUNES", "60", 8, 2020, "2020-10-05", "2020-12"),
    ("COLOCATION_JEUNES", "59", 20, 2021, "2021-04-01", "2021-06"),
    ("SAS", "60", 24, 2019, "2019-03-01", "2019-06"),
    ("SAS", "80", 15, 2021, "2021-02-01", "2021-03"),
    ("FJT", "59", 35, 2021, "2021-05-03", "2021-06"),
)
"""Scheme, department, places, target year, opening, delivery: 67 residence places in 2020."""
PROJETS_2020 = (
    ("PENSION_FAMILLE", "60", 24, "CONFIRMEE", "2021-03-15"),
    ("PENSION_FAMILLE", "59", 6, "REPORTEE", "2021-09-01"),
    ("PENSION_FAMILLE", "62", 27, "REPORTEE", "2021-05-17"),
    ("RESIDENCE_SOCIALE", "80", 20, "REPORTEE", None),
)
"""Projects of 2020 not open at its end, their status then, and when the fiction opens them."""
LIVRAISONS_DES_PLACES = (
    "2018-12",
    "2019-06",
    "2019-12",
    "2020-03",
    "2020-06",
    "2020-10",
    "2020-12",
    "2021-03",
    "2021-06",
)


def _places(alea: Random) -> Iterator[Fichier]:
    envois: dict[str, list[Ligne]] = {mois: [] for mois in LIVRAISONS_DES_PLACES}
    for departement, debut, fin, total in IML_2020 + IML_AUTRES:
        mois_d_ouverture = entre(debut, fin)
        lots = repartir(total, poids(max(2, total // 15), alea), minimum=2)
        for rang, places in enumerate(lots, start=1):
            ouverture = jour_ouvre(alea.choice(mois_d_ouverture), alea)
            numero = f"IML-{departement}-{debut.replace('-', '')}-{rang:03d}"
            ligne = _lot(numero, "IML", departement, places, ouverture.year, "OUVERTE", ouverture)
            envois[_envoi(mois_de(ouverture))].append(ligne)
    for rang, (departement, orientation, places, ouverture) in enumerate(CPH, start=1):
        numero = f"CPH-{departement}-{rang:02d}"
        ligne = _lot(numero, "CPH", departement, places, ouverture.year, "OUVERTE", ouverture)
        envois[_envoi(mois_de(ouverture))].append({**ligne, "orientation": orientation})
    for rang, (dispositif, departement, places, annee, jour, envoi) in enumerate(AUTRES_PLACES, 1):
        numero, ouverture = f"RES-{departement}-{rang:02d}", date.fromisoformat(jour)
        ligne = _lot(numero, dispositif, departement, places, annee, "OUVERTE", ouverture)
        envois[envoi].append(ligne)
    _projets_de_2020(envois)
    ferme = next(ligne for ligne in envois["2019-06"] if ligne["dispositif"] == "IML")
    envois["2020-10"].append({**ferme, "statut": "FERMEE", "date_fermeture": date(2020, 9, 30)})
    sans_date = _lot("IML-59-ERREUR-01", "IML", "59", 8, 2020, "OUVERTE", None)
    envois["2020-06"].append(sans_date)
    for mois, lignes in envois.items():
        forme = CLASSEUR if mois in ("2019-12", "2020-12") else CP1252
        titre = "Places ouvertes et programmées (données fictives)" if forme is CLASSEUR else ""
        yield Fichier(PLACES, mois, forme, COLONNES_PLACES, lignes, titre, ("places",))


def _projets_de_2020(envois: dict[str, list[Ligne]]) -> None:
    """Confirmed in March 2020, postponed or not in December, open in 2021 but one."""
    for rang, (dispositif, departement, places, statut, jour) in enumerate(PROJETS_2020, start=1):
        numero = f"PRO-{departement}-{rang:02d}"
        for envoi, alors in (("2020-03", "CONFIRMEE"), ("2020-12", statut)):
            ligne = _lot(numero, dispositif, departement, places, 2020, alors, None)
            envois[envoi].append(ligne)
        ouverture = date.fromisoformat(jour) if jour else None
        if ouverture and mois_de(ouverture) <= LIVRAISONS_DES_PLACES[-1]:
            ligne = _lot(numero, dispositif, departement, places, 2020, "OUVERTE", ouverture)
            envois[_envoi(mois_de(ouverture))].append(ligne)


def _envoi(mois: str) -> str:
    """The delivery that first covers a month."""
    return next(envoi for envoi in LIVRAISONS_DES_PLACES if envoi >= mois)


def _lot(
    numero: str,
    dispositif: str,
    departement: str,
    places: int,
    annee: int,
    statut: str,
    ouverture: date | None,
) -> dict[str, Valeur]:
    gestionnaire = f"Association d'insertion du {departement}"
    return {
        "numero_lot": numero,
        "dispositif": dispositif,
        "departement": departement,
        "gestionnaire": gestionnaire,
        "places": places,
        "annee_objectif": annee,
        "statut": statut,
        "date_ouverture": ouverture,
    }


AVDL_DU_NORD = (
    ("2018-12", 2018, 6, (347, 121, 190)),
    ("2019-12", 2019, 9, (482, 188, 291)),
    ("2020-12", 2020, 11, (538, 218, 341)),
    ("2021-06", 2021, 11, (274, 109, 163)),
)
"""Delivery, year, operators, then people, dwellings, rehoused: 1 367, 527 and 822 by 2020."""
AVDL_AILLEURS = (("60", "Oise", 2019, (64, 22, 40)), ("62", "Pas-de-Calais", 2020, (51, 18, 30)))


def _avdl(alea: Random) -> Iterator[Fichier]:
    for envoi, annee, operateurs, totaux in AVDL_DU_NORD:
        noms = [f"Opérateur AVDL-R {numero:02d}" for numero in range(1, operateurs + 1)]
        poids_des_operateurs = poids(operateurs, alea)
        colonnes = [repartir(total, poids_des_operateurs, minimum=1) for total in totaux]
        lignes = [
            _operateur(annee, nom, "59", valeurs)
            for nom, valeurs in zip(noms, zip(*colonnes, strict=True), strict=True)
        ]
        lignes += [
            _operateur(annee, f"AVDL {nom}", departement, valeurs)
            for departement, nom, depuis, valeurs in AVDL_AILLEURS
            if annee >= depuis
        ]
        if envoi == "2020-12":
            yield Fichier(AVDL, "2020-07", VIRGULE, COLONNES_AVDL, _a_mi_annee(lignes))
        yield Fichier(AVDL, envoi, CP1252, COLONNES_AVDL, lignes, totaux=COLONNES_AVDL[3:])


def _a_mi_annee(lignes: list[Ligne]) -> list[Ligne]:
    """The same operators with half of the year's numbers."""
    moities: list[Ligne] = []
    for ligne in lignes:
        effectifs = {cle: ligne[cle] for cle in COLONNES_AVDL[3:]}
        moitie = {cle: n // 2 for cle, n in effectifs.items() if isinstance(n, int)}
        moities.append({**ligne, **moitie})
    return moities


def _operateur(annee: int, nom: str, departement: str, valeurs: Iterable[int]) -> Ligne:
    return dict(zip(COLONNES_AVDL, (annee, nom, departement, *valeurs), strict=True))
