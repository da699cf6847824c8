"""The folder of a bilan: whole or not at all, again only where it changed, nothing lost."""

import json
import shutil
from pathlib import Path

import pytest

from pipelines.cli import executer
from pipelines.edition import dossier
from pipelines.edition.dossier import ACCUEIL, MANIFESTE, Fichier
from pipelines.erreurs import Faute
from tests.rafraichir import INVENTEE


@pytest.fixture(scope="module")
def ecrite(de_la_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    ou = tmp_path_factory.mktemp("ecrite") / "bilan"
    dossier.ecrire(ou, de_la_region)
    return ou


@pytest.fixture
def ici(ecrite: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ecrite, tmp_path / "bilan"))


def _contenu(ou: Path) -> dict[str, bytes]:
    return {p.relative_to(ou).as_posix(): p.read_bytes() for p in ou.rglob("*") if p.is_file()}


def _rapport(ou: Path, warehouse: Path, *plus: str) -> int:
    return executer(["rapport", str(ou), "--warehouse", str(warehouse), *plus])


def test_the_same_warehouse_gives_the_same_bytes(
    ecrite: Path, de_la_region: Path, tmp_path: Path
) -> None:
    dossier.ecrire(tmp_path / "autre", de_la_region)
    assert _contenu(tmp_path / "autre") == _contenu(ecrite)


def test_only_what_changed_is_made_again(ici: Path, de_la_region: Path) -> None:
    assert dossier.ecrire(ici, de_la_region).refaits == 0
    avant = _contenu(ici)
    (ici / "bilan.html").write_text("abîmée", encoding="utf-8")
    (ici / "departements" / "X1.html").unlink()
    assert dossier.ecrire(ici, de_la_region).refaits == 2
    assert _contenu(ici) == avant


def test_a_document_that_people_changed_is_kept(
    ici: Path, de_la_region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    un = [Fichier("bilan.docx", "v1", lambda: b"le notre")]
    monkeypatch.setattr(dossier, "fichiers", lambda *_: iter(un))
    shutil.rmtree(ici)
    dossier.ecrire(ici, de_la_region)
    (ici / "bilan.docx").write_bytes(b"le leur")
    (ici / "~$bilan.docx").write_bytes(b"ouvert dans Word")
    dossier.ecrire(ici, de_la_region)
    gardes = json.loads((ici / MANIFESTE).read_text(encoding="utf-8"))["gardes"]
    assert [(ici / nom).read_bytes() for nom in gardes] == [b"le leur"]
    assert (ici / "bilan.docx").read_bytes() == b"le notre"
    dossier.ecrire(ici, de_la_region)
    assert [(ici / nom).read_bytes() for nom in gardes] == [b"le leur"]


def test_a_folder_with_something_else_is_left_alone(
    ici: Path, de_la_region: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (ici / "notes.txt").write_text("à moi", encoding="utf-8")
    avant = _contenu(ici)
    assert _rapport(ici, de_la_region) == 2
    assert "contient autre chose" in capsys.readouterr().err
    assert _contenu(ici) == avant


def test_nothing_is_half_written(
    ici: Path, de_la_region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def casser() -> bytes:
        raise OSError(28, "No space left on device")

    deux = [Fichier("a.html", "1", lambda: b"a"), Fichier("b.html", "1", casser)]
    monkeypatch.setattr(dossier, "fichiers", lambda *_: iter(deux))
    avant = _contenu(ici)
    with pytest.raises(Faute):
        dossier.ecrire(ici, de_la_region)
    assert _contenu(ici) == avant
    assert [p.name for p in ici.parent.iterdir()] == [ici.name]


@pytest.mark.parametrize(
    ("plus", "dit"),
    [
        (["--arrete", "2021-11"], "n'est pas un mois publié"),
        (["--arrete", "2021-13"], "--arrete"),
        (["--departement", "59"], "n'est pas un département de la région : X1"),
        (["--public", "--arrete", "2021-12"], "Seul le dernier arrêté peut sortir"),
    ],
)
def test_what_cannot_be_asked_is_said(
    tmp_path: Path,
    de_la_region: Path,
    capsys: pytest.CaptureFixture[str],
    plus: list[str],
    dit: str,
) -> None:
    assert _rapport(tmp_path / "b", de_la_region, *plus) == 2
    err = capsys.readouterr().err
    assert dit in err
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "b").exists()


def test_without_a_warehouse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _rapport(tmp_path / "b", tmp_path) == 2
    assert "bilan refresh" in capsys.readouterr().err


def test_an_earlier_month_is_that_month(tmp_path: Path, de_la_region: Path) -> None:
    assert _rapport(tmp_path / "b", de_la_region, "--arrete", "2021-12") == 0
    html = (tmp_path / "b" / "bilan.html").read_text(encoding="utf-8")
    assert "Arrêté 2021-12" in html
    assert "|2021|total|total|valeur" in html
    assert "|2022|" not in html


def test_a_department_alone_is_one_page(tmp_path: Path, de_la_region: Path) -> None:
    assert _rapport(tmp_path / "b", de_la_region, "--departement", "x1") == 0
    pages = {n for n in _contenu(tmp_path / "b") if n.endswith(".html")}
    assert pages == {ACCUEIL}
    html = (tmp_path / "b" / ACCUEIL).read_text(encoding="utf-8")
    assert 'href="indicateurs/' not in html


def test_every_link_leads_somewhere(ecrite: Path) -> None:
    import re

    pages = {n: c.decode() for n, c in _contenu(ecrite).items() if n.endswith(".html")}
    for nom, html in pages.items():
        for vers in re.findall(r'href="([^"]+)"', html):
            fichier, _, ancre = vers.partition("#")
            cible = (ecrite / nom).parent / fichier if fichier else ecrite / nom
            assert cible.is_file(), (nom, vers)
            if ancre:
                assert f'id="{ancre}"' in cible.read_text(encoding="utf-8"), (nom, vers)


def test_what_an_author_wrote_comes_back_and_the_edited_document_is_kept(
    ici: Path, de_la_region: Path
) -> None:
    import docx as word

    edite = word.Document(str(ici / "bilan.docx"))
    place = next(p for p in edite.paragraphs if p.text == "[Analyse à écrire]")
    place.text = "Deux comités se sont tenus dans le premier département."
    edite.save(str(ici / "bilan.docx"))
    leur = (ici / "bilan.docx").read_bytes()
    for _ in range(2):
        assert _rapport(ici, de_la_region) == 0
        dit = [p.text for p in word.Document(str(ici / "bilan.docx")).paragraphs]
        assert dit.count("Deux comités se sont tenus dans le premier département.") == 1
        assert "Deux comités se sont tenus" in (ici / "bilan.html").read_text(encoding="utf-8")
        [garde] = ici.glob("bilan.modifie-*.docx")
        assert garde.read_bytes() == leur


@pytest.mark.parametrize(
    ("fichier", "contenu", "dit"),
    [
        ("modele.docx", b"PK\x03\x04 abime", "modele.docx"),
        ("textes.csv", b"objectif,rubrique,texte\n99,analyse,Bonjour\n", "ligne 2"),
    ],
)
def test_a_roadmap_that_cannot_serve_writes_nothing(
    tmp_path: Path,
    de_la_region: Path,
    capsys: pytest.CaptureFixture[str],
    fichier: str,
    contenu: bytes,
    dit: str,
) -> None:
    feuille = Path(shutil.copytree(INVENTEE / "feuille", tmp_path / "feuille"))
    (feuille / fichier).write_bytes(contenu)
    assert _rapport(tmp_path / "b", de_la_region, "--roadmap", str(feuille)) == 2
    err = capsys.readouterr().err
    assert dit in err
    assert "Traceback" not in err
    assert not (tmp_path / "b").exists()
