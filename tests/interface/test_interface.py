"""The interface as a steward and an operator use it: months, nodes alone, what runs say."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb
import pytest

from pipelines.interface import JOURNAL
from tests.interface.navigateur import (
    Interface,
    attendre,
    avec_chromium,
    bilan,
    ouvrir,
    page,
    refus,
    site,
)

REGION = Path(__file__).parents[1] / "region"
LIVRES = ["2021-12", "2022-01", "2022-02", "2022-03"]  # 2022-05 is delivered too, and refused
REFUSE = "annee;operateur;departement\n2021;Alpha;X1\n"
MENSUELS = ("indicateurs/valeurs", "orientations/avancement", "entrepot/bilan")
AVDL = "indicateurs/objectif_16/avdl_beneficiaires"

_LANCER_DES_MOIS = """
mutation Lancer($demande: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $demande) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}
"""
_SUIVRE_LES_MOIS = """
query Suivre($id: String!) {
  partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status } }
}
"""
_LANCER = """
mutation Lancer($demande: ExecutionParams!) {
  launchPipelineExecution(executionParams: $demande) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
    ... on RunConfigValidationInvalid { errors { message } }
  }
}
"""
_RUNS = """
query Runs($filtre: RunsFilter!) {
  runsOrError(filter: $filtre) { ... on Runs { results {
    runId status tags { key value } repositoryOrigin { repositoryLocationName }
  } } }
}
"""
_MOIS = """
query Mois($cle: AssetKeyInput!) {
  assetNodeOrError(assetKey: $cle) { ... on AssetNode {
    partitionKeys partitionStats { numMaterialized numFailed }
  } }
}
"""
_DITS = """
query Dits($id: ID!) { logsForRun(runId: $id) { ... on EventConnection { events {
  ... on ExecutionStepFailureEvent { error { message } }
  ... on MaterializationEvent { assetKey { path } metadataEntries { label
    ... on TextMetadataEntry { text } } }
} } } }
"""
_EVENEMENTS = """{ assetNodes(assetKeys: [{path: ["entrepot", "bilan"]}]) {
  assetMaterializations(partitions: ["2031-01"]) { runId }
} }"""
_PRISE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec_WebSocket_Protocol": "graphql-ws",
}
# A page that tries all it may send without asking, and lists what came of it.
_PIEGE = """<!doctype html><meta charset="utf-8"><title></title>
<iframe name="cible" hidden></iframe>
<form action="%(ici)s/graphql" method="post" target="cible"><input name="query"></form>
<script>
const ici = "%(ici)s", envois = %(envois)s, faits = [];
const dire = fait => { faits.push(fait); document.title = faits.sort().join(", "); };
const adresse = texte => `${ici}/graphql?query=${encodeURIComponent(texte)}`;
const image = new Image();
image.onerror = () => dire("image refusée");
image.src = adresse(envois.image);
fetch(`${ici}/graphql`, {method: "POST", mode: "no-cors", credentials: "include",
  body: JSON.stringify({query: envois.texte})});
fetch(adresse(envois.texte), {method: "POST", mode: "no-cors"});
fetch(`${ici}/report_asset_materialization/entrepot/bilan?partition=2031-01`,
  {method: "POST", mode: "no-cors"});
const formulaire = document.querySelector("form");
formulaire.query.value = envois.formulaire;
formulaire.action = adresse(envois.formulaire);
formulaire.submit();
const prise = new WebSocket(`${ici.replace("http", "ws")}/graphql`, "graphql-ws");
prise.onopen = () => dire("prise ouverte");
prise.onerror = () => dire("prise refusée");
</script>"""
_FINIS = ("SUCCESS", "FAILURE", "CANCELED")


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


def cle(noeud: str) -> dict[str, list[str]]:
    return {"path": noeud.split("/")}


def mois_de(interface: Interface, noeud: str) -> dict[str, Any]:
    """The months that a node is offered at, how many are computed, and how many failed."""
    reponse = interface.demander(_MOIS, {"cle": cle(noeud)})
    lu: dict[str, Any] = reponse["assetNodeOrError"]
    return lu


def lancer(
    interface: Interface, noeuds: Sequence[str], job: str = "__ASSET_JOB", **tags: str
) -> dict[str, Any]:
    """Ask for nodes, or for a job, as a click does; gives the run once it has ended."""
    demande = {
        "mode": "default",
        "runConfigData": "{}",
        "executionMetadata": {"tags": [{"key": c, "value": v} for c, v in tags.items()]},
        "selector": {
            "repositoryLocationName": "bilan",
            "repositoryName": "__repository__",
            "pipelineName": job,
            "assetSelection": [cle(noeud) for noeud in noeuds],
            "assetCheckSelection": [] if noeuds else None,
        },
    }
    lance = interface.demander(_LANCER, {"demande": demande})["launchPipelineExecution"]
    assert lance["__typename"] == "LaunchRunSuccess", lance
    return fini(interface, lance["run"]["runId"])


def fini(interface: Interface, run: str) -> dict[str, Any]:
    def regarder() -> dict[str, Any] | None:
        [vu] = interface.demander(_RUNS, {"filtre": {"runIds": [run]}})["runsOrError"]["results"]
        return vu if vu["status"] in _FINIS else None

    termine: dict[str, Any] = attendre(regarder, "la fin d'une exécution")
    return termine


def dits(interface: Interface, run: dict[str, Any]) -> list[dict[str, Any]]:
    evenements = interface.demander(_DITS, {"id": run["runId"]})["logsForRun"]["events"]
    return [e for e in evenements if e]


def contenu(entrepot: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table and view."""
    with duckdb.connect(entrepot / "entrepot.duckdb", read_only=True) as con:
        noms = con.execute(
            """
            select schema_name || '."' || table_name || '"' from duckdb_tables() union all
            select schema_name || '."' || view_name || '"' from duckdb_views() where not internal
            """
        ).fetchall()
        return {nom: con.execute(f"from {nom} order by all").fetchall() for (nom,) in sorted(noms)}


def test_the_months_offered_end_with_the_last_one_delivered(interface: Interface) -> None:
    """The sensor offers them; nothing else has run."""
    attendre(lambda: mois_de(interface, "entrepot/bilan")["partitionKeys"], "les mois")
    for noeud in MENSUELS:
        assert mois_de(interface, noeud)["partitionKeys"] == LIVRES
    assert mois_de(interface, AVDL)["partitionKeys"] == []


def test_an_indicator_asked_alone_is_green_and_publishes_nothing(
    interface: Interface, environnement: dict[str, str]
) -> None:
    run = lancer(interface, [AVDL])
    assert run["status"] == "SUCCESS"
    [dit] = [e for e in dits(interface, run) if e.get("assetKey")]
    assert dit["assetKey"] == cle(AVDL)
    [phrase] = [m["text"] for m in dit["metadataEntries"] if m["label"] == "entrepôt"]
    assert "le prochain rafraîchissement le reprendra" in phrase
    assert not Path(environnement["BILAN_WAREHOUSE"], "entrepot.duckdb").exists()


def test_months_asked_from_the_interface_are_those_of_the_command_line(
    interface: Interface, environnement: dict[str, str], tmp_path: Path
) -> None:
    """A range of what is stored by month, in one run; row for row."""
    demande = {"assetSelection": [cle("entrepot/bilan")], "partitionNames": LIVRES}
    lance = interface.demander(_LANCER_DES_MOIS, {"demande": demande})["launchPartitionBackfill"]
    assert lance["__typename"] == "LaunchBackfillSuccess", lance

    def suivre() -> str:
        suivi = interface.demander(_SUIVRE_LES_MOIS, {"id": lance["backfillId"]})
        statut = str(suivi["partitionBackfillOrError"]["status"])
        return statut if statut.startswith("COMPLETED") else ""

    assert attendre(suivre, "le calcul des mois") == "COMPLETED_SUCCESS"
    filtre = {"tags": [{"key": "dagster/backfill", "value": lance["backfillId"]}]}
    runs = interface.demander(_RUNS, {"filtre": filtre})["runsOrError"]["results"]
    assert [run["status"] for run in runs] == ["SUCCESS"]
    assert mois_de(interface, "entrepot/bilan")["partitionStats"]["numMaterialized"] == 4
    etiquettes = {t["key"]: t["value"] for t in runs[0]["tags"]}
    assert (etiquettes["bilan/arrete"], etiquettes["bilan/refusees"]) == ("2022-03", "1")

    ailleurs = {"BILAN_WAREHOUSE": str(tmp_path), "DAGSTER_HOME": str(tmp_path / "dagster")}
    refresh = subprocess.run(  # noqa: S603
        bilan("refresh", "--depuis", LIVRES[0], "--arrete", LIVRES[-1]),
        env={**os.environ, **environnement, **ailleurs},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert refresh.returncode == 1, refresh.stderr  # one delivery is refused
    assert "Warning" not in refresh.stderr
    ici, la = contenu(Path(environnement["BILAN_WAREHOUSE"])), contenu(tmp_path)
    assert list(ici) == list(la)
    for nom, lignes in ici.items():
        assert lignes == la[nom], nom


def test_a_refresh_of_the_command_line_shows_under_the_job(
    interface: Interface, environnement: dict[str, str]
) -> None:
    """With what there is to look at, in its tags."""
    refresh = subprocess.run(  # noqa: S603
        bilan("refresh", "--depuis", LIVRES[1]),
        env={**os.environ, **environnement}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert refresh.returncode == 1, refresh.stderr
    assert "Rien de neuf depuis le " in refresh.stdout  # the interface has just published it
    (Path(environnement["BILAN_RAW"]) / "logement/avdl/2022-04.csv").write_text(
        "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees\n"
        "2022;Delta;X1;2;1;1\n",
        encoding="utf-8",
    )
    refresh = subprocess.run(  # noqa: S603
        bilan("refresh"),
        env={**os.environ, **environnement}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert refresh.returncode == 1, refresh.stderr
    filtre = {
        "pipelineName": "rafraichir",
        "tags": [{"key": ".dagster/repository", "value": "__repository__@bilan"}],
    }
    run, *_ = interface.demander(_RUNS, {"filtre": filtre})["runsOrError"]["results"]
    assert (run["status"], run["repositoryOrigin"]["repositoryLocationName"]) == (
        "SUCCESS", "bilan",
    )  # fmt: skip
    etiquettes = {t["key"]: t["value"] for t in run["tags"]}
    assert (etiquettes["bilan/arrete"], etiquettes["bilan/refusees"]) == ("2022-04", "1")
    offerts = mois_de(interface, "entrepot/bilan")
    assert offerts["partitionKeys"] == [*LIVRES, "2022-04"]
    assert offerts["partitionStats"]["numMaterialized"] == 5


def test_a_month_that_is_not_offered_is_not_published(
    interface: Interface, environnement: dict[str, str]
) -> None:
    """It comes before the first delivery, and can be asked by the API only."""
    fichier = Path(environnement["BILAN_WAREHOUSE"], "entrepot.duckdb")
    avant = fichier.stat()
    run = lancer(interface, [], job="rafraichir", **{"dagster/partition": "2021-02"})
    assert run["status"] == "FAILURE"
    assert fichier.stat() == avant
    assert "2021-02" not in mois_de(interface, "entrepot/bilan")["partitionKeys"]


def test_a_published_month_is_withdrawn(
    interface: Interface, environnement: dict[str, str]
) -> None:
    run = lancer(interface, [], job="retirer", **{"dagster/partition": "2022-01"})
    assert run["status"] == "SUCCESS"
    publies = {ligne[7] for ligne in contenu(Path(environnement["BILAN_WAREHOUSE"]))[
        'indicateurs."valeurs"'
    ]}  # fmt: skip
    assert publies == {"2021-12", "2022-02", "2022-03", "2022-04"}
    assert mois_de(interface, "entrepot/bilan")["partitionStats"]["numMaterialized"] == 4
    run = lancer(interface, [], job="retirer", **{"dagster/partition": "2022-01"})
    assert run["status"] == "FAILURE"
    messages = [e["error"]["message"] for e in dits(interface, run) if e.get("error")]
    assert any("L'arrêté 2022-01 n'est pas publié" in m for m in messages)


def attaquer(interface: Interface, methode: str, chemin: str, corps: str, **entetes: str) -> int:
    """Ask as no page of the interface does; gives the status."""
    hote = interface.url.removeprefix("http://")
    connexion = HTTPConnection(hote, timeout=60)
    try:
        lus = {nom.replace("_", "-"): valeur for nom, valeur in entetes.items()}
        connexion.request(methode, chemin, corps or None, {"Host": hote, **lus})
        return connexion.getresponse().status
    finally:
        connexion.close()


def lance_par(attaque: str) -> str:
    """A mutation that launches a run, marked by the attack that sent it."""
    return f"""mutation {{ launchRun(executionParams: {{
        selector: {{ repositoryLocationName: "bilan", repositoryName: "__repository__",
                    jobName: "rafraichir" }}
        runConfigData: "{{}}"
        executionMetadata: {{ tags: [
            {{ key: "attaque", value: "{attaque}" }},
            {{ key: "dagster/partition", value: "2021-02" }}
        ] }}
    }}) {{ __typename }} }}"""


def attaques(interface: Interface) -> set[str]:
    """Those that launched a run."""
    runs = interface.demander(_RUNS, {"filtre": {}})["runsOrError"]["results"]
    return {t["value"] for run in runs for t in run["tags"] if t["key"] == "attaque"}


def evenements(interface: Interface) -> list[dict[str, str]]:
    """What was recorded of the warehouse at one month, that of the forger."""
    [noeud] = interface.demander(_EVENEMENTS)["assetNodes"]
    lus: list[dict[str, str]] = noeud["assetMaterializations"]
    return lus


def test_what_comes_from_elsewhere_is_refused(interface: Interface) -> None:
    hote, etranger = interface.url.removeprefix("http://"), "https://mechant.example"
    json_ = {"Content_Type": "application/json"}
    mutation = json.dumps({"query": lance_par("http")})
    par_get = "/graphql?" + urlencode({"query": lance_par("http")})
    forge = json.dumps({"partition": "2031-01"})
    for methode, chemin, corps, entetes, statut in (
        ("POST", "/graphql", mutation, json_ | {"Origin": etranger}, 403),
        ("POST", "/graphql", mutation, json_ | {"Origin": "null"}, 403),
        ("POST", "/graphql", mutation, json_ | {"Host": "mechant.example"}, 403),
        ("POST", "/graphql", mutation, json_ | {"Sec_Fetch_Site": "same-site"}, 403),
        ("POST", "/graphql", mutation, {"Content_Type": "text/plain"}, 403),
        ("POST", par_get, "", {}, 403),
        ("GET", par_get, "", {}, 405),
        ("GET", par_get, "", {"Origin": etranger, "Host": "mechant.example"}, 403),
        ("GET", par_get.replace("?", "%0A?"), "", {}, 403),
        ("POST", "/report_asset_materialization/entrepot/bilan", forge, json_, 405),
        ("POST", "/report_asset_observation/entrepot/bilan", forge, json_, 405),
        ("POST", "/report_asset_check/entrepot/bilan", forge, json_, 405),
        ("GET", "/graphql", "", _PRISE | {"Origin": etranger}, 403),
        ("GET", "/graphql", "", _PRISE | {"Host": "mechant.example"}, 403),
        ("GET", "/graphql", "", _PRISE | {"Origin": f"http://{hote}"}, 101),
    ):
        assert attaquer(interface, methode, chemin, corps, **entetes) == statut, (chemin, entetes)
    assert attaques(interface) == set()
    assert evenements(interface) == []


def test_a_run_that_chooses_its_folders_is_not_launched(
    interface: Interface, tmp_path: Path
) -> None:
    for ressource, dossier in (("atelier", "raw"), ("io_manager", "base_dir")):
        reglages = {"resources": {ressource: {"config": {dossier: str(tmp_path)}}}}
        demande = {
            "mode": "default",
            "runConfigData": json.dumps(reglages),
            "selector": {
                "repositoryLocationName": "bilan",
                "repositoryName": "__repository__",
                "pipelineName": "rafraichir",
            },
        }
        reponse = interface.demander(_LANCER, {"demande": demande})["launchPipelineExecution"]
        assert reponse["__typename"] == "RunConfigValidationInvalid"


@avec_chromium
@pytest.mark.parametrize("hote", ["127.0.0.1", "localhost"])  # of the same site, and of another
def test_a_page_of_another_site_shows_nothing(interface: Interface, hote: str) -> None:
    with site(f'<!doctype html><iframe src="{interface.url}/runs"></iframe>') as port:
        [dit] = refus(f"http://{hote}:{port}/")
    assert f"Framing '{interface.url}/' violates" in dit
    assert "frame-ancestors 'none'" in dit


@avec_chromium
@pytest.mark.parametrize("hote", ["127.0.0.1", "localhost"])  # of the same site, and of another
def test_a_page_of_another_site_does_nothing(interface: Interface, hote: str) -> None:
    """With all that a page may send without asking."""
    envois = {nom: lance_par(nom) for nom in ("image", "texte", "formulaire", "prise")}
    with site(_PIEGE % {"ici": interface.url, "envois": json.dumps(envois)}) as port:
        dit = page(f"http://{hote}:{port}/")
    assert "<title>image refusée, prise refusée</title>" in dit
    assert attaques(interface) == set()
    assert evenements(interface) == []


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
    assert interface.journal.read_text(encoding="utf-8").splitlines() == [
        f"Interface : {interface.url} (Ctrl+C pour arrêter)",
        f"Bilan : {interface.url}/bilan/",
    ]
    journal = Path(environnement["DAGSTER_HOME"], JOURNAL).read_text(encoding="utf-8")
    assert "Warning" not in journal
    assert "Traceback" not in journal
