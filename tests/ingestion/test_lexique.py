"""Words that stand for codes, whatever the list: what folding and plurals may not do."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import feuille_de_route
from pipelines.codes import Code
from pipelines.ingestion.lexique import Formes, accorder, replier

LISTES = feuille_de_route.lire().listes


def test_each_code_and_label_of_each_list_is_read_as_itself() -> None:
    for nom, liste in LISTES.items():
        formes = Formes(liste)
        for code in liste:
            for texte in filter(None, (code.code, code.libelle, *code.noms)):
                for ecrit in (texte, texte.upper(), texte.replace(" ", "_"), f" {texte} "):
                    assert formes.code(ecrit) == code.code, (nom, ecrit)


def _sans_s(mot: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d]{2,}[^\W\dsx]", mot)) and not mot.isupper()


def test_each_label_is_read_in_the_plural() -> None:
    """Each word with an s, where it has none yet."""
    for nom, liste in LISTES.items():
        formes = Formes(liste)
        for code in liste:
            if code.libelle and not code.libelle.isupper():
                mots = [f"{m}s" if _sans_s(m) else m for m in code.libelle.split()]
                assert formes.code(" ".join(mots)) == code.code, (nom, mots)


def test_a_plural_that_two_codes_claim_is_neither_s() -> None:
    formes = Formes([Code("A1", "Fil"), Code("B1", "Fils")])
    assert formes.code("fil") == "A1"
    assert formes.code("FILS") == "B1"
    formes = Formes([Code("A1", "Cours du soir"), Code("B1", "Cour du soir")])
    assert formes.code("cours du soir") == "A1"
    assert formes.code("cours du soirs") is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20))
def test_folding_is_stable(texte: str) -> None:
    assert replier(replier(texte)) == replier(texte)
    assert not any(c.isspace() for c in replier(texte) + accorder(texte))
