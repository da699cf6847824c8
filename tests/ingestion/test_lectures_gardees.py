"""Readings kept between refreshes: the same result with them, without them, or damaged."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.feuille_de_route import RACINE
from pipelines.gardees import Gardees
from pipelines.ingestion import lecture, reception
from pipelines.ingestion.octets import Octets
from tests.ingestion.essais import CLE, Charge, charger

AVDL = "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees\n"
FICHIERS = {
    "2020-11.csv": AVDL + "2019;Alpha;59;10;4;6\n2019;Beta;02;x;1;2\nTotal;;;10;4;6\n",
    "2020-12_02.csv": AVDL + "2020;Alpha;59;20;7;9\n2020;Gamma;60;x;1;1\n",
    "2020-12_59.csv": AVDL + "2020;Alpha;59;20;7;9\n2020;Beta;02;5;1;2\n2020;Delta;62;x;1;1\n",
}


def resultat(charge: Charge) -> list[Any]:
    """All that a refresh would see."""
    lignes = charge.sql("from livraisons.logement_avdl order by all")
    return [lignes, charge.rejets(), charge.sql("from qualite.livraisons order by fichier")]


@pytest.fixture
def lus(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are really read."""
    noms: list[str] = []
    vraie = lecture.ouvrir

    def ouvrir(octets: Octets, *reste: Any) -> Any:
        noms.append(octets.nom)
        return vraie(octets, *reste)

    monkeypatch.setattr(lecture, "ouvrir", ouvrir)
    return noms


def relire(raw: Path, dossier: Path, cle: bytes = CLE) -> Charge:
    return charger(raw, "logement/avdl", FICHIERS, cle, Gardees(dossier, cle))


def test_a_delivery_is_read_once(tmp_path: Path, lus: list[str]) -> None:
    sans = resultat(charger(tmp_path / "raw", "logement/avdl", FICHIERS))
    lus.clear()
    assert resultat(relire(tmp_path / "raw", tmp_path / "g")) == sans
    assert lus == sorted(FICHIERS)
    lus.clear()
    assert resultat(relire(tmp_path / "raw", tmp_path / "g")) == sans
    assert lus == []


@pytest.mark.parametrize("extrait", ["logement/avdl", "ofii/cir_signataires"])
def test_a_file_without_fault_is_kept_as_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extrait: str
) -> None:
    """Column by column, in the order of its rows: DuckDB did not see it, or did."""
    contenus: dict[str, str | bytes] = {
        "logement/avdl": AVDL + "2020;Zeta;59;20;7;9\n2020;Beta;02;5;1;2\nTotal;;;25;8;11\n",
        "ofii/cir_signataires": (RACINE / "raw/ofii/cir_signataires/2019-01.csv").read_bytes(),
    }
    gardes = []
    for nom in ("sans", "avec"):
        if nom == "avec":
            monkeypatch.setattr(reception._Lot, "seul", lambda _: None)
        charge = charger(
            tmp_path / nom, extrait, {"2020-12.csv": contenus[extrait]}, CLE,
            Gardees(tmp_path / f"g_{nom}", CLE),
        )  # fmt: skip
        [lue] = charge.bilans.values()
        assert lue.gardee
        vues = charge.sql("select table_name from duckdb_tables() where table_name = 'lot'")
        assert len(vues) == (nom == "avec")
        lot = charge.con.sql(f"from '{lue.gardee.pieces['lot']}'")
        gardes.append((lot.columns, lot.types, lot.fetchall(), lue.gardee.fiche))
    assert gardes[0] == gardes[1]
    assert gardes[0][2]


def _abimer(noms: str, contenu: bytes) -> Callable[[Path], None]:
    def abime(dossier: Path) -> None:
        for chemin in dossier.rglob(noms):
            chemin.write_bytes(contenu)

    return abime


def _contrefaire(dossier: Path) -> None:
    """Another number of rows, signed by who has not the key."""
    for chemin in dossier.rglob("*.json"):
        _, _, corps = chemin.read_text(encoding="utf-8").partition("\n")
        corps = corps.replace('"lignes": ', '"lignes": 9')
        chemin.write_text(f"{hashlib.sha256(corps.encode()).hexdigest()}\n{corps}", "utf-8")


@pytest.mark.parametrize(
    "degat",
    [
        _abimer("*.lot.*.parquet", b"PAR1"),
        _abimer("*.rejets.*.parquet", b""),
        _abimer("*.json", b"{"),
        _abimer("*.json", b'{"pieces": {}}'),
        _abimer("*.json", b"\xff"),
        _contrefaire,
        lambda dossier: [chemin.unlink() for chemin in dossier.rglob("*.lot.*.parquet")],
        lambda dossier: [chemin.unlink() for chemin in dossier.rglob("*.*")],
    ],
)
def test_a_damaged_reading_is_read_again(
    tmp_path: Path,
    lus: list[str],
    degat: Callable[[Path], object],
    caplog: pytest.LogCaptureFixture,
) -> None:
    avant = resultat(relire(tmp_path / "raw", tmp_path / "g"))
    degat(tmp_path / "g")
    fiches = any((tmp_path / "g").rglob("*.json"))
    lus.clear()
    assert resultat(relire(tmp_path / "raw", tmp_path / "g")) == avant
    assert lus == sorted(FICHIERS)
    assert ("résultat gardé illisible, à refaire : lectures/" in caplog.text) == fiches
    lus.clear()
    relire(tmp_path / "raw", tmp_path / "g")
    assert lus == []


def test_another_content_or_another_key_is_another_reading(tmp_path: Path, lus: list[str]) -> None:
    relire(tmp_path / "raw", tmp_path / "g")
    lus.clear()
    relire(tmp_path / "raw", tmp_path / "g", b"une autre cle, aussi longue que la premiere")
    assert lus == sorted(FICHIERS)
    lus.clear()
    (tmp_path / "raw" / "logement" / "avdl" / "2020-12_60.csv").write_text(
        AVDL + "2020;Gamma;60;1;1;1\n", encoding="utf-8"
    )
    relire(tmp_path / "raw", tmp_path / "g")
    assert lus == ["2020-12_60.csv"]


def test_readings_that_serve_no_more_are_removed(tmp_path: Path) -> None:
    relire(tmp_path / "raw", tmp_path / "g")
    assert len(list((tmp_path / "g").rglob("*.json"))) == len(FICHIERS)
    gardees = Gardees(tmp_path / "g", CLE)
    (tmp_path / "raw" / "logement" / "avdl" / "2020-11.csv").unlink()
    reste = {nom: texte for nom, texte in FICHIERS.items() if nom != "2020-11.csv"}
    charger(tmp_path / "raw", "logement/avdl", reste, CLE, gardees)
    gardees.oublier([])
    assert len(list((tmp_path / "g").rglob("*.json"))) == len(reste)
    assert len(list((tmp_path / "g").rglob("*.*"))) == 3 * len(reste)


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "g").write_text("un fichier, pas un dossier", encoding="utf-8")
    sans = resultat(charger(tmp_path / "raw", "logement/avdl", FICHIERS))
    assert resultat(relire(tmp_path / "raw", tmp_path / "g")) == sans
