"""CSV files: encoding, separator, records.

Text without a quote is split by polars, well-formed lines are read by the csv module, chunk by
chunk: both give the same rows, and memory does not grow with the file. Only records over several
lines, and quotes that stand wrong, are read here. What a row means does not belong here.
"""

import codecs
import csv
import io
import re
import sys
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import IO

import polars as pl

from pipelines.erreurs import Refus
from pipelines.ingestion.cellules import (
    CITATION,
    OUVERTE,
    SCHEMA,
    SUIVIE,
    Source,
    listes,
)
from pipelines.ingestion.octets import Octets

SEPARATEURS = {";": "point-virgule", ",": "virgule", "\t": "tabulation"}
_DEBUT = 1 << 16
_MORCEAU = 2 << 20
_LIGNE_MAX = 10 << 20
_CELLULE_MAX = 10 << 20
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# Excel takes the separator from such a line, and does not show it.
_SEPARATEUR_DIT = re.compile(r'("?)sep=([^"\n])\1(?:\n|\Z)', re.IGNORECASE)
_CITEE = re.compile(r'"(?:[^"]++|"")*+"')


def sources(source: Path | Octets) -> Iterator[Source]:
    """The file read with the separator that its first line says, or with each in turn.

    Raises:
        Refus: it is not text in UTF-8, UTF-16 or Windows-1252.
    """
    octets = Octets.de(source)
    encodage = _encodage(octets)
    with octets.texte(encodage) as texte:
        dit = _SEPARATEUR_DIT.match(texte.read(16))
    separateurs = {dit[2]: SEPARATEURS.get(dit[2], f"«{dit[2]}»")} if dit else SEPARATEURS
    for separateur, nom in separateurs.items():
        contenu = _Contenu(octets, encodage, separateur, bool(dit))
        yield Source(
            contenu.trames(_DEBUT),
            encodage.removesuffix("-sig"),
            nom,
            sous_entete=contenu.sous_entete,
        )


def _encodage(octets: Octets) -> str:
    """The first encoding that reads the whole file."""
    with octets.flux() as flux:
        debut = flux.read(4)
    if debut.startswith(b"PK\x03\x04"):
        raise Refus("classeur ou archive nommé .csv : l'enregistrer au format CSV")
    utf_16 = debut.startswith(_UTF_16)
    for encodage in ("utf-16",) if utf_16 else ("utf-8-sig", "cp1252"):
        if _se_lit(octets, encodage):
            return encodage
    ni = "texte en UTF-16 abîmé" if utf_16 else "texte ni en UTF-8 ni en Windows-1252"
    raise Refus(f"{ni} : l'enregistrer au format «CSV UTF-8»")


def _se_lit(octets: Octets, encodage: str) -> bool:
    """Whether an encoding reads the whole file.

    Raises:
        Refus: it is not text.
    """
    utf_16 = encodage == "utf-16"
    decodeur = codecs.getincrementaldecoder(encodage)()
    lisible = True
    with octets.flux() as flux:
        while True:
            morceau = flux.read(_MORCEAU)
            if not utf_16 and 0 in morceau:
                raise Refus("fichier binaire (octets nuls), pas un CSV")
            try:
                lu = decodeur.decode(morceau, final=not morceau) if lisible else ""
            except UnicodeDecodeError:
                lu, lisible = "", False  # zeros may follow
            if utf_16 and "\0" in lu:
                raise Refus("fichier binaire (caractères nuls), pas un CSV")
            if not morceau:
                return lisible


@dataclass(frozen=True)
class _Contenu:
    """A text to cut into records; `dit` says that its first line is but a separator's name."""

    octets: Octets
    encodage: str
    separateur: str
    dit: bool

    def sous_entete(self, entete: int, largeur: int) -> Iterator[pl.DataFrame]:
        """Frames of the records below a header of `largeur` cells, which is the record `entete`."""
        numero = 1
        for trame in self.trames(_MORCEAU, entete, largeur):
            yield trame[max(0, entete + 1 - numero) :]
            numero += trame.height

    def trames(
        self, morceau: int, entete: int = sys.maxsize, largeur: int = 0
    ) -> Iterator[pl.DataFrame]:
        """Frames of numbered records, blank ones too; `_citation` where some quote stands wrong.

        Below the header, quoted cells over several lines are looked at.
        """
        numero = 1
        with self.octets.texte(self.encodage) as flux:
            if self.dit:
                flux.readline()
            reste, ouverte = "", False
            while True:
                texte, reste, fini = _lire(flux, reste, morceau, ouverte)
                fautes: dict[int, str] = {}
                if '"' in texte:
                    coupe = _Coupe(texte, self.separateur, largeur, entete - numero, fini)
                    rangees, fautes, suite, ouverte = coupe.rangees(ouverte)
                    reste = suite + reste
                    cellules = listes(rangees)
                else:
                    lignes = texte.split("\n")
                    if not lignes[-1]:
                        lignes.pop()
                    cellules = pl.Series(lignes, dtype=pl.String).str.split(self.separateur)
                numeros = pl.int_range(numero, numero + len(cellules), eager=True)
                trame = pl.DataFrame([numeros, cellules], schema=SCHEMA)
                if fautes and largeur:
                    citations = map(fautes.get, range(len(cellules)))
                    trame = trame.with_columns(pl.Series(CITATION, citations, pl.String))
                yield trame
                numero += len(cellules)
                morceau = _MORCEAU
                if fini and not reste:
                    return


def _lire(flux: IO[str], reste: str, morceau: int, ouverte: bool) -> tuple[str, str, bool]:
    """Whole lines of text, what was read of the next line, and whether the file is finished.

    `reste` was read before; `ouverte`: it is a cell, to be closed further down.
    """
    fin = 0 if ouverte else reste.rfind("\n", 0, morceau) + 1
    if fin:
        return reste[:fin], reste[fin:], False
    while True:
        lu = flux.read(morceau)
        reste += lu
        if not lu:
            return reste, "", True
        fin = reste.rfind("\n") + 1
        if fin:
            return reste[:fin], reste[fin:], False
        if len(reste) > _LIGNE_MAX:
            raise Refus("une ligne n'en finit pas : le fichier n'est pas fait de lignes")


@dataclass(frozen=True)
class _Coupe:
    """Some lines of text that have quotes, to cut into records.

    The record of rank `entete` is the header, of `largeur` cells; `fini`: nothing follows the text.
    """

    texte: str
    separateur: str
    largeur: int
    entete: int
    fini: bool

    def rangees(self, ouverte: bool) -> tuple[list[list[str]], dict[int, str], str, bool]:
        """The records, the fault in quoting of some by rank, what is left of the text.

        It is left to be read otherwise or, the last one says, because its first record is still
        open; `ouverte`: it was so before. The csv module reads lines that are each a record, up to
        one that is not.
        """
        if ouverte and not self._rangee(0, self.entete < 0)[1]:
            return [], {}, self.texte, True
        csv.field_size_limit(sys.maxsize)
        lignes = list(io.StringIO(self.texte, newline="\n"))
        debuts = [0, *accumulate(map(len, lignes))]
        rangees: list[list[str]] = []
        fautes: dict[int, str] = {}
        place = 0
        while True:
            restantes = map(lignes.__getitem__, range(place, len(lignes)))
            lecteur = csv.reader(restantes, delimiter=self.separateur, strict=True)
            avant = len(rangees)
            with suppress(csv.Error):
                for rang, rangee in enumerate(lecteur, start=1):
                    if lecteur.line_num > rang:
                        break
                    rangees.append(rangee)
            place += len(rangees) - avant
            if place == len(lignes):
                return rangees, fautes, "", False
            debut = debuts[place]
            rangee, fin, faute = self._rangee(debut, len(rangees) > self.entete)
            if not fin:
                return rangees, fautes, self.texte[debut:], True
            if faute:
                fautes[len(rangees)] = faute
            rangees.append(rangee)
            if faute and self.texte.find('"', fin, fin + _CELLULE_MAX) < 0:
                return rangees, fautes, self.texte[fin:], False  # which polars reads, much faster
            place = bisect_left(debuts, min(fin, len(self.texte)), lo=place)

    def _rangee(self, debut: int, sous_entete: bool) -> tuple[list[str], int, str]:
        """One record: its cells, where it ends (0: beyond this text), its fault in quoting.

        A quote that is not answered belongs to its own line, whose cells it leaves as they stand.
        """
        cellules: list[str] = []
        place = debut
        while True:
            if self.texte.startswith('"', place):
                citee = _CITEE.match(self.texte, place)
                if not citee and not self.fini and len(self.texte) - debut <= _CELLULE_MAX:
                    return [], 0, ""
                faute = self._faute(place, citee, sous_entete)
                if faute or not citee:
                    fin_ligne = self._fin_de_ligne(place)
                    reste = self.texte[place:fin_ligne].split(self.separateur)
                    return [*cellules, *reste], fin_ligne + 1, faute
                cellules.append(citee[0][1:-1].replace('""', '"'))
                place = citee.end()
            else:
                fin_ligne = self._fin_de_ligne(place)
                fin = self.texte.find(self.separateur, place, fin_ligne)
                fin = fin_ligne if fin < 0 else fin
                cellules.append(self.texte[place:fin])
                place = fin
            if not self.texte.startswith(self.separateur, place):
                return cellules, place + 1, ""
            place += 1

    def _fin_de_ligne(self, place: int) -> int:
        fin = self.texte.find("\n", place)
        return len(self.texte) if fin < 0 else fin

    def _faute(self, place: int, citee: re.Match[str] | None, sous_entete: bool) -> str:
        """What is wrong with the quoted cell that begins at `place`; empty where nothing is."""
        if citee is None:
            return OUVERTE
        suite = self.texte[citee.end() : citee.end() + 1]
        if "\n" not in citee[0]:
            return "" if suite in ("", "\n", self.separateur) else SUIVIE
        if suite not in ("", "\n", self.separateur):
            return OUVERTE
        if sous_entete and self._chacune_une_ligne(place, citee.end()):
            return OUVERTE
        return ""

    def _chacune_une_ligne(self, debut: int, fin: int) -> bool:
        """Whether each of the lines over which a cell goes has as many cells as the header."""
        debut = self.texte.rfind("\n", 0, debut) + 1
        lignes = self.texte[debut : self._fin_de_ligne(fin)].split("\n")
        return all(
            len(_Coupe(ligne, self.separateur, 0, 0, True)._rangee(0, False)[0]) == self.largeur
            for ligne in lignes
        )
