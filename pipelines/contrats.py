"""The contracts of all the extracts, found by their paths, and made ready for a region.

What a contract says is in `assets/extracts/`; applying it is `pipelines.ingestion`.
"""

import importlib
from functools import cache

from assets.extracts.contrat import Colonne, Contrat
from pipelines.codes import Listes
from pipelines.erreurs import Faute
from pipelines.feuille_de_route import RACINE, FeuilleDeRoute
from pipelines.ingestion import correspondances
from pipelines.ingestion.controle import RETRAIT, Regles
from pipelines.ingestion.correspondances import Correspondance


@cache
def tous() -> dict[str, type[Contrat]]:
    """The contract of each extract, by `source/extrait`: the path of its module."""
    dossier = RACINE / "assets" / "extracts"
    trouves = {}
    for chemin in sorted(dossier.glob("*/*.py")):
        if chemin.stem == "__init__":
            continue
        source, nom = chemin.parent.name, chemin.stem
        module = importlib.import_module(f"assets.extracts.{source}.{nom}")
        [modele] = [
            valeur
            for valeur in vars(module).values()
            if isinstance(valeur, type) and issubclass(valeur, Contrat) and valeur is not Contrat
        ]
        trouves[f"{source}/{nom}"] = modele
    return trouves


def regles_de(feuille: FeuilleDeRoute) -> dict[str, Regles]:
    """Every contract, ready to be applied in a region.

    Raises:
        Faute: a contract names a list of codes that the roadmap has not, or not as numbers; or a
            line of correspondances.csv is wrong.
    """
    listes = feuille.listes
    fautes = {
        faute
        for nom, modele in tous().items()
        for colonne in modele.colonnes().values()
        if (faute := _liste_qui_manque(nom, colonne, listes))
    }
    if fautes:
        chemin = feuille.dossier / "codes.csv"
        raise Faute(f"{chemin} ne peut pas servir :\n- " + "\n- ".join(sorted(fautes)))
    ecrites = correspondances_de(feuille)
    return {nom: Regles.de(nom, modele, listes, ecrites) for nom, modele in tous().items()}


def correspondances_de(feuille: FeuilleDeRoute) -> list[Correspondance]:
    """The lines of correspondances.csv.

    Raises:
        Faute: what is wrong with them, a line each.
    """
    lignes = feuille.tables[correspondances.TABLE]
    numeros = feuille.numeros[correspondances.TABLE]
    colonnes = {nom: [*modele.colonnes(), RETRAIT] for nom, modele in tous().items()}
    trouvees, fautes = correspondances.examiner(lignes, numeros, colonnes)
    if fautes:
        chemin = feuille.dossier / f"{correspondances.TABLE}.csv"
        phrases = (f"{chemin}, ligne {numero} : {phrase}" for numero, phrase in fautes)
        raise Faute("Les correspondances ne peuvent pas servir :\n- " + "\n- ".join(phrases))
    return trouvees


def _liste_qui_manque(contrat: str, colonne: Colonne, listes: Listes) -> str:
    """What is wrong with the list of a column, if anything."""
    if colonne.liste and colonne.liste not in listes:
        return f"la liste «{colonne.liste}», que nomme {contrat}, n'y est pas"
    if colonne.liste and colonne.type == "entier":
        mots = [c.code for c in listes[colonne.liste] if not c.code.isdecimal()]
        if mots:
            return f"la liste «{colonne.liste}» ne doit avoir que des nombres, pas {mots[0]}"
    return ""
