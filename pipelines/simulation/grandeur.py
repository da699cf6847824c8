"""Made-up deliveries of any size, for trials and benchmarks: what `bilan simuler` writes.

Belongs here: how many rows go to which month, and writing them. Not here: the columns of an extract
(`grandeur_ofii`, `grandeur_autres`), nor the demonstration kept in raw/ (`demonstration`).
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl

from pipelines.erreurs import Faute
from pipelines.mois import entre
from pipelines.simulation import grandeur_ofii
from pipelines.simulation.grandeur_autres import EXTRAITS, Contexte
from pipelines.simulation.tirages import Mois, Tirage

ROADMAP = Path(__file__).parents[2] / "assets" / "roadmap"
PREMIER_MOIS, DERNIER_MOIS = "2015-01", "2095-12"
FORME_DE_MOIS = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def simuler(
    dossier: Path, lignes: int, mois: tuple[str, str], graine: int, roadmap: Path = ROADMAP
) -> None:
    """Writes `lignes` rows of signatories, and the other extracts, over the months given.

    Codes of territories and orientations are read from `roadmap`. The same arguments always write
    the same files.
    """
    livraisons = _mois_demandes(lignes, mois)
    departements, academies, territoires = _territoires(roadmap)
    orientations = [ligne["orientation"] for ligne in _lire(roadmap / "orientations.csv")]
    tables = grandeur_ofii.tables(lignes, livraisons, departements, graine)
    for rang, (livraison, table) in enumerate(zip(livraisons, tables, strict=True)):
        _ecrire(dossier, grandeur_ofii.EXTRAIT, livraison, table)
        contexte = Contexte(
            mois=livraison,
            dernier=rang == len(livraisons) - 1,
            signataires=table.height,
            departements=departements,
            academies=academies,
            territoires=territoires,
            orientations=orientations,
        )
        for extrait, rediger in EXTRAITS.items():
            lignes_du_mois = rediger(contexte, Tirage(graine, extrait, livraison.nom))
            if lignes_du_mois is not None:
                _ecrire(dossier, extrait, livraison, lignes_du_mois)


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


def _ecrire(dossier: Path, extrait: str, mois: Mois, table: pl.DataFrame) -> None:
    """A CSV file, unless the table is empty: a file without rows would be refused."""
    if table.is_empty():
        return
    chemin = dossier / extrait / f"{mois.nom}.csv"
    chemin.parent.mkdir(parents=True, exist_ok=True)
    table.write_csv(chemin, separator=";")
