"""Deliveries about persons who do not exist, made so that a leak is recognised at sight.

Every number begins with `CIR-SECRET-` or 9876543, every birth date is between 1950 and 1999, the
phone is 06 79 86 75 43, the address has `zzsecret`, and nothing else in the deliveries is.
Personal values stand in their own columns, and in all others; a name too where rows are about
persons. In the other extracts they stand wherever words are free, and in names.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from pipelines.contrats import tous
from tests.feuilles import courte
from tests.ingestion.test_controle import EXTRAITS, cellules
from tests.reduction import EXTRAITS as PEU
from tests.reduction import reduire

COLONNES = (
    "numero_cir",
    "numero_etranger",
    "departement",
    "date_titre",
    "date_convocation",
    "date_signature",
    "sexe",
    "date_naissance",
    "nationalite",
    "motif_admission",
    "bpi",
    "niveau_initial",
    "heures_prescrites",
    "heures_realisees",
    "date_fin_formation",
    "niveau_atteint",
    "jours_formation_civique",
    "retrait",
)
Cellule = str | date | int
PLACE = "ofii/cir_signataires"
_NAISSANCE = COLONNES.index("date_naissance")
BONNES, FAUTIVES = 600, 30
PRENOM = "ZZFatoumata"
DIT = "ZZMariam Traoré"
TELEPHONE, COURRIEL = "06 79 86 75 43", "fatou.zzsecret@exemple.fr"
FORMES = (COURRIEL, "née le 12/03/1987", "98 76 54 32 10")
TOUT = f"Pour {DIT}, {', '.join(FORMES)}, 9876543210 (tél. 0679867543, 59 {TELEPHONE})"


def personne(n: int) -> list[Cellule]:
    """An accepted row."""
    return [
        f"CIR-SECRET-{n:04}",
        9876543000 + n % 1000,
        ("02", "59", "60", "62", "80")[n % 5],
        date(2020, 1, 6),
        date(2020, 2, 3),
        date(2020, 3, 2) + timedelta(n % 28),
        "HF"[n % 2],
        date(1950, 1, 2) + timedelta(13 * n % 18_000),
        ("AFG", "SYR", "MLI")[n % 3],
        ("FAM", "HUM", "ECO")[n % 3],
        "ON"[n % 2],
        "INFRA_A1",
        200,
        150,
        date(2020, 9, 1),
        "A1",
        4,
        "",
    ]


def fautives(premiere: int) -> list[list[Cellule]]:
    """Rows with a cell too few, one too many, all moved on, or a birth date that is none."""
    largeur = len(COLONNES)
    rangees = []
    for i in range(largeur):
        rangee = personne(premiere + i)
        rangees.append(rangee[:i] + rangee[i + 1 :])
        rangee = personne(premiere + largeur + i)
        rangees.append([*rangee[:i], "", *rangee[i:-1], "N"])
        rangee = personne(premiere + 2 * largeur + i)
        rangees.append(rangee[i:] + rangee[:i])
    for naissance in ("31/02/1987", "12/03/87", "1987-3-32", "12.03.1987", "1987", "vers 1987"):
        rangee = personne(premiere + 3 * largeur)
        rangee[_NAISSANCE] = naissance
        rangees.append(rangee)
        rangees.append(rangee[1:])
        rangees.append([rangee[_NAISSANCE], *rangee])
    for i in range(1, largeur):
        rangee = personne(premiere + 4 * largeur + i)
        rangees.append([*rangee[:i], PRENOM, *rangee[i + 1 :]])
    return rangees


def _texte(cellule: Cellule, francais: bool) -> str:
    if isinstance(cellule, date):
        return f"{cellule:%d/%m/%Y}" if francais else cellule.isoformat()
    return str(cellule)


def csv(rangees: Sequence[Sequence[Cellule]], francais: bool = True) -> str:
    """Rows as CSV, dates in one of the two forms."""
    return "".join(";".join(_texte(c, francais) for c in rangee) + "\n" for rangee in rangees)


def classeur(chemin: Path, rangees: Sequence[Sequence[Cellule]]) -> None:
    """Rows as a workbook, dates as real dates."""
    with xlsxwriter.Workbook(chemin) as livre:
        jour = livre.add_format({"num_format": "dd/mm/yyyy"})
        feuille = livre.add_worksheet("Signataires")
        for y, rangee in enumerate(rangees):
            for x, cellule in enumerate(rangee):
                if isinstance(cellule, date):
                    feuille.write_datetime(y, x, cellule, jour)
                else:
                    feuille.write(y, x, cellule)


@contextmanager
def region(racine: Path) -> Iterator[tuple[Path, pytest.MonkeyPatch]]:
    """A small region without deliveries: the folder for those of persons, and what was patched."""
    place = racine / "raw" / PLACE
    place.mkdir(parents=True)
    courte(racine / "feuille", ("cir_signataires",))
    with pytest.MonkeyPatch.context() as env:
        env.setenv("DAGSTER_HOME", str(racine / "dagster"))
        reduire(env.setattr, ("lisible", "qualite"), (PLACE, *PEU))
        yield place, env


def deposer(raw: Path) -> None:
    """Write the deliveries: accepted, with rejections, refused in every way, out of place."""
    dossier = raw / PLACE
    dossier.mkdir(parents=True)
    entete: list[list[Cellule]] = [[*COLONNES]]
    bonnes = [personne(n) for n in range(BONNES)]
    # Few enough in each for the file to be accepted: dates J/M/AAAA, AAAA-MM-JJ, then Excel's.
    for n, debut in enumerate(range(0, len(fautives(0)), FAUTIVES)):
        lot = fautives(2000)[debut : debut + FAUTIVES]
        rangees = [*entete, *bonnes, *lot, bonnes[0]]
        (dossier / f"{2020 + n}-10.csv").write_text(csv(rangees))
        (dossier / f"{2020 + n}-11.csv").write_text(csv(rangees, francais=False))
        classeur(dossier / f"{2020 + n}-12.xlsx", rangees)
    retraits = [[*personne(n)[:-1], "O"] for n in range(5)]
    (dossier / "2020-09.csv").write_text(csv([*entete, *retraits, *bonnes[9:99]]))
    classeur(dossier / "2020-09.v2.xlsx", [["Au 12/03/1987, M. CIR-SECRET-0001"], *entete, *bonnes])

    # Refused: all rejected, header cut off, repeated or glued to a row, bytes. Read: quote, UTF-16.
    (dossier / "2021-03.csv").write_text(csv([*entete, *fautives(3000)]))
    classeur(dossier / "2021-03_b.xlsx", [*entete, *fautives(3000)])
    (dossier / "2021-03_c.csv").write_text(csv(bonnes[:9]))
    (dossier / "2021-03_d.csv").write_text(csv([[*COLONNES, "numero_cir"], *bonnes[:9]]))
    (dossier / "2021-03_e.csv").write_text(csv([[*COLONNES, *personne(7)], *bonnes[:9]]))
    (dossier / "2021-03_f.csv").write_text(csv([*entete, *bonnes[:9], ['"CIR-SECRET-0001', "x"]]))
    (dossier / "2021-03_g.csv").write_text(csv([*entete, *bonnes[:9]]), encoding="utf-16")
    (dossier / "2021-03_h.csv").write_bytes(csv([*entete, *bonnes[:9]]).encode() + b"\x81\x00")
    (dossier / "2021-03_i.xlsx").write_text(csv([*entete, *bonnes[:9]]))
    classeur(dossier / "2021-03_j.xlsx", [bonnes[0], *bonnes[:9]])
    classeur(dossier / "2021-03_k.xlsx", [[*COLONNES, *personne(7)], *bonnes[:9]])
    (dossier / "export.csv").write_text(csv([*entete, *bonnes[:9]]))
    for place in ("ofii", "ddcs/projets", "rectorat/oepre"):
        (raw / place).mkdir(parents=True, exist_ok=True)
        (raw / place / "2021-03.csv").write_text(csv([*entete, *bonnes[:9]]))
    for extrait in EXTRAITS:
        if extrait != PLACE:
            _deposer_des_mots(raw, extrait)
    dossier = raw / "ddcs" / TELEPHONE
    dossier.mkdir()
    (dossier / "2021-03.csv").write_text("rien")
    for nom in (f"2021-07 du 12-03-1987, {COURRIEL}.csv", f"{COURRIEL}.csv", "2021-07 1987-03-12"):
        (raw / "ddcs" / "orientations" / nom).write_text("rien")


def _deposer_des_mots(raw: Path, extrait: str) -> None:
    """Write two deliveries of an extract, accepted, with persons wherever words are free."""
    dossier = raw / extrait
    dossier.mkdir(parents=True, exist_ok=True)
    rangees = des_mots(extrait)
    texte = "\n".join(";".join(rangee) for rangee in rangees)
    (dossier / "2021-05_0679867543.csv").write_text(texte + "\n", encoding="utf-8")
    with xlsxwriter.Workbook(dossier / "2021-06.xlsx") as livre:
        lue, autre, cachee = map(
            livre.add_worksheet, (f"Mme {TELEPHONE}", "née le 12-03-1987", COURRIEL)
        )
        cachee.hide()
        for y, rangee in enumerate(rangees[:-1]):
            lue.write_row(y, 0, rangee)
            cachee.write_row(y, 0, rangee)
        autre.write_row(0, 0, rangees[1][:2])


def des_mots(extrait: str) -> list[list[str]]:
    """A title, a header, rows accepted, three rejected, a total, a note."""
    colonnes = tous()[extrait].colonnes()
    bonne = cellules(EXTRAITS[extrait].valide)
    libres = [nom for nom, colonne in colonnes.items() if colonne.libre]
    dits = [TOUT]
    if any(colonnes[nom].cle for nom in libres):  # two keys, but for what is masked in them
        dits.append(TOUT.replace("9876543210", "9876543211"))
    accepte = [[dit if nom in libres else valeur for nom, valeur in bonne.items()] for dit in dits]
    rejete = [[bonne[nom] if nom in libres else forme for nom in bonne] for forme in FORMES]
    accepte = [[*rangee, DIT] for rangee in accepte]
    rejete = [[*rangee, COURRIEL] for rangee in rejete]
    entete = [*bonne, f"Contact {TELEPHONE}"]
    return [
        [f"Tableau de {DIT}, {TELEPHONE}"], entete, *accepte, *rejete,
        ["Total", *([COURRIEL] * len(bonne))], [f"Note : {TELEPHONE}"],
    ]  # fmt: skip
