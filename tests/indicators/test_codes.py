"""Codes that count as another one, and codes that a list holds only since a month."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from pipelines import feuille_de_route
from pipelines.codes import Code
from pipelines.contrats import regles_de
from pipelines.entrepot import faits, tables
from pipelines.indicateurs import comptage, definition
from pipelines.ingestion.controle import Regles
from pipelines.sql import inserer
from tests.indicators.conftest import Verifier
from tests.tableaux import lignes


def test_a_code_counts_as_another(verifier: Verifier) -> None:
    """CTAI and CTAIR count as CAI: codes.csv says so."""
    verifier(
        "contrats_collectivites_signes",
        "2020-12",
        """
        type_contrat       | departement | date_signature
        CAI                | 59          | 2020-03-01
        CTAI               | 59          | 2020-04-01
        CTAIR              | 62          | 2020-05-01
        PROTOCOLE_LOGEMENT | 59          | 2020-06-01
        """,
        """
        territoire | periode | numerateur
        R32        | 2020    | 2 + 1
        D59        | 2020    | 1 + 1
        D62        | 2020    | 1
        """,
    )


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as chantier")
        tables.creer(con, regles_de(feuille_de_route.lire()).values())
        yield con


def avec(extrait: str, liste: str, *codes: Code) -> Regles:
    """The contract of an extract, one of its lists being these codes."""
    regles = regles_de(feuille_de_route.lire())[extrait]
    return replace(regles, listes={**regles.listes, liste: codes})


def livrer(con: duckdb.DuckDBPyConnection, table: str, tableau: str) -> None:
    for numero, ligne in enumerate(lignes(tableau), start=1):
        complete = {**ligne, "retrait": "false", "fichier": "f", "ligne": str(numero)}
        noms = ", ".join(complete)
        places = ", ".join("?" for _ in complete)
        con.execute(
            f"insert into livraisons.{table} ({noms}) values ({places})", list(complete.values())
        )


def test_published_facts_keep_the_delivered_code(con: duckdb.DuckDBPyConnection) -> None:
    """While indicators are computed, each code is the one that it counts as, several in a cell."""
    contrat = avec(
        "ddcs/contrats", "volet", Code("SPORT"), Code("ECHANGES", compte_comme="SPORT"),
        Code("LANGUE"),
    )  # fmt: skip
    livrer(
        con,
        "ddcs_contrats",
        """
        numero_contrat | type_contrat | volets           | mois_livraison
        C1             | CTAI         | ECHANGES, LANGUE | 2020-01
        C2             | CAI          | -                | 2020-01
        """,
    )
    faits.ouvrir(con, contrat)
    con.execute("set variable arrete = '2020-12'")
    lus = "select type_contrat, volets from faits.ddcs_contrats order by numero_contrat"
    assert con.execute(lus).fetchall() == [("CAI", "SPORT, LANGUE"), ("CAI", None)]
    faits.figer(con, contrat, "2020-12")
    assert con.execute(lus).fetchall() == [("CTAI", "ECHANGES, LANGUE"), ("CAI", None)]


def test_a_number_of_the_list_counts_as_another(con: duckdb.DuckDBPyConnection) -> None:
    contrat = avec(
        "ofii/cir_signataires", "parcours_heures", Code("100"), Code("50", compte_comme="100")
    )
    livrer(
        con,
        "ofii_cir_signataires",
        """
        numero_cir | heures_prescrites | mois_livraison
        C1         | 50                | 2020-01
        C2         | 400               | 2020-01
        C3         | -                 | 2020-01
        """,
    )
    faits.ouvrir(con, contrat)
    con.execute("set variable arrete = '2020-12'")
    lus = "select heures_prescrites from faits.ofii_cir_signataires order by numero_cir"
    assert con.execute(lus).fetchall() == [(100,), (400,), (None,)]


def test_modalites_are_those_of_the_list_at_the_arrete(con: duckdb.DuckDBPyConnection) -> None:
    """A code is a modality since its month; one that counts as another never is."""
    contrat = avec(
        "ofii/cir_signataires", "sexe", Code("F"), Code("H"), Code("X", depuis="2020-02"),
        Code("M", compte_comme="H"),
    )  # fmt: skip
    livrer(
        con,
        "ofii_cir_signataires",
        """
        numero_cir | departement | date_signature | sexe | mois_livraison
        C1         | 59          | 2020-01-10     | M    | 2020-01
        C2         | 59          | 2020-01-10     | F    | 2020-01
        C3         | 59          | 2020-01-11     | H    | 2020-01
        """,
    )
    faits.ouvrir(con, contrat)
    con.execute("create table chantier.livraisons (extrait varchar, mois varchar)")
    inserer(con, "chantier.livraisons", [[contrat.nom, "2020-01"]])
    [indicateur] = definition.lire({"cir_signataires"})
    tables.charger_referentiel(con, feuille_de_route.lire(), [indicateur])
    comptage.preparer(con, [indicateur], {contrat.nom: contrat}, ["2020-01", "2020-02"])
    comptage.compter(con, indicateur, ["2020-01", "2020-02"])
    comptage.valeurs(con)
    trouvees = con.execute(
        """
        select arrete, modalite, numerateur from chantier.valeurs
        where territoire = 'D59' and ventilation = 'sexe' and type_periode = 'annee'
        order by all
        """
    ).fetchall()
    assert trouvees == [
        ("2020-01", "F", 1),
        ("2020-01", "H", 1 + 1),
        ("2020-02", "F", 1),
        ("2020-02", "H", 1 + 1),
        ("2020-02", "X", 0),
    ]
