"""Filling `qualite.arretes`: fingerprints of deliveries, of the roadmap and of the program."""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import duckdb

from pipelines import controles
from pipelines.empreintes import du_code, empreinte, sql
from pipelines.feuille_de_route import RACINE, FeuilleDeRoute
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.controle import Regles
from pipelines.sql import inserer, nombre

FEUILLE, PROGRAMME = "feuille_de_route", "programme"
# Compared or shown, for all months, each time.
_SANS_EFFET = ("chiffres_publies", "coherences", "objectifs", "populations", "sources")
_CODE = (
    "assets/extracts/contrat.py",
    "pipelines/codes.py",
    "pipelines/controles.py",
    "pipelines/corrections",
    "pipelines/entrepot/faits.py",
    "pipelines/indicateurs",
    "pipelines/ingestion",
    "pipelines/orientations",
    "warehouse/macros.sql",
)
_CODES = (".py", ".sql")


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


def objets(
    feuille: FeuilleDeRoute, indicateurs: Iterable[Indicateur], regles: Iterable[Regles]
) -> dict[str, str]:
    """Fingerprints of what months rest on besides deliveries: the roadmap, the program."""
    tables = {
        nom: [dict(ligne) for ligne in lignes]
        for nom, lignes in feuille.tables.items()
        if nom not in _SANS_EFFET
    }
    choisis = sorted(feuille.choisis) if feuille.choisis is not None else None
    contrats = [Path(inspect.getfile(r.modele)) for r in regles]
    identites = [asdict(c) for c in controles.de(controles.VALEURS)]
    programme = empreinte(
        du_code(*contrats, *(c for d in _CODE for c in _code_de(RACINE / d))),
        [[i.nom, sql(i.sql), i.nature, i.periodes, i.territoires] for i in indicateurs],
        identites,
    )
    return {FEUILLE: empreinte(tables, choisis), PROGRAMME: programme}


def _code_de(place: Path) -> list[Path]:
    """The files of a folder, or the one that it is."""
    return [place] if place.is_file() else [p for p in place.rglob("*") if p.suffix in _CODES]


def constater(con: duckdb.DuckDBPyConnection, objets: Mapping[str, str]) -> int:
    """Write down what each published month rests on; gives the number of rows.

    Args:
        con: the warehouse under construction, the rows of kept months in `qualite.arretes`.
        objets: see `objets`.
    """
    con.execute("create or replace table chantier.empreintes (objet varchar, empreinte varchar)")
    inserer(con, "chantier.empreintes", list(objets.items()))
    requete = Path(__file__).with_name("arretes.sql").read_text(encoding="utf-8")
    con.execute(f"create or replace temp table constats as {requete}")
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
