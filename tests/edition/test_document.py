"""The document: what a Word file says of a page, on ours or on a region's own template."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Twips

from pipelines.edition import document, images, modele_docx, oxml, pages, regional, source
from pipelines.edition.contenu import (
    PROVISOIRE,
    Colonne,
    Graphique,
    Lien,
    Liste,
    Nombre,
    Page,
    Section,
    Tableau,
    Texte,
    Trace,
    parcourir,
)
from pipelines.edition.pages import INTERNE, PUBLIQUE
from pipelines.erreurs import Faute
from tests.edition import bureau

CLE = ("oepre_ateliers", "R32", "2019-2020", "total", "total", "valeur")
CHIFFRES = Tableau(
    "chiffres-objectif_11",
    "Les chiffres",
    (
        Colonne("Indicateur"),
        Colonne("Période"),
        Colonne("Valeur", "provisoire : période en cours"),
        Colonne("Évolution"),
        Colonne("Par mois"),
    ),
    (
        (Lien("Ateliers OEPRE", "indicateurs/oepre_ateliers.html"), "2019-2020",
         Nombre(653.0, "653", "ateliers", "", CLE), Nombre(41.96, "+ 42 %", "%"),
         Trace((1.0, 2.0), "deux mois")),
        (Lien("Heures dispensées", "indicateurs/heures.html"), "2021",
         Nombre(12345.0, "12 345", "heures", PROVISOIRE), None, None),
    ),
    "Source : indicateurs.valeurs, arrêté 2021-06.",
)  # fmt: skip
LONG = Tableau(
    "vue-longue",
    "Une longue table",
    (Colonne("Nom de la ligne"), Colonne("Nombre")),
    tuple((f"rang {n}", Nombre(n, str(n))) for n in range(120)),
    "Source : bilan.longue.",
)
LARGE = Tableau(
    "orientations-large",
    "Orientations",
    tuple(Colonne(f"Avancement{n}") for n in range(14)),
    (tuple(Nombre(n, str(n)) for n in range(14)),),
    "Source : bilan.orientations.",
)
SPEC = {
    "data": {"values": [{"x": "a", "y": 653}]},
    "mark": "bar",
    "width": 2000,
    "encoding": {"x": {"field": "x"}, "y": {"field": "y", "type": "quantitative"}},
}
DONNEES = Tableau(
    "graphique-1-donnees", "Ateliers", (Colonne("Période"), Colonne("Valeur")),
    (("2019-2020", Nombre(653.0, "653", "ateliers", "", CLE)),), "Source : indicateurs.valeurs.",
)  # fmt: skip
GRAPHIQUE = Graphique("graphique-1", "Ateliers par an", SPEC, "Une barre : 653.", DONNEES)
DES_AUTRES = Graphique(
    "graphique-2", "Groupes par an", SPEC, "Une barre : 28.",
    Tableau("graphique-2-donnees", "Groupes", (Colonne("Période"), Colonne("Valeur")),
            (("2019-2020", Nombre(28.0, "28")),), "Source : indicateurs.valeurs."),
)  # fmt: skip
PAGE = Page(
    "bilan.html",
    "Bilan de la politique d'intégration",
    (
        Section("Synthèse", "synthese", (Texte("À lire : <w:p>&amp;", "note"),)),
        Section(
            "Priorité 3 : le français",
            "priorite-3",
            (
                Section(
                    "Objectif 11 : apprendre",
                    "objectif_11",
                    (CHIFFRES, GRAPHIQUE, DES_AUTRES,
                     Section("Orientations", "o", (Liste(("=1+1", Lien("Une page", "x.html"))),))),
                    objectif="objectif_11",
                ),
                Section("Objectif 12 : reprendre", "objectif_12", (LARGE,), "objectif_12"),
            ),
        ),
        Section("Conclusion", "conclusion", (LONG,), "conclusion"),
    ),
    surtitre="Arrêté 2021-06",
)  # fmt: skip


def faire(page: Page = PAGE, publique: bool = False, modele: bytes | None = None) -> bytes:
    return document.docx(page, "Hauts-de-France", "2021-06", publique, modele)


@pytest.fixture(scope="module")
def octets() -> bytes:
    return faire()


@pytest.fixture(scope="module")
def ecrit(octets: bytes) -> Document:
    return docx.Document(io.BytesIO(octets))


def titres(lu: Document) -> list[tuple[str, str]]:
    return [(p.style.name, p.text) for p in lu.paragraphs if p.style.name.startswith("Heading")]  # type: ignore[union-attr]


def legendes(lu: Document) -> list[str]:
    return [p.text for p in lu.paragraphs if p.style.name == "Caption"]  # type: ignore[union-attr]


def corps(octets: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return archive.read("word/document.xml").decode()


def pieds(octets: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        for nom in archive.namelist():
            if re.match(r"word/footer\d*\.xml", nom):
                yield archive.read(nom).decode()


def test_of_thousands_of_rows_the_first_are_printed_and_it_is_said() -> None:
    rangees = tuple((f"rang {n}", Nombre(n, str(n))) for n in range(1234))
    enorme = replace(LONG, lignes=rangees, note="Une note.")
    page = Page("x.html", "Bilan", (enorme,))
    [table] = document.relire(faire(page)).values()
    assert [ligne[0] for ligne in table[1:]] == [f"rang {n}" for n in range(300)]
    html = pages.html(page, [], "Région", "2021-06", "", publique=False, connues=set())
    assert "rang 299<" in html
    assert "rang 300<" not in html
    dit = "Les 300 premières de 1\u202f234 lignes\u202f; toutes sont dans le classeur."
    for texte in (html, corps(faire(page))):
        assert f"Une note. {dit}" in texte


def test_three_hundred_rows_are_printed_whole() -> None:
    juste = replace(LONG, lignes=tuple((f"rang {n}", None) for n in range(300)))
    assert document.imprime(juste).lignes == tuple((f"rang {n}",) for n in range(300))
    assert "premières" not in document.imprime(juste).note


def test_headings_are_styles_in_order_and_depth(ecrit: Document) -> None:
    assert titres(ecrit) == [
        ("Heading 1", "Synthèse"),
        ("Heading 1", "Priorité 3\u00a0: le français"),
        ("Heading 2", "Objectif 11\u00a0: apprendre"),
        ("Heading 3", "Orientations"),
        ("Heading 2", "Objectif 12\u00a0: reprendre"),
        ("Heading 1", "Conclusion"),
        ("Heading 1", "Lire les colonnes des tableaux"),
    ]


def test_contents_are_a_field_that_lists_the_headings_already(ecrit: Document) -> None:
    [boite] = ecrit.element.body.iter(qn("w:sdt"))
    assert any("TOC" in (c.text or "") for c in boite.iter(qn("w:instrText")))
    lignes = [
        "".join(t.text or "" for t in lien.iter(qn("w:t")))
        for lien in boite.iter(qn("w:hyperlink"))
    ]
    voulus = [t for s, t in titres(ecrit) if s in ("Heading 1", "Heading 2")]
    assert lignes == [f"{titre}…" for titre in voulus]
    signets = {s.get(qn("w:name")) for s in ecrit.element.body.iter(qn("w:bookmarkStart"))}
    assert {lien.get(qn("w:anchor")) for lien in boite.iter(qn("w:hyperlink"))} <= signets


def test_captions_are_numbered_by_fields(ecrit: Document, octets: bytes) -> None:
    assert legendes(ecrit) == [
        "Tableau\u00a01\u00a0: Les chiffres",
        "Figure\u00a01\u00a0: Ateliers par an",
        "Figure\u00a02\u00a0: Groupes par an",
        "Tableau\u00a02\u00a0: Groupes",
        "Tableau\u00a03\u00a0: Orientations",
        "Tableau\u00a04\u00a0: Une longue table",
        "Tableau\u00a05\u00a0: Ce que disent les colonnes",
    ]
    assert corps(octets).count("SEQ Tableau") == 5
    assert corps(octets).count("SEQ Figure") == 2


def test_a_chart_s_table_is_left_out_where_its_figures_are_in_another(ecrit: Document) -> None:
    assert not any("Ateliers" in nom for nom in legendes(ecrit) if nom.startswith("Tableau"))
    assert any("Groupes" in nom for nom in legendes(ecrit) if nom.startswith("Tableau"))


def test_charts_have_their_words_and_fit_the_page(ecrit: Document) -> None:
    images_ = list(ecrit.element.body.iter(qn("wp:docPr")))
    assert [i.get("descr") for i in images_] == ["Une barre\u00a0: 653.", "Une barre\u00a0: 28."]
    numeros = [i.get("id") for i in images_]
    assert len(set(numeros)) == 2
    for dessin in ecrit.inline_shapes:
        assert dessin.width <= Cm(17) + Twips(1)


def test_pictures_are_at_three_hundred_dots_an_inch() -> None:
    png = images.png({**SPEC, "width": 96, "padding": 0, "autosize": "none", "height": 96})
    large = int.from_bytes(png[16:20], "big")
    assert large == 300  # 96 units of SVG are an inch


def test_rows_are_whole_and_the_header_repeats(ecrit: Document) -> None:
    for table in ecrit.tables:
        rangs = list(table._tbl.iter(qn("w:tr")))
        assert [bool(list(r.iter(qn("w:tblHeader")))) for r in rangs] == [True] + [False] * (
            len(rangs) - 1
        )
        assert all(list(r.iter(qn("w:cantSplit"))) for r in rangs)
        assert table.style is not None
        assert table.style.name == modele_docx.TABLEAU


def test_numbers_and_marks_are_those_of_the_page(octets: bytes) -> None:
    lu = document.relire(octets)[document.cle_relue(CHIFFRES)]
    assert lu == [
        ["Indicateur", "Période", "Valeur", "Évolution"],
        ["Ateliers OEPRE", "2019-2020", "653", "+\u00a042\u202f%"],
        ["Heures dispensées", "2021", "12\u202f345 provisoire", "—"],
    ]
    assert [r[1] for r in document.relire(octets)["vue_longue"][1:]] == [str(n) for n in range(120)]


def test_numbers_are_on_the_right(ecrit: Document) -> None:
    for rang in (1, 2):
        styles = [c.paragraphs[0].style.name for c in ecrit.tables[0].rows[rang].cells]
        assert styles == [modele_docx.TEXTE] * 2 + [modele_docx.NOMBRE] * 2
    droite: Any = ecrit.styles[modele_docx.NOMBRE]
    assert droite.paragraph_format.alignment == 2


def test_a_long_name_is_said_once(octets: bytes) -> None:
    nom = "Un nom qui a plus de vingt-quatre lettres"
    table = Tableau(
        "t", "T", (Colonne("Nom"), Colonne("N")),
        ((nom, Nombre(1, "1")), (nom, Nombre(2, "2")), ("Court", Nombre(3, "3")),
         ("Court", Nombre(4, "4"))), "Source : x.",
    )  # fmt: skip
    lu = document.relire(faire(Page("p.html", "P", (table,))))["t"]
    assert [r[0] for r in lu] == ["Nom", nom, "", "Court", "Court"]
    assert [r[1] for r in lu] == ["N", "1", "2", "3", "4"]


def test_a_wide_table_turns_the_page_and_no_other(ecrit: Document) -> None:
    sections = [s.page_width > s.page_height for s in ecrit.sections]  # type: ignore[operator]
    assert sections == [False, True, False]
    for table in ecrit.tables:
        large = sum(int(c.get(qn("w:w"))) for c in table._tbl.iter(qn("w:gridCol")))
        limite = 25.7 if len(table.columns) == 14 else 17
        assert large <= limite / 2.54 * 1440 + len(table.columns)


def test_a_document_may_end_on_a_turned_page() -> None:
    lu = docx.Document(io.BytesIO(faire(Page("p.html", "P", (Section("S", "s", (LARGE,)),)))))
    assert [s.page_width > s.page_height for s in lu.sections] == [False, True]  # type: ignore[operator]


@pytest.mark.parametrize(("publique", "notice"), [(False, INTERNE), (True, PUBLIQUE)])
def test_every_page_says_where_it_may_go_and_its_number(publique: bool, notice: str) -> None:
    octets = faire(publique=publique)
    [pied] = pieds(octets)
    dit = "".join(re.findall(r"<w:t[^>]*>([^<]*)", pied)).replace("\u00a0", " ")
    assert dit.startswith(notice)
    assert " PAGE " in pied
    assert " NUMPAGES " in pied
    autre = INTERNE if publique else PUBLIQUE
    assert autre not in corps(octets).replace("\u00a0", " ")


def test_only_the_inner_version_says_where_to_write() -> None:
    assert corps(faire()).count("[Analyse à écrire]") == 3
    assert "[Analyse à écrire]" not in corps(faire(publique=True))


def test_it_is_in_french_and_nobody_s() -> None:
    lu = docx.Document(io.BytesIO(faire()))
    fiche = lu.core_properties
    assert (fiche.language, fiche.author, fiche.last_modified_by) == ("fr-FR", "", "")
    assert fiche.title == "Bilan de la politique d'intégration, arrêté 2021-06"
    langues = [n.get(qn("w:val")) for n in lu.styles.element.iter(qn("w:lang"))]
    assert langues == ["fr-FR"]


def test_the_same_page_gives_the_same_bytes(octets: bytes) -> None:
    assert faire() == octets
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert {m.date_time for m in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_markup_and_formulas_stay_text(ecrit: Document) -> None:
    dits = [p.text for p in ecrit.paragraphs]
    assert "À lire\u00a0: <w:p>&amp;" in dits
    assert "=1+1" in dits


def test_what_xml_forbids_is_taken_away() -> None:
    sale = "a\x00b\x0bc\ufffed\ud800e"
    table = Tableau("t", sale, (Colonne(sale),), ((sale,),), sale)
    page = Page("p.html", sale, (Section(sale, "s", (Texte(sale), table)),))
    lu = docx.Document(io.BytesIO(faire(page)))
    assert titres(lu) == [("Heading 1", "abcde")]
    assert lu.tables[0].rows[1].cells[0].text == "abcde"


# On a region's own template.


def modele(*textes: str) -> bytes:
    """A template with a letterhead, a page of its own and a colour of its own."""
    ici = docx.Document()
    ici.core_properties.author = "Une Personne"
    section = ici.sections[0]
    section.page_width, section.page_height = Cm(20), Cm(28)
    section.left_margin = section.right_margin = Cm(3)
    section.header.paragraphs[0].text = "PRÉFET DE LA RÉGION"
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "PREMIÈRE PAGE"
    titre: Any = ici.styles["Heading 1"]
    titre.font.name = "Marianne"
    for texte in textes:
        ici.add_paragraph(texte)
    return enregistre(ici)


def enregistre(ici: Document) -> bytes:
    sortie = io.BytesIO()
    ici.save(sortie)
    return sortie.getvalue()


def test_a_template_keeps_its_letterhead_page_and_styles() -> None:
    octets = faire(modele=modele("à enlever"))
    lu = docx.Document(io.BytesIO(octets))
    assert "à enlever" not in corps(octets)
    premiere = lu.sections[0]
    assert premiere.first_page_header.paragraphs[0].text == "PREMIÈRE PAGE"
    for section in lu.sections:
        assert section.header.paragraphs[0].text == "PRÉFET DE LA RÉGION"
        assert {round(c.cm, 2) for c in (section.page_width, section.page_height) if c} == {
            20.0, 28.0,
        }  # fmt: skip
    assert [s.different_first_page_header_footer for s in lu.sections] == [True, False, False]
    assert lu.styles["Heading 1"].font.name == "Marianne"
    assert lu.core_properties.author == ""
    assert all(INTERNE in pied.replace("\u00a0", " ") for pied in pieds(octets))
    assert len(list(pieds(octets))) == 2
    assert titres(lu)[0] == ("Heading 1", "Synthèse")


def test_the_bilan_takes_the_place_that_a_template_gives_it() -> None:
    lu = docx.Document(io.BytesIO(faire(modele=modele("Couverture", "{{bilan}}", "Le préfet"))))
    dits = [p.text for p in lu.paragraphs]
    assert dits[0] == "Couverture"
    assert dits[-1] == "Le préfet"
    assert "{{bilan}}" not in dits
    assert "Synthèse" in dits


def test_a_template_does_not_tell_who_made_it() -> None:
    ici = docx.Document(io.BytesIO(modele("Couverture", "{{bilan}}")))
    ici.add_comment(ici.paragraphs[0].runs, "À revoir", author="Une Personne")
    avant, apres = enregistre(ici), faire(modele=enregistre(ici))
    for octets, dite in ((avant, True), (apres, False)):
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            assert any(b"Une Personne" in archive.read(n) for n in archive.namelist()) == dite
    assert "commentReference" not in corps(apres)
    assert "Couverture" in corps(apres)


def test_a_template_whose_cover_is_a_section_of_its_own() -> None:
    ici = docx.Document(io.BytesIO(modele("Couverture")))
    ici.add_section().header.is_linked_to_previous = True
    ici.add_paragraph("{{bilan}}")
    lu = docx.Document(io.BytesIO(faire(modele=enregistre(ici))))
    assert lu.paragraphs[0].text == "Couverture"
    assert [s.page_width > s.page_height for s in lu.sections] == [False, False, True, False]  # type: ignore[operator]
    assert all(s.header.paragraphs[0].text == "PRÉFET DE LA RÉGION" for s in lu.sections)


def test_a_template_that_numbers_its_pages_is_not_numbered_twice() -> None:
    ici = docx.Document()
    oxml.champ(ici.sections[0].footer.paragraphs[0]._p, "PAGE", "1")
    [pied] = pieds(faire(modele=enregistre(ici)))
    assert pied.count("PAGE") == 1
    assert INTERNE in pied.replace("\u00a0", " ")


def test_a_template_without_our_styles_is_given_them() -> None:
    ici = docx.Document()
    styles = ici.styles.element
    for style in list(styles.iter(qn("w:style"))):
        if not style.get(qn("w:default")):
            styles.remove(style)
    lu = docx.Document(io.BytesIO(faire(modele=enregistre(ici))))
    assert [t for _, t in titres(lu)][:2] == ["Synthèse", "Priorité 3\u00a0: le français"]
    assert "–\u00a0=1+1" in [p.text for p in lu.paragraphs]


def lien_externe() -> bytes:
    ici = docx.Document()
    ici.part.relate_to("https://exemple.invalid/", "http://x/hyperlink", is_external=True)
    return enregistre(ici)


def macro() -> bytes:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    ici = docx.Document()
    part = Part(PackURI("/word/vbaProject.bin"), "application/vnd.ms-office.vbaProject", b"x",
                ici.part.package)  # fmt: skip
    ici.part.relate_to(part, "http://schemas.microsoft.com/office/2006/relationships/vbaProject")
    return enregistre(ici)


def champ_dde() -> bytes:
    ici = docx.Document()
    oxml.champ(ici.sections[0].header.paragraphs[0]._p, 'DDEAUTO excel "x"', "")
    return enregistre(ici)


def autre_archive() -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        archive.writestr("a.txt", "a")
    return sortie.getvalue()


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"", "abîmé"),
        (b"du texte", "abîmé"),
        (autre_archive(), "abîmé"),
        (modele()[:-100], "abîmé"),
        (lien_externe(), "https://exemple.invalid/"),
        (macro(), "vbaProject.bin"),
        (champ_dde(), "DDEAUTO"),
    ],
    ids=["empty", "text", "archive", "cut", "external", "macro", "field"],
)
def test_a_template_that_cannot_serve_is_refused(tmp_path: Path, octets: bytes, dit: str) -> None:
    (tmp_path / "modele.docx").write_bytes(octets)
    with pytest.raises(Faute, match=re.escape(dit)) as faute:
        modele_docx.lire(tmp_path)
    assert str(tmp_path / "modele.docx") in str(faute.value)
    assert "\n" not in str(faute.value)


def test_a_template_is_optional_and_read_as_it_is(tmp_path: Path) -> None:
    assert modele_docx.lire(tmp_path) is None
    (tmp_path / "modele.docx").write_bytes(modele())
    assert modele_docx.lire(tmp_path) == modele()


# Laid out as pages.


@pytest.fixture(scope="module")
def imprimee(octets: bytes, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    dossier = tmp_path_factory.mktemp("pdf")
    fichier = dossier / "bilan.docx"
    fichier.write_bytes(octets)
    return bureau.pages(bureau.convertir(fichier, "pdf", dossier))


def test_libreoffice_prints_it_with_contents_and_headings(imprimee: list[str]) -> None:
    sommaire = imprimee[1]
    for titre in ("Synthèse", "Objectif 11", "Objectif 12", "Conclusion"):
        assert titre in sommaire
        assert any(titre in page for page in imprimee[2:])


def test_each_printed_page_has_its_notice_and_number(imprimee: list[str]) -> None:
    for rang, page in enumerate(imprimee, start=1):
        assert INTERNE in page.replace("\u00a0", " ")
        assert re.search(rf"Page\s+{rang}\s+/\s+{len(imprimee)}\b", page)


def test_a_header_is_printed_again_on_the_next_page(imprimee: list[str]) -> None:
    avec = [page for page in imprimee if re.search(r"\brang \d+", page)]
    assert len(avec) > 1
    assert all("Nom de la ligne" in page for page in avec)
    assert sorted(int(n) for page in avec for n in re.findall(r"\brang (\d+)", page)) == list(
        range(120)
    )


def test_no_heading_is_alone_at_the_foot_of_a_page(imprimee: list[str]) -> None:
    for page in imprimee:
        lignes = [ligne.strip() for ligne in page.splitlines() if ligne.strip()][:-1]
        assert not lignes or not re.match(r"(Objectif|Priorité|Tableau|Conclusion)\b", lignes[-1])


# Of the demonstration.


@pytest.mark.parametrize("publique", [False, True])
def test_all_numbers_of_the_demonstration_are_in_its_document(
    entrepot: Path, publique: bool
) -> None:
    with source.ouvrir(entrepot.parent, publique=publique) as lue:
        page = regional.page(lue)
        octets = document.docx(page, lue.region["libelle"], lue.arrete, publique)
    lus = document.relire(octets)
    comptes = 0
    for bloc in parcourir(page.blocs):
        if isinstance(bloc, Tableau):
            imprime = document.imprime(bloc)
            lignes = lus[document.cle_relue(bloc)][1:]
            for ligne, lue_ in zip(imprime.lignes, lignes, strict=True):
                for cellule, dit in zip(ligne, lue_, strict=True):
                    if isinstance(cellule, Nombre):
                        comptes += 1
                        assert dit == document.en_mots(cellule)
    assert comptes > 1000
