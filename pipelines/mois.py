"""Months written AAAA-MM. Which of them a refresh computes is in `echeance`."""

import re

from pipelines.erreurs import Faute


def valide(texte: str, option: str) -> str:
    """A month asked for.

    Raises:
        Faute: it is not a month AAAA-MM.
    """
    if not re.fullmatch(r"(20[0-9]{2}|2100)-(0[1-9]|1[0-2])", texte):
        raise Faute(
            f"{option} «{texte}» n'est pas un mois : l'écrire AAAA-MM, par exemple 2020-12."
        )
    return texte


def numero(mois: str) -> int:
    """Months since year 0."""
    return int(mois[:4]) * 12 + int(mois[5:]) - 1


def decaler(mois: str, nombre: int) -> str:
    """The month that comes so many months after, or before."""
    n = numero(mois) + nombre
    return f"{n // 12}-{n % 12 + 1:02}"


def entre(premier: str, dernier: str) -> list[str]:
    """All the months from one to another, both included."""
    return [decaler(premier, n) for n in range(numero(dernier) - numero(premier) + 1)]
