"""Reading a draft again before it is printed: its figures, against themselves and the warehouse.

A draft is a file with the columns of `chiffres_publies.csv`; its relations are those of the
roadmap whose figures it has, and of a file `coherences.csv` beside it. Nothing is stored. How a
figure is judged belongs to `rapprochement`.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import duckdb

from pipelines import examen, feuille_de_route
from pipelines.entrepot import chantier, tables
from pipelines.erreurs import Faute
from pipelines.feuille_de_route import FeuilleDeRoute, Ligne
from pipelines.indicateurs import definition
from pipelines.rapprochement.comparaison import rapprocher, relier
from pipelines.rapprochement.relations import noms_de
from pipelines.sql import nommees

TIENT, NE_TIENT_PAS = 0, 1
_CHIFFRES, _RELATIONS = "chiffres_publies", "coherences"
_FACULTATIVES = (
    "bilan", "objectif", "arrete", "unite", "ligne", "lignes", "citation", "hypothese",
    "explication", "ventilation", "modalite", "operateur", "mesure",
)  # fmt: skip
_DEFAUTS = {
    "ventilation": "total", "modalite": "total", "operateur": "=", "mesure": "valeur",
    "decimales": "0",
}  # fmt: skip
_MOTS = {
    "inexplique": "démenti",
    "proche": "mal arrondi",
    "explique": "démenti, mais l'hypothèse le retrouve",
    "non_calculable": "sans valeur dans l'entrepôt",
}


@dataclass(frozen=True)
class _Brouillon:
    """What a draft says: its figures and relations, each with its line."""

    chiffres: list[dict[str, str]]
    lignes: dict[str, int]
    relations: list[dict[str, str]]


def relire(fichier: Path, warehouse: Path, roadmap: Path, sortie: IO[str]) -> int:
    """Print what does not hold in a draft, and what the warehouse contradicts; gives the exit code.

    Raises:
        Faute: the draft cannot be read, or names what does not exist; all its faults at once.
    """
    feuille = feuille_de_route.lire(roadmap)
    with _entrepot(warehouse) as con:
        [(dernier,)] = con.execute("select max(arrete) from indicateurs.valeurs").fetchall()
        brouillon = _lire(fichier, feuille, str(dernier))
        tables.inserer_lignes(con, _CHIFFRES, brouillon.chiffres)
        tables.inserer_lignes(con, _RELATIONS, brouillon.relations)
        rapprocher(con)
        relier(con, brouillon.relations, brouillon.chiffres)
        relations = nommees(con, _CASSEES)
        chiffres = nommees(con, _DEMENTIS)
    for titre, phrases in (
        ("Relations qui ne tiennent pas", [_de_la_relation(r) for r in relations]),
        ("Chiffres à revoir", [_du_chiffre(c, brouillon.lignes) for c in chiffres]),
    ):
        if phrases:
            print(f"{titre} :", *(f"  {phrase}" for phrase in phrases), "", sep="\n", file=sortie)
    bons = len(brouillon.chiffres) - len(chiffres)
    print(
        f"{fichier.name} : {bons} chiffres conformes sur {len(brouillon.chiffres)}, "
        f"{len(brouillon.relations) - len(relations)} relations qui tiennent sur "
        f"{len(brouillon.relations)}.",
        file=sortie,
    )
    return NE_TIENT_PAS if relations or chiffres else TIENT


def _entrepot(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """A warehouse in memory, with the values and targets of the published one, and no figure.

    Raises:
        Faute: there is none, or it cannot be read.
    """
    con = duckdb.connect()
    con.execute("attach ':memory:' as chantier")
    tables.creer(con, [])
    publie = chantier.fichier(warehouse)
    try:
        con.execute(f"attach '{chantier.chemin_sql(publie)}' as publie (read_only)")
        for nom in ("indicateurs.valeurs", "referentiel.territoires", "referentiel.cibles"):
            con.execute(f"insert into {nom} by name from publie.{nom}")
    except duckdb.Error:
        raise Faute(
            f"L'entrepôt «{publie}» ne se lit pas : le calculer d'abord avec «bilan refresh», ou "
            "dire où il est avec --warehouse."
        ) from None
    return con


def _lire(fichier: Path, feuille: FeuilleDeRoute, dernier: str) -> _Brouillon:
    """The draft, as the roadmap would hold it."""
    chiffres, numeros = _rangees(fichier, list(tables.modele("referentiel")[_CHIFFRES]))
    for ligne in chiffres:
        for colonne, defaut in (_DEFAUTS | {"arrete": dernier}).items():
            ligne[colonne] = ligne[colonne] or defaut
    noms = {ligne["chiffre"] for ligne in chiffres}
    relations = [
        {**r, "bilan": ""} for r in feuille.tables[_RELATIONS] if noms_de(r["relation"]) <= noms
    ]
    lignes_relations = [0] * len(relations)
    voisin = fichier.with_name(f"{_RELATIONS}.csv")
    if voisin.is_file():
        siennes, leurs = _rangees(voisin, list(tables.modele("referentiel")[_RELATIONS]))
        connues = {r["coherence"] for r in siennes}
        relations = [r for r in relations if r["coherence"] not in connues] + siennes
        lignes_relations = [0] * (len(relations) - len(siennes)) + leurs
    for ligne in (*chiffres, *relations):
        ligne["bilan"] = ""  # a draft is of no bilan yet
    lues: dict[str, list[Ligne]] = {_CHIFFRES: [*chiffres], _RELATIONS: [*relations]}
    tentee = replace(
        feuille,
        tables={**feuille.tables, **lues},
        numeros={**feuille.numeros, _CHIFFRES: numeros, _RELATIONS: lignes_relations},
    )
    indicateurs = {i.nom for i in definition.lire(feuille.choisis)}
    fautes = list(
        examen.des_chiffres(tentee, indicateurs, {_CHIFFRES: fichier, _RELATIONS: voisin})
    )
    if fautes:
        raise Faute("Le brouillon ne peut pas être relu :\n- " + "\n- ".join(fautes))
    return _Brouillon(
        chiffres, dict(zip([c["chiffre"] for c in chiffres], numeros, strict=True)), relations
    )


def _rangees(fichier: Path, voulues: list[str]) -> tuple[list[dict[str, str]], list[int]]:
    """The rows of a CSV, in the columns wanted, and the line of each.

    Raises:
        Faute: it cannot be read, or lacks a column that nothing stands for.
    """
    try:
        texte = fichier.read_text(encoding="utf-8-sig")
        premiere = texte.partition("\n")[0]
        signe = ";" if premiere.count(";") > premiere.count(",") else ","  # as Excel writes it here
        lecteur = csv.DictReader(
            texte.splitlines(keepends=True), delimiter=signe, strict=True, restval="", restkey=""
        )
        lues = [(ligne, lecteur.line_num) for ligne in lecteur if any(ligne.values())]
    except (OSError, UnicodeDecodeError, csv.Error) as erreur:
        raise Faute(f"«{fichier}» ne se lit pas ({erreur}).") from None
    entete = list(lecteur.fieldnames or [])
    manquantes = [c for c in voulues if c not in entete and c not in _FACULTATIVES]
    inconnues = [c for c in entete if c not in voulues]
    if manquantes or inconnues:
        quoi = [f"il manque {', '.join(manquantes)}"] if manquantes else []
        quoi += [f"{', '.join(inconnues)} n'en sont pas"] if inconnues else []
        raise Faute(
            f"{fichier}, ligne 1 : {' ; '.join(quoi)}. Les colonnes, séparées par des virgules : "
            f"{', '.join(voulues)}."
        )
    rangees = [
        {c: ligne.get(c) or "" for c in voulues} | ({"": ""} if "" in ligne else {})
        for ligne, _ in lues
    ]
    for rangee in rangees if "valeur" in voulues and signe == ";" else ():
        rangee["valeur"] = rangee["valeur"].replace(",", ".")
    return rangees, [numero for _, numero in lues]


def _de_la_relation(relation: Mapping[str, Any]) -> str:
    """A relation that does not hold, in words."""
    cause = f" ({relation['explication']})" if relation["explication"] else ""
    return (
        f"{relation['coherence']} : {relation['titre']}. {relation['relation']} : "
        f"{relation['gauche']} d'un côté, {relation['droite']} de l'autre{cause}."
    )


def _du_chiffre(chiffre: Mapping[str, Any], lignes: Mapping[str, int]) -> str:
    """A figure that the warehouse contradicts, in words."""
    de = ", ".join(
        str(chiffre[c])
        for c in ("indicateur", "mesure", "territoire", "periode")
        if chiffre[c] is not None
    )
    part = "" if chiffre["ventilation"] == "total" else f", {chiffre['modalite']}"
    dit = f"l'entrepôt donne {chiffre['calcule']}" if chiffre["calcule"] else "aucune valeur"
    return (
        f"ligne {lignes[chiffre['chiffre']]}, {chiffre['chiffre']} : {chiffre['imprime']} imprimé, "
        f"{dit} ({de}{part}, arrêté {chiffre['arrete']}) : {_MOTS[chiffre['verdict']]}."
    )


_CASSEES = """
    select * replace (
        regexp_replace(en_francais(gauche, 2), ',00$', '') as gauche,
        regexp_replace(en_francais(droite, 2), ',00$', '') as droite
    )
    from rapprochement.coherences where tient is not true order by coherence
"""
_DEMENTIS = """
    select
        *,
        case when operateur = '=' then '' else operateur || ' ' end
        || en_francais(valeur, decimales) as imprime,
        regexp_replace(en_francais(valeur_calculee, 2), ',00$', '') as calcule
    from rapprochement.chiffres where verdict <> 'conforme' order by chiffre
"""
