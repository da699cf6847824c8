"""A disk that fills up, really: a small one, mounted for the test (root only, else skipped).

Slow, as each fault is that of a refresh. Faults follow each other in the same warehouse: each
begins from what the one before has left, and the last refresh from what they all have.
"""

import shutil
from pathlib import Path

import pytest

from pipelines.instance import MODELE
from tests.pannes.conftest import Attendus
from tests.pannes.essais import Lieu, intact, petit_disque, se_remet, une_phrase


def test_the_disk_of_the_warehouse_is_full(attendus: Attendus, tmp_path: Path) -> None:
    """At each moment, which the refresh would not come to if it had not recovered."""
    with petit_disque(tmp_path / "disque", "64m") as disque:
        lieu = attendus.depart.copier(disque / "lieu")
        bouchon = disque / "bouchon"
        for moment in ("début", "garder", "valoriser", "reconduire", "eprouver"):
            # Full as it still is, what it says is the same: filled again, with what the first
            # released.
            for quand in (moment, "début"):
                code, erreurs = lieu.rafraichir("remplir", str(bouchon), quand)
                assert (code, bouchon.exists()) == (2, True), (moment, erreurs)
                une_phrase(erreurs, "Le disque est plein")
                intact(lieu, attendus.ancien)
            bouchon.unlink()
        se_remet(lieu, attendus.nouveau)


def test_a_disk_too_small(lieu: Lieu, attendus: Attendus) -> None:
    """Its size, and not the test, decides where it is full."""
    for place in ("16k", "1m", "6m", "10m"):
        with petit_disque(lieu.warehouse / ".chantier", place):
            code, erreurs = lieu.rafraichir()
            assert code == 2, place
            une_phrase(erreurs, "Le disque est plein")
            intact(lieu, attendus.ancien)
    se_remet(lieu, attendus.nouveau)


def test_no_room_for_kept_readings(attendus: Attendus, tmp_path: Path) -> None:
    lieu = attendus.depart.copier(tmp_path / "lieu")
    with petit_disque(tmp_path / "autre", "8k") as disque:
        gardees = lieu.warehouse / ".gardees"
        shutil.rmtree(gardees)
        gardees.symlink_to(disque)
        assert lieu.rafraichir()[0] == 0
        intact(lieu, attendus.nouveau)
        assert not list(disque.rglob("*.tmp"))
        se_remet(lieu, attendus.nouveau)


def test_no_room_for_temporary_files(lieu: Lieu, attendus: Attendus) -> None:
    code, erreurs = lieu.rafraichir("manquer_de_memoire", "60MB", "1MB")
    assert code == 2
    une_phrase(erreurs, "Le disque est plein")
    intact(lieu, attendus.ancien)
    se_remet(lieu, attendus.nouveau)


@pytest.mark.parametrize("moment", ["début", "valoriser"])
def test_the_disk_of_dagster_is_full(
    lieu: Lieu, attendus: Attendus, tmp_path: Path, moment: str
) -> None:
    with petit_disque(tmp_path / "disque", "16m") as disque:
        dagster, bouchon = disque / "dagster", disque / "bouchon"
        code, erreurs = lieu.rafraichir("remplir", str(bouchon), moment, DAGSTER_HOME=str(dagster))
        assert code == 2
        assert "Traceback" not in erreurs
        assert "place" in erreurs.splitlines()[-1]
        intact(lieu, attendus.ancien)
        bouchon.unlink()
        code, _ = lieu.rafraichir(DAGSTER_HOME=str(dagster))
        assert code == 0
        intact(lieu, attendus.nouveau)
        reglages = (dagster / "dagster.yaml").read_bytes()
        assert reglages == MODELE.read_bytes()
