"""CSV files: encodings, separators, headers, cells, quotes, numbering."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.erreurs import Refus
from pipelines.ingestion import csv_texte
from tests.ingestion.essais import Contenu, ecrire, lire, rangees

AB = ("a", "b")


def lu(dossier: Path, contenu: Contenu, facultatives: tuple[str, ...] = ()) -> list[object]:
    return list(rangees(ecrire(dossier / "essai.csv", contenu), AB, facultatives))


# Encodings and separators


@pytest.mark.parametrize(
    ("encodage", "reconnu"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
@pytest.mark.parametrize("fin", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encodage: str, reconnu: str, fin: str) -> None:
    texte = fin.join(["numéro;œuvre", "é1;Cœur d'été – 5 €", "2;ç", ""])
    chemin = ecrire(tmp_path / "essai.csv", texte.encode(encodage))
    assert lire(chemin, ["numero", "œuvre"])[0].encodage == reconnu
    assert rangees(chemin, ["numero", "œuvre"]) == [(2, "é1", "Cœur d'été – 5 €"), (3, "2", "ç")]


def test_one_byte_outside_utf8_has_the_whole_read_as_windows_1252(tmp_path: Path) -> None:
    lignes = "".join(f"{n};x\n" for n in range(3000))
    assert lu(tmp_path, b"a;b\n" + lignes.encode() + b"3000;\xe9\n")[-1] == (3002, "3000", "é")


@pytest.mark.parametrize(
    ("contenu", "motif"),
    [
        (b"\xff\xfea\x00;\x00b", "UTF-16 abîmé"),
        ("a;b\n1;2\n".encode("utf-32"), "caractères nuls"),
        (b"a;b\n1;2\x00\n", "octets nuls"),
        (b"a;b\n1;\xe9\x81\n", "ni en UTF-8 ni en Windows-1252"),
        (b"PK\x03\x04a;b\n1;2\n", "classeur"),
        (b"", "vide"),
        (b"\xef\xbb\xbf", "en-tête"),
        (b"\n\n", "en-tête"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, contenu: bytes, motif: str) -> None:
    with pytest.raises(Refus, match=motif):
        lu(tmp_path, contenu)


@pytest.mark.parametrize(
    ("separateur", "nom"), [(";", "point-virgule"), (",", "virgule"), ("\t", "tabulation")]
)
def test_separators(tmp_path: Path, separateur: str, nom: str) -> None:
    autres = "".join({";", ",", "\t"} - {separateur})
    texte = f'a{separateur}b\n1{separateur}x{autres}y\n"2{separateur}2"{separateur}z\n'
    chemin = ecrire(tmp_path / "essai.csv", texte)
    assert lire(chemin, AB)[0].separateur == nom
    assert rangees(chemin, AB) == [(2, "1", f"x{autres}y"), (3, f"2{separateur}2", "z")]


def test_a_title_with_another_separator_does_not_mislead(tmp_path: Path) -> None:
    titre = "Extrait; du 1er mars; révisé\nNotes, diverses, et variées\n"
    assert lu(tmp_path, titre + "a\tb\n1\t2\n") == [(4, "1", "2")]


# The header


@pytest.mark.parametrize(
    "nom",
    ["numero_cir", "Numéro CIR", "NUMERO-CIR", "numerocir", " Numéro  CIR ", "Numéro\u00a0CIR",
     "n'umero’cir", "Nu\u0301mero_CIR", "numéro–cir", '"Numéro\nCIR"', "Numéro CIR *",
     "numero_cir*", "Numéro CIR (€)", "Numéro CIR [EUR]", "Numéro CIR ( Euros )", "numero cir (%)",
     "Numéro CIR (h)", "Numéro CIR (en heures)", "Numéro CIR (HEURE)", "Numéro CIR (jours) *",
     "Numéro\u200b\u202fCIR", "\u2060numero\u00adcir\ufeff", "Numéro CIR\u00a0(€)"],
)  # fmt: skip
def test_a_column_name_is_read_without_case_accents_or_spaces(tmp_path: Path, nom: str) -> None:
    chemin = ecrire(tmp_path / "essai.csv", f"b;{nom}\n1;2\n")
    assert rangees(chemin, ["numero_cir", "b"])[0][1:] == ("2", "1")


@pytest.mark.parametrize(
    "nom",
    ["N° CIR", "numero_cir.", "numero(cir)", "numero/cir", "numeros_cir", "numero_cir (€) net",
     "numero_cir (k€)", "numero_cir €", "* numero_cir", "numero_cir (en)", "(h)"],
)  # fmt: skip
def test_a_column_name_is_not_guessed(tmp_path: Path, nom: str) -> None:
    chemin = ecrire(tmp_path / "essai.csv", f"b;{nom}\n1;2\n")
    with pytest.raises(Refus, match="il manque la colonne numero_cir"):
        rangees(chemin, ["numero_cir", "b"])


def test_titles_and_notes_are_skipped_and_rows_keep_their_number(tmp_path: Path) -> None:
    texte = "Signataires de mars\n;;\n\na;note\nc;b;a\n3;2;1\n"
    chemin = ecrire(tmp_path / "essai.csv", texte)
    reconnu, _ = lire(chemin, AB, ["c"])
    assert reconnu.ligne_entete == 5
    assert rangees(chemin, AB, ["c"]) == [(6, "1", "2", "3")]


def test_the_header_is_the_first_of_the_complete_rows(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "essai.csv", "a;b\na;b;c\n1;2;3\n")
    reconnu, lignes = lire(chemin, AB, ["c"])
    assert reconnu.ligne_entete == 1
    assert reconnu.absentes == ("c",)
    assert lignes["ligne"].to_list() == [2, 3]


def test_the_header_is_sought_in_thirty_lines_empty_ones_included(tmp_path: Path) -> None:
    assert lu(tmp_path, "titre\n" + "\n" * 28 + "a;b\n1;2\n") == [(31, "1", "2")]
    with pytest.raises(Refus, match="30 premières lignes"):
        lu(tmp_path, "titre\n" + "\n" * 29 + "a;b\n1;2\n")


def test_all_missing_columns_are_said(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "essai.csv", "a;x\n1;2\n")
    with pytest.raises(Refus, match="les colonnes b, c") as refus:
        rangees(chemin, ["a", "b", "c"])
    assert " a" not in str(refus.value).partition("il manque")[2]


def test_columns_come_in_any_order_and_unknown_ones_are_ignored_and_said(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "essai.csv", "N° CIR;b; Avis ;;Avis;a\n9;2;9;9;9;1\n")
    reconnu, lignes = lire(chemin, AB, ["c"])
    assert reconnu.ignorees == ("N° CIR", "Avis", "Avis")
    assert lignes.select("ligne", "a", "b", "c", "faute").rows() == [(2, "1", "2", None, None)]


def test_known_names_that_stand_twice_refuse_the_file_and_all_are_said(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "essai.csv", "a;b;A ;c;x;C;x\n1;2;1;3;4;3;4\n")
    with pytest.raises(Refus) as refus:
        rangees(chemin, AB, ["c"])
    assert len(refus.value.motifs) == 2
    assert "colonne a " in refus.value.motifs[0]
    assert "colonne c " in refus.value.motifs[1]


# Cells


@pytest.mark.parametrize(
    "vide",
    ["", " ", "NC", "nc", "Nc", "ND", "nd", "N/A", "n/a", "n.a.", "N.A.", "n/d", "N/D", "NR", "nr",
     "-", "néant", "NÉANT", "neant", " NC ", "\u00a0-\u202f"],
)  # fmt: skip
def test_texts_that_stand_for_no_value(tmp_path: Path, vide: str) -> None:
    assert lu(tmp_path, f"a;b\n1;{vide}\n2;x\n") == [(2, "1", None), (3, "2", "x")]


@pytest.mark.parametrize("plein", ["0", "--", "—", "NC.", "N.C.", "NA", "n.d.", "."])
def test_what_only_looks_like_no_value_is_a_value(tmp_path: Path, plein: str) -> None:
    assert lu(tmp_path, f"a;b\n1;{plein}\n") == [(2, "1", plein)]


@pytest.mark.parametrize("espace", list(" \t\u00a0\u202f\u2009\u3000\u2003"))
def test_spaces_of_any_kind_around_do_not_count(tmp_path: Path, espace: str) -> None:
    texte = f'a;b\n{espace}1{espace}{espace};"{espace}x  y{espace}"\n'
    assert lu(tmp_path, texte) == [(2, "1", "x  y")]


# Quotes


def test_a_quoted_cell_over_several_lines_is_one_row(tmp_path: Path) -> None:
    texte = 'a;b\n1;"rue\n\nde la; ""Paix"""\n2;y\n'
    assert lu(tmp_path, texte) == [(2, "1", 'rue\n\nde la; "Paix"'), (3, "2", "y")]


def test_a_quote_inside_a_cell_is_text(tmp_path: Path) -> None:
    texte = 'a;b\n1;dit "le" 5"\n2;y\n'
    assert lu(tmp_path, texte) == [(2, "1", 'dit "le" 5"'), (3, "2", "y")]


ABC = ("a", "b", "c")
OUVERT, SUIVI = "n'est pas refermé", "Du texte suit le guillemet"


def cites(
    dossier: Path, lignes: str, colonnes: tuple[str, ...] = ABC
) -> tuple[list[tuple[Any, ...]], dict[int, str]]:
    """The rows below a header, and what is wrong with the form of some, by number."""
    chemin = ecrire(dossier / "essai.csv", ";".join(colonnes) + "\n" + lignes)
    _, lues = lire(chemin, colonnes)
    fautes = lues.filter(lues["faute"].is_not_null())
    bonnes = lues.filter(lues["faute"].is_null() & lues["ignoree"].is_null())
    return bonnes.drop("faute", "ignoree").rows(), dict(fautes.select("ligne", "faute").rows())


@pytest.mark.parametrize(
    ("texte", "fautes", "bonnes"),
    [
        # No answer at all.
        ('1;"x;y\n2;x;y\n3;x;y\n', {2: OUVERT}, {3, 4}),
        ('1;x;y\n2;x;"y', {3: OUVERT}, {2}),
        # Its answer begins another cell.
        ('1;"x;y\n2;x;y\n3;"x";y\n4;x;y\n', {2: OUVERT}, {3, 4, 5}),
        # Its answer ends a cell, but each line is a row by itself.
        ('1;x;"y\n2;x;y\n3;x;y"\n4;x;y\n', {2: OUVERT}, {3, 4, 5}),
        ('1;"x;y\n2;x";y\n3;x;y\n', {2: OUVERT}, {3, 4}),
        ('1;"x";"y\n2;"x;x";y"\n3;x;y\n', {2: OUVERT}, {3, 4}),
        # A doubled quote is no answer.
        ('1;"x"";y\n2;x;y\n3;x;y\n', {2: OUVERT}, {3, 4}),
        # A quoted cell that goes on, on its line.
        ('1;"x"z;y\n2;x;y\n', {2: SUIVI}, {3}),
        ('1;"x" ;y\n2;x;y\n', {2: SUIVI}, {3}),
        ('1;"x"z;"y\n2;x;y\n3;x;y\n', {2: SUIVI}, {3, 4}),
        ('"1"1;"x";y\n2;x;y\n', {2: SUIVI}, {3}),
        # The second cell over several lines is the one that is broken: its own line is the last.
        ('"1\n1";x;"y\n2;x;y\n3;x;y\n', {2: OUVERT}, {3, 4}),
        ('"1\nn";x;"y\n2;x;y"\n3;x;y\n', {2: OUVERT}, {3, 4}),
        # Several in a row.
        ('1;"x;y\n2;"x;y\n3;"x;y\n4;x;y\n', {2: OUVERT, 3: OUVERT, 4: OUVERT}, {5}),
    ],
)
@pytest.mark.parametrize("morceau", [1, 7, 1 << 16])
def test_a_quote_that_stands_wrong_costs_its_own_line_alone(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    texte: str,
    fautes: dict[int, str],
    bonnes: set[int],
    morceau: int,
) -> None:
    monkeypatch.setattr(csv_texte, "_DEBUT", morceau)
    monkeypatch.setattr(csv_texte, "_MORCEAU", morceau)
    lues, trouvees = cites(tmp_path, texte)
    assert trouvees.keys() == fautes.keys()
    assert all(fautes[ligne] in trouvees[ligne] for ligne in fautes)
    assert {ligne for ligne, *_ in lues} == bonnes
    assert all(cellules[-1].strip('"') == "y" for _, *cellules in lues)


def test_the_end_of_a_broken_quote_is_text(tmp_path: Path) -> None:
    assert cites(tmp_path, '1;x;"y\n2;x;y"\n')[0] == [(3, "2", "x", 'y"')]


@pytest.mark.parametrize(
    "cellule",
    ['"u\nv"', '"u\n\nv"', '"u;u\nv"', '"u\nv;w;x;y"', '"u\n""v""\nw"', '"\n"', '"u\n;;;\n"'],
)
def test_a_cell_over_several_lines_that_are_no_rows_is_one_cell(
    tmp_path: Path, cellule: str
) -> None:
    attendu = cellule[1:-1].replace('""', '"').strip() or None
    lignes = f"1;{cellule};y\n2;x;{cellule}\n3;x;y\n"
    assert cites(tmp_path, lignes) == (
        [(2, "1", attendu, "y"), (3, "2", "x", attendu), (4, "3", "x", "y")], {}
    )  # fmt: skip


def test_above_the_header_nothing_says_how_many_cells_a_line_has(tmp_path: Path) -> None:
    texte = '"Titre;sur\ndeux;lignes"\na;b\n1;2\n'
    assert lu(tmp_path, texte) == [(3, "1", "2")]


def test_a_quote_left_open_is_not_sought_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_texte, "_MORCEAU", 64)
    monkeypatch.setattr(csv_texte, "_CELLULE_MAX", 1000)
    lignes = [f"{n};x;y" for n in range(500)]
    lignes[300] = '300;"x;y'
    lignes[450] = '450;x";y'
    lues, fautes = cites(tmp_path, "\n".join(lignes))
    assert fautes.keys() == {302}
    assert len(lues) == 499


def test_a_line_without_end_refuses_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_texte, "_MORCEAU", 64)
    monkeypatch.setattr(csv_texte, "_LIGNE_MAX", 1000)
    with pytest.raises(Refus, match="n'en finit pas"):
        lu(tmp_path, "a;b\n1;" + "x" * 2000 + "\n")


# A first line that says the separator


@pytest.mark.parametrize("signe", [";", ",", "\t", "|", ":", "x", "§"])
@pytest.mark.parametrize("encodage", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("dit", ["sep={0}", "SEP={0}", '"sep={0}"'])
def test_a_first_line_says_the_separator_and_is_no_row(
    tmp_path: Path, signe: str, encodage: str, dit: str
) -> None:
    texte = f'{dit}\r\na{{0}}b\r\n1{{0}}"2{{0}}3"\r\n'.format(signe).encode(encodage)
    chemin = ecrire(tmp_path / "essai.csv", texte)
    assert rangees(chemin, AB) == [(2, "1", f"2{signe}3")]
    assert lire(chemin, AB)[0].ligne_entete == 1


def test_no_other_separator_is_tried_than_the_one_said(tmp_path: Path) -> None:
    with pytest.raises(Refus, match="il manque"):
        lu(tmp_path, "sep=,\na;b\n1;2\n")


@pytest.mark.parametrize("ligne", ["sep=", "sep=;;", 'sep="', "x sep=;", "separateur=;"])
def test_any_other_first_line_is_a_row(tmp_path: Path, ligne: str) -> None:
    assert lu(tmp_path, f"{ligne}\na;b\n1;2\n") == [(3, "1", "2")]


CELLULE = st.text(st.sampled_from("xé-NC1 \u00a0"), max_size=4)
BLANCHES = st.lists(st.integers(0, 8), max_size=3)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(CELLULE, CELLULE), max_size=9), BLANCHES, st.integers(1, 40), st.data())
def test_rows_are_the_same_with_or_without_quotes_and_chunk_by_chunk(
    tmp_path: Path,
    cellules: list[tuple[str, str]],
    blanches: list[int],
    morceau: int,
    data: st.DataObject,
) -> None:
    def ligne(rangee: tuple[str, str]) -> tuple[str, str]:
        entoure = data.draw(st.lists(st.booleans(), min_size=2, max_size=2))
        avec = (f'"{c}"' if e else c for c, e in zip(rangee, entoure, strict=True))
        return ";".join(rangee), ";".join(avec)

    deux = [("a;b", '"a";b'), *(ligne(rangee) for rangee in cellules)]
    for place in blanches:
        deux.insert(1 + place % len(deux), ("", ""))
    nues, entourees = ("\n".join(texte) + "\n" for texte in zip(*deux, strict=True))
    attendues = lu(tmp_path, nues)
    with pytest.MonkeyPatch.context() as reglage:
        reglage.setattr(csv_texte, "_MORCEAU", morceau)
        assert lu(tmp_path, nues) == attendues
        assert lu(tmp_path, entourees) == attendues
    assert lu(tmp_path, entourees) == attendues
