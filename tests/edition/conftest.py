"""The demonstration's bilan, inner and public, each written once."""

from pathlib import Path

import pytest

from pipelines.edition import dossier


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
