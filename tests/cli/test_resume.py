"""The summary of a published warehouse: what it says, and where."""

import io
import os
import re
import shlex
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from pipelines.resume import resumer
from tests.cli.terminal import terminal

_COULEUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True)
def ecran(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 40 columns that has colours."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "40")


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """What is summed up, and nothing else: written on 25 November 2026 at 14.03 in Paris."""
    fichier = tmp_path / "entrepot.duckdb"
    with duckdb.connect(fichier) as con:
        con.execute("""
            create schema qualite; create schema indicateurs; create schema rapprochement;
            create schema bilan;
            create table qualite.livraisons (fichier varchar, statut varchar, motif varchar);
            insert into qualite.livraisons values
                ('logement/avdl/2020-12.csv', 'acceptee', null);
            create table indicateurs.valeurs as
                select 'i' || i as indicateur, arrete
                from range(1500) as t (i), unnest(['2020-07', '2021-06']) as u (arrete);
            create table rapprochement.chiffres as
                select unnest(['conforme', 'conforme', 'arrondi']) as verdict;
            create table bilan.qualite (sujet varchar, constat varchar, "à voir" bigint);
            insert into bilan.qualite values
                ('Livraisons', '1 acceptées, 0 refusées', 0), ('Arrêtés', '2 mois publiés', 1),
                ('Maturité', '2021 est provisoire', 0), ('Relations', '9, 2 ne tiennent pas', 2);
        """)
    quand = datetime(2026, 11, 25, 14, 3, tzinfo=ZoneInfo("Europe/Paris")).timestamp()
    os.utime(fichier, (quand, quand))
    return tmp_path


def refuser(warehouse: Path, fichier: str, motif: str) -> None:
    """Add a refused delivery."""
    with duckdb.connect(warehouse / "entrepot.duckdb") as con:
        con.execute("insert into qualite.livraisons values (?, 'refusee', ?)", [fichier, motif])


def resume(warehouse: Path, *, neuf: bool = True, secondes: float = 57.3) -> tuple[int, str, str]:
    """How many are refused, and what is printed."""
    sortie, erreurs = io.StringIO(), io.StringIO()
    refusees = resumer(warehouse, secondes, sortie, erreurs, neuf=neuf, raw=Path("/mes livraisons"))
    return refusees, sortie.getvalue(), erreurs.getvalue()


def test_what_was_published(warehouse: Path) -> None:
    assert resume(warehouse) == (
        0,
        f"""\
Entrepôt publié en 57 s : {warehouse}/entrepot.duckdb
  Valeurs     3 000, de 1500 indicateurs, arrêtés 2020-07 à 2021-06
  Chiffres    2 conforme, 1 arrondi
  Maturité    2021 est provisoire
  Relations   9, 2 ne tiennent pas
À essayer : bilan sql "from bilan.anomalies"   (les chiffres imprimés que les données démentent)
            bilan verifier FICHIER             (pourquoi un fichier est refusé)
            bilan ui                           (le graphe, dans un navigateur)
  Livraisons  1 acceptées, 0 refusées
  Arrêtés     2 mois publiés
""",
        "",
    )


@pytest.mark.parametrize(
    ("secondes", "mots"),
    [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (185, "3 min 05 s"), (7500, "2 h 05")],
)
def test_how_long_it_took(warehouse: Path, secondes: float, mots: str) -> None:
    _, sortie, _ = resume(warehouse, secondes=secondes)
    assert sortie.startswith(f"Entrepôt publié en {mots} : ")


def test_since_when_nothing_has_changed(warehouse: Path) -> None:
    _, nouveau, _ = resume(warehouse)
    _, sortie, _ = resume(warehouse, neuf=False)
    premiere, *autres = sortie.splitlines()
    assert premiere == (
        "Rien de neuf depuis le 25/11/2026 à 14 h 03 : "
        f"{warehouse}/entrepot.duckdb, arrêté 2021-06."
    )
    assert autres == nouveau.splitlines()[1:]


def test_doubts_are_told_where_there_are_some(warehouse: Path) -> None:
    with duckdb.connect(warehouse / "entrepot.duckdb") as con:
        con.execute("insert into bilan.qualite values ('Doutes', '3 sur 2 fichiers : 3 total', 3)")
    ligne = '  Doutes      3 sur 2 fichiers (bilan sql "from qualite.doutes") : 3 total\n'
    assert ligne in resume(warehouse)[1]
    with duckdb.connect(warehouse / "entrepot.duckdb") as con:
        con.execute(
            """update bilan.qualite set constat = '0 sur 0 fichiers', "à voir" = 0
            where sujet = 'Doutes'"""
        )
    assert "Doutes" not in resume(warehouse)[1]


def test_no_printed_figures(warehouse: Path) -> None:
    with duckdb.connect(warehouse / "entrepot.duckdb") as con:
        con.execute("delete from rapprochement.chiffres")
    assert "  Chiffres    aucun imprimé\n" in resume(warehouse)[1]


def test_a_refusal_says_why_and_a_command_that_can_be_copied(warehouse: Path) -> None:
    refuser(warehouse, "ars/sante/copie de l'an.csv", "nom inconnu")
    refuser(warehouse, "ars/sante/2020-01.csv", "vide ; illisible")
    nombre, _, erreurs = resume(warehouse)
    assert nombre == 2
    assert [ligne for ligne in erreurs.splitlines() if ligne.startswith("Refusée")] == [
        "Refusée : ars/sante/2020-01.csv — vide ; illisible",
        "Refusée : ars/sante/copie de l'an.csv — nom inconnu",
    ]
    commandes = re.findall(r"^  À faire : (.*), corriger, ", erreurs, re.M)
    assert [shlex.split(commande) for commande in commandes] == [
        ["bilan", "verifier", "/mes livraisons/ars/sante/2020-01.csv"],
        ["bilan", "verifier", "/mes livraisons/ars/sante/copie de l'an.csv"],
    ]


def test_a_name_that_cannot_be_typed_does_no_harm(warehouse: Path) -> None:
    refuser(warehouse, "ars/sante/\x1b[2J\r.csv", "nom \x1b[31minconnu [bold]")
    _, _, erreurs = resume(warehouse)
    assert erreurs == "Refusée : ars/sante/ [2J .csv — nom  [31minconnu [bold]\n"


def test_colours_on_a_terminal_and_the_same_words(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines are not cut to the width of the screen: a path must be copied whole."""
    refuser(warehouse, "ars/sante/2020-01.csv", "vide")
    _, sortie, erreurs = resume(warehouse)
    for refusees, attendu in (("", True), ("1", False)):
        monkeypatch.setenv("NO_COLOR", refusees)
        with terminal() as vu:
            resumer(warehouse, 57.3, vu.flux, vu.flux, neuf=True, raw=Path("/mes livraisons"))
            vu.fermer()
            assert _COULEUR.sub("", vu.brut).replace("\r\n", "\n") == sortie + erreurs
            assert bool(re.search(r"\x1b\[[0-9;]*3[0-8]m", vu.brut)) is attendu


def test_no_colours_elsewhere_whatever_the_environment_says(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuser(warehouse, "ars/sante/2020-01.csv", "vide")
    for nom in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.setenv(nom, "1")
    _, sortie, erreurs = resume(warehouse)
    assert "\x1b" not in sortie + erreurs


def test_a_reader_that_left_is_for_the_command_to_judge(warehouse: Path) -> None:
    """Not an exit code of its own, which would mean that a delivery was refused."""
    lecture, ecriture = os.pipe()
    os.close(lecture)
    flux = os.fdopen(ecriture, "w", encoding="utf-8", closefd=False)
    with pytest.raises(BrokenPipeError):
        resumer(warehouse, 57.3, flux, flux, neuf=True)
    os.dup2(os.open(os.devnull, os.O_WRONLY), ecriture)
    flux.close()
    os.close(ecriture)
