"""The same queries as a dbt project: a model each, in dbt-duckdb's own file.

Belongs here: what dbt needs around the queries, and how it is called where it is installed
(`make bench` does, in a folder of its own: its packages would change ours).
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pipelines.projet import RACINE
from pipelines.sql import texte
from tests.bench.requetes import RESULTAT, Programme, Requete

INSTALLE = RACINE / ".venv-clients" / "dbt"
_FILS = 2
_SCHEMA = """\
{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name }}{% endmacro %}
"""


def ecrire(dossier: Path, programme: Programme, sortie: Path) -> None:
    """Write the project, whose end puts the values into a Parquet file."""
    fin = f"copy {RESULTAT} to {texte(str(sortie))} (format parquet)"
    projet = {
        "name": "bench",
        "version": "1.0.0",
        "profile": "bench",
        "model-paths": ["models"],
        "macro-paths": ["macros"],
        "models": {"bench": {"+materialized": "table"}},
        "on-run-start": [_brut(sql) for sql in programme.avant],
        "on-run-end": [_brut(fin)],
        "flags": {"send_anonymous_usage_stats": False},
    }
    cible = {"type": "duckdb", "path": str(dossier / "bench.duckdb"), "threads": _FILS}
    profils = {"bench": {"target": "bench", "outputs": {"bench": cible}}}
    fichiers = {
        "dbt_project.yml": json.dumps(projet),  # what is JSON is YAML
        "profiles.yml": json.dumps(profils),
        "macros/schema.sql": _SCHEMA,
        **{f"models/{_modele(r.table)}.sql": _sql(r) for r in programme.requetes},
    }
    for nom, contenu in fichiers.items():
        chemin = dossier / nom
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_text(contenu, encoding="utf-8")


def _modele(table: str) -> str:
    """The name of a model, which is that of no other."""
    return table.replace(".", "__")


def _sql(requete: Requete) -> str:
    """The model of a query: its SQL as it is, the models that it reads named above."""
    dits = "".join(f"-- depends_on: {{{{ ref('{_modele(nom)}') }}}}\n" for nom in requete.lit)
    tete = f"{{{{ config(schema='{requete.schema}', alias='{requete.nom}') }}}}\n"
    return f"{tete}{dits}{_brut(requete.sql)}\n"


def _brut(sql: str) -> str:
    return f"{{% raw %}}{sql}{{% endraw %}}"


def commande(dossier: Path) -> Sequence[str]:
    """`dbt build` of a project, with no package but dbt's own."""
    programme = "from dbt.cli.main import cli; cli()"
    options = ["--project-dir", str(dossier), "--profiles-dir", str(dossier), "--no-version-check"]
    return [sys.executable, "-S", "-c", programme, "--quiet", "build", *options]


def environnement() -> dict[str, str]:
    """What is set where it runs."""
    return {
        "PYTHONPATH": str(INSTALLE),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONDONTWRITEBYTECODE": "",
    }


def installe() -> bool:
    """Whether dbt is."""
    return (INSTALLE / "pret").exists()
