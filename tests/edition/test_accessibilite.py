"""Pages in a browser: read by everyone, at three widths and on paper, and nothing leaves them.

axe-core holds what WCAG 2.1 AA and the RGAA ask that a program can see; what only people see was
looked at.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.interface.navigateur import CHROMIUM, avec_chromium

pytestmark = avec_chromium
PAGES = [
    "index.html",
    "bilan.html",
    "departements/index.html",
    "departements/59.html",
    "indicateurs/index.html",
    "indicateurs/cir_signataires.html",
    "indicateurs/oepre_ateliers.html",
]
LARGEURS = [390, 820, 1280]
REGLES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],  # to tell where each rule holds takes longer than to try it
}


@pytest.fixture(scope="module")
def navigateur() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        lance = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield lance
        lance.close()


def _ouvrir(navigateur: Browser, fichier: Path, largeur: int = 1280) -> tuple[Page, list[str]]:
    """A page, and what it asked for beyond itself or complained of."""
    page = navigateur.new_page(viewport={"width": largeur, "height": 900})
    plaintes: list[str] = []
    page.on("console", lambda m: plaintes.append(m.text))
    page.on("pageerror", lambda e: plaintes.append(str(e)))
    page.on(
        "request",
        lambda r: (
            None
            if r.url == fichier.as_uri() or r.url.startswith("data:")
            else plaintes.append(r.url)
        ),
    )
    page.goto(fichier.as_uri())
    return page, plaintes


@pytest.mark.parametrize("chemin", PAGES)
def test_axe_finds_nothing_and_no_request_leaves_the_page(
    navigateur: Browser, interne: Path, chemin: str
) -> None:
    page, plaintes = _ouvrir(navigateur, interne / chemin)
    trouve = Axe().run(page, options=REGLES)
    assert not trouve.response["violations"], trouve.generate_report()
    assert plaintes == []
    page.close()


@pytest.mark.parametrize("chemin", ["index.html", "bilan.html", "departements/59.html"])
def test_axe_finds_nothing_in_public_pages(navigateur: Browser, public: Path, chemin: str) -> None:
    page, plaintes = _ouvrir(navigateur, public / chemin)
    trouve = Axe().run(page, options=REGLES)
    assert not trouve.response["violations"], trouve.generate_report()
    assert plaintes == []
    page.close()


def test_axe_finds_what_is_wrong(navigateur: Browser, interne: Path, tmp_path: Path) -> None:
    html = (interne / "indicateurs/cir_signataires.html").read_text(encoding="utf-8")
    abimee = tmp_path / "abimee.html"
    abimee.write_text(
        html.replace('<html lang="fr">', "<html>").replace(" alt=", " data-alt=", 1),
        encoding="utf-8",
    )
    page, _ = _ouvrir(navigateur, abimee)
    trouve = Axe().run(page, options=REGLES)
    assert {"html-has-lang", "image-alt"} <= {v["id"] for v in trouve.response["violations"]}
    page.close()


@pytest.mark.parametrize("chemin", PAGES)
@pytest.mark.parametrize("largeur", LARGEURS)
def test_a_page_is_no_wider_than_the_screen(
    navigateur: Browser, interne: Path, chemin: str, largeur: int
) -> None:
    page, _ = _ouvrir(navigateur, interne / chemin, largeur)
    assert page.evaluate("document.documentElement.scrollWidth") <= largeur
    page.close()


@pytest.mark.parametrize("chemin", ["index.html", "bilan.html"])
def test_paper_holds_the_whole_width(navigateur: Browser, interne: Path, chemin: str) -> None:
    page, _ = _ouvrir(navigateur, interne / chemin)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})  # 186 mm of an A4 page, at 96 an inch
    trop = page.evaluate(
        """() => [...document.querySelectorAll('table, figure > img')]
            .filter(e => e.getBoundingClientRect().right > 703 + 1).map(e => e.id || e.alt)"""
    )
    assert trop == []
    page.close()


def test_a_keyboard_goes_to_the_content_first(navigateur: Browser, interne: Path) -> None:
    page, _ = _ouvrir(navigateur, interne / "bilan.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.url.endswith("#contenu")
    page.close()
