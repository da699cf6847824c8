"""`bilan ui`: Dagster's web server and its daemon, with one code server for both, until the end.

Nothing heavy is imported here: this process only waits. What keeps programs together is in
`troupe`; whom the web server answers is in `porte`; the graph, its schedules and sensors are in
`graphe`.
"""

import errno
import http.client
import json
import signal
import socket
import tempfile
import time
from pathlib import Path
from typing import Any, NoReturn

from pipelines.droits import restreindre
from pipelines.edition import adresses
from pipelines.erreurs import Faute
from pipelines.instance import REGLAGES, dossier_de_dagster
from pipelines.region import region
from pipelines.troupe import Troupe

JOURNAL = "interface.log"
UI = "BILAN_UI"  # its public address, where it has one
_HOTE = "127.0.0.1"
_EMPLACEMENT = "bilan"  # as in workspace.yaml: cursors and switches of sensors go by it
_MODULE = "pipelines.definitions"
_CALME = ("--log-level", "warning")
# The code server's inner process lives without news from the outer one for so many seconds: a
# machine that was suspended must not find it gone.
_SURSIS = "3600"
# The web server is up before the graph is loaded, and looks for it every second: that it is not
# there yet is no news, and an error of the graph is said by the code server.
_ATTENDU = "ignore:Error loading repository location"
_FIN = (signal.SIGTERM, signal.SIGHUP)  # besides Ctrl+C

_CHARGE = """{ workspaceOrError {
  ... on Workspace { locationEntries { locationOrLoadError {
    __typename
    ... on PythonError { message className errorChain { error { message className } } }
  } } }
} }"""
_JSON = {"Content-Type": "application/json"}
_INJOIGNABLE = "DagsterUserCodeUnreachableError"
_PREFIXE = f"{Faute.__module__}.{Faute.__qualname__}: "


def interface(port: int) -> int:
    """Serve the interface until interrupted; its address is printed once it answers.

    Raises:
        Faute: the port is taken, the graph does not load, or a program stopped by itself.
    """
    _verifier_libre(port)
    restreindre()
    dossier = dossier_de_dagster()
    for fin in _FIN:
        if signal.getsignal(fin) != signal.SIG_IGN:  # nohup
            signal.signal(fin, signal.default_int_handler)
    try:
        _creer_les_tables(dossier)
        with (
            tempfile.TemporaryDirectory(prefix="bilan-") as prive,
            Troupe(dossier / JOURNAL) as troupe,
        ):
            _lancer(troupe, Path(prive), port)
    except KeyboardInterrupt:
        return 0


def _verifier_libre(port: int) -> None:
    with socket.socket() as essai:
        essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind((_HOTE, port))
        except OSError as erreur:
            if erreur.errno != errno.EADDRINUSE:
                raise Faute(
                    f"Le port {port} ne s'ouvre pas ({erreur.strerror}). "
                    "En choisir un autre avec --port."
                ) from None
            raise Faute(
                f"Le port {port} est déjà pris : une interface est-elle ouverte ? "
                "En choisir un autre avec --port."
            ) from None


def _creer_les_tables(dossier: Path) -> None:
    """In a new folder of Dagster, create its tables: several programs must not do it at once."""
    if all(chemin.name == REGLAGES for chemin in dossier.iterdir()):
        import dagster as dg

        with dg.DagsterInstance.get() as dagster:
            dagster.get_asset_keys()


def _lancer(troupe: Troupe, prive: Path, port: int) -> NoReturn:
    """Start the programs, and watch over them until the end."""
    prise, espace = prive / "code", prive / "workspace.yaml"
    pages = adresses.dossier(region().warehouse)
    serveur = {"socket": str(prise), "location_name": _EMPLACEMENT}
    espace.write_text(json.dumps({"load_from": [{"grpc_server": serveur}]}), encoding="utf-8")
    troupe.lancer(
        "Le serveur du graphe",
        ["dagster", "code-server", "start", "-m", _MODULE, "--socket", str(prise)],
        ["--location-name", _EMPLACEMENT, "--heartbeat-ttl", _SURSIS, *_CALME],
    )
    troupe.lancer(
        "Le serveur web",
        ["python", "-m", "pipelines.serveur"],
        ["--workspace", str(espace), "--host", _HOTE, "--port", str(port), "--bilan", str(pages)],
        PYTHONWARNINGS=_ATTENDU,
    )
    while not _prete(port, troupe.journal):
        troupe.veiller()
        time.sleep(0.1)
    # Last, so as not to delay the page.
    troupe.lancer("Le démon", ["dagster-daemon", "run", "-w", str(espace)], [*_CALME])
    ici = f"http://{_HOTE}:{port}"
    bilan = f"{ici}{adresses.adresse(region().nom, '')}"
    print(f"Interface : {ici} (Ctrl+C pour arrêter)\nBilan : {bilan}", flush=True)
    while True:
        troupe.veiller()
        time.sleep(0.5)


def _prete(port: int, journal: Path) -> bool:
    """Whether the page answers, and the graph is on it.

    Raises:
        Faute: the graph does not load.
    """
    requete = http.client.HTTPConnection(_HOTE, port, timeout=60)
    try:
        requete.request("POST", "/graphql", json.dumps({"query": _CHARGE}), _JSON)
        reponse = json.load(requete.getresponse())
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return False
    finally:
        requete.close()
    lieux: list[dict[str, Any]] = reponse["data"]["workspaceOrError"].get("locationEntries", [])
    charges = [lieu["locationOrLoadError"] or {} for lieu in lieux]
    for charge in charges:
        if charge.get("__typename") == "PythonError":
            _dire(charge, journal)
    return any(charge.get("__typename") == "RepositoryLocation" for charge in charges)


def _dire(erreur: dict[str, Any], journal: Path) -> None:
    """Raise what keeps the graph from loading, unless it is only not loaded yet."""
    chaine = [erreur, *(maillon["error"] for maillon in erreur["errorChain"])]
    if any(maillon["className"] == _INJOIGNABLE for maillon in chaine):
        return
    for maillon in chaine:
        if maillon["className"] == Faute.__name__:
            raise Faute(maillon["message"].strip().removeprefix(_PREFIXE))
    derniere = chaine[-1]["message"].strip().splitlines()[0][:300]
    raise Faute(f"Le graphe ne se charge pas : {derniere}. La trace est dans «{journal}».")
