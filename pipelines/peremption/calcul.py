"""Filling `qualite.arretes`: fingerprints of deliveries, of the roadmap and of the program."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import duckdb

from pipelines.entrepot.tables import MACROS
from pipelines.feuille_de_route import RACINE, FeuilleDeRoute
from pipelines.sql import nombre

FEUILLE, PROGRAMME = "feuille_de_route", "programme"
_SANS_EFFET = ("chiffres_publies", "objectifs")  # compared or shown, for all months, each time
_CODE = (
    "assets/extracts",
    "assets/indicators",
    "pipelines/corrections",
    "pipelines/entrepot",
    "pipelines/indicateurs",
    "pipelines/ingestion",
    "pipelines/orientations",
)


@dataclass(frozen=True)
class Perime:
    """A published month that would be otherwise if it were computed today, and why."""

    arrete: str
    objets: tuple[str, ...]

    @property
    def phrase(self) -> str:
        """Why, in words."""
        mots = {FEUILLE: "la feuille de route a changé", PROGRAMME: "le programme a changé"}
        extraits = [o for o in self.objets if o not in mots]
        causes = [mots[o] for o in self.objets if o in mots]
        if extraits:
            causes.insert(0, f"livraisons venues ou changées depuis ({', '.join(extraits)})")
        return f"{self.arrete} : {' ; '.join(causes)}."


@cache
def _programme() -> str:
    """Fingerprint of what computes the values of a month."""
    somme = hashlib.sha256(MACROS.read_bytes())
    for dossier in _CODE:
        for chemin in sorted((RACINE / dossier).rglob("*")):
            if chemin.suffix in (".py", ".sql"):
                somme.update(f"{chemin.relative_to(RACINE)}\n".encode() + chemin.read_bytes())
    return somme.hexdigest()


def _feuille(feuille: FeuilleDeRoute) -> str:
    """Fingerprint of what the roadmap says that values depend on."""
    tables = {
        nom: [dict(ligne) for ligne in lignes]
        for nom, lignes in feuille.tables.items()
        if nom not in _SANS_EFFET
    }
    choisis = sorted(feuille.choisis) if feuille.choisis is not None else None
    return hashlib.sha256(json.dumps([tables, choisis]).encode()).hexdigest()


def constater(con: duckdb.DuckDBPyConnection, feuille: FeuilleDeRoute) -> int:
    """Write down what each published month rests on; gives the number of rows.

    Args:
        con: the warehouse under construction, the rows of kept months in `qualite.arretes`.
        feuille: the roadmap.
    """
    con.execute("create or replace table chantier.empreintes (objet varchar, empreinte varchar)")
    con.executemany(
        "insert into chantier.empreintes values (?, ?)",
        [[FEUILLE, _feuille(feuille)], [PROGRAMME, _programme()]],
    )
    sql = Path(__file__).with_name("arretes.sql").read_text(encoding="utf-8")
    con.execute(f"create or replace temp table constats as {sql}")
    con.execute("truncate qualite.arretes")
    return nombre(con, "insert into qualite.arretes by name from constats")


def perimes(con: duckdb.DuckDBPyConnection) -> list[Perime]:
    """The published months that no longer hold, in order."""
    lignes = con.execute(
        "select arrete, objet from qualite.arretes where not a_jour order by all"
    ).fetchall()
    return [
        Perime(arrete, tuple(objet for _, objet in siennes))
        for arrete, siennes in groupby(lignes, key=lambda ligne: ligne[0])
    ]
