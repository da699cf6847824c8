"""The nodes of the graph: one per extract, per fact, per indicator, and what gathers them.

Each node calls one method of the session and says in its metadata what it did. A node's key, group
and name come from the path of the file that defines it.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import Any

import dagster as dg
import duckdb

from assets.extracts.contrat import RYTHMES
from pipelines import controles
from pipelines.controles import Resultat
from pipelines.entrepot.tables import colonnes, modele
from pipelines.erreurs import Faute
from pipelines.feuille_de_route import FeuilleDeRoute
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.livraison import Bilan, table
from pipelines.orientations.calcul import CONSTATS
from pipelines.plausibilite import attentes
from pipelines.plausibilite.attentes import Attente
from pipelines.plausibilite.constats import Constat
from pipelines.session import Session
from pipelines.vues import Vue

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


def tous(
    feuille: FeuilleDeRoute,
    regles: dict[str, Regles],
    indicateurs: list[Indicateur],
    vues: list[Vue],
) -> list[dg.AssetsDefinition]:
    """All the nodes."""
    return [
        _referentiel(),
        _hors_place(),
        *(_livraisons(r) for r in regles.values()),
        _arretes(list(regles)),
        _attendus(),
        *(_faits(r) for r in regles.values()),
        *_indicateurs(indicateurs, feuille.priorites),
        _valeurs(indicateurs),
        _avancement(),
        _rapprochement(),
        _diffusion(),
        *map(_vue, vues),
        _plausibilite(list(regles), vues),
        _publication(),
    ]


def _specs(cle: dg.AssetKey, objet: str) -> list[dg.AssetCheckSpec]:
    """The identities of a node; those of values withhold what breaks them, the others block.

    A node that has some is annotated by the bare MaterializeResult: Dagster knows it only so.
    """
    return [
        dg.AssetCheckSpec(
            c.nom, asset=cle, description=c.titre, blocking=objet != controles.VALEURS
        )
        for c in controles.de(objet)
    ]


def _constats(resultats: list[Resultat]) -> list[dg.AssetCheckResult]:
    return [
        dg.AssetCheckResult(
            passed=r.reussi,
            check_name=r.controle.nom,
            description=r.message,
            metadata={"lignes_en_defaut": r.nombre},
        )
        for r in resultats
    ]


def _schema(details: dict[str, tuple[str, str]]) -> dg.TableSchema:
    return dg.TableSchema(
        [dg.TableColumn(nom, type_, description=mots) for nom, (type_, mots) in details.items()]
    )


def _schema_de(schema: str, nom: str) -> dg.TableSchema:
    return dg.TableSchema([dg.TableColumn(c, type_) for c, type_ in modele(schema)[nom].items()])


def _referentiel() -> dg.AssetsDefinition:
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


def _hors_place() -> dg.AssetsDefinition:
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


def _livraisons(regles: Regles) -> dg.AssetsDefinition:
    fiche = regles.modele.fiche()
    source = regles.nom.split("/")[0]

    @dg.asset(
        key=cle_livraisons(regles.nom),
        deps=[REFERENTIEL],
        group_name=source,
        kinds={"csv", "excel", "pandera", "duckdb"},
        tags={"source": source},
        check_specs=_specs(cle_livraisons(regles.nom), "livraisons"),
        description=(
            f"{regles.schema.title}. {(regles.modele.__doc__ or '').strip()}\n\n"
            f"Livré par : {fiche['service']}, {RYTHMES[fiche['cadence']]}, au plus tard "
            f"{fiche['delai']} jours après, dans raw/{regles.nom}/. "
            f"Contrat : assets/extracts/{regles.nom}.py."
        ),
        freshness_policy=_fraicheur(fiche),
        metadata={
            "dagster/column_schema": _schema(colonnes("livraisons", regles)),
            "dagster/table_name": f"livraisons.{table(regles.nom)}",
        },
    )
    def livraisons(session: Ressource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        bilans = en_francais(partial(session.charger, regles.nom))
        constats = en_francais(partial(session.controler, "livraisons", regles.nom))
        return dg.MaterializeResult(
            metadata=_compte_rendu(bilans), check_results=_constats(constats)
        )

    return livraisons


def _arretes(extraits: list[str]) -> dg.AssetsDefinition:
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


def _attendus() -> dg.AssetsDefinition:
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
            "dagster/column_schema": _schema_de("qualite", "attendus"),
            "dagster/table_name": "qualite.attendus",
        },
    )
    def attendus(session: Ressource) -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"dagster/row_count": en_francais(session.attendre)})

    return attendus


def _faits(regles: Regles) -> dg.AssetsDefinition:
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
        check_specs=_specs(cle_faits(nom), "faits"),
        metadata={
            "dagster/column_schema": _schema(colonnes("faits", regles)),
            "dagster/table_name": f"faits.{nom}",
        },
    )
    def faits(session: Ressource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        nombre = en_francais(partial(session.ouvrir_faits, regles.nom))
        constats = en_francais(partial(session.controler, "faits", regles.nom))
        return dg.MaterializeResult(
            metadata={"dagster/row_count": nombre}, check_results=_constats(constats)
        )

    return faits


def _en_mots(indicateur: Indicateur) -> str:
    diviseur = f" / {indicateur.denominateur}" if indicateur.denominateur else ""
    return (
        f"{indicateur.titre} ({indicateur.unite}).\n\n{indicateur.numerateur}{diviseur}\n\n"
        f"```sql\n{indicateur.sql}\n```"
    )


def _indicateurs(
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


def _valeurs(indicateurs: list[Indicateur]) -> dg.AssetsDefinition:
    @dg.asset(
        key=VALEURS,
        check_specs=_specs(VALEURS, controles.VALEURS),
        deps=[REFERENTIEL, *map(cle_indicateur, indicateurs)],
        group_name="valeurs",
        kinds={"sql", "duckdb"},
        description=(
            "Les valeurs de tous les indicateurs : l'étape partagée qui somme, divise, compare et "
            "classe (pipelines/indicateurs/valeurs.sql)."
        ),
        metadata={
            "dagster/column_schema": _schema_de("indicateurs", "valeurs"),
            "dagster/table_name": "indicateurs.valeurs",
        },
    )
    def valeurs(session: Ressource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        nombre = en_francais(session.valoriser)
        constats = en_francais(partial(session.controler, controles.VALEURS))
        return dg.MaterializeResult(
            metadata={"dagster/row_count": nombre}, check_results=_constats(constats)
        )

    return valeurs


def _avancement() -> dg.AssetsDefinition:
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
            "dagster/column_schema": _schema_de("orientations", "avancement"),
            "dagster/table_name": "orientations.avancement",
        },
    )
    def avancement(session: Ressource) -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"dagster/row_count": en_francais(session.avancer)})

    return avancement


def _rapprochement() -> dg.AssetsDefinition:
    @dg.asset(
        key=RAPPROCHEMENT,
        deps=[REFERENTIEL, VALEURS],
        group_name="valeurs",
        kinds={"sql", "duckdb"},
        description="Chaque chiffre imprimé dans le bilan, comparé à ce que disent les données.",
        metadata={
            "dagster/column_schema": _schema_de("rapprochement", "chiffres"),
            "dagster/table_name": "rapprochement.chiffres",
        },
    )
    def chiffres(session: Ressource) -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"dagster/row_count": en_francais(session.rapprocher)})

    return chiffres


def _diffusion() -> dg.AssetsDefinition:
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
            "dagster/column_schema": _schema_de("diffusion", "valeurs"),
            "dagster/table_name": "diffusion.valeurs",
        },
    )
    def valeurs(session: Ressource) -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"dagster/row_count": en_francais(session.diffuser)})

    return valeurs


def _vue(vue: Vue) -> dg.AssetsDefinition:
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


def _plausibilite(extraits: list[str], vues: list[Vue]) -> dg.AssetsDefinition:
    attendues = attentes.lire()

    @dg.asset(
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
            *(cle_faits(table(e)) for e in extraits),
            *(cle_table(f"bilan.{v.nom}") for v in vues),
        ],
        group_name="entrepot",
        kinds={"greatexpectations", "duckdb"},
        description=(
            "L'entrepôt fini, examiné par Great Expectations (assets/plausibilite/*.sql) : ce qui "
            "est peu vraisemblable est signalé dans qualite.controles et dans "
            "warehouse/plausibilite/index.html, et n'empêche jamais la publication."
        ),
    )
    def plausibilite(session: Ressource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        constats = en_francais(session.eprouver)
        signales = [c for c in constats if not c.reussi]
        return dg.MaterializeResult(
            metadata={"dagster/row_count": len(constats), "signalements": len(signales)},
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


def _publication() -> dg.AssetsDefinition:
    @dg.asset(
        key=ENTREPOT,
        deps=[PLAUSIBILITE],
        group_name="entrepot",
        kinds={"duckdb"},
        description="L'entrepôt publié, warehouse/bilan.duckdb : il remplace l'ancien d'un coup.",
    )
    def bilan(session: Ressource) -> dg.MaterializeResult[None]:
        chemin = en_francais(session.publier)
        return dg.MaterializeResult(
            metadata={"fichier": dg.MetadataValue.path(chemin), "octets": chemin.stat().st_size}
        )

    return bilan
