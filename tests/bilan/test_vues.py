"""The loader of views, on views and a region of a few rows."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines import examen, feuille_de_route, vues
from pipelines.contrats import regles_de
from pipelines.entrepot import tables
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
    vues.creer(con, lues)
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


@pytest.fixture
def region(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Two departments, no figure printed, two indicators: nothing of a region is in a view.

    Projects of 2030 are compared with those of 2029; the rate of 2031, to date, with that of 2030.
    """
    for contrat in regles_de(feuille_de_route.lire()).values():
        tables.creer_table(con, "faits", contrat)
    con.execute(
        """
        insert into referentiel.territoires values
            ('R99', 'Cocagne', 'region', '99', null, null),
            ('D98', 'Ouest', 'departement', '98', 'R99', null),
            ('D97', 'Est', 'departement', '97', 'R99', null);
        insert into referentiel.objectifs values (7, 1, 'Financer', 'Agir', 'emploi');
        insert into referentiel.codes by name
            select 'sexe' as liste, 'F' as code, 'Femme' as libelle, 1 as ordre;
        insert into referentiel.extraits by name
            select 'ddcs/projets' as extrait, 'sexe' as colonne, 'sexe' as liste;
        insert into referentiel.indicateurs by name
            select 'projets_finances' as indicateur, 7 as objectif, 'Projets' as titre,
                'projets' as unite, 'ddcs/projets' as extrait, 'sexe' as ventilations;
        insert into referentiel.indicateurs by name
            select 'taux' as indicateur, null as objectif, 'Taux' as titre, '%' as unite,
                'rectorat/oepre' as extrait;
        insert into indicateurs.valeurs by name
            select 'projets_finances' as indicateur, territoire, '2030' as periode,
                'annee' as type_periode, false as provisoire, 'recente' as maturite,
                date '2030-01-01' as debut, date '2030-12-31' as fin, ventilation, modalite,
                '2030-12' as arrete, valeur, rang, evolution, ecart
            from (values
                ('R99', 'total', 'total', 3 + 4, null, 100.0 * (7 - 5) / 5, 7 - 5),
                ('R99', 'sexe', 'F', 6, null, null, null),
                ('D97', 'total', 'total', 3, 2, null, null),
                ('D98', 'total', 'total', 4, 1, null, null))
                as v(territoire, ventilation, modalite, valeur, rang, evolution, ecart);
        insert into indicateurs.valeurs by name
            select 'taux' as indicateur, 'R99' as territoire, '2031' as periode,
                'annee' as type_periode, true as provisoire, 'provisoire' as maturite,
                date '2031-01-01' as debut, date '2031-12-31' as fin, 'total' as ventilation,
                'total' as modalite, '2030-12' as arrete, 42.5 as valeur,
                40 as precedente_a_date, 100 * (42.5 - 40) / 40 as evolution_a_date,
                42.5 - 40 as ecart_a_date;
        insert into qualite.attendus by name
            select 'ddcs' as source, 'projets' as extrait, partie, mois, true as attendu, recu,
                '2030-06' as periode
            from (values
                ('97', '2030-06', 'ddcs/projets/2030-06_97.csv'),
                ('98', '2030-07', null)) as v(partie, mois, recu);
        """
    )
    vues.creer(con, vues.lire())
    return con


def test_another_region_comes_out_with_its_own_departments(
    region: duckdb.DuckDBPyConnection,
) -> None:
    assert region.execute(
        'select departement, "Projets financés" from bilan.projets'
    ).fetchall() == [("Ouest", 4), ("Est", 3), ("Total Cocagne", 7)]
    assert region.execute(
        """select rubrique, titre_objectif, titre, "Région", "Détail" from bilan.objectifs
        where dont = ''"""
    ).fetchall() == [
        ("emploi", "Financer", "Projets", "7", "Ouest 4 · Est 3"),
        ("oepre", None, "Taux", "42,5 %", None),
    ]
    assert region.execute(
        """select titre, "Valeur", "Région", "Rang" from bilan.fiche_departement
        where departement = 'Est'"""
    ).fetchall() == [("Projets", "3", "7", 2)]


def test_words_for_modalities_maturity_changes_and_deliveries(
    region: duckdb.DuckDBPyConnection,
) -> None:
    """7 projects after 5 are 40 % more; 42.5 % after 40 % are 2.5 points more."""
    assert region.execute(
        """
        select dont, "Région", unite, "Maturité", "Évolution", "Évolution à date",
            "Un an plus tôt à date", "Livraisons"
        from bilan.objectifs
        """
    ).fetchall() == [
        ("", "7", "projets", "récente", "+ 40 %", None, None, "1 sur 2, manque : Ouest 2030-07"),
        ("Sexe : Femme", "6", "projets", "récente", None, None, None,
         "1 sur 2, manque : Ouest 2030-07"),
        ("", "42,5 %", "%", "provisoire", None, "+ 2,5 points", "40 %", ""),
    ]  # fmt: skip
    assert region.execute(
        """select departement, "Maturité", "Livraisons" from bilan.projets order by 1"""
    ).fetchall() == [
        ("Est", "récente", "1 sur 1"),
        ("Ouest", "récente", "0 sur 1, manque : Ouest 2030-07"),
        ("Total Cocagne", "récente", "1 sur 2, manque : Ouest 2030-07"),
    ]


def test_every_list_of_the_roadmap_is_a_view() -> None:
    feuille = feuille_de_route.lire()
    connues = {vue.nom for vue in vues.lire()}
    permises = examen.PERMIS["objectifs", "rubrique"]
    assert {o["rubrique"] for o in feuille.tables["objectifs"]} == set(permises) <= connues


_OBJECTIF = re.compile(r"objectifs?\s+(n°\s*|in\s*\(|between\s+|[=<>]+\s*)?\d", re.I)


@pytest.mark.parametrize("vue", vues.lire(), ids=lambda vue: vue.table)
def test_no_view_names_what_is_of_one_roadmap(vue: vues.Vue) -> None:
    """No objective's number, territory, year, orientation nor printed figure: they are data."""
    feuille = feuille_de_route.lire().tables
    texte = vue.chemin.read_text(encoding="utf-8")
    assert not _OBJECTIF.search(texte)
    assert not re.search(r"\b20[12]\d\b", vue.sql), "an arrêté, a bilan or a year"
    internes = [t for t in feuille["territoires"] if t["maille"] != "national"]
    noms = {t[c] for t in internes for c in ("territoire", "libelle")}
    noms |= {o["orientation"] for o in feuille["orientations"]}
    noms |= {c["chiffre"] for c in feuille["chiffres_publies"]}
    noms |= {c["coherence"] for c in feuille["coherences"]}
    noms -= {i for i in noms if i in {c["indicateur"] for c in feuille["chiffres_publies"]}}
    trouves = [nom for nom in noms if re.search(rf"(?<!\w){re.escape(nom)}(?!\w)", texte)]
    assert not trouves
    constantes = set(re.findall(r"'([^']*)'", vue.sql))
    assert not constantes & {t["code"] for t in internes}


def test_a_view_may_read_the_facts(tmp_path: Path) -> None:
    ecrire(tmp_path, a=f"{TETE}\nselect operateur from faits.logement_avdl\n")
    assert not list(vues.fautes(regles_de(feuille_de_route.lire()).values(), tmp_path))
