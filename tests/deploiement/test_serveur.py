"""The server of two regions, for real: PostgreSQL, nginx, every unit, from the files as they are.

Two invented regions: that of `tests/region`, and a copy of it. The last tests lose the machine and
restore it: they come last.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.deploiement.machine import (
    NOM,
    OPERATRICE,
    REFERENT,
    Machine,
    attendre,
    authentification,
    blocs,
    identite,
    manquants,
)

pytestmark = pytest.mark.skipif(bool(manquants()), reason=f"ne sont pas installés : {manquants()}")

REGIONS = ("hauts_de_france", "normandie")
REGION_D_ESSAI = Path(__file__).parents[1] / "region"
SERVICES = ("bilan-webserver.service", "bilan-lecture.service", "bilan-daemon.service")
MOT_DE_PASSE = "un mot/de passe: 100 % sûr"

RUNS = """query { runsOrError { ... on Runs { results { runId status
    tags { key value } stats { ... on RunStatsSnapshot { enqueuedTime } } } } } }"""
LANCER = """mutation ($ou: JobOrPipelineSelector!, $tags: [ExecutionTag!]) {
    launchRun(executionParams: {selector: $ou, executionMetadata: {tags: $tags}}) {
        __typename ... on LaunchRunSuccess { run { runId } }
        ... on PythonError { message } ... on UnauthorizedError { message } } }"""
REGIONS_CHARGEES = """query { workspaceOrError { ... on Workspace { locationEntries {
    name locationOrLoadError { __typename } } } } }"""

PAGES = pytest.mark.parametrize(
    ("page", "compte"), [("operation", OPERATRICE), ("lecture", REFERENT)]
)
PRISE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec_WebSocket_Protocol": "graphql-ws",
}


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """The machine, installed and started by what the documentation says; each region refreshed."""
    racine = Path(tempfile.mkdtemp(prefix="bilan"))  # sockets want short paths
    racine.chmod(0o755)
    machine = Machine(racine, REGIONS)
    try:
        machine.ouvrir_postgres()
        _installer(machine)
        refreshes = {r: machine.bilan(r, "refresh", "--depuis", "2021-12") for r in REGIONS}
        _demarrer(machine)
        for region, refresh in refreshes.items():
            assert refresh.wait() == 0, machine.journal(f"bilan-region {region}")
        yield machine
    finally:
        machine.arreter()
        machine.detruire_postgres()
        shutil.rmtree(racine)


def _installer(machine: Machine) -> None:
    """What an administrator does, on paper once for each region."""
    _, reglages, base, tables = blocs("Install")  # Debian's packages and /opt/bilan are here
    machine.executer(reglages)
    for nom in ("bilan.env", "dagster.yaml", "workspace.yaml"):
        fichier = machine.racine / "etc/bilan" / nom
        texte = machine.placer(fichier.read_text(encoding="utf-8"))
        fichier.write_text(texte.replace("change me", MOT_DE_PASSE), encoding="utf-8")
    machine.executer(base.replace("change me", MOT_DE_PASSE))
    machine.executer(tables)
    machine.poser_secrets_de_nginx()
    for region in REGIONS:
        _, dossiers, secrets = blocs("Add a region")  # users are numbers here
        machine.executer(f"REGION={region}\n{dossiers}{secrets}")
        fichier = machine.racine / "etc/bilan/regions" / f"{region}.env"
        fichier.write_text(machine.placer(fichier.read_text(encoding="utf-8")), "utf-8")
        # With a umask, and not the modes of the checkout: folders keep their groups.
        machine.executer(
            f"""umask 007
            cp -R --no-preserve=mode {REGION_D_ESSAI}/feuille/. /srv/bilan/{region}/roadmap
            cp -R --no-preserve=mode {REGION_D_ESSAI}/raw/. /srv/bilan/{region}/raw"""
        )


def _demarrer(machine: Machine) -> None:
    """In the order that units ask for: code servers, and the others once these answer."""
    for region in REGIONS:
        machine.demarrer("bilan-code@.service", region)
    machine.ouvrir_nginx()
    for region in REGIONS:
        machine.prete("bilan-code@.service", region)
    for service in SERVICES:
        machine.demarrer(service)
    for page, compte in (("operation", OPERATRICE), ("lecture", REFERENT)):
        attendre(lambda p=page, c=compte: _repond(machine, p, c), f"/{page} répond")  # type: ignore[misc]


def _repond(machine: Machine, page: str, compte: str) -> bool:
    machine.verifier()
    return machine.demander(f"/{page}/server_info", compte)[0] == 200


def _runs(machine: Machine) -> list[dict[str, Any]]:
    """The runs that a data steward sees."""
    resultats: list[dict[str, Any]] = machine.graphql("lecture", REFERENT, RUNS)["runsOrError"][
        "results"
    ]
    return resultats


def _region(run: dict[str, Any]) -> str:
    [region] = [e["value"] for e in run["tags"] if e["key"] == "bilan/region"]
    return str(region)


def _entrepot(machine: Machine, region: str) -> Path:
    return machine.racine / "srv/bilan" / region / "warehouse" / "entrepot.duckdb"


def _lancer(machine: Machine, page: str, compte: str, region: str) -> dict[str, Any]:
    reponse: dict[str, Any] = machine.graphql(
        page,
        compte,
        LANCER,
        ou={
            "repositoryLocationName": region,
            "repositoryName": "__repository__",
            "jobName": "rafraichir",
        },
        tags=[{"key": "dagster/partition", "value": "2022-03"}],
    )["launchRun"]
    return reponse


def test_each_region_is_loaded_and_its_refresh_recorded(machine: Machine) -> None:
    espace = machine.graphql("lecture", REFERENT, REGIONS_CHARGEES)["workspaceOrError"]
    assert {
        e["name"]: e["locationOrLoadError"]["__typename"] for e in espace["locationEntries"]
    } == dict.fromkeys(REGIONS, "RepositoryLocation")
    runs = _runs(machine)
    assert sorted(map(_region, runs)) == sorted(REGIONS)
    assert {run["status"] for run in runs} == {"SUCCESS"}
    for region in REGIONS:
        with duckdb.connect(_entrepot(machine, region), read_only=True) as con:
            assert con.execute("select max(arrete) from indicateurs.valeurs").fetchall() == [
                ("2022-03",)
            ]


def test_a_region_publishes_for_its_own_analysts(machine: Machine) -> None:
    for region in REGIONS:
        dossier = _entrepot(machine, region).parent
        publie, garde = _entrepot(machine, region).stat(), (dossier / ".gardees").stat()
        assert (publie.st_mode & 0o777, garde.st_mode & 0o777) == (0o640, 0o700)
        assert publie.st_gid == machine.comptes.groupe_de(region)


def test_a_region_that_is_not_there_is_said(machine: Machine) -> None:
    assert machine.bilan("bretagne", "refresh").wait() == 2
    dit = machine.journal("bilan-region bretagne")
    assert dit.startswith("Erreur : la région «bretagne» n'a pas de réglages")


def test_an_operator_launches_a_refresh(machine: Machine) -> None:
    """Through nginx, the queue and the code server of the region, to the published file."""
    avant = {region: _entrepot(machine, region).stat().st_ino for region in REGIONS}
    livree = machine.racine / "srv/bilan/normandie/raw/logement/avdl/2022-03.csv"
    livre = livree.read_bytes()
    livree.write_bytes(livre + b"\n")  # another file, of the same rows: there is something to do
    reponse = _lancer(machine, "operation", OPERATRICE, "normandie")
    assert reponse["__typename"] == "LaunchRunSuccess", reponse
    lance = reponse["run"]["runId"]

    def fini() -> bool:
        machine.verifier()
        [run] = [r for r in _runs(machine) if r["runId"] == lance]
        etiquettes = {e["key"]: e["value"] for e in run["tags"]}
        for limitee in ("bilan/region", "dagster/code_location"):
            assert etiquettes[limitee] == "normandie"
        assert run["stats"]["enqueuedTime"]
        assert run["status"] not in ("FAILURE", "CANCELED"), run
        return bool(run["status"] == "SUCCESS")

    attendre(fini, "le rafraîchissement lancé par l'opératrice est fini")
    livree.write_bytes(livre)
    assert _entrepot(machine, "normandie").stat().st_ino != avant["normandie"]
    assert _entrepot(machine, "hauts_de_france").stat().st_ino == avant["hauts_de_france"]


def test_the_pages_of_a_region_are_shown_to_stewards_alone(machine: Machine) -> None:
    """Once it is said: before, and of the other region, nothing is there."""
    page = "/bilan/normandie/"
    assert machine.demander(page, REFERENT)[0] == 404
    [montrer] = blocs("Show the pages")
    machine.executer(f"REGION=normandie\n{montrer}")
    assert machine.bilan("normandie", "refresh").wait() == 0, machine.journal(
        "bilan-region normandie"
    )
    assert "<h1>" in machine.demander(page, REFERENT)[1]
    assert machine.demander("/bilan/normandie/bilan.docx", REFERENT)[0] == 200
    assert [machine.demander(page, qui)[0] for qui in ("", OPERATRICE)] == [401, 401]
    for autre in ("/bilan/hauts_de_france/", "/operation/bilan/normandie/"):
        assert machine.demander(autre, REFERENT)[0] in (401, 404)
    ecrites = machine.racine / "srv/bilan-pages/normandie/bilan"
    assert (ecrites / "index.html").stat().st_mode & 0o777 == 0o640


def test_a_steward_reads_and_launches_nothing(machine: Machine) -> None:
    nombre = len(_runs(machine))
    assert machine.demander("/lecture/", REFERENT)[0] == 200
    assert _lancer(machine, "lecture", REFERENT, "normandie")["__typename"] == "UnauthorizedError"
    assert len(_runs(machine)) == nombre


def test_nothing_without_the_right_password(machine: Machine) -> None:
    for page in ("/lecture/", "/lecture/graphql", "/operation/", "/operation/graphql"):
        assert machine.demander(page)[0] == 401
        assert machine.demander(page, "referent:faux")[0] == 401
    assert machine.demander("/operation/", REFERENT)[0] == 401
    assert machine.demander("/operation/graphql", REFERENT, {"query": RUNS})[0] == 401
    for ailleurs in ("/graphql", "/server_info", "/operation", "/lecture/../graphql"):
        assert machine.demander(ailleurs, OPERATRICE)[0] in (301, 404)


@PAGES
def test_another_site_cannot_act_for_a_user(machine: Machine, page: str, compte: str) -> None:
    """What a page has a browser send, with the password that it remembers."""
    question, adresse = {"query": "query { version }"}, f"/{page}/graphql"
    rapport = f"/{page}/report_asset_materialization/normandie/entrepot/bilan"
    for chemin, corps, entetes, statut in (
        (adresse, question, {"Sec_Fetch_Site": "same-origin", "Origin": f"https://{NOM}"}, 200),
        (adresse, question, {}, 200),
        (adresse, question, {"Sec_Fetch_Site": "cross-site"}, 403),
        (adresse, question, {"Sec_Fetch_Site": "same-site"}, 403),
        (adresse, question, {"Origin": "https://mechant.example"}, 403),
        (adresse, question, {"Origin": f"https://{NOM}:8443"}, 403),
        (adresse, question, {"Host": "mechant.example"}, 403),
        (adresse, question, {"Content_Type": "text/plain"}, 403),
        (f"{adresse}?query=mutation%7B__typename%7D", None, {}, 405),
        (f"{adresse}%0A?query=mutation%7B__typename%7D", None, {}, 403),
        (rapport, {}, {}, 405),
        (adresse, None, PRISE | {"Origin": "https://mechant.example"}, 403),
        (adresse, None, PRISE | {"Origin": f"https://{NOM}"}, 101),
    ):
        assert machine.demander(chemin, compte, corps, **entetes)[0] == statut, (chemin, entetes)


@PAGES
def test_no_other_site_shows_a_page(machine: Machine, page: str, compte: str) -> None:
    connexion = machine.connexion()
    connexion.request("GET", f"/{page}/", headers={"Host": NOM, **authentification(compte)})
    reponse = connexion.getresponse()
    connexion.close()
    politique = str(reponse.getheader("Content-Security-Policy"))
    assert politique.count("frame-ancestors 'none'") == 1
    assert reponse.getheader("X-Frame-Options") == "DENY"
    assert reponse.getheader("Strict-Transport-Security") == "max-age=31536000"


def test_no_other_site_shows_a_page_of_nginx(machine: Machine) -> None:
    """Refusals and errors, which Dagster has not made."""
    for chemin, compte, statut in (
        ("/lecture/", "", 401),
        ("/operation/", REFERENT, 401),
        ("/ailleurs", OPERATRICE, 404),
        ("/", "", 302),
    ):
        connexion = machine.connexion()
        connexion.request("GET", chemin, headers={"Host": NOM, **authentification(compte)})
        reponse = connexion.getresponse()
        connexion.close()
        assert reponse.status == statut
        assert reponse.getheader("Content-Security-Policy") == "frame-ancestors 'none'"


def test_passwords_are_not_tried_without_end(machine: Machine) -> None:
    """Of one name: others come in meanwhile."""
    connexion, faux = machine.connexion(), {"Host": NOM, **authentification("inconnu:faux")}
    statuts: list[int] = []
    while len(statuts) < 5000 and 429 not in statuts:
        connexion.request("GET", "/lecture/server_info", headers=faux)
        reponse = connexion.getresponse()
        reponse.read()
        statuts.append(reponse.status)
    connexion.close()
    assert set(statuts) == {401, 429}
    assert len(statuts) > 400  # a page opens with a hundred and more
    assert machine.demander("/lecture/server_info", REFERENT)[0] == 200


@PAGES
def test_pages_update_by_websocket(machine: Machine, page: str, compte: str) -> None:
    assert machine.demander(f"/{page}/graphql", compte, **PRISE)[0] == 101


def test_settings_and_deliveries_are_only_read(machine: Machine) -> None:
    """Systemd lets no service write there: none has a need to."""
    for dossier, source in (
        ("srv/bilan/normandie/raw", "raw"),
        ("srv/bilan/normandie/roadmap", "feuille"),
    ):
        assert _fichiers(machine.racine / dossier) == _fichiers(REGION_D_ESSAI / source)
    assert set(_fichiers(machine.racine / "etc/bilan")) == {
        "bilan.env",
        *(f"cles/{region}" for region in REGIONS),
        "dagster.yaml",
        "operateurs.htpasswd",
        "referents.htpasswd",
        *(f"regions/{region}.env" for region in REGIONS),
        "tls/bilan.crt",
        "tls/bilan.key",
        "workspace.yaml",
    }


def _fichiers(dossier: Path) -> dict[str, str]:
    return {str(f.relative_to(dossier)): _empreinte(f) for f in dossier.rglob("*") if f.is_file()}


def test_no_process_warns_of_a_deprecation(machine: Machine) -> None:
    journaux = {f.name: machine.journal(f.name) for f in machine.journaux.iterdir()}
    assert {*SERVICES, *(f"bilan-region {region}" for region in REGIONS)} < set(journaux)
    for nom, journal in journaux.items():
        for mot in ("deprecat", "supersed", "warning", "traceback"):
            assert mot not in journal.lower(), f"{nom} : {journal}"


def test_all_is_restored_from_a_backup(machine: Machine) -> None:
    runs = sorted(run["runId"] for run in _runs(machine))
    entrepots = {region: _empreinte(_entrepot(machine, region)) for region in REGIONS}
    cles = {"age1_OF_DATA": "donnees", "age1_OF_KEYS": "cles"}
    [reglages] = blocs("Back up")
    for exemple, nom in cles.items():
        reglages = reglages.replace(exemple, identite(machine.racine / f"{nom}.identite"))
    machine.executer(reglages)
    faite = machine.commande("bilan-sauvegarde")
    assert faite.returncode == 0, faite.stderr

    machine.arreter()
    machine.detruire_postgres()
    for perdu in ("etc", "srv", "run", "var/lib"):
        shutil.rmtree(machine.racine / perdu)

    machine.ouvrir_postgres()
    machine.executer(blocs("Install")[2].replace("change me", MOT_DE_PASSE))
    [restaurer] = blocs("Restore")
    machine.executer(restaurer.replace("/media/identities", str(machine.racine)))
    assert {region: _empreinte(_entrepot(machine, region)) for region in REGIONS} == entrepots
    for region in REGIONS:
        assert (machine.racine / "etc/bilan/cles" / region).stat().st_mode & 0o777 == 0o600
    machine.ouvrir_nginx()
    machine.demarrer("bilan-lecture.service")
    refresh = machine.bilan("hauts_de_france", "refresh")
    attendre(lambda: _repond(machine, "lecture", REFERENT), "/lecture répond")
    assert refresh.wait() == 0, machine.journal("bilan-region hauts_de_france")
    retrouves = [run["runId"] for run in _runs(machine)]
    assert len(retrouves) == len(runs) + 1
    assert set(runs) < set(retrouves)


def _empreinte(fichier: Path) -> str:
    return hashlib.sha256(fichier.read_bytes()).hexdigest()
