"""`bilan ui` opens and ends: what it says, what it starts, what it leaves."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dagster as dg
import pytest

from pipelines.cli import executer
from tests.interface.navigateur import (
    PATIENCE,
    Interface,
    attendre,
    bilan,
    descendants,
    ouvrir,
    port_libre,
    vivant,
)

REGION = Path(__file__).parents[1] / "region"
SERVEUR_DE_CODE = "dagster api grpc"

_RECHARGER = """
mutation {
  reloadRepositoryLocation(repositoryLocationName: "bilan") {
    ... on WorkspaceLocationEntry { locationOrLoadError {
      __typename
      ... on PythonError { errorChain { error { message } } }
    } }
  }
}
"""
_LANCER = """
mutation Lancer($demande: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $demande) { __typename }
}
"""
_CAPTEURS = """{ sensorsOrError(repositorySelector: {
  repositoryName: "__repository__", repositoryLocationName: "bilan"
}) { ... on Sensors { results { id name sensorState { status ticks(limit: 1) { status } } } } } }"""
_ETEINDRE = "mutation Eteindre($id: String!) { stopSensor(id: $id) { __typename } }"


@pytest.fixture
def environnement(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An invented region, a roadmap that a test may change, temporary files of its own."""
    shutil.copytree(REGION / "feuille", tmp_path / "feuille")
    with TemporaryDirectory() as court:  # the name of a socket must be short
        yield {
            "BILAN_ROADMAP": str(tmp_path / "feuille"),
            "BILAN_RAW": str(REGION / "raw"),
            "BILAN_WAREHOUSE": str(tmp_path / "entrepot"),
            "BILAN_CLE": str(tmp_path / "cle"),
            "DAGSTER_HOME": str(tmp_path / "dagster"),
            "TMPDIR": court,
        }


def noeuds(interface: Interface) -> list[dict[str, Any]]:
    lus = interface.demander("{ assetNodes { assetKey { path } } }")["assetNodes"]
    return [noeud["assetKey"] for noeud in lus]


def serveurs_de_code(interface: Interface) -> list[int]:
    siens = descendants(interface.processus.pid)
    return [pid for pid, commande in siens.items() if SERVEUR_DE_CODE in commande]


def recharger(interface: Interface) -> dict[str, Any]:
    entree: dict[str, Any] = interface.demander(_RECHARGER)["reloadRepositoryLocation"]
    charge: dict[str, Any] = entree["locationOrLoadError"]
    return charge


def capteurs(interface: Interface) -> dict[str, dict[str, Any]]:
    lus = interface.demander(_CAPTEURS)["sensorsOrError"]["results"]
    return {capteur["name"]: capteur for capteur in lus}


def test_from_its_opening_to_its_end(
    environnement: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ouvrir(environnement, tmp_path) as interface:
        dit = interface.journal.read_text(encoding="utf-8")
        assert dit == (
            f"Interface : {interface.url} (Ctrl+C pour arrêter)\nBilan : {interface.url}/bilan/\n"
        )
        tous = noeuds(interface)  # at once
        assert {"path": ["indicateurs", "objectif_16", "avdl_beneficiaires"]} in tous
        [serveur] = serveurs_de_code(interface)

        # The daemon has the same code server.
        def passes() -> dict[str, dict[str, Any]] | None:
            ticks = {n: c["sensorState"]["ticks"] for n, c in capteurs(interface).items()}
            finis = all(t and t[0]["status"] != "STARTED" for t in ticks.values())
            return {nom: t[0] for nom, t in ticks.items()} if finis else None

        passages = attendre(passes, "le premier passage des capteurs")
        assert {passage["status"] for passage in passages.values()} == {"SKIPPED"}
        assert "executions_anciennes" in passages
        assert serveurs_de_code(interface) == [serveur]

        # «Reload» reads a roadmap that has changed, says what is wrong with it, and recovers.
        territoires = tmp_path / "feuille" / "territoires.csv"
        territoires.rename(tmp_path / "territoires.csv")
        charge = recharger(interface)
        assert charge["__typename"] == "PythonError"
        messages = [maillon["error"]["message"] for maillon in charge["errorChain"]]
        assert any("territoires.csv ne se lit pas" in message for message in messages)
        (tmp_path / "territoires.csv").rename(territoires)
        choisis = tmp_path / "feuille" / "indicateurs.csv"
        lignes = choisis.read_text(encoding="utf-8").splitlines(keepends=True)
        retire = lignes.pop().strip()
        choisis.write_text("".join(lignes), encoding="utf-8")
        assert recharger(interface)["__typename"] == "RepositoryLocation"
        partis = [cle["path"][-1] for cle in tous if cle not in noeuds(interface)]
        assert retire in partis
        attendre(lambda: len(serveurs_de_code(interface)) == 1, "la fin des anciens serveurs")
        assert serveurs_de_code(interface) != [serveur]

        # What is switched off stays off; a run under way is interrupted, and says so.
        interface.demander(_ETEINDRE, {"id": capteurs(interface)["alerte"]["id"]})
        demande = {"assetSelection": noeuds(interface), "partitionNames": ["2022-03"]}
        interface.demander(_LANCER, {"demande": demande})
        en_cours = "{ runsOrError(filter: { statuses: [STARTED] }) { ... on Runs { count } } }"
        attendre(lambda: interface.demander(en_cours)["runsOrError"]["count"], "l'exécution")
        siens = descendants(interface.processus.pid)
        assert len(siens) > 4
        interface.processus.send_signal(signal.SIGTERM)
        assert interface.processus.wait(timeout=PATIENCE) == 0
        attendre(lambda: not any(map(vivant, siens)), "la fin de tous")
        assert interface.journal.read_text(encoding="utf-8") == dit
    assert not list(Path(environnement["TMPDIR"]).glob("bilan-*"))
    monkeypatch.setenv("DAGSTER_HOME", environnement["DAGSTER_HOME"])
    with dg.DagsterInstance.get() as instance:
        assert [run.is_finished for run in instance.get_runs()] == [True]

    with ouvrir(environnement, tmp_path) as interface:
        etats = {nom: c["sensorState"]["status"] for nom, c in capteurs(interface).items()}
        assert {nom for nom, etat in etats.items() if etat != "RUNNING"} == {"alerte"}
        # One of its programs dies: all the others end, and it says which.
        siens = descendants(interface.processus.pid)
        [web] = [pid for pid, commande in siens.items() if "pipelines.serveur" in commande]
        os.kill(web, signal.SIGKILL)
        assert interface.processus.wait(timeout=PATIENCE) == 2
        attendre(lambda: not any(map(vivant, siens)), "la fin de tous")
        dit = interface.journal.read_text(encoding="utf-8").splitlines()[-1]
    journal = f"{environnement['DAGSTER_HOME']}/interface.log"
    assert dit == (
        f"Erreur : Le serveur web s'est arrêté de lui-même : voir «{journal}», puis relancer."
    )
    assert Path(journal).is_file()


def test_a_graph_that_does_not_load_is_said_in_one_sentence(
    environnement: dict[str, str], tmp_path: Path
) -> None:
    with (tmp_path / "feuille" / "indicateurs.csv").open("a", encoding="utf-8") as choisis:
        choisis.write("inconnu_au_bataillon\n")
    fini = subprocess.run(  # noqa: S603
        bilan("ui", "--port", str(port_libre())),
        env={**os.environ, **environnement},
        capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert fini.returncode == 2
    assert fini.stdout == ""
    [erreur] = fini.stderr.splitlines()
    assert erreur.startswith("Erreur : l'indicateur «inconnu_au_bataillon»")
    assert not list(Path(environnement["TMPDIR"]).glob("bilan-*"))


def test_a_port_that_is_taken_is_said_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", 0))
        occupant.listen()
        port = occupant.getsockname()[1]
        assert executer(["ui", "--port", str(port)]) == 2
    dit = capsys.readouterr()
    assert f"Le port {port} est déjà pris" in dit.err
    assert dit.out == ""
    assert not (tmp_path / "dagster").exists()


@pytest.mark.parametrize("port", ["0", "65536", "trois mille"])
def test_what_is_no_port(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert executer(["ui", "--port", port]) == 2
    assert "valeur non valable pour --port" in capsys.readouterr().err
