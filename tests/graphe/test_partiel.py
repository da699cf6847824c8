"""Nodes asked apart from the others: nothing is published that was not wholly computed."""

from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
from pipelines.graphe.commun import ENTREPOT, cle

from pipelines.cli import executer
from pipelines.graphe.mois import etiquettes
from pipelines.graphe.travail import JOB, definitions
from pipelines.region import Region, region

INVENTEE = Path(__file__).parents[1] / "region"
MOIS = "2022-03"


@pytest.fixture(scope="module")
def ici(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """An invented region, published."""
    dossier = tmp_path_factory.mktemp("entrepot")
    ici = replace(region(), roadmap=INVENTEE / "feuille", raw=INVENTEE / "raw", warehouse=dossier)
    dossiers = ["--roadmap", str(ici.roadmap), "--raw", str(ici.raw), "--warehouse", str(dossier)]
    assert executer(["refresh", "--depuis", MOIS, *dossiers]) == 0
    return ici


def calculer(ici: Region, noeuds: list[dg.AssetKey]) -> str:
    """Run some nodes, as the interface does; gives why it failed, nothing if it did not."""
    job = definitions(ici).resolve_job_def(JOB)
    dossiers = {nom: str(getattr(ici, nom)) for nom in ("raw", "warehouse", "roadmap")}
    resultat = job.execute_in_process(
        run_config={"resources": {"session": {"config": dossiers}}},
        asset_selection=noeuds,
        tags=etiquettes(MOIS, MOIS),
        raise_on_error=False,
    )
    echecs = [e.step_failure_data for e in resultat.all_events if e.is_step_failure]
    return " ".join(str(e.user_failure_data.description) for e in echecs if e.user_failure_data)


def test_publishing_alone_does_not_empty_the_warehouse(ici: Region) -> None:
    avant = (ici.warehouse / "bilan.duckdb").read_bytes()
    assert calculer(ici, [ENTREPOT]).startswith("Rien n'est publié : ")
    assert (ici.warehouse / "bilan.duckdb").read_bytes() == avant


def test_all_but_one_indicator_is_not_published_either(ici: Region) -> None:
    avant = (ici.warehouse / "bilan.duckdb").read_bytes()
    omis = cle("indicateurs", "objectif_16", "avdl_beneficiaires")
    noeuds = [n.key for n in definitions(ici).resolve_asset_graph().asset_nodes if n.key != omis]
    assert calculer(ici, noeuds) == (
        "Rien n'est publié : 1 étapes n'ont pas été demandées, dont indicateur "
        "avdl_beneficiaires. Lancer le job «rafraichir» en entier."
    )
    assert (ici.warehouse / "bilan.duckdb").read_bytes() == avant


def test_a_node_without_those_it_reads_says_so(ici: Region) -> None:
    assert calculer(ici, [cle("indicateurs", "objectif_16", "avdl_beneficiaires")]) == (
        "Ce nœud ne se calcule pas sans ceux dont il dépend : lancer le job «rafraichir»."
    )
