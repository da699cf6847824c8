"""kill -9 around the renamings of a publication, and of a parent alone; readers meanwhile."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from pipelines.edition import manifeste
from pipelines.entrepot import chantier
from tests.pannes.conftest import Attendus
from tests.pannes.essais import REGION, Contenu, Lieu, intact, lire, se_remet
from tests.pannes.moule import AVEC_PAGES


@pytest.mark.parametrize("avant", [0, 1, 2, 3, 4])
def test_kill_9_around_each_renaming(lieu: Lieu, attendus: Attendus, avant: int) -> None:
    """The file is replaced by the first one; pages, by two; what it rests on is noted by the last.

    Pages are kept with what plausibility found. A refresh that judges again, as where the file was
    replaced and nothing noted, finds none here, and leaves those that are there.
    """
    pages = lieu.warehouse / "plausibilite"
    pages.mkdir()
    (pages / "index.html").write_text("avant", encoding="utf-8")
    code, _ = lieu.rafraichir("ecrire_des_pages", "après", "mourir", avant)
    assert code == (-signal.SIGKILL if avant < 4 else 0)
    intact(lieu, attendus.nouveau if avant else attendus.ancien)
    se_remet(lieu, attendus.nouveau)
    assert (pages / "index.html").read_text(encoding="utf-8") == (
        "avant" if avant in (1, 2) else "après"
    )


@pytest.mark.parametrize("avant", [0, 1])
def test_kill_9_while_a_file_of_the_old_name_is_taken_over(
    lieu: Lieu, attendus: Attendus, avant: int
) -> None:
    """Before the new one is there, or between that and the removal of the old one."""
    ancien = lieu.publie.rename(lieu.warehouse / "bilan.duckdb")
    octets = ancien.read_bytes()
    moment = ["mourir", 0] if not avant else ["mourir_au_retrait_de_l_ancien"]
    assert lieu.rafraichir(*moment)[0] == -signal.SIGKILL
    assert ancien.read_bytes() == octets
    assert lieu.publie.exists() == bool(avant)
    se_remet(lieu, attendus.nouveau)
    assert not ancien.exists()


def test_a_process_that_outlives_its_refresh_is_not_in_the_way(
    lieu: Lieu, attendus: Attendus
) -> None:
    mort = lieu.lancer("laisser_un_orphelin")
    assert mort.attendre() == -signal.SIGKILL
    try:
        intact(lieu, attendus.ancien)
        assert lieu.rafraichir()[0] == 0
    finally:
        with suppress(ProcessLookupError):  # it ends by itself, where its folder could be removed
            os.killpg(mort.pid, signal.SIGKILL)
    intact(lieu, attendus.nouveau)
    se_remet(lieu, attendus.nouveau)


def lire_sans_cesse(fichier: Path, fin: Connection) -> None:
    """Read the whole published file again and again; sends what was seen, without repetitions."""
    vus: list[Contenu] = []
    lectures = 0
    while not fin.poll():
        vu = lire(fichier)
        lectures += 1
        if vu not in vus:
            vus.append(vu)
        time.sleep(0.1)  # the refresh wants the processor too
    fin.send((lectures, vus))


@contextmanager
def lecteur(fichier: Path) -> Iterator[Connection]:
    """A process that reads during the block."""
    ici, la_bas = multiprocessing.Pipe()
    processus = multiprocessing.get_context("spawn").Process(
        target=lire_sans_cesse, args=(fichier, la_bas)
    )
    processus.start()
    la_bas.close()
    try:
        yield ici
    finally:
        processus.kill()
        processus.join()


def test_readers_see_the_old_file_or_the_new_one(lieu: Lieu, attendus: Attendus) -> None:
    with lecteur(lieu.publie) as un, lecteur(lieu.publie) as autre:
        assert lieu.rafraichir("mourir", 0)[0] == -signal.SIGKILL
        assert lieu.rafraichir()[0] == 0
        assert lieu.rafraichir()[0] == 0
        for connexion in (un, autre):
            connexion.send("fin")
            lectures, vus = connexion.recv()
            assert lectures > len(vus)
            assert vus == [attendus.ancien, attendus.nouveau]


def test_kill_9_while_pages_are_written(lieu: Lieu) -> None:
    """After each, the folder is the old one, or the new one, or will be; the file stands."""
    pages, avec = lieu.warehouse / "bilan", {AVEC_PAGES: "1"}

    def mourir(moment: str) -> None:
        assert lieu.rafraichir("mourir_dans_les_pages", moment, **avec)[0] == -signal.SIGKILL

    def fichiers() -> dict[str, bytes]:
        lus = (p for p in pages.rglob("*") if p.is_file())
        return {p.relative_to(pages).as_posix(): p.read_bytes() for p in lus}

    mourir("avant")
    publie = chantier.identite(lieu.warehouse)
    assert not pages.exists()
    assert lieu.rafraichir(**avec)[0] == 0
    justes = fichiers()
    assert set(justes) == {*manifeste.fichiers(pages), "manifeste.json"}
    (pages / "bilan.html").unlink()
    mourir("écartées")
    assert not pages.exists()
    mourir("en place")
    assert fichiers() == justes
    assert lieu.rafraichir(**avec)[0] == 0
    assert fichiers() == justes
    assert manifeste.est_a_jour(pages, lieu.warehouse, REGION / "feuille")
    assert chantier.identite(lieu.warehouse) == publie
    restes = {p.name for p in lieu.warehouse.iterdir()}
    assert restes <= {".gardees", ".verrou", "entrepot.duckdb", "bilan"}
