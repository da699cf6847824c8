"""The second process: what is done there, what is done here, and what becomes of its death."""

import os
import time
from functools import partial
from multiprocessing import util
from pathlib import Path

import pytest

from pipelines.renfort import Renfort


def dire_ou(temoin: Path) -> int:
    """Tell that it is begun, then the process that does it."""
    temoin.touch()
    return os.getpid()


def attendre(commence: Path, fin: Path) -> int:
    commence.touch()
    while not fin.exists():
        time.sleep(0.01)
    return os.getpid()


def mourir_ailleurs(ici: int, temoin: Path) -> str:
    if os.getpid() != ici:
        temoin.touch()
        os._exit(1)
    return "ici"


def rater() -> None:
    raise KeyError("la page")


def _voir(temoin: Path) -> None:
    while not temoin.exists():
        time.sleep(0.01)


def test_what_is_begun_there_is_done_there(tmp_path: Path) -> None:
    with Renfort() as renfort:
        fait = renfort.confier(partial(dire_ou, tmp_path / "vu"))
        _voir(tmp_path / "vu")
        assert fait() != os.getpid()


def test_what_is_not_begun_there_is_done_here(tmp_path: Path) -> None:
    with Renfort() as renfort:
        long = renfort.confier(partial(attendre, tmp_path / "vu", tmp_path / "fin"))
        autres = [renfort.confier(partial(dire_ou, tmp_path / str(n))) for n in range(4)]
        _voir(tmp_path / "vu")
        # The process has one more at hand, which it is no use to wait for: not the last.
        assert autres[-1]() == os.getpid()
        (tmp_path / "fin").touch()
        assert long() == autres[0]() != os.getpid()


def test_where_no_process_can_be_started_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuser(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(util, "spawnv_passfds", refuser)
    with Renfort() as renfort:
        assert [renfort.confier(os.getpid)() for _ in range(3)] == [os.getpid()] * 3


def test_what_fails_there_fails_here() -> None:
    with Renfort() as renfort, pytest.raises(KeyError, match="la page"):
        renfort.confier(rater)()


def test_what_its_death_leaves_is_done_here(tmp_path: Path) -> None:
    with Renfort() as renfort:
        fait = renfort.confier(partial(mourir_ailleurs, os.getpid(), tmp_path / "vu"))
        suivant = renfort.confier(partial(dire_ou, tmp_path / "suivant"))
        _voir(tmp_path / "vu")
        assert fait() == "ici"
        assert suivant() == os.getpid()
        assert renfort.confier(partial(dire_ou, tmp_path / "tard"))() == os.getpid()
