"""Units as systemd reads them, and environment files as it reads them and as sh does."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploiement.machine import COMMUN, PROGRAMMES, SOURCES, lire_service, lire_unite

UNITES = sorted(f.name for f in (SOURCES / "systemd").glob("*.service"))
SAUVEGARDE = "sauvegarde-bilan.service"
REGLAGES = [SOURCES / "bilan.env", *sorted((SOURCES / "regions").glob("*.env"))]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd n'est pas installé")
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    """Programs are those of this machine; unknown settings and bad values are faults."""
    shutil.copytree(SOURCES / "systemd", tmp_path, dirs_exist_ok=True)
    for unite in tmp_path.glob("*.service"):
        texte = unite.read_text(encoding="utf-8")
        texte = texte.replace("/opt/bilan/.venv/bin", str(PROGRAMMES))
        unite.write_text(texte.replace("/usr/local/sbin", str(SOURCES)), encoding="utf-8")
    verdict = subprocess.run(  # noqa: S603
        [
            "/usr/bin/env",
            "systemd-analyze",
            "verify",
            *(tmp_path / nom for nom in [*UNITES, "bilan.target", "sauvegarde-bilan.timer"]),
        ],
        env={"PATH": os.environ["PATH"], "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (verdict.returncode, verdict.stderr) == (0, "")


@pytest.mark.parametrize("unite", UNITES)
def test_a_unit_writes_only_where_it_must(unite: str) -> None:
    reglages = dict(lire_unite(unite))
    assert reglages["ProtectSystem"] == "strict"
    assert reglages["NoNewPrivileges"] == "yes"
    assert reglages["Restart"] == "on-failure"
    if "@" in unite:
        assert reglages["User"] == reglages["Group"] == "bilan-%i"
        assert reglages["ReadWritePaths"].split() == [
            "/srv/bilan/%i/warehouse", "-/srv/bilan-pages/%i", "-/run/bilan/%i",
        ]  # fmt: skip
    elif unite == SAUVEGARDE:
        assert reglages["CapabilityBoundingSet"] == "CAP_DAC_READ_SEARCH"
        assert reglages["ReadWritePaths"] == "/var/backups/bilan"
    else:
        assert reglages["User"] == reglages["Group"] == "bilan"
        assert "ReadWritePaths" not in reglages
        # Pages are read by the web server of data stewards, and by nothing else.
        pages = [] if unite == "bilan-lecture.service" else ["-/srv/bilan-pages"]
        cachees = ["/srv/bilan", *pages, "/etc/bilan/cles"]
        assert reglages["InaccessiblePaths"].split() == cachees


@pytest.mark.parametrize("unite", UNITES)
def test_a_unit_has_its_share_of_the_machine(unite: str) -> None:
    """Of memory and processes; of the network, this machine."""
    reglages = lire_unite(unite)
    memoire = {"bilan-code@.service": "4G", SAUVEGARDE: "1G"}.get(unite, "2G")
    assert ("MemoryMax", memoire) in reglages
    assert "TasksMax" in dict(reglages)
    assert [v for cle, v in reglages if cle == "IPAddressDeny"] == ["any"]
    assert [v for cle, v in reglages if cle == "IPAddressAllow"] == ["localhost"]


@pytest.mark.parametrize("unite", [u for u in UNITES if u != SAUVEGARDE])
def test_what_units_share_takes_nothing_of_their_own_away(unite: str) -> None:
    """It is a drop-in, which systemd reads last: of two values the unit's would be lost."""
    siens, communs = ({cle for cle, _ in lire_service(nom)} for nom in (unite, COMMUN))
    assert siens & communs <= {"EnvironmentFile"}  # a list: both are read


@pytest.mark.parametrize("fichier", REGLAGES, ids=lambda f: f.name)
def test_settings_are_the_same_for_sh_and_for_systemd(fichier: Path) -> None:
    """A value is bare, or between quotes that hold nothing special: both read the same."""
    lignes = [
        ligne
        for ligne in fichier.read_text(encoding="utf-8").splitlines()
        if ligne and not ligne.startswith("#")
    ]
    attendues = dict(ligne.split("=", 1) for ligne in lignes)
    for nom, valeur in attendues.items():
        nue = valeur.strip("'\"")
        assert valeur in (nue, f"'{nue}'", f'"{nue}"')
        assert not set(nue) & set("'\"\\$`")
        assert (" " in nue or "*" in nue) <= (valeur != nue), f"{nom} veut des guillemets"
        attendues[nom] = nue
    lues = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", f"set -a; . {fichier}; env -0"],
        env={},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    dites = dict(mot.split("=", 1) for mot in lues.split("\0") if mot)
    assert attendues.items() <= dites.items()


@pytest.mark.parametrize("nom", ["../bilan", "Normandie", "a b", "nord;id", "$(id)"])
def test_a_region_has_a_name_and_no_path(nom: str) -> None:
    fini = subprocess.run(  # noqa: S603
        ["/bin/sh", SOURCES / "bilan-region", nom, "refresh"],
        env={}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (fini.returncode, "n'est pas un nom de région" in fini.stderr) == (2, True)
