"""Texts of cells and the values they stand for, type by type; a rule's name where there is none."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.extracts.contrat import Colonne
from pipelines.ingestion.cellules import DATE_EXCEL
from pipelines.ingestion.valeurs import Lecteur

INSECABLE, FINE = "\u00a0", "\u202f"
LISTES = {
    "departements": ["02", "59", "60"],
    "academies": ["LILLE", "AMIENS"],
    "territoires": ["R32", "D02"],
    "orientations": ["o1_comite", "O2_Été"],
}


def lire(colonne: Colonne, *textes: str | None) -> list[Any]:
    """The value of each text, or the rule that it breaks."""
    valeurs, regles = Lecteur(colonne, LISTES).lire(pl.Series(textes, dtype=pl.String))
    lues = []
    for valeur, regle in zip(valeurs, regles, strict=True):
        assert valeur is None or regle is None
        lues.append(valeur if regle is None else f"<{regle}>")
    return lues


def verifier(colonne: Colonne, texte: str, attendu: Any) -> None:
    [lue] = lire(colonne, texte)
    assert lue == attendu
    assert type(lue) is type(attendu)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("1/2/2019", date(2019, 2, 1)),
        ("01/02/2019", date(2019, 2, 1)),
        ("1/02/2019", date(2019, 2, 1)),
        ("31/12/2019", date(2019, 12, 31)),
        ("2019-02-01", date(2019, 2, 1)),
        ("2019-2-1", date(2019, 2, 1)),
        (f"{DATE_EXCEL}2019-02-01", date(2019, 2, 1)),
        ("29/02/2020", date(2020, 2, 29)),
        ("29/02/2019", "<type>"),
        ("31/06/2019", "<type>"),
        ("2019-06-31", "<type>"),
        ("12/31/2019", "<type>"),
        ("00/01/2019", "<type>"),
        ("01/00/2019", "<type>"),
        ("01/02/19", "<type>"),
        ("001/02/2019", "<type>"),
        ("01-02-2019", "<type>"),
        ("01.02.2019", "<type>"),
        ("2019/02/01", "<type>"),
        ("20190201", "<type>"),
        ("43525", "<type>"),
        ("2019-02", "<type>"),
        ("2019-02-01 00:00:00", "<type>"),
        ("2019-02-01T00:00", "<type>"),
        ("1er février 2019", "<type>"),
        ("01/02/2019 ?", "<type>"),
        ("٠١/٠٢/2019", "<type>"),
        # Ranges belong to the contract: what can be read is read.
        ("01/02/1850", date(1850, 2, 1)),
    ],
)
def test_dates(texte: str, attendu: Any) -> None:
    verifier(Colonne("date", ""), texte, attendu)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("2019-03", "2019-03"),
        ("03/2019", "2019-03"),
        (f"{DATE_EXCEL}2019-03-31", "2019-03"),
        ("12/2019", "2019-12"),
        ("2019-13", "<type>"),
        ("00/2019", "<type>"),
        ("2019-03-01", "<type>"),
        ("01/03/2019", "<type>"),
        ("mars 2019", "<type>"),
        ("201903", "<type>"),
        ("03-2019", "<type>"),
        ("2019/03", "<type>"),
        ("43525", "<type>"),
    ],
)
def test_mois(texte: str, attendu: Any) -> None:
    verifier(Colonne("mois", ""), texte, attendu)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("2018-2019", "2018-2019"),
        ("1999-2000", "1999-2000"),
        ("2018-2020", "<type>"),
        ("2019-2018", "<type>"),
        ("2018-2018", "<type>"),
        ("2018-19", "<type>"),
        ("2018/2019", "<type>"),
        ("2018", "<type>"),
    ],
)
def test_annees_scolaires(texte: str, attendu: Any) -> None:
    verifier(Colonne("annee_scolaire", ""), texte, attendu)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("12", 12),
        ("0", 0),
        ("-12", -12),
        ("007", 7),
        ("12,0", 12),
        ("12.000", 12),
        ("12,5", "<type>"),
        ("12,05", "<type>"),
        ("1 234", 1234),
        (f"1{INSECABLE}234", 1234),
        (f"1{FINE}234{FINE}567", 1_234_567),
        (f"12 345{INSECABLE}678,0", 12_345_678),
        ("1 23", "<type>"),
        ("1 2345", "<type>"),
        ("1234 567", "<type>"),
        ("1  234", "<type>"),
        ("1\t234", "<type>"),
        ("1'234", "<type>"),
        ("1,234,567", "<type>"),
        ("1.234,5", "<type>"),
        ("12,", "<type>"),
        (",0", "<type>"),
        ("+12", "<type>"),
        ("- 12", "<type>"),
        ("1e3", "<type>"),
        ("0x10", "<type>"),
        ("1_000", "<type>"),
        ("12 €", "<type>"),
        ("env. 12", "<type>"),
        ("١٢", "<type>"),
        ("²", "<type>"),
        ("inf", "<type>"),
        ("nan", "<type>"),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", "<borne>"),
        ("9" * 400, "<borne>"),
        (f"{DATE_EXCEL}2019-03-01", "<type>"),
        ("VRAI", "<type>"),
    ],
)
def test_entiers(texte: str, attendu: Any) -> None:
    verifier(Colonne("entier", ""), texte, attendu)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("12", 12.0),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("1 234,56", 1234.56),
        (f"1{FINE}234{INSECABLE}567.8", 1_234_567.8),
        ("-0,5", -0.5),
        ("0,1", 0.1),
        ("1,234.5", "<type>"),
        ("1 23,5", "<type>"),
        ("1,2 3", "<type>"),
        (",5", "<type>"),
        ("5,", "<type>"),
        ("1e3", "<type>"),
        ("inf", "<type>"),
        ("NaN", "<type>"),
        ("50 %", "<type>"),
        ("12,5€", "<type>"),
        ("9" * 400, "<borne>"),
    ],
)
def test_decimaux(texte: str, attendu: Any) -> None:
    verifier(Colonne("decimal", ""), texte, attendu)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        *((t, True) for t in ("O", "o", "OUI", "Oui", "1", "VRAI", "vrai")),
        *((t, False) for t in ("N", "n", "NON", "Non", "0", "FAUX", "Faux")),
        *((t, "<type>") for t in ("Y", "TRUE", "x", "2", "01", "1,0", "OUI !", "O/N")),
    ],
)
def test_booleens(texte: str, attendu: Any) -> None:
    verifier(Colonne("booleen", ""), texte, attendu)


CODES = Colonne("code", "", codes=("EN_COURS", "GARDE_ENFANTS", "REALISE", "12"))


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("EN_COURS", "EN_COURS"),
        ("en cours", "EN_COURS"),
        ("En-Cours", "EN_COURS"),
        (f"en{INSECABLE}cours", "EN_COURS"),
        ("encours", "EN_COURS"),
        ("Réalisé", "REALISE"),
        ("re\u0301alise\u0301", "REALISE"),
        ("garde enfants", "GARDE_ENFANTS"),
        ("garde–enfants", "GARDE_ENFANTS"),
        ("12", "12"),
        ("12.0", "<code>"),
        ("012", "<code>"),
        ("garde d'enfants", "<code>"),
        ("garde'enfants", "<code>"),
        ("en cour", "<code>"),
        ("en.cours", "<code>"),
    ],
)
def test_codes(texte: str, attendu: str) -> None:
    verifier(CODES, texte, attendu)


@pytest.mark.parametrize(
    ("liste", "texte", "attendu"),
    [
        ("departements", "02", "02"),
        ("departements", "2", "02"),
        ("departements", "59", "59"),
        ("departements", "3", "<code>"),
        ("departements", "002", "<code>"),
        ("departements", "Aisne", "<code>"),
        ("departements", "2,0", "<code>"),
        ("departements", "5962", "<code>"),
        ("departements", "75", "<code>"),
        ("academies", "Lille", "LILLE"),
        ("academies", "A09", "<code>"),
        ("territoires", "d02", "D02"),
        ("territoires", "r 32", "R32"),
        ("territoires", "02", "<code>"),
    ],
)
def test_codes_d_une_liste_de_la_feuille_de_route(liste: str, texte: str, attendu: str) -> None:
    verifier(Colonne("code", "", liste=liste), texte, attendu)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("100", 100),
        ("100,0", 100),
        ("0", 0),
        ("150", "<code>"),
        ("-100", "<code>"),
        ("100,5", "<type>"),
        ("cent", "<type>"),
    ],
)
def test_entiers_codes(texte: str, attendu: Any) -> None:
    verifier(Colonne("entier", "", codes=("0", "50", "100")), texte, attendu)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("73282932000074", "73282932000074"),
        ("732 829 320 00074", "73282932000074"),
        (f"732{INSECABLE}829{FINE}320 00074", "73282932000074"),
        # Its form and key are the rule `siret`, never `type`.
        ("732-829-320", "732-829-320"),
        ("inconnu", "inconnu"),
    ],
)
def test_sirets(texte: str, attendu: str) -> None:
    verifier(Colonne("siret", ""), texte, attendu)


@pytest.mark.parametrize(
    ("colonne", "texte", "attendu"),
    [
        # Other text is exact.
        (Colonne("texte", ""), "Réseau  PIAL – n°1", "Réseau  PIAL – n°1"),
        (Colonne("texte", ""), f"{DATE_EXCEL}2019-03-01", "2019-03-01"),
        (Colonne("texte", "", liste="orientations"), "o1_comite", "o1_comite"),
        (Colonne("texte", "", liste="orientations"), "O1_comite", "<inconnu>"),
        (Colonne("texte", "", liste="orientations"), "o1 comite", "<inconnu>"),
        (Colonne("texte", "", liste="orientations"), "O2_Ete", "<inconnu>"),
        # dispositif: known names are folded, others kept as they are.
        (Colonne("texte", "", connus=("PPL-SAREF", "D.I.R")), "ppl saref", "PPL-SAREF"),
        (Colonne("texte", "", connus=("PPL-SAREF", "D.I.R")), "Ppl_Saréf", "PPL-SAREF"),
        (Colonne("texte", "", connus=("PPL-SAREF", "D.I.R")), "d.i.r", "D.I.R"),
        (Colonne("texte", "", connus=("PPL-SAREF", "D.I.R")), "DIR", "DIR"),
        (Colonne("texte", "", connus=("PPL-SAREF", "D.I.R")), "Réseau d'été", "Réseau d'été"),
        # langue, nationalite.
        (Colonne("texte", "", casse="bas"), "ARB", "arb"),
        (Colonne("texte", "", casse="bas"), "Á r-b", "arb"),
        (Colonne("texte", "", casse="haut"), "syr", "SYR"),
        (Colonne("texte", "", casse="haut"), " É_ri ", "ERI"),
    ],
)
def test_textes(colonne: Colonne, texte: str, attendu: str) -> None:
    verifier(colonne, texte, attendu)


@pytest.mark.parametrize(
    "type_",
    ["texte", "siret", "code", "mois", "annee_scolaire", "entier", "decimal", "date", "booleen"],
)
def test_une_cellule_vide_n_a_ni_valeur_ni_faute(type_: str) -> None:
    assert lire(Colonne(type_, "", codes=("A",) if type_ == "code" else ()), None) == [None]


def test_un_lecteur_se_souvient_sans_se_tromper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.ingestion.valeurs._RETENUS", 2)
    lecteur = Lecteur(Colonne("entier", ""), LISTES)
    textes = pl.Series(["1", "x", "2", None, "1", "x", "3"])
    for _ in range(3):
        valeurs, regles = lecteur.lire(textes)
        assert valeurs.to_list() == [1, None, 2, None, 1, None, 3]
        assert regles.to_list() == [None, "type", None, None, None, "type", None]


@settings(max_examples=200, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.sampled_from(["{j}/{m}/{a}", "{j:02}/{m:02}/{a}", "{a}-{m}-{j}", "{a}-{m:02}-{j:02}"]),
)
def test_toute_date_ecrite_se_relit(jour: date, forme: str) -> None:
    texte = forme.format(j=jour.day, m=jour.month, a=jour.year)
    assert lire(Colonne("date", ""), texte) == [jour]


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 2**53), st.sampled_from([" ", INSECABLE, FINE, ""]), st.sampled_from(",."),
    st.text(st.sampled_from("0"), max_size=3),
)  # fmt: skip
def test_tout_nombre_ecrit_se_relit(nombre: int, millier: str, virgule: str, zeros: str) -> None:
    texte = f"{nombre:,}".replace(",", millier) + (virgule + zeros if zeros else "")
    assert lire(Colonne("entier", ""), texte) == [nombre]
    assert lire(Colonne("decimal", ""), texte) == [float(nombre)]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=12))
def test_un_texte_quelconque_ne_fait_jamais_tomber_la_lecture(texte: str) -> None:
    for type_ in ("date", "mois", "annee_scolaire", "entier", "decimal", "booleen", "siret"):
        lire(Colonne(type_, ""), texte)
