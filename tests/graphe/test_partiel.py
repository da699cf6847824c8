"""Nodes asked apart from the others, as the interface asks them: green, true, and nothing more."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from pipelines.cli import executer
from pipelines.entrepot.chantier import Chantier
from pipelines.erreurs import Faute
from pipelines.graphe.cles import cle
from pipelines.graphe.mois import etiquettes, offrir
from pipelines.graphe.travail import JOB, definitions
from pipelines.indicateurs import comptage
from pipelines.region import Region, region

pytestmark = pytest.mark.usefixtures("programme_reduit")

INVENTEE = Path(__file__).parents[1] / "region"
MOIS = "2022-03"
INDICATEUR = "indicateurs/objectif_16/avdl_beneficiaires"
ENTREPOT = "entrepot/bilan"


@pytest.fixture
def ici(tmp_path: Path) -> Region:
    """An invented region, nothing of which is kept or published."""
    return replace(
        region(), roadmap=INVENTEE / "feuille", raw=INVENTEE / "raw", warehouse=tmp_path / "w"
    )


def calculer(
    ici: Region,
    instance: dg.DagsterInstance,
    pas: Iterable[str] = (),
    tags: dict[str, str] | None = None,
) -> Any:
    """Run some nodes, all of them by default, as the interface does."""
    return (
        definitions(ici)
        .resolve_job_def(JOB)
        .execute_in_process(
            asset_selection=[cle(ici, p) for p in pas] or None,
            tags=tags or {},
            instance=instance,
            raise_on_error=False,
        )
    )


def echecs(resultat: Any) -> str:
    donnees = [e.step_failure_data for e in resultat.all_events if e.is_step_failure]
    return " ".join(str(d.user_failure_data.description) for d in donnees if d.user_failure_data)


def materialises(instance: dg.DagsterInstance) -> set[str]:
    """The nodes that Dagster says are materialised."""
    return {"/".join(noeud.path) for noeud in instance.get_asset_keys()} - {
        "/".join(noeud.path)
        for noeud in instance.get_asset_keys()
        if instance.get_latest_materialization_event(noeud) is None
    }


def publies(ici: Region) -> list[str]:
    with duckdb.connect(ici.warehouse / "entrepot.duckdb", read_only=True) as con:
        lus = con.execute("select distinct arrete from indicateurs.valeurs order by 1").fetchall()
    return [arrete for (arrete,) in lus]


def test_an_indicator_alone_is_kept_and_the_next_refresh_takes_it_up(
    ici: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        resultat = calculer(ici, instance, [INDICATEUR])
        assert resultat.success
        assert materialises(instance) == {INDICATEUR}
        [dit] = resultat.asset_materializations_for_node("indicateurs")
        assert "le prochain rafraîchissement" in dit.metadata["entrepôt"].value
    assert not (ici.warehouse / "entrepot.duckdb").exists()

    comptes: list[str] = []
    compter = comptage.compter

    def noter(con: Any, indicateur: Any, *reste: Any) -> Any:
        comptes.append(indicateur.nom)
        return compter(con, indicateur, *reste)

    monkeypatch.setattr(comptage, "compter", noter)
    dossiers = ["--roadmap", str(ici.roadmap), "--raw", str(ici.raw)]
    assert executer(["refresh", *dossiers, "--warehouse", str(ici.warehouse)]) == 0
    assert comptes
    assert INDICATEUR.rpartition("/")[2] not in comptes


@pytest.mark.parametrize(
    "pas",
    [
        "livraisons/logement/avdl",
        "faits/logement_avdl",
        "qualite/attendus",
        "rapprochement/chiffres",
        "diffusion/valeurs",
        "bilan/objectifs",
    ],
)
def test_any_node_alone_is_green_and_says_nothing_of_the_others(ici: Region, pas: str) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert calculer(ici, instance, [pas]).success
        assert materialises(instance) == {pas}
    assert not (ici.warehouse / "entrepot.duckdb").exists()


def test_a_month_of_the_warehouse_alone_is_published_whole(ici: Region) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        offrir(instance, ici, ["2022-02", MOIS])
        assert calculer(ici, instance, [ENTREPOT], etiquettes("2022-02", MOIS)).success
        noeud = cle(ici, ENTREPOT)
        assert instance.get_materialized_partitions(noeud) == {"2022-02", MOIS}
    assert publies(ici) == ["2022-02", MOIS]


def test_where_publishing_fails_no_node_says_what_is_not_kept(
    ici: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    def impossible(_: Chantier) -> Path:
        raise Faute("Le disque est retiré.")

    with monkeypatch.context() as panne, dg.DagsterInstance.ephemeral() as instance:
        panne.setattr(Chantier, "publier", impossible)
        offrir(instance, ici, [MOIS])
        resultat = calculer(ici, instance, tags=etiquettes(MOIS, MOIS))
        assert echecs(resultat) == "Le disque est retiré."
        dits = materialises(instance)
        assert ENTREPOT not in dits
        gardes = {
            chemin.relative_to(ici.warehouse / ".gardees").as_posix().removesuffix(".json")
            for chemin in (ici.warehouse / ".gardees").rglob("*.json")
        }
        assert dits == {g.split("@")[0] for g in gardes if not g.startswith("lectures/")}
        # Asked again from where it failed: only what is not kept is done.
        reprise = calculer(ici, instance, [ENTREPOT], etiquettes(MOIS, MOIS))
        assert echecs(reprise) == "Le disque est retiré."
    with dg.DagsterInstance.ephemeral() as instance:
        offrir(instance, ici, [MOIS])
        assert calculer(ici, instance, [ENTREPOT], etiquettes(MOIS, MOIS)).success
    assert publies(ici) == [MOIS]


def test_a_month_before_any_delivery_is_refused_in_french(ici: Region) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        offrir(instance, ici, ["2021-02"])
        resultat = calculer(ici, instance, [ENTREPOT], etiquettes("2021-02", "2021-02"))
        assert echecs(resultat).startswith("L'arrêté 2021-02 précède la première livraison")


def test_what_is_out_of_date_is_told_by_versions(ici: Region) -> None:
    """A node's data version changes with what it depends on, and with nothing else."""

    def version() -> str:
        with dg.DagsterInstance.ephemeral() as instance:
            [dit] = calculer(ici, instance, [INDICATEUR]).asset_materializations_for_node(
                "indicateurs"
            )
            assert dit.tags
            return str(dit.tags["dagster/data_version"])

    avant = version()
    assert version() == avant
    livree = ici.warehouse.parent / "raw"
    for source in ici.raw.rglob("*.csv"):
        cible = livree / source.relative_to(ici.raw)
        cible.parent.mkdir(parents=True, exist_ok=True)
        cible.write_bytes(source.read_bytes())
    ici = replace(ici, raw=livree)
    assert version() == avant
    with (livree / "logement" / "avdl" / "2022-03.csv").open("a", encoding="utf-8") as flux:
        flux.write("2022;Nouveau;X1;1;1;1\n")
    assert version() != avant


def test_doubts_show_on_the_page_of_their_extract(ici: Region, tmp_path: Path) -> None:
    extrait = "livraisons/logement/avdl"
    depot = tmp_path / "raw" / "logement" / "avdl"
    depot.mkdir(parents=True)
    entete = "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees\n"
    juste = f"{entete}2021;Alpha;X1;54;20;32\n"
    (depot / "2022-01.csv").write_text(f"{juste}2021;OpÃ©ra;X1;1;1;1\n", "utf-8")
    (depot / "2022-02.csv").write_text(juste.replace("2021", "2020"), "utf-8")
    with dg.DagsterInstance.ephemeral() as instance:
        resultat = calculer(replace(ici, raw=tmp_path / "raw"), instance, [extrait])
    [constat] = [c for c in resultat.get_asset_check_evaluations() if c.check_name == "doutes"]
    assert (constat.passed, constat.severity) == (False, dg.AssetCheckSeverity.WARN)
    [montre] = constat.metadata["doutes"].records
    assert (montre.data["où"], montre.data["doute"]) == (
        "2022-01.csv, ligne 3, operateur", "encodage"
    )  # fmt: skip
    assert resultat.success
