"""Kept readings and published warehouses that are damaged: whole refreshes."""

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import duckdb
import pytest

from pipelines.entrepot import chantier
from pipelines.erreurs import Faute
from tests.pannes.conftest import ANCIEN_ILLISIBLE, Attendus
from tests.pannes.essais import Contenu, Lieu, contenu, intact, se_remet, une_phrase

_HASARD = random.Random(5)  # noqa: S311


def tronquer(chemin: Path) -> None:
    chemin.write_bytes(chemin.read_bytes()[: chemin.stat().st_size // 2])


def retourner(chemin: Path) -> None:
    octets = bytearray(chemin.read_bytes())
    for _ in range(3):
        octets[_HASARD.randrange(len(octets))] ^= 0xFF
    chemin.write_bytes(octets)


def vider(chemin: Path) -> None:
    chemin.write_bytes(b"")


def autre_forme(chemin: Path) -> None:
    chemin.write_text('[{"lignes": "deux"}]', encoding="utf-8")


def mentir(chemin: Path) -> None:
    texte = chemin.read_text(encoding="utf-8")
    assert '"lignes": ' in texte
    chemin.write_text(texte.replace('"lignes": ', '"lignes": 9'), encoding="utf-8")


def devenir_dossier(chemin: Path) -> None:
    chemin.unlink()
    (chemin / "dedans").mkdir(parents=True)


# The first is of the reading that has rejections.
DEGATS: list[list[tuple[str, Callable[[Path], None]]]] = [
    [("lot.*.parquet", tronquer), ("lot.*.parquet", retourner), ("json", vider),
     ("json", autre_forme)],
    [("rejets.*.parquet", Path.unlink), ("json", mentir), ("json", devenir_dossier),
     ("lot.*.parquet", devenir_dossier)],
    [("rejets.*.parquet", vider), ("json", retourner), ("lot.*.parquet", Path.unlink),
     ("json", tronquer)],
]  # fmt: skip


@pytest.mark.parametrize("degats", DEGATS)
def test_damaged_readings_are_read_again(
    lieu: Lieu, attendus: Attendus, degats: list[tuple[str, Callable[[Path], None]]]
) -> None:
    """Each of the four deliveries has its own damage."""
    gardees = lieu.warehouse / ".gardees"
    shutil.rmtree(gardees)
    shutil.copytree(attendus.temoin.warehouse / ".gardees", gardees)
    lectures = gardees / "lectures"
    noms = [chemin.stem for chemin in lectures.glob("*.json")]
    noms.sort(key=lambda nom: not list(lectures.glob(f"{nom}.rejets.*")))
    assert len(noms) == len(degats)
    for nom, (suffixe, degat) in zip(noms, degats, strict=True):
        [chemin] = lectures.glob(f"{nom}.{suffixe}")
        degat(chemin)
    assert lieu.rafraichir()[0] == 0
    intact(lieu, attendus.nouveau)


def un_fichier(gardees: Path) -> None:
    gardees.write_text("un fichier, pas un dossier", encoding="utf-8")


def un_lien_mort(gardees: Path) -> None:
    gardees.symlink_to("nulle-part")


def un_lien_sans_fin(gardees: Path) -> None:
    gardees.symlink_to(gardees.name)


@pytest.mark.parametrize("place", [un_fichier, un_lien_mort, un_lien_sans_fin])
def test_what_stands_in_the_place_of_the_folder_of_readings(
    lieu: Lieu, attendus: Attendus, place: Callable[[Path], None]
) -> None:
    shutil.rmtree(lieu.warehouse / ".gardees")
    place(lieu.warehouse / ".gardees")
    se_remet(lieu, attendus.nouveau)


def sans_les_tables(fichier: Path) -> None:
    fichier.unlink()
    with duckdb.connect(fichier) as con:
        con.execute("create schema indicateurs; create table indicateurs.autre as select 1 as a")


def au_hasard(fichier: Path) -> None:
    fichier.write_bytes(_HASARD.randbytes(1 << 20))


def d_une_version_a_venir(fichier: Path) -> None:
    """The number of its form is in eight bytes after the word DUCK."""
    octets = bytearray(fichier.read_bytes())
    octets[12:20] = (9_999).to_bytes(8, "little")
    fichier.write_bytes(octets)


@pytest.mark.parametrize("degat", [tronquer, d_une_version_a_venir])
def test_a_warehouse_that_does_not_open_keeps_its_months(
    lieu: Lieu, degat: Callable[[Path], None]
) -> None:
    degat(lieu.publie)
    avant = lieu.publie.read_bytes()
    code, erreurs = lieu.rafraichir()
    assert code == 2
    une_phrase(erreurs, "ne s'ouvre pas")
    assert lieu.publie.read_bytes() == avant


@pytest.mark.parametrize("degat", [vider, au_hasard, sans_les_tables])
def test_what_is_no_warehouse_is_built_anew(
    lieu: Lieu, premier: Contenu, degat: Callable[[Path], None]
) -> None:
    """Where there is none at all, `premier` shows it."""
    degat(lieu.publie)
    code, erreurs = lieu.rafraichir()
    assert (code, ANCIEN_ILLISIBLE in erreurs) == (0, True)
    intact(lieu, premier)


def test_a_warehouse_damaged_inside_is_not_replaced_by_one_with_fewer_months(
    tmp_path: Path, attendus: Attendus
) -> None:
    """Every block is spoilt in turn: months are kept whole, or nothing is, and it is said."""
    octets = attendus.depart.publie.read_bytes()
    fichier = tmp_path / chantier.NOM
    issues = set()
    for debut in range(0, len(octets), len(octets) // 60):
        abimes = bytearray(octets)
        abimes[debut : debut + 64] = _HASARD.randbytes(64)
        fichier.write_bytes(abimes)
        with chantier.ouvrir(tmp_path) as site:
            site.con.execute("create schema indicateurs")
            site.con.execute("create table indicateurs.valeurs (arrete varchar, valeur double)")
            if not site.arretes_publies():
                issues.add("ne s'ouvre pas")
                continue
            try:
                site.garder(["indicateurs.valeurs"], [])
                issues.add("gardé")
                gardees = "select count(*), sum(valeur) from {}indicateurs.valeurs"
                with duckdb.connect(attendus.depart.publie, read_only=True) as con:
                    attendu = con.execute(gardees.format("")).fetchone()
                assert site.con.execute(gardees.format("")).fetchone() == attendu
            except Faute as faute:
                assert "est abîmé" in str(faute)  # noqa: PT017
                issues.add("abîmé")
        assert fichier.read_bytes() == abimes
    assert "ne s'ouvre pas" in issues
    assert "gardé" in issues


def test_a_folder_in_the_place_of_the_warehouse(lieu: Lieu, premier: Contenu) -> None:
    devenir_dossier(lieu.publie)
    code, erreurs = lieu.rafraichir()
    assert code == 2
    une_phrase(erreurs, "est un dossier, à la place du fichier de l'entrepôt : déplacez-le")
    lieu.publie.rename(lieu.racine / "ecarte")
    se_remet(lieu, premier)


def test_a_journal_left_beside_the_warehouse(lieu: Lieu, attendus: Attendus) -> None:
    """Who wrote into the published file by hand, and was killed, has left a real one."""
    ecrire = "import duckdb, os, sys; con = duckdb.connect(sys.argv[1]);"
    ecrire += "con.execute('update indicateurs.valeurs set valeur = 0'); os._exit(0)"
    subprocess.run([sys.executable, "-c", ecrire, lieu.publie], check=True)  # noqa: S603
    journal = lieu.publie.with_name("entrepot.duckdb.wal")
    assert journal.stat().st_size > 0
    assert contenu(lieu.publie) != attendus.ancien
    se_remet(lieu, attendus.nouveau)


def test_damaged_results_are_computed_again_and_it_is_said(
    attendus: Attendus, tmp_path: Path
) -> None:
    """Every sheet of a region that was refreshed, or every piece: the same warehouse.

    Kinds of damage take turns, and each is noticed: sheets and pieces of all results are read in
    one place, to which what a result is makes no difference.
    """
    for motif in ("*.json", "*.parquet"):
        lieu = attendus.temoin.copier(tmp_path / motif[2:])
        gardees = lieu.warehouse / ".gardees"
        abimes: dict[str, str] = {}
        for chemin, degat in zip(
            sorted(p for p in gardees.rglob(motif) if p.is_file()),
            cycle((tronquer, retourner, vider, autre_forme, devenir_dossier)),
            strict=False,
        ):
            nom = chemin.relative_to(gardees)
            abimes[str(nom.with_name(nom.name.split(".")[0]))] = degat.__name__
            degat(chemin)
        code, erreurs = lieu.rafraichir()
        assert (code, "Traceback" in erreurs) == (0, False), erreurs
        dits = re.findall("résultat gardé illisible, à refaire : (.+)", erreurs)
        assert {abimes[nom] for nom in dits} == set(abimes.values())
        assert len(set(abimes.values())) == 5
        intact(lieu, attendus.nouveau)
