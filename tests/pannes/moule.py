"""The program of the fault tests: refreshes in processes of their own, that start fast.

    python -m tests.pannes.moule

It imports everything once, then forks a process for each order that it reads, one JSON a line:
`{"arguments": …}` starts a command and answers its process id, `{"attendre": pid}` answers its exit
code, negative for a signal. A process leads its own group, which can be killed whole. What goes
wrong in it is set by its `piege`, a function of `pieges`.
"""

import importlib
import json
import os
import sys
from typing import Any

# What a refresh imports that is long to import, and starts nothing that would not survive a fork.
_A_L_AVANCE = (
    "dagster._core.storage.event_log.sqlite.sqlite_event_log",
    "dagster._core.storage.sqlite_storage",
    "duckdb",
    "pandera.polars",
    "pipelines.ingestion.lecture",
)


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
    from tests.reduction import reduire

    # Refreshes are many: no Great Expectations (it finds nothing), and few nodes.
    lancement.chauffer = lambda *_: None  # type: ignore[assignment]
    lancement.lancer = lambda *_: [Constat("essai", "essai", True, "", "", "rien à signaler")]
    reduire()
    if ordre["piege"]:
        nom, *arguments = ordre["piege"]
        getattr(pieges, nom)(*arguments)
    code = executer(ordre["arguments"])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main() -> None:
    """Obey until the end of the orders."""
    for module in _A_L_AVANCE:
        importlib.import_module(module)
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
