"""Rows below a header: empty ones, totals, the header again, notes, too many cells."""

from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from pipelines.ingestion import csv_texte, lignes
from pipelines.ingestion.lignes import ENTETE_REPETE, MOT_DE_TOTAL, NOTE, TOTAL
from tests.ingestion.essais import ecrire, lire, rangees, toutes

AB = ("a", "b")
ABCD = ("a", "b", "c", "d")
ENTETE = "a;b;c;d\n"
HORS, TROP, SECOND = "au-delà de la dernière colonne", "plus de cellules", "Un autre en-tête"


def lu(dossier: Path, contenu: str, facultatives: tuple[str, ...] = ()) -> list[object]:
    return list(rangees(ecrire(dossier / "essai.csv", contenu), AB, facultatives))


def marques(
    dossier: Path, contenu: str, cle: str = "a", region: tuple[str, str] | None = None
) -> list[str | None]:
    """For each row of columns a, b, c, d that counts: why it is skipped, or what is wrong, if any.

    `region` is the column where a name makes a total, and that name.
    """
    ensembles = {region[0]: [region[1]]} if region else {}
    chemin = ecrire(dossier / "essai.csv", contenu)
    _, lues = lire(chemin, ["a", "b"], ["c", "d", "retrait"], cle, ensembles)
    return [ignoree or faute for faute, ignoree in lues.select("faute", "ignoree").rows()]


def dits(trouvees: list[str | None], attendues: list[str | None]) -> bool:
    """Whether each mark found says what is expected."""
    return len(trouvees) == len(attendues) and all(
        t == a or (t is not None and a is not None and a in t)
        for t, a in zip(trouvees, attendues, strict=True)
    )


# Empty rows, short rows, values beyond the header


def test_empty_rows_and_rows_of_empty_cells_do_not_count_but_are_numbered(
    tmp_path: Path,
) -> None:
    chemin = ecrire(tmp_path / "essai.csv", 'a;b\n\n1;2\n;\n ;\u00a0;"";\n\n3;4\n\n')
    _, lignes = lire(chemin, AB)
    assert lignes.rows() == [(3, "1", "2", None, None), (7, "3", "4", None, None)]


def test_a_row_of_marks_of_no_value_is_not_empty(tmp_path: Path) -> None:
    assert lu(tmp_path, "a;b\nNC;-\n") == [(2, None, None)]


def test_a_file_without_a_last_line_end_is_read_whole(tmp_path: Path) -> None:
    assert lu(tmp_path, "a;b\n1;2\n3;4") == [(2, "1", "2"), (3, "3", "4")]


def test_a_short_row_reads_as_empty_at_its_end(tmp_path: Path) -> None:
    assert lu(tmp_path, "a;b;c\n1\n2;x\n", ("c",)) == [(2, "1", None, None), (3, "2", "x", None)]


@pytest.mark.parametrize(
    ("ligne", "hors"),
    [
        ("1;2", False),
        ("1;2;", False),
        ("1;2; ;\u00a0;", False),
        ("1;2;NC;-", False),
        ("1;2;3", True),
        ("1;2;;;0", True),
        (";2;3", True),
    ],
)
@pytest.mark.parametrize("entete", ["a;b", "a;b; ;"])
def test_a_value_beyond_the_header(tmp_path: Path, entete: str, ligne: str, hors: bool) -> None:
    _, lignes = lire(ecrire(tmp_path / "essai.csv", f"{entete}\n{ligne}\n"), AB)
    assert lignes["faute"].is_not_null().to_list() == [hors]


def test_an_ignored_column_at_the_end_is_not_beyond_the_header(tmp_path: Path) -> None:
    _, lignes = lire(ecrire(tmp_path / "essai.csv", "a;b;avis\n1;2;3\n"), AB)
    assert lignes["faute"].to_list() == [None]


# Columns avis (ignored), a, b, c; the key is a and b.
@pytest.mark.parametrize(
    ("ligne", "total"),
    [
        ("Total;;;5", TOTAL),
        ("TOTAUX;;;5", TOTAL),
        ("total général;1;;5", TOTAL),
        ("Sous-total;;2;5", TOTAL),
        ("sous-total 59;;;5", TOTAL),
        ("Total : 5;;;", TOTAL),
        (" ;Total;2;5", TOTAL),
        (";total 2019;2;5", TOTAL),
        (";;Total;5", TOTAL),
        (";;;Total", TOTAL),
        ("\u00a0total;NC;2;5", TOTAL),
        # The key is whole, and the word stands elsewhere than in it.
        ("Total;1;2;5", None),
        # The word comes first in a column of the key.
        ("x;Total;;5", MOT_DE_TOTAL),
        (";1;Total;5", MOT_DE_TOTAL),
        ("x;1;Sous-total Nord;5", MOT_DE_TOTAL),
        ("x;1;ENSEMBLE ;5", MOT_DE_TOTAL),
        # The word does not come first, or not alone.
        (";1;2;Total", None),
        ("x;1;Le total;5", None),
        ("x;1;Ensemble pour le Nord;5", None),
        ("Ensemble;1;2;5", None),
        # It is another word.
        ("Totalement;;;5", None),
        (";totalité;2;5", None),
        ("Le total;;;5", None),
        ("sous;;;5", None),
    ],
)
def test_totals(tmp_path: Path, ligne: str, total: str | None) -> None:
    chemin = ecrire(tmp_path / "essai.csv", f"avis;a;b;c\n{ligne}\n")
    _, lignes = lire(chemin, AB, ["c"], cle="a b")
    assert lignes["ignoree"].to_list() == [total]


@pytest.mark.parametrize(
    ("cellule", "total"),
    [
        ("Hauts-de-France", True),
        ("HAUTS DE FRANCE", True),
        ("Hàuts‑de–France", True),
        ("Les Hauts-de-France", False),
        ("Hauts-de-France Asso", False),
        ("Haut-de-France", False),
    ],
)
@pytest.mark.parametrize("colonne", ["a", "b", "c"])
def test_the_region_is_a_total_where_it_is_not_a_code(
    tmp_path: Path, cellule: str, total: bool, colonne: str
) -> None:
    ligne = {"a": "1", "b": "2", "c": "3", "d": "4", colonne: cellule}
    texte = ENTETE + ";".join(ligne.values()) + "\n"
    attendu = MOT_DE_TOTAL if total and colonne == "b" else None
    assert marques(tmp_path, texte, "a b", ("b", "Hauts-de-France")) == [attendu]


def test_where_the_region_is_a_total_comes_from_the_contract_and_the_roadmap() -> None:
    regles = toutes()
    assert regles["logement/attributions"].ensembles == dict.fromkeys(
        ("mois", "departement", "origine"), ("Hauts-de-France",)
    )
    # There it is one of the codes.
    assert regles["ddcs/orientations"].ensembles.keys() == {"orientation", "date_constat"}


# The header again


@pytest.mark.parametrize("repete", ["a;b;c;d", "A;B ;c;D", "a;b;c;d;", "a;b;c;d;;"])
def test_a_repeated_header_is_skipped(tmp_path: Path, repete: str) -> None:
    texte = f"{ENTETE}1;x;y;z\n{repete}\n2;x;y;z\n"
    assert marques(tmp_path, texte) == [None, ENTETE_REPETE, None]


def test_names_in_the_header_again_may_be_written_otherwise(tmp_path: Path) -> None:
    texte = "N° ;Numéro CIR;b;a\n9;1;2;3\nN° ;NUMERO_CIR;b;a\n9;4;5;6\n"
    _, lues = lire(ecrire(tmp_path / "essai.csv", texte), ["numero_cir", "a", "b"])
    assert lues["ignoree"].to_list() == [None, ENTETE_REPETE, None]


@pytest.mark.parametrize("autre", ["b;a;c;d", "a;b;d;c", "a;b;c;d;e", "a;c;b", "x;b;c;a"])
def test_below_another_header_no_row_is_read_by_the_first(tmp_path: Path, autre: str) -> None:
    texte = f"{ENTETE}1;x;y;z\n{autre}\n2;x;y;z\nTotal;;;5\n"
    attendues = [None, SECOND, SECOND, TOTAL]
    if autre.endswith("e"):
        attendues[1] = HORS
    if autre.startswith("x"):  # what is not under the key's name cannot be told from a row
        attendues[1:3] = [None, None]
    assert dits(marques(tmp_path, texte), attendues)


# Notes


@pytest.mark.parametrize(
    ("sous", "attendues"),
    [
        (["Source : OFII"], [NOTE]),
        (["", "Source : OFII", "", "", "(1) Chiffres provisoires;mars 2020"], [NOTE, NOTE]),
        ([";;;note"], [NOTE]),
        (["9;x"], [NOTE]),
        (["note;;;;;;;;"], [NOTE]),
        # Three cells are no note, and end nothing where the key is empty.
        (["note;x;y"], [None]),
        ([";x;y;z", "note"], [None, NOTE]),
        (["note", ";x;y;z", "note"], [NOTE, None, NOTE]),
        # Above a full row, what is short is a row.
        (["9;x", "note", "2;x;y"], [None, None, None]),
        (["9;x", "2;x;y", "note"], [None, None, NOTE]),
        # Totals and repeated headers are no full rows.
        (["9;x", "Total;;5;6", "a;b;c;d"], [NOTE, TOTAL, ENTETE_REPETE]),
        # What holds a broken quote is no note, and a withdrawal ends the notes.
        (['"note', "note"], ["guillemet", NOTE]),
        (['"note" bis'], ["guillemet"]),
        # Nor is a row cut by another separator.
        (["2,x,y,z"], [None]),
        (["2,x;y,z,t"], [None]),
        (["2\tx\ty\tz"], [None]),
        (["2,x,y;z"], [NOTE]),
        (["voir a, b, c et d"], [NOTE]),
        (["2,x,y,z,t"], [NOTE]),
        (["2,x,y"], [NOTE]),
    ],
)
@pytest.mark.parametrize("morceau", [4, 1 << 16])
def test_notes_below_the_last_full_row(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    sous: list[str],
    attendues: list[str | None],
    morceau: int,
) -> None:
    monkeypatch.setattr(csv_texte, "_MORCEAU", morceau)
    texte = "a;b;c;d\n" + "\n".join(["8;x", "1;x;y;z", *sous]) + "\n"
    assert dits(marques(tmp_path, texte), [None, None, *attendues])


def test_a_withdrawal_is_no_note_and_ends_them(tmp_path: Path) -> None:
    texte = "a;retrait;b;c;d\n1;;x;y;z\nnote\n2;O\nnote\n3;N\nnote;oui\n"
    # «note;oui» withdraws the key «note».
    assert marques(tmp_path, texte) == [None] * 6
    assert marques(tmp_path, texte + "note;non\nnote\n") == [None] * 6 + [NOTE, NOTE]


def test_without_a_full_row_nothing_is_below_it(tmp_path: Path) -> None:
    assert marques(tmp_path, ENTETE + "1;x\n;x;y;z\nnote\n") == [None, None, None]


def test_in_a_table_of_three_columns_no_separator_is_sought(tmp_path: Path) -> None:
    _, lues = lire(
        ecrire(tmp_path / "e.csv", "a;b;c\n1;x;y\nParis, Lille, Lyon\n"), ["a", "b", "c"]
    )
    assert lues["ignoree"].to_list() == [None, NOTE]


@pytest.mark.parametrize("fin", ["", "2;x;y;z\nnote\nnote\n"])
def test_many_notes_are_not_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fin: str
) -> None:
    monkeypatch.setattr(csv_texte, "_MORCEAU", 16)
    monkeypatch.setattr(lignes, "_ATTENTE_MAX", 5)
    lues = marques(tmp_path, ENTETE + "1;x;y;z\n" + "note\n" * 20 + fin)
    assert lues == [None] + ([NOTE] * 20 if not fin else [None] * 21 + [NOTE] * 2)


def test_notes_of_a_workbook(tmp_path: Path) -> None:
    classeur = openpyxl.Workbook()
    for rangee in (
        ["a", "b", "c", "d"], [1, "x", "y", "z"], ["Total", None, 3, 4], [], [None, "Source"],
        ["2;x;y;z"], ["2,x", "y,z"],
    ):  # fmt: skip
        classeur.worksheets[0].append(rangee)
    classeur.save(tmp_path / "essai.xlsx")
    _, lues = lire(tmp_path / "essai.xlsx", AB, ["c", "d"])
    assert lues["ignoree"].to_list() == [None, TOTAL, NOTE, None, NOTE]


# Too many cells


@pytest.mark.parametrize(
    ("lignes", "trop"),
    [
        # One separator too many, its last cell empty.
        (["1;x;y;z"] * 3 + ["2;x;y;z;"], {3}),
        (["1;x;y;z"] * 3 + ["2;x;y;z;;;"], {3}),
        # More cells than half of the rows, no less.
        (["1;x;y;z", "2;x;y;z;"], set()),
        (["1;x;y;z", "1;x;y;z", "2;x;y;z;"], {2}),
        (["1;x;y;z;", "1;x;y;z;", "2;x;y;z"], set()),
        (["1;x;y;z;", "1;x;y;z;", "2;x;y;z;;"], {2}),
        # Empty rows do not count, totals and notes do.
        (["1;x;y;z", ";;;", "", "2;x;y;z;"], set()),
        (["1;x;y;z", "Total;;;3", "2;x;y;z;"], {2}),
        (["1;x;y;z", "2;x;y;z;", "note", ";;;;;"], {1}),
        # Fewer cells are another matter.
        (["1;x", "1;x", "1;x", "2;x;y;z"], set()),
    ],
)
@pytest.mark.parametrize("morceau", [4, 1 << 16])
def test_more_cells_than_the_header_and_most_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lignes: list[str], trop: set[int], morceau: int
) -> None:
    monkeypatch.setattr(csv_texte, "_MORCEAU", morceau)
    lues = marques(tmp_path, ENTETE + "\n".join(lignes) + "\n")
    assert {i for i, marque in enumerate(lues) if TROP in (marque or "")} == trop


def test_a_value_beyond_the_header_is_said_as_such(tmp_path: Path) -> None:
    lues = marques(tmp_path, ENTETE + "1;x;y;z\n1;x;y;z\n2;x;y;z;t\n")
    assert dits(lues, [None, None, HORS])


def test_cells_of_a_workbook_are_not_counted(tmp_path: Path) -> None:
    classeur = openpyxl.Workbook()
    for rangee in (["a", "b"], [1, "x"], [2, "x"], [3, "x", None, None, " "], [4, "x", None, 5]):
        classeur.worksheets[0].append(rangee)
    classeur.save(tmp_path / "essai.xlsx")
    _, lues = lire(tmp_path / "essai.xlsx", AB)
    fautes = lues["faute"].to_list()
    assert fautes[:3] == [None] * 3
    assert HORS in fautes[3]
    assert "séparateur" not in fautes[3]
