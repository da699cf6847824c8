"""The pages of a bilan on a web server: what is shown, and nothing else, behind the same door."""

import asyncio
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from pipelines.edition import pages
from pipelines.porte import Porte
from pipelines.vitrine import Lieu, Vitrine

PAGE = '<p>Dans le graphe : <span class="noeud">indicateurs/objectif_16/x</span></p>'
LIEN = '<a class="noeud" href="%s">indicateurs/objectif_16/x</a>'
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


CSP = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)


async def dagster(scope: Scope, receive: Receive, send: Send) -> None:
    """What is behind."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"dagster"})


def ecrire(bilan: Path) -> Path:
    """A folder of pages, and things that are not for readers in it and beside it."""
    (bilan / "indicateurs").mkdir(parents=True)
    (bilan / "index.html").write_text("accueil", encoding="utf-8")
    (bilan / "indicateurs" / "x.html").write_text(PAGE, encoding="utf-8")
    (bilan / "bilan.docx").write_bytes(b"PK docx")
    (bilan / "manifeste.json").write_text("{}", encoding="utf-8")
    (bilan / "~$bilan").write_text("verrou", encoding="utf-8")
    (bilan.parent / "secret.html").write_text("secret", encoding="utf-8")
    (bilan.parent / "entrepot.duckdb").write_text("secret", encoding="utf-8")
    (bilan / "dehors.html").symlink_to(bilan.parent / "secret.html")
    (bilan / "ailleurs").symlink_to(bilan.parent, target_is_directory=True)
    (bilan / "dossier.html").mkdir()
    return bilan


@pytest.fixture
def vitrine(tmp_path: Path) -> Vitrine:
    return Vitrine(dagster, Lieu(ecrire(tmp_path / "entrepot" / "bilan")))


@pytest.fixture
def des_regions(tmp_path: Path) -> Vitrine:
    for region in ("normandie", "hauts_de_france"):
        ecrire(tmp_path / "pages" / region / "bilan")
    (tmp_path / "pages" / "sans").mkdir()
    ecrire(tmp_path / "bilan")
    return Vitrine(dagster, regions=tmp_path / "pages", prefixe="/lecture")


def demander(
    vitrine: Vitrine, chemin: str, methode: str = "GET", **entetes: str
) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of an answer, asked through the door."""
    messages: list[Message] = []

    async def envoyer(message: Message) -> None:
        messages.append(message)

    async def recevoir() -> Message:
        return {"type": "http.disconnect"}

    demande: Scope = {
        "type": "http",
        "method": methode,
        "path": chemin,
        "query_string": b"",
        "asgi": {"spec_version": "2.4"},
        "headers": [
            (n.replace("_", "-").encode(), v.encode())
            for n, v in ({"host": "localhost"} | entetes).items()
        ],
    }
    asyncio.run(Porte(vitrine, {"localhost"})(demande, recevoir, envoyer))
    corps = b"".join(m.get("body", b"") for m in messages[1:])
    lus = {n.decode(): v.decode() for n, v in messages[0]["headers"]}
    return messages[0]["status"], lus, corps.decode()


@pytest.mark.parametrize(
    ("chemin", "type_", "texte"),
    [
        ("/bilan/", "text/html; charset=utf-8", "accueil"),
        ("/bilan/index.html", "text/html; charset=utf-8", "accueil"),
        ("/bilan/bilan.docx", DOCX, "PK docx"),
    ],
)
def test_pages_are_shown(vitrine: Vitrine, chemin: str, type_: str, texte: str) -> None:
    statut, entetes, corps = demander(vitrine, chemin)
    assert (statut, entetes["content-type"], corps) == (200, type_, texte)
    assert entetes["cache-control"] == "private, no-cache"
    assert entetes["x-content-type-options"] == "nosniff"
    assert entetes["content-security-policy"] == f"{CSP}; frame-ancestors 'none'"
    # A request for headers alone has the same, and no body.
    seuls = demander(vitrine, chemin, "HEAD")
    assert seuls == (200, entetes, "")
    assert entetes["content-length"] == str(len(texte))


def test_a_document_is_kept_not_opened(vitrine: Vitrine) -> None:
    _, entetes, _ = demander(vitrine, "/bilan/bilan.docx")
    assert entetes["content-disposition"] == 'attachment; filename="bilan.docx"'
    assert demander(vitrine, "/bilan/bilan.docx", if_none_match=entetes["etag"])[0] == 304
    assert "content-disposition" not in demander(vitrine, "/bilan/")[1]


def test_a_page_leads_back_to_its_node(vitrine: Vitrine, des_regions: Vitrine) -> None:
    _, _, corps = demander(vitrine, "/bilan/indicateurs/x.html")
    assert LIEN % "/assets/indicateurs/objectif_16/x" in corps
    _, _, corps = demander(des_regions, "/bilan/normandie/indicateurs/x.html")
    assert LIEN % "/lecture/assets/normandie/indicateurs/objectif_16/x" in corps


@pytest.mark.parametrize(
    "chemin",
    [
        "/bilan/manifeste.json",
        "/bilan/~$bilan",
        "/bilan/absente.html",
        "/bilan/indicateurs",
        "/bilan/indicateurs/",
        "/bilan/dossier.html",
        "/bilan/dehors.html",
        "/bilan/ailleurs/secret.html",
        "/bilan/../secret.html",
        "/bilan/indicateurs/../../secret.html",
        "/bilan//etc/hostname.html",
        "/bilan/..\\secret.html",
        f"/bilan/{'x' * 300}.html",
        "/bilan/../entrepot.duckdb",
    ],
)
def test_nothing_else_is(vitrine: Vitrine, chemin: str) -> None:
    statut, _, corps = demander(vitrine, chemin)
    assert (statut, corps) == (404, "Cette page n'est pas publiée.\n")


def test_an_absolute_path_is_none_of_them(vitrine: Vitrine, tmp_path: Path) -> None:
    secret = tmp_path / "entrepot" / "secret.html"
    assert secret.is_file()
    assert demander(vitrine, f"/bilan/{secret}")[0] == 404


@pytest.mark.parametrize(
    ("chemin", "statut"),
    [
        ("/bilan/normandie/", 200),
        ("/bilan/hauts_de_france/index.html", 200),
        ("/bilan", 404),
        ("/bilan/", 404),
        ("/bilan/index.html", 404),
        ("/bilan/bretagne/", 404),
        ("/bilan/sans/", 404),
        ("/bilan/../", 404),
        ("/bilan/../index.html", 404),
        ("/bilan/./index.html", 404),
        ("/bilan/Normandie/", 404),
        ("/bilan/normandie/../../secret.html", 404),
        ("/bilan/normandie/../../hauts_de_france/bilan/index.html", 404),
    ],
)
def test_each_region_has_its_own(des_regions: Vitrine, chemin: str, statut: int) -> None:
    assert demander(des_regions, chemin)[0] == statut


def test_one_region_with_a_name(tmp_path: Path) -> None:
    vitrine = Vitrine(dagster, Lieu(ecrire(tmp_path / "bilan"), "normandie"))
    assert demander(vitrine, "/bilan/normandie/")[0] == 200
    assert demander(vitrine, "/bilan/")[0] == 404


def test_a_region_does_not_show_another_s(des_regions: Vitrine, tmp_path: Path) -> None:
    (tmp_path / "pages" / "sans" / "bilan").symlink_to(tmp_path / "pages" / "normandie" / "bilan")
    assert demander(des_regions, "/bilan/sans/")[0] == 404


def test_pages_say_the_same_of_themselves() -> None:
    gabarit = Path(pages.__file__).parent / "gabarits" / "page.html.j2"
    assert f'content="{CSP}"' in gabarit.read_text(encoding="utf-8")


@pytest.mark.parametrize("chemin", ["/bilan/normandie", "/bilan"])
def test_a_folder_is_entered_by_its_bar(
    vitrine: Vitrine, des_regions: Vitrine, chemin: str
) -> None:
    statut, entetes, _ = demander(vitrine if chemin == "/bilan" else des_regions, chemin)
    assert (statut, entetes["location"]) == (307, f"{chemin}/")


@pytest.mark.parametrize("chemin", ["/", "/assets/bilan/cir", "/bilans/x.html", "/bilan.html"])
def test_the_rest_is_dagster_s(vitrine: Vitrine, chemin: str) -> None:
    assert demander(vitrine, chemin)[2] == "dagster"


@pytest.mark.parametrize(
    ("methode", "entetes", "statut"),
    [
        ("POST", {}, 405),
        ("DELETE", {}, 405),
        ("GET", {"host": "mechant.example"}, 403),
        ("GET", {"origin": "https://mechant.example"}, 403),
        ("GET", {"sec_fetch_site": "cross-site"}, 403),
    ],
)
def test_it_is_behind_the_door(
    vitrine: Vitrine, methode: str, entetes: dict[str, str], statut: int
) -> None:
    lu, _, corps = demander(vitrine, "/bilan/", methode, **entetes)
    assert lu == statut
    assert "accueil" not in corps


def test_a_folder_that_is_replaced_is_seen(vitrine: Vitrine, tmp_path: Path) -> None:
    bilan = tmp_path / "entrepot" / "bilan"
    bilan.rename(tmp_path / "ancien")
    assert demander(vitrine, "/bilan/")[0] == 404
    bilan.mkdir()
    (bilan / "index.html").write_text("neuve", encoding="utf-8")
    assert demander(vitrine, "/bilan/")[2] == "neuve"
