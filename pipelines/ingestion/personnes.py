"""What becomes of persons: numbers turn into keyed hashes, birth dates into ages, words lose both.

The key lives outside the repository and outside the warehouse. Nothing else in the project sees a
person's number or birth date. What is looked for in words is said in `masques`.
"""

import os
import secrets
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import polars as pl

from assets.extracts.contrat import age_revolu
from pipelines.erreurs import Faute
from pipelines.ingestion.cles import plier
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.masques import Masque

VARIABLE = "BILAN_CLE"
_BLOC = 64  # octets of a block of SHA-256


def chemin_cle() -> Path:
    """Where the key is: `$BILAN_CLE`, or `bilan/cle` in the user's configuration folder."""
    if impose := os.environ.get(VARIABLE):
        return Path(impose)
    racine = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(racine) / "bilan" / "cle"


def cle_secrete() -> bytes:
    """The key of the pseudonyms, made on first use.

    Raises:
        Faute: it cannot be read or made, or others can read it.
    """
    chemin = chemin_cle()
    try:
        if not chemin.exists():
            _faire(chemin)
        mode = chemin.stat().st_mode
        cle = chemin.read_bytes().strip()
    except OSError as erreur:
        raise Faute(
            f"La clé des pseudonymes «{chemin}» ne peut être ni lue ni créée ({erreur.strerror}). "
            f"Indiquez un autre fichier par la variable {VARIABLE}."
        ) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Faute(
            f"La clé des pseudonymes «{chemin}» est accessible à d'autres que vous. "
            f"Faites «chmod 600 {chemin}», puis relancez."
        )
    if len(cle) < 32:
        raise Faute(
            f"La clé des pseudonymes «{chemin}» est vide ou trop courte. "
            "Rétablissez-la depuis sa sauvegarde : une autre clé changerait tous les pseudonymes."
        )
    return cle


def _faire(chemin: Path) -> None:
    """Make a key: whole or not at all, and never in the place of another one made meanwhile."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    descripteur, provisoire = tempfile.mkstemp(dir=chemin.parent, prefix=".cle.")  # mode 0600
    try:
        with os.fdopen(descripteur, "w") as flux:
            flux.write(secrets.token_hex(32) + "\n")
            flux.flush()
            os.fsync(flux.fileno())
        with suppress(FileExistsError):
            os.link(provisoire, chemin)
    finally:
        Path(provisoire).unlink()


def cle_jetable() -> bytes:
    """A key for a check after which nothing is kept."""
    return secrets.token_bytes(32)


def canonique(numero: str) -> str:
    """A number as all those that are the same key write it: equal pseudonyms, equal keys."""
    if numero.isascii() and "`" not in numero:
        return " ".join(numero.upper().split())
    return plier(numero).upper()


def depersonnaliser(lignes: pl.DataFrame, regles: Regles, cle: bytes, mois: str) -> pl.DataFrame:
    """Typed rows with persons' numbers hashed (HMAC-SHA-256, hexadecimal), ages for birth dates.

    In free words, what seems to be a person's is masked; in a key, so that what it was still tells
    rows apart.
    """
    lignes = _masquer(lignes, regles, cle, mois)
    if not regles.personnelles:
        return lignes
    pseudonyme = pseudonymes(cle)
    colonnes = []
    for valeurs in lignes:
        colonne = regles.colonnes.get(valeurs.name)
        if colonne is None or not colonne.personnelle:
            colonnes.append(valeurs)
        elif colonne.age_le:
            age = age_revolu(valeurs.name, colonne.age_le)
            colonnes.append(lignes.select_seq(age.alias("age")).to_series())
        else:
            numeros = list(map(pseudonyme, valeurs.to_list()))
            colonnes.append(pl.Series(valeurs.name, numeros, pl.String))
    return pl.DataFrame(colonnes)


def _masquer(lignes: pl.DataFrame, regles: Regles, cle: bytes, mois: str) -> pl.DataFrame:
    for nom in regles.libres:
        textes = lignes[nom]
        masques = Masque(mois, cle if nom in regles.cle else None).serie(textes)
        if masques is not textes:
            lignes = lignes.with_columns(masques)
    return lignes


def pseudonymes(cle: bytes) -> Callable[[str | None], str | None]:
    """The function that hashes numbers with a key."""
    # HMAC by its definition (RFC 2104): its two halves are begun once, and copied for each number,
    # in a third of the time that the module hmac takes.
    secret = (sha256(cle).digest() if len(cle) > _BLOC else cle).ljust(_BLOC, b"\0")
    dedans, dehors = (sha256(bytes(octet ^ marge for octet in secret)) for marge in (0x36, 0x5C))

    def pseudonyme(numero: str | None) -> str | None:
        if numero is None:
            return None
        numero = canonique(numero)
        interieur, exterieur = dedans.copy(), dehors.copy()
        interieur.update(numero.encode())
        exterieur.update(interieur.digest())
        return exterieur.hexdigest()

    return pseudonyme
