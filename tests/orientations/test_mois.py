"""The months that orientations need: that of the bilan computed aside, earlier ones kept."""

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines import examen, feuille_de_route, vues
from pipelines.contrats import regles_de
from pipelines.entrepot import chantier, faits, tables
from pipelines.erreurs import Faute
from pipelines.feuille_de_route import DOSSIER, lire
from pipelines.graphe.cles import cle
from pipelines.graphe.travail import definitions
from pipelines.indicateurs import comptage, definition
from pipelines.orientations.suivi import CONSTATS, avancer, preparer
from pipelines.pas.entrepot import ENTREPOT, PLAUSIBILITE
from pipelines.pas.valeurs import AVANCEMENT
from pipelines.region import region
from tests.orientations.conftest import inserer
from tests.tableaux import lignes

REUNIONS = """
numero_reunion | niveau   | instance | date_reunion | mois_livraison | retrait | fichier
1              | REGIONAL | COPIL    | 2020-03-10   | 2020-12        | false   | essai.csv
2              | REGIONAL | COPIL    | 2020-11-10   | 2020-12        | false   | essai.csv
3              | REGIONAL | COPIL    | 2020-12-10   | 2021-01        | false   | essai.csv
4              | REGIONAL | COPIL    | 2021-02-10   | 2021-03        | false   | essai.csv
"""
ORIENTATION = """
bilan | orientation | mode | indicateur | ventilation | modalite | niveau | valeur_cible
2020  | o | mesure | comites_regionaux_tenus | total | total | region | 3
"""


def _publiees(con: duckdb.DuckDBPyConnection, nom: str) -> list[str]:
    return [a for (a,) in con.execute(f"select distinct arrete from {nom} order by 1").fetchall()]


def test_the_month_of_the_bilan_is_computed_aside(con: duckdb.DuckDBPyConnection) -> None:
    """The meeting of December was delivered in January: the bilan did not know of it."""
    regles = regles_de(lire())
    [indicateur] = definition.lire({"comites_regionaux_tenus"})
    inserer(con, "referentiel.orientations", lignes(ORIENTATION))
    inserer(con, "livraisons.ddcs_reunions", lignes(REUNIONS))
    con.execute(
        """
        create table chantier.livraisons as
        select distinct 'ddcs/reunions' as extrait, mois_livraison as mois
        from livraisons.ddcs_reunions
        """
    )
    for nom in ("ddcs/reunions", "ddcs/orientations"):
        faits.ouvrir(con, regles[nom])
    comptage.preparer(con, [indicateur], regles, ["2021-03"], ["2020-12"])
    comptage.compter(con, indicateur, ["2021-03", "2020-12"])
    comptage.valeurs(con)
    preparer(con, [("ddcs/reunions", "2020-12")], [])
    assert avancer(con, ["2021-03"]) == 1
    assert _publiees(con, "chantier.valeurs") == ["2020-12", "2021-03"]
    assert _publiees(con, "orientations.avancement") == ["2021-03"]
    trouvee = con.execute(
        "select valeur_initiale, valeur_actuelle, taux_avancement from orientations.avancement"
    ).fetchone()
    assert trouvee == (2, 1, 100 * (1 - 2) / (3 - 2))


def _publier(warehouse: Path, *noms: str) -> None:
    """A published warehouse that has November 2020 and March 2021 in its tables `noms`."""
    warehouse.mkdir()
    with duckdb.connect(warehouse / chantier.NOM) as con:
        tables.creer(con, [])
        for nom in tables.PAR_ARRETE:
            if nom not in noms:
                con.execute(f"drop table {nom}")
        for nom in noms:
            inserer(con, nom, lignes("arrete\n2020-11\n2021-03"))


@pytest.mark.parametrize("noms", [tables.PAR_ARRETE, ("indicateurs.valeurs",)])
def test_months_already_computed_stay(tmp_path: Path, noms: tuple[str, ...]) -> None:
    """All of them but those computed again; a table that is new starts empty."""
    _publier(tmp_path / "w", *noms)
    with chantier.ouvrir(tmp_path / "w") as site:
        tables.creer(site.con, [])
        assert site.arretes_publies() == ["2020-11", "2021-03"]
        site.garder(tables.PAR_ARRETE, ["2021-03", "2021-04"])
        for nom in tables.PAR_ARRETE:
            assert _publiees(site.con, nom) == (["2020-11"] if nom in noms else [])


@pytest.mark.parametrize("contenu", [None, b"", b"ceci n'est pas un entrepot"])
def test_without_a_readable_warehouse_no_month_is_published(
    tmp_path: Path, contenu: bytes | None
) -> None:
    with chantier.ouvrir(tmp_path / "w") as site:
        if contenu is not None:
            site.publie.write_bytes(contenu)
        assert site.arretes_publies() == []


def test_the_warehouse_waits_for_avancement() -> None:
    ici = region()
    graphe = definitions(ici).resolve_asset_graph()
    avant = graphe.get_ancestor_asset_keys(cle(ici, ENTREPOT))
    assert {cle(ici, AVANCEMENT), cle(ici, PLAUSIBILITE)} <= avant
    assert cle(ici, AVANCEMENT) in graphe.get_ancestor_asset_keys(cle(ici, PLAUSIBILITE))
    parents = {noeud.path[-1] for noeud in graphe.get(cle(ici, AVANCEMENT)).parent_keys}
    assert {"valeurs", CONSTATS} <= parents


def _feuille(dossier: Path, bilan: str) -> Path:
    shutil.copytree(DOSSIER, dossier)
    (dossier / "bilans.csv").write_text(bilan, encoding="utf-8")
    return dossier


def test_the_bilan_comes_from_the_roadmap(tmp_path: Path) -> None:
    bilans = "bilan,titre,annee,arrete\n2022,Autre,2022,2023-02\n2020,Un,2020,2020-12\n"
    assert lire(_feuille(tmp_path / "f", bilans)).arretes_des_bilans == ["2020-12", "2023-02"]


def test_a_bilan_not_named_is_that_of_the_last_printed_arrete(tmp_path: Path) -> None:
    feuille = lire(_feuille(tmp_path / "f", "bilan,titre,annee,arrete\n"))
    assert [dict(b) for b in feuille.tables["bilans"]] == [
        {"bilan": "2020", "titre": "", "annee": "2020", "arrete": "2020-12"}
    ]


def _fautes(dossier: Path, bilans: str) -> str:
    """What is said of the roadmap; views and indicators, which take longest, are not tried."""
    feuille = feuille_de_route.lire(_feuille(dossier, bilans))
    with pytest.MonkeyPatch.context() as correctif:
        correctif.setattr(examen, "_sql", lambda *_: [])
        correctif.setattr(vues, "fautes", lambda _: [])
        with pytest.raises(Faute) as faute:
            examen.examiner(feuille, definition.lire(), regles_de(feuille).values())
    return str(faute.value)


def test_two_bilans_of_one_name_are_a_fault(tmp_path: Path) -> None:
    deux = "bilan,titre,annee,arrete\n2020,A,2020,2020-12\n2020,B,2021,2021-12\n"
    assert "bilans.csv, ligne 3 : la clé (2020) y est déjà" in _fautes(tmp_path / "f", deux)


def test_what_belongs_to_an_unknown_bilan_is_a_fault(tmp_path: Path) -> None:
    fautes = _fautes(tmp_path / "f", "bilan,titre,annee,arrete\n2019,A,2019,2019-12\n")
    for fichier in ("orientations", "chiffres_publies", "coherences"):
        assert f"{fichier}.csv, ligne 2 : bilan «2020» est inconnu" in fautes


def test_a_bilan_with_wrong_dates_is_a_fault(tmp_path: Path) -> None:
    fautes = _fautes(tmp_path / "f", "bilan,titre,annee,arrete\n2020,Bilan,,2020-13\n")
    assert "bilans.csv, ligne 2 : annee «» n'est pas une année" in fautes
    assert "bilans.csv, ligne 2 : arrete «2020-13» n'est pas un mois AAAA-MM" in fautes
