"""The graph, as text that a reviewer can read: one line per node, `noeud <- entrées`.

After a wanted change: `.venv/bin/python -m tests.graphe.test_graphe`.
"""

from pathlib import Path

import dagster as dg

from pipelines.definitions import defs

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


def test_every_node_has_words_a_kind_and_an_owner_of_its_meaning() -> None:
    graphe = defs.resolve_asset_graph()
    for noeud in graphe.asset_nodes:
        assert noeud.description, noeud.key
        if noeud.key.path[0] == "indicateurs" and len(noeud.key.path) == 3:
            assert "```sql" in (noeud.description or ""), noeud.key
        if noeud.key.path[0] in ("livraisons", "faits") and noeud.key.path[-1] != "hors_place":
            assert "dagster/column_schema" in noeud.metadata, noeud.key


def test_the_workspace_loads_the_definitions() -> None:
    espace = (Path(__file__).parents[2] / "workspace.yaml").read_text(encoding="utf-8")
    assert "python_module: pipelines.definitions" in espace
    dg.Definitions.validate_loadable(defs)


if __name__ == "__main__":
    INSTANTANE.write_text(texte(), encoding="utf-8")
