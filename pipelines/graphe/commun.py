"""Keys of nodes, and what all nodes are written with.

A key comes from the path of the file that defines its node. Nodes themselves do not belong here.
"""

from collections.abc import Callable
from typing import Any

import dagster as dg
import duckdb

from pipelines import controles
from pipelines.controles import Resultat
from pipelines.entrepot.tables import modele
from pipelines.erreurs import Faute
from pipelines.indicateurs.definition import Indicateur
from pipelines.session import Session

Ressource = dg.ResourceParam[Session]

REFERENTIEL = dg.AssetKey(["referentiel", "feuille_de_route"])
HORS_PLACE = dg.AssetKey(["livraisons", "hors_place"])
ARRETES = dg.AssetKey(["arretes"])
ATTENDUS = dg.AssetKey(["qualite", "attendus"])
VALEURS = dg.AssetKey(["indicateurs", "valeurs"])
AVANCEMENT = dg.AssetKey(["orientations", "avancement"])
RAPPROCHEMENT = dg.AssetKey(["rapprochement", "chiffres"])
DIFFUSION = dg.AssetKey(["diffusion", "valeurs"])
PLAUSIBILITE = dg.AssetKey(["qualite", "plausibilite"])
ENTREPOT = dg.AssetKey(["entrepot", "bilan"])


def cle_livraisons(extrait: str) -> dg.AssetKey:
    """Key of the deliveries of `source/extrait`."""
    return dg.AssetKey(["livraisons", *extrait.split("/")])


def cle_faits(extrait: str) -> dg.AssetKey:
    """Key of the facts of a table `source_extrait`."""
    return dg.AssetKey(["faits", extrait])


def cle_indicateur(indicateur: Indicateur) -> dg.AssetKey:
    """Key of an indicator: its path."""
    return dg.AssetKey(["indicateurs", indicateur.groupe, indicateur.nom])


def cle_table(nom: str) -> dg.AssetKey:
    """Key of what fills a table `schema.nom` that views read."""
    schema, _, court = nom.partition(".")
    if schema == "qualite" and court == "attendus":
        return ATTENDUS
    gardiens = {"referentiel": REFERENTIEL, "livraisons": ARRETES, "qualite": ARRETES}
    if schema in gardiens:
        return gardiens[schema]
    return dg.AssetKey([schema, court])


def en_francais(travail: Callable[[], Any]) -> Any:
    """Run a step; a fault of the data is shown as a sentence, not as a traceback."""
    try:
        return travail()
    except Faute as faute:
        raise dg.Failure(description=str(faute), allow_retries=False) from faute
    except duckdb.CatalogException as erreur:
        seul = "Ce nœud ne se calcule pas sans ceux dont il dépend : lancer le job «rafraichir»."
        raise dg.Failure(description=seul, allow_retries=False) from erreur


def specs(cle: dg.AssetKey, objet: str) -> list[dg.AssetCheckSpec]:
    """The identities of a node; those of values withhold what breaks them, the others block.

    A node that has some is annotated by the bare MaterializeResult: Dagster knows it only so.
    """
    return [
        dg.AssetCheckSpec(
            c.nom, asset=cle, description=c.titre, blocking=objet != controles.VALEURS
        )
        for c in controles.de(objet)
    ]


def constats_de(resultats: list[Resultat]) -> list[dg.AssetCheckResult]:
    """What identities found, as Dagster shows it."""
    return [
        dg.AssetCheckResult(
            passed=r.reussi,
            check_name=r.controle.nom,
            description=r.message,
            metadata={"lignes_en_defaut": r.nombre},
        )
        for r in resultats
    ]


def schema(details: dict[str, tuple[str, str]]) -> dg.TableSchema:
    """A table of columns, with their meaning."""
    return dg.TableSchema(
        [dg.TableColumn(nom, type_, description=mots) for nom, (type_, mots) in details.items()]
    )


def schema_de(schema: str, nom: str) -> dg.TableSchema:
    """The columns of a table of `schema.sql`."""
    return dg.TableSchema([dg.TableColumn(c, type_) for c, type_ in modele(schema)[nom].items()])
