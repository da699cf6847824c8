"""The deliveries that the bench is run on, all in the form that any program reads as it is.

Made-up ones of a size, the same cut into many files, and those that a warehouse has accepted.
"""

from pathlib import Path

import duckdb

from pipelines.simulation import grandeur_ofii
from pipelines.simulation.ecriture import NUE, Forme
from pipelines.simulation.grandeur import simuler
from pipelines.simulation.tirages import Mois
from pipelines.sql import texte

GRAINE = 14
_DE_LA_LIGNE = ("mois_livraison", "fichier", "feuille", "ligne")


def nue(extrait: str, mois: Mois) -> Forme:
    """The form of every file."""
    return NUE


def simulees(raw: Path, lignes: int, mois: tuple[str, str]) -> None:
    """`lignes` rows of signatories over the months given, and the other extracts."""
    simuler(raw, lignes, mois, GRAINE, forme=nue)


def couper(raw: Path, fichiers: int) -> None:
    """Cut files of signatories into parts, so that there are so many files in all, about."""
    entiers = sorted((raw / grandeur_ofii.EXTRAIT).glob("*.csv"))
    autres = sum(1 for _ in raw.glob("*/*/*.csv")) - len(entiers)
    parts = max(1, round((fichiers - autres) / len(entiers)))
    for entier in entiers:
        entete, *lignes = entier.read_text("utf-8").splitlines(keepends=True)
        for numero in range(min(parts, len(lignes))):
            chemin = entier.with_name(f"{entier.stem}_{numero + 1}.csv")
            chemin.write_text("".join([entete, *lignes[numero::parts]]), encoding="utf-8")
        entier.unlink()


def nues(entrepot: Path, raw: Path) -> None:
    """The rows that a warehouse has accepted, a file for each extract and month.

    Codes are as the contract writes them, numbers of persons are pseudonyms, birth dates are ages.
    """
    with duckdb.connect(entrepot, read_only=True) as con:
        tables = con.execute(
            "select table_name, replace(table_name, source || '_', source || '/') "
            "from duckdb_tables(), (select distinct source from qualite.livraisons) "
            "where schema_name = 'livraisons' and starts_with(table_name, source || '_')"
        ).fetchall()
        for table, extrait in tables:
            (raw / extrait).mkdir(parents=True, exist_ok=True)
            colonnes = con.execute(f"describe livraisons.{table}").fetchall()
            choix = ", ".join(
                f'cast("{nom}" as integer) as "{nom}"' if type_ == "BOOLEAN" else f'"{nom}"'
                for nom, type_, *_ in colonnes
                if nom not in _DE_LA_LIGNE
            )
            mois = con.execute(f"select distinct mois_livraison from livraisons.{table}").fetchall()
            for (livre,) in mois:
                con.execute(
                    f"copy (select {choix} from livraisons.{table} "
                    f"where mois_livraison = {texte(livre)}) "
                    f"to {texte(str(raw / extrait / f'{livre}.csv'))} (header, delimiter ';')"
                )
