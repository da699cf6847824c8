"""Where the program is, and the folder it works in: a checkout, or what a wheel has installed.

A wheel holds the packages, and carries beside them the few files of the checkout's root that the
program reads (`pyproject.toml` lists them). Where a region is does not belong here.
"""

from pathlib import Path

RACINE = Path(__file__).parent.parent  # of the packages `assets` and `pipelines`
_EMPORTE = RACINE / "pipelines" / "emporte"  # in a wheel only
INSTALLE = _EMPORTE.is_dir()
FICHIERS = _EMPORTE if INSTALLE else RACINE  # of .dagster/, warehouse/*.sql, workspace.yaml


def dossier() -> Path:
    """The folder of raw/, warehouse/ and .dagster/: the checkout, or else the current one."""
    return Path.cwd() if INSTALLE else RACINE
