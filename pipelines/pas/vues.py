"""The steps of the views: each made in the finished warehouse, and looked at there."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import vues
from pipelines.empreintes import du_code, empreinte
from pipelines.entrepot import tables
from pipelines.ingestion.reception import table
from pipelines.pas import LIGNES_MONTREES, Pas, Tableau, referentiel, sans_textes, valeurs
from pipelines.pas import entrepot as de_l_entrepot
from pipelines.pas import livraisons as des_livraisons
from pipelines.vues import Vue

if TYPE_CHECKING:
    from pipelines.atelier import Atelier

_GARDIENS = {
    "indicateurs.a_date": valeurs.VALEURS,
    "rapprochement.coherences": valeurs.RAPPROCHEMENT,
    "qualite.attendus": des_livraisons.ATTENDUS,
    "qualite.arretes": valeurs.ARRETES,
    "qualite.controles": de_l_entrepot.PLAUSIBILITE,
}
_PAR_SCHEMA = {
    "referentiel": referentiel.CLE,
    "livraisons": des_livraisons.RECUES,
    "qualite": des_livraisons.RECUES,
}

_LIBRES = {"orientations.avancement": ["responsable"]}
"""What of free words of deliveries is neither in facts nor in views."""


def cle(vue: Vue) -> str:
    """Key of a view."""
    return f"{vue.schema}/{vue.nom}"


def gardien(table: str) -> str:
    """Key of the step that fills a table `schema.table`."""
    schema = table.partition(".")[0]
    return _GARDIENS.get(table) or _PAR_SCHEMA.get(schema) or table.replace(".", "/", 1)


def pas(lues: Sequence[Vue]) -> Iterator[Pas]:
    """The steps."""
    for vue in lues:
        yield _de_la_vue(vue)


def _de_la_vue(vue: Vue) -> Pas:
    return Pas(
        cle=cle(vue),
        genre="vues",
        groupe="7_bilan",
        mots=f"{vue.titre}.\n\n{vue.objet}",
        sql=vue.sql,
        entrees=tuple(dict.fromkeys(map(gardien, vue.lit))),
        code=(vue.chemin,),
        empreinte=lambda atelier, _: empreinte(
            referentiel.de_la_vue(vue),
            atelier.empreinte(de_l_entrepot.PLAUSIBILITE),
            du_code(Path(vues.__file__)),
        ),
        faire=_faire,
        montrer=_montrer,
        sortes=frozenset({"sql", "duckdb"}),
        table=vue.table,
        faits={"vue": vue.table},
    )


def _faire(atelier: "Atelier", demandes: Sequence[tuple[Pas, str]]) -> None:
    """Count the rows of views, and look at their first ones, in the finished warehouse."""
    de_l_entrepot.inscrire_les_constats(atelier)
    connues = {vue.table: vue for vue in atelier.vues}
    des_faits = {f"faits.{table(r.nom)}": r.libres for r in atelier.regles.values()}
    libres = vues.libres(atelier.con, atelier.vues, _LIBRES | des_faits)
    decrites = tables.decrites(atelier.con)
    for pas, _ in demandes:
        vue = connues[pas.faits["vue"]]
        atelier.annoncer_dans(f"vues : {vue.table}")
        # Read once, then counted and looked at: a count alone costs as much as the rows do.
        atelier.con.execute(f"create or replace temp table vue_lue as from {vues.place(vue)}")
        [compte] = atelier.lignes("select count(*) as n from temp.vue_lue")
        colonnes = decrites[vue.schema][vue.nom]
        tus = {
            c for c in libres.get(vue.table, ()) if c in colonnes and "VARCHAR" in colonnes[c][0]
        }
        choix = sans_textes(colonnes, tus)
        atelier.gardees.garder(
            pas.cle,
            atelier.empreinte(pas.cle),
            {
                "lignes": compte["n"],
                "colonnes": colonnes,
                "apercu": atelier.lignes(
                    f"select {choix} from temp.vue_lue limit {LIGNES_MONTREES}"
                ),
            },
        )
    atelier.con.execute("drop table if exists temp.vue_lue")


def _montrer(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    fiche = atelier.gardee(pas.cle).fiche
    return {
        "lignes": fiche["lignes"],
        "colonnes": {nom: tuple(details) for nom, details in fiche["colonnes"].items()},
        "premières lignes": Tableau(fiche["apercu"], fiche["lignes"]),
    }
