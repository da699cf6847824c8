"""The full list of what is wrong in one delivered file, written for the person who will mend it.

As CSV: the list. As XLSX: the list, and a copy of each delivered sheet where faulty cells are
coloured and carry a note, and recognised columns are green. Nothing about a person is written: what
the list masks is masked in the copy too, with everything that the contract does not know. Finding
the faults does not belong here.
"""

import csv
import os
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import polars as pl

from pipelines.erreurs import Faute, Refus
from pipelines.ingestion import depot
from pipelines.ingestion.cellules import CELLULES, LIGNE, MARQUES, MASQUE
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.doutes import CELLULE_FUSIONNEE, FORMULE_SANS_VALEUR
from pipelines.ingestion.lecture import Reconnu, ouvrir, sources
from pipelines.ingestion.masques import Masque
from pipelines.ingestion.montrables import montrer, nom_montre
from pipelines.ingestion.octets import Octets
from pipelines.ingestion.reception import Reception

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
_CONSEILS_DU_CLASSEUR = {
    "structure": "vider la cellule au-delà de l'en-tête, ou donner un nom à sa colonne",
}
_LARGEURS = (24, 14, 8, 24, 14, 24, 70, 60)
_LIGNES_MAX, _TEXTE_MAX = 1_048_576, 32_767  # what a sheet and a cell can hold
_LARGEUR_MIN, _LARGEUR_MAX = 10, 40
_NOTES_MAX = 10_000  # beyond that, Excel and LibreOffice take minutes to open the file
_SANS_NOTE = f"Plus bas, les cellules fautives sont colorées sans note : voir la feuille {LISTE}."
_FORMULE = re.compile(r"[=+@\t\r]|-(?![0-9 .,]*$)")


_CONSEILS_DES_VIDES = {
    CELLULE_FUSIONNEE: "défusionner les cellules de la colonne, et écrire la valeur dans chacune",
    FORMULE_SANS_VALEUR: "ouvrir le classeur dans un tableur, le recalculer, l'enregistrer",
}
"""Cells that read as empty, though something is seen in them: filling them is not what to do."""


def conseil(rejet: "Rejet", bilan: Reception) -> str:
    """What to do of a broken rule: in a workbook, in a CSV, where a cell only reads as empty."""
    for doute in bilan.doutes if rejet.regle == "obligatoire" else ():
        ici = (doute.colonne, doute.feuille) == (rejet.colonne, rejet.feuille)
        if ici and doute.doute in _CONSEILS_DES_VIDES:
            return _CONSEILS_DES_VIDES[doute.doute]
    classeur = any(bilan.feuilles)
    return (classeur and _CONSEILS_DU_CLASSEUR.get(rejet.regle)) or CONSEILS[rejet.regle]


class Rejet(NamedTuple):
    """One broken rule of one row, masked where it must be; no sheet in a CSV."""

    feuille: str
    ligne: int | None
    colonne: str | None
    regle: str
    valeur: str | None
    message: str


def motifs(bilan: Reception) -> list[str]:
    """Why a whole file is refused; nothing where it is not."""
    return bilan.motif.split(" ; ") if bilan.motif else []


def admettre(rapport: Path, fichier: Path, extraits: Collection[str]) -> None:
    """Make sure that a report may be written there, before anything is read.

    Raises:
        Faute: it is neither .csv nor .xlsx, would stand where a delivery stands, or in the place of
            what is no report.
    """
    if rapport.suffix not in (".csv", ".xlsx"):
        raise Faute(f"Le rapport «{rapport}» doit se terminer par .csv ou .xlsx.")
    if rapport.exists() and rapport.samefile(fichier):
        raise Faute(f"Le rapport «{rapport}» écraserait le fichier vérifié : le nommer autrement.")
    place = "/".join(rapport.absolute().parts[-3:])
    if not depot.reconnaitre(place, extraits).motif:
        raise Faute(f"Le rapport «{rapport}» passerait pour une livraison : l'écrire ailleurs.")
    if rapport.is_file() and not _est_un_rapport(rapport):
        raise Faute(
            f"«{rapport}» existe, et n'est pas un rapport : rien n'y est écrit. "
            "Donner un autre nom."
        )


def _est_un_rapport(chemin: Path) -> bool:
    """Whether a file is what `ecrire` writes: the columns of the list, or its sheet."""
    try:
        if chemin.suffix == ".csv":
            with chemin.open(encoding="utf-8-sig") as flux:
                return flux.readline().rstrip("\r\n") == _en_csv(COLONNES).rstrip("\r\n")
        with zipfile.ZipFile(chemin) as classeur:
            return f'name="{LISTE}"'.encode() in classeur.read("xl/workbook.xml")
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return False


def ecrire(
    rapport: Path,
    chemin: Path,
    bilan: Reception,
    proche: Reconnu | None,
    regles: Regles,
    rejets: Sequence[Rejet],
) -> None:
    """Write the report of the file `chemin`; an earlier report is replaced whole.

    Where no header was found, `proche` is the row that comes nearest to one, if any.

    Raises:
        Faute: it cannot be written there.
    """
    refus = [Rejet("", None, None, REFUS, None, motif) for motif in motifs(bilan)]
    rangees = [[bilan.fichier.nom, *r, conseil(r, bilan)] for r in [*refus, *rejets]]
    try:
        with remplacer(rapport) as flux:
            if rapport.suffix == ".csv":
                _ecrire_csv(flux, rangees)
            else:
                lus = _lus(chemin, bilan, proche, regles)
                _ecrire_classeur(flux, rangees, chemin, lus, regles, rejets, bilan.fichier.mois)
    except OSError as erreur:
        raise Faute(f"Le rapport «{rapport}» ne peut pas être écrit ({erreur.strerror}).") from None


def _lus(chemin: Path, bilan: Reception, proche: Reconnu | None, regles: Regles) -> list[Reconnu]:
    """Where the header is, or nearly is, on each sheet to copy."""
    if not bilan.reconnu:
        return [proche] if proche else []
    if len(bilan.feuilles) == 1:
        return [bilan.reconnu]
    fichier = bilan.fichier
    ouverte = ouvrir(
        chemin, regles.obligatoires, regles.connues, regles.pour(fichier), fichier.mois
    )
    return [tableau.reconnu for tableau in ouverte.toutes()]


@contextmanager
def remplacer(chemin: Path) -> Iterator[IO[bytes]]:
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
    rangees: Sequence[Sequence[Any]],
    chemin: Path,
    lus: Sequence[Reconnu],
    regles: Regles,
    rejets: Sequence[Rejet],
    mois: str,
) -> None:
    import xlsxwriter  # type: ignore[import-untyped]  # here: it takes a while, few ask for it

    with xlsxwriter.Workbook(flux, {"constant_memory": True}) as sortie:
        gras = sortie.add_format({"bold": True, "bottom": 1})
        entier = sortie.add_format({"text_wrap": True, "valign": "top"})
        liste = sortie.add_worksheet(LISTE)
        for rang, (nom, largeur) in enumerate(zip(COLONNES, _LARGEURS, strict=True)):
            liste.set_column(rang, rang, largeur)
            liste.write_string(0, rang, nom, gras)
        liste.freeze_panes(1, 0)
        derniere = min(len(rangees), _LIGNES_MAX - 1)
        liste.autofilter(0, 0, derniere, len(COLONNES) - 1)
        _mettre_en_page(liste)
        for ligne, rangee in enumerate(rangees, start=1):
            if ligne == _LIGNES_MAX - 1:
                liste.write_string(ligne, 0, "La suite ne tient pas ici : demander un .csv.")
                break
            for rang, valeur in enumerate(rangee):
                if isinstance(valeur, int):
                    liste.write_number(ligne, rang, valeur, entier)
                elif valeur:
                    liste.write_string(ligne, rang, valeur[:_TEXTE_MAX], entier)
        styles = _Styles(
            gras,
            sortie.add_format({"bold": True, "bottom": 1, "bg_color": "#C6EFCE"}),
            sortie.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"}),
        )
        for rang, reconnu in enumerate(lus, start=1):
            nom = COPIE if len(lus) == 1 else _nom_de_copie(rang, reconnu.feuille)
            copie = sortie.add_worksheet(nom)
            siens = [r for r in rejets if len(lus) == 1 or r.feuille == reconnu.feuille]
            _copier(copie, styles, chemin, reconnu, regles, siens, mois)


class _Styles(NamedTuple):
    """How cells of a copy look: a name, that of a known column, a fault."""

    nom: Any
    connu: Any
    faute: Any


def _nom_de_copie(rang: int, feuille: str) -> str:
    """A name that a sheet may have, unlike any other."""
    return re.sub(r"[\[\]:*?/\\'\x00-\x1f]", "_", f"{COPIE} {rang} {feuille}")[:28]


def _mettre_en_page(feuille: Any) -> None:
    """One page wide once printed, the header on each."""
    feuille.set_landscape()
    feuille.set_paper(9)
    feuille.fit_to_pages(1, 0)
    feuille.repeat_rows(0)


def _copier(
    copie: Any,
    styles: _Styles,
    chemin: Path,
    reconnu: Reconnu,
    regles: Regles,
    rejets: Sequence[Rejet],
    mois: str,
) -> None:
    """A delivered sheet, text by text, each row under its own number."""
    copie.freeze_panes(reconnu.ligne_entete, 0)
    copie.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    par_ligne: dict[int, list[Rejet]] = {}
    for rejet in rejets:
        par_ligne.setdefault(rejet.ligne or 0, []).append(rejet)
    manquantes = [nom for nom in reconnu.absentes if nom in regles.obligatoires]
    places: dict[str, int] = {}
    largeurs: dict[int, int] = {}
    largeur = notes = derniere = 0
    for trame in _trames(chemin, reconnu):
        entete = trame.filter(pl.col(LIGNE) == reconnu.ligne_entete)
        if entete.height:
            noms = [c or "" for c in entete[CELLULES][0]]
            places = dict(reconnu.positions)
            largeur = max(i for i, nom in enumerate(noms) if nom.strip()) + 1
        for numero, cellules in _montrer(trame, reconnu, places, regles, mois):
            if numero == _LIGNES_MAX:
                suite = "La suite ne tient pas dans une feuille."
                copie.write_string(numero - 1, 0, suite, styles.faute)
                break
            derniere = numero
            fautes = par_ligne.get(numero, ())
            messages = _messages(fautes, places, largeur)
            entiere = any(rejet.regle == "structure" for rejet in fautes)
            # Cells that are empty, or missing at the end of a short row, may be faulty too.
            for rang in range(max(len(cellules), *(i + 1 for i in messages), 0)):
                texte = cellules[rang] if rang < len(cellules) else ""
                style = None
                if numero == reconnu.ligne_entete:
                    style = styles.connu if rang in places.values() else styles.nom
                if entiere or rang in messages:
                    style = styles.faute
                if texte:
                    copie.write_string(numero - 1, rang, texte[:_TEXTE_MAX], style)
                    if numero >= reconnu.ligne_entete and rang < largeur:
                        largeurs[rang] = max(largeurs.get(rang, 0), len(texte))
                elif style:
                    copie.write_blank(numero - 1, rang, None, style)
                if rang in messages and notes < _NOTES_MAX:
                    notes += 1
                    suite_ = [_SANS_NOTE] if notes == _NOTES_MAX else []
                    copie.write_comment(numero - 1, rang, "\n".join(messages[rang] + suite_))
            if numero == reconnu.ligne_entete:
                for rang, nom in enumerate(manquantes, start=max(largeur, len(cellules))):
                    manque = f"MANQUE : {nom}"
                    copie.write_string(numero - 1, rang, manque, styles.faute)
                    largeurs[rang] = len(manque)
    for rang, mesure in largeurs.items():
        copie.set_column(rang, rang, min(max(mesure + 2, _LARGEUR_MIN), _LARGEUR_MAX))
    if largeur:
        haut = reconnu.ligne_entete - 1
        copie.autofilter(haut, 0, max(derniere - 1, haut), largeur - 1)
        _mettre_en_page(copie)
        copie.repeat_rows(haut)


def _trames(chemin: Path, reconnu: Reconnu) -> Iterator[pl.DataFrame]:
    """All the cells of the sheet that was read, what stands above its header too."""
    try:
        for source in sources(Octets.de(chemin)):
            if (source.separateur, source.feuille) == (reconnu.separateur, reconnu.onglet):
                yield from source.trames
                return
    except Refus:  # the copy stops where reading did: the list says why
        return


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
    trame: pl.DataFrame, reconnu: Reconnu, places: dict[str, int], regles: Regles, mois: str
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a frame as they may be shown."""
    if not regles.personnelles:
        masque = Masque(mois)
        for numero, cellules in trame.iter_rows():
            yield numero, [masque.texte((c or "").lstrip(MARQUES)) for c in cellules]
        return
    # About persons, only the cells of known columns are shown, as the list would show them.
    cellules = pl.col(CELLULES)
    vus = {
        place: montrer(
            trame.select(cellules.list.get(place, null_on_oob=True).str.strip_chars()).to_series(),
            nom,
            regles,
            mois,
            lignes=True,
        ).to_list()
        for nom, place in places.items()
        if nom not in regles.personnelles
    }
    for i, (numero, textes) in enumerate(trame.iter_rows()):
        if numero == reconnu.ligne_entete:
            connues = set(places.values())
            noms = enumerate(c or "" for c in textes)
            yield (
                numero,
                [nom_montre(c, regles, mois, proche=j in connues) if c else "" for j, c in noms],
            )
            continue
        visibles = vus if numero > reconnu.ligne_entete else {}
        yield (
            numero,
            [
                (visibles[j][i] or "") if j in visibles else (c or "").strip() and MASQUE
                for j, c in enumerate(textes)
            ],
        )
