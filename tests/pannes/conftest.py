"""What the fault tests share: the program that forks refreshes, and a region before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.pannes.essais import Contenu, Lieu, Moule, contenu, mouler

ANCIEN_ILLISIBLE = "l'ancien entrepôt ne se lit pas"


@pytest.fixture(scope="session")
def moule(maison: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moule]:
    """One program for all."""
    with mouler(tmp_path_factory.mktemp("moule")) as programme:
        yield programme


@dataclass
class Attendus:
    """A region whose month 2022-03 was delivered since it was published: `depart` is to refresh.

    `ancien` is what its warehouse holds, `nouveau` what it must hold after, and `temoin` where it
    was refreshed. `rythme` is how many
    seconds the refresh took to say each of its lines, and to end.
    """

    depart: Lieu
    temoin: Lieu
    ancien: Contenu
    nouveau: Contenu
    rythme: list[float]


@pytest.fixture(scope="session")
def attendus(moule: Moule, tmp_path_factory: pytest.TempPathFactory) -> Attendus:
    """The region, and what undisturbed refreshes make of it."""
    racine = tmp_path_factory.mktemp("pannes")
    depart = Lieu(racine / "depart", moule)
    depart.livrer("2021-12")
    assert depart.rafraichir()[0] == 0
    ancien = contenu(depart.publie)
    depart.livrer("2022-03")
    temoin = depart.copier(racine / "temoin")
    processus = temoin.lancer()
    rythme = processus.chronometrer()
    assert processus.attendre() == 0
    nouveau = contenu(temoin.publie)
    assert nouveau != ancien
    return Attendus(depart, temoin, ancien, nouveau, rythme)


@pytest.fixture(scope="session")
def premier(attendus: Attendus, tmp_path_factory: pytest.TempPathFactory) -> Contenu:
    """What the region's warehouse must hold where there was none."""
    lieu = attendus.depart.copier(tmp_path_factory.mktemp("premier") / "lieu")
    lieu.publie.unlink()
    code, erreurs = lieu.rafraichir()
    assert (code, ANCIEN_ILLISIBLE in erreurs) == (0, False)
    return contenu(lieu.publie)


@pytest.fixture
def lieu(attendus: Attendus, tmp_path: Path) -> Lieu:
    """The region of `attendus`, for one test."""
    return attendus.depart.copier(tmp_path / "lieu")
