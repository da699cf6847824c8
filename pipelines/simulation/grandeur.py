"""Made-up deliveries of any size, for trials and benchmarks: what `bilan simuler` writes.

Belongs here: how many rows go to which month, and writing them. Not here: the columns of an extract
(`grandeur_ofii`, `grandeur_autres`), nor the demonstration kept in raw/ (`demonstration`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from pipelines.erreurs import Faute
from pipelines.mois import entre
from pipelines.simulation import grandeur_ofii
from pipelines.simulation.ecriture import (
    CLASSEUR,
    CP1252,
    TABULATION,
    UTF8_BOM,
    VIRGULE,
    Forme,
)
from pipelines.simulation.grandeur_autres import EXTRAITS, Contexte
from pipelines.simulation.grandeur_ofii import Part
from pipelines.simulation.tables import octets
from pipelines.simulation.tirages import Mois, Tirage

ROADMAP = Path(__file__).parents[2] / "assets" / "roadmap"
PREMIER_MOIS, DERNIER_MOIS = "2015-01", "2095-12"
FORME_DE_MOIS = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
BEAUCOUP, PROCESSUS = 500_000, 2
"""From how many rows on files are written by several processes: these take a second to start."""
FORMES = {
    "ars/equipes_mobiles": VIRGULE,
    "ars/interpretariat": CP1252,
    "ddcs/contrats": CP1252,
    "ddcs/designations": TABULATION,
    "ddcs/orientations": CLASSEUR,
    "ddcs/outils": UTF8_BOM,
    "ddcs/projets": CP1252,
    "ddcs/reunions": UTF8_BOM,
    "logement/attributions": CLASSEUR,
    "logement/avdl": CP1252,
    "logement/mobilisations": UTF8_BOM,
    "logement/places": TABULATION,
    "rectorat/oepre": CLASSEUR,
    "service_civique/volontr": UTF8_BOM,
}
"""How partners write; a workbook, only where rows do not grow with the number of signatories."""


def des_partenaires(extrait: str, mois: Mois) -> Forme:
    """The form in which a partner sends an extract; that of the OFII changes with the month."""
    if extrait == grandeur_ofii.EXTRAIT:
        return CP1252 if int(mois.nom[5:]) % 2 else UTF8_BOM
    return FORMES[extrait]


def simuler(
    dossier: Path,
    lignes: int,
    mois: tuple[str, str],
    graine: int,
    roadmap: Path = ROADMAP,
    forme: Callable[[str, Mois], Forme] = des_partenaires,
) -> None:
    """Writes `lignes` rows of signatories, and the other extracts, over the months given.

    Codes of territories and orientations are read from `roadmap`; `forme` says how the delivery of
    an extract in a month is written (a function of a module, which another process can import).
    The same arguments always write the same files, one after the other: memory is that of a few.
    """
    livraisons = _mois_demandes(lignes, mois)
    departements, academies, territoires = _territoires(roadmap)
    orientations = [ligne["orientation"] for ligne in _lire(roadmap / "orientations.csv")]
    par_mois = grandeur_ofii.parts(lignes, livraisons)
    travaux: list[Callable[[], None]] = []
    for livraison, parts in zip(livraisons, par_mois, strict=True):
        contexte = Contexte(
            mois=livraison,
            dernier=livraison == livraisons[-1],
            signataires=sum(part.lignes for part in parts),
            departements=departements,
            academies=academies,
            territoires=territoires,
            orientations=orientations,
        )
        for numero, part in enumerate(parts, start=1):
            nom = livraison.nom if len(parts) == 1 else f"{livraison.nom}_{numero}"
            travaux.append(partial(_signataires, dossier, nom, part, departements, graine, forme))
        travaux.append(partial(_autres, dossier, contexte, graine, forme))
    if lignes < BEAUCOUP:
        for travail in travaux:
            travail()
        return
    with ProcessPoolExecutor(PROCESSUS, get_context("spawn")) as processus:
        for fini in [processus.submit(travail) for travail in travaux]:
            fini.result()


def _signataires(
    dossier: Path,
    nom: str,
    part: Part,
    departements: Sequence[str],
    graine: int,
    forme: Callable[[str, Mois], Forme],
) -> None:
    """A file of signatories."""
    extrait = grandeur_ofii.EXTRAIT
    table = grandeur_ofii.table(part, departements, graine)
    _ecrire(dossier, extrait, nom, forme(extrait, part.mois), table)


def _autres(
    dossier: Path, contexte: Contexte, graine: int, forme: Callable[[str, Mois], Forme]
) -> None:
    """A month of the other extracts."""
    mois = contexte.mois
    for extrait, rediger in EXTRAITS.items():
        table = rediger(contexte, Tirage(graine, extrait, mois.nom))
        if table is not None:
            _ecrire(dossier, extrait, mois.nom, forme(extrait, mois), table)


def _mois_demandes(lignes: int, mois: tuple[str, str]) -> list[Mois]:
    """The months of delivery, once the arguments have been checked."""
    debut, fin = mois
    for nom in mois:
        if not FORME_DE_MOIS.fullmatch(nom):
            raise Faute(f"« {nom} » n'est pas un mois : écrire AAAA-MM, par exemple 2020-12.")
        if not PREMIER_MOIS <= nom <= DERNIER_MOIS:
            raise Faute(f"{nom} : les mois simulés vont de {PREMIER_MOIS} à {DERNIER_MOIS}.")
    if debut > fin:
        raise Faute(f"{debut}:{fin} : le premier mois vient après le dernier ; les inverser.")
    if lignes < 1:
        raise Faute(f"{lignes} ligne(s) : en demander au moins une.")
    return [Mois(nom) for nom in entre(debut, fin)]


def _territoires(roadmap: Path) -> tuple[list[str], list[str], list[str]]:
    """Codes of departments and academies, and territories where orientations are followed."""
    lignes = _lire(roadmap / "territoires.csv")
    departements = [ligne["code"] for ligne in lignes if ligne["maille"] == "departement"]
    academies = [ligne["code"] for ligne in lignes if ligne["maille"] == "academie"]
    suivis = [
        ligne["territoire"] for ligne in lignes if ligne["maille"] in ("region", "departement")
    ]
    return departements, academies, suivis


def _lire(chemin: Path) -> list[dict[str, str]]:
    with chemin.open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


def _ecrire(dossier: Path, extrait: str, nom: str, forme: Forme, table: pl.DataFrame) -> None:
    """Writes a file, unless the table is empty: a file without rows would be refused."""
    if table.is_empty():
        return
    chemin = dossier / extrait / f"{nom}.{forme.extension}"
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_bytes(octets(extrait, nom, forme, table))
