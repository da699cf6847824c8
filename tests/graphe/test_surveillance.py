"""Runs that die without a word: a refresh really killed, and those that must not be touched."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.entrepot import chantier
from pipelines.graphe import surveillance
from pipelines.graphe.alerte import alerte
from pipelines.graphe.surveillance import (
    INTERROMPU,
    REGION,
    SILENCE,
    WAREHOUSE,
    fermer_les_morts,
    rafraichissements_interrompus,
)
from pipelines.instance import dossier_de_dagster
from pipelines.region import Region
from tests.courriel.boite import Boite, serveur

INVENTEE = Path(__file__).parents[1] / "region"
PATIENCE = 120  # seconds: for what never comes, not for what comes late


@pytest.fixture
def ici(tmp_path: Path) -> Region:
    return Region("", INVENTEE / "feuille", INVENTEE / "raw", tmp_path / "entrepot")


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    dossier_de_dagster()
    with dg.DagsterInstance.get() as instance:
        yield instance


class Montre:
    """The clock of the watch, so many seconds fast."""

    def __init__(self) -> None:
        self.avance = 0.0

    def time(self) -> float:
        return time.time() + self.avance


@pytest.fixture
def montre(monkeypatch: pytest.MonkeyPatch) -> Montre:
    montre = Montre()
    monkeypatch.setattr(surveillance, "time", montre)
    return montre


@dg.op
def _rien() -> None:
    pass


@dg.job(name="rafraichir")
def _rafraichir() -> None:
    _rien()


def commencer(
    instance: dg.DagsterInstance,
    statut: dg.DagsterRunStatus = dg.DagsterRunStatus.STARTED,
    region: str = "-",
    warehouse: Path | None = None,
) -> dg.DagsterRun:
    """A run under way that nobody runs, in the folder of its region or in another."""
    etiquettes = {REGION: region} if region else {}
    if warehouse:
        etiquettes[WAREHOUSE] = str(warehouse)
    run = instance.create_run_for_job(_rafraichir, status=statut, tags=etiquettes)
    instance.report_engine_event("Le processus commence.", run)
    return run


def statut(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    lu = instance.get_run_by_id(run.run_id)
    assert lu is not None
    return lu.status


def attendre(vrai: Callable[[], object], processus: subprocess.Popen[bytes]) -> None:
    """Wait for something that a process does."""
    fin = time.monotonic() + PATIENCE
    while not vrai():
        assert processus.poll() is None, "le processus s'est arrêté"
        assert time.monotonic() < fin
        time.sleep(0.05)


def test_a_refresh_killed_outright_is_closed_and_mailed_and_a_live_one_is_not_touched(
    instance: dg.DagsterInstance, ici: Region, montre: Montre, monkeypatch: pytest.MonkeyPatch
) -> None:
    capteur, facteur = rafraichissements_interrompus(ici), alerte(ici)
    boite = Boite()
    curseur: str | None = None

    def regarder() -> str:
        contexte = dg.build_sensor_context(instance=instance)
        return str(capteur.evaluate_tick(contexte).skip_message)

    def releve() -> None:
        nonlocal curseur
        contexte = dg.build_sensor_context(instance=instance, cursor=curseur)
        curseur = facteur.evaluate_tick(contexte).cursor

    def en_cours() -> list[dg.DagsterRun]:
        return list(instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])))

    commande = [sys.executable, "-c", "from pipelines.cli import main; main()", "refresh"]
    options = ["--depuis", "2022-03"]
    for nom in ("raw", "warehouse", "roadmap"):
        options += [f"--{nom}", str(getattr(ici, nom))]
    with serveur(boite) as port:
        monkeypatch.setenv("BILAN_SMTP", f"smtp://127.0.0.1:{port}")
        monkeypatch.setenv("BILAN_COURRIEL_DE", "bilan@prefecture.example")
        monkeypatch.setenv("BILAN_COURRIEL_A", "a@prefecture.example")
        releve()
        processus = subprocess.Popen(  # noqa: S603
            [*commande, *options],
            env=dict(os.environ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            attendre(lambda: en_cours() and chantier.occupe(ici.warehouse), processus)
            montre.avance = 100 * SILENCE
            assert regarder() == "Aucune exécution interrompue."
            assert processus.poll() is None
            montre.avance = 0
        finally:
            processus.kill()
            processus.wait()
        [run] = en_cours()
        assert not chantier.occupe(ici.warehouse)
        assert regarder() == "Aucune exécution interrompue."  # it might have just ended
        montre.avance = SILENCE + 1
        assert regarder() == f"Marquées en échec : {run.run_id}."
        assert statut(instance, run) == dg.DagsterRunStatus.FAILURE
        assert regarder() == "Aucune exécution interrompue."
        releve()
    [message] = boite.messages
    assert INTERROMPU in " ".join(str(message.get_content()).split())


def test_a_clock_set_back_hides_no_dead_run(
    instance: dg.DagsterInstance, ici: Region, montre: Montre
) -> None:
    ici.warehouse.mkdir()
    run = commencer(instance)
    montre.avance = -86_400
    assert fermer_les_morts(instance, ici) == [run.run_id]


@pytest.mark.parametrize(
    ("avant", "apres"),
    [
        (dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.FAILURE),
        (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE),
        (dg.DagsterRunStatus.CANCELING, dg.DagsterRunStatus.CANCELED),
    ],
)
def test_wherever_it_was_when_it_died(
    instance: dg.DagsterInstance,
    ici: Region,
    montre: Montre,
    avant: dg.DagsterRunStatus,
    apres: dg.DagsterRunStatus,
) -> None:
    ici.warehouse.mkdir()
    run = commencer(instance, avant)
    assert statut(instance, run) == avant
    assert fermer_les_morts(instance, ici) == []
    montre.avance = SILENCE + 1
    assert fermer_les_morts(instance, ici) == [run.run_id]
    assert statut(instance, run) == apres
    assert fermer_les_morts(instance, ici) == []


def test_what_is_not_its_business(
    instance: dg.DagsterInstance, ici: Region, montre: Montre, tmp_path: Path
) -> None:
    ici.warehouse.mkdir()
    autre = tmp_path / "autre"
    commencer(instance, region="ailleurs")
    commencer(instance, warehouse=tmp_path / "sur une autre machine")
    commencer(instance, warehouse=autre)
    morte = commencer(instance)
    montre.avance = SILENCE + 1
    with chantier.ouvrir(autre):
        assert fermer_les_morts(instance, ici) == [morte.run_id]


def test_a_run_without_tag_is_of_its_code_location(
    instance: dg.DagsterInstance, ici: Region, montre: Montre
) -> None:
    """A run launched by the command line comes from no code location."""
    ici.warehouse.mkdir()
    run = commencer(instance, region="")
    montre.avance = SILENCE + 1
    assert fermer_les_morts(instance, ici, "ailleurs") == []
    assert fermer_les_morts(instance, ici) == [run.run_id]


def test_asking_disturbs_no_refresh(tmp_path: Path) -> None:
    """Many ask at once whether a refresh is alive; none of them makes one fail."""
    assez = threading.Event()

    def demander() -> None:
        while not assez.is_set():
            chantier.occupe(tmp_path)

    curieux = [threading.Thread(target=demander) for _ in range(2)]
    for fil in curieux:
        fil.start()
    try:
        for _ in range(30):
            with chantier.ouvrir(tmp_path):
                assert chantier.occupe(tmp_path)
    finally:
        assez.set()
        for fil in curieux:
            fil.join()
    assert not chantier.occupe(tmp_path)
