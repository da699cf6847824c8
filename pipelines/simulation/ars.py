"""Made-up deliveries of the ARS: mobile teams every month, interpreting in health every quarter.

EMPP 2019 and IntegraPsy up to November 2020 sum to what the 2020 bilan prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from pipelines.mois import entre
from pipelines.simulation.communs import poids, repartir
from pipelines.simulation.ecriture import (
    CLASSEUR,
    CP1252,
    TABULATION,
    UTF8_BOM,
    Fichier,
    Ligne,
    Valeur,
)

EQUIPES_MOBILES = "ars/equipes_mobiles"
COLONNES_EQUIPES = (
    "mois",
    "equipe",
    "type_equipe",
    "departement",
    "situations",
    "interventions",
    "nouveaux_beneficiaires",
)
INTERPRETARIAT = "ars/interpretariat"
COLONNES_INTERPRETARIAT = (
    "mois",
    "structure",
    "langue",
    "departement",
    "mode",
    "demandes",
    "demandes_honorees",
    "duree_minutes",
)

EMPP = (
    ("EMPP Lille", "59", 612),
    ("EMPP Douaisis", "59", 358),
    ("EMPP Hainaut", "59", 332),
    ("EMPP Calaisis", "62", 431),
    ("EMPP Artois", "62", 324),
    ("EMPP Amiens", "80", 265),
    ("EMPP Oise", "60", 240),
    ("EMPP Aisne", "02", 144),
)
"""Name, department, situations examined in 2019: 2 706 in all, 2 057 in the Nord-Pas-de-Calais."""

STRUCTURES = (
    ("PASS Lille", "59", 9),
    ("PASS Valenciennes", "59", 5),
    ("PASS Calais", "62", 7),
    ("PASS Amiens", "80", 5),
    ("PASS Beauvais", "60", 4),
    ("PASS Laon", "02", 2),
)
LANGUES = ("ara", "prs", "pus", "tir", "ckb", "sqi", "rus", "som", "ben", "lin")
MODES = ("TELEPHONE", "PHYSIQUE", "VISIO")


def livraisons(alea: Random) -> Iterator[Fichier]:
    """The files of both extracts."""
    yield from _equipes_mobiles(alea)
    yield from _interpretariat(alea)


def _equipes_mobiles(alea: Random) -> Iterator[Fichier]:
    lignes = sorted(
        [*_empp(alea), *_integrapsy(alea), *_pass_mobile(alea)],
        key=lambda ligne: (str(ligne["mois"]), str(ligne["equipe"])),
    )
    for rang, mois in enumerate(entre("2018-12", "2021-06")):
        du_mois = [ligne for ligne in lignes if ligne["mois"] == mois]
        if mois == "2020-02":
            du_mois[0] = {**du_mois[0], "nouveaux_beneficiaires": 999}
        if mois == "2020-03":
            du_mois += [ligne for ligne in lignes if ligne["mois"] == "2020-02"][:1]
        forme = CLASSEUR if mois == "2018-12" else (CP1252, UTF8_BOM, TABULATION)[rang % 3]
        titre = "ARS – équipes mobiles (données fictives)" if forme is CLASSEUR else ""
        totaux = ("situations", "interventions") if mois[5:] in ("06", "12") else ()
        yield Fichier(EQUIPES_MOBILES, mois, forme, COLONNES_EQUIPES, du_mois, titre, totaux)


def _empp(alea: Random) -> Iterator[Ligne]:
    """December 2018, then each team's year spread over its months."""
    for equipe, departement, en_2019 in EMPP:
        for debut, fin, total in (
            ("2018-12", "2018-12", en_2019 // 15),
            ("2019-01", "2019-12", en_2019),
            ("2020-01", "2020-12", en_2019 * 9 // 10),
            ("2021-01", "2021-06", en_2019 * 11 // 20),
        ):
            mois = entre(debut, fin)
            parts = repartir(total, poids(len(mois), alea), minimum=1)
            for un_mois, situations in zip(mois, parts, strict=True):
                interventions = situations + int(situations * alea.random())
                nouveaux = situations * 2 // 5
                yield _activite(
                    un_mois, equipe, "EMPP", departement, situations, interventions, nouveaux
                )


def _integrapsy(alea: Random) -> Iterator[Ligne]:
    """The French team, since June 2019: 373 interventions and 197 people by November 2020."""
    for debut, fin, interventions, personnes in (
        ("2019-06", "2020-11", 373, 197),
        ("2020-12", "2021-06", 161, 74),
    ):
        mois = entre(debut, fin)
        poids_des_mois = poids(len(mois), alea)
        for un_mois, nombre, nouveaux in zip(
            mois,
            repartir(interventions, poids_des_mois),
            repartir(personnes, poids_des_mois),
            strict=True,
        ):
            yield _activite(
                un_mois, "IntegraPsy France", "INTEGRAPSY", "59", None, nombre, nouveaux
            )


def _pass_mobile(alea: Random) -> Iterator[Ligne]:
    for equipe, departement, debut in (
        ("PASS mobile Calaisis", "62", "2020-09"),
        ("PASS mobile Creil", "60", "2021-02"),
    ):
        for mois in entre(debut, "2021-06"):
            interventions = alea.randint(12, 40)
            yield _activite(
                mois, equipe, "PASS_MOBILE", departement, None, interventions, interventions // 2
            )


def _activite(*valeurs: Valeur) -> Ligne:
    return dict(zip(COLONNES_EQUIPES, valeurs, strict=True))


def _interpretariat(alea: Random) -> Iterator[Fichier]:
    """Quarterly files; that of March 2020 is refused, June delivers its months again."""
    demandes = {mois: list(_demandes(mois, alea)) for mois in entre("2019-01", "2021-06")}
    for annee in (2019, 2020, 2021):
        for fin in (3, 6, 9, 12) if annee < 2021 else (3, 6):
            nom = f"{annee}-{fin:02d}"
            premier = 1 if nom == "2020-06" else fin - 2
            lignes = [
                ligne for mois in entre(f"{annee}-{premier:02d}", nom) for ligne in demandes[mois]
            ]
            forme = UTF8_BOM if annee < 2021 else CLASSEUR
            titre = "Interprétariat en santé (données fictives)" if forme is CLASSEUR else ""
            colonnes: tuple[str, ...] = COLONNES_INTERPRETARIAT
            if nom == "2020-03":
                colonnes = ("mois", "structure", "langue", "departement", "mode", "nb_demandes")
                lignes = [{**ligne, "nb_demandes": ligne["demandes"]} for ligne in lignes]
            if nom == "2019-09":
                lignes[3] = {**lignes[3], "langue": "dialecte"}
            yield Fichier(INTERPRETARIAT, nom, forme, colonnes, lignes, titre)


def _demandes(mois: str, alea: Random) -> Iterator[Ligne]:
    for structure, departement, poids_de_la_structure in STRUCTURES:
        for langue in alea.sample(LANGUES, alea.randint(2, 6)):
            mode = alea.choices(MODES, (6, 3, 1))[0]
            demandes = 1 + int(alea.random() * 3 * poids_de_la_structure)
            honorees = demandes - int(demandes * alea.random() * 0.3)
            duree = honorees * alea.randint(25, 60)
            valeurs = (mois, structure, langue, departement, mode, demandes, honorees, duree)
            yield dict(zip(COLONNES_INTERPRETARIAT, valeurs, strict=True))
