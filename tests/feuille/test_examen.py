"""A roadmap that contradicts itself stops the refresh before it starts, all faults at once."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines import feuille_de_route, vues
from pipelines.cli import executer
from pipelines.contrats import regles_de
from pipelines.entrepot import tables
from pipelines.erreurs import Faute
from pipelines.examen import examiner
from pipelines.indicateurs import definition

RAW = Path(__file__).parents[1] / "region" / "raw"
FEUILLE = Path(__file__).parents[1] / "region" / "feuille"


@pytest.fixture
def feuille(tmp_path: Path) -> Path:
    """A sound roadmap, to be spoiled."""
    return Path(shutil.copytree(FEUILLE, tmp_path / "feuille"))


@pytest.fixture
def vues_justes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Views are not tried, which takes longer than all the rest, and which no roadmap changes.

    Where a roadmap is sound, and where a refresh stops at one that is not, they are.
    """
    monkeypatch.setattr(vues, "fautes", lambda _: [])


def ajouter(feuille: Path, nom: str, ligne: str) -> int:
    """Add a row to a file; gives its line."""
    chemin = feuille / f"{nom}.csv"
    chemin.write_text(chemin.read_text(encoding="utf-8") + ligne + "\n", encoding="utf-8")
    return len(chemin.read_text(encoding="utf-8").splitlines())


def fautes(feuille: Path) -> str:
    lue = feuille_de_route.lire(feuille)
    with pytest.raises(Faute) as faute:
        examiner(lue, definition.lire(lue.choisis), regles_de(lue).values())
    return str(faute.value)


def test_a_sound_roadmap_passes(feuille: Path) -> None:
    lue = feuille_de_route.lire(feuille)
    examiner(lue, definition.lire(lue.choisis), regles_de(lue).values())


@pytest.mark.parametrize(
    ("nom", "ligne", "phrase"),
    [
        ("cibles", "inconnu,RX,2022,total,total,40,x", "indicateur «inconnu» est inconnu"),
        ("cibles", "avdl_beneficiaires,R32,2022,total,total,40,x", "territoire «R32» est inconnu"),
        ("cibles", "avdl_beneficiaires,RX,2022,total,total,41,x", "y est déjà"),
        ("cibles", "avdl_beneficiaires,DX1,2022,total,total,dix,x", "valeur_cible «dix» ne se lit"),
        ("cibles", "avdl_beneficiaires,DX1,2022,total,total,1,a,b", "une cellule de trop"),
        ("populations", "R32,2017,1000,x", "territoire «R32» est inconnu"),
        ("populations", "DX1,2017,1001,x", "y est déjà"),
        ("populations", "DX1,17,1000,x", "annee «17» n'est pas une année"),
        ("populations", "DX1,2018,0,x", "population «0» n'est pas un nombre d'habitants"),
        (
            "orientations",
            "o,2021,orientation,2,g,Texte,1,mesure,,total,total,region,,hausse,2,,,",
            "veut un indicateur",
        ),
        (
            "orientations",
            "o,2021,orientation,2,g,T,1,suivi,,total,total,region,,hausse,,,,",
            "veut un indicateur",
        ),
        (
            "orientations",
            "o,2021,orientation,2,g,T,1,mesure,avdl_beneficiaires,total,total,region,,hausse,,,,",
            "veut une cible",
        ),
        (
            "orientations",
            "o,2021,piste,2,g,T,1,suivi,rien,total,total,region,,hausse,,,,",
            "«rien» est inconnu",
        ),
        (
            "orientations",
            "o,2021,orientation,2,g,T,1,parfois,,,,region,,,,,,",
            "mode «parfois» doit être mesure, suivi",
        ),
        (
            "orientations",
            "o,2021,orientation,2,g,T,1,declare,,,,region,,,,,,31/12/2022",
            "echeance «31/12/2022»",
        ),
        (
            "orientations",
            "charte,2021,orientation,4,d,T,3,declare,,,,region,,,,,,",
            "(charte) y est déjà",
        ),
        (
            "orientations",
            "o,2019,orientation,4,d,T,3,declare,,,,region,,,,,,",
            "«2019» est inconnu",
        ),
        ("orientations", "o,2021,idee,4,d,T,3,declare,,,,region,,,,,,", "genre «idee» doit être"),
        ("orientations", "o,2021,piste,4,d,T,3,declare,,,,region,RZ,,,,,", "«RZ» est inconnu"),
        (
            "orientations",
            "o,2021,piste,2,g,T,1,mesure,avdl_beneficiaires,total,total,region,,hausse,,2,,",
            "un multiple veut une année de départ",
        ),
        (
            "orientations",
            "o,2021,piste,2,g,T,1,mesure,avdl_beneficiaires,total,total,region,,hausse,5,2,2019,",
            "une cible ou un multiple, pas les deux",
        ),
        ("coherences", "c,2021,1,T,avdl_2021 = rien + 1,", "le chiffre «rien» est inconnu"),
        ("coherences", "c,2021,1,T,avdl_2021 + 1,", "n'est pas une égalité"),
        ("coherences", "c,2021,1,T,avdl_2021 = 1 +,", "«1 +» n'est pas un calcul"),
        ("coherences", "c,2019,1,T,avdl_2021 = 1,", "bilan «2019» est inconnu"),
        ("coherences", "ensemble,2021,1,T,avdl_2021 = 17,", "la clé (ensemble) y est déjà"),
        ("territoires", "DX3,Loin,departement,X3,RY,", "parent «RY» est inconnu"),
        ("territoires", "DX2,Aval,departement,X2,RX,", "la clé (DX2) y est déjà"),
        (
            "chiffres_publies",
            "c,2021,1,L,avdl_beneficiaires,valeur,RX,2021,total,total,2021-12,=,1,0,u,1,x,100 * (,",
            "hypothese : «100 * (» n'est pas un calcul",
        ),
        (
            "chiffres_publies",
            "c,2021,1,L,avdl_beneficiaires,valeur,RX,2021,total,total,2021-12,=,1,0,u,1,x,__import__(1),",
            "n'est pas un calcul",
        ),
        (
            "chiffres_publies",
            "c,2021,1,L,avdl_beneficiaires,mode,RX,2021,total,total,2021-12,~,1,0,u,1,x,,",
            "operateur «~» doit être =, >, >=, <, <=",
        ),
        ("references_nationales", "inconnu,FR,2021,1,x", "indicateur «inconnu» est inconnu"),
    ],
)
@pytest.mark.usefixtures("vues_justes")
def test_each_fault_is_said_with_its_file_and_line(
    feuille: Path, nom: str, ligne: str, phrase: str
) -> None:
    numero = ajouter(feuille, nom, ligne)
    message = fautes(feuille)
    assert f"{nom}.csv, ligne {numero} : " in message
    assert phrase in message


def test_objectives_are_the_project_s_unless_the_roadmap_says_otherwise(feuille: Path) -> None:
    """One of its own; the others, with their lists, are shared. An unknown list is said."""
    assert {o["rubrique"] for o in feuille_de_route.lire(feuille).tables["objectifs"]} >= {
        "logement"
    }
    (feuille / "objectifs.csv").write_text(
        "objectif,priorite,titre,titre_priorite,rubrique\n16,9,Loger,Accueillir,places\n"
    )
    lus = feuille_de_route.lire(feuille).tables["objectifs"]
    assert [o["titre"] for o in lus if o["objectif"] == "16"] == ["Loger"]
    assert [o["rubrique"] for o in lus if o["objectif"] in ("2", "16")] == ["places", "gouvernance"]
    ajouter(feuille, "objectifs", "2,9,Piloter,Accueillir,pilotage")
    assert "objectifs.csv, ligne 3 : rubrique «pilotage» doit être gouvernance" in fautes(feuille)


CODES = "liste,code,libelle,ordre,depuis,jusque,compte_comme"


@pytest.mark.parametrize(
    ("ligne", "phrase"),
    [
        ("sexe,F,Femme,2,,,H", ""),
        ("sexe,F,Femme,2,2020-01,2021-12,", ""),
        ("sexe,F,Femme,2,,,X", "compte_comme «X» doit être un code de la liste sexe"),
        ("sexe,F,Femme,2,,,F", "compte_comme «F» doit être un code de la liste sexe"),
        ("sexe,F,Femme,2,,,CAI", "compte_comme «CAI» doit être un code de la liste sexe"),
        ("sexe,F,Femme,2,janvier,,", "depuis «janvier» n'est pas un mois AAAA-MM"),
        ("sexe,F,Femme,2,,2021-13,", "jusque «2021-13» n'est pas un mois AAAA-MM"),
        ("sexe,F,Femme,deux,,,", "ordre «deux» ne se lit pas"),
        ("sexe,F,HOMME,2,,,", "F et H de la liste sexe se lisent de la même façon"),
        ("sexe,h,Femme,2,,,", "h et H de la liste sexe se lisent de la même façon"),
        ("sexe,H,Homme,2,,,", "la clé (sexe, H) y est déjà"),
    ],
)
@pytest.mark.usefixtures("vues_justes")
def test_codes_of_a_region(feuille: Path, ligne: str, phrase: str) -> None:
    texte = "\n".join([CODES, "sexe,H,Homme,1,,,", ligne, ""])
    (feuille / "codes.csv").write_text(texte, encoding="utf-8")
    if phrase:
        message = fautes(feuille)
        assert "codes.csv, ligne 3 : " in message
        assert phrase in message
    else:
        test_a_sound_roadmap_passes(feuille)


def test_a_region_says_its_own_lists_and_takes_the_others(feuille: Path) -> None:
    (feuille / "codes.csv").write_text(f"{CODES}\nsexe,X,Autre,2,,,\nsexe,H,Homme,1,,,\n")
    listes = feuille_de_route.lire(feuille).listes
    assert [c.code for c in listes["sexe"]] == ["H", "X"]
    assert [c.code for c in listes["zone"]] == ["GRANDE_VILLE", "AUTRE"]
    assert "sexe: H, X" in dites(feuille)
    (feuille / "codes.csv").unlink()
    assert "sexe: H, F" in dites(feuille)


def dites(feuille: Path) -> str:
    """The codes of `referentiel.codes`, list by list."""
    lue = feuille_de_route.lire(feuille)
    with duckdb.connect() as con:
        tables.creer(con, [])
        tables.charger_referentiel(con, lue, [])
        lignes = con.execute(
            "select liste, string_agg(code, ', ' order by ordre) from referentiel.codes group by 1"
        ).fetchall()
    return "\n".join(f"{liste}: {codes}" for liste, codes in lignes)


def test_academies_are_those_of_the_region(feuille: Path) -> None:
    ajouter(feuille, "territoires", "A1,Académie d'Ailleurs,academie,AILLEURS,RX,")
    assert "academie: AILLEURS" in dites(feuille)
    [academie] = feuille_de_route.lire(feuille).listes["academie"]
    assert (academie.code, academie.libelle) == ("AILLEURS", "Académie d'Ailleurs")


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        ("liste,code\nsexe,H\n", "codes.csv, ligne 1 : les colonnes doivent être liste, code, li"),
        (f"{CODES}\nparcours_heures,cent,,1,,,\n", "que des nombres, pas cent"),
    ],
)
def test_codes_that_no_contract_can_read(feuille: Path, texte: str, phrase: str) -> None:
    (feuille / "codes.csv").write_text(texte, encoding="utf-8")
    with pytest.raises(Faute, match=re.escape(phrase)):
        regles_de(feuille_de_route.lire(feuille))


def test_all_faults_at_once_and_nothing_is_published(
    feuille: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ajouter(feuille, "cibles", "inconnu,RX,2022,total,total,40,x")
    ajouter(feuille, "territoires", "DX3,Loin,departement,X3,RY,")
    code = executer(
        ["refresh", "--raw", str(RAW), "--warehouse", str(tmp_path / "w"), "--roadmap",
         str(feuille)]
    )  # fmt: skip
    erreurs = capsys.readouterr().err
    assert code == 2
    assert "cibles.csv, ligne 3" in erreurs
    assert "territoires.csv, ligne 6" in erreurs
    assert not (tmp_path / "w" / "entrepot.duckdb").exists()


def test_other_columns_are_said(feuille: Path) -> None:
    (feuille / "cibles.csv").write_text("indicateur,valeur\n", encoding="utf-8")
    assert "cibles.csv, ligne 1 : les colonnes doivent être indicateur, territoire" in fautes(
        feuille
    )


def test_an_indicator_chosen_without_a_file(feuille: Path) -> None:
    ajouter(feuille, "indicateurs", "nombre_de_licornes")
    with pytest.raises(Faute, match="l'indicateur «nombre_de_licornes» n'a pas de fichier"):
        definition.lire(feuille_de_route.lire(feuille).choisis)


TETE = """-- titre: Essai
-- numerateur: lignes
-- nature: effectif
-- unite: lignes
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

"""
SQL = """select
    annee,
    departement,
    count(*) as numerateur
from faits.logement_avdl
group by all
"""


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        (TETE.replace("-- unite", "-- unité") + SQL, "ligne 4 : clé inconnue ou répétée"),
        (TETE.replace("-- sens: hausse\n", "") + SQL, "il manque la clé «sens»"),
        (TETE.replace("sens: hausse", "sens: nord") + SQL, "«sens» doit être hausse ou baisse"),
        (TETE.replace("periodes: annee", "periodes: siècle") + SQL, "«periodes» doit être parmi"),
        (TETE.replace(": 3", ": trois") + SQL, "«consolidation» doit être un nombre de mois"),
        (TETE + SQL.replace("logement_avdl", "inconnue"), "ligne 11 : le SQL doit lire une table"),
        (TETE + SQL.replace("    departement,", "    arrondissement,"), "ligne 13 : "),
        (TETE + SQL.replace("    departement,\n", ""), "ligne 11 : le SQL ne rend pas departement"),
        (TETE + SQL.replace("    annee,\n", ""), "une colonne parmi jour, mois, annee"),
        (TETE + SQL.replace("departement,", "departement, operateur,"), "colonnes de trop"),
        (TETE.replace("effectif", "part") + SQL, "le SQL ne rend pas denominateur"),
    ],
)
@pytest.mark.usefixtures("vues_justes")
def test_a_file_of_indicator_that_cannot_serve(tmp_path: Path, texte: str, phrase: str) -> None:
    chemin = tmp_path / "objectif_16" / "essai.sql"
    chemin.parent.mkdir()
    chemin.write_text(texte, encoding="utf-8")
    lue = feuille_de_route.lire(FEUILLE)
    lues = definition.lire(lue.choisis)
    with pytest.raises(Faute) as faute:
        examiner(lue, [*lues, *definition.lire(dossier=tmp_path)], regles_de(lue).values())
    assert f"{chemin}" in str(faute.value)
    assert phrase in str(faute.value)
