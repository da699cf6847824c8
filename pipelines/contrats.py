"""The contracts of all the extracts, found by their paths, and made ready for a region.

What a contract says is in `assets/extracts/`; applying it is `pipelines.ingestion`.
"""

import importlib
from functools import cache

from assets.extracts.contrat import Contrat
from pipelines.feuille_de_route import RACINE, FeuilleDeRoute
from pipelines.ingestion.controle import Regles


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
    """Every contract, ready to be applied in a region."""
    return {nom: Regles.de(nom, modele, feuille.listes) for nom, modele in tous().items()}
