"""`bilan correspondre`: from a partner's own layout to lines of correspondances.csv.

The layout of `ofii` is made up, such as administrations publish: a sheet per department, its own
names of columns, words for codes, a total and a note below. All persons are made up.
"""

from datetime import date
from pathlib import Path

import pytest

from pipelines import feuille_de_route
from pipelines.cli import executer
from pipelines.contrats import regles_de
from pipelines.ingestion.depot import Fichier
from pipelines.propositions import Propositions, proposer
from tests.ingestion.essais import ecrire
from tests.ingestion.formats import Cellule, Feuille, ods, tableau, xlsx
from tests.verification.essais import verifier

OFII, VOLONTR, OUTILS = "ofii/cir_signataires", "service_civique/volontr", "ddcs/outils"


@pytest.fixture
def roadmap(tmp_path: Path) -> Path:
    """The region's roadmap, in a place that a test may change."""
    copie = tmp_path / "feuille"
    copie.mkdir()
    for chemin in feuille_de_route.DOSSIER.glob("*.csv"):
        (copie / chemin.name).write_bytes(chemin.read_bytes())
    (copie / "correspondances.csv").unlink(missing_ok=True)
    return copie


def propose(
    tmp_path: Path, nom: str, contenu: str | bytes, extrait: str = VOLONTR, mois: str = "2020-03"
) -> Propositions:
    chemin = ecrire(tmp_path / nom, contenu)
    partie = nom.partition("_")[2].partition(".")[0]
    regles = regles_de(feuille_de_route.lire())[extrait]
    return proposer(chemin, Fichier(nom, extrait, mois, partie), regles)


def dites(propositions: Propositions) -> list[tuple[str, str, str, str]]:
    return [(p.genre, p.colonne, p.livre, p.contrat) for p in propositions.lignes]


def ofii() -> bytes:
    entete: list[Cellule] = [
        "N° du contrat CIR", "Numéro national d'étranger", "Date de signature du contrat", "Genre",
        "Nationalité", "Motif du séjour",
    ]  # fmt: skip

    def feuille(nom: str, premier: int) -> Feuille:
        rangees: list[list[Cellule]] = [
            [
                f"CIR{premier + i}", f"{premier + i:010d}", date(2020, 2, 1 + i),
                ("Féminin", "Masculin")[i % 2], ("Géorgie", "afghane", "SYR")[i % 3],
                ("Motif familial", "Motif économique")[i % 2],
            ]
            for i in (0, 1, 2, 3, 5)
            if ("Géorgie", "afghane", "SYR")[i % 3] != "afghane"
        ]  # fmt: skip
        bas: list[list[Cellule]] = [["Total", 3], ["Source : OFII, mars 2020 (données fictives)"]]
        haut: list[list[Cellule]] = [["OFII, direction territoriale"], [], entete]
        return Feuille(nom, tableau(*haut, *rangees, *bas))

    return ods(feuille("Nord", 100), feuille("Pas-de-Calais", 200))


def test_a_published_layout_goes_from_refused_to_accepted(
    tmp_path: Path, roadmap: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = ecrire(tmp_path / "2020-03_lille.ods", ofii())
    options = ("--roadmap", roadmap)
    assert verifier(capsys, fichier, OFII, *options).code == 2
    arguments = ["correspondre", str(fichier), "--extrait", OFII, "--roadmap", str(roadmap)]
    assert executer(arguments) == 0
    assert not (roadmap / "correspondances.csv").exists()
    capsys.readouterr()
    assert executer([*arguments, "--ecrire"]) == 0
    dit = capsys.readouterr().out
    assert f"Lignes ajoutées à {roadmap / 'correspondances.csv'}." in dit
    assert (roadmap / "correspondances.csv").read_text(encoding="utf-8") == (
        "extrait,fichiers,genre,colonne,livre,contrat\n"
        "ofii/cir_signataires,*_lille*,colonne,numero_cir,N° du contrat CIR,\n"
        "ofii/cir_signataires,*_lille*,colonne,numero_etranger,Numéro national d'étranger,\n"
        "ofii/cir_signataires,*_lille*,colonne,date_signature,Date de signature du contrat,\n"
        "ofii/cir_signataires,*_lille*,colonne,motif_admission,Motif du séjour,\n"
        "ofii/cir_signataires,*_lille*,colonne,sexe,Genre,\n"
        "ofii/cir_signataires,*_lille*,constante,departement,,{feuille}\n"
        "ofii/cir_signataires,*_lille*,valeur,sexe,Féminin,F\n"
        "ofii/cir_signataires,*_lille*,valeur,sexe,Masculin,H\n"
        "ofii/cir_signataires,*_lille*,valeur,motif_admission,Motif familial,FAM\n"
        "ofii/cir_signataires,*_lille*,valeur,motif_admission,Motif économique,ECO\n"
    )
    fait = verifier(capsys, fichier, OFII, *options)
    assert fait.code == 0, fait.dit
    assert executer(arguments) == 0
    assert "rien à ajouter" in capsys.readouterr().out


def test_lines_are_added_below_those_that_are_there(
    tmp_path: Path, roadmap: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    avant = "extrait,fichiers,genre,colonne,livre,contrat\nddcs/outils,,colonne,nom,Titre,"
    (roadmap / "correspondances.csv").write_text(avant, encoding="utf-8")
    fichier = ecrire(tmp_path / "2020-03.csv", "Année;Associations;Accueillis\n2019;Alpha;1\n")
    arguments = ["correspondre", str(fichier), "--extrait", VOLONTR, "--roadmap", str(roadmap)]
    assert executer([*arguments, "--ecrire"]) == 0
    assert (roadmap / "correspondances.csv").read_text(encoding="utf-8") == (
        f"{avant}\nservice_civique/volontr,,colonne,association,Associations,\n"
    )


def test_names_are_recognised_when_they_are_close(tmp_path: Path) -> None:
    """A word cut short, a slip, all the words among others; a name that is known needs no line."""
    trouvees = propose(
        tmp_path, "2020-03.csv",
        "Type outil;Num. outil;Nom de l'outil ou du document;Statu;Dép.\n"
        "APPLICATION;1;Un nom;PREVU;59\nREPERTOIRE;2;Un autre;DEPLOYE;62\n", OUTILS,
    )  # fmt: skip
    assert sorted(dites(trouvees)) == [
        ("colonne", "departement", "Dép.", ""),
        ("colonne", "nom", "Nom de l'outil ou du document", ""),
        ("colonne", "numero_outil", "Num. outil", ""),
        ("colonne", "statut", "Statu", ""),
    ]


def test_cells_tell_what_a_name_does_not(tmp_path: Path) -> None:
    trouvees = propose(
        tmp_path, "2020-03.csv",
        "numero_outil;type_outil;nom;X1;X2\n1;APPLICATION;Un;PREVU;Nord\n2;REPERTOIRE;Deux;PREVU;02\n",
        OUTILS,
    )  # fmt: skip
    assert sorted(dites(trouvees)) == [
        ("colonne", "departement", "X2", ""),
        ("colonne", "statut", "X1", ""),
    ]


def test_years_tell_a_column_better_than_the_month_of_the_delivery(tmp_path: Path) -> None:
    """A constant would say 2020 of all of them."""
    trouvees = propose(
        tmp_path, "2020-03.csv", "Campagne;association;accueillis\n2018;Alpha;1\n2019;Alpha;2\n"
    )
    assert dites(trouvees) == [("colonne", "annee", "Campagne", "")]


def test_a_column_that_takes_any_text_is_in_the_way_of_none(tmp_path: Path) -> None:
    """Neither `dispositif`, whose list is open, nor `siret`: both are read as any text is."""
    trouvees = propose(
        tmp_path, "2020-03.csv",
        "exercice;numero_projet;departement;action;porteur;intitule;X;statut\n"
        "2020;P1;59;12;A;I;Langue;Financé\n2020;P2;02;12;A;I;Emploi;Financé\n",
        "ddcs/projets",
    )  # fmt: skip
    assert dites(trouvees) == [("colonne", "axe", "X", "")]


def test_most_cells_are_enough_where_they_would_be_codes(tmp_path: Path) -> None:
    """Two of three are codes of statut; the third is left to a person, with the codes."""
    trouvees = propose(
        tmp_path, "2020-03.csv",
        "numero_outil;type_outil;nom;X1\n1;APPLICATION;Un;PREVU\n2;REPERTOIRE;Deux;Retiré\n"
        "3;APPLICATION;Trois;En cave\n", OUTILS,
    )  # fmt: skip
    assert dites(trouvees) == [("colonne", "statut", "X1", "")]
    assert "PREVU (Prévu), DEPLOYE (Déployé), RETIRE (Retiré)" in trouvees.a_dire[-1]


def test_two_columns_that_would_do_are_not_chosen_between(tmp_path: Path) -> None:
    trouvees = propose(
        tmp_path, "2020-03.csv",
        "numero_outil;type_outil;nom;statut;X1;X2\n1;APPLICATION;Un;PREVU;59;62\n", OUTILS,
    )  # fmt: skip
    assert dites(trouvees) == []
    assert "«X1», «X2»" in trouvees.a_dire[0]


def test_a_column_about_persons_is_never_told_from_its_cells(tmp_path: Path) -> None:
    """«N° AGDREF» holds ten digits, «Date de délivrance» dates of births: neither is sure."""
    trouvees = propose(
        tmp_path, "2020-03.csv",
        "numero_cir;N° AGDREF;departement;date_signature;Date de délivrance\n"
        "C1;0000000001;59;01/02/2020;01/02/1990\nC2;0000000002;59;02/02/2020;02/02/1991\n", OFII,
    )  # fmt: skip
    assert not [p for p in trouvees.lignes if p.colonne in ("numero_etranger", "date_naissance")]
    assert any("numero_etranger : rien de sûr" in phrase for phrase in trouvees.a_dire)


def test_nothing_personal_is_told(tmp_path: Path) -> None:
    trouvees = propose(
        tmp_path, "2020-03.csv",
        "numero_cir;numero_etranger;departement;date_signature;sexe;Vu le 03/04/1991 0600000000\n"
        "C1;0000000001;59;01/02/2020;né le 01/02/1990;x\n"
        "C2;0000000002;59;01/02/2020;F;x\n", OFII,
    )  # fmt: skip
    dit = " ".join(trouvees.a_dire)
    assert "1990" not in dit
    assert "1991" not in dit
    assert "***" in dit


def test_a_header_over_two_rows(tmp_path: Path) -> None:
    trouvees = propose(
        tmp_path, "2020-03.csv",
        "Volont'R\nAnnée;Association;Réfugiés;Réfugiés\n;;prévus;accueillis\n2019;Alpha;2;1\n",
    )  # fmt: skip
    assert dites(trouvees) == [
        ("entete", "", "2", "2"),
        ("colonne", "accueillis", "Réfugiés accueillis", ""),
    ]


def test_a_header_far_down(tmp_path: Path) -> None:
    lignes = "note\n" * 40 + "annee;association;accueillis\n2019;Alpha;1\n"
    assert dites(propose(tmp_path, "2020-03.csv", lignes)) == [("entete", "", "", "41")]


def test_a_sheet_whose_name_says_a_notice(tmp_path: Path) -> None:
    table = tableau(["annee", "association", "accueillis"], [2019, "Alpha", 1])
    trouvees = propose(tmp_path, "2020-03.xlsx", xlsx(Feuille("Aide aux jeunes", table)))
    assert dites(trouvees) == [("feuille", "", "Aide aux jeunes", "oui")]


@pytest.mark.parametrize(
    ("nom", "constante"), [("2020-03_59.csv", "{partie}"), ("2020-03_nord.csv", "{partie}")]
)
def test_what_the_files_name_says(tmp_path: Path, nom: str, constante: str) -> None:
    texte = "mois;filiere;parc;zone;logements_mobilises\n2020-02;PLAN_LOGEMENT;SOCIAL;AUTRE;3\n"
    trouvees = propose(tmp_path, nom, texte, "logement/mobilisations")
    assert ("constante", "departement", "", constante) in dites(trouvees)


def test_the_month_and_the_year_of_the_delivery(tmp_path: Path) -> None:
    trouvees = propose(tmp_path, "2020-03.csv", "association;accueillis\nAlpha;1\n")
    assert dites(trouvees) == [("constante", "annee", "", "{annee}")]


def test_a_value_close_to_two_codes_is_left_to_a_person(tmp_path: Path) -> None:
    trouvees = propose(
        tmp_path, "2020-03.csv",
        "numero_outil;type_outil;nom;statut\n"
        "1;Document sur les;Un;PREVU\n2;Répertoires FLE;Deux;prevus\n",
        OUTILS,
    )  # fmt: skip
    assert dites(trouvees) == [("valeur", "type_outil", "Répertoires FLE", "REPERTOIRE")]
    assert "type_outil : «Document sur les» (1 cellule)" in trouvees.a_dire[0]


def test_what_has_no_header_says_so(
    tmp_path: Path, roadmap: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = ecrire(tmp_path / "2020-03.csv", "1;2;3\n4;5;6\n")
    arguments = ["correspondre", str(fichier), "--extrait", VOLONTR, "--roadmap", str(roadmap)]
    assert executer([*arguments, "--ecrire"]) == 2
    dit = capsys.readouterr().out
    assert "Aucune ligne ne ressemble à un en-tête" in dit
    assert not (roadmap / "correspondances.csv").exists()


def test_an_unreadable_file_says_why(
    tmp_path: Path, roadmap: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = ecrire(tmp_path / "2020-03.xlsx", b"PK\x03\x04 abime")
    arguments = ["correspondre", str(fichier), "--extrait", VOLONTR, "--roadmap", str(roadmap)]
    assert executer(arguments) == 2
    assert "Rien à proposer, le fichier ne se lit pas" in capsys.readouterr().out
