"""A contract as one condition per column, for polars to judge all the rows of a batch in one query.

pandera runs each check by itself, dozens of queries for a batch: most batches break none, and this
says so at once. What is wrong where some column breaks its checks, pandera says, in `controle`.
"""

import polars as pl

from assets.extracts.pandera_polars import pa


def conditions(schema: pa.DataFrameSchema) -> dict[str, pl.Expr]:
    """By column that has checks, what is true of the rows that break none of them.

    Where a check cannot be told in this way, it is true of no row: pandera sees them all.
    """
    inconnues = bool(schema.checks or schema.unique)
    toutes = {}
    for nom, champ in schema.columns.items():
        voulues = [_condition(nom, check) for check in champ.checks]
        if not champ.nullable:
            voulues.append(pl.col(nom).is_not_null())
        if inconnues or champ.unique:
            voulues.append(_jamais())
        if voulues:
            toutes[nom] = pl.all_horizontal(voulues).alias(nom)
    return toutes


def _jamais() -> pl.Expr:
    return pl.repeat(False, pl.len())


def _condition(nom: str, check: pa.Check) -> pl.Expr:
    """A check on a column, from what it compares."""
    valeur = pl.col(nom)
    condition: pl.Expr
    match check.name, check.statistics:
        case "greater_than_or_equal_to", {"min_value": mini}:
            condition = valeur >= mini
        case "less_than_or_equal_to", {"max_value": maxi}:
            condition = valeur <= maxi
        case "str_matches", {"pattern": str(motif)} if motif.startswith("^"):
            condition = valeur.str.contains(motif)
        case _, {"jugement": jugement}:
            condition = jugement()
        case _:
            return _jamais()
    return condition.fill_null(check.ignore_na)
