"""ODS: hidden rows, formulas without a value, % and merged cells, seen in the XML of all sheets.

The XML is taken row by row, as `classeur_ods` does. How cells are read does not belong here. Not
seen: a % that a style alone shows, as office suites also say it of the cell's value.
"""

import html
import re
import zipfile
from collections.abc import Mapping

from pipelines.erreurs import Refus
from pipelines.ingestion import classeur_commun as commun
from pipelines.ingestion.classeur_commun import DEMESURE
from pipelines.ingestion.classeur_ods import (
    ATTRIBUTS,
    CONTENU,
    LIGNES_REPETEES,
    blocs,
    fois_dit,
    morceaux,
    placees,
    pleines,
)
from pipelines.ingestion.regards import Regard, Trouve, compter

_BALISE = re.compile(rb"<(/?)table:table(-row-group)?(?=[\s>])" + ATTRIBUTS + rb">")
_NOM = re.compile(rb"""\stable:name\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REPLIE = re.compile(rb"""\stable:display\s*=\s*["']false["']""")
_MASQUEE = re.compile(rb"""\stable:visibility\s*=\s*["'](?:collapse|filter)["']""")
_INTERET = re.compile(rb"""table:formula|["']percentage["']|-spanned""")
_POURCENTAGE = re.compile(rb"""\soffice:value-type\s*=\s*["']percentage["']""")
# Without any of these, calamine reads nothing, whatever the cell shows.
_VALEUR = re.compile(
    rb"""\soffice:(?:[a-z]{1,20}-)?value\s*=|\soffice:value-type\s*=\s*["']string["']"""
)
_HAUTEUR = re.compile(rb"""\stable:number-rows-spanned\s*=\s*["']0*([1-9][0-9]{0,8})["']""")
_LARGEUR = re.compile(rb"""\stable:number-columns-spanned\s*=\s*["']0*([1-9][0-9]{0,8})["']""")


def regarder(archive: zipfile.ZipFile, entetes: Mapping[str, int]) -> dict[str, Regard]:
    """What is seen of these sheets, each below its header."""
    vue = _Vue(entetes)
    for texte in morceaux(archive, commun.trouver(archive, CONTENU)):
        for avant, rangee in blocs(texte):
            if avant:
                vue.passer(avant)
            if rangee:
                vue.voir(rangee)
    return vue.regards


class _Vue:
    """The sheets looked at one after another, row by row."""

    def __init__(self, entetes: Mapping[str, int]) -> None:
        self.regards: dict[str, Regard] = {}
        self._entetes = entetes
        self._regard: Regard | None = None
        self._entete = self._ligne = self._comptees = 0
        self._groupes: list[bool] = []
        self._replies = 0

    def passer(self, avant: bytes) -> None:
        """Take in what stands between rows: where sheets and groups of rows begin and end."""
        for ferme, groupe, attributs in _BALISE.findall(avant):
            if not groupe:
                self._commencer("" if ferme else _nom(attributs))
            elif not ferme:
                self._groupes.append(bool(_REPLIE.search(attributs)))
                self._replies += self._groupes[-1]
            elif self._groupes:
                self._replies -= self._groupes.pop()

    def _commencer(self, nom: str) -> None:
        self._regard = self.regards.setdefault(nom, Regard()) if nom in self._entetes else None
        self._entete = self._entetes.get(nom, 0)
        self._ligne = self._replies = 0
        self._groupes = []

    def voir(self, rangee: re.Match[bytes]) -> None:
        """Take in a row, which may stand many times."""
        fois = fois_dit(LIGNES_REPETEES, rangee[1])
        if self._regard:
            premiere = max(self._ligne, self._entete) + 1
            restent = self._ligne + fois + 1 - premiere
            if restent > 0 and self._masquee(rangee[1]) and any(True for _ in pleines(rangee[2])):
                self._regard.masquees.voir(premiere, restent)
            if _INTERET.search(rangee[2]):
                self._voir_cellules(self._regard, rangee[2], fois)
        self._ligne += fois

    def _masquee(self, attributs: bytes) -> bool:
        return self._replies > 0 or bool(_MASQUEE.search(attributs))

    def _voir_cellules(self, regard: Regard, rangee: bytes, lignes: int) -> None:
        for colonne, fois, trouvee in placees(rangee):
            attributs = trouvee[2]
            colonnes = range(colonne, colonne + fois)
            if b"table:formula" in attributs and not _VALEUR.search(attributs):
                self._compter(regard.sans_valeur, colonnes, lignes)
            elif b"percentage" in attributs and _POURCENTAGE.search(attributs):
                self._compter(regard.pourcentages, colonnes, lignes)
            if b"-spanned" in attributs:
                hauteur, largeur = _nombre(_HAUTEUR, attributs), _nombre(_LARGEUR, attributs)
                if hauteur > 1 or largeur > 1:
                    self._compter(regard.fusionnees, colonnes, lignes, hauteur)

    def _compter(
        self, vues: dict[int, Trouve], colonnes: range, lignes: int, hauteur: int = 1
    ) -> None:
        """Count a cell that stands on some columns and rows, as far as it reaches below the header.

        Raises:
            Refus: cells said once stand too many times.
        """
        haute = max(self._ligne + 1, self._entete + 2 - hauteur)
        nombre = self._ligne + lignes + 1 - haute
        if nombre > 0:
            self._comptees += len(colonnes)
            if self._comptees > commun.CELLULES_MAX:
                raise Refus(DEMESURE)
            for colonne in colonnes:
                compter(vues, colonne, max(haute, self._entete + 1), nombre)


def _nom(attributs: bytes) -> str:
    trouve = _NOM.search(attributs)
    return html.unescape((trouve[1] or trouve[2] or b"").decode()) if trouve else ""


def _nombre(dit: re.Pattern[bytes], attributs: bytes) -> int:
    trouve = dit.search(attributs)
    return int(trouve[1]) if trouve else 1
