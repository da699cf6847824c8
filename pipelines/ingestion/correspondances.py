"""How partners write what contracts ask for: their headers, values, sheets, what a name says.

The lines of the roadmap's correspondances.csv as they apply to one delivered file. Which lines a
file would need is found by `pipelines.correspondre`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from pipelines.erreurs import Refus
from pipelines.ingestion.cellules import MARQUES
from pipelines.ingestion.lexique import replier
from pipelines.ingestion.noms import cle_de_nom

TABLE = "correspondances"
COLONNE, VALEUR, CONSTANTE, FEUILLE, ENTETE = "colonne", "valeur", "constante", "feuille", "entete"
GENRES = (COLONNE, VALEUR, CONSTANTE, FEUILLE, ENTETE)
SUR_UNE_COLONNE = (COLONNE, VALEUR, CONSTANTE)
OUI, NON = "oui", "non"
MOTS = ("mois", "annee", "partie", "feuille")
"""What stands in braces in a constant."""
LIGNE_MAX, HAUTEUR_MAX = 1000, 5
_ACCOLADES = re.compile(r"\{([^{}]*)\}")
_A_LIVRER = {
    COLONNE: "le nom de la colonne, tel que le fichier l'écrit",
    VALEUR: "la cellule, telle que le fichier l'écrit",
    FEUILLE: "le nom de la feuille, ou un modèle (Nord*)",
}


@dataclass(frozen=True)
class Correspondance:
    """A line of correspondances.csv; `numero` is its line there, 0 where it is only proposed."""

    extrait: str
    fichiers: str
    genre: str
    colonne: str
    livre: str
    contrat: str
    numero: int = 0

    def vaut_pour(self, nom: str) -> bool:
        """Whether it applies to a file of this name, whatever the case."""
        return not self.fichiers or fnmatchcase(nom.casefold(), self.fichiers.casefold())


def plier(texte: str) -> str:
    """A delivered text as it compares: as codes do; one that is but signs, as it stands."""
    nu = texte.lstrip(MARQUES).strip()
    return replier(nu) or nu


@dataclass(frozen=True)
class Correspondances:
    """The lines that apply to one file, and what its name says."""

    lignes: tuple[Correspondance, ...] = ()
    mois: str = ""
    partie: str = ""

    @classmethod
    def pour(
        cls, lignes: Iterable[Correspondance], nom: str, mois: str, partie: str
    ) -> "Correspondances":
        """Of the lines of an extract, those that apply to a file."""
        siennes = tuple(c for c in lignes if c.vaut_pour(nom))
        return cls(siennes, mois, partie) if siennes else AUCUNE

    @property
    def empreinte(self) -> list[object]:
        """What the reading of the file depends on; nothing where no line applies."""
        if not self.lignes:
            return []
        dites = sorted([c.genre, c.colonne, c.livre, c.contrat] for c in set(self.lignes))
        return [*dites, self.mois, self.partie]

    def _de(self, genre: str) -> list[Correspondance]:
        return [c for c in self.lignes if c.genre == genre]

    @cached_property
    def par_nom(self) -> Mapping[str, Correspondance]:
        """By header as it compares, the line that says which column it is."""
        return _seules(self._de(COLONNE), lambda c: cle_de_nom(c.livre), lambda c: c.colonne)

    @cached_property
    def constantes(self) -> Mapping[str, Correspondance]:
        """By column, the line that says what it is where the file has no such column."""
        return _seules(self._de(CONSTANTE), lambda c: c.colonne, lambda c: c.contrat)

    @cached_property
    def valeurs(self) -> Mapping[str, Mapping[str, Correspondance]]:
        """By column, and by cell as it compares, the line that says how it reads."""
        seules = _seules(
            self._de(VALEUR), lambda c: f"{c.colonne}\n{plier(c.livre)}", lambda c: c.contrat
        )
        par_colonne: dict[str, dict[str, Correspondance]] = {}
        for ligne in seules.values():
            par_colonne.setdefault(ligne.colonne, {})[plier(ligne.livre)] = ligne
        return par_colonne

    def de_la_feuille(self, nom: str) -> Correspondance | None:
        """The line that says whether a sheet is read, if any."""
        siennes = [c for c in self._de(FEUILLE) if fnmatchcase(nom.casefold(), c.livre.casefold())]
        trouvees = _seules(siennes, lambda _: nom, lambda c: c.contrat)
        return next(iter(trouvees.values()), None)

    @cached_property
    def entete(self) -> Correspondance | None:
        """The line that says where the header is, if any."""
        trouvees = _seules(self._de(ENTETE), lambda _: ENTETE, lambda c: c.contrat + "," + c.livre)
        return next(iter(trouvees.values()), None)

    def constante(self, colonne: str, feuille: str) -> str | None:
        """What a column that a sheet lacks holds in all rows; None where no line says it."""
        ligne = self.constantes.get(colonne)
        if ligne is None:
            return None
        texte = ligne.contrat
        dits = (self.mois, self.mois[:4], self.partie, feuille)
        for mot, dit in zip(MOTS, dits, strict=True):
            texte = texte.replace(f"{{{mot}}}", dit)
        return texte.strip()

    def obligatoires(self, colonnes: Iterable[str]) -> list[str]:
        """Of the columns that a header must have, those that no line gives otherwise."""
        return [c for c in colonnes if c not in self.constantes]


AUCUNE = Correspondances()


def _seules(
    lignes: Sequence[Correspondance],
    cle: Callable[[Correspondance], str],
    dit: Callable[[Correspondance], str],
) -> dict[str, Correspondance]:
    """Lines by what they are about; two that say otherwise of one thing refuse the file."""
    trouvees: dict[str, Correspondance] = {}
    for ligne in lignes:
        autre = trouvees.setdefault(cle(ligne), ligne)
        if dit(autre) != dit(ligne):
            raise Refus(
                f"{TABLE}.csv se contredit pour ce fichier, {ligne.genre} "
                f"«{ligne.livre or ligne.colonne}» : lignes {autre.numero} et {ligne.numero}"
            )
    return trouvees


def examiner(
    lignes: Iterable[Mapping[str, str]],
    numeros: Iterable[int],
    colonnes: Mapping[str, Collection[str]],
) -> tuple[list[Correspondance], list[tuple[int, str]]]:
    """The lines of a correspondances.csv, and what is wrong with them: line, sentence.

    `colonnes` are those of each extract.
    """
    trouvees: list[Correspondance] = []
    fautes: list[tuple[int, str]] = []
    deja: dict[tuple[str, ...], Correspondance] = {}
    for ligne, numero in zip(lignes, numeros, strict=True):
        if "" in ligne:
            trop = "la ligne a une cellule de trop : entourer de guillemets le texte à virgules"
            fautes.append((numero, trop))
            continue
        lue = Correspondance(**{c: v.strip() for c, v in ligne.items()}, numero=numero)
        phrases = list(_fautes(lue, colonnes))
        cle = (lue.extrait, lue.fichiers, lue.genre, *_sujet(lue))
        autre = deja.setdefault(cle, lue)
        if not phrases and autre is not lue:
            phrases = [f"elle dit la même chose que la ligne {autre.numero}, ou la contredit"]
        fautes += [(numero, phrase) for phrase in phrases]
        trouvees.append(lue)
    return trouvees, fautes


def _sujet(ligne: Correspondance) -> tuple[str, ...]:
    """What a line is about: two lines of one subject repeat or contradict each other."""
    if ligne.genre == COLONNE:
        return (cle_de_nom(ligne.livre),)
    if ligne.genre == VALEUR:
        return (ligne.colonne, plier(ligne.livre))
    if ligne.genre == CONSTANTE:
        return (ligne.colonne,)
    return (ligne.livre.casefold(),) if ligne.genre == FEUILLE else ()


def _fautes(ligne: Correspondance, colonnes: Mapping[str, Collection[str]]) -> Iterator[str]:
    """What is wrong with one line."""
    if ligne.extrait not in colonnes:
        yield f"l'extrait «{ligne.extrait}» est inconnu, il y a {', '.join(colonnes)}"
        return
    if ligne.genre not in GENRES:
        yield f"le genre «{ligne.genre}» est inconnu, il y a {', '.join(GENRES)}"
        return
    if ligne.genre in SUR_UNE_COLONNE:
        if ligne.colonne not in colonnes[ligne.extrait]:
            siennes = ", ".join(colonnes[ligne.extrait])
            yield f"la colonne «{ligne.colonne}» n'est pas de {ligne.extrait}, qui a {siennes}"
    elif ligne.colonne:
        yield f"la case colonne doit rester vide pour le genre {ligne.genre}"
    if not ligne.livre and ligne.genre in (COLONNE, VALEUR, FEUILLE):
        yield f"la case livre est vide : y mettre {_A_LIVRER[ligne.genre]}"
    if ligne.genre == COLONNE and ligne.livre and not cle_de_nom(ligne.livre):
        yield f"livre «{ligne.livre}» n'a ni lettre ni chiffre : ce n'est pas un nom de colonne"
    if ligne.genre == CONSTANTE:
        inconnus = set(_ACCOLADES.findall(ligne.contrat)).difference(MOTS)
        if not ligne.contrat:
            yield "la case contrat est vide : y mettre la constante"
        if inconnus:
            yield f"{{{min(inconnus)}}} est inconnu, il y a {{{'}, {'.join(MOTS)}}}"
    if ligne.genre == FEUILLE and ligne.contrat not in (OUI, NON):
        yield f"contrat «{ligne.contrat}» doit être oui (la feuille est lue) ou non"
    if ligne.genre == ENTETE and not _entre(ligne.contrat, LIGNE_MAX):
        yield f"contrat «{ligne.contrat}» doit être le numéro de la ligne de l'en-tête"
    if ligne.genre == ENTETE and ligne.livre and not _entre(ligne.livre, HAUTEUR_MAX):
        yield f"livre «{ligne.livre}» doit être le nombre de lignes de l'en-tête, ou rester vide"


def _entre(texte: str, maxi: int) -> bool:
    return texte.isdecimal() and 1 <= int(texte) <= maxi
