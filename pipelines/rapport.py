"""The full list of what is wrong in one delivered file, written for the person who will mend it.

As CSV: the list. As XLSX: the list, and a copy of the delivered sheet where faulty cells are
coloured and carry a note. Nothing about a person is written: what the list masks is masked in the
copy too, with everything that the contract does not know. Finding the faults does not belong here.
"""

import csv
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]

from pipelines.erreurs import Faute, Refus
from pipelines.ingestion import classeur, csv_texte, depot
from pipelines.ingestion.cellules import CELLULES, DATE_EXCEL, LIGNE
from pipelines.ingestion.controle import IMPERSONNEL, MASQUE, Regles, montrable
from pipelines.ingestion.lecture import Reconnu, cle_de_nom
from pipelines.ingestion.livraison import Reception

COLONNES = ("fichier", "feuille", "ligne", "colonne", "regle", "valeur", "message", "a_faire")
LISTE, COPIE = "Rejets", "Copie"
REFUS = "refus"
CONSEILS = {
    "structure": "chercher un séparateur de trop, ou entourer le texte de guillemets",
    "obligatoire": "remplir la cellule",
    "type": "écrire la valeur dans la forme attendue",
    "code": "choisir une valeur de la liste",
    "borne": "vérifier la valeur : elle sort des limites permises",
    "coherence": "vérifier les deux colonnes : elles se contredisent",
    "siret": "recopier le SIRET : un chiffre est faux ou manque",
    "inconnu": "recopier l'identifiant de la feuille de route",
    "date_future": "vérifier la date, ou livrer la ligne le mois venu",
    "cle_en_double": "ne garder qu'une ligne par clé",
    REFUS: "mettre le fichier en ordre, puis le vérifier de nouveau",
}
_LARGEURS = (24, 14, 8, 24, 14, 24, 70, 60)
_LIGNES_MAX, _TEXTE_MAX = 1_048_576, 32_767  # what a sheet and a cell can hold
_NOTES_MAX = 10_000  # beyond that, Excel and LibreOffice take minutes to open the file
_SANS_NOTE = f"Plus bas, les cellules fautives sont colorées sans note : voir la feuille {LISTE}."
_FORMULE = re.compile(r"[=+@\t\r]|-(?![0-9 .,]*$)")


class Rejet(NamedTuple):
    """One broken rule of one row, masked where it must be."""

    ligne: int | None
    colonne: str | None
    regle: str
    valeur: str | None
    message: str


def motifs(bilan: Reception) -> list[str]:
    """Why a whole file is refused; nothing where it is not."""
    return bilan.motif.split(" ; ") if bilan.motif else []


def nom_montrable(nom: str, regles: Regles) -> str:
    """A column's name as delivered; in an extract about persons, masked if it holds a number."""
    nom = nom.removeprefix(DATE_EXCEL)
    return MASQUE if regles.personnelles and not re.search(IMPERSONNEL, nom) else nom


def admettre(rapport: Path, fichier: Path, extraits: Collection[str]) -> None:
    """Make sure that a report may be written there, before anything is read.

    Raises:
        Faute: it is neither .csv nor .xlsx, or would stand where a delivery stands.
    """
    if rapport.suffix not in (".csv", ".xlsx"):
        raise Faute(f"Le rapport «{rapport}» doit se terminer par .csv ou .xlsx.")
    if rapport.exists() and rapport.samefile(fichier):
        raise Faute(f"Le rapport «{rapport}» écraserait le fichier vérifié : le nommer autrement.")
    place = "/".join(rapport.absolute().parts[-3:])
    if not depot.reconnaitre(place, extraits).motif:
        raise Faute(f"Le rapport «{rapport}» passerait pour une livraison : l'écrire ailleurs.")


def ecrire(
    rapport: Path, chemin: Path, bilan: Reception, regles: Regles, rejets: Sequence[Rejet]
) -> None:
    """Write the report of the file `chemin`; an earlier report is replaced whole.

    Raises:
        Faute: it cannot be written there.
    """
    refus = [Rejet(None, None, REFUS, None, motif) for motif in motifs(bilan)]
    feuille = bilan.reconnu.feuille if bilan.reconnu else ""
    rangees = (
        [bilan.fichier.nom, feuille, *rejet, CONSEILS[rejet.regle]] for rejet in [*refus, *rejets]
    )
    try:
        with _remplacer(rapport) as flux:
            if rapport.suffix == ".csv":
                _ecrire_csv(flux, rangees)
            else:
                _ecrire_classeur(flux, rangees, chemin, bilan.reconnu, regles, rejets)
    except OSError as erreur:
        raise Faute(f"Le rapport «{rapport}» ne peut pas être écrit ({erreur.strerror}).") from None


@contextmanager
def _remplacer(chemin: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `chemin` once it is whole."""
    if chemin.is_dir():
        raise IsADirectoryError(21, "c'est un dossier")
    partiel = chemin.with_name(f".{chemin.name}.{os.getpid()}")
    try:
        with partiel.open("wb") as flux:
            yield flux
        partiel.replace(chemin)
    finally:
        partiel.unlink(missing_ok=True)


def _ecrire_csv(flux: IO[bytes], rangees: Iterable[Sequence[Any]]) -> None:
    flux.write(_en_csv(COLONNES).encode("utf-8-sig"))
    for rangee in rangees:
        flux.write(_en_csv(map(_inoffensif, rangee)).encode())


def _en_csv(cellules: Iterable[Any]) -> str:
    ligne: list[str] = []
    csv.writer(_Ligne(ligne), delimiter=";").writerow(cellules)
    return ligne[0]


class _Ligne:
    """Where the csv module writes one line."""

    def __init__(self, lignes: list[str]) -> None:
        self.write = lignes.append


def _inoffensif(valeur: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{valeur}" if isinstance(valeur, str) and _FORMULE.match(valeur) else valeur


def _ecrire_classeur(
    flux: IO[bytes],
    rangees: Iterable[Sequence[Any]],
    chemin: Path,
    reconnu: Reconnu | None,
    regles: Regles,
    rejets: Sequence[Rejet],
) -> None:
    with xlsxwriter.Workbook(flux, {"constant_memory": True}) as sortie:
        gras = sortie.add_format({"bold": True, "bottom": 1})
        liste = sortie.add_worksheet(LISTE)
        for rang, (nom, largeur) in enumerate(zip(COLONNES, _LARGEURS, strict=True)):
            liste.set_column(rang, rang, largeur)
            liste.write_string(0, rang, nom, gras)
        liste.freeze_panes(1, 0)
        for ligne, rangee in enumerate(rangees, start=1):
            if ligne == _LIGNES_MAX - 1:
                liste.write_string(ligne, 0, "La suite ne tient pas ici : demander un .csv.")
                break
            for rang, valeur in enumerate(rangee):
                if isinstance(valeur, int):
                    liste.write_number(ligne, rang, valeur)
                elif valeur:
                    liste.write_string(ligne, rang, valeur[:_TEXTE_MAX])
        if reconnu:
            _copier(sortie, chemin, reconnu, regles, rejets)


def _copier(
    sortie: Any, chemin: Path, reconnu: Reconnu, regles: Regles, rejets: Sequence[Rejet]
) -> None:
    """The delivered sheet, text by text, each row under its own number."""
    gras = sortie.add_format({"bold": True, "bottom": 1})
    faute = sortie.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
    copie = sortie.add_worksheet(COPIE)
    copie.freeze_panes(reconnu.ligne_entete, 0)
    copie.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    par_ligne: dict[int, list[Rejet]] = {}
    for rejet in rejets:
        par_ligne.setdefault(rejet.ligne or 0, []).append(rejet)
    places: dict[str, int] = {}
    largeur = notes = 0
    for trame in _trames(chemin, reconnu):
        entete = trame.filter(pl.col(LIGNE) == reconnu.ligne_entete)
        if entete.height:
            noms = [c or "" for c in entete[CELLULES][0]]
            places = _places(noms, regles)
            largeur = max(i for i, nom in enumerate(noms) if nom.strip()) + 1
        for numero, cellules in _montrer(trame, reconnu, places, regles):
            if numero == _LIGNES_MAX:
                copie.write_string(numero - 1, 0, "La suite ne tient pas dans une feuille.", faute)
                return
            fautes = par_ligne.get(numero, ())
            messages = _messages(fautes, places, largeur)
            entiere = any(rejet.regle == "structure" for rejet in fautes)
            # Cells that are empty, or missing at the end of a short row, may be faulty too.
            for rang in range(max(len(cellules), *(i + 1 for i in messages), 0)):
                texte = cellules[rang] if rang < len(cellules) else ""
                style = gras if numero == reconnu.ligne_entete else None
                if entiere or rang in messages:
                    style = faute
                if texte:
                    copie.write_string(numero - 1, rang, texte[:_TEXTE_MAX], style)
                elif style:
                    copie.write_blank(numero - 1, rang, None, style)
                if rang in messages and notes < _NOTES_MAX:
                    notes += 1
                    suite = [_SANS_NOTE] if notes == _NOTES_MAX else []
                    copie.write_comment(numero - 1, rang, "\n".join(messages[rang] + suite))


def _trames(chemin: Path, reconnu: Reconnu) -> Iterator[pl.DataFrame]:
    """All the cells of the sheet that was read, what stands above its header too."""
    sources = classeur.sources if chemin.suffix == ".xlsx" else csv_texte.sources
    try:
        for source in sources(chemin):
            if (source.separateur, source.feuille) == (reconnu.separateur, reconnu.feuille):
                yield from source.trames
                return
    except Refus:  # the copy stops where reading did: the list says why
        return


def _places(noms: Sequence[str], regles: Regles) -> dict[str, int]:
    """Where the contract's columns stand in a header."""
    par_cle = {cle_de_nom(nom): nom for nom in regles.connues}
    return {par_cle[cle_de_nom(nom)]: i for i, nom in enumerate(noms) if cle_de_nom(nom) in par_cle}


def _messages(
    rejets: Iterable[Rejet], places: dict[str, int], largeur: int
) -> dict[int, list[str]]:
    """The notes of a row, by position.

    What is said of a missing column stands on the first cell; of a row too long, on the first cell
    beyond the header.
    """
    messages: dict[int, list[str]] = {}
    for rejet in rejets:
        place = places.get(rejet.colonne, 0) if rejet.colonne else largeur
        messages.setdefault(place, []).append(f"[{rejet.regle}] {rejet.message}")
    return messages


def _montrer(
    trame: pl.DataFrame, reconnu: Reconnu, places: dict[str, int], regles: Regles
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a frame as they may be shown."""
    if not regles.personnelles:
        for numero, cellules in trame.iter_rows():
            yield numero, [(c or "").removeprefix(DATE_EXCEL) for c in cellules]
        return
    # About persons, only the cells of known columns are shown, as the list would show them.
    cellules = pl.col(CELLULES)
    vus = {
        place: trame.select(valeur=cellules.list.get(place, null_on_oob=True).str.strip_chars())
        .select(montrable(nom, regles))["valeur"]
        .to_list()
        for nom, place in places.items()
        if nom not in regles.personnelles
    }
    for i, (numero, textes) in enumerate(trame.iter_rows()):
        if numero == reconnu.ligne_entete:
            yield numero, [nom_montrable(c or "", regles) for c in textes]
            continue
        visibles = vus if numero > reconnu.ligne_entete else {}
        yield (
            numero,
            [
                (visibles[j][i] or "") if j in visibles else (c or "").strip() and MASQUE
                for j, c in enumerate(textes)
            ],
        )
