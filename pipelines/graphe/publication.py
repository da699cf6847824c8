"""The last nodes: the finished file is tried for plausibility, then published."""

from pathlib import Path

import dagster as dg

from pipelines.entrepot import chantier
from pipelines.graphe.commun import (
    ATTENDUS,
    AVANCEMENT,
    DIFFUSION,
    ENTREPOT,
    PEREMPTION,
    PLAUSIBILITE,
    PREFECTURE,
    RAPPROCHEMENT,
    AvecControles,
    Ressource,
    cle_faits,
    cle_table,
    en_francais,
    noeud,
)
from pipelines.graphe.metadonnees import code, table, tableau
from pipelines.ingestion.livraison import table as table_de
from pipelines.plausibilite import attentes
from pipelines.plausibilite.attentes import Attente
from pipelines.plausibilite.constats import Constat
from pipelines.vues import Vue


def plausibilite(extraits: list[str], vues: list[Vue]) -> dg.AssetsDefinition:
    """The node that tries the finished file, and never blocks."""
    attendues = attentes.lire()

    @noeud(
        key=PLAUSIBILITE,
        check_specs=[
            dg.AssetCheckSpec(a.nom, asset=PLAUSIBILITE, description=f"{a.titre} ({a.attendu}).")
            for a in attendues
        ],
        deps=[
            AVANCEMENT,
            RAPPROCHEMENT,
            DIFFUSION,
            ATTENDUS,
            PEREMPTION,
            *(cle_faits(table_de(e)) for e in extraits),
            *(cle_table(f"bilan.{v.nom}") for v in vues),
        ],
        group_name="entrepot",
        kinds={"greatexpectations", "duckdb"},
        description=(
            "L'entrepôt fini, examiné par Great Expectations (assets/plausibilite/*.sql) : ce qui "
            "est peu vraisemblable est signalé dans qualite.controles et dans "
            "warehouse/plausibilite/index.html, et n'empêche jamais la publication."
        ),
        owners=[PREFECTURE],
        metadata={
            **table("qualite", "controles"),
            **code(*sorted(attentes.DOSSIER.glob("*.sql"))),
        },
    )
    def plausibilite(session: Ressource) -> AvecControles:
        constats = en_francais(session.eprouver)
        signales = [c for c in constats if not c.reussi]
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": len(constats),
                "signalements": len(signales),
                "signales": tableau(
                    [{"controle": c.controle, "message": c.message} for c in signales]
                ),
            },
            check_results=[_vraisemblance(a, constats) for a in attendues],
        )

    return plausibilite


def _vraisemblance(attente: Attente, constats: list[Constat]) -> dg.AssetCheckResult:
    """The check of an expectation: it warns, also where it could not be judged."""
    siens = [c for c in constats if c.controle == attente.nom] or constats
    signales = [c.message for c in siens if not c.reussi]
    return dg.AssetCheckResult(
        passed=not signales,
        check_name=attente.nom,
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(signales) or f"{attente.titre}.",
        metadata={"signalements": len(signales), "attendu": attente.attendu},
    )


def publication() -> dg.AssetsDefinition:
    """The node that replaces the published file."""

    @noeud(
        key=ENTREPOT,
        deps=[PLAUSIBILITE],
        group_name="entrepot",
        kinds={"duckdb"},
        description="L'entrepôt publié, warehouse/bilan.duckdb : il remplace l'ancien d'un coup.",
        owners=[PREFECTURE],
        metadata=code(Path(chantier.__file__)),
    )
    def bilan(session: Ressource) -> dg.MaterializeResult[None]:
        chemin = en_francais(session.publier)
        return dg.MaterializeResult(
            metadata={"fichier": dg.MetadataValue.path(chemin), "octets": chemin.stat().st_size}
        )

    return bilan
