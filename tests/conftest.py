"""What all tests share: a key and a Dagster instance of their own, and the demonstration."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from pipelines.cli import INCOMPLET, executer
from pipelines.plausibilite import lancement


@pytest.fixture(scope="session", autouse=True)
def maison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The environment of every command that tests run."""
    dossier = tmp_path_factory.mktemp("maison")
    with pytest.MonkeyPatch.context() as env:
        env.setenv("BILAN_CLE", str(dossier / "cle"))
        env.setenv("DAGSTER_HOME", str(dossier / "dagster"))
        yield


@pytest.fixture(scope="session")
def entrepot(maison: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file published from the demonstration deliveries, one of which is refused on purpose.

    It is built once, for tests that only read it.
    """
    dossier = tmp_path_factory.mktemp("entrepot")
    assert executer(["refresh", "--warehouse", str(dossier)]) == INCOMPLET
    return dossier / "bilan.duckdb"


@pytest.fixture(autouse=True)
def sans_plausibilite(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refreshes that a test runs itself do not wait for Great Expectations, seconds each time.

    Those of fixtures shared by several tests, and those of `tests/plausibilite`, do.
    """
    if "plausibilite" not in request.path.parts:
        monkeypatch.setattr(lancement, "lancer", lambda *_: [])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where BILAN_SANS_SAUT is set, as continuous integration does, a test that skips fails."""
    rapport = yield
    if os.environ.get("BILAN_SANS_SAUT") and rapport.skipped and not hasattr(rapport, "wasxfail"):
        rapport.outcome = "failed"
        rapport.longrepr = f"BILAN_SANS_SAUT : {rapport.longrepr}"
    return rapport
