"""The report of `bilan verifier --rapport`: every fault once, at its cell, and nobody in it."""

import csv
import os
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from tests.ingestion.formats import Cellule, Feuille, ods, tableau
from tests.verification.essais import (
    ANNOTEES,
    COLOREES,
    FAUTES,
    JUSTES,
    MOBILISATIONS,
    VERT,
    classeur,
    colorees,
    ecrire,
    lieux,
    liste_csv,
    liste_xlsx,
    notes,
    verifier,
)

EXTRAIT = "logement/mobilisations"
CIR = "ofii/cir_signataires"

DEPARTEMENTS = (
    "La colonne departement doit valoir 02 (Aisne), 59 (Nord), 60 (Oise), 62 (Pas-de-Calais), "
    "80 (Somme)."
)


@pytest.fixture
def livre(tmp_path: Path) -> Path:
    """A file with five faulty rows out of 36, so that it is refused."""
    return ecrire(tmp_path / "2020-12.csv", MOBILISATIONS + JUSTES)


@pytest.mark.parametrize("forme", ["csv", "xlsx"])
def test_each_fault_is_in_the_list_once(
    livre: Path, forme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rapport = livre.with_name(f"rapport.{forme}")
    assert verifier(capsys, livre, EXTRAIT, "--rapport", rapport).code == 2
    rangees = liste_csv(rapport) if forme == "csv" else liste_xlsx(classeur(rapport))
    assert rangees[0]["regle"] == "refus"
    assert rangees[0]["message"].startswith("5 lignes rejetées sur 36")
    trouvees = lieux(rangees[1:])
    assert len(trouvees) == len(FAUTES)
    assert set(trouvees) == FAUTES
    [code] = [r for r in rangees if r["regle"] == "code"]
    assert code == {
        "fichier": "2020-12.csv",
        "feuille": "",
        "ligne": "6",
        "colonne": "departement",
        "regle": "code",
        "valeur": "99",
        "message": DEPARTEMENTS,
        "a_faire": "choisir une valeur de la liste",
    }


def test_faulty_cells_and_no_others_are_coloured_in_the_copy(
    livre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rapport = livre.with_name("rapport.xlsx")
    verifier(capsys, ecrire(livre, MOBILISATIONS), EXTRAIT, "--rapport", rapport)
    copie = classeur(rapport)["Copie"]
    assert colorees(copie) == COLOREES
    assert set(notes(copie)) == ANNOTEES
    assert notes(copie)["B6"] == f"[code] {DEPARTEMENTS}"
    livrees = list(csv.reader(MOBILISATIONS.splitlines(), delimiter=";"))
    copiees = [[c.value or "" for c in ligne] for ligne in copie.iter_rows()]
    assert copiees == [[*ligne, ""][:9] for ligne in livrees]


def test_the_copy_of_a_workbook_keeps_its_rows_and_names_its_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    livre, rapport = tmp_path / "2020-12.xlsx", tmp_path / "rapport.xlsx"
    with xlsxwriter.Workbook(livre, {"default_date_format": "dd/mm/yyyy"}) as sortie:
        sortie.add_worksheet("Garde").write("A1", "Merci")
        feuille = sortie.add_worksheet("Outils")
        feuille.write_row("B4", ["numero_outil", "type_outil", "nom", "statut", "date deploiement"])
        feuille.write_row("B6", ["1", "REPERTOIRE", "Guide", "DEPLOYE", date(2020, 5, 4)])
        feuille.write_row("B7", ["2", "REPERTOIRE", "Guide", "DEPLOYE"])
        feuille.write_row("B8", ["3", "REPERTOIRE", "Guide", "DEPLOYE", 43955])
        feuille.write_row("B9", ["4", "REPERTOIRE", "Guide", "RETIRE", date(2020, 5, 4)])
    assert verifier(capsys, livre, "ddcs/outils", "--rapport", rapport).code == 1
    assert {r["feuille"] for r in liste_xlsx(classeur(rapport))} == {"Outils"}
    copie = classeur(rapport)["Copie"]
    assert copie["F6"].value == "2020-05-04"
    # date_retrait is not in the file: what is said of it stands on the first cell of its row.
    assert colorees(copie) == {"F7", "F8", "A9"}
    assert "date_retrait" in notes(copie)["A9"]


def test_a_file_that_is_right_gives_an_empty_list(
    livre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    juste = ecrire(livre, "\n".join(MOBILISATIONS.splitlines()[:4]))
    for forme in ("csv", "xlsx"):
        rapport = livre.with_name(f"rapport.{forme}")
        assert verifier(capsys, juste, EXTRAIT, "--rapport", rapport).code == 0
    assert liste_csv(livre.with_name("rapport.csv")) == []
    assert colorees(classeur(livre.with_name("rapport.xlsx"))["Copie"]) == set()


def test_a_file_without_a_header_shows_the_nearest_row(
    livre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ecrire(livre, "Titre\nmois;avis;departement\n2020-11;x;59\n")
    rapport = livre.with_name("rapport.xlsx")
    assert verifier(capsys, livre, EXTRAIT, "--rapport", rapport).code == 2
    copie = classeur(rapport)["Copie"]
    assert colorees(copie, VERT) == {"A2", "C2"}
    assert {c.coordinate: c.value for c in copie[2] if c.value and "MANQUE" in c.value} == {
        "D2": "MANQUE : filiere", "E2": "MANQUE : parc", "F2": "MANQUE : zone",
        "G2": "MANQUE : logements_mobilises",
    }  # fmt: skip
    assert colorees(copie) == {"D2", "E2", "F2", "G2"}
    assert [c.value for c in copie[3]][:3] == ["2020-11", "x", "59"]
    assert (copie.freeze_panes, copie.auto_filter.ref) == ("A3", "A2:C3")
    [motif] = liste_xlsx(classeur(rapport))
    assert motif["regle"] == "refus"
    assert "filiere, parc, zone" in motif["message"]


@pytest.mark.parametrize(("extrait", "copiee"), [(EXTRAIT, True), (CIR, False)])
def test_without_any_known_column_nothing_about_persons_is_copied(
    livre: Path, extrait: str, copiee: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    rapport = livre.with_name("rapport.xlsx")
    verifier(capsys, ecrire(livre, "x;y\n1;2\n"), extrait, "--rapport", rapport)
    ecrit = classeur(rapport)
    assert ("Copie" in ecrit.sheetnames) == copiee
    assert not copiee or colorees(ecrit["Copie"], VERT) == set()


def test_a_report_is_read_without_widening_any_column(
    livre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rapport = livre.with_name("rapport.xlsx")
    verifier(capsys, livre, EXTRAIT, "--rapport", rapport)
    liste, copie = classeur(rapport).worksheets
    assert (liste.freeze_panes, liste.auto_filter.ref) == ("A2", f"A1:H{len(FAUTES) + 2}")
    assert (copie.freeze_panes, copie.auto_filter.ref) == ("A4", "A3:H40")
    assert colorees(copie, VERT) == {f"{c}3" for c in "ABCDEFGH"}
    for feuille in (liste, copie):
        assert (feuille.page_setup.orientation, feuille.page_setup.fitToHeight) == ("landscape", 0)
        assert feuille.sheet_properties.pageSetUpPr.fitToPage
    # «logements_mobilises» is 19 letters, «Logements mobilisés» too.
    assert copie.column_dimensions["F"].width > 19


def test_each_sheet_that_is_read_has_its_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    livre, rapport = tmp_path / "2020-12.ods", tmp_path / "rapport.xlsx"
    entete: list[Cellule] = ["annee", "association", "objectif", "accueillis"]
    bonnes: list[list[Cellule]] = [[2020, f"a{n}", 5, 3] for n in range(30)]
    livre.write_bytes(
        ods(
            Feuille("Aisne: [2]", tableau(entete, *bonnes)),
            Feuille("Notes", tableau(["rien"])),
            Feuille("Nord", tableau(["titre"], entete, [2020, "b", -1, 3], [2020, "c", 5, 3, "x"])),
        )
    )
    fait = verifier(capsys, livre, "service_civique/volontr", "--rapport", rapport)
    assert fait.code == 1
    ecrit = classeur(rapport)
    assert ecrit.sheetnames == ["Rejets", "Copie 1 Aisne_ _2_", "Copie 2 Nord"]
    assert [(r["feuille"], r["ligne"], r["regle"]) for r in liste_xlsx(ecrit)] == [
        ("Nord", "3", "borne"), ("Nord", "4", "structure"),
    ]  # fmt: skip
    assert colorees(ecrit["Copie 1 Aisne_ _2_"]) == set()
    assert colorees(ecrit["Copie 2 Nord"]) == {"C3", "A4", "B4", "C4", "D4", "E4"}
    assert "séparateur" not in fait.dit
    assert "«Nord», ligne 3 : -1" in fait.dit
    assert "Lecture   feuilles «Aisne: [2]», «Nord», en-tête à la ligne 1" in fait.dit
    assert "Non lues  «Notes», sans l'en-tête" in fait.dit


def test_a_delivered_formula_is_none_in_the_report(
    livre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mauvaise = MOBILISATIONS.splitlines()[2] + "\n=1+1;59;-5;SOCIAL;-1+cmd;-5;1;1\n"
    ecrire(livre, mauvaise + JUSTES)
    rapport = livre.with_name("rapport.csv")
    verifier(capsys, livre, EXTRAIT, "--rapport", rapport)
    assert {r["colonne"]: r["valeur"] for r in liste_csv(rapport)} == {
        "mois": "'=1+1", "filiere": "-5", "zone": "'-1+cmd", "logements_mobilises": "-5",
    }  # fmt: skip
    rapport = livre.with_name("rapport.xlsx")
    verifier(capsys, livre, EXTRAIT, "--rapport", rapport)
    assert classeur(rapport)["Copie"]["A2"].data_type == "s"


# Nobody in it.

ENTETE = [
    "numero_cir", "Numéro étranger", "departement", "date_signature", "date naissance", "sexe",
    "heures_realisees", "téléphone", "nationalite",
]  # fmt: skip
PERSONNES = ["CIR770077", "9912345678", "8877665544", "0612345678", "7700112233", "CIR-7", "Dupont"]
NAISSANCES = ["17/11/1987", "1987-11-17", "17/11/2087", "31826", "1979-02-03", "03/02/1979"]
RANGEES: list[list[str | date]] = [
    ["CIR770077", "9912345678", "59", "01/12/2020", "17/11/1987", "H", "12", "0612345678", "FRA"],
    # Shifted by one cell, then by two.
    ["", "CIR-7", "9912345678", "59", "01/12/2020", "17/11/1987", "H", "12", "0612345678", "FRA"],
    ["CIR770077", "8877665544", "59", "17/11/1987", "17/11/2087", "9912345678", "7700112233", "a"],
    [
        "CIR770078",
        "123",
        "59",
        "01/12/2020",
        date(1979, 2, 3),
        "1979-02-03",
        "03/02/1979",
        "Dupont",
    ],
    ["CIR770079", "9912345678", "59", "01/12/2020", "31826", date(1979, 2, 3), "31826"],
]


def _csv(chemin: Path) -> Path:
    titre = ["Extrait du 17/11/1987 pour Dupont, 9912345678"]
    rangees: list[Sequence[object]] = [titre, ENTETE, *RANGEES]
    texte = "\n".join(";".join(map(str, ligne)) for ligne in rangees)
    return ecrire(chemin.with_suffix(".csv"), texte)


def _xlsx(chemin: Path) -> Path:
    chemin = chemin.with_suffix(".xlsx")
    with xlsxwriter.Workbook(chemin, {"default_date_format": "dd/mm/yyyy"}) as sortie:
        feuille = sortie.add_worksheet()
        feuille.write_row("A1", ["", date(1979, 2, 3), "Dupont", 9912345678])
        for rang, ligne in enumerate([ENTETE, *RANGEES], start=1):
            feuille.write_row(rang, 0, ligne)
    return chemin


@pytest.mark.parametrize("ecrire_livraison", [_csv, _xlsx])
def test_no_person_is_in_any_report(
    tmp_path: Path, ecrire_livraison: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    livre = ecrire_livraison(tmp_path / "2020-12")
    ecrits = [verifier(capsys, livre, CIR).dit]
    for forme in ("csv", "xlsx"):
        rapport = tmp_path / f"rapport.{forme}"
        fait = verifier(capsys, livre, CIR, "--rapport", rapport)
        assert fait.code == 2
        ecrits.append(fait.dit + fait.erreur)
    ecrits.append((tmp_path / "rapport.csv").read_text(encoding="utf-8"))
    with zipfile.ZipFile(tmp_path / "rapport.xlsx") as archive:
        pieces = [archive.read(nom).decode() for nom in archive.namelist()]
    assert any("numero_cir" in piece for piece in pieces)
    for texte in [*ecrits, *pieces]:
        assert [v for v in (*PERSONNES, *NAISSANCES) if v in texte] == []
    copie = classeur(tmp_path / "rapport.xlsx")["Copie"]
    assert [c.value for c in copie[2]][:9] == ENTETE
    assert [c.value for c in copie[3]][:9] == [
        "***", "***", "59", "01/12/2020", "***", "H", "12", "***", "FRA",
    ]  # fmt: skip


# Where it is written.


@pytest.mark.parametrize(
    ("rapport", "mot"),
    [
        ("2020-12.csv", "écraserait"),
        ("lien.csv", "écraserait"),
        ("rapport.ods", ".csv ou .xlsx"),
        ("rapport", ".csv ou .xlsx"),
        ("absent/rapport.csv", "ne peut pas être écrit"),
        ("dossier.xlsx", "ne peut pas être écrit"),
        ("raw/logement/avdl/2020-12.csv", "passerait pour une livraison"),
    ],
)
def test_a_report_that_cannot_be_written_there(
    livre: Path, rapport: str, mot: str, capsys: pytest.CaptureFixture[str]
) -> None:
    octets = livre.read_bytes()
    livre.with_name("dossier.xlsx").mkdir()
    os.link(livre, livre.with_name("lien.csv"))
    avant = sorted(livre.parent.iterdir())
    fait = verifier(capsys, livre, EXTRAIT, "--rapport", livre.parent / rapport)
    assert fait.code == 2
    assert mot in fait.erreur
    assert fait.erreur.count("\n") == 1
    assert livre.read_bytes() == octets
    assert sorted(livre.parent.iterdir()) == avant


@pytest.mark.parametrize("suffixe", ["csv", "xlsx"])
def test_what_is_no_report_is_not_written_over(
    livre: Path, suffixe: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rapport = livre.with_name(f"notes.{suffixe}")
    rapport.write_text("notes de la réunion\n", encoding="utf-8")
    fini = verifier(capsys, ecrire(livre, MOBILISATIONS), EXTRAIT, "--rapport", rapport)
    assert fini.code == 2
    assert rapport.read_text(encoding="utf-8") == "notes de la réunion\n"


def test_a_report_replaces_the_one_before(livre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rapport = livre.with_name("rapport.csv")
    verifier(capsys, livre, EXTRAIT, "--rapport", rapport)
    ecrire(rapport, rapport.read_text(encoding="utf-8") + "ancien")
    verifier(capsys, livre, EXTRAIT, "--rapport", rapport)
    assert "ancien" not in rapport.read_text(encoding="utf-8-sig")
    assert sorted(f.name for f in livre.parent.iterdir()) == ["2020-12.csv", "rapport.csv"]
