"""What is kept of persons: hashed numbers, ages."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.extracts.contrat import age_revolu
from pipelines.ingestion.personnes import depersonnaliser
from tests.ingestion.essais import Charge, charger, texte_csv, toutes

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
        (
            hmac_sha256(cle, b"numero_cir\0E1"),
            hmac_sha256(cle, b"numero_etranger\x000123456789"),
        )
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


def test_one_number_in_two_columns_has_two_pseudonyms(tmp_path: Path) -> None:
    """What a column says of a person is not found by looking for it in another."""
    charge = livrer(tmp_path, {"numero_cir": "0123456789"})
    [(cir, etranger)] = charge.lignes("numero_cir", "numero_etranger")
    assert cir != etranger


def test_one_number_in_a_column_of_two_extracts_has_one_pseudonym() -> None:
    """Their rows join: only the name of the column counts."""
    regles = toutes()["ofii/cir_signataires"]
    autre = replace(regles, nom="ofii/autre")
    lignes = pl.DataFrame({"numero_etranger": ["0123456789"]})
    [un, deux] = [depersonnaliser(lignes, r, b"k" * 40, "2020-03").item() for r in (regles, autre)]
    assert un == deux


def test_duplicates_are_seen_under_pseudonyms(tmp_path: Path) -> None:
    charge = livrer(tmp_path, {}, {"numero_etranger": "9999999999"}, {"numero_cir": "C2"})
    assert charge.rejets() == [("2020-03.csv", 3, "numero_cir", "cle_en_double")]


def test_duplicates_are_seen_whatever_way_a_number_is_written(tmp_path: Path) -> None:
    charge = livrer(tmp_path, {}, {"numero_cir": "c1"}, {"numero_cir": "C2"}, {"numero_cir": "C3"})
    assert charge.rejets() == [("2020-03.csv", 3, "numero_cir", "cle_en_double")]


def test_a_withdrawal_keeps_only_the_pseudonym_of_its_key(tmp_path: Path) -> None:
    charge = livrer(tmp_path, {"retrait": "O", "date_naissance": "1/1/1990"}, cle=b"c" * 32)
    assert charge.lignes("numero_cir", "numero_etranger", "age", "departement") == [
        (hmac_sha256(b"c" * 32, b"numero_cir\0C1"), None, None, None)
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


def test_a_number_that_names_something_may_have_ten_digits(tmp_path: Path) -> None:
    """That of a project may: it is kept as it is, but no phone, e-mail or birth in its place."""
    numeros = ("1234567890", "12 34 56 78 90", "a@b.fr", "née le 12/03/1987")
    lignes = [f"{numero};REGIONAL;COPIL;01/02/2020" for numero in numeros]
    texte = "\n".join(["numero_reunion;niveau;instance;date_reunion", *lignes])
    charge = charger(tmp_path, "ddcs/reunions", {"2020-03.csv": texte})
    gardes = [numero for (numero,) in charge.lignes("numero_reunion")]
    assert gardes[0] == "1234567890"
    assert [numero.partition("-")[0] for numero in gardes[1:]] == ["***"] * 3
