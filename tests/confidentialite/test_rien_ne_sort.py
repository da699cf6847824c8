"""Nothing that the project writes holds what is a person's.

What is delivered is in `livraisons`, what is looked for in `fouille`. What masks them is tried here
too, value by value.
"""

import re
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import feuille_de_route
from pipelines.contrats import regles_de
from pipelines.entrepot import tables
from pipelines.gardees import Gardees
from pipelines.ingestion import controle, depot, livraison
from pipelines.ingestion.cellules import MASQUE
from pipelines.ingestion.examens import Examens
from pipelines.ingestion.montrables import montre
from pipelines.instance import MODELE
from tests.confidentialite.fouille import DIT, Contenu, fuites, tout
from tests.confidentialite.livraisons import BONNES, PLACE
from tests.ingestion.test_controle import EXTRAITS

REGLES = regles_de(feuille_de_route.lire())


@pytest.fixture(scope="module")
def contenus(ecrits: Path) -> list[Contenu]:
    """All of it, read once to be searched twice."""
    return list(tout(ecrits))


def test_deliveries_were_read_in_every_way(ecrits: Path) -> None:
    with duckdb.connect(ecrits / "warehouse" / "entrepot.duckdb", read_only=True) as con:
        statuts = dict(
            con.execute("select statut, count(*) from qualite.livraisons group by all").fetchall()
        )
        colonnes = con.execute(
            "select distinct colonne from qualite.rejets where source = 'ofii'"
        ).fetchall()
        lignes = con.execute(
            """
            select count(distinct numero_cir), count(distinct numero_etranger), min(age), max(age)
            from faits.ofii_cir_signataires
            where numero_cir similar to '[0-9a-f]{64}' and numero_etranger similar to '[0-9a-f]{64}'
            """
        ).fetchone()
    assert statuts["acceptee"] >= 10
    assert statuts["refusee"] >= 14
    assert statuts["remplacee"] == 1
    # Personal values have stood in every column, and in some beyond the last.
    assert {c for (c,) in colonnes} == {*REGLES[PLACE].connues, None}
    assert lignes is not None
    assert lignes[0] >= BONNES
    assert 20 <= lignes[2] < lignes[3] <= 70


def test_dagster_recorded_everything(ecrits: Path) -> None:
    assert list((ecrits / "dagster").rglob("*.db"))
    assert (ecrits / "refresh.stdout").stat().st_size
    assert (ecrits / "refresh.stderr").stat().st_size
    assert len(list(ecrits.glob("verifier-*"))) > 30


def test_nothing_personal_is_written_anywhere(contenus: list[Contenu]) -> None:
    assert fuites(contenus) == []


def test_others_read_nothing(ecrits: Path) -> None:
    """What is published, the group reads; what is kept, nobody else does."""
    ecrites = [ecrits / "warehouse", *(ecrits / "warehouse").rglob("*")]
    ecrites += [p for p in (ecrits / "dagster").rglob("*") if p.name != MODELE.name]
    droits = {str(p.relative_to(ecrits)): p.stat().st_mode & 0o777 for p in ecrites}
    assert {nom: oct(d) for nom, d in droits.items() if d & 0o027} == {}
    assert droits["warehouse"] == 0o750
    assert droits["warehouse/entrepot.duckdb"] == 0o640
    assert droits["warehouse/.gardees"] == 0o700


def test_the_chantier_leaves_nothing(ecrits: Path) -> None:
    restes = sorted(p.name for p in (ecrits / "warehouse").iterdir())
    assert restes == [".gardees", ".verrou", "bilan", "entrepot.duckdb", "plausibilite"]


def test_the_search_finds_what_is_not_masked(
    ecrits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same loading without its mask leaks, and that is seen."""
    monkeypatch.setattr(controle, "montrer", lambda textes, *autres: textes)
    raw = ecrits.parent / "raw"
    fichiers = [f for f in depot.inventaire(raw, REGLES, b"secret") if f.nom == "2020-10.csv"]
    with duckdb.connect(tmp_path / "entrepot.duckdb") as con:
        tables.creer(con, REGLES.values())
        examens = Examens(raw, b"cle", Gardees(None, b"cle"))
        assert list(livraison.charger(con, fichiers, REGLES[PLACE], examens))
    assert any("qualite.rejets.valeur" in fuite for fuite in fuites(tmp_path))


def test_what_anyone_may_write_is_nowhere_but_with_the_rows(
    ecrits: Path, contenus: list[Contenu]
) -> None:
    """A name in free words has no form: it is kept with them, and in the copy of its own file.

    The bilan itself, which does not leave as it is, prints the names of projects, tools, towns.
    """
    ou = {fuite.split(", ")[0].removeprefix(f"{ecrits}/") for fuite in fuites(contenus, DIT)}
    assert any(fichier.startswith("warehouse/.gardees/lectures/") for fichier in ou)
    permis = (
        r"warehouse/entrepot\.duckdb|warehouse/\.gardees/.*\.parquet|analystes/.*|verifier-.*\.xlsx"
        r"|warehouse/bilan/bilan\.(html|docx|xlsx)"
    )
    assert sorted(fichier for fichier in ou if not re.fullmatch(permis, fichier)) == []


def test_words_without_persons_are_kept_and_their_keys_apart(ecrits: Path) -> None:
    with duckdb.connect(ecrits / "warehouse" / "entrepot.duckdb", read_only=True) as con:
        commentaires = con.execute(
            "select distinct commentaire from livraisons.ddcs_orientations"
        ).fetchall()
        cles = con.execute(
            """
            select count(*), count(distinct association), min(length(association))
            from livraisons.service_civique_volontr where mois_livraison = '2021-05'
            """
        ).fetchone()
    assert commentaires == [("Pour ZZMariam Traoré, ***, ***, ***, *** (tél. ***, 59 ***)",)]
    assert cles is not None
    assert cles[:2] == (2, 2)


def test_each_is_told_as_a_doubt_of_its_file(ecrits: Path) -> None:
    """By extract: cells, the unknown column and its name, the file; sheets in the workbook."""
    with duckdb.connect(ecrits / "warehouse" / "entrepot.duckdb", read_only=True) as con:
        doutes = con.execute(
            """
            select source || '/' || extrait, mois_livraison, message from qualite.doutes
            where doute = 'donnee_personnelle'
            """
        ).fetchall()
    attendus = {
        "2021-05": ("Le nom du fichier", "Le nom de la colonne ignorée", "La colonne ignorée"),
        "2021-06": ("Le nom de la feuille «", "Le nom de la feuille non lue «"),
    }
    for extrait in EXTRAITS.keys() - {PLACE}:
        for mois, debuts in attendus.items():
            siens = [m for e, livre, m in doutes if (e, livre) == (extrait, mois)]
            assert [d for d in debuts if not any(m.startswith(d) for m in siens)] == []
            colonnes = {m.split()[2] for m in siens if m.startswith("La colonne ")} - {"ignorée"}
            assert colonnes == set(REGLES[extrait].libres)
    assert any(e is None and m.startswith("Le nom du fichier") for e, _, m in doutes)


MONTREES = {
    "sexe": ("Masculin", "3"),
    "departement": ("75", "974", "Pas-de-Callais"),
    "nationalite": ("FRANCE", "Afganistan"),
    "motif_admission": ("Famillial", "Motif familial"),
    "niveau_atteint": ("A1.1", "Inférieure à A1.1"),
    "heures_prescrites": ("123", "-50", "12,5", "1200"),
}
MASQUEES = {
    "numero_cir": ("X", "CIR-SECRET-0001"),
    "numero_etranger": ("3",),
    "date_naissance": ("X", "31/06/2020"),
    "sexe": (
        "ZZFatoumata", "Hommel", "X", "CIR-SECRET-0001", "CIR 001", "12/03/1987", "12/3/87", "1987",
        "31848", "vers 1987",
    ),
    "motif_admission": ("Fatou", "Fatoumata familial"),
    "departement": ("2A", "Aicha", "Lisie"),
    "nationalite": (
        "Kenza", "Jordana", "Maliki", "9876543210", "98 76 54 32 10", "９８７６５４３２１０",
        "2020-12-31",
    ),
    "bpi": ("Ouiza", "Noni"),
    "retrait": ("CIR-SECRET-0001", "1987-03-12"),
    "heures_realisees": ("31848", "12031", "1987"),
    "date_signature": (
        "hier", "12/03/1987", "12.03.1987", "12-3-1987 00:00", "1987-3-32", "31/12/2009",
        "31/06/87", "31848", "12/03/1987 2020-01-01", "31/06/2020", "2020-12-31",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("colonne", "valeur", "montree"),
    [(c, v, True) for c, valeurs in MONTREES.items() for v in valeurs]
    + [(c, v, False) for c, valeurs in MASQUEES.items() for v in valeurs],
)
def test_only_impersonal_values_are_shown(colonne: str, valeur: str, montree: bool) -> None:
    """Near an allowed text, or a short number; of the others, the shape."""
    vue = montre(valeur, colonne, REGLES[PLACE], "2020-12")
    forme = "".join("9" if c.isdecimal() else "A" if c.isalpha() else c for c in valeur)
    assert vue == (valeur if montree else f"{MASQUE} ({forme})")


def test_no_message_quotes_a_cell_of_persons() -> None:
    """What reads in two ways may be 31848, a birth to a spreadsheet."""
    lot = pl.DataFrame(
        {
            **{c: ["31.848" if c == "heures_realisees" else None] for c in REGLES[PLACE].connues},
            "_ligne": [2],
            "_faute": pl.Series([None], dtype=pl.String),
        },
        schema_overrides=dict.fromkeys(REGLES[PLACE].connues, pl.String),
    )
    _, rejets = controle.controler(lot, REGLES[PLACE], date(2020, 12, 31))
    [message] = rejets.filter(pl.col("colonne") == "heures_realisees")["message"]
    assert "se lit de deux façons" in message
    assert "31" not in message


@pytest.mark.parametrize(
    ("valeur", "vue"),
    [("numéro 123456", "numéro 123456"), ("le 06 79 86 75 43", "le ***"), ("31/06/2020",) * 2],
)
def test_an_extract_without_persons_shows_its_values(valeur: str, vue: str) -> None:
    """Those that have the form of a person's aside."""
    assert montre(valeur, "statut", REGLES["ddcs/outils"], "2020-12") == vue
