"""Each identity holds on right values, and says which row breaks it on wrong ones."""

from collections.abc import Iterator

import duckdb
import pytest

from pipelines import controles, feuille_de_route
from pipelines.contrats import regles_de
from pipelines.controles import Resultat
from pipelines.entrepot import faits
from pipelines.indicateurs import comptage, definition
from tests.entrepots import en_memoire
from tests.tableaux import lignes

FEUILLE = feuille_de_route.lire()
REGLES = regles_de(FEUILLE)
ARRETE = "2019-12"

# Two departments; the measures of a count with a breakdown, and of a rate; of the region alone, a
# rate that may pass 100.
MESURES = """
    indicateur            | territoire | ventilation | modalite  | numerateur | denominateur
    cph_places_creees     | D59        | total       | total     | 10         | -
    cph_places_creees     | D02        | total       | total     | 5          | -
    cph_places_creees     | D59        | orientation | LOCALE    | 10         | -
    cph_places_creees     | D02        | orientation | NATIONALE | 5          | -
    cir_taux_a1           | D59        | total       | total     | 3          | 4
    cir_taux_a1           | D02        | total       | total     | 1          | 4
    volontr_taux_objectif | -          | total       | total     | 18         | 15
"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in which these measures are rolled up."""
    indicateurs = definition.lire({"cph_places_creees", "cir_taux_a1", "volontr_taux_objectif"})
    with en_memoire(REGLES.values(), indicateurs, FEUILLE) as con:
        con.execute(
            """
            create table chantier.livraisons as
            select unnest(['logement/places', 'ofii/cir_signataires']) as extrait, '2019-12' as mois
            """
        )
        comptage.preparer(con, indicateurs, REGLES, [ARRETE])
        for ligne in lignes(MESURES):
            con.execute(
                f"""
                insert into chantier.mesures ({", ".join(ligne)}, arrete, debut)
                values (?, ?, ?, ?, ?, ?, '{ARRETE}', date '2019-01-01')
                """,
                list(ligne.values()),
            )
        comptage.valeurs(con)
        yield con


def resultat(con: duckdb.DuckDBPyConnection, nom: str) -> Resultat:
    """What one identity of values says."""
    return next(r for r in controles.des_valeurs(con) if r.controle.nom == nom)


def test_right_values_break_nothing(con: duckdb.DuckDBPyConnection) -> None:
    assert [r.message for r in controles.des_valeurs(con) if not r.reussi] == []
    assert len(controles.des_valeurs(con)) == 6


@pytest.mark.parametrize(
    ("controle", "faute", "phrase"),
    [
        (
            "region_somme_des_departements",
            """update chantier.valeurs set numerateur = 16
            where indicateur = 'cph_places_creees' and territoire = 'R32' and modalite = 'total'""",
            "cph_places_creees, 2019, total, arrêté 2019-12 : le numerateur de la région est 16.0, "
            "la somme de ses territoires 15.0.",
        ),
        (
            "region_somme_des_departements",
            """update chantier.valeurs set denominateur = 7
            where indicateur = 'cir_taux_a1' and territoire = 'R32' and modalite = 'total'""",
            "cir_taux_a1, 2019, total, arrêté 2019-12 : le denominateur de la région est 7.0, "
            "la somme de ses territoires 8.0.",
        ),
        (
            "total_somme_des_modalites",
            """update chantier.valeurs set numerateur = 4
            where indicateur = 'cph_places_creees' and territoire = 'D02' and modalite = 'NATIONALE'
            """,
            "cph_places_creees, D02, 2019, arrêté 2019-12 : le total est 5.0, la somme des "
            "modalités de orientation est 4.0.",
        ),
        (
            "total_somme_des_modalites",
            """update chantier.valeurs set numerateur = null
            where indicateur = 'cph_places_creees' and territoire = 'D02' and modalite = 'total'""",
            "cph_places_creees, D02, 2019, arrêté 2019-12 : le total est None, la somme des "
            "modalités de orientation est 5.0.",
        ),
        (
            "cle_unique",
            """insert into chantier.valeurs by name from chantier.valeurs
            where indicateur = 'cir_taux_a1' and territoire = 'D59' and modalite = 'total'""",
            "cir_taux_a1, D59, 2019, total, arrêté 2019-12 : 2 valeurs.",
        ),
        (
            "territoire_connu",
            "update chantier.mesures set territoire = '75' where indicateur = 'cir_taux_a1'",
            "cir_taux_a1, arrêté 2019-12 : le territoire 75 est inconnu.",
        ),
        (
            "part_entre_0_et_100",
            """update chantier.valeurs set valeur = 101
            where indicateur = 'cir_taux_a1' and territoire = 'D59' and modalite = 'total'""",
            "cir_taux_a1, D59, 2019, total, arrêté 2019-12 : 101.0 %.",
        ),
        (
            "part_entre_0_et_100",
            """update chantier.valeurs set part = -1
            where modalite = 'LOCALE' and territoire = 'D59'""",
            "cph_places_creees, D59, 2019, LOCALE, arrêté 2019-12 : -1.0 %.",
        ),
        (
            "valeur_numerateur_sur_denominateur",
            """update chantier.valeurs set valeur = 74
            where indicateur = 'cir_taux_a1' and territoire = 'D59' and modalite = 'total'""",
            "cir_taux_a1, D59, 2019, total, arrêté 2019-12 : la valeur est 74.0, le calcul donne "
            "75.0.",
        ),
        (
            "valeur_numerateur_sur_denominateur",
            """update chantier.valeurs set valeur = 0
            where indicateur = 'cir_taux_a1' and territoire = 'D80' and modalite = 'total'""",
            "cir_taux_a1, D80, 2019, total, arrêté 2019-12 : la valeur est 0.0, le calcul donne "
            "None.",
        ),
    ],
)
def test_an_identity_names_what_breaks_it_and_withholds_it(
    con: duckdb.DuckDBPyConnection, controle: str, faute: str, phrase: str
) -> None:
    con.execute(faute)
    trouve = resultat(con, controle)
    assert not trouve.reussi
    assert phrase in trouve.message
    [((indicateur, arrete), sien)] = trouve.retenus.items()
    assert (arrete, sien.message) == (ARRETE, trouve.message)
    assert phrase.startswith(indicateur)


LIVREES = """
    numero_lot | places | retrait | mois_livraison | ligne
    A          | 3      | non     | 2019-11        | 2
    B          | 4      | non     | 2019-11        | 3
    A          | 5      | non     | 2019-12        | 2
    B          | -      | oui     | 2019-12        | 3
"""


@pytest.fixture
def livre(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Two deliveries of logement/places: one lot is corrected, the other withdrawn."""
    for ligne in lignes(LIVREES):
        valeurs = ligne | {
            "fichier": f"logement/places/{ligne['mois_livraison']}.csv",
            "retrait": "true" if ligne["retrait"] == "oui" else "false",
        }
        con.execute(
            f"insert into livraisons.logement_places ({', '.join(valeurs)}) "
            f"values ({', '.join('?' for _ in valeurs)})",
            list(valeurs.values()),
        )
    con.execute(
        """
        insert into qualite.livraisons
        select 'logement', 'places', mois_livraison, fichier, '', 0, 3, 2, 0, 1, 'acceptee', null
        from livraisons.logement_places group by all
        """
    )
    faits.ouvrir(con, REGLES["logement/places"])
    return con


def de_l_extrait(con: duckdb.DuckDBPyConnection, objet: str) -> Resultat:
    [trouve] = controles.de_l_extrait(con, objet, REGLES["logement/places"])
    return trouve


def test_lines_add_up(livre: duckdb.DuckDBPyConnection) -> None:
    assert de_l_extrait(livre, "livraisons").reussi
    livre.execute("update qualite.livraisons set rejetees = 1 where mois_livraison = '2019-12'")
    assert de_l_extrait(livre, "livraisons").message == (
        "logement/places/2019-12.csv : 3 lignes lues, 4 comptées, 2 acceptées et 2 chargées."
    )


def test_accepted_lines_are_all_loaded(livre: duckdb.DuckDBPyConnection) -> None:
    livre.execute("delete from livraisons.logement_places where places = 5")
    assert de_l_extrait(livre, "livraisons").message == (
        "logement/places/2019-12.csv : 3 lignes lues, 3 comptées, 2 acceptées et 1 chargées."
    )


def test_keys_are_counted_as_they_compare(livre: duckdb.DuckDBPyConnection) -> None:
    """Lot « É 1 » is delivered again as « e 1 », with another kind of space: one fact, one key."""
    livre.execute("update livraisons.logement_places set numero_lot = 'É 1' where places = 3")
    livre.execute("update livraisons.logement_places set numero_lot = 'e\u00a01' where places = 5")
    faits.ouvrir(livre, REGLES["logement/places"])
    assert de_l_extrait(livre, "faits").reussi


def test_as_many_facts_as_keys(livre: duckdb.DuckDBPyConnection) -> None:
    assert de_l_extrait(livre, "faits").reussi
    livre.execute("update chantier.logement_places set remplacee_en = null")
    assert de_l_extrait(livre, "faits").message == (
        "3 faits en vigueur aujourd'hui, mais 1 clés que rien n'a retirées."
    )
