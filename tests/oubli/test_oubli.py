"""A person is erased: first from the deliveries, by those who keep them, then from all the rest."""

import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import duckdb
import openpyxl  # type: ignore[import-untyped]
import pytest

from pipelines.cli import executer
from tests.confidentialite import livraisons

MOIS = ("2022-11", "2022-12")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A region whose persons 0 to 3 came by CSV, 4 to 7 by workbook, and were published."""
    racine = tmp_path_factory.mktemp("oubli")
    tete: list[livraisons.Cellule] = [*livraisons.COLONNES]
    personnes = [livraisons.personne(n) for n in range(8)]
    with livraisons.region(racine) as (place, _):
        (place / f"{MOIS[0]}.csv").write_text(
            livraisons.csv([tete, *personnes[:4]]), encoding="utf-8"
        )
        livraisons.classeur(place / f"{MOIS[1]}.xlsx", [tete, *personnes[4:]])
        assert executer(["refresh", "--depuis", MOIS[1], *_ou(racine)]) == 0
        yield racine


def _ou(racine: Path) -> list[str]:
    dossiers = {"raw": "raw", "warehouse": "entrepot", "roadmap": "feuille"}
    return [mot for nom, ou in dossiers.items() for mot in (f"--{nom}", str(racine / ou))]


def oublier(
    racine: Path, numero: str, correctif: pytest.MonkeyPatch, extrait: str = livraisons.PLACE
) -> tuple[int, str]:
    """The exit code, and all that the command printed, from a number on its input."""
    sortie, erreurs = StringIO(), StringIO()
    correctif.setattr(sys, "stdin", StringIO(f"{numero}\n"))
    correctif.setattr(sys, "stdout", sortie)
    code = executer(["oublier", "--extrait", extrait, "--cle", "-", *_ou(racine)], erreurs)
    return code, sortie.getvalue() + erreurs.getvalue()


def _numero(n: int) -> str:
    return str(livraisons.personne(n)[livraisons.COLONNES.index("numero_cir")])


def _personnes(racine: Path) -> int:
    with duckdb.connect(racine / "entrepot" / "entrepot.duckdb", read_only=True) as con:
        trouve = con.execute("select count(*) from livraisons.ofii_cir_signataires").fetchone()
    assert trouve
    return int(trouve[0])


def test_the_files_that_hold_a_person_are_named_with_their_lines(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the case; nothing is published, and the number is not shown."""
    for n, fichier in ((2, f"{MOIS[0]}.csv"), (5, f"{MOIS[1]}.xlsx")):
        code, dit = oublier(region, _numero(n).lower(), monkeypatch)
        ligne = 2 + n % 4
        assert code == 1
        assert f"Encore livrée : {livraisons.PLACE}/{fichier} : ligne {ligne}\n" in dit
        assert _numero(n) not in dit.upper()
    assert _personnes(region) == 8


def test_once_its_rows_are_gone_the_person_is_nowhere(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = region / "raw" / livraisons.PLACE
    delivre = place / f"{MOIS[0]}.csv"
    lignes = delivre.read_text(encoding="utf-8").splitlines(keepends=True)
    delivre.write_text("".join(x for x in lignes if _numero(2) not in x), encoding="utf-8")
    code, dit = oublier(region, _numero(2), monkeypatch)
    assert (code, "n'est plus" in dit) == (0, True), dit
    assert _personnes(region) == 7

    classeur = openpyxl.load_workbook(place / f"{MOIS[1]}.xlsx")
    for feuille in classeur:
        for ligne in range(feuille.max_row, 0, -1):
            if _numero(5) in [str(c.value) for c in feuille[ligne]]:
                feuille.delete_rows(ligne)
    classeur.save(place / f"{MOIS[1]}.xlsx")
    assert oublier(region, _numero(5), monkeypatch)[0] == 0
    assert _personnes(region) == 6


def test_what_still_holds_a_pseudonym_is_said(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a copy beside the warehouse, say."""
    with duckdb.connect(region / "entrepot" / "entrepot.duckdb", read_only=True) as con:
        trouve = con.execute(
            "select numero_cir from livraisons.ofii_cir_signataires where ligne = 2 "
            "and fichier like '%.csv'"
        ).fetchone()
    assert trouve
    place = region / "raw" / livraisons.PLACE / f"{MOIS[0]}.csv"
    lignes = place.read_text(encoding="utf-8").splitlines(keepends=True)
    place.write_text("".join(x for x in lignes if _numero(0) not in x), encoding="utf-8")
    copie = region / "entrepot" / "copie.csv"
    copie.write_text(f"{trouve[0]}\n")
    code, dit = oublier(region, _numero(0), monkeypatch)
    assert (code, "La personne est encore dans un autre fichier" in dit) == (2, True), dit
    copie.unlink()
    assert oublier(region, _numero(0), monkeypatch)[0] == 0


def test_what_cannot_be_is_one_sentence(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for numero, extrait, mots in (
        (_numero(1), "ddcs/projets", "n'a pas de numéro de personne"),
        ("12", livraisons.PLACE, "au moins 4 signes"),
    ):
        code, dit = oublier(region, numero, monkeypatch, extrait)
        assert code == 2
        assert dit.startswith("Erreur : ")
        assert mots in dit
    erreurs = StringIO()
    demande = ["oublier", "--extrait", livraisons.PLACE, "--cle", _numero(1), *_ou(region)]
    assert executer(demande, erreurs) == 2
    assert "ne se donne pas en argument" in erreurs.getvalue()
    assert _numero(1) not in erreurs.getvalue()
