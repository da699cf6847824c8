"""From the nodes of the graph to pages, and back: each leads to what is there."""

import re
from pathlib import Path

import dagster as dg

from pipelines.edition import manifeste
from pipelines.graphe.travail import definitions
from pipelines.region import Region, region

DEFS = definitions(region())
_BASE = "/bilan/"


def _pages(defs: dg.Definitions) -> dict[str, str]:
    return {
        n.key.to_user_string(): str(n.metadata["page"].value)
        for n in defs.resolve_asset_graph().asset_nodes
    }


def test_every_node_leads_to_a_page_that_is_there(interne: Path) -> None:
    for noeud, adresse in _pages(DEFS).items():
        assert adresse.startswith(_BASE), noeud
        fichier, _, ancre = adresse.removeprefix(_BASE).partition("#")
        page = interne / fichier
        assert page.is_file(), (noeud, adresse)
        if ancre:
            assert f'id="{ancre}"' in page.read_text(encoding="utf-8"), (noeud, adresse)


def test_a_node_leads_to_what_it_is_about() -> None:
    pages = _pages(DEFS)
    for noeud, page in {
        "indicateurs/objectif_05/cir_signataires": "indicateurs/cir_signataires.html",
        "bilan/oepre": "bilan.html#objectif_11",
        "bilan/qualite": "bilan.html",
        "livraisons/ofii/cir_signataires": "index.html",
        "rapprochement/chiffres": "bilan.html#anomalies",
        "edition/document": "bilan.docx",
        "entrepot/bilan": "index.html",
    }.items():
        assert pages[noeud] == f"{_BASE}{page}", noeud


def test_every_page_names_a_node_that_is_there(interne: Path) -> None:
    for chemin in manifeste.fichiers(interne):
        if chemin.endswith(".html"):
            [noeud] = re.findall(
                r'<span class="noeud">([a-z0-9_/]+)</span>',
                (interne / chemin).read_text(encoding="utf-8"),
            )
            sa_page = _pages(DEFS)[noeud].removeprefix(_BASE)
            assert sa_page.split("/")[0] == chemin.split("/")[0], (chemin, noeud)


def test_what_may_leave_names_no_node(public: Path) -> None:
    assert not [p for p in public.rglob("*.html") if 'class="noeud"' in p.read_text("utf-8")]


def test_a_region_among_others_has_its_own_addresses() -> None:
    ici = region()
    autre = definitions(Region("normandie", ici.roadmap, ici.raw, ici.warehouse))
    pages = _pages(autre)
    assert pages["normandie/entrepot/bilan"] == "/bilan/normandie/index.html"
