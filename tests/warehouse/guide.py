"""The analysts' guide, with the results of its queries: each ```sql block that a table follows.

`python -m tests.warehouse.guide` writes the results again, from the warehouse published in
`warehouse/`.
"""

import re
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

GUIDE = Path(__file__).parents[2] / "warehouse" / "README.md"
_BLOC = re.compile(r"```sql\n(.*?)\n```\n(\n\|.*?(?=\n\n|\n?\Z))?", re.DOTALL)


def ouvrir(entrepot: Path) -> duckdb.DuckDBPyConnection:
    """The published warehouse, as the guide says to open it."""
    con = duckdb.connect()
    con.execute(f"attach '{entrepot}' as entrepot (read_only); use entrepot")
    return con


def requetes(texte: str) -> list[str]:
    """The SQL of the guide."""
    return [trouve[1] for trouve in _BLOC.finditer(texte)]


def avec_resultats(texte: str, con: duckdb.DuckDBPyConnection) -> str:
    """The guide, every query run again; results stand where there were some."""

    def bloc(trouve: re.Match[str]) -> str:
        # The last statement is the one whose result is shown.
        resultat = con.execute(trouve[1])
        table = f"\n{_table(resultat)}" if trouve[2] else ""
        return f"```sql\n{trouve[1]}\n```\n{table}"

    return _BLOC.sub(bloc, texte)


def _table(resultat: duckdb.DuckDBPyConnection) -> str:
    noms = [colonne[0] for colonne in resultat.description or []]
    lignes = [noms, ["---"] * len(noms), *([*map(_cellule, r)] for r in resultat.fetchall())]
    return "\n".join(f"| {' | '.join(ligne)} |" for ligne in lignes)


def _cellule(valeur: object) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, float):
        return f"{valeur:.10g}"
    if isinstance(valeur, list):
        return "<br>".join(map(str, valeur))
    return str(valeur)


if __name__ == "__main__":
    # The guide's own exports go to a folder that does not stay.
    with TemporaryDirectory() as _ici, chdir(_ici), ouvrir(GUIDE.with_name("bilan.duckdb")) as _con:
        GUIDE.write_text(avec_resultats(GUIDE.read_text("utf-8"), _con), encoding="utf-8")
