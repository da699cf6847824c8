"""The bilan as a workbook: a sheet an objective, the definitions, all the values, their charts.

What a page says is laid out by `grille`; added here is what only a workbook holds: the summary, the
definitions, the values and the months. Texts are never formulas, and the same warehouse gives the
same bytes.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from pipelines.edition.contenu import (
    MASQUE,
    PROVISOIRE,
    RECENTE,
    Bloc,
    Cellule,
    Colonne,
    Lien,
    Nombre,
    Page,
    Section,
    Tableau,
    typographie,
)
from pipelines.edition.dessin import FONCE
from pipelines.edition.grille import Grille, Styles
from pipelines.edition.pages import avis
from pipelines.edition.relus import CLE, MESURES, VALEURS
from pipelines.edition.source import Source, Valeur, nombre_de, source_de
from pipelines.export.formes import mettre_en_page, nouveau

SOMMAIRE, DEFINITIONS, MOIS = "Sommaire", "Définitions", "Par mois"
_MAILLES = ("region", "departement", "academie")
_TYPES = {"annee": "année", "annee_scolaire": "année scolaire", "cumul": "cumul"}
_MATURITES = {"provisoire": PROVISOIRE, "recente": RECENTE, "consolidee": "consolidée"}
_NOMS = {"anomalies": "Le bilan imprimé"}
_DEBUT = 3  # rows above what a sheet holds: its title, where it comes from, the way back
_DERNIERS, _LARGE = 24, 40
_LEGENDE = (
    (PROVISOIRE, "Période en cours : le chiffre bougera. Barre vide, en tirets."),
    (RECENTE, "Période close depuis peu : le chiffre peut encore bouger."),
    (MASQUE, "Nombre de personnes trop petit pour sortir de l'administration."),
    ("(vide)", "Non livré, ou sans objet. Une cellule vide n'est jamais 0."),
    ("+ ou -", "Une évolution ; en points pour un taux en %, en % pour le reste."),
)


def xlsx(page: Page, source: Source) -> bytes:
    """The bytes of the workbook of a page.

    Args:
        page: what it says.
        source: the warehouse that it is made from, whose values go with it.
    """
    octets = io.BytesIO()
    with nouveau(octets, titre=page.titre, in_memory=True) as livre:
        _Classeur(livre, page, source).remplir()
    return octets.getvalue()


class _Classeur:
    """A workbook under way."""

    def __init__(self, livre: Any, page: Page, source: Source) -> None:
        self.livre, self.page, self.source = livre, page, source
        self.styles = Styles(livre)
        self.lien = self.styles(font_color=FONCE, underline=1)
        self.noms: set[str] = set()
        self.feuilles: dict[str, tuple[str, str]] = {}
        """The sheets, in order: the title of each, and of what holds it."""
        self.definis = {nom: rang for rang, nom in enumerate(source.indicateurs)}
        self.series: dict[tuple[str, str], list[Valeur]] = {}
        """By indicator and territory, the months that a trace draws."""

    def remplir(self) -> None:
        """All the sheets, from the first."""
        # Made first, to stand first; written last, when the others are known.
        sommaire = self._feuille(SOMMAIRE, self.page.titre)
        for section, surtitre in _parties(self.page.blocs):
            nom = _nom(section, self.feuilles)
            grille = self._feuille(nom, section.titre, surtitre)
            grille.prevoir(section.blocs)
            self._titrer(grille, nom)
            grille.ligne += 1
            grille.blocs(section.blocs)
        self._table(DEFINITIONS, "Définitions des indicateurs", _definitions(self.source))
        self._table(VALEURS, "Toutes les valeurs", _valeurs(self.source), "% de la cible")
        if self.series:
            self._table(MOIS, "Les derniers mois", self._mois())
        self._sommaire(sommaire)

    def _feuille(self, nom: str, titre: str, surtitre: str = "") -> Grille:
        """A new sheet, empty, as it is to be printed."""
        feuille = self.livre.add_worksheet(nom)
        self.feuilles[nom] = titre, surtitre
        feuille.hide_gridlines(2)
        feuille.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        feuille.freeze_panes(1, 0)
        mettre_en_page(feuille, 0)
        pied = f"&L{avis(self.source.publique)}&C{nom.replace('&', '&&')}&RPage &P sur &N"
        feuille.set_footer(pied)
        return Grille(
            feuille, self.livre, self.styles, self.noms, vers=self._vers, serie=self._serie
        )

    def _titrer(self, grille: Grille, nom: str) -> None:
        """The title of a sheet, where it may go, the way back to the first."""
        titre, surtitre = self.feuilles[nom]
        grille.mots(titre, bold=True, font_size=14)
        dits = (surtitre, f"Arrêté {self.source.arrete}", avis(self.source.publique))
        grille.mots(" · ".join(filter(None, dits)), italic=True)
        if nom != SOMMAIRE:
            grille.feuille.write_url(
                grille.ligne, 0, _interne(SOMMAIRE), self.lien, "Retour au sommaire"
            )
        grille.ligne = _DEBUT

    def _table(self, nom: str, titre: str, tableau: Tableau, derniere: str = "") -> None:
        """A sheet of one table, whose header stays in view, on the screen and on paper.

        Its columns go on paper up to the one titled `derniere`; all, if empty.
        """
        grille = self._feuille(nom, titre)
        grille.prevoir([tableau], _LARGE)
        self._titrer(grille, nom)
        grille.feuille.freeze_panes(_DEBUT + 1, min(tableau.entetes, 2))
        mettre_en_page(grille.feuille, _DEBUT)
        grille.tableau(tableau)
        if derniere:
            rang = [colonne.titre for colonne in tableau.colonnes].index(derniere)
            grille.feuille.print_area(0, 0, grille.ligne - 1, rang)

    def _sommaire(self, grille: Grille) -> None:
        grille.poser_largeurs((22, 110))
        self._titrer(grille, SOMMAIRE)
        grille.mots("Les feuilles", bold=True, font_size=12)
        dernier = ""
        for nom, (titre, surtitre) in list(self.feuilles.items())[1:]:
            if surtitre != dernier:
                grille.ligne += 1
                if surtitre:
                    grille.mots(surtitre, bold=True)
            dernier = surtitre
            dit = titre.removeprefix(nom).removeprefix(" : ")
            grille.feuille.write_url(grille.ligne, 0, _interne(nom), self.lien, nom)
            self._ecrire(grille, 1, typographie(dit[:1].upper() + dit[1:]))
        grille.ligne += 1
        grille.mots("Comment lire ce classeur", bold=True, font_size=12)
        for mot, dit in _LEGENDE:
            if mot == MASQUE and not self.source.publique:
                continue
            grille.feuille.write_string(grille.ligne, 0, mot, self.styles(italic=True))
            self._ecrire(grille, 1, typographie(dit))
        grille.ligne += 1
        grille.mots(
            "Les nombres ont toute leur précision : le format de la cellule les arrondit à la "
            "lecture. Les graphiques sont faits des cellules du tableau qui les suit, et changent "
            f"avec elles. La feuille «{VALEURS}» a une clé par ligne ({', '.join(CLE)}), qui est "
            "celle de l'entrepôt."
        )
        grille.feuille.activate()

    def _ecrire(self, grille: Grille, rang: int, texte: str) -> None:
        grille.feuille.write_string(grille.ligne, rang, texte, self.styles(text_wrap=True))
        grille.hauteur([(texte, grille.largeurs[rang])])
        grille.ligne += 1

    def _vers(self, lien: Lien) -> str:
        """The definition of an indicator, where a link leads to its page."""
        lu = re.search(r"indicateurs/(\w+)\.html", lien.vers)
        if not lu or lu[1] not in self.definis:
            return ""
        return _interne(DEFINITIONS, f"A{_DEBUT + 2 + self.definis[lu[1]]}")

    def _serie(self, ligne: Sequence[Cellule]) -> str:
        """The months of the figure that a row is about."""
        cles = [c.cle for c in ligne if isinstance(c, Nombre) and c.cle]
        if not cles:
            return ""
        indicateur, territoire = cles[0][:2]
        siennes = [
            v
            for v in self.source.par_indicateur[indicateur]
            if v["type_periode"] == "mois"
            and v["territoire"] == territoire
            and v["ventilation"] == "total"
        ]
        self.series.setdefault((indicateur, territoire), siennes)
        rang = list(self.series).index((indicateur, territoire)) + _DEBUT + 2
        derniere = _colonne(2 + len(self._periodes))
        return f"'{MOIS}'!D{rang}:{derniere}{rang}"

    @cached_property
    def _periodes(self) -> list[str]:
        tous = {v["periode"] for v in self.source.valeurs if v["type_periode"] == "mois"}
        return sorted(tous)[-_DERNIERS:]

    def _mois(self) -> Tableau:
        """What traces draw: a row an indicator and territory, a column a month."""
        periodes = self._periodes
        lignes = []
        for siennes in self.series.values():
            par_mois = {v["periode"]: v for v in siennes}
            premiere = siennes[0]
            lignes.append(
                (
                    premiere["titre"],
                    premiere["nom_territoire"],
                    premiere["unite"],
                    *(
                        # A text would be drawn as 0.
                        None if v is None or v["masque"] else nombre_de(v, etat=False)
                        for v in map(par_mois.get, periodes)
                    ),
                )
            )
        return Tableau(
            "mois",
            "Les derniers mois",
            tuple(map(Colonne, ("Indicateur", "Territoire", "Unité", *periodes))),
            tuple(lignes),
            source_de(self.source, "indicateurs.valeurs"),
            note="Vide : non livré" + (", ou masqué." if self.source.publique else "."),
            entetes=2,
        )


def _definitions(source: Source) -> Tableau:
    titres = {
        "Indicateur": "titre", "Numérateur": "definition_numerateur",
        "Dénominateur": "definition_denominateur", "Unité": "unite", "Nature": "nature",
        "Sens": "sens", "Consolidation (mois)": "consolidation", "Objectif": "objectif",
        "Périodes": "periodes", "Ventilations": "ventilations", "Territoires": "territoires",
        "Extrait": "extrait", "Code": "indicateur",
    }  # fmt: skip
    aides = {
        "Nature": "effectif, part, moyenne, ou propre si elle ne s'additionne pas",
        "Sens": "ce qui est mieux",
        "Consolidation (mois)": "après la fin de la période, le chiffre peut encore bouger",
        "Code": "celui de la feuille «Valeurs» et de l'entrepôt",
    }
    return Tableau(
        "definitions",
        "Définitions",
        tuple(Colonne(titre, aides.get(titre, "")) for titre in titres),
        tuple(
            tuple(_dit(i[champ]) for champ in titres.values()) for i in source.indicateurs.values()
        ),
        "Source : referentiel.indicateurs.",
    )


def _dit(contenu: Any) -> Cellule:
    if isinstance(contenu, int):
        return Nombre(contenu, str(contenu))
    return None if contenu is None else str(contenu).replace("|", ", ")


def _valeurs(source: Source) -> Tableau:
    """The values of the region and its parts, but for those of months."""
    masque = ("Masqué",) if source.publique else ()
    titres = (
        "Titre de l'indicateur", "Nom du territoire", "periode", "Ventilé par", "Modalité en clair",
        "Valeur", "Unité", "Maturité", *masque, *list(MESURES)[1:], "Livraisons", "Objectif",
        "Type de période", "indicateur", "territoire", "ventilation", "modalite",
    )  # fmt: skip
    aides = {
        "Livraisons": "reçues sur attendues ; ce qui manque",
        "Part (%)": "de la modalité dans son ensemble",
        "Évolution (%)": "sur un an ; vide pour un taux, dont l'écart est en points",
        "Un an plus tôt, à date": "au même mois de l'année précédente",
        "Rang": "parmi les départements ; 1 : le meilleur",
        "indicateur": f"avec {', '.join(CLE[1:])} : la clé d'une ligne, celle de l'entrepôt",
    }
    return Tableau(
        "valeurs",
        "Valeurs",
        tuple(Colonne(t, aides.get(t, "")) for t in titres),
        tuple(
            _rangee(source, v)
            for v in source.valeurs
            if v["type_periode"] in _TYPES and v["maille"] in _MAILLES
        ),
        source_de(source, "indicateurs.valeurs"),
        note="Les mois n'y sont pas : l'entrepôt les a.",
        entetes=2,
    )


def _rangee(source: Source, v: Valeur) -> tuple[Cellule, ...]:
    nombres = [_mesure(v, mesure) for mesure in MESURES.values()]
    masque = (MASQUE if v["masque"] else None,) if source.publique else ()
    return (
        v["titre"], v["nom_territoire"], v["periode"], v["libelle_ventilation"],
        v["libelle_modalite"], nombres[0], v["unite"],
        _MATURITES.get(v["maturite"], v["maturite"]), *masque, *nombres[1:], v["t_livraisons"],
        None if v["objectif"] is None else Nombre(v["objectif"], str(v["objectif"])),
        _TYPES[v["type_periode"]], v["indicateur"], v["territoire"], v["ventilation"],
        v["modalite"],
    )  # fmt: skip


_EN_PROPRE = {"valeur", "precedente", "precedente_a_date", "ecart", "ecart_a_date", "valeur_cible"}
"""The measures that are in the unit of the indicator."""


def _mesure(v: Valeur, mesure: str) -> Nombre | None:
    """A measure as the warehouse has it; the change of a rate is in points alone."""
    if mesure == "valeur" and v["masque"]:
        nombre = None
    elif mesure == "precedente":
        nombre = None if v["ecart"] is None else v["valeur"] - v["ecart"]
    elif mesure.endswith("_en_taux"):
        nombre = None if v["unite"] == "%" else v[mesure.removesuffix("_en_taux")]
    else:
        nombre = v[mesure]
    if nombre is None:
        return None
    signe = "+ " if mesure.startswith(("evolution", "ecart")) else ""
    unite = v["unite"] if mesure in _EN_PROPRE else ""
    if mesure == "part" or mesure.startswith(("taux", "evolution")):
        unite = "%"
    elif unite == "%" and signe:
        unite = "points"
    # The format takes its sign and its decimals from the text.
    return Nombre(nombre, signe + ("0" if float(nombre).is_integer() else "0,0"), unite)


def _parties(blocs: Sequence[Bloc], surtitre: str = "") -> Iterator[tuple[Section, str]]:
    """The sections that have a sheet each, and the title of those that hold them."""
    libres = tuple(b for b in blocs if not isinstance(b, Section))
    if libres:
        yield Section(surtitre or "Ensemble", "", libres), ""
    for bloc in blocs:
        if isinstance(bloc, Section):
            if any(isinstance(b, Section) and b.objectif for b in bloc.blocs):
                yield from _parties(bloc.blocs, bloc.titre)
            else:
                yield bloc, surtitre


def _nom(section: Section, pris: Iterable[str]) -> str:
    """The name of the sheet of a section: «Objectif 5»; none twice, nor one of ours."""
    nom = _NOMS.get(section.ancre) or section.titre.partition(" :")[0]
    nom = " ".join(re.sub(r"[\[\]:*?/\\']", " ", nom).split())[:28].rstrip() or "Feuille"
    vus = {n.lower() for n in (*pris, DEFINITIONS, VALEURS, MOIS)}
    candidat, rang = nom, 1
    while candidat.lower() in vus:
        rang += 1
        candidat = f"{nom} {rang}"
    return candidat


def _interne(nom: str, cellule: str = "A1") -> str:
    return f"internal:'{nom}'!{cellule}"


def _colonne(rang: int) -> str:
    """The letters of a column, from 0."""
    return (_colonne(rang // 26 - 1) if rang >= 26 else "") + chr(ord("A") + rang % 26)
