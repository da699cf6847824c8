"""What is accepted but may be wrong: each kind is told where it should, not in a near miss."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from pipelines.entrepot.tables import SCHEMA
from pipelines.feuille_de_route import RACINE
from pipelines.gardees import Gardees
from pipelines.ingestion import (
    csv_texte,
    depot,
    doutes,
    doutes_csv,
    doutes_nombres,
    livraison,
    regards,
)
from pipelines.ingestion.doutes import Doute
from pipelines.ingestion.examens import Examens
from pipelines.ingestion.masques import Masque
from pipelines.ingestion.octets import Octets
from pipelines.ingestion.regards import Regard, RegardImpossible, Trouve
from pipelines.simulation import demonstration
from tests.entrepots import en_memoire
from tests.ingestion.essais import CLE, Charge, Contenu, charger, toutes

AVDL, VOLONTR, CIR = "logement/avdl", "service_civique/volontr", "ofii/cir_signataires"
ENTETE_AVDL = "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees\n"
ENTETE_CIR = "numero_cir;numero_etranger;departement;date_signature"


def lire(raw: Path, extrait: str, contenu: Contenu, nom: str = "2020-12.csv") -> list[Doute]:
    """The doubts on one file."""
    return charger(raw, extrait, {nom: contenu}).bilans[nom].doutes


def sortes(trouves: Sequence[Doute]) -> list[tuple[str, str | None, int, int | None]]:
    """Kind, column, number, first row."""
    return [(d.doute, d.colonne, d.nombre, d.premiere_ligne) for d in trouves]


def avdl(*lignes: str) -> str:
    return ENTETE_AVDL + "".join(f"{ligne}\n" for ligne in lignes)


def volontr(*lignes: str, entete: str = "annee;association;accueillis") -> str:
    return "\n".join([entete, *lignes]) + "\n"


def cir(*lignes: str, entete: str = ENTETE_CIR) -> str:
    return "\n".join([entete, *lignes]) + "\n"


def classeur(feuilles: Mapping[str, Sequence[Sequence[object]]], *masquees: str) -> bytes:
    livre = openpyxl.Workbook()
    livre.remove(livre.active)
    for nom, rangees in feuilles.items():
        feuille = livre.create_sheet(nom)
        for rangee in rangees:
            feuille.append(list(rangee))
        feuille.sheet_state = "hidden" if nom in masquees else "visible"
    tampon = BytesIO()
    livre.save(tampon)
    return tampon.getvalue()


ASSOCIATIONS: list[list[object]] = [
    ["annee", "association", "accueillis"],
    [2019, "Alpha", 5],
    [2019, "Beta", 7],
]


def test_a_right_file_gives_none(tmp_path: Path) -> None:
    assert lire(tmp_path, AVDL, avdl("2019;Alpha;59;54;20;32", "2019;Beta;62;12;4;6")) == []


# Sheets


def test_a_sheet_with_some_of_the_columns(tmp_path: Path) -> None:
    feuilles: dict[str, list[list[object]]] = {
        "Données": ASSOCIATIONS,
        "Suite": [["annee", "association", "nb"], [2019, "Gamma", 1], [2019, "Delta", 2]],
        # One known column, no row, a notice.
        "Autre": [["annee", "x"], [2019, 1]],
        "Vide": [["annee", "association"]],
        "Notice": [["annee", "association"], [2019, "a"]],
    }
    [doute] = lire(tmp_path, VOLONTR, classeur(feuilles), "2020-12.xlsx")
    assert (doute.doute, doute.feuille, doute.nombre) == (doutes.FEUILLE_NON_LUE, "Suite", 2)
    assert "qui a 2 lignes et des colonnes connues (annee, association)" in doute.message


def test_a_hidden_sheet_with_the_header(tmp_path: Path) -> None:
    feuilles: dict[str, list[list[object]]] = {
        "Données": ASSOCIATIONS,
        "Cachée": ASSOCIATIONS,
        "Listes": [["annee", "association"], [2019, "a"]],
    }
    contenu = classeur(feuilles, "Cachée", "Listes")
    [doute] = lire(tmp_path, VOLONTR, contenu, "2020-12.xlsx")
    assert (doute.doute, doute.feuille) == (doutes.FEUILLE_NON_LUE, "Cachée")
    assert "masquée, a l'en-tête mais n'est pas lue" in doute.message


def test_what_a_look_at_a_workbook_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entetes: dict[str, int] = {}

    def regarder(octets: Octets, demandes: Mapping[str, int]) -> dict[str, Regard]:
        assert zipfile.is_zipfile(octets.flux())
        entetes.update(demandes)
        return {
            "Données": Regard(
                masquees=Trouve(2, 3),
                sans_valeur={2: Trouve(1, 2), 7: Trouve(1, 2)},
                # The year and the association are no numbers to be shown as %; column 9 is unknown.
                pourcentages={1: Trouve(1, 2), 2: Trouve(4, 5), 9: Trouve(1, 2)},
                fusionnees={1: Trouve(3, 2), 9: Trouve(1, 2)},
            )
        }

    monkeypatch.setattr(regards, "regarder", regarder)
    contenu = classeur({"Données": ASSOCIATIONS})
    assert sortes(lire(tmp_path, VOLONTR, contenu, "2020-12.xlsx")) == [
        (doutes.LIGNES_MASQUEES, None, 2, 3),
        (doutes.FORMULE_SANS_VALEUR, "accueillis", 1, 2),
        (doutes.POURCENTAGE, "accueillis", 4, 5),
        (doutes.CELLULE_FUSIONNEE, "association", 3, 2),
    ]
    assert entetes == {"Données": 1}


def test_a_workbook_that_cannot_be_looked_at_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def regarder(*_: object) -> dict[str, Regard]:
        raise RegardImpossible

    monkeypatch.setattr(regards, "regarder", regarder)
    charge = charger(tmp_path, VOLONTR, {"2020-12.xlsx": classeur({"Données": ASSOCIATIONS})})
    [doute] = charge.bilans["2020-12.xlsx"].doutes
    assert "n'a pas pu être regardé" in doute.message
    assert charge.comptes("2020-12.xlsx") == (2, 2, 0, 0)


# Totals


def test_a_row_skipped_for_a_word_in_its_key(tmp_path: Path) -> None:
    texte = volontr("2019;Alpha;5", "2019;Total Beta;7", "2019;Ensemble;12", "Total;;12")
    assert sortes(lire(tmp_path, VOLONTR, texte)) == [(doutes.TOTAL, None, 2, 3)]
    assert lire(tmp_path / "b", VOLONTR, volontr("2019;Alpha;5", "Total;;5")) == []


# Sums

LIGNES = ["2019;Alpha;59;54;20;32", "2019;Beta;62;12;4;6", "2019;Gamma;80;31;7;11"]


@pytest.mark.parametrize(
    ("lignes", "attendu"),
    [
        # 54 + 12 + 31, 20 + 4 + 7, 32 + 6 + 11
        ([*LIGNES, "2019;Somme;59;97;31;49"], [(1, 5)]),
        # One is off by one.
        ([*LIGNES, "2019;Somme;59;97;31;48"], []),
        # Of the two just above, then of all: the first sum does not count in the second.
        ([*LIGNES, "2019;S1;62;43;11;17", "2019;S2;59;97;31;49"], [(2, 5)]),
        # Small numbers are more likely to be a sum since the one before.
        (
            [
                *LIGNES,
                "2019;S1;62;97;31;49",
                "2019;D;59;2;1;1",
                "2019;E;59;5;3;4",
                "2019;S2;59;7;4;5",
                "2019;S3;59;104;35;54",
            ],
            [(3, 5)],
        ),
        ([*LIGNES, "2019;D;59;2;1;1", "2019;E;59;5;3;4", "2019;S2;59;7;4;5"], []),
        # Numbers that the row has not are not asked of it, those that it cannot read neither.
        ([*LIGNES, "2019;Somme;59;97;31;"], [(1, 5)]),
        # One number alone, under 100.
        ([*LIGNES, "2019;Somme;59;97;;"], []),
        # A row that repeats the only other one is no sum.
        (["2019;Alpha;59;54;20;32", "2019;Beta;59;54;20;32"], []),
        (["2019;Zéro;59;0;0;0", "2019;Alpha;59;54;20;32", "2019;Beta;59;54;20;32"], []),
        # Small numbers are sums by chance.
        (["2019;A;59;1;0;1", "2019;B;59;1;1;1", "2019;C;59;2;1;2", "2019;D;59;9;0;7"], []),
    ],
)
def test_a_row_that_is_the_sum_of_those_above(
    tmp_path: Path, lignes: list[str], attendu: list[tuple[int, int]]
) -> None:
    trouves = [d for d in lire(tmp_path, AVDL, avdl(*lignes)) if d.doute == doutes.SOMME]
    assert [(d.nombre, d.premiere_ligne) for d in trouves] == attendu


def test_one_number_from_100_up_is_enough(tmp_path: Path) -> None:
    texte = volontr("2019;Alpha;100", "2019;Beta;120", "2019;Somme;220")
    assert sortes(lire(tmp_path, VOLONTR, texte)) == [(doutes.SOMME, None, 1, 4)]
    assert lire(tmp_path / "b", VOLONTR, volontr("2019;Alpha;30", "2019;B;40", "2019;C;70")) == []


def test_a_sum_far_below_in_a_file_read_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_texte, "_MORCEAU", 400)
    monkeypatch.setattr(doutes_nombres, "_FENETRE", 8)
    monkeypatch.setattr(doutes_nombres, "_PEU", 0)
    nombres = [(n * 7919 % 1009, n * 104729 % 997, n * 1299709 % 991) for n in range(1, 61)]
    total = [sum(c) for c in zip(*nombres, strict=True)]
    lignes = [f"2019;Op {n};59;{a};{b};{c}" for n, (a, b, c) in enumerate([*nombres, total])]
    assert sortes(lire(tmp_path, AVDL, avdl(*lignes))) == [(doutes.SOMME, None, 1, 62)]


def test_sums_of_decimals_are_close(tmp_path: Path) -> None:
    entete = "numero_contrat;type_contrat;departement;signataire;date_signature;montant_prevu"
    lignes = [f"C{n};CAI;59;Ville;01/02/2019;{m}" for n, m in enumerate(["1200,1", "845,2"])]
    texte = "\n".join([entete, *lignes, "C9;CAI;59;Villes;01/02/2019;2045,3"])
    assert sortes(lire(tmp_path, "ddcs/contrats", texte)) == [(doutes.SOMME, None, 1, 4)]
    assert lire(tmp_path / "b", "ddcs/contrats", texte.replace("2045,3", "2045,4")) == []


# Rates


@pytest.mark.parametrize(
    ("avancements", "dit"),
    [
        (["0,45", "0,8"], True),
        (["0,45", "1", ""], True),
        (["0,45", "45"], False),
        (["0", "1"], False),
        (["0,45", ""], False),
    ],
)
def test_rates_out_of_1(tmp_path: Path, avancements: list[str], dit: bool) -> None:
    territoires = ["D59", "D62", "D80"]
    lignes = [
        f"01.1;{t};01/02/2020;EN_COURS;{a}" for t, a in zip(territoires, avancements, strict=False)
    ]
    entete = "orientation;territoire;date_constat;statut;avancement"
    trouves = lire(tmp_path, "ddcs/orientations", "\n".join([entete, *lignes]))
    assert [d.doute for d in trouves] == [doutes.POURCENTAGE] * dit


# Ignored columns

MOBILISATIONS = "mois;departement;filiere;parc;zone;logements_mobilises"
REUNIONS = "numero_reunion;niveau;instance;date_reunion"


def test_an_ignored_column_that_has_nearly_the_name_of_an_absent_one(tmp_path: Path) -> None:
    ligne = "2020-11;59;PLAN_LOGEMENT;SOCIAL;AUTRE;3;3"
    texte = f"{MOBILISATIONS};Nombre de ménages\n{ligne}\n"
    [doute] = lire(tmp_path, "logement/mobilisations", texte)
    assert (doute.doute, doute.colonne) == (doutes.COLONNE_IGNOREE, "menages")
    assert doute.message.startswith(
        "Colonne ignorée «Nombre de ménages» : vouliez-vous dire menages ?"
    )
    assert not lire(tmp_path / "b", "logement/mobilisations", f"{MOBILISATIONS};Note\n{ligne}\n")


@pytest.mark.parametrize(
    ("cellules", "attendu"),
    [
        (["Présentiel", "NC", "mixte"], "format"),
        (["Présentiel", "Présentiel", ""], None),
        (["Présentiel", "mixte", "au café"], None),
        (["59", "02", "80"], "departement"),
        (["59", "02", ""], None),
        (["5", "12", "59"], None),
        (["oui", "non", "oui"], None),
        (["12", "15", "30"], None),
    ],
)
def test_an_ignored_column_that_holds_the_values_of_an_absent_one(
    tmp_path: Path, cellules: list[str], attendu: str | None
) -> None:
    lignes = [f"R{n};REGIONAL;COPIL;0{n + 1}/02/2020;{c}" for n, c in enumerate(cellules)]
    trouves = lire(tmp_path, "ddcs/reunions", "\n".join([f"{REUNIONS};Col", *lignes]))
    assert [d.colonne for d in trouves] == ([attendu] if attendu else [])
    if attendu:
        assert "ce qu'elle contient conviendrait à" in trouves[0].message


def test_about_persons_an_unknown_name_is_not_told(tmp_path: Path) -> None:
    lignes = [
        f"C{n};000000000{n};59;0{n}/02/2020;{pays}"
        for n, pays in enumerate(["Géorgie", "COL", "afghanistan"], start=1)
    ]
    [doute] = lire(tmp_path, CIR, cir(*lignes, entete=f"{ENTETE_CIR};Jean Dupont"))
    assert doute.colonne == "nationalite"
    assert "Colonne ignorée E : ce qu'elle contient" in doute.message
    assert "Dupont" not in doute.message


def test_what_a_personal_column_holds_is_never_guessed(tmp_path: Path) -> None:
    lignes = [f"C{n};000000000{n};59;0{n}/02/2020;1{n}/02/1990" for n in (1, 2, 3)]
    trouves = lire(tmp_path, CIR, cir(*lignes, entete=f"{ENTETE_CIR};Jour"))
    assert [d for d in trouves if d.doute == doutes.COLONNE_IGNOREE] == []


# Texts


@pytest.mark.parametrize(
    ("nom", "dit"),
    [
        ("OpÃ©rateur", True), ("Lâ€™Envol", True), ("nÂ° 4", True), ("Op\ufffdrateur", True),
        ("Opérateur", False), ("SÃO Paulo", False), ("L’Âtre", False),
    ],
)  # fmt: skip
def test_marks_of_a_text_decoded_twice(tmp_path: Path, nom: str, dit: bool) -> None:
    trouves = lire(tmp_path, AVDL, avdl("2019;Alpha;59;1;1;1", f"2019;{nom};59;1;1;1"))
    assert sortes(trouves) == [(doutes.ENCODAGE, "operateur", 1, 3)] * dit


def test_marks_in_the_header(tmp_path: Path) -> None:
    texte = volontr("2019;Alpha;5;1", entete="annee;association;accueillis;Ã‰tat")
    assert sortes(lire(tmp_path, VOLONTR, texte)) == [(doutes.ENCODAGE, None, 1, None)]


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ('annee;association;accueillis\n2019;"Alpha;5";5\n', True),
        ('annee;association;accueillis\n2019;"Alpha, 5";5\n', False),
        ('annee\tassociation\taccueillis\n2019\t"Alpha\t5"\t5\n', True),
        # A comma alone may well stand in a text.
        ('annee,association,accueillis\n2019,"Alpha, Lille",5\n', False),
        ('annee,association,accueillis\n2019,"Alpha,59,Lille",5\n', True),
        ('sep=|\nannee|association|accueillis\n2019|"Alpha|5"|5\n', True),
    ],
)
def test_a_separator_in_a_cell(tmp_path: Path, texte: str, dit: bool) -> None:
    attendu = [(doutes.SEPARATEUR_DANS_CELLULE, "association", 1, 2)] * dit
    assert sortes(lire(tmp_path, VOLONTR, texte)) == attendu


COURT = "annee;association;accueillis;objectif"


@pytest.mark.parametrize(
    ("longues", "courte", "dit"),
    [
        (["2019;A{};5;6"] * 10, "2019;Z 5;6", True),
        # Alone of its length, it needs three others; two of them, more than nine tenths.
        (["2019;A{};5;6"] * 5, "2019;Z;5", True),
        (["2019;A{};5;6"] * 2, "2019;Z;5", False),
        (["2019;A{};5;6"] * 17 + ["2019;B{};5"], "2019;Z;5", False),
        # Another row ends without the value, too.
        (["2019;A{};5;6"] * 10 + ["2019;B{};5;"], "2019;Z;5", False),
        (["2019;A{};5;6"] * 10 + ["2019;B{};5;NC"], "2019;Z;5", False),
        (["2019;A{};5;6"] * 10, "Total;;5", False),
        (["2019;A{};5;6"] * 10, "note", False),
    ],
)
def test_a_short_row(tmp_path: Path, longues: list[str], courte: str, dit: bool) -> None:
    lignes = [ligne.format(n) for n, ligne in enumerate(longues)]
    lignes.insert(5 if ";" in courte else 99, courte)
    trouves = lire(tmp_path, VOLONTR, volontr(*lignes, entete=COURT))
    attendu = [(doutes.SEPARATEUR_DANS_CELLULE, None, 1, 7)] * dit
    assert [s for s in sortes(trouves) if s[0] == doutes.SEPARATEUR_DANS_CELLULE] == attendu


def test_not_all_short_rows_are_kept_in_mind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doutes_csv, "_COURTES_MAX", 2)
    lignes = [*(f"2019;A{n};5;6" for n in range(50)), *(f"2019;Z{n};5" for n in range(4))]
    trouves = lire(tmp_path, VOLONTR, volontr(*lignes, entete=COURT))
    assert sortes(trouves) == [(doutes.SEPARATEUR_DANS_CELLULE, None, 2, 52)]


def test_most_rows_are_longer_than_the_header(tmp_path: Path) -> None:
    entete = "annee,association,accueillis,objectif"
    texte = volontr("2019,A,5,5,", "2019,B,6,0,", "2019,C,7,0", entete=entete)
    trouves = lire(tmp_path, VOLONTR, texte)
    assert sortes(trouves) == [(doutes.LIGNES_LONGUES, None, 2, 2)]
    assert "une virgule décimale" in trouves[0].message
    texte = volontr("2019,A,5,5,", "2019,B,6,0", entete=entete)
    assert lire(tmp_path / "b", VOLONTR, texte) == []


# Keys


@pytest.mark.parametrize(
    ("un", "deux", "dit"),
    [
        ("00123", "123", True),
        ("007", "07", True),
        ("100", "10", False),
        ("0123", "0124", False),
    ],
)
def test_keys_that_differ_by_zeros(tmp_path: Path, un: str, deux: str, dit: bool) -> None:
    lignes = [f"{n};REGIONAL;COPIL;01/02/2020" for n in (un, "X", deux)]
    trouves = lire(tmp_path, "ddcs/reunions", "\n".join([REUNIONS, *lignes]))
    assert sortes(trouves) == [(doutes.CLES_VOISINES, "numero_reunion", 2, 2)] * dit
    if dit:
        assert "lignes 2 et 4)" in trouves[0].message


def test_zeros_do_not_matter_where_the_key_differs_otherwise(tmp_path: Path) -> None:
    assert lire(tmp_path, VOLONTR, volontr("2019;01;5", "2020;1;6")) == []


def test_personal_keys_are_compared_and_never_told(tmp_path: Path) -> None:
    texte = cir("0777;0000000001;59;01/02/2020", "777;0000000002;59;01/02/2020")
    [doute] = lire(tmp_path, CIR, texte)
    assert (doute.doute, doute.colonne) == (doutes.CLES_VOISINES, "numero_cir")
    assert "777" not in doute.message


@pytest.mark.parametrize(
    ("un", "deux", "dit"),
    [
        ("Unis pour la cité", "Unis pour la citée", True),
        ("Unis pour la cité", "unis POUR la cute", True),
        ("Jeune en actes", "Jeunes en actes", True),
        ("L'Envol du Nord", "LEnvol du Nord", True),
        # Case, accents, kinds of hyphens: the same key, rejected.
        ("Unis pour la cité", "UNIS POUR LA CITE", False),
        ("Opérateur 1", "Opérateur 2", False),
        ("Opérateur 1", "Opérateur 12", False),
        ("Équipe mobile A", "Équipe mobile B", False),
        ("Structure II", "Structure III", False),
        ("Court un", "Court une", False),
        ("Unis pour la cité", "Unis pour le cités", False),
    ],
)
def test_keys_that_differ_by_one_sign(tmp_path: Path, un: str, deux: str, dit: bool) -> None:
    trouves = lire(tmp_path, VOLONTR, volontr(f"2019;{un};5", "2019;Autre;6", f"2019;{deux};7"))
    attendu = [(doutes.CLES_VOISINES, "association", 2, 2)] * dit
    assert [s for s in sortes(trouves) if s[0] == doutes.CLES_VOISINES] == attendu


def test_one_sign_does_not_matter_where_the_key_differs_otherwise(tmp_path: Path) -> None:
    texte = volontr("2019;Unis pour la cité;5", "2020;Unis pour la citée;5")
    assert lire(tmp_path, VOLONTR, texte) == []


# SIRETs

PROJETS = "exercice;numero_projet;departement;action;porteur;siret;intitule;axe;statut"


def siret(debut: int) -> str:
    """A SIRET that begins with these thirteen digits."""
    chiffres = [int(c) * (2 - i % 2) for i, c in enumerate(f"{debut:013d}")]
    return f"{debut:013d}{-sum(n - 9 if n > 9 else n for n in chiffres) % 10}"


def projets(*sirets: str) -> str:
    lignes = [f"2019;P{n};59;12;Porteur;{s};Titre;LANGUE;FINANCE" for n, s in enumerate(sirets)]
    return "\n".join([PROJETS, *lignes])


def test_rounded_sirets(tmp_path: Path) -> None:
    ronds = [s for s in (siret(n * 10_000) for n in range(123456780, 123456800)) if s[-1] == "0"]
    ordinaires = [siret(1234567800000 + 7 * n) for n in range(1, 120)]
    assert ronds[0].endswith("00000")
    trouves = lire(tmp_path, "ddcs/projets", projets(*ordinaires[:5], ronds[0]))
    assert sortes(trouves) == [(doutes.SIRET_ARRONDI, "siret", 1, 7)]
    # One among 120 may be chance (120 / 100 000 > 1 / 1 000), not two.
    assert not lire(tmp_path / "b", "ddcs/projets", projets(*ordinaires, ronds[0]))
    assert lire(tmp_path / "c", "ddcs/projets", projets(*ordinaires, *ronds[:2]))


# Persons


@pytest.mark.parametrize(
    ("texte", "quoi"),
    [
        ("contact : a.dupont@exemple.fr", "une adresse électronique"),
        ("185057800608436", "un numéro de sécurité sociale"),
        ("n° 1 85 05 78 006 084 36", "un numéro de sécurité sociale"),
        ("1850578006084", "un numéro de sécurité sociale"),
        ("rappeler le 06 12 34 56 78", "un numéro de téléphone"),
        ("0320000000", "un numéro de téléphone"),
        ("+33 (0)3 20 00 00 00", "un numéro de téléphone"),
        ("0033612345678", "un numéro de téléphone"),
        ("étranger 7503123456", "un numéro d'étranger"),
        ("Mme X, née le 3/4/1985", "une date de naissance"),
        # SIRETs, amounts, dates, a month that does not exist.
        ("73282932000074", ""),
        ("732 829 320 00074", ""),
        ("1 850 578 006 084 €", ""),
        ("1234567890 €", ""),
        ("12 345 678 901,50", ""),
        ("du 05/01/2020 10 h au 06.01.2020 30 personnes", ""),
        ("1853578006084", ""),
        ("projet né le 3 mars", ""),
        ("atelier @ Lille", ""),
    ],
)
def test_what_looks_like_a_person_s(texte: str, quoi: str) -> None:
    assert next((q for q, _ in Masque("2020-10").vus(texte)), "") == quoi


def test_persons_data_where_none_belongs(tmp_path: Path) -> None:
    entete = "orientation;territoire;date_constat;statut;commentaire;responsable;Contact"
    ligne = "01.1;{};01/02/2020;EN_COURS;{};DDETS;{}"
    texte = "\n".join(
        [entete, ligne.format("D59", "vu", "x"), ligne.format("D62", "06 12 34 56 78", "a@b.fr")]
    )
    trouves = lire(tmp_path, "ddcs/orientations", texte)
    assert sortes(trouves) == [
        (doutes.DONNEE_PERSONNELLE, None, 1, 3),
        (doutes.DONNEE_PERSONNELLE, "commentaire", 1, 3),
    ]
    assert not any("06 12" in d.message or "a@b" in d.message for d in trouves)
    # A number that names something, of which the contract states no form, is looked at too.
    texte = "\n".join([REUNIONS, "0612345678;REGIONAL;COPIL;01/02/2020"])
    trouves = lire(tmp_path / "b", "ddcs/reunions", texte)
    assert sortes(trouves) == [(doutes.DONNEE_PERSONNELLE, "numero_reunion", 1, 2)]


def test_a_birth_date_in_an_ignored_column(tmp_path: Path) -> None:
    texte = volontr(
        "2019;A;5;3/4/1985", "2019;B;6;", entete="annee;association;accueillis;Né(e) le"
    )
    assert sortes(lire(tmp_path, VOLONTR, texte)) == [(doutes.DONNEE_PERSONNELLE, None, 1, 2)]
    texte = texte.replace("Né(e) le", "Créée le")
    assert lire(tmp_path / "b", VOLONTR, texte) == []
    # About persons, it is the contract's own under nearly its name.
    lignes = ["C1;0000000001;59;01/02/2020;3/4/1985"]
    texte = cir(*lignes, entete=f"{ENTETE_CIR};Date de naissance")
    [doute] = lire(tmp_path / "c", CIR, texte)
    assert (doute.doute, doute.colonne) == (doutes.COLONNE_IGNOREE, "date_naissance")


# Kept, published


def test_kept_readings_give_the_same_doubts(tmp_path: Path) -> None:
    fichiers: dict[str, Contenu] = {"2020-12.csv": avdl(*LIGNES, "2019;Somme;59;97;31;49")}

    def relire() -> Charge:
        return charger(tmp_path / "raw", AVDL, fichiers, CLE, Gardees(tmp_path / "g", CLE))

    [un] = relire().bilans["2020-12.csv"].doutes
    [deux] = relire().bilans["2020-12.csv"].doutes
    assert un == deux


def test_doubts_are_told_of_all_the_files_that_were_read(tmp_path: Path) -> None:
    charge = charger(
        tmp_path,
        VOLONTR,
        {
            "2020-10.csv": volontr("2019;Total A;5", "2019;B;6"),
            "2020-10.v2.csv": volontr("2019;Total A;5", "2019;Total B;6", "2019;C;1"),
            "2020-11.csv": volontr("2019;Total A;5", "2019;B;x"),
            "2020-12.csv": "annee;association\n2019;Total A\n",
        },
    )
    assert charge.sql("select * exclude (message) from qualite.doutes order by fichier") == [
        ("service_civique", "volontr", mois, f"{VOLONTR}/{nom}", None, None, "total", nombre, 2)
        for mois, nom, nombre in (
            ("2020-10", "2020-10.csv", 1),
            ("2020-10", "2020-10.v2.csv", 2),
            ("2020-11", "2020-11.csv", 1),
        )
    ]
    assert set(charge.statuts().values()) == {"remplacee", "acceptee", "refusee"}


def test_every_kind_has_its_words() -> None:
    guide = (RACINE / "raw" / "README.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \| ", guide.split("## À regarder")[1], re.M) == list(
        doutes.SORTES
    )
    schema = SCHEMA.read_text("utf-8")
    assert f"Sorte de doute : {', '.join(doutes.SORTES)} (" in schema


def test_the_demonstration_gives_none(tmp_path: Path) -> None:
    """Whatever was put wrong on purpose in raw/ is rejected, refused or corrected."""
    raw = tmp_path / "raw"
    assert demonstration.main([str(raw)]) == 0
    inventaire = depot.inventaire(raw, toutes(), b"secret")
    trouves = []
    for nom, regles in toutes().items():
        con = en_memoire([regles])
        siens = [f for f in inventaire if f.extrait == nom]
        jugees = livraison.juger(con, siens, regles, Examens(raw, CLE, Gardees(None, CLE)))
        trouves += [(r.fichier.chemin, d) for r in jugees for d in r.doutes]
    assert trouves == []
