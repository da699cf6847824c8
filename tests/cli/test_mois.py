"""Months asked of the command line: withdrawn, refused, or left because nothing has changed."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from pipelines import echeance
from pipelines.cli import executer
from pipelines.indicateurs import comptage
from pipelines.pas import indicateurs

pytestmark = pytest.mark.usefixtures("programme_reduit")

REGION = Path(__file__).parents[1] / "region"


@pytest.fixture(scope="module")
def publiee(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented region, its deliveries copied, published from 2022-01 to 2022-03."""
    racine = tmp_path_factory.mktemp("mois")
    shutil.copytree(REGION / "raw", racine / "raw")
    assert lancer(racine, "refresh", "--depuis", "2022-01") == 0
    return racine


@pytest.fixture
def region(publiee: Path, tmp_path: Path) -> Path:
    """The same, to change: copies, but for the published file, which nobody writes in place."""
    ici = Path(shutil.copytree(publiee, tmp_path / "region"))
    fichier = ici / "entrepot" / "entrepot.duckdb"
    fichier.unlink()
    fichier.hardlink_to(publiee / "entrepot" / "entrepot.duckdb")
    return ici


def lancer(racine: Path, *arguments: str) -> int:
    dossiers = ["--raw", str(racine / "raw"), "--roadmap", str(REGION / "feuille")]
    return executer([*arguments, *dossiers, "--warehouse", str(racine / "entrepot")])


def publies(racine: Path, table: str = "indicateurs.valeurs") -> list[str]:
    with duckdb.connect(racine / "entrepot" / "entrepot.duckdb", read_only=True) as con:
        lus = con.execute(f"select distinct arrete from {table} order by 1").fetchall()
    return [arrete for (arrete,) in lus]


def test_a_month_is_withdrawn_and_the_others_stay(
    region: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lancer(region, "retirer", "2022-03") == 0
    assert "2022-03 est retiré. Mois publiés : 2022-01, 2022-02." in capsys.readouterr().out
    for table in ("indicateurs.valeurs", "orientations.avancement", "qualite.arretes"):
        assert publies(region, table) == ["2022-01", "2022-02"]
    assert publies(region, "diffusion.valeurs") == ["2022-02"]  # the newest one now
    assert lancer(region, "refresh") == 0  # it is due: it comes back
    assert publies(region) == ["2022-01", "2022-02", "2022-03"]


def test_many_months_are_rolled_up_a_few_at_a_time(
    publiee: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three at a time, then one, and kept an indicator at a time: the values are the same."""
    lots: list[int] = []
    choisir = comptage._choisir

    def compter(con: duckdb.DuckDBPyConnection, mois: Sequence[Sequence[object]]) -> None:
        lots.append(len(mois))
        choisir(con, mois)

    monkeypatch.setattr(comptage, "_choisir", compter)
    monkeypatch.setattr(comptage, "_MOIS_ENSEMBLE", 3)
    monkeypatch.setattr(indicateurs, "_ENSEMBLE", 1)
    shutil.copytree(REGION / "raw", tmp_path / "raw")
    assert lancer(tmp_path, "refresh", "--depuis", "2022-01") == 0
    assert lots[:3] == [3, 1, 3 + 1]  # that of the printed bilan too; then all, as they were
    valeurs = [
        duckdb.connect(racine / "entrepot" / "entrepot.duckdb", read_only=True)
        .execute("from indicateurs.valeurs order by all")
        .fetchall()
        for racine in (publiee, tmp_path)
    ]
    assert valeurs[0] == valeurs[1]
    assert len(valeurs[0]) > 0


@pytest.mark.parametrize(
    ("permise", "dit"),
    [
        ("8Mo", "La mémoire permise à DuckDB ne suffit pas : relancez en lui en permettant"),
        ("assez", "BILAN_MEMOIRE : «assez» n'est pas une taille ; écrire par exemple 2Go."),
    ],
)
def test_too_little_memory_is_said_and_nothing_is_published(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    permise: str,
    dit: str,
) -> None:
    monkeypatch.setenv("BILAN_MEMOIRE", permise)
    shutil.copytree(REGION / "raw", tmp_path / "raw")
    assert lancer(tmp_path, "refresh", "--depuis", "2022-01") == 2
    erreurs = capsys.readouterr().err
    assert dit in erreurs
    assert "Traceback" not in erreurs
    assert not (tmp_path / "entrepot" / "entrepot.duckdb").exists()


@pytest.mark.parametrize(
    ("retires", "mots"),
    [
        (["2021-12"], "L'arrêté 2021-12 n'est pas publié (mois publiés : de 2022-01 à 2022-03)."),
        (["mars"], "Le mois «mars» n'est pas un mois"),
        (["2022-01", "2022-02", "2022-03"], "C'est le seul mois publié"),
    ],
)
def test_what_cannot_be_withdrawn(
    region: Path, capsys: pytest.CaptureFixture[str], retires: list[str], mots: str
) -> None:
    *avant, dernier = retires
    for mois in avant:
        assert lancer(region, "retirer", mois) == 0
    fichier = region / "entrepot" / "entrepot.duckdb"
    publie = fichier.read_bytes()
    assert lancer(region, "retirer", dernier) == 2
    erreurs = capsys.readouterr().err
    assert mots in erreurs
    assert "Traceback" not in erreurs
    assert fichier.read_bytes() == publie


def test_nothing_new_does_nothing_and_says_since_when(
    region: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A copy is another file: it is published anew, once."""
    fichier = region / "entrepot" / "entrepot.duckdb"
    copie = Path(shutil.copy2(fichier, region / "copie"))
    copie.replace(fichier)
    avant = fichier.stat()
    assert lancer(region, "refresh", "--depuis", "2022-01") == 0
    assert fichier.stat().st_ino != avant.st_ino
    capsys.readouterr()
    avant = fichier.stat()
    for options in ([], ["--depuis", "2022-01"]):
        assert lancer(region, "refresh", *options) == 0
        assert fichier.stat() == avant
        assert "Rien de neuf depuis le " in capsys.readouterr().out
    with (region / "raw/logement/avdl/2022-03.csv").open("a", encoding="utf-8") as flux:
        flux.write("2022;Autre;X1;1;1;1\n")
    assert lancer(region, "refresh") == 0
    assert fichier.stat().st_ino != avant.st_ino


@pytest.mark.parametrize("commande", [["refresh"], ["retirer", "2022-01"]])
def test_a_file_of_the_old_name_is_taken_over(
    region: Path, capsys: pytest.CaptureFixture[str], commande: list[str]
) -> None:
    """Even where nothing else has changed; then there is nothing new."""
    assert lancer(region, "refresh") == 0
    assert "Rien de neuf depuis le " in capsys.readouterr().out
    fichier = region / "entrepot" / "entrepot.duckdb"
    fichier.rename(fichier.with_name("bilan.duckdb"))
    assert lancer(region, *commande) == 0
    assert not fichier.with_name("bilan.duckdb").exists()
    assert publies(region) == ["2022-01", "2022-02", "2022-03"][commande != ["refresh"] :]
    if commande == ["refresh"]:
        assert "«entrepot.duckdb» remplace «bilan.duckdb»" in capsys.readouterr().err
        assert lancer(region, "refresh") == 0
        assert "Rien de neuf depuis le " in capsys.readouterr().out


def test_a_file_or_two_that_are_gone_are_named_until_it_is_said_that_this_is_meant(
    region: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of four files is allowed to go here; it goes on being named, and changes nothing more."""
    monkeypatch.setattr(echeance, "PART_DISPARUE", 0.25)
    (region / "raw/ddcs/reunions/2022-03.csv").unlink()
    for dit in ("Entrepôt publié", "Rien de neuf"):
        assert lancer(region, "refresh") == 0
        sorties = capsys.readouterr()
        assert dit in sorties.out
        assert "ddcs/reunions/2022-03.csv. Le rétablir, ou, si c'est voulu" in sorties.err
        assert disparus(region) == ["ddcs/reunions/2022-03.csv"]
    assert lancer(region, "refresh", "--sans-livraisons-disparues") == 0
    assert "Le rétablir" not in capsys.readouterr().err
    assert disparus(region) == []
    assert lancer(region, "refresh") == 0
    assert "Rien de neuf" in capsys.readouterr().out


def disparus(racine: Path) -> list[str]:
    with duckdb.connect(racine / "entrepot" / "entrepot.duckdb", read_only=True) as con:
        lus = con.execute("select disparu from qualite.attendus where statut = 'disparue'")
        return [chemin for (chemin,) in lus.fetchall()]


def test_a_month_to_come_is_refused(region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lancer(region, "refresh", "--arrete", "2099-01") == 2
    erreurs = capsys.readouterr().err
    assert "L'arrêté 2099-01 n'est pas encore venu : le dernier mois livré est 2022-03." in erreurs


def test_a_share_that_drops_publishes_nothing(
    region: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of four files gone is more than a tenth; one replaced by another version is not gone."""
    fichier = region / "entrepot" / "entrepot.duckdb"
    avant = fichier.read_bytes()
    livree = region / "raw/ddcs/reunions/2022-03.csv"
    livree.rename(region / "reunions.csv")
    assert lancer(region, "refresh") == 2
    erreurs = capsys.readouterr().err
    assert "1 des 4 fichiers dont vient l'entrepôt publié ne sont plus dans" in erreurs
    assert "ddcs/reunions/2022-03.csv" in erreurs
    assert fichier.read_bytes() == avant
    shutil.copy(region / "reunions.csv", livree.with_name("2022-03.v2.csv"))
    assert lancer(region, "refresh") == 0
    livree.with_name("2022-03.v2.csv").unlink()
    assert lancer(region, "refresh", "--sans-livraisons-disparues") == 0
