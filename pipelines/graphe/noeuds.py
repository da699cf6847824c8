"""Steps as nodes of Dagster: one function for all of them, one Dagster step for each kind.

What a node says and computes is in its step (`pipelines.pas`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import dagster as dg
import duckdb

from pipelines.atelier import Atelier
from pipelines.edition.adresses import adresse
from pipelines.entrepot.tables import modele
from pipelines.erreurs import Faute, de_la_machine
from pipelines.graphe.cles import cle
from pipelines.graphe.metadonnees import code, colonnes, en_dagster
from pipelines.graphe.mois import EN_UN_RUN
from pipelines.graphe.ressource import DeLAtelier, choisi
from pipelines.pas import Controle, Pas, Verdict, edition
from pipelines.pas import entrepot as de_l_entrepot
from pipelines.pas import livraisons as des_livraisons
from pipelines.region import Region

ETIQUETTES = "bilan/"
_PLUS_TARD = "Gardé. L'entrepôt publié ne change pas : le prochain rafraîchissement le reprendra."
Resultats = Iterator["dg.MaterializeResult[Any]"]


def tous(
    ici: Region, pas: Mapping[str, Pas], extraits: Sequence[str], mois: dg.PartitionsDefinition
) -> list[Any]:
    """The nodes of all the steps, and the checks of partners that are late."""
    entrees = essentielles(pas)
    noeuds = [
        _d_un_genre(ici, genre, list(siens), entrees, mois)
        for genre, siens in groupby(pas.values(), key=lambda p: p.genre)
    ]
    return [*noeuds, _a_l_heure(ici, extraits)]


def essentielles(pas: Mapping[str, Pas]) -> dict[str, list[str]]:
    """The inputs of each step, without those that another of them leads to."""
    avant: dict[str, set[str]] = {}
    gardees = {}
    for p in pas.values():  # each after its inputs
        menees = set().union(*(avant[e] for e in p.entrees))
        gardees[p.cle] = sorted(set(p.entrees) - menees)
        avant[p.cle] = menees | set(p.entrees)
    return gardees


def _spec(
    ici: Region, pas: Pas, entrees: Iterable[str], mois: dg.PartitionsDefinition
) -> dg.AssetSpec:
    metadata: dict[str, Any] = {**pas.faits, **code(*pas.code)}
    metadata["page"] = dg.MetadataValue.url(adresse(ici.nom, edition.page(pas.cle)))
    if pas.table:
        metadata["dagster/table_name"] = pas.table
        schema, _, nom = pas.table.partition(".")
        details = pas.colonnes or modele(schema).get(nom)
        if details:
            metadata |= colonnes(details)
    if pas.sql:
        metadata["requête"] = dg.MetadataValue.md(f"```sql\n{pas.sql}\n```")
    if pas.dossier:
        metadata["dossier"] = dg.MetadataValue.path(str(pas.dossier))
    return dg.AssetSpec(
        cle(ici, pas.cle),
        deps=[cle(ici, e) for e in entrees],
        description=pas.mots,
        group_name=pas.groupe,
        owners=[f"team:{pas.service}"],
        kinds=set(pas.sortes),
        code_version=pas.version[:16],
        partitions_def=mois if pas.mensuel else None,
        metadata=metadata,
        skippable=True,
    )


def _specs_de_controle(ici: Region, pas: Pas) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(c.nom, asset=cle(ici, pas.cle), description=c.titre, blocking=c.bloquant)
        for c in pas.controles
    ]


def _d_un_genre(
    ici: Region,
    genre: str,
    siens: Sequence[Pas],
    entrees: Mapping[str, Sequence[str]],
    mois: dg.PartitionsDefinition,
) -> dg.AssetsDefinition:
    """The nodes of one kind: they run as one Dagster step, and any of them alone."""
    controles = [spec for pas in siens for spec in _specs_de_controle(ici, pas)]

    @dg.multi_asset(
        name=genre,
        specs=[_spec(ici, pas, entrees[pas.cle], mois) for pas in siens],
        check_specs=controles,
        can_subset=True,
        backfill_policy=EN_UN_RUN if siens[0].mensuel else None,
    )
    def calculer(context: dg.AssetExecutionContext, atelier: DeLAtelier) -> Resultats:
        choisis = [pas for pas in siens if cle(ici, pas.cle) in context.selected_asset_keys]
        sans_trace(partial(atelier.obtenir, [pas.cle for pas in choisis]))
        for pas in choisis:
            yield sans_trace(partial(_resultat, context, ici, atelier, pas))
        if genre == "entrepot":
            _etiqueter(context, atelier)

    return calculer


def _resultat(
    context: dg.AssetExecutionContext, ici: Region, atelier: Atelier, pas: Pas
) -> "dg.MaterializeResult[Any]":
    """What a node says once its result is kept."""
    noeud = cle(ici, pas.cle)
    demandes = context.selected_asset_check_keys
    constats = [
        _constat(noeud, verdict)
        for verdict in pas.verdicts(atelier, pas)
        if dg.AssetCheckKey(noeud, verdict.nom) in demandes
    ]
    montre = dict(pas.montrer(atelier, pas))
    par_mois = montre.pop("lignes par mois", {})
    for m, nombre in par_mois.items():
        lignes = {"dagster/partition_row_count": nombre}
        context.add_asset_metadata(lignes, noeud, partition_key=m)
    if not (pas.genre == edition.GENRE or choisi(context.run, cle(ici, de_l_entrepot.ENTREPOT))):
        montre["entrepôt"] = _PLUS_TARD
    atelier.suivre(pas.cle)
    return dg.MaterializeResult(
        asset_key=noeud,
        metadata=en_dagster(montre),
        data_version=dg.DataVersion(_version(atelier, pas)[:16]),
        check_results=constats,
    )


def _version(atelier: Atelier, pas: Pas) -> str:
    return atelier.empreinte(pas.cle, atelier.dernier if pas.mensuel else "")


def _constat(noeud: dg.AssetKey, verdict: Verdict) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=verdict.reussi,
        asset_key=noeud,
        check_name=verdict.nom,
        severity=dg.AssetCheckSeverity.ERROR if verdict.grave else dg.AssetCheckSeverity.WARN,
        description=verdict.message,
        metadata=en_dagster(
            {"nombre": verdict.nombre} | ({verdict.nom: verdict.tableau} if verdict.tableau else {})
        ),
    )


def _a_l_heure(ici: Region, extraits: Sequence[str]) -> dg.AssetChecksDefinition:
    """The checks that say, on each extract, whether its partner is late."""
    temoin: Controle = des_livraisons.A_L_HEURE

    @dg.multi_asset_check(
        name="a_l_heure",
        specs=[
            dg.AssetCheckSpec(
                temoin.nom,
                asset=cle(ici, des_livraisons.cle(extrait)),
                description=temoin.titre,
                additional_deps=[cle(ici, des_livraisons.ATTENDUS)],
            )
            for extrait in extraits
        ],
        can_subset=True,
    )
    def verifier(
        context: dg.AssetCheckExecutionContext,
        atelier: DeLAtelier,
    ) -> Iterator[dg.AssetCheckResult]:
        for extrait in extraits:
            noeud = cle(ici, des_livraisons.cle(extrait))
            if dg.AssetCheckKey(noeud, temoin.nom) in context.selected_asset_check_keys:
                yield _constat(
                    noeud, sans_trace(partial(des_livraisons.a_l_heure, atelier, extrait))
                )

    return verifier


def _etiqueter(context: dg.AssetExecutionContext, atelier: Atelier) -> None:
    """Say in the list of runs what was published, and what there is to look at."""
    recues = des_livraisons.toutes(atelier)
    signales = [c for c in de_l_entrepot.les_constats(atelier) if not c.reussi]
    context.instance.add_run_tags(
        context.run.run_id,
        {
            f"{ETIQUETTES}arrete": atelier.dernier,
            f"{ETIQUETTES}refusees": str(sum(r.statut == "refusee" for r in recues)),
            f"{ETIQUETTES}rejets": str(sum(r.rejetees for r in recues)),
            f"{ETIQUETTES}doutes": str(des_livraisons.nombre_de_doutes(recues)),
            f"{ETIQUETTES}signalements": str(len(signales)),
        },
    )


def sans_trace(travail: Callable[[], Any]) -> Any:
    """Run a step; a fault of the data is shown as a sentence, not as a traceback."""
    try:
        return travail()
    except Faute as faute:
        raise dg.Failure(description=str(faute), allow_retries=False) from faute
    except (OSError, duckdb.Error) as erreur:
        connue = de_la_machine(erreur)
        if connue is None:
            raise
        raise dg.Failure(description=str(connue), allow_retries=False) from erreur
