"""Keys of nodes, and what all nodes are written with.

A key comes from the path of the file that defines its node, after the name of the region where
several share one deployment. Nodes themselves do not belong here.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import dagster as dg
import duckdb

from pipelines import controles
from pipelines.controles import Resultat
from pipelines.erreurs import Faute, de_la_machine
from pipelines.graphe.mois import EN_UN_RUN
from pipelines.indicateurs.definition import Indicateur
from pipelines.region import region
from pipelines.session import Session

Ressource = dg.ResourceParam[Session]
if TYPE_CHECKING:
    AvecControles = dg.MaterializeResult[None]
else:
    AvecControles = dg.MaterializeResult  # Dagster knows a node with checks by the bare class
noeud = partial(dg.asset, backfill_policy=EN_UN_RUN)
PREFECTURE = "team:prefecture"


def equipe(source: str) -> str:
    """The owner of what a source delivers."""
    return f"team:{source}"


_PREFIXE = [nom] if (nom := region().nom) else []


def cle(*parties: str) -> dg.AssetKey:
    """Key of a node of this region."""
    return dg.AssetKey([*_PREFIXE, *parties])


REFERENTIEL = cle("referentiel", "feuille_de_route")
HORS_PLACE = cle("livraisons", "hors_place")
ARRETES = cle("arretes")
RECUES = cle("qualite", "livraisons")
ATTENDUS = cle("qualite", "attendus")
PEREMPTION = cle("qualite", "arretes")
VALEURS = cle("indicateurs", "valeurs")
AVANCEMENT = cle("orientations", "avancement")
RAPPROCHEMENT = cle("rapprochement", "chiffres")
DIFFUSION = cle("diffusion", "valeurs")
PLAUSIBILITE = cle("qualite", "plausibilite")
ENTREPOT = cle("entrepot", "bilan")


def cle_livraisons(extrait: str) -> dg.AssetKey:
    """Key of the deliveries of `source/extrait`."""
    return cle("livraisons", *extrait.split("/"))


def cle_faits(extrait: str) -> dg.AssetKey:
    """Key of the facts of a table `source_extrait`."""
    return cle("faits", extrait)


def cle_indicateur(indicateur: Indicateur) -> dg.AssetKey:
    """Key of an indicator: its path."""
    return cle("indicateurs", indicateur.groupe, indicateur.nom)


def cle_table(nom: str) -> dg.AssetKey:
    """Key of what fills a table `schema.nom` that views read."""
    schema, _, court = nom.partition(".")
    if schema == "qualite" and court in ("attendus", "arretes"):
        return cle(schema, court)
    gardiens = {"referentiel": REFERENTIEL, "livraisons": RECUES, "qualite": RECUES}
    if schema in gardiens:
        return gardiens[schema]
    return cle(schema, court)


def en_francais(travail: Callable[[], Any]) -> Any:
    """Run a step; a fault of the data is shown as a sentence, not as a traceback."""
    try:
        return travail()
    except Faute as faute:
        raise dg.Failure(description=str(faute), allow_retries=False) from faute
    except duckdb.CatalogException as erreur:
        seul = "Ce nœud ne se calcule pas sans ceux dont il dépend : lancer le job «rafraichir»."
        raise dg.Failure(description=seul, allow_retries=False) from erreur
    except (OSError, duckdb.Error) as erreur:
        connue = de_la_machine(erreur)
        if connue is None:
            raise
        raise dg.Failure(description=str(connue), allow_retries=False) from erreur


def specs(noeud: dg.AssetKey, objet: str) -> list[dg.AssetCheckSpec]:
    """The identities of a node; those of values withhold what breaks them, the others block."""
    return [
        dg.AssetCheckSpec(
            c.nom, asset=noeud, description=c.titre, blocking=objet != controles.VALEURS
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
