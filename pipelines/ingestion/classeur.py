"""Workbooks: their sheets, and each cell as the text that the reader of a CSV would see.

calamine reads the cells of all formats. What must be looked at before it reads, format by format,
is in `classeur_xlsx`, `classeur_xlsb`, `classeur_ods` and `classeur_xls`.
"""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain, islice
from math import isfinite
from pathlib import Path
from typing import Any

import polars as pl
import python_calamine as calamine

from pipelines.erreurs import Refus
from pipelines.ingestion import classeur_commun as commun
from pipelines.ingestion.cellules import DATE_EXCEL, NOMBRE_EXCEL, SCHEMA, Source
from pipelines.ingestion.classeur_commun import ILLISIBLE, PROTEGE, Classeur, Lue
from pipelines.ingestion.classeur_ods import Ods
from pipelines.ingestion.classeur_xls import Xls
from pipelines.ingestion.classeur_xlsb import Xlsb
from pipelines.ingestion.classeur_xlsx import Xlsx
from pipelines.ingestion.octets import Octets

FEUILLES_MAX = 200
_LIGNES_PAR_TRAME = 20_000
_CELLULES_PAR_TRAME = 1_000_000
_RANGEES_GARDEES = 100
_NOMBRES = (float, int)
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK"
_CHIFFRE = "EncryptedPackage".encode("utf-16-le")
_PIECES = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
_ARCHIVES: dict[str, Callable[[Octets, zipfile.ZipFile], Classeur]] = {
    "xlsx": Xlsx,
    "xlsb": Xlsb,
    "ods": Ods,
}
_TEXTE = (
    "ce n'est pas un classeur, mais du texte ou une page web : l'ouvrir et l'enregistrer en .xlsx"
)


def sources(source: Path | Octets) -> Iterator[Source]:
    """The sheets of a workbook, in order; hidden ones are marked, charts left out.

    Raises:
        Refus: it is not a workbook that can be read, or it is out of all proportion.
    """
    with _lisible(), _ouvrir(Octets.de(source)) as classeur:
        if len(classeur.fiches) > FEUILLES_MAX:
            raise Refus(
                f"le classeur a {len(classeur.fiches)} feuilles, plus de {FEUILLES_MAX} : "
                "le livrer en plusieurs fichiers, ou en CSV"
            )
        if len({fiche.name for fiche in classeur.fiches}) < len(classeur.fiches):
            raise Refus("deux feuilles du classeur ont le même nom : en renommer une")
        for rang, fiche in enumerate(classeur.fiches):
            if fiche.typ == calamine.SheetTypeEnum.WorkSheet:
                visible = fiche.visible == calamine.SheetVisibleEnum.Visible
                yield Source(_feuille(classeur, rang), feuille=fiche.name, masquee=not visible)


@contextmanager
def _lisible() -> Iterator[None]:
    """What goes wrong in a workbook refuses it."""
    try:
        yield
    except (Refus, GeneratorExit, KeyboardInterrupt, MemoryError):
        raise
    except calamine.PasswordError:
        raise Refus(PROTEGE) from None
    except BaseException as erreur:  # calamine panics with a BaseException of its own
        raise Refus(ILLISIBLE) from erreur


@contextmanager
def _ouvrir(octets: Octets) -> Iterator[Classeur]:
    """A workbook, its sheets ready to be taken."""
    with reconnaitre(octets) as (forme, archive):
        yield Xls(octets) if archive is None else _ARCHIVES[forme](octets, archive)


@contextmanager
def reconnaitre(octets: Octets) -> Iterator[tuple[str, zipfile.ZipFile | None]]:
    """The format of a workbook by what it holds, whatever its name says, and its archive.

    Raises:
        Refus: it is of no format that is read, or out of all proportion.
    """
    if octets.contenu.startswith(_OLE):
        if _CHIFFRE in octets.contenu:
            raise Refus(PROTEGE)
        yield "xls", None
        return
    if b"\0" not in octets.contenu[:4096] and _ZIP not in octets.contenu[:4096]:
        raise Refus(_TEXTE)
    with zipfile.ZipFile(octets.flux()) as archive:
        commun.mesurer(archive)
        for piece, forme in _PIECES.items():
            if commun.trouver(archive, piece):
                yield forme, archive
                return
    raise Refus(ILLISIBLE)


def _feuille(classeur: Classeur, rang: int) -> Iterator[pl.DataFrame]:
    """The frames of a sheet, which is taken when the first one is asked for."""
    with _lisible():
        yield from _trames(classeur.lire(rang))


def _trames(lue: Lue) -> Iterator[pl.DataFrame]:
    feuille, erreurs = lue.feuille, lue.erreurs
    lignes = enumerate(feuille.iter_rows())
    marge = [""] * (feuille.start or (0, 0))[1]  # calamine gives all the rows, not all the columns
    largeur = (feuille.end or (0, 0))[1] + 1
    taille = max(1, min(_LIGNES_PAR_TRAME, _CELLULES_PAR_TRAME // largeur))
    connus: dict[Any, str] = {}
    while premiere := next(lignes, None):
        numeros: list[int] = []
        valeurs: list[Any] = []  # row after row: a list for each would be dear
        for numero, ligne in chain([premiere], islice(lignes, taille - 1)):
            # A lost cell makes a million empty rows, which do not count below the header.
            if ligne[0] or numero < _RANGEES_GARDEES or erreurs or _pleine(ligne):
                numeros.append(lue.lignes[numero] if lue.lignes else numero + 1)
                valeurs += marge + ligne if marge else ligne
        # What was met is looked up here: there may be millions. True is 1 to a dictionary.
        textes: list[str] = [
            v
            if (sorte := type(v)) is str
            else (sorte in _NOMBRES and connus.get(v)) or _texte(v, connus)
            for v in valeurs
        ]
        if erreurs:  # all the rows are there
            places = enumerate(textes, premiere[0] * largeur)
            textes = [erreurs.get(divmod(place, largeur), v) for place, v in places]
        cellules = pl.Series(textes, dtype=pl.String).reshape((len(numeros), largeur))
        yield pl.DataFrame([numeros, cellules.arr.to_list()], schema=SCHEMA)


def _pleine(ligne: Sequence[Any]) -> bool:
    return ligne.count("") < len(ligne)


def _texte(valeur: Any, connus: dict[Any, str]) -> str:
    """A cell as text: `12` for 12.0, VRAI for TRUE, others than whole numbers after their mark."""
    if isinstance(valeur, bool):
        return "VRAI" if valeur else "FAUX"
    if isinstance(valeur, float) and not isfinite(valeur):
        return str(valeur)
    if isinstance(valeur, int | float):
        texte = connus.get(valeur)
        if texte is None:
            exact = Decimal(repr(valeur))
            entier = exact == int(valeur)
            texte = format(exact.to_integral_value() if entier else exact, "f")
            texte = connus[valeur] = texte if entier else NOMBRE_EXCEL + texte
        return texte
    if isinstance(valeur, datetime):
        return f"{DATE_EXCEL}{valeur.date().isoformat()}"
    if isinstance(valeur, date):
        return f"{DATE_EXCEL}{valeur.isoformat()}"
    if isinstance(valeur, timedelta):  # a duration is shown as hours, however many
        minutes, secondes = divmod(round(valeur.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{secondes:02d}"
    return str(valeur)
