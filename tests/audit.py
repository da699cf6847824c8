"""Known vulnerabilities of what `requirements.lock` holds (`make audit`), found by `pip-audit`.

It asks PyPI, through the proxy of the environment if there is one; nothing is installed, and no
index is named. What is known changes each day: `make check` only warns. What to do of a finding is
for people.
"""

import json
import subprocess
import sys
from pathlib import Path

VERROU = Path(__file__).parents[1] / "requirements.lock"
RIEN, TROUVE, PAS_FAIT = 0, 1, 2
_AUDIT = "Audit des dépendances"
_PIP_AUDIT = (
    f"{Path(sys.executable).parent}/pip-audit --require-hashes --disable-pip --timeout 5 "
    "--progress-spinner off --format json --aliases on --desc off --requirement"
).split()


def audit(limite: float, verrou: Path = VERROU) -> tuple[int, str]:
    """What is to be said of a lock file, and the exit code, within `limite` seconds."""
    try:
        fini = subprocess.run(  # noqa: S603
            [*_PIP_AUDIT, str(verrou)], capture_output=True, text=True, check=False, timeout=limite
        )
    except subprocess.TimeoutExpired:
        return PAS_FAIT, f"{_AUDIT} : pas fait, PyPI n'a pas tout dit en {limite:.0f} s."
    return juger(fini.stdout)


def juger(reponse: str) -> tuple[int, str]:
    """The same, of what pip-audit wrote: nothing of use where it failed."""
    try:
        paquets = json.loads(reponse)["dependencies"]
    except (ValueError, KeyError):
        return PAS_FAIT, f"{_AUDIT} : pas fait, PyPI ne répond pas."
    failles = [
        f"  {paquet['name']} {paquet['version']} : {' '.join([faille['id'], *faille['aliases']])}, "
        f"corrigée en {' ou '.join(faille['fix_versions']) or '(aucune version)'}"
        for paquet in paquets
        for faille in paquet.get("vulns", ())
    ]
    muets = sum("skip_reason" in paquet for paquet in paquets)
    sans = f" ; sans réponse : {muets} sur {len(paquets)}" if muets else ""
    if failles:
        return TROUVE, "\n".join([f"{_AUDIT} : failles connues : {len(failles)}{sans}.", *failles])
    if muets == len(paquets):
        return PAS_FAIT, f"{_AUDIT} : pas fait, PyPI ne répond pas."
    if muets:
        return PAS_FAIT, f"{_AUDIT} : fait en partie, aucune faille connue{sans}."
    return RIEN, f"{_AUDIT} : {len(paquets)} paquets, aucune faille connue."


if __name__ == "__main__":
    code, dit = audit(float(sys.argv[1]))
    print(dit, file=sys.stderr if code else sys.stdout)
    sys.exit(code)
