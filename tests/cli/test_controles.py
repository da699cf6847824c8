"""What becomes of a refresh in which an identity does not hold."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.entrepot import faits
from pipelines.indicateurs import comptage
from tests.rafraichir import rafraichir

pytestmark = pytest.mark.usefixtures("programme_reduit")


def apres(fonction: Callable[..., int], sql: str) -> Callable[..., int]:
    """The function, followed by a fault of its result."""

    def fautive(con: duckdb.DuckDBPyConnection, *reste: object) -> int:
        nombre = fonction(con, *reste)
        con.execute(sql)
        return nombre

    return fautive


def test_values_at_fault_are_withheld_and_the_rest_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    faute = """
        update chantier.valeurs set numerateur = 1, valeur = 1
        where indicateur = 'avdl_beneficiaires' and territoire = 'RX' and periode = '2022'
    """
    monkeypatch.setattr(comptage, "valeurs", apres(comptage.valeurs, faute))
    assert rafraichir(tmp_path, "--depuis", "2022-03") == 1
    assert "Non publié : avdl_beneficiaires, 2022, total, arrêté 2022-03" in capsys.readouterr().err
    with duckdb.connect(tmp_path / "entrepot.duckdb", read_only=True) as con:
        publies = con.execute("select distinct indicateur from indicateurs.valeurs order by 1")
        assert publies.fetchall() == [("comites_regionaux_tenus",), ("comites_techniques_tenus",)]
        echecs = con.execute("select controle, severite from qualite.controles where not reussi")
        assert echecs.fetchall() == [("region_somme_des_departements", "bloquant")]


def test_facts_at_fault_publish_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    faute = "insert into chantier.logement_avdl from chantier.logement_avdl limit 1"

    def ouvrir(con: duckdb.DuckDBPyConnection, contrat: object, *reste: object) -> int:
        nombre = vrai(con, contrat, *reste)  # type: ignore[arg-type]
        if getattr(contrat, "nom", "") == "logement/avdl":
            con.execute(faute)
        return nombre

    vrai = faits.ouvrir
    monkeypatch.setattr(faits, "ouvrir", ouvrir)
    assert rafraichir(tmp_path, "--depuis", "2022-03") == 2
    erreurs = capsys.readouterr().err
    assert "5 faits en vigueur aujourd'hui, mais 4 clés que rien n'a retirées." in erreurs
    assert "Un contrôle bloquant a échoué : rien n'est publié" in erreurs
    assert not (tmp_path / "entrepot.duckdb").exists()
