"""Programs that begin and end together: none is left, whatever ends, and what they say is kept."""

import os
import signal
import threading
from pathlib import Path

import pytest

from pipelines import troupe as module
from pipelines.erreurs import Faute
from pipelines.troupe import Troupe
from tests.interface.navigateur import PATIENCE, attendre, vivant

DORMIR = "import time; print('prêt', flush=True); time.sleep(3600)"
ENFANT = f"""
import os, subprocess, sys
print(subprocess.Popen([sys.executable, "-c", {DORMIR!r}]).pid, flush=True)
"""
SOURD = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); {DORMIR}"


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "interface.log"


def python(programme: str) -> list[str]:
    return ["python", "-c", programme]


def attendre_mort(troupe: Troupe) -> str:
    """Wait for a program to end; gives what is said of it."""

    def dit() -> str:
        try:
            troupe.veiller()
        except Faute as faute:
            return str(faute)
        return ""

    return str(attendre(dit, "la fin d'un programme"))


def prets(journal: Path, nombre: int = 1) -> bool:
    return journal.read_text(encoding="utf-8").count("prêt") == nombre


def pids(troupe: Troupe) -> list[int]:
    return [programme.pid for programme in troupe._programmes.values()]


@pytest.mark.parametrize("mort", [0, 1, 2])
def test_all_end_when_one_does(journal: Path, mort: int) -> None:
    with Troupe(journal) as troupe:
        for nom in ("Un", "Deux", "Trois"):
            troupe.lancer(nom, python(DORMIR))
        attendre(lambda: prets(journal, 3), "les programmes")
        troupe.veiller()
        membres = pids(troupe)
        os.kill(membres[mort], signal.SIGKILL)
        dit = attendre_mort(troupe)
        assert dit.startswith(("Un", "Deux", "Trois")[mort] + " s'est arrêté")
        assert str(journal) in dit
    assert not any(map(vivant, membres))


def test_the_child_of_one_that_died_ends_too(journal: Path) -> None:
    with Troupe(journal) as troupe:
        troupe.lancer("Un", python(ENFANT))
        attendre_mort(troupe)
        attendre(lambda: prets(journal), "l'enfant")
        enfant = int(journal.read_text(encoding="utf-8").split()[0])
        assert vivant(enfant)
    attendre(lambda: not vivant(enfant), "la fin de l'enfant")  # its pipe closes just before


def test_one_that_does_not_listen_is_killed(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    issues = ((signal.SIGINT, 0.5), (signal.SIGKILL, float(PATIENCE)))
    monkeypatch.setattr(module, "_ISSUES", issues)
    with Troupe(journal) as troupe:
        troupe.lancer("Un", python(SOURD))
        attendre(lambda: prets(journal), "le programme")
        [membre] = pids(troupe)
    assert not vivant(membre)


def test_a_second_interruption_kills_at_once(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issues = ((signal.SIGINT, float(PATIENCE)), (signal.SIGKILL, float(PATIENCE)))
    monkeypatch.setattr(module, "_ISSUES", issues)
    with Troupe(journal) as troupe:
        troupe.lancer("Un", python(SOURD))
        attendre(lambda: prets(journal), "le programme")
        [membre] = pids(troupe)
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    assert not vivant(membre)


def test_what_they_say_is_kept_and_the_file_does_not_grow(
    journal: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "TAILLE", 10_000)
    journal.write_text("de la fois d'avant", encoding="utf-8")
    with Troupe(journal) as troupe:
        troupe.lancer("Un", python("import sys; print('é' * 50 + '\\n' * 90_000, file=sys.stderr)"))
        troupe.lancer("Deux", python("for n in range(2_000): print(f'ligne {n}')"))
        attendre_mort(troupe)
    ensemble = sorted(journal.parent.iterdir())
    assert [chemin.name for chemin in ensemble] == ["interface.log", "interface.log.1"]
    assert all(chemin.stat().st_size <= 10_000 for chemin in ensemble)
    assert "avant" not in "".join(chemin.read_text(encoding="utf-8") for chemin in ensemble)
    assert capfd.readouterr() == ("", "")


def test_the_last_words_are_in_the_journal(journal: Path) -> None:
    with Troupe(journal) as troupe:
        troupe.lancer("Un", python("raise SystemExit('à l’aide')"))
        attendre_mort(troupe)
    assert journal.read_text(encoding="utf-8") == "à l’aide\n"
