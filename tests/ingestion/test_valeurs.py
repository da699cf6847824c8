"""Texts of cells and the values they stand for, type by type; a rule's name where there is none."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assets.extracts.contrat import Colonne
from pipelines.codes import Code, du_territoire
from pipelines.ingestion.cellules import DATE_EXCEL, NOMBRE_EXCEL
from pipelines.ingestion.valeurs import Illisible, Lecteur

INSECABLE, FINE = "\u00a0", "\u202f"


def territoire(ligne: str, par_identifiant: bool = False) -> Code:
    """`D02,Aisne,02` as a code."""
    noms = dict(zip(("territoire", "libelle", "code"), ligne.split(","), strict=True))
    return du_territoire(noms, par_identifiant=par_identifiant)


def codes(*lignes: str) -> list[Code]:
    """`CODE,libellé,depuis` as codes."""
    dites = [[*ligne.split(","), "", ""][:3] for ligne in lignes]
    return [Code(code, libelle, depuis) for code, libelle, depuis in dites]


AISNE, NORD = "D02,Aisne,02", "D59,Nord,59"
LISTES = {
    "departements": [territoire(AISNE), territoire(NORD), territoire("D2A,Corse-du-Sud,2A")],
    "academie": [
        territoire("A09,Académie de Lille,LILLE"),
        territoire("A20,Académie d'Amiens,AMIENS"),
        territoire("A18,Académie de La Réunion,LA_REUNION"),
    ],
    "territoires": [territoire("R32,Hauts-de-France,32", True), territoire(AISNE, True)],
    "orientations": codes("o1_comite", "O2_Été"),
    "sexe": codes("H,Homme", "F,Femme"),
    "statut": codes("EN_COURS,En cours", "REALISE,Réalisé", "GARDE_ENFANTS,Garde d'enfants"),
    "niveau": codes("REGIONAL,Régional", "RESEAU,Réseau social", "12", "15"),
    "profil": codes("DDCS,DDCS", "DDETS,DDETS,2021-04", "SAS,SAS vers le logement"),
    "heures": codes("0,Dispensé de cours", "50,50 heures", "100", "300,300 heures,2024-07"),
    "volet": codes("LANGUE,Langue", "SPORT,Sport", "EMPLOI,Emploi,2021-01"),
    "dispositif": codes("PPL-SAREF,PPL-SAREF", "D.I.R,Dispositif insertion réfugiés"),
}


def illisibles(colonne: Colonne, *textes: str | None, mois: str = "") -> dict[int, Illisible]:
    """What is wrong with each text, by place."""
    return Lecteur(colonne, LISTES).lire(pl.Series(textes, dtype=pl.String), mois)[1]


def lire(colonne: Colonne, *textes: str | None, mois: str = "") -> list[Any]:
    """The value of each text, or the rule that it breaks."""
    valeurs, fautes = Lecteur(colonne, LISTES).lire(pl.Series(textes, dtype=pl.String), mois)
    assert all(valeurs[place] is None for place in fautes)
    return [f"<{fautes[n].regle}>" if n in fautes else v for n, v in enumerate(valeurs)]


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
        ("01-02-2019", date(2019, 2, 1)),
        ("1.2.2019", date(2019, 2, 1)),
        ("1.2/2019", "<type>"),
        ("1/2-2019", "<type>"),
        ("2019/02/01", "<type>"),
        ("20190201", "<type>"),
        ("43525", "<type>"),
        ("2019-02", "<type>"),
        ("2019-02-01 00:00:00", date(2019, 2, 1)),
        ("2019-02-01 00:00", date(2019, 2, 1)),
        ("2019-02-01T00:00:00", date(2019, 2, 1)),
        (f"01/02/2019{INSECABLE}00:00", date(2019, 2, 1)),
        ("2019-02-01 14:30:00", "<type>"),
        ("2019-02-01 00:00:01", "<type>"),
        ("2019-02-01 0", "<type>"),
        (f"{NOMBRE_EXCEL}43525.5", "<type>"),
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
        ("3/2019", "2019-03"),
        ("2019-13", "<type>"),
        ("00/2019", "<type>"),
        ("2019-03-01", "2019-03"),
        ("01/03/2019", "2019-03"),
        ("1.3.2019 00:00", "2019-03"),
        ("02/03/2019", "<type>"),
        ("2019-03-31", "<type>"),
        ("mars 2019", "2019-03"),
        ("nov-20", "2020-11"),
        ("Novembre 2020", "2020-11"),
        ("NOV. 2020", "2020-11"),
        ("févr.-20", "2020-02"),
        ("fe\u0301v 20", "2020-02"),
        ("août-19", "2019-08"),
        ("Aout 2019", "2019-08"),
        ("juin-19", "2019-06"),
        ("juil.-19", "2019-07"),
        ("jui-19", "<type>"),
        ("ja-19", "<type>"),
        ("may 2019", "<type>"),
        ("novembree 2020", "<type>"),
        ("nov 202", "<type>"),
        ("1er mars 2019", "<type>"),
        ("201903", "<type>"),
        ("03-2019", "<type>"),
        ("2019/03", "<type>"),
        ("43525", "<type>"),
    ],
)
def test_months(texte: str, attendu: Any) -> None:
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
def test_school_years(texte: str, attendu: Any) -> None:
    verifier(Colonne("annee_scolaire", ""), texte, attendu)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("12", 12),
        ("0", 0),
        ("-12", -12),
        ("007", 7),
        ("12,0", 12),
        ("12,00", 12),
        ("12.0000", 12),
        ("12.000", "<type>"),
        ("3,000", "<type>"),
        ("-1.500", "<type>"),
        ("12.500 €", "<type>"),
        ("0,000", 0),
        (f"{NOMBRE_EXCEL}11.9999999999", 12),
        (f"{NOMBRE_EXCEL}12.0000000009", 12),
        (f"{NOMBRE_EXCEL}-0.0000000001", 0),
        (f"{NOMBRE_EXCEL}12.000000002", "<type>"),
        (f"{NOMBRE_EXCEL}12.001", "<type>"),
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
        ("12 €", 12),
        ("1 234 EUR", 1234),
        ("12euros", 12),
        ("200 heures", 200),
        ("1 Heure", 1),
        ("35h", 35),
        (f"3{INSECABLE}jours", 3),
        ("1 jour", 1),
        ("45 %", 45),
        ("12 jours h", "<type>"),
        ("35h30", "<type>"),
        ("€ 12", "<type>"),
        ("12 personnes", "<type>"),
        ("h", "<type>"),
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
def test_integers(texte: str, attendu: Any) -> None:
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
        ("12,500", "<type>"),
        ("999.125", "<type>"),
        ("1000,125", 1000.125),
        ("1 000,125", 1000.125),
        ("0,125", 0.125),
        ("012,500", 12.5),
        ("12,5000", 12.5),
        (f"{NOMBRE_EXCEL}12.125", 12.125),
        (f"5 250,00{FINE}€", 5250.0),
        ("1,234.5", "<type>"),
        ("1 23,5", "<type>"),
        ("1,2 3", "<type>"),
        (",5", "<type>"),
        ("5,", "<type>"),
        ("1e3", "<type>"),
        ("inf", "<type>"),
        ("NaN", "<type>"),
        ("50 %", 50.0),
        ("12,5€", 12.5),
        ("9" * 400, "<borne>"),
    ],
)
def test_decimals(texte: str, attendu: Any) -> None:
    verifier(Colonne("decimal", ""), texte, attendu)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        *((t, True) for t in ("O", "o", "OUI", "Oui", "1", "VRAI", "vrai", "X", "x")),
        *((t, False) for t in ("N", "n", "NON", "Non", "0", "FAUX", "Faux")),
        *((t, "<type>") for t in ("Y", "TRUE", "xx", "2", "01", "1,0", "OUI !", "O/N")),
    ],
)
def test_booleans(texte: str, attendu: Any) -> None:
    verifier(Colonne("booleen", ""), texte, attendu)


@pytest.mark.parametrize(
    ("liste", "texte", "attendu"),
    [
        ("statut", "EN_COURS", "EN_COURS"),
        ("statut", "en cours", "EN_COURS"),
        ("statut", "En-Cours", "EN_COURS"),
        ("statut", f"en{INSECABLE}cours", "EN_COURS"),
        ("statut", "en\u200bcours", "EN_COURS"),
        ("statut", "encours", "EN_COURS"),
        ("statut", "en.cours", "EN_COURS"),
        ("statut", "en cour", "EN_COURS"),
        ("statut", "Réalisé", "REALISE"),
        ("statut", "re\u0301alise\u0301", "REALISE"),
        ("statut", "Réalisés", "REALISE"),
        ("statut", "Réalisées", "<code>"),
        ("statut", "garde enfants", "GARDE_ENFANTS"),
        ("statut", "garde–enfants", "GARDE_ENFANTS"),
        ("statut", "garde d'enfants", "GARDE_ENFANTS"),
        ("statut", "Gardes d’enfant", "GARDE_ENFANTS"),
        ("statut", "garde/enfants", "<code>"),
        ("statut", "garde", "<code>"),
        ("sexe", "Hommes", "H"),
        ("sexe", "HOMME", "H"),
        ("sexe", "femmes", "F"),
        ("sexe", "Hs", "<code>"),
        ("sexe", "Hommesse", "<code>"),
        ("niveau", "Régionaux", "REGIONAL"),
        ("niveau", "regionals", "REGIONAL"),
        ("niveau", "Réseaux sociaux", "RESEAU"),
        ("niveau", "Réseau sociaux", "RESEAU"),
        ("niveau", "12", "12"),
        ("niveau", "12.0", "<code>"),
        ("niveau", "1.2", "<code>"),
        ("niveau", "012", "<code>"),
        # An acronym is not a plural.
        ("profil", "ddcs", "DDCS"),
        ("profil", "DDC", "<code>"),
        ("profil", "SA", "<code>"),
        ("profil", "SAS vers les logements", "SAS"),
        ("departements", "02", "02"),
        ("departements", "2", "02"),
        ("departements", "59", "59"),
        ("departements", "3", "<code>"),
        ("departements", "002", "<code>"),
        ("departements", "2,0", "<code>"),
        ("departements", "5.9", "<code>"),
        ("departements", "5962", "<code>"),
        ("departements", "75", "<code>"),
        ("departements", "Aisne", "02"),
        ("departements", "AISNE", "02"),
        ("departements", "02 - Aisne", "02"),
        ("departements", "2-Aisne", "02"),
        ("departements", "Aisne (02)", "02"),
        ("departements", "D02", "02"),
        ("departements", "d59", "59"),
        ("departements", "59 – NORD", "59"),
        ("departements", "02 - Nord", "<code>"),
        ("departements", "Nord (02)", "<code>"),
        ("departements", "Corse du Sud", "2A"),
        ("departements", "2a", "2A"),
        ("departements", "R32", "<code>"),
        ("academie", "Lille", "LILLE"),
        ("academie", "Académie de Lille", "LILLE"),
        ("academie", "ACADEMIE D'AMIENS", "AMIENS"),
        ("academie", "Académie d’Amiens", "AMIENS"),
        ("academie", "amiens", "AMIENS"),
        ("academie", "A09", "LILLE"),
        ("academie", "09 - Lille", "LILLE"),
        ("academie", "Lille (A09)", "LILLE"),
        ("academie", "La Réunion", "LA_REUNION"),
        ("academie", "Académie", "<code>"),
        ("academie", "Académie de Paris", "<code>"),
        ("territoires", "d02", "D02"),
        ("territoires", "r 32", "R32"),
        ("territoires", "Hauts-de-France", "R32"),
        ("territoires", "Aisne", "D02"),
        ("territoires", "Aisne (02)", "D02"),
        # A number alone may be a department's or a region's.
        ("territoires", "02", "<code>"),
        ("territoires", "32", "<code>"),
    ],
)
def test_codes(liste: str, texte: str, attendu: str) -> None:
    verifier(Colonne("code", "", liste=liste), texte, attendu)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("100", 100),
        ("100,0", 100),
        ("100 h", 100),
        ("0", 0),
        ("50 heures", 50),
        ("Dispensé de cours", 0),
        ("dispensés de cours", 0),
        ("150", "<code>"),
        ("-100", "<code>"),
        ("10.0", "<code>"),
        ("5.0", "<code>"),
        ("100,5", "<type>"),
        ("1-00", "<type>"),
        ("100.000", "<type>"),
        ("cent", "<type>"),
    ],
)
def test_integers_that_are_codes(texte: str, attendu: Any) -> None:
    verifier(Colonne("entier", "", liste="heures"), texte, attendu)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("LANGUE", "LANGUE"),
        ("langues,Sport", "LANGUE, SPORT"),
        ("SPORT , LANGUE", "SPORT, LANGUE"),
        ("LANGUE SPORT", "<code>"),
        ("LANGUE, MUSIQUE", "<code>"),
        ("LANGUE,", "<code>"),
        ("LANGUE, EMPLOI", "LANGUE, EMPLOI"),
    ],
)
def test_several_codes(texte: str, attendu: str) -> None:
    verifier(Colonne("texte", "", liste="volet", plusieurs=True), texte, attendu)


def test_a_long_column_is_read_as_each_of_its_texts() -> None:
    colonnes = [
        (Colonne("date", ""), ["03/04/2020", None, "2020-02-30", "1/1/2021"]),
        (Colonne("entier", ""), ["12", "1 200", "douze", None]),
        (Colonne("booleen", ""), ["oui", None, "peut-être", "N"]),
        (Colonne("decimal", ""), [None, "1,5", "x", "2"]),
        (Colonne("code", "", liste="volet"), ["langue", "EMPLOI", None, "?"]),
    ]
    for colonne, textes in colonnes:
        for mois in ("", "2020-12"):
            long = pl.Series(textes * 2_000, dtype=pl.String)
            valeurs, fautes = Lecteur(colonne, LISTES).lire(long, mois)
            attendues = lire(colonne, *textes, mois=mois)
            lues = [f"<{fautes[n].regle}>" if n in fautes else v for n, v in enumerate(valeurs)]
            assert lues == attendues * 2_000
            court = Lecteur(colonne, LISTES).lire(pl.Series(textes, dtype=pl.String), mois)[0]
            assert valeurs.dtype == court.dtype


@pytest.mark.parametrize(
    ("colonne", "texte", "depuis", "veille", "valeur"),
    [
        (Colonne("code", "", liste="profil"), "ddets", "2021-04", "2021-03", "DDETS"),
        (Colonne("entier", "", liste="heures"), "300", "2024-07", "2024-06", 300),
        (
            Colonne("texte", "", liste="volet", plusieurs=True),
            "Sport, Emploi",
            "2021-01",
            "2020-12",
            "SPORT, EMPLOI",
        ),
    ],
)
def test_a_code_holds_only_since_its_month(
    colonne: Colonne, texte: str, depuis: str, veille: str, valeur: Any
) -> None:
    lecteur = Lecteur(colonne, LISTES)
    for _ in range(2):  # what is remembered of a text does not depend on the month
        avant, fautes = lecteur.lire(pl.Series([texte, None]), veille)
        assert avant.to_list() == [None, None]
        assert {n: f.regle for n, f in fautes.items()} == {0: "code"}
        assert depuis in fautes[0].phrase
        for mois in (depuis, "2030-01", ""):
            apres, fautes = lecteur.lire(pl.Series([texte, None]), mois)
            assert (apres.to_list(), fautes) == ([valeur, None], {})


@pytest.mark.parametrize(
    ("texte", "lectures"),
    [("12.500", "12500 ou 12,5 :"), ("-1,234 €", "-1234 ou -1,234 :"), ("3,000", "3000 ou 3 :")],
)
def test_an_ambiguous_number_says_both_its_readings(texte: str, lectures: str) -> None:
    assert lectures in illisibles(Colonne("decimal", ""), texte)[0].phrase


def test_a_serial_number_is_named() -> None:
    for colonne in (Colonne("date", ""), Colonne("mois", "")):
        fautes = illisibles(colonne, "43525", "4352", "5 mai")
        dits = ["numéro de série Excel" in f.phrase for f in fautes.values()]
        assert dits == [True, False, False]


@pytest.mark.parametrize("texte", ["1,02E+11", "1.02e+11", "7E-3", "73282932000074E+0"])
def test_a_number_in_scientific_notation_is_unreadable(texte: str) -> None:
    for colonne in (Colonne("siret", ""), Colonne("texte", "", identifiant=True)):
        assert lire(colonne, texte, "P1", None) == ["<type>", "P1", None]
    assert lire(Colonne("texte", ""), texte) == [texte]


@pytest.mark.parametrize("texte", ["1E5", "2E+", "E+11", "12E+1A", "1,02E+11 bis"])
def test_a_number_that_has_letters_is_read(texte: str) -> None:
    assert lire(Colonne("texte", "", identifiant=True), texte) == [texte]


@pytest.mark.parametrize(
    ("nomenclature", "texte", "attendu"),
    [
        ("langues", "ARB", "arb"),
        ("langues", "Á r-b", "arb"),
        ("langues", "ar", "ara"),
        ("langues", "Arabe", "ara"),
        ("langues", "Arabic", "ara"),
        ("langues", "dari", "prs"),
        ("langues", "pachto", "pus"),
        ("langues", "Géorgien", "kat"),
        ("langues", "GE", "<type>"),
        ("langues", "xyz1", "<type>"),
        ("langues", "zzz", "<type>"),
        ("langues", "Géorgie", "<type>"),
        ("pays", "syr", "SYR"),
        ("pays", " É_ri ", "ERI"),
        ("pays", "Géorgie", "GEO"),
        ("pays", "GE", "GEO"),
        ("pays", "georgia", "GEO"),
        ("pays", "Cote d’ivoire", "CIV"),
        ("pays", "République démocratique du Congo", "COD"),
        ("pays", "Kosovo", "XKX"),
        ("pays", "XK", "XKX"),
        ("pays", "XKX", "XKX"),
        ("pays", "SYRI", "<type>"),
        ("pays", "ABC", "<type>"),
        ("pays", "Monde", "<type>"),
        ("pays", "Union européenne", "<type>"),
    ],
)
def test_languages_and_countries(nomenclature: str, texte: str, attendu: str) -> None:
    verifier(Colonne("texte", "", nomenclature=nomenclature), texte, attendu)


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


DISPOSITIF = Colonne("texte", "", liste="dispositif", ouverte=True)


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
        (Colonne("texte", ""), f"{NOMBRE_EXCEL}12.125", "12.125"),
        # dispositif: known names are folded, others kept as they are.
        (DISPOSITIF, "ppl saref", "PPL-SAREF"),
        (DISPOSITIF, "Ppl_Saréf", "PPL-SAREF"),
        (DISPOSITIF, "d.i.r", "D.I.R"),
        (DISPOSITIF, "DIR", "D.I.R"),
        (DISPOSITIF, "Dispositifs insertion réfugié", "D.I.R"),
        (DISPOSITIF, "Réseau d'été", "Réseau d'été"),
    ],
)
def test_texts(colonne: Colonne, texte: str, attendu: str) -> None:
    verifier(colonne, texte, attendu)


@pytest.mark.parametrize(
    "type_",
    ["texte", "siret", "code", "mois", "annee_scolaire", "entier", "decimal", "date", "booleen"],
)
def test_an_empty_cell_has_neither_value_nor_fault(type_: str) -> None:
    assert lire(Colonne(type_, "", liste="sexe" if type_ == "code" else ""), None) == [None]


def test_a_reader_remembers_without_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.ingestion.valeurs._RETENUS", 2)
    lecteur = Lecteur(Colonne("entier", ""), LISTES)
    textes = pl.Series(["1", "x", "2", None, "1", "x", "3"])
    for _ in range(3):
        valeurs, fautes = lecteur.lire(textes)
        assert valeurs.to_list() == [1, None, 2, None, 1, None, 3]
        assert {n: f.regle for n, f in fautes.items()} == {1: "type", 5: "type"}


@settings(max_examples=200, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.sampled_from(
        [
            "{j}/{m}/{a}",
            "{j:02}/{m:02}/{a}",
            "{j}.{m}.{a}",
            "{j:02}-{m:02}-{a}",
            "{a}-{m}-{j}",
            "{a}-{m:02}-{j:02}",
            "{a}-{m:02}-{j:02}T00:00:00",
        ]
    ),
)
def test_any_date_written_is_read_back(jour: date, forme: str) -> None:
    texte = forme.format(j=jour.day, m=jour.month, a=jour.year)
    assert lire(Colonne("date", ""), texte) == [jour]


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 2**53), st.sampled_from([" ", INSECABLE, FINE, ""]), st.sampled_from(",."),
    st.text(st.sampled_from("0"), max_size=3),
)  # fmt: skip
def test_any_number_written_is_read_back(
    nombre: int, millier: str, virgule: str, zeros: str
) -> None:
    texte = f"{nombre:,}".replace(",", millier) + (virgule + zeros if zeros else "")
    assume(not (0 < nombre < 1000 and len(zeros) == 3))  # «12,000» is ambiguous
    assert lire(Colonne("entier", ""), texte) == [nombre]
    assert lire(Colonne("decimal", ""), texte) == [float(nombre)]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=12))
def test_no_text_whatever_brings_the_reading_down(texte: str) -> None:
    for type_ in ("date", "mois", "annee_scolaire", "entier", "decimal", "booleen", "siret"):
        lire(Colonne(type_, ""), texte)
