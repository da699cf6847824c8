"""CSVs polluted in each of the ways of the Pollock benchmark (Vitagliano et al., VLDB 2023).

Each is made from one of the project's own deliveries. Whatever is done to it, the rows that load
are rows of the clean file, cell by cell: the others are rejected, skipped and counted, or the file
is refused.
"""

import csv
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.ingestion import reception
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.reception import Reception
from pipelines.projet import RACINE
from tests.ingestion.essais import CLE, ecrire, toutes

Rangees = list[list[str]]
Lignes = set[tuple[Any, ...]]
LIVRAISONS = {
    "ars/equipes_mobiles": "2019-01",
    "ddcs/designations": "2019-06",
    "logement/avdl": "2018-12",
    "ofii/cir_signataires": "2019-01",
    "service_civique/volontr": "2019-07",
}
EXTRAITS = pytest.mark.parametrize("extrait", LIVRAISONS)
RANGS = (2, -1)


@cache
def base() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@cache
def propre(extrait: str) -> Rangees:
    """The header and some rows of a delivery of the demonstration, that load."""
    octets = (RACINE / "raw" / extrait / f"{LIVRAISONS[extrait]}.csv").read_bytes()
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        texte = octets.decode("cp1252")
    separateur = max(";,\t", key=texte.count)
    rangees = [r for r in csv.reader(texte.splitlines(), delimiter=separateur) if any(r[2:])]
    return [rangee for rangee in rangees if not rangee[0].lower().startswith("total")][:8]


def charger(dossier: Path, extrait: str, texte: str | bytes) -> tuple[Reception, Lignes]:
    """What becomes of a file, and the rows that it would load."""
    chemin = ecrire(dossier / "essai.csv", texte)
    fichier = Fichier(chemin.name, extrait, "2021-06")
    recue = reception.examiner(base(), chemin, fichier, toutes()[extrait], CLE)
    if recue.statut == "refusee":
        return recue, set()
    requete = "select * exclude (ligne) from lot where ligne not in (select ligne from lot_rejets)"
    lues = base().execute(requete).fetchall()
    assert len(lues) == recue.acceptees
    return recue, set(lues)


def cellule(texte: str, separateur: str = ";") -> str:
    """A cell, in quotes where they are needed."""
    if any(signe in texte for signe in (separateur, '"', "\n")):
        return '"' + texte.replace('"', '""') + '"'
    return texte


def ligne(rangee: list[str], separateur: str = ";") -> str:
    return separateur.join(cellule(c, separateur) for c in rangee)


def ecrite(rangees: Rangees, separateur: str = ";", fin: str = "\n") -> str:
    return "".join(ligne(rangee, separateur) + fin for rangee in rangees)


@cache
def vraies(extrait: str) -> Lignes:
    """The rows that the clean file loads."""
    with tempfile.TemporaryDirectory() as dossier:
        return charger(Path(dossier), extrait, ecrite(propre(extrait)))[1]


def verifier(dossier: Path, extrait: str, texte: str | bytes, courtes: int = 0) -> Reception:
    """Check that nothing loads but rows of the clean file, and that no row goes uncounted.

    `courtes` rows lack cells, and are read as empty at their end: what was meant cannot be told.
    """
    recue, lues = charger(dossier, extrait, texte)
    assert len(lues - vraies(extrait)) <= courtes, texte
    assert recue.lignes == recue.acceptees + recue.rejetees + recue.ignorees or not recue.acceptees
    return recue


def entiere(dossier: Path, extrait: str, texte: str | bytes) -> None:
    """Check that the file loads as the clean one does."""
    recue, lues = charger(dossier, extrait, texte)
    assert (recue.statut, lues) == ("acceptee", vraies(extrait)), (recue.motif, texte)


def une_ligne_changee(rangees: Rangees) -> Iterator[tuple[int, list[str]]]:
    """Each rank at which a row is polluted, with the texts of all the rows."""
    for rang in RANGS:
        yield rang % len(rangees), [ligne(rangee) for rangee in rangees]


@EXTRAITS
def test_the_clean_file_loads(tmp_path: Path, extrait: str) -> None:
    recue, lues = charger(tmp_path, extrait, ecrite(propre(extrait)))
    assert recue.statut == "acceptee"
    assert len(lues) == len(propre(extrait)) - 1 >= 3


# The whole file


@EXTRAITS
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(tmp_path: Path, extrait: str, encodage: str) -> None:
    entiere(tmp_path, extrait, ecrite(propre(extrait)).encode(encodage))


@EXTRAITS
@pytest.mark.parametrize("fin", ["\n", "\r\n", "\r"])
def test_record_delimiters(tmp_path: Path, extrait: str, fin: str) -> None:
    entiere(tmp_path, extrait, ecrite(propre(extrait), fin=fin))


@EXTRAITS
@pytest.mark.parametrize("separateur", [",", "\t", "|", " ", ":", ", ", "\t\t", "\\t", ";;"])
@pytest.mark.parametrize("partout", [False, True])
def test_field_delimiters(tmp_path: Path, extrait: str, separateur: str, partout: bool) -> None:
    rangees = propre(extrait)
    if partout:
        lignes = [separateur.join(f'"{c}"' for c in rangee) for rangee in rangees]
        texte = "\n".join(lignes) + "\n"
    else:
        texte = ecrite(rangees, separateur)
    if separateur in (",", "\t"):
        entiere(tmp_path, extrait, texte)
    else:
        verifier(tmp_path, extrait, texte)
    if len(separateur) == 1:
        entiere(tmp_path, extrait, f"sep={separateur}\n{texte}")


@EXTRAITS
@pytest.mark.parametrize("guillemet", ['"', "'", '" ', "“", "`"])
def test_quotation_marks(tmp_path: Path, extrait: str, guillemet: str) -> None:
    fermant = guillemet[::-1]
    lignes = [";".join(f"{guillemet}{c}{fermant}" for c in r) for r in propre(extrait)]
    texte = "\n".join(lignes) + "\n"
    if guillemet == '"':
        entiere(tmp_path, extrait, texte)
    else:
        verifier(tmp_path, extrait, texte)


@EXTRAITS
def test_preambles(tmp_path: Path, extrait: str) -> None:
    texte = ecrite(propre(extrait))
    largeur = len(propre(extrait)[0])
    for titre in ("PREAMBLE", "PREAMBLE" + ";" * (largeur - 1)):
        for vide in ("", "\n", ";" * (largeur - 1) + "\n"):
            entiere(tmp_path, extrait, f"{titre}\n" * 3 + vide + texte)


@EXTRAITS
def test_footnotes(tmp_path: Path, extrait: str) -> None:
    texte = ecrite(propre(extrait))
    largeur = len(propre(extrait)[0])
    for note in ("FOOTNOTE", "FOOTNOTE" + ";" * (largeur - 1)):
        for vide in ("", "\n", ";" * (largeur - 1) + "\n"):
            entiere(tmp_path, extrait, texte + vide + f"{note}\n" * 3)


@EXTRAITS
def test_no_rows_or_no_header(tmp_path: Path, extrait: str) -> None:
    rangees = propre(extrait)
    for essai in ([], rangees[:1], rangees[1:]):
        assert verifier(tmp_path, extrait, ecrite(essai)).statut == "refusee"


@EXTRAITS
def test_many_columns(tmp_path: Path, extrait: str) -> None:
    rangees = propre(extrait)
    for nombre in (1, 1024):
        autres = [[f"col{n}" for n in range(nombre)]] + [["x"] * nombre] * (len(rangees) - 1)
        entiere(tmp_path, extrait, ecrite([r + a for r, a in zip(rangees, autres, strict=True)]))
        entiere(tmp_path, extrait, ecrite([a + r for r, a in zip(rangees, autres, strict=True)]))


@EXTRAITS
def test_headers(tmp_path: Path, extrait: str) -> None:
    entete, *rangees = propre(extrait)
    for place in range(len(entete)):
        for nom in ("", "HEADER", "HEAD/%R", "HEADER" * 10_000, entete[place - 1]):
            changee = [*entete[:place], nom, *entete[place + 1 :]]
            recue, _ = charger(tmp_path, extrait, ecrite([changee, *rangees]))
            regles = toutes()[extrait]
            if nom == entete[place - 1] or entete[place] in regles.obligatoires:
                assert recue.statut == "refusee"
    for rang in (1, 3):
        entiere(tmp_path, extrait, ecrite([entete, *rangees[:rang], entete, *rangees[rang:]]))
    entiere(tmp_path, extrait, ecrite([entete] * 3 + rangees))


@EXTRAITS
def test_several_tables(tmp_path: Path, extrait: str) -> None:
    entete, *rangees = propre(extrait)
    texte = ecrite([entete, *rangees])
    # The same columns in another order, with one more, with one less.
    envers = [rangee[::-1] for rangee in (entete, *rangees)]
    tourne = [[*rangee[1:], rangee[0]] for rangee in (entete, *rangees)]
    de_plus = [["numero", *entete], *(["1", *rangee] for rangee in rangees)]
    de_moins = [[*rangee[:-2], rangee[-1]] for rangee in (entete, *rangees)]
    for second in (envers, tourne, de_plus, de_moins):
        for vide in ("", "\n\n"):
            verifier(tmp_path, extrait, texte + vide + ecrite(second))
    for autre in LIVRAISONS:
        if autre != extrait:
            verifier(tmp_path, extrait, texte + ecrite(propre(autre)))
            verifier(tmp_path, extrait, ecrite(propre(autre)) + texte)


# One row


@EXTRAITS
def test_a_separator_added_to_a_row(tmp_path: Path, extrait: str) -> None:
    rangees = propre(extrait)
    for rang in RANGS:
        for place in range(len(rangees[0]) + 1):
            essai = [list(rangee) for rangee in rangees]
            essai[rang].insert(place, "")
            recue = verifier(tmp_path, extrait, ecrite(essai))
            assert recue.rejetees == 1


@EXTRAITS
def test_a_separator_taken_from_a_row(tmp_path: Path, extrait: str) -> None:
    rangees = propre(extrait)
    for rang in RANGS:
        for place in range(len(rangees[0]) - 1):
            for lien in ("", " "):
                essai = [list(rangee) for rangee in rangees]
                essai[rang][place : place + 2] = [lien.join(essai[rang][place : place + 2])]
                verifier(tmp_path, extrait, ecrite(essai), courtes=1)


@EXTRAITS
def test_the_number_of_cells_of_a_row(tmp_path: Path, extrait: str) -> None:
    rangees = propre(extrait)
    for rang in RANGS:
        for nombre in (0, 1, 2, 5, len(rangees[0]) - 1, len(rangees[0]) + 1, 15, 30):
            essai = [list(rangee) for rangee in rangees]
            voulue = essai[rang][:nombre]
            essai[rang] = voulue + [essai[rang][-1]] * (nombre - len(voulue))
            verifier(tmp_path, extrait, ecrite(essai), courtes=int(nombre < len(rangees[0])))


@EXTRAITS
def test_the_separator_of_a_row(tmp_path: Path, extrait: str) -> None:
    rangees = propre(extrait)
    for rang, lignes in une_ligne_changee(rangees):
        for separateur in (",", "\t", "|"):
            lignes[rang] = ligne(rangees[rang], separateur)
            recue = verifier(tmp_path, extrait, "\n".join(lignes))
            assert recue.acceptees == len(rangees) - 2
            for place in range(1, len(rangees[0])):
                cellules = [cellule(c) for c in rangees[rang]]
                debut, suite = ";".join(cellules[:place]), ";".join(cellules[place:])
                lignes[rang] = debut + separateur + suite
                verifier(tmp_path, extrait, "\n".join(lignes), courtes=1)


@EXTRAITS
def test_the_line_end_of_a_row(tmp_path: Path, extrait: str) -> None:
    for rang, lignes in une_ligne_changee(propre(extrait)):
        for fin in ("\n", "\r", "\r\n"):
            for autres in ("\n", "\r\n", "\r"):
                fins = [autres] * len(lignes)
                fins[rang] = fin
                texte = "".join(x + f for x, f in zip(lignes, fins, strict=True))
                verifier(tmp_path, extrait, texte)
        # The end of the row is missing, or stands within it.
        sans = "".join(x + "\n" * (n != rang) for n, x in enumerate(lignes))
        verifier(tmp_path, extrait, sans)
        cellules = lignes[rang].split(";")
        for place in range(1, len(cellules)):
            debut, suite = ";".join(cellules[:place]), ";".join(cellules[place:])
            for entre in (";\n", "\n;", "\n"):
                lignes[rang] = debut + entre + suite
                verifier(tmp_path, extrait, "\n".join(lignes), courtes=1)


@EXTRAITS
def test_a_quote_added_to_a_cell(tmp_path: Path, extrait: str) -> None:
    rangees = propre(extrait)
    for rang, lignes in une_ligne_changee(rangees):
        for place in range(len(rangees[0])):
            cellules = [cellule(c) for c in rangees[rang]]
            cellules[place] = '"' + cellules[place]
            lignes[rang] = ";".join(cellules)
            recue = verifier(tmp_path, extrait, "\n".join(lignes))
            assert (recue.rejetees, recue.acceptees) == (1, len(rangees) - 2)


@EXTRAITS
def test_a_quote_opened_in_a_row_and_closed_in_another(tmp_path: Path, extrait: str) -> None:
    rangees = propre(extrait)
    largeur = len(rangees[0])
    for place in range(largeur):
        for autre in {0, place, largeur - 1}:
            essai = [[cellule(c) for c in rangee] for rangee in rangees]
            essai[1][place] = '"' + essai[1][place]
            essai[2][autre] += '"'
            _, lues = charger(tmp_path, extrait, "\n".join(map(";".join, essai)))
            # The row that holds the end of the quote has it as text, in its own cell.
            essai[2][autre] = cellule(essai[2][autre])
            assert lues <= charger(tmp_path, extrait, "\n".join(map(";".join, essai)))[1]


@EXTRAITS
def test_the_quotation_marks_of_a_row(tmp_path: Path, extrait: str) -> None:
    rangees = propre(extrait)
    for rang, lignes in une_ligne_changee(rangees):
        for debut, fin in (("'", "'"), ('" ', ' "'), ('"', '\\"'), ('\\"', '\\"'), ('"', "")):
            lignes[rang] = ";".join(f"{debut}{c}{fin}" for c in rangees[rang])
            verifier(tmp_path, extrait, "\n".join(lignes))


@EXTRAITS
def test_quotes_escaped_with_a_backslash(tmp_path: Path, extrait: str) -> None:
    rangees = propre(extrait)
    for rang, lignes in une_ligne_changee(rangees):
        for place in range(len(rangees[0])):
            cellules = [cellule(c) for c in rangees[rang]]
            cellules[place] = f'"dit \\"{rangees[rang][place]}\\" ; bis"'
            lignes[rang] = ";".join(cellules)
            recue = verifier(tmp_path, extrait, "\n".join(lignes))
            assert recue.rejetees == 1
