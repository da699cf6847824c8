"""Conditions judged in one query say of every row what pandera says of it, check by check."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from assets.extracts.contrat import FIN_LIVRAISON
from assets.extracts.pandera_polars import pa
from pipelines.feuille_de_route import RACINE
from pipelines.ingestion.jugement import conditions
from pipelines.ingestion.valeurs import TYPES
from tests.ingestion.essais import ecrire, toutes

LIGNES = 400
TEXTES = (None, "", "x", "FRA", "fra", "0123456789", "01234567890", "2020-03", "2020-04", "1999-12",
          "2101-01", "2019-2020", "2100-2101", "73282932000074", "73282932000075", "35600000000048",
          "langue, sport", "SPORT", "AUTRE", "mesure")  # fmt: skip
VALEURS: dict[Any, tuple[Any, ...]] = {
    pl.String: TEXTES,
    pl.Int64: (None, -1, 0, 1, 4, 5, 99, 100, 101, 400, 800, 801, 1999, 2000, 2100, 2101),
    pl.Float64: (None, -0.5, 0.0, 0.5, 99.5, 100.0, 100.5),
    pl.Date: (None, date(1899, 12, 31), date(1900, 1, 1), date(1990, 2, 1), date(2003, 12, 31),
              date(2020, 3, 31), date(2020, 4, 1), date(2100, 12, 31), date(2101, 1, 1)),
    pl.Boolean: (None, False, True),
}  # fmt: skip


def hasard(schema: pa.DataFrameSchema, graine: str) -> pl.DataFrame:
    """Typed rows of a contract, most of which break some check."""
    tirage = Random(graine)  # noqa: S311
    colonnes = {}
    for nom, champ in schema.columns.items():
        permises = {c for check in champ.checks for c in check.statistics.get("mots", ())}
        choix = [*VALEURS[champ.dtype.type], *permises]
        colonnes[nom] = pl.Series(tirage.choices(choix, k=LIGNES), dtype=champ.dtype.type)
    fins = tirage.choices((None, date(2020, 3, 31)), k=LIGNES)
    return pl.DataFrame(colonnes | {FIN_LIVRAISON: pl.Series(fins, dtype=pl.Date)})


def selon_pandera(schema: pa.DataFrameSchema, typees: pl.DataFrame) -> dict[str, set[int]]:
    """Rows that break some check on each column."""
    fautives: dict[str, set[int]] = {}
    try:
        schema.validate(typees, lazy=True)
    except pa.errors.SchemaErrors as echecs:
        for echec in echecs.schema_errors:
            rangs = echec.check_output.to_series().not_().arg_true()
            fautives.setdefault(echec.schema.name, set()).update(rangs)
    return fautives


def selon_conditions(schema: pa.DataFrameSchema, typees: pl.DataFrame) -> dict[str, set[int]]:
    verdicts = typees.select_seq(conditions(schema).values())
    return {v.name: set(v.not_().arg_true()) for v in verdicts if not v.all()}


@pytest.mark.parametrize("extrait", toutes())
def test_conditions_judge_as_pandera_does(extrait: str) -> None:
    schema = toutes()[extrait].schema
    typees = hasard(schema, extrait)
    fautives = selon_pandera(schema, typees)
    assert fautives
    assert selon_conditions(schema, typees) == fautives
    # None is left to pandera alone: of the checks of a column, some row breaks none.
    assert not [nom for nom, rangs in fautives.items() if len(rangs) == LIGNES]


@pytest.mark.parametrize("extrait", toutes())
def test_a_reader_gives_the_type_of_the_contract(extrait: str) -> None:
    regles = toutes()[extrait]
    for nom, champ in regles.schema.columns.items():
        assert champ.dtype.type == TYPES[regles.colonnes[nom].type], nom


def colonne(*checks: pa.Check, **options: Any) -> pa.DataFrameSchema:
    return pa.DataFrameSchema({"a": pa.Column(pl.String, [*checks], nullable=True, **options)})


@pytest.mark.parametrize(
    "schema",
    [
        colonne(pa.Check.str_matches("b")),  # without ^, pandera adds one
        colonne(pa.Check.isin(["b"])),
        colonne(pa.Check(lambda donnees: donnees.lazyframe.select(pl.col("a") == "b"))),
        colonne(pa.Check.str_matches("^b"), pa.Check.str_endswith("b")),
        colonne(unique=True),
        pa.DataFrameSchema({"a": pa.Column(pl.String)}, unique=["a"]),
        pa.DataFrameSchema({"a": pa.Column(pl.String)}, checks=pa.Check(lambda _: True)),
    ],
)
def test_what_cannot_be_said_as_a_condition_goes_to_pandera(schema: pa.DataFrameSchema) -> None:
    typees = pl.DataFrame({"a": ["b", "b"]})
    assert selon_conditions(schema, typees) == {"a": {0, 1}}


def test_without_a_check_there_is_nothing_to_judge() -> None:
    assert conditions(colonne()) == {}


def test_a_faulty_batch_is_checked_without_loading_pandas(tmp_path: Path) -> None:
    texte = "annee;association;accueillis\n1999;a;5\n2020;b;5\n"
    fichier = ecrire(tmp_path / "2020-03.csv", texte)
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "import pipelines.verification\n"
        "from pipelines import contrats, feuille_de_route\n"
        "from pipelines.ingestion import controle, lecture, lignes\n"
        "regles = contrats.regles_de(feuille_de_route.lire())['service_civique/volontr']\n"
        "table = lecture.ouvrir(Path(sys.argv[1]), regles.obligatoires, regles.connues)\n"
        "[lot] = lignes.lots(table, regles.connues, regles.cle)\n"
        "_, rejets = controle.controler(lot, regles, None)\n"
        "trop = ('dagster', 'great_expectations', 'hypothesis', 'pandas')\n"
        "print(rejets['regle'].to_list(), sorted(sys.modules.keys() & set(trop)))\n"
        "import pandas; print('pandas' in sys.modules)\n"
    )
    commande = [sys.executable, "-c", code, str(fichier)]
    fini = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=True)  # noqa: S603
    assert fini.stdout.splitlines() == ["['borne'] []", "True"]
