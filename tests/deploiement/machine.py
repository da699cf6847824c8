"""A prefecture's server in a folder: what `pipelines/deploiement` says, with other paths and ports.

Units, settings and the blocks of the README are read as they are; only paths and ports are
replaced, and users by numbers that nobody has here. How systemd isolates services is not tried.
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
from collections.abc import Callable, Sequence
from functools import cache
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

from pipelines.feuille_de_route import RACINE

SOURCES = RACINE / "pipelines" / "deploiement"
COMMUN = "bilan-.service.d/commun.conf"
PROGRAMMES = Path(sys.executable).parent
OPERATRICE, REFERENT = "operatrice:mot de passe", "referent:autre mot"
PATIENCE = 600  # seconds: the machine may be busy with other tests
NOM = "bilan.example"  # of the server, in the project's files
_ROOT = os.geteuid() == 0
_PREMIER = 61000  # of the numbers of users: neither Debian nor useradd gives them
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
    return [nom for nom in ("pg_ctl", "nginx", "openssl", "age") if not programme(nom)]


def blocs(titre: str) -> list[str]:
    """The blocks of commands under a title of the README."""
    section = (SOURCES / "README.md").read_text(encoding="utf-8").split(f"\n## {titre}\n")[1]
    return re.findall(r"```sh\n(.*?)```", section.split("\n## ")[0], re.S)


def authentification(compte: str) -> dict[str, str]:
    """The header that says who asks: a name and a password, `:` between them."""
    if not compte:
        return {}
    return {"Authorization": f"Basic {b64encode(compte.encode()).decode()}"}


def identite(fichier: Path) -> str:
    """A new identity of age, kept in a file; gives its public key."""
    subprocess.run(["/usr/bin/env", "age-keygen", "-o", fichier], check=True, capture_output=True)  # noqa: S603
    return next(
        ligne.removeprefix("# public key: ")
        for ligne in fichier.read_text(encoding="utf-8").splitlines()
        if "public key" in ligne
    )


def attendre(condition: Callable[[], object], quoi: str) -> None:
    """Wait until something is true."""
    fin = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < fin, f"toujours pas : {quoi}"
        time.sleep(0.2)


def lire_unite(nom: str) -> list[tuple[str, str]]:
    """What [Service] of a unit says, then what all units bilan-… share: as systemd reads them."""
    return lire_service(nom) + (lire_service(COMMUN) if nom.startswith("bilan-") else [])


def lire_service(nom: str) -> list[tuple[str, str]]:
    """The same, of one file alone."""
    texte = (SOURCES / "systemd" / nom).read_text(encoding="utf-8")
    section = texte.split("[Service]\n")[1].split("\n[")[0]
    reglages = [ligne.partition("=") for ligne in section.splitlines() if ligne and ligne[0] != "#"]
    return [(cle, valeur) for cle, _, valeur in reglages]


class Comptes:
    """The users and groups of the server, numbers here: `bilan`, then those of each region.

    Files have their owners where root runs the tests. So have processes, but where this checkout,
    or its Python, is in a folder of root only.
    """

    def __init__(self, dossier: Path, regions: Sequence[str]) -> None:
        self._dossier = dossier
        self._numeros = {"root": 0, "bilan": _PREMIER}
        for i, region in enumerate(regions, 1):
            self._numeros |= {f"bilan-{region}": _PREMIER + i, f"depot-{region}": _PREMIER + 50 + i}
        dossier.mkdir()
        for nom, numero in self._numeros.items():
            (dossier / nom).write_text(str(numero), encoding="utf-8")
            options = self._options(nom) if self._separe() else "env"
            (dossier / f"{nom}.comme").write_text(options, encoding="utf-8")

    def numero(self, nom: str) -> int:
        """The number of a user, or of a group."""
        return self._numeros[nom]

    def groupe_de(self, region: str) -> int:
        """The group of the analysts of a region, as files here have it."""
        return self._numeros[f"bilan-{region}"] if self._separe() else os.getegid()

    def groupes(self, nom: str) -> list[int]:
        """The other groups of a user."""
        depot = nom.replace("bilan-", "depot-")
        return [self._numeros[depot]] if depot != nom else []

    def de(self, nom: str) -> dict[str, Any]:
        """What has a process be a user's."""
        if not self._separe():
            return {}
        numero = self.numero(nom)
        return {"user": numero, "group": numero, "extra_groups": self.groupes(nom)}

    def _options(self, nom: str) -> str:
        numeros = ",".join(map(str, [self.numero(nom), *self.groupes(nom)]))
        numero = self.numero(nom)
        return f"setpriv --reuid={numero} --regid={numero} --groups={numeros} --"

    @staticmethod
    @cache
    def _separe() -> bool:
        if not _ROOT:
            return False
        try:
            essai = subprocess.run(  # noqa: S603
                [PROGRAMMES / "python", "-c", "import pipelines.projet"],
                user=_PREMIER, group=_PREMIER, extra_groups=[], cwd=RACINE,
                capture_output=True, check=False,
            )  # fmt: skip
        except PermissionError:
            return False
        return essai.returncode == 0

    def placer(self, texte: str) -> str:
        """Commands with numbers for users, to be found by the shell that runs them."""
        compte = r"(root|bilan|(?:bilan|depot)-(?:\$?\w+))"
        if not _ROOT:
            texte = re.sub(rf"-[og] {compte} ", "", texte)
            texte = re.sub(r"(?m)^ch(own|grp) .*$", "", texte)
            return re.sub(r"runuser -u (\S+) -- ", "", texte)
        texte = re.sub(rf"(-[og] ){compte}(?= )", rf"\1$(cat {self._dossier}/\2)", texte)
        texte = re.sub(rf"(chgrp (?:-R )?){compte} ", rf"\1$(cat {self._dossier}/\2) ", texte)
        texte = re.sub(
            rf"(chown (?:-R )?){compte}:{compte} ",
            rf"\1$(cat {self._dossier}/\2):$(cat {self._dossier}/\3) ",
            texte,
        )
        return re.sub(rf'runuser -u "?{compte}"? -- ', rf"$(cat {self._dossier}/\1.comme) ", texte)


class Machine:
    """The server: `racine` stands for /, processes are those of its units."""

    def __init__(self, racine: Path, regions: Sequence[str]) -> None:
        self.racine = racine
        self.comptes = Comptes(racine / "comptes", regions)
        self.journaux = racine / "journaux"
        self.journaux.mkdir()
        prises = [socket.create_server(("127.0.0.1", 0)) for _ in range(5)]
        ports = [prise.getsockname()[1] for prise in prises]
        self._ports = dict(zip((80, 443, 3000, 3001, 5432), ports, strict=True))
        for prise in prises:
            prise.close()
        self._processus: dict[str, subprocess.Popen[bytes]] = {}
        self._env = {
            "PATH": f"{racine}/sbin:{os.environ['PATH']}:/usr/sbin",
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
        texte = self.comptes.placer(texte)
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
        reglages = [(cle, valeur.replace("%i", instance)) for cle, valeur in lire_unite(unite)]
        dits = dict(reglages)
        qui = self.comptes.de(dits["User"])
        etat = self.racine / "var" / "lib" / dits["StateDirectory"]
        etat.mkdir(parents=True, exist_ok=True)
        if qui:
            os.chown(etat, qui["user"], qui["group"])
        etat.chmod(int(dits["StateDirectoryMode"], 8))
        for cle, valeur in reglages:
            if cle == "ExecStartPre":  # «+»: as root
                prealable = ["/bin/sh", "-c", self.placer(valeur.removeprefix("+"))]
                subprocess.run(prealable, check=True, **{} if valeur[0] == "+" else qui)  # noqa: S603
        self._lancer(
            unite.replace("@", f"@{instance}"),
            shlex.split(self.placer(dits["ExecStart"])),
            self.environnement(unite, instance),
            **qui,
        )

    def prete(self, unite: str, instance: str) -> None:
        """Wait as the ExecStartPost of a unit does."""
        reglages = dict(lire_unite(unite))
        commande = reglages["ExecStartPost"].replace("%i", instance)
        subprocess.run(  # noqa: S603
            shlex.split(self.placer(commande)),
            env=self.environnement(unite, instance),
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=PATIENCE,
            **self.comptes.de(reglages["User"].replace("%i", instance)),
        )

    def _lancer(self, nom: str, commande: list[str], env: dict[str, str], **qui: Any) -> None:
        with (self.journaux / nom).open("ab") as journal:
            self._processus[nom] = subprocess.Popen(  # noqa: S603
                commande,
                env=env,
                cwd=RACINE,
                stdout=journal,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **qui,
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
        with (self.journaux / f"bilan-region {region}").open("ab") as journal:
            return subprocess.Popen(  # noqa: S603
                ["/bin/sh", self.script("bilan-region"), region, *arguments],
                env=self._env,
                stdout=journal,
                stderr=subprocess.STDOUT,
            )

    def commande(self, nom: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a command of `/usr/local/sbin` to its end, with what it says."""
        return subprocess.run(  # noqa: S603
            [self.script(nom), *arguments],
            env={**self._env, **self._postgres, "PGUSER": "postgres"},
            cwd=self.racine,
            capture_output=True,
            text=True,
            check=False,
        )

    def script(self, nom: str) -> Path:
        """A command of `/usr/local/sbin`, where the commands of blocks find it."""
        script = self.racine / "sbin" / nom
        if not script.exists():  # a shell may be reading it
            script.parent.mkdir(exist_ok=True)
            script.write_text(self.placer((SOURCES / nom).read_text(encoding="utf-8")), "utf-8")
            script.chmod(0o755)
        return script

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
            texte = "" if reponse.status == 101 else reponse.read().decode(errors="replace")
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
