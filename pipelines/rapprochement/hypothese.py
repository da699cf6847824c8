"""The arithmetic of hypotheses: + - * /, round and trunc over numbers, evaluated exactly.

Nothing else is evaluated: a hypothesis is data, not a program.
"""

import ast
import math
from collections.abc import Callable
from fractions import Fraction


class HypotheseIllisible(ValueError):
    """The text is not arithmetic."""


def _arrondir(valeur: Fraction, decimales: Fraction = Fraction(0)) -> Fraction:
    """Round half up, away from zero."""
    unite = Fraction(10) ** int(decimales)
    entier = math.floor(abs(valeur) * unite + Fraction(1, 2))
    return Fraction(entier if valeur >= 0 else -entier) / unite


_OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}
_FONCTIONS: dict[str, Callable[..., Fraction]] = {
    "round": _arrondir,
    "trunc": lambda valeur: Fraction(math.trunc(valeur)),
}


def evaluer(texte: str) -> Fraction:
    """Value of an expression such as `round(100.0 * 28 / 30, 1)`.

    Raises:
        HypotheseIllisible: it is not one.
    """
    try:
        return _valeur(ast.parse(texte.strip(), mode="eval").body)
    except (SyntaxError, TypeError, ZeroDivisionError, RecursionError, ValueError) as erreur:
        raise HypotheseIllisible(f"«{texte}» n'est pas un calcul") from erreur


def _valeur(noeud: ast.expr) -> Fraction:
    match noeud:
        case ast.Constant(value=int() | float() as nombre) if not isinstance(nombre, bool):
            return Fraction(repr(nombre))
        case ast.UnaryOp(op=ast.USub(), operand=terme):
            return -_valeur(terme)
        case ast.BinOp(left=gauche, op=operation, right=droite) if type(operation) in _OPERATIONS:
            return _OPERATIONS[type(operation)](_valeur(gauche), _valeur(droite))
        case ast.Call(func=ast.Name(id=nom), args=termes, keywords=[]) if nom in _FONCTIONS:
            return _FONCTIONS[nom](*map(_valeur, termes))
    raise HypotheseIllisible("opération inconnue")
