"""The steps of facts: for each key of an extract, the rows in force, month after month.

What is kept of them is what was checked and shown: the rows themselves are those of the deliveries,
put in order again where a step needs them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import controles
from pipelines.corrections import application, registre
from pipelines.empreintes import du_code, empreinte
from pipelines.entrepot import faits, tables
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.reception import table
from pipelines.pas import LIGNES_MONTREES, Controle, Pas, Tableau, sans_textes
from pipelines.pas import livraisons as des_livraisons

if TYPE_CHECKING:
    from pipelines.atelier import Atelier

CODE = (Path(faits.__file__), Path(application.__file__), Path(registre.__file__))


def cle(extrait: str) -> str:
    """Key of the facts of `source/extrait`."""
    return f"faits/{table(extrait)}"


def pas(regles: Mapping[str, Regles]) -> Iterator[Pas]:
    """The steps."""
    for contrat in regles.values():
        yield _de_l_extrait(contrat)


def _de_l_extrait(regles: Regles) -> Pas:
    nom = table(regles.nom)
    return Pas(
        cle=cle(regles.nom),
        genre="faits",
        groupe="3_faits",
        mots=(
            f"{regles.schema.title} : pour chaque clé ({', '.join(regles.cle)}), "
            "la ligne en vigueur à l'arrêté."
        ),
        entrees=(des_livraisons.cle(regles.nom),),
        code=(Path(faits.__file__),),
        empreinte=lambda atelier, _: empreinte(
            atelier.empreinte(des_livraisons.cle(regles.nom)),
            corrections(atelier, regles.nom),
            du_code(*CODE),
            [asdict(c) for c in controles.de("faits")],
        ),
        faire=lambda atelier, demandes: _faire(atelier, demandes),
        montrer=_montrer,
        controles=tuple(Controle(c.nom, c.titre, bloquant=True) for c in controles.de("faits")),
        verdicts=lambda atelier, pas: des_livraisons.verdicts_gardes(atelier, pas.cle),
        service=regles.nom.split("/")[0],
        table=f"faits.{nom}",
        colonnes=tables.colonnes("faits", regles),
        faits={"extrait": regles.nom},
    )


def corrections(atelier: "Atelier", extrait: str) -> list[list[str]]:
    """The rows of the register that apply to an extract, as text."""
    actives = registre.actives(atelier.feuille, atelier.regles[extrait])
    return [[c.nom, str(c.attendu), str(c.corrige)] for c in actives]


def _faire(atelier: "Atelier", demandes: Sequence[tuple[Pas, str]]) -> None:
    for pas, _ in demandes:
        extrait = pas.faits["extrait"]
        regles = atelier.regles[extrait]
        atelier.annoncer_dans(f"faits {extrait}")
        ouvrir(atelier, extrait)
        atelier.poser(f"qualite.livraisons {extrait}")
        resultats = controles.de_l_extrait(atelier.con, "faits", regles)
        nom = table(extrait)
        en_vigueur = f"chantier.{nom} where remplacee_en is null"
        [compte] = atelier.lignes(f"select count(*) as n from {en_vigueur}")
        atelier.gardees.garder(
            pas.cle,
            atelier.empreinte(pas.cle),
            {
                "lignes": compte["n"],
                "apercu": atelier.lignes(_apercu(regles, en_vigueur)),
                "controles": controles.en_fiche(resultats),
            },
        )


def ouvrir(atelier: "Atelier", extrait: str) -> None:
    """Make the facts of an extract readable (`chantier.*`, `faits.*`), once.

    Raises:
        Faute: an identity of its deliveries does not hold.
    """
    des_livraisons.exiger(atelier, des_livraisons.cle(extrait))
    if atelier.une_fois(f"faits {extrait}"):
        atelier.poser(f"livraisons.{table(extrait)}")
        regles = atelier.regles[extrait]
        faits.ouvrir(atelier.con, regles, registre.actives(atelier.feuille, regles))


def _apercu(regles: Regles, en_vigueur: str) -> str:
    """The newest facts, without free words; of persons, only how many each delivery brought."""
    if regles.personnelles:
        return f"""
            select mois_livraison, count(*) as lignes from {en_vigueur}
            group by all order by all desc limit {LIGNES_MONTREES}
        """
    colonnes = sans_textes([*regles.colonnes, "mois_livraison"], regles.libres)
    return f"""
        select {colonnes} from {en_vigueur}
        order by mois_livraison desc, fichier, feuille, ligne desc limit {LIGNES_MONTREES}
    """


def _montrer(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    fiche = atelier.gardee(pas.cle).fiche
    return {
        "lignes": fiche["lignes"],
        "les plus récents": Tableau(fiche["apercu"], fiche["lignes"]),
    }
