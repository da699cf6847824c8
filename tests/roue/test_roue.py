"""The wheel: what is in it, and that the program works from it, far from any checkout.

It is installed in a virtual environment that sees the packages of this one, but not the project.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.feuille_de_route import RACINE
from pipelines.instance import MODELE
from pipelines.secret import VARIABLE

REGION = Path(__file__).parents[1] / "region"
EMPORTES = (
    ".dagster/dagster.yaml", "warehouse/analystes.sql", "warehouse/macros.sql", "workspace.yaml",
)  # fmt: skip
SANS_CLONE = ("/simulation/", "/captures/", "/deploiement/")


@dataclass(frozen=True)
class Installation:
    """The wheel, installed; commands run in a folder that is empty but for `raw/`."""

    venv: Path
    ici: Path

    @property
    def paquets(self) -> Path:
        """Where the program is."""
        return self.venv / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"

    def lancer(self, nom: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, which nothing tells where the project is."""
        ailleurs = ("BILAN_", "DAGSTER_", "PYTHON")
        env = {v: x for v, x in os.environ.items() if not v.startswith(ailleurs) or v == VARIABLE}
        return subprocess.run(  # noqa: S603
            [self.venv / "bin" / nom, *arguments],
            cwd=self.ici, env=env, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    def bilan(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run `bilan`."""
        return self.lancer("bilan", *arguments)

    def fichiers(self) -> set[str]:
        """All that is under the program's folder, but what Python compiles."""
        tous = (chemin.relative_to(self.paquets) for chemin in self.paquets.rglob("*"))
        return {str(chemin) for chemin in tous if "__pycache__" not in chemin.parts}


@pytest.fixture(scope="module")
def roue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as it is built from here."""
    dossier = tmp_path_factory.mktemp("roue")
    construire = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(dossier)]
    subprocess.run(construire, cwd=RACINE, check=True, capture_output=True)  # noqa: S603
    [roue] = dossier.iterdir()
    return roue


@pytest.fixture(scope="module")
def installe(roue: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheel, installed, and one refresh of a small region."""
    racine = tmp_path_factory.mktemp("ailleurs")
    installation = Installation(racine / "venv", racine / "ici")
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "venv", "--without-pip", installation.venv], check=True
    )
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    pip += ["--python", str(installation.venv / "bin" / "python")]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", roue], check=True)  # noqa: S603
    communs = [chemin for chemin in sys.path if Path(chemin).name == "site-packages"]
    (installation.paquets / "communs.pth").write_text("\n".join(communs), encoding="utf-8")
    installation.ici.mkdir()
    return installation


@pytest.fixture(scope="module")
def publie(installe: Installation) -> Installation:
    """The same, once a small region was refreshed."""
    shutil.copytree(REGION / "raw", installe.ici / "raw")
    avant = installe.fichiers()
    fait = installe.bilan("refresh", "--depuis", "2022-03", "--roadmap", REGION / "feuille")
    assert fait.returncode == 0, fait.stderr
    assert installe.fichiers() == avant
    return installe


def test_what_is_in_the_wheel(roue: Path) -> None:
    with zipfile.ZipFile(roue) as archive:
        noms = archive.namelist()
        for nom in EMPORTES:
            assert archive.read(f"pipelines/emporte/{nom}") == (RACINE / nom).read_bytes()
    assert {nom.split("/")[0] for nom in noms} == {"assets", "pipelines", "bilan-0.1.0.dist-info"}
    assert "bilan-0.1.0.dist-info/licenses/LICENSE" in noms
    assert [nom for nom in noms if any(hors in f"/{nom}" for hors in SANS_CLONE)] == []
    attendus = {
        chemin.relative_to(RACINE).as_posix()
        for paquet in ("assets", "pipelines")
        for chemin in (RACINE / paquet).rglob("*.*")
        if chemin.suffix in (".csv", ".py", ".sql", ".css")
    }
    manquent = {nom for nom in attendus - set(noms) if not any(h in nom for h in SANS_CLONE)}
    assert manquent == set()


def test_the_installed_program_is_the_one_that_runs(installe: Installation) -> None:
    ou = installe.lancer("python", "-c", "import assets, pipelines; print(pipelines.__file__)")
    assert Path(ou.stdout.strip()).is_relative_to(installe.paquets)


def test_help_says_where_folders_are(installe: Installation) -> None:
    assert installe.bilan("--help").stdout.startswith("Emploi : bilan")
    aide = " ".join(installe.bilan("refresh", "--help").stdout.split())
    assert "sinon raw/ du dossier courant" in aide


def test_templates_and_a_file_that_is_right(installe: Installation) -> None:
    assert installe.bilan("modeles", "modeles").returncode == 0
    contrats = [c for c in (RACINE / "assets/extracts").glob("*/*.py") if c.stem != "__init__"]
    assert len(list((installe.ici / "modeles").rglob("*.xlsx"))) == len(contrats)
    juste = REGION / "raw" / "logement" / "avdl" / "2021-12.csv"
    fait = installe.bilan("verifier", juste, "--roadmap", REGION / "feuille")
    assert (fait.returncode, fait.stderr) == (0, "")
    # The region of the wheel's own roadmap has none of these departments.
    assert installe.bilan("verifier", juste).returncode == 2


def test_what_a_refresh_writes_is_in_the_current_folder(publie: Installation) -> None:
    entrepot = publie.ici / "warehouse"
    assert (entrepot / "entrepot.duckdb").is_file()
    assert (entrepot / "plausibilite" / "index.html").is_file()
    assert (publie.ici / ".dagster" / "dagster.yaml").read_bytes() == MODELE.read_bytes()
    requete = "select distinct 'arrêté ' || arrete from indicateurs.valeurs"
    assert "arrêté 2022-03" in publie.bilan("sql", requete).stdout


def test_dagster_loads_the_graph(publie: Installation) -> None:
    """As `bilan ui` has it loaded."""
    espace = publie.paquets / "pipelines" / "emporte" / "workspace.yaml"
    fait = publie.lancer("python", "-m", "dagster", "definitions", "validate", "-w", espace)
    assert fait.returncode == 0, fait.stdout + fait.stderr


def test_made_up_deliveries_are_for_a_checkout(installe: Installation) -> None:
    fait = installe.bilan("simuler", "fictif")
    assert fait.returncode == 2
    assert fait.stderr.startswith("Erreur : «bilan simuler» n'est pas dans le paquet installé")
    assert not (installe.ici / "fictif").exists()


@pytest.mark.parametrize(
    ("nom", "commande"), [("raw", ["refresh"]), ("warehouse", ["sql", "select 1"])]
)
def test_without_folders_it_says_which_one_is_missing(
    installe: Installation, tmp_path: Path, nom: str, commande: list[str]
) -> None:
    fait = Installation(installe.venv, tmp_path).bilan(*commande)
    assert fait.returncode == 2
    assert f"«{tmp_path / nom}»" in fait.stderr
