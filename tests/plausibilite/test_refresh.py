"""What a refresh does with plausibility: written down, shown, and never in the way."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.graphe import ressource
from pipelines.indicateurs import comptage
from pipelines.plausibilite import attentes, lancement
from tests.rafraichir import rafraichir


def test_the_demonstration_flags_197_parents_per_group(entrepot: Path) -> None:
    with duckdb.connect(entrepot, read_only=True) as con:
        [(severite, reussi, observe, attendu, message)] = con.execute(
            """
            select severite, reussi, observe, attendu, message from qualite.controles
            where controle = 'parents_par_groupe' and message like 'Hauts-de-France%2018-2019%'
            """
        ).fetchall()
        vus = con.execute("select distinct controle from qualite.controles where severite = ?",
                          ["signalement"]).fetchall()  # fmt: skip
    assert (severite, reussi, observe, attendu) == ("signalement", False, "197", "de 8 à 15")
    assert "8 267 parents dans 42 groupes" in message
    assert {nom for (nom,) in vus} >= {a.nom for a in attentes.lire()}
    assert "197 parents par groupe" in (entrepot.parent / "plausibilite/index.html").read_text()


def signalements(warehouse: Path) -> list[str]:
    with duckdb.connect(warehouse / "entrepot.duckdb", read_only=True) as con:
        lignes = con.execute(
            "select message from qualite.controles where severite = 'signalement' and not reussi"
        )
        return [message for (message,) in lignes.fetchall()]


@pytest.mark.usefixtures("programme_reduit")
def test_a_failure_of_the_program_does_not_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "faux").write_text("#!/bin/sh\necho casse >&2\nexit 3\n")
    (tmp_path / "faux").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "faux"))
    assert rafraichir(tmp_path, "--depuis", "2022-03") == 0
    [message] = [m for m in signalements(tmp_path) if "n'a pas abouti" in m]
    assert "code 3, «casse»" in message


@pytest.mark.parametrize(
    ("corps", "mots"),
    [
        ("sleep 5", "interrompu au bout de 0 s"),
        ("echo ceci n est pas du JSON", "n'a pas abouti"),
        ("echo '[{\"autre\": 1}]'", "n'a pas abouti"),
    ],
)
def test_what_the_program_may_do_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, corps: str, mots: str
) -> None:
    (tmp_path / "faux").write_text(f"#!/bin/sh\n{corps}\n")
    (tmp_path / "faux").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "faux"))
    programme = lancement.chauffer(tmp_path / "p")
    [constat] = lancement.lancer(programme, tmp_path / "f", "2021-06", delai=0.4)
    assert not constat.reussi
    assert mots in constat.message


@pytest.mark.usefixtures("programme_reduit")
def test_pages_are_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lancement, "chauffer", lambda dossier: dossier)
    monkeypatch.setattr(lancement, "lancer", faux_lancement)
    (tmp_path / "plausibilite").mkdir()
    (tmp_path / "plausibilite" / "ancienne.html").touch()
    assert rafraichir(tmp_path, "--depuis", "2022-03") == 0
    assert [p.name for p in (tmp_path / "plausibilite").iterdir()] == ["index.html"]
    assert not list(tmp_path.glob(".chantier*"))


def faux_lancement(dossier: Path, fichier: Path, arrete: str) -> list[object]:
    """The file must be open to another process; the pages are those of this one."""
    lire = (
        "import duckdb, sys; duckdb.connect(sys.argv[1], read_only=True).sql('from qualite.rejets')"
    )
    subprocess.run([sys.executable, "-c", lire, fichier], check=True)  # noqa: S603
    dossier.mkdir()
    (dossier / "index.html").touch()
    return []


@pytest.mark.usefixtures("programme_reduit")
@pytest.mark.parametrize(
    ("peu", "ordre"), [(50 << 20, ["programme", "comptage"]), (1, ["comptage", "programme"])]
)
def test_the_program_starts_with_the_run_where_little_was_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, peu: int, ordre: list[str]
) -> None:
    """Where much was, what is read needs the memory that it would hold."""
    vus: list[str] = []

    def chauffer(dossier: Path) -> Path:
        vus.append("programme")
        return dossier

    preparer = comptage.preparer

    def compter(*arguments: Any) -> None:
        vus.append("comptage")
        preparer(*arguments)

    monkeypatch.setattr(ressource, "_PEU", peu)
    monkeypatch.setattr(lancement, "chauffer", chauffer)
    monkeypatch.setattr(lancement, "lancer", faux_lancement)
    monkeypatch.setattr(comptage, "preparer", compter)
    assert rafraichir(tmp_path, "--depuis", "2022-03") == 0
    assert list(dict.fromkeys(vus)) == ordre


def test_only_one_module_imports_great_expectations() -> None:
    racine = Path(lancement.__file__).parents[1]
    qui = [p for p in racine.rglob("*.py") if "import great_expectations" in p.read_text()]
    assert [p.name for p in qui] == ["jugement.py"]
    code = (
        "import sys; from pipelines.definitions import defs; defs(); "
        "print('great_expectations' in sys.modules)"
    )
    sortie = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)  # noqa: S603
    assert sortie.stdout.strip() == b"False"
