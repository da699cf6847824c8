"""What `bilan verifier` says to the person who delivers, and its exit codes."""

from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from pipelines.cli import executer
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
def test_exit_codes(
    tmp_path: Path, lignes: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verifier(capsys, avdl(tmp_path, *lignes), EXTRAIT).code == code


def test_what_was_recognised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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


def test_rejections_are_grouped_by_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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


def test_ambiguous_numbers_are_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ambigus = [f"2020;Op{i};59;{i + 1}.500;1;1" for i in range(7)]
    dit = verifier(capsys, avdl(tmp_path, *ambigus), EXTRAIT).dit
    assert dit.count("se lit de deux façons") == 1
    assert "1500 ou 1,5 :" in dit
    assert "ligne 2 : 1.500\n" in dit
    assert "… et 2 autres" in dit


def test_a_column_name_almost_right_in_an_accepted_file(
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


def test_a_column_name_almost_right_in_a_refused_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = ecrire(
        tmp_path / "2020-12.csv",
        "Extraction\n\nN° CIR,numero_etranger,departement,date signature du CIR\n",
    )
    fait = verifier(capsys, fichier, "ofii/cir_signataires")
    assert fait.code == 2
    assert "En-tête   le plus proche : la ligne 3, qui a 2 colonnes connues" in fait.dit
    lignes = [ligne.split("  ") for ligne in fait.dit.splitlines()]
    dites = {cellules[0]: cellules[-1].strip() for cellules in lignes}
    assert dites["numero_cir"] == "«N° CIR» : vouliez-vous dire numero_cir ?"
    assert dites["date_signature"] == "«date signature du CIR» : vouliez-vous dire date_signature ?"
    assert dites["numero_etranger"] == "oui"
    assert dites["sexe"] == "(facultative)"
    assert f"bilan correspondre {fichier}" in fait.dit
    assert "bilan modeles DOSSIER" in fait.dit


@pytest.mark.parametrize(
    ("lu", "encodage"), [("Op‚rateur", "DOS"), ("OpÃ©rateur", "UTF-8"), ("OpŽrateur", "Mac")]
)
def test_an_encoding_is_called_an_encoding(
    tmp_path: Path, lu: str, encodage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = avdl(tmp_path, entete=ENTETE.replace("operateur", lu))
    dit = verifier(capsys, fichier, EXTRAIT).dit
    assert f"Encodage  «{lu}» est «Opérateur» écrit en {encodage}" in dit
    assert f"«{lu}» : vouliez-vous dire" not in dit


def test_after_a_refusal_what_stands_and_the_next_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dossier = tmp_path / "raw" / EXTRAIT
    dossier.mkdir(parents=True)
    for nom in ("2020-12_59.csv", "2020-12_59.v2.XLSX", "2020-12_60.v7.csv", "2020-11_59.v9.csv"):
        ecrire(dossier / nom, "x")
    fait = verifier(capsys, ecrire(dossier / "2020-12_59.v3.csv", "x;y"), EXTRAIT)
    assert "restent en vigueur, 2020-12_59.v2.XLSX compris s'il a été accepté." in fait.dit
    assert "le déposer sous le nom 2020-12_59.v4.csv." in fait.dit
    fait = verifier(capsys, dossier / "2020-12_60.v7.csv", EXTRAIT)
    assert "les livraisons déjà acceptées restent en vigueur.\n" in fait.dit
    hors = verifier(capsys, ecrire(tmp_path / "2020-12.csv", "x;y"), EXTRAIT)
    assert "le vérifier de nouveau avant de le livrer" in hors.dit


def test_a_name_to_change_comes_back_corrected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contenu = avdl(tmp_path, "2020;Alpha;59;1;1;1").read_text()
    fait = verifier(capsys, ecrire(tmp_path / "2020-12_59_v2.CSV", contenu), EXTRAIT)
    assert fait.code == 0
    assert "Nom       à changer pour livrer, nom «2020-12_59_v2.CSV»" in fait.dit
    assert "le nommer 2020-12_59.v2.CSV" in fait.dit


def test_a_header_without_any_known_name_is_shown_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = avdl(tmp_path, "2020;x;y", entete="Titre\nAn;Bailleur;Nombre")
    dit = verifier(capsys, fichier, EXTRAIT).dit
    assert "le plus proche : la ligne 2, qui a 0 colonne connue" in dit
    assert "Autres colonnes du fichier : An, Bailleur, Nombre" in dit
    assert "bilan correspondre" in dit
    # Of persons, no row may be shown.
    dit = verifier(capsys, fichier, "ofii/cir_signataires").dit
    assert "Bailleur" not in dit
    assert "bilan correspondre" in dit


def test_what_may_be_wrong_is_told_before_the_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = avdl(
        tmp_path,
        "2020;Alpha;59;54;20;32",
        "2020;OpÃ©rateur;59;12;4;6",
        "2020;Somme;59;66;24;38",
        "2020;Ensemble;59;66;24;38",
    )
    fait = verifier(capsys, fichier, EXTRAIT)
    assert fait.code == 0
    regarder = fait.dit[fait.dit.index("À regarder\n") : fait.dit.index("4 lignes lues")]
    assert [ligne.split(" ")[2] for ligne in regarder.strip().splitlines()[1:]] == [
        "[somme]", "[encodage]", "[total]",
    ]  # fmt: skip
    assert "  [somme] Les nombres de la ligne 4 sont chacun la somme de lignes" in regarder
    juste = verifier(capsys, avdl(tmp_path, "2020;Alpha;59;54;20;32"), EXTRAIT)
    assert "À regarder" not in juste.dit


def test_only_the_first_doubts_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entete = ";".join([ENTETE, *(f"Col {n}" for n in range(12))])
    ligne = ";".join(["2020;Alpha;59;54;20;32", *["a@exemple.fr"] * 12])
    dit = verifier(capsys, avdl(tmp_path, ligne, entete=entete), EXTRAIT).dit
    assert dit.count("[donnee_personnelle] La colonne ignorée «Col ") == 10
    assert "  … et 2 autres\n" in dit
    assert "a@exemple.fr" not in dit


# A folder.


def test_a_folder_is_checked_file_by_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    juste = ecrire(tmp_path / "2020-12.csv", f"{ENTETE}\n2020;Alpha;59;1;1;1\nTotal;;;1;1;1\n")
    code = executer(["verifier", str(tmp_path), "--extrait", EXTRAIT])
    assert (code, "1 fichier : accepté\n" in capsys.readouterr().out) == (0, True)
    (tmp_path / "plus").mkdir()
    texte = juste.read_text() + "2020;Beta;59;1;1;1\n2020;Gamma;99;1;1;1\n"
    ecrire(tmp_path / "plus" / "2020-11_59.csv", texte)
    for passe in ("notes.md", "notes.txt", ".~lock.2020-12.csv#", "~$2020-12.xlsx"):
        ecrire(tmp_path / passe, "x")
    fait = verifier(capsys, tmp_path, EXTRAIT)
    assert fait.code == 1
    table = [ligne.split() for ligne in fait.dit.splitlines()[-5:]]
    assert table == [
        ["fichier", "lignes", "rejetées", "ignorées", "à", "regarder", "verdict"],
        ["2020-12.csv", "2", "0", "1", "0", "accepté"],
        ["plus/2020-11_59.csv", "4", "1", "1", "0", "accepté", "en", "partie"],
        ["1", "fichier", ":", "accepté"],
        ["1", "fichier", ":", "accepté", "en", "partie"],
    ]
    ecrire(tmp_path / "2020-12.pdf", "x")
    fait = verifier(capsys, tmp_path, EXTRAIT)
    assert fait.code == 2
    assert "1 fichier : REFUSÉ" in fait.dit
    assert "n'est ni un .csv ni un classeur" in fait.dit


def test_in_a_folder_the_extract_is_read_in_the_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / EXTRAIT).mkdir(parents=True)
    avdl(tmp_path / EXTRAIT, "2020;Alpha;59;1;1;1")
    assert executer(["verifier", str(tmp_path)]) == 0
    ecrire(tmp_path / "2020-12.csv", "x")
    assert executer(["verifier", str(tmp_path)]) == 2
    assert "L'extrait de" in capsys.readouterr().out


def test_an_empty_folder_and_a_report_on_a_folder_are_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "n'a aucun fichier" in verifier(capsys, tmp_path, EXTRAIT).erreur
    fait = verifier(capsys, tmp_path, EXTRAIT, "--rapport", tmp_path / "r.csv")
    assert (fait.code, "--rapport vaut pour un fichier" in fait.erreur) == (2, True)


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
        # A personal column is asked about only where the name is very near.
        (["Date de délivrance"], ["date_naissance", "date_titre"], {}),
        (["Date de naissance"], ["date_naissance"], {"Date de naissance": "date_naissance"}),
        # A column is asked about once.
        (["statuts", "statut."], ["statut"], {"statuts": "statut"}),
    ],
)
def test_names_that_were_meant(
    ignorees: list[str], absentes: list[str], attendu: dict[str, str]
) -> None:
    assert voulus(ignorees, absentes, ["date_naissance"]) == attendu


def test_a_delivered_text_does_not_disturb_the_screen(
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
def test_a_fault_of_the_arguments_is_one_sentence(
    tmp_path: Path, nom: str, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    avdl(tmp_path, "2020;Alpha;59;1;1;1")
    fait = verifier(capsys, tmp_path / nom, *options[1:2], *options[2:])
    assert fait.code == 2
    assert fait.erreur.startswith("Erreur : ")
    assert fait.erreur.count("\n") == 1


def test_rows_that_follow_one_another_are_said_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten rows lack their department: eight that follow one another, then two apart."""
    vides = [f"2020;Op{i};;1;1;1" for i in range(8)]
    autres = ["2020;A;59;1;1;1", "2020;B;;1;1;1", "2020;C;59;1;1;1", "2020;D;;1;1;1"]
    dit = verifier(capsys, avdl(tmp_path, *vides, *autres), EXTRAIT).dit
    assert "    lignes 2 à 9\n    ligne 11\n    ligne 13\n" in dit
    assert "autres" not in dit


def test_filling_a_merged_cell_is_not_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chemin = tmp_path / "2020-12.xlsx"
    with xlsxwriter.Workbook(chemin) as classeur:
        feuille = classeur.add_worksheet()
        feuille.write_row(0, 0, ENTETE.split(";"))
        for rang in range(1, 4):
            feuille.write_row(rang, 0, [2020, f"Op{rang}", None, 1, 1, 1])
        feuille.merge_range("C2:C4", "59")
    dit = verifier(capsys, chemin, EXTRAIT).dit
    assert "lignes 3 à 4\n" in dit
    assert "À faire : défusionner les cellules de la colonne" in dit
    assert "remplir la cellule" not in dit


def test_a_path_that_no_system_takes_is_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fait = verifier(capsys, tmp_path / ("a" * 5000 + ".csv"), EXTRAIT)
    assert fait.code == 2
    assert "n'existe pas, ou n'est pas un fichier" in fait.erreur
