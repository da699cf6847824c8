"""What is kept of persons: the key of pseudonyms, hashed numbers, ages."""

import errno
import hashlib
import os
import stat
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.extracts.contrat import age_revolu
from pipelines.erreurs import Faute
from pipelines.ingestion import personnes
from tests.ingestion.essais import Charge, charger, texte_csv

LIGNE = {
    "numero_cir": "C1",
    "numero_etranger": "0123456789",
    "departement": "59",
    "date_signature": "01/02/2020",
    "date_naissance": "",
}


def livrer(raw: Path, *lignes: dict[str, str], cle: bytes = b"k" * 40) -> Charge:
    texte = texte_csv([LIGNE | ligne for ligne in lignes])
    return charger(raw, "ofii/cir_signataires", {"2020-03.csv": texte}, cle)


def hmac_sha256(cle: bytes, texte: bytes) -> str:
    """HMAC worked from its definition (RFC 2104), blocks of 64 bytes."""
    bloc = (cle if len(cle) <= 64 else hashlib.sha256(cle).digest()).ljust(64, b"\0")
    dedans = hashlib.sha256(bytes(o ^ 0x36 for o in bloc) + texte).digest()
    return hashlib.sha256(bytes(o ^ 0x5C for o in bloc) + dedans).hexdigest()


# Pseudonyms


def test_the_function_of_reference_is_that_of_the_standard() -> None:
    # RFC 4231, test case 2.
    attendu = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert hmac_sha256(b"Jefe", b"what do ya want for nothing?") == attendu


@pytest.mark.parametrize("cle", [b"k" * 40, b"une autre cle" * 9])
def test_numbers_become_keyed_hashes(tmp_path: Path, cle: bytes) -> None:
    charge = livrer(tmp_path, {"numero_cir": " é1 "}, cle=cle)
    assert charge.lignes("numero_cir", "numero_etranger") == [
        (hmac_sha256(cle, b"E1"), hmac_sha256(cle, b"0123456789"))
    ]


def test_numbers_that_are_the_same_key_have_one_pseudonym(tmp_path: Path) -> None:
    """Neither case, accents, nor the kind of hyphens and spaces; a space is no hyphen."""
    numeros = ["CIR-1 é", "cir-1 e", "CIR\u20111  E", "Cir-1\u00a0É", "CIR 1 E"]
    charge = charger(
        tmp_path,
        "ofii/cir_signataires",
        {
            f"2020-{mois:02}.csv": texte_csv([LIGNE | {"numero_cir": numero}])
            for mois, numero in enumerate(numeros, start=3)
        },
    )
    pseudonymes = [pseudonyme for (pseudonyme,) in charge.lignes("numero_cir")]
    assert len(pseudonymes) == 5
    assert len(set(pseudonymes)) == 2


def test_a_person_keeps_one_pseudonym_from_one_delivery_to_another(tmp_path: Path) -> None:
    texte = texte_csv([LIGNE])
    charge = charger(tmp_path, "ofii/cir_signataires", {"2020-03.csv": texte, "2020-04.csv": texte})
    [mars, avril] = charge.lignes("numero_cir", "numero_etranger")
    assert mars == avril
    assert mars[0] != mars[1]


def test_duplicates_are_seen_under_pseudonyms(tmp_path: Path) -> None:
    charge = livrer(tmp_path, {}, {"numero_etranger": "9999999999"}, {"numero_cir": "C2"})
    assert charge.rejets() == [("2020-03.csv", 3, "numero_cir", "cle_en_double")]


def test_duplicates_are_seen_whatever_way_a_number_is_written(tmp_path: Path) -> None:
    charge = livrer(tmp_path, {}, {"numero_cir": "c1"}, {"numero_cir": "C2"}, {"numero_cir": "C3"})
    assert charge.rejets() == [("2020-03.csv", 3, "numero_cir", "cle_en_double")]


def test_a_withdrawal_keeps_only_the_pseudonym_of_its_key(tmp_path: Path) -> None:
    charge = livrer(tmp_path, {"retrait": "O", "date_naissance": "1/1/1990"}, cle=b"c" * 32)
    assert charge.lignes("numero_cir", "numero_etranger", "age", "departement") == [
        (hmac_sha256(b"c" * 32, b"C1"), None, None, None)
    ]


# Ages


@pytest.mark.parametrize(
    ("naissance", "le", "age"),
    [
        (date(1990, 2, 1), date(2020, 1, 31), 29),
        (date(1990, 2, 1), date(2020, 2, 1), 30),
        (date(1990, 2, 1), date(2020, 2, 2), 30),
        (date(1990, 12, 31), date(2020, 1, 1), 29),
        (date(1990, 1, 1), date(2020, 12, 31), 30),
        (date(1996, 2, 29), date(2020, 2, 28), 23),
        (date(1996, 2, 29), date(2020, 2, 29), 24),
        (date(1996, 2, 29), date(2019, 2, 28), 22),
        (date(1996, 2, 29), date(2019, 3, 1), 23),
        (date(2020, 2, 1), date(2020, 2, 1), 0),
    ],
)
def test_age_in_full_years(naissance: date, le: date, age: int) -> None:
    jours = pl.DataFrame({"naissance": [naissance], "le": [le]})
    assert jours.select(age_revolu("naissance", "le")).item() == age


@pytest.mark.parametrize(
    ("naissance", "age"),
    [
        ("02/02/1990", 29),
        ("01/02/1990", 30),
        ("01/02/2004", 16),
        ("02/02/1909", 110),
        ("", None),
    ],
)
def test_the_age_at_signature_is_all_that_is_left_of_a_birth_date(
    tmp_path: Path, naissance: str, age: int | None
) -> None:
    charge = livrer(tmp_path, {"date_naissance": naissance})
    assert charge.lignes("age") == [(age,)]


@pytest.mark.parametrize("naissance", ["02/02/2004", "01/02/1909"])
def test_an_age_outside_16_to_110_years_is_rejected(tmp_path: Path, naissance: str) -> None:
    charge = livrer(tmp_path, {}, {"numero_cir": "C2", "date_naissance": naissance})
    assert charge.rejets() == [("2020-03.csv", 3, "date_naissance", "borne")]
    assert charge.sql("select valeur from qualite.rejets") == [("*** (99/99/9999)",)]


# The key


@pytest.fixture
def chemin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    chemin = tmp_path / "config" / "bilan" / "cle"
    monkeypatch.setenv(personnes.VARIABLE, str(chemin))
    return chemin


def test_the_key_is_made_the_first_time_in_0600_and_read_again_afterwards(chemin: Path) -> None:
    ancien = os.umask(0)
    try:
        cle = personnes.cle_secrete()
    finally:
        os.umask(ancien)
    assert stat.S_IMODE(chemin.stat().st_mode) == 0o600
    assert len(cle) >= 32
    assert personnes.cle_secrete() == cle


def test_a_key_is_made_whole_or_not_at_all(chemin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stops while it is written, here a full disk, leaves nothing that passes for a key."""

    def plein(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", plein)
        with pytest.raises(Faute, match="ne peut être ni lue ni créée"):
            personnes.cle_secrete()
    assert list(chemin.parent.iterdir()) == []
    assert personnes.cle_secrete() == chemin.read_bytes().strip()
    assert list(chemin.parent.iterdir()) == [chemin]


def test_a_key_made_in_the_meantime_is_kept(chemin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    autre, lier = b"a" * 64, os.link

    def trop_tard(source: str, cible: Path) -> None:
        cible.write_bytes(autre)
        cible.chmod(0o600)
        lier(source, cible)

    monkeypatch.setattr(os, "link", trop_tard)
    assert personnes.cle_secrete() == autre
    assert list(chemin.parent.iterdir()) == [chemin]


def test_two_keys_that_are_made_differ(chemin: Path) -> None:
    premiere = personnes.cle_secrete()
    chemin.unlink()
    assert personnes.cle_secrete() != premiere


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o604, 0o602, 0o610, 0o644, 0o666])
def test_a_key_open_to_others_is_refused(chemin: Path, mode: int) -> None:
    personnes.cle_secrete()
    chemin.chmod(mode)
    with pytest.raises(Faute, match="chmod 600"):
        personnes.cle_secrete()


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_closed_to_others_is_accepted(chemin: Path, mode: int) -> None:
    cle = personnes.cle_secrete()
    chemin.chmod(mode)
    assert personnes.cle_secrete() == cle


@pytest.mark.parametrize("contenu", ["", "\n", "trop courte"])
def test_a_key_empty_or_too_short_is_refused_and_left(chemin: Path, contenu: str) -> None:
    personnes.cle_secrete()
    chemin.write_text(contenu)
    with pytest.raises(Faute, match="trop courte"):
        personnes.cle_secrete()
    assert chemin.read_text() == contenu


def test_a_key_that_cannot_be_read_is_a_fault_that_is_said(chemin: Path) -> None:
    chemin.mkdir(parents=True)
    with pytest.raises(Faute, match=personnes.VARIABLE):
        personnes.cle_secrete()


def test_the_key_is_outside_the_repository_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(personnes.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert personnes.chemin_cle() == tmp_path / "bilan" / "cle"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "moi"))
    assert personnes.chemin_cle() == tmp_path / "moi" / ".config" / "bilan" / "cle"


def test_a_throwaway_key_changes_each_time() -> None:
    assert personnes.cle_jetable() != personnes.cle_jetable()
    assert len(personnes.cle_jetable()) >= 32
