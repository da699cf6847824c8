"""A small region, refreshed by processes that can be killed, and what must hold after any fault."""

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from pipelines.feuille_de_route import RACINE

REGION = Path(__file__).parents[1] / "region"
Contenu = dict[str, str]


@dataclass
class Processus:
    """A refresh under way in its own process."""

    pid: int
    moule: "Moule"
    journal: Path

    def tuer(self) -> None:
        """Kill -9 the whole group."""
        os.killpg(self.pid, signal.SIGKILL)

    def attendre(self) -> int:
        """The exit code; negative for a signal."""
        return self.moule.ordonner({"attendre": self.pid})

    @property
    def erreurs(self) -> str:
        """What it has said on stderr."""
        return self.journal.read_text(encoding="utf-8") if self.journal.exists() else ""

    def suivre(self, lignes: int) -> bool:
        """Wait until it has said so many lines; False where it ends before."""
        while self.erreurs.count("\n") < lignes:
            if not self.vivant():
                return False
            time.sleep(0.005)
        return True

    def chronometrer(self) -> list[float]:
        """Seconds before each line that it says, and before its end."""
        instants = [time.monotonic()]
        while self.suivre(len(instants)):
            instants.append(time.monotonic())
        instants.append(time.monotonic())
        return [apres - avant for avant, apres in pairwise(instants)]

    def vivant(self) -> bool:
        """Whether it still runs: ended, it stays a zombie until it is waited for."""
        etat = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8")
        return etat.rpartition(")")[2].split()[0] != "Z"


@dataclass
class Moule:
    """The program `tests.pannes.moule`, which refreshes are forked from."""

    programme: "subprocess.Popen[str]"
    dossier: Path
    nombre: int = 0

    def ordonner(self, ordre: dict[str, object]) -> int:
        """Give an order; the answer is a number."""
        assert self.programme.stdin
        assert self.programme.stdout
        self.programme.stdin.write(json.dumps(ordre) + "\n")
        self.programme.stdin.flush()
        return int(self.programme.stdout.readline())

    def lancer(self, arguments: list[str], *piege: object, **env: str) -> Processus:
        """Start a command of `bilan`, with something that goes wrong in it."""
        self.nombre += 1
        journal = self.dossier / f"{self.nombre}.err"
        pid = self.ordonner(
            {
                "arguments": arguments,
                "sortie": str(self.dossier / f"{self.nombre}.out"),
                "erreurs": str(journal),
                "piege": piege,
                "env": env,
            }
        )
        return Processus(pid, self, journal)


@contextmanager
def mouler(dossier: Path, *avant: str) -> Iterator[Moule]:
    """The program, started (by another, if `avant` names one) and stopped."""
    with subprocess.Popen(  # noqa: S603
        [*avant, sys.executable, "-m", "tests.pannes.moule"],
        cwd=RACINE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    ) as programme:  # fmt: skip
        yield Moule(programme, dossier)


@dataclass
class Lieu:
    """A folder of deliveries and a warehouse; `moule` runs its refreshes."""

    racine: Path
    moule: Moule
    livre: Contenu = field(default_factory=dict)

    @property
    def raw(self) -> Path:
        """The deliveries."""
        return self.racine / "raw"

    @property
    def warehouse(self) -> Path:
        """The folder of the warehouse."""
        return self.racine / "entrepot"

    @property
    def publie(self) -> Path:
        """The published file."""
        return self.warehouse / "entrepot.duckdb"

    def livrer(self, mois: str) -> None:
        """Deliver the files of a month."""
        for source in REGION.glob(f"raw/*/*/{mois}.csv"):
            cible = self.racine / source.relative_to(REGION)
            cible.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, cible)
        self.livre = empreintes(self.raw)

    @property
    def commande(self) -> list[str]:
        """The command that refreshes it."""
        return [
            "refresh", "--raw", str(self.raw), "--roadmap", str(REGION / "feuille"),
            "--warehouse", str(self.warehouse), "--details",
        ]  # fmt: skip

    def lancer(self, *piege: object, options: Sequence[str] = (), **env: str) -> Processus:
        """Start a refresh."""
        return self.moule.lancer([*self.commande, *options], *piege, **env)

    def rafraichir(
        self, *piege: object, options: Sequence[str] = (), **env: str
    ) -> tuple[int, str]:
        """Run a refresh to its end: its exit code, and what it said on stderr."""
        processus = self.lancer(*piege, options=options, **env)
        return processus.attendre(), processus.erreurs

    def copier(self, racine: Path) -> "Lieu":
        """The same, elsewhere."""
        shutil.copytree(self.racine, racine, symlinks=True)
        return Lieu(racine, self.moule, self.livre)


@contextmanager
def petit_disque(dossier: Path, taille: str) -> Iterator[Path]:
    """A disk of its own, in memory, mounted on a folder; only root can."""
    dossier.mkdir(parents=True, exist_ok=True)
    monter = ["mount", "-t", "tmpfs", "-o", f"size={taille}", "tmpfs", str(dossier)]
    essai = subprocess.run(monter, capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    if essai.returncode:
        pytest.skip(f"monter un petit disque demande d'être root : {essai.stderr.strip()}")
    try:
        yield dossier
    finally:
        subprocess.run(["umount", "-l", str(dossier)], check=True)  # noqa: S603, S607


def une_phrase(erreurs: str, mots: str) -> None:
    """What a command says of a fault: one sentence in French that has these words, no traceback."""
    assert "Traceback" not in erreurs
    [phrase] = [ligne for ligne in erreurs.splitlines() if ligne.startswith("Erreur")]
    assert phrase.startswith("Erreur : ")
    assert mots in phrase


def empreintes(raw: Path) -> Contenu:
    """SHA-256 of every delivered file."""
    return {
        chemin.relative_to(raw).as_posix(): hashlib.sha256(chemin.read_bytes()).hexdigest()
        for chemin in raw.rglob("*")
        if chemin.is_file()
    }


def contenu(fichier: Path) -> Contenu:
    """Every table of a warehouse, told by its rows in order; every view and macro, by its SQL.

    Views are not run: they show nothing but what these tables and this SQL say. A file that is
    byte for byte one that was read, with no journal beside it, is not read again.
    """
    octets = hashlib.sha256(fichier.read_bytes()).hexdigest()
    if fichier.with_name(f"{fichier.name}.wal").exists():
        return lire(fichier)
    if octets not in _LUS:
        _LUS[octets] = lire(fichier)
    return dict(_LUS[octets])


_LUS: dict[str, Contenu] = {}
_EXCLUES = re.compile(r"(?<=EXCLUDE \()[^)]*")


def _en_ordre(noms: re.Match[str]) -> str:
    """Columns that a view leaves out, which DuckDB writes in an order of no meaning."""
    return ", ".join(sorted(noms[0].split(", ")))


def lire(fichier: Path) -> Contenu:
    """The same, from the file."""
    with duckdb.connect(fichier, read_only=True) as con:
        noms = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where not internal"
        ).fetchall()
        dits = con.execute(
            """
            select schema_name || '.' || view_name, sql from duckdb_views() where not internal
            union all
            select schema_name || '.' || function_name || '()', list(
                (parameters, macro_definition) order by parameters, macro_definition
            )::varchar from duckdb_functions() where not internal group by 1
            """
        ).fetchall()
        lus = {nom: sorted(map(repr, con.sql(f"from {nom}").fetchall())) for (nom,) in noms}
    lus |= {nom: [_EXCLUES.sub(_en_ordre, texte)] for nom, texte in dits}
    return {nom: hashlib.sha256("\n".join(ls).encode()).hexdigest() for nom, ls in lus.items()}


def tuer_au_hasard(lieu: Lieu, rythme: list[float], tranche: int, tranches: int) -> None:
    """Kill a refresh at a moment of a slice of its run, drawn from a seed that is printed.

    The moment is told by what the refresh has said, and by a time since: how fast the machine is
    does not change how far it went.
    """
    graine = int(os.environ.get("BILAN_GRAINE") or time.time_ns())
    print(f"BILAN_GRAINE={graine}")
    hasard = random.Random(f"{graine} {tranche}")  # noqa: S311
    attente = (tranche + hasard.random()) / tranches * sum(rythme)
    lignes = 0
    while attente > rythme[lignes]:
        attente -= rythme[lignes]
        lignes += 1
    print(f"après {lignes} lignes sur {len(rythme) - 1}, puis {attente:.3f} s")
    processus = lieu.lancer()
    processus.suivre(lignes)
    time.sleep(attente)
    processus.tuer()
    assert processus.attendre() in (-signal.SIGKILL, 0)  # 0: it was faster than the model


def intact(lieu: Lieu, *attendus: Contenu) -> None:
    """What holds after any fault: a whole warehouse, one of those expected, and raw/ untouched."""
    vu = contenu(lieu.publie)
    autres = [{nom for nom in vu | a if vu.get(nom) != a.get(nom)} for a in attendus]
    assert set() in autres, f"contenus différents : {autres}"
    assert not lieu.publie.with_name("entrepot.duckdb.wal").exists()
    assert empreintes(lieu.raw) == lieu.livre


def se_remet(lieu: Lieu, attendu: Contenu) -> None:
    """The next refresh succeeds without help, and leaves nothing behind."""
    code, erreurs = lieu.rafraichir()
    assert (code, "Traceback" in erreurs) == (0, False), erreurs
    intact(lieu, attendu)
    restes = {p.name for p in lieu.warehouse.iterdir()}
    assert restes <= {".gardees", ".verrou", "entrepot.duckdb", "plausibilite"}
