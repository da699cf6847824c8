"""The demonstration's bilan, inner and public, each written once."""

from pathlib import Path

import pytest

from pipelines.edition import dossier
from tests.edition import inventee


@pytest.fixture(scope="session")
def interne(entrepot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    ou = tmp_path_factory.mktemp("edition") / "interne"
    dossier.ecrire(ou, entrepot.parent)
    return ou


@pytest.fixture(scope="session")
def public(entrepot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    ou = tmp_path_factory.mktemp("edition") / "public"
    dossier.ecrire(ou, entrepot.parent, publique=True)
    return ou


@pytest.fixture(scope="session")
def de_la_region(maison: None) -> Path:
    """The warehouse of an invented region of two departments, months 2021-12 to 2022-03."""
    return inventee.warehouse()
