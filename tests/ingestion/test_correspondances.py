"""How partners write: headers, values, constants, sheets and headers that correspondances.csv says.

Two extracts serve: `service_civique/volontr` (annee and association are its key, accueillis is
mandatory, objectif is not), and `ddcs/outils`, which has codes.
"""

from pathlib import Path
from typing import Any

import pytest

from pipelines import feuille_de_route
from pipelines.contrats import regles_de
from pipelines.erreurs import Faute
from pipelines.gardees import Gardees
from pipelines.ingestion.correspondances import Correspondance
from tests.ingestion.essais import CLE, Charge, Contenu, charger
from tests.ingestion.formats import Cellule, Feuille, tableau, xlsx

VOLONTR, OUTILS = "service_civique/volontr", "ddcs/outils"
COLONNES = "annee, association, accueillis"
ROADMAP = feuille_de_route.DOSSIER


def dit(*lignes: str, extrait: str = VOLONTR) -> list[Correspondance]:
    """Lines of correspondances.csv, after their extract: `fichiers,genre,colonne,livre,contrat`."""
    return [
        Correspondance(extrait, fichiers, genre, colonne, livre, contrat, numero)
        for numero, ligne in enumerate(lignes, start=2)
        for fichiers, genre, colonne, livre, contrat in [ligne.split(",")]
    ]


def livrer(
    raw: Path, contenu: Contenu, *lignes: str, nom: str = "2020-03.csv", extrait: str = VOLONTR
) -> Charge:
    return charger(raw, extrait, {nom: contenu}, correspondances=dit(*lignes, extrait=extrait))


def utilisees(charge: Charge) -> list[tuple[Any, ...]]:
    return charge.sql(
        "select genre, colonne, livre, contrat, nombre from qualite.correspondances order by all"
    )


def test_a_delivered_header_is_a_column(tmp_path: Path) -> None:
    charge = livrer(
        tmp_path, "Année de l'accueil;Structure;Nb jeunes\n2019;A;1\n2019;B;2\n",
        ",colonne,annee,ANNEE DE L’ACCUEIL,", ",colonne,association,Structure,",
        ",colonne,accueillis,nb jeunes,",
    )  # fmt: skip
    assert charge.lignes(COLONNES) == [(2019, "A", 1), (2019, "B", 2)]
    assert utilisees(charge) == [
        ("colonne", "accueillis", "nb jeunes", "", 1),
        ("colonne", "annee", "ANNEE DE L’ACCUEIL", "", 1),
        ("colonne", "association", "Structure", "", 1),
    ]


def test_it_says_nothing_of_other_files(tmp_path: Path) -> None:
    texte = "annee;Structure;accueillis\n2019;A;1\n"
    lignes = dit("*_59*,colonne,association,Structure,")
    charge = charger(
        tmp_path,
        VOLONTR,
        {"2020-03_59.csv": texte, "2020-03_62.csv": texte},
        correspondances=lignes,
    )
    assert {nom: b.statut for nom, b in charge.bilans.items()} == {
        "2020-03_59.csv": "acceptee",
        "2020-03_62.csv": "refusee",
    }
    assert charge.sql("select fichier, nombre from qualite.correspondances") == [
        ("service_civique/volontr/2020-03_59.csv", 1)
    ]


def test_two_delivered_headers_for_one_column_refuse_the_file(tmp_path: Path) -> None:
    charge = livrer(
        tmp_path, "annee;Structure;association;accueillis\n2019;A;B;1\n",
        ",colonne,association,Structure,",
    )  # fmt: skip
    assert charge.bilans["2020-03.csv"].motif == (
        "«Structure» et «association» valent tous deux la colonne association dans l'en-tête, "
        "ligne 1, d'après correspondances.csv"
    )


def test_lines_that_contradict_each_other_for_a_file_refuse_it(tmp_path: Path) -> None:
    charge = livrer(
        tmp_path, "annee;Structure;accueillis\n2019;A;1\n",
        ",colonne,association,Structure,", "*03*,colonne,objectif,STRUCTURE,",
    )  # fmt: skip
    assert charge.bilans["2020-03.csv"].motif == (
        "correspondances.csv se contredit pour ce fichier, colonne «STRUCTURE» : lignes 2 et 3"
    )


def test_a_cell_reads_as_what_it_stands_for(tmp_path: Path) -> None:
    """Five cells: two are replaced, «-» is 0 here, an empty one stays empty."""
    charge = livrer(
        tmp_path,
        "numero_outil;type_outil;nom;statut;langues\n"
        "1;fiche pratique;N;pas prêt.;-\n2;Application;N;Pas  Prêt;\n3;application;N;Prévu;4\n",
        ",valeur,type_outil,Fiche pratique,application", ",valeur,statut,PAS PRET,prevu",
        ",valeur,langues,-,0", extrait=OUTILS,
    )  # fmt: skip
    assert charge.lignes("numero_outil, type_outil, statut, langues") == [
        ("1", "APPLICATION", "PREVU", 0),
        ("2", "APPLICATION", "PREVU", None),
        ("3", "APPLICATION", "PREVU", 4),
    ]
    assert utilisees(charge) == [
        ("valeur", "langues", "-", "0", 1),
        ("valeur", "statut", "PAS PRET", "prevu", 2),
        ("valeur", "type_outil", "Fiche pratique", "application", 1),
    ]


def test_a_cell_may_stand_for_no_value(tmp_path: Path) -> None:
    charge = livrer(
        tmp_path, "annee;association;accueillis;objectif\n2019;A;1;inconnu\n",
        ",valeur,objectif,inconnu,",
    )  # fmt: skip
    assert charge.lignes("objectif") == [(None,)]


def test_a_missing_column_is_a_constant(tmp_path: Path) -> None:
    charge = livrer(
        tmp_path, "association;accueillis\nA;1\nB;2\n", ",constante,annee,,{annee}",
        nom="2020-03.csv",
    )  # fmt: skip
    assert charge.lignes(COLONNES) == [(2020, "A", 1), (2020, "B", 2)]
    assert utilisees(charge) == [("constante", "annee", "", "{annee}", 2)]


def test_a_column_that_is_there_is_no_constant(tmp_path: Path) -> None:
    charge = livrer(
        tmp_path, "annee;association;accueillis;objectif\n2019;A;1;\n2019;B;1;5\n",
        ",constante,objectif,,9",
    )  # fmt: skip
    assert charge.lignes("objectif") == [(None,), (5,)]
    assert utilisees(charge) == []


@pytest.mark.parametrize(
    ("constante", "lue"),
    [
        ("{mois}", "2020-03"),
        ("{annee}", "2020"),
        ("{partie}", "59-nord"),
        ("CIR {partie} ({annee})", "CIR 59-nord (2020)"),
        ("{feuille}", "Lille"),
    ],
)
def test_what_stands_in_braces_is_the_deliverys(tmp_path: Path, constante: str, lue: str) -> None:
    table = tableau(["annee", "accueillis"], [2019, 1])
    charge = livrer(
        tmp_path, xlsx(Feuille("Lille", table)), f",constante,association,,{constante}",
        nom="2020-03_59-nord.xlsx",
    )  # fmt: skip
    assert charge.lignes("association") == [(lue,)]


def test_a_sheet_per_association(tmp_path: Path) -> None:
    """The name of each sheet is the part of the key that its rows lack; notes stay notes."""
    une = tableau(["annee", "accueillis", "objectif"], [2018, 1, 2], [2019, 2, 3], ["Source : ASC"])
    autre = tableau(["annee", "accueillis", "objectif"], [2019, 5, 6], ["Total", 5, 6])
    charge = livrer(
        tmp_path, xlsx(Feuille("Alpha", une), Feuille("Beta", autre)),
        ",constante,association,,{feuille}", nom="2020-03.xlsx",
    )  # fmt: skip
    assert charge.lignes(f"{COLONNES}, feuille") == [
        (2018, "Alpha", 1, "Alpha"),
        (2019, "Alpha", 2, "Alpha"),
        (2019, "Beta", 5, "Beta"),
    ]
    assert charge.bilans["2020-03.xlsx"].ignorees == 1 + 1


def test_sheets_are_read_or_not_by_their_names(tmp_path: Path) -> None:
    """A notice that is data is read, a draft that has the header is not."""
    table: list[Cellule] = ["annee", "association", "accueillis"]
    charge = livrer(
        tmp_path,
        xlsx(
            Feuille("Aide aux jeunes", tableau(table, [2019, "A", 1])),
            Feuille("Brouillon 2", tableau(table, [2019, "B", 1])),
            Feuille("Autres", tableau(table, [2019, "C", 1])),
        ),
        ",feuille,,aide*,oui", ",feuille,,Brouillon*,non", nom="2020-03.xlsx",
    )  # fmt: skip
    assert charge.lignes("association") == [("A",), ("C",)]
    assert ("feuille", "", "aide*", "oui", 1) in utilisees(charge)


def test_a_header_far_down_and_over_two_rows(tmp_path: Path) -> None:
    charge = livrer(
        tmp_path,
        "note\n" * 40 + "Année;Nom de;Jeunes;Jeunes\n;la structure;accueillis;prévus\n2019;A;1;2\n",
        ",entete,,2,41", ",colonne,association,Nom de la structure,",
        ",colonne,accueillis,Jeunes accueillis,", ",colonne,objectif,Jeunes prévus,",
    )  # fmt: skip
    assert charge.lignes(f"{COLONNES}, objectif, ligne") == [(2019, "A", 1, 2, 43)]
    assert ("entete", "", "2", "41", 1) in utilisees(charge)


def test_a_header_that_is_not_where_it_is_said(tmp_path: Path) -> None:
    charge = livrer(tmp_path, "annee;association;accueillis\n2019;A;1\n", ",entete,,,2")
    assert charge.bilans["2020-03.csv"].motif == (
        "aucun en-tête complet à la ligne 2, où le place correspondances.csv (ligne 2) : "
        "il manque les colonnes annee, association, accueillis"
    )


def test_a_reading_is_kept_under_the_lines_that_apply(tmp_path: Path) -> None:
    """A line more is another reading, one that applies to other files is not."""
    texte = "annee;association;accueillis\n2019;A;1\n"
    gardees = Gardees(tmp_path / "gardees", CLE)

    def lire(*lignes: str) -> list[tuple[Any, ...]]:
        charge = charger(
            tmp_path / "raw", VOLONTR, {"2020-03.csv": texte}, gardees=gardees,
            correspondances=dit(*lignes),
        )  # fmt: skip
        return charge.lignes("association, objectif")

    def lectures() -> int:
        return len({p.name.split(".")[0] for p in (tmp_path / "gardees" / "lectures").iterdir()})

    assert (lire(), lectures()) == ([("A", None)], 1)
    assert (lire("*_62*,constante,objectif,,7"), lectures()) == ([("A", None)], 1)
    assert (lire(",constante,objectif,,7"), lectures()) == ([("A", 7)], 2)


@pytest.mark.parametrize(
    ("ligne", "phrase"),
    [
        ("ofii/autre,,colonne,annee,An,", "l'extrait «ofii/autre» est inconnu"),
        ("ddcs/outils,,colone,nom,An,", "le genre «colone» est inconnu"),
        ("ddcs/outils,,colonne,noms,An,", "la colonne «noms» n'est pas de ddcs/outils"),
        ("ddcs/outils,,feuille,nom,An,oui", "la case colonne doit rester vide"),
        ("ddcs/outils,,colonne,nom,,", "la case livre est vide"),
        ("ddcs/outils,,constante,nom,,", "la case contrat est vide"),
        ("ddcs/outils,,constante,nom,,{moi}", "{moi} est inconnu"),
        ("ddcs/outils,,feuille,,A*,peut-être", "doit être oui (la feuille est lue) ou non"),
        ("ddcs/outils,,entete,,,zéro", "doit être le numéro de la ligne de l'en-tête"),
        ("ddcs/outils,,entete,,9,3", "doit être le nombre de lignes de l'en-tête"),
        ("ddcs/outils,,colonne,nom,Nom,x,y", "une cellule de trop"),
        ("ddcs/outils,,colonne,statut,LE TITRE,", "la même chose que la ligne 2, ou la contredit"),
    ],
)
def test_a_wrong_line_is_said_with_its_number(tmp_path: Path, ligne: str, phrase: str) -> None:
    for chemin in ROADMAP.glob("*.csv"):
        (tmp_path / chemin.name).write_bytes(chemin.read_bytes())
    (tmp_path / "correspondances.csv").write_text(
        "extrait,fichiers,genre,colonne,livre,contrat\n"
        f"ddcs/outils,,colonne,nom,Le titre,\n{ligne}\n",
        encoding="utf-8",
    )
    with pytest.raises(Faute) as faute:
        regles_de(feuille_de_route.lire(tmp_path))
    [dite] = str(faute.value).splitlines()[1:]
    assert "correspondances.csv, ligne 3 : " in dite
    assert phrase in dite
