"""What an expectation found, as it goes from the program to `qualite.controles` and to Dagster.

How it is found does not belong here.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import duckdb

SEVERITE = "signalement"


@dataclass(frozen=True)
class Constat:
    """One row of `qualite.controles`: an expectation that holds, or one thing that is unlikely."""

    controle: str
    objet: str
    reussi: bool
    observe: str
    attendu: str
    message: str


def ecrire(constats: Iterable[Constat]) -> str:
    """The JSON that the program prints."""
    return json.dumps([asdict(constat) for constat in constats], ensure_ascii=False)


def lire(texte: str) -> list[Constat]:
    """What the program printed."""
    return [Constat(**constat) for constat in json.loads(texte)]


def inscrire(con: duckdb.DuckDBPyConnection, arrete: str, constats: Iterable[Constat]) -> None:
    """Write what was found into `qualite.controles`."""
    for c in constats:
        con.execute(
            "insert into qualite.controles values (?, ?, ?, ?, ?, ?, ?, ?)",
            [arrete, c.controle, c.objet, SEVERITE, c.reussi, c.observe, c.attendu, c.message],
        )
