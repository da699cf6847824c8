"""Months from the interface: a range computed by its API in one run, as the command line would."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.interface import JOURNAL
from tests.interface.navigateur import Interface, attendre, avec_chromium, bilan, ouvrir

REGION = Path(__file__).parents[1] / "region"
TRENTE = [
    *("2021-12", "2022-01", "2022-02", "2022-03", "2022-04", "2022-05"),
    *("2022-06", "2022-07", "2022-08", "2022-09", "2022-10", "2022-11"),
    *("2022-12", "2023-01", "2023-02", "2023-03", "2023-04", "2023-05"),
    *("2023-06", "2023-07", "2023-08", "2023-09", "2023-10", "2023-11"),
    *("2023-12", "2024-01", "2024-02", "2024-03", "2024-04", "2024-05"),
]
REFUSE = "annee;operateur;departement\n2021;Alpha;X1\n"

_LANCER = """
mutation Lancer($demande: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $demande) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
  }
}
"""
_SUIVRE = """
query Suivre($id: String!) {
  partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status } }
}
"""
_RUNS = """
query Runs($filtre: RunsFilter!) {
  runsOrError(filter: $filtre) { ... on Runs { results { runId status } } }
}
"""
_MOIS_CONNUS = """
query Mois($cle: AssetKeyInput!) {
  assetNodeOrError(assetKey: $cle) {
    ... on AssetNode { partitionStats { numMaterialized numFailed } }
  }
}
"""


@pytest.fixture(scope="module")
def environnement(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An invented region, one of whose deliveries is refused, and a Dagster instance of its own."""
    dossier = tmp_path_factory.mktemp("region")
    shutil.copytree(REGION / "raw", dossier / "raw")
    (dossier / "raw" / "logement" / "avdl" / "2022-05.csv").write_text(REFUSE, encoding="utf-8")
    return {
        "BILAN_ROADMAP": str(REGION / "feuille"),
        "BILAN_RAW": str(dossier / "raw"),
        "BILAN_WAREHOUSE": str(dossier / "entrepot"),
        "BILAN_CLE": str(dossier / "cle"),
        "DAGSTER_HOME": str(dossier / "dagster"),
    }


@pytest.fixture(scope="module")
def interface(
    environnement: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Interface]:
    with ouvrir(environnement, tmp_path_factory.mktemp("journal")) as ouverte:
        yield ouverte


def lancer(interface: Interface, mois: list[str]) -> str:
    """Ask for months of every node, as the interface does; gives what to follow."""
    noeuds = interface.demander("{ assetNodes { assetKey { path } } }")["assetNodes"]
    demande = {"assetSelection": [n["assetKey"] for n in noeuds], "partitionNames": mois}
    lance = interface.demander(_LANCER, {"demande": demande})["launchPartitionBackfill"]
    return str(lance["backfillId"])


def suivre(interface: Interface, lance: str) -> tuple[str, list[dict[str, Any]]]:
    """Wait for the end of what was asked; gives it, and its runs."""

    def fini() -> str:
        suivi = interface.demander(_SUIVRE, {"id": lance})["partitionBackfillOrError"]
        return str(suivi["status"]) if suivi["status"].startswith("COMPLETED") else ""

    fin = attendre(fini, "le calcul des mois")
    filtre = {"tags": [{"key": "dagster/backfill", "value": lance}]}
    return fin, interface.demander(_RUNS, {"filtre": filtre})["runsOrError"]["results"]


def mois_connus(interface: Interface, *cle: str) -> dict[str, int]:
    """How many months of a node are computed, and how many failed."""
    reponse = interface.demander(_MOIS_CONNUS, {"cle": {"path": cle}})
    stats: dict[str, int] = reponse["assetNodeOrError"]["partitionStats"]
    return stats


def contenu(entrepot: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table and view."""
    with duckdb.connect(entrepot / "bilan.duckdb", read_only=True) as con:
        noms = con.execute(
            """
            select schema_name || '."' || table_name || '"' from duckdb_tables() union all
            select schema_name || '."' || view_name || '"' from duckdb_views() where not internal
            """
        ).fetchall()
        return {
            nom: con.execute(f"from bilan.{nom} order by all").fetchall() for (nom,) in sorted(noms)
        }


@pytest.fixture(scope="module")
def lances(interface: Interface) -> dict[str, str]:
    """Thirty months, and one before the first delivery, both asked at once."""
    return {"trente": lancer(interface, TRENTE), "trop_tot": lancer(interface, ["2021-02"])}


def test_thirty_months_asked_from_the_interface_are_those_of_the_command_line(
    interface: Interface,
    lances: dict[str, str],
    environnement: dict[str, str],
    tmp_path: Path,
) -> None:
    fin, runs = suivre(interface, lances["trente"])
    assert fin == "COMPLETED_SUCCESS"
    assert [run["status"] for run in runs] == ["SUCCESS"]  # one run for all
    assert mois_connus(interface, "indicateurs", "valeurs")["numMaterialized"] == 30

    ailleurs = {"BILAN_WAREHOUSE": str(tmp_path), "DAGSTER_HOME": str(tmp_path / "dagster")}
    refresh = subprocess.run(  # noqa: S603
        bilan("refresh", "--depuis", TRENTE[0], "--arrete", TRENTE[-1]),
        env={**os.environ, **environnement, **ailleurs},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert refresh.returncode == 1, refresh.stderr  # one delivery is refused
    assert "Warning" not in refresh.stderr
    ici, la = contenu(Path(environnement["BILAN_WAREHOUSE"])), contenu(tmp_path)
    assert list(ici) == list(la)
    assert len({ligne[7] for ligne in ici['indicateurs."valeurs"']}) == 30
    for nom, lignes in ici.items():
        assert lignes == la[nom], nom


def test_a_month_that_cannot_be_computed_is_shown_as_failed(
    interface: Interface, lances: dict[str, str]
) -> None:
    """It comes before the first delivery: the run says so, in French, and nothing is published."""
    fin, [run] = suivre(interface, lances["trop_tot"])
    assert (fin, run["status"]) == ("COMPLETED_FAILED", "FAILURE")
    assert mois_connus(interface, "qualite", "livraisons")["numFailed"] == 1
    dits = interface.demander(
        """query Dits($id: ID!) { logsForRun(runId: $id) { ... on EventConnection { events {
             ... on ExecutionStepFailureEvent { error { message } } } } } }""",
        {"id": run["runId"]},
    )
    messages = [e["error"]["message"] for e in dits["logsForRun"]["events"] if e.get("error")]
    assert any("L'arrêté 2021-02 précède la première livraison" in m for m in messages)


@avec_chromium
def test_a_refused_delivery_is_seen_on_its_extract(interface: Interface) -> None:
    page = interface.page("/assets/livraisons/logement/avdl")
    for attendu in (
        "Personnes entrées dans l'année",  # the meaning of a column
        "logement/avdl/2022-05.csv",
        "il manque les colonnes beneficiaires",
        "assets/extracts/logement/avdl.py",
        "raw/logement/avdl",
    ):
        assert attendu in page, attendu
    controles = interface.page(
        "/assets/livraisons/logement/avdl?view=checks&checkDetail=livraisons_non_refusees"
    )
    assert "logement/avdl/2022-05.csv : aucun en-tête complet" in controles


@avec_chromium
def test_an_indicator_tells_what_it_counts_and_where_it_is_printed(interface: Interface) -> None:
    page = interface.page("/assets/indicateurs/objectif_16/avdl_beneficiaires")
    for attendu in ("Imprimé dans le bilan", "dix-sept", "faits.logement_avdl", "logement"):
        assert attendu in page, attendu


def test_nothing_it_said_was_a_warning(interface: Interface, environnement: dict[str, str]) -> None:
    """Last: of deprecation or other, even where only its journal says it."""
    [adresse] = interface.journal.read_text(encoding="utf-8").splitlines()
    assert adresse == f"Interface : {interface.url} (Ctrl+C pour arrêter)"
    journal = Path(environnement["DAGSTER_HOME"], JOURNAL).read_text(encoding="utf-8")
    assert "Warning" not in journal
    assert "Traceback" not in journal
