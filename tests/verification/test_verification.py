"""What `bilan verifier` says to the person who delivers, and its exit codes."""

from pathlib import Path

import pytest

from pipelines.ressemblance import voulus
from tests.verification.essais import MOBILISATIONS, ecrire, verifier

EXTRAIT = "logement/avdl"
ENTETE = "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees"


def avdl(tmp_path: Path, *lignes: str, entete: str = ENTETE) -> Path:
    return ecrire(tmp_path / "2020-12.csv", "\n".join([entete, *lignes]))


@pytest.mark.parametrize(
    ("lignes", "code"),
    [
        (["2020;Alpha;59;1;1;1"], 0),
        (["2020;Alpha;59;1;1;1", "2020;Beta;99;1;1;1"], 1),
        (["2020;Alpha;99;1;1;1"], 2),
        ([], 2),
        (["Total;;;1;1;1"], 2),
    ],
)
def test_codes_de_sortie(
    tmp_path: Path, lignes: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verifier(capsys, avdl(tmp_path, *lignes), EXTRAIT).code == code


def test_ce_qui_a_ete_reconnu(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fichier = avdl(
        tmp_path,
        "2020;Alpha;59;1;1;1;x;;",
        "Total;;;1;1;1",
        entete=f"{ENTETE};Contact;Code postal",
    )
    dit = verifier(capsys, fichier, EXTRAIT).dit
    assert "logement/avdl — Accompagnement vers et dans le logement des réfugiés" in dit
    assert "Livraison 2020-12" in dit
    assert "encodage utf-8, séparateur point-virgule, en-tête à la ligne 1" in dit
    assert "Colonnes ignorées : Contact, Code postal" in dit
    assert "2 lignes lues : 1 juste, 0 rejetée, 1 total ou note ignoré" in dit
    assert "ACCEPTÉ en entier." in dit


def test_les_rejets_sont_groupes_par_regle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    justes = [f"2020;Op{i};59;1;1;1" for i in range(200)]
    fausses = [f"2020;Faux{i};9{i};1;1;1" for i in range(7)]
    dit = verifier(capsys, avdl(tmp_path, *justes, *fausses, "2019;Gamma;;1;1;1"), EXTRAIT).dit
    assert dit.index("[code] 7 rejets") < dit.index("[obligatoire] 1 rejet\n")
    assert "ligne 202 : 90\n" in dit
    assert "ligne 206 : 94\n" in dit
    assert "… et 2 autres" in dit
    assert "ligne 207" not in dit
    assert "À faire : choisir une valeur de la liste." in dit
    assert "ajouter --rapport rejets.xlsx" in dit


def test_un_nom_de_colonne_presque_juste_dans_un_fichier_accepte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = ecrire(
        tmp_path / "2020-12.csv",
        MOBILISATIONS.replace("Ménages;", "Nombre de ménages;").split("2020-13")[0],
    )
    fait = verifier(capsys, fichier, "logement/mobilisations")
    assert fait.code == 0
    assert "Colonne ignorée «Nombre de ménages» : vouliez-vous dire menages ?" in fait.dit
    assert "Colonnes absentes, lues comme vides : menages" in fait.dit


def test_un_nom_de_colonne_presque_juste_dans_un_fichier_refuse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = ecrire(
        tmp_path / "2020-12.csv",
        "Extraction\n\nN° CIR,numero_etranger,departement,date signature du CIR\n",
    )
    fait = verifier(capsys, fichier, "ofii/cir_signataires")
    assert fait.code == 2
    assert "En-tête   le plus proche : la ligne 3, qui a 2 colonnes connues" in fait.dit
    assert "Colonne ignorée «N° CIR» : vouliez-vous dire numero_cir ?" in fait.dit
    assert (
        "Colonne ignorée «date signature du CIR» : vouliez-vous dire date_signature ?" in fait.dit
    )


@pytest.mark.parametrize(
    ("ignorees", "absentes", "attendu"),
    [
        (
            ["date signature du CIR"],
            ["date_signature"],
            {"date signature du CIR": "date_signature"},
        ),
        (["N° CIR"], ["numero_cir"], {"N° CIR": "numero_cir"}),
        (["Departements"], ["departement"], {"Departements": "departement"}),
        (["Téléphone"], ["departement", "sexe"], {}),
        (["date_fin"], [], {}),
        (["sexe" * 1000], ["sexe"], {}),
        # A column is asked about once.
        (["statuts", "statut."], ["statut"], {"statuts": "statut"}),
    ],
)
def test_noms_voulus(ignorees: list[str], absentes: list[str], attendu: dict[str, str]) -> None:
    assert voulus(ignorees, absentes) == attendu


def test_un_texte_livre_ne_derange_pas_l_ecran(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = avdl(
        tmp_path,
        '2020;Alpha;"a\x1b[31m\nb";1;1;1',
        "2020;Beta;59;1;1;1",
        f"2020;C;{'z' * 500};1;1;1",
    )
    fait = verifier(capsys, fichier, EXTRAIT)
    assert fait.code == 1
    assert "ligne 2 : a [31m b\n" in fait.dit
    assert f"ligne 4 : {'z' * 60}…\n" in fait.dit


@pytest.mark.parametrize(
    ("nom", "options"),
    [
        ("absent.csv", ["--extrait", EXTRAIT]),
        ("2020-12.csv", ["--extrait", "logement/inconnu"]),
        ("2020-12.csv", ["--extrait", EXTRAIT, "--mois", "2020-13"]),
        ("2020-12.csv", ["--extrait", EXTRAIT, "--rapport"]),
    ],
)
def test_une_faute_des_arguments_est_une_phrase(
    tmp_path: Path, nom: str, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    avdl(tmp_path, "2020;Alpha;59;1;1;1")
    fait = verifier(capsys, tmp_path / nom, *options[1:2], *options[2:])
    assert fait.code == 2
    assert fait.erreur.startswith("Erreur : ")
    assert fait.erreur.count("\n") == 1
