"""The demonstration kept in raw/: the same bytes each time, small, named and described rightly."""

import io
import re
import subprocess
import zipfile
from pathlib import Path
from random import Random

import pytest

from pipelines.simulation import ars, ddcs_conventions, ddcs_projets, ofii, rectorat
from pipelines.simulation.communs import repartir
from pipelines.simulation.demonstration import fichiers, gitignore
from pipelines.simulation.ecriture import Fichier

RAW = Path(__file__).parents[2] / "raw"
CHEMIN = re.compile(
    r"(ofii|ddcs|ars|logement|rectorat|service_civique)/[a-z_]+/"
    r"\d{4}-(0[1-9]|1[0-2])(_[^./]+)?(\.v[2-9])?\.(csv|xlsx|ods)"
)
EXTRAITS = 15


@pytest.fixture(scope="module")
def ecrits() -> list[Fichier]:
    return list(fichiers())


def comparable(chemin: str, octets: bytes) -> object:
    """A workbook by what it holds: how zlib packs it may change from one machine to another."""
    if not chemin.endswith((".xlsx", ".ods")):
        return octets
    with zipfile.ZipFile(io.BytesIO(octets)) as classeur:
        return {nom: classeur.read(nom) for nom in classeur.namelist()}


@pytest.mark.parametrize("source", [ars, rectorat, ddcs_conventions])
def test_the_same_seed_gives_the_same_bytes(source: object) -> None:
    livraisons = source.livraisons  # type: ignore[attr-defined]
    premiers, seconds = (list(livraisons(Random(1))) for _ in range(2))  # noqa: S311
    assert {f.chemin: f.contenu() for f in premiers} == {f.chemin: f.contenu() for f in seconds}


def test_raw_is_what_the_generator_writes(ecrits: list[Fichier]) -> None:
    """Files that git ignores may be there too: nobody looks at them."""
    changes = [
        fichier.chemin
        for fichier in ecrits
        if comparable(fichier.chemin, (RAW / fichier.chemin).read_bytes())
        != comparable(fichier.chemin, fichier.contenu())
    ]
    assert changes == []


def test_all_extracts_are_delivered_under_proper_names(ecrits: list[Fichier]) -> None:
    assert [f.chemin for f in ecrits if not CHEMIN.fullmatch(f.chemin)] == []
    assert len({f.extrait for f in ecrits}) == EXTRAITS
    assert len({f.chemin for f in ecrits}) == len(ecrits)


def test_raw_stays_small(ecrits: list[Fichier]) -> None:
    assert sum((RAW / fichier.chemin).stat().st_size for fichier in ecrits) < 4_000_000


def git(ou: Path, *arguments: str) -> list[str]:
    """Git, whatever the settings and the owner of the folder."""
    reglages = ["-c", "safe.directory=*", "-c", "core.excludesFile=/dev/null"]
    commande = ["git", "-C", str(ou), *reglages, *arguments]
    return subprocess.run(commande, check=True, capture_output=True, text=True).stdout.splitlines()  # noqa: S603


def test_git_takes_the_demonstration_only(ecrits: list[Fichier], tmp_path: Path) -> None:
    """Whatever is dropped in raw/, `git add -A` commits nobody's data."""
    fictifs = {fichier.chemin for fichier in ecrits}
    autres = {
        "ofii/cir_signataires/2031-05.csv",
        "ofii/cir_signataires/2019-04.xlsx",
        "ofii/cir_signataires/2019-04.csv.bak",
        "ofii/liste.csv",
        "ofii/cir_signataires/copie/2019-04.csv",
        "caf/prestations/2020-01.xlsx",
        "README.txt",
    }
    depot = tmp_path / "raw"
    for chemin in (*fictifs, *autres):
        (depot / chemin).parent.mkdir(parents=True, exist_ok=True)
        (depot / chemin).touch()
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    assert {f"raw/{chemin}" for chemin in autres} <= set(git(tmp_path, "ls-files"))
    git(tmp_path, "rm", "-rq", "--cached", "raw")

    (depot / ".gitignore").write_bytes((RAW / ".gitignore").read_bytes())
    git(tmp_path, "add", "-A")
    assert set(git(depot, "ls-files")) == fictifs | {".gitignore"}


def test_git_ignores_what_the_generator_does_not_write(ecrits: list[Fichier]) -> None:
    assert (RAW / ".gitignore").read_text(encoding="utf-8") == gitignore(ecrits)
    if not (RAW.parent / ".git").exists():
        pytest.skip("ce n'est pas un clone")
    assert git(RAW, "check-ignore", "ofii/cir_signataires/2031-05.csv")
    assert git(RAW, "ls-files", "--cached", "--ignored", "--exclude-standard") == []


def luhn(numero: str) -> bool:
    doubles = [int(chiffre) * (1 + rang % 2) for rang, chiffre in enumerate(reversed(numero))]
    return sum(double // 10 + double % 10 for double in doubles) % 10 == 0


def test_every_siret_is_valid_but_one(ecrits: list[Fichier]) -> None:
    numeros = ddcs_projets.SIRETS.values()
    assert len(set(numeros)) == len(numeros)
    assert all(len(n) == 14 and luhn(n) and luhn(n[:9]) for n in numeros)
    faux = [
        (fichier.chemin, ligne["siret"])
        for fichier in ecrits
        for ligne in fichier.lignes
        if ligne.get("siret") and not luhn(str(ligne["siret"]).replace(" ", ""))
    ]
    assert [chemin for chemin, _ in faux] == ["ddcs/projets/2019-07_80.csv"]


def test_the_readme_names_delivered_files_only(ecrits: list[Fichier]) -> None:
    nommes = re.findall(
        r"`([a-z_]+/[a-z_]+/\d[^`]*\.(?:csv|xlsx))`", (RAW / "README.md").read_text()
    )
    assert len(nommes) > 30
    assert set(nommes) - {fichier.chemin for fichier in ecrits} == set()


@pytest.mark.parametrize(("mois", "faute"), ofii.FAUTES)
def test_the_readme_says_where_the_faults_of_ofii_are(
    ecrits: list[Fichier], mois: str, faute: ofii.Contrat
) -> None:
    (fautif,) = (
        fichier.chemin
        for fichier in ecrits
        if fichier.extrait == ofii.EXTRAIT and fichier.nom.startswith(mois)
        if any(faute.items() <= ligne.items() for ligne in fichier.lignes)
    )
    assert f"| `{fautif}` |" in (RAW / "README.md").read_text()


def test_what_is_shared_out_adds_up() -> None:
    assert repartir(10, [1, 1, 1]) == [4, 3, 3]
    assert repartir(7, [5, 0, 0], minimum=1) == [5, 1, 1]
    with pytest.raises(ValueError, match="ne se répartit pas"):
        repartir(2, [1, 1, 1], minimum=1)
