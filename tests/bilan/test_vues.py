"""The loader of views, on views and a region of a few rows."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines import feuille_de_route, vues
from pipelines.contrats import regles_de
from pipelines.erreurs import Faute
from tests.entrepots import en_memoire

TETE = "-- titre: T\n-- objet: O, en\n--   deux lignes.\n"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse."""
    with en_memoire() as connexion:
        yield connexion


def ecrire(dossier: Path, **textes: str) -> Path:
    for nom, texte in textes.items():
        (dossier / f"{nom}.sql").write_text(texte, encoding="utf-8")
    return dossier


def test_words_come_from_the_head_then_from_what_is_read(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    ecrire(
        tmp_path,
        a=f"{TETE}\nselect * from bilan.z\n",
        z=f"{TETE}-- colonne Le nom: N.\n\n"
        'select maille, libelle as "Le nom" from referentiel.territoires;\n',
    )
    lues = vues.lire(tmp_path)
    assert [(v.nom, v.lit) for v in lues] == [
        ("z", ("referentiel.territoires",)),
        ("a", ("bilan.z",)),
    ]
    for vue in lues:
        vues.creer(con, vue)
    assert con.execute(
        """
        select table_name, column_name, comment from duckdb_columns()
        where schema_name = 'bilan' order by all
        """
    ).fetchall() == [
        ("a", "Le nom", "N."),
        ("a", "maille", "national, region, academie ou departement."),
        ("z", "Le nom", "N."),
        ("z", "maille", "national, region, academie ou departement."),
    ]
    assert con.execute("select distinct comment from duckdb_views() where schema_name = 'bilan'")
    assert con.fetchall() == [("T. O, en deux lignes.",)]


def test_a_local_name_is_not_a_view(tmp_path: Path) -> None:
    ecrire(
        tmp_path,
        a=f"{TETE}\nselect 1 as x\n",
        b=f"{TETE}\nwith a as (select arrete from indicateurs.valeurs) select * from a\n",
    )
    assert {v.nom: v.lit for v in vues.lire(tmp_path)} == {"a": (), "b": ("indicateurs.valeurs",)}


@pytest.mark.parametrize(
    ("texte", "mots"),
    [
        (f"{TETE}-- auteur: moi\nselect 1 as x", "a.sql, ligne 4 : clé inconnue"),
        (f"{TETE}-- titre: T\nselect 1 as x", "a.sql, ligne 4 : clé inconnue ou répétée"),
        ("-- titre: T\nselect 1 as x", "a.sql : il manque la clé «objet»"),
        (f"{TETE}\nselec 1", "a.sql, ligne 5 : le SQL ne se lit pas"),
        (f"{TETE}\nselect\n    x\nfrom nulle.part", "a.sql, ligne 7 : Catalog Error"),
        (f"{TETE}\nselect * from a", "a.sql, ligne 5 : Catalog Error"),
        (f"{TETE}\nselect\n    x\nfrom indicateurs.valeurs", "a.sql, ligne 6 : Binder Error"),
        (f"{TETE}\nselect 1 as x", "a.sql : la colonne «x» n'a pas de mots"),
        (f"{TETE}-- colonne y: Y\nselect arrete from indicateurs.valeurs",
         "a.sql : la colonne «y» n'existe pas"),
        (f"{TETE}\nselect * from bilan.b", "des vues se lisent en rond"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_named(tmp_path: Path, texte: str, mots: str) -> None:
    ecrire(tmp_path, a=texte)
    if "from bilan.b" in texte:
        ecrire(tmp_path, b=f"{TETE}\nselect * from bilan.a")
    [faute] = vues.fautes([], tmp_path)
    assert mots in faute


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    ecrire(tmp_path, a="select 1", b=f"{TETE}-- auteur: moi\nselect 1 as x")
    assert len(list(vues.fautes([], tmp_path))) == 3
    with pytest.raises(Faute, match="clé inconnue"):
        vues.lire(tmp_path)


def test_another_region_comes_out_with_its_own_departments(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Two departments, no figure printed, no objective named: nothing of a region is in a view."""
    con.execute(
        """
        insert into referentiel.territoires values
            ('R99', 'Cocagne', 'region', '99', null, null),
            ('D98', 'Ouest', 'departement', '98', 'R99', null),
            ('D97', 'Est', 'departement', '97', 'R99', null);
        insert into referentiel.indicateurs by name
            select 'projets_finances' as indicateur, 'Projets' as titre, 'projets' as unite;
        insert into indicateurs.valeurs by name
            select 'projets_finances' as indicateur, territoire, '2030' as periode,
                'annee' as type_periode, false as provisoire, 'total' as ventilation,
                'total' as modalite, '2030-12' as arrete, valeur, rang
            from (values ('R99', 3 + 4, null), ('D97', 3, 2), ('D98', 4, 1))
                as v(territoire, valeur, rang);
        """
    )
    for vue in vues.lire():
        vues.creer(con, vue)
    assert con.execute('select departement, "Projets financés" from bilan.projets').fetchall() == [
        ("Ouest", 4), ("Est", 3), ("Total Cocagne", 7),
    ]  # fmt: skip
    assert con.execute('select titre, "Région", "Détail" from bilan.objectifs').fetchall() == [
        ("Projets", "7", "Ouest 4 · Est 3")
    ]
    assert con.execute(
        """select titre, "Valeur", "Région", "Rang" from bilan.fiche_departement
        where departement = 'Est'"""
    ).fetchall() == [("Projets", "3", "7", 2)]


def test_a_view_may_read_the_facts(tmp_path: Path) -> None:
    ecrire(tmp_path, a=f"{TETE}\nselect operateur from faits.logement_avdl\n")
    assert not list(vues.fautes(regles_de(feuille_de_route.lire()).values(), tmp_path))
