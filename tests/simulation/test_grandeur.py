"""Deliveries of any size: the rows asked for, the same files each time, clear refusals."""

from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from pipelines.cli import executer
from pipelines.contrats import tous
from pipelines.erreurs import Faute
from pipelines.simulation import grandeur, grandeur_ofii
from pipelines.simulation.ecriture import NUE
from pipelines.simulation.grandeur import simuler
from pipelines.simulation.tirages import Mois


def contenu(dossier: Path) -> dict[str, bytes]:
    return {str(f.relative_to(dossier)): f.read_bytes() for f in dossier.rglob("*.*")}


def nombre(csv: Path) -> int:
    """Its rows."""
    return csv.read_bytes().count(b"\n") - 1


@pytest.mark.parametrize(
    ("lignes", "mois"), [(1, ("2020-02", "2020-02")), (997, ("2018-12", "2020-01"))]
)
def test_there_are_as_many_rows_as_asked_for(
    tmp_path: Path, lignes: int, mois: tuple[str, str]
) -> None:
    simuler(tmp_path, lignes, mois, graine=1)
    signataires = (tmp_path / "ofii" / "cir_signataires").glob("*.csv")
    assert sum(map(nombre, signataires)) == lignes
    assert len(list(tmp_path.glob("*/*"))) == 15


def test_what_partners_write_is_accepted_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the roadmap that is shipped, and without a doubt."""
    simuler(tmp_path, 3000, ("2019-11", "2020-12"), graine=1)
    assert executer(["verifier", str(tmp_path)]) == 0
    dit = capsys.readouterr().out
    lignes = [ligne.split() for ligne in dit.splitlines() if "/2019-" in ligne or "/2020-" in ligne]
    assert len(lignes) == sum(1 for _ in tmp_path.glob("*/*/*"))
    for _, _, rejetees, ignorees, doutes, verdict in lignes:
        assert (rejetees, ignorees, doutes, verdict) == ("0", "0", "0", "accepté")


def test_partners_write_in_several_forms(tmp_path: Path) -> None:
    simuler(tmp_path, 1000, ("2020-11", "2020-12"), graine=1)
    ecrits = contenu(tmp_path)
    assert Counter(Path(nom).suffix for nom in ecrits).keys() == {".csv", ".xlsx"}
    octets = {nom: ecrits[f"{nom}.csv"] for nom in (
        "ofii/cir_signataires/2020-11", "ofii/cir_signataires/2020-12", "ddcs/designations/2020-11",
        "ars/equipes_mobiles/2020-11", "ddcs/projets/2020-11", "ars/interpretariat/2020-11",
    )}  # fmt: skip
    windows, bom, tabulation, virgule, projets, interpretariat = octets.values()
    assert windows.startswith("Numéro CIR;Numéro étranger;Département;".encode("cp1252"))
    assert bom.startswith("\ufeffNuméro CIR;".encode())
    assert tabulation.startswith(b"numero_designation\tdepartement\t")
    assert virgule.startswith(b"mois,equipe,")
    assert ";11/2020;" in f";{interpretariat.decode('cp1252')}".replace("\r\n", ";")
    montants = {ligne.split(";")[13] for ligne in projets.decode("cp1252").splitlines()[1:]}
    assert all(montant.endswith("00,00") for montant in montants)


def test_very_many_rows_of_a_month_come_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most 40 new contracts each, and the results of as many; each month, as many parts."""
    monkeypatch.setattr(grandeur_ofii, "PAR_PART", 40)
    simuler(tmp_path, 700, ("2020-01", "2020-07"), graine=1)
    signataires = sorted((tmp_path / "ofii" / "cir_signataires").glob("*.csv"))
    assert sum(map(nombre, signataires)) == 700
    assert max(map(nombre, signataires)) <= 40 + 40
    parts = {f"2020-0{mois}_{part}" for mois in range(1, 8) for part in (1, 2, 3)}
    assert {f.stem for f in signataires} == parts
    assert executer(["verifier", str(tmp_path / "ofii")]) == 0


def test_results_are_those_of_contracts_signed_before() -> None:
    """In parts too, they change nothing that was known at the signature."""
    mois = [Mois(f"2020-0{n}") for n in range(1, 8)]
    connues = ["numero_etranger", "departement", "date_signature", "sexe", "nationalite", "bpi"]
    par_mois = grandeur_ofii.parts(700, mois)
    signes = {
        ligne["numero_cir"]: ligne
        for part in par_mois[0]
        for ligne in grandeur_ofii.table(part, ["59", "62"], 1).to_dicts()
    }
    suivis = [
        ligne
        for part in par_mois[6]
        for ligne in grandeur_ofii.table(part, ["59", "62"], 1).to_dicts()
        if ligne["numero_cir"] in signes
    ]
    assert len(suivis) == sum(part.resultats for part in par_mois[6]) > 0
    for ligne in suivis:
        assert [ligne[c] for c in connues] == [signes[ligne["numero_cir"]][c] for c in connues]


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    for nom, graine in (("a", 1), ("b", 1), ("c", 2)):
        simuler(tmp_path / nom, 300, ("2019-01", "2019-09"), graine)
    assert contenu(tmp_path / "a") == contenu(tmp_path / "b")
    assert contenu(tmp_path / "a") != contenu(tmp_path / "c")


def test_several_processes_write_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simuler(tmp_path / "a", 300, ("2020-11", "2020-12"), graine=1)
    monkeypatch.setattr(grandeur, "BEAUCOUP", 1)
    simuler(tmp_path / "b", 300, ("2020-11", "2020-12"), graine=1)
    assert contenu(tmp_path / "a") == contenu(tmp_path / "b")


def test_motives_seasons_and_places_are_those_of_the_field(tmp_path: Path) -> None:
    """August is slow, the Nord has half of all; who flees comes from elsewhere than who joins."""
    simuler(tmp_path, 12_000, ("2020-01", "2020-12"), graine=1, forme=lambda *_: NUE)
    lus = {
        f.stem: pl.read_csv(f, separator=";", infer_schema=False)
        for f in (tmp_path / "ofii" / "cir_signataires").glob("*.csv")
    }
    assert min(lus, key=lambda mois: lus[mois].height) == "2020-08"
    signataires = pl.concat(lus.values()).unique("numero_cir")
    assert 0.4 < (signataires["departement"] == "59").mean() < 0.6  # type: ignore[operator]
    pays = {
        motif: set(siens["nationalite"])
        for (motif,), siens in signataires.group_by("motif_admission")
    }
    assert "AFG" in pays["HUM"] - pays["FAM"]
    assert "MAR" in pays["FAM"] - pays["HUM"]


@pytest.mark.parametrize(
    ("lignes", "mois"),
    [
        (0, ("2020-01", "2020-02")),
        (5, ("2020-1", "2020-02")),
        (5, ("2020-13", "2020-02")),
        (5, ("2020-03", "2020-02")),
        (5, ("1999-01", "2020-02")),
    ],
)
def test_a_wrong_argument_is_said(tmp_path: Path, lignes: int, mois: tuple[str, str]) -> None:
    with pytest.raises(Faute):
        simuler(tmp_path, lignes, mois, graine=1)
    assert contenu(tmp_path) == {}


def test_every_extract_has_a_form() -> None:
    assert grandeur.FORMES.keys() | {grandeur_ofii.EXTRAIT} == tous().keys()
