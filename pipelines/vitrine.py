"""The pages of published bilans on a web server: the files of their folders, under `/bilan/`.

Only what `pipelines.edition` writes is shown, by its kind; a folder is looked at anew for each
request, for a refresh replaces it whole. Who may ask is for `porte`, and for what is before it.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from pipelines.edition import adresses

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PAGE = ".html"
# A page says the node that it is of in words, which a page opened from a file cannot follow.
_NOEUD = re.compile(rb'<span class="noeud">([a-z0-9_/]+)</span>')
_ENTETES = {
    "cache-control": "private, no-cache",
    # What each page says of itself, said for it: a folder is another program's, and Dagster, which
    # acts on what its own pages ask, is beside.
    "content-security-policy": (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
        "form-action 'none'"
    ),
}


@dataclass(frozen=True)
class Lieu:
    """A published folder, and the region whose it is: empty where it is the only one."""

    dossier: Path
    region: str = ""


class Vitrine:
    """An ASGI application before Dagster's: it answers for `/bilan/`, the other one for the rest.

    Args:
        app: the other one.
        lieu: the folder of the only region that is shown.
        regions: a folder that has one for each region: `<region>/bilan`.
        prefixe: where Dagster's pages are, which ours lead to.
    """

    def __init__(
        self,
        app: ASGIApp,
        lieu: Lieu | None = None,
        regions: Path | None = None,
        prefixe: str = "",
    ) -> None:
        self.app = app
        self._lieu, self._regions, self._prefixe = lieu, regions, prefixe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or have the other one answer."""
        if scope["type"] == "http" and f"{scope['path']}/".startswith(adresses.BASE):
            reponse = await self._repondre(scope)
            await reponse(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _repondre(self, scope: Scope) -> Response:
        chemin = scope["path"]
        trouve = self._trouver(chemin.removeprefix(adresses.BASE))
        if trouve is None:
            return _absente()
        lieu, reste = trouve
        if not reste and not chemin.endswith("/"):
            return RedirectResponse(f"{chemin}/")
        if not reste or reste.endswith("/"):
            reste += adresses.ACCUEIL
        if PurePosixPath(reste).suffix not in TYPES:
            return _absente()
        noeuds = "/".join(filter(None, (f"{self._prefixe}/assets", lieu.region)))
        try:
            return await _Fichiers(lieu.dossier, noeuds).get_response(reste, scope)
        except (HTTPException, OSError):
            return _absente()

    def _trouver(self, chemin: str) -> tuple[Lieu, str] | None:
        """The folder that a path under `/bilan/` is in, and the rest of the path."""
        if self._lieu and not self._lieu.region:
            return self._lieu, "" if chemin == adresses.BASE.rstrip("/") else chemin
        region, _, reste = chemin.partition("/")
        if self._lieu:
            return (self._lieu, reste) if region == self._lieu.region else None
        if self._regions and re.fullmatch(r"[a-z][a-z0-9_]*", region):
            dossier = adresses.dossier(self._regions / region)
            # A region puts its folder there: it does not choose another's in its place.
            return None if dossier.is_symlink() else (Lieu(dossier, region), reste)
        return None


class _Fichiers(StaticFiles):
    """The files of a folder: none through a link that leads out of it."""

    def __init__(self, dossier: Path, noeuds: str) -> None:
        super().__init__(directory=dossier, check_dir=False)
        self._noeuds = noeuds.encode()

    def file_response(
        self,
        full_path: "str | os.PathLike[str]",
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """What answers for a file: a page, whose node is a link, or a document to keep."""
        chemin = Path(full_path)
        if chemin.suffix == _PAGE:
            lien = rb'<a class="noeud" href="' + self._noeuds + rb'/\1">\1</a>'
            page = _NOEUD.sub(lien, chemin.read_bytes())
            reponse = Response(page, status_code, _ENTETES, TYPES[_PAGE])
            if scope["method"] == "HEAD":
                reponse.body = b""
            return reponse
        reponse = super().file_response(full_path, stat_result, scope, status_code)
        reponse.headers.update(_ENTETES)
        if reponse.status_code == status_code:
            reponse.headers["content-type"] = TYPES[chemin.suffix]
            reponse.headers["content-disposition"] = f'attachment; filename="{chemin.name}"'
        return reponse


def _absente() -> Response:
    return PlainTextResponse("Cette page n'est pas publiée.\n", 404)
