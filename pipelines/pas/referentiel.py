"""The step of the roadmap: it is examined whole, then `referentiel.*` are made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import examen, vues
from pipelines.empreintes import du_code, empreinte
from pipelines.entrepot import tables
from pipelines.pas import Pas, Tableau
from pipelines.region import Region

if TYPE_CHECKING:
    from pipelines.atelier import Atelier

CLE = "referentiel/feuille_de_route"
_CODE = (
    Path(examen.__file__),
    Path(vues.__file__),
    Path(tables.__file__),
    tables.MACROS,
    tables.CONSOLE,
    tables.SCHEMA,
)


def pas(ici: Region) -> Pas:
    """The step."""
    return Pas(
        cle=CLE,
        genre="referentiel",
        groupe="1_referentiel",
        mots=(
            "La feuille de route de la région : territoires, orientations, cibles, chiffres "
            "publiés (*.csv), et la définition des indicateurs. Elle est examinée tout entière "
            "avant que rien ne soit calculé."
        ),
        entrees=(),
        code=(tables.SCHEMA,),
        empreinte=lambda atelier, _: empreinte(
            _tables(atelier),
            [de_l_indicateur(i) for i in atelier.indicateurs],
            [de_la_vue(v) for v in atelier.vues],
            [r.empreinte for r in atelier.regles.values()],
            du_code(*_CODE),
        ),
        faire=_faire,
        montrer=_montrer,
        sortes=frozenset({"csv", "duckdb"}),
        table="referentiel.indicateurs",
        dossier=ici.roadmap,
    )


def _tables(atelier: "Atelier") -> dict[str, Any]:
    return {nom: [dict(ligne) for ligne in lus] for nom, lus in atelier.feuille.tables.items()}


def de_l_indicateur(indicateur: Any) -> dict[str, Any]:
    """All that an indicator's file says, but where it is."""
    return {k: v for k, v in asdict(indicateur).items() if k not in ("chemin", "ligne_sql")}


def de_la_vue(vue: Any) -> dict[str, Any]:
    """All that a view's file says, but where it is."""
    return {k: v for k, v in asdict(vue).items() if k not in ("chemin", "ligne_sql")}


def _faire(atelier: "Atelier", demandes: Sequence[tuple[Pas, str]]) -> None:
    examen.examiner(atelier.feuille, atelier.indicateurs, atelier.regles.values())
    nombres = {nom: len(lus) for nom, lus in atelier.feuille.tables.items()}
    atelier.gardees.garder(CLE, atelier.empreinte(CLE), {"lignes": nombres})


def _montrer(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    lignes = [
        {"indicateur": i.nom, "titre": i.titre, "unite": i.unite, "extrait": i.extrait}
        for i in sorted(atelier.indicateurs, key=lambda i: i.nom)
    ]
    nombres = atelier.gardee(CLE).fiche["lignes"]
    return {
        "lignes": len(lignes),
        "fichiers": Tableau.de(
            [{"fichier": f"{nom}.csv", "lignes": n} for nom, n in nombres.items()], len(nombres)
        ),
        "indicateurs": Tableau.de(lignes, len(lignes)),
    }
