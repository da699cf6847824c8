"""Nodes from the roadmap and the delivered files to facts.

Each calls one method of the session and says in its metadata what it did.
"""

from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg

from assets.extracts.contrat import RYTHMES
from pipelines import echeance
from pipelines.attendus import calcul as calcul_attendus
from pipelines.entrepot import faits as calcul_faits
from pipelines.entrepot import tables
from pipelines.feuille_de_route import RACINE
from pipelines.graphe.commun import (
    ARRETES,
    ATTENDUS,
    HORS_PLACE,
    PREFECTURE,
    RECUES,
    REFERENTIEL,
    AvecControles,
    Ressource,
    cle_faits,
    cle_livraisons,
    constats_de,
    en_francais,
    equipe,
    noeud,
    specs,
)
from pipelines.graphe.metadonnees import LIGNES_MONTREES, code, colonnes, comptes, tableau
from pipelines.graphe.metadonnees import table as table_de_schema
from pipelines.ingestion import depot, livraison
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.livraison import Bilan, table

REFUS = "livraisons_non_refusees"
FICHIERS_MONTRES = 50


def referentiel(dossier: Path) -> dg.AssetsDefinition:
    """The node of the roadmap."""

    @noeud(
        key=REFERENTIEL,
        group_name="referentiel",
        kinds={"csv", "duckdb"},
        description=(
            "La feuille de route de la région : territoires, orientations, cibles, chiffres "
            "publiés (*.csv), et la définition des indicateurs."
        ),
        owners=[PREFECTURE],
        metadata={
            **table_de_schema("referentiel", "indicateurs"),
            **code(Path(tables.__file__).with_name("schema.sql")),
            "dossier": dg.MetadataValue.path(str(dossier)),
        },
    )
    def feuille_de_route(session: Ressource) -> dg.MaterializeResult[None]:
        nombre = en_francais(session.poser_referentiel)
        apercu = session.lignes(
            "select indicateur, titre, unite, extrait from referentiel.indicateurs order by 1"
        )
        return dg.MaterializeResult(
            metadata={"dagster/row_count": nombre, "indicateurs": tableau(apercu)}
        )

    return feuille_de_route


def _compte_rendu(bilans: list[Bilan]) -> dict[str, Any]:
    """Metadata of deliveries: counts, and the files, refused ones first, then the newest."""
    montres = sorted(bilans, key=lambda b: (b.statut == "refusee", b.fichier.mois), reverse=True)
    return {
        "dagster/row_count": sum(b.acceptees for b in bilans if b.statut == "acceptee"),
        "fichiers_acceptes": sum(b.statut == "acceptee" for b in bilans),
        "fichiers_refuses": sum(b.statut == "refusee" for b in bilans),
        "lignes_rejetees": sum(b.rejetees for b in bilans),
        "fichiers": tableau(
            [
                {
                    "fichier": b.fichier.chemin,
                    "statut": b.statut,
                    "acceptees": b.acceptees,
                    "rejetees": b.rejetees,
                    "ignorees": b.ignorees,
                    "motif": b.motif,
                }
                for b in montres[:FICHIERS_MONTRES]
            ]
        ),
    }


def _spec_des_refus(noeud: dg.AssetKey) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        REFUS, asset=noeud, description="Aucune livraison n'est refusée ; sinon, pourquoi."
    )


def _refus(bilans: list[Bilan]) -> dg.AssetCheckResult:
    """The check that shows refused deliveries beside their extract: it warns, the others go on."""
    refuses = [f"{b.fichier.chemin} : {b.motif}" for b in bilans if b.statut == "refusee"]
    dits = "\n".join(refuses[:FICHIERS_MONTRES])
    return dg.AssetCheckResult(
        passed=not refuses,
        check_name=REFUS,
        severity=dg.AssetCheckSeverity.WARN,
        description=dits or "Aucune livraison refusée.",
        metadata={"fichiers_refuses": len(refuses)},
    )


def hors_place(raw: Path) -> dg.AssetsDefinition:
    """The node of the files that are in no extract's folder."""

    @noeud(
        key=HORS_PLACE,
        deps=[REFERENTIEL],
        group_name="livraisons",
        kinds={"file"},
        description="Les fichiers de raw/ qui ne sont dans le dossier d'aucun extrait : refusés.",
        owners=[PREFECTURE],
        check_specs=[_spec_des_refus(HORS_PLACE)],
        metadata={
            **table_de_schema("qualite", "livraisons"),
            **code(Path(depot.__file__)),
            "dossier": dg.MetadataValue.path(str(raw)),
        },
    )
    def hors_place(session: Ressource) -> AvecControles:
        bilans = en_francais(session.ecarter)
        return dg.MaterializeResult(metadata=_compte_rendu(bilans), check_results=[_refus(bilans)])

    return hors_place


def _fraicheur(fiche: dict[str, Any]) -> dg.FreshnessPolicy:
    """The cadence of a contract, as the UI shows it; `qualite.attendus` says who is late.

    It is reckoned from the last refresh, which reads every extract.
    """
    periode = timedelta(days=round(fiche["cadence"] * 365.25 / 12))
    return dg.FreshnessPolicy.time_window(
        fail_window=periode + timedelta(days=fiche["delai"]), warn_window=periode
    )


def livraisons(regles: Regles, raw: Path) -> dg.AssetsDefinition:
    """The node of an extract's deliveries, with its identities and its freshness."""
    fiche = regles.modele.fiche()
    source = regles.nom.split("/")[0]
    cle = cle_livraisons(regles.nom)
    contrat = RACINE / "assets" / "extracts" / f"{regles.nom}.py"

    @noeud(
        key=cle,
        deps=[REFERENTIEL],
        group_name=f"livraisons_{source}",
        kinds={"csv", "excel", "pandera", "duckdb"},
        tags={"source": source},
        owners=[equipe(source)],
        check_specs=[_spec_des_refus(cle), *specs(cle, "livraisons")],
        description=(
            f"{regles.schema.title}. {(regles.modele.__doc__ or '').strip()}\n\n"
            f"Livré par : {fiche['service']}, {RYTHMES[fiche['cadence']]}, au plus tard "
            f"{fiche['delai']} jours après, dans raw/{regles.nom}/. "
            f"Contrat : assets/extracts/{regles.nom}.py."
        ),
        freshness_policy=_fraicheur(fiche),
        metadata={
            **colonnes(tables.colonnes("livraisons", regles)),
            **code(contrat),
            "dagster/table_name": f"livraisons.{table(regles.nom)}",
            "dossier": dg.MetadataValue.path(str(raw / regles.nom)),
        },
    )
    def livraisons(context: dg.AssetExecutionContext, session: Ressource) -> AvecControles:
        bilans = en_francais(partial(session.charger, regles.nom))
        constats = en_francais(partial(session.controler, "livraisons", regles.nom))
        par_mois: Counter[str] = Counter()
        for bilan in bilans:
            if bilan.statut == "acceptee":
                par_mois[bilan.fichier.mois] += bilan.acceptees
        comptes(context, cle, par_mois)
        return dg.MaterializeResult(
            metadata={
                **_compte_rendu(bilans),
                "regles_brisees": tableau(session.lignes(_regles_brisees(regles.nom))),
            },
            check_results=[_refus(bilans), *constats_de(constats)],
        )

    return livraisons


def _regles_brisees(extrait: str) -> str:
    """The rules most often broken, without any value."""
    source, nom = extrait.split("/")
    return f"""
        select fichier, colonne, regle, count(*) as rejets, min(ligne) as premiere_ligne
        from qualite.rejets where source = '{source}' and extrait = '{nom}'
        group by all order by rejets desc, fichier, colonne, regle limit {LIGNES_MONTREES}
    """


def recues(extraits: list[str]) -> dg.AssetsDefinition:
    """The node of all the deliveries, where refused ones are together."""

    @noeud(
        key=RECUES,
        deps=[HORS_PLACE, *map(cle_livraisons, extraits)],
        group_name="livraisons",
        kinds={"duckdb"},
        owners=[PREFECTURE],
        description=(
            "Tous les fichiers livrés : acceptés, refusés avec leurs motifs, remplacés ; et les "
            "rejets de chaque ligne, dans qualite.rejets."
        ),
        metadata={
            **table_de_schema("qualite", "livraisons"),
            **code(Path(livraison.__file__)),
        },
    )
    def livraisons(
        context: dg.AssetExecutionContext, session: Ressource
    ) -> dg.MaterializeResult[None]:
        bilans = en_francais(session.recevoir)
        comptes(context, RECUES, Counter(b.fichier.mois for b in bilans))
        refuses = [b for b in bilans if b.statut == "refusee"]
        return dg.MaterializeResult(
            metadata={
                **_compte_rendu(refuses),
                "dagster/row_count": len(bilans),
                "fichiers_acceptes": sum(b.statut == "acceptee" for b in bilans),
                "lignes_rejetees": sum(b.rejetees for b in bilans),
            }
        )

    return livraisons


def arretes() -> dg.AssetsDefinition:
    """The node of the months to compute."""

    @noeud(
        key=ARRETES,
        deps=[REFERENTIEL],
        group_name="referentiel",
        kinds={"duckdb"},
        owners=[PREFECTURE],
        description="Les mois à calculer ; les valeurs des autres mois publiés sont gardées.",
        metadata=code(Path(echeance.__file__)),
    )
    def arretes(session: Ressource) -> dg.MaterializeResult[None]:
        mois = en_francais(session.fixer_arretes)
        return dg.MaterializeResult(
            metadata={"dagster/row_count": len(mois), "premier": mois[0], "dernier": mois[-1]}
        )

    return arretes


def attendus() -> dg.AssetsDefinition:
    """The node of who has not delivered."""

    @noeud(
        key=ATTENDUS,
        deps=[ARRETES, RECUES],
        group_name="livraisons",
        kinds={"sql", "duckdb"},
        description=(
            "Qui n'a pas livré : le rythme que dit chaque contrat, comparé aux livraisons "
            "(pipelines/attendus/attendus.sql)."
        ),
        owners=[PREFECTURE],
        metadata={
            **table_de_schema("qualite", "attendus"),
            **code(Path(calcul_attendus.__file__).with_name("attendus.sql")),
        },
    )
    def attendus(session: Ressource) -> dg.MaterializeResult[None]:
        nombre = en_francais(session.attendre)
        en_retard = session.lignes(
            """
            select source, extrait, partie, mois, statut, retard_jours from qualite.attendus
            where attendu and retard_jours > 0 and statut in ('manquante', 'refusee') order by all
            """
        )
        return dg.MaterializeResult(
            metadata={"dagster/row_count": nombre, "en_retard": tableau(en_retard)}
        )

    return attendus


def faits(regles: Regles) -> dg.AssetsDefinition:
    """The node of an extract's facts, with its identities."""
    nom = table(regles.nom)
    source = regles.nom.split("/")[0]
    cle = cle_faits(nom)

    @noeud(
        key=cle,
        deps=[cle_livraisons(regles.nom)],
        group_name="faits",
        kinds={"duckdb"},
        tags={"source": source},
        owners=[equipe(source)],
        description=(
            f"{regles.schema.title} : pour chaque clé ({', '.join(regles.cle)}), "
            "la ligne en vigueur à l'arrêté."
        ),
        check_specs=specs(cle, "faits"),
        metadata={
            **colonnes(tables.colonnes("faits", regles)),
            **code(Path(calcul_faits.__file__)),
            "dagster/table_name": f"faits.{nom}",
        },
    )
    def faits(context: dg.AssetExecutionContext, session: Ressource) -> AvecControles:
        nombre = en_francais(partial(session.ouvrir_faits, regles.nom))
        constats = en_francais(partial(session.controler, "faits", regles.nom))
        comptes(context, cle, session.en_vigueur(regles.nom))
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": nombre,
                "apercu": tableau(session.lignes(_apercu(regles))),
            },
            check_results=constats_de(constats),
        )

    return faits


def _apercu(regles: Regles) -> str:
    """A few facts; where they are persons, only how many each delivery brought."""
    if regles.personnelles:
        choix, ordre = "mois_livraison, count(*) as lignes", "mois_livraison desc"
    else:
        choix, ordre = ", ".join(f'"{c}"' for c in regles.colonnes), regles.cle_sql
    return f"""
        select {choix} from chantier.{table(regles.nom)} where remplacee_en is null
        group by all order by {ordre} limit {LIGNES_MONTREES}
    """
