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


def lancer(fichier: Path, dossier: Path, arrete: str, delai: float = DELAI) -> list[Constat]:
    """What the program finds in a file that nobody holds; the pages are written into `dossier`."""
    commande: list[str | Path] = [sys.executable, "-m", "pipelines.plausibilite", fichier, dossier]
    try:
        sortie = subprocess.run(  # noqa: S603
            [*commande, "--arrete", arrete],
            cwd=RACINE,
            capture_output=True,
            encoding="utf-8",
            timeout=delai,
            check=True,
        )
        return lire(sortie.stdout)
    except subprocess.TimeoutExpired:
        cause = f"interrompu au bout de {delai:.0f} s"
    except subprocess.CalledProcessError as erreur:
        dites = (erreur.stderr or "").strip().splitlines()
        cause = f"code {erreur.returncode}, «{dites[-1] if dites else 'sans message'}»"
    except (OSError, json.JSONDecodeError, TypeError) as erreur:
        cause = str(erreur)
    message = f"L'examen de plausibilité n'a pas abouti : {cause}. {_SUITE}"
    return [Constat(ECHEC, "entrepot", False, "pas de résultat", "un résultat", message)]
