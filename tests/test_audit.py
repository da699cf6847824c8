"""What `make audit` says; the network, where there is one, is not asked."""

import json
from pathlib import Path

import pytest

from tests.audit import PAS_FAIT, RIEN, TROUVE, audit, juger

SAIN = {"name": "click", "version": "8.2", "vulns": []}
MUET = {"name": "rich", "skip_reason": "Dependency not found on PyPI"}
FAILLE = {"id": "PYSEC-1", "aliases": ["CVE-2"], "fix_versions": ["3.1", "4.0"]}
ATTEINT = {"name": "jinja2", "version": "3.0", "vulns": [FAILLE, FAILLE | {"fix_versions": []}]}


@pytest.mark.parametrize(
    ("paquets", "code", "dit"),
    [
        ([SAIN, SAIN], RIEN, "2 paquets, aucune faille connue."),
        ([SAIN, MUET], PAS_FAIT, "fait en partie, aucune faille connue ; sans réponse : 1 sur 2."),
        ([MUET, MUET], PAS_FAIT, "pas fait, PyPI ne répond pas."),
        ([], PAS_FAIT, "pas fait, PyPI ne répond pas."),
        ([ATTEINT, MUET], TROUVE, "failles connues : 2 ; sans réponse : 1 sur 2."),
    ],
)
def test_what_is_not_known_to_be_sound_does_not_pass(
    paquets: list[object], code: int, dit: str
) -> None:
    trouve, texte = juger(json.dumps({"dependencies": paquets, "fixes": []}))
    assert (trouve, texte.splitlines()[0]) == (code, f"Audit des dépendances : {dit}")


def test_each_vulnerability_has_its_line() -> None:
    assert juger(json.dumps({"dependencies": [SAIN, ATTEINT]}))[1].splitlines()[1:] == [
        "  jinja2 3.0 : PYSEC-1 CVE-2, corrigée en 3.1 ou 4.0",
        "  jinja2 3.0 : PYSEC-1 CVE-2, corrigée en (aucune version)",
    ]


@pytest.fixture
def verrou(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock file of one package, on a machine whose network leads nowhere."""
    for nom in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(nom, "http://127.0.0.1:9")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path))
    for nom in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(nom, raising=False)
    fichier = tmp_path / "requirements.lock"
    fichier.write_text(f"click==8.2.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    return fichier


def test_offline_it_says_that_it_could_not(verrou: Path) -> None:
    assert audit(600, verrou) == (
        PAS_FAIT,
        "Audit des dépendances : pas fait, PyPI ne répond pas.",
    )


def test_it_does_not_wait_for_ever(verrou: Path) -> None:
    assert audit(0, verrou) == (
        PAS_FAIT,
        "Audit des dépendances : pas fait, PyPI n'a pas tout dit en 0 s.",
    )
