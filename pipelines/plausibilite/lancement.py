"""Running the program on a finished warehouse, from a refresh: whatever happens, it goes on."""

import json
import subprocess
import sys
from pathlib import Path

from pipelines.feuille_de_route import RACINE
from pipelines.plausibilite.constats import Constat, lire

DELAI = 300.0  # seconds
ECHEC = "plausibilite"
_SUITE = "L'entrepôt est publié sans ce contrôle ; les pages de plausibilité restent les anciennes."


def chauffer(dossier: Path) -> "subprocess.Popen[str]":
    """The program, started: it imports Great Expectations while the warehouse is computed.

    Its pages will be written into `dossier`. It ends by itself where nobody asks it anything more.
    """
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "pipelines.plausibilite", dossier],
        cwd=RACINE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def lancer(
    programme: "subprocess.Popen[str]", fichier: Path, arrete: str, delai: float = DELAI
) -> list[Constat]:
    """What the program, started, finds in a file that nobody holds; it ends."""
    demande = json.dumps([str(fichier), arrete])
    try:
        with programme:
            try:
                sortie, dites = programme.communicate(demande, timeout=delai)
            finally:
                programme.kill()
        if programme.returncode == 0:
            return lire(sortie)
        lignes = dites.strip().splitlines()
        cause = f"code {programme.returncode}, «{lignes[-1] if lignes else 'sans message'}»"
    except subprocess.TimeoutExpired:
        cause = f"interrompu au bout de {delai:.0f} s"
    except (OSError, json.JSONDecodeError, TypeError) as erreur:
        cause = str(erreur)
    message = f"L'examen de plausibilité n'a pas abouti : {cause}. {_SUITE}"
    return [Constat(ECHEC, "entrepot", False, "pas de résultat", "un résultat", message)]
