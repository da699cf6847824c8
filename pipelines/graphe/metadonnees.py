"""What a step shows, in the words of Dagster: row counts, tables, columns, code.

What a node computes does not belong here, nor the words of its description.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.feuille_de_route import RACINE
from pipelines.pas import Adresse, Tableau

FORGE = "BILAN_FORGE"  # where the project's files are shown to people, if they are
Ligne = Mapping[str, Any]


def en_dagster(montre: Mapping[str, Any]) -> dict[str, Any]:
    """What a step shows, as Dagster shows it: rows, columns, tables, paths, links, the rest."""
    metadata: dict[str, Any] = {}
    for nom, valeur in montre.items():
        if nom == "lignes":
            metadata["dagster/row_count"] = valeur
        elif nom == "colonnes":
            metadata |= colonnes(valeur)
        elif isinstance(valeur, Tableau):
            montrees, total = len(valeur.lignes), valeur.total
            intitule = f"{nom} ({montrees} sur {total})" if montrees < total else nom
            metadata[intitule] = tableau(valeur.lignes)
        elif isinstance(valeur, Path):
            metadata[nom] = dg.MetadataValue.path(valeur)
        elif isinstance(valeur, Adresse):
            metadata[nom] = dg.MetadataValue.url(str(valeur))
        else:
            metadata[nom] = valeur
    return metadata


def tableau(lignes: Sequence[Ligne]) -> dg.TableMetadataValue:
    """A few rows, as the UI shows them; NULL stays empty."""
    montrees = [
        {nom: v if isinstance(v, (int, float, bool)) else _texte(v) for nom, v in ligne.items()}
        for ligne in lignes
    ]
    colonnes = list(montrees[0]) if montrees else ["vide"]
    return dg.MetadataValue.table(
        [dg.TableRecord(ligne) for ligne in montrees],
        schema=dg.TableSchema([dg.TableColumn(nom, _type(montrees, nom)) for nom in colonnes]),
    )


def _texte(valeur: object) -> str:
    return "" if valeur is None else str(valeur)


def _type(lignes: Sequence[Ligne], nom: str) -> str:
    nombres = (isinstance(ligne[nom], (int, float)) for ligne in lignes)
    return "float" if lignes and all(nombres) else "string"


def colonnes(details: Mapping[str, tuple[str, str]]) -> dict[str, dg.TableSchema]:
    """The columns of a node, with type and meaning."""
    decrites = [dg.TableColumn(nom, type_, mots) for nom, (type_, mots) in details.items()]
    return {"dagster/column_schema": dg.TableSchema(decrites)}


def code(*chemins: Path) -> dict[str, dg.CodeReferencesMetadataValue]:
    """The files that define a node: links to $BILAN_FORGE, or to this machine's copy."""
    base = os.environ.get(FORGE, "").rstrip("/")
    references: list[Any] = []
    for chemin in chemins:
        nom = chemin.relative_to(RACINE).as_posix()
        references.append(
            dg.UrlCodeReference(url=f"{base}/{nom}", label=nom)
            if base
            else dg.LocalFileCodeReference(file_path=str(chemin), line_number=1, label=nom)
        )
    return {"dagster/code_references": dg.CodeReferencesMetadataValue(code_references=references)}
