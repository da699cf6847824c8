"""The program: judges a finished warehouse, writes its pages, prints what it found as JSON.

    echo '["FICHIER.duckdb", "AAAA-MM"]' | python -m pipelines.plausibilite DOSSIER

It imports Great Expectations before it reads what to judge. An expectation that cannot be judged
is said to be so; the others go on.
"""

import json
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import click
import duckdb

from pipelines.plausibilite import cadres, constats, pages
from pipelines.plausibilite.attentes import Attente, lire
from pipelines.plausibilite.constats import Constat

if TYPE_CHECKING:
    from pipelines.plausibilite.jugement import Juge

# Before its import: no statistics sent, and no folder written in the home of the person.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
# It imports whatever it could read from, where that is installed: only frames are judged here.
_AUTRES_SOURCES = ("pyspark", "sqlalchemy", "psycopg2")


@click.command(add_help_option=False)
@click.argument("dossier", type=click.Path(path_type=Path))
def main(dossier: Path) -> None:
    """Judge a file as of a month, and write the pages into DOSSIER, which must not exist."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix=".brouillon-", dir=dossier.parent) as brouillon:
        os.environ["HOME"] = tempfile.tempdir = brouillon
        sys.modules.update(dict.fromkeys(_AUTRES_SOURCES))  # type: ignore[arg-type]
        from pipelines.plausibilite.jugement import Juge

        if not (demande := sys.stdin.read()):
            return
        fichier, arrete = json.loads(demande)
        trouves: dict[Attente, list[Constat]] = {}
        juge = Juge.nouveau(arrete)
        with cadres.ouvrir(Path(fichier), arrete) as con:
            for attente in lire():
                trouves[attente] = _juger(juge, con, attente)
        juge.documenter(Path(brouillon) / "docs")
        pages.composer(Path(brouillon) / "docs", dossier, arrete, trouves)
    print(constats.ecrire(c for groupe in trouves.values() for c in groupe))


def _juger(juge: "Juge", con: duckdb.DuckDBPyConnection, attente: Attente) -> list[Constat]:
    nom, attendu = attente.nom, attente.attendu
    try:
        cadre = cadres.prendre(con, attente)
    except duckdb.Error as erreur:
        message = f"{attente.titre} : n'a pas pu être mesuré ({erreur})."
        return [Constat(nom, "entrepot", False, "rien", attendu, message)]
    if cadre is None:
        message = f"{attente.titre} : sans objet, la table {attente.exige} n'existe pas."
        return [Constat(nom, attente.exige, True, "rien", attendu, message)]
    return juge.juger(attente, cadre)


if __name__ == "__main__":
    sys.exit(main())
