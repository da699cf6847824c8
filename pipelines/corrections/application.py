"""What corrections do: cells of facts mended where the source still holds the wrong value.

Deliveries are never touched. A correction that no longer finds its wrong value stops by itself, and
says so in `qualite.controles`. Reading the register does not belong here.
"""

from collections.abc import Iterable
from typing import Any

import duckdb

from pipelines.corrections.registre import Correction
from pipelines.ingestion.controle import RETRAIT, Regles
from pipelines.ingestion.reception import colonnes_chargees, table
from pipelines.sql import texte

CORRIGE = "corrige"
CONTROLE = "correction_en_vigueur"
SEVERITE = "signalement"


def corrigees(regles: Regles, corrections: Iterable[Correction]) -> dict[str, str]:
    """The columns that corrections mend, as SQL; and that which names, in each row, those mended.

    Each row is compared as it was delivered: a value just mended is not mended again.
    """
    par_colonne: dict[str, list[tuple[str, str]]] = {}
    for c in corrections:
        condition = f"{_de_la_cle(c, regles)} and {_egale(regles, c.colonne, c.attendu)}"
        juste = _litteral(regles, c.colonne, c.corrige)
        par_colonne.setdefault(c.colonne, []).append((condition, juste))
    valeurs, noms = {}, []
    for nom, cas in par_colonne.items():
        suite = " ".join(f"when {condition} then {juste}" for condition, juste in cas)
        valeurs[nom] = f'case {suite} else "{nom}" end'
        noms.append(f"case when {' or '.join(c for c, _ in cas)} then {texte(nom)} end")
    mendees = f"nullif(concat_ws(', ', {', '.join(noms)}), '')" if noms else "null"
    return valeurs | {CORRIGE: f"cast({mendees} as varchar)"}


def _litteral(regles: Regles, nom: str, valeur: Any) -> str:
    """A value of a column, as SQL writes it."""
    type_, _ = colonnes_chargees(regles)[nom]
    return f"cast({'null' if valeur is None else texte(str(valeur))} as {type_})"


def _egale(regles: Regles, nom: str, valeur: Any) -> str:
    return f'"{nom}" is not distinct from {_litteral(regles, nom, valeur)}'


def _de_la_cle(correction: Correction, regles: Regles) -> str:
    """The condition of the rows that a correction is about."""
    paires = zip(regles.cle, correction.cle, strict=True)
    return " and ".join(_egale(regles, nom, valeur) for nom, valeur in paires)


def constater(
    con: duckdb.DuckDBPyConnection,
    regles: Regles,
    corrections: Iterable[Correction],
    arrete: str,
    rafraichissement: str,
) -> int:
    """Write into `qualite.controles` whether each correction still holds; gives how many do not.

    Args:
        con: the warehouse under construction.
        regles: the contract of the extract.
        corrections: those of the extract that apply.
        arrete: the month as of which the source is read.
        rafraichissement: the last month computed by this refresh.
    """
    arretees = 0
    for correction in corrections:
        ligne = con.execute(
            f"""
            select
                {RETRAIT}, mois_livraison, fichier, cast("{correction.colonne}" as varchar),
                {_egale(regles, correction.colonne, correction.attendu)}
            from livraisons.{table(regles.nom)}
            where {_de_la_cle(correction, regles)} and mois_livraison <= ?
            order by mois_livraison desc, fichier desc, feuille desc, ligne desc
            limit 1
            """,
            [arrete],
        ).fetchone()
        tenue, observe, phrase = _constat(correction, ligne)
        arretees += not tenue
        con.execute(
            "insert into qualite.controles values (?, ?, ?, ?, ?, ?, ?, ?)",
            [rafraichissement, CONTROLE, correction.nom, SEVERITE, tenue, observe,
             _texte(correction.attendu), phrase],
        )  # fmt: skip
    return arretees


def sans_ligne(
    con: duckdb.DuckDBPyConnection, regles: Regles, nommees: Iterable[tuple[int, str, str]]
) -> list[int]:
    """The lines of the register that name persons of whom no row was delivered.

    Args:
        con: the warehouse under construction.
        regles: the contract of the extract.
        nommees: see `registre.par_pseudonyme`.
    """
    return [
        numero
        for numero, colonne, pseudonyme in nommees
        if not con.execute(
            f'select 1 from livraisons.{table(regles.nom)} where "{colonne}" = ? limit 1',
            [pseudonyme],
        ).fetchone()
    ]


def _constat(correction: Correction, ligne: tuple[Any, ...] | None) -> tuple[bool, str, str]:
    """Whether a correction holds, what the source has, and a sentence."""
    ou = f"corrections.csv, ligne {correction.numero}"
    fin = f"La correction ne s'applique plus : la lever ({ou})."
    if ligne is None:
        return False, "aucune ligne", f"Aucune ligne livrée n'a cette clé : la vérifier ({ou})."
    retiree, mois, fichier, valeur, tenue = ligne
    if retiree:
        return False, "ligne retirée", f"{fichier} a retiré cette ligne en {mois}. {fin}"
    observe = "vide" if valeur is None else str(valeur)
    if not tenue:
        return False, observe, f"{fichier} porte {observe} depuis {mois}. {fin}"
    return True, observe, f"Corrigé : {_texte(correction.corrige)} au lieu de {observe} ({ou})."


def _texte(valeur: Any) -> str:
    if valeur is None:
        return "vide"
    return str(valeur).lower() if isinstance(valeur, bool) else str(valeur)
