"""Whether a folder of pages says what the warehouse says: each piece read back from its files.

How a file is read, and what a number should be, is in `relus`; which files a piece has, in
`adresses`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.edition import adresses, manifeste, relus, source
from pipelines.edition.relus import Attendu, Relu
from pipelines.edition.source import Source

_LIRE: dict[str, Callable[[bytes], Iterator[Relu]]] = {
    ".html": relus.de_la_page,
    ".docx": relus.du_document,
    ".xlsx": relus.du_classeur,
}
_ENTIERES = ("bilan", "document", "classeur")
"""Pieces that have every indicator; a workbook, every value."""


@dataclass(frozen=True)
class Accord:
    """Of a piece, how many numbers were read back, and a sentence for each that is not right."""

    nombres: int
    ecarts: list[str]


def accord(dossier: Path, warehouse: Path) -> dict[str, Accord]:
    """Of each piece of a folder, made of the newest month.

    Raises:
        Faute: there is no published warehouse.
    """
    with source.ouvrir(warehouse) as lue:
        attendus = relus.ce_qui_est_attendu(lue)
        return {piece: _d_une(dossier, piece, lue, attendus) for piece in adresses.PIECES}


def _d_une(
    dossier: Path, piece: str, lue: Source, attendus: Mapping[tuple[str, ...], Attendu]
) -> Accord:
    departements = {d["code"]: d["territoire"] for d in lue.de_maille("departement")}
    ecarts: list[str] = []
    tous: list[Relu] = []
    siens = [c for c in manifeste.fichiers(dossier) if adresses.piece(c) == piece]
    for chemin in siens:
        place = Path(chemin)
        try:
            lus = list(_LIRE[place.suffix]((dossier / chemin).read_bytes()))
        except (KeyError, OSError, ValueError) as erreur:
            ecarts.append(f"{chemin} ne se relit pas ({erreur}).")
            continue
        sien = departements.get(place.stem, "") if piece == "departements" else ""
        if lus:
            ecarts += (f"{chemin} : {dit}" for dit in relus.ecarts(lus, lue, sien, attendus))
        tous += lus
    if piece in _ENTIERES and siens:
        ecarts += relus.manquants(tous, lue, toutes=piece == "classeur")
    return Accord(len(tous), ecarts)
