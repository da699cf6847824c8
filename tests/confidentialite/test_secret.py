"""The key of the pseudonyms: made whole and closed to others, never weak."""

import base64
import errno
import os
import random
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines import secret
from pipelines.erreurs import Faute
from pipelines.ingestion import personnes

CLE = "3f1c0e7a9b52d84460ad1e93c7f8b5260d4e9a71835bc2f6e0197d3a5c684b2f"


@pytest.fixture
def chemin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    chemin = tmp_path / "config" / "bilan" / "cle"
    monkeypatch.setenv(secret.VARIABLE, str(chemin))
    return chemin


def premiere(chemin: Path) -> bytes:
    """The key of a region that has published nothing."""
    cle, change = secret.convenir(chemin.parents[2] / "entrepot")
    assert not change
    return cle


def test_the_key_is_made_the_first_time_in_0600_and_read_again_afterwards(chemin: Path) -> None:
    ancien = os.umask(0)
    try:
        cle = premiere(chemin)
    finally:
        os.umask(ancien)
    assert stat.S_IMODE(chemin.stat().st_mode) == 0o600
    assert len(cle) >= 32
    assert premiere(chemin) == cle


def test_a_key_is_made_whole_or_not_at_all(chemin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stops while it is written, here a full disk, leaves nothing that passes for a key."""

    def plein(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", plein)
        with pytest.raises(Faute, match="ne peut être ni lue ni créée"):
            premiere(chemin)
    assert list(chemin.parent.iterdir()) == []
    assert premiere(chemin) == chemin.read_bytes().strip()
    assert list(chemin.parent.iterdir()) == [chemin]


def test_a_key_made_in_the_meantime_is_kept(chemin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    autre, lier = CLE.encode(), os.link

    def trop_tard(source: str, cible: Path) -> None:
        cible.write_bytes(autre)
        cible.chmod(0o600)
        lier(source, cible)

    monkeypatch.setattr(os, "link", trop_tard)
    assert premiere(chemin) == autre
    assert list(chemin.parent.iterdir()) == [chemin]


def test_two_keys_that_are_made_differ(chemin: Path) -> None:
    cle = premiere(chemin)
    chemin.unlink()
    assert premiere(chemin) != cle


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o604, 0o602, 0o610, 0o644, 0o666])
def test_a_key_open_to_others_is_refused(chemin: Path, mode: int) -> None:
    premiere(chemin)
    chemin.chmod(mode)
    with pytest.raises(Faute, match="chmod 600"):
        premiere(chemin)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_closed_to_others_is_accepted(chemin: Path, mode: int) -> None:
    cle = premiere(chemin)
    chemin.chmod(mode)
    assert premiere(chemin) == cle


def poser(chemin: Path, contenu: bytes) -> None:
    """Put a key there."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.touch(mode=0o600)
    chemin.write_bytes(contenu)


@pytest.mark.parametrize(
    "faible",
    [
        "",
        "\n",
        "trop courte",
        "a" * 64,
        "ab" * 32,
        "0123456789abcdef" * 8,
        CLE[:12] * 6,
        "motdepasse".ljust(64, "0"),
        "motdepasse1234567890azertyuiop!!",
        "La clé du bilan. " * 8,
        "La clé des pseudonymes de la préfecture de région",
        "\0" * 32,
    ],
)
def test_a_weak_key_is_refused_and_left(chemin: Path, faible: str) -> None:
    poser(chemin, faible.encode())
    with pytest.raises(Faute, match=r"trop faible.*sauvegarde.*openssl rand -hex 32"):
        premiere(chemin)
    assert chemin.read_bytes() == faible.encode()


@pytest.mark.parametrize(
    "ecrire",
    [
        bytes,
        lambda tires: tires.hex().encode(),
        lambda tires: f"{tires.hex().upper()}\r\n".encode(),
        base64.b64encode,
        lambda tires: base64.urlsafe_b64encode(tires).rstrip(b"="),
    ],
)
def test_a_key_drawn_at_random_is_never_weak(ecrire: Callable[[bytes], bytes]) -> None:
    """As `openssl rand`, `secrets` or 32 octets of /dev/urandom give it."""
    tirage = random.Random(6)  # noqa: S311
    faibles = [k for _ in range(2000) if secret.bits(k := ecrire(tirage.randbytes(32))) < 90]
    assert faibles == []


def test_what_a_key_is_worth() -> None:
    """Two different signs are worth one bit each; four, two; a word, ten bits at most."""
    for cle, attendus in (
        ("0110", 4 * 1),
        ("0123", 4 * 2),
        ("0000", 0),
        ("0101 0101", (2 + 2) * 1),  # 010 and 101 come once
        ("bc12", 4 * 2),
        ("préfecture", 10),
        ("", 0),
    ):
        assert secret.bits(cle.encode()) == attendus, cle


def test_the_blanks_around_a_text_do_not_count_and_octets_are_what_they_are(chemin: Path) -> None:
    poser(chemin, f" {CLE}\r\n".encode())
    assert secret.lire() == CLE.encode()
    octets = b"\n" + bytes(range(200, 231)) + b" "
    poser(chemin, octets)
    assert secret.lire() == octets


def test_a_link_to_nothing_is_no_key(chemin: Path) -> None:
    chemin.parent.mkdir(parents=True)
    chemin.symlink_to("ailleurs")
    with pytest.raises(Faute, match="ne peut être ni lue ni créée"):
        premiere(chemin)


def test_two_keys_have_two_fingerprints_and_none_is_a_pseudonym() -> None:
    cle = CLE.encode()
    assert secret.empreinte(cle) == secret.empreinte(CLE.encode())
    assert secret.empreinte(cle) != secret.empreinte(cle[:-1] + b"e")
    for colonne in ("", "empreinte"):
        assert personnes.pseudonymes(cle, colonne)("") != secret.empreinte(cle)


def test_a_key_that_cannot_be_read_is_a_fault_that_is_said(chemin: Path) -> None:
    chemin.mkdir(parents=True)
    with pytest.raises(Faute, match=secret.VARIABLE):
        premiere(chemin)


def test_the_key_is_outside_the_repository_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(secret.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert secret.chemin() == tmp_path / "bilan" / "cle"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "moi"))
    assert secret.chemin() == tmp_path / "moi" / ".config" / "bilan" / "cle"


def test_a_throwaway_key_changes_each_time() -> None:
    assert secret.jetable() != secret.jetable()
    assert len(secret.jetable()) >= 32
