"""How a made-up table of any size becomes a file, in the forms that partners send.

Belongs here: a polars table written whole, column by column. Not here: which extract is written in
which form (`grandeur`), nor rows one by one, with their titles and faults (`ecriture`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.simulation.ecriture import MONTANTS, Fichier, Forme, montant
from pipelines.simulation.libelles import CODES, entete

_DATES = {"iso": "%Y-%m-%d", "francaise": "%d/%m/%Y", "courte": "%-d/%-m/%Y"}
_BOM = "utf-8-sig"


def octets(extrait: str, nom: str, forme: Forme, table: pl.DataFrame) -> bytes:
    """The bytes of the file `nom` (AAAA-MM[_part]) of an extract.

    A workbook is written row by row: small tables only.
    """
    if forme.extension != "csv":
        titre = f"{extrait} – livraison {nom} (données fictives)"
        return Fichier(extrait, nom, forme, tuple(table.columns), table.to_dicts(), titre).contenu()
    ecrite = table.select(_texte(colonne, forme) for colonne in table)
    if forme.lisible:
        ecrite = ecrite.rename(entete)
    texte = ecrite.write_csv(
        separator=forme.separateur,
        line_terminator=forme.fin_de_ligne,
        null_value=forme.vide,
        date_format=_DATES[forme.dates],
        include_bom=forme.encodage == _BOM,
    )
    return texte.encode("utf-8" if forme.encodage == _BOM else forme.encodage)


def _texte(colonne: pl.Series, forme: Forme) -> pl.Series:
    """The column as its cells are written; days are left to polars."""
    nom = colonne.name
    if colonne.dtype == pl.Boolean:
        oui, non = forme.booleens
        return _chacune(colonne, {True: oui, False: non})
    if nom in MONTANTS:
        return _chacune(colonne, {v: montant(v, forme) for v in colonne.drop_nulls().unique()})
    if nom == "mois" and forme.dates == "francaise":
        return _chacune(colonne, {v: f"{v[5:]}/{v[:4]}" for v in colonne.unique()})
    if colonne.dtype == pl.String and forme.lisible and not nom.startswith("numero_"):
        return colonne.replace(CODES)
    return colonne


def _chacune(colonne: pl.Series, mots: Mapping[object, str]) -> pl.Series:
    """What stands for each value; nothing for none."""
    return colonne.replace_strict(mots, default=None, return_dtype=pl.String)
