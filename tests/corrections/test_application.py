"""What becomes of facts: mended while the source holds the wrong value, month by month."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.cli import executer
from pipelines.corrections.application import constater
from pipelines.corrections.registre import Correction, actives
from pipelines.entrepot import faits
from tests.corrections.test_registre import AVDL, CIR, registre
from tests.feuilles import courte
from tests.ingestion.essais import Charge, charger, toutes

EXTRAIT = "logement/avdl"
ENTETE = "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees;retrait\n"
LIVRAISONS = {
    "2020-01.csv": f"{ENTETE}2019;Alpha;59;10;4;6;\n2019;Beta;59;10;4;6;\n",
    "2020-03.csv": f"{ENTETE}2019;Alpha;59;10;5;6;\n",
    "2020-04.csv": f"{ENTETE}2019;Alpha;59;12;5;6;\n",
    "2020-06.csv": f"{ENTETE}2019;Alpha;59;;;;O\n",
}


def corrections(*lignes: dict[str, str]) -> list[Correction]:
    return actives(registre(*lignes), toutes()[EXTRAIT])


@pytest.fixture
def charge(tmp_path: Path) -> Charge:
    """Alpha: wrong in January and in March, right since April, withdrawn in June."""
    return charger(tmp_path, EXTRAIT, LIVRAISONS)


def en_vigueur(charge: Charge, arrete: str, *corrigees: dict[str, str]) -> list[tuple[Any, ...]]:
    """The facts at a month: operateur, beneficiaires, logements_captes, corrige."""
    faits.ouvrir(charge.con, toutes()[EXTRAIT], corrections(*corrigees))
    charge.con.execute(f"set variable arrete = '{arrete}'")
    return charge.sql(
        f"""
        select operateur, beneficiaires, logements_captes, corrige
        from faits.{EXTRAIT.replace("/", "_")} order by 1
        """
    )


def test_it_applies_as_long_as_the_source_is_wrong(charge: Charge) -> None:
    beta = ("Beta", 10, 4, None)
    onze = AVDL | {"corrige": "11"}
    assert en_vigueur(charge, "2020-02", onze) == [("Alpha", 11, 4, "beneficiaires"), beta]
    assert en_vigueur(charge, "2020-03", onze) == [("Alpha", 11, 5, "beneficiaires"), beta]
    assert en_vigueur(charge, "2020-04", onze) == [("Alpha", 12, 5, None), beta]
    assert en_vigueur(charge, "2020-06", onze) == [beta]
    # Deliveries stay as they are.
    assert charge.lignes("beneficiaires") == [(10,), (10,), (10,), (12,), (None,)]


def test_several_columns_are_named_in_the_order_of_the_contract(charge: Charge) -> None:
    logements = AVDL | {"colonne": "logements_captes", "attendu": "4", "corrige": "9"}
    assert en_vigueur(charge, "2020-01", logements, AVDL)[0] == (
        "Alpha", 12, 9, "beneficiaires, logements_captes",
    )  # fmt: skip


def test_a_value_just_mended_is_not_mended_again(charge: Charge) -> None:
    """10 is 12, and the 12 of April is 20: January stays 12."""
    puis = AVDL | {"attendu": "12", "corrige": "20"}
    for ordre in ((AVDL, puis), (puis, AVDL)):
        assert en_vigueur(charge, "2020-01", *ordre)[0][1] == 12
        assert en_vigueur(charge, "2020-04", *ordre)[0][1] == 20


@pytest.mark.parametrize(
    ("arrete", "change", "reussi", "observe", "mots"),
    [
        ("2020-03", {}, True, "10", "Corrigé : 12 au lieu de 10 (corrections.csv, ligne 2)."),
        ("2020-04", {}, False, "12", "logement/avdl/2020-04.csv porte 12 depuis 2020-04."),
        ("2020-06", {}, False, "ligne retirée", "2020-06.csv a retiré cette ligne en 2020-06."),
        ("2020-03", {"cle": "2019|Gamma"}, False, "aucune ligne", "Aucune ligne livrée"),
    ],
)
def test_a_correction_that_stops_says_so(
    charge: Charge, arrete: str, change: dict[str, str], reussi: bool, observe: str, mots: str
) -> None:
    regles = toutes()[EXTRAIT]
    arretees = constater(charge.con, regles, corrections(AVDL | change), arrete, "2020-12")
    assert arretees == (not reussi)
    [(quand, objet, severite, verdict, vu, attendu, message)] = charge.sql(
        """
        select arrete, objet, severite, reussi, observe, attendu, message from qualite.controles
        """
    )
    cle = change.get("cle", AVDL["cle"])
    assert (quand, objet) == ("2020-12", f"logement/avdl {cle} beneficiaires")
    assert (severite, verdict, vu, attendu) == ("signalement", reussi, observe, "10")
    assert mots in message


def test_a_person_s_row_is_found_by_its_pseudonym(tmp_path: Path) -> None:
    """An empty value may be filled, a wrong one emptied."""
    extrait = "ofii/cir_signataires"
    regles = toutes()[extrait]
    contenu = (
        "numero_cir;numero_etranger;departement;date_signature;sexe;niveau_initial\n"
        "C1;0000000001;59;03/01/2020;H;A1\nC2;0000000002;59;03/01/2020;H;\n"
    )
    chargee = charger(tmp_path, extrait, {"2020-01.csv": contenu})
    [(cle,)] = chargee.sql("select numero_cir from livraisons.ofii_cir_signataires where ligne = 3")
    vider = CIR | {"cle": cle, "corrige": ""}
    remplir = CIR | {"cle": cle, "colonne": "niveau_initial", "attendu": "ND", "corrige": "b1"}
    faits.ouvrir(chargee.con, regles, actives(registre(vider, remplir), regles))
    assert chargee.sql(
        """
        select ligne, sexe, niveau_initial, corrige from chantier.ofii_cir_signataires order by 1
        """
    ) == [(2, "H", "A1", None), (3, None, "B1", "sexe, niveau_initial")]


@pytest.mark.usefixtures("programme_reduit")
def test_a_refresh_applies_them_and_a_fault_publishes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, roadmap, entrepot = (tmp_path / nom for nom in ("raw", "roadmap", "entrepot"))
    for nom, contenu in LIVRAISONS.items():
        (raw / EXTRAIT).mkdir(parents=True, exist_ok=True)
        (raw / EXTRAIT / nom).write_text(contenu, encoding="utf-8")
    courte(roadmap, ("avdl_beneficiaires",))
    commande = ["refresh", "--raw", str(raw), "--warehouse", str(entrepot)]
    commande += ["--roadmap", str(roadmap), "--depuis", "2020-03", "--arrete", "2020-04"]

    def inscrire(**change: str) -> None:
        ligne = AVDL | {"corrige": "11"} | change
        texte = f"{','.join(ligne)}\n{','.join(ligne.values())}\n"
        (roadmap / "corrections.csv").write_text(texte, encoding="utf-8")

    inscrire(corrige="onze")
    assert executer(commande) == 2
    assert "corrections.csv, ligne 2 : corrige : La colonne" in capsys.readouterr().err
    inscrire()
    assert executer(commande) == 0
    with duckdb.connect(entrepot / "entrepot.duckdb", read_only=True) as con:

        def lire(sql: str) -> list[tuple[Any, ...]]:
            return con.execute(sql).fetchall()

        assert lire(
            """
            select arrete, valeur from indicateurs.valeurs
            where indicateur = 'avdl_beneficiaires' and periode = '2019' and territoire = 'D59'
            order by 1
            """
        ) == [("2020-03", 11 + 10), ("2020-04", 12 + 10)]
        assert lire("select beneficiaires, corrige from faits.logement_avdl order by 1") == [
            (10, None), (12, None),
        ]  # fmt: skip
        assert lire("select corrige, statut from referentiel.corrections") == [("11", "active")]
        assert lire(
            "select reussi, observe from qualite.controles where controle = 'correction_en_vigueur'"
        ) == [(False, "12")]
