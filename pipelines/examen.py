"""What can be said of a roadmap and of its indicators before anything is built.

All faults are found at once, each with its file and line. Deliveries are not looked at here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import duckdb

from pipelines import vues
from pipelines.corrections import registre
from pipelines.entrepot import tables
from pipelines.erreurs import Faute
from pipelines.feuille_de_route import FeuilleDeRoute, Ligne
from pipelines.indicateurs.comptage import LIEUX, TEMPS
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.lexique import replier
from pipelines.rapprochement.hypothese import HypotheseIllisible, evaluer
from pipelines.rapprochement.relations import chiffres_de, evaluer_une

_CLES = {
    "territoires": ("territoire",),
    "objectifs": ("objectif",),
    "orientations": ("orientation",),
    "cibles": ("indicateur", "territoire", "periode", "ventilation", "modalite"),
    "chiffres_publies": ("chiffre",),
    "coherences": ("coherence",),
    "bilans": ("bilan",),
    "references_nationales": ("indicateur", "territoire", "periode"),
    "populations": ("territoire", "annee"),
    "codes": ("liste", "code"),
    "sources": ("source",),
}
_MOIS = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_MESURES = (
    "valeur", "part", "evolution", "multiplicateur", "ecart", "rang", "taux_cible", "numerateur",
    "denominateur", "valeur_cible", "precedente_a_date", "evolution_a_date", "ecart_a_date",
    "cible", "minimum_departemental", "maximum_departemental",
)  # fmt: skip
PERMIS = {
    ("objectifs", "rubrique"): (
        "gouvernance", "parcours", "langue", "emploi", "logement", "places", "sante", "citoyennete",
    ),
    ("territoires", "maille"): ("national", "region", "academie", "departement"),
    ("orientations", "mode"): ("mesure", "suivi", "declare"),
    ("orientations", "genre"): ("orientation", "piste"),
    ("orientations", "niveau"): ("region", "departements"),
    ("orientations", "sens"): ("hausse", "baisse", ""),
    ("chiffres_publies", "operateur"): ("=", ">", ">=", "<", "<="),
    ("chiffres_publies", "mesure"): _MESURES,
}  # fmt: skip
_TYPES: dict[str, Callable[[str], object]] = {
    "INTEGER": int,
    "DOUBLE": float,
    "DATE": date.fromisoformat,
}


def examiner(
    feuille: FeuilleDeRoute, indicateurs: Iterable[Indicateur], regles: Iterable[Regles]
) -> None:
    """Stop where a roadmap contradicts itself, or an indicator cannot be computed.

    Raises:
        Faute: all that is wrong, a line each.
    """
    indicateurs, regles = list(indicateurs), list(regles)
    fautes = _colonnes(feuille) or [
        *_lignes(feuille, {i.nom for i in indicateurs}),
        *_codes(feuille),
        *_relations(feuille, feuille.dossier / "coherences.csv"),
        *registre.fautes(feuille, regles),
        *_sql(indicateurs, regles),
        *vues.fautes(regles),
    ]
    if fautes:
        raise Faute("La feuille de route ne peut pas servir :\n- " + "\n- ".join(fautes))


def _colonnes(feuille: FeuilleDeRoute) -> list[str]:
    """Files whose header is not the one expected: nothing more can be said of them."""
    fautes = []
    for nom, entete in feuille.entetes.items():
        voulues = list(tables.modele("referentiel")[nom])
        if entete != voulues:
            chemin = feuille.dossier / f"{nom}.csv"
            fautes.append(f"{chemin}, ligne 1 : les colonnes doivent être {', '.join(voulues)}")
    return fautes


def _connus(feuille: FeuilleDeRoute, indicateurs: set[str]) -> dict[str, set[str]]:
    """What the columns of these names may hold, in any table."""
    return {
        "indicateur": indicateurs,
        "territoire": {t["territoire"] for t in feuille.tables["territoires"]},
    }


def _lignes(feuille: FeuilleDeRoute, indicateurs: set[str]) -> Iterator[str]:
    connus = _connus(feuille, indicateurs) | {
        "bilan": {b["bilan"] for b in feuille.tables["bilans"]},
    }
    for nom in feuille.tables:
        yield from _d_une_table(feuille, nom, connus, feuille.dossier / f"{nom}.csv")


def _d_une_table(
    feuille: FeuilleDeRoute, nom: str, connus: dict[str, set[str]], chemin: Path
) -> Iterator[str]:
    deja: set[tuple[str, ...]] = set()
    for ligne, numero in zip(feuille.tables[nom], feuille.numeros[nom], strict=True):
        fautes = [*_forme(nom, ligne), *_references(nom, ligne, connus)]
        cle = tuple(ligne[c] for c in _CLES.get(nom, ()))
        if cle and cle in deja:
            fautes.append(f"la clé ({', '.join(cle)}) y est déjà")
        deja.add(cle)
        for faute in fautes:
            yield f"{chemin}, ligne {numero} : {faute}"


def des_chiffres(
    feuille: FeuilleDeRoute, indicateurs: set[str], chemins: Mapping[str, Path]
) -> Iterator[str]:
    """What is wrong with printed figures and their relations alone, said of other files."""
    connus = _connus(feuille, indicateurs)
    for nom, chemin in chemins.items():
        yield from _d_une_table(feuille, nom, connus, chemin)
    yield from _relations(feuille, chemins["coherences"])


def _forme(nom: str, ligne: Ligne) -> Iterator[str]:
    if "" in ligne:
        yield "la ligne a une cellule de trop : entourer de guillemets le texte à virgules"
    for colonne, (type_, _) in tables.modele("referentiel")[nom].items():
        valeur = ligne[colonne] or ""
        permis = PERMIS.get((nom, colonne))
        if permis and valeur not in permis:
            yield f"{colonne} «{valeur}» doit être {', '.join(filter(None, permis))}"
        try:
            _TYPES.get(type_, str)(valeur or "0" if type_ != "DATE" else valeur or "2000-01-01")
        except ValueError:
            yield f"{colonne} «{valeur}» ne se lit pas ({type_})"
    if nom in ("bilans", "populations") and not re.fullmatch(r"[0-9]{4}", ligne["annee"]):
        yield f"annee «{ligne['annee']}» n'est pas une année"
    if nom == "populations" and not re.fullmatch(r"[1-9][0-9]*", ligne["population"]):
        yield f"population «{ligne['population']}» n'est pas un nombre d'habitants"
    for colonne in ("depuis", "jusque") if nom == "codes" else ():
        if ligne[colonne] and not _MOIS.fullmatch(ligne[colonne]):
            yield f"{colonne} «{ligne[colonne]}» n'est pas un mois AAAA-MM"
    if nom == "bilans" and not _MOIS.fullmatch(ligne["arrete"]):
        yield f"arrete «{ligne['arrete']}» n'est pas un mois AAAA-MM"
    if nom == "chiffres_publies" and ligne["hypothese"]:
        try:
            evaluer(ligne["hypothese"])
        except HypotheseIllisible as erreur:
            yield f"hypothese : {erreur}"


def _references(nom: str, ligne: Ligne, connus: dict[str, set[str]]) -> Iterator[str]:
    """Names that a row takes from elsewhere."""
    for colonne, permis in connus.items():
        valeur = ligne.get(colonne, "")
        if colonne not in ligne or nom == "territoires" or valeur in permis:
            continue
        # An orientation may have neither.
        if valeur or nom != "orientations" or colonne == "bilan":
            yield f"{colonne} «{valeur}» est inconnu"
    if nom == "territoires" and ligne["parent"] and ligne["parent"] not in connus["territoire"]:
        yield f"parent «{ligne['parent']}» est inconnu"
    if nom == "orientations":
        but = ligne["valeur_cible"] or ligne["multiple"]
        if not ligne["indicateur"] and (but or ligne["mode"] != "declare"):
            yield "une orientation qui a une cible, ou qui n'est pas déclarée, veut un indicateur"
        if ligne["mode"] == "mesure" and not but:
            yield "une orientation de mode mesure veut une cible, ou un multiple"
        if ligne["valeur_cible"] and ligne["multiple"]:
            yield "une cible ou un multiple, pas les deux"
        if ligne["multiple"] and not ligne["depart"]:
            yield "un multiple veut une année de départ (depart)"


def _relations(feuille: FeuilleDeRoute, chemin: Path) -> Iterator[str]:
    """Relations that cannot be tried on the figures that their bilan prints."""
    for ligne, numero in zip(
        feuille.tables["coherences"], feuille.numeros["coherences"], strict=True
    ):
        chiffres = chiffres_de(ligne["bilan"], feuille.tables["chiffres_publies"])
        try:
            evaluer_une(ligne["relation"], chiffres)
        except HypotheseIllisible as erreur:
            yield f"{chemin}, ligne {numero} : relation : {erreur}"
        except ValueError:
            continue  # a figure that is not a number: said where it is


def _codes(feuille: FeuilleDeRoute) -> Iterator[str]:
    """Codes counted as one that is not of their list, or whose text stands for another one."""
    chemin = feuille.dossier / "codes.csv"
    comptes = {(c["liste"], c["code"]): c["compte_comme"] for c in feuille.tables["codes"]}
    textes: dict[tuple[str, str], str] = {}
    for ligne, numero in zip(feuille.tables["codes"], feuille.numeros["codes"], strict=True):
        liste, code, comme = ligne["liste"], ligne["code"], ligne["compte_comme"]
        if comme and comptes.get((liste, comme), comme):
            yield (
                f"{chemin}, ligne {numero} : compte_comme «{comme}» doit être un code de la liste "
                f"{liste}, qui ne compte pas lui-même comme un autre"
            )
        for texte in {replier(code), replier(ligne["libelle"])} - {""}:
            autre = textes.setdefault((liste, texte), code)
            if autre != code:
                yield (
                    f"{chemin}, ligne {numero} : {code} et {autre} de la liste {liste} se lisent "
                    "de la même façon : changer le code ou le libellé de l'un"
                )


def _sql(indicateurs: Iterable[Indicateur], regles: Iterable[Regles]) -> Iterator[str]:
    """Indicators whose SQL does not bind on an empty warehouse, or gives other columns."""
    regles = list(regles)
    with duckdb.connect() as con:
        tables.creer(con, regles)
        con.execute("create schema if not exists faits")
        for contrat in regles:
            tables.creer_table(con, "faits", contrat)
        for indicateur in indicateurs:
            try:
                decrites = con.execute(f"describe {indicateur.sql}").fetchall()
            except duckdb.Error as erreur:
                message = str(erreur)
                dans = re.search(r"LINE (\d+):", message)
                numero = indicateur.ligne_sql + (int(dans[1]) - 1 if dans else 0)
                yield f"{indicateur.chemin}, ligne {numero} : {message.splitlines()[0]}"
                continue
            for faute in _rendues(indicateur, {nom for nom, *_ in decrites}):
                yield f"{indicateur.chemin}, ligne {indicateur.ligne_sql} : {faute}"


def _rendues(indicateur: Indicateur, colonnes: set[str]) -> Iterator[str]:
    """What is wrong with the columns that an indicator's SQL gives."""
    temps = colonnes & set(TEMPS)
    if len(temps) != 1:
        yield f"le SQL doit rendre une colonne parmi {', '.join(TEMPS)}, et une seule"
    lieu = LIEUX[indicateur.territoires]
    voulues = {"numerateur", *filter(None, [lieu])}
    if indicateur.nature in ("part", "moyenne"):
        voulues.add("denominateur")
    if indicateur.ventilations:
        propres = {"ventilation", "modalite"}
        voulues |= propres if indicateur.nature == "propre" else set(indicateur.ventilations)
    manquantes = sorted(voulues - colonnes)
    if manquantes:
        yield f"le SQL ne rend pas {', '.join(manquantes)}"
    de_trop = sorted(colonnes - voulues - temps - {"denominateur"})
    if de_trop:
        yield f"le SQL rend des colonnes de trop : {', '.join(de_trop)}"
