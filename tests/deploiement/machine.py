"""A prefecture's server in a folder: what `pipelines/deploiement` says, with other paths and ports.

Units, settings and the blocks of the README are read as they are; only paths, ports and users are
replaced. How systemd isolates services is not tried here.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from configparser import ConfigParser
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

from pipelines.feuille_de_route import RACINE

SOURCES = RACINE / "pipelines" / "deploiement"
PROGRAMMES = Path(sys.executable).parent
OPERATRICE, REFERENT = "operatrice:mot de passe", "referent:autre mot"
PATIENCE = 600  # seconds: the machine may be busy with other tests
NOM = "bilan.example"  # of the server, in the project's files
_ROOT = os.geteuid() == 0
# PostgreSQL refuses to run as root.
_POSTGRES: dict[str, Any] = (
    {"user": "postgres", "group": "postgres", "extra_groups": []} if _ROOT else {}
)


def programme(nom: str) -> str | None:
    """Where a program is; servers are not in everyone's PATH."""
    postgres = [str(p) for p in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    return shutil.which(nom, path=":".join([os.environ["PATH"], "/usr/sbin", *postgres]))


def manquants() -> list[str]:
    """What the server needs and that is not installed here."""
    return [nom for nom in ("pg_ctl", "nginx", "openssl") if not programme(nom)]


def blocs(titre: str) -> list[str]:
    """The blocks of commands under a title of the README."""
    section = (SOURCES / "README.md").read_text(encoding="utf-8").split(f"\n## {titre}\n")[1]
    return re.findall(r"```sh\n(.*?)```", section.split("\n## ")[0], re.S)


def authentification(compte: str) -> dict[str, str]:
    """The header that says who asks: a name and a password, `:` between them."""
    if not compte:
        return {}
    return {"Authorization": f"Basic {b64encode(compte.encode()).decode()}"}


def attendre(condition: Callable[[], object], quoi: str) -> None:
    """Wait until something is true."""
    fin = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < fin, f"toujours pas : {quoi}"
        time.sleep(0.2)


def lire_unite(nom: str) -> list[tuple[str, str]]:
    """What the [Service] of a unit says, after what all units share."""
    reglages = []
    for fichier in (Path("bilan-.service.d") / "commun.conf", Path(nom)):
        lecteur = ConfigParser(interpolation=None)
        lecteur.optionxform = str  # type: ignore[assignment, method-assign]
        lecteur.read(SOURCES / "systemd" / fichier, encoding="utf-8")
        reglages += lecteur.items("Service")
    return reglages


class Machine:
    """The server: `racine` stands for /, processes are those of its units."""

    def __init__(self, racine: Path) -> None:
        self.racine = racine
        self.journaux = racine / "journaux"
        self.journaux.mkdir()
        prises = [socket.create_server(("127.0.0.1", 0)) for _ in range(5)]
        ports = [prise.getsockname()[1] for prise in prises]
        self._ports = dict(zip((80, 443, 3000, 3001, 5432), ports, strict=True))
        for prise in prises:
            prise.close()
        self._processus: dict[str, subprocess.Popen[bytes]] = {}
        self._env = {
            "PATH": f"{os.environ['PATH']}:/usr/sbin",
            "LANG": "C.UTF-8",
            "HOME": str(racine),
        }
        # What the README runs as postgres finds this cluster, and not the system's.
        self._postgres = {"PGHOST": str(racine), "PGPORT": str(self._ports[5432])}

    def placer(self, texte: str) -> str:
        """The same commands or settings, for this machine."""
        texte = texte.replace("/opt/bilan/.venv/bin", str(PROGRAMMES))
        texte = texte.replace("/opt/bilan", str(RACINE))
        texte = re.sub(
            r"(?<![\w.])/(etc|srv|run|var/lib|var/backups)/bilan", rf"{self.racine}/\1/bilan", texte
        )
        texte = re.sub(r"--directory=/(?!\S)", f"--directory={self.racine}", texte)
        texte = texte.replace("-o bilan -g bilan ", "").replace("runuser -u bilan -- ", "")
        if not _ROOT:
            texte = texte.replace("runuser -u postgres -- ", "")
        return re.sub(
            r"(--port |PGPORT=|127\.0\.0\.1:)(\d+)",
            lambda m: f"{m[1]}{self._ports[int(m[2])]}",
            texte,
        )

    def executer(self, commandes: str) -> None:
        """Run commands as an administrator pastes them."""
        subprocess.run(  # noqa: S603
            ["/bin/bash", "-euo", "pipefail", "-c", self.placer(commandes)],
            env={**self._env, **self._postgres, "PGUSER": "postgres"},
            cwd=self.racine,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    # PostgreSQL, as Debian's package leaves it: a cluster, its administrator postgres.

    def ouvrir_postgres(self) -> None:
        """Make the cluster and start it."""
        base = self.racine / "postgresql"
        base.mkdir()
        if _ROOT:
            shutil.chown(base, "postgres", "postgres")
        acces = ["--auth-local=trust", "--auth-host=scram-sha-256", "--username=postgres"]
        self._pg_ctl("initdb", "--silent", f"--options={shlex.join([*acces, '--no-sync'])}")
        options = [f"-k{base}", f"-p{self._ports[5432]}", "-clisten_addresses=127.0.0.1"]
        self._pg_ctl(
            "start",
            "--silent",
            f"--log={base}/journal",
            f"--options={shlex.join([*options, '-cfsync=off'])}",
        )
        self._postgres["PGHOST"] = str(base)

    def detruire_postgres(self) -> None:
        """Lose the cluster."""
        base = self.racine / "postgresql"
        if base.exists():
            self._pg_ctl("stop", "--silent", "--mode=immediate")
            shutil.rmtree(base)

    def _pg_ctl(self, *arguments: str) -> None:
        commande = [programme("pg_ctl"), *arguments, "--pgdata", self.racine / "postgresql"]
        subprocess.run(commande, cwd=self.racine, env=self._env, check=True, **_POSTGRES)  # type: ignore[arg-type]  # noqa: S603

    # The units.

    def environnement(self, unite: str, instance: str) -> dict[str, str]:
        """What the environment files of a unit say."""
        env = dict(self._env)
        for cle, valeur in lire_unite(unite):
            if cle == "EnvironmentFile":
                fichier = Path(self.placer(valeur.replace("%i", instance)))
                for ligne in fichier.read_text(encoding="utf-8").splitlines():
                    for mot in shlex.split(ligne, comments=True):
                        nom, _, contenu = mot.partition("=")
                        env[nom] = contenu
        return env

    def demarrer(self, unite: str, instance: str = "") -> None:
        """Start a unit as systemd does; its ExecStartPost has not run."""
        reglages = dict(lire_unite(unite))
        etat = [self.racine / "var" / "lib" / reglages["StateDirectory"]]
        if "RuntimeDirectory" in reglages:
            etat.append(self.racine / "run" / reglages["RuntimeDirectory"].replace("%i", instance))
        for dossier in etat:
            dossier.mkdir(parents=True, exist_ok=True)
        self._lancer(
            unite.replace("@", f"@{instance}"),
            shlex.split(self.placer(reglages["ExecStart"].replace("%i", instance))),
            self.environnement(unite, instance),
        )

    def prete(self, unite: str, instance: str) -> None:
        """Wait as the ExecStartPost of a unit does."""
        commande = dict(lire_unite(unite))["ExecStartPost"].replace("%i", instance)
        subprocess.run(  # noqa: S603
            shlex.split(self.placer(commande)),
            env=self.environnement(unite, instance),
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=PATIENCE,
        )

    def _lancer(self, nom: str, commande: list[str], env: dict[str, str]) -> None:
        with (self.journaux / nom).open("ab") as journal:
            self._processus[nom] = subprocess.Popen(  # noqa: S603
                commande,
                env=env,
                cwd=RACINE,
                stdout=journal,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def arreter(self) -> None:
        """Stop all that was started, with what it started, as systemd does."""
        for signe in (signal.SIGTERM, signal.SIGKILL):
            for processus in self._processus.values():
                try:
                    os.killpg(processus.pid, signe)
                except ProcessLookupError:
                    continue
            for processus in self._processus.values():
                try:
                    processus.wait(15)
                except subprocess.TimeoutExpired:
                    continue
        self._processus.clear()

    def journal(self, nom: str) -> str:
        """What a process said."""
        return (self.journaux / nom).read_text(encoding="utf-8", errors="replace")

    def verifier(self) -> None:
        """Fail where a service has stopped by itself."""
        for nom, processus in self._processus.items():
            assert processus.poll() is None, f"{nom} s'est arrêté : {self.journal(nom)[-3000:]}"

    def bilan(self, region: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start `bilan-region`; what it says is in the journals."""
        script = self.racine / "bilan-region"
        if not script.exists():  # a shell may be reading it
            script.write_text(self.placer((SOURCES / "bilan-region").read_text("utf-8")), "utf-8")
        with (self.journaux / f"bilan-region {region}").open("ab") as journal:
            return subprocess.Popen(  # noqa: S603
                ["/bin/sh", script, region, *arguments],
                env=self._env,
                stdout=journal,
                stderr=subprocess.STDOUT,
            )

    # nginx, and what goes through it.

    def ouvrir_nginx(self) -> None:
        """Start nginx on the project's file, with a certificate and the passwords."""
        reglages = self.placer((SOURCES / "nginx" / "bilan.conf").read_text(encoding="utf-8"))
        reglages = re.sub(r" *listen \[::\].*\n", "", reglages)
        reglages = re.sub(
            r"listen (\d+)", lambda m: f"listen 127.0.0.1:{self._ports[int(m[1])]}", reglages
        )
        (self.racine / "bilan.conf").write_text(reglages, encoding="utf-8")
        temporaires = "".join(
            f"{nom}_temp_path {self.racine}/{nom};\n"
            for nom in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        principal = self.racine / "nginx.conf"
        principal.write_text(
            f"{'user root;' if _ROOT else ''} daemon off; pid {self.racine}/nginx.pid;"
            "events {} http { access_log off;\n"
            f"{temporaires} include {self.racine}/bilan.conf; }}",
            encoding="utf-8",
        )
        commande = [str(programme("nginx")), "-e", "stderr", "-c", str(principal)]
        subprocess.run([*commande, "-t", "-q"], check=True)  # noqa: S603
        self._lancer("nginx", commande, self._env)

    def poser_secrets_de_nginx(self) -> None:
        """The certificate of the server, and who may come in."""
        tls = self.racine / "etc/bilan/tls"
        self.executer(
            "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=bilan.example "
            "-addext subjectAltName=IP:127.0.0.1 "
            f"-keyout {tls}/bilan.key -out {tls}/bilan.crt 2>{self.journaux}/openssl"
        )
        for fichier, compte in (("operateurs", OPERATRICE), ("referents", REFERENT)):
            nom, mot = compte.split(":")
            self.executer(
                f"echo '{nom}:'$(openssl passwd -6 '{mot}') > /etc/bilan/{fichier}.htpasswd"
            )

    def connexion(self) -> HTTPSConnection:
        """A connection to nginx."""
        contexte = ssl.create_default_context(cafile=str(self.racine / "etc/bilan/tls/bilan.crt"))
        return HTTPSConnection("127.0.0.1", self._ports[443], timeout=PATIENCE, context=contexte)

    def demander(
        self, chemin: str, compte: str = "", corps: object = None, **entetes: str
    ) -> tuple[int, str]:
        """Ask nginx, by its public name; gives the status and the answer."""
        connexion = self.connexion()
        entetes = {nom.replace("_", "-"): valeur for nom, valeur in entetes.items()}
        entetes = {"Host": NOM, **authentification(compte), **entetes}
        if corps is not None:
            entetes.setdefault("Content-Type", "application/json")
        try:
            connexion.request(
                "GET" if corps is None else "POST",
                chemin,
                None if corps is None else json.dumps(corps),
                entetes,
            )
            reponse = connexion.getresponse()
            texte = "" if reponse.status == 101 else reponse.read().decode()
        except ConnectionRefusedError:
            return 0, ""
        finally:
            connexion.close()
        return reponse.status, texte

    def graphql(self, page: str, compte: str, requete: str, **variables: object) -> Any:
        """What a web server of Dagster answers, through nginx."""
        statut, texte = self.demander(
            f"/{page}/graphql", compte, {"query": requete, "variables": variables}
        )
        assert statut == 200, texte
        reponse = json.loads(texte)
        assert "errors" not in reponse, reponse
        return reponse["data"]
