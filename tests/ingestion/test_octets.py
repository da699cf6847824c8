"""The bytes of a delivery: taken once, or read again from a file too large to be held."""

import os
from pathlib import Path

import pytest

from pipelines.erreurs import Refus
from pipelines.ingestion import lecture, octets
from pipelines.ingestion.octets import Octets

TEXTE = b"annee;nom\n" + b"".join(b"2019;n%d\n" % n for n in range(400))


@pytest.fixture
def grand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A CSV that is too large to be held."""
    monkeypatch.setattr(octets, "_GRAND", 100)
    chemin = tmp_path / "2020-03.csv"
    chemin.write_bytes(TEXTE)
    return chemin


def test_a_large_file_is_read_as_it_is_and_not_held(grand: Path) -> None:
    with octets.tenir(grand) as tenu:
        lus = tenu.octets()
        assert (lus.contenu, lus.vide) == (b"", False)
        for _ in range(2):
            with lus.flux() as flux:
                assert flux.read() == TEXTE
        with lus.flux() as un, lus.flux() as autre:
            assert (un.read(9), autre.read(5), un.read(1)) == (TEXTE[:9], TEXTE[:5], TEXTE[9:10])
        assert lus.contient(b";")
        assert not lus.contient(b'"')
        tenu.verifier()


def test_a_large_file_gives_the_rows_of_a_small_one(grand: Path) -> None:
    with octets.tenir(grand) as tenu:
        lus = [
            [t.rows() for t in lecture.ouvrir(source, ["annee", "nom"], ["annee", "nom"]).suite]
            for source in (tenu.octets(), Octets(TEXTE, grand.name))
        ]
    assert lus[0] == lus[1]
    assert sum(map(len, lus[0])) == 400


def test_a_large_file_that_changes_under_the_reading_is_refused(grand: Path) -> None:
    with octets.tenir(grand) as tenu:
        lus = tenu.octets()
        place = TEXTE.index(b"n399")
        descripteur = os.open(grand, os.O_WRONLY)
        os.pwrite(descripteur, b"m", place)
        os.close(descripteur)
        with lus.flux() as flux, pytest.raises(Refus, match="a changé pendant sa lecture"):
            flux.read()
        with pytest.raises(Refus, match="a changé pendant sa lecture"):
            lecture.ouvrir(lus, ["annee"], ["annee"])


def test_a_workbook_and_a_small_file_are_held(tmp_path: Path, grand: Path) -> None:
    classeur = grand.rename(tmp_path / "2020-03.xlsx")
    petit = tmp_path / "2020-04.csv"
    petit.write_bytes(TEXTE[:100])
    for chemin, contenu in ((classeur, TEXTE), (petit, TEXTE[:100])):
        with octets.tenir(chemin) as tenu:
            assert tenu.octets().contenu == contenu


def test_an_empty_file_is_empty() -> None:
    assert Octets(b"", "vide.csv").vide
