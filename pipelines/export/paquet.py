"""`datapackage.json`: what an open-data export says of itself (Frictionless, Data Package 1).

Which rows it holds does not belong here. Nothing in it tells when it was written.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.ingestion.octets import somme

NOM = "datapackage.json"
FRANCAIS, NU, PARQUET, CLASSEUR = "valeurs.csv", "valeurs_nu.csv", "valeurs.parquet", "valeurs.xlsx"
FICHIERS = {
    FRANCAIS: (
        "valeurs-tableur",
        "Valeurs, pour un tableur français",
        "text/csv",
        {"encoding": "utf-8-sig", "dialect": {"delimiter": ";"}},
    ),
    NU: (
        "valeurs",
        "Valeurs, pour un programme",
        "text/csv",
        {"encoding": "utf-8", "dialect": {"delimiter": ","}},
    ),
    PARQUET: ("valeurs-parquet", "Valeurs, en Parquet", "application/vnd.apache.parquet", {}),
    CLASSEUR: (
        "valeurs-classeur",
        "Valeurs, définitions et colonnes, en classeur",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        {},
    ),
}
CLE = ("indicateur", "territoire", "periode", "ventilation", "modalite", "arrete")
LICENCE = {
    "name": "etalab-2.0",
    "title": "Licence Ouverte 2.0 (Etalab)",
    "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
_PREFIXE = "bilan-integration-"
_TYPES = {"VARCHAR": "string", "DOUBLE": "number", "BIGINT": "integer", "BOOLEAN": "boolean"}
_TITRES = {
    "titre": "Titre de l'indicateur",
    "unite": "Unité",
    "nom_territoire": "Nom du territoire",
    "libelle_modalite": "Libellé de la modalité",
    "periode": "Période",
    "type_periode": "Type de période",
    "modalite": "Modalité",
    "arrete": "Arrêté",
    "numerateur": "Numérateur",
    "denominateur": "Dénominateur",
    "evolution": "Évolution en un an (%)",
    "ecart": "Écart en un an",
    "part": "Part (%)",
    "valeur_cible": "Cible",
    "taux_cible": "Taux d'atteinte de la cible (%)",
    "debut": "Premier jour",
    "fin": "Dernier jour",
    "maturite": "Maturité",
    "precedente_a_date": "Année précédente, à date",
    "evolution_a_date": "Évolution à date (%)",
    "ecart_a_date": "Écart à date",
    "masque": "Masqué",
}
_MOTS = {
    "titre": "Titre de l'indicateur.",
    "unite": "Unité de la valeur.",
    "nom_territoire": "Nom du territoire.",
    "libelle_modalite": "La modalité, en toutes lettres.",
    "masque": (
        "Vrai si un effectif de la ligne est masqué, pour protéger les personnes : ses nombres "
        "vides ne sont pas des 0. Pourquoi il l'est n'est pas dit."
    ),
}


@dataclass(frozen=True)
class Colonne:
    """A column of the values: its name, its type in DuckDB, its title and its words."""

    nom: str
    type: str
    titre: str
    mots: str


def colonnes(con: duckdb.DuckDBPyConnection, table: str) -> list[Colonne]:
    """The columns of the values, with the words of the published warehouse (`publie`)."""
    dits = dict(
        con.execute(
            """
            select column_name, comment from duckdb_columns()
            where database_name = 'publie' and schema_name = 'diffusion'
                and table_name = 'valeurs'
            """
        ).fetchall()
    )
    return [
        Colonne(
            nom,
            type_,
            _TITRES.get(nom, nom.replace("_", " ").capitalize()),
            _MOTS.get(nom) or dits.get(nom) or "",
        )
        for nom, type_, *_ in con.execute(f"describe {table}").fetchall()
    ]


def ecrire(
    dossier: Path,
    voulues: Sequence[Colonne],
    dit: Mapping[str, Any],
    territoire: str,
    region: str,
) -> None:
    """Write the description of the files of a folder.

    Args:
        dossier: it has them all.
        voulues: the columns of the values.
        dit: what is said besides: `arrete`, `version`, `sources`, `indicateurs`, what it follows…
        territoire: the region's identifier.
        region: its name.
    """
    paquet = {
        "profile": "data-package",
        "name": nom(territoire),
        "title": f"Indicateurs de la politique d'intégration, {region}, arrêté {dit['arrete']}",
        "description": (
            "Valeurs des indicateurs du bilan de la politique d'intégration des étrangers "
            f"primo-arrivants, lues dans les livraisons faites jusqu'en {dit['arrete']}. Les "
            "effectifs de personnes y sont arrondis au multiple de 5 et, s'ils sont petits ou en "
            "feraient connaître de petits, masqués (colonne masque). Une valeur vide n'est pas 0."
        ),
        "languages": ["fr"],
        "licenses": [LICENCE],
        **dit,
        "resources": [_ressource(dossier, fichier, voulues) for fichier in FICHIERS],
    }
    texte = json.dumps(paquet, ensure_ascii=False, indent=2)
    (dossier / NOM).write_text(f"{texte}\n", encoding="utf-8")


def nom(territoire: str) -> str:
    """The name of the packages of a region, the same at each publication."""
    return _PREFIXE + territoire.lower()


def lire(dossier: Path) -> dict[str, Any] | None:
    """What an earlier export says; None where the folder holds anything else, or something more."""
    try:
        lu = json.loads((dossier / NOM).read_text(encoding="utf-8"))
        noms = {chemin.name for chemin in dossier.iterdir()}
        if not str(lu["name"]).startswith(_PREFIXE) or noms != {NOM, *FICHIERS}:
            return None
        return {**lu, "arrete": str(lu["arrete"]), "version": str(lu["version"])}
    except (OSError, ValueError, TypeError, KeyError):
        return None


def empreinte_de(fichier: Path) -> str:
    """The SHA-256 of a file, as packages write it."""
    return f"sha256:{somme(fichier)}"


def intact(paquet: Mapping[str, Any], dossier: Path, fichier: str) -> bool:
    """Whether a file of an earlier export is the one that was written."""
    ecrite = {"path": fichier, "hash": empreinte_de(dossier / fichier)}
    return any(
        isinstance(dite, dict) and dite.items() >= ecrite.items()
        for dite in paquet.get("resources", ())
    )


def _ressource(dossier: Path, fichier: str, voulues: Sequence[Colonne]) -> dict[str, Any]:
    nom_, titre, mediatype, suite = FICHIERS[fichier]
    en_csv = "dialect" in suite
    ressource = {
        "profile": "tabular-data-resource" if en_csv else "data-resource",
        "name": nom_,
        "title": titre,
        "path": fichier,
        "format": Path(fichier).suffix[1:],
        "mediatype": mediatype,
        **suite,
        "bytes": (dossier / fichier).stat().st_size,
        "hash": empreinte_de(dossier / fichier),
    }
    if not en_csv:
        return {**ressource, "type": "file"}
    schema = {
        "fields": [_champ(colonne, francais=fichier == FRANCAIS) for colonne in voulues],
        "missingValues": [""],
        "primaryKey": list(CLE),
    }
    return {**ressource, "schema": schema}


def _champ(colonne: Colonne, *, francais: bool) -> dict[str, Any]:
    champ: dict[str, Any] = {
        "name": colonne.nom,
        "title": colonne.titre,
        "description": colonne.mots,
        "type": "date" if colonne.type == "DATE" else _TYPES.get(colonne.type, "string"),
    }
    if colonne.nom in (*CLE, "masque"):
        champ["constraints"] = {"required": True}
    if champ["type"] == "boolean":
        vrai, faux = ("oui", "non") if francais else ("true", "false")
        champ |= {"trueValues": [vrai], "falseValues": [faux]}
    if champ["type"] == "number" and francais:
        champ["decimalChar"] = ","
    if champ["type"] == "date":
        champ["format"] = "%d/%m/%Y" if francais else "default"
    return champ
