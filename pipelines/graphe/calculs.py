"""Nodes from facts to what people read: indicators, values, and what follows from values.

Each calls one method of the session and says in its metadata what it did.
"""

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from pathlib import Path

import dagster as dg

from pipelines import controles
from pipelines.diffusion import calcul as calcul_diffusion
from pipelines.feuille_de_route import FeuilleDeRoute, Ligne
from pipelines.graphe.commun import (
    ARRETES,
    AVANCEMENT,
    DIFFUSION,
    PEREMPTION,
    PREFECTURE,
    RAPPROCHEMENT,
    RECUES,
    REFERENTIEL,
    VALEURS,
    AvecControles,
    Ressource,
    cle_faits,
    cle_indicateur,
    cle_table,
    constats_de,
    en_francais,
    equipe,
    noeud,
    specs,
)
from pipelines.graphe.metadonnees import LIGNES_MONTREES, code, colonnes, comptes, tableau
from pipelines.graphe.metadonnees import table as table_de_schema
from pipelines.graphe.mois import EN_UN_RUN
from pipelines.indicateurs import calcul
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.livraison import table
from pipelines.orientations import calcul as calcul_orientations
from pipelines.orientations.calcul import CONSTATS
from pipelines.peremption import calcul as calcul_peremption
from pipelines.rapprochement import calcul as calcul_rapprochement
from pipelines.vues import Vue

CHIFFRES_MONTRES = 5
A_JOUR = "arretes_a_jour"


def _en_mots(indicateur: Indicateur, imprimes: list[Ligne]) -> str:
    """What an indicator counts, its SQL, and what the printed bilan says of it."""
    diviseur = f" / {indicateur.denominateur}" if indicateur.denominateur else ""
    mots = (
        f"{indicateur.titre} ({indicateur.unite}).\n\n{indicateur.numerateur}{diviseur}\n\n"
        f"```sql\n{indicateur.sql}\n```"
    )
    citations = [
        f"- ligne {c['ligne']} : «{c['citation']}» ({c['territoire']}, {c['periode']})"
        for c in imprimes[:CHIFFRES_MONTRES]
    ]
    if citations:
        reste = len(imprimes) - len(citations)
        suite = [f"- et {reste} autres, dans rapprochement.chiffres"] if reste else []
        mots += "\n\nImprimé dans le bilan :\n\n" + "\n".join(citations + suite)
    return mots


def indicateurs_par_objectif(
    indicateurs: list[Indicateur], feuille: FeuilleDeRoute
) -> Iterator[dg.AssetsDefinition]:
    """One node per indicator, grouped by priority; those of one objective run as one step."""
    imprimes: dict[str, list[Ligne]] = {}
    for chiffre in feuille.tables["chiffres_publies"]:
        imprimes.setdefault(chiffre["indicateur"], []).append(chiffre)
    for groupe, membres in groupby(indicateurs, key=lambda i: i.groupe):
        objectif = list(membres)
        priorite = feuille.priorites.get(objectif[0].objectif or 0)
        nom = f"priorite_{priorite}_{groupe}" if priorite else groupe
        yield _objectif(nom, objectif, imprimes)


def _objectif(
    groupe: str, indicateurs: list[Indicateur], imprimes: dict[str, list[Ligne]]
) -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(
            cle_indicateur(i),
            skippable=True,
            deps=[ARRETES, cle_faits(table(i.extrait))],
            group_name=groupe,
            kinds={"sql", "duckdb"},
            description=_en_mots(i, imprimes.get(i.nom, [])),
            tags={"nature": i.nature, "source": i.extrait.split("/")[0]},
            owners=[equipe(i.extrait.split("/")[0])],
            metadata={
                **table_de_schema("indicateurs", "valeurs"),
                **code(i.chemin),
                "unite": i.unite,
                "sens": i.sens,
                "personnes": i.personnes,
                "ventilations": ", ".join(i.ventilations) or "aucune",
                "periodes": ", ".join(i.periodes),
                "territoires": i.territoires,
            },
        )
        for i in indicateurs
    ]

    # Dagster 1.13 compares the months of nodes that cannot be run apart, and finds them unequal at
    # random: these can be.
    @dg.multi_asset(
        name=f"compter_{groupe}", specs=specs, backfill_policy=EN_UN_RUN, can_subset=True
    )
    def compter(
        context: dg.AssetExecutionContext, session: Ressource
    ) -> Iterator[dg.MaterializeResult[None]]:
        for indicateur in indicateurs:
            cle = cle_indicateur(indicateur)
            if cle not in context.selected_asset_keys:
                continue
            nombres = en_francais(partial(session.compter, indicateur))
            comptes(context, cle, nombres)
            yield dg.MaterializeResult(
                asset_key=cle,
                metadata={
                    "dagster/row_count": sum(nombres.values()),
                    "apercu": tableau(session.lignes(_mesures(indicateur, session.arretes[-1]))),
                },
            )

    return compter


def _mesures(indicateur: Indicateur, arrete: str) -> str:
    """The newest measures of an indicator, before they are rolled up."""
    return f"""
        select arrete, debut, territoire, numerateur, denominateur from chantier.mesures
        where indicateur = '{indicateur.nom}' and arrete = '{arrete}' and ventilation = 'total'
        order by debut desc, territoire limit {LIGNES_MONTREES}
    """


def valeurs(indicateurs: list[Indicateur]) -> dg.AssetsDefinition:
    """The node that rolls all indicators up, with its identities."""

    @noeud(
        key=VALEURS,
        check_specs=specs(VALEURS, controles.VALEURS),
        deps=[REFERENTIEL, RECUES, *map(cle_indicateur, indicateurs)],
        group_name="valeurs",
        kinds={"sql", "duckdb"},
        description=(
            "Les valeurs de tous les indicateurs : l'étape partagée qui somme, divise, compare et "
            "classe (pipelines/indicateurs/valeurs.sql)."
        ),
        owners=[PREFECTURE],
        metadata={
            **table_de_schema("indicateurs", "valeurs"),
            **code(Path(calcul.__file__).with_name("valeurs.sql")),
        },
    )
    def valeurs(context: dg.AssetExecutionContext, session: Ressource) -> AvecControles:
        nombre = en_francais(session.valoriser)
        constats = en_francais(partial(session.controler, controles.VALEURS))
        comptes(context, VALEURS, session.par_arrete("indicateurs.valeurs"))
        apercu = f"""
            select indicateur, territoire, periode, arrete, valeur, evolution, taux_cible
            from indicateurs.valeurs join referentiel.territoires using (territoire)
            where
                maille = 'region' and ventilation = 'total' and not provisoire
                and taux_cible is not null
            order by arrete desc, periode desc, indicateur limit {LIGNES_MONTREES}
        """
        return dg.MaterializeResult(
            metadata={"dagster/row_count": nombre, "apercu": tableau(session.lignes(apercu))},
            check_results=constats_de(constats),
        )

    return valeurs


def avancement() -> dg.AssetsDefinition:
    """The node of the orientations' progress."""

    @noeud(
        key=AVANCEMENT,
        deps=[REFERENTIEL, VALEURS, cle_faits(CONSTATS)],
        group_name="valeurs",
        kinds={"sql", "duckdb"},
        description=(
            "L'avancement de chaque orientation sur chacun de ses territoires, mesuré depuis le "
            "bilan ou déclaré (pipelines/orientations/avancement.sql)."
        ),
        owners=[PREFECTURE],
        metadata={
            **table_de_schema("orientations", "avancement"),
            **code(Path(calcul_orientations.__file__).with_name("avancement.sql")),
        },
    )
    def avancement(
        context: dg.AssetExecutionContext, session: Ressource
    ) -> dg.MaterializeResult[None]:
        nombre = en_francais(session.avancer)
        comptes(context, AVANCEMENT, session.par_arrete("orientations.avancement"))
        statuts = """
            select statut, count(*) as orientations, count(*) filter (en_retard) as en_retard
            from orientations.avancement
            where arrete = (select max(a.arrete) from orientations.avancement as a)
            group by all order by all
        """
        return dg.MaterializeResult(
            metadata={"dagster/row_count": nombre, "statuts": tableau(session.lignes(statuts))}
        )

    return avancement


def rapprochement() -> dg.AssetsDefinition:
    """The node that compares printed figures with computed ones."""

    @noeud(
        key=RAPPROCHEMENT,
        deps=[REFERENTIEL, VALEURS],
        group_name="valeurs",
        kinds={"sql", "duckdb"},
        description="Chaque chiffre imprimé dans le bilan, comparé à ce que disent les données.",
        owners=[PREFECTURE],
        metadata={
            **table_de_schema("rapprochement", "chiffres"),
            **code(Path(calcul_rapprochement.__file__).with_name("chiffres.sql")),
        },
    )
    def chiffres(session: Ressource) -> dg.MaterializeResult[None]:
        nombre = en_francais(session.rapprocher)
        ecarts = """
            select ligne, citation, indicateur, valeur, valeur_calculee, verdict, explication
            from rapprochement.chiffres where verdict <> 'conforme' order by ligne, chiffre
        """
        return dg.MaterializeResult(
            metadata={"dagster/row_count": nombre, "ecarts": tableau(session.lignes(ecarts))}
        )

    return chiffres


def diffusion() -> dg.AssetsDefinition:
    """The node of what may leave the administration."""

    @noeud(
        key=DIFFUSION,
        deps=[REFERENTIEL, VALEURS],
        group_name="diffusion",
        kinds={"sql", "duckdb"},
        description=(
            "Ce qui peut sortir de l'administration, au dernier arrêté : les effectifs de "
            "personnes masqués sous 5 et arrondis au multiple de 5, le reste tel quel "
            "(pipelines/diffusion/valeurs.sql)."
        ),
        owners=[PREFECTURE],
        metadata={
            **table_de_schema("diffusion", "valeurs"),
            **code(Path(calcul_diffusion.__file__).with_name("valeurs.sql")),
        },
    )
    def valeurs(session: Ressource) -> dg.MaterializeResult[None]:
        nombre = en_francais(session.diffuser)
        apercu = f"""
            select indicateur, territoire, periode, valeur, masque from diffusion.valeurs
            where ventilation = 'total'
            order by periode desc, indicateur, territoire limit {LIGNES_MONTREES}
        """
        return dg.MaterializeResult(
            metadata={"dagster/row_count": nombre, "apercu": tableau(session.lignes(apercu))}
        )

    return valeurs


def peremption() -> dg.AssetsDefinition:
    """The node that says which published months no longer hold."""

    @noeud(
        key=PEREMPTION,
        deps=[RECUES, VALEURS],
        group_name="valeurs",
        kinds={"sql", "duckdb"},
        description=(
            "Sur quoi repose chaque mois publié. Un mois dont les livraisons, la feuille de route "
            "ou le programme ont changé depuis est à recalculer : d'ici, en choisissant ce mois, "
            "ou par «bilan refresh --depuis» (pipelines/peremption/arretes.sql)."
        ),
        owners=[PREFECTURE],
        check_specs=[
            dg.AssetCheckSpec(
                A_JOUR, asset=PEREMPTION, description="Tous les mois publiés sont à jour."
            )
        ],
        metadata={
            **table_de_schema("qualite", "arretes"),
            **code(Path(calcul_peremption.__file__).with_name("arretes.sql")),
        },
    )
    def arretes(context: dg.AssetExecutionContext, session: Ressource) -> AvecControles:
        perimes = en_francais(session.dater)
        publies = session.par_arrete("qualite.arretes")
        comptes(context, PEREMPTION, publies)
        causes = {perime.arrete: perime.phrase for perime in perimes}
        mois = [
            {"arrete": arrete, "a_jour": arrete not in causes, "cause": causes.get(arrete)}
            for arrete in sorted(publies, reverse=True)
        ]
        return dg.MaterializeResult(
            metadata={"dagster/row_count": sum(publies.values()), "arretes": tableau(mois)},
            check_results=[
                dg.AssetCheckResult(
                    passed=not perimes,
                    check_name=A_JOUR,
                    severity=dg.AssetCheckSeverity.WARN,
                    description="\n".join(causes.values()) or "Tous les mois sont à jour.",
                    metadata={"a_recalculer": len(perimes)},
                )
            ],
        )

    return arretes


def vue_du_bilan(vue: Vue, indicateurs: list[Indicateur]) -> dg.AssetsDefinition:
    """The node of one table of the bilan; it hangs on the indicators that it names, too."""
    cle = cle_table(f"bilan.{vue.nom}")
    nommes = [cle_indicateur(i) for i in indicateurs if f"'{i.nom}'" in vue.sql]

    @noeud(
        key=cle,
        deps=sorted({*map(cle_table, vue.lit), *nommes}),
        group_name="bilan",
        kinds={"sql", "duckdb"},
        description=f"{vue.titre}.\n\n{vue.objet}\n\n```sql\n{vue.sql}\n```",
        owners=[PREFECTURE],
        metadata={**code(vue.chemin), "dagster/table_name": f"bilan.{vue.nom}"},
    )
    def montrer(session: Ressource) -> dg.MaterializeResult[None]:
        nombre = en_francais(partial(session.montrer, vue))
        return dg.MaterializeResult(
            metadata={
                **colonnes(session.colonnes(vue)),
                "dagster/row_count": nombre,
                "apercu": tableau(session.apercevoir(vue, LIGNES_MONTREES)),
            }
        )

    return montrer
