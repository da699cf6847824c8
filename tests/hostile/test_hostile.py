"""Whatever is delivered, `bilan` answers: an exit code, a reason in French, nothing else.

All the files of the corpus lie in one raw/ folder beside one good delivery. Each is checked by
`bilan verifier`, then one `bilan refresh` reads them all.
"""

import contextlib
import errno
import hashlib
import io
import os
import stat
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines.cli import executer
from pipelines.ingestion import octets
from tests.hostile import ecrire
from tests.hostile.corpus import ENTREES, LIEUX, Entree
from tests.hostile.mesure import MEMOIRE_MAX, SECONDES_MAX, Mesure, mesurer

BONNE = "ddcs/outils/2020-02.csv"
INTERDITS = ("Traceback", "Erreur inattendue", "panicked", "Exception")
FINS = ("ACCEPTÉ", "REFUSÉ", "Erreur : ")
RAPIDES = [entree for entree in ENTREES if not entree.lourde]
LOURDES = [entree for entree in ENTREES if entree.lourde]


@pytest.fixture(autouse=True)
def roadmap(feuille_courte: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAN_ROADMAP", str(feuille_courte))


def empreintes(raw: Path) -> dict[bytes, str]:
    """Every path under raw/ with its kind, and the bytes, size and time of ordinary files."""
    trouvees = {}
    for dossier, sous_dossiers, noms in os.walk(os.fsencode(raw)):
        for nom in [*sous_dossiers, *noms]:
            chemin = os.path.join(dossier, nom)  # noqa: PTH118
            etat = os.lstat(chemin)
            trouvees[chemin] = f"{etat.st_mode} {etat.st_mtime_ns}"
            if stat.S_ISREG(etat.st_mode):
                with open(chemin, "rb") as flux:  # noqa: PTH123
                    trouvees[chemin] += hashlib.file_digest(flux, "sha256").hexdigest()
    return trouvees


def repondre(arguments: list[str]) -> tuple[int, str]:
    """Run a command in this process; its exit code and all that it printed."""
    sortie = io.StringIO()
    with contextlib.redirect_stdout(sortie), contextlib.redirect_stderr(sortie):
        code = executer(arguments)
    return code, sortie.getvalue()


def fautes(entree: Entree, code: int, sortie: str) -> Iterator[str]:
    """What is wrong with an answer."""
    if code not in entree.codes:
        yield f"{entree.nom} : code {code}, attendu {sorted(entree.codes)}\n{sortie[-500:]}"
    if not any(fin in sortie for fin in FINS):
        yield f"{entree.nom} : aucune conclusion\n{sortie[-500:]}"
    if code == 2 and not sortie.partition("REFUSÉ")[2].strip(" :\n"):
        yield f"{entree.nom} : aucun motif"
    for mot in INTERDITS:
        if mot in sortie:
            yield f"{entree.nom} : «{mot}» dans la réponse\n{sortie[-500:]}"
    if entree.dit not in sortie:
        yield f"{entree.nom} : «{entree.dit}» n'est pas dit\n{sortie[-500:]}"


def verifier(raw: Path, entree: Entree) -> list[str]:
    return ["verifier", str(raw / entree.chemin), "--extrait", entree.extrait]


@dataclass(frozen=True)
class Depot:
    """The raw/ folder of all hostile files, and what lay in it when it was made."""

    raw: Path
    avant: dict[bytes, str]


@pytest.fixture(scope="module")
def depot(tmp_path_factory: pytest.TempPathFactory) -> Depot:
    raw = tmp_path_factory.mktemp("hostile") / "raw"
    for entree in RAPIDES:
        entree.ecrire(raw)
    poser_les_lieux(raw)
    return Depot(raw, empreintes(raw))


def poser_les_lieux(raw: Path) -> list[str]:
    """Lay what is no ordinary file in a raw/ folder, beside the good delivery; gives the paths."""
    chemins = [os.fsdecode(os.fsencode(raw) + b"/" + os.fsencode(lieu.chemin)) for lieu in LIEUX]
    for lieu, chemin in zip(LIEUX, map(Path, chemins), strict=True):
        chemin.parent.mkdir(parents=True, exist_ok=True)
        lieu.poser(chemin)
    (raw / BONNE).write_text(ecrire.bon("bonne"), encoding="utf-8")
    return chemins


def test_the_corpus_is_large_and_without_duplicates() -> None:
    assert len(ENTREES) >= 200
    assert len(LOURDES) <= 12
    assert [nom for nom, fois in Counter(e.nom for e in ENTREES).items() if fois > 1] == []


def test_the_corpus_is_always_the_same(tmp_path: Path) -> None:
    for entree in RAPIDES[::10]:
        premier = entree.ecrire(tmp_path).read_bytes()
        assert entree.ecrire(tmp_path).read_bytes() == premier, entree.nom


def test_every_file_gets_an_answer(depot: Depot) -> None:
    trouvees: list[str] = []
    lentes: list[str] = []
    for entree in RAPIDES:
        debut = time.monotonic()
        code, sortie = repondre(verifier(depot.raw, entree))
        if time.monotonic() - debut > SECONDES_MAX:
            lentes.append(entree.nom)
        trouvees += fautes(entree, code, sortie)
    assert not trouvees, "\n".join(trouvees)
    assert not lentes
    assert empreintes(depot.raw) == depot.avant


@pytest.mark.parametrize("entree", LOURDES, ids=lambda entree: entree.nom)
def test_a_heavy_file_stays_within_its_limits(entree: Entree, tmp_path: Path) -> None:
    chemin = entree.ecrire(tmp_path)
    avant = empreintes(tmp_path)
    mesure: Mesure = mesurer(verifier(tmp_path, entree))
    assert not list(fautes(entree, mesure.code, mesure.sortie))
    assert mesure.memoire < MEMOIRE_MAX, f"{mesure.memoire / 1e6:.0f} Mo"
    assert mesure.secondes < SECONDES_MAX
    assert empreintes(tmp_path) == avant
    chemin.unlink()


def test_verifier_has_an_answer_for_what_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder of their own: those that lead to a folder have all of its files checked."""
    raw = tmp_path / "raw"
    chemins = poser_les_lieux(raw)
    avant = empreintes(raw)
    (tmp_path / "vide").mkdir()
    monkeypatch.chdir(tmp_path / "vide")
    chemins += [str(tmp_path / "vide"), str(tmp_path / "absent.csv"), "a" * 5000 + ".csv", "", "."]
    chemins += ["/dev/null", "/dev/zero", "/proc/self/mem", "/etc/passwd/x.csv"]
    for chemin in chemins:
        code, sortie = repondre(["verifier", chemin, "--extrait", "ddcs/outils"])
        assert code in {0, 1, 2}, chemin
        assert any(fin in sortie for fin in FINS), (chemin, sortie)
        assert not [mot for mot in INTERDITS if mot in sortie], (chemin, sortie)
    assert empreintes(raw) == avant


def test_a_refresh_publishes_and_says_everything(depot: Depot, tmp_path: Path) -> None:
    mesure = mesurer(
        ["refresh", "--raw", str(depot.raw), "--warehouse", str(tmp_path), "--depuis", "2020-03"],
        600,  # a minute is for one file; here are all of them
    )
    assert mesure.code == 1, mesure.sortie[-2000:]
    assert not [mot for mot in INTERDITS if mot in mesure.sortie]
    assert mesure.memoire < MEMOIRE_MAX, f"{mesure.memoire / 1e6:.0f} Mo"
    with duckdb.connect(tmp_path / "entrepot.duckdb", read_only=True) as con:
        lignes = con.execute("select fichier, statut, motif from qualite.livraisons").fetchall()
    listees = {fichier: (statut, motif) for fichier, statut, motif in lignes}
    assert len(listees) == len(lignes)
    assert listees[BONNE] == ("acceptee", None)
    attendues = {entree.chemin: entree.codes for entree in RAPIDES}
    attendues |= {chemin: lieu.codes for lieu in LIEUX for chemin in lieu.listes}
    attendues[BONNE] = frozenset({0})
    assert set(listees) == {str_lisible(chemin) for chemin in attendues}
    for chemin, codes in attendues.items():
        statut, motif = listees[str_lisible(chemin)]
        assert statut in ({"refusee"} if codes == {2} else {"acceptee", "refusee"}), chemin
        assert bool(motif) == (statut == "refusee"), chemin
    assert empreintes(depot.raw) == depot.avant


def str_lisible(chemin: str) -> str:
    """A path as it can be stored: bytes that are not text are replaced."""
    return os.fsencode(chemin).decode("utf-8", "replace")


def test_a_raw_folder_that_cannot_serve_is_said(tmp_path: Path) -> None:
    fichier = tmp_path / "raw.csv"
    fichier.write_text("x", encoding="utf-8")
    tube = tmp_path / "tube"
    os.mkfifo(tube)
    (tmp_path / "vide").mkdir()
    for raw in (fichier, tube, tmp_path / "vide"):
        code, sortie = repondre(
            ["refresh", "--raw", str(raw), "--warehouse", str(tmp_path / "entrepot")]
        )
        assert code == 2, (raw, sortie)
        assert "Erreur : " in sortie
        assert not [mot for mot in INTERDITS if mot in sortie], (raw, sortie)
        assert not (tmp_path / "entrepot" / "entrepot.duckdb").exists()


def test_without_the_right_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights are refused by a stand-in: root, under whom tests may run, reads everything."""

    def refuser(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(fichier.parent))

    fichier = tmp_path / "ddcs" / "outils" / "2020-03.csv"
    fichier.parent.mkdir(parents=True)
    fichier.write_text(ecrire.bon("ferme"), encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(octets, "Tenu", refuser)
        code, sortie = repondre(["verifier", str(fichier)])
        assert (code, "ne se lit pas" in sortie) == (2, True)
    vrai = os.scandir
    monkeypatch.setattr(
        os, "scandir", lambda ou: refuser() if str(ou).endswith("outils") else vrai(ou)
    )
    refresh = ["refresh", "--raw", str(tmp_path), "--warehouse", str(tmp_path / "entrepot")]
    code, sortie = repondre(refresh)
    assert (code, "Erreur : " in sortie, "ne se lit pas" in sortie) == (2, True, True)
