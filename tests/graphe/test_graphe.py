"""The graph, as text that a reviewer can read: one line per node, `noeud <- entrées`.

After a wanted change: `.venv/bin/python -m tests.graphe.test_graphe`.
"""

from pathlib import Path

import dagster as dg
import pytest

from pipelines import vues
from pipelines.feuille_de_route import RACINE
from pipelines.graphe.metadonnees import code
from pipelines.graphe.travail import definitions
from pipelines.region import region

DEFS = definitions(region())
MENSUELS = {"indicateurs/valeurs", "orientations/avancement", "entrepot/bilan"}
INSTANTANE = Path(__file__).parent / "graphe.txt"


def texte() -> str:
    """The nodes by group, then by name, each with what it reads."""
    graphe = DEFS.resolve_asset_graph()
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
    lues = vues.lire()
    for noeud in DEFS.resolve_asset_graph().asset_nodes:
        assert noeud.description, noeud.key
        assert not noeud.description.startswith(">"), noeud.key
        assert noeud.code_version, noeud.key
        assert noeud.owners, noeud.key
        assert noeud.kinds, noeud.key
        nom = noeud.key.to_user_string()
        assert (noeud.partitions_def is not None) == (nom in MENSUELS), noeud.key
        references = noeud.metadata["dagster/code_references"]
        assert all(Path(r.file_path).is_file() for r in references.code_references), noeud.key
        table = noeud.metadata.get("dagster/table_name")
        est_vue = table in {vue.table for vue in lues}
        if est_vue or (noeud.key.path[0] == "indicateurs" and len(noeud.key.path) == 3):
            assert noeud.metadata["requête"].value.startswith("```sql\n"), noeud.key
        if table and not est_vue:  # a view's columns are told when made
            colonnes = noeud.metadata["dagster/column_schema"].columns
            assert all(colonne.description for colonne in colonnes), noeud.key


def test_links_to_the_forge_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAN_FORGE", "https://forge.example/bilan/blob/main/")
    [lien] = code(RACINE / "README.md")["dagster/code_references"].code_references
    assert lien.source == "https://forge.example/bilan/blob/main/README.md"


def test_no_two_nodes_claim_one_table() -> None:
    tables = [n.metadata.get("dagster/table_name") for n in DEFS.resolve_asset_graph().asset_nodes]
    claimed = [table for table in tables if table]
    assert len(claimed) == len(set(claimed))


def test_no_edge_says_what_others_say() -> None:
    graphe = DEFS.resolve_asset_graph()
    for noeud in graphe.asset_nodes:
        for parent in noeud.parent_keys:
            autres = noeud.parent_keys - {parent}
            assert not any(parent in graphe.get_ancestor_asset_keys(a) for a in autres), noeud.key


def test_groups_sort_in_the_order_of_the_work() -> None:
    """A node never hangs on one of a later group."""
    graphe = DEFS.resolve_asset_graph()
    for noeud in graphe.asset_nodes:
        for parent in noeud.parent_keys:
            avant, apres = (str(graphe.get(k).group_name)[0] for k in (parent, noeud.key))
            assert avant <= apres, noeud.key


def test_the_workspace_loads_the_definitions() -> None:
    espace = (Path(__file__).parents[2] / "workspace.yaml").read_text(encoding="utf-8")
    assert "module_name: pipelines.definitions" in espace
    dg.Definitions.validate_loadable(DEFS)


@pytest.mark.parametrize("job", ["rafraichir", "retirer", "__ASSET_JOB"])
@pytest.mark.parametrize(
    ("ressource", "reglages"),
    [("atelier", {"raw": "/ailleurs"}), ("io_manager", {"base_dir": "/ailleurs"})],
)
def test_a_run_does_not_choose_its_folders(
    job: str, ressource: str, reglages: dict[str, str]
) -> None:
    choisi = {"resources": {ressource: {"config": reglages}}}
    dg.validate_run_config(DEFS.resolve_job_def(job), {})
    with pytest.raises(dg.DagsterInvalidConfigError, match="unexpected config entry"):
        dg.validate_run_config(DEFS.resolve_job_def(job), choisi)


if __name__ == "__main__":
    INSTANTANE.write_text(texte(), encoding="utf-8")
