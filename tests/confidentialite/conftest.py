"""One refresh, and what people do beside it, of deliveries full of persons, for all the tests."""

import io
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import dagster as dg
import pytest

from pipelines.cli import executer
from pipelines.graphe.alerte import recit
from pipelines.instance import MODELE
from pipelines.region import Region
from tests.confidentialite import livraisons
from tests.feuilles import courte

BILAN = Path(sys.executable).parent / "bilan"
INDICATEURS = ("cir_signataires", "cir_taux_a1")
ORIENTATION = (
    "o12_1000_vae,2020,orientation,12,dispositif,Une orientation.,253,declare,,,,region,,,,,,"
)
CORRECTION = (
    "ddcs/orientations,o12_1000_vae|R32|2019-12-31,commentaire,ancien,neuf,motif,service,2021-06-01,"
    "active\n"
)


@pytest.fixture(scope="session")
def ecrits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the project wrote: warehouse, Dagster's instance, what it printed.

    A second refresh finds nothing that it can publish: it fails, and an e-mail says so.
    """
    racine = tmp_path_factory.mktemp("confidentialite")
    raw, roadmap, ecrits = racine / "raw", racine / "feuille", racine / "ecrits"
    livraisons.deposer(raw)
    courte(roadmap, INDICATEURS)
    for nom, ligne in (("corrections", CORRECTION), ("orientations", f"{ORIENTATION}\n")):
        with (roadmap / f"{nom}.csv").open("a", encoding="utf-8") as table:
            table.write(ligne)
    ecrits.mkdir()
    (ecrits / "dagster").mkdir()
    shutil.copy(MODELE, ecrits / "dagster")
    env = os.environ | {
        "DAGSTER_HOME": str(ecrits / "dagster"),
        "TMPDIR": str(ecrits),
        "BILAN_TRACE": "1",
    }

    def bilan(nom: str, *arguments: str | Path) -> int:
        # By a user who lets all others read and write.
        commande: list[str | Path] = [BILAN, *arguments, "--warehouse", ecrits / "warehouse"]
        sortie = subprocess.run(commande, env=env, capture_output=True, umask=0, check=False)  # noqa: S603
        (ecrits / f"{nom}.stdout").write_bytes(sortie.stdout)
        (ecrits / f"{nom}.stderr").write_bytes(sortie.stderr)
        return sortie.returncode

    rafraichir = ("refresh", "--roadmap", roadmap, "--depuis", "2022-12", "--raw")
    assert bilan("refresh", *rafraichir, raw) == 1, (ecrits / "refresh.stderr").read_text()
    rien = racine / "rien"
    for chemin in raw.rglob("*"):
        if chemin.is_file():  # of each, its name
            (rien / chemin.relative_to(raw)).parent.mkdir(parents=True, exist_ok=True)
            (rien / chemin.relative_to(raw)).write_text("rien")
    assert bilan("echec", *rafraichir, rien, "--arrete", "2022-12") == 2
    _courriels(ecrits, Region("", roadmap, rien, ecrits / "warehouse"))
    assert bilan("exporter", "exporter", ecrits / "ouvert") == 0
    assert bilan("analystes", "exporter", ecrits / "analystes", "--analystes") == 0

    a_verifier = [*(raw / livraisons.PLACE).iterdir(), *raw.glob("*/*/2021-0[56]*")]
    for rang, chemin in enumerate(sorted(a_verifier)):
        rapport = ecrits / f"verifier-{rang}{('.csv', '.xlsx')[rang % 2]}"
        _dire(rapport.with_suffix(".txt"), "verifier", chemin, "--rapport", rapport)
    for rang, chemin in enumerate(sorted((raw / livraisons.PLACE).glob("2021-03*"))):
        _dire(ecrits / f"correspondre-{rang}.txt", "correspondre", chemin, "--roadmap", roadmap)
    _dire(ecrits / "verifier-dossier.txt", "verifier", raw / "ddcs" / "orientations")
    return ecrits


def _dire(sortie: Path, *arguments: str | Path) -> None:
    """What a command prints."""
    mots, erreurs = io.StringIO(), io.StringIO()
    with redirect_stdout(mots):
        executer([str(argument) for argument in arguments], erreurs)
    sortie.write_text(mots.getvalue() + erreurs.getvalue())


def _courriels(ecrits: Path, ici: Region) -> None:
    """The e-mails that would say which runs failed."""
    with dg.DagsterInstance.from_config(str(ecrits / "dagster")) as instance:
        ratees = instance.get_run_records(dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE]))
        assert ratees
        for rang, fiche in enumerate(ratees):
            texte = recit(instance, fiche, ici, None, "Hauts-de-France")
            (ecrits / f"courriel-{rang}.txt").write_text(texte)
