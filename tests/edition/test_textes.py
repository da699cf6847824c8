"""What authors write: read from `textes.csv`, put in pages, taken back from an edited document."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_BREAK

from pipelines.edition import document, pages, textes
from pipelines.edition.contenu import Page, Section, Texte
from pipelines.edition.modele_docx import AUTEUR, CITATION
from pipelines.erreurs import Faute
from tests.edition import bureau

PAGE = Page(
    "bilan.html",
    "Bilan",
    (
        Section(
            "Priorité 2 : le parcours",
            "priorite-2",
            (
                Section("Objectif 5 : le CIR", "objectif_05", (Texte("Corps 5."),), "objectif_05"),
                Section(
                    "Objectif 6 : la suite", "objectif_06", (Texte("Corps 6."),), "objectif_06"
                ),
            ),
        ),
        Section("Conclusion : les projets", "conclusion", (Texte("Fin."),), "conclusion"),
        Section("Annexe", "annexe", (Texte("Rien."),)),
    ),
)


def ecrire(dossier: Path, contenu: str) -> textes.Textes:
    (dossier / "textes.csv").write_text(contenu, encoding="utf-8")
    return textes.lire(dossier, {5, 6})


def faire(des: textes.Textes, publique: bool = False) -> bytes:
    return document.docx(textes.poser(PAGE, des), "R", "2021-06", publique)


def changer(octets: bytes, geste: Callable[[Document], None]) -> bytes:
    """A document as a person saves it after a change."""
    ici = docx.Document(io.BytesIO(octets))
    geste(ici)
    sortie = io.BytesIO()
    ici.save(sortie)
    return sortie.getvalue()


def mots(des: textes.Textes) -> dict[str, list[str]]:
    return {ou: [t.texte for t in siens] for ou, siens in des.items()}


def dits(octets: bytes) -> list[tuple[str, str]]:
    """The authors' paragraphs of a document, with their styles."""
    return [
        (p.style.name, p.text)
        for p in docx.Document(io.BytesIO(octets)).paragraphs
        if p.style and p.style.name in (AUTEUR, CITATION)
    ]  # fmt: skip


# textes.csv


def test_texts_are_read_in_order_a_paragraph_a_line(tmp_path: Path) -> None:
    lus = ecrire(
        tmp_path,
        'objectif,rubrique,texte\n5,analyse,Un.\n,exemples,"Deux, trois."\n'
        '5,citation,"Dit.\n\nRedit."\n05,exemples,Quatre.\n',
    )
    assert mots(lus) == {"objectif_05": ["Un.", "Dit.", "Redit.", "Quatre."],
                         "conclusion": ["Deux, trois."]}  # fmt: skip
    assert [t.genre for t in lus["objectif_05"]] == ["auteur", "citation", "citation", "auteur"]


def test_there_may_be_no_such_file(tmp_path: Path) -> None:
    assert textes.lire(tmp_path, {5}) == {}


def test_all_faults_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    with pytest.raises(Faute) as faute:
        ecrire(
            tmp_path,
            "objectif,rubrique,texte\n7,analyse,x\n5,avis,x\n5,analyse, \n5,analyse,a,b\n"
            "v,analyse,x\n",
        )
    lignes = str(faute.value).splitlines()[1:]
    ou = tmp_path / "textes.csv"
    assert [ligne.split(" : ")[0] for ligne in lignes] == [
        f"- {ou}, ligne {n}" for n in (2, 3, 4, 5, 6)
    ]
    for ligne, mot in zip(lignes, ("«7»", "«avis»", "texte est vide", "4", "«v»"), strict=True):
        assert mot in ligne


@pytest.mark.parametrize(
    "contenu", ["objectif,texte\n5,x\n", "", 'objectif,rubrique,texte\n5,"x\n']
)
def test_a_file_that_is_not_one(tmp_path: Path, contenu: str) -> None:
    with pytest.raises(Faute, match=r"textes\.csv"):
        ecrire(tmp_path, contenu)


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "textes.csv").write_bytes(
        "objectif,rubrique,texte\n5,analyse,été\n".encode("latin1")
    )
    with pytest.raises(Faute, match="ne se lit pas"):
        textes.lire(tmp_path, {5})


def test_texts_are_at_the_head_of_their_objective(tmp_path: Path) -> None:
    lus = ecrire(tmp_path, "objectif,rubrique,texte\n5,analyse,Un.\n,citation,Deux.\n")
    page = textes.poser(PAGE, lus)
    [cinq, six] = [b for b in page.blocs[0].blocs if isinstance(b, Section)]  # type: ignore[union-attr]
    assert [b.texte for b in cinq.blocs if isinstance(b, Texte)] == ["Un.", "Corps 5."]
    assert six == PAGE.blocs[0].blocs[1]  # type: ignore[union-attr]
    assert dits(faire(lus)) == [
        (AUTEUR, "Un."), (AUTEUR, "[Analyse à écrire]"), (CITATION, "Deux."),
    ]  # fmt: skip


def test_texts_are_on_pages_as_text(tmp_path: Path) -> None:
    lus = ecrire(tmp_path, "objectif,rubrique,texte\n5,analyse,<b>Un</b>\n5,citation,<i>Deux</i>\n")
    page = pages.html(textes.poser(PAGE, lus), [], "R", "2021-06", "", False, set())
    assert '<p class="auteur">&lt;b&gt;Un&lt;/b&gt;</p>' in page
    assert "<blockquote><p>&lt;i&gt;Deux&lt;/i&gt;</p></blockquote>" in page


# What comes back from a document.


def remplir(texte: str, rang: int = 0) -> Callable[[Document], None]:
    """Write at the place of an objective: the first, the second…"""

    def geste(ici: Document) -> None:
        places = [p for p in ici.paragraphs if p.text == "[Analyse à écrire]"]
        places[rang].runs[0].text = texte

    return geste


def corriger(avant: str, apres: str) -> Callable[[Document], None]:
    def geste(ici: Document) -> None:
        [place] = [p for p in ici.paragraphs if p.text == avant]
        place.runs[0].text = apres

    return geste


def test_nothing_comes_back_from_a_document_that_nobody_changed(tmp_path: Path) -> None:
    lus = ecrire(tmp_path, "objectif,rubrique,texte\n5,analyse,C'est « dit » : 1 000 %\n")
    assert textes.repris(faire(lus)) == {}


def test_what_an_author_wrote_is_in_the_next_document_and_those_after() -> None:
    edite = changer(faire({}), remplir("Le délai baisse : 22 jours.", 1))
    repris = textes.repris(edite)
    assert mots(repris) == {"objectif_06": ["Le délai baisse : 22 jours."]}
    deux = faire(textes.fusionner({}, repris))
    assert (AUTEUR, "Le délai baisse\u00a0: 22 jours.") in dits(deux)
    trois = faire(textes.fusionner({}, textes.repris(deux)))
    assert trois == deux


def test_paragraphs_added_below_come_back_with_their_style() -> None:
    def geste(ici: Document) -> None:
        [*_, place] = [p for p in ici.paragraphs if p.text == "[Analyse à écrire]"]
        place.insert_paragraph_before("Une parole.", CITATION)
        place.insert_paragraph_before("Pas d'un auteur.", "Normal")
        place.runs[0].text = "Une ligne"
        place.runs[0].add_break(WD_BREAK.LINE)
        place.add_run("et une autre.")

    repris = textes.repris(changer(faire({}), geste))
    assert [(t.genre, t.texte) for t in repris["conclusion"]] == [
        ("citation", "Une parole."), ("auteur", "Une ligne"), ("auteur", "et une autre."),
    ]  # fmt: skip


def test_words_written_beside_the_placeholder_come_back_without_it() -> None:
    repris = textes.repris(changer(faire({}), remplir("[Analyse à écrire] Voilà.")))
    assert mots(repris) == {"objectif_05": ["Voilà."]}


def test_without_bookmarks_headings_say_the_objective() -> None:
    def geste(ici: Document) -> None:
        for signet in list(ici.element.body.iter("{*}bookmarkStart")):
            signet.getparent().remove(signet)
        for rang in (0, 0, 0):
            remplir(f"Texte {rang}.", rang)(ici)

    assert mots(textes.repris(changer(faire({}), geste))) == {
        "objectif_05": ["Texte 0."], "objectif_06": ["Texte 0."], "conclusion": ["Texte 0."],
    }  # fmt: skip


def test_a_text_under_no_objective_is_not_taken() -> None:
    def geste(ici: Document) -> None:
        ici.add_paragraph("Hors objectif.", AUTEUR)  # under «Annexe»

    assert textes.repris(changer(faire({}), geste)) == {}


def test_a_text_of_the_file_corrected_in_the_document_replaces_it(tmp_path: Path) -> None:
    lus = ecrire(tmp_path, "objectif,rubrique,texte\n5,analyse,Une fote.\n5,analyse,Bien.\n")
    edite = changer(faire(lus), corriger("Une fote.", "Une faute."))
    deux = faire(textes.fusionner(lus, textes.repris(edite)))
    assert [t for _, t in dits(deux)][:2] == ["Une faute.", "Bien."]
    assert "Une fote." not in [t for _, t in dits(deux)]
    assert faire(textes.fusionner(lus, textes.repris(deux))) == deux


def test_a_text_taken_out_of_the_file_goes_and_a_corrected_one_stays(tmp_path: Path) -> None:
    lus = ecrire(tmp_path, "objectif,rubrique,texte\n5,analyse,Un.\n5,analyse,Deux.\n")
    edite = changer(faire(lus), corriger("Deux.", "Deux, corrigé."))
    assert mots(textes.fusionner({}, textes.repris(edite))) == {"objectif_05": ["Deux, corrigé."]}


def test_the_same_words_are_said_once(tmp_path: Path) -> None:
    edite = changer(faire({}), remplir("Le « délai » : 1\u202f000 jours."))
    lus = ecrire(tmp_path, "objectif,rubrique,texte\n5,analyse,Le « délai » : 1 000 jours.\n")
    assert len(textes.fusionner(lus, textes.repris(edite))["objectif_05"]) == 1


def test_markup_in_a_text_stays_text() -> None:
    sale = "<w:p>&amp; =HYPERLINK(1)"
    edite = changer(faire({}), remplir(sale))
    deux = faire(textes.fusionner({}, textes.repris(edite)))
    assert (AUTEUR, sale) in dits(deux)


def test_what_a_correction_took_away_does_not_come_back() -> None:
    def geste(ici: Document) -> None:
        remplir("Gardé.")(ici)
        [place] = [p for p in ici.paragraphs if p.text == "Gardé."]
        parti = place.add_run(" Déplacé.")._r
        boite = parti.makeelement(parti.tag.replace("}r", "}moveFrom"))
        place._p.append(boite)
        boite.append(parti)

    assert mots(textes.repris(changer(faire({}), geste))) == {"objectif_05": ["Gardé."]}


def test_nothing_inner_comes_back_in_the_public_version() -> None:
    inner = changer(faire({}), remplir("Interne."))
    assert textes.repris(inner, publique=True) == {}

    def geste(ici: Document) -> None:
        [place] = [p for p in ici.paragraphs if p.text == "Fin."]
        place.insert_paragraph_before("Public.", AUTEUR)

    dehors = changer(faire({}, publique=True), geste)
    assert mots(textes.repris(dehors, publique=True)) == {"conclusion": ["Public."]}


@pytest.mark.parametrize("octets", [b"", b"PK\x03\x04abc"])
def test_a_damaged_document_is_told(octets: bytes) -> None:
    with pytest.raises(Faute, match="abîmé"):
        textes.repris(octets)


def test_a_link_that_an_author_adds_does_not_prevent_taking_back() -> None:
    def geste(ici: Document) -> None:
        remplir("Vu.")(ici)
        ici.part.relate_to("https://exemple.invalid/", "http://x/hyperlink", is_external=True)

    assert mots(textes.repris(changer(faire({}), geste))) == {"objectif_05": ["Vu."]}


def test_a_document_saved_by_libreoffice_gives_its_texts_back(tmp_path: Path) -> None:
    lus = {"objectif_06": (Texte("Une parole.", "citation"),)}
    (tmp_path / "edite").mkdir()
    edite = tmp_path / "edite" / "bilan.docx"
    edite.write_bytes(changer(faire(lus), remplir("Écrit à la main.")))
    enregistre = bureau.convertir(edite, "docx", tmp_path)
    assert mots(textes.repris(enregistre.read_bytes())) == {
        "objectif_05": ["Écrit à la main."], "objectif_06": ["Une parole."],
    }  # fmt: skip
