"""CSV files: encoding, separator, records.

Text without a quote is split by polars, the rest is read by the csv module, chunk by chunk: both
give the same rows, and memory does not grow with the file.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import polars as pl

from pipelines.erreurs import Refus
from pipelines.ingestion.cellules import SCHEMA, Source, listes
from pipelines.ingestion.octets import Octets

SEPARATEURS = {";": "point-virgule", ",": "virgule", "\t": "tabulation"}
_MORCEAU = 4 << 20
_ENREGISTREMENT_MAX = 10 << 20


def sources(source: Path | Octets) -> Iterator[Source]:
    """The file read with each separator in turn.

    Raises:
        Refus: it is not text in UTF-8 or Windows-1252.
    """
    octets = Octets.de(source)
    encodage = _encodage(octets)
    for separateur, nom in SEPARATEURS.items():
        trames = _trames(octets, encodage, separateur)
        yield Source(trames, encodage.removesuffix("-sig"), nom)


def _encodage(octets: Octets) -> str:
    """The first encoding that reads the whole file."""
    with octets.flux() as flux:
        debut = flux.read(4)
        if debut.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Refus("texte en UTF-16 : l'enregistrer au format «CSV UTF-8»")
        if debut.startswith(b"PK\x03\x04"):
            raise Refus("classeur ou archive nommé .csv : l'enregistrer au format CSV")
        flux.seek(0)
        while morceau := flux.read(_MORCEAU):
            if 0 in morceau:
                raise Refus("fichier binaire (octets nuls), pas un CSV")
    for encodage in ("utf-8-sig", "cp1252"):
        try:
            with octets.texte(encodage) as texte:
                while texte.read(_MORCEAU):
                    pass
        except UnicodeDecodeError:
            continue
        return encodage
    raise Refus("texte ni en UTF-8 ni en Windows-1252 : l'enregistrer au format «CSV UTF-8»")


def _trames(octets: Octets, encodage: str, separateur: str) -> Iterator[pl.DataFrame]:
    """Frames of numbered records; the row number of a record counts records, blank ones too."""
    numero = 1
    with octets.texte(encodage) as flux:
        reste = ""
        while True:
            texte, reste, fini = _lire(flux, reste)
            if '"' in texte:
                enregistrements, ouvert = _avec_guillemets(texte, separateur, numero)
                if ouvert and fini:
                    numero_fautif = numero + len(enregistrements)
                    raise Refus(
                        f"un guillemet ouvert à la ligne {numero_fautif} n'est jamais refermé"
                    )
                reste = ouvert + reste
                cellules = listes(enregistrements)
            else:
                lignes = texte.split("\n")
                if not lignes[-1]:
                    lignes.pop()
                cellules = pl.Series(lignes, dtype=pl.String).str.split(separateur)
            numeros = pl.int_range(numero, numero + len(cellules), eager=True)
            yield pl.DataFrame([numeros, cellules], schema=SCHEMA)
            numero += len(cellules)
            if fini:
                return


def _lire(flux: IO[str], reste: str) -> tuple[str, str, bool]:
    """Whole lines of text, what was read of the next line, and whether the file is finished."""
    while True:
        lu = flux.read(_MORCEAU)
        reste += lu
        if len(reste) > _ENREGISTREMENT_MAX:
            raise Refus("une ligne, ou une cellule entre guillemets, n'en finit pas")
        if not lu:
            return reste, "", True
        fin = reste.rfind("\n") + 1
        if fin:
            return reste[:fin], reste[fin:], False


def _avec_guillemets(texte: str, separateur: str, numero: int) -> tuple[list[list[str]], str]:
    """Records of a text that has quotes, and the text of the last one if it is still open."""
    csv.field_size_limit(sys.maxsize)
    fin = "fin du texte"
    lignes = texte.split("\n")
    if not lignes[-1]:
        lignes.pop()
    lignes = [ligne + "\n" for ligne in lignes]
    lecteur = csv.reader([*lignes, fin], delimiter=separateur)
    enregistrements: list[list[str]] = []
    debut = 0
    for enregistrement in lecteur:
        if lecteur.line_num > len(lignes):
            if enregistrement == [fin]:
                return enregistrements, ""
            break
        if lecteur.line_num > debut + 1:
            _verifier(lignes[debut : lecteur.line_num], separateur, numero + len(enregistrements))
        debut = lecteur.line_num
        enregistrements.append(enregistrement)
    return enregistrements, "".join(lignes[debut:])


def _verifier(lignes: list[str], separateur: str, numero: int) -> None:
    """Refuse a record over several lines whose quotes do not stand where cells begin and end.

    Such a record is a quote left open that found another one further down: rows would be lost.
    """
    try:
        list(csv.reader(lignes, delimiter=separateur, strict=True))
    except csv.Error:
        raise Refus(
            f"un guillemet ouvert à la ligne {numero} n'est refermé que {len(lignes) - 1} "
            "lignes plus bas : le refermer ou le retirer"
        ) from None
