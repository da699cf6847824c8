"""From a value back to its rows: facts at an earlier month, and what each row brings."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines import feuille_de_route
from pipelines.contrats import regles_de
from pipelines.corrections.registre import Correction
from pipelines.entrepot import provenance, tables
from pipelines.entrepot.provenance import DIFFERENTS, MAXIMUM, MEDIANE, SOMME
from pipelines.indicateurs import definition
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.reception import table
from tests.entrepots import en_memoire
from tests.tableaux import lignes

CONTRATS = "ddcs/contrats"
# C2 changes its case, its place and its type, which counts as the same; C3 is withdrawn.
LIVRAISONS = """
    mois    | ligne | numero_contrat | type_contrat | departement | prevu | consomme | retrait
    2020-01 | 2     | C1             | CAI          | 59          | 100   | 50       | false
    2020-01 | 3     | c2             | CAI          | 59          | 200   | 20       | false
    2020-01 | 4     | C3             | CROUS        | 02          | 400   | 40       | false
    2020-06 | 2     | C2             | CTAI         | 02          | 200   | 80       | false
    2020-06 | 3     | C3             | CROUS        | 02          | 400   | 40       | true
    2020-06 | 4     | C4             | CROUS        | 59          | 800   | 0        | false
"""
# C1 is of the Aisne, and has spent 60.
CORRECTIONS = [
    Correction(CONTRATS, ("C1",), "departement", "59", "02", "active", 2),
    Correction(CONTRATS, ("C1",), "montant_consomme", 50, 60, "active", 3),
]
CHOISIS = (
    "contrats_collectivites_signes",
    "contractualisation_part_consommee",
    "departements_engages_collectivites",
    "part_acteurs_avec_referent_bpi",
)


@pytest.fixture
def regles() -> dict[str, Regles]:
    return dict(regles_de(feuille_de_route.lire()))


@pytest.fixture
def con(regles: dict[str, Regles]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Contracts signed in January 2020; two months are published."""
    choisis = definition.lire(CHOISIS)
    with en_memoire(regles.values(), choisis) as connexion:
        for ligne in lignes(LIVRAISONS):
            mois = ligne["mois"]
            connexion.execute(
                """
                insert into livraisons.ddcs_contrats by name select
                    ? as mois_livraison, ? as ligne, ? as numero_contrat, ? as type_contrat,
                    ? as departement, ? as montant_prevu, ? as montant_consomme, ? as retrait,
                    ? as fichier, date '2020-01-15' as date_signature
                """,
                [*ligne.values(), f"{mois}.csv"],
            )
        connexion.execute(
            """
            insert into indicateurs.valeurs by name
            select i.indicateur, t.territoire, '2020' as periode, date '2020-01-01' as debut,
                date '2020-12-31' as fin, 'total' as ventilation, a.arrete
            from referentiel.indicateurs as i, referentiel.territoires as t,
                (values ('2020-01'), ('2020-06')) as a(arrete)
            """
        )
        provenance.creer(connexion, regles, choisis, {CONTRATS: CORRECTIONS})
        provenance.fermer_l_arrete(connexion)
        yield connexion


def test_facts_at_a_month_are_those_of_then(con: duckdb.DuckDBPyConnection) -> None:
    """A key is the same whatever its case; a row withdrawn is gone; corrections count."""
    choix = "numero_contrat, type_contrat, territoire, montant_consomme, corrige, fichier, ligne"
    requete = f"select {choix} from faits_au(?, ?) order by numero_contrat"
    c1 = ("C1", "CAI", "D02", 60, "departement, montant_consomme", "2020-01.csv", 2)
    assert con.execute(requete, ["ddcs_contrats", "2020-01"]).fetchall() == [
        c1,
        ("C3", "CROUS", "D02", 40, None, "2020-01.csv", 4),
        ("c2", "CAI", "D59", 20, None, "2020-01.csv", 3),
    ]
    assert con.execute(requete, ["ddcs_contrats", "2019-12"]).fetchall() == []
    assert con.execute(requete, [CONTRATS, "2020-06"]).fetchall() == [
        c1,
        ("C2", "CTAI", "D02", 80, None, "2020-06.csv", 2),
        ("C4", "CROUS", "D59", 0, None, "2020-06.csv", 4),
    ]


@pytest.mark.parametrize(
    ("requete", "mots"),
    [
        ("from faits_au('ddcs/contrat', '2020-06')", "L'extrait « ddcs/contrat » est inconnu"),
        ("from faits_au('ddcs/contrats', '2020-07')", "« 2020-07 » est inconnu.*jusqu'à 2020-06"),
        ("from faits_au('ddcs/contrats', '2020-6')", "« 2020-6 » est inconnu"),
        ("from lignes('contrats', 'Nord', '2020')", "L'indicateur « contrats » est inconnu"),
        (
            "from lignes('contrats_collectivites_signes', 'Nor', '2020')",
            "Le territoire « Nor » est inconnu",
        ),
        (
            "from lignes('part_acteurs_avec_referent_bpi', 'Nord', '2020')",
            "se calcule en plusieurs étapes.*faits_au\\('ddcs/designations', arrete\\(\\)\\)",
        ),
        (
            "set variable arrete = '2020-05'; from serie('contrats_collectivites_signes')",
            "L'arrêté « 2020-05 » n'est pas publié. Le sont : 2020-01, 2020-06.",
        ),
    ],
)
def test_what_is_unknown_is_said(con: duckdb.DuckDBPyConnection, requete: str, mots: str) -> None:
    with pytest.raises(duckdb.Error, match=mots):
        con.execute(requete).fetchall()


def apports(con: duckdb.DuckDBPyConnection, nom: str, territoire: str) -> list[tuple[object, ...]]:
    return con.execute(
        f"select fichier, ligne, numerateur from lignes('{nom}', '{territoire}', '2020')"
    ).fetchall()


def test_lines_bring_what_the_indicator_adds_up(con: duckdb.DuckDBPyConnection) -> None:
    """(60 + 80) / (100 + 200) spent of what C1 and C2, both of the Aisne now, had planned."""
    c1, c2 = ("2020-01.csv", 2), ("2020-06.csv", 2)
    for territoire in ("R32", "aisne"):
        depense = apports(con, "contractualisation_part_consommee", territoire)
        assert depense == [(*c1, 60), (*c2, 80)]
        # The CTAI counts as a CAI.
        signes = apports(con, "contrats_collectivites_signes", territoire)
        assert signes == [(*c1, 1), (*c2, 1)]
    assert apports(con, "contractualisation_part_consommee", "59") == []
    assert con.execute(
        """
        select sum(denominateur)
        from lignes('contractualisation_part_consommee', 'R32', '2020')
        """
    ).fetchall() == [(100 + 200,)]
    # One department: the number is that of different ones.
    engages = apports(con, "departements_engages_collectivites", "R32")
    assert engages == [(*c1, "02"), (*c2, "02")]


def test_lines_follow_the_month_chosen(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("set variable arrete = '2020-01'")
    depense = apports(con, "contractualisation_part_consommee", "Nord")
    assert depense == [("2020-01.csv", 3, 20)]


def test_lines_name_no_person(regles: dict[str, Regles]) -> None:
    with duckdb.connect() as con:
        for i in definition.lire():
            trouvees = provenance.deduire(con, i, regles[i.extrait])
            if trouvees:
                _, _, rendu = trouvees.sql.rpartition("select t.territoire")
                assert not [c for c in regles[i.extrait].personnelles if f'"{c}"' in rendu]


_TOTAL = {
    SOMME: "sum({0})",
    DIFFERENTS: "count(distinct {0})",
    MEDIANE: "median({0})",
    MAXIMUM: "max({0})",
}


@pytest.mark.parametrize("arrete", ["2020-12", "2021-06"])
def test_lines_make_up_every_value_published(
    entrepot: Path, regles: dict[str, Regles], arrete: str
) -> None:
    """At the month of the bilan and at the newest one, in every place and period."""
    sans_lignes, comparees = [], 0
    with duckdb.connect(entrepot, read_only=True) as con:
        con.execute(f"set variable arrete = '{arrete}'")
        for i in definition.lire():
            trouvees = provenance.deduire(con, i, regles[i.extrait])
            if trouvees is None:
                sans_lignes.append(i.nom)
                continue
            totaux = [
                f"{_TOTAL[total].format(f'l.{terme}')} as {terme}"
                for terme, total in trouvees.totaux.items()
            ]
            ecarts = con.execute(
                f"""
                with voulues as (
                    select v.*, t.maille from indicateurs.valeurs as v
                    join referentiel.territoires as t using (territoire)
                    where v.indicateur = '{i.nom}' and v.arrete = '{arrete}'
                        and v.ventilation = 'total' and t.maille <> 'national'
                        and coalesce(v.numerateur, v.denominateur) > 0
                ),
                trouvees as (
                    select v.territoire, v.periode, {", ".join(totaux)}
                    from voulues as v
                    join ({trouvees.sql}) as l
                        on (v.maille = 'region' or l.territoire = v.territoire)
                            and (v.debut is null or l.debut >= v.debut) and l.debut <= v.fin
                    group by all
                )
                select
                    v.territoire, v.periode,
                    {", ".join(f"v.{t} as {t}_publie, l.{t}" for t in trouvees.totaux)}
                from voulues as v left join trouvees as l using (territoire, periode)
                """
            ).fetchall()
            for territoire, periode, *termes in ecarts:
                comparees += 1
                for publie, trouve in zip(termes[::2], termes[1::2], strict=True):
                    ici = (i.nom, territoire, periode)
                    assert (ici, trouve) == (ici, pytest.approx(publie, rel=1e-9))
    assert sorted(sans_lignes) == [
        "concertation_logement_intervalle",
        "missions_locales_associees",
        "part_acteurs_avec_referent_bpi",
    ]
    assert comparees > 1000


def test_facts_of_the_newest_month_are_those_published(
    entrepot: Path, regles: dict[str, Regles]
) -> None:
    with duckdb.connect(entrepot, read_only=True) as con:
        for extrait in regles:
            nom = table(extrait)
            publies, au = f"from faits.{nom}", f"from faits_au('{extrait}', arrete())"
            ecarts = con.execute(
                f"({publies} except all {au}) union all ({au} except all {publies})"
            )
            assert not ecarts.fetchall(), extrait


def test_facts_say_where_they_are(entrepot: Path, regles: dict[str, Regles]) -> None:
    with duckdb.connect(entrepot, read_only=True) as con:
        for extrait, contrat in regles.items():
            lieu = tables.lieu(contrat)
            if lieu is None or tables.TERRITOIRE in contrat.colonnes:
                continue
            sans = con.execute(
                f"""
                select count(*) from faits.{table(extrait)} as f
                left join referentiel.territoires as t using (territoire)
                where t.code is distinct from f.{lieu[0]}
                """
            ).fetchall()
            assert sans == [(0,)], extrait
