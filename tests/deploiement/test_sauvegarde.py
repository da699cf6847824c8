"""Backups: real `age` and `tar`, in a folder; `test_serveur` has PostgreSQL's own programs."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.deploiement.machine import Machine, blocs, identite

pytestmark = pytest.mark.skipif(not shutil.which("age"), reason="age n'est pas installé")

SECRETS = {
    "etc/bilan/bilan.env": "DAGSTER_HOME=/etc/bilan\nPGPASSWORD='mot de passe'\n",
    "etc/bilan/cles/normandie": "cle des pseudonymes",
    "srv/bilan/normandie/raw/ofii/2022-01.csv": "numero de personne",
    "srv/bilan/normandie/warehouse/entrepot.duckdb": "entrepot publie",
}
LAISSES = {
    "srv/bilan/normandie/warehouse/.gardees/lignes": "lectures gardees",
    "srv/bilan/normandie/warehouse/.chantier/x": "travail en cours",
}
ARCHIVES = ["cles.tar.age", "dagster.dump.age", "fichiers.tar.age"]
# What stands for PostgreSQL, which knows its administrator.
PROGRAMMES = {
    "pg_dump": 'test ! -e echec || exit 1; echo "historique de Dagster"',
    "pg_restore": "cat > restaure",
    "runuser": 'shift 3; exec "$@"',
}


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A machine with a region, whose backups two identities open."""
    with tempfile.TemporaryDirectory(prefix="bilan") as dossier:
        racine = Path(dossier)
        machine = Machine(racine, ["normandie"])
        for chemin, contenu in (SECRETS | LAISSES).items():
            (racine / chemin).parent.mkdir(parents=True, exist_ok=True)
            (racine / chemin).write_text(contenu, encoding="utf-8")
        (racine / "sbin").mkdir()
        for nom, commande in PROGRAMMES.items():
            (racine / "sbin" / nom).write_text(f"#!/bin/sh\n{commande}\n", encoding="utf-8")
            (racine / "sbin" / nom).chmod(0o755)
        (racine / "etc/bilan/destinataires").mkdir()
        [reglages] = blocs("Back up")
        for nom in ("donnees", "cles"):
            publique = identite(racine / f"{nom}.identite")
            reglages = reglages.replace(
                f"age1_OF_{'DATA' if nom == 'donnees' else 'KEYS'}", publique
            )
        machine.executer(reglages)
        yield machine


def _sauvegarder(machine: Machine) -> Path:
    faite = machine.commande("bilan-sauvegarde")
    assert (faite.returncode, faite.stderr) == (0, "")
    return Path(faite.stdout.strip())


def _restaurer(machine: Machine, sauvegarde: Path, *identites: str) -> tuple[int, str]:
    fichiers = [machine.racine / f"{nom}.identite" for nom in identites]
    finie = machine.commande("bilan-sauvegarde", "restaurer", sauvegarde, *fichiers)
    return finie.returncode, finie.stderr


def _perdre(machine: Machine) -> None:
    for perdu in ("etc", "srv"):
        shutil.rmtree(machine.racine / perdu)


def _faites(machine: Machine) -> list[str]:
    """What is in the folder of backups, a work under way included, and its lock left out."""
    return sorted(set(os.listdir(machine.racine / "var/backups/bilan")) - {".verrou"})  # noqa: PTH208


def _ouvrir(machine: Machine, archive: Path, nom: str) -> bytes:
    """An archive in clear; nothing where the identity does not open it."""
    return subprocess.run(  # noqa: S603
        ["/usr/bin/env", "age", "-d", "-i", machine.racine / f"{nom}.identite", archive],
        capture_output=True,
        check=False,
    ).stdout


def test_a_backup_is_whole_and_nothing_in_it_is_in_clear(machine: Machine) -> None:
    sauvegarde = _sauvegarder(machine)
    assert _faites(machine) == [sauvegarde.name]
    assert sorted(f.name for f in sauvegarde.iterdir()) == ARCHIVES
    for fichier in (sauvegarde.parent, sauvegarde, *sauvegarde.iterdir()):
        assert fichier.stat().st_mode & 0o077 == 0
    for archive in sauvegarde.iterdir():
        contenu = archive.read_bytes()
        assert contenu.startswith(b"age-encryption.org/v1\n")
        for secret in (*SECRETS.values(), "historique de Dagster", "ustar"):
            assert secret.encode() not in contenu


def test_keys_and_data_are_opened_by_different_identities(machine: Machine) -> None:
    sauvegarde = _sauvegarder(machine)
    dump, fichiers, cles = (
        sauvegarde / nom for nom in ("dagster.dump.age", "fichiers.tar.age", "cles.tar.age")
    )
    assert _ouvrir(machine, dump, "donnees") == b"historique de Dagster\n"
    assert _ouvrir(machine, dump, "cles") == _ouvrir(machine, fichiers, "cles") == b""
    assert _ouvrir(machine, cles, "donnees") == b""

    donnees = _ouvrir(machine, fichiers, "donnees")
    cle = SECRETS["etc/bilan/cles/normandie"].encode()
    assert cle in _ouvrir(machine, cles, "cles")
    assert cle not in donnees
    assert all(mot.encode() in donnees for nom, mot in SECRETS.items() if "cles" not in nom)
    assert not any(mot.encode() in donnees for mot in LAISSES.values())


def test_what_is_lost_is_restored(machine: Machine) -> None:
    cles = machine.racine / "etc/bilan/cles"
    cles.chmod(0o711)
    (cles / "normandie").chmod(0o600)
    sauvegarde = _sauvegarder(machine)
    _perdre(machine)
    assert _restaurer(machine, sauvegarde, "donnees", "cles") == (0, "")
    for chemin, contenu in SECRETS.items():
        assert (machine.racine / chemin).read_text(encoding="utf-8") == contenu
    assert [f.stat().st_mode & 0o777 for f in (cles, cles / "normandie")] == [0o711, 0o600]
    assert (machine.racine / "etc").stat().st_mode & 0o777 == 0o755  # not its umask, of secrets
    assert (machine.racine / "restaure").read_text() == "historique de Dagster\n"
    assert not (machine.racine / "srv/bilan/normandie/warehouse/.gardees").exists()


@pytest.mark.parametrize("archive", ARCHIVES)
@pytest.mark.parametrize("reste", ["moitie", "un octet de moins", "un octet changé", "absente"])
def test_a_damaged_archive_is_refused_before_anything_is_written(
    machine: Machine, archive: str, reste: str
) -> None:
    abimee = _sauvegarder(machine) / archive
    contenu = abimee.read_bytes()
    if reste == "absente":
        abimee.unlink()
    else:
        abimee.write_bytes(
            {
                "moitie": contenu[: len(contenu) // 2],
                "un octet de moins": contenu[:-1],
                "un octet changé": contenu[:-1] + bytes([contenu[-1] ^ 1]),
            }[reste]
        )
    _perdre(machine)
    code, dit = _restaurer(machine, abimee.parent, "donnees", "cles")
    attendu = "n'a pas" if reste == "absente" else f"{archive} est tronquée ou abîmée"
    assert (code, attendu in dit) == (2, True), dit
    assert not (machine.racine / "etc").exists()
    assert not (machine.racine / "restaure").exists()


@pytest.mark.parametrize(
    ("identites", "dit"),
    [
        (["autre"], "aucune des identités données n'ouvre dagster.dump.age"),
        (["donnees"], "aucune des identités données n'ouvre cles.tar.age"),
        (["perdue"], "perdue.identite» ne se lit pas"),
        ([], "emploi : bilan-sauvegarde restaurer DOSSIER IDENTITÉ…"),
    ],
)
def test_a_wrong_identity_restores_nothing(
    machine: Machine, identites: list[str], dit: str
) -> None:
    sauvegarde = _sauvegarder(machine)
    identite(machine.racine / "autre.identite")
    _perdre(machine)
    code, erreur = _restaurer(machine, sauvegarde, *identites)
    assert (code, dit in erreur) == (2, True), erreur
    assert not (machine.racine / "etc").exists()


def test_a_user_who_is_missing_is_said(machine: Machine) -> None:
    """Its files would be those of whoever has its number."""
    sauvegarde = _sauvegarder(machine)
    archive = sauvegarde / "cles.tar.age"
    publique = (machine.racine / "etc/bilan/destinataires/cles").read_text().strip()
    archive.unlink()
    machine.executer(
        "tar -c --owner=bilan-absente:61998 --group=depot-absente:61999 -C / etc/hostname "
        f"| age -r {publique} -o {archive}"
    )
    code, dit = _restaurer(machine, sauvegarde, "donnees", "cles")
    assert code == 2
    assert "ces comptes manquent : depot-absente bilan-absente." in dit


def test_a_backup_that_fails_leaves_nothing_and_removes_nothing(machine: Machine) -> None:
    ancienne = machine.racine / "var/backups/bilan/2001-01-01T000000Z"
    ancienne.mkdir()
    (machine.racine / "echec").touch()
    ratee = machine.commande("bilan-sauvegarde")
    assert (ratee.returncode, "PostgreSQL" in ratee.stderr) == (1, True)
    assert _faites(machine) == [ancienne.name]


def test_a_file_that_changes_while_it_is_read_fails_the_backup(machine: Machine) -> None:
    """As tar finds out, and tells by its exit code alone."""
    tar = machine.racine / "sbin/tar"
    tar.write_text(f'#!/bin/sh\n{shutil.which("tar")} "$@" && exit 1\n', encoding="utf-8")
    tar.chmod(0o755)
    ratee = machine.commande("bilan-sauvegarde")
    assert (ratee.returncode, "a changé pendant la lecture" in ratee.stderr) == (1, True)
    assert _faites(machine) == []


def test_one_backup_at_a_time(machine: Machine) -> None:
    with (machine.racine / "var/backups/bilan/.verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        seconde = machine.commande("bilan-sauvegarde")
    assert (seconde.returncode, "déjà en cours" in seconde.stderr) == (1, True)
    assert _faites(machine) == []


def test_what_a_killed_backup_left_goes(machine: Machine) -> None:
    laisse = machine.racine / "var/backups/bilan/.en_cours"
    laisse.mkdir()
    (laisse / "fichiers.tar.age").touch()
    assert _faites(machine) == [".en_cours"]
    sauvegarde = _sauvegarder(machine)
    assert _faites(machine) == [sauvegarde.name]


def _nom(jours: float) -> str:
    """The name of a backup made some days ago."""
    return (datetime.now(UTC) - timedelta(days=jours)).strftime("%Y-%m-%dT%H%M%SZ")


@pytest.mark.parametrize(("reglage", "jours"), [("", 35), ("BILAN_SAUVEGARDE_JOURS=7\n", 7)])
def test_backups_expire(machine: Machine, reglage: str, jours: int) -> None:
    dossier = machine.racine / "var/backups/bilan"
    with (machine.racine / "etc/bilan/bilan.env").open("a", encoding="utf-8") as reglages:
        reglages.write(reglage)
    perimees, gardees = [_nom(400), _nom(jours + 1)], [_nom(jours - 1), "2026-01-01", "a moi"]
    for nom in perimees + gardees:
        (dossier / nom).mkdir()
    nouvelle = _sauvegarder(machine)
    assert _faites(machine) == sorted([*gardees, nouvelle.name])


@pytest.mark.parametrize(
    ("fichier", "contenu", "dit"),
    [
        ("destinataires/donnees", "", "destinataires/donnees» manque ou est vide"),
        ("destinataires/cles", None, "destinataires/cles» manque ou est vide"),
        ("destinataires/cles", "AGE-SECRET-KEY-1XXX\n", "une clé qui ouvre les sauvegardes"),
        ("bilan.env", "BILAN_SAUVEGARDE_JOURS=0\n", "à partir de 1, non «0»"),
        ("bilan.env", "BILAN_SAUVEGARDE_JOURS='un mois'\n", "non «un mois»"),
        ("bilan.env", None, "les réglages ne se lisent pas"),
    ],
)
def test_a_wrong_setting_is_said_and_nothing_is_written(
    machine: Machine, fichier: str, contenu: str | None, dit: str
) -> None:
    reglage = machine.racine / "etc/bilan" / fichier
    if contenu is None:
        reglage.unlink()
    else:
        reglage.write_text(contenu, encoding="utf-8")
    refusee = machine.commande("bilan-sauvegarde")
    assert (refusee.returncode, dit in refusee.stderr) == (2, True), refusee.stderr
    assert _faites(machine) == []


def test_an_unknown_word_is_refused(machine: Machine) -> None:
    refusee = machine.commande("bilan-sauvegarde", "effacer")
    assert (refusee.returncode, "emploi : bilan-sauvegarde" in refusee.stderr) == (2, True)
