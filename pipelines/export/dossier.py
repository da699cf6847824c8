"""The folder of an export: made beside its place, then put there whole by a rename.

What an export holds does not belong here, nor how one of ours is known.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.erreurs import Faute, de_la_machine


@contextmanager
def remplacer(
    dossier: Path, est_de_nous: Callable[[Path], bool], seul: bool = False
) -> Iterator[tuple[Path, Path]]:
    """An empty folder to fill, which takes the place of `dossier` once it is filled.

    Gives it, and the folder that stands there now, which may be missing or empty. Where filling
    fails, that one is as it was.

    Args:
        dossier: where the export goes; made if need be.
        est_de_nous: whether a folder that is not empty holds an earlier export, and nothing else.
        seul: whether nobody else can be at it: what one that was killed has left is removed.

    Raises:
        Faute: it holds something else, or cannot be written.
    """
    ici = dossier.resolve()
    ancien = ici.with_name(
        f".{ici.name}.export-ancien"
    )  # where the earlier one stands for an instant
    try:
        if ancien.is_dir() and not ici.exists():  # this was killed in that instant
            ancien.rename(ici)
        _admettre(ici, est_de_nous)
        for reste in restes(ici) if seul else ():
            shutil.rmtree(reste)
        ici.parent.mkdir(parents=True, exist_ok=True)
        a_cote = Path(tempfile.mkdtemp(dir=ici.parent, prefix=f".{ici.name}."))
        try:
            nouveau = a_cote / ici.name
            nouveau.mkdir()  # with the rights that the user gives to folders
            yield nouveau, ici
            _echanger(nouveau, ici, ancien)
        finally:
            shutil.rmtree(a_cote, ignore_errors=True)
    except OSError as erreur:
        raise de_la_machine(erreur) or Faute(
            f"Le dossier «{dossier}» ne peut pas être écrit ({erreur.strerror}). Choisissez-en un "
            "autre."
        ) from None
    except duckdb.Error as erreur:
        if faute := de_la_machine(erreur):
            raise faute from None
        raise


def restes(dossier: Path) -> Iterator[Path]:
    """What replacements that were killed have left beside a folder."""
    ici = dossier.resolve()
    return ici.parent.glob(f".{ici.name}.*")


def _admettre(ici: Path, est_de_nous: Callable[[Path], bool]) -> None:
    if not ici.exists():
        return
    if not ici.is_dir():
        raise Faute(f"«{ici}» n'est pas un dossier : donnez-en un autre.")
    if any(ici.iterdir()) and not est_de_nous(ici):
        raise Faute(
            f"Le dossier «{ici}» contient autre chose qu'un export précédent de même sorte : rien "
            "n'y est écrit. Donnez un dossier vide, ou celui d'un export."
        )


def _echanger(nouveau: Path, ici: Path, ancien: Path) -> None:
    shutil.rmtree(ancien, ignore_errors=True)
    if ici.exists():
        ici.rename(ancien)
    try:
        nouveau.rename(ici)
    except OSError:
        if ancien.exists():
            ancien.rename(ici)
        raise
    shutil.rmtree(ancien, ignore_errors=True)
