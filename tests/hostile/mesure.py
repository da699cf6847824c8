"""One command of `bilan` in a process of its own, with its time and its memory."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

ADRESSES_MAX = 12 << 30
SECONDES_MAX = 60
MEMOIRE_MAX = 1.5e9


@dataclass(frozen=True)
class Mesure:
    """What a command gave, and what it took; `memoire` is its peak in bytes."""

    code: int
    sortie: str
    secondes: float
    memoire: int


_PROGRAMME = """
import json, resource, sys
from pipelines.cli import main
sys.argv = ["bilan", *json.loads(sys.argv[1])]
try:
    main()
except SystemExit as fin:
    code = fin.code
sys.stdout.flush()
siens, apart = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps([code, max(siens.ru_maxrss, apart.ru_maxrss)]), file=sys.stderr)
"""


def mesurer(arguments: Sequence[str], secondes_max: int = SECONDES_MAX) -> Mesure:
    """Run `bilan arguments`; a process that dies or lasts has a code that no command gives."""
    debut = time.monotonic()
    commande = [sys.executable, "-c", _PROGRAMME, json.dumps(list(arguments))]
    try:
        fini = subprocess.run(  # noqa: S603
            commande,
            capture_output=True,
            timeout=secondes_max,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (ADRESSES_MAX, ADRESSES_MAX)),
        )
    except subprocess.TimeoutExpired:
        return Mesure(-1, "trop long", time.monotonic() - debut, 0)
    secondes = time.monotonic() - debut
    *erreurs, bilan = fini.stderr.decode("utf-8", "replace").splitlines() or [""]
    sortie = fini.stdout.decode("utf-8", "replace") + "\n".join(erreurs)
    if fini.returncode:
        return Mesure(fini.returncode, sortie + bilan, secondes, 0)
    code, kilos = json.loads(bilan)
    return Mesure(code, sortie, secondes, kilos * 1024)
