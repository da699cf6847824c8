"""What the bilan names, one by one: communes, projects, committees, tools, teams, associations.

Facts are those of the newest arrêté; only what the printed document says of 2019 and 2020 is tried.
"""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

Ligne = tuple[object, ...]
Lire = Callable[[str], list[Ligne]]


@pytest.fixture
def lire(entrepot: Path) -> Lire:
    """Read at the newest arrêté."""
    con = duckdb.connect(entrepot, read_only=True)
    return lambda sql: con.execute(sql).fetchall()


def test_communes_and_their_volets(lire: Lire) -> None:
    """Lines 123 and 139: Lille, seven communes of the Aisne, Chantilly."""
    assert lire(
        """
        select departement, count(*) from bilan.contrats
        where "Contrat" = 'Contrat d''accueil et d''intégration'
            and year(date_signature) between 2019 and 2020
        group by 1 order by 1
        """
    ) == [("Aisne", 7), ("Nord", 1), ("Oise", 1)]
    assert lire(
        """select "Volets", en_vigueur from bilan.contrats where signataire = 'Ville de Laon'"""
    ) == [("Langue, Culture, Sport, Échanges interculturels", True)]
    # Line 303: the protocol of 2018, after the communes.
    sortes = [s for (s,) in lire('select "Contrat" from bilan.contrats')]
    assert sortes[0] == "Contrat d'accueil et d'intégration"
    assert sortes.index("Protocole logement") > sortes.count(sortes[0]) - 1


def test_global_projects_and_their_operators(lire: Lire) -> None:
    """Lines 175 and 273; the one of the Nord was given up."""
    assert lire(
        """
        select annee, departement, projet, "Opérateurs" from bilan.projets_globaux
        where annee between 2019 and 2020
        """
    ) == [
        (annee, *projet)
        for annee in (2019, 2020)
        for projet in (
            ("Oise", "PROMEO-COALLIA", "COALLIA"),
            ("Pas-de-Calais", "PPL-SAREF", "AFPA Liévin"),
            ("Somme", "AILE", "Association AILE"),
        )
    ]


def test_referents_by_profile_and_dates_of_committees(lire: Lire) -> None:
    """Lines 74, 76, 96 and 98: two committees of the region; none in the Nord."""
    assert lire(
        """
        select annee, "Comités de pilotage" from bilan.referents
        where territoire = 'Hauts-de-France' and annee between 2019 and 2020
        """
    ) == [(2019, "17/05/2019"), (2020, "17/09/2020")]
    profils = lire(
        """
        select territoire, "Référents", "Profils", "Comités de pilotage" is null
        from bilan.referents where annee = 2020 and "Référents" is not null
        """
    )
    assert profils == [
        ("Aisne", 1, "Sous-préfet d'arrondissement", False),
        ("Nord", 1, "DDCS adjoint", True),
        ("Oise", 1, "DDCS", False),
        ("Pas-de-Calais", 1, "Secrétaire général adjoint de préfecture", False),
        ("Somme", 1, "DDCS adjoint", False),
    ]
    assert lire("""select distinct "Maturité" from bilan.referents where annee = 2021""") == [
        ("provisoire",)
    ]


def test_tools_and_documents(lire: Lire) -> None:
    """Lines 187, 219 and 263."""
    assert lire(
        """
        select "Sorte", nom, territoire, "État" from bilan.outils
        where nom in ('Carte FLE Aisne', 'FACT', 'Siilab') order by nom
        """
    ) == [
        ("Cartographie de l'offre FLE", "Carte FLE Aisne", "Aisne", "Déployé"),
        ("Application", "FACT", "Hauts-de-France", "Déployé"),
        ("Application", "Siilab", "Hauts-de-France", "Déployé"),
    ]
    assert lire("select langues, mots from bilan.outils where nom = 'FACT'") == [(8, 1000)]


def test_mobile_teams(lire: Lire) -> None:
    """Line 384: 2 706 cases in 2019, 76 % of them in the Nord and the Pas-de-Calais."""
    [(situations, part)] = lire(
        """
        select sum("Situations"), round(100 * sum("Situations")
            filter (departement in ('Nord', 'Pas-de-Calais')) / sum("Situations"))
        from bilan.equipes_mobiles
        where annee = 2019 and "Sorte" = 'Équipe mobile psychiatrie précarité'
        """
    )
    assert (situations, part) == (2706, 76)
    # Line 380: since June 2019.
    assert lire(
        """select "Premier mois", "Mois" from bilan.equipes_mobiles
        where equipe = 'IntegraPsy France' and annee = 2019"""
    ) == [("2019-06", 12 - 5)]
    assert lire(
        """
        select bool_and("Maturité" = 'provisoire'), bool_and("Évolution à date" is not null)
        from bilan.equipes_mobiles where annee = 2021 and "Sorte" like 'Équipe%'
        """
    ) == [(True, True)]


def test_associations(lire: Lire) -> None:
    """Line 415: four associations, 290 of 370; printed 78.34 %."""
    assert lire(
        """
        select count(*), max("Objectif"), max("Accueillis"),
            max("% de l'objectif") filter (association = 'Total')
        from bilan.associations where annee = 2019
        """
    ) == [(4 + 1, 370, 290, "78,38 %")]


def test_changes_of_each_department_where_one_is_printed(lire: Lire) -> None:
    """Lines 214, 229 and 307: twice 11, three times 31 000, 8 more of 23, 94 after 52."""
    assert lire(
        """
        select indicateur, territoire, "Valeur", "Un an plus tôt", "Évolution", "Multiplicateur",
            "Imprimé"
        from bilan.evolutions
        where "Imprimé" is not null and territoire in ('Nord', 'Somme')
            or indicateur = 'oepre_etablissements' and periode = '2018-2019'
        """
    ) == [
        ("projets_fle", "Nord", "22", "11", "+ 100 %", "× 2", "× 2"),
        ("formation_linguistique_montant", "Somme", "93 000 €", "31 000 €", "+ 200 %", "× 3",
         "× 3"),
        ("oepre_etablissements", "Académie de Lille", "20", "15", "+ 33,3 %", "× 1,33", None),
        ("oepre_etablissements", "Académie d'Amiens", "11", "8", "+ 37,5 %", "× 1,38", None),
        ("oepre_etablissements", "Hauts-de-France", "31", "23", "+ 34,8 %", "× 1,35", "+ 26 %"),
        ("attributions_hebergement_generaliste", "Nord", "262", "120", "+ 118,3 %", "× 2,18",
         ">= + 100 %"),
        ("attributions_hebergement_generaliste", "Somme", "94", "52", "+ 80,8 %", "× 1,81",
         "+ 80,8 %"),
    ]  # fmt: skip


def test_figures_read_before_the_bilan(lire: Lire) -> None:
    """Lines 325 and 380: 1 295 places of 979 on 31 October, and the team since then."""
    lus = """
        select ligne, lu_a, "Imprimé", "Lu alors", "Au bilan", "Aujourd'hui", unite
        from bilan.autres_arretes
    """
    alors = [ligne[:4] for ligne in lire(lus)]
    assert alors == [
        (325, "2020-10", "1 295", "1 295"),
        (325, "2020-10", "132 %", "132 %"),
        (380, "2020-11", "197", "197"),
        (380, "2020-11", "373", "373"),
    ]
    lire("set variable arrete = '2020-12'")
    assert lire("""select bool_and("Au bilan" = "Aujourd'hui") from bilan.autres_arretes""") == [
        (True,)
    ]
    lire("set variable arrete = '2020-10'")
    [(maturite, places)] = lire(
        """select "Maturité", "Aujourd'hui" from bilan.autres_arretes
        where chiffre = 'iml_places_creees'"""
    )
    assert (maturite, places) == ("provisoire", "1 295")


def test_redaction_in_the_order_of_the_document(lire: Lire) -> None:
    lignes = lire("select ligne from bilan.redaction")
    assert lignes == lire("select ligne from bilan.redaction order by ligne")
    assert lire(
        """
        select count(*), count(distinct (r.ligne, r.citation)),
            (select count(distinct (ligne, citation)) from referentiel.chiffres_publies)
        from bilan.redaction as r
        """
    )[0][1:] == (len(lignes), len(lignes))


def test_redaction_moves_each_figure_on(lire: Lire) -> None:
    """The newest arrêté is of 2021: 2019 gives 2020, 2018-2019 gives 2019-2020."""
    assert lire(
        """
        select "Imprimé", "Données du bilan", verdict, "À écrire", "Périodes", "Maturité"
        from bilan.redaction
        where citation like '1261 logements%' or citation like '42 groupes%' or ligne = 20
            and citation like 'plus de%' or citation like '%multiplié par trois%'
        """
    ) == [
        ("> 5 200 signataires", "5 236 signataires", "conforme", "5 915 signataires", "2019", ""),
        ("× 3", "× 3", "conforme", "× 0,91", "2020", ""),
        (
            "Groupes OEPRE 2017-2018 : 26 groupes · Groupes OEPRE 2018-2019 : 42 groupes"
            " · Groupes OEPRE : évolution : + 38 %",
            "Groupes OEPRE 2017-2018 : 26 groupes · Groupes OEPRE 2018-2019 : 42 groupes"
            " · Groupes OEPRE : évolution : + 62 %",
            "explique",
            "Groupes OEPRE 2018-2019 : 42 groupes · Groupes OEPRE 2019-2020 : 43 groupes"
            " · Groupes OEPRE : évolution : + 2 %",
            "2018-2019, 2019-2020",
            "",
        ),
        ("1 261 logements", "1 261 logements", "conforme", "692 logements", "2020", ""),
    ]
    # In the year of the bilan, its own figures.
    lire("set variable arrete = '2020-12'")
    assert lire(
        """
        select citation from bilan.redaction
        where "À écrire" <> "Données du bilan" and ligne not in (325, 380)
        """
    ) == []  # fmt: skip
