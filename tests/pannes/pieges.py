"""What goes wrong in a refresh, set in its process before it starts; called by `moule`."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any


def mourir(avant: int) -> None:
    """Die of kill -9 just before the renaming of that rank, counted from the publication."""
    from pipelines.entrepot.chantier import Chantier

    def tuer(*_: Any) -> None:
        os.killpg(0, signal.SIGKILL)

    publier = Chantier.publier
    deplacer = {nom: getattr(Path, nom) for nom in ("replace", "rename")}
    restants = [avant]

    def compter(nom: str) -> Any:
        def deplace(self: Path, cible: Path) -> Path:
            if not restants[0]:
                tuer()
            restants[0] -= 1
            return Path(deplacer[nom](self, cible))

        return deplace

    def publie(self: Chantier) -> Path:
        for nom in deplacer:
            setattr(Path, nom, compter(nom))
        return publier(self)

    Chantier.publier = publie  # type: ignore[method-assign]


def mourir_au_retrait_de_l_ancien() -> None:
    """Die of kill -9 just before the file of 0.1.0 is removed, the new one published."""
    effacer = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self.name == "bilan.duckdb":
            os.killpg(0, signal.SIGKILL)
        effacer(self, missing_ok)

    Path.unlink = unlink  # type: ignore[method-assign]


def ecrire_des_pages(texte: str, *suite: Any) -> None:
    """Plausibility writes one page; then another trap is set, if there is one."""
    from pipelines.plausibilite import lancement

    sans_pages = lancement.lancer

    def lancer(dossier: Any, *suite: Any) -> list[Any]:
        dossier.mkdir()
        (dossier / "index.html").write_text(texte, encoding="utf-8")
        return sans_pages(dossier, *suite)

    lancement.chauffer = lambda dossier: dossier  # type: ignore[assignment,return-value]
    lancement.lancer = lancer  # type: ignore[assignment]
    _poser(suite)


def mourir_dans_les_pages(moment: str) -> None:
    """Die of kill -9 before pages are made, or while their folder takes the place of the old one.

    Moments: `avant`; `écartées`, the old ones set aside; `en place`, the old ones not removed yet.
    """
    from pipelines.edition import dossier as edition
    from pipelines.export import dossier

    def tuer() -> None:
        os.killpg(0, signal.SIGKILL)

    if moment == "avant":
        _avant(edition, "ecrire", tuer)
        return
    echanger, renommer, effacer = dossier._echanger, Path.rename, shutil.rmtree

    def rename(self: Path, cible: Path) -> Path:
        faite = renommer(self, cible)
        if moment == "écartées":
            tuer()
        return faite

    def rmtree(chemin: Path, *, ignore_errors: bool = False) -> None:
        if moment == "en place" and chemin.exists():
            tuer()
        effacer(chemin, ignore_errors=ignore_errors)

    def echange(nouveau: Path, ici: Path, ancien: Path) -> None:
        Path.rename, shutil.rmtree = rename, rmtree  # type: ignore[assignment,method-assign]
        echanger(nouveau, ici, ancien)

    dossier._echanger = echange


def _poser(piege: Sequence[Any]) -> None:
    if piege:
        nom, *arguments = piege
        globals()[nom](*arguments)


def _avant(objet: Any, methode: str, faire: Callable[[], None]) -> None:
    """Do something just before a method or a function is called, the first time."""
    vraie = getattr(objet, methode)
    faits: list[bool] = []

    def remplacante(*arguments: Any, **nommes: Any) -> Any:
        if not faits:
            faits.append(True)
            faire()
        return vraie(*arguments, **nommes)

    setattr(objet, methode, remplacante)


def _au_moment(moment: str, faire: Callable[[], None]) -> None:
    """Do something at the start, or just before a step: the name of what does it."""
    from pipelines.entrepot.chantier import Chantier
    from pipelines.gardees import Gardees
    from pipelines.indicateurs import comptage
    from pipelines.ingestion import livraison
    from pipelines.plausibilite import lancement

    moments: dict[str, tuple[Any, str]] = {
        "garder": (Gardees, "garder"),
        "lire": (livraison, "juger"),
        "valoriser": (comptage, "valeurs"),
        "reconduire": (Chantier, "arretes_publies"),
        "eprouver": (lancement, "lancer"),
        "poser_pages": (Chantier, "poser_pages"),
    }
    if moment == "début":
        faire()
    else:
        _avant(*moments[moment], faire)


def s_arreter(moment: str, drapeau: str, *suite: Any) -> None:
    """Raise a flag (a file) when the refresh comes to a moment, and wait until it is removed.

    Then another trap is set, if there is one.
    """

    def attendre() -> None:
        Path(drapeau).touch()
        while Path(drapeau).exists():
            time.sleep(0.01)

    _au_moment(moment, attendre)
    _poser(suite)


def etre_impatient(secondes: float, *suite: Any) -> None:
    """Wait for a locked database no longer than this; then another trap is set, if there is one."""
    connecter: Any = sqlite3.connect

    def connect(*arguments: Any, timeout: float = 5, **options: Any) -> Any:
        return connecter(*arguments, timeout=min(timeout, secondes), **options)

    setattr(sqlite3.dbapi2, "connect", connect)  # noqa: B010
    _poser(suite)


def remplir(bouchon: str, moment: str) -> None:
    """Fill a disk to its last byte, by a file on it, when the refresh comes to a moment."""

    def boucher() -> None:
        with Path(bouchon).open("ab", buffering=0) as flux:
            for taille in (1 << 20, 1):
                with suppress(OSError):
                    while flux.write(bytes(taille)):
                        pass

    _au_moment(moment, boucher)


def manquer_de_memoire(limite: str, disque: str) -> None:
    """Give DuckDB so little memory and temporary space that it cannot finish counting."""
    from pipelines.indicateurs import comptage

    valoriser = comptage.valeurs

    def serrer(con: Any) -> int:
        con.execute(f"set memory_limit = '{limite}'")
        con.execute(f"set max_temp_directory_size = '{disque}'")
        con.execute("create temp table gros as select range as n, uuid() as u from range(3000000)")
        return valoriser(con)

    comptage.valeurs = serrer


_ECRIRE = """
import itertools, pathlib, sys
dossier = pathlib.Path(sys.argv[1])
for numero in itertools.count():
    try:
        (dossier / f"reste-{numero}").write_text("d'un autre")
    except FileNotFoundError:
        break
"""


def laisser_un_orphelin() -> None:
    """Die of kill -9 alone, while the program of plausibility writes beside the new warehouse."""
    from pipelines.plausibilite import lancement

    def lancer(dossier: Path, *_: Any) -> list[Any]:
        subprocess.Popen([sys.executable, "-c", _ECRIRE, dossier.parent])  # noqa: S603
        while not (dossier.parent / "reste-100").exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGKILL)
        return []

    lancement.chauffer = lambda dossier: dossier  # type: ignore[assignment,return-value]
    lancement.lancer = lancer  # type: ignore[assignment]


def supprimer(chemin: str) -> None:
    """Delete a file or a folder once the deliveries are listed, before the first one is read."""
    _au_moment("lire", lambda: _supprimer(Path(chemin)))


def supprimer_a_l_inventaire(chemin: str) -> None:
    """Delete a folder while deliveries are listed, once its parent was.

    Folders are looked at once before, for what they seem to hold.
    """
    lister = os.scandir
    fois: list[bool] = []

    def scandir(dossier: Any) -> Any:
        if str(dossier) == str(Path(chemin)):
            fois.append(True)
            if len(fois) == 2:
                _supprimer(Path(chemin))
        return lister(dossier)

    setattr(os, "scandir", scandir)  # noqa: B010


def _supprimer(chemin: Path) -> None:
    if chemin.is_dir():
        shutil.rmtree(chemin)
    else:
        chemin.unlink()


def dire_l_heure() -> None:
    """Say what time it is, in seconds."""
    print(f"il est {time.time()}", file=sys.stderr)
