"""The event log whose connections stay open: it holds what Dagster's own would, come what may."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy.exc
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster_shared.serdes.errors import SerializationError

from pipelines.feuille_de_route import RACINE
from pipelines.graphe import stockage
from pipelines.graphe.stockage import Evenements
from pipelines.instance import dossier_de_dagster

MOIS = dg.StaticPartitionsDefinition(["2021-01", "2021-02", "2021-03"])
SUITE = {
    "dagster/asset_partition_range_start": "2021-01",
    "dagster/asset_partition_range_end": "2021-03",
}
RUN = "5bd8f43b-0a3b-4f49-8d0f-6a3c37e5a9c1"
AUTRE_RUN = "0f7a9a0e-58a5-44a8-9d3e-1a4ab0c4a2f7"
PATIENCE = 60  # seconds: for what never comes, not for what comes late


@dg.multi_asset(
    specs=[dg.AssetSpec("brut"), dg.AssetSpec("compte", deps=["brut"])],
    check_specs=[dg.AssetCheckSpec("positif", asset="compte")],
    can_subset=True,
)
def _deux() -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    yield dg.MaterializeResult(asset_key="brut", metadata={"lignes": 3}, tags={"service": "ddcs"})
    yield dg.MaterializeResult(asset_key="compte", metadata={"lignes": 1})
    yield dg.AssetCheckResult(asset_key="compte", check_name="positif", passed=False)


@dg.asset(partitions_def=MOIS, backfill_policy=dg.BackfillPolicy.single_run(), deps=["compte"])
def _mensuel() -> None:
    pass


def executer(instance: dg.DagsterInstance) -> str:
    """Run all of it; gives the run's id."""
    resultat = dg.materialize([_deux, _mensuel], instance=instance, tags=SUITE)
    assert resultat.success
    return resultat.run_id


@contextmanager
def ouvrir(dossier: Path, sorte: type[SqliteEventLogStorage]) -> Iterator[dg.DagsterInstance]:
    """A Dagster instance in a folder: with the project's dagster.yaml, or as it was before."""
    with pytest.MonkeyPatch.context() as env:
        env.setenv("DAGSTER_HOME", str(dossier))
        (dossier / "dagster.yaml").unlink(missing_ok=True)
        dossier_de_dagster()
        if sorte is not Evenements:
            reglages = (dossier / "dagster.yaml").read_text(encoding="utf-8")
            sans = re.sub(r"^event_log_storage:\n(  .*\n)+", "", reglages, flags=re.MULTILINE)
            (dossier / "dagster.yaml").write_text(sans, encoding="utf-8")
        with dg.DagsterInstance.get() as instance:
            yield instance


@pytest.fixture
def evenements(tmp_path: Path) -> Iterator[Evenements]:
    with ferme_ensuite(Evenements(str(tmp_path))) as evenements:
        yield evenements


@contextmanager
def ferme_ensuite(evenements: Evenements) -> Iterator[Evenements]:
    try:
        yield evenements
    finally:
        evenements.dispose()


def dit(message: str, run: str = RUN) -> dg.EventLogEntry:
    """An event: a message of a run."""
    return dg.EventLogEntry(  # type: ignore[no-untyped-call]
        error_info=None, level=20, user_message=message, run_id=run, timestamp=time.time()
    )


def lus(journal: SqliteEventLogStorage, run: str = RUN) -> list[str]:
    return [evenement.user_message for evenement in journal.get_logs_for_run(run)]


def lignes(base: Path, requete: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(base)) as con:
        return con.execute(requete).fetchall()


def integre(dossier: Path) -> None:
    for base in dossier.glob("*.db"):
        assert lignes(base, "pragma integrity_check") == [("ok",)]


def ouverts(dossier: Path) -> Counter[str]:
    """The files of a folder that this process has open."""
    noms: Counter[str] = Counter()
    for lien in Path("/proc/self/fd").iterdir():
        try:
            cible = lien.readlink()
        except FileNotFoundError:  # that of the listing itself
            continue
        if cible.parent == dossier:
            noms[cible.name] += 1
    return noms


def enfant(programme: str, *arguments: object) -> "subprocess.Popen[bytes]":
    """Another process that writes to the log."""
    entete = "import os, signal, sys; from tests.graphe.test_stockage import *\n"
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", entete + programme, *map(str, arguments)], cwd=RACINE
    )


def attendre(vrai: Callable[[], object]) -> None:
    fin = time.monotonic() + PATIENCE
    while not vrai():
        assert time.monotonic() < fin
        time.sleep(0.01)


def test_the_rows_are_those_that_dagster_writes(tmp_path: Path) -> None:
    """In the run's base and in the index, whichever is asked."""
    contenus = []
    for sorte in (Evenements, SqliteEventLogStorage):
        with ouvrir(tmp_path / sorte.__name__, sorte) as instance:
            assert type(instance.event_log_storage) is sorte
            run = executer(instance)
        bases = tmp_path / sorte.__name__ / "history" / "runs"
        des_evenements = """
            select dagster_event_type, step_key, asset_key, partition
            from event_logs where dagster_event_type is not null order by 1, 2, 3, 4
        """
        contenus.append(
            {
                "run": lignes(bases / f"{run}.db", des_evenements),
                "index": lignes(bases / "index.db", des_evenements),
                "clés": lignes(bases / "index.db", "select asset_key from asset_keys order by 1"),
                "étiquettes": lignes(
                    bases / "index.db",
                    "select asset_key, key from asset_event_tags order by 1, 2",
                ),
                "contrôles": lignes(
                    bases / "index.db",
                    "select asset_key, check_name, execution_status from asset_check_executions",
                ),
            }
        )
    assert contenus[0] == contenus[1]
    assert contenus[0]["contrôles"] == [('["compte"]', "positif", "FAILED")]
    mensuels = [ligne for ligne in contenus[0]["index"] if ligne[0] == "ASSET_MATERIALIZATION"]
    assert [partition for *_, partition in mensuels] == [None, None, *MOIS.get_partition_keys()]


def test_what_a_run_plans_is_written_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And so are the months of a node: whoever opens the log asks Dagster for it."""
    monkeypatch.delenv("DAGSTER_EVENT_BATCH_SIZE", raising=False)
    lots: list[int] = []
    ecrire = Evenements.store_event_batch

    def compter(self: Evenements, events: list[dg.EventLogEntry]) -> None:
        lots.append(len(events))
        ecrire(self, events)

    monkeypatch.setattr(Evenements, "store_event_batch", compter)
    with ouvrir(tmp_path / "dagster", Evenements) as instance:
        executer(instance)
    assert [lot for lot in lots if lot > 1] == [2 + 1 + 3, 3]  # two nodes, a check, three months


def test_a_dagster_home_of_before_goes_on(tmp_path: Path) -> None:
    """Its runs are there for those who open it with either of the two, at once too."""
    avant = SqliteEventLogStorage
    with ouvrir(tmp_path / "dagster", avant) as instance:
        premier = executer(instance)
    with ouvrir(tmp_path / "dagster", Evenements) as instance:
        assert instance.all_logs(premier)
        second = executer(instance)
        with ouvrir(tmp_path / "dagster", avant) as autre:
            assert len(autre.all_logs(second)) == len(autre.all_logs(premier))
            troisieme = executer(autre)
        assert len(instance.all_logs(troisieme)) == len(instance.all_logs(second))
        dernier = instance.get_latest_materialization_event(dg.AssetKey("compte"))
        assert dernier is not None
        assert dernier.run_id == troisieme


def test_a_batch_is_written_whole_or_not_at_all(evenements: Evenements) -> None:
    evenements.store_event(dit("avant"))
    indicible = dit("deux")._replace(error_info=object())  # type: ignore[arg-type]
    with pytest.raises(SerializationError):
        evenements.store_event_batch([dit("un"), indicible])
    assert lus(evenements) == ["avant"]
    evenements.store_event_batch([dit("deux"), dit("ailleurs", AUTRE_RUN), dit("trois")])
    assert lus(evenements) == ["avant", "deux", "trois"]
    assert lus(evenements, AUTRE_RUN) == ["ailleurs"]


def test_a_process_killed_within_a_batch_loses_that_batch_only(tmp_path: Path) -> None:
    processus = enfant(
        """
journal = Evenements(sys.argv[1])
journal.store_event(dit("un"))
journal.store_event_batch([dit("deux"), dit("trois")])
with journal.run_connection(RUN):
    journal.store_event_batch([dit("quatre"), dit("cinq")])
    os.kill(os.getpid(), signal.SIGKILL)
        """,
        tmp_path,
    )
    assert processus.wait() == -signal.SIGKILL
    with ferme_ensuite(Evenements(str(tmp_path))) as evenements:
        assert lus(evenements) == ["un", "deux", "trois"]
        evenements.store_event(dit("après"))
        assert lus(evenements)[-1] == "après"
    integre(tmp_path)


@pytest.mark.parametrize("base", ["index", RUN])
def test_a_base_locked_by_another_is_said_so_then_used_again(
    evenements: Evenements, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    monkeypatch.setattr(stockage, "SQLITE_BUSY_TIMEOUT_SECONDS", 0.1)
    evenements.dispose()  # what was opened before waits longer
    evenement = dg.DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, "rafraichir", message="fin")
    fin = dit("fin")._replace(dagster_event=evenement)  # written in both bases
    evenements.store_event(dit("avant"))
    with closing(sqlite3.connect(tmp_path / f"{base}.db", isolation_level=None)) as autre:
        autre.execute("begin exclusive")
        with pytest.raises(sqlalchemy.exc.OperationalError) as dite:
            evenements.store_event_batch([fin])
        assert isinstance(dite.value.__cause__, sqlite3.OperationalError)
        assert str(dite.value.__cause__) == "database is locked"
        assert lus(evenements) == ["avant"]  # what is there can still be read
    evenements.store_event_batch([fin])
    assert len(lus(evenements)) == 2


def test_a_base_deleted_or_replaced_is_opened_anew(evenements: Evenements, tmp_path: Path) -> None:
    base = tmp_path / f"{RUN}.db"
    evenements.store_event(dit("un"))
    evenements.dispose()
    shutil.copy(base, tmp_path / "sauvegarde")
    evenements.store_event(dit("deux"))
    for reste in tmp_path.glob(f"{RUN}.db*"):
        reste.unlink()
    evenements.store_event(dit("trois"))
    assert lus(evenements) == ["trois"]
    for reste in tmp_path.glob(f"{RUN}.db*"):
        reste.unlink()
    (tmp_path / "sauvegarde").replace(base)
    evenements.store_event(dit("quatre"))
    assert lus(evenements) == ["un", "quatre"]
    with ferme_ensuite(Evenements(str(tmp_path))) as autre:
        assert lus(autre) == ["un", "quatre"]


def test_threads_and_other_processes_write_and_read_at_once(
    evenements: Evenements, tmp_path: Path
) -> None:
    """One of the others with Dagster's own log, as an instance of before would."""
    ecrire = """
journal = globals()[sys.argv[2]](sys.argv[1])
for numero in range(20):
    journal.store_event(dit(f"{sys.argv[2]} {numero}"))
    assert lus(journal)
    """
    autres = [enfant(ecrire, tmp_path, nom) for nom in ("Evenements", "SqliteEventLogStorage")]
    fautes: list[BaseException] = []

    def ecrire_ici(fil: int) -> None:
        try:
            for numero in range(20):
                evenements.store_event_batch([dit(f"{fil} {numero}"), dit("x", AUTRE_RUN)])
                assert f"{fil} {numero}" in lus(evenements)
        except BaseException as faute:
            fautes.append(faute)

    fils = [threading.Thread(target=ecrire_ici, args=(fil,)) for fil in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert [autre.wait() for autre in autres] == [0, 0]
    assert not fautes
    attendus = {
        f"{qui} {numero}"
        for qui in ("0", "1", "Evenements", "SqliteEventLogStorage")
        for numero in range(20)
    }
    assert Counter(lus(evenements)) == Counter(attendus)
    assert lus(evenements, AUTRE_RUN) == ["x"] * 40
    integre(tmp_path)


def test_a_fork_opens_its_own(evenements: Evenements, tmp_path: Path) -> None:
    evenements.store_event(dit("parent"))
    pid = os.fork()
    if not pid:
        code = 1
        try:
            evenements.store_event(dit("enfant"))
            deux = ouverts(tmp_path)[f"{RUN}.db"] == 2  # the parent's, left alone, and its own
            code = 0 if deux and lus(evenements) == ["parent", "enfant"] else 2
        finally:
            os._exit(code)
    assert os.waitpid(pid, 0)[1] == 0
    evenements.store_event(dit("parent encore"))
    assert lus(evenements) == ["parent", "enfant", "parent encore"]
    integre(tmp_path)


def test_few_bases_stay_open_and_none_once_closed(evenements: Evenements, tmp_path: Path) -> None:
    runs = [f"{numero:08d}{RUN[8:]}" for numero in range(20)]
    for run in runs:
        evenements.store_event(dit("un", run))
    bases = [nom for nom in ouverts(tmp_path) if nom.endswith(".db")]
    assert "index.db" in bases
    assert len(bases) <= 8
    evenements.dispose()
    assert not ouverts(tmp_path)
    assert [lus(evenements, run) for run in runs] == [["un"]] * 20  # as Dagster's own would
    evenements.wipe()
    assert not list(tmp_path.glob("0*.db"))


@pytest.mark.parametrize("sorte", [Evenements, SqliteEventLogStorage])
def test_what_another_process_writes_is_seen_as_it_comes(
    tmp_path: Path, sorte: type[SqliteEventLogStorage]
) -> None:
    """The web server watches the file of a run under way, whichever class it has."""
    suite = tmp_path / "suite"
    processus = enfant(
        """
journal = Evenements(sys.argv[1])
journal.store_event(dit("un"))
attendre(lambda: os.path.exists(sys.argv[2]))
journal.store_event(dit("deux"))
attendre(lambda: not os.path.exists(sys.argv[2]))
        """,
        tmp_path / "bases",
        suite,
    )
    (tmp_path / "bases").mkdir(exist_ok=True)
    attendre(lambda: (tmp_path / "bases" / f"{RUN}.db").exists())
    journal = sorte(str(tmp_path / "bases"))
    try:
        attendre(lambda: lus(journal) == ["un"])
        vus: list[str] = []
        curseur = journal.get_records_for_run(RUN).cursor
        journal.watch(RUN, curseur, lambda evenement, _: vus.append(evenement.user_message))
        suite.touch()
        attendre(lambda: vus == ["deux"])  # while its writer still has the base open
        assert processus.poll() is None
    finally:
        suite.unlink(missing_ok=True)
        journal.dispose()
    assert processus.wait() == 0
