"""Made-up deliveries of the Agence du service civique: refugees hosted by Volont'R associations.

2019 is what the 2020 bilan prints: 4 associations, 370 expected, 290 hosted.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from pipelines.simulation.ecriture import CP1252, TABULATION, UTF8_BOM, Fichier, Ligne

EXTRAIT = "service_civique/volontr"
COLONNES = ("annee", "association", "objectif", "accueillis")
ASSOCIATIONS = ("Unis pour la cité", "Jeunes en actes", "Solidarités du Nord", "Le Relais picard")


def livraisons(alea: Random) -> Iterator[Fichier]:
    """The yearly files, and one half-year point."""
    del alea
    finales_2019 = _lignes(2019, (140, 100, 80, 50), (118, 76, 61, 35))
    provisoires_2019 = _lignes(2019, (140, 100, 80, 50), (52, 30, 27, 12))
    yield Fichier(EXTRAIT, "2019-07", CP1252, COLONNES, provisoires_2019)
    titre = "Programme Volont'R – bilan 2019 (données fictives)"
    totaux = ("objectif", "accueillis")
    yield Fichier(EXTRAIT, "2020-01", CP1252, COLONNES, finales_2019, titre, totaux)
    yield Fichier(
        EXTRAIT, "2020-12", UTF8_BOM, COLONNES, _lignes(2020, (150, 110, 90, 60), (63, 41, 38, 19))
    )
    yield Fichier(
        EXTRAIT,
        "2021-06",
        TABULATION,
        COLONNES,
        _lignes(2021, (150, 110, 90, 60), (58, 44, 29, 21)),
    )


def _lignes(annee: int, objectifs: tuple[int, ...], accueillis: tuple[int, ...]) -> list[Ligne]:
    return [
        {"annee": annee, "association": nom, "objectif": objectif, "accueillis": nombre}
        for nom, objectif, nombre in zip(ASSOCIATIONS, objectifs, accueillis, strict=True)
    ]
