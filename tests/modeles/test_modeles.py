"""Templates: what they offer, and that they verify clean once filled in.

They are filled in by LibreOffice, which is not what writes them (see `saisie.py`).
"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
import python_calamine
from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped]

from pipelines import feuille_de_route, modeles
from pipelines.cli import executer
from pipelines.contrats import regles_de
from pipelines.contrats import tous as contrats
from pipelines.ingestion.controle import Regles

EXTRAITS = sorted(contrats())
SAISIE = Path(__file__).with_name("saisie.py")
PYTHON = "/usr/bin/python3"


def regles(extrait: str) -> Regles:
    return regles_de(feuille_de_route.lire())[extrait]


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fifteen templates."""
    dossier = tmp_path_factory.mktemp("modeles") / "neufs"
    assert executer(["modeles", str(dossier)]) == 0
    return dossier


def chemin(dossier: Path, extrait: str) -> Path:
    return dossier / f"{extrait.replace('/', '_')}.xlsx"


def feuille(dossier: Path, extrait: str) -> Worksheet:
    classeur = openpyxl.load_workbook(chemin(dossier, extrait))
    assert classeur.sheetnames == ["Données", "Mode d'emploi", "Listes"]
    return classeur.worksheets[0]


def listes(feuille: Worksheet) -> dict[str, list[object]]:
    """What the drop-down list of each column offers."""
    trouvees = {}
    for validation in feuille.data_validations.dataValidation:
        if validation.type != "list":
            continue
        colonne = feuille.cell(1, next(iter(validation.sqref.ranges)).min_col).value
        nom, plage = validation.formula1.split("!")
        cellules = feuille.parent[nom][plage.replace("$", "")]
        trouvees[str(colonne)] = [
            c.value for (c,) in (cellules if isinstance(cellules, tuple) else [[cellules]])
        ]
    return trouvees


@pytest.mark.parametrize("extrait", EXTRAITS)
def test_a_template_has_the_columns_and_the_codes_of_the_contract(
    dossier: Path, extrait: str
) -> None:
    donnees, contrat = feuille(dossier, extrait), regles(extrait)
    assert [c.value for c in donnees[1]] == [*contrat.colonnes, "retrait"]
    assert donnees.freeze_panes == "A2"
    assert donnees.max_row == 1
    attendues: dict[str, list[object]] = {"retrait": ["O", "N"]}
    for nom, colonne in contrat.colonnes.items():
        if colonne.liste:
            codes = [c.code for c in contrat.listes[colonne.liste] if not c.jusque]
            attendues[nom] = [int(c) if colonne.type == "entier" else c for c in codes]
    assert listes(donnees) == attendues


@pytest.mark.parametrize("extrait", EXTRAITS)
def test_a_note_says_of_each_column_what_it_is(dossier: Path, extrait: str) -> None:
    for cellule in feuille(dossier, extrait)[1]:
        colonne = modeles.colonnes(regles(extrait))[str(cellule.value)]
        assert cellule.comment is not None
        assert colonne.description in cellule.comment.text
        etat = cellule.comment.text.splitlines()[-2]
        assert etat.startswith("Obligatoire" if colonne.obligatoire else "Facultative")


@pytest.mark.parametrize(
    ("extrait", "nom", "attendu"),
    [
        ("ddcs/projets", "exercice", "0"),
        ("ddcs/projets", "numero_projet", "@"),
        ("ddcs/projets", "departement", "@"),
        ("ddcs/projets", "siret", "@"),
        ("ddcs/projets", "montant_accorde", "#,##0.00"),
        ("ofii/cir_signataires", "numero_etranger", "@"),
        ("ofii/cir_signataires", "date_signature", "dd/mm/yyyy"),
    ],
)
def test_formats_keep_zeros_and_dates(dossier: Path, extrait: str, nom: str, attendu: str) -> None:
    rang = list(regles(extrait).colonnes).index(nom) + 1
    plages = feuille(dossier, extrait).column_dimensions.values()
    assert [p.number_format for p in plages if p.min <= rang <= p.max] == [attendu]


def test_the_instructions_bear_an_example_marked_as_such(dossier: Path) -> None:
    aide = feuille(dossier, "logement/avdl").parent["Mode d'emploi"]
    rangees = [[c.value for c in ligne] for ligne in aide.iter_rows()]
    [entete] = [ligne for ligne in rangees if ligne[0] == "Colonne"]
    [departement] = [ligne for ligne in rangees if ligne[0] == "departement"]
    assert str(entete[-1]).startswith("EXEMPLE")
    assert departement[-1] == "02"
    assert departement[-2] == "02 (Aisne), 59 (Nord), 60 (Oise), 62 (Pas-de-Calais), 80 (Somme)"


def test_a_template_no_longer_offers_a_code_that_is_out_of_use(dossier: Path) -> None:
    assert listes(feuille(dossier, "ddcs/designations"))["profil"] == [
        "DDETS", "DDETS_ADJOINT", "SGA_PREFECTURE", "SOUS_PREFET", "PREFET_DELEGUE", "AUTRE",
    ]  # fmt: skip
    assert listes(feuille(dossier, "ddcs/projets"))["action"] == ["12"]


def test_codes_are_those_of_the_region(tmp_path: Path) -> None:
    ailleurs = tmp_path / "ailleurs"
    shutil.copytree(feuille_de_route.DOSSIER, ailleurs)
    territoires = ailleurs / "territoires.csv"
    texte = territoires.read_text(encoding="utf-8").replace("D80,Somme,", "D2A,Corse-du-Sud,")
    territoires.write_text(texte.replace(",80,", ",2A,"), encoding="utf-8")
    assert executer(["modeles", str(tmp_path / "m"), "--roadmap", str(ailleurs)]) == 0
    offerts = listes(feuille(tmp_path / "m", "logement/avdl"))
    assert offerts["departement"] == ["02", "59", "60", "62", "2A"]


def test_a_template_always_has_the_same_bytes(dossier: Path) -> None:
    for extrait in EXTRAITS:
        assert modeles.contenu(regles(extrait)) == chemin(dossier, extrait).read_bytes()


def remplir(modele: Path, rempli: Path, ligne: Mapping[str, object]) -> None:
    classeur = openpyxl.load_workbook(modele)
    for rang, valeur in enumerate(ligne.values(), start=1):
        classeur.worksheets[0].cell(2, rang).value = valeur
    classeur.save(rempli)


def test_a_filled_template_is_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert executer(["modeles", str(tmp_path)]) == 0
    assert executer(["modeles", str(tmp_path)]) == 0
    rempli = tmp_path / "logement_avdl.xlsx"
    remplir(rempli, rempli, modeles.exemple(regles("logement/avdl")))
    octets = rempli.read_bytes()
    assert executer(["modeles", str(tmp_path)]) == 2
    assert rempli.read_bytes() == octets
    assert capsys.readouterr().err.count("logement_avdl.xlsx") == 1


def test_a_folder_that_is_not_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fichier").write_text("", encoding="utf-8")
    assert executer(["modeles", str(tmp_path / "fichier")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


# Filled in by LibreOffice.

RATES = {"date_signature": "12/03/1820", "departement": "99", "heures_prescrites": "55"}
"""Texts that the validation of these columns of ofii/cir_signataires must stop."""


@pytest.fixture(scope="module")
def saisis(dossier: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bool]]:
    """Every template filled in with its example; whether something typed breaks a validation."""
    if not shutil.which("soffice") or not _uno():
        pytest.skip("LibreOffice absent : apt-get install libreoffice-calc-nogui python3-uno")
    sortie = tmp_path_factory.mktemp("saisis")
    taches = {extrait: (extrait, modeles.exemple(regles(extrait))) for extrait in EXTRAITS}
    cir = "ofii/cir_signataires"
    for nom, texte in RATES.items():
        taches[f"rate/{nom}"] = (cir, modeles.exemple(regles(cir)) | {nom: texte})
    demande = [
        {
            "source": str(chemin(dossier, extrait)),
            "cible": str(chemin(sortie, tache)),
            "cellules": [[rang, 1, texte] for rang, texte in enumerate(ligne.values())],
        }
        for tache, (extrait, ligne) in taches.items()
    ]
    fait = subprocess.run(  # noqa: S603
        [PYTHON, str(SAISIE)], input=json.dumps(demande).encode(), stdout=subprocess.PIPE,
        check=True, timeout=180,
    )  # fmt: skip
    return sortie, dict(zip(taches, json.loads(fait.stdout), strict=True))


def _uno() -> bool:
    if not Path(PYTHON).exists():
        return False
    essai = subprocess.run([PYTHON, "-c", "import uno"], stderr=subprocess.DEVNULL)  # noqa: S603
    return essai.returncode == 0


@pytest.mark.parametrize("extrait", EXTRAITS)
def test_a_template_filled_by_libreoffice_is_accepted_whole(
    saisis: tuple[Path, dict[str, bool]], extrait: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sortie, hors_validation = saisis
    assert not hors_validation[extrait]
    fichier = str(chemin(sortie, extrait))
    assert executer(["verifier", fichier, "--extrait", extrait, "--mois", "2020-12"]) == 0
    assert "1 ligne lue : 1 juste" in capsys.readouterr().out


def test_libreoffice_saves_what_was_typed(saisis: tuple[Path, dict[str, bool]]) -> None:
    classeur = python_calamine.CalamineWorkbook.from_path(chemin(saisis[0], "ofii/cir_signataires"))
    assert classeur.get_sheet_by_index(0).to_python()[1][:4] == [
        "CIR-EXEMPLE", "0000000000", "02", date(2020, 1, 15),
    ]  # fmt: skip


@pytest.mark.parametrize("nom", RATES)
def test_validation_stops_what_it_must(saisis: tuple[Path, dict[str, bool]], nom: str) -> None:
    assert saisis[1][f"rate/{nom}"]
