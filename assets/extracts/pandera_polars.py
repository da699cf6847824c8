"""pandera for polars alone, imported as where pandas and hypothesis are not installed.

Installed for other needs (plausibility, tests), they would be loaded with it, for nothing: most of
the time that `bilan verifier` takes to answer.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder

import polars as pl


class _Absents(MetaPathFinder):
    """Says of packages not loaded yet what Python says of those that are not installed."""

    def __init__(self, *noms: str) -> None:
        self._noms = noms

    def find_spec(self, nom: str, *_: object) -> None:
        """Raise for these packages; leave the others to Python."""
        if nom in self._noms:
            raise ModuleNotFoundError(f"No module named '{nom}'", name=nom)


@contextmanager
def _sans(*noms: str) -> Iterator[None]:
    absents = _Absents(*noms)
    sys.meta_path.insert(0, absents)
    try:
        yield
    finally:
        sys.meta_path.remove(absents)


with _sans("pandas", "hypothesis"):
    import pandera.polars as pa

    # What the first check would look for, them included; polars is not put to work here, for its
    # threads would not outlive a fork.
    for _classe in (pa.DataFrameSchema, pa.Check):
        _classe.get_backend(pl.LazyFrame())

__all__ = ["pa"]
