"""What a refresh costs, step by step: whose time is whose, and how it is said."""

import io
import mmap
import os
import subprocess
import sys
import time

import pytest

from pipelines import profil
from pipelines.profil import Cout, Profil

GRAND = 64 << 20


@pytest.fixture
def seul(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what other tests started from this process: it burns and holds as it likes."""
    monkeypatch.setattr(profil, "_descendants", lambda _: iter(()))


def bruler(secondes: float) -> None:
    """Take the processor for so long."""
    fin = time.process_time() + secondes
    while time.process_time() < fin:
        pass


@pytest.mark.usefixtures("seul")
def test_what_a_step_asks_for_is_not_its_own_cost() -> None:
    with Profil() as couts:
        with couts.mesurer("faits", 2):
            bruler(0.05)
            with couts.mesurer("livraisons", 3):
                bruler(0.2)
        with couts.mesurer("faits", 1):
            pass
    faits, livraisons = couts.couts["faits"], couts.couts["livraisons"]
    assert livraisons.processeur >= 0.2
    assert 0.05 <= faits.processeur < 0.2
    assert (faits.faits, livraisons.faits) == (2 + 1, 3)


def test_a_process_that_a_step_starts_is_counted() -> None:
    programme = "import time; octets = bytes(64 << 20); fin = time.process_time() + 0.3\n"
    programme += "while time.process_time() < fin: pass"
    with Profil() as couts, couts.mesurer("plausibilite", 1):
        subprocess.run([sys.executable, "-c", programme], check=True)  # noqa: S603
    cout = couts.couts["plausibilite"]
    assert cout.processeur >= 0.3
    assert cout.memoire > profil._prise(os.getpid())


@pytest.mark.usefixtures("seul")
def test_memory_is_the_most_that_was_held_meanwhile() -> None:
    with Profil() as couts:
        # Pages of their own: octets may be laid in memory that earlier tests left free.
        with couts.mesurer("un", 1), mmap.mmap(-1, GRAND) as pages:
            pages.write(b"\1" * GRAND)
            time.sleep(4 * profil._GUET)
        with couts.mesurer("deux", 1):
            time.sleep(4 * profil._GUET)
    assert couts.couts["un"].memoire >= couts.couts["deux"].memoire + GRAND // 2


def test_the_table_says_what_was_kept_and_sums_up() -> None:
    with Profil() as couts:
        with couts.mesurer("indicateurs", 2):
            pass
        couts.compter(["indicateurs"] * 5 + ["faits"])
    couts.couts["indicateurs"].mur, couts.couts["indicateurs"].processeur = 1.26, 2.5
    couts.couts["indicateurs"].memoire = 300 << 20
    flux = io.StringIO()
    couts.imprimer(flux)
    lignes = [ligne.split() for ligne in flux.getvalue().splitlines()]
    assert " ".join(lignes[0]) == "Étape s s de processeur Mo au plus calculés gardés"
    assert ["indicateurs", "1,3", "2,5", "300", "2", "3"] in lignes
    assert ["faits", "0,0", "0,0", "0", "1"] in lignes
    assert lignes[-1][:2] == ["en", "tout"]


@pytest.mark.parametrize("moins", [0.0, 1.5])
def test_a_cost_without_another(moins: float) -> None:
    ecart = Cout(3.5, 2.5, 7, 1, 1).moins(Cout(moins, moins, 5))
    assert (ecart.mur, ecart.processeur, ecart.memoire) == (3.5 - moins, 2.5 - moins, 7)
