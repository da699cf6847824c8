"""Who counts: DuckDB, or a Spark that is there already, for who holds the country in one lake.

Spark computes the facts in force and the measures of each indicator, from the kept readings, with
the indicators' own SQL. What measures become, and all that is published, stays DuckDB's. Imported
only where Spark is asked for. What is counted does not belong here.

A result that one engine has kept is the other's: its fingerprint does not say which it was. That
hides no difference, for four reasons. A query is carried over only where each part of it is known
to give the same (`traduction`), or it is refused by name, before anything is computed. What would
overflow or not convert fails in both. The facts that Spark has in force at each month are counted
against DuckDB's in every run (`comptage.temoin`). And `tests/moteur` compares the measures of all
the indicators, cell by cell. What is kept says which engine counted it, all the same.
"""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from pipelines.moteur import session

if TYPE_CHECKING:
    from pipelines.atelier import Atelier


def ouvrir(atelier: "Atelier") -> AbstractContextManager[None]:
    """Have the indicators of a run counted by Spark, in a `with` block.

    Raises:
        Faute: Spark cannot be had, or would not compute all of them exactly; nothing is computed.
    """
    session.exiger()
    from pipelines.moteur import comptage

    return comptage.ouvrir(atelier)
