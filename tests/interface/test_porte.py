"""The door of the interface, before an application that answers all it is asked."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from pipelines.interface import UI
from pipelines.porte import Porte

ICI = {"host": "127.0.0.1:3000"}
JSON = {"content-type": "application/json"}
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LIEN = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
CSP = "content-security-policy"


async def bavarde(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers all; its header is one of Dagster's."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    csp = [(b"content-security-policy", b"base-uri 'none';"), (b"referrer-policy", b"unsafe-url")]
    await send({"type": "http.response.start", "status": 200, "headers": csp})
    await send({"type": "http.response.body", "body": b"bavarde"})


def demander(
    methode: str, chemin: str, entetes: dict[str, str] | None = None, prefixe: str = ""
) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of an answer; a websocket's status is 101, or 403."""
    messages: list[Message] = []

    async def envoyer(message: Message) -> None:
        messages.append(message)

    async def recevoir() -> Message:
        raise AssertionError("le corps d'une demande ne se lit pas")

    demande: Scope = {
        "type": "websocket" if methode == "WS" else "http",
        "path": chemin,
        "headers": [(n.encode(), v.encode()) for n, v in (ICI | (entetes or {})).items()],
    }
    if methode != "WS":
        demande["method"] = methode
    porte = Porte(bavarde, {"127.0.0.1", "localhost", "bilan.example"}, prefixe)
    asyncio.run(porte(demande, recevoir, envoyer))
    debut = messages[0]
    if methode == "WS":
        return {"websocket.accept": 101, "websocket.close": 403}[debut["type"]], {}, ""
    assert len({n for n, _ in debut["headers"]}) == len(debut["headers"])
    lus = {n.decode(): v.decode() for n, v in debut["headers"]}
    return debut["status"], lus, messages[1]["body"].decode()


@pytest.mark.parametrize(
    ("methode", "chemin", "entetes"),
    [
        ("GET", "/", {}),
        ("HEAD", "/runs", {}),
        ("GET", "/runs", {"host": "LOCALHOST:3000"}),
        ("GET", "/runs", {"host": "bilan.example"}),
        ("GET", "/_next/static/chunks/1.js", {"sec-fetch-site": "same-origin"}),
        ("GET", "/runs", {"sec-fetch-site": "none"}),
        ("GET", "/assets/entrepot/bilan", LIEN),
        ("GET", "/graphql", PAGE),
        ("POST", "/graphql", JSON),
        ("POST", "/graphql", {"content-type": "Application/JSON; charset=utf-8"}),
        ("POST", "/graphql", JSON | {"origin": "http://127.0.0.1:3000"}),
        ("POST", "/graphql", JSON | {"host": "bilan.example", "origin": "https://bilan.example"}),
        ("WS", "/graphql", {}),
        ("WS", "/graphql", {"origin": "http://127.0.0.1:3000", "sec-fetch-site": "same-origin"}),
    ],
)
def test_what_the_interface_asks_is_answered(
    methode: str, chemin: str, entetes: dict[str, str]
) -> None:
    assert demander(methode, chemin, entetes)[0] in (101, 200)


@pytest.mark.parametrize(
    ("methode", "chemin", "entetes", "statut"),
    [
        # A name that leads here, an address without a name.
        ("GET", "/", {"host": "mechant.example"}, 403),
        ("GET", "/", {"host": "127.0.0.1.mechant.example:3000"}, 403),
        ("GET", "/", {"host": ""}, 403),
        ("POST", "/graphql", JSON | {"host": "mechant.example"}, 403),
        ("WS", "/graphql", {"host": "mechant.example"}, 403),
        # A page of another site, of another port, of a file; of a name that is allowed, elsewhere.
        ("POST", "/graphql", JSON | {"origin": "https://mechant.example"}, 403),
        ("POST", "/graphql", JSON | {"origin": "http://127.0.0.1:3001"}, 403),
        ("POST", "/graphql", JSON | {"origin": "http://localhost:3000"}, 403),
        ("POST", "/graphql", JSON | {"origin": "null"}, 403),
        ("POST", "/graphql", JSON | {"origin": ""}, 403),
        ("GET", "/runs", {"origin": "https://mechant.example"}, 403),
        ("OPTIONS", "/graphql", {"origin": "https://mechant.example"}, 403),
        ("WS", "/graphql", {"origin": "https://mechant.example"}, 403),
        ("WS", "/graphql", {"origin": "null"}, 403),
        # What says where it comes from only in its own way.
        ("GET", "/logs/a.out", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ("GET", "/logs/a.out", {"sec-fetch-site": "same-site"}, 403),
        ("GET", "/", LIEN | {"sec-fetch-dest": "iframe"}, 403),
        ("POST", "/graphql", JSON | LIEN, 403),
        ("GET", "/graphql", PAGE | LIEN, 403),
        ("WS", "/graphql", {"sec-fetch-site": "cross-site"}, 403),
        # What needs nobody's leave: an image, a form.
        ("GET", "/graphql", {}, 405),
        ("GET", "/graphql", {"accept": "image/*,*/*"}, 405),
        ("HEAD", "/graphql", PAGE, 405),
        ("PUT", "/graphql", JSON, 405),
        ("GET", "/graphql\n", {}, 403),
        ("POST", "/graphql\n", {}, 403),
        ("POST", "/graphql", {}, 403),
        ("POST", "/graphql", {"content-type": "text/plain"}, 403),
        ("POST", "/graphql", {"content-type": "text/plain; application/json"}, 403),
        ("POST", "/graphql", {"content-type": "application/graphql"}, 403),
        ("POST", "/graphql", {"content-type": "application/x-www-form-urlencoded"}, 403),
        # What Dagster has programs report to.
        ("POST", "/report_asset_materialization/entrepot/bilan", JSON, 405),
        ("POST", "/report_asset_check/entrepot/bilan", JSON, 405),
        ("POST", "/report_asset_observation/", JSON, 405),
        ("POST", "/", JSON, 405),
        ("DELETE", "/runs", {}, 405),
    ],
)
def test_what_it_never_asks_is_refused(
    methode: str, chemin: str, entetes: dict[str, str], statut: int
) -> None:
    lu, recus, texte = demander(methode, chemin, entetes)
    assert lu == statut
    if methode != "WS":
        assert texte.endswith(".\n")
        assert "bavarde" not in texte
        assert ("allow" in recus) == (statut == 405)


@pytest.mark.parametrize("entetes", [{}, {"host": "mechant.example"}])
def test_no_answer_is_shown_by_another_site(entetes: dict[str, str]) -> None:
    _, recus, _ = demander("GET", "/", entetes)
    propre = "" if entetes else "base-uri 'none'; "
    assert recus[CSP] == f"{propre}frame-ancestors 'none'"
    assert recus["x-frame-options"] == "DENY"
    assert recus["x-content-type-options"] == "nosniff"
    assert recus["referrer-policy"] == "same-origin"


def test_a_server_serves_it_under_a_prefix() -> None:
    def statut(methode: str, chemin: str) -> int:
        return demander(methode, chemin, JSON, "/operation")[0]

    assert statut("POST", "/operation/graphql") == 200
    assert statut("GET", "/operation/graphql") == 405
    assert statut("POST", "/operation/report_asset_check/a") == 405
    assert statut("POST", "/graphql") == 405


def test_what_is_no_request_goes_by() -> None:
    passes: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passes.append(scope["type"])

    async def rien(*_: Any) -> Any:
        raise AssertionError

    asyncio.run(Porte(app, set())({"type": "lifespan"}, rien, rien))
    assert passes == ["lifespan"]


@pytest.mark.parametrize(
    ("public", "noms"),
    [
        ("https://Bilan.example/operation", {"bilan.example"}),
        ("http://bilan:8080", {"bilan"}),
        ("", set()),
    ],
)
def test_its_names_are_this_machine_and_its_public_address(
    public: str, noms: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.serveur import hotes  # Dagster's web server takes seconds to import

    monkeypatch.setenv(UI, public)
    assert hotes() == {"127.0.0.1", "localhost", *noms}
