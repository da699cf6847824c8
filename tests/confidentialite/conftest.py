"""One refresh, and some verifications, of deliveries full of personal values, for all the tests."""

import io
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from pipelines.cli import executer
from pipelines.instance import MODELE
from tests.confidentialite import livraisons
from tests.feuilles import courte

BILAN = Path(sys.executable).parent / "bilan"
INDICATEURS = ("cir_signataires", "cir_taux_a1")


@pytest.fixture(scope="session")
def ecrits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the project wrote: warehouse, Dagster's instance, what it printed."""
    racine = tmp_path_factory.mktemp("confidentialite")
    raw, roadmap, ecrits = racine / "raw", racine / "feuille", racine / "ecrits"
    livraisons.deposer(raw)
    courte(roadmap, INDICATEURS)
    ecrits.mkdir()
    (ecrits / "dagster").mkdir()
    shutil.copy(MODELE, ecrits / "dagster")
    env = os.environ | {
        "DAGSTER_HOME": str(ecrits / "dagster"),
        "TMPDIR": str(ecrits),
        "BILAN_TRACE": "1",
    }

    commande: list[str | Path] = [BILAN, "refresh", "--raw", raw]
    commande += ["--warehouse", ecrits / "warehouse", "--roadmap", roadmap, "--depuis", "2022-12"]
    # By a user who lets all others read and write.
    sortie = subprocess.run(commande, env=env, capture_output=True, umask=0, check=False)  # noqa: S603
    (ecrits / "refresh.stdout").write_bytes(sortie.stdout)
    (ecrits / "refresh.stderr").write_bytes(sortie.stderr)
    assert sortie.returncode == 1, sortie.stderr.decode()

    for rang, chemin in enumerate(sorted((raw / livraisons.PLACE).iterdir())):
        mots, erreurs = io.StringIO(), io.StringIO()
        rapport = ecrits / f"verifier-{rang}{('.csv', '.xlsx')[rang % 2]}"
        with redirect_stdout(mots):
            executer(["verifier", str(chemin), "--rapport", str(rapport)], erreurs)
        rapport.with_suffix(".txt").write_text(mots.getvalue() + erreurs.getvalue())
    return ecrits
