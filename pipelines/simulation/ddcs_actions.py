"""The integration projects that the made-up DDCS finance, department by department.

Belongs here: what a project is (axis, title, holder, scheme, people helped towards work). Not here:
its yearly numbers nor its deliveries (see `ddcs_projets`). Names are generic, except those that the
2020 bilan prints.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """A project as it comes back from year to year since `depuis`; numbers are those of 2019."""

    axe: str
    intitule: str
    porteur: str
    dispositif: str | None = None
    visee: bool | None = None
    accompagnes: int | None = None
    realises: int | None = None
    jeune: bool = False
    charge: bool = False
    referent: bool | None = None
    depuis: int = 2019


def _fle(departement: str, nombre: int, visee: bool, depuis: int) -> list[Action]:
    """Ordinary French courses, held by as many local structures."""
    genre = "FLE à visée professionnelle" if visee else "Ateliers de français langue étrangère"
    return [
        Action(
            "LANGUE",
            f"{genre} – secteur {numero}",
            f"Centre social et culturel {departement}-{'P' if visee else 'G'}{numero:02d}",
            visee=visee,
            depuis=depuis,
        )
        for numero in range(1, nombre + 1)
    ]


ACTIONS: dict[str, list[Action]] = {
    "59": [
        *_fle("59", 9, visee=False, depuis=2018),
        *_fle("59", 4, visee=True, depuis=2019),
        *_fle("59N", 6, visee=False, depuis=2019),
        Action(
            "LANGUE", "PIAL jeunes", "Mission locale de la métropole", "PIAL", False, depuis=2018
        ),
        Action(
            "LANGUE",
            "Alphabétisation",
            "Université populaire",
            "ALPHABETISATION",
            False,
            depuis=2018,
        ),
        Action("LANGUE", "Français du numérique", "Maison des réfugiés du Nord", visee=False),
        Action("CULTURE_SPORT", "Le sport pour se rencontrer", "Comité omnisports", realises=80),
        Action("CULTURE_SPORT", "Musées ouverts", "Réseau des musées du Nord", realises=45),
        Action("CULTURE_SPORT", "Chœur des langues", "Harmonie de la Deûle", realises=25),
        Action(
            "EMPLOI",
            "Passerelle emploi",
            "Insertion 59",
            accompagnes=110,
            realises=124,
            depuis=2018,
        ),
        Action("EMPLOI", "Vers l'entreprise", "Club des entreprises", accompagnes=80, realises=90),
        Action("EMPLOI", "Créer son activité", "Coopérative Escaut", accompagnes=50, realises=50),
        Action(
            "LOGEMENT",
            "AVDL réfugiés",
            "Habitat solidaire 59",
            "AVDL-R",
            referent=True,
            depuis=2018,
        ),
        Action("DROITS", "Permanences d'accès aux droits", "Point d'appui 59", depuis=2018),
        Action("DROITS", "Médiation numérique", "Réseau des écrivains publics", depuis=2018),
        Action("SANTE", "Santé des femmes réfugiées", "Maison de santé du canal", depuis=2018),
        Action(
            "GLOBAL",
            "Parcours global du Nord",
            "Groupement intégration 59",
            accompagnes=60,
            realises=70,
            charge=True,
            depuis=2021,
        ),
        Action(
            "LOGEMENT",
            "SAS de la métropole",
            "Habitat solidaire 59",
            "SAS",
            referent=True,
            depuis=2021,
        ),
    ],
    "62": [
        Action(
            "GLOBAL",
            "PPL-SAREF",
            "AFPA Liévin",
            "PPL-SAREF",
            accompagnes=20,
            realises=20,
            charge=True,
        ),
        Action("EMPLOI", "Bourse d'immersion", "Maison de l'emploi", accompagnes=8, realises=8),
        Action(
            "LANGUE",
            "Alphabétisation du Ternois",
            "Foyers ruraux 62",
            "ALPHABETISATION",
            False,
            depuis=2021,
        ),
    ],
    "60": [
        *_fle("60", 8, visee=False, depuis=2018),
        *_fle("60", 1, visee=True, depuis=2019),
        *_fle("60B", 2, visee=True, depuis=2021),
        Action(
            "LANGUE",
            "Alphabétisation",
            "Écrivains de l'Oise",
            "ALPHABETISATION",
            False,
            depuis=2018,
        ),
        Action(
            "GLOBAL",
            "PROMEO-COALLIA, préparateurs de commandes",
            "COALLIA",
            "PROMEO-COALLIA",
            accompagnes=140,
            realises=146,
            charge=True,
            referent=True,
        ),
        Action(
            "LOGEMENT",
            "Dispositif Insertion Réfugiés",
            "COALLIA",
            "D.I.R",
            charge=True,
            referent=True,
        ),
        Action(
            "LOGEMENT",
            "Hébergement diffus et accompagnement",
            "ADARS Oise",
            "SHAPAD",
            referent=True,
        ),
        Action(
            "EMPLOI",
            "Ateliers logistique",
            "Plateforme emploi 60",
            accompagnes=70,
            realises=78,
            depuis=2018,
        ),
        Action("EMPLOI", "Premiers pas en entreprise", "Relais 60", accompagnes=50, realises=61),
        Action("DROITS", "Accès aux droits itinérant", "Bus des droits", depuis=2018),
    ],
    "80": [
        *_fle("80", 6, visee=False, depuis=2019),
        *_fle("80", 1, visee=True, depuis=2019),
        Action("LANGUE", "Français pour tous", "Maison des langues", visee=False, depuis=2018),
        Action(
            "LANGUE",
            "PIAL du Grand Amiénois",
            "Mission locale du Grand Amiénois",
            "PIAL",
            False,
            jeune=True,
            depuis=2018,
        ),
        Action(
            "GLOBAL", "AILE", "Association AILE", "AILE", accompagnes=45, realises=52, referent=True
        ),
        Action("EMPLOI", "Atelier des métiers", "Picardie formation", accompagnes=25, realises=25),
        Action(
            "LOGEMENT",
            "SAS d'insertion et d'accompagnement global des jeunes BPI",
            "Résidences jeunes 80",
            "SAS",
            jeune=True,
            referent=True,
        ),
        Action("SANTE", "Écoute et orientation", "Équipe santé 80", depuis=2018),
    ],
    "02": [
        *_fle("02", 6, visee=False, depuis=2018),
        Action(
            "LANGUE",
            "FLE en alternance",
            "Centre de formations personnalisées de l'Aisne",
            visee=True,
            charge=True,
        ),
        Action(
            "LANGUE", "Français et vie scolaire", "Ligue éducative 02", visee=False, depuis=2018
        ),
        Action("CULTURE_SPORT", "Stages sportifs des jeunes", "Office des sports", realises=64),
        Action("CULTURE_SPORT", "Bibliothèques ouvertes", "Lecture 02", realises=40),
        Action(
            "EMPLOI", "Compagnons de l'emploi", "Thiérache insertion", accompagnes=47, realises=47
        ),
        Action("GARDE_ENFANTS", "Garde pendant les cours", "Relais petite enfance", depuis=2018),
        Action(
            "LANGUE",
            "Alphabétisation du Laonnois",
            "Foyers ruraux 02",
            "ALPHABETISATION",
            False,
            depuis=2020,
        ),
    ],
}
"""The actions of each department; those of 2018 and 2019 are the 75 projects of exercice 2019."""
