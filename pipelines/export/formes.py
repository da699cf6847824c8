"""One table in the forms that people and programs open: CSV, Parquet, a workbook.

The same rows give the same octets, whenever they are written. What the rows are does not belong
here.
"""

import csv
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

import duckdb

from pipelines.entrepot.chantier import chemin_sql
from pipelines.erreurs import Faute

_FORMULE = re.compile(r"[=+\-@\t\r]")
_LIGNES_MAX = 1_048_576  # of a sheet
_SANS_HORLOGE = datetime(2000, 1, 1)  # a workbook says when it was made, unless told
_INTERPRETE = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
HAUTEUR = 15  # points that a line of a sheet takes
_TIENT = 1.1  # characters that fit, for a unit of width


class Feuille(NamedTuple):
    """A sheet of a workbook: its name, its header, its rows."""

    nom: str
    entete: Sequence[str]
    rangees: Sequence[Sequence[Any]]


def csv_francais(chemin: Path, entete: Sequence[str], rangees: Iterable[Sequence[Any]]) -> None:
    """A CSV as French spreadsheets read it: `;`, a byte order mark, decimal commas, oui and non.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    _csv(chemin, entete, rangees, _en_francais, encoding="utf-8-sig", delimiter=";")


def csv_nu(chemin: Path, entete: Sequence[str], rangees: Iterable[Sequence[Any]]) -> None:
    """A plain CSV: `,`, decimal points, true and false, texts as they are."""
    _csv(chemin, entete, rangees, _nu, encoding="utf-8", delimiter=",")


def parquet(con: duckdb.DuckDBPyConnection, table: str, chemin: Path) -> None:
    """A table of a connection of one thread, in the order of its rows."""
    con.execute(f"copy (from {table}) to '{chemin_sql(chemin)}' (format parquet)")


def classeur(chemin: Path, feuilles: Iterable[Feuille]) -> None:
    """A workbook whose numbers, dates and booleans are such, and whose texts are never formulas.

    Raises:
        Faute: a sheet would have more rows than a sheet can.
    """
    with nouveau(chemin, constant_memory=True) as sortie:
        gras = sortie.add_format({"bold": True, "bottom": 1})
        jour = sortie.add_format({"num_format": "dd/mm/yyyy"})
        for feuille in feuilles:
            if len(feuille.rangees) >= _LIGNES_MAX:
                raise Faute(
                    f"{len(feuille.rangees)} lignes ne tiennent pas dans une feuille de classeur."
                )
            page = sortie.add_worksheet(feuille.nom)
            page.freeze_panes(1, 0)
            page.set_column(0, len(feuille.entete) - 1, 18)
            for rang, titre in enumerate(feuille.entete):
                page.write_string(0, rang, titre, gras)
            for ligne, rangee in enumerate(feuille.rangees, start=1):
                for rang, valeur in enumerate(rangee):
                    match valeur:
                        case None:
                            pass
                        case bool():
                            page.write_boolean(ligne, rang, valeur)
                        case int() | float():
                            page.write_number(ligne, rang, valeur)
                        case date():
                            page.write_datetime(ligne, rang, valeur, jour)
                        case _:
                            page.write_string(ligne, rang, valeur)


@contextmanager
def nouveau(cible: Path | IO[bytes], titre: str = "", **options: Any) -> Iterator[Any]:
    """A workbook of xlsxwriter, to fill: its texts stay texts, and it does not say when it is made.

    Args:
        cible: where it is written.
        titre: its title, among its properties.
        options: xlsxwriter's.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # here: it takes a while

    with xlsxwriter.Workbook(cible, {**options, **dict.fromkeys(_INTERPRETE, False)}) as sortie:
        sortie.set_properties({"created": _SANS_HORLOGE, **({"title": titre} if titre else {})})
        yield sortie


def mettre_en_page(feuille: Any, entete: int | None) -> None:
    """A sheet one page wide once printed, lying, the row of its header on each page."""
    feuille.set_landscape()
    feuille.set_paper(9)
    feuille.fit_to_pages(1, 0)
    if entete is not None:
        feuille.repeat_rows(entete)


def lignes_de_texte(dits: Iterable[tuple[str, float]]) -> int:
    """How many lines a row must show: each text is in a column of some width.

    LibreOffice does not always fit rows to texts that go over several lines.
    """
    return max(
        (
            len(textwrap.wrap(dit, max(1, int(largeur * _TIENT))))
            for dit, largeur in dits
            if len(dit) > largeur
        ),
        default=1,
    )


def _csv(
    chemin: Path,
    entete: Sequence[str],
    rangees: Iterable[Sequence[Any]],
    ecrit: Callable[[Any], str],
    *,
    encoding: str,
    delimiter: str,
) -> None:
    with chemin.open("w", encoding=encoding, newline="") as flux:
        sortie = csv.writer(flux, delimiter=delimiter, lineterminator="\r\n")
        sortie.writerow(entete)
        sortie.writerows([ecrit(valeur) for valeur in rangee] for rangee in rangees)


def _nu(valeur: Any) -> str:
    match valeur:
        case None:
            return ""
        case bool():
            return "true" if valeur else "false"
        case float() if valeur.is_integer() and abs(valeur) < 1e15:
            return str(int(valeur))
        case date():
            return valeur.isoformat()
    return str(valeur)


def _en_francais(valeur: Any) -> str:
    match valeur:
        case bool():
            return "oui" if valeur else "non"
        case float():
            return _nu(valeur).replace(".", ",")
        case date():
            return valeur.strftime("%d/%m/%Y")
        case str() if _FORMULE.match(valeur):
            return f"'{valeur}"
    return _nu(valeur)
