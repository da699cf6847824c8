"""Where pages are: in the folder beside the warehouse, and on a web server; whose node each is of.

What serves them is in `pipelines.vitrine`; which files there are, in `dossier`.
"""

from collections.abc import Mapping
from pathlib import Path

DOSSIER = "bilan"
"""Beside the published file."""
BASE = "/bilan/"
"""Where a web server has them."""
ACCUEIL, BILAN, ANOMALIES = "index.html", "bilan.html", "bilan.html#anomalies"
INDICATEURS = "indicateurs/index.html"
PAR_OBJECTIF: Mapping[str, int | None] = {
    "contrats": 4, "referents": 2, "cir": 5, "outils": 6, "projets_globaux": 6, "oepre": 11,
    "logement_par_departement": 16, "equipes_mobiles": 21, "associations": 24, "projets": None,
}  # fmt: skip
"""The tables that a bilan prints, and under which objective; None for its conclusion."""
DOCUMENT, CLASSEUR = "bilan.docx", "bilan.xlsx"
MODELE, TEXTES = "modele.docx", "textes.csv"
"""In a region's roadmap: the letterhead of the document, and what authors write."""
PIECES: Mapping[str, str] = {
    "accueil": ACCUEIL,
    "bilan": BILAN,
    "departements": "departements/index.html",
    "indicateurs": INDICATEURS,
    "document": DOCUMENT,
    "classeur": CLASSEUR,
}
"""What is made, and how one enters it; what is in a folder is of one piece."""


def dossier(warehouse: Path) -> Path:
    """The folder of the pages of a published warehouse."""
    return warehouse / DOSSIER


def adresse(region: str, page: str) -> str:
    """The address of a page on a web server; `region` is the name of one among others, or empty."""
    return f"{BASE}{region}{'/' if region else ''}{page}"


def d_un_indicateur(nom: str) -> str:
    """The page of an indicator."""
    return f"indicateurs/{nom}.html"


def ancre(objectif: int | None) -> str:
    """What an objective is called, in keys and on the page of the bilan; None is the conclusion."""
    return "conclusion" if objectif is None else f"objectif_{objectif:02d}"


def d_une_vue(nom: str) -> str:
    """Where a view of the bilan is printed: under its objective, where it has one."""
    return f"{BILAN}#{ancre(PAR_OBJECTIF[nom])}" if nom in PAR_OBJECTIF else BILAN


def piece(chemin: str) -> str:
    """The piece that a file of the folder is of; empty for one that we did not write."""
    dans, barre, _ = chemin.partition("/")
    for nom, page in PIECES.items():
        if chemin == page or (barre and page.startswith(f"{dans}/")):
            return nom
    return ""


def noeud(chemin: str, objectifs: Mapping[str, int | None]) -> str:
    """The key of the node that a page is of; `objectifs` are those of indicators, by name."""
    sienne = piece(chemin)
    nom = Path(chemin).stem
    if sienne == "indicateurs" and nom in objectifs:
        return f"indicateurs/{ancre(objectifs[nom])}/{nom}"
    return f"edition/{sienne}" if sienne else ""
