"""The e-mail of a failure: a refresh that fails, a real mail server, Dagster's own daemon."""

import logging
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from dagster._core.scheduler.instigation import InstigatorTick, TickStatus
from dagster._core.test_utils import create_test_daemon_workspace_context, freeze_time
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import EmptyWorkspaceTarget, PythonFileTarget
from dagster._daemon.monitoring.run_monitoring import execute_run_monitoring_iteration
from dagster._daemon.sensor import execute_sensor_iteration

from pipelines.cli import executer
from pipelines.courriel import SMTP
from pipelines.erreurs import Faute
from pipelines.graphe.alerte import alerte
from pipelines.graphe.surveillance import INTERROMPU, REGION
from pipelines.instance import dossier_de_dagster
from pipelines.interface import UI
from pipelines.region import Region
from tests.courriel.boite import Boite, serveur

pytestmark = pytest.mark.usefixtures("programme_reduit")
AVDL = "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees\n"


@pytest.fixture
def ici(feuille_courte: Path, tmp_path: Path) -> Region:
    return Region("", feuille_courte, tmp_path / "raw", tmp_path / "entrepot")


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    dossier_de_dagster()
    with (tmp_path / "dagster" / "dagster.yaml").open("a", encoding="utf-8") as reglages:
        reglages.write(
            "\ncode_servers:\n  wait_for_local_processes_on_shutdown: true\n"
            "run_monitoring:\n  enabled: true\n  max_runtime_seconds: 3600\n"
        )
    with dg.DagsterInstance.get() as instance:
        yield instance


@pytest.fixture
def boite(monkeypatch: pytest.MonkeyPatch) -> Iterator[Boite]:
    boite = Boite()
    with serveur(boite) as port:
        monkeypatch.setenv("BILAN_SMTP", f"smtp://127.0.0.1:{port}")
        monkeypatch.setenv("BILAN_COURRIEL_DE", "bilan@prefecture.example")
        monkeypatch.setenv("BILAN_COURRIEL_A", "a@prefecture.example, b@prefecture.example")
        yield boite


class Veille:
    """The sensor of a region, looking again and again."""

    def __init__(self, instance: dg.DagsterInstance, ici: Region) -> None:
        self.instance, self.capteur = instance, alerte(ici)
        self.curseur: str | None = None
        self.regarder()

    def regarder(self) -> str:
        contexte = dg.build_sensor_context(instance=self.instance, cursor=self.curseur)
        tick = self.capteur.evaluate_tick(contexte)
        self.curseur = tick.cursor
        return str(tick.skip_message)


def rafraichir(ici: Region) -> int:
    dossiers = ["--raw", str(ici.raw), "--warehouse", str(ici.warehouse)]
    dossiers += ["--roadmap", str(ici.roadmap)]
    return executer(["refresh", "--depuis", "2020-12", "--arrete", "2020-12", *dossiers])


def livrer(ici: Region, contenu: str) -> None:
    dossier = ici.raw / "logement" / "avdl"
    dossier.mkdir(parents=True, exist_ok=True)
    (dossier / "2020-12.csv").write_text(contenu, encoding="utf-8")


def echouer(
    instance: dg.DagsterInstance, erreur: BaseException | None = None, region: str = "-"
) -> str:
    """Run a job that fails, of a region; gives the run."""

    @dg.op
    def etape() -> None:
        raise erreur or Faute("Le fichier est vide. Livrez-le de nouveau.")

    @dg.job(name="rafraichir", tags={REGION: region})
    def travail() -> None:
        etape()

    return travail.execute_in_process(instance=instance, raise_on_error=False).run_id


def corps(boite: Boite) -> str:
    """The text of the last message."""
    return str(boite.messages[-1].get_content()).replace("\r\n", "\n")


def test_a_refresh_that_fails_is_mailed_with_what_still_stands(
    instance: dg.DagsterInstance, ici: Region, boite: Boite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(UI, "https://bilan.prefecture.example/")
    veille = Veille(instance, ici)
    livrer(ici, AVDL + "2020;Alpha;59;20;7;9\n")
    assert rafraichir(ici) == 0
    assert veille.regarder() == "Aucun nouvel échec."
    livrer(ici, "illisible")
    assert rafraichir(ici) == 2
    assert "Courriel d'alerte envoyé." in veille.regarder()
    [run] = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE]))
    [message] = boite.messages
    assert message["Subject"] == "[bilan] Hauts-de-France : le rafraîchissement a échoué"
    assert boite.destinataires == [["a@prefecture.example", "b@prefecture.example"]]
    texte = corps(boite)
    assert f"Aucune livraison acceptée dans «{ici.raw}» : rien n'est publié." in texte
    assert f"https://bilan.prefecture.example/runs/{run.run_id}" in texte
    assert re.search(r"- dernier rafraîchissement réussi le \d\d/\d\d/\d{4} à \d\d h \d\d", texte)
    assert re.search(r"- échecs depuis : 1, le premier le \d\d/", texte)
    publie = ici.warehouse / "entrepot.duckdb"
    taille = f"{publie.stat().st_size / 1e6:.1f}".replace(".", ",")
    assert f"«{publie}» se lit comme avant : arrêtés 2020-12 à 2020-12, {taille} Mo" in texte
    assert "Traceback" not in texte
    assert 'File "' not in texte
    journal = [fiche.event_log_entry.message for fiche in _journal(instance, run.run_id)]
    assert any("Courriel d'alerte envoyé." in ligne for ligne in journal)

    assert rafraichir(ici) == 2
    veille.regarder()
    assert "- échecs depuis : 2, le premier" in corps(boite)
    assert veille.regarder() == "Aucun nouvel échec."
    assert len(boite.messages) == 2


def _journal(instance: dg.DagsterInstance, run_id: str) -> list[dg.EventLogRecord]:
    return list(instance.get_records_for_run(run_id).records)


def test_nothing_was_ever_published(
    instance: dg.DagsterInstance, ici: Region, boite: Boite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(UI, raising=False)
    veille = Veille(instance, ici)
    run = echouer(instance)
    veille.regarder()
    texte = corps(boite)
    assert "Le fichier est vide. Livrez-le de nouveau." in texte
    assert f"Exécution : {run}\n" in texte
    assert "- aucun rafraîchissement n'a encore réussi" in texte
    assert f"Aucun entrepôt n'est publié dans «{ici.warehouse}»." in texte

    ici.warehouse.mkdir()
    (ici.warehouse / "entrepot.duckdb").write_bytes(b"abime")
    echouer(instance)
    veille.regarder()
    assert "est là, mais ne se lit pas" in corps(boite)


@pytest.mark.parametrize(
    ("erreur", "dit"),
    [
        (ValueError("Mme Dupont, née en 1980"), "Erreur inattendue (ValueError). Le détail"),
        (duckdb.ConversionException("Dupont"), "Erreur inattendue (ConversionException). Le"),
        (
            OSError(28, "No space left on device", "/w/bilan"),
            "Erreur inattendue (OSError : [Errno 28] No space left on device: '/w/bilan'). Le",
        ),
        (
            duckdb.IOException("IO Error: disque plein"),
            "Erreur inattendue (IOException : IO Error: disque plein). Le",
        ),
        (dg.Failure("Ce nœud ne se calcule pas seul."), "\nCe nœud ne se calcule pas seul.\n"),
    ],
)
def test_an_error_that_nobody_foresaw_is_named_and_quotes_no_data(
    instance: dg.DagsterInstance, ici: Region, boite: Boite, erreur: Exception, dit: str
) -> None:
    veille = Veille(instance, ici)
    echouer(instance, erreur)
    veille.regarder()
    assert dit in corps(boite)
    assert "Dupont" not in corps(boite)


def test_a_blocking_check_is_named(instance: dg.DagsterInstance, ici: Region, boite: Boite) -> None:
    veille = Veille(instance, ici)
    cle = dg.AssetKey("faits")
    controle = dg.AssetCheckSpec("cle_unique", asset=cle, blocking=True)

    @dg.asset(key=cle, check_specs=[controle])
    def faits() -> dg.MaterializeResult:  # type: ignore[type-arg]
        constat = dg.AssetCheckResult(
            passed=False, check_name="cle_unique", description="Dupont deux fois"
        )
        return dg.MaterializeResult(check_results=[constat])

    dg.materialize([faits], instance=instance, raise_on_error=False, tags={REGION: "-"})
    veille.regarder()
    assert "Un contrôle bloquant a échoué : faits: cle_unique." in corps(boite)
    assert "Dupont" not in corps(boite)


def test_a_failure_said_from_outside_and_mended_since(
    instance: dg.DagsterInstance, ici: Region, boite: Boite
) -> None:
    veille = Veille(instance, ici)
    run = instance.create_run_for_job(_rien, tags={REGION: "-"})
    instance.report_run_failed(run, INTERROMPU)
    livrer(ici, AVDL + "2020;Alpha;59;20;7;9\n")
    assert rafraichir(ici) == 0
    veille.regarder()
    assert f"\n{INTERROMPU}\n" in corps(boite)
    assert "- un rafraîchissement a réussi après cet échec, le " in corps(boite)


@dg.job(name="rafraichir")
def _rien() -> None:
    pass


def test_what_dagster_ends_by_itself_is_said_in_french(
    instance: dg.DagsterInstance, ici: Region, boite: Boite
) -> None:
    """A killed worker, then what its own monitoring finds: never started, never finished."""
    veille = Veille(instance, ici)
    instance.report_run_failed(instance.create_run_for_job(_rien, tags={REGION: "-"}))
    veille.regarder()
    assert "\nL'exécution a été arrêtée, ou n'a pas pu se lancer (processus tué" in corps(boite)
    for statut, dit in (
        (dg.DagsterRunStatus.NOT_STARTED, "L'exécution n'a pas démarré à temps."),
        (dg.DagsterRunStatus.STARTED, "L'exécution a dépassé la durée permise"),
    ):
        run = instance.create_run_for_job(_rien, tags={REGION: "-"})
        if statut == dg.DagsterRunStatus.STARTED:
            debut = dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, run.job_name)
            instance.report_dagster_event(debut, run_id=run.run_id)
        with (
            create_test_daemon_workspace_context(EmptyWorkspaceTarget(), instance) as contexte,
            freeze_time(datetime.now(UTC) + timedelta(hours=2)),
        ):
            list(execute_run_monitoring_iteration(contexte, logging.getLogger("demon")))
        veille.regarder()
        assert dit in corps(boite)
        assert boite.messages[-1]["Message-ID"] == f"<{run.run_id}@bilan>"


def test_a_failure_of_another_region_is_not_its_own(
    instance: dg.DagsterInstance, ici: Region, boite: Boite
) -> None:
    alpha, beta = (
        Veille(instance, Region(nom, ici.roadmap, ici.raw, ici.warehouse))
        for nom in ("alpha", "beta")
    )
    run = echouer(instance, region="alpha")
    echouer(instance, region="beta")
    assert run in alpha.regarder()
    assert run not in beta.regarder()
    alpha.regarder()
    beta.regarder()
    assert [m["Message-ID"] for m in boite.messages].count(f"<{run}@bilan>") == 1
    assert len(boite.messages) == 2


def test_without_a_server_it_says_so_and_later_sends_only_what_comes(
    instance: dg.DagsterInstance, ici: Region, boite: Boite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as sans:
        sans.delenv(SMTP)
        veille = Veille(instance, ici)
        echouer(instance)
        dit = "Aucun courriel n'est envoyé en cas d'échec : BILAN_SMTP n'est pas renseigné."
        assert veille.regarder() == dit
    assert veille.regarder() == "Aucun nouvel échec."
    echouer(instance)
    veille.regarder()
    assert len(boite.messages) == 1


CHARGE = """
import dagster as dg
from pipelines.graphe.alerte import alerte
from pipelines.region import region

@dg.job
def rafraichir():
    pass

defs = dg.Definitions(jobs=[rafraichir], sensors=[alerte(region())])
"""


class Demon:
    """Dagster's daemon of sensors, with a clock that the test moves."""

    def __init__(self, contexte: WorkspaceProcessContext) -> None:
        self.contexte = contexte
        self.heure = datetime.now(UTC)

    def passer(self) -> InstigatorTick:
        self.heure += timedelta(minutes=1)
        with freeze_time(self.heure):
            journal = logging.getLogger("demon")
            list(execute_sensor_iteration(self.contexte, journal, None, None))
        [capteur] = self.contexte.instance.all_instigator_state()
        return self.contexte.instance.get_ticks(
            capteur.instigator_origin_id, capteur.selector_id, limit=1
        )[0]


@contextmanager
def demon(instance: dg.DagsterInstance, dossier: Path) -> Iterator[Demon]:
    charge = dossier / "charge.py"
    charge.write_text(CHARGE, encoding="utf-8")
    cible = PythonFileTarget(str(charge), None, str(dossier), "essai")
    with create_test_daemon_workspace_context(cible, instance) as contexte:
        yield Demon(contexte)


def test_a_server_that_is_down_delays_the_mail_and_loses_none(
    instance: dg.DagsterInstance,
    boite: Boite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("BILAN_REGION", raising=False)
    with ExitStack() as pile:
        ferme = pile.enter_context(socket.socket())
        ferme.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ferme.bind(("127.0.0.1", 0))
        port = ferme.getsockname()[1]
        monkeypatch.setenv(SMTP, f"smtp://127.0.0.1:{port}")
        veilleur = pile.enter_context(demon(instance, tmp_path))
        assert veilleur.passer().status == TickStatus.SKIPPED
        runs = [echouer(instance), echouer(instance)]
        for _ in range(2):
            tick = veilleur.passer()
            assert tick.status == TickStatus.FAILURE
            assert f"n'est pas parti : smtp://127.0.0.1:{port}, " in str(tick.error)
        ferme.close()
        pile.enter_context(serveur(boite, port=port))
        for run in runs:
            tick = veilleur.passer()
            assert tick.status == TickStatus.SKIPPED
            assert run in str(tick.skip_reason)
        assert veilleur.passer().skip_reason == "Aucun nouvel échec."
    assert [m["Message-ID"] for m in boite.messages] == [f"<{run}@bilan>" for run in runs]
