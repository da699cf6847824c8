"""Specifications of charts made pictures: SVG for pages, PNG at 300 dots an inch for documents.

vl-convert draws Vega-Lite without a browser or a network. What a chart shows is in `graphiques`.
"""

import json
from functools import lru_cache
from typing import Any

import vl_convert  # type: ignore[import-untyped, unused-ignore]

_POUCE = 300
_ECHELLE = 72 / 96  # a unit of SVG is a ninety-sixth of an inch, vl-convert's a seventy-second


@lru_cache(maxsize=2048)
def _svg(spec: str) -> str:
    return str(vl_convert.vegalite_to_svg(spec, format_locale="fr-FR", allowed_base_urls=[]))


def svg(spec: dict[str, Any]) -> str:
    """A chart as SVG."""
    return _svg(json.dumps(spec, ensure_ascii=False, sort_keys=True, default=float))


def png(spec: dict[str, Any]) -> bytes:
    """A chart as PNG, at 300 dots an inch."""
    return bytes(vl_convert.svg_to_png(svg(spec), scale=_ECHELLE, ppi=_POUCE))
