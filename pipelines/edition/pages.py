"""Pages as HTML: a template, a style, nothing that a browser would fetch or run.

What they say is in `contenu`; which there are, in `dossier`.
"""

import base64
from collections.abc import Callable, Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.edition import graphiques, images
from pipelines.edition.contenu import (
    Graphique,
    Lien,
    Nombre,
    Page,
    Section,
    Tableau,
    Trace,
    abrege,
    typographie,
)

_GABARITS = Path(__file__).parent / "gabarits"
INTERNE = "Version interne : elle ne sort pas de l'administration."
PUBLIQUE = "Version publique : faite des seules valeurs diffusables."


def avis(publique: bool) -> str:
    """What every page says of where it may go."""
    return PUBLIQUE if publique else INTERNE


def html(
    page: Page,
    menu: Sequence[Lien],
    region: str,
    arrete: str,
    pied: str,
    publique: bool,
    connues: Collection[str],
    noeud: str = "",
) -> str:
    """A page, whole: style and pictures are in it.

    Args:
        page: what it says.
        menu: the links of every page.
        region: the name of the region.
        arrete: the month.
        pied: what the foot of every page says.
        publique: whether it may leave.
        connues: the files of the folder; links to others are words.
        noeud: the node of the graph that it is of, which a web server makes a link (`vitrine`).
    """
    rendu: str = _modele().render(
        page=page,
        menu=menu,
        region=region,
        arrete=arrete,
        pied=pied,
        publique=publique,
        connues=connues,
        noeud=noeud,
        avis=avis(publique),
        haut="../" * page.chemin.count("/"),
        sommaire=_sommaire(page),
    )
    return rendu


def octets(*page: Any) -> bytes:
    """The same, as its file has it."""
    return html(*page).encode()


def _sommaire(page: Page) -> list[dict[str, Any]]:
    return [
        {
            "titre": s.titre,
            "ancre": s.ancre,
            "sous": [t for t in s.blocs if isinstance(t, Section)],
        }
        for s in page.blocs
        if isinstance(s, Section)
    ]


@cache
def _modele() -> Any:
    ici = Environment(
        loader=FileSystemLoader(_GABARITS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    filtres: dict[str, Callable[..., Any]] = {
        "typo": typographie,
        "abrege": abrege,
        "sorte": lambda bloc: type(bloc).__name__,
        "image": _image,
        "trace": _trace,
        "nombres": _nombres,
        "fichier": lambda vers: vers.partition("#")[0],
    }
    ici.filters |= filtres
    ici.globals["style"] = _style()
    return ici.get_template("page.html.j2")


def _style() -> Any:
    from markupsafe import Markup

    return Markup((_GABARITS / "style.css").read_text(encoding="utf-8"))  # noqa: S704 (ours)


def _image(graphique: Graphique) -> str:
    return _adresse(images.svg(graphique.spec))


def _trace(trace: Trace) -> str:
    return _adresse(images.svg(graphiques.trace(trace.valeurs)))


def _nombres(tableau: Tableau) -> list[bool]:
    """Of each column, whether all that it has is numbers."""
    return [
        any(isinstance(ligne[rang], Nombre) for ligne in tableau.lignes)
        and all(isinstance(ligne[rang], Nombre | None) for ligne in tableau.lignes)
        for rang in range(len(tableau.colonnes))
    ]


def _adresse(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")
