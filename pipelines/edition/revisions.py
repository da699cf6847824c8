"""How a value that changed from one arrêté to the next is said: in a row of a table, in a sentence.

Which ones changed, and by what, is in `Source.revisions`.
"""

from collections.abc import Sequence
from typing import Any

from pipelines.edition.contenu import Cellule, Colonne, Nombre

_LIVRAISONS = 3
COLONNES = (
    Colonne("Période"),
    Colonne("Détail"),
    Colonne("Avant"),
    Colonne("Après"),
    Colonne("Changement"),
    Colonne("Maturité"),
    Colonne("Livraisons"),
)
"""What `cellules` gives."""


def cellules(revisee: dict[str, Any], arrete: str) -> tuple[Cellule, ...]:
    """A value that changed, and the deliveries that changed it.

    Args:
        revisee: a row of `Source.revisions`.
        arrete: the arrêté of the page: values of that one can be read back.
    """
    r = revisee
    cle = (r["indicateur"], r["territoire"], r["periode"], r["ventilation"], r["modalite"])
    apres = (*cle, "valeur") if r["arrete_apres"] == arrete else ()
    return (
        r["periode"],
        ""
        if r["ventilation"] == "total"
        else f"{r['libelle_ventilation']} : {r['libelle_modalite']}",
        _valeur(r["valeur_avant"], r["t_avant"], r["unite"], ()),
        _valeur(r["valeur_apres"], r["t_apres"], r["unite"], apres),
        r["t_ecart"] or "",
        r["Maturité"],
        des_fichiers(r["livraisons"]),
    )


def _valeur(
    valeur: float | None, texte: str | None, unite: str, cle: tuple[str, ...]
) -> Nombre | None:
    return None if valeur is None else Nombre(valeur, texte or "", unite, cle=cle)


def phrase(revisee: dict[str, Any]) -> str:
    """What changed, and why, in a sentence."""
    apres, avant = (t or "aucune valeur" for t in (revisee["t_apres"], revisee["t_avant"]))
    fichiers = revisee["livraisons"]
    ecart = f" ({revisee['t_ecart']})" if revisee["t_ecart"] else ""
    return (
        f"{revisee['titre']}, {revisee['periode']} : {apres} au lieu de {avant}{ecart}. "
        + (f"Livraison : {des_fichiers(fichiers)}." if fichiers else "Sans livraison nouvelle.")
    )  # fmt: skip


def des_fichiers(fichiers: Sequence[str]) -> str:
    """Some files by their names, and how many others there are."""
    reste = len(fichiers) - _LIVRAISONS
    suite = f" et {reste} autre{'s' * (reste > 1)}" if reste > 0 else ""
    return ", ".join(fichiers[:_LIVRAISONS]) + suite
