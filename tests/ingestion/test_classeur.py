"""XLSX workbooks: sheets, and cells that are not texts."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.erreurs import Refus
from pipelines.ingestion import classeur, classeur_commun, lecture
from pipelines.ingestion.cellules import DATE_EXCEL, NOMBRE_EXCEL
from pipelines.ingestion.classeur_xlsx import _Etendue
from pipelines.ingestion.lecture import FeuilleNonLue
from tests.ingestion.essais import charger, ecrire, lire, rangees

AB = ("a", "b")
Rangees = list[list[Any]]
Feuille = tuple[str, str, Rangees]


def feuille(ws: Any, contenu: Rangees) -> None:
    for rangee in contenu:
        ws.append(rangee)


def classeur_de(chemin: Path, *feuilles: Feuille) -> Path:
    """A workbook of sheets (name, state, rows)."""
    wb = openpyxl.Workbook()
    wb.remove(wb.worksheets[0])
    for nom, etat, contenu in feuilles:
        ws = wb.create_sheet(nom)
        ws.sheet_state = etat
        feuille(ws, contenu)
    wb.save(chemin)
    return chemin


def cellule(dossier: Path, valeur: Any, format_: str = "") -> str | None:
    """How one cell of a workbook reads."""
    wb = openpyxl.Workbook()
    ws = wb.worksheets[0]
    feuille(ws, [["a", "b"], ["x", valeur]])
    if format_:
        ws["B2"].number_format = format_
    wb.save(dossier / "cellule.xlsx")
    [(_, _, lue)] = rangees(dossier / "cellule.xlsx", AB)
    assert lue is None or isinstance(lue, str)
    return lue


# Sheets


def test_all_visible_sheets_that_have_the_header_are_read(tmp_path: Path) -> None:
    """As one table, in their order, each with its own header."""
    entete = ["annee", "association", "objectif", "accueillis"]
    chemin = classeur_de(
        tmp_path / "c.xlsx",
        ("Notice", "visible", [entete, [2001, "exemple", 1, 1]]),
        ("Aisne", "visible", [entete, [2019, "x", 5, 3], [2019, "y", "?", 3], [2019, "z", 5, 3]]),
        ("Graphique", "visible", [["annee", "association"], [2019, "x"], [], [2018, "x"]]),
        ("Nord", "visible", [["Titre"], [], entete[::-1], [4, 6, "w", 2019], [4, 6, "x", 2019]]),
        ("Brouillon", "hidden", [entete, [2001, "brouillon", 1, 1]]),
        ("Oise", "visible", [entete, ["Total", None, 9, 9]]),
    )
    charge = charger(
        tmp_path / "raw", "service_civique/volontr", {"2020-01.xlsx": chemin.read_bytes()}
    )
    assert charge.lignes("feuille", "ligne", "association", "objectif") == [
        ("Aisne", 2, "x", 5), ("Aisne", 4, "z", 5), ("Nord", 4, "w", 6),
    ]  # fmt: skip
    assert charge.comptes("2020-01.xlsx") == (6, 3, 2, 1)
    rejets = charge.sql("select feuille, ligne, colonne, regle from qualite.rejets order by all")
    assert rejets == [("Aisne", 3, "objectif", "type"), ("Nord", 5, "annee", "cle_en_double")]
    recue = charge.bilans["2020-01.xlsx"]
    assert recue.feuilles == ["Aisne", "Nord", "Oise"]
    assert recue.non_lues == [
        FeuilleNonLue("Notice", notice=True, entete=True, lignes=1, colonnes=tuple(entete)),
        FeuilleNonLue("Graphique", lignes=2, colonnes=("annee", "association")),
        FeuilleNonLue("Brouillon", masquee=True, entete=True, lignes=1, colonnes=tuple(entete)),
    ]


def test_a_row_belongs_to_its_sheet(tmp_path: Path) -> None:
    """The same row number on two sheets is two rows: a fault in one leaves the other."""
    entete = ["annee", "association", "objectif", "accueillis"]
    bonnes: Rangees = [entete, *([2019, f"a{n}", 5, 3] for n in range(9))]
    mauvaises: Rangees = [entete, [2019, "b", "?", 3], [2019, "a0", 5, 3]]
    chemin = classeur_de(tmp_path / "c.xlsx", ("A", "visible", bonnes), ("B", "visible", mauvaises))
    autre = classeur_de(
        tmp_path / "d.xlsx",
        ("A", "visible", [entete, *([2019, f"c{n}", 5, 3] for n in range(9))]),
        ("B", "visible", [entete, [2019, "c9", 5, 3], [2019, "a1", 5, 3]]),
    )
    charge = charger(
        tmp_path / "raw",
        "service_civique/volontr",
        {"2020-01_1.xlsx": chemin.read_bytes(), "2020-01_2.xlsx": autre.read_bytes()},
    )
    assert charge.sql("select fichier[-6], feuille, ligne from qualite.rejets order by all") == [
        ("1", "B", 2), ("1", "B", 3), ("2", "B", 3),
    ]  # fmt: skip
    assert len(charge.lignes("ligne")) == 9 + 9 + 1


def test_a_csv_has_no_sheet(tmp_path: Path) -> None:
    charge = charger(
        tmp_path, "service_civique/volontr",
        {"2020-01.csv": "annee;association;objectif;accueillis\n2019;x;5;3\n2019;x;5;3\n"},
    )  # fmt: skip
    assert charge.lignes("feuille") == [(None,)]
    assert charge.sql("select feuille from qualite.rejets") == [(None,)]


@pytest.mark.parametrize(
    ("nom", "notice"),
    [
        ("Exemple", True), ("EXEMPLES de saisie", True), ("Modèle_59", True), ("modele", True),
        (" Notices", True), ("Lisez-moi", True), ("lisez moi", True), ("LISEZMOI", True),
        ("Aide", True), ("Aide à la saisie", True), ("Aides 2019", False), ("Aidés", False),
        ("Un exemple", False), ("Modélisation", False), ("Données", False), ("Noticed", False),
    ],
)  # fmt: skip
def test_a_sheet_named_as_an_example_is_not_read(tmp_path: Path, nom: str, notice: bool) -> None:
    chemin = classeur_de(tmp_path / "c.xlsx", (nom, "visible", [["a", "b"], [1, 2]]))
    if notice:
        with pytest.raises(Refus, match=f"«{nom}», d'après son nom un exemple ou une notice"):
            rangees(chemin, AB)
    else:
        assert rangees(chemin, AB) == [(2, "1", "2")]


def test_without_a_header_the_sheets_are_named(tmp_path: Path) -> None:
    chemin = classeur_de(
        tmp_path / "c.xlsx",
        ("Nord", "visible", [["a", "x"], [1, 2]]),
        ("Secret", "hidden", [["a", "b"], [1, 2]]),
        ("Vide", "visible", []),
    )
    with pytest.raises(Refus) as refus:
        rangees(chemin, AB)
    assert refus.value.motifs == (
        "aucun en-tête complet dans les 30 premières lignes : il manque la colonne b (feuilles "
        "non lues : «Nord», sans l'en-tête, «Secret», masquée et qui a l'en-tête, «Vide», sans "
        "l'en-tête)",
    )


def test_a_column_that_stands_twice_says_its_sheet(tmp_path: Path) -> None:
    chemin = classeur_de(
        tmp_path / "c.xlsx",
        ("Nord", "visible", [["a", "b"], [1, 2]]),
        ("Oise", "visible", [["a", "b", "A"], [1, 2, 3]]),
    )
    with pytest.raises(Refus, match=r"colonne a figure deux fois .*«Oise», ligne 1"):
        list(lecture.ouvrir(chemin, AB, AB).toutes())


@pytest.mark.parametrize("etat", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_not_read(tmp_path: Path, etat: str) -> None:
    masquee: Feuille = ("Brouillon", etat, [["a", "b"], ["non", "lu"]])
    visible: Feuille = ("Données", "visible", [["a", "b"], [1, 2]])
    assert rangees(classeur_de(tmp_path / "c.xlsx", masquee, visible), AB) == [(2, "1", "2")]
    autre: Feuille = ("Autre", "visible", [["rien"]])
    with pytest.raises(Refus, match="en-tête"):
        rangees(classeur_de(tmp_path / "d.xlsx", masquee, autre), AB)


def test_titles_empty_rows_and_row_numbers(tmp_path: Path) -> None:
    contenu: Rangees = [
        [],
        ["Titre"],
        [],
        ["note", "b", "a"],
        ["z", 2, 1],
        [],
        [None, 4, 3],
        ["z", 6, 5],
    ]
    chemin = classeur_de(tmp_path / "c.xlsx", ("Données", "visible", contenu))
    reconnu, _ = lire(chemin, AB)
    assert (reconnu.ligne_entete, reconnu.ignorees) == (4, ("note",))
    assert rangees(chemin, AB) == [(5, "1", "2"), (7, "3", "4"), (8, "5", "6")]


def test_a_table_that_does_not_begin_at_a1(tmp_path: Path) -> None:
    chemin = tmp_path / "c.xlsx"
    with xlsxwriter.Workbook(chemin) as wb:
        ws = wb.add_worksheet()
        for colonne, nom in enumerate(AB, start=3):
            ws.write(6, colonne, nom)
            ws.write(8, colonne, nom * 2)
        ws.write_formula(9, 3, "=1/0", None, "#DIV/0!")
        ws.write(9, 4, "y")
    assert rangees(chemin, AB) == [(9, "aa", "bb"), (10, "#DIV/0!", "y")]


def test_a_header_on_row_30_and_not_on_row_31(tmp_path: Path) -> None:
    for titres in (29, 30):
        contenu: Rangees = [["titre"]] + [[]] * (titres - 1) + [["a", "b"], [1, 2]]
        chemin = classeur_de(tmp_path / f"{titres}.xlsx", ("F", "visible", contenu))
    assert rangees(tmp_path / "29.xlsx", AB) == [(31, "1", "2")]
    with pytest.raises(Refus, match="en-tête"):
        rangees(chemin, AB)


def test_a_short_row_a_row_too_long_and_a_column_twice(tmp_path: Path) -> None:
    contenu: Rangees = [["a", "b"], [1], [1, 2, None, "x"], [1, 2, " ", "NC"]]
    chemin = classeur_de(tmp_path / "c.xlsx", ("F", "visible", contenu))
    _, lignes = lire(chemin, AB)
    assert lignes["b"].to_list() == [None, "2", "2"]
    assert lignes["faute"].is_not_null().to_list() == [False, True, False]
    double = classeur_de(tmp_path / "d.xlsx", ("F", "visible", [["a", "b", "A"], [1, 2, 3]]))
    with pytest.raises(Refus, match="colonne a figure deux fois"):
        rangees(double, AB)


def test_a_rejection_names_the_sheet_and_the_row_of_the_spreadsheet(tmp_path: Path) -> None:
    entete = ["annee", "association", "objectif", "accueillis"]
    contenu: Rangees = [["Titre"], entete, [2019, "x", "?", 5], [], [2019, "y", 1, 5]]
    chemin = classeur_de(tmp_path / "c.xlsx", ("Données 2019", "visible", contenu))
    charge = charger(
        tmp_path / "raw", "service_civique/volontr", {"2020-01.xlsx": chemin.read_bytes()}
    )
    assert charge.sql("select feuille, ligne, colonne, regle, valeur from qualite.rejets") == [
        ("Données 2019", 3, "objectif", "type", "?")
    ]
    assert charge.lignes("association", "ligne") == [("y", 5)]


# Cells


@pytest.mark.parametrize(
    ("valeur", "lue"),
    [
        (12, "12"),
        (12.0, "12"),
        (12.5, f"{NOMBRE_EXCEL}12.5"),
        (0.1, f"{NOMBRE_EXCEL}0.1"),
        (-3, "-3"),
        (0, "0"),
        (73282932000074, "73282932000074"),
        (1e21, "1" + "0" * 21),
        (1e-7, f"{NOMBRE_EXCEL}0.0000001"),
        (True, "VRAI"),
        (False, "FAUX"),
        ("12.0", "12.0"),
        ("007", "007"),
        (" \u00a0x y\u202f ", "x y"),
        ("nc", None),
        ("-", None),
        (None, None),
        ("deux\nlignes", "deux\nlignes"),
    ],
)
def test_numbers_booleans_and_texts(tmp_path: Path, valeur: object, lue: str | None) -> None:
    assert cellule(tmp_path, valeur) == lue


@pytest.mark.parametrize(
    ("valeur", "format_", "lue"),
    [
        (date(2019, 3, 1), "", f"{DATE_EXCEL}2019-03-01"),
        (datetime(2019, 3, 1, 23, 59), "", f"{DATE_EXCEL}2019-03-01"),
        (43525, "dd/mm/yyyy", f"{DATE_EXCEL}2019-03-01"),
        (43525, "mmm-yy", f"{DATE_EXCEL}2019-03-01"),
        (43525, "", "43525"),
        (43525, "0.00", "43525"),
        (0.5, "0%", f"{NOMBRE_EXCEL}0.5"),
        (time(10, 30), "", "10:30:00"),
        (timedelta(days=1, hours=2), "[h]:mm:ss", "26:00:00"),
    ],
)
def test_a_true_date_is_told_from_a_number(
    tmp_path: Path, valeur: object, format_: str, lue: str
) -> None:
    assert cellule(tmp_path, valeur, format_) == lue


@pytest.mark.parametrize(
    ("valeur", "lue"),
    [(42, "42"), ("texte", "texte"), (True, "VRAI"), ("", None), ("#N/A", "#N/A")],
)
def test_a_formula_reads_as_its_saved_value(tmp_path: Path, valeur: Any, lue: str | None) -> None:
    chemin = tmp_path / "c.xlsx"
    with xlsxwriter.Workbook(chemin) as wb:
        ws = wb.add_worksheet()
        ws.write_row(0, 0, AB)
        ws.write(1, 0, "x")
        ws.write_formula(1, 1, "=1+1", None, valeur)
    assert rangees(chemin, AB) == [(2, "x", lue)]


@pytest.mark.parametrize("erreur", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NULL!"])
def test_a_cell_in_error_is_no_empty_cell(tmp_path: Path, erreur: str) -> None:
    assert cellule(tmp_path, erreur) == erreur


@pytest.mark.parametrize("morceau", [50, 64, 1 << 20])
def test_errors_are_found_everywhere_in_a_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, morceau: int
) -> None:
    monkeypatch.setattr(classeur_commun, "MORCEAU", morceau)
    chemin = tmp_path / "c.xlsx"
    with xlsxwriter.Workbook(chemin) as wb:
        ws = wb.add_worksheet()
        ws.write_row(0, 0, AB)
        for n in range(1, 60):
            ws.write(n, 0, n)
            ws.write_formula(n, 1, f"=VLOOKUP({n},A:A,{n % 3})", None, "#N/A" if n % 2 else n)
    attendu = [(n + 1, str(n), "#N/A" if n % 2 else str(n)) for n in range(1, 60)]
    assert rangees(chemin, AB) == attendu


def test_sheets_are_read_frame_by_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classeur, "_LIGNES_PAR_TRAME", 7)
    contenu: Rangees = [["titre"], ["a", "b"], *([n, n * n] for n in range(40))]
    chemin = classeur_de(tmp_path / "c.xlsx", ("F", "visible", contenu))
    assert rangees(chemin, AB) == [(n + 3, str(n), str(n * n)) for n in range(40)]


# Typed


@pytest.mark.parametrize(
    ("colonne", "valeur", "attendu"),
    [
        ("date_designation", date(2019, 3, 1), date(2019, 3, 1)),
        ("date_designation", datetime(2019, 3, 1, 15, 0), date(2019, 3, 1)),
        ("date_designation", "1/3/2019", date(2019, 3, 1)),
        ("date_designation", 43525, "type"),
        ("date_designation", "43525", "type"),
        ("date_designation", True, "type"),
        ("date_designation", date(1999, 12, 31), "borne"),
        ("departement", 2, "02"),
        ("departement", 2.0, "02"),
        ("departement", "02", "02"),
        ("structure", 59.0, "59"),
        ("structure", date(2019, 3, 1), "2019-03-01"),
        ("fonction", "#N/A", "code"),
    ],
)
def test_a_cell_of_a_workbook_in_a_column(
    tmp_path: Path, colonne: str, valeur: object, attendu: object
) -> None:
    ligne = {
        "numero_designation": "D1",
        "departement": "59",
        "structure": "CCAS",
        "fonction": "ACTEUR",
        "date_designation": date(2019, 1, 1),
        colonne: valeur,
    }
    contenu: Rangees = [list(ligne), list(ligne.values()), ["D2", 59, "x", "ACTEUR", "1/1/2019"]]
    chemin = classeur_de(tmp_path / "c.xlsx", ("F", "visible", contenu))
    charge = charger(tmp_path / "raw", "ddcs/designations", {"2020-01.xlsx": chemin.read_bytes()})
    if charge.rejets():
        assert charge.rejets() == [("2020-01.xlsx", 2, colonne, attendu)]
    else:
        assert charge.lignes(colonne)[0] == (attendu,)


def test_a_month_is_a_text_or_a_true_date(tmp_path: Path) -> None:
    entete = ["mois", "departement", "origine", "attributions"]
    mois = [date(2019, 2, 28), datetime(2019, 3, 1), "2019-04", "05/2019", 43525, 201906]
    contenu: Rangees = [entete, *([m, n, "CADA", 1] for m, n in zip(mois, [59] * 6, strict=True))]
    chemin = classeur_de(tmp_path / "c.xlsx", ("F", "visible", contenu))
    charge = charger(
        tmp_path / "raw", "logement/attributions", {"2020-01.xlsx": chemin.read_bytes()}
    )
    assert charge.lignes("mois") == [("2019-02",), ("2019-03",), ("2019-04",), ("2019-05",)]
    assert [rejet[1:] for rejet in charge.rejets()] == [(6, "mois", "type"), (7, "mois", "type")]


def test_a_date_in_an_open_name_is_the_text_of_that_date(tmp_path: Path) -> None:
    ligne = {
        "exercice": 2019,
        "numero_projet": "P1",
        "departement": 59,
        "action": 12,
        "porteur": "x",
        "intitule": "y",
        "dispositif": date(2019, 3, 1),
        "axe": "EMPLOI",
        "statut": "EN_COURS",
    }
    contenu: Rangees = [list(ligne), list(ligne.values())]
    chemin = classeur_de(tmp_path / "c.xlsx", ("F", "visible", contenu))
    charge = charger(tmp_path / "raw", "ddcs/projets", {"2020-01.xlsx": chemin.read_bytes()})
    assert charge.lignes("dispositif") == [("2019-03-01",)]


def test_a_rejection_shows_a_date_without_its_mark(tmp_path: Path) -> None:
    entete = ["mois", "departement", "origine", "attributions"]
    contenu: Rangees = [
        entete,
        ["2019-01", 59, "CADA", date(2019, 3, 1)],
        ["2019-01", 59, "CPH", 1],
    ]
    chemin = classeur_de(tmp_path / "c.xlsx", ("F", "visible", contenu))
    charge = charger(
        tmp_path / "raw", "logement/attributions", {"2020-01.xlsx": chemin.read_bytes()}
    )
    assert charge.sql("select colonne, valeur from qualite.rejets") == [
        ("attributions", "2019-03-01")
    ]


def test_an_ignored_column_named_by_a_date_is_shown_without_its_mark(tmp_path: Path) -> None:
    contenu: Rangees = [["a", "b", date(2019, 3, 1)], [1, 2, 3]]
    chemin = classeur_de(tmp_path / "c.xlsx", ("F", "visible", contenu))
    assert lire(chemin, AB)[0].ignorees == ("2019-03-01",)


# Refusals


def _tronquer(chemin: Path) -> None:
    chemin.write_bytes(chemin.read_bytes()[:1500])


def _autre_archive(chemin: Path) -> None:
    with zipfile.ZipFile(chemin, "w") as archive:
        archive.writestr("a.csv", "a;b\n1;2\n")


@pytest.mark.parametrize("abimer", [_tronquer, _autre_archive])
def test_an_unreadable_workbook_is_refused(tmp_path: Path, abimer: Callable[[Path], None]) -> None:
    chemin = classeur_de(tmp_path / "c.xlsx", ("F", "visible", [["a", "b"], [1, 2]]))
    abimer(chemin)
    with pytest.raises(Refus, match="classeur illisible"):
        rangees(chemin, AB)


@pytest.mark.parametrize("contenu", ["a;b\n1;2\n", "<html><table><tr><td>a</td></tr></table>"])
@pytest.mark.parametrize("nom", ["c.xlsx", "c.xls", "c.ods"])
def test_a_text_named_as_a_workbook_is_said(tmp_path: Path, nom: str, contenu: str) -> None:
    with pytest.raises(Refus, match="du texte ou une page web"):
        rangees(ecrire(tmp_path / nom, contenu), AB)


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chemin = classeur_de(tmp_path / "c.xlsx", ("F", "visible", [["a", "b"], [1, 2]]))
    monkeypatch.setattr(classeur_commun, "OCTETS_MAX", 100)
    with pytest.raises(Refus, match="démesuré"):
        rangees(chemin, AB)


COLONNES = st.sampled_from(["A", "B", "I", "J", "Z", "AA", "AJ", "BA"])
LIGNES = st.sampled_from(["1", "2", "9", "10", "11", "19", "20", "98", "99", "100"])
CASES = st.builds('<c r="{}{}"><v>1</v></c>'.format, COLONNES, LIGNES)
AUTRES = st.sampled_from(
    (
        '<c r="BB7"/>', '<c r="A101" s="1"/>', "<c r='C7'><v>1</v></c>", "<c><v>1</v></c>",
        '<c r="A0"><v>1</v></c>', '<c r="A012"><v>1</v></c>', '<c r="b3"><v>1</v></c>',
        "<col>", "<x:c/>",
    )
)  # fmt: skip
MORCEAUX = st.lists(CASES, min_size=1, max_size=5) | st.lists(CASES | AUTRES, max_size=5)


@settings(max_examples=300, deadline=None)
@example(['<c r="A1"><v>1</v></c>', '<c r="A0"><v>1</v></c><c r="A12"><v>1</v></c>'])
@given(st.lists(MORCEAUX.map("".join), max_size=6))
def test_how_far_cells_go_is_the_same_told_fast_or_one_by_one(morceaux: list[str]) -> None:
    def etendue() -> _Etendue | str:
        vue = _Etendue()
        try:
            for morceau in morceaux:
                vue.voir(morceau.encode())
        except Refus as refus:
            return str(refus)
        return vue

    with patch.object(_Etendue, "_deja_vu", lambda *_: False):
        une_a_une = etendue()
    assert etendue() == une_a_une
