"""Who has not delivered: each rule on a few names of files, worked by hand."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.extracts.contrat import RYTHMES
from pipelines import feuille_de_route
from pipelines.attendus import echeancier
from pipelines.attendus.echeancier import attendre
from pipelines.ingestion.depot import reconnaitre
from pipelines.ingestion.reception import Reception
from tests.entrepots import en_memoire
from tests.ingestion.essais import toutes

MENSUEL, TRIMESTRIEL, SCOLAIRE = "ars/equipes_mobiles", "ars/interpretariat", "rectorat/oepre"
PROJETS, LOGEMENTS, CIR = "ddcs/projets", "logement/mobilisations", "ofii/cir_signataires"
DEPARTEMENTS = ("02", "59", "60", "62", "80")
Ligne = dict[str, Any]


def attendus(
    arrete: str, extrait: str, noms: Iterable[str], statuts: dict[str, str] | None = None
) -> list[Ligne]:
    """`qualite.attendus` where an extract has these deliveries, accepted unless said otherwise."""
    return de_tous(arrete, [f"{extrait}/{nom}.csv" for nom in noms], statuts or {})


def de_tous(
    arrete: str, chemins: Iterable[str], statuts: dict[str, str], disparus: Iterable[str] = ()
) -> list[Ligne]:
    """`qualite.attendus` after these deliveries, where others are gone."""
    livres = []
    for chemin in chemins:
        fichier = reconnaitre(chemin, toutes())
        assert not fichier.motif
        livres.append(Reception(fichier, statut=statuts.get(Path(chemin).stem, "acceptee")))
    with en_memoire(indicateurs=[]) as con:
        partis = [reconnaitre(chemin, toutes()) for chemin in disparus]
        nombre = attendre(con, toutes().values(), livres, arrete, partis)
        resultat = con.execute("from qualite.attendus")
        noms = [colonne[0] for colonne in resultat.description or []]
        lignes = [dict(zip(noms, ligne, strict=True)) for ligne in resultat.fetchall()]
    assert len(lignes) == nombre
    return lignes


def court(lignes: Iterable[Ligne]) -> list[str]:
    """`mois partie`, and the lateness where nothing is received."""
    return [
        " ".join(
            filter(
                None,
                [
                    ligne["mois"],
                    ligne["partie"],
                    None if ligne["recu"] else f"{ligne['statut']} {ligne['retard_jours']}",
                    ligne["suivante"],
                ],
            )
        )
        for ligne in sorted(lignes, key=lambda x: (x["mois"], x["partie"] or ""))
    ]


def manquent(lignes: Iterable[Ligne]) -> set[tuple[str, str, str]]:
    """Extract, month and part of what is not received."""
    absentes = [ligne for ligne in lignes if ligne["recu"] is None]
    assert all(x["attendu"] and not x["a_l_heure"] for x in absentes)
    return {(f"{x['source']}/{x['extrait']}", x["mois"], x["partie"] or "") for x in absentes}


def mois(premier: int, nombre: int, pas: int = 1) -> list[str]:
    """Months of 2019 and after: `premier` is 1 for January 2019."""
    numeros = range(premier - 1, premier - 1 + nombre * pas, pas)
    return [f"{2019 + n // 12}-{n % 12 + 1:02}" for n in numeros]


def test_a_month_is_missing_until_and_after_the_next_one() -> None:
    # March is due on 10 April: 20 days before the end of April, when the next one came.
    livres = ["2020-01", "2020-02", "2020-04"]
    debut = ["2020-01", "2020-02", "2020-03 manquante 20 2020-04", "2020-04"]
    assert court(attendus("2020-04", MENSUEL, livres)) == debut
    # May is due on 10 June: not late at the end of May, 20 days late at the end of June.
    assert court(attendus("2020-05", MENSUEL, livres)) == [*debut, "2020-05 manquante 0"]
    assert court(attendus("2020-06", MENSUEL, livres)) == [
        *debut, "2020-05 manquante 20", "2020-06 manquante 0",
    ]  # fmt: skip


def test_nothing_is_known_of_what_comes_after_the_month_considered() -> None:
    assert court(attendus("2020-02", MENSUEL, ["2020-01", "2020-03"])) == [
        "2020-01", "2020-02 manquante 0",
    ]  # fmt: skip


def test_a_row_in_full() -> None:
    [ligne, _] = attendus("2020-02", MENSUEL, ["2020-01", "2020-02"])
    assert ligne == {
        "source": "ars",
        "extrait": "equipes_mobiles",
        "partie": None,
        "mois": "2020-01",
        "limite": date(2020, 2, 10),
        "attendu": True,
        "recu": "ars/equipes_mobiles/2020-01.csv",
        "a_l_heure": True,
        "retard_jours": 0,
        "suivante": None,
        "statut": "recue",
        "periode": "2020-01",
        "disparu": None,
    }


def test_a_refused_file_is_not_received() -> None:
    lignes = attendus("2020-02", MENSUEL, ["2020-01", "2020-02"], {"2020-02": "refusee"})
    assert court(lignes) == ["2020-01", "2020-02 refusee 0"]
    assert attendus("2020-02", MENSUEL, ["2020-01"], {"2020-01": "refusee"}) == []


def test_a_replaced_file_gives_way_to_the_one_in_force() -> None:
    noms = ["2020-01", "2020-01.v2", "2020-01.v3"]
    statuts = {"2020-01": "remplacee", "2020-01.v3": "refusee"}
    [ligne] = attendus("2020-01", MENSUEL, noms, statuts)
    assert (ligne["recu"], ligne["statut"]) == ("ars/equipes_mobiles/2020-01.v2.csv", "recue")


def test_a_quarter_may_come_within_its_delay() -> None:
    # The second quarter is due on 31 July: July answers for it, August for the third quarter.
    assert court(attendus("2020-07", TRIMESTRIEL, ["2020-03", "2020-07"])) == [
        "2020-03", "2020-07",
    ]  # fmt: skip
    assert court(attendus("2020-08", TRIMESTRIEL, ["2020-03", "2020-08"])) == [
        "2020-03", "2020-06 manquante 31 2020-08", "2020-08",
    ]  # fmt: skip
    # The delivery of July is for the quarter that ended in June.
    [_, juillet] = attendus("2020-07", TRIMESTRIEL, ["2020-03", "2020-07"])
    assert (juillet["mois"], juillet["periode"]) == ("2020-07", "2020-06")
    # A quarter that goes on is not missing.
    assert court(attendus("2020-05", TRIMESTRIEL, ["2020-03"])) == ["2020-03"]
    assert court(attendus("2020-06", TRIMESTRIEL, ["2020-03"])) == [
        "2020-03", "2020-06 manquante 0",
    ]  # fmt: skip


def test_a_school_year_ends_in_august() -> None:
    # It is due on 31 December.
    assert court(attendus("2020-12", SCOLAIRE, ["2018-12", "2019-09", "2020-12"])) == [
        "2018-12", "2019-09", "2020-12",
    ]  # fmt: skip
    assert court(attendus("2021-02", SCOLAIRE, ["2018-12", "2021-02"])) == [
        "2018-12",
        "2019-08 manquante 425 2021-02",  # the 366 days of 2020, then as below
        "2020-08 manquante 59 2021-02",
        "2021-02",
    ]


def test_all_departments_are_expected_once_one_is_known() -> None:
    lignes = attendus("2019-06", PROJETS, ["2019-06_59", "2019-06_60", "2019-06_62"])
    assert court(lignes) == [
        "2019-06 02 manquante 0", "2019-06 59", "2019-06 60", "2019-06 62",
        "2019-06 80 manquante 0",
    ]  # fmt: skip


def test_elsewhere_the_parts_already_seen_are() -> None:
    noms = ["2020-01_lille", "2020-02_amiens", "2020-02_lille", "2020-03_lille", "2020-04_c"]
    assert court(attendus("2020-04", CIR, noms)) == [
        "2020-01 lille",
        "2020-02 amiens", "2020-02 lille",
        "2020-03 amiens manquante 20", "2020-03 lille",
        "2020-04 amiens manquante 0", "2020-04 c", "2020-04 lille manquante 0",
    ]  # fmt: skip


def test_a_part_beside_the_whole_asks_for_no_other() -> None:
    lignes = attendus("2020-01", LOGEMENTS, ["2020-01", "2020-01_62"])
    assert [(x["partie"], x["attendu"]) for x in lignes] == [("62", False), (None, True)]


def test_an_extract_delivered_whole_expects_the_whole() -> None:
    noms = ["2020-01_lille", "2020-01_amiens", "2020-02"]
    assert court(attendus("2020-03", CIR, noms)) == [
        "2020-01 amiens", "2020-01 lille", "2020-02", "2020-03 manquante 0",
    ]  # fmt: skip


def test_a_part_delivered_again_alone_is_no_delivery_of_all() -> None:
    noms = [f"2021-05_{d}" for d in DEPARTEMENTS] + ["2021-06_59"]
    lignes = attendus("2021-06", PROJETS, noms)
    assert [ligne["mois"] for ligne in lignes] == ["2021-05"] * 5
    assert lignes[1]["recu"] == "ddcs/projets/2021-05_59.csv, ddcs/projets/2021-06_59.csv"


def test_parts_may_come_in_different_months_of_a_period() -> None:
    noms = ["2021-03_02", "2021-05_59", *(f"2021-04_{d}" for d in DEPARTEMENTS[2:])]
    assert court(attendus("2021-06", PROJETS, noms)) == [f"2021-04 {d}" for d in DEPARTEMENTS]


def test_what_came_without_being_expected_is_said() -> None:
    # Lille was not known in January, when both others came.
    noms = ["2021-01_a", "2021-01_b", "2021-02_lille"]
    lignes = attendus("2021-06", "service_civique/volontr", noms)
    assert [(x["mois"], x["partie"], x["attendu"], x["statut"]) for x in lignes] == [
        ("2021-01", "a", True, "recue"),
        ("2021-01", "b", True, "recue"),
        ("2021-01", "lille", False, "recue"),
    ]


@pytest.mark.parametrize("decalage", range(10))
def test_with_a_tenth_of_the_files_missing_exactly_those_are_named(decalage: int) -> None:
    livraisons = {
        PROJETS: ["2019-07", "2020-02", "2020-06", "2020-10", "2020-12"],  # as the demonstration
        LOGEMENTS: mois(1, 24),
        CIR: mois(3, 22),
    }
    chemins = [
        (extrait, livraison, departement)
        for extrait, livrees in livraisons.items()
        for livraison in livrees
        for departement in DEPARTEMENTS
    ]
    absents = set(chemins[10 + decalage :: 10])
    restent: Collection[tuple[str, str, str]] = [c for c in chemins if c not in absents]
    noms = [f"{extrait}/{livraison}_{partie}.csv" for extrait, livraison, partie in restent]
    assert manquent(de_tous("2020-12", noms, {})) == {
        absent for absent in absents if absent[1] <= "2020-12"
    }


def test_nothing_depends_on_the_clock() -> None:
    sql = (Path(echeancier.__file__).parent / "attendus.sql").read_text(encoding="utf-8")
    assert not re.search(r"current_|now\(|today\(|get_current", sql, re.IGNORECASE)


def test_the_demonstration_misses_the_file_refused_on_purpose(entrepot: Path) -> None:
    with duckdb.connect(entrepot, read_only=True) as con:
        absents = con.execute(
            "select extrait, mois, statut, suivante from qualite.attendus where recu is null"
        ).fetchall()
    assert absents == [("interpretariat", "2020-03", "refusee", "2020-06")]


@pytest.mark.parametrize("extrait", toutes())
def test_every_contract_says_its_cadence(extrait: str) -> None:
    fiche = toutes()[extrait].modele.fiche()
    assert fiche["cadence"] in RYTHMES
    assert 1 <= fiche["fin"] <= 12
    # A longer delay would have each delivery answer for an earlier period than its own.
    assert 0 < fiche["delai"] < fiche["cadence"] * 28


def test_the_page_for_services_says_what_the_contracts_say() -> None:
    texte = (feuille_de_route.RACINE / "raw" / "README.md").read_text(encoding="utf-8")
    lignes = re.findall(r"^\| (`.*?) \| (tous les \w+) \| (\d+) jours", texte, re.MULTILINE)
    dits = {
        nom: (rythme, int(delai))
        for noms, rythme, delai in lignes
        for nom in re.findall("`(.*?)`", noms)
    }
    fiches = {nom: regles.modele.fiche() for nom, regles in toutes().items()}
    assert dits == {nom: (RYTHMES[f["cadence"]], f["delai"]) for nom, f in fiches.items()}


def test_a_file_that_is_gone_is_named_where_it_answered() -> None:
    """The month it was due, another version's month, a month when nothing is expected any more."""
    lignes = de_tous(
        "2020-04",
        [f"{MENSUEL}/{mois}.csv" for mois in ("2020-01", "2020-02", "2020-04")],
        {},
        [f"{MENSUEL}/2020-03.csv", f"{MENSUEL}/2020-02_59.csv", f"{CIR}/2020-02.csv"],
    )
    assert [
        (e["extrait"], e["mois"], e["partie"], e["statut"], e["attendu"], e["disparu"])
        for e in lignes
    ] == [
        ("equipes_mobiles", "2020-02", "59", "disparue", False, f"{MENSUEL}/2020-02_59.csv"),
        ("equipes_mobiles", "2020-01", None, "recue", True, None),
        ("equipes_mobiles", "2020-02", None, "recue", True, None),
        ("equipes_mobiles", "2020-03", None, "disparue", True, f"{MENSUEL}/2020-03.csv"),
        ("equipes_mobiles", "2020-04", None, "recue", True, None),
        ("cir_signataires", "2020-02", None, "disparue", False, f"{CIR}/2020-02.csv"),
    ]
