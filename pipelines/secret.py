"""The key of the pseudonyms: where it is, what it is worth, and that it is that of the warehouse.

It lives outside the repository and outside the warehouse, which has its fingerprint only. What
persons become under it belongs to `pipelines.ingestion.personnes`.
"""

import errno
import hmac
import math
import os
import re
import secrets
import stat
import tempfile
import unicodedata
from contextlib import suppress
from pathlib import Path

from pipelines.entrepot import chantier
from pipelines.erreurs import Faute

VARIABLE = "BILAN_CLE"
_BITS, _BITS_D_UN_MOT = 80, 10
_MORCEAUX = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|.", re.DOTALL)


def chemin() -> Path:
    """Where the key is: `$BILAN_CLE`, or `bilan/cle` in the user's configuration folder."""
    if impose := os.environ.get(VARIABLE):
        return Path(impose)
    racine = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(racine) / "bilan" / "cle"


def convenir(warehouse: Path, nouvelle: bool = False) -> tuple[bytes, bool]:
    """The key for what is published in a folder, made where nothing is; and whether it is another.

    A warehouse of an earlier version, which does not tell its key, is taken for one of another.

    Args:
        warehouse: the folder of the published file.
        nouvelle: whether another key than the published one is meant.

    Raises:
        Faute: the key cannot serve, it is another one and that is not meant, or the published file
            does not open.
    """
    ou, publiee = chemin(), chantier.cle_publiee(warehouse)
    voulu = "relancez avec «bilan refresh --nouvelle-cle», qui relit tout."
    cle = lire()
    if cle is None:
        if publiee is not None and not nouvelle:
            raise Faute(
                f"La clé des pseudonymes «{ou}» manque, alors qu'un entrepôt est publié dans "
                f"«{warehouse}». Rétablissez-la depuis sa sauvegarde : une autre changerait tous "
                f"les pseudonymes. Si elle est perdue, {voulu}"
            )
        cle = _faite(ou)
    change = publiee is not None and publiee != empreinte(cle)
    if publiee and change and not nouvelle:
        raise Faute(
            f"La clé des pseudonymes «{ou}» n'est pas celle de l'entrepôt publié dans "
            f"«{warehouse}» : tous les pseudonymes changeraient. Rétablissez l'ancienne depuis sa "
            f"sauvegarde. Si une autre clé est voulue, {voulu}"
        )
    return cle, change


def lire() -> bytes | None:
    """The key; None where there is no file.

    Raises:
        Faute: it cannot be read, others can read it, or it is weak.
    """
    ou = chemin()
    try:
        mode = ou.stat().st_mode
        cle = ou.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as erreur:
        raise _inaccessible(erreur) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Faute(
            f"La clé des pseudonymes «{ou}» est accessible à d'autres que vous. "
            f"Faites «chmod 600 {ou}», puis relancez."
        )
    cle = cle.strip() if cle.isascii() else cle  # of a text, not of random octets
    if bits(cle) < _BITS:
        raise Faute(
            f"La clé des pseudonymes «{ou}» est trop faible : vide, trop courte, répétée ou faite "
            "de mots. Si elle est abîmée, rétablissez-la depuis sa sauvegarde. Sinon, faites-en "
            f"une autre par «openssl rand -hex 32 > {ou}», puis «bilan refresh --nouvelle-cle»."
        )
    return cle


def _inaccessible(erreur: OSError) -> Faute:
    return Faute(
        f"La clé des pseudonymes «{chemin()}» ne peut être ni lue ni créée ({erreur.strerror}). "
        f"Indiquez un autre fichier par la variable {VARIABLE}."
    )


def _faite(ou: Path) -> bytes:
    """The key, made where there is none.

    Raises:
        Faute: it cannot be.
    """
    try:
        _faire(ou)
        if faite := lire():
            return faite
        raise FileNotFoundError(errno.ENOENT, "un lien ne mène nulle part")
    except OSError as erreur:
        raise _inaccessible(erreur) from None


def _faire(ou: Path) -> None:
    """Write a key: whole or not at all, and never in the place of another one made meanwhile."""
    ou.parent.mkdir(parents=True, exist_ok=True)
    descripteur, provisoire = tempfile.mkstemp(dir=ou.parent, prefix=".cle.")  # mode 0600
    try:
        with os.fdopen(descripteur, "w") as flux:
            flux.write(secrets.token_hex(32) + "\n")
            flux.flush()
            os.fsync(flux.fileno())
        with suppress(FileExistsError):
            os.link(provisoire, ou)
    finally:
        Path(provisoire).unlink()


def jetable() -> bytes:
    """A key for a check after which nothing is kept."""
    return secrets.token_bytes(32)


def empreinte(cle: bytes) -> str:
    """Tells one key from another; the key cannot be drawn from it, nor is it any pseudonym."""
    return hmac.digest(cle, b"empreinte", "sha256").hex()


def bits(cle: bytes) -> float:
    """What a key is worth at least, in bits, as far as it can be seen.

    A sign is worth what there are of different ones; a word, ten bits at most; the end of three
    signs that came before, nothing, and neither do the blanks of a text.
    """
    try:
        texte = unicodedata.normalize("NFKD", cle.decode())
        suites = "".join(s for s in texte if not unicodedata.combining(s)).split()
    except UnicodeDecodeError:
        suites = [cle.decode("latin-1")]
    signe = math.log2(len(set("".join(suites))) or 1)
    total, trois, vus = 0.0, "", set[str]()
    for morceau in (m for suite in suites for m in _MORCEAUX.findall(suite)):
        neufs = 0
        for lu in morceau:
            trois = (trois + lu)[-3:]
            neufs += trois not in vus
            vus.add(trois)
        total += min(neufs * signe, _BITS_D_UN_MOT)
    return total
