"""The bytes of a delivery, taken once: what is told of them is told of what is read.

A file may change, grow or vanish at any moment; what becomes of it once its bytes are taken changes
nothing. How they are taken apart does not belong here.
"""

import hashlib
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from pipelines.erreurs import Refus

CHANGE = "le fichier a changé pendant sa lecture : relancer quand il est complet"
DISPARU = "le fichier a disparu avant d'être lu : le redéposer, puis relancer"
PAS_ORDINAIRE = "le fichier a été remplacé par ce qui n'en est pas un : le redéposer"


CLASSEURS = ("xlsx", "ods", "xls", "xlsb")
EXTENSIONS = ("csv", *CLASSEURS)


def extension(nom: str) -> str:
    """Extension of a file name, without its point, in lower case; empty where there is none."""
    return nom.rpartition(".")[2].lower() if "." in nom else ""


_GRAND = 8 << 20


@dataclass(frozen=True)
class Octets:
    """The whole content of a file: in memory, as `contenu`; or left where it is, if it is `tenu`.

    What is left there is read again each time, and what is read to its end is what was seen.
    """

    contenu: bytes = field(repr=False)
    nom: str
    tenu: "Tenu | None" = field(default=None, repr=False)

    @classmethod
    def de(cls, source: "Path | Octets") -> "Octets":
        """The content of a file, unless it was taken already."""
        return source if isinstance(source, Octets) else cls(source.read_bytes(), source.name)

    @property
    def classeur(self) -> bool:
        """Whether its name is that of a workbook."""
        return extension(self.nom) in CLASSEURS

    @property
    def vide(self) -> bool:
        """Whether it has no byte."""
        return not (self.tenu or self.contenu)

    def contient(self, signe: bytes) -> bool:
        """Whether a byte is somewhere in it."""
        with self.flux() as flux:
            return any(signe in morceau for morceau in iter(lambda: flux.read(1 << 20), b""))

    def flux(self) -> IO[bytes]:
        """Its bytes, from the first one; Refus is raised at their end if they have changed."""
        return self.tenu.flux() if self.tenu else io.BytesIO(self.contenu)

    def texte(self, encodage: str) -> IO[str]:
        """Its characters, from the first one."""
        return io.TextIOWrapper(self.flux(), encoding=encodage)


class Tenu:
    """A file held open; its SHA-256 was just computed."""

    def __init__(self, chemin: Path, flux: io.BufferedReader) -> None:
        self._chemin, self._flux = chemin, flux
        self._avant = os.fstat(flux.fileno())
        if not stat.S_ISREG(self._avant.st_mode):
            raise Refus(PAS_ORDINAIRE)
        self.sha256 = hashlib.file_digest(flux, "sha256").hexdigest()
        self.taille = flux.tell()

    def octets(self) -> Octets:
        """Its bytes, which have this SHA-256; those of a large CSV are left where they are.

        Raises:
            Refus: they no longer have it.
        """
        nom = self._chemin.name
        if self.taille > _GRAND and extension(nom) not in CLASSEURS:
            return Octets(b"", nom, self)
        self._flux.seek(0)
        contenu = self._flux.read()
        if hashlib.sha256(contenu).hexdigest() != self.sha256:
            raise Refus(CHANGE)
        return Octets(contenu, nom)

    def flux(self) -> IO[bytes]:
        """Its bytes, from the first one, as long as it is held; at their end, they are checked."""
        return io.BufferedReader(_Relus(self._flux.fileno(), self.sha256))

    def verifier(self) -> None:
        """Make sure that nothing happened to it since it was opened.

        Raises:
            Refus: it is no longer there, or it is no longer what it was.
        """
        try:
            apres = self._chemin.stat()
        except OSError:
            raise Refus(DISPARU) from None
        if _etat(apres) != _etat(self._avant):
            raise Refus(CHANGE)


class _Relus(io.RawIOBase):
    """The bytes of an open file, from the first one: those of a SHA-256, or Refus at their end."""

    def __init__(self, descripteur: int, sha256: str) -> None:
        super().__init__()
        self._descripteur, self._sha256 = descripteur, sha256
        self._place, self._vus = 0, hashlib.sha256()

    def readable(self) -> bool:
        """Yes; what is read moves nothing of what others read."""
        return True

    def readinto(self, tampon: Any) -> int:
        """Read what follows.

        Raises:
            Refus: all was read, and it is no longer what it was.
        """
        lus = os.preadv(self._descripteur, [tampon], self._place)
        self._vus.update(memoryview(tampon)[:lus])
        self._place += lus
        if not lus and self._vus.hexdigest() != self._sha256:
            raise Refus(CHANGE)
        return lus


def _etat(etat: os.stat_result) -> tuple[int, ...]:
    """What any change of a file changes, even one that puts its size and date back."""
    return etat.st_dev, etat.st_ino, etat.st_size, etat.st_mtime_ns, etat.st_ctime_ns


@contextmanager
def tenir(chemin: Path) -> Iterator[Tenu]:
    """Hold a file open.

    Raises:
        Refus: it is no longer there, cannot be read, or is not an ordinary file.
    """
    try:
        # A pipe in its place would make the opening wait for ever.
        descripteur = os.open(chemin, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descripteur, "rb") as flux:
            yield Tenu(chemin, flux)
    except (FileNotFoundError, NotADirectoryError):
        raise Refus(DISPARU) from None
    except OSError as erreur:
        raise Refus(f"le fichier ne se lit pas ({erreur.strerror})") from None


def somme(chemin: Path) -> str:
    """The SHA-256 of a file; empty for one that cannot be read."""
    try:
        with tenir(chemin) as tenu:
            return tenu.sha256
    except Refus:
        return ""
