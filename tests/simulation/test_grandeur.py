"""Deliveries of any size: the rows asked for, the same files each time, clear refusals."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.erreurs import Faute
from pipelines.simulation.grandeur import simuler


def contenu(dossier: Path) -> dict[str, bytes]:
    return {str(f.relative_to(dossier)): f.read_bytes() for f in dossier.rglob("*.csv")}


@pytest.mark.parametrize(
    ("lignes", "mois"), [(1, ("2020-02", "2020-02")), (997, ("2018-12", "2020-01"))]
)
def test_there_are_as_many_rows_as_asked_for(
    tmp_path: Path, lignes: int, mois: tuple[str, str]
) -> None:
    simuler(tmp_path, lignes, mois, graine=1)
    signataires = (tmp_path / "ofii" / "cir_signataires").glob("*.csv")
    assert sum(pl.read_csv(f, separator=";").height for f in signataires) == lignes
    assert len(list(tmp_path.glob("*/*"))) == 15


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    for nom, graine in (("a", 1), ("b", 1), ("c", 2)):
        simuler(tmp_path / nom, 300, ("2019-01", "2019-09"), graine)
    assert contenu(tmp_path / "a") == contenu(tmp_path / "b")
    assert contenu(tmp_path / "a") != contenu(tmp_path / "c")


@pytest.mark.parametrize(
    ("lignes", "mois"),
    [
        (0, ("2020-01", "2020-02")),
        (5, ("2020-1", "2020-02")),
        (5, ("2020-13", "2020-02")),
        (5, ("2020-03", "2020-02")),
        (5, ("1999-01", "2020-02")),
    ],
)
def test_a_wrong_argument_is_said(tmp_path: Path, lignes: int, mois: tuple[str, str]) -> None:
    with pytest.raises(Faute):
        simuler(tmp_path, lignes, mois, graine=1)
    assert contenu(tmp_path) == {}
