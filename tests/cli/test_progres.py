"""What is read while a refresh runs: a line on a terminal, a few lines elsewhere."""

import io
import logging
import os
import pty
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.progres import JOURNAL, Progres
from tests.cli.terminal import terminal

_journal = logging.getLogger(JOURNAL)
_COULEUR = re.compile(r"\x1b\[[0-9;]*3[0-8][0-9;]*m")


@pytest.fixture(autouse=True)
def ecran(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 columns that has colours."""
    for nom in ("NO_COLOR", "FORCE_COLOR", "TTY_INTERACTIVE", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(nom, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def horloge(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock whose hand, `secondes`, is moved by tests."""
    temps = SimpleNamespace(secondes=0.0)
    monkeypatch.setattr("pipelines.progres.time", SimpleNamespace(monotonic=lambda: temps.secondes))
    return temps


def test_one_line_moves() -> None:
    with terminal() as vu:
        with Progres(vu.flux) as progres:
            vu.attendre(lambda lignes: "préparation · depuis" in lignes[0])
            for fait, quoi in enumerate(("livraisons ofii/cir", "indicateurs : cir_taux_a1")):
                progres.annoncer(quoi, fait, 12)
                attendu = f"étape {fait + 1} sur 12 · {quoi} · "
                assert len(vu.attendre(lambda lignes, a=attendu: a in lignes[0])) == 1  # type: ignore[misc]
        vu.fermer()
        assert vu.lignes() == []


@pytest.mark.parametrize("fin", [None, ValueError, KeyboardInterrupt, SystemExit])
def test_the_terminal_is_left_clean_whatever_happens(fin: type[BaseException] | None) -> None:
    avant = _journal.handlers[:], _journal.level
    with terminal() as vu:
        try:
            with Progres(vu.flux) as progres:
                progres.annoncer("indicateurs : cir_taux_a1", 3, 12)
                _journal.warning("arrêté à recalculer : %s", "2020-12")
                _journal.error("contrôle %s", "cir_total")
                if fin:
                    raise fin
        except BaseException as erreur:
            assert type(erreur) is fin  # noqa: PT017 (Ctrl+C too)
        assert (_journal.handlers, _journal.level) == avant
        vu.fermer()
        assert vu.lignes() == ["  arrêté à recalculer : 2020-12", "  contrôle cir_total"]
        assert vu.curseur_visible


def test_messages_come_above_the_line() -> None:
    with terminal() as vu, Progres(vu.flux) as progres:
        progres.annoncer("vues : cir", 3, 12)
        vu.attendre(lambda lignes: "vues : cir" in lignes[0])
        _journal.warning("arrêté à recalculer : 2020-12")
        lignes = vu.attendre(lambda lignes: len(lignes) == 2 and "vues : cir" in lignes[1])
        assert lignes[0] == "  arrêté à recalculer : 2020-12"


def test_what_others_print_on_stderr_does_not_cut_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal() as vu:
        monkeypatch.setattr("sys.stderr", vu.flux)
        with Progres(sys.stderr) as progres:
            progres.annoncer("vues : cir", 3, 12)
            vu.attendre(lambda lignes: "vues : cir" in lignes[0])
            print("un avertissement d'ailleurs", file=sys.stderr)
            lignes = vu.attendre(lambda lignes: len(lignes) == 2 and "vues : cir" in lignes[1])
            assert lignes[0] == "un avertissement d'ailleurs"
        assert sys.stderr is vu.flux
        monkeypatch.undo()


@pytest.mark.parametrize("colonnes", [40, 60, 80, 200])
def test_a_line_too_long_is_cut_and_keeps_its_time(
    monkeypatch: pytest.MonkeyPatch, colonnes: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(colonnes))
    with terminal() as vu, Progres(vu.flux) as progres:
        progres.annoncer("indicateurs : " + "très_" * 60 + "long", 3, 9)
        [ligne] = vu.attendre(lambda lignes: "étape" in lignes[0] and " s" in lignes[0][-2:])
        assert len(ligne) <= colonnes
        assert re.search(r"… · depuis \d+ s$", ligne)


def test_colours_unless_none_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    for refusees, attendu in (("", True), ("1", False)):
        monkeypatch.setenv("NO_COLOR", refusees)
        with terminal() as vu:
            with Progres(vu.flux) as progres:
                progres.annoncer("vues : cir", 3, 12)
                _journal.warning("arrêté à recalculer : 2020-12")
            vu.fermer()
            assert bool(_COULEUR.search(vu.brut)) is attendu


def test_details_are_shown_only_if_asked() -> None:
    for details, attendus in ((False, ["  une alerte"]), (True, ["  un détail", "  une alerte"])):
        flux = io.StringIO()
        with Progres(flux, details):
            _journal.debug("un détail")
            _journal.warning("une alerte")
        assert flux.getvalue().splitlines() == attendus
        with terminal() as vu:
            with Progres(vu.flux, details):
                _journal.info("un détail")
                _journal.warning("une alerte")
            vu.fermer()
            assert vu.lignes() == attendus


def test_what_is_not_shown_is_still_told_to_others(caplog: pytest.LogCaptureFixture) -> None:
    """Dagster keeps the journal with the run, details included."""
    with Progres(io.StringIO()):
        _journal.info("un détail")
    assert caplog.messages == ["un détail"]


def test_a_few_plain_lines_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for nom in ("FORCE_COLOR", "TTY_INTERACTIVE", "TTY_COMPATIBLE"):
        monkeypatch.setenv(nom, "1")
    flux = io.StringIO()
    with Progres(flux) as progres:
        for fait in range(5001):
            progres.annoncer(f"indicateurs : \x1b[31mi\r{fait}", fait, 5000)
    lignes = flux.getvalue().splitlines()
    assert len(lignes) == 11
    assert lignes[0].startswith("étape 1 sur 5000 · indicateurs : ")
    assert lignes[-1].startswith("étape 5000 sur 5000 · ")
    assert flux.getvalue().replace("\n", "").isprintable()


def test_few_lines_whatever_is_announced() -> None:
    """The number of steps may grow, or be counted again from the first."""
    flux = io.StringIO()
    with Progres(flux) as progres:
        for total in (0, 3, 300, 30):
            for fait in range(total + 1):
                progres.annoncer("livraisons", fait, total)
    assert len(flux.getvalue().splitlines()) <= 11


def test_a_terminal_that_cannot_move_its_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with terminal() as vu:
        with Progres(vu.flux) as progres:
            for fait in range(1001):
                progres.annoncer("livraisons", fait, 1000)
        vu.fermer()
        assert "\x1b" not in vu.brut
        assert len(vu.lignes()) == 11


def test_a_message_cannot_move_the_cursor() -> None:
    flux = io.StringIO()
    with Progres(flux):
        _journal.warning("«%s» est un lien [bold]", "a\x1b[2Jb\rc")
    assert flux.getvalue() == "  «a [2Jb c» est un lien [bold]\n"


def temps(lignes: str) -> list[str]:
    """How long, at the end of each line."""
    return [ligne.rsplit(" · ", 1)[1] for ligne in lignes.splitlines()]


def test_the_time_left_at_a_regular_pace(horloge: SimpleNamespace) -> None:
    flux = io.StringIO()
    with Progres(flux) as progres:
        horloge.secondes = 40  # preparing is no step
        for fait in range(101):
            progres.annoncer("livraisons", fait, 100)
            horloge.secondes += 1
    # 1 s a step: 90 are left after the 10th, and so on.
    assert temps(flux.getvalue()) == [
        "depuis 40 s", "reste 1 min 30 s", "reste 1 min 30 s", "reste 1 min 00 s",
        "reste 1 min 00 s", "reste 50 s", "reste 40 s", "reste 30 s", "reste 20 s", "reste 10 s",
        "depuis 2 min 20 s",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "pas",
    [
        [1.0] * 40 + [0.01] * 61,  # much faster than before
        [0.01] * 40 + [1.0] * 61,  # much slower
        [0.01] * 101,  # too short for anybody to ask
    ],
)
def test_no_time_left_where_it_would_mean_nothing(
    horloge: SimpleNamespace, pas: list[float]
) -> None:
    flux = io.StringIO()
    with Progres(flux) as progres:
        for fait, secondes in enumerate(pas):
            if fait in (0, 50):
                progres.annoncer("livraisons", fait, 100)
            else:
                progres._marche.noter(fait)
            horloge.secondes += secondes
    assert all(mots.startswith("depuis") for mots in temps(flux.getvalue()))


def test_no_time_left_while_a_long_step_lasts(horloge: SimpleNamespace) -> None:
    with terminal() as vu, Progres(vu.flux) as progres:
        for fait in range(51):
            horloge.secondes += 1
            progres.annoncer("livraisons", fait, 100)
        vu.attendre(lambda lignes: lignes[0].endswith("reste 50 s"))
        horloge.secondes += 10
        vu.attendre(lambda lignes: lignes[0].endswith("depuis 1 min 01 s"))


def test_the_work_goes_on_when_nobody_reads(tmp_path: Path) -> None:
    """A pipe whose reader left; a full disk; a terminal that was closed."""
    lecture, ecriture = os.pipe()
    os.close(lecture)
    maitre, esclave = pty.openpty()
    os.close(maitre)
    for descripteur in (ecriture, esclave, os.open("/dev/full", os.O_WRONLY)):
        flux = os.fdopen(descripteur, "w", encoding="utf-8", closefd=False)
        with Progres(flux) as progres:
            for fait in range(11):
                progres.annoncer("livraisons", fait, 10)
            _journal.warning("une alerte")
        os.dup2(os.open(tmp_path / "rebut", os.O_WRONLY | os.O_CREAT), descripteur)
        flux.close()
        os.close(descripteur)
