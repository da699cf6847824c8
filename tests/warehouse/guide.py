"""The analysts' guide, with the results of its queries: each ```sql block that a table follows.

`python -m tests.warehouse.guide` writes the results again, from the warehouse published in
`warehouse/`. With a file, this module says as JSON what a client of DuckDB makes of it: it needs
nothing but the client.
"""

import hashlib
import json
import re
import sys
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

MACROS = {
    "arrete": "arrete()",
    "fin_du_mois": "fin_du_mois('2020-02')",
    "jour_arrete": "jour_arrete()",
    "annees": "(select count(*) from annees())",
    "tranche_age": "tranche_age(25)",
    "profil_renseigne": "profil_renseigne('F', 25, 'x')",
    "atteint_niveau": "atteint_niveau('B1', 'A2')",
    "atteint_a1": "atteint_a1('A1')",
    "outil_deploye": "outil_deploye('DEPLOYE', date '2020-01-01', null, date '2020-02-01')",
    "valeur": "valeur('cir_signataires', 'Nord', '2020')",
    "serie": "(select count(*) from serie('cir_signataires'))",
    "arrondi": "arrondi(0.5, 0)",
    "diffusable": "diffusable(7)",
    "en_francais": "en_francais(1316, 0)",
    "affiche": "affiche(48.52, '%')",
    "affiche_evolution": "affiche_evolution(6.34)",
    "affiche_changement": "affiche_changement(6.34, 3.2, '%')",
    "affiche_maturite": "affiche_maturite('recente')",
    "affiche_livraisons": "affiche_livraisons(5, 4, 'Nord 2020-11')",
    "bilan_choisi": "bilan_choisi()",
    "mesuree": "(select mesuree('valeur', v) from indicateurs.valeurs as v where indicateur = "
    "'projets_finances' and territoire = 'R32' and periode = '2020' and ventilation = 'total' "
    "and arrete = arrete())",
    "plier": "plier('Pas-de-Calais')",
    "territoire_de": "territoire_de('nord')",
    "indicateur_de": "indicateur_de('cir_signataires')",
    "arrete_de": "arrete_de('2020-12')",
    "population": "population('59', date '2020-12-31')",
    "pour_10_000": "pour_10_000('cir_signataires', 'Nord', '2020')",
    "faits_au": "(select count(*) from faits_au('ddcs/projets', '2020-12'))",
    "lignes": "(select sum(numerateur) from lignes('projets_finances', 'Nord', '2020'))",
}
GUIDE = Path(__file__).parents[2] / "warehouse" / "README.md"
_BLOC = re.compile(r"```sql\n(.*?)\n```\n(\n\|.*?(?=\n\n|\n?\Z))?", re.DOTALL)


def ouvrir(entrepot: Path) -> duckdb.DuckDBPyConnection:
    """The published warehouse, as the guide says to open it."""
    return duckdb.connect(str(entrepot), read_only=True)


def tout(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What every view and every macro of the warehouse gives."""
    vues = con.execute(
        """
        select distinct schema_name || '.' || view_name from duckdb_views()
        where not internal and not temporary
        """
    )
    # Those of `bilan` are in the order of the bilan, the others in none.
    requetes = {
        nom: f"from {nom}{'' if nom.startswith('bilan.') else ' order by all'}"
        for (nom,) in vues.fetchall()
    }
    requetes |= {nom: f"select {appel}" for nom, appel in MACROS.items()}
    return {nom: _resume(con.execute(sql).fetchall()) for nom, sql in sorted(requetes.items())}


def _resume(lignes: list[Any]) -> str:
    """Rows, whatever their order; the sum of those that are many."""
    dites = "\n".join(sorted(map(repr, lignes)))
    return dites if len(dites) < 1000 else hashlib.sha256(dites.encode()).hexdigest()


def essayer(entrepot: Path) -> dict[str, Any]:
    """What a client makes of the file: the guide, and all that each way to open it gives."""
    con = ouvrir(entrepot)
    guide = avec_resultats(GUIDE.read_text("utf-8"), con)
    con.execute("use bilan")  # another schema by default, and a table named like a view
    con.execute("create temp table objectifs as select 1 as a")
    voies = {"direct": tout(con), "curseur": tout(con.cursor())}
    con.close()
    con = duckdb.connect()
    con.execute(f"attach '{entrepot}' as autre (read_only); use autre")
    voies["attaché"] = tout(con)
    return {"version": duckdb.__version__, "guide": guide, "voies": voies}


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
    _publie = Path(sys.argv[1] if sys.argv[1:] else GUIDE.with_name("entrepot.duckdb")).absolute()
    with TemporaryDirectory() as _ici, chdir(_ici):
        _essai = essayer(_publie)
    if sys.argv[1:]:
        json.dump(_essai, sys.stdout)
    else:
        GUIDE.write_text(_essai["guide"], encoding="utf-8")
