"""Names and places of delivered files."""

import os
from pathlib import Path

import pytest

from pipelines.erreurs import Faute
from pipelines.ingestion import depot
from tests.ingestion.essais import ecrire, toutes

CIR = "ofii/cir_signataires"


def inventaire(raw: Path, *chemins: str) -> dict[str, depot.Fichier]:
    for chemin in chemins:
        ecrire(raw / chemin, "x")
    return {fichier.chemin: fichier for fichier in depot.inventaire(raw, toutes())}


@pytest.mark.parametrize(
    ("nom", "mois", "partie", "version"),
    [
        ("2019-03.csv", "2019-03", "", 1),
        ("2019-03.xlsx", "2019-03", "", 1),
        ("2019-12.v2.csv", "2019-12", "", 2),
        ("2019-03_59.csv", "2019-03", "59", 1),
        ("2019-03_59.v3.xlsx", "2019-03", "59", 3),
        ("2019-03_Pas-de-Calais (nord)_2.v12.csv", "2019-03", "Pas-de-Calais (nord)_2", 12),
        ("2019-03_été.csv", "2019-03", "été", 1),
    ],
)
def test_un_nom_en_forme_dit_mois_partie_et_version(
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
        "2019-03.xls",
        "2019-03.CSV",
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
        "notes.MD",
    ],
)
def test_un_nom_hors_forme_est_refuse_et_nomme(tmp_path: Path, nom: str) -> None:
    trouves = inventaire(tmp_path, f"{CIR}/{nom}", f"{CIR}/2019-04.csv")
    assert set(trouves) == {f"{CIR}/{nom}", f"{CIR}/2019-04.csv"}
    assert f"«{nom}»" in trouves[f"{CIR}/{nom}"].motif
    assert trouves[f"{CIR}/2019-04.csv"].motif == ""


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
def test_un_fichier_hors_de_sa_place_est_refuse(tmp_path: Path, chemin: str) -> None:
    fichier = inventaire(tmp_path, chemin)[chemin]
    assert "inconnu" in fichier.motif
    assert fichier.extrait == ""


def test_nom_et_place_fautifs_sont_dits_ensemble(tmp_path: Path) -> None:
    fichier = inventaire(tmp_path, "ailleurs/mars.csv")["ailleurs/mars.csv"]
    assert "«ailleurs»" in fichier.motif
    assert "«mars.csv»" in fichier.motif


def test_seuls_les_fichiers_caches_verrous_et_notes_sont_passes(tmp_path: Path) -> None:
    passes = [
        f"{CIR}/.gitkeep",
        f"{CIR}/~$2019-03.xlsx",
        f"{CIR}/LISEZMOI.md",
        f"{CIR}/notes.txt",
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
def test_un_dossier_hors_de_sa_place_est_liste_meme_vide(tmp_path: Path, dossier: str) -> None:
    (tmp_path / dossier).mkdir(parents=True)
    [fichier] = inventaire(tmp_path).values()
    assert fichier.chemin == dossier
    assert fichier.motif


def test_un_dossier_hors_de_sa_place_qui_ne_tient_que_des_notes_est_liste(tmp_path: Path) -> None:
    assert set(inventaire(tmp_path, "archives/notes.txt")) == {"archives"}


def test_un_dossier_d_extrait_vide_n_est_pas_une_faute(tmp_path: Path) -> None:
    (tmp_path / CIR).mkdir(parents=True)
    (tmp_path / "ddcs").mkdir()
    assert inventaire(tmp_path) == {}


def test_ce_qui_n_est_pas_un_fichier_ordinaire_est_refuse(tmp_path: Path) -> None:
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
    ],
)
def test_de_deux_fichiers_de_meme_nom_et_version_le_second_est_refuse(
    tmp_path: Path, premier: str, second: str
) -> None:
    trouves = inventaire(tmp_path, f"{CIR}/{second}", f"{CIR}/{premier}")
    assert trouves[f"{CIR}/{premier}"].motif == ""
    assert f"«{premier}»" in trouves[f"{CIR}/{second}"].motif
    assert trouves[f"{CIR}/{second}"].extrait == CIR


def test_parties_versions_mois_et_extraits_ne_sont_pas_des_doubles(tmp_path: Path) -> None:
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


def test_sans_dossier_de_livraisons_la_faute_est_dite(tmp_path: Path) -> None:
    with pytest.raises(Faute, match="livraisons"):
        depot.inventaire(tmp_path / "absent", toutes())


@pytest.mark.parametrize(
    ("nom", "mois"), [("2019-03_59.v2.csv", "2019-03"), ("mars.csv", ""), ("2019-13.csv", "")]
)
def test_le_mois_se_lit_dans_le_nom(nom: str, mois: str) -> None:
    assert depot.mois_du_nom(nom) == mois
