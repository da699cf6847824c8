"""The tables of the bilan, as they are printed in `shared/seed/bilan_2020.txt`.

Where the printed figure is wrong, the right one stands, and `bilan.anomalies` says so.
"""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.guide import ouvrir

Ligne = tuple[object, ...]
Lire = Callable[[str], list[Ligne]]


@pytest.fixture
def lire(entrepot: Path) -> Lire:
    """Read at the bilan's own arrêté."""
    con = ouvrir(entrepot)
    con.execute("set variable arrete = '2020-12'")
    return lambda sql: con.execute(sql).fetchall()


def test_cir(lire: Lire) -> None:
    """Lines 154 to 164; the bilan prints 52, 48, 5 and 55 %, and 51.3, 48.7, 4.5, 55.7 are true."""
    assert lire("""select modalite, "Signataires", "%" from bilan.cir where annee = '2019'""") == [
        ("Signataires du CIR", 5915, None),
        ("Homme", 2591, "51 %"),
        ("Femme", 2462, "49 %"),
        ("Moins de 25 ans", 1309, "26 %"),
        ("25 ans et plus", 3744, "74 %"),
        ("Économique", 226, "4 %"),
        ("Familial", 2817, "56 %"),
        ("Humanitaire", 1679, "33 %"),
        ("Autre", 331, "7 %"),
        ("Ayant atteint le niveau A1", 2452, "48,5 %"),
    ]


def test_oepre(lire: Lire) -> None:
    """Lines 229 to 236; the bilan prints + 26, + 38 and + 41 %, on the wrong base."""
    assert lire(
        """
        select titre, "Région", "Un an plus tôt", "Évolution"
        from bilan.oepre where periode = '2018-2019' limit 4
        """
    ) == [
        ("Établissements OEPRE", "31", "23", "+ 34,8 %"),
        ("Groupes OEPRE", "42", "26", "+ 61,5 %"),
        ("Ateliers OEPRE", "653", "460", "+ 42 %"),
        ("Parents participant à OEPRE", "8 267", "7 774", "+ 6,3 %"),
    ]
    assert lire(
        """
        select titre, "Région", "Détail" from bilan.oepre
        where periode = '2020-2021' and titre like 'Ateliers%'
        """
    ) == [("Ateliers OEPRE", "16", "Académie de Lille 0 · Académie d'Amiens 16")]


def test_projets(lire: Lire) -> None:
    """Lines 444 to 451, in their order; 3 070, 114,35 % and 93,88 % are the bilan's slips."""
    assert lire(
        """
        select * exclude ("Maturité", "Livraisons", provisoire, arrete)
        from bilan.projets where annee = '2019'
        """
    ) == [
        ("2019", "Nord", 32, 1174, 1316, "112,10 %"),
        ("2019", "Pas-de-Calais", 2, 30, 28, "93,33 %"),
        ("2019", "Oise", 16, 1358, 1024, "75,41 %"),
        ("2019", "Somme", 13, 273, 243, "89,01 %"),
        ("2019", "Aisne", 12, 232, 271, "116,81 %"),
        ("2019", "Total Hauts-de-France", 75, 3067, 2882, "93,97 %"),
    ]
    # A year that is over the day of the arrêté may still move; the one after has not begun.
    assert lire(
        """select annee, "Maturité" from bilan.projets
        where departement = 'Oise' and annee >= '2019'"""
    ) == [("2019", ""), ("2020", "récente")]


def test_logement(lire: Lire) -> None:
    """Lines 305 to 317."""
    assert lire(
        """
        select departement, "Logements mobilisés", "Rang", "Attributions", "Évolution"
        from bilan.logement_par_departement where annee = '2019'
        """
    ) == [
        ("Aisne", 101, 5, 182, "+ 156,3 %"),
        ("Nord", 480, 1, 262, "+ 118,3 %"),
        ("Oise", 330, 2, 128, "+ 113,3 %"),
        ("Pas-de-Calais", 200, 3, 140, "+ 112,1 %"),
        ("Somme", 150, 4, 94, "+ 80,8 %"),
        ("Total Hauts-de-France", 1261, None, 806, "+ 118,4 %"),
    ]
    assert lire(
        """
        select "Région", "Cible", "% de la cible", "France" from bilan.logement
        where indicateur = 'logements_mobilises' and dont = '' and periode in ('2019', '2020')
        """
    ) == [("1 261", None, None, "10 648"), ("692", "690", "100,3 %", None)]


@pytest.mark.parametrize(
    ("vue", "indicateur", "periode", "dont", "attendu"),
    [
        ("gouvernance", "departements_avec_referent", "2020", "", "5"),
        ("gouvernance", "comites_regionaux_participants", "2020", "", "90"),
        ("parcours", "departements_avec_projet_global", "2020", "", "3"),
        ("langue", "formation_linguistique_heures", "2019", "", "27 523"),
        ("emploi", "emploi_accompagnes", "2019", "", "645"),
        ("emploi", "jeunes_insertion_professionnelle", "2019", "", "101"),
        ("places", "cph_places_creees", "2019", "", "447"),
        ("places", "cph_places_creees", "2019", "Orientation : Locale", "300"),
        ("places", "residences_places", "2020", "Statut : Ouverte", "67"),
        (
            "sante",
            "equipes_mobiles_situations",
            "2019",
            "Type d'équipe : Équipe mobile psychiatrie précarité",
            "2 706",
        ),
        ("sante", "empp_part_nord_pas_de_calais", "2019", "", "76 %"),
        ("citoyennete", "volontr_accueillis", "2019", "", "290"),
        ("citoyennete", "culture_sport_beneficiaires", "2019", "", "254"),
    ],
)
def test_lists(
    lire: Lire, vue: str, indicateur: str, periode: str, dont: str, attendu: str
) -> None:
    assert lire(
        f"""
        select "Région" from bilan.{vue}
        where indicateur = '{indicateur}' and periode = '{periode}'
            and dont = '{dont.replace("'", "''")}'
        """
    ) == [(attendu,)]


def test_every_indicator_is_in_one_list(lire: Lire) -> None:
    """At the newest month: some indicators count nothing before it."""
    lire("reset variable arrete")
    listes = ("gouvernance", "parcours", "langue", "oepre", "emploi", "logement", "places", "sante",
              "citoyennete", "conclusion")  # fmt: skip
    union = " union all ".join(f"select distinct indicateur from bilan.{vue}" for vue in listes)
    assert (
        lire(
            f"""
        with lus as ({union})
        select i.indicateur, count(l.indicateur) from referentiel.indicateurs as i
        left join lus as l using (indicateur)
        group by all having count(l.indicateur) <> 1
        """
        )
        == []
    )


def test_lists_are_in_the_order_of_the_bilan(lire: Lire) -> None:
    lus = lire("select objectif from bilan.objectifs where objectif is not null")
    assert lus == sorted(lus)
    dans_l_ordre = [i for (i,) in lire("select indicateur from bilan.emploi where objectif = 12")]
    assert list(dict.fromkeys(dans_l_ordre))[:2] == [
        "emploi_entrees_formation",
        "emploi_part_sorties_positives",
    ]


def test_maturity_and_changes(lire: Lire) -> None:
    """Rates in points; a year under way against the year before at the same month."""
    lire("reset variable arrete")
    assert lire(
        """
        select periode, "Maturité", "Un an plus tôt" is null, "Évolution" is null,
            "Évolution à date" is null
        from bilan.parcours
        where indicateur = 'cir_signataires' and periode in ('2019', '2020', '2021')
        """
    ) == [
        ("2019", "", False, False, True),
        ("2020", "", False, False, True),
        ("2021", "provisoire", True, True, False),
    ]
    # A cohort that has not had its time is not compared.
    assert lire(
        """
        select periode, "Maturité", "Évolution" is null, "Évolution à date" is null
        from bilan.parcours
        where indicateur = 'cir_taux_a1' and dont = '' and periode in ('2020', '2021')
        """
    ) == [("2020", "récente", True, True), ("2021", "provisoire", True, True)]
    assert lire(
        """
        select unite = '%', count(*) > 0, bool_and("Évolution" like '% point%')
        from bilan.objectifs where "Évolution" is not null group by 1 order by 1
        """
    ) == [(False, True, False), (True, True, True)]
    assert lire(
        """
        select "Livraisons" from bilan.logement
        where indicateur = 'logements_mobilises' and dont = '' and periode = '2020'
        """
    ) == [("12 sur 12",)]


def test_titles_of_objectives_and_lists_come_from_the_roadmap(lire: Lire) -> None:
    assert lire(
        """
        select distinct rubrique, titre_objectif from bilan.places
        where indicateur = 'cph_places_creees'
        """
    ) == [("places", "Créer 147 places en centre provisoire d'hébergement en 2019")]
    assert lire("select distinct rubrique from bilan.conclusion") == [("conclusion",)]
    assert lire("select distinct left(indicateur, 6), rubrique from bilan.oepre") == [
        ("oepre_", "oepre")
    ]


def test_orientations_go_by_priority_then_pistes(lire: Lire) -> None:
    lus = lire("select genre <> 'orientation', priorite, objectif from bilan.orientations")
    assert lus == sorted(lus)
    assert lire(
        "select genre, count(distinct orientation) from bilan.orientations group by 1 order by 1"
    ) == [("orientation", 38), ("piste", 12)]
    # 15 technical committees in the region in 2020, of the 6 wanted in each department.
    assert lire(
        """
        select territoire, periode, "Départ", "Actuel", "Cible", "Maturité"
        from bilan.orientations where orientation = 'o2_comites_techniques' limit 2
        """
    ) == [
        ("Hauts-de-France", "2020", "15", "15", "30", "récente"),
        ("Aisne", "2020", "4", "4", "6", "récente"),
    ]
    assert lire(
        """
        select distinct "État" from bilan.orientations
        where statut in ('A_VENIR', 'NON_RENSEIGNE', 'EN_COURS') order by 1
        """
    ) == [("En cours",), ("Non renseigné",), ("À venir",)]
    assert lire(
        """select count(*) from bilan.orientations where en_retard <> ("Retard" = 'en retard')"""
    ) == [(0,)]


def test_anomalies(lire: Lire) -> None:
    assert lire(
        "select genre, verdict, count(*) > 0 from bilan.anomalies group by all order by all"
    ) == [
        ("chiffre", "explique", True),
        ("chiffre", "inexplique", True),
        ("chiffre", "proche", True),
        ("relation", "ne_tient_pas", True),
    ]
    assert lire(
        """
        select ligne, "Imprimé", "Calculé", "Écart", verdict from bilan.anomalies
        where chiffre in ('tab_total_cible', 'volontr_taux', 'cir_hommes_pct') order by ligne
        """
    ) == [
        (156, "52 %", "51,28 %", "- 0,72 point", "proche"),
        (415, "78,34 %", "78,38 %", "+ 0,04 point", "inexplique"),
        (451, "3 070", "3 067", "- 3", "explique"),
    ]


def test_anomalies_show_relations_too(lire: Lire) -> None:
    """2 591 + 2 462 signed with a known sex, of 5 915; 8 more of 23 are 35 %, printed 26 %."""
    assert lire(
        """
        select lignes, libelle, "Imprimé", "Calculé", "Écart", "Écart relatif", explication
        from bilan.anomalies where chiffre in ('cir_sexe_total', 'oepre_etablissements')
        order by 1
        """
    ) == [
        (
            "155, 156, 157",
            "Hommes et femmes font l'ensemble des signataires",
            "5 053",
            "5 915",
            "+ 862",
            "17,06 %",
            "862 signataires sans profil renseigné : le tableau ventile 5 053 contrats sur 5 915",
        ),
        (
            "229",
            "L'évolution imprimée est celle des effectifs imprimés "
            "(Établissements OEPRE : évolution)",
            "26 %",
            "34,78 %",
            "+ 8,78 points",
            "33,78 %",
            "divisé par la valeur finale (8/31)",
        ),
    ]


def test_the_largest_anomalies_come_first(lire: Lire) -> None:
    """Committees: 1 printed where 2 or 0 are right; housing: 100 % where 1 261 of 690 are 183 %."""
    assert lire("""select genre, chiffre, "Écart relatif" from bilan.anomalies limit 4""") == [
        ("relation", "comite_regional", "100 %"),
        ("chiffre", "comites_departementaux_frequence_min", "100 %"),
        ("relation", "comites_departementaux", "100 %"),
        ("relation", "logements_objectif", "82,75 %"),
    ]


def test_fiche_departement(lire: Lire) -> None:
    """The last closed year at 2020-12 is 2020; school years close in August.

    99 indicators are of departments, and each has a value by then.
    """
    assert lire(
        """
        select periode, "Valeur", "Région", "Rang" from bilan.fiche_departement
        where departement = 'Oise' and indicateur = 'logements_mobilises'
        """
    ) == [("2020", "232", "692", 1)]
    assert lire(
        """
        select departement, count(*), count(distinct indicateur) = count(*)
        from bilan.fiche_departement group by all order by 1
        """
    ) == [(d, 99, True) for d in ("Aisne", "Nord", "Oise", "Pas-de-Calais", "Somme")]


def test_a_revision_names_the_deliveries_between_the_two_months(lire: Lire) -> None:
    """`ddcs/projets/2020-10_02.csv` gave 237 by mistake, `2020-12_02.csv` came back to 232."""
    revues = lire(
        """
        select arrete_avant, arrete_apres, valeur_avant, valeur_apres, ecart, livraisons
        from bilan.revisions
        where indicateur = 'projets_beneficiaires_prevus' and territoire = 'D02'
        """
    )
    assert [r[:5] for r in revues] == [
        ("2020-09", "2020-10", 232, 237, 5),
        ("2020-11", "2020-12", 237, 232, -5),
    ]
    assert revues[1][5] == [f"ddcs/projets/2020-12_{d}.csv" for d in ("02", "59")] + [
        "ddcs/projets/2020-12_60.xlsx",
        "ddcs/projets/2020-12_62.csv",
        "ddcs/projets/2020-12_80.csv",
    ]


def test_revisions_leave_provisional_periods_and_cumuls_aside(lire: Lire) -> None:
    assert lire(
        """
        select count(*) from bilan.revisions
        where periode = 'cumul' or (periode = '2020' and arrete_avant < '2020-12')
        """
    ) == [(0,)]


def test_the_newest_month_is_read_unless_another_is_chosen(entrepot: Path) -> None:
    with ouvrir(entrepot) as con:
        a1 = """select arrete, "Signataires" from bilan.cir
            where annee = '2019' and rubrique = 'Niveau'"""
        assert con.execute(a1).fetchall() == [("2021-06", 2507)]
        con.execute("set variable arrete = '2020-11'")
        assert con.execute(a1).fetchall() == [("2020-11", 2429)]
        con.execute("reset variable arrete")
        assert con.execute(a1).fetchall() == [("2021-06", 2507)]


def test_views_read_from_any_name_of_the_file(entrepot: Path) -> None:
    """A view must not depend on how the file is opened."""
    with duckdb.connect(entrepot, read_only=True) as con:
        assert con.execute("from bilan.oepre limit 1").fetchall()
    with duckdb.connect() as con:
        con.execute(f"attach '{entrepot}' as ailleurs (read_only)")
        assert con.execute("from ailleurs.bilan.oepre limit 1").fetchall()
