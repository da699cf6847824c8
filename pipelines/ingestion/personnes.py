"""What becomes of persons: numbers turn into keyed hashes, birth dates into ages, words lose both.

Where the key comes from belongs to `pipelines.secret`. Nothing else in the project sees a person's
number or birth date. What is looked for in words is said in `masques`.
"""

from collections.abc import Callable
from hashlib import sha256

import polars as pl

from assets.extracts.contrat import age_revolu
from pipelines.ingestion.cles import plier
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.masques import Masque

PSEUDONYME = "[0-9a-f]{64}"
_DIX_CHIFFRES = r"^\d{10}$"
_BLOC = 64  # octets of a block of SHA-256


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
    colonnes = []
    for valeurs in lignes:
        colonne = regles.colonnes.get(valeurs.name)
        if colonne is None or not colonne.personnelle:
            colonnes.append(valeurs)
        elif colonne.age_le:
            age = age_revolu(valeurs.name, colonne.age_le)
            colonnes.append(lignes.select_seq(age.alias("age")).to_series())
        else:
            numeros = list(map(pseudonymes(cle, valeurs.name), valeurs.to_list()))
            colonnes.append(pl.Series(valeurs.name, numeros, pl.String))
    return pl.DataFrame(colonnes)


def _masquer(lignes: pl.DataFrame, regles: Regles, cle: bytes, mois: str) -> pl.DataFrame:
    for nom in regles.libres:
        textes = lignes[nom]
        masques = Masque(mois, cle if nom in regles.cle else None).serie(textes)
        if regles.colonnes[nom].identifiant:  # that of a project may well have ten digits
            masques = textes.zip_with(textes.str.contains(_DIX_CHIFFRES), masques)
        if masques is not textes:
            lignes = lignes.with_columns(masques)
    return lignes


def pseudonymes(cle: bytes, colonne: str) -> Callable[[str | None], str | None]:
    """The function that hashes the numbers of a column with a key.

    What is hashed begins with the column's name and a zero octet: a number of another column has
    another pseudonym; one of the same column in two extracts has the same, so that they join.
    """
    # HMAC by its definition (RFC 2104): its two halves are begun once, and copied for each number,
    # in a third of the time that the module hmac takes.
    secret = (sha256(cle).digest() if len(cle) > _BLOC else cle).ljust(_BLOC, b"\0")
    dedans, dehors = (sha256(bytes(octet ^ marge for octet in secret)) for marge in (0x36, 0x5C))
    dedans.update(f"{colonne}\0".encode())

    def pseudonyme(numero: str | None) -> str | None:
        if numero is None:
            return None
        numero = canonique(numero)
        interieur, exterieur = dedans.copy(), dehors.copy()
        interieur.update(numero.encode())
        exterieur.update(interieur.digest())
        return exterieur.hexdigest()

    return pseudonyme
