"""What authors write under the objectives: in `textes.csv`, or in an earlier document.

A text is a paragraph. Where it goes in a page is said here; how it looks is not.
"""

import csv
import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn

from pipelines.edition import adresses
from pipelines.edition.contenu import Bloc, Page, Section, Texte
from pipelines.edition.modele_docx import AUTEUR, CITATION, ouvrir
from pipelines.edition.oxml import propre
from pipelines.erreurs import Faute

NOM = adresses.TEXTES
COLONNES = ["objectif", "rubrique", "texte"]
RUBRIQUES = {"analyse": "auteur", "exemples": "auteur", "citation": "citation"}
A_ECRIRE = "[Analyse à écrire]"
CONCLUSION = "conclusion"
SIGNET = "texte_"
PUBLIC = "version_publique"
"""The bookmark of a document that may leave."""

Textes = Mapping[str, tuple[Texte, ...]]
"""Paragraphs by objective: `objectif_05`, or `conclusion`."""

_STYLES = {AUTEUR.lower(): "auteur", CITATION.lower(): "citation"}
_CLE = re.compile(r"objectif_\d+|conclusion")
_TITRE = re.compile(r"Objectif\s+(\d+)\b")


def cle(objectif: int | None) -> str:
    """The key of an objective, that of its section; None for the conclusion."""
    return CONCLUSION if objectif is None else f"objectif_{objectif:02d}"


def lire(roadmap: Path, objectifs: Collection[int]) -> Textes:
    """The texts of a roadmap; none where it has no such file.

    Args:
        roadmap: the folder of the region's roadmap.
        objectifs: the numbers of its objectives.

    Raises:
        Faute: all that is wrong, a line each.
    """
    chemin = roadmap / NOM
    if not chemin.exists():
        return {}
    fautes: list[str] = []
    lus: dict[str, list[Texte]] = {}
    try:
        with chemin.open(encoding="utf-8-sig", newline="") as flux:
            lecteur = csv.reader(flux, strict=True)
            entete = next(lecteur, [])
            if entete != COLONNES:
                fautes.append(
                    f"{chemin}, ligne 1 : les colonnes doivent être {', '.join(COLONNES)}"
                )
            for ligne in lecteur if not fautes else ():
                if ligne:
                    siennes = list(_fautes(ligne, objectifs))
                    fautes += [f"{chemin}, ligne {lecteur.line_num} : {f}" for f in siennes]
                    if not siennes:
                        ou = cle(int(ligne[0]) if ligne[0].strip() else None)
                        lus.setdefault(ou, []).extend(_paragraphes(ou, *ligne[1:]))
    except (OSError, UnicodeDecodeError, csv.Error) as erreur:
        fautes.append(f"{chemin} ne se lit pas ({erreur})")
    if fautes:
        raise Faute("Les textes des auteurs ne peuvent pas servir :\n- " + "\n- ".join(fautes))
    return {ou: tuple(textes) for ou, textes in lus.items()}


def _fautes(ligne: list[str], objectifs: Collection[int]) -> Iterator[str]:
    if len(ligne) != len(COLONNES):
        yield (
            f"il faut {len(COLONNES)} cellules, il y en a {len(ligne)} : entourer de guillemets le "
            "texte à virgules"
        )
        return
    objectif, rubrique, texte = (cellule.strip() for cellule in ligne)
    if objectif and not (objectif.isdecimal() and int(objectif) in objectifs):
        yield (
            f"objectif «{objectif}» n'est pas un numéro de objectifs.csv (vide pour la conclusion)"
        )
    if rubrique not in RUBRIQUES:
        yield f"rubrique «{rubrique}» doit être {', '.join(RUBRIQUES)}"
    if not propre(texte).strip():
        yield "texte est vide"


def _paragraphes(ou: str, rubrique: str, texte: str) -> Iterator[Texte]:
    """A text, a paragraph each line."""
    for ligne in propre(texte).splitlines():
        if ligne.strip():
            dit = ligne.strip()
            yield Texte(dit, RUBRIQUES[rubrique.strip()], _marque(ou, dit))


def repris(octets: bytes, publique: bool = False) -> Textes:
    """What authors wrote in a document of ours, under each objective.

    That is its paragraphs in the styles of authors, without the one that says where to write, nor
    those that are still as `textes.csv` has them. For the public version, nothing is taken from a
    document that may not leave.

    Args:
        octets: the document, as it was made or as people changed it.
        publique: whether the texts are for the public version.

    Raises:
        Faute: it cannot be read.
    """
    document = ouvrir(octets, "Le document du bilan")
    corps = document.element.body
    if publique and not any(
        signet.get(qn("w:name")) == PUBLIC for signet in corps.iter(qn("w:bookmarkStart"))
    ):
        return {}
    styles = _noms_des_styles(document.styles.element)
    trouves: dict[str, list[Texte]] = {}
    ou, niveau = "", 0
    for paragraphe in corps.iter(qn("w:p")):
        style = styles.get(_style(paragraphe), "")
        titre = re.fullmatch(r"(?:heading|titre) (\d)", style)
        if titre:
            signale = _objectif(paragraphe)
            if signale:
                ou, niveau = signale, int(titre[1])
            elif int(titre[1]) <= niveau:
                ou = ""
        elif ou and style in _STYLES:
            trouves.setdefault(ou, []).extend(_lus(paragraphe, ou, _STYLES[style]))
    return {ou: tuple(textes) for ou, textes in trouves.items() if textes}


def _lus(paragraphe: Any, ou: str, genre: str) -> Iterator[Texte]:
    """The author's words in a paragraph, line by line."""
    signets = [n.get(qn("w:name")) or "" for n in paragraphe.iter(qn("w:bookmarkStart"))]
    origine = next((n.removeprefix(SIGNET) for n in signets if n.startswith(SIGNET)), "")
    for ligne in _texte(paragraphe).splitlines():
        dit = propre(ligne.replace(A_ECRIRE, "")).strip()
        if dit and origine != _marque(ou, dit):
            yield Texte(dit, genre, origine)
            origine = ""


def fusionner(ecrits: Textes, repris: Textes) -> Textes:
    """The texts of `textes.csv`, as corrected in a document, then those that are in it alone."""
    tous: dict[str, tuple[Texte, ...]] = {}
    for ou in [*ecrits, *(o for o in repris if o not in ecrits)]:
        corriges = {t.origine: t for t in repris.get(ou, ()) if t.origine}
        suite = [corriges.pop(t.origine, t) for t in ecrits.get(ou, ())]
        restent = [t for t in repris.get(ou, ()) if not t.origine or t.origine in corriges]
        uniques: dict[str, Texte] = {}
        for texte in (*suite, *restent):
            uniques.setdefault(_sans_blancs(texte.texte), texte)
        tous[ou] = tuple(uniques.values())
    return tous


def poser(page: Page, textes: Textes) -> Page:
    """A page with the texts of authors at the head of their objectives."""
    return replace(page, blocs=tuple(_poser(bloc, textes) for bloc in page.blocs))


def _poser(bloc: Bloc, textes: Textes) -> Bloc:
    if not isinstance(bloc, Section):
        return bloc
    dedans = tuple(_poser(b, textes) for b in bloc.blocs)
    return replace(bloc, blocs=(*textes.get(bloc.objectif, ()), *dedans))


def _marque(ou: str, texte: str) -> str:
    return hashlib.sha256(f"{ou}\n{_sans_blancs(texte)}".encode()).hexdigest()[:16]


def _sans_blancs(texte: str) -> str:
    """A text whose spaces are all alike, narrow and no-break ones too."""
    return " ".join(texte.replace("«", "« ").replace("»", " »").split())


def _noms_des_styles(styles: Any) -> dict[str, str]:
    """The name of each style in small letters, by its identifier: programs change both."""
    noms = {}
    for style in styles.iter(qn("w:style")):
        nom = style.find(qn("w:name"))
        if nom is not None:
            noms[style.get(qn("w:styleId")) or ""] = (nom.get(qn("w:val")) or "").lower()
    return noms


def _style(paragraphe: Any) -> str:
    place = paragraphe.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if place is None else place.get(qn("w:val")) or ""


def _objectif(titre: Any) -> str:
    """The objective that a heading is of: its bookmark says it, or else its words."""
    for signet in titre.iter(qn("w:bookmarkStart")):
        nom = signet.get(qn("w:name")) or ""
        if _CLE.fullmatch(nom):
            return nom
    texte = _texte(titre).strip()
    numero = _TITRE.match(texte)
    if numero:
        return cle(int(numero[1]))
    return CONCLUSION if texte.startswith("Conclusion") else ""


def _texte(paragraphe: Any) -> str:
    """What is read in a paragraph, without what a correction takes away."""
    dits = []
    for element in paragraphe.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")):
        if next(element.iterancestors(qn("w:p"))) is not paragraphe:
            continue
        if next(element.iterancestors(qn("w:moveFrom")), None) is not None:
            continue
        if element.tag == qn("w:t"):
            dits.append(element.text or "")
        elif element.getparent().tag == qn("w:r"):
            dits.append(" " if element.tag == qn("w:tab") else "\n")
    return "".join(dits)
