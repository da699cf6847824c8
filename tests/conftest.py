"""What all tests share: a key and a Dagster instance of their own, and the demonstration."""

import fcntl
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipelines.cli import INCOMPLET, executer
from pipelines.plausibilite import lancement
from pipelines.simulation import demonstration
from tests.feuilles import courte
from tests.migrations import lire_une_fois
from tests.reduction import avec_pages, reduire, sans_pages


@pytest.fixture(scope="session", autouse=True)
def maison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The environment of every command that tests run; in this process, they write no pages.

    Dagster's thousand small writes go to memory where there is a disk of it.
    """
    memoire = Path("/dev/shm")  # noqa: S108
    with (
        pytest.MonkeyPatch.context() as env,
        TemporaryDirectory(dir=memoire if memoire.is_dir() else None) as dagster,
    ):
        env.setenv("BILAN_CLE", str(tmp_path_factory.mktemp("maison") / "cle"))
        env.setenv("DAGSTER_HOME", f"{dagster}/dagster")
        sans_pages(env.setattr)
        lire_une_fois(env.setattr)
        yield


@pytest.fixture(scope="session")
def entrepot(maison: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file published from the demonstration deliveries, one of which is refused on purpose.

    It is built once, by the first of pytest's processes that wants it, for tests that only read it.
    Deliveries are written anew: whatever was dropped in raw/ is nobody's business here.
    """
    commun = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        commun = commun.parent
    dossier = commun / "entrepot"
    with (commun / "entrepot.verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if not (dossier / "entrepot.duckdb").exists():
            raw = str(commun / "raw")
            assert demonstration.main([raw]) == 0
            assert executer(["refresh", "--raw", raw, "--warehouse", str(dossier)]) == INCOMPLET
    return dossier / "entrepot.duckdb"


@pytest.fixture(scope="session")
def feuille_courte(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hauts-de-France's roadmap, cut down to what its deliveries of logement/avdl count."""
    return courte(tmp_path_factory.mktemp("feuille") / "courte", ("avdl_beneficiaires",))


@pytest.fixture(scope="module")
def programme_reduit() -> Iterator[None]:
    """Refreshes of this process have few extracts and views (`tests.reduction`)."""
    with pytest.MonkeyPatch.context() as correctif:
        reduire(correctif.setattr)
        yield


@pytest.fixture(scope="module")
def pages(maison: None) -> Iterator[None]:
    """Refreshes of this process write pages: seconds each time."""
    with pytest.MonkeyPatch.context() as correctif:
        avec_pages(correctif.setattr)
        yield


@pytest.fixture(autouse=True)
def sans_plausibilite(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refreshes that a test runs itself do not wait for Great Expectations, seconds each time.

    Those of fixtures shared by several tests, and those of `tests/plausibilite`, do.
    """
    if "plausibilite" not in request.path.parts:
        monkeypatch.setattr(lancement, "chauffer", lambda *_: None)
        monkeypatch.setattr(lancement, "lancer", lambda *_: [])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, so that pytest's processes end together.

    Before them, one file that wants the demonstration's warehouse: none waits for another's.
    """
    ordre = ({"attendus"}, {"interface", "deploiement", "moteur", "pannes", "roue"})
    items.sort(key=lambda item: [not dossiers & set(item.path.parts) for dossiers in ordre])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where BILAN_SANS_SAUT is set, as continuous integration does, a test that skips fails."""
    rapport = yield
    if os.environ.get("BILAN_SANS_SAUT") and rapport.skipped and not hasattr(rapport, "wasxfail"):
        rapport.outcome = "failed"
        rapport.longrepr = f"BILAN_SANS_SAUT : {rapport.longrepr}"
    return rapport
