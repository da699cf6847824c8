"""Two regions on one machine: who can open what, by the commands of the README.

Only the kernel's rights are tried, as root gives them, to users that are numbers; no service runs.
"""

import os
import shlex
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deploiement.machine import Machine, blocs, lire_unite

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="il faut être root")

REGIONS = ("hauts_de_france", "normandie")
# Persons of Normandie beside its service: their number, then their groups.
PERSONNES = {"analyste": (61200, ["bilan-normandie"]), "referent": (61201, ["depot-normandie"])}
QUI = ("bilan-normandie", "bilan-hauts_de_france", "bilan", *PERSONNES)
LU = {
    "etc/bilan/bilan.env": set(),
    "etc/bilan/cles/normandie": {"bilan-normandie"},
    "srv/bilan/normandie/raw/ofii/livre.csv": {"bilan-normandie", "referent"},
    "srv/bilan/normandie/roadmap/region.csv": {"bilan-normandie", "analyste"},
    "srv/bilan/normandie/warehouse/entrepot.duckdb": {"bilan-normandie", "analyste"},
    "srv/bilan/normandie/warehouse/.gardees/lignes": {"bilan-normandie"},
}
ECRIT = {
    "srv/bilan/normandie/raw": {"bilan-normandie", "referent"},
    "srv/bilan/normandie/roadmap": set(),
    "srv/bilan/normandie/warehouse": {"bilan-normandie"},
    "etc/bilan/cles": set(),
}


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A machine with nothing on it."""
    with tempfile.TemporaryDirectory(prefix="bilan") as dossier:  # sockets want short paths
        racine = Path(dossier)
        racine.chmod(0o755)
        yield Machine(racine, REGIONS)


def _comme(machine: Machine, nom: str, geste: Callable[[], object]) -> bool:
    """Whether a user, or a person, can do something: in a process that has become them."""
    if nom in PERSONNES:
        numero, groupes = PERSONNES[nom]
        siens = [machine.comptes.numero(groupe) for groupe in groupes]
    else:
        numero, siens = machine.comptes.numero(nom), machine.comptes.groupes(nom)
    enfant = os.fork()
    if enfant == 0:
        os.setgroups(siens)
        os.setgid(numero)
        os.setuid(numero)
        os.umask(0o027)
        try:
            geste()
        except PermissionError:
            os._exit(1)
        except BaseException:  # not the right that is tried
            os._exit(2)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(enfant, 0)[1])
    assert code in (0, 1), code
    return code == 0


def _ecrire(fichier: Path) -> None:
    fichier.parent.mkdir(exist_ok=True)
    fichier.write_text("secret", encoding="utf-8")


def _droits(machine: Machine) -> dict[str, set[str]]:
    """Who reads each file, and who makes one in each folder."""
    lu = {
        chemin: {q for q in QUI if _comme(machine, q, (machine.racine / chemin).read_bytes)}
        for chemin in LU
    }
    essai = "essai"
    ecrit = {
        chemin: {
            q for q in QUI if _comme(machine, q, (machine.racine / chemin / f"{essai}{q}").touch)
        }
        for chemin in ECRIT
    }
    return lu | ecrit


def test_each_region_is_its_own(machine: Machine) -> None:
    machine.executer(blocs("Install")[1])
    for region in REGIONS:
        _, dossiers, secrets = blocs("Add a region")
        machine.executer(f"REGION={region}\n{dossiers}{secrets}")
    normandie = machine.racine / "srv/bilan/normandie"
    _ecrire(normandie / "roadmap/region.csv")  # by root
    assert _comme(machine, "referent", lambda: _ecrire(normandie / "raw/ofii/livre.csv"))
    _publier(machine, "bilan-normandie")
    assert _droits(machine) == LU | ECRIT


def _publier(machine: Machine, nom: str) -> None:
    """What a refresh leaves: the published file, and what it keeps for itself."""
    entrepot = machine.racine / "srv/bilan/normandie/warehouse"
    assert _comme(machine, nom, lambda: _ecrire(entrepot / "entrepot.duckdb"))
    assert _comme(machine, nom, lambda: (entrepot / ".gardees").mkdir(0o700))
    assert _comme(machine, nom, lambda: _ecrire(entrepot / ".gardees/lignes"))


def test_a_machine_of_one_user_is_set_apart(machine: Machine) -> None:
    """As the README had it: all was the user bilan's, and anyone read what was delivered."""
    machine.executer(
        """
        install -d -m 755 /etc/bilan /etc/bilan/regions
        install -m 600 /dev/null /etc/bilan/bilan.env
        install -d -m 700 -o bilan -g bilan /etc/bilan/cles
        install -m 600 -o bilan -g bilan /dev/null /etc/bilan/cles/normandie
        install -d -m 755 /srv/bilan /srv/bilan/normandie /srv/bilan/normandie/roadmap
        install -d -m 755 /srv/bilan/normandie/raw /srv/bilan/normandie/raw/ofii
        install -d -m 750 -o bilan -g bilan /srv/bilan/normandie/warehouse
        """
    )
    normandie = machine.racine / "srv/bilan/normandie"
    for fichier in ("roadmap/region.csv", "raw/ofii/livre.csv"):
        _ecrire(normandie / fichier)
    _publier(machine, "bilan")

    _, dossiers, _ = blocs("Add a region")
    machine.executer("\n".join(["REGION=normandie", dossiers, *blocs("One user for all")]))
    assert _droits(machine) == LU | ECRIT


def test_only_the_services_reach_the_socket_of_a_region(machine: Machine) -> None:
    """The web servers and the daemon: not the other region, nor the analysts."""
    unite = [(c, v.replace("%i", "normandie")) for c, v in lire_unite("bilan-code@.service")]
    avant = [v for cle, v in unite if cle == "ExecStartPre"]
    [apres] = [v for cle, v in unite if cle == "ExecStartPost"]
    adresse = machine.racine / "run/bilan/normandie/grpc.sock"

    def lancer(commande: str) -> bool:
        """As root if it says «+», else as the region."""
        mots = machine.placer(commande.removeprefix("+"))
        if not mots.startswith("/bin/sh"):
            mots = f"/bin/sh -c {shlex.quote(mots)}"
        qui = "root" if commande[0] == "+" else "bilan-normandie"
        return _comme(machine, qui, lambda: subprocess.run(shlex.split(mots), check=True))  # noqa: S603

    def ecouter() -> None:
        with socket.socket(socket.AF_UNIX) as prise:
            prise.bind(str(adresse))

    for commande in avant:
        assert lancer(commande)
    assert _comme(machine, "bilan-normandie", ecouter)
    assert lancer(apres)
    assert [q for q in QUI if _comme(machine, q, lambda: _joindre(adresse))] == [
        "bilan-normandie",
        "bilan",
    ]
    # Once more: the file that a service leaves does not pass for the next one's.
    for commande in avant:
        assert lancer(commande)
    assert not adresse.exists()


def _joindre(adresse: Path) -> None:
    """Knock: nobody answers, but whoever may not is told so."""
    with socket.socket(socket.AF_UNIX) as prise:
        try:
            prise.connect(str(adresse))
        except ConnectionRefusedError:
            return
