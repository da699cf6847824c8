"""The door of the interface: whom a web server of Dagster answers, and what it lets be asked.

Any page that a browser shows can have it send requests, with the passwords it remembers; Dagster
would answer them all. Here a request comes from the interface's own pages, or from a program that
is no browser. Who the user is, and what Dagster makes of a request, do not belong here.
"""

from collections.abc import Collection
from functools import partial

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

_SANS_CADRE = "frame-ancestors 'none'"
_CSP = "content-security-policy"
_ENTETES = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
_LECTURES = ("GET", "HEAD")


class Porte:
    """An ASGI application before another: it refuses, or has the other one answer.

    `hotes` are the names, without port, that the interface is called by; `prefixe` is where it is
    served.
    """

    def __init__(self, app: ASGIApp, hotes: Collection[str], prefixe: str = "") -> None:
        self.app = app
        self._hotes = frozenset(hotes)
        self._graphql = f"{prefixe}/graphql"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or keep one websocket."""
        suite = self.app
        if scope["type"] in ("http", "websocket"):
            refus = self._refus(HTTPConnection(scope))
            if refus:  # a browser shows no page of what a websocket is answered
                suite = refus if scope["type"] == "http" else WebSocketClose()
        await suite(scope, receive, partial(_proteger, send))

    def _refus(self, demande: HTTPConnection) -> Response | None:
        """What is answered in place of Dagster, where it is not to answer."""
        entetes = demande.headers
        hote, origine = entetes.get("host", "").lower(), entetes.get("origin")
        # Another name that leads here is a page's way to pass for the interface.
        if hote.partition(":")[0] not in self._hotes:
            return _refuser(403, "L'interface ne répond pas à ce nom : voir le réglage BILAN_UI.")
        if origine is not None and origine.lower().partition("://")[2] != hote:
            return _refuser(403, "L'interface ne répond qu'à ses propres pages.")
        ailleurs = entetes.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if ailleurs and not self._lien(demande):
            return _refuser(403, "L'interface ne répond pas aux pages d'un autre site.")
        return self._hors_d_usage(demande) if demande.scope["type"] == "http" else None

    def _lien(self, demande: HTTPConnection) -> bool:
        """Whether a link was followed, from a mail say: it only opens a page, for its user."""
        return (
            demande.scope.get("method") == "GET"
            and demande.headers.get("sec-fetch-mode") == "navigate"
            and demande.headers.get("sec-fetch-dest") == "document"
            and demande.scope["path"] != self._graphql
        )

    def _hors_d_usage(self, demande: HTTPConnection) -> Response | None:
        """Refuse what no page of the interface asks: they act by JSON, at one address, or read.

        So what any page may send, a form or an image, reaches nothing that acts; and what Dagster
        has programs report to (`/report_asset_…`) is closed.
        """
        methode, chemin, entetes = demande.scope["method"], demande.scope["path"], demande.headers
        # Starlette's routes take «/graphql» and a line feed for «/graphql».
        if not chemin.isprintable():
            return _refuser(403, "Cette adresse contient un caractère de contrôle.")
        if chemin != self._graphql:
            if methode in _LECTURES:
                return None
            return _refuser(405, "Cette adresse ne peut qu'être lue.", allow="GET, HEAD")
        # Dagster answers a browser that opens this address by a page to write queries in.
        if methode == "GET" and "text/html" in entetes.get("accept", ""):
            return None
        if methode != "POST":
            return _refuser(405, "Une requête GraphQL s'envoie par POST.", allow="POST")
        if entetes.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _refuser(403, "Une requête GraphQL s'envoie en application/json.")
        return None


def _refuser(statut: int, phrase: str, **entetes: str) -> Response:
    return PlainTextResponse(f"{phrase}\n", statut, entetes)


async def _proteger(send: Send, message: Message) -> None:
    """Send on an answer, with what keeps other sites from showing it."""
    if message["type"] == "http.response.start":
        message.setdefault("headers", [])
        entetes = MutableHeaders(scope=message)
        entetes.update(_ENTETES)
        csp = entetes.get(_CSP, "").rstrip("; ")
        entetes[_CSP] = f"{csp}; {_SANS_CADRE}" if csp else _SANS_CADRE
    await send(message)
