"""Names of columns that are nearly right: what a header may have meant.

Only ever a question to the person who delivers: nothing that is guessed here is read.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz import fuzz, process

from pipelines.erreurs import Refus
from pipelines.ingestion.cellules import MARQUES, Source
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.lecture import LIGNES_D_ENTETE, Reconnu, nom_de_feuille, sources
from pipelines.ingestion.noms import cle_de_nom, de_notice
from pipelines.ingestion.octets import Octets

_LONGUEUR_MAX = 80
_PROCHE, _TRES_PROCHE = 60, 75
# What a text may have been written in, when it was read as Windows-1252.
_ECRITURES = {"utf-8": "UTF-8", "cp850": "DOS (cp850)", "mac-roman": "Mac"}


def voulus(
    ignorees: Iterable[str], absentes: Iterable[str], personnelles: Collection[str] = ()
) -> dict[str, str]:
    """For each ignored name that looks like it, the absent column that may have been meant.

    A personal column is asked about only where the name is very near: «Date de délivrance» is no
    date of birth.
    """
    par_cle = {cle_de_nom(nom): nom for nom in absentes}
    trouves = {}
    for nom in ignorees:
        cle = cle_de_nom(nom.casefold().replace("n°", "numero "))
        if len(cle) > _LONGUEUR_MAX:
            continue
        for proche, note, _ in process.extract(cle, list(par_cle), scorer=fuzz.ratio, limit=None):
            seuil = _TRES_PROCHE if par_cle[proche] in personnelles else _PROCHE
            if note >= seuil:
                trouves[nom] = par_cle.pop(proche)
                break
    return trouves


@dataclass(frozen=True)
class MalDecode:
    """A name whose letters are those of another encoding: as it was read, as it was written."""

    lu: str
    ecrit: str
    encodage: str


def mal_decodes(ignorees: Iterable[str], absentes: Iterable[str]) -> list[MalDecode]:
    """The names that are those of absent columns once their bytes are read otherwise."""
    cles = {cle_de_nom(nom) for nom in absentes}
    trouves = []
    for nom in ignorees:
        for encodage, dit in _ECRITURES.items():
            try:
                ecrit = nom.encode("cp1252").decode(encodage)
            except UnicodeError:
                continue
            if ecrit != nom and cle_de_nom(ecrit) in cles:
                trouves.append(MalDecode(nom, ecrit, dit))
                break
    return trouves


def entete_proche(chemin: Path, regles: Regles) -> Reconnu | None:
    """In a file without a complete header, the row that has most of the names.

    Where none has any, the first row that has most cells; not in an extract about persons, whose
    rows may not be shown.
    """
    meilleure, merite = None, (0, 1)
    try:
        for rang, source in enumerate(sources(Octets.de(chemin)), start=1):
            if source.masquee or de_notice(source.feuille):
                continue
            for ligne, noms in _debut(source):
                essai = _reconnu(noms, regles)
                nombre = len(regles.connues) - len(essai.absentes)
                pleines = 0 if nombre or regles.personnelles else len(essai.ignorees)
                if (nombre, pleines) > merite:
                    merite = (nombre, pleines)
                    meilleure = replace(
                        essai, ligne_entete=ligne, encodage=source.encodage,
                        separateur=source.separateur, onglet=source.feuille,
                        feuille=nom_de_feuille(source.feuille, rang, ""),
                    )  # fmt: skip
    except (OSError, Refus):
        pass
    return meilleure


def _debut(source: Source) -> list[tuple[int, list[str]]]:
    """The first rows of a source; none where it cannot be read."""
    try:
        trame = next(iter(source.trames), None)
    except Refus:  # with another separator, the same text may well be read
        return []
    debut = trame.head(LIGNES_D_ENTETE).iter_rows() if trame is not None else []
    return [
        (n, [(c or "").lstrip(MARQUES).strip() for c in ligne])
        for n, ligne in debut
        if n <= LIGNES_D_ENTETE
    ]


def _reconnu(noms: list[str], regles: Regles) -> Reconnu:
    cles = [cle_de_nom(nom) for nom in noms]
    connues = {cle_de_nom(nom): nom for nom in regles.connues}
    return Reconnu(
        ignorees=tuple(
            nom for nom, cle in zip(noms, cles, strict=True) if cle and cle not in connues
        ),
        absentes=tuple(nom for cle, nom in connues.items() if cle not in cles),
        positions={connues[cle]: i for i, cle in enumerate(cles) if cle in connues},
    )
