"""What takes much memory: read apart, within a limit, with the same result or a refusal."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import openpyxl  # type: ignore[import-untyped]
import pytest

from pipelines import isolement
from pipelines.cli import executer
from pipelines.erreurs import Refus
from pipelines.feuille_de_route import DOSSIER
from pipelines.gardees import Gardees
from pipelines.ingestion import depot, examens
from pipelines.isolement import Isolement, lourd
from tests.ingestion.essais import CLE, Charge, charger, ecrire, toutes

ICI = "tests.ingestion.test_isolement"
AVDL = "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees\n"
JUSTE = AVDL + "2019;Alpha;59;10;4;6\n2019;Beta;02;x;1;2\nTotal;;;10;4;6\n"


def doubler(nombre: int) -> int:
    return 2 * nombre


def gaver(octets: int) -> int:
    return len(bytearray(octets))


def grossir() -> None:
    pris = []
    for _ in range(1000):
        pris.append(b"x" * (16 << 20))
        time.sleep(0.01)


def mourir() -> None:
    os.abort()


def attendre(secondes: float) -> None:
    time.sleep(secondes)


def attendre_que(chemin: Path) -> None:
    while not chemin.exists():
        time.sleep(0.05)


@pytest.fixture
def tout_est_lourd(monkeypatch: pytest.MonkeyPatch) -> None:
    for nom in ("_CSV_LEGER", "_CLASSEUR_LEGER"):
        monkeypatch.setattr(isolement, nom, -1)


@pytest.fixture
def sans_memoire(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes apart have 512 MB."""
    monkeypatch.setattr(isolement, "MEMOIRE_MAX", 512 << 20)


@pytest.fixture
def immense(tmp_path: Path) -> Path:
    """A workbook of 600 MB that takes no room on the disk."""
    chemin = tmp_path / "raw" / "logement" / "avdl" / "2019-12_62.xlsx"
    chemin.parent.mkdir(parents=True)
    with chemin.open("wb") as flux:
        flux.truncate(600 << 20)
    return chemin


def test_what_asks_for_too_much_is_refused_and_the_others_have_their_result() -> None:
    with Isolement() as apart:
        appels = [
            apart.soumettre(f"{ICI}:doubler", 2),
            apart.soumettre(f"{ICI}:gaver", 5 << 30),
            apart.soumettre(f"{ICI}:gaver", 1 << 20),
        ]
        assert appels[0]() == 4
        with pytest.raises(Refus, match="plus de 2 Go"):
            appels[1]()
        assert appels[2]() == 1 << 20


@pytest.mark.usefixtures("sans_memoire")
def test_what_takes_too_much_little_by_little_is_refused() -> None:
    with Isolement() as apart:
        appel = apart.soumettre(f"{ICI}:grossir")
        with pytest.raises(Refus, match="plus de 2 Go"):
            appel()
        assert apart.soumettre(f"{ICI}:doubler", 2)() == 4


def test_what_dies_is_refused_and_the_others_have_their_result() -> None:
    with Isolement() as apart:
        appels = [
            apart.soumettre(f"{ICI}:doubler", 2),
            apart.soumettre(f"{ICI}:mourir"),
            apart.soumettre(f"{ICI}:doubler", 3),
        ]
        assert appels[2]() == 6
        with pytest.raises(Refus):
            appels[1]()
        assert appels[0]() == 4


def test_what_was_under_way_beside_a_death_leaves_later_calls_alone(tmp_path: Path) -> None:
    with Isolement() as apart:
        cote = apart.soumettre(f"{ICI}:attendre_que", tmp_path / "fini")
        mort = apart.soumettre(f"{ICI}:mourir")
        apart.soumettre(f"{ICI}:doubler", 1)  # a death is noticed at the next event
        with pytest.raises(Refus):
            mort()
        tards = [apart.soumettre(f"{ICI}:doubler", n) for n in range(40)]
        (tmp_path / "fini").touch()
        cote()
        assert [tard() for tard in tards] == [2 * n for n in range(40)]


def test_processes_end_with_the_one_that_made_them() -> None:
    """Killed outright, it has no time to tell them."""
    programme = (
        "import sys\n"
        "from pipelines.isolement import Isolement\n"
        "if __name__ == '__main__':\n"
        "    apart = Isolement()\n"
        f"    apart.soumettre('{ICI}:doubler', 1)()\n"
        f"    apart.soumettre('{ICI}:attendre', 600.0)\n"
        "    print(*apart._troupe._processes, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    parent = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", programme], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    with parent:
        enfants = [int(n) for n in parent.stdout.readline().split()]
        parent.kill()
    assert enfants
    for _ in range(300):
        if not any(map(_vit, enfants)):
            return
        time.sleep(0.1)
    for enfant in enfants:
        with suppress(ProcessLookupError):
            os.kill(enfant, signal.SIGKILL)
    pytest.fail("un processus survit à celui qui l'a lancé")


def _vit(numero: int) -> bool:
    with suppress(FileNotFoundError):
        return ") Z" not in Path(f"/proc/{numero}/stat").read_text(encoding="utf-8")
    return False


@pytest.mark.parametrize("pourquoi", ["lourds", "nombreux"])
def test_a_file_read_apart_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, pourquoi: str
) -> None:
    """Its rows, rejections, doubts and the counts of its delivery."""
    if pourquoi == "lourds":
        request.getfixturevalue("tout_est_lourd")
    else:
        monkeypatch.setattr(examens, "_BEAUCOUP", 1)
    vus = [
        _vue(
            charger(tmp_path / "raw", "logement/avdl", {"2019-12.csv": JUSTE}, CLE, gardees, (), r)
        )
        for gardees, r in (
            (Gardees(tmp_path / "ici", CLE), None),
            (Gardees(tmp_path / "apart", CLE), DOSSIER),
        )
    ]
    assert vus[0] == vus[1]
    assert vus[0][0]  # there are rows to compare


def test_files_are_read_apart_where_many_are_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two new ones are many, one is not; those that were read are not read again."""
    soumis: list[str] = []
    vrai = Isolement.soumettre

    def soumettre(
        isolement: Isolement, nom: str, chemin: Path, *arguments: object
    ) -> Callable[[], Any]:
        soumis.append(chemin.name)
        return vrai(isolement, nom, chemin, *arguments)

    monkeypatch.setattr(Isolement, "soumettre", soumettre)
    monkeypatch.setattr(examens, "_BEAUCOUP", 2)
    for nouveaux, attendus in (
        (["2019-11.csv"], []),
        (["2019-10.csv"], []),
        (["2019-08.csv", "2019-09.csv"], ["2019-08.csv", "2019-09.csv"]),
    ):
        soumis.clear()
        gardees = Gardees(tmp_path / "gardees", CLE)
        fichiers = {nom: JUSTE.replace("Alpha", nom[:7]) for nom in nouveaux}
        charge = charger(tmp_path / "raw", "logement/avdl", fichiers, CLE, gardees, (), DOSSIER)
        assert soumis == attendus
    assert len(charge.sql("from livraisons.logement_avdl")) == 4 * 1


def test_new_files_of_two_extracts_are_counted_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One in each is many, where two are; `examiner` finds them begun, and asks for no other."""
    soumis: list[str] = []

    def soumettre(_: Isolement, nom: str, chemin: Path, *autres: object) -> Callable[[], Any]:
        soumis.append(chemin.parent.name)
        return partial(isolement.appeler, nom, chemin, *autres)

    monkeypatch.setattr(Isolement, "soumettre", soumettre)
    monkeypatch.setattr(examens, "_BEAUCOUP", 2)
    raw, regles = tmp_path / "raw", toutes()
    for extrait in ("logement/avdl", "ddcs/outils"):
        ecrire(raw / extrait / "2019-12.csv", JUSTE)
    fichiers = depot.inventaire(raw, regles, b"secret")
    with (
        duckdb.connect() as con,
        examens.Examens(raw, CLE, Gardees(tmp_path / "gardees", CLE), DOSSIER) as vus,
    ):
        vus.prevoir(fichiers, regles)
        assert soumis == ["outils", "avdl"]
        statuts = [vus.examiner(con, f, regles[f.extrait]).statut for f in fichiers]
    assert statuts == ["refusee", "acceptee"]
    assert soumis == ["outils", "avdl"]


def _vue(charge: Charge) -> list[object]:
    return [
        charge.sql("from livraisons.logement_avdl order by all"),
        charge.rejets(),
        charge.sql("from qualite.livraisons"),
        charge.sql("from qualite.doutes"),
    ]


@pytest.mark.usefixtures("sans_memoire")
def test_a_file_too_large_for_memory_is_refused_and_the_others_load(
    tmp_path: Path, immense: Path
) -> None:
    fichiers = {"2019-12_59.csv": JUSTE}
    charge = charger(
        tmp_path / "raw", "logement/avdl", fichiers, CLE, Gardees(tmp_path / "g", CLE), (), DOSSIER
    )
    assert [
        (b.fichier.nom, b.statut, b.acceptees, b.octets, b.motif) for b in charge.bilans.values()
    ] == [
        ("2019-12_59.csv", "acceptee", 1, len(JUSTE), None),
        (immense.name, "refusee", 0, 600 << 20, isolement.TROP),
    ]
    assert all(b.sha256 for b in charge.bilans.values())


@pytest.mark.usefixtures("sans_memoire")
def test_a_csv_larger_than_memory_is_read_to_its_end(tmp_path: Path, immense: Path) -> None:
    """560 MB of empty lines, where processes have 512."""
    csv = immense.rename(immense.with_suffix(".csv"))
    vides = (b" " * 1023 + b"\n") * 1024
    with csv.open("wb") as flux:
        flux.write(JUSTE.encode())
        for _ in range(560):
            flux.write(vides)
    charge = charger(
        tmp_path / "raw", "logement/avdl", {}, CLE, Gardees(tmp_path / "g", CLE), (), DOSSIER
    )
    [lue] = charge.bilans.values()
    assert (lue.statut, lue.motif, lue.acceptees) == ("acceptee", None, 1)
    assert lue.octets == len(JUSTE) + (560 << 20)


@pytest.mark.usefixtures("sans_memoire")
@pytest.mark.parametrize("commande", ["verifier", "correspondre"])
def test_a_command_says_that_a_file_is_too_large(
    immense: Path, commande: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert executer([commande, str(immense)]) == 2
    dit = capsys.readouterr()
    assert f"REFUSÉ, rien ne serait chargé :\n  - {isolement.TROP}" in dit.out
    assert not dit.err


@pytest.mark.usefixtures("sans_memoire")
def test_a_folder_with_a_file_too_large_is_checked_to_its_end(
    immense: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    immense.with_name("2019-12_80.csv").write_text(AVDL + "2019;Beta;80;9;1;2\n", encoding="utf-8")
    assert executer(["verifier", str(immense.parent)]) == 2
    table = [ligne.split() for ligne in capsys.readouterr().out.splitlines()]
    assert [immense.name, "REFUSÉ"] in table
    assert ["2019-12_80.csv", "1", "0", "0", "0", "accepté"] in table


@pytest.mark.usefixtures("tout_est_lourd")
@pytest.mark.parametrize(("rangee", "code"), [("2019;Beta;02;9;1;2\n", 0), ("2019;;02;9;1;2\n", 2)])
def test_a_large_file_has_the_verdict_of_a_small_one(
    tmp_path: Path, rangee: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    chemin = tmp_path / "2019-12.csv"
    chemin.write_text(AVDL + rangee, encoding="utf-8")
    arguments = ["verifier", str(chemin), "--extrait", "logement/avdl"]
    assert executer(arguments) == code
    apart = capsys.readouterr()
    with pytest.MonkeyPatch.context() as correctif:
        correctif.setattr(isolement, "_CSV_LEGER", 1 << 20)
        assert executer(arguments) == code
    assert capsys.readouterr() == apart


def test_what_is_large_is_told_by_size_before_anything_is_read(tmp_path: Path) -> None:
    csv = tmp_path / "x.csv"
    for taille, attendu in ((4 << 20, False), ((4 << 20) + 1, True)):
        with csv.open("wb") as flux:
            flux.truncate(taille)
        assert lourd(csv) is attendu
    classeur = tmp_path / "x.xlsx"
    for deplie, attendu in ((8 << 20, False), ((8 << 20) + 1, True)):
        with zipfile.ZipFile(classeur, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.xml", b" " * deplie)
        assert lourd(classeur) is attendu
    ancien = tmp_path / "x.xls"
    ancien.write_bytes(b"\xd0\xcf" * (128 << 10))
    assert not lourd(ancien)
    ancien.write_bytes(b"\xd0\xcf" * (128 << 10) + b" ")
    assert lourd(ancien)
    assert not lourd(tmp_path / "absent.csv")
    os.mkfifo(tmp_path / "tube.xlsx")
    assert not lourd(tmp_path / "tube.xlsx")
    assert not lourd(Path("/dev/zero"))


@pytest.mark.parametrize(
    ("piece", "fin"),
    [("xl/workbook.xml", "</workbook>"), ("xl/_rels/workbook.xml.rels", "</Relationships>")],
)
def test_a_part_that_is_parsed_whole_has_a_limit(
    tmp_path: Path, piece: str, fin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nine megabytes of comment in a part that a workbook of 200 sheets fills with 40 kB."""
    modele = tmp_path / "modele.xlsx"
    livre = openpyxl.Workbook()
    for rangee in (AVDL.strip().split(";"), [2019, "Beta", "02", 9, 1, 2]):
        livre.active.append(rangee)
    livre.save(modele)
    chemin = tmp_path / "2019-12.xlsx"
    for long, code in ((7 << 20, 0), (9 << 20, 2)):
        with zipfile.ZipFile(modele) as avant, zipfile.ZipFile(chemin, "w") as apres:
            for nom in avant.namelist():
                contenu = avant.read(nom)
                if nom == piece:
                    contenu = contenu.replace(
                        fin.encode(), b"<!--" + b"x" * long + b"-->" + fin.encode()
                    )
                apres.writestr(nom, contenu)
        assert executer(["verifier", str(chemin), "--extrait", "logement/avdl"]) == code
    assert "démesuré" in capsys.readouterr().out
