"""The interface as its users have it: `bilan ui` in a process, its API, and a real browser.

What is expected of it does not belong here.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
avec_chromium = pytest.mark.skipif(not CHROMIUM, reason="chromium n'est pas installé")
PATIENCE = 600  # seconds, for what should take a few: machines may be busy
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=20000",
)


def bilan(*arguments: str) -> list[str]:
    """The command line of `bilan`, as installed beside this Python."""
    return [str(Path(sys.executable).with_name("bilan")), *arguments]


@dataclass
class Interface:
    """An interface under way: its address, its process, and the file of what it has said."""

    url: str
    journal: Path
    processus: subprocess.Popen[bytes]

    def demander(self, requete: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask the API."""
        corps = json.dumps({"query": requete, "variables": variables or {}}).encode()
        entetes = {"Content-Type": "application/json"}
        demande = urllib.request.Request(f"{self.url}/graphql", corps, entetes)  # noqa: S310
        try:
            with urllib.request.urlopen(demande, timeout=60) as reponse:  # noqa: S310
                resultat = json.load(reponse)
        except urllib.error.HTTPError as erreur:  # what is wrong is in its body
            resultat = json.load(erreur)
        assert "errors" not in resultat, resultat
        donnees: dict[str, Any] = resultat["data"]
        return donnees

    def page(self, chemin: str) -> str:
        """What a page holds once its scripts have run."""
        return page(self.url + chemin)

    def capturer(self, chemin: str, fichier: Path, taille: tuple[int, int]) -> None:
        """Write a picture of a page."""
        with tempfile.TemporaryDirectory() as profil:
            subprocess.run(  # noqa: S603
                [str(CHROMIUM), *_OPTIONS, f"--user-data-dir={profil}",
                 f"--window-size={taille[0]},{taille[1]}", f"--screenshot={fichier}",
                 self.url + chemin],
                capture_output=True, timeout=PATIENCE, check=True,
            )  # fmt: skip


def page(url: str) -> str:
    """What a page of any site holds once its scripts have run."""
    return _ouverte(url).stdout


def refus(url: str) -> list[str]:
    """What the browser says that it has refused a page: the lines of its console."""
    dits = _ouverte(url, "--enable-logging=stderr").stderr.splitlines()
    return [dit for dit in dits if ":CONSOLE:" in dit]


def _ouverte(url: str, *options: str) -> "subprocess.CompletedProcess[str]":
    with tempfile.TemporaryDirectory() as profil:
        return subprocess.run(  # noqa: S603
            [str(CHROMIUM), *_OPTIONS, *options, f"--user-data-dir={profil}", "--dump-dom", url],
            capture_output=True, text=True, timeout=PATIENCE, check=True,
        )  # fmt: skip


@contextmanager
def site(html: str) -> Iterator[int]:
    """Another site of this machine, whose only page is this one; gives its port."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as serveur:
        Thread(target=serveur.serve_forever, daemon=True).start()
        yield serveur.server_port
        serveur.shutdown()


def port_libre() -> int:
    """A port that nobody holds."""
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        return int(libre.getsockname()[1])


@contextmanager
def ouvrir(environnement: Mapping[str, str], dossier: Path) -> Iterator[Interface]:
    """`bilan ui` in this environment, until the end; what it says is kept in `dossier`."""
    port = port_libre()
    journal = dossier / "interface.log"
    with journal.open("w", encoding="utf-8") as flux:
        processus = subprocess.Popen(  # noqa: S603
            bilan("ui", "--port", str(port)),
            env={**os.environ, **environnement}, stdout=flux, stderr=subprocess.STDOUT,
        )  # fmt: skip
    interface = Interface(f"http://127.0.0.1:{port}", journal, processus)
    try:
        attendre(lambda: _annoncee(interface), "l'interface")
        yield interface
    finally:
        processus.send_signal(signal.SIGINT)
        processus.wait(timeout=PATIENCE)


def attendre(condition: Any, quoi: str) -> Any:
    """Wait until a condition gives something; gives it."""
    fin = time.monotonic() + PATIENCE
    while time.monotonic() < fin:
        if obtenu := condition():
            return obtenu
        time.sleep(0.5)
    raise AssertionError(f"{quoi} se fait attendre depuis {PATIENCE} s")


def _annoncee(interface: Interface) -> bool:
    dit = interface.journal.read_text(encoding="utf-8")
    assert interface.processus.poll() is None, dit
    return interface.url in dit


def descendants(pid: int) -> dict[int, str]:
    """The processes that come from one, and the command line of each."""
    parents, commandes = {}, {}
    for dossier in Path("/proc").glob("[0-9]*"):
        try:
            etat = (dossier / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            commande = (dossier / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it has just ended
            continue
        if etat[0] != "Z":
            parents[int(dossier.name)], commandes[int(dossier.name)] = int(etat[1]), commande
    siens = {pid}
    while nouveaux := {p for p, parent in parents.items() if parent in siens} - siens:
        siens |= nouveaux
    return {p: commandes[p] for p in siens - {pid}}


def vivant(pid: int) -> bool:
    """Whether a process is under way."""
    try:
        etat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return etat.rpartition(")")[2].split()[0] != "Z"
