"""Pages with every refresh: beside the warehouse, made again only where they are not right."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.cli import executer
from pipelines.edition import adresses, dossier, manifeste, pages
from pipelines.edition.accord import accord
from pipelines.entrepot import chantier
from pipelines.erreurs import Faute
from pipelines.pas.edition import NOMBRES

pytestmark = pytest.mark.usefixtures("pages")
_REGION = Path(__file__).parents[1] / "region"
_AVDL = "logement/avdl/2022-03.csv"
_CHIFFRE = '<data value="'


@dataclass
class Lieu:
    """The invented region, refreshed by tests that follow each other."""

    racine: Path

    @property
    def raw(self) -> Path:
        return self.racine / "raw"

    @property
    def warehouse(self) -> Path:
        return self.racine / "entrepot"

    @property
    def pages(self) -> Path:
        return self.warehouse / "bilan"

    def bilan(self, commande: str, *plus: str) -> int:
        """Run a command on it."""
        return executer(
            [commande, *plus, "--raw", str(self.raw), "--warehouse", str(self.warehouse),
             "--roadmap", str(_REGION / "feuille")]
        )  # fmt: skip

    def livrer(self, nombre: int) -> None:
        """Deliver another count, so that there is something to publish."""
        entete, _, suite = (_REGION / "raw" / _AVDL).read_text(encoding="utf-8").split("\n", 2)
        texte = f"{entete}\n2022;Alpha;X1;{nombre};4;6\n{suite}"
        (self.raw / _AVDL).write_text(texte, encoding="utf-8")

    def contenu(self) -> dict[str, bytes]:
        """The files of the pages."""
        return {
            p.relative_to(self.pages).as_posix(): p.read_bytes()
            for p in self.pages.rglob("*")
            if p.is_file()
        }


@pytest.fixture(scope="module")
def lieu(pages: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lieu]:
    """The region, published with its pages; a Dagster instance of its own."""
    racine = tmp_path_factory.mktemp("lieu")
    shutil.copytree(_REGION / "raw", racine / "raw")
    lieu = Lieu(racine)
    with pytest.MonkeyPatch.context() as env:
        env.setenv("DAGSTER_HOME", str(racine / "dagster"))
        from pipelines.plausibilite import lancement

        env.setattr(lancement, "chauffer", lambda *_: None)
        env.setattr(lancement, "lancer", lambda *_: [])
        assert lieu.bilan("refresh", "--depuis", "2022-02", "--arrete", "2022-03") == 0
        yield lieu


def _noeuds() -> list[dg.AssetKey]:
    return [dg.AssetKey(["edition", piece]) for piece in adresses.PIECES]


def _dit(noeud: dg.AssetKey) -> tuple[int, dict[str, Any]]:
    """The rank of the last event that made a node, and what it shows."""
    with dg.DagsterInstance.get() as instance:
        evenement = instance.get_latest_materialization_event(noeud)
        assert evenement
        assert evenement.asset_materialization
        montre = evenement.asset_materialization.metadata
        return int(evenement.timestamp * 1000), {n: v.value for n, v in montre.items()}


def _controle(piece: str) -> dg.AssetCheckEvaluation:
    cle = dg.AssetCheckKey(dg.AssetKey(["edition", piece]), NOMBRES.nom)
    with dg.DagsterInstance.get() as instance:
        [fait] = instance.event_log_storage.get_asset_check_execution_history(cle, limit=1)
    assert fait.event
    assert fait.event.dagster_event
    return fait.event.dagster_event.asset_check_evaluation_data


def test_pages_stand_beside_the_warehouse(lieu: Lieu) -> None:
    assert accord(lieu.pages, lieu.warehouse)["bilan"].nombres > 0
    for chemin in lieu.contenu():
        assert (lieu.pages / chemin).stat().st_mode & 0o777 == 0o640, chemin
    assert lieu.pages.stat().st_mode & 0o777 == 0o750
    assert set(lieu.contenu()) == {*manifeste.fichiers(lieu.pages), "manifeste.json"}


def test_each_file_is_of_one_piece_whose_node_says_so(lieu: Lieu) -> None:
    par_piece = dict.fromkeys(adresses.PIECES, 0)
    for chemin in manifeste.fichiers(lieu.pages):
        par_piece[adresses.piece(chemin)] += 1
    assert all(par_piece.values())
    for noeud in _noeuds():
        _, montre = _dit(noeud)
        assert montre["fichiers"] == montre["refaits"] == par_piece[noeud.path[1]]
        assert montre["dossier"] == str(lieu.pages)
        assert _controle(noeud.path[1]).passed
    _, montre = _dit(dg.AssetKey(["entrepot", "bilan"]))
    assert montre["bilan"] == "/bilan/bilan.html"


def test_nothing_new_writes_nothing_and_names_the_page(
    lieu: Lieu, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dossier, "ecrire", lambda *_, **__: pytest.fail("écrit"))
    avant = _dit(_noeuds()[0])
    assert lieu.bilan("refresh") == 0
    lu = capsys.readouterr()
    assert lu.out.startswith("Rien de neuf")
    assert lu.out.splitlines()[-1] == f"Le bilan : {lieu.pages / 'index.html'}"
    assert _dit(_noeuds()[0]) == avant


def _sans_page(pages: Path) -> None:
    (pages / "departements" / "X1.html").unlink()


def _modifier(pages: Path) -> None:
    (pages / "bilan.html").write_text("42", encoding="utf-8")


def _laisser(pages: Path) -> None:
    pages.with_name(".bilan.abandonné").mkdir()


_DEFAUTS = (_sans_page, _modifier, _laisser)


@pytest.mark.parametrize("defaut", [*_DEFAUTS, shutil.rmtree])
def test_one_fault_is_enough(lieu: Lieu, tmp_path: Path, defaut: Callable[[Path], None]) -> None:
    ici = Path(shutil.copytree(lieu.pages, tmp_path / "bilan"))
    assert manifeste.est_a_jour(ici, lieu.warehouse, _REGION / "feuille")
    defaut(ici)
    assert not manifeste.est_a_jour(ici, lieu.warehouse, _REGION / "feuille")


def test_pages_that_are_not_right_are_made_again_and_nothing_else(
    lieu: Lieu, capsys: pytest.CaptureFixture[str]
) -> None:
    avant, publie = lieu.contenu(), chantier.identite(lieu.warehouse)
    for defaut in _DEFAUTS:
        defaut(lieu.pages)
    assert lieu.bilan("refresh") == 0
    assert lieu.contenu() == avant
    assert chantier.identite(lieu.warehouse) == publie
    assert not list(lieu.warehouse.glob(".bilan.*"))
    assert "Rien de neuf" in capsys.readouterr().out


def _casser(erreur: Exception) -> Callable[..., None]:
    def casser(*_: object, **__: object) -> None:
        raise erreur

    return casser


def test_a_failure_takes_nothing_back(
    lieu: Lieu, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lieu.livrer(71)
    avant, publie, faits = (
        lieu.contenu(),
        chantier.identite(lieu.warehouse),
        [_dit(n) for n in _noeuds()],
    )
    with monkeypatch.context() as correctif:
        correctif.setattr(dossier, "ecrire", _casser(Faute("Il n'y a plus de place.")))
        assert lieu.bilan("refresh", "--depuis", "2022-03", "--arrete", "2022-03") == 1
    lu = capsys.readouterr()
    assert lu.err.splitlines()[-1] == (
        "L'entrepôt est publié, mais pas ses pages : Il n'y a plus de place. «bilan refresh» les "
        "refera."
    )
    assert "Le bilan :" not in lu.out
    assert chantier.identite(lieu.warehouse) != publie
    assert lieu.contenu() == avant
    assert [_dit(n) for n in _noeuds()] == faits
    publie = chantier.identite(lieu.warehouse)
    assert lieu.bilan("refresh") == 0
    assert chantier.identite(lieu.warehouse) == publie
    assert lieu.contenu() != avant
    assert all(_dit(n)[0] > fait for n, (fait, _) in zip(_noeuds(), faits, strict=True))


def test_a_fault_of_ours_quotes_nothing(
    lieu: Lieu, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _modifier(lieu.pages)
    with monkeypatch.context() as correctif:
        correctif.setattr(dossier, "ecrire", _casser(KeyError("Durand")))
        assert lieu.bilan("refresh") == 1
    err = capsys.readouterr().err
    assert "erreur inattendue (KeyError)" in err
    assert "Durand" not in err
    assert "Traceback" not in err
    with dg.DagsterInstance.get() as instance:
        [run] = instance.get_runs(limit=1)
        assert "Durand" not in str(instance.all_logs(run.run_id))
    assert lieu.bilan("refresh") == 0


def test_a_number_that_is_not_the_warehouse_s_is_said(
    lieu: Lieu, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    vraie = pages.html

    def fausse(page: Any, *autres: Any) -> str:
        html = vraie(page, *autres)
        return html.replace(_CHIFFRE, f"{_CHIFFRE}1", 1) if page.chemin == "bilan.html" else html

    (lieu.pages / "bilan.html").unlink()
    with monkeypatch.context() as correctif:
        correctif.setattr(pages, "html", fausse)
        assert lieu.bilan("refresh") == 0
    assert "pages, bilan" in capsys.readouterr().err
    assert not _controle("bilan").passed
    assert _controle("bilan").severity == dg.AssetCheckSeverity.ERROR
    assert _controle("departements").passed
    (lieu.pages / "bilan.html").unlink()
    assert lieu.bilan("refresh") == 0
    assert _controle("bilan").passed


@pytest.mark.parametrize("nom", ["bilan.html", "departements/X1.html", "indicateurs"])
def test_a_page_is_read_back(lieu: Lieu, tmp_path: Path, nom: str) -> None:
    ici = Path(shutil.copytree(lieu.pages, tmp_path / "bilan"))
    page = ici / (nom if "." in nom else "indicateurs/avdl_beneficiaires.html")
    html = page.read_text(encoding="utf-8")
    debut, cle, suite = html.partition('" data-cle="')
    page.write_text(f"{debut}5{cle}{suite}", encoding="utf-8")
    trouves = {piece: bool(a.ecarts) for piece, a in accord(ici, lieu.warehouse).items()}
    assert [piece for piece, faute in trouves.items() if faute] == [nom.split("/")[0].split(".")[0]]


def test_a_document_that_is_damaged_is_said(lieu: Lieu, tmp_path: Path) -> None:
    ici = Path(shutil.copytree(lieu.pages, tmp_path / "bilan"))
    for nom in ("bilan.docx", "bilan.xlsx"):
        (ici / nom).write_bytes(b"PK")
    trouves = accord(ici, lieu.warehouse)
    assert "ne se relit pas" in trouves["document"].ecarts[0]
    assert "ne se relit pas" in trouves["classeur"].ecarts[0]


def test_a_manifest_that_someone_wrote_in_is_none(lieu: Lieu, tmp_path: Path) -> None:
    ici = Path(shutil.copytree(lieu.pages, tmp_path / "bilan"))
    assert manifeste.est_a_jour(ici, lieu.warehouse, _REGION / "feuille")
    lu = json.loads((ici / "manifeste.json").read_text(encoding="utf-8"))
    fautifs: tuple[object, ...] = ([], {"a.html": "x"}, None)
    for fichiers in fautifs:
        manifeste.ecrire(ici, lu | {"fichiers": fichiers})
        assert manifeste.fichiers(ici) == {}
        assert not manifeste.est_a_jour(ici, lieu.warehouse, _REGION / "feuille")


def test_what_the_region_gives_beside_makes_pages_old(lieu: Lieu, tmp_path: Path) -> None:
    feuille = Path(shutil.copytree(_REGION / "feuille", tmp_path / "feuille"))
    assert manifeste.est_a_jour(lieu.pages, lieu.warehouse, feuille)
    (feuille / "textes.csv").write_text("objectif,texte\n", encoding="utf-8")
    assert not manifeste.est_a_jour(lieu.pages, lieu.warehouse, feuille)


def test_a_withdrawal_leaves_right_pages(lieu: Lieu, capsys: pytest.CaptureFixture[str]) -> None:
    assert lieu.bilan("retirer", "2022-02") == 0
    assert manifeste.est_a_jour(lieu.pages, lieu.warehouse, _REGION / "feuille")
    assert lieu.bilan("refresh", "--depuis", "2022-03", "--arrete", "2022-03") == 0
    assert "Rien de neuf" in capsys.readouterr().out
