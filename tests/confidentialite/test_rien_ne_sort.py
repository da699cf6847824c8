"""Nothing that the project writes holds a person's number or birth date.

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
from pipelines.ingestion import controle, depot, livraison
from pipelines.instance import MODELE
from tests.confidentialite.fouille import fuites
from tests.confidentialite.livraisons import BONNES, PLACE

REGLES = regles_de(feuille_de_route.lire())


def test_deliveries_were_read_in_every_way(ecrits: Path) -> None:
    with duckdb.connect(ecrits / "warehouse" / "entrepot.duckdb", read_only=True) as con:
        statuts = dict(
            con.execute("select statut, count(*) from qualite.livraisons group by all").fetchall()
        )
        colonnes = con.execute("select distinct colonne from qualite.rejets").fetchall()
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


def test_nothing_personal_is_written_anywhere(ecrits: Path) -> None:
    assert fuites(ecrits) == []


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
    assert restes == [".gardees", ".verrou", "entrepot.duckdb", "plausibilite"]


def test_the_search_finds_what_is_not_masked(
    ecrits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same loading without its mask leaks, and that is seen."""
    monkeypatch.setattr(controle, "montrable", lambda nom, *autres: pl.col("valeur"))
    raw = ecrits.parent / "raw"
    fichiers = [f for f in depot.inventaire(raw, REGLES, b"secret") if f.nom == "2020-10.csv"]
    with duckdb.connect(tmp_path / "entrepot.duckdb") as con:
        tables.creer(con, REGLES.values())
        assert list(livraison.charger(con, raw, fichiers, REGLES[PLACE], b"cle"))
    assert any("qualite.rejets.valeur" in fuite for fuite in fuites(tmp_path))


MONTREES = {
    "sexe": ("X", "Masculin", "3"),
    "departement": ("75", "2A", "974"),
    "nationalite": ("FRANCE",),
    "niveau_atteint": ("A3", "A1.1"),
    "heures_prescrites": ("123", "-50", "12,5"),
    "date_signature": ("31/06/2020", "2010-1-1", "2020-12-31", "31.06.2020", "hier"),
}
MASQUEES = {
    "numero_cir": ("X", "CIR-SECRET-0001"),
    "numero_etranger": ("3",),
    "date_naissance": ("X", "31/06/2020"),
    "sexe": ("CIR-SECRET-0001", "CIR 001", "12/03/1987", "12/3/87", "1987", "31848", "vers 1987"),
    "nationalite": ("9876543210", "98 76 54 32 10", "９８７６５４３２１０", "2020-12-31"),
    "retrait": ("CIR-SECRET-0001", "1987-03-12"),
    "date_signature": (
        "12/03/1987",
        "12.03.1987",
        "12-3-1987 00:00",
        "1987-3-32",
        "31/12/2009",
        "31/06/87",
        "31848",
        "12/03/1987 2020-01-01",
    ),
}


@pytest.mark.parametrize(
    ("colonne", "valeur", "montree"),
    [(c, v, True) for c, valeurs in MONTREES.items() for v in valeurs]
    + [(c, v, False) for c, valeurs in MASQUEES.items() for v in valeurs],
)
def test_only_impersonal_values_are_shown(colonne: str, valeur: str, montree: bool) -> None:
    trame = pl.DataFrame({"valeur": [valeur]})
    vue = trame.select(controle.montrable(colonne, REGLES[PLACE], 2010)).item()
    forme = "".join("9" if c.isdecimal() else "A" if c.isalpha() else c for c in valeur)
    assert vue == (valeur if montree else f"{controle.MASQUE} ({forme})")


def test_a_birth_date_is_not_shown_in_twenty_years_either() -> None:
    """A date is shown in a rejection when nobody born on it can have signed yet."""
    lot = pl.DataFrame(
        {
            **{c: [None, None] for c in REGLES[PLACE].connues},
            "date_signature": ["12/03/2024", "12/03/2042"],
            "date_titre": ["13/03/2099", "13/03/2099"],
            "_ligne": [2, 3],
            "_faute": pl.Series([None, None], dtype=pl.String),
        },
        schema_overrides=dict.fromkeys(REGLES[PLACE].connues, pl.String),
    )
    _, rejets = controle.controler(lot, REGLES[PLACE], date(2040, 12, 31))
    vues = rejets.filter(pl.col("colonne") == "date_signature")["valeur"].to_list()
    assert [v for v in vues if re.search("20[0-9]{2}", v)] == ["12/03/2042"]


def test_an_extract_without_persons_shows_its_values() -> None:
    trame = pl.DataFrame({"valeur": ["numéro 123456"]})
    assert trame.select(controle.montrable("nom", REGLES["ddcs/outils"])).item() == "numéro 123456"
