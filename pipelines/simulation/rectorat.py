"""Made-up deliveries of the academies: OEPRE workshops, a row per school year and academy.

2017-2018 and 2018-2019 sum to what the 2020 bilan prints; Lille did not restart in 2020-2021.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from pipelines.simulation.ecriture import CLASSEUR, CP1252, UTF8_BOM, Fichier, Ligne

EXTRAIT = "rectorat/oepre"
COLONNES = (
    "annee_scolaire",
    "academie",
    "etablissements",
    "groupes",
    "ateliers",
    "parents",
    "parents_primo_arrivants",
    "candidats_dilf",
    "recus_dilf",
    "candidats_delf",
    "recus_delf",
)


def livraisons(alea: Random) -> Iterator[Fichier]:
    """The files of both academies; nothing is drawn, the table is small enough to be written."""
    del alea
    en_2018 = [
        _ligne("2017-2018", "LILLE", 15, 17, 302, 5102, 2096, 60, 57, 88, 70),
        _ligne("2017-2018", "AMIENS", 8, 9, 158, 2672, 1101, 31, 30, 42, 33),
    ]
    totaux = ("etablissements", "groupes", "ateliers", "parents", "parents_primo_arrivants")
    titre = "Académies de Lille et d'Amiens – OEPRE, année 2017-2018 (données fictives)"
    yield Fichier(EXTRAIT, "2018-12", CLASSEUR, COLONNES, en_2018, titre, totaux)

    lille_2019 = _ligne("2018-2019", "LILLE", 20, 27, 421, 5333, 2280, 71, 69, 104, 86)
    amiens_2019 = _ligne("2018-2019", "AMIENS", 11, 15, 232, 2934, 1250, 38, 37, 51, 42)
    yield Fichier(EXTRAIT, "2019-09_amiens", CP1252, COLONNES, [amiens_2019])
    avant_saisie_complete = {**lille_2019, "ateliers": 398, "parents": 5108}
    yield Fichier(EXTRAIT, "2019-09_lille", UTF8_BOM, COLONNES, [avant_saisie_complete])
    yield Fichier(EXTRAIT, "2019-11_lille", UTF8_BOM, COLONNES, [lille_2019])

    en_2020 = [
        _ligne("2019-2020", "LILLE", 21, 28, 286, 3604, 1582, 12, 12, 19, 15),
        _ligne("2019-2020", "AMIENS", 12, 15, 149, 1927, 846, 9, 9, 14, 12),
    ]
    yield Fichier(EXTRAIT, "2020-10", CP1252, COLONNES, en_2020)
    rentree = [
        _ligne("2020-2021", "LILLE", 0, 0, 0, 0, 0, 0, 0, 0, 0),
        _ligne("2020-2021", "AMIENS", 4, 5, 16, 235, 118, 12, 12, 20, 17),
    ]
    yield Fichier(EXTRAIT, "2020-12", CLASSEUR, COLONNES, rentree, "OEPRE – point de rentrée 2020")
    printemps = [
        _ligne("2020-2021", "LILLE", 9, 11, 74, 902, 417, 16, 15, 22, 18),
        _ligne("2020-2021", "AMIENS", 10, 13, 121, 1544, 709, 24, 24, 36, 30),
    ]
    yield Fichier(EXTRAIT, "2021-06", CP1252, COLONNES, printemps, totaux=totaux)


def _ligne(annee_scolaire: str, academie: str, *effectifs: int) -> Ligne:
    return dict(zip(COLONNES, (annee_scolaire, academie, *effectifs), strict=True))
