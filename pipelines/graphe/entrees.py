"""Nodes from the roadmap and the delivered files to facts.

Each calls one method of the session and says in its metadata what it did.
"""

from datetime import timedelta
from functools import partial
from typing import Any

import dagster as dg

from assets.extracts.contrat import RYTHMES
from pipelines.entrepot.tables import colonnes
from pipelines.graphe.commun import (
    ARRETES,
    ATTENDUS,
    HORS_PLACE,
    REFERENTIEL,
    Ressource,
    cle_faits,
    cle_livraisons,
    constats_de,
    en_francais,
    schema,
    schema_de,
    specs,
)
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.livraison import Bilan, table


def referentiel() -> dg.AssetsDefinition:
    """The node of the roadmap."""

    @dg.asset(
        key=REFERENTIEL,
        group_name="referentiel",
        kinds={"csv", "duckdb"},
        description=(
            "La feuille de route de la région : territoires, orientations, cibles, chiffres "
            "publiés (assets/roadmap/*.csv), et la définition des indicateurs."
        ),
    )
    def feuille_de_route(session: Ressource) -> dg.MaterializeResult[None]:
        nombre = en_francais(session.poser_referentiel)
        return dg.MaterializeResult(metadata={"dagster/row_count": nombre})

    return feuille_de_route


def _compte_rendu(bilans: list[Bilan]) -> dict[str, Any]:
    """Metadata of deliveries: counts, and a table of the files with the reasons of refusals."""
    return {
        "dagster/row_count": sum(b.acceptees for b in bilans if b.statut == "acceptee"),
        "fichiers_acceptes": sum(b.statut == "acceptee" for b in bilans),
        "fichiers_refuses": sum(b.statut == "refusee" for b in bilans),
        "lignes_rejetees": sum(b.rejetees for b in bilans),
        "fichiers": dg.MetadataValue.table(
            [
                dg.TableRecord(
                    {
                        "fichier": b.fichier.chemin,
                        "statut": b.statut,
                        "acceptees": b.acceptees,
                        "rejetees": b.rejetees,
                        "ignorees": b.ignorees,
                        "motif": b.motif or "",
                    }
                )
                for b in bilans
            ],
            schema=dg.TableSchema(
                [
                    dg.TableColumn("fichier", "string"),
                    dg.TableColumn("statut", "string"),
                    dg.TableColumn("acceptees", "int"),
                    dg.TableColumn("rejetees", "int"),
                    dg.TableColumn("ignorees", "int"),
                    dg.TableColumn("motif", "string"),
                ]
            ),
        ),
    }


def hors_place() -> dg.AssetsDefinition:
    """The node of the files that are in no extract's folder."""

    @dg.asset(
        key=HORS_PLACE,
        deps=[REFERENTIEL],
        group_name="livraisons",
        kinds={"file"},
        description="Les fichiers de raw/ qui ne sont dans le dossier d'aucun extrait : refusés.",
    )
    def hors_place(session: Ressource) -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata=_compte_rendu(en_francais(session.ecarter)))

    return hors_place


def _fraicheur(fiche: dict[str, Any]) -> dg.FreshnessPolicy:
    """The cadence of a contract, as the UI shows it; `qualite.attendus` says who is late.

    It is reckoned from the last refresh, which reads every extract.
    """
    periode = timedelta(days=round(fiche["cadence"] * 365.25 / 12))
    return dg.FreshnessPolicy.time_window(
        fail_window=periode + timedelta(days=fiche["delai"]), warn_window=periode
    )


def livraisons(regles: Regles) -> dg.AssetsDefinition:
    """The node of an extract's deliveries, with its identities and its freshness."""
    fiche = regles.modele.fiche()
    source = regles.nom.split("/")[0]

    @dg.asset(
        key=cle_livraisons(regles.nom),
        deps=[REFERENTIEL],
        group_name=source,
        kinds={"csv", "excel", "pandera", "duckdb"},
        tags={"source": source},
        check_specs=specs(cle_livraisons(regles.nom), "livraisons"),
        description=(
            f"{regles.schema.title}. {(regles.modele.__doc__ or '').strip()}\n\n"
            f"Livré par : {fiche['service']}, {RYTHMES[fiche['cadence']]}, au plus tard "
            f"{fiche['delai']} jours après, dans raw/{regles.nom}/. "
            f"Contrat : assets/extracts/{regles.nom}.py."
        ),
        freshness_policy=_fraicheur(fiche),
        metadata={
            "dagster/column_schema": schema(colonnes("livraisons", regles)),
            "dagster/table_name": f"livraisons.{table(regles.nom)}",
        },
    )
    def livraisons(session: Ressource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        bilans = en_francais(partial(session.charger, regles.nom))
        constats = en_francais(partial(session.controler, "livraisons", regles.nom))
        return dg.MaterializeResult(
            metadata=_compte_rendu(bilans), check_results=constats_de(constats)
        )

    return livraisons


def arretes(extraits: list[str]) -> dg.AssetsDefinition:
    """The node that decides which months are computed."""

    @dg.asset(
        key=ARRETES,
        deps=[HORS_PLACE, *map(cle_livraisons, extraits)],
        group_name="arretes",
        description="Les mois à calculer ; les valeurs des autres mois publiés sont gardées.",
    )
    def arretes(session: Ressource) -> dg.MaterializeResult[None]:
        mois = en_francais(session.fixer_arretes)
        return dg.MaterializeResult(
            metadata={"dagster/row_count": len(mois), "premier": mois[0], "dernier": mois[-1]}
        )

    return arretes


def attendus() -> dg.AssetsDefinition:
    """The node of who has not delivered."""

    @dg.asset(
        key=ATTENDUS,
        deps=[ARRETES],
        group_name="referentiel",
        kinds={"sql", "duckdb"},
        description=(
            "Qui n'a pas livré : le rythme que dit chaque contrat, comparé aux livraisons "
            "(pipelines/attendus/attendus.sql)."
        ),
        metadata={
            "dagster/column_schema": schema_de("qualite", "attendus"),
            "dagster/table_name": "qualite.attendus",
        },
    )
    def attendus(session: Ressource) -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"dagster/row_count": en_francais(session.attendre)})

    return attendus


def faits(regles: Regles) -> dg.AssetsDefinition:
    """The node of an extract's facts, with its identities."""
    nom = table(regles.nom)

    @dg.asset(
        key=cle_faits(nom),
        deps=[cle_livraisons(regles.nom)],
        group_name="faits",
        kinds={"duckdb"},
        description=(
            f"{regles.schema.title} : pour chaque clé ({', '.join(regles.cle)}), "
            "la ligne en vigueur à l'arrêté."
        ),
        check_specs=specs(cle_faits(nom), "faits"),
        metadata={
            "dagster/column_schema": schema(colonnes("faits", regles)),
            "dagster/table_name": f"faits.{nom}",
        },
    )
    def faits(session: Ressource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        nombre = en_francais(partial(session.ouvrir_faits, regles.nom))
        constats = en_francais(partial(session.controler, "faits", regles.nom))
        return dg.MaterializeResult(
            metadata={"dagster/row_count": nombre}, check_results=constats_de(constats)
        )

    return faits
