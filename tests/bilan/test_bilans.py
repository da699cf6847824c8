"""Two bilans in one roadmap: that of 2020, and a made-up one of 2021, each with its own figures.

One operator of the Nord: 600 + 400 + 367 people up to 2020, as line 317 prints; then 50 in 2021, of
which 5 more are delivered once the bilan of 2021 is drawn up; 7 in 2022.
"""

import csv
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.feuilles import courte
from tests.rafraichir import rafraichir
from tests.reduction import VUES, reduire

LIVREES = {
    "2020-12": [(2018, 600), (2019, 400), (2020, 367)],
    "2021-12": [(2021, 50)],
    "2022-03": [(2021, 50 + 5), (2022, 7)],
}
AJOUTEES: dict[str, list[dict[str, str | int]]] = {
    "bilans": [{"bilan": "2021", "titre": "Bilan 2021", "annee": 2021, "arrete": "2021-12"}],
    "chiffres_publies": [
        {
            "chiffre": chiffre, "bilan": "2021", "objectif": 16, "libelle": "Bénéficiaires",
            "indicateur": "avdl_beneficiaires", "mesure": "valeur", "territoire": "D59",
            "periode": periode, "ventilation": "total", "modalite": "total", "arrete": "2021-12",
            "operateur": "=", "valeur": valeur, "decimales": 0, "unite": "bénéficiaires",
            "ligne": ligne, "citation": citation,
        }
        for chiffre, periode, valeur, ligne, citation in (
            ("avdl_2021", "2021", 50, 3, "50 bénéficiaires en 2021"),
            ("avdl_cumul_2021", "cumul", 1400, 4, "soit 1 400 depuis 2018"),
        )
    ],
    "coherences": [
        {
            "coherence": "avdl_suite", "bilan": "2021", "lignes": "4",
            "titre": "Le total est juste",
            "relation": "avdl_cumul_2021 = 1367 + avdl_2021",
        }
    ],
    "orientations": [
        {
            "orientation": f"avdl_{bilan}", "bilan": bilan, "genre": "orientation", "objectif": 16,
            "type": "dispositif", "texte": "Accompagner.", "ligne": 9, "mode": "mesure",
            "indicateur": "avdl_beneficiaires", "ventilation": "total", "modalite": "total",
            "niveau": "region", "sens": "hausse", "valeur_cible": 500,
            "echeance": f"{int(bilan) + 1}-12-31",
        }
        for bilan in ("2020", "2021")
    ],
}  # fmt: skip

Ligne = tuple[object, ...]
Lire = Callable[[str], list[Ligne]]


@pytest.fixture(scope="module")
def deux_bilans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Published from the month of the first bilan on: figures are reconciled at published ones."""
    ici = tmp_path_factory.mktemp("bilans")
    feuille = courte(ici / "feuille", ("avdl_beneficiaires",))
    (feuille / "coherences.csv").write_text("coherence,bilan,lignes,titre,relation,explication\n")
    for nom, lignes in AJOUTEES.items():
        chemin = feuille / f"{nom}.csv"
        entete = chemin.read_text(encoding="utf-8").splitlines()[0].split(",")
        with chemin.open("a", encoding="utf-8", newline="") as flux:
            csv.DictWriter(flux, entete).writerows(lignes)
    depot = ici / "raw" / "logement" / "avdl"
    depot.mkdir(parents=True)
    for mois, lus in LIVREES.items():
        lignes_livrees = [f"{annee};Alpha;59;{n};0;0\n" for annee, n in lus]
        (depot / f"{mois}.csv").write_text(
            "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees\n"
            + "".join(lignes_livrees)
        )
    with pytest.MonkeyPatch.context() as correctif:
        reduire(correctif.setattr, (*VUES, "anomalies", "orientations", "redaction"))
        code = rafraichir(ici / "w", "--depuis", "2020-12", raw=ici / "raw", feuille=feuille)
    assert code == 0
    return ici / "w" / "entrepot.duckdb"


@pytest.fixture
def lire(deux_bilans: Path) -> Lire:
    con = duckdb.connect(deux_bilans, read_only=True)
    return lambda sql: con.execute(sql).fetchall()


def test_each_figure_is_reconciled_at_its_own_month(lire: Lire) -> None:
    """In March 2022, 2021 has 55: the bilan that prints 50 was right when it was drawn up."""
    assert lire(
        """
        select bilan, chiffre, arrete, valeur_calculee, verdict from rapprochement.chiffres
        order by 1, 2
        """
    ) == [
        ("2020", "avdl_r_beneficiaires", "2020-12", 600 + 400 + 367, "conforme"),
        ("2021", "avdl_2021", "2021-12", 50, "conforme"),
        ("2021", "avdl_cumul_2021", "2021-12", 600 + 400 + 367 + 50, "inexplique"),
    ]


def test_orientations_start_from_their_own_bilan_and_earlier_ones_stay(lire: Lire) -> None:
    """That of 2020 is followed to its term, 2021; that of 2021 starts from what it then knew."""
    assert lire(
        """
        select bilan, valeur_initiale, periode, valeur_actuelle from orientations.avancement
        where arrete = '2022-03' and orientation like 'avdl%' order by 1
        """
    ) == [("2020", 367, "2021", 50 + 5), ("2021", 50, "2022", 7)]


def test_views_follow_the_bilan_chosen(lire: Lire) -> None:
    anomalies = 'select genre, chiffre, "Imprimé", "Calculé" from bilan.anomalies'
    orientations = """
        select "Départ", periode, "Actuel", "Maturité" from bilan.orientations
        where orientation like 'avdl%'
    """
    redaction = 'select ligne, "Imprimé", "À écrire", "Périodes" from bilan.redaction'
    # By default the newest one.
    assert lire(anomalies) == [
        ("chiffre", "avdl_cumul_2021", "1 400", "1 417"),
        ("relation", "avdl_suite", "1 400", "1 417"),
    ]
    assert lire(orientations) == [("50", "2022", "7", "provisoire")]
    assert lire(redaction) == [
        (3, "50 bénéficiaires", "7 bénéficiaires", "2022"),
        (4, "1 400 bénéficiaires", "1 429 bénéficiaires", "cumul"),
    ]
    lire("set variable bilan = '2020'")
    assert lire(anomalies) == []
    assert lire(orientations) == [("367", "2021", "55", "")]  # three months later, it is settled
    assert lire(redaction) == [(317, "1 367 bénéficiaires", "1 429 bénéficiaires", "cumul")]
    lire("reset variable bilan")
    assert len(lire(anomalies)) == 2
