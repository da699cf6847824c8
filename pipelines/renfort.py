"""A second process, for work in many parts that do not depend on one another.

Each part is done by whichever of the two is free. Its start is worth it for seconds of work only.
What takes much memory belongs to `isolement`; which work is shared, to whoever has it.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Self, TypeVar

from pipelines.isolement import troupe

_Fait = TypeVar("_Fait")


class Renfort:
    """The second process, started with the first work that it is given, ended with the block."""

    def __init__(self) -> None:
        self._second: ProcessPoolExecutor | None = None
        self._seul = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._second is not None:
            self._second.shutdown(cancel_futures=True)

    def confier(self, travail: Callable[[], _Fait]) -> Callable[[], _Fait]:
        """Have a work done there when its turn comes; gives what has its result.

        What has not been begun there when its result is asked is done here, as is what the process
        could not end. `travail` goes to a process that begins anew: a function of a module, or a
        `partial` of one.
        """
        if self._seul:
            return travail
        if self._second is None:
            self._second = troupe(1)
        try:
            promesse = self._second.submit(travail)
        except (BrokenProcessPool, OSError):  # it has died, or the machine starts none
            self._seul = True
            return travail

        def fait() -> _Fait:
            if promesse.cancel():
                return travail()
            try:
                return promesse.result()
            except BrokenProcessPool:
                return travail()

        return fait
