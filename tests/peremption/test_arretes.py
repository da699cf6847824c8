"""`qualite.arretes`: which published months would be otherwise if they were computed today."""

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.cli import executer

pytestmark = pytest.mark.usefixtures("programme_reduit")

FEUILLE = Path(__file__).parents[1] / "region" / "feuille"
AVDL = "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees\n"


@pytest.fixture(scope="module")
def publiee(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented region: its roadmap copied, two deliveries, months 2021-01 to 2021-03."""
    dossier = tmp_path_factory.mktemp("region")
    shutil.copytree(FEUILLE, dossier / "feuille")
    livrer(dossier, "2021-01.csv", "2020;Alpha;X1;10;4;6\n")
    livrer(dossier, "2021-03.csv", "2021;Alpha;X1;20;7;9\n")
    assert rafraichir(dossier, "--depuis", "2021-01") == 0
    return dossier


@pytest.fixture
def region(publiee: Path, tmp_path: Path) -> Path:
    """A copy of it, to change."""
    return Path(shutil.copytree(publiee, tmp_path / "region"))


def livrer(region: Path, nom: str, lignes: str) -> None:
    dossier = region / "raw" / "logement" / "avdl"
    dossier.mkdir(parents=True, exist_ok=True)
    (dossier / nom).write_text(AVDL + lignes, encoding="utf-8")


def rafraichir(region: Path, *options: str) -> int:
    dossiers = ["--raw", "raw", "--warehouse", "entrepot", "--roadmap", "feuille"]
    places = [str(region / d) if not d.startswith("--") else d for d in dossiers]
    return executer(["refresh", *places, *options])


def interroger(region: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(region / "entrepot" / "entrepot.duckdb", read_only=True) as con:
        return con.execute(sql).fetchall()


def perimes(region: Path) -> list[tuple[object, ...]]:
    """What no longer holds, by month."""
    return interroger(
        region, "select arrete, objet from qualite.arretes where not a_jour order by all"
    )


def test_each_month_rests_on_its_deliveries_the_roadmap_and_the_program(region: Path) -> None:
    objets = ["feuille_de_route", "logement/avdl", "programme"]
    assert interroger(region, "select arrete, objet, a_jour from qualite.arretes order by all") == [
        (mois, objet, True) for mois in ("2021-01", "2021-02", "2021-03") for objet in objets
    ]
    empreintes = interroger(
        region,
        "select arrete, empreinte from qualite.arretes where objet = 'logement/avdl' order by 1",
    )
    assert empreintes[0][1] == empreintes[1][1] != empreintes[2][1]


def test_a_late_delivery_touches_the_months_from_its_own_on(
    region: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    livrer(region, "2021-02.csv", "2020;Beta;X2;1;1;1\n")
    assert rafraichir(region) == 0  # computes 2021-03 again, the last one published
    assert perimes(region) == [("2021-02", "logement/avdl")]
    assert (
        "arrêté à recalculer : 2021-02 : livraisons venues ou changées depuis (logement/avdl)."
        in capsys.readouterr().err
    )
    assert rafraichir(region, "--depuis", "2021-02") == 0
    assert perimes(region) == []


def test_a_delivery_taken_away_touches_them_too(region: Path) -> None:
    (region / "raw" / "logement" / "avdl" / "2021-01.csv").unlink()
    assert rafraichir(region, "--sans-livraisons-disparues") == 0
    assert perimes(region) == [("2021-01", "logement/avdl"), ("2021-02", "logement/avdl")]


def test_a_refused_delivery_touches_nothing(region: Path) -> None:
    livrer(region, "2021-02.csv", "2020;Beta;99;1;1;1\n")
    assert rafraichir(region) == 1
    assert perimes(region) == []


def test_the_roadmap_touches_all_months_but_not_the_printed_figures(region: Path) -> None:
    chiffres = region / "feuille" / "chiffres_publies.csv"
    imprimes = chiffres.read_text(encoding="utf-8")
    assert ",=,12,0," in imprimes
    chiffres.write_text(imprimes.replace(",=,12,0,", ",=,13,0,"), encoding="utf-8")
    assert rafraichir(region) == 0
    assert perimes(region) == []
    cibles = region / "feuille" / "cibles.csv"
    entete, *lignes = cibles.read_text(encoding="utf-8").splitlines()
    cibles.write_text("\n".join([entete, *reversed(lignes[:-1])]) + "\n", encoding="utf-8")
    assert rafraichir(region) == 0
    assert perimes(region) == [("2021-01", "feuille_de_route"), ("2021-02", "feuille_de_route")]


def test_a_month_computed_before_this_was_noted_is_to_be_computed_again(region: Path) -> None:
    with duckdb.connect(region / "entrepot" / "entrepot.duckdb") as con:
        con.execute("drop table qualite.arretes")
    assert rafraichir(region) == 0
    assert {mois for mois, _ in perimes(region)} == {"2021-01", "2021-02"}
