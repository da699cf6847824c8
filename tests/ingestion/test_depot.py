"""Names and places of delivered files."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.erreurs import Faute
from pipelines.ingestion import depot
from tests.ingestion.essais import ecrire, toutes

CIR = "ofii/cir_signataires"


def inventaire(raw: Path, *chemins: str) -> dict[str, depot.Fichier]:
    for chemin in chemins:
        ecrire(raw / chemin, "x")
    return {fichier.chemin: fichier for fichier in depot.inventaire(raw, toutes(), b"secret")}


@pytest.mark.parametrize(
    ("nom", "mois", "partie", "version"),
    [
        ("2019-03.csv", "2019-03", "", 1),
        ("2019-03.xlsx", "2019-03", "", 1),
        ("2019-12.v2.csv", "2019-12", "", 2),
        ("2019-03_59.csv", "2019-03", "59", 1),
        ("2019-03_59.v3.xlsx", "2019-03", "59", 3),
        ("2019-03_Pas-de-Calais-2.v12.csv", "2019-03", "Pas-de-Calais-2", 12),
        ("2019-03_été.csv", "2019-03", "été", 1),
        ("2019-03_e\u0301te\u0301.csv", "2019-03", "été", 1),
        ("2019-03.CSV", "2019-03", "", 1),
        ("2019-03.Ods", "2019-03", "", 1),
        ("2019-03.xls", "2019-03", "", 1),
        ("2019-03_59.v2.XLSB", "2019-03", "59", 2),
        ("2019-03_photocopie.csv", "2019-03", "photocopie", 1),
        ("2019-03_dev2.csv", "2019-03", "dev2", 1),
    ],
)
def test_a_proper_name_says_month_part_and_version(
    tmp_path: Path, nom: str, mois: str, partie: str, version: int
) -> None:
    [fichier] = inventaire(tmp_path, f"{CIR}/{nom}").values()
    assert (fichier.motif, fichier.extrait, fichier.nom) == ("", CIR, nom)
    assert (fichier.mois, fichier.partie, fichier.version) == (mois, partie, version)


@pytest.mark.parametrize(
    "nom",
    [
        "2019-13.csv",
        "2019-00.csv",
        "2019-3.csv",
        "201903.csv",
        "mars 2019.csv",
        " 2019-03.csv",
        "2019-03.xlsm",
        "2019-03.txt",
        "2019-03.TXT",
        "2019-03 notes.txt",
        "md",
        "2019-03.csv.gz",
        "2019-03",
        "2019-03_.csv",
        "2019-03-59.csv",
        "2019-03_5.9.csv",
        "2019-03.v0.csv",
        "2019-03.v02.csv",
        "2019-03.V2.csv",
        "2019-03v2.csv",
        "2019-03.v2.v3.csv",
        "2019-03.v2_59.csv",
        "2019-03 (1).csv",
    ],
)
def test_an_improper_name_is_refused_and_named(tmp_path: Path, nom: str) -> None:
    trouves = inventaire(tmp_path, f"{CIR}/{nom}", f"{CIR}/2019-04.csv")
    assert set(trouves) == {f"{CIR}/{nom}", f"{CIR}/2019-04.csv"}
    assert f"«{nom}»" in trouves[f"{CIR}/{nom}"].motif
    assert trouves[f"{CIR}/2019-04.csv"].motif == ""


@pytest.mark.parametrize(
    ("nom", "juste"),
    [
        ("2019-06_59_v2.csv", "2019-06_59.v2.csv"),
        ("2019-06_59-v2.csv", "2019-06_59.v2.csv"),
        ("2019-06_59V2.ods", "2019-06_59.v2.ods"),
        ("2019-06_59 V2.csv", "2019-06_59.v2.csv"),
        ("2019-06.V2.CSV", "2019-06.v2.CSV"),
        ("2019-06_v2.csv", "2019-06.v2.csv"),
        ("2019-06-v12.xlsx", "2019-06.v12.xlsx"),
        ("2019-06v2.csv", "2019-06.v2.csv"),
        ("2019-06_nordV3.csv", "2019-06_nord.v3.csv"),
        ("2019-06.v02.csv", "2019-06.v2.csv"),
        ("2019-06 (1).csv", "2019-06.v2.csv"),
        ("2019-06_59 (2).xlsx", "2019-06_59.v3.xlsx"),
        ("2019-06_59.v2 (1).csv", "2019-06_59.v3.csv"),
        ("2019-06_59 - Copie.csv", "2019-06_59.v2.csv"),
        ("2019-06 - Copie (2).csv", "2019-06.v3.csv"),
        ("2019-06_59-copie.csv", "2019-06_59.v2.csv"),
        ("Copie de 2019-06_59.csv", "2019-06_59.v2.csv"),
        ("2019-06-59.csv", "2019-06_59.csv"),
        ("2019-06_Pas de Calais.csv", "2019-06_Pas-de-Calais.csv"),
        ("2019-06_a_b.csv", "2019-06_a-b.csv"),
        ("2019-06.txt", "2019-06.csv"),
    ],
)
def test_an_improper_name_comes_back_corrected(tmp_path: Path, nom: str, juste: str) -> None:
    [fichier] = inventaire(tmp_path, f"{CIR}/{nom}").values()
    assert f"«{nom}»" in fichier.motif
    assert fichier.motif.endswith(f"le nommer {juste}")
    assert depot.lire_nom(juste)


@given(st.text(st.sampled_from("59abV v_-.()é copie"), max_size=12))
def test_a_name_that_is_offered_is_a_name_that_is_accepted(suite: str) -> None:
    motif = depot.reconnaitre(f"{CIR}/2019-06{suite}.csv", toutes()).motif
    propose = motif.rpartition("le nommer ")[2]
    assert not motif or propose.startswith("<AAAA-MM>") or depot.lire_nom(propose)


@pytest.mark.parametrize(
    "chemin",
    [
        "2019-03.csv",
        "ofii/2019-03.csv",
        "inconnu/2019-03.csv",
        "ofii/inconnu/2019-03.csv",
        "OFII/cir_signataires/2019-03.csv",
        "ofii/cir_signataires/2019/2019-03.csv",
        "ofii/cir_signataires/2019-03/59.csv",
        "cir_signataires/ofii/2019-03.csv",
    ],
)
def test_a_file_out_of_its_place_is_refused(tmp_path: Path, chemin: str) -> None:
    fichier = inventaire(tmp_path, chemin)[chemin]
    assert "inconnu" in fichier.motif
    assert fichier.extrait == ""


def test_a_wrong_name_and_a_wrong_place_are_said_together(tmp_path: Path) -> None:
    fichier = inventaire(tmp_path, "ailleurs/mars.csv")["ailleurs/mars.csv"]
    assert "«ailleurs»" in fichier.motif
    assert "«mars.csv»" in fichier.motif


def test_only_hidden_files_locks_and_notes_are_skipped(tmp_path: Path) -> None:
    passes = [
        f"{CIR}/.gitkeep",
        f"{CIR}/~$2019-03.xlsx",
        f"{CIR}/.~lock.2019-03.ods#",
        f"{CIR}/LISEZMOI.md",
        f"{CIR}/notes.txt",
        f"{CIR}/NOTES.TXT",
        f"{CIR}/Lisez-moi.Md",
        f"{CIR}/2019-03.md",
        f"{CIR}/2019-03_59 à lire.MD",
        "ofii/LISEZMOI.md",
        "notes.txt",
        ".cache/2019-03.csv",
    ]
    assert set(inventaire(tmp_path, *passes)) == set()
    assert set(inventaire(tmp_path, f"{CIR}/Thumbs.db")) == {f"{CIR}/Thumbs.db"}


@pytest.mark.parametrize(
    "dossier",
    [
        "inconnu",
        "ofii/inconnu",
        f"{CIR}/2019",
        f"{CIR}/2019-03.csv",
        "ofii/inconnu/plus/bas",
    ],
)
def test_a_folder_out_of_its_place_is_listed_even_empty(tmp_path: Path, dossier: str) -> None:
    (tmp_path / dossier).mkdir(parents=True)
    [fichier] = inventaire(tmp_path).values()
    assert fichier.chemin == dossier
    assert fichier.motif


def test_a_folder_out_of_its_place_that_holds_only_notes_is_listed(tmp_path: Path) -> None:
    assert set(inventaire(tmp_path, "archives/notes.txt")) == {"archives"}


def test_an_empty_folder_of_an_extract_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / CIR).mkdir(parents=True)
    (tmp_path / "ddcs").mkdir()
    assert inventaire(tmp_path) == {}


def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / CIR).mkdir(parents=True)
    (tmp_path / CIR / "2019-03.csv").symlink_to(tmp_path / "nulle_part")
    os.mkfifo(tmp_path / CIR / "2019-04.csv")
    (tmp_path / "ofii" / "lien").symlink_to(tmp_path / CIR, target_is_directory=True)
    trouves = inventaire(tmp_path)
    assert set(trouves) == {f"{CIR}/2019-03.csv", f"{CIR}/2019-04.csv", "ofii/lien"}
    assert all(fichier.motif for fichier in trouves.values())


@pytest.mark.parametrize(
    ("premier", "second"),
    [
        ("2019-03.csv", "2019-03.xlsx"),
        ("2019-03.csv", "2019-03.v1.csv"),
        ("2019-03_59.v2.csv", "2019-03_59.v2.xlsx"),
        ("2019-03.CSV", "2019-03.csv"),
        ("2019-03.ods", "2019-03.xls"),
    ],
)
def test_of_two_files_of_one_name_and_version_the_second_is_refused(
    tmp_path: Path, premier: str, second: str
) -> None:
    trouves = inventaire(tmp_path, f"{CIR}/{second}", f"{CIR}/{premier}")
    assert trouves[f"{CIR}/{premier}"].motif == ""
    assert f"«{premier}»" in trouves[f"{CIR}/{second}"].motif
    assert trouves[f"{CIR}/{second}"].extrait == CIR


def test_a_link_that_leads_out_of_raw_is_refused(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    dehors = ecrire(tmp_path / "dehors.csv", "x")
    dedans = ecrire(raw / CIR / "2019-03.csv", "x")
    (raw / CIR / "2019-04.csv").symlink_to(dehors)
    (raw / CIR / "2019-05.csv").symlink_to(dedans)
    (raw / CIR / "2019-06.csv").symlink_to(raw / CIR / "2019-04.csv")
    trouves = inventaire(raw)
    hors = {chemin[-11:-4] for chemin, f in trouves.items() if "hors de raw/" in f.motif}
    assert hors == {"2019-04", "2019-06"}
    lien = tmp_path / "lien"
    lien.symlink_to(raw)
    assert not inventaire(lien)[f"{CIR}/2019-05.csv"].motif


def test_a_folder_that_cannot_be_read_refuses_only_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vrai = os.scandir

    def parcourir(dossier: str) -> object:
        if str(dossier).endswith("cir_signataires"):
            raise PermissionError(errno.EACCES, "Permission denied", dossier)
        return vrai(dossier)

    ecrire(tmp_path / CIR / "2019-03.csv", "x")
    monkeypatch.setattr(os, "scandir", parcourir)
    trouves = inventaire(tmp_path, "ddcs/projets/2019-03.csv")
    assert set(trouves) == {CIR, "ddcs/projets/2019-03.csv"}
    assert "ne se lit pas (Permission denied)" in trouves[CIR].motif
    assert trouves[CIR].extrait == CIR
    assert not trouves["ddcs/projets/2019-03.csv"].motif


def test_parts_versions_months_and_extracts_are_no_duplicates(tmp_path: Path) -> None:
    chemins = [
        f"{CIR}/2019-03.csv",
        f"{CIR}/2019-03.v2.csv",
        f"{CIR}/2019-03_59.csv",
        f"{CIR}/2019-03_62.csv",
        f"{CIR}/2019-04.csv",
        "ddcs/projets/2019-03.csv",
    ]
    trouves = inventaire(tmp_path, *chemins)
    assert list(trouves) == sorted(chemins)
    assert [fichier.motif for fichier in trouves.values()] == [""] * 6


def test_without_a_folder_of_deliveries_the_fault_is_said(tmp_path: Path) -> None:
    with pytest.raises(Faute, match="livraisons"):
        depot.inventaire(tmp_path / "absent", toutes(), b"secret")


@pytest.mark.parametrize(
    ("nom", "mois"), [("2019-03_59.v2.csv", "2019-03"), ("mars.csv", ""), ("2019-13.csv", "")]
)
def test_the_month_is_read_in_the_name(nom: str, mois: str) -> None:
    assert depot.mois_du_nom(nom) == mois
