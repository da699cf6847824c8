"""What a refresh does, as data: one `Pas` for each result, in the order in which they follow.

A module a kind of step: what its steps are called and say, what they depend on, what computes them
and keeps them, what they show. Where a step runs (Dagster, the command line) does not belong here,
nor the rules that it applies: those are in the rooms that it calls.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.empreintes import du_code

if TYPE_CHECKING:
    from pipelines.atelier import Atelier

PREFECTURE = "prefecture"
LIGNES_MONTREES = 10
TEXTE = "(texte)"
"""Stands in what is shown for the free words of deliveries: no history holds them."""


def sans_textes(colonnes: Iterable[str], libres: Collection[str]) -> str:
    """Columns as texts, as SQL chooses them; those of free words without them."""
    return ", ".join(
        f"""{f"'{TEXTE}'" if c in libres else f'cast("{c}" as varchar)'} as "{c}\""""
        for c in colonnes
    )


class Adresse(str):
    """Where something is on a web server; shown as a link."""

    __slots__ = ()


@dataclass(frozen=True)
class Controle:
    """A check that a step shows: `bloquant` stops what follows, else it is only said."""

    nom: str
    titre: str
    bloquant: bool = False


@dataclass(frozen=True)
class Tableau:
    """Some rows to show, of `total` that there are."""

    lignes: Sequence[Mapping[str, Any]]
    total: int

    @classmethod
    def de(cls, lignes: Sequence[Mapping[str, Any]], montrees: int = LIGNES_MONTREES) -> "Tableau":
        """The first rows."""
        return cls(lignes[:montrees], len(lignes))


@dataclass(frozen=True)
class Verdict:
    """What a check found, in a table where there is more to say; `grave`: a fault, no warning."""

    nom: str
    reussi: bool
    message: str
    nombre: int = 0
    grave: bool = False
    tableau: Tableau | None = None


@dataclass(frozen=True)
class Pas:
    """One step of a refresh.

    Attributes:
        cle: path of its node, and name of its result: `indicateurs/objectif_05/cir_taux_a1`.
        genre: steps of one kind are computed together.
        groupe: group of its node; groups sort in the order of the work.
        mots: what it says of itself, in French.
        sql: the query that defines it, if one does: shown below what it computed.
        entrees: keys of the steps whose results it reads.
        code: the files that define it.
        empreinte: what its result depends on, at a month for a monthly step, else at "".
        faire: computes and keeps the results of steps of its kind, each at a month or "".
        montrer: what its result says, to be called once it is kept.
        a_jour: whether its result is kept as it would be computed now, where comparing fingerprints
            does not tell.
        controles, verdicts: the checks that it shows, and what they found.
        mensuel: whether there is one result a month.
        service: who answers for it: a source, or the prefecture.
        table: the table of the warehouse that it fills alone, `schema.table`.
        colonnes: type and meaning of its columns, where the schema does not say them.
        dossier: the folder of raw/ or of the roadmap that it reads.
        faits: what else is known of it before it runs.
    """

    cle: str
    genre: str
    groupe: str
    mots: str
    entrees: tuple[str, ...]
    code: tuple[Path, ...]
    empreinte: "Callable[[Atelier, str], str]"
    faire: "Callable[[Atelier, Sequence[tuple[Pas, str]]], None]"
    montrer: "Callable[[Atelier, Pas], Mapping[str, Any]]"
    a_jour: "Callable[[Atelier, Pas, str], bool] | None" = None
    controles: tuple[Controle, ...] = ()
    verdicts: "Callable[[Atelier, Pas], Sequence[Verdict]]" = lambda _, __: ()
    mensuel: bool = False
    service: str = PREFECTURE
    sortes: frozenset[str] = frozenset({"duckdb"})
    sql: str = ""
    table: str = ""
    colonnes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    dossier: Path | None = None
    faits: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The fingerprint of the files that define it."""
        return du_code(*self.code)
