"""Files of a delivery together: refusals, versions, parts, keys, counts, what is in force."""

import hashlib
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import openpyxl  # type: ignore[import-untyped]
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.entrepot import faits
from pipelines.ingestion import cles, csv_texte, reception
from tests.ingestion.essais import Charge, Contenu, charger, ecrire, toutes

VOLONTR = "service_civique/volontr"
CON = duckdb.connect()
ENTETE = "annee;association;accueillis\n"
BONNE, MAUVAISE, TOTAL = "2019;{};5\n", "2019;{};cinq\n", "Total;;{}\n"


def table(*associations: str, accueillis: int = 5) -> str:
    """A delivery of these associations."""
    return ENTETE + "".join(f"2019;{nom};{accueillis}\n" for nom in associations)


def fichier(bonnes: int = 0, mauvaises: int = 0, totaux: int = 0) -> str:
    """A delivery of so many rows of each kind, bad ones in the middle."""
    lignes = [BONNE] * (bonnes // 2) + [MAUVAISE] * mauvaises + [BONNE] * (bonnes - bonnes // 2)
    return ENTETE + "".join(ligne.format(n) for n, ligne in enumerate(lignes + [TOTAL] * totaux))


def livrer(raw: Path, **fichiers: Contenu) -> Charge:
    """Deliver files of volontr; `mars` is 2020-03.csv, `mars_a_v2` is 2020-03_a.v2.csv."""
    mois = {"fevrier": "2020-02", "mars": "2020-03", "avril": "2020-04"}
    noms = {}
    for nom, contenu in fichiers.items():
        debut, *reste = nom.split("_")
        version = f".{reste.pop()}" if reste and reste[-1][0] == "v" else ""
        noms["_".join([mois[debut], *reste]) + version + ".csv"] = contenu
    return charger(raw, VOLONTR, noms)


# Refusals: more than 5 % and more than three rows, or all of them


@pytest.mark.parametrize(
    ("bonnes", "mauvaises", "statut"),
    [
        (1, 0, "acceptee"),
        # Up to three rows, whatever their part, but not all.
        (1, 1, "acceptee"),
        (1, 3, "acceptee"),
        (0, 1, "refusee"),
        (0, 3, "refusee"),
        (0, 4, "refusee"),
        # Four rows: 5 % is 80.
        (1, 4, "refusee"),
        (75, 4, "refusee"),
        (76, 4, "acceptee"),
        (77, 4, "acceptee"),
        # Five rows: 5 % is 100.
        (94, 5, "refusee"),
        (95, 5, "acceptee"),
        (379, 20, "refusee"),
        (380, 20, "acceptee"),
    ],
)
def test_the_thresholds_of_refusal(
    tmp_path: Path, bonnes: int, mauvaises: int, statut: str
) -> None:
    charge = livrer(tmp_path, mars=fichier(bonnes, mauvaises))
    assert charge.statuts() == {"2020-03.csv": statut}
    acceptees = bonnes if statut == "acceptee" else 0
    assert charge.comptes("2020-03.csv") == (bonnes + mauvaises, acceptees, mauvaises, 0)
    assert len(charge.lignes("association")) == acceptees
    # A refused file's rejections say why.
    assert len(charge.rejets()) == mauvaises


@pytest.mark.parametrize(
    ("bonnes", "mauvaises", "totaux", "statut"),
    [
        (75, 4, 1, "refusee"),
        (76, 4, 50, "acceptee"),
        (1, 3, 9, "acceptee"),
        (0, 1, 9, "refusee"),
        (0, 0, 1, "refusee"),
        (0, 0, 9, "refusee"),
    ],
)
def test_totals_do_not_count_in_the_thresholds(
    tmp_path: Path, bonnes: int, mauvaises: int, totaux: int, statut: str
) -> None:
    charge = livrer(tmp_path, mars=fichier(bonnes, mauvaises, totaux))
    assert charge.statuts() == {"2020-03.csv": statut}
    acceptees = bonnes if statut == "acceptee" else 0
    lignes = bonnes + mauvaises + totaux
    assert charge.comptes("2020-03.csv") == (lignes, acceptees, mauvaises, totaux)


def test_several_faults_of_a_row_are_one_row_lost(tmp_path: Path) -> None:
    trois = "".join(f"x;{n};x;x;reste\n" for n in range(3))
    texte = "annee;association;accueillis;objectif\n2019;a;1;1\n" + trois
    charge = livrer(tmp_path, mars=texte)
    assert charge.comptes("2020-03.csv") == (4, 1, 3, 0)
    assert Counter(regle for *_, regle in charge.rejets()) == {"type": 9, "structure": 3}


@pytest.mark.parametrize(
    ("contenu", "motif"),
    [
        (b"", "vide"),
        (ENTETE, "aucune ligne"),
        (ENTETE + ";;\n\n", "aucune ligne"),
        (ENTETE + "Total;;5\n", "totaux"),
        ("annee;association\n2019;a\n", "accueillis"),
        ("annee;association;accueillis;Année\n2019;a;1;2019\n", "annee figure deux fois"),
        (ENTETE.encode() + b"2019;a;\x81\n", "Windows-1252"),
        ("x".encode("utf-16"), "en-tête"),
    ],
)
def test_an_unreadable_file_is_refused_and_the_others_pass(
    tmp_path: Path, contenu: Contenu, motif: str
) -> None:
    charge = livrer(tmp_path, mars=contenu, mars_b=table("b"), avril=table("c"))
    assert charge.statuts() == {
        "2020-03.csv": "refusee",
        "2020-03_b.csv": "acceptee",
        "2020-04.csv": "acceptee",
    }
    assert motif in str(charge.bilans["2020-03.csv"].motif)
    assert charge.comptes("2020-03.csv")[1:3] == (0, 0)
    assert charge.lignes("association") == [("b",), ("c",)]


def test_a_file_is_refused_with_all_the_reasons(tmp_path: Path) -> None:
    doubles = "annee;association;accueillis;Année;ASSOCIATION\n2019;a;1;2019;a\n"
    charge = livrer(tmp_path, mars=doubles, avril="annee;x\n2019;1\n")
    assert "annee" in str(charge.bilans["2020-03.csv"].motif)
    assert "association" in str(charge.bilans["2020-03.csv"].motif)
    assert "association, accueillis" in str(charge.bilans["2020-04.csv"].motif)


def test_a_fault_far_down_in_a_file_leaves_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_texte, "_MORCEAU", 200)
    monkeypatch.setattr(csv_texte, "_LIGNE_MAX", 1000)
    texte = fichier(bonnes=300, mauvaises=2) + "2019;" + "x" * 2000 + ";5\n"
    charge = livrer(tmp_path, mars=texte)
    assert charge.statuts() == {"2020-03.csv": "refusee"}
    assert charge.comptes("2020-03.csv") == (0, 0, 0, 0)
    assert charge.lignes("association") == []
    assert charge.rejets() == []


def test_a_file_too_long_to_be_kept_in_memory_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contenu = fichier(97, 3, 1) + "2019;5;5\n2019;95;1\n" + "".join(
        BONNE.format(f"n{n}") for n in range(100)
    )  # fmt: skip
    vus = []
    for lignes in (50_000, 7):
        monkeypatch.setattr(reception, "_EN_MEMOIRE", lignes)
        monkeypatch.setattr(csv_texte, "_MORCEAU", 100)
        charge = livrer(tmp_path / str(lignes), mars=contenu)
        vus.append(
            (
                charge.comptes("2020-03.csv"),
                charge.lignes("ligne", "association", "accueillis"),
                charge.rejets(),
                charge.sql("from qualite.doutes"),
            )
        )
    assert vus[0] == vus[1]
    # 97 + 3 rows, a total, two that repeat a key, 100 more.
    assert vus[0][0] == (97 + 3 + 1 + 2 + 100, 97 + 100, 3 + 2, 1)


def test_a_file_with_an_improper_name_is_listed_as_refused(tmp_path: Path) -> None:
    charge = livrer(tmp_path, mars=table("a"), mars_v1=table("b"))
    charge = charger(tmp_path, VOLONTR, {"mars 2020.csv": table("c")})
    assert charge.statuts() == {
        "2020-03.csv": "acceptee",
        "2020-03.v1.csv": "refusee",
        "mars 2020.csv": "refusee",
    }
    assert charge.lignes("association") == [("a",)]
    assert charge.sql(
        "select mois_livraison, lignes, statut from qualite.livraisons where fichier like '%mars%'"
    ) == [(None, 0, "refusee")]


def test_each_file_is_recorded_with_its_hash(tmp_path: Path) -> None:
    texte = table("a")
    charge = livrer(tmp_path, mars_a=texte, mars_b=b"\xff\xfe")
    assert charge.sql(
        """
        select source, extrait, mois_livraison, fichier, sha256, octets from qualite.livraisons
        order by fichier
        """
    ) == [
        (*VOLONTR.split("/"), "2020-03", f"{VOLONTR}/2020-03_{nom}.csv",
         hashlib.sha256(octets).hexdigest(), len(octets))
        for nom, octets in (("a", texte.encode()), ("b", b"\xff\xfe"))
    ]  # fmt: skip


def test_delivered_files_do_not_change(tmp_path: Path) -> None:
    def etat() -> dict[str, tuple[bytes, int]]:
        return {str(f): (f.read_bytes(), f.stat().st_mtime_ns) for f in tmp_path.rglob("*.csv")}

    ecrire(tmp_path / VOLONTR / "2020-03.csv", table("a"))
    ecrire(tmp_path / VOLONTR / "2020-04.csv", "rien")
    avant = etat()
    charger(tmp_path, VOLONTR, {})
    assert etat() == avant
    assert len(list(tmp_path.rglob("*.*"))) == 2


# Versions


def test_a_version_replaces_the_one_before(tmp_path: Path) -> None:
    charge = livrer(tmp_path, mars=table("a", "b"), mars_v2=table("b", "c"), mars_v10=table("d"))
    assert charge.statuts() == {
        "2020-03.csv": "remplacee",
        "2020-03.v2.csv": "remplacee",
        "2020-03.v10.csv": "acceptee",
    }
    assert charge.lignes("association") == [("d",)]
    # `acceptees` is 0 in a refused file only.
    assert charge.comptes("2020-03.csv") == (2, 2, 0, 0)


def test_what_a_refused_file_would_have_replaced_stays(tmp_path: Path) -> None:
    charge = livrer(tmp_path, mars=table("a"), mars_v2=table("b"), mars_v3="illisible")
    assert charge.statuts() == {
        "2020-03.csv": "remplacee",
        "2020-03.v2.csv": "acceptee",
        "2020-03.v3.csv": "refusee",
    }
    assert charge.lignes("association") == [("b",)]


def test_a_refused_file_stays_refused_once_it_is_replaced(tmp_path: Path) -> None:
    charge = livrer(tmp_path, mars=fichier(mauvaises=2), mars_v2=table("b"))
    assert charge.statuts() == {"2020-03.csv": "refusee", "2020-03.v2.csv": "acceptee"}
    assert charge.comptes("2020-03.csv") == (2, 0, 2, 0)


def test_a_version_replaces_its_own_part_and_month_only(tmp_path: Path) -> None:
    charge = livrer(
        tmp_path, mars_a=table("a"), mars_b=table("b"), mars_a_v2=table("c"), avril=table("d")
    )
    assert charge.statuts() == {
        "2020-03_a.csv": "remplacee",
        "2020-03_a.v2.csv": "acceptee",
        "2020-03_b.csv": "acceptee",
        "2020-04.csv": "acceptee",
    }
    assert charge.lignes("association") == [("c",), ("b",), ("d",)]


def test_a_version_replaces_whatever_the_extension(tmp_path: Path) -> None:
    classeur = openpyxl.Workbook()
    for rangee in (["annee", "association", "accueillis"], [2019, "b", 5]):
        classeur.worksheets[0].append(rangee)
    classeur.save(tmp_path / "c.xlsx")
    raw = tmp_path / "raw"
    contenu = (tmp_path / "c.xlsx").read_bytes()
    charge = charger(raw, VOLONTR, {"2020-03.csv": table("a"), "2020-03.v2.xlsx": contenu})
    assert charge.statuts() == {"2020-03.csv": "remplacee", "2020-03.v2.xlsx": "acceptee"}
    assert charge.lignes("association") == [("b",)]


def test_rejections_of_a_replaced_file_can_still_be_read(tmp_path: Path) -> None:
    charge = livrer(tmp_path, mars=fichier(2, 1), mars_v2=table("x"))
    assert charge.rejets() == [("2020-03.csv", 3, "accueillis", "type")]


# Keys


def test_the_second_row_of_a_key_is_rejected_on_the_first_column_of_the_key(
    tmp_path: Path,
) -> None:
    texte = ENTETE + "2019;a;1\n2018;a;2\n2019;b;3\n2019;a;4\n2019,0; a ;5\n"
    charge = livrer(tmp_path, mars=texte)
    assert charge.rejets() == [
        ("2020-03.csv", 5, "annee", "cle_en_double"),
        ("2020-03.csv", 6, "annee", "cle_en_double"),
    ]
    assert charge.lignes("annee", "association", "accueillis") == [
        (2019, "a", 1), (2018, "a", 2), (2019, "b", 3)
    ]  # fmt: skip
    assert charge.sql("select distinct valeur from qualite.rejets") == [("2019",)]


MEMES = [
    ("Unis-Cité", "UNIS-CITÉ"),
    ("Unis-Cité", "unis-cite"),
    ("Unis-Cité", "Unis‑Cité"),
    ("Unis-Cité", "Unis–Cité"),
    ("L'Envol", "L’Envol"),
    ("L'Envol", "L`Envol"),
    ("Le Pas", "Le\u00a0Pas"),
    ("Le Pas", "Le \u202f Pas"),
    ("Le  Pas", "Le Pas"),
    ("Cité", "Cite\u0301"),
    ("ÉCOLE D’ÉTÉ – LILLE", "école  d'été - Lille"),
]
AUTRES = [
    ("Unis-Cité", "Unis Cité"),
    ("Unis-Cité", "UnisCité"),
    ("L'Envol", "L Envol"),
    ("Le Pas", "LePas"),
    ("Cité", "Cités"),
    ("A.B", "AB"),
    ("Cœur", "Coeur"),
]


@pytest.mark.parametrize("autres", [0, 3], ids=["one batch", "several"])
@pytest.mark.parametrize(("un", "deux"), MEMES + AUTRES)
def test_keys_are_the_same_without_regard_to_how_their_words_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, un: str, deux: str, autres: int
) -> None:
    if autres:
        monkeypatch.setattr(csv_texte, "_MORCEAU", 16)
    charge = livrer(tmp_path, mars=table(un, *(f"x{n}" for n in range(autres)), deux))
    doubles = [("2020-03.csv", 3 + autres, "annee", "cle_en_double")]
    assert charge.rejets() == (doubles if (un, deux) in MEMES else [])
    assert charge.lignes("association")[0] == (unicodedata.normalize("NFC", un),)


@pytest.mark.parametrize(("un", "deux"), MEMES + AUTRES)
def test_keys_of_parts_compare_as_those_of_one_file(tmp_path: Path, un: str, deux: str) -> None:
    charge = livrer(tmp_path, mars_a=table(un), mars_b=table("b", deux), mars_c=table("c", un))
    doubles = [("2020-03_c.csv", 3, "annee", "cle_en_double")]
    if (un, deux) in MEMES:
        doubles.insert(0, ("2020-03_b.csv", 3, "annee", "cle_en_double"))
    assert charge.rejets() == doubles


def test_codes_of_a_key_compare_as_the_list_writes_them(tmp_path: Path) -> None:
    entete = "mois;departement;origine;attributions\n"
    lignes = "2020-01;2;cada;1\n01/2020;02;CADA;1\n2020-01;02;CPH;1\n"
    plie = charger(tmp_path, "logement/attributions", {"2020-03.csv": entete + lignes})
    assert plie.rejets() == [("2020-03.csv", 3, "mois", "cle_en_double")]


MOTS = st.text(st.sampled_from("aAéÉe\u0301'’` \u00a0\u2009-‑–ßœ.1"), min_size=1, max_size=4)


@settings(max_examples=300, deadline=None)
@given(MOTS, MOTS)
def test_no_key_that_duckdb_takes_for_another_is_thought_sure(un: str, deux: str) -> None:
    regles = toutes()[VOLONTR]
    lignes = pl.DataFrame({"annee": [2019, 2019], "association": [un, deux]})
    lignes = lignes.with_columns(feuille=1, ligne=pl.Series([2, 3]))
    requete = cles.doubles(regles, "lignes")
    assert cles.peut_etre_doubles(lignes, regles) or not CON.execute(requete).fetchall()


def test_a_key_incomplete_or_unreadable_is_no_duplicate(tmp_path: Path) -> None:
    texte = ENTETE + "2019;a;1\n2019;;1\n2019;;1\nx;a;1\n"
    assert {regle for *_, regle in livrer(tmp_path, mars=texte).rejets()} == {
        "obligatoire",
        "type",
    }


def test_a_rejected_row_counts_for_its_duplicates(tmp_path: Path) -> None:
    charge = livrer(tmp_path, mars=ENTETE + "2019;a;x\n2019;a;1\n2019;b;1\n")
    assert [rejet[1:] for rejet in charge.rejets()] == [
        (2, "accueillis", "type"),
        (3, "annee", "cle_en_double"),
    ]


def test_a_withdrawal_and_a_row_of_one_key_are_duplicates(tmp_path: Path) -> None:
    texte = "annee;association;accueillis;retrait\n2019;a;1;\n2019;a;;O\n2019;b;1;N\n"
    charge = livrer(tmp_path, mars=texte)
    assert charge.rejets() == [("2020-03.csv", 3, "annee", "cle_en_double")]
    assert charge.lignes("association", "retrait") == [("a", False), ("b", False)]


def test_parts_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    charge = livrer(
        tmp_path, mars_b=table("x", "b"), mars_a=table("x", "a"), mars=table("x", "tout")
    )
    # The whole file first: «.» comes before «_».
    assert list(charge.bilans) == ["2020-03.csv", "2020-03_a.csv", "2020-03_b.csv"]
    assert charge.rejets() == [
        ("2020-03_a.csv", 2, "annee", "cle_en_double"),
        ("2020-03_b.csv", 2, "annee", "cle_en_double"),
    ]
    assert charge.lignes("association") == [("x",), ("tout",), ("a",), ("b",)]


def test_keys_of_a_refused_part_do_not_count(tmp_path: Path) -> None:
    charge = livrer(
        tmp_path,
        mars_a=table("x", "y") + "2019;1;?\n2019;2;?\n2019;3;?\n2019;4;?\n",
        mars_b=table("x", "y"),
    )
    assert charge.statuts() == {"2020-03_a.csv": "refusee", "2020-03_b.csv": "acceptee"}
    assert charge.lignes("association") == [("x",), ("y",)]


def test_keys_of_a_replaced_version_do_not_count(tmp_path: Path) -> None:
    charge = livrer(
        tmp_path, mars_a=table("x"), mars_a_v2=table("y"), mars_b=table("x", "z"),
        mars_a_v3="illisible",
    )  # fmt: skip
    assert charge.rejets() == []
    assert charge.lignes("association") == [("y",), ("x",), ("z",)]


def test_duplicates_may_refuse_a_part(tmp_path: Path) -> None:
    charge = livrer(tmp_path, mars_a=table("a", "b"), mars_b=table("a", "b"))
    assert charge.statuts() == {"2020-03_a.csv": "acceptee", "2020-03_b.csv": "refusee"}


def test_one_key_in_two_months_is_no_duplicate(tmp_path: Path) -> None:
    charge = livrer(tmp_path, mars=table("a"), avril=table("a"))
    assert charge.rejets() == []
    assert charge.lignes("association", "mois_livraison", "fichier", "ligne") == [
        ("a", "2020-03", f"{VOLONTR}/2020-03.csv", 2),
        ("a", "2020-04", f"{VOLONTR}/2020-04.csv", 2),
    ]


# In force


def en_vigueur(charge: Charge, arrete: str) -> list[tuple[Any, ...]]:
    """Association and accueillis of the rows in force at an arrêté."""
    charge.con.execute(f"set variable arrete = '{arrete}'")
    return charge.sql(
        "select association, accueillis from faits.service_civique_volontr order by 1"
    )


def test_of_two_rows_of_one_key_the_later_month_wins(tmp_path: Path) -> None:
    # The later month comes in the file whose name is earlier in its folder.
    charge = livrer(
        tmp_path,
        fevrier_z=table("a", "b", accueillis=1),
        mars=table("a", accueillis=2),
        avril=table("c", accueillis=3) + "2019;a;x\n",
    )
    faits.ouvrir(charge.con, toutes()[VOLONTR])
    assert en_vigueur(charge, "2020-01") == []
    assert en_vigueur(charge, "2020-02") == [("a", 1), ("b", 1)]
    assert en_vigueur(charge, "2020-03") == [("a", 2), ("b", 1)]
    # A rejected row replaces nothing.
    assert en_vigueur(charge, "2020-04") == [("a", 2), ("b", 1), ("c", 3)]


@pytest.mark.parametrize(("un", "deux"), MEMES + AUTRES)
def test_a_key_written_otherwise_a_month_later_replaces(tmp_path: Path, un: str, deux: str) -> None:
    charge = livrer(
        tmp_path, fevrier=table(un, accueillis=1), mars=table(deux, "z", accueillis=2),
        avril=f"annee;association;accueillis;retrait\n2019;{un};;O\n",
    )  # fmt: skip
    faits.ouvrir(charge.con, toutes()[VOLONTR])
    remplacee = (un, deux) in MEMES
    assert nfc(en_vigueur(charge, "2020-03")) == nfc(
        [*([] if remplacee else [(un, 1)]), (deux, 2), ("z", 2)]
    )
    assert nfc(en_vigueur(charge, "2020-04")) == nfc(
        [*([] if remplacee else [(deux, 2)]), ("z", 2)]
    )


def nfc(lignes: list[tuple[Any, ...]]) -> list[tuple[str, int]]:
    return sorted((unicodedata.normalize("NFC", nom), nombre) for nom, nombre in lignes)


def test_a_withdrawal_holds_from_its_delivery_to_the_next_one_of_its_key(tmp_path: Path) -> None:
    retrait = "annee;association;accueillis;retrait\n2019;a;;O\n2019;b;7;N\n"
    charge = livrer(tmp_path, fevrier=table("a"), mars=retrait, avril=table("a", accueillis=9))
    faits.ouvrir(charge.con, toutes()[VOLONTR])
    assert en_vigueur(charge, "2020-02") == [("a", 5)]
    assert en_vigueur(charge, "2020-03") == [("b", 7)]
    assert en_vigueur(charge, "2020-04") == [("a", 9), ("b", 7)]
    assert charge.lignes("association", "retrait", "mois_livraison")[1] == ("a", True, "2020-03")


def test_facts_lie_in_the_order_of_deliveries(tmp_path: Path) -> None:
    """Nothing sorts them: what joins them must keep them as they were delivered."""
    noms = [f"{chr(122 - n % 26)}{n}" for n in range(400)]
    charge = livrer(
        tmp_path,
        fevrier_b=table(*noms[:150]),
        fevrier_a=table(*noms[150:300]),
        mars=table(*noms[100:130], *noms[300:]),
    )
    faits.ouvrir(charge.con, toutes()[VOLONTR])
    charge.con.execute("set variable arrete = '2020-03'")
    lus = charge.sql("select association from faits.service_civique_volontr")
    attendus = [*noms[150:300], *noms[:100], *noms[130:150], *noms[100:130], *noms[300:]]
    assert [nom for (nom,) in lus] == attendus


# Whatever the rows

LIGNE = st.sampled_from(
    ["2019;a;1", "2019;b;2", "2019;c;3", "2018;a;4", "2019;d;x", "x;e;1", "2019;;1", "2019;f;1;9",
     "Total;;9", "Sous-total;;", ";;", "", "2019;g", "NC;-;nd"]
)  # fmt: skip
PLEINES = {"2019;a;1", "2019;b;2", "2019;c;3", "2018;a;4", "2019;d;x", "x;e;1", "2019;f;1;9"}
COURTES = {"2019;;1", "2019;g"}
REGLAGE = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def neuf(tmp_path: Path) -> list[int]:
    """A counter, that gives every example its own folder."""
    return [0]


def essai(tmp_path: Path, neuf: list[int], fichiers: dict[str, list[str]]) -> Charge:
    neuf[0] += 1
    contenus: dict[str, Contenu] = {
        nom: ENTETE + "".join(f"{ligne}\n" for ligne in lignes) for nom, lignes in fichiers.items()
    }
    return charger(tmp_path / str(neuf[0]), VOLONTR, contenus)


@REGLAGE
@given(st.lists(LIGNE, max_size=14))
def test_every_row_that_is_read_is_accepted_rejected_or_ignored(
    tmp_path: Path, neuf: list[int], lignes: list[str]
) -> None:
    charge = essai(tmp_path, neuf, {"2020-03.csv": lignes})
    lues, acceptees, rejetees, ignorees = charge.comptes("2020-03.csv")
    assert lues == sum(1 for ligne in lignes if ligne.strip(";"))
    pleines = [n for n, ligne in enumerate(lignes) if ligne in PLEINES]
    sous = lignes[pleines[-1] + 1 :] if pleines else []
    notes = sum(ligne in COURTES for ligne in sous)
    assert ignorees == sum("otal" in ligne for ligne in lignes) + notes
    assert rejetees == len({rejet[1] for rejet in charge.rejets()})
    if charge.bilans["2020-03.csv"].statut == "refusee":
        assert acceptees == 0
    else:
        assert lues == acceptees + rejetees + ignorees
    assert len(charge.lignes("ligne")) == acceptees


@REGLAGE
@given(st.lists(LIGNE, max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_the_counts(
    tmp_path: Path, neuf: list[int], lignes: list[str], hasard: object
) -> None:
    melangees = list(lignes)
    hasard.shuffle(melangees)  # type: ignore[attr-defined]
    # What is below the last full row depends on it.
    lignes, melangees = [*lignes, "2017;z;1"], [*melangees, "2017;z;1"]
    un = essai(tmp_path, neuf, {"2020-03.csv": lignes})
    autre = essai(tmp_path, neuf, {"2020-03.csv": melangees})
    assert un.comptes("2020-03.csv") == autre.comptes("2020-03.csv")
    assert un.statuts() == autre.statuts()
    assert Counter(r[2:] for r in un.rejets()) == Counter(r[2:] for r in autre.rejets())


@REGLAGE
@given(
    st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=12),
    st.lists(st.integers(0, 12), max_size=2),
)
def test_cutting_a_file_into_parts_gives_the_same_rows(
    tmp_path: Path, neuf: list[int], noms: list[str], coupes: list[int]
) -> None:
    # Each part gets a good row of its own, and at most three duplicates: none is refused.
    lignes = [f"2019;{nom};{n}" for n, nom in enumerate(noms)]
    bornes = sorted({0, len(lignes), *(coupe % len(lignes) for coupe in coupes)})
    morceaux = [lignes[debut:fin] for debut, fin in pairwise(bornes)]
    parties = {
        f"2020-03_{rang}.csv": [*(f"2019;{rang}-{n};0" for n in range(250)), *morceau]
        for rang, morceau in enumerate(morceaux)
    }
    entier = [ligne for partie in parties.values() for ligne in partie]
    un = essai(tmp_path, neuf, {"2020-03.csv": entier})
    coupe = essai(tmp_path, neuf, parties)
    assert set(coupe.statuts().values()) == {"acceptee"}
    colonnes = ("annee", "association", "accueillis")
    assert un.lignes(*colonnes) == coupe.lignes(*colonnes)
    assert len(un.rejets()) == len(coupe.rejets()) == len(noms) - len(set(noms))
