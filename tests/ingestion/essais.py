"""Small deliveries written by a test: what one file reads as, and what a month of files becomes."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines import feuille_de_route
from pipelines.contrats import regles_de
from pipelines.gardees import Gardees
from pipelines.ingestion import depot, lecture, livraison
from pipelines.ingestion import lignes as lignes_
from pipelines.ingestion.cellules import FAUTE, LIGNE
from pipelines.ingestion.controle import Regles, controler
from pipelines.ingestion.correspondances import Correspondance
from pipelines.ingestion.examens import Examens
from pipelines.ingestion.reception import Reception
from tests.entrepots import en_memoire

CLE = b"une cle d'essai, rien que pour les tests"
Contenu = str | bytes


@cache
def toutes() -> dict[str, Regles]:
    """The rules of every extract, in the region of this repository."""
    return regles_de(feuille_de_route.lire())


def texte_csv(lignes: Iterable[Mapping[str, str]], separateur: str = ";") -> str:
    """A CSV whose header has every column that some row names."""
    lignes = list(lignes)
    colonnes = list(dict.fromkeys(nom for ligne in lignes for nom in ligne))
    flux = io.StringIO()
    sortie = csv.DictWriter(flux, colonnes, delimiter=separateur, lineterminator="\n")
    sortie.writeheader()
    sortie.writerows(lignes)
    return flux.getvalue()


def ecrire(chemin: Path, contenu: Contenu) -> Path:
    """Write a file byte for byte, in UTF-8 where it is a text."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_bytes(contenu if isinstance(contenu, bytes) else contenu.encode())
    return chemin


def lire(
    chemin: Path,
    obligatoires: Sequence[str],
    facultatives: Sequence[str] = (),
    cle: str = "",
    ensembles: Mapping[str, Sequence[str]] | None = None,
) -> tuple[lecture.Reconnu, pl.DataFrame]:
    """A file with a contract of these columns, the first one its key unless `cle` says otherwise.

    Gives what was recognised, and the rows: `ligne`, the columns, `faute` and `ignoree`, by number.
    """
    colonnes = [*obligatoires, *facultatives]
    ouverte = lecture.ouvrir(chemin, obligatoires, colonnes)
    lots = [
        lot
        for tableau in ouverte.toutes()
        for lot in lignes_.lots(tableau, colonnes, cle.split() or colonnes[:1], ensembles or {})
    ]
    fixes = {LIGNE: "ligne", FAUTE: "faute", lignes_.IGNOREE: "ignoree"}
    types = dict.fromkeys(colonnes, pl.String) | dict(
        zip(fixes, (pl.Int64, pl.String, pl.String), strict=True)
    )
    lignes = pl.concat([pl.DataFrame(schema=types), *lots]).rename(fixes)
    return ouverte.reconnu, lignes.select("ligne", *colonnes, "faute", "ignoree").sort("ligne")


def rangees(
    chemin: Path, obligatoires: Sequence[str], facultatives: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """The rows of a file that `lire` gives, as (number, cell, cell...), those skipped left out."""
    _, lignes = lire(chemin, obligatoires, facultatives)
    return lignes.filter(pl.col("ignoree").is_null()).drop("faute", "ignoree").rows()


def controle(
    dossier: Path, extrait: str, lignes: Sequence[Mapping[str, str]], fin: date | None
) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Rows of CSV against their contract: for each, its typed values and its rejections."""
    regles = toutes()[extrait]
    chemin = ecrire(dossier / "controle.csv", texte_csv(lignes))
    ouverte = lecture.ouvrir(chemin, regles.obligatoires, regles.connues)
    [lot] = lignes_.lots(ouverte, regles.connues, regles.cle, regles.ensembles)
    typees, trouves = controler(lot, regles, fin)
    rejets: dict[int, list[dict[str, Any]]] = {}
    for rejet in trouves.to_dicts():
        rejets.setdefault(rejet["ligne"], []).append(rejet)
    assert typees[LIGNE].to_list() == list(range(2, len(lignes) + 2))
    return [(valeurs, rejets.get(valeurs[LIGNE], [])) for valeurs in typees.to_dicts()]


@dataclass
class Charge:
    """What became of the files of one extract."""

    con: duckdb.DuckDBPyConnection
    extrait: str
    bilans: dict[str, Reception]

    def statuts(self) -> dict[str, str]:
        """Statut of each file, by its name."""
        return {nom: bilan.statut for nom, bilan in self.bilans.items()}

    def comptes(self, nom: str) -> tuple[int, int, int, int]:
        """Lignes, acceptees, rejetees, ignorees of a file, as `qualite.livraisons` has them."""
        [compte] = self.sql(
            f"""
            select lignes, acceptees, rejetees, ignorees from qualite.livraisons
            where fichier = '{self.extrait}/{nom}'
            """
        )
        return (compte[0], compte[1], compte[2], compte[3])

    def lignes(self, *colonnes: str) -> list[tuple[Any, ...]]:
        """The rows loaded, in the order of months, files and row numbers."""
        choix = ", ".join(colonnes)
        return self.sql(
            f"""
            select {choix} from livraisons.{self.extrait.replace("/", "_")}
            order by mois_livraison, fichier, feuille, ligne
            """
        )

    def rejets(self) -> list[tuple[Any, ...]]:
        """The rejections: name of the file, ligne, colonne, regle."""
        return self.sql(
            """
            select regexp_extract(fichier, '[^/]*$'), ligne, colonne, regle from qualite.rejets
            order by all
            """
        )

    def sql(self, requete: str) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return self.con.execute(requete).fetchall()


def charger(
    raw: Path,
    extrait: str,
    fichiers: Mapping[str, Contenu],
    cle: bytes = CLE,
    gardees: Gardees | None = None,
    correspondances: Iterable[Correspondance] = (),
    roadmap: Path | None = None,
) -> Charge:
    """Write files into the folder of an extract and load all that is under raw.

    Large ones are read apart where there is a roadmap.
    """
    for nom, contenu in fichiers.items():
        ecrire(raw / extrait / nom, contenu)
    regles = replace(toutes()[extrait], correspondances=tuple(correspondances))
    con = en_memoire([regles])
    inventaire = depot.inventaire(raw, toutes(), b"secret")
    with Examens(raw, cle, gardees or Gardees(None, cle), roadmap) as examens:
        bilans = livraison.charger(con, inventaire, regles, examens)
    livraison.inscrire_correspondances(con, regles, bilans)
    return Charge(con, extrait, {bilan.fichier.nom: bilan for bilan in bilans})
