"""Blocks laid out on a sheet of a workbook, row after row: words, Excel tables, native charts.

A number keeps its value at full precision, and its format makes it read as on pages. Which sheets
there are, and what they hold, is in `classeur`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from pipelines.edition.contenu import (
    INSECABLE,
    PROVISOIRE,
    RECENTE,
    Bloc,
    Cellule,
    Colonne,
    Graphique,
    Lien,
    Liste,
    Nombre,
    Section,
    Tableau,
    Texte,
    Trace,
    parcourir,
    typographie,
)
from pipelines.edition.dessin import CLAIR, FONCE, MOYEN, PALE, raccourcir
from pipelines.export.formes import HAUTEUR, lignes_de_texte

_GRIS, _FOND = "#595959", "#E3E3F8"
_LARGEUR_MIN, _LARGEUR_MAX, _LARGEUR_NOMS = 9, 20, 60
_MARGE = 4  # characters around a number
_BOUTON = 3  # characters that the button of a filter takes
_MAX = 32_767  # characters of a cell
_NUANCES = (PALE, CLAIR, MOYEN, FONCE)
_PIXELS = 20  # a row, where none is said
_ETIQUETTES = 40  # points that can bear their value
_ETIQUETTE = "Nom sur le graphique"
_LONG = 14  # characters that fit under a bar

Plage = tuple[str, int, int, int, int]
"""A range, as charts want it: sheet, first row and column, last row and column."""


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, livre: Any) -> None:
        self._livre = livre
        self._faits: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._nombres: dict[str, Any] = {}
        self.corps = self(text_wrap=True)

    def __call__(self, **dits: Any) -> Any:
        """The format of some properties, in xlsxwriter's words."""
        cle = tuple(sorted(dits.items()))
        if cle not in self._faits:
            self._faits[cle] = self._livre.add_format({"valign": "top", **dits})
        return self._faits[cle]

    def nombre(self, nombre: Nombre) -> Any:
        """That of a number: its unit, its decimals, its sign, its mark."""
        forme = format_de(nombre)
        if forme not in self._nombres:
            dits = {"num_format": forme, "align": "right", "indent": 1}
            self._nombres[forme] = self(**dits, italic=True) if nombre.etat else self(**dits)
        return self._nombres[forme]


def format_de(nombre: Nombre) -> str:
    """The number format of a number, as files have it: Excel shows it in the user's language."""
    decimales = _decimales(nombre)
    forme = "#,##0" + ("." + "0" * decimales if decimales else "")
    unite = _unite(nombre)
    forme += f'"{unite}"' if unite else ""
    marque = f'"{_marque(nombre)}"' if _marque(nombre) else ""
    if not _est_signe(nombre):
        return forme + marque
    return f'"+{INSECABLE}"{forme}{marque};"-{INSECABLE}"{forme}{marque};{forme}{marque}'


def _longueur(nombre: Nombre) -> int:
    """How many characters a number takes once it has its format."""
    if nombre.valeur is None:
        return len(nombre.texte)
    dit = f"{nombre.valeur:,.{_decimales(nombre)}f}" + _unite(nombre) + _marque(nombre)
    return len(dit) + 2 * _est_signe(nombre)


def _decimales(nombre: Nombre) -> int:
    lues = re.search(r",(\d+)", nombre.texte)
    return max(len(lues[1]) if lues else 0, int(nombre.unite == "%"))


def _unite(nombre: Nombre) -> str:
    montree = nombre.unite in ("%", "€") or nombre.unite.startswith("point")
    return INSECABLE + nombre.unite if montree else ""


def _marque(nombre: Nombre) -> str:
    return f" ({nombre.etat})" if nombre.etat in (PROVISOIRE, RECENTE) else ""


def _est_signe(nombre: Nombre) -> bool:
    return nombre.texte[:2] in ("+ ", "- ") or "evolution" in "".join(nombre.cle[-1:])


def en_mots(cellule: Cellule) -> str:
    """What a cell shows, as people read it."""
    match cellule:
        case None:
            return ""
        case str():
            return cellule
        case Nombre():
            marque = f" ({cellule.etat})" if cellule.etat not in ("", cellule.texte) else ""
            return cellule.texte + marque
        case Lien():
            return cellule.texte
    return cellule.alternative


@dataclass
class Grille:
    """A sheet, filled from the top.

    Attributes:
        feuille: xlsxwriter's.
        livre: its workbook.
        styles: the formats of the workbook.
        noms: the names of tables that are taken, in the whole workbook.
        vers: where a link leads inside the workbook; nothing where it does not.
        serie: the range of the months that a trace draws, on another sheet, by the row it is in.
        largeurs: the width of each column, in characters.
        ligne: the next row that is free.
    """

    feuille: Any
    livre: Any
    styles: Styles
    noms: set[str] = field(default_factory=set)
    vers: Callable[[Lien], str] = lambda _: ""
    serie: Callable[[Sequence[Cellule]], str] = lambda _: ""
    largeurs: list[float] = field(default_factory=list)
    ligne: int = 0

    def prevoir(self, blocs: Sequence[Bloc], large: int = _LARGEUR_MAX) -> None:
        """Make columns as wide as all the tables of the sheet want them; `large` at most."""
        for bloc in parcourir(blocs):
            if isinstance(bloc, Graphique):
                bloc = _etiquete(bloc.tableau)
            if not isinstance(bloc, Tableau):
                continue
            for rang, colonne in enumerate(bloc.colonnes):
                cellules = [ligne[rang] for ligne in bloc.lignes]
                mots = {len(m) + _BOUTON for m in colonne.titre.split()}
                mots |= {_voulue(c) for c in cellules if not isinstance(c, Nombre)}
                # A number that is cut is not shown at all.
                nombres = {_longueur(c) + _MARGE for c in cellules if isinstance(c, Nombre)}
                borne = large if rang else max(large, _LARGEUR_NOMS)
                voulue = max(min(max(mots, default=0), borne), _LARGEUR_MIN, *nombres)
                if rang == len(self.largeurs):
                    self.largeurs.append(voulue)
                self.largeurs[rang] = max(self.largeurs[rang], voulue)
        self.poser_largeurs(self.largeurs or [_LARGEUR_NOMS, *[_LARGEUR_MAX] * 3])

    def poser_largeurs(self, largeurs: Iterable[float]) -> None:
        """Give columns their widths."""
        self.largeurs = list(largeurs)
        for rang, largeur in enumerate(self.largeurs):
            self.feuille.set_column(rang, rang, largeur)

    def blocs(self, blocs: Sequence[Bloc]) -> None:
        """Blocks, one below the other."""
        for bloc in blocs:
            match bloc:
                case Section():
                    self.mots(bloc.titre, bold=True, font_size=13)
                    self.blocs(bloc.blocs)
                case Tableau():
                    self.mots(bloc.titre, bold=True, font_size=12)
                    self.tableau(bloc)
                case Graphique():
                    self.graphique(bloc)
                case Texte():
                    gras = {"bold": True} if bloc.genre == "alerte" else {}
                    self.mots(bloc.texte, brut=bloc.genre == "code", **gras)
                    self.ligne += 1
                case Liste():
                    for point in bloc.points:
                        self.mots("• " + en_mots(point))
                    self.ligne += 1

    def mots(self, texte: str, brut: bool = False, **style: Any) -> None:
        """A paragraph over all the columns, in as many lines as it takes."""
        dit = (texte if brut else typographie(texte))[:_MAX]
        forme = self.styles(text_wrap=True, **style)
        if len(self.largeurs) > 1:
            fin = len(self.largeurs) - 1
            self.feuille.merge_range(self.ligne, 0, self.ligne, fin, "", forme)
        self.feuille.write_string(self.ligne, 0, dit, forme)
        taille = style.get("font_size", 11) / 11
        self.hauteur([(dit, sum(self.largeurs) / taille)], HAUTEUR * taille)
        self.ligne += 1

    def hauteur(self, dits: Iterable[tuple[str, float]], une: float = HAUTEUR) -> None:
        """Make the row high enough for texts in columns of some widths, `une` point a line."""
        lignes = lignes_de_texte(dits)
        if lignes > 1 or une > HAUTEUR:
            self.feuille.set_row(self.ligne, min(409, ceil(une * lignes)))

    def tableau(self, tableau: Tableau) -> Plage:
        """A table with its filters, its source line and the words of its columns; its rows."""
        nom = _libre(f"t_{tableau.cle}", self.noms)
        titres = _distincts([c.titre for c in tableau.colonnes])
        entete = self.styles(bold=True, text_wrap=True, bg_color=_FOND, bottom=1)
        # The button of the filter is at the right.
        chiffree = self.styles(
            bold=True, text_wrap=True, bg_color=_FOND, bottom=1, align="right", indent=2
        )
        chiffrees = {
            rang
            for ligne in tableau.lignes
            for rang, cellule in enumerate(ligne)
            if isinstance(cellule, Nombre)
        }
        premiere, fin = self.ligne + 1, self.ligne + max(len(tableau.lignes), 1)
        self.feuille.add_table(
            self.ligne, 0, fin, len(titres) - 1,
            {
                "name": nom,
                "style": "Table Style Light 1",
                "columns": [
                    {"header": t, "header_format": chiffree if rang in chiffrees else entete}
                    for rang, t in enumerate(titres)
                ],
            },
        )  # fmt: skip
        self.hauteur(
            (titre, largeur - _BOUTON)
            for titre, largeur in zip(titres, self.largeurs, strict=False)
        )
        self.ligne += 1
        for ligne in tableau.lignes:
            for rang, cellule in enumerate(ligne):
                self._cellule(rang, cellule, ligne)
            self.hauteur(
                (c if isinstance(c, str) else c.texte, largeur)
                for c, largeur in zip(ligne, self.largeurs, strict=False)
                if isinstance(c, str | Lien)
            )
            self.ligne += 1
        self.ligne = fin + 1
        aides = [f"{c.titre} : {c.aide.rstrip('.')}." for c in tableau.colonnes if c.aide]
        for dit in (" ".join(filter(None, (tableau.source, tableau.note))), " ".join(aides)):
            if dit:
                self.mots(dit, italic=True, font_size=9, font_color=_GRIS)
        self.ligne += 1
        return self.feuille.get_name(), premiere, 0, fin, len(titres) - 1

    def _cellule(self, rang: int, cellule: Cellule, ligne: Sequence[Cellule]) -> None:
        match cellule:
            case None | "":
                pass
            case str():
                self._texte(rang, cellule)
            case Nombre() if cellule.valeur is None:
                self._texte(
                    rang, cellule.texte, italic=True, font_color=_GRIS, align="right", indent=1
                )
            case Nombre():
                forme = self.styles.nombre(cellule)
                self.feuille.write_number(self.ligne, rang, cellule.valeur, forme)
            case Lien():
                vers = self.vers(cellule)
                if vers:
                    forme = self.styles(text_wrap=True, font_color=FONCE, underline=1)
                    self.feuille.write_url(self.ligne, rang, vers, forme, cellule.texte[:_MAX])
                else:
                    self._texte(rang, cellule.texte)
            case Trace():
                plage = self.serie(ligne)
                if plage:
                    self.feuille.add_sparkline(
                        self.ligne, rang, {"range": plage, "series_color": FONCE}
                    )

    def _texte(self, rang: int, texte: str, **style: Any) -> None:
        forme = self.styles(text_wrap=True, **style) if style else self.styles.corps
        self.feuille.write_string(self.ligne, rang, texte[:_MAX], forme)

    def graphique(self, graphique: Graphique) -> None:
        """A chart that people can edit, drawn from the cells of its table, which is below it."""
        self.mots(graphique.titre, bold=True, font_size=12)
        series = _series(graphique.tableau)
        if not series:
            self.tableau(graphique.tableau)
            return
        tableau = _etiquete(graphique.tableau)
        trace, hauteur = self._dessin(tableau, series)
        haut = self.ligne
        self.ligne += ceil(hauteur / _PIXELS) + 1
        place = self.tableau(tableau)
        self._peupler(trace, tableau, series, place)
        self.feuille.insert_chart(
            haut, 0, trace,
            {"x_offset": 4, "y_offset": 4, "object_position": 2,
             "description": typographie(graphique.alternative)[:255]},
        )  # fmt: skip

    def _dessin(self, tableau: Tableau, series: Sequence[int]) -> tuple[Any, int]:
        """An empty chart, as large as its bars want it; and its height."""
        lignes = len(tableau.lignes)
        noms = [en_mots(ligne[_categories(tableau)]) for ligne in tableau.lignes]
        couche = lignes * len(series) > 24 or max(map(len, noms)) > _LONG
        trace = self.livre.add_chart({"type": "bar" if couche else "column"})
        large = 720
        hauteur = max(160, 70 + lignes * (12 + 14 * len(series))) if couche else 280
        trace.set_size({"width": large, "height": hauteur})
        trace.set_title({"none": True})
        valeurs = {"visible": False, "major_gridlines": {"visible": False}, "min": 0}
        if any(
            isinstance(n := ligne[rang], Nombre) and (n.valeur or 0) < 0
            for ligne in tableau.lignes
            for rang in series
        ):
            del valeurs["min"]
        police = {"num_font": {"size": 9}, "major_tick_mark": "none"}
        if couche:
            # Excel draws the first bar at the bottom, unless told.
            trace.set_x_axis(valeurs)
            trace.set_y_axis({**police, "reverse": True})
        else:
            trace.set_x_axis(police)
            trace.set_y_axis(valeurs)
        trace.set_legend({"position": "bottom"} if len(series) > 1 else {"none": True})
        return trace, hauteur

    def _peupler(self, trace: Any, tableau: Tableau, series: Sequence[int], place: Plage) -> None:
        """The series of a chart: the columns of the table, what is under way hollow."""
        feuille, premiere, _, fin, _ = place
        noms = _categories(tableau)
        nuances = (MOYEN,) if len(series) == 1 else _NUANCES[-len(series) :]
        dits = len(series) * len(tableau.lignes) <= _ETIQUETTES
        for rang, nuance in zip(series, nuances, strict=True):
            cellules = [ligne[rang] for ligne in tableau.lignes]
            nombres = [c for c in cellules if isinstance(c, Nombre) and c.valeur is not None]
            forme = format_de(max(nombres, key=lambda n: len(n.texte.partition(",")[2])))
            etiquettes = {
                "value": True,
                "num_format": forme.split('" (')[0],
                "font": {"size": 9},
                "custom": [
                    {"value": c.texte} if isinstance(c, Nombre) and c.valeur is None else None
                    for c in cellules
                ],
            }
            trace.add_series(
                {
                    "name": [feuille, premiere - 1, rang],
                    "categories": [feuille, premiere, noms, fin, noms],
                    "values": [feuille, premiere, rang, fin, rang],
                    "fill": {"color": nuance},
                    "border": {"color": FONCE, "width": 0.75},
                    "gap": 50,
                    "points": [
                        {
                            "fill": {"color": "white"},
                            "border": {"color": FONCE, "width": 1.25, "dash_type": "dash"},
                        }
                        if isinstance(c, Nombre) and c.etat == PROVISOIRE
                        else None
                        for c in cellules
                    ],
                    **({"data_labels": etiquettes} if dits else {}),
                }
            )


def _etiquete(tableau: Tableau) -> Tableau:
    """The table of a chart, with a column of names short enough to stand beside bars."""
    noms = [", ".join(en_mots(c) for c in ligne[: tableau.entetes]) for ligne in tableau.lignes]
    if tableau.entetes == 1 and all(nom == raccourcir(nom) for nom in noms):
        return tableau
    return replace(
        tableau,
        colonnes=(*tableau.colonnes, Colonne(_ETIQUETTE)),
        lignes=tuple(
            (*ligne, raccourcir(nom)) for ligne, nom in zip(tableau.lignes, noms, strict=True)
        ),
    )


def _categories(tableau: Tableau) -> int:
    """The column that names the bars."""
    return len(tableau.colonnes) - 1 if tableau.colonnes[-1].titre == _ETIQUETTE else 0


def _voulue(cellule: Cellule) -> int:
    """The width that a cell wants, on one line."""
    if isinstance(cellule, str):
        return len(cellule) + 1
    return _LARGEUR_MAX if isinstance(cellule, Trace) else len(en_mots(cellule)) + 1


def _series(tableau: Tableau) -> list[int]:
    """The columns that a chart draws: values of one unit, the last four; else rates."""
    par_colonne = {
        rang: [
            n for ligne in tableau.lignes
            if isinstance(n := ligne[rang], Nombre) and n.valeur is not None
        ]
        for rang in range(tableau.entetes, len(tableau.colonnes))
    }  # fmt: skip
    valeurs = [
        rang
        for rang, nombres in par_colonne.items()
        if nombres and all(n.cle[-1:] == ("valeur",) for n in nombres)
    ]
    if len({n.unite for rang in valeurs for n in par_colonne[rang]}) == 1:
        return valeurs[-len(_NUANCES) :]
    taux = [
        r for r, nombres in par_colonne.items() if nombres and {n.unite for n in nombres} == {"%"}
    ]
    return taux[:1]


def _distincts(titres: Sequence[str]) -> list[str]:
    """Titles that an Excel table takes: none twice, whatever the case."""
    vus: set[str] = set()
    return [_libre(titre, vus, "({})") for titre in titres]


def _libre(nom: str, pris: set[str], suite: str = "_{}") -> str:
    """A name that is not taken yet, and is from now on; in letters only, where `_` follows."""
    if suite == "_{}":
        nom = re.sub(r"\W", "_", nom)
    candidat, rang = nom, 1
    while candidat.lower() in pris:
        rang += 1
        candidat = nom + suite.format(rang)
    pris.add(candidat.lower())
    return candidat
