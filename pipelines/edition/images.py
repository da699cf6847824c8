"""Specifications of charts made pictures: SVG for pages, PNG at 300 dots an inch for documents.

vl-convert draws Vega-Lite without a browser or a network. What a chart shows is in `graphiques`.
"""

import json
from functools import lru_cache
from typing import Any

import vl_convert  # type: ignore[import-untyped, unused-ignore]

_POUCE = 300
_ECHELLE = 72 / 96  # a unit of SVG is a ninety-sixth of an inch, vl-convert's a seventy-second


def svg(spec: dict[str, Any]) -> str:
    """A chart as SVG."""
    return _svg(_texte(spec))


@lru_cache(maxsize=2048)
def _svg(spec: str) -> str:
    lue = json.loads(spec)
    vega = _vega(_texte({**lue, "data": {"values": []}}))
    vega["data"][0]["values"] = lue["data"]["values"]
    return str(vl_convert.vega_to_svg(_texte(vega), format_locale="fr-FR", allowed_base_urls=[]))


@lru_cache(maxsize=256)
def _vega(sans_donnees: str) -> dict[str, Any]:
    """A chart without its data, compiled: hundreds differ by their data alone."""
    compilee: dict[str, Any] = vl_convert.vegalite_to_vega(sans_donnees)
    return compilee


def _texte(spec: dict[str, Any]) -> str:
    return json.dumps(spec, ensure_ascii=False, sort_keys=True, default=float)


def png(spec: dict[str, Any]) -> bytes:
    """A chart as PNG, at 300 dots an inch."""
    return bytes(vl_convert.svg_to_png(svg(spec), scale=_ECHELLE, ppi=_POUCE))
