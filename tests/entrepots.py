"""Warehouses in memory, as tests need them: tables and roadmap; rows are the test's own."""

import atexit
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipelines import feuille_de_route
from pipelines.entrepot import tables
from pipelines.feuille_de_route import FeuilleDeRoute
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.controle import Regles

_DOSSIER = TemporaryDirectory(prefix="bilan-modeles-")
atexit.register(_DOSSIER.cleanup)
_MODELES: dict[tuple[object, ...], Path] = {}


def _modele(extraits: tuple[Regles, ...]) -> Path:
    """A file of empty tables, made once by process: to copy them costs a third of making them."""
    cle = tuple((regles.nom, regles.modele) for regles in extraits)
    if cle not in _MODELES:
        fichier = Path(_DOSSIER.name) / f"{len(_MODELES)}.duckdb"
        with duckdb.connect(fichier) as con:
            con.execute("attach ':memory:' as chantier")
            tables.creer(con, extraits)
        _MODELES[cle] = fichier
    return _MODELES[cle]


def en_memoire(
    extraits: Iterable[Regles] = (),
    indicateurs: Iterable[Indicateur] | None = None,
    feuille: FeuilleDeRoute | None = None,
) -> duckdb.DuckDBPyConnection:
    """A warehouse under construction without a row, its working tables beside it.

    With `indicateurs`, its roadmap is loaded: the project's, or `feuille`.
    """
    con = duckdb.connect(config={"threads": 1})
    con.execute("attach ':memory:' as chantier")
    con.execute(f"attach '{_modele(tuple(extraits))}' as modele (read_only)")
    con.execute("copy from database modele to memory")
    con.execute("detach modele")
    if indicateurs is not None:
        tables.charger_referentiel(con, feuille or feuille_de_route.lire(), list(indicateurs))
    return con
