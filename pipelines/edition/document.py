"""A page as a Word document: headings, tables, captions, charts, contents, for people to edit.

What it says is in `contenu`; on what it is written, in `modele_docx`. Numbers are those of the
page, in the same words: nothing is computed here.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.shape import CT_Inline
from docx.section import Section as SectionDeWord
from docx.shared import Cm, Emu

from pipelines.edition import colonnes, images, modele_docx, oxml
from pipelines.edition.contenu import (
    Bloc,
    Cellule,
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
    abrege,
    parcourir,
    sans_vides,
    typographie,
)
from pipelines.edition.modele_docx import (
    ALERTE,
    AUTEUR,
    AVIS,
    CITATION,
    CODE,
    CORPS,
    ENTETE,
    ETAT,
    IMAGE,
    LEGENDE,
    NOMBRE,
    NOTE,
    POINT,
    SOMMAIRE,
    SOURCE,
    SOUS_TITRE,
    TABLEAU,
    TEXTE,
    TITRE,
)
from pipelines.edition.oxml import champ, fils, morceau, nom_de_signet, paragraphe, propre, signet
from pipelines.edition.pages import avis
from pipelines.edition.textes import A_ECRIRE, PUBLIC
from pipelines.edition.textes import SIGNET as SIGNET_DE_TEXTE

SIGNET_DE_TABLEAU = "tableau_"
VIDE, SUITE = "—", ""
"""What a cell without value says, and one whose words are those of the cell above."""
_GENRES = {
    "": "Normal", "note": NOTE, "alerte": ALERTE, "code": CODE, "auteur": AUTEUR,
    "citation": CITATION,
}  # fmt: skip
_AU_SOMMAIRE = 2
_LONG = 24
"""Letters of a name of a row that is said once for all its rows."""
_D_UN_BLOC = 10
"""Rows of a table that is kept on one page."""
_PREMIER = 10_000
"""Numbers of our bookmarks and pictures begin where those of a template do not reach."""


def docx(
    page: Page, region: str, arrete: str, publique: bool = False, modele: bytes | None = None
) -> bytes:
    """A page as a document; the same page gives the same bytes.

    Args:
        page: what it says.
        region: the name of the region.
        arrete: the month.
        publique: whether it may leave; the page is then that of what may.
        modele: the region's template (`modele_docx.lire`), or none.

    Raises:
        Faute: the template cannot serve.
    """
    document, place = modele_docx.preparer(modele)
    modele_docx.signer(document, avis(publique))
    _Redaction(document, page, publique).ecrire(region, arrete, place)
    _proprietes(document, page, arrete)
    sortie = io.BytesIO()
    document.save(sortie)
    return oxml.sans_date(sortie.getvalue())


def relire(octets: bytes) -> dict[str, list[list[str]]]:
    """The tables of a document, by their key on the page: the texts of their cells, row by row.

    The first row is the header. A name said once for several rows is in the first of them only.
    """
    corps = modele_docx.ouvrir(octets, "Le document").element.body
    lus: dict[str, list[list[str]]] = {}
    cle = ""
    for element in corps:
        for nom in element.iter(qn("w:bookmarkStart")):
            if str(nom.get(qn("w:name"))).startswith(SIGNET_DE_TABLEAU):
                cle = str(nom.get(qn("w:name"))).removeprefix(SIGNET_DE_TABLEAU)
        if element.tag == qn("w:tbl") and cle:
            lus[cle] = [
                [
                    "".join(t.text or "" for t in cellule.iter(qn("w:t")))
                    for cellule in rang.iter(qn("w:tc"))
                ]
                for rang in element.iter(qn("w:tr"))
            ]
            cle = ""
    return lus


def cle_relue(tableau: Tableau) -> str:
    """The key under which `relire` gives a table."""
    return nom_de_signet(SIGNET_DE_TABLEAU + tableau.cle).removeprefix(SIGNET_DE_TABLEAU)


def imprime(tableau: Tableau) -> Tableau:
    """A table as it is printed: its first rows, without empty columns nor word-sized lines."""
    tableau = abrege(tableau)
    sans = replace(
        tableau,
        lignes=tuple(
            tuple(None if isinstance(c, Trace) else c for c in ligne) for ligne in tableau.lignes
        ),
    )
    return sans_vides(sans)


def en_mots(cellule: Cellule) -> str:
    """What a cell says."""
    if cellule is None:
        return VIDE
    if isinstance(cellule, Nombre):
        marque = f" {cellule.etat}" if cellule.etat and cellule.etat != cellule.texte else ""
        return typographie(cellule.texte) + marque
    if isinstance(cellule, Lien):
        return typographie(cellule.texte)
    return typographie(cellule if isinstance(cellule, str) else cellule.alternative)


class _Redaction:
    """A document being written: what it holds so far, and what is counted on the way."""

    def __init__(self, document: Document, page: Page, publique: bool) -> None:
        self.document, self.page, self.publique = document, page, publique
        self.corps = document.element.body.makeelement(qn("w:body"))
        # In the same tree: what moves from another one is gone over again for each element moved.
        document.element.append(self.corps)
        self.numero = _PREMIER
        self.tableaux = self.figures = 0
        self.titres: list[tuple[int, str, str]] = []
        self.aides: dict[tuple[str, str], str] = {}
        self.paysage, self.premiere, self.neuve = False, True, False
        self.dits = {f for t in _tableaux(page.blocs) for f in _chiffres(t)}
        self.ids = {style.name: style.style_id for style in document.styles}
        point = document.styles[POINT].element.pPr
        self.puce = "" if point.find(qn("w:numPr")) is not None else "–\u00a0"

    def ecrire(self, region: str, arrete: str, place: Any) -> None:
        """Write all of it in the document, at the place of a paragraph or at the end."""
        corps = self.document.element.body
        depuis = corps[-1] if place is None else place._p
        self.section = next(
            s
            for element in (depuis, *depuis.itersiblings())
            for s in (element, *element.iter(qn("w:sectPr")))
            if s.tag == qn("w:sectPr")
        )
        self.mesures = _Mesures(SectionDeWord(self.section, self.document.part))
        self._garde(region, arrete)
        ici = len(self.corps)
        for bloc in self.page.blocs:
            self._bloc(bloc, 1)
        self._lire_les_colonnes()
        for rang, element in enumerate(self._sommaire()):
            self.corps.insert(ici + rang, element)
        self._finir(place is None)
        for element in list(self.corps):
            depuis.addprevious(element)
        self.document.element.remove(self.corps)
        if place is not None:
            corps.remove(depuis)

    # Pieces of the document, in its order.

    def _garde(self, region: str, arrete: str) -> None:
        self._paragraphe(SOUS_TITRE, region)
        self._paragraphe(TITRE, self.page.titre)
        self._paragraphe(SOUS_TITRE, self.page.surtitre or f"Arrêté {arrete}")
        ici = self._paragraphe(AVIS, avis(self.publique))
        if self.publique:
            signet(ici, PUBLIC, self._suivant())

    def _sommaire(self) -> Iterator[Any]:
        """The contents: a field whose result is here already, in a frame that Word can refresh."""
        boite = self.corps.makeelement(qn("w:sdt"))
        objet = fils(fils(boite, "w:sdtPr"), "w:docPartObj")
        fils(objet, "w:docPartGallery", val="Table of Contents")
        fils(objet, "w:docPartUnique")
        dedans = fils(boite, "w:sdtContent")
        ici = paragraphe(dedans, self.ids[SOMMAIRE], "Sommaire")
        fils(ici[0], "w:pageBreakBefore")
        for rang, (niveau, titre, nom) in enumerate(self.titres):
            ici = paragraphe(dedans, self.ids[f"toc {niveau}"])
            onglets = fils(ici[0], "w:tabs")
            fils(onglets, "w:tab", val="right", leader="dot", pos=round(self.mesures.large * 20))
            if rang == 0:
                fils(fils(ici, "w:r"), "w:fldChar", fldCharType="begin")
                code = fils(fils(ici, "w:r"), "w:instrText")
                code.text = f'TOC \\o "1-{_AU_SOMMAIRE}" \\h \\z \\u'
                fils(fils(ici, "w:r"), "w:fldChar", fldCharType="separate")
            lien = fils(ici, "w:hyperlink", anchor=nom, history=1)
            morceau(lien, titre)
            fils(fils(lien, "w:r"), "w:tab")
            champ(lien, f"PAGEREF {nom} \\h", "…")
            if rang == len(self.titres) - 1:
                fils(fils(ici, "w:r"), "w:fldChar", fldCharType="end")
        yield boite

    def _bloc(self, bloc: Bloc, niveau: int) -> None:
        if isinstance(bloc, Tableau):
            self._tableau(imprime(bloc))
            return
        if isinstance(bloc, Section):
            self._section(bloc, niveau)
            return
        self._tourner(False)
        if isinstance(bloc, Graphique):
            self._graphique(bloc)
        elif isinstance(bloc, Liste):
            for point in bloc.points:
                self._paragraphe(POINT, self.puce + en_mots(point))
        else:
            self._texte(bloc)

    def _section(self, section: Section, niveau: int) -> None:
        self._tourner(False)
        niveau = min(niveau, 6)
        titre = typographie(section.titre)
        ici = paragraphe(self.corps, self.ids[f"Heading {niveau}"], propre(titre))
        if niveau == 1 and not self.neuve:
            fils(ici[0], "w:pageBreakBefore")
        if niveau <= _AU_SOMMAIRE:
            nom = f"_Toc{self._suivant()}"
            signet(ici, nom, self._suivant())
            self.titres.append((niveau, titre, nom))
        if section.objectif:
            signet(ici, nom_de_signet(section.objectif), self._suivant())
            sien = any(isinstance(b, Texte) and b.genre in ("auteur", "citation")
                       for b in section.blocs)  # fmt: skip
            if not sien and not self.publique:
                self._paragraphe(AUTEUR, A_ECRIRE)
        self.neuve = False
        for bloc in section.blocs:
            self._bloc(bloc, niveau + 1)

    def _texte(self, texte: Texte) -> None:
        dit = texte.texte if texte.genre == "code" else typographie(texte.texte)
        ici = self._paragraphe(_GENRES.get(texte.genre, "Normal"), dit)
        if texte.origine:
            signet(ici, SIGNET_DE_TEXTE + texte.origine, self._suivant())

    def _graphique(self, graphique: Graphique) -> None:
        ici = self._paragraphe(IMAGE)
        image = self._image(graphique)
        fils(fils(ici, "w:r"), "w:drawing").append(image)
        self.figures += 1
        self._legende("Figure", self.figures, graphique.titre)
        self._paragraphe(SOURCE, graphique.tableau.source)
        tableau = imprime(graphique.tableau)
        if not set(_chiffres(tableau)) <= self.dits:
            self._tableau(tableau, reste_droit=True)

    def _image(self, graphique: Graphique) -> Any:
        rid, image = self.document.part.get_or_add_image(io.BytesIO(images.png(graphique.spec)))
        large, haut = int(image.width), int(image.height)
        part = min(1.0, self.mesures.large * 12700 / large, self.mesures.haut * 9000 / haut)
        numero = self._suivant()
        inline = CT_Inline.new_pic_inline(
            numero, rid, f"{graphique.cle}.png", Emu(int(large * part)), Emu(int(haut * part))
        )
        fiches: list[Any] = [inline.docPr, *inline.iter(qn("pic:cNvPr"))]
        for fiche in fiches:
            fiche.set("name", f"Figure {self.figures + 1}")
            fiche.set("descr", propre(typographie(graphique.alternative)))
        return inline

    def _tableau(self, tableau: Tableau, reste_droit: bool = False) -> None:
        entete = [typographie(c.titre) for c in tableau.colonnes]
        lignes = _sans_repetitions([[en_mots(c) for c in ligne] for ligne in tableau.lignes])
        paysage, serre, largeurs = self._choisir(entete, lignes, reste_droit)
        self._tourner(paysage)
        self.tableaux += 1
        legende = self._legende("Tableau", self.tableaux, tableau.titre)
        signet(legende, nom_de_signet(SIGNET_DE_TABLEAU + tableau.cle), self._suivant())
        self._grille(tableau, entete, lignes, [round(w * 20) for w in largeurs], serre)
        self._paragraphe(SOURCE, f"{tableau.source} {tableau.note}".strip())
        for colonne in tableau.colonnes:
            if colonne.aide:
                self.aides.setdefault((colonne.titre, colonne.aide), tableau.titre)

    def _choisir(
        self, entete: list[str], lignes: list[list[str]], reste_droit: bool
    ) -> tuple[bool, str, Sequence[float]]:
        """How a table is laid: page turned or not, small type or not, and its widths."""
        essais = [(self.paysage, serre) for serre in CORPS]
        if not self.paysage and not reste_droit:
            essais += [(True, serre) for serre in CORPS]
        for paysage, serre in essais:
            disponible = self.mesures.long if paysage else self.mesures.large
            place = colonnes.placer(entete, lignes, disponible, CORPS[serre])
            if place and (colonnes.convient(place) or (paysage, serre) == essais[-1]):
                return paysage, serre, place.largeurs
        paysage, serre = essais[-1]
        disponible = self.mesures.long if paysage else self.mesures.large
        return paysage, serre, [disponible / len(entete)] * len(entete)

    def _grille(
        self,
        tableau: Tableau,
        entete: list[str],
        lignes: list[list[str]],
        largeurs: list[int],
        serre: str,
    ) -> None:
        table = fils(self.corps, "w:tbl")
        forme = fils(table, "w:tblPr")
        fils(forme, "w:tblStyle", val=self.ids[TABLEAU])
        fils(forme, "w:tblW", w=sum(largeurs), type="dxa")
        fils(forme, "w:tblLayout", type="fixed")
        fils(
            forme, "w:tblLook", val="04A0", firstRow=1, lastRow=0, firstColumn=1, lastColumn=0,
            noHBand=0, noVBand=1,
        )  # fmt: skip
        fils(forme, "w:tblCaption", val=propre(typographie(tableau.titre)))
        grille = fils(table, "w:tblGrid")
        for large in largeurs:
            fils(grille, "w:gridCol", w=large)
        nombres = [
            any(isinstance(ligne[rang], Nombre) for ligne in tableau.lignes)
            for rang in range(len(entete))
        ]
        rang_ = _rangee(table, titre=True)
        for titre, large, droite in zip(entete, largeurs, nombres, strict=True):
            forme = self._case(rang_, large, ENTETE + serre, titre, suite=True, bas=True)
            if droite:
                fils(forme, "w:jc", val="right")
        ensemble = len(lignes) <= _D_UN_BLOC
        for numero, (ligne, mots) in enumerate(zip(tableau.lignes, lignes, strict=True)):
            rang_ = _rangee(table)
            suite = ensemble or numero >= len(lignes) - 2
            for cellule, mot, large, droite in zip(ligne, mots, largeurs, nombres, strict=True):
                style = (NOMBRE if droite and not isinstance(cellule, str) else TEXTE) + serre
                marque = isinstance(cellule, Nombre) and mot.endswith(f" {cellule.etat}")
                self._case(
                    rang_, large, style, mot, suite,
                    etat=cellule.etat if marque else "",  # type: ignore[union-attr]
                )  # fmt: skip
            _fondre(rang_[1], numero, lignes)

    def _case(
        self, rang: Any, large: int, style: str, mot: str, suite: bool, etat: str = "",
        bas: bool = False,
    ) -> Any:  # fmt: skip
        """A cell; gives the properties of its paragraph."""
        case = fils(rang, "w:tc")
        forme = fils(case, "w:tcPr")
        fils(forme, "w:tcW", w=large, type="dxa")
        if bas:
            fils(forme, "w:vAlign", val="bottom")
        ici = paragraphe(case, self.ids[style])
        if suite:
            fils(ici[0], "w:keepNext")
        if etat:
            morceau(ici, mot.removesuffix(etat))
            morceau(ici, etat, self.ids[ETAT])
        elif mot:
            morceau(ici, mot)
        return ici[0]

    def _lire_les_colonnes(self) -> None:
        """What the columns mean: the small words of their headers on the page, once each."""
        if not self.aides:
            return
        titres = [titre for titre, _ in self.aides]
        lignes = tuple(
            (titre if titres.count(titre) == 1 else f"{titre} ({tableau})", aide)
            for (titre, aide), tableau in self.aides.items()
        )
        self._section(
            Section(
                "Lire les colonnes des tableaux",
                "colonnes",
                (
                    Tableau(
                        "colonnes", "Ce que disent les colonnes",
                        (Colonne("Colonne"), Colonne("Ce qu'elle dit")), lignes,
                        "Source : définitions des indicateurs et des vues de l'entrepôt.",
                    ),
                ),
            ),
            1,
        )  # fmt: skip

    # What all pieces use.

    def _suivant(self) -> int:
        self.numero += 1
        return self.numero

    def _paragraphe(self, style: str, texte: str = "") -> Any:
        return paragraphe(self.corps, self.ids[style], propre(typographie(texte)))

    def _legende(self, mot: str, numero: int, titre: str) -> Any:
        ici = paragraphe(self.corps, self.ids[LEGENDE])
        morceau(ici, f"{mot}\u00a0")
        champ(ici, f"SEQ {mot} \\* ARABIC", str(numero))
        morceau(ici, f"\u00a0: {typographie(titre)}")
        return ici

    def _tourner(self, paysage: bool) -> None:
        """Go on on a page that is turned, or upright again."""
        if paysage == self.paysage:
            return
        self._clore()
        self.paysage, self.neuve = paysage, True

    def _clore(self) -> None:
        """End a section of the document with its last paragraph."""
        dernier = self.corps[-1]
        if dernier.tag != qn("w:p"):
            dernier = paragraphe(self.corps, self.ids[SOURCE])
        dernier[0].append(modele_docx.copie_de_section(self.section, self.paysage, self.premiere))
        self.premiere = False

    def _finir(self, a_la_fin: bool) -> None:
        """The last section is that of the template; it is upright, unless nothing follows."""
        if self.paysage and not a_la_fin:
            self._tourner(False)
        if self.premiere and not self.paysage:
            return
        nouvelle = modele_docx.copie_de_section(self.section, self.paysage, self.premiere)
        for element in list(self.section):
            self.section.remove(element)
        self.section.extend(list(nouvelle))


class _Mesures:
    """The room on a page, in points: `large` upright, `long` turned, `haut` upright."""

    def __init__(self, section: SectionDeWord) -> None:
        marges = [
            Cm(2) if marge is None else marge
            for marge in (
                section.left_margin, section.right_margin, section.top_margin,
                section.bottom_margin,
            )
        ]  # fmt: skip
        gauche, droite, haut, bas = (abs(marge.pt) for marge in marges)
        cotes = sorted((section.page_width or Cm(21), section.page_height or Cm(29.7)))
        court, long = (cote.pt for cote in cotes)
        self.large = court - gauche - droite
        self.long = long - gauche - droite
        self.haut = long - haut - bas


def _rangee(table: Any, titre: bool = False) -> Any:
    """A row that is not split; a header, that repeats."""
    rang = fils(table, "w:tr")
    forme = fils(rang, "w:trPr")
    fils(forme, "w:cantSplit")
    if titre:
        fils(forme, "w:tblHeader")
    return rang


def _sans_repetitions(lignes: list[list[str]]) -> list[list[str]]:
    """The rows, a long name being said once where several rows have it."""
    return [
        [SUITE, *ligne[1:]]
        if rang and len(ligne[0]) >= _LONG and ligne[0] == lignes[rang - 1][0]
        else ligne
        for rang, ligne in enumerate(lignes)
    ]


def _fondre(case: Any, rang: int, lignes: list[list[str]]) -> None:
    """Make one cell of the first ones of rows that have the same name."""
    suite = lignes[rang][0] == SUITE
    if suite or (rang + 1 < len(lignes) and lignes[rang + 1][0] == SUITE):
        fils(case.find(qn("w:tcPr")), "w:vMerge", val="continue" if suite else "restart")


def _tableaux(blocs: Sequence[Bloc]) -> Iterator[Tableau]:
    return (abrege(bloc) for bloc in parcourir(blocs) if isinstance(bloc, Tableau))


def _chiffres(tableau: Tableau) -> Iterator[tuple[str, ...]]:
    """The figures of a table, each by its key, or else by the name of its row and its words."""
    for ligne in tableau.lignes:
        for cellule in ligne:
            if isinstance(cellule, Nombre):
                yield cellule.cle or (en_mots(ligne[0]), cellule.texte)


def _proprietes(document: Document, page: Page, arrete: str) -> None:
    """The document's own properties: nobody's name, and dates that the month gives."""
    fiche = document.core_properties
    fiche.title = f"{propre(page.titre)}, arrêté {arrete}"
    fiche.language = modele_docx.LANGUE
    for nom in ("author", "last_modified_by", "comments", "keywords", "subject", "category"):
        setattr(fiche, nom, "")
    fiche.created = fiche.modified = datetime.strptime(arrete, "%Y-%m")
    fiche.revision = 1
