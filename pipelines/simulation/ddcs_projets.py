"""Made-up deliveries of the DDCS: the integration projects of actions 12 and 15, by exercice.

Exercice 2019 has the 75 projects and the totals that the 2020 bilan prints, department by
department. The other years repeat a part of them: their totals are fiction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from pipelines.simulation.communs import DEPARTEMENTS, poids, repartir, siret
from pipelines.simulation.ddcs_actions import ACTIONS, Action
from pipelines.simulation.ecriture import (
    CLASSEUR,
    CP1252,
    TABULATION,
    UTF8_BOM,
    VIRGULE,
    Fichier,
    Forme,
    Valeur,
)

EXTRAIT = "ddcs/projets"
COLONNES = (
    "exercice",
    "numero_projet",
    "departement",
    "action",
    "porteur",
    "siret",
    "intitule",
    "dispositif",
    "axe",
    "visee_professionnelle",
    "public_jeune",
    "charge_securisation",
    "referent_logement",
    "montant_accorde",
    "beneficiaires_prevus",
    "beneficiaires_realises",
    "dont_moins_25",
    "heures_formation",
    "accompagnes_emploi",
    "reprises_etudes",
    "entrees_formation",
    "sorties_emploi",
    "jeunes_insertion",
    "heberges",
    "statut",
)
RESULTATS = COLONNES[15:24]
Projet = dict[str, Valeur]


TOTAUX_2019 = {
    "59": (1174, 1316),
    "62": (30, 28),
    "60": (1358, 1024),
    "80": (273, 243),
    "02": (232, 271),
}
"""People expected and people reached."""
EMPLOI_2019 = {
    "reprises_etudes": 48,
    "entrees_formation": 92,
    "sorties_emploi": 101,
    "jeunes_insertion": 101,
    "heberges": 97,
}
"""Out of 645 people helped towards work."""
HEURES_2019 = 27_523
HEURES_DU_PPL_SAREF = 835
LANGUE_DE_LA_SOMME = {2018: 31_000, 2019: 93_000, 2020: 84_500, 2021: 88_000}
"""Euros granted to French courses in the Somme: three times more in 2019."""
VOLUMES = {2018: 0.8, 2019: 1.0, 2020: 0.7, 2021: 0.9}
"""The size of a year against 2019, for what the bilan does not print."""
FORMES = {"59": CP1252, "62": VIRGULE, "60": CLASSEUR, "80": TABULATION, "02": UTF8_BOM}
SIRETS = {
    porteur: siret(rang)
    for rang, porteur in enumerate(
        dict.fromkeys(action.porteur for actions in ACTIONS.values() for action in actions)
    )
}


def livraisons(alea: Random) -> Iterator[Fichier]:
    """One regional workbook for 2018, then a file per department, three or four times a year."""
    projets = {exercice: _projets(exercice, alea) for exercice in VOLUMES}
    _abandon(projets[2019], "80", "CULTURE_SPORT", "Raid solidaire")
    _abandon(projets[2020], "59", "GLOBAL", "Parcours global du Nord")
    titre = "DDCS – projets d'intégration 2018, actions 12 et 15 (données fictives)"
    totaux = ("beneficiaires_prevus", "beneficiaires_realises")
    yield Fichier(EXTRAIT, "2018-12", CLASSEUR, COLONNES, projets[2018], titre, totaux)
    yield from _par_departement("2019-07", _notifies(projets[2019]), fautifs={"80": _siret_faux})
    yield from _par_departement("2020-02", _en_cours(projets[2019]), fautifs={"59": _trop_jeunes})
    yield from _notification_de_2020(_notifies(projets[2020]))
    yield from _par_departement("2020-10", projets[2019], fautifs={"02": _cible_de_237})
    yield from _bilan_de_decembre(projets[2019], _en_cours(projets[2020]))
    yield from _par_departement("2021-03", projets[2020])
    yield from _par_departement("2021-05", _notifies(projets[2021]))
    nord = [projet for projet in _en_cours(projets[2021]) if projet["departement"] == "59"]
    yield _fichier("2021-06_59", CP1252, nord)


def _projets(exercice: int, alea: Random) -> list[Projet]:
    """The year's projects as finally known, all departments together."""
    retenues: list[Action] = []
    projets: list[Projet] = []
    for departement in DEPARTEMENTS:
        actions = [action for action in ACTIONS[departement] if action.depuis <= exercice]
        effectifs = _effectifs(exercice, departement, actions, alea)
        for rang, (action, (prevus, realises)) in enumerate(
            zip(actions, effectifs, strict=True), start=1
        ):
            projet = _descriptif(exercice, departement, rang, action, alea)
            projets.append(
                {
                    **projet,
                    "beneficiaires_prevus": prevus,
                    "beneficiaires_realises": realises,
                    "dont_moins_25": _moins_25(action, realises, alea),
                    "statut": "TERMINE",
                }
            )
        retenues += actions
    _heures(exercice, projets, retenues, alea)
    _emploi(exercice, projets, retenues)
    _montants_de_la_somme(exercice, projets, alea)
    return projets


def _descriptif(exercice: int, departement: str, rang: int, action: Action, alea: Random) -> Projet:
    refugies = action.axe in ("LOGEMENT", "GLOBAL") or alea.random() < 0.3
    return {
        "exercice": exercice,
        "numero_projet": f"{exercice}-{departement}-{rang:03d}",
        "departement": departement,
        "action": "15" if refugies else "12",
        "porteur": action.porteur,
        "siret": SIRETS[action.porteur],
        "intitule": action.intitule,
        "dispositif": action.dispositif,
        "axe": action.axe,
        "visee_professionnelle": action.visee,
        "public_jeune": action.jeune,
        "charge_securisation": action.charge,
        "referent_logement": _referent_logement(exercice, action, refugies),
        "montant_accorde": float(alea.randint(8, 80) * 500),
    }


def _referent_logement(exercice: int, action: Action, refugies: bool) -> bool | None:
    """Told of few projects before 2020, but those for refugees; in 2021 those on work have one."""
    if exercice < 2020 and not refugies and action.axe not in ("DROITS", "EMPLOI"):
        return action.referent
    return bool(action.referent) or (exercice > 2020 and action.axe in ("EMPLOI", "GLOBAL"))


def _moins_25(action: Action, realises: int, alea: Random) -> int:
    """All where the action is theirs alone, most where its title names them, else half at most."""
    if action.jeune:
        return realises
    nombre = int(realises * alea.random() / 2)
    return realises - nombre if "jeunes" in action.intitule else nombre


def _effectifs(
    exercice: int, departement: str, actions: Sequence[Action], alea: Random
) -> list[tuple[int, int]]:
    """People expected and reached by each action; in 2019 they sum to what is printed."""
    if exercice == 2019:
        cible, total = TOTAUX_2019[departement]
        libres = [rang for rang, action in enumerate(actions) if action.realises is None]
        realises = [action.realises or 0 for action in actions]
        restants = (
            repartir(total - sum(realises), poids(len(libres), alea), minimum=1) if libres else []
        )
        for rang, nombre in zip(libres, restants, strict=True):
            realises[rang] = nombre
        poids_des_cibles = [nombre * (0.7 + 0.6 * alea.random()) for nombre in realises]
        return list(zip(repartir(cible, poids_des_cibles, minimum=1), realises, strict=True))
    effectifs = []
    for action in actions:
        realises_ici = int((action.realises or alea.randint(12, 55)) * VOLUMES[exercice]) + 1
        effectifs.append((int(realises_ici * (0.95 + 0.4 * alea.random())), realises_ici))
    return effectifs


def _heures(
    exercice: int, projets: Sequence[Projet], actions: Sequence[Action], alea: Random
) -> None:
    """Hours of French: PPL-SAREF's own, and the rest over the courses."""
    cours = []
    restant = int(HEURES_2019 * VOLUMES[exercice])
    for projet, action in zip(projets, actions, strict=True):
        if action.axe == "LANGUE":
            cours.append(projet)
        elif action.dispositif == "PPL-SAREF":
            projet["heures_formation"] = HEURES_DU_PPL_SAREF
            restant -= HEURES_DU_PPL_SAREF
    for projet, heures in zip(cours, repartir(restant, poids(len(cours), alea)), strict=True):
        projet["heures_formation"] = heures


def _emploi(exercice: int, projets: Sequence[Projet], actions: Sequence[Action]) -> None:
    """What became of the people helped towards work, in proportion to each action's."""
    aides = [
        (projet, int(action.accompagnes * VOLUMES[exercice]), action.axe == "GLOBAL")
        for projet, action in zip(projets, actions, strict=True)
        if action.accompagnes is not None
    ]
    total_de_2019 = sum(
        action.accompagnes or 0
        for liste in ACTIONS.values()
        for action in liste
        if action.depuis <= 2019
    )
    total = sum(nombre for _, nombre, _ in aides)
    for projet, nombre, _ in aides:
        projet["accompagnes_emploi"] = nombre
    for colonne, en_2019 in EMPLOI_2019.items():
        poids_des_aides = [
            float(nombre * (3 if globale and colonne == "heberges" else 1))
            for _, nombre, globale in aides
        ]
        parts = repartir(en_2019 * total // total_de_2019, poids_des_aides)
        for (projet, _, _), part in zip(aides, parts, strict=True):
            projet[colonne] = part
            moins_25 = projet["dont_moins_25"]
            if colonne == "jeunes_insertion" and isinstance(moins_25, int):
                projet["dont_moins_25"] = max(moins_25, part)


def _montants_de_la_somme(exercice: int, projets: Sequence[Projet], alea: Random) -> None:
    cours = [p for p in projets if p["departement"] == "80" and p["axe"] == "LANGUE"]
    montants = repartir(LANGUE_DE_LA_SOMME[exercice], poids(len(cours), alea))
    for projet, montant in zip(cours, montants, strict=True):
        projet["montant_accorde"] = float(montant)


def _abandon(projets: list[Projet], departement: str, axe: str, intitule: str) -> None:
    """One more project, which its holder gives up."""
    modele = next(projet for projet in projets if projet["departement"] == departement)
    numero = f"{modele['exercice']}-{departement}-099"
    projets.append(
        {
            **modele,
            **dict.fromkeys((*RESULTATS, "dispositif", "visee_professionnelle")),
            "numero_projet": numero,
            "axe": axe,
            "intitule": intitule,
            "beneficiaires_prevus": 40,
            "statut": "ABANDONNE",
        }
    )


def _notifies(projets: Sequence[Projet]) -> list[Projet]:
    """The projects when they are granted: expected people, no result yet."""
    return [{**projet, **dict.fromkeys(RESULTATS), "statut": "FINANCE"} for projet in projets]


def _en_cours(projets: Sequence[Projet]) -> list[Projet]:
    """The projects halfway: six tenths of each result."""
    partiels = []
    for projet in projets:
        resultats = {nom: projet.get(nom) for nom in RESULTATS}
        partiel = {nom: n * 6 // 10 for nom, n in resultats.items() if isinstance(n, int)}
        statut = "ABANDONNE" if projet["statut"] == "ABANDONNE" else "EN_COURS"
        partiels.append({**projet, **partiel, "statut": statut})
    return partiels


def _par_departement(
    mois: str,
    projets: Sequence[Projet],
    fautifs: Mapping[str, Callable[[list[Projet]], None]] | None = None,
) -> Iterator[Fichier]:
    """A file per department, each in the form that its service is used to."""
    for departement in DEPARTEMENTS:
        lignes = [dict(projet) for projet in projets if projet["departement"] == departement]
        if fautifs and departement in fautifs:
            fautifs[departement](lignes)
        yield _fichier(f"{mois}_{departement}", FORMES[departement], lignes)


def _fichier(nom: str, forme: Forme, lignes: list[Projet]) -> Fichier:
    """The Nord writes SIRETs with spaces and adds a column of its own."""
    if forme is CP1252:
        lignes = [
            {**ligne, "siret": _espace(str(ligne["siret"])), "observations": "RAS"}
            for ligne in lignes
        ]
        return Fichier(EXTRAIT, nom, forme, (*COLONNES, "observations"), lignes)
    titre = f"DDCS – projets d'intégration – {nom} (données fictives)" if forme is CLASSEUR else ""
    totaux = ("beneficiaires_prevus", "beneficiaires_realises") if forme is CLASSEUR else ()
    return Fichier(EXTRAIT, nom, forme, COLONNES, lignes, titre, totaux)


def _espace(numero: str) -> str:
    return f"{numero[:3]} {numero[3:6]} {numero[6:9]} {numero[9:]}"


def _notification_de_2020(projets: Sequence[Projet]) -> Iterator[Fichier]:
    """The Oise forgets its amounts, then sends a version 2; the Nord enters a project twice."""
    for fichier in _par_departement("2020-06", projets):
        lignes = [dict(ligne) for ligne in fichier.lignes]
        if fichier.nom == "2020-06_60":
            sans_montant = [{**ligne, "montant_accorde": None} for ligne in lignes]
            yield replace(fichier, lignes=sans_montant)
            yield _fichier(f"{fichier.nom}.v2", UTF8_BOM, lignes)
        elif fichier.nom == "2020-06_59":
            yield replace(fichier, lignes=[*lignes, {**lignes[0], **DOUBLON}])
        else:
            yield fichier


DOUBLON: Projet = {"exercice": 2020, "numero_projet": "2020-59-098", "departement": "59"}


def _bilan_de_decembre(de_2019: Sequence[Projet], de_2020: Sequence[Projet]) -> Iterator[Fichier]:
    """2020 halfway; the Aisne mends its 2019 target, the Nord withdraws its second entry."""
    for fichier in _par_departement("2020-12", de_2020):
        lignes = [dict(ligne) for ligne in fichier.lignes]
        if fichier.nom == "2020-12_02":
            lignes += [dict(projet) for projet in de_2019 if projet["departement"] == "02"][:1]
        if fichier.nom == "2020-12_59":
            lignes.append({**DOUBLON, "retrait": True})
        yield replace(fichier, lignes=lignes)


def _siret_faux(lignes: list[Projet]) -> None:
    """July 2019, Somme: a SIRET with a wrong key."""
    numero = str(lignes[2]["siret"])
    lignes[2]["siret"] = numero[:-1] + str((int(numero[-1]) + 1) % 10)


def _trop_jeunes(lignes: list[Projet]) -> None:
    """February 2020, Nord: more people under 25 than people."""
    lignes[4]["dont_moins_25"] = 500


def _cible_de_237(lignes: list[Projet]) -> None:
    """October 2020, Aisne: five people too many are expected, which December mends to 232."""
    prevus = lignes[0]["beneficiaires_prevus"]
    if isinstance(prevus, int):
        lignes[0]["beneficiaires_prevus"] = prevus + 5
