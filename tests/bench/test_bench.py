"""The bench compares what is equal: contestants agree, and one that does not is found."""

import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.sql import texte
from tests.bench import __main__ as bench
from tests.bench import concurrents, livraisons, projet_dbt
from tests.bench.concurrents import DBT, NU, Autre
from tests.bench.egalite import CLE, ecarts
from tests.bench.mesure import Mesure, lancer

ARRETES = ("2020-12", "2021-06")
Fait = Callable[[Path, str, Path], Autre]


@pytest.fixture(scope="module")
def nues(entrepot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The accepted rows of the demonstration."""
    raw = tmp_path_factory.mktemp("nues")
    livraisons.nues(entrepot, raw)
    return raw


@pytest.fixture(scope="module")
def simulees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    raw = tmp_path_factory.mktemp("simulees")
    livraisons.simulees(raw, 2000, ("2019-10", "2020-12"))
    return raw


@pytest.fixture(scope="module")
def valeurs(simulees: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What DuckDB alone makes of the simulated deliveries."""
    nu = concurrents.nu(simulees, "2020-12", tmp_path_factory.mktemp("nu"))
    nu.lancer()
    return nu.valeurs


@pytest.mark.parametrize("arrete", ARRETES)
def test_duckdb_alone_has_the_values_that_are_published(
    entrepot: Path, nues: Path, tmp_path: Path, arrete: str
) -> None:
    nu = concurrents.nu(nues, arrete, tmp_path)
    nu.lancer()
    assert ecarts(entrepot, arrete, nu.valeurs) == []


def test_dbt_has_the_values_that_are_published(entrepot: Path, nues: Path, tmp_path: Path) -> None:
    if not projet_dbt.installe():
        pytest.skip("dbt n'est pas installé : make clients")
    dbt = concurrents.dbt(nues, "2020-12", tmp_path)
    dbt.lancer()
    assert ecarts(entrepot, "2020-12", dbt.valeurs) == []


def test_pandas_has_the_same_values_of_nine_indicators(
    simulees: Path, valeurs: Path, tmp_path: Path
) -> None:
    pandas = concurrents.pandas(simulees, "2020-12", tmp_path)
    pandas.lancer()
    assert pandas.en_partie
    assert ecarts(valeurs, "2020-12", pandas.valeurs, en_partie=True) == []
    with duckdb.connect() as con:
        noms = con.sql(f"select distinct indicateur from '{pandas.valeurs}'").fetchall()
    assert len(noms) == 9


@pytest.mark.parametrize(
    "autrement",
    [
        "select * replace (nextafter(valeur, 1e9) as valeur) from v where n = 7",
        "select * replace (null as valeur) from v where n = 7",
        "select * replace (coalesce(denominateur, 0) + 1 as denominateur) from v where n = 7",
        "select * replace ('R33' as territoire) from v where n = 7",
        "from v where false",
    ],
)
def test_a_cell_that_differs_is_found(valeurs: Path, tmp_path: Path, autrement: str) -> None:
    """One that has another number, no number, another key, or is not there."""
    altere = tmp_path / "altere.parquet"
    with duckdb.connect() as con:
        con.execute(
            f"""
            create table v as
            select *, row_number() over (order by {", ".join(CLE)}) as n
            from read_parquet({texte(str(valeurs))}) where valeur is not null;
            copy (from v where n <> 7 union all {autrement}) to {texte(str(altere))}
            """
        )
        con.execute(f"copy (from v) to {texte(str(tmp_path / 'juste.parquet'))}")
    assert ecarts(tmp_path / "juste.parquet", "2020-12", tmp_path / "juste.parquet") == []
    trouves = ecarts(tmp_path / "juste.parquet", "2020-12", altere)
    assert len(trouves) == (2 if "R33" in autrement else 1)


def test_an_indicator_that_is_not_there_is_found(valeurs: Path, tmp_path: Path) -> None:
    """Unless the contestant has but some."""
    sans = tmp_path / "sans.parquet"
    with duckdb.connect() as con:
        siennes = f"from read_parquet({texte(str(valeurs))}) where indicateur"
        con.execute(f"copy ({siennes} <> 'cir_signataires') to {texte(str(sans))}")
        [nombre] = con.execute(f"select count(*) {siennes} = 'cir_signataires'").fetchone() or (0,)
    assert len(ecarts(valeurs, "2020-12", sans)) == nombre > 0
    assert ecarts(valeurs, "2020-12", sans, en_partie=True) == []


def test_nothing_is_said_of_who_differs(valeurs: Path, tmp_path: Path) -> None:
    autre = Autre("faux", [], {}, tmp_path)
    bilan = concurrents.Bilan(tmp_path, "2020-12", "2020-12", tmp_path)
    (tmp_path / "w").mkdir()
    with duckdb.connect(bilan.entrepot) as con:
        con.execute(
            f"""
            create schema indicateurs;
            create table indicateurs.valeurs as from read_parquet({texte(str(valeurs))});
            copy (select * replace (numerateur + 1 as numerateur) from indicateurs.valeurs
                  where numerateur is not null limit 1) to {texte(str(autre.valeurs))}
            """
        )
    with pytest.raises(SystemExit, match=r"faux : .* cellules diffèrent"):
        bench.verifier(bilan, [autre])


def test_no_value_to_compare_is_an_error(valeurs: Path) -> None:
    with pytest.raises(ValueError, match="aucune valeur"):
        ecarts(valeurs, "1999-12", valeurs)


def test_a_line_is_the_median_and_how_many_times_the_others(tmp_path: Path) -> None:
    table = bench.Table(tmp_path / "t.csv")
    table.ajouter(
        "lignes",
        "100",
        {
            NU: [Mesure(2, 1, 50), Mesure(9, 4, 70), Mesure(1, 1, 60)],
            DBT: [Mesure(8, 4, 100)],
            "autre": [Mesure(6, 5, 200), Mesure(4, 3, 100)],
        },
    )
    lignes = (tmp_path / "t.csv").read_text("utf-8").splitlines()
    assert lignes[1:] == [
        "lignes,100,DuckDB nu,3,2.0,1.0,60,1.00,1.00,0.25,0.25",
        "lignes,100,dbt,1,8.0,4.0,100,4.00,4.00,1.00,1.00",
        "lignes,100,autre,2,5.0,4.0,150,2.50,4.00,0.62,1.00",  # 5 / 8 = 0.625, half to even
    ]


def test_memory_is_that_of_all_processes_at_once(tmp_path: Path) -> None:
    """Two of them hold 60 MiB each, at the same time."""
    tient = "import sys, time; b = bytearray(60 << 20); time.sleep(1)"
    deux = f"import subprocess, sys\np = subprocess.Popen([sys.executable, '-c', {tient!r}])\n"
    mesure = lancer([sys.executable, "-c", f"{deux}{tient}; p.wait()"], {}, tmp_path)
    assert mesure.memoire > 60 + 60


def test_memory_is_not_that_of_who_measures(tmp_path: Path) -> None:
    tenus = bytearray(200 << 20)
    mesure = lancer([sys.executable, "-c", "import time; time.sleep(0.5)"], {}, tmp_path)
    assert 0 < mesure.memoire < len(tenus) / 2**20


def test_processor_time_is_that_of_children_too(tmp_path: Path) -> None:
    """A process that burns half a second before it ends, and one that only waits for it."""
    brule = "import time\nwhile time.process_time() < 0.5: pass"
    attend = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {brule!r}])"
    assert lancer([sys.executable, "-c", attend], {}, tmp_path).processeur >= 0.5


def test_a_contestant_that_fails_stops_all(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="hélas"):
        lancer([sys.executable, "-c", "import sys; sys.exit('hélas')"], {}, tmp_path)


def test_files_are_cut_without_losing_a_row(tmp_path: Path) -> None:
    livraisons.simulees(tmp_path, 200, ("2020-11", "2020-12"))
    signataires = tmp_path / "ofii" / "cir_signataires"

    def lignes() -> list[str]:
        lues = [f.read_text("utf-8").splitlines()[1:] for f in signataires.glob("*.csv")]
        return sorted(ligne for fichier in lues for ligne in fichier)

    entieres = lignes()
    autres = sum(1 for _ in tmp_path.glob("*/*/*.csv")) - 2
    livraisons.couper(tmp_path, autres + 12)
    assert lignes() == entieres
    assert len(list(signataires.glob("2020-11_*.csv"))) == 12 / 2


def test_dbt_runs_our_duckdb() -> None:
    verrou = (Path(__file__).parent / "dbt.txt").read_text("utf-8")
    assert f"\nduckdb=={duckdb.__version__} \\" in verrou


def test_sizes_are_those_up_to_one_or_between_two() -> None:
    assert bench.entre(bench.LIGNES, "300000") == [100_000, 300_000]
    assert bench.entre(bench.LIGNES, "1000000:3000000") == [1_000_000, 3_000_000]


def test_an_unknown_section_is_said() -> None:
    with pytest.raises(SystemExit, match="lignees"):
        bench.main({"BENCH_SECTIONS": "lignees"})
