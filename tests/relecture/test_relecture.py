"""A draft read again: each fault is found, with its line; nothing else is said."""

import io
from pathlib import Path

import duckdb
import pytest

from pipelines import feuille_de_route
from pipelines.entrepot import chantier, tables
from pipelines.erreurs import Faute
from pipelines.relecture import relire
from tests.tableaux import lignes

ROADMAP = feuille_de_route.DOSSIER
VALEURS = """
indicateur      | territoire | periode | ventilation | modalite | valeur | part
cir_signataires | R32        | 2019    | total       | total    | 100    | -
cir_signataires | R32        | 2019    | sexe        | F        | 45     | 45
cir_signataires | R32        | 2019    | sexe        | H        | 55     | 55
cir_taux_a1     | R32        | 2019    | total       | total    | 48.53  | -
"""
ENTETE = (
    "chiffre,libelle,indicateur,mesure,territoire,periode,ventilation,modalite,valeur,decimales"
)
BONS = """
tous,Signataires,cir_signataires,valeur,R32,2019,total,total,100,0
femmes,Femmes,cir_signataires,valeur,R32,2019,sexe,F,45,0
hommes,Hommes,cir_signataires,valeur,R32,2019,sexe,H,55,0
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A published file with four values at two months; the newest has them."""
    dossier = tmp_path / "w"
    dossier.mkdir()
    with duckdb.connect(dossier / chantier.NOM) as con:
        tables.creer(con, [])
        tables.charger_referentiel(con, feuille_de_route.lire(ROADMAP), [])
        for arrete in ("2019-12", "2020-12"):
            for valeur in lignes(VALEURS):
                noms = ", ".join([*valeur, "arrete"])
                con.execute(
                    f"insert into indicateurs.valeurs ({noms}) values (?, ?, ?, ?, ?, ?, ?, ?)",
                    [*valeur.values(), arrete],
                )
        con.execute("update indicateurs.valeurs set valeur = 1 where arrete = '2019-12'")
    return dossier


def relu(tmp_path: Path, warehouse: Path, brouillon: str, relations: str = "") -> tuple[int, str]:
    """The exit code, and what is printed."""
    fichier = tmp_path / "brouillon.csv"
    fichier.write_text(brouillon, encoding="utf-8")
    if relations:
        (tmp_path / "coherences.csv").write_text(relations, encoding="utf-8")
    sortie = io.StringIO()
    return relire(fichier, warehouse, ROADMAP, sortie), sortie.getvalue()


def test_a_good_draft_is_said_good(tmp_path: Path, warehouse: Path) -> None:
    code, dit = relu(tmp_path, warehouse, ENTETE + BONS)
    assert code == 0
    assert "3 chiffres conformes sur 3" in dit
    assert "à revoir" not in dit


def test_what_the_warehouse_contradicts_is_said_with_its_line(
    tmp_path: Path, warehouse: Path
) -> None:
    """50 is denied; 48 is 48.53 cut; a territory without value cannot be judged."""
    code, dit = relu(
        tmp_path,
        warehouse,
        ENTETE
        + BONS.replace(",H,55,", ",H,50,")
        + "taux,Taux,cir_taux_a1,valeur,R32,2019,total,total,48,0\n"
        + "nord,Nord,cir_signataires,valeur,D59,2019,total,total,12,0\n",
    )
    assert code == 1
    assert "ligne 4, hommes : 50 imprimé, l'entrepôt donne 55 (cir_signataires" in dit
    assert "H, arrêté 2020-12) : démenti." in dit
    assert "ligne 5, taux : 48 imprimé, l'entrepôt donne 48,53" in dit
    assert ": mal arrondi." in dit
    assert "ligne 6, nord : 12 imprimé, aucune valeur" in dit
    assert "tous :" not in dit
    assert "2 chiffres conformes sur 5" in dit


def test_a_figure_may_be_of_an_earlier_month(tmp_path: Path, warehouse: Path) -> None:
    entete, rangee = ENTETE + ",arrete", "tous,T,cir_signataires,valeur,R32,2019,total,total,1,0"
    assert relu(tmp_path, warehouse, f"{entete}\n{rangee},2019-12\n")[0] == 0
    assert relu(tmp_path, warehouse, f"{entete}\n{rangee},\n")[0] == 1


def test_relations_beside_the_draft_are_tried(tmp_path: Path, warehouse: Path) -> None:
    code, dit = relu(
        tmp_path,
        warehouse,
        ENTETE + BONS,
        "coherence,titre,relation\n"
        "somme,Les sexes font le total,femmes + hommes = tous\n"
        "moitie,Autant de femmes,femmes = tous / 2\n",
    )
    assert code == 1
    assert "moitie : Autant de femmes. femmes = tous / 2 : 45 d'un côté, 50 de l'autre." in dit
    assert "somme :" not in dit
    assert "1 relations qui tiennent sur 2" in dit


def test_relations_of_the_roadmap_are_tried_where_all_their_figures_are_there(
    tmp_path: Path, warehouse: Path
) -> None:
    """`cir_sexe_age` needs four figures, `cir_hommes_part` three."""
    noms = ("cir_hommes", "cir_femmes", "cir_hommes_pct")
    rangees = (
        f"{noms[0]},H,cir_signataires,valeur,R32,2019,sexe,H,55,0\n"
        f"{noms[1]},F,cir_signataires,valeur,R32,2019,sexe,F,45,0\n"
        f"{noms[2]},H,cir_signataires,part,R32,2019,sexe,H,55,0\n"
    )
    # 100 * 45 / 100 is printed by neither: cir_femmes_part lacks cir_femmes_pct.
    code, dit = relu(tmp_path, warehouse, f"{ENTETE}\n{rangees}")
    assert (code, "1 relations qui tiennent sur 1" in dit) == (0, True)
    code, dit = relu(tmp_path, warehouse, f"{ENTETE}\n{rangees.replace('H,55,0', 'H,50,0', 1)}")
    assert code == 1
    assert "cir_hommes_part" in dit


def test_a_draft_of_a_spreadsheet_is_read(tmp_path: Path, warehouse: Path) -> None:
    """Semicolons, decimal commas, a mark at the beginning."""
    texte = ENTETE.replace(",", ";") + BONS.replace(",", ";")
    texte += "taux;Taux;cir_taux_a1;valeur;R32;2019;total;total;48,5;1\n"
    assert relu(tmp_path, warehouse, "\ufeff" + texte)[0] == 0


@pytest.mark.parametrize(
    ("brouillon", "phrase"),
    [
        (BONS.strip(), "ligne 1 : il manque chiffre"),
        (f"{ENTETE},humeur{BONS}", "humeur n'en sont pas"),
        (ENTETE + BONS.replace("cir_signataires", "inconnu"), "ligne 2 : indicateur «inconnu»"),
        (ENTETE + BONS.replace("R32", "R99"), "ligne 4 : territoire «R99» est inconnu"),
        (ENTETE + BONS.replace(",100,0", ",cent,0"), "ligne 2 : valeur «cent» ne se lit pas"),
        (ENTETE + BONS.replace("femmes,", "tous,"), "ligne 3 : la clé (tous) y est déjà"),
        (ENTETE + BONS.replace(",100,0", ",100,5,0"), "ligne 2 : la ligne a une cellule de trop"),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, warehouse: Path, brouillon: str, phrase: str
) -> None:
    with pytest.raises(Faute) as faute:
        relu(tmp_path, warehouse, brouillon)
    assert phrase in str(faute.value)


def test_a_relation_that_names_an_unknown_figure_is_said(tmp_path: Path, warehouse: Path) -> None:
    with pytest.raises(Faute, match=r"coherences\.csv, ligne 2 : relation : le chiffre «rien»"):
        relu(tmp_path, warehouse, ENTETE + BONS, "coherence,titre,relation\nr,T,tous = rien\n")


def test_without_a_warehouse_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Faute, match="bilan refresh"):
        relu(tmp_path, tmp_path / "vide", ENTETE + BONS)
