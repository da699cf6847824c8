"""Nodes from facts to what people read: indicators, values, and what follows from values.

Each calls one method of the session and says in its metadata what it did.
"""

from collections.abc import Iterator
from functools import partial
from itertools import groupby

import dagster as dg

from pipelines import controles
from pipelines.graphe.commun import (
    ARRETES,
    AVANCEMENT,
    DIFFUSION,
    RAPPROCHEMENT,
    REFERENTIEL,
    VALEURS,
    Ressource,
    cle_faits,
    cle_indicateur,
    cle_table,
    constats_de,
    en_francais,
    schema_de,
    specs,
)
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.livraison import table
from pipelines.orientations.calcul import CONSTATS
from pipelines.vues import Vue


def _en_mots(indicateur: Indicateur) -> str:
    diviseur = f" / {indicateur.denominateur}" if indicateur.denominateur else ""
    return (
        f"{indicateur.titre} ({indicateur.unite}).\n\n{indicateur.numerateur}{diviseur}\n\n"
        f"```sql\n{indicateur.sql}\n```"
    )


def indicateurs_par_objectif(
    indicateurs: list[Indicateur], priorites: dict[int, str]
) -> Iterator[dg.AssetsDefinition]:
    """One node per indicator, grouped by priority; those of one objective run as one step."""
    for groupe, membres in groupby(indicateurs, key=lambda i: i.groupe):
        objectif = list(membres)
        priorite = priorites.get(objectif[0].objectif or 0)
        yield _objectif(f"priorite_{priorite}_{groupe}" if priorite else groupe, objectif)


def _objectif(groupe: str, indicateurs: list[Indicateur]) -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(
            cle_indicateur(i),
            deps=[ARRETES, cle_faits(table(i.extrait))],
            group_name=groupe,
            kinds={"sql", "duckdb"},
            description=_en_mots(i),
            tags={"nature": i.nature},
        )
        for i in indicateurs
    ]

    @dg.multi_asset(name=f"compter_{groupe}", specs=specs)
    def compter(session: Ressource) -> Iterator[dg.MaterializeResult[None]]:
        for indicateur in indicateurs:
            nombre = en_francais(partial(session.compter, indicateur))
            yield dg.MaterializeResult(
                asset_key=cle_indicateur(indicateur), metadata={"dagster/row_count": nombre}
            )

    return compter


def valeurs(indicateurs: list[Indicateur]) -> dg.AssetsDefinition:
    """The node that rolls all indicators up, with its identities."""

    @dg.asset(
        key=VALEURS,
        check_specs=specs(VALEURS, controles.VALEURS),
        deps=[REFERENTIEL, *map(cle_indicateur, indicateurs)],
        group_name="valeurs",
        kinds={"sql", "duckdb"},
        description=(
            "Les valeurs de tous les indicateurs : l'étape partagée qui somme, divise, compare et "
            "classe (pipelines/indicateurs/valeurs.sql)."
        ),
        metadata={
            "dagster/column_schema": schema_de("indicateurs", "valeurs"),
            "dagster/table_name": "indicateurs.valeurs",
        },
    )
    def valeurs(session: Ressource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        nombre = en_francais(session.valoriser)
        constats = en_francais(partial(session.controler, controles.VALEURS))
        return dg.MaterializeResult(
            metadata={"dagster/row_count": nombre}, check_results=constats_de(constats)
        )

    return valeurs


def avancement() -> dg.AssetsDefinition:
    """The node of the orientations' progress."""

    @dg.asset(
        key=AVANCEMENT,
        deps=[REFERENTIEL, VALEURS, cle_faits(CONSTATS)],
        group_name="valeurs",
        kinds={"sql", "duckdb"},
        description=(
            "L'avancement de chaque orientation sur chacun de ses territoires, mesuré depuis le "
            "bilan ou déclaré (pipelines/orientations/avancement.sql)."
        ),
        metadata={
            "dagster/column_schema": schema_de("orientations", "avancement"),
            "dagster/table_name": "orientations.avancement",
        },
    )
    def avancement(session: Ressource) -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"dagster/row_count": en_francais(session.avancer)})

    return avancement


def rapprochement() -> dg.AssetsDefinition:
    """The node that compares printed figures with computed ones."""

    @dg.asset(
        key=RAPPROCHEMENT,
        deps=[REFERENTIEL, VALEURS],
        group_name="valeurs",
        kinds={"sql", "duckdb"},
        description="Chaque chiffre imprimé dans le bilan, comparé à ce que disent les données.",
        metadata={
            "dagster/column_schema": schema_de("rapprochement", "chiffres"),
            "dagster/table_name": "rapprochement.chiffres",
        },
    )
    def chiffres(session: Ressource) -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"dagster/row_count": en_francais(session.rapprocher)})

    return chiffres


def diffusion() -> dg.AssetsDefinition:
    """The node of what may leave the administration."""

    @dg.asset(
        key=DIFFUSION,
        deps=[REFERENTIEL, VALEURS],
        group_name="diffusion",
        kinds={"sql", "duckdb"},
        description=(
            "Ce qui peut sortir de l'administration, au dernier arrêté : les effectifs de "
            "personnes masqués sous 5 et arrondis au multiple de 5, le reste tel quel "
            "(pipelines/diffusion/valeurs.sql)."
        ),
        metadata={
            "dagster/column_schema": schema_de("diffusion", "valeurs"),
            "dagster/table_name": "diffusion.valeurs",
        },
    )
    def valeurs(session: Ressource) -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"dagster/row_count": en_francais(session.diffuser)})

    return valeurs


def vue_du_bilan(vue: Vue) -> dg.AssetsDefinition:
    """The node of one table of the bilan."""

    @dg.asset(
        key=cle_table(f"bilan.{vue.nom}"),
        deps=sorted(set(map(cle_table, vue.lit))),
        group_name="bilan",
        kinds={"sql", "duckdb"},
        description=f"{vue.titre}.\n\n{vue.objet}\n\n```sql\n{vue.sql}\n```",
        metadata={"dagster/table_name": f"bilan.{vue.nom}"},
    )
    def montrer(session: Ressource) -> dg.MaterializeResult[None]:
        nombre = en_francais(partial(session.montrer, vue))
        return dg.MaterializeResult(metadata={"dagster/row_count": nombre})

    return montrer
