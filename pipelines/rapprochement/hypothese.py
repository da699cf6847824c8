"""The arithmetic of hypotheses and relations: + - * /, round and trunc, evaluated exactly.

It is over numbers, and figures by their names; nothing else: it is data, not a program.
"""

import ast
import math
from collections.abc import Callable, Mapping
from fractions import Fraction


class HypotheseIllisible(ValueError):
    """The text is not arithmetic."""


def arrondir(valeur: Fraction, decimales: Fraction | int = 0) -> Fraction:
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
    "round": arrondir,
    "trunc": lambda valeur: Fraction(math.trunc(valeur)),
}


def noms_de(texte: str) -> set[str]:
    """The figures that an expression names; none where it cannot be read."""
    try:
        noeuds = list(ast.walk(ast.parse(texte.strip(), mode="eval")))
    except (SyntaxError, ValueError, RecursionError):
        return set()
    return {n.id for n in noeuds if isinstance(n, ast.Name)} - _FONCTIONS.keys()


def evaluer(texte: str, chiffres: Mapping[str, Fraction] | None = None) -> Fraction:
    """Value of an expression such as `round(100.0 * 28 / 30, 1)`, or `100 * sorties / entrees`.

    Raises:
        HypotheseIllisible: it is not one, or names what `chiffres` has not.
    """
    try:
        return _valeur(ast.parse(texte.strip(), mode="eval").body, chiffres or {})
    except HypotheseIllisible:
        raise
    except (SyntaxError, TypeError, ZeroDivisionError, RecursionError, ValueError) as erreur:
        raise HypotheseIllisible(f"«{texte.strip()}» n'est pas un calcul") from erreur


def _valeur(noeud: ast.expr, chiffres: Mapping[str, Fraction]) -> Fraction:
    match noeud:
        case ast.Constant(value=int() | float() as nombre) if not isinstance(nombre, bool):
            return Fraction(repr(nombre))
        case ast.Name(id=nom) if nom not in _FONCTIONS:
            if nom not in chiffres:
                raise HypotheseIllisible(f"le chiffre «{nom}» est inconnu")
            return chiffres[nom]
        case ast.UnaryOp(op=ast.USub(), operand=terme):
            return -_valeur(terme, chiffres)
        case ast.BinOp(left=gauche, op=operation, right=droite) if type(operation) in _OPERATIONS:
            faire = _OPERATIONS[type(operation)]
            return faire(_valeur(gauche, chiffres), _valeur(droite, chiffres))
        case ast.Call(func=ast.Name(id=nom), args=termes, keywords=[]) if nom in _FONCTIONS:
            return _FONCTIONS[nom](*(_valeur(terme, chiffres) for terme in termes))
    raise TypeError("opération inconnue")
