"""Whether contestants give the same values, cell for cell: nothing is timed that is not right."""

from pathlib import Path

import duckdb

from pipelines.sql import nombre, texte

CLE = ("indicateur", "periode", "territoire", "ventilation", "modalite")
VALEURS = ("numerateur", "denominateur", "valeur")
_COLONNES = ", ".join((*CLE, *VALEURS))


def ecarts(
    publiees: Path, arrete: str, autres: Path, en_partie: bool = False
) -> list[tuple[object, ...]]:
    """The cells of which one side only has the key, or a number that is not the very same.

    Args:
        publiees: the published file; or values that are those of it, in Parquet.
        arrete: AAAA-MM.
        autres: a contestant's values in Parquet.
        en_partie: they are of some indicators alone, which are compared.

    Returns:
        A row a cell: its key, then each number as published and as the contestant has it.

    Raises:
        ValueError: there is nothing to compare.
    """
    with duckdb.connect() as con:
        choix = "and indicateur in (select indicateur from autres)" if en_partie else ""
        source = f"read_parquet({texte(str(publiees))})"
        if publiees.suffix != ".parquet":
            con.execute(f"attach {texte(str(publiees))} as entrepot (read_only)")
            source = "entrepot.indicateurs.valeurs"
        con.execute(
            f"""
            create temp table autres as
            select {_COLONNES} from read_parquet({texte(str(autres))});
            create temp table publiees as
            select {_COLONNES} from {source}
            where arrete = {texte(arrete)} {choix};
            """
        )
        if not nombre(con, "select count(*) from publiees"):
            raise ValueError(f"aucune valeur à comparer : {publiees}, {arrete}, {autres}")
        cotes = ", ".join(f"p.{v}, a.{v}" for v in VALEURS)
        differe = " or ".join(f"p.{v} is distinct from a.{v}" for v in VALEURS)
        return con.execute(
            f"""
            select {", ".join(CLE)}, {cotes}
            from publiees as p
            full join autres as a using ({", ".join(CLE)})
            where p.indicateur is null or a.indicateur is null or {differe}
            order by all
            """
        ).fetchall()
