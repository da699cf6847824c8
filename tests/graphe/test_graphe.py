"""The graph, as text that a reviewer can read: one line per node, `noeud <- entrées`.

After a wanted change: `.venv/bin/python -m tests.graphe.test_graphe`.
"""

from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import defs
from pipelines.feuille_de_route import RACINE
from pipelines.graphe.metadonnees import code

MOIS = defs.resolve_asset_graph().get(dg.AssetKey("arretes")).partitions_def
INSTANTANE = Path(__file__).parent / "graphe.txt"


def texte() -> str:
    """The nodes by group, then by name, each with what it reads."""
    graphe = defs.resolve_asset_graph()
    noeuds = sorted(graphe.asset_nodes, key=lambda n: (n.group_name, n.key.to_user_string()))
    lignes: list[str] = []
    groupe = ""
    for noeud in noeuds:
        if noeud.group_name != groupe:
            groupe = noeud.group_name
            lignes += ["", f"# {groupe}"]
        entrees = ", ".join(sorted(cle.to_user_string() for cle in noeud.parent_keys))
        lignes.append(f"{noeud.key.to_user_string()} <- {entrees or '-'}")
    return "\n".join(lignes).strip() + "\n"


def test_the_graph_is_the_one_reviewed() -> None:
    assert texte() == INSTANTANE.read_text(encoding="utf-8")


def test_every_node_tells_what_a_steward_wants_to_know() -> None:
    """Words, an owner, kinds, a link to its code; columns with meanings, or the SQL of a view."""
    for noeud in defs.resolve_asset_graph().asset_nodes:
        assert noeud.description, noeud.key
        assert noeud.owners, noeud.key
        assert noeud.kinds, noeud.key
        assert [noeud.partitions_def] == [MOIS], noeud.key
        references = noeud.metadata["dagster/code_references"]
        assert all(Path(r.file_path).is_file() for r in references.code_references), noeud.key
        piece = noeud.key.path[0]
        if piece == "bilan" or (piece == "indicateurs" and len(noeud.key.path) == 3):
            assert "```sql" in noeud.description, noeud.key
        if piece not in ("bilan", "arretes", "entrepot"):  # a view's columns are told when made
            colonnes = noeud.metadata["dagster/column_schema"].columns
            assert all(colonne.description for colonne in colonnes), noeud.key


def test_links_to_the_forge_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAN_FORGE", "https://forge.example/bilan/blob/main/")
    [lien] = code(RACINE / "README.md")["dagster/code_references"].code_references
    assert lien.source == "https://forge.example/bilan/blob/main/README.md"


def test_the_workspace_loads_the_definitions() -> None:
    espace = (Path(__file__).parents[2] / "workspace.yaml").read_text(encoding="utf-8")
    assert "module_name: pipelines.definitions" in espace
    dg.Definitions.validate_loadable(defs)


if __name__ == "__main__":
    INSTANTANE.write_text(texte(), encoding="utf-8")
