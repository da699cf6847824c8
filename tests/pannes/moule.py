"""The program of the fault tests: refreshes in processes of their own, that start fast.

    python -m tests.pannes.moule

It imports everything once, then forks a process for each order that it reads, one JSON a line:
`{"arguments": …}` starts a command and answers its process id, `{"attendre": pid}` answers its exit
code, negative for a signal. A process leads its own group, which can be killed whole. What goes
wrong in it is set by its `piege`, a function of `pieges`.
"""

import gc
import importlib
import json
import os
import sys
from typing import Any

from alembic.script import ScriptDirectory
from dagster._core.storage.event_log.sqlite import sqlite_event_log as event_log
from dagster._core.storage.runs.sqlite import sqlite_run_storage as runs
from dagster._core.storage.schedules.sqlite import sqlite_schedule_storage as schedules
from dagster._core.storage.sql import get_alembic_config

from pipelines import contrats, empreintes
from pipelines.feuille_de_route import RACINE
from tests.migrations import lire_une_fois
from tests.reduction import reduire, sans_pages

AVEC_PAGES = "BILAN_ESSAI_PAGES"
# What a refresh imports that is long to import, and puts to work no thread, which would not survive
# a fork: those of DuckDB and polars start with their first query.
_A_L_AVANCE = (
    "alembic.command",
    "dagster._core.definitions.repository_definition.repository_data_builder",
    "dagster._core.execution.plan.active",
    "dagster._core.executor.in_process",
    "dagster._core.instance.factory",
    "dagster._core.storage.legacy_storage",
    "dagster._core.storage.noop_compute_log_manager",
    "dagster._core.storage.root",
    "dagster._core.storage.sqlite_storage",
    "dotenv",
    "duckdb",
    "fsspec.implementations.local",
    "pandas",
    "pandera.polars",
    "pipelines.attendus.echeancier",
    "pipelines.cli",
    "pipelines.corrections.application",
    "pipelines.diffusion.masquage",
    "pipelines.execution",
    "pipelines.graphe.lancement",
    "pipelines.graphe.retrait",
    "pipelines.graphe.stockage",
    "pipelines.graphe.travail",
    "pipelines.ingestion.lecture",
    "pipelines.orientations.suivi",
    "pipelines.plausibilite.lancement",
    "rapidfuzz.fuzz",
    "rich.progress",
    "tests.pannes.pieges",
    "upath.implementations.local",
)


def _se_preparer() -> None:
    """What all processes would do alike: imports, contracts, fingerprints of the code."""
    contrats.tous()  # first: pandera without pandas, as `bilan` has it
    for module in _A_L_AVANCE:
        importlib.import_module(module)
    for dossier in ("assets", "pipelines"):
        for chemin in (RACINE / dossier).rglob("*"):
            if chemin.suffix in (".py", ".sql"):
                empreintes.du_code(chemin)
    _lire_les_migrations()
    gc.collect()
    gc.freeze()  # what is common stays so: no child goes through it, nor copies its pages


def _lire_les_migrations() -> None:
    """Before any process is forked."""
    lire_une_fois()
    for base in (runs, event_log, schedules):
        script = ScriptDirectory.from_config(get_alembic_config(base.__file__))
        script.get_current_head()


def _naitre(ordre: dict[str, Any]) -> None:
    """The new process: runs the command, and ends."""
    for descripteur, chemin in ((1, ordre["sortie"]), (2, ordre["erreurs"])):
        ouvert = os.open(chemin, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(ouvert, descripteur)
        os.close(ouvert)
    os.environ.update(ordre["env"])
    from pipelines.cli import executer
    from pipelines.plausibilite import lancement
    from pipelines.plausibilite.constats import Constat
    from tests.pannes import pieges

    # Refreshes are many: no Great Expectations (it finds nothing), few nodes, no pages but where
    # they are asked for, which want all extracts and views.
    lancement.chauffer = lambda *_: None  # type: ignore[assignment]
    lancement.lancer = lambda *_: [Constat("essai", "essai", True, "", "", "rien à signaler")]
    if not os.environ.get(AVEC_PAGES):
        reduire(gardees=("lisible", "qualite"))
        sans_pages()
    if ordre["piege"]:
        nom, *arguments = ordre["piege"]
        getattr(pieges, nom)(*arguments)
    code = executer(ordre["arguments"])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main() -> None:
    """Obey until the end of the orders."""
    _se_preparer()
    for ligne in sys.stdin:
        ordre = json.loads(ligne)
        if "attendre" in ordre:
            _, statut = os.waitpid(ordre["attendre"], 0)
            print(os.waitstatus_to_exitcode(statut), flush=True)
            continue
        pid = os.fork()
        if not pid:
            os.setpgid(0, 0)
            try:
                _naitre(ordre)
            finally:
                os._exit(99)
        os.setpgid(pid, pid)  # whichever of the two comes first
        print(pid, flush=True)


if __name__ == "__main__":
    main()
