"""What all charts have in common: colours, margins, fonts, the form of a specification.

What a chart shows is in `graphiques` and `jauges`. Read in black and white: shades differ by their
lightness, what is provisional is hollow, and values are written.
"""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.edition.contenu import PROVISOIRE

FONCE, MOYEN, CLAIR, PALE = "#000091", "#5a5ac8", "#a9a9e6", "#e3e3f8"
ENCRE = "#161616"
_POLICE = "Marianne, Liberation Sans, Arial, sans-serif"
_CONFIG = {
    "aria": False,
    "background": "white",
    "font": _POLICE,
    "view": {"stroke": None},
    "axis": {
        "labelColor": ENCRE, "titleColor": ENCRE, "labelFontSize": 12, "grid": False,
        "labelLimit": 320, "title": None,
    },
    "text": {"color": ENCRE, "fontSize": 12},
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "orient": "bottom", "title": None},
    "header": {"labelFontSize": 13, "labelFontWeight": "bold", "title": None},
}  # fmt: skip
LARGEUR = 560
# A browser without the fonts asked has wider ones, and a picture does not grow with its words.
MARGES = {"left": 5, "right": 5, "top": 8, "bottom": 5}
MARGES_LONGUES = {**MARGES, "left": 60, "right": 60}
_LIBELLE = 62
MOIS = 24
"""How many months a chart of months goes back."""
NUANCES = [PALE, CLAIR, MOYEN, FONCE]
VIDE = {"test": f"datum.etat === '{PROVISOIRE}'", "value": "white"}


def spec_de(rangees: Sequence[Mapping[str, Any]], reste: Mapping[str, Any]) -> dict[str, Any]:
    """A specification: the rows that it draws, and the rest of it."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "config": _CONFIG,
        "padding": MARGES,
        "data": {"values": [dict(r) for r in rangees]},
        **reste,
    }


def raccourcir(texte: str, large: int = _LIBELLE) -> str:
    """A text that fits beside a bar; the table has all of it."""
    return textwrap.shorten(texte.rstrip(" ;."), large, placeholder="…")
