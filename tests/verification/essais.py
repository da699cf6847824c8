"""Small delivered files with known faults, and how a test looks at the reports on them."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from pipelines.cli import executer

FAUTE, VERT = "FFFFC7CE", "FFC6EFCE"

# Rows are numbered as a spreadsheet numbers them: the header is row 3.
MOBILISATIONS = """Logements mobilisés;;;;;;;
;;;;;;;
Mois;Département;Filière;Parc;Zone;Logements mobilisés;Ménages;Personnes
2020-11;59;PLAN_LOGEMENT;SOCIAL;AUTRE;3;3;4
2020-13;59;PLAN_LOGEMENT;SOCIAL;AUTRE;1;1;1
2020-11;99;PLAN_LOGEMENT;SOCIAL;AUTRE;;1;1
2020-11;02;PLAN_LOGEMENT;SOCIAL;AUTRE;-1;5;4
2020-11;59;plan logement;social;autre;1;1;1
2021-01;60;PLAN_LOGEMENT;SOCIAL;AUTRE;1;1;1;beaucoup
Total;;;;;4;;
"""
FAUTES = {
    (5, "mois", "type"),
    (6, "departement", "code"),
    (6, "logements_mobilises", "obligatoire"),
    (7, "logements_mobilises", "borne"),
    (7, "personnes", "coherence"),
    (8, "mois", "cle_en_double"),
    (9, "", "structure"),
    (9, "mois", "date_future"),
}
COLOREES = {"A5", "B6", "F6", "F7", "H7", "A8"} | {f"{c}9" for c in "ABCDEFGHI"}
ANNOTEES = {"A5", "B6", "F6", "F7", "H7", "A8", "A9", "I9"}

JUSTES = "".join(
    f"2020-10;{dep};REINSTALLATION;{parc};{zone};1;1;1\n"
    for dep in ("02", "59", "60", "62", "80")
    for parc in ("SOCIAL", "PRIVE", "RESIDENCE")
    for zone in ("AUTRE", "GRANDE_VILLE")
)


@dataclass(frozen=True)
class Verification:
    """What the command said."""

    code: int
    dit: str
    erreur: str


def verifier(
    capsys: pytest.CaptureFixture[str], fichier: Path, extrait: str, *options: object
) -> Verification:
    """Run `bilan verifier`."""
    arguments = ["verifier", str(fichier), "--extrait", extrait, *map(str, options)]
    code = executer(arguments)
    lu = capsys.readouterr()
    return Verification(code, lu.out, lu.err)


def ecrire(chemin: Path, texte: str) -> Path:
    """Write a text file."""
    chemin.write_text(texte, encoding="utf-8")
    return chemin


def liste_csv(rapport: Path) -> list[dict[str, str]]:
    """The rows of a CSV report."""
    assert rapport.read_bytes().startswith(b"\xef\xbb\xbf")
    with rapport.open(encoding="utf-8-sig", newline="") as flux:
        return list(csv.DictReader(flux, delimiter=";"))


def liste_xlsx(classeur: Any) -> list[dict[str, str]]:
    """The rows of the first sheet of an XLSX report, as texts."""
    entete, *rangees = [
        [str(c.value or "") for c in ligne] for ligne in classeur.worksheets[0].iter_rows()
    ]
    return [dict(zip(entete, rangee, strict=True)) for rangee in rangees]


def classeur(rapport: Path) -> Any:
    """An XLSX report."""
    return openpyxl.load_workbook(rapport)


def lieux(rangees: list[dict[str, str]]) -> list[tuple[int, str, str]]:
    """Where each rejection is: row, column, rule."""
    return [(int(r["ligne"]), r["colonne"], r["regle"]) for r in rangees]


def colorees(feuille: Any, couleur: str = FAUTE) -> set[str]:
    """The cells that have a colour, by default that of faults."""
    return {c.coordinate for r in feuille.iter_rows() for c in r if c.fill.fgColor.rgb == couleur}


def notes(feuille: Any) -> dict[str, str]:
    """The note of each cell that has one."""
    return {c.coordinate: c.comment.text for r in feuille.iter_rows() for c in r if c.comment}
