"""How a made-up delivery becomes a file: the CSV and XLSX forms that partners really send.

Belongs here: encodings, separators, dates, numbers, titles and totals. Not here: what the rows say
(one module per source), nor words (see `libelles`). The same rows always give the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import xlsxwriter  # type: ignore[import-untyped]

from pipelines.simulation.libelles import code_en_clair, entete

Valeur = str | int | float | bool | date | None
Ligne = Mapping[str, Valeur]

MONTANTS = frozenset({"montant_accorde", "montant_prevu", "montant_consomme"})
PARUTION = datetime(2021, 7, 1)


@dataclass(frozen=True)
class Forme:
    """One way of writing a table. `lisible`: headers and codes as people write them."""

    extension: Literal["csv", "xlsx", "ods"]
    encodage: str = "utf-8"
    separateur: str = ";"
    fin_de_ligne: str = "\n"
    dates: Literal["iso", "francaise", "courte"] = "iso"
    booleens: tuple[str, str] = ("O", "N")
    vide: str = ""
    virgule: bool = True
    lisible: bool = False


CP1252 = Forme("csv", "cp1252", fin_de_ligne="\r\n", dates="francaise", lisible=True)
UTF8_BOM = Forme("csv", "utf-8-sig", booleens=("OUI", "NON"), lisible=True)
TABULATION = Forme("csv", separateur="\t", dates="courte", booleens=("1", "0"), vide="NC")
VIRGULE = Forme("csv", separateur=",", booleens=("VRAI", "FAUX"), virgule=False)
CLASSEUR = Forme("xlsx", booleens=("Oui", "Non"), lisible=True)
NUE = Forme("csv", booleens=("1", "0"), virgule=False)
"""No partner's: what any program reads as it is."""


@dataclass(frozen=True)
class Fichier:
    """One file to write. `nom` is AAAA-MM[_part][.vN]; `totaux` are summed at its foot."""

    extrait: str
    nom: str
    forme: Forme
    colonnes: tuple[str, ...]
    lignes: Sequence[Ligne]
    titre: str = ""
    totaux: tuple[str, ...] = ()

    @property
    def chemin(self) -> str:
        """The path under raw/."""
        return f"{self.extrait}/{self.nom}.{self.forme.extension}"

    def contenu(self) -> bytes:
        """The bytes of the file."""
        return _classeur(self) if self.forme.extension == "xlsx" else _csv(self)

    def entetes(self) -> list[str]:
        """The header row, with `retrait` where a row withdraws its key."""
        colonnes = [entete(nom) if self.forme.lisible else nom for nom in self.colonnes]
        return [*colonnes, "retrait"] if self.avec_retrait() else colonnes

    def avec_retrait(self) -> bool:
        """Whether a row withdraws its key."""
        return any("retrait" in ligne for ligne in self.lignes)

    def cles(self) -> tuple[str, ...]:
        """The names under which rows hold the cells, in order."""
        return (*self.colonnes, "retrait") if self.avec_retrait() else self.colonnes

    def total(self, colonne: str) -> float:
        """The sum that the total row shows for a column."""
        valeurs = (ligne.get(colonne) for ligne in self.lignes)
        return sum(valeur for valeur in valeurs if isinstance(valeur, int | float))


def ecrire(dossier: Path, fichier: Fichier) -> None:
    """Writes the file under `dossier`, replacing an older one."""
    chemin = dossier / fichier.chemin
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_bytes(fichier.contenu())


def _csv(fichier: Fichier) -> bytes:
    forme = fichier.forme
    texte = io.StringIO()
    sortie = csv.writer(texte, delimiter=forme.separateur, lineterminator=forme.fin_de_ligne)
    if fichier.titre:
        sortie.writerows([[fichier.titre], []])
    sortie.writerow(fichier.entetes())
    for ligne in fichier.lignes:
        sortie.writerow([_texte(cle, ligne.get(cle), forme) for cle in fichier.cles()])
    if fichier.totaux:
        sommes = [
            _texte(cle, fichier.total(cle), forme) if cle in fichier.totaux else ""
            for cle in fichier.cles()[1:]
        ]
        sortie.writerow(["Total", *sommes])
    return texte.getvalue().encode(forme.encodage)


def _texte(colonne: str, valeur: Valeur, forme: Forme) -> str:
    """A cell of a CSV file."""
    if valeur is None:
        return forme.vide
    if isinstance(valeur, bool):
        return forme.booleens[0 if valeur else 1]
    if isinstance(valeur, date):
        return _jour(valeur, forme)
    if isinstance(valeur, str):
        if colonne == "mois" and forme.dates == "francaise":
            return f"{valeur[5:]}/{valeur[:4]}"
        return code_en_clair(valeur) if forme.lisible else valeur
    if colonne in MONTANTS:
        return montant(valeur, forme)
    return str(valeur)


def _jour(jour: date, forme: Forme) -> str:
    if forme.dates == "iso":
        return jour.isoformat()
    if forme.dates == "courte":
        return f"{jour.day}/{jour.month}/{jour.year}"
    return f"{jour.day:02d}/{jour.month:02d}/{jour.year}"


def montant(valeur: float, forme: Forme) -> str:
    """Euros: «12 500,00» with a non-breaking space for people, «12500,00» or «12500.00» else."""
    if not forme.virgule:
        return f"{valeur:.2f}"
    milliers = "\u00a0" if forme.lisible else ""
    return f"{valeur:,.2f}".replace(",", milliers).replace(".", ",")


def _classeur(fichier: Fichier) -> bytes:
    """An Excel workbook: a title, the table, a total row of formulas, a page of notes."""
    octets = io.BytesIO()
    classeur = xlsxwriter.Workbook(octets, {"in_memory": True})
    classeur.set_properties({"title": fichier.titre, "created": PARUTION})
    formats = {
        "titre": classeur.add_format({"bold": True, "font_size": 14}),
        "entete": classeur.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        "jour": classeur.add_format({"num_format": "dd/mm/yyyy"}),
        "mois": classeur.add_format({"num_format": "mm/yyyy"}),
        "montant": classeur.add_format({"num_format": "#,##0.00"}),
    }
    feuille = classeur.add_worksheet("Données")
    feuille.write_string(0, 0, fichier.titre, formats["titre"])
    premiere = 3
    for colonne, libelle in enumerate(fichier.entetes()):
        feuille.write_string(premiere - 1, colonne, libelle, formats["entete"])
    for rang, ligne in enumerate(fichier.lignes, start=premiere):
        for colonne, cle in enumerate(fichier.cles()):
            _cellule(feuille, rang, colonne, cle, ligne.get(cle), formats)
    if fichier.totaux:
        _ligne_de_total(feuille, fichier, premiere)
    notes = classeur.add_worksheet("Notes")
    notes.write_string(0, 0, "Données fictives, écrites par pipelines/simulation.")
    classeur.close()
    return octets.getvalue()


def _cellule(
    feuille: Any, rang: int, colonne: int, cle: str, valeur: Valeur, formats: Mapping[str, Any]
) -> None:
    if valeur is None:
        return
    if isinstance(valeur, bool):
        feuille.write_string(rang, colonne, CLASSEUR.booleens[0 if valeur else 1])
    elif isinstance(valeur, date):
        feuille.write_datetime(rang, colonne, valeur, formats["jour"])
    elif isinstance(valeur, int | float):
        feuille.write_number(rang, colonne, valeur, formats["montant"] if cle in MONTANTS else None)
    elif cle == "mois":
        feuille.write_datetime(rang, colonne, date.fromisoformat(f"{valeur}-01"), formats["mois"])
    elif cle == "departement" and valeur.isdecimal():
        feuille.write_number(rang, colonne, int(valeur))
    else:
        feuille.write_string(rang, colonne, code_en_clair(valeur))


def _ligne_de_total(feuille: Any, fichier: Fichier, premiere: int) -> None:
    rang = premiere + len(fichier.lignes)
    feuille.write_string(rang, 0, "Total")
    for colonne, cle in enumerate(fichier.cles()):
        if cle in fichier.totaux:
            haut = xlsxwriter.utility.xl_rowcol_to_cell(premiere, colonne)
            bas = xlsxwriter.utility.xl_rowcol_to_cell(rang - 1, colonne)
            feuille.write_formula(rang, colonne, f"=SUM({haut}:{bas})", None, fichier.total(cle))
