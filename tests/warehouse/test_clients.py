"""The published file, as clients of DuckDB of several versions open it: the guide, views, macros.

`make clients` installs those of `clients/`, each in a folder of its own.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import feuille_de_route, vues
from pipelines.contrats import regles_de
from pipelines.ingestion.reception import table
from tests.warehouse.guide import GUIDE, MACROS, essayer

ICI = Path(__file__).parent
CLIENTS = sorted(p.stem for p in (ICI / "clients").glob("*.txt"))
INSTALLES = ICI.parents[1] / ".venv-clients"


@pytest.fixture(scope="module")
def installe(entrepot: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the project's own DuckDB makes of the file."""
    with pytest.MonkeyPatch.context() as ici:
        ici.chdir(tmp_path_factory.mktemp("guide"))  # for its exports
        return essayer(entrepot)


def juste(essai: dict[str, Any], attendu: dict[str, str]) -> None:
    assert essai["guide"] == GUIDE.read_text("utf-8")
    for voie, donne in essai["voies"].items():
        autres = [nom for nom in attendu | donne if donne.get(nom) != attendu.get(nom)]
        assert not autres, voie


def test_opened_directly_it_works_whatever_the_default(installe: dict[str, Any]) -> None:
    attendu = installe["voies"]["direct"]
    historique = {f"historique.{table(e)}" for e in regles_de(feuille_de_route.lire())}
    assert attendu.keys() == {v.table for v in vues.lire()} | historique | MACROS.keys()
    juste(installe, attendu)


@pytest.mark.parametrize("client", CLIENTS)
def test_another_version_gives_the_same(
    entrepot: Path, installe: dict[str, Any], client: str
) -> None:
    if not (INSTALLES / client / "pret").exists():
        pytest.skip(f"{client} n'est pas installé : make clients")
    # -S: nothing of the project's own packages.
    commande = [sys.executable, "-S", str(ICI / "guide.py"), str(entrepot)]
    rendu = subprocess.run(  # noqa: S603
        commande,
        env={"PYTHONPATH": str(INSTALLES / client), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert rendu.returncode == 0, rendu.stderr
    essai = json.loads(rendu.stdout)
    assert essai["version"].startswith(client.removeprefix("duckdb-"))
    assert essai["version"] != duckdb.__version__
    juste(essai, installe["voies"]["direct"])
