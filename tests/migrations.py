"""Dagster's migrations, read once in a process: a refresh reads all of them five times.

What they do does not belong here: every database is made as ever.
"""

from collections.abc import Callable

from alembic.config import Config
from alembic.script import ScriptDirectory


def lire_une_fois(poser: Callable[[object, str, object], None] = setattr) -> None:
    """Keep in this process what was read; `poser` replaces a name of a class."""
    lire = ScriptDirectory.from_config
    lues: dict[str | None, ScriptDirectory] = {}

    def deja_lues(config: Config) -> ScriptDirectory:
        ou = config.get_main_option("script_location")
        if ou not in lues:
            lues[ou] = lire(config)
        return lues[ou]

    poser(ScriptDirectory, "from_config", deja_lues)
