"""A web server of Dagster behind its door: `python -m pipelines.serveur`, not `dagster-webserver`.

It has those of its options that are used, and one for the pages of bilans. What the door refuses is
in `porte`; how pages are shown, in `vitrine`.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import dagster as dg
import uvicorn

# Not public, but what Dagster's own command is made of; the application is its public one.
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_webserver.app import create_app_from_workspace_process_context
from dagster_webserver.version import __version__

from pipelines.interface import UI
from pipelines.porte import Porte
from pipelines.region import region
from pipelines.vitrine import Lieu, Vitrine

_ICI = ("127.0.0.1", "localhost")
# For the database of a server, as Dagster's command has it: milliseconds, seconds, connections.
_ATTENTE, _RECYCLAGE, _DEBORDEMENT = 15_000, 3_600, 20


def hotes() -> set[str]:
    """The names that the interface is called by: this machine's, and that of its public address."""
    public = urlsplit(os.environ.get(UI, "")).hostname
    return {*_ICI, public} if public else {*_ICI}


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until a signal ends it."""
    lecteur = argparse.ArgumentParser(prog="python -m pipelines.serveur", allow_abbrev=False)
    lecteur.add_argument("--workspace", required=True)
    lecteur.add_argument("--host", default=_ICI[0])
    lecteur.add_argument("--port", type=int, default=3000)
    lecteur.add_argument("--path-prefix", default="")
    lecteur.add_argument("--read-only", action="store_true")
    des_pages = lecteur.add_mutually_exclusive_group()
    des_pages.add_argument("--bilan", type=Path, help="the pages of the region of the environment")
    des_pages.add_argument("--bilans", type=Path, help="those of several: <region>/bilan")
    demande = lecteur.parse_args(arguments)
    lieu = Lieu(demande.bilan, region().nom) if demande.bilan else None
    with dg.DagsterInstance.get() as instance:
        instance.optimize_for_webserver(_ATTENTE, _RECYCLAGE, _DEBORDEMENT)
        with WorkspaceProcessContext(
            instance,
            WorkspaceFileTarget([demande.workspace]),
            version=__version__,
            read_only=demande.read_only,
        ) as espace:
            app = create_app_from_workspace_process_context(espace, demande.path_prefix, 2000)
            vitrine = Vitrine(app, lieu, demande.bilans, demande.path_prefix)
            uvicorn.run(
                Porte(vitrine, hotes(), demande.path_prefix),
                host=demande.host,
                port=demande.port,
                log_level="warning",
            )


if __name__ == "__main__":
    main()
