"""Which lines of correspondances.csv would make a delivered file acceptable, and why.

Found from names (close ones too) and from what cells hold. Nothing that is guessed here is read
before a person has put it into the roadmap; printing and writing it is `pipelines.correspondre`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import polars as pl
from rapidfuzz import fuzz

from assets.extracts.contrat import PREMIERE_ANNEE, Colonne
from pipelines.codes import Code
from pipelines.erreurs import Refus
from pipelines.ingestion import correspondances as genres
from pipelines.ingestion import lecture, lignes
from pipelines.ingestion.cellules import CELLULES, LIGNE, MARQUES, SANS_VALEUR, Source
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.correspondances import Correspondance, Correspondances
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.lexique import accorder, replier
from pipelines.ingestion.montrables import SEXES, montre, nom_montre
from pipelines.ingestion.noms import NOM_MAX, cle_de_nom, de_notice, lettres
from pipelines.ingestion.octets import Octets
from pipelines.verification import court

_LIGNES_VUES = 60
_CELLULES_VUES = 500
_NOM_SUR, _NOM_PROCHE, _NOM_PERSONNEL = 88, 66, 85
_LISIBLES, _PRESQUE_TOUTES, _LA_PLUPART, _LA_MOITIE = 0.98, 0.9, 0.6, 0.5
_CODE_PROCHE, _ECART = 84, 6
_TYPES_PARLANTS = ("code", "date", "mois", "annee_scolaire", "siret")


@dataclass(frozen=True)
class Proposition:
    """A line that may be added, and why, in French."""

    ligne: Correspondance
    pourquoi: str


@dataclass
class Propositions:
    """What is proposed for a file, and what a person has to say: sentences in French."""

    trouvees: list[Proposition] = field(default_factory=list)
    a_dire: list[str] = field(default_factory=list)

    @property
    def lignes(self) -> tuple[Correspondance, ...]:
        """The lines alone."""
        return tuple(p.ligne for p in self.trouvees)


@dataclass(frozen=True)
class _Entete:
    """A row, or two, that may be the header: where, how high, its cells, the rows below.

    `rang` is that of its sheet in the workbook, from 1.
    """

    source: Source
    rang: int
    ligne: int
    hauteur: int
    cellules: list[str]
    dessous: list[list[str]]
    note: float

    def colonne(self, place: int) -> list[str]:
        """The first cells of a column that hold a value, marks of spreadsheets kept."""
        # Totals and notes say nothing of a column.
        assez = sum(map(bool, self.cellules)) / 2
        pleines = (r for r in self.dessous if sum(bool(c.strip()) for c in r) >= assez)
        textes = (r[place].strip() for r in pleines if place < len(r))
        return [t for t in textes if t.lower() not in SANS_VALEUR]


def proposer(chemin: Path, fichier: Fichier, regles: Regles) -> Propositions:
    """What would make a file acceptable, beside what the roadmap says of it already.

    Raises:
        Refus: the file cannot be read at all.
    """
    return _Recherche(Octets.de(chemin), fichier, regles).faire()


class _Recherche:
    """One file, its contract, and what was found so far."""

    def __init__(self, octets: Octets, fichier: Fichier, regles: Regles) -> None:
        self._octets, self._fichier, self._regles = octets, fichier, regles
        self._dites = regles.pour(fichier)
        self._motif = f"*_{fichier.partie}*" if fichier.partie else ""
        if fichier.reel:  # its name is not to be written down
            self._motif = f"{fichier.mois}*"
        self._trouvees = Propositions()

    def faire(self) -> Propositions:
        entete = self._entete()
        if entete is None:
            self._trouvees.a_dire.append(
                "Aucune ligne ne ressemble à un en-tête : écrire les noms de colonnes au-dessus "
                "des données."
            )
            return self._trouvees
        self._placer(entete)
        self._nommer(entete)
        self._fixer(entete)
        self._traduire()
        return self._trouvees

    def _ajouter(self, genre: str, colonne: str, livre: str, contrat: str, pourquoi: str) -> None:
        ligne = Correspondance(self._regles.nom, self._motif, genre, colonne, livre, contrat)
        self._trouvees.trouvees.append(Proposition(ligne, pourquoi))

    def _correspondances(self) -> Correspondances:
        """Those of the roadmap, with those proposed so far."""
        return Correspondances(
            (*self._dites.lignes, *self._trouvees.lignes), self._fichier.mois, self._fichier.partie
        )

    # The header.

    def _entete(self) -> _Entete | None:
        """The best row, or pair of rows, of all sheets and separators; visible sheets first."""
        meilleurs: list[_Entete] = []
        refus: Refus | None = None
        for rang, source in enumerate(lecture.sources(self._octets), start=1):
            try:
                debut = next(iter(source.trames), None)
            except Refus as raison:
                refus = raison
                continue
            if debut is not None:
                meilleurs += self._entetes(source, rang, debut.head(_LIGNES_VUES + _CELLULES_VUES))
        if not meilleurs and refus:
            raise refus
        return max(
            meilleurs, default=None, key=lambda e: (self._lue(e.source), e.note, len(e.cellules))
        )

    def _lue(self, source: Source) -> bool:
        return not (source.masquee or de_notice(source.feuille))

    def _entetes(self, source: Source, feuille: int, debut: pl.DataFrame) -> Iterator[_Entete]:
        """The best row of a sheet: the one with most known or close names, then most names."""
        rangees = [[(c or "") for c in r] for r in debut[CELLULES].to_list()]
        numeros = debut[LIGNE].to_list()
        dite = self._dites.entete
        trouves: list[_Entete] = []
        for rang in range(min(len(rangees), _LIGNES_VUES)):
            for hauteur in (1, 2):
                if dite and (str(numeros[rang]), str(hauteur)) != (dite.contrat, dite.livre or "1"):
                    continue
                groupe = rangees[rang : rang + hauteur]
                cellules = [c.lstrip(MARQUES).strip() for c in lecture.joindre(groupe)]
                pleines = [c for c in cellules if c and re.search(r"[^\W\d_]", c)]
                if len(groupe) < hauteur or len(pleines) < 2:
                    continue
                # A second row of header must bring something: it is data otherwise.
                note = sum(map(self._note, pleines)) - 0.9 * (hauteur - 1)
                dessous = rangees[rang + hauteur :]
                trouves.append(
                    _Entete(source, feuille, numeros[rang], hauteur, cellules, dessous, note)
                )
        if trouves:
            yield max(trouves, key=lambda e: (e.note, len([c for c in e.cellules if c]), -e.ligne))

    def _note(self, cellule: str) -> float:
        """How much a cell looks like a name of a column, from 0 to 1."""
        if self._connue(cellule):
            return 1.0
        meilleure = max(self._nom_vaut(cellule, c) for c in self._regles.colonnes)
        return meilleure / 100 if meilleure >= _NOM_PROCHE else 0.0

    def _connue(self, cellule: str) -> str:
        """The column that a header is already known to name."""
        cle = cle_de_nom(cellule)
        ligne = self._dites.par_nom.get(cle)
        return ligne.colonne if ligne else self._par_cle.get(cle, "")

    @cached_property
    def _par_cle(self) -> dict[str, str]:
        return {cle_de_nom(c): c for c in self._regles.connues}

    def _placer(self, entete: _Entete) -> None:
        """The sheet and the rows of the header, where they are not those that are looked at."""
        source = entete.source
        dite = source.feuille and self._dites.de_la_feuille(source.feuille)
        if source.feuille and not self._lue(source) and not dite:
            pourquoi = "elle seule a l'en-tête, et son nom la fait passer pour une notice"
            if source.masquee:
                pourquoi = "elle seule a l'en-tête, et elle est masquée"
            montree = lecture.nom_de_feuille(source.feuille, entete.rang, self._fichier.mois)
            if montree == source.feuille:
                self._ajouter(genres.FEUILLE, "", source.feuille, genres.OUI, pourquoi)
            else:
                self._trouvees.a_dire.append(
                    f"Feuille «{montree}» : {pourquoi}. La renommer : son nom a ce qui ressemble à "
                    "une donnée personnelle."
                )
        if self._dites.entete:
            return
        if entete.hauteur > 1 or entete.ligne > lecture.LIGNES_D_ENTETE:
            sur = f"sur {entete.hauteur} lignes" if entete.hauteur > 1 else "plus bas que la 30e"
            self._ajouter(
                genres.ENTETE, "", str(entete.hauteur) if entete.hauteur > 1 else "",
                str(entete.ligne), f"l'en-tête est à la ligne {entete.ligne}, {sur}",
            )  # fmt: skip

    # The columns.

    def _nommer(self, entete: _Entete) -> None:
        """Which delivered column is which absent one, the surest first."""
        connues = {self._connue(c) for c in entete.cellules}
        absentes = [c for c in self._regles.colonnes if c not in connues]
        livrees = {
            place: nom
            for place, nom in enumerate(entete.cellules)
            if cle_de_nom(nom) and not self._connue(nom)
        }
        couples = [
            (self._nom_vaut(nom, colonne), self._part_lisible(colonne, cellules), place, colonne)
            for place, nom in livrees.items()
            for cellules in [entete.colonne(place)]
            for colonne in absentes
        ]
        seuls = self._seuls(couples, entete)
        prises: set[int] = set()
        trouvees: set[str] = set()
        for nom_vaut, cellules_valent, place, colonne in sorted(
            couples, key=lambda c: (-(c[0] + 100 * c[1]), c[2], c[3])
        ):
            if place in prises or colonne in trouvees:
                continue
            pourquoi = self._sure(nom_vaut, cellules_valent, colonne, (place, colonne) in seuls)
            if pourquoi:
                prises.add(place)
                trouvees.add(colonne)
                if self._nom(livrees[place]) == livrees[place]:
                    self._ajouter(genres.COLONNE, colonne, livrees[place], "", pourquoi)
                else:
                    self._trouvees.a_dire.append(
                        f"Colonne {lettres(place)} du fichier : c'est sans doute {colonne} "
                        f"({pourquoi}). Son nom n'est pas montré : ajouter la ligne «colonne», ou "
                        "l'y renommer."
                    )
        self._restent = [c for c in absentes if c not in trouvees]
        self._libres = [nom for place, nom in livrees.items() if place not in prises]
        vides = [c for c in self._restent if c not in self._regles.obligatoires]
        if self._libres and vides:
            self._trouvees.a_dire.append(
                f"Colonnes du fichier laissées de côté : {self._les_libres()}. Colonnes "
                f"facultatives lues comme vides : {', '.join(vides)}. Si l'une est l'autre, "
                "ajouter une ligne «colonne»."
            )

    def _les_libres(self) -> str:
        return ", ".join(f"«{court(self._nom(nom))}»" for nom in self._libres)

    def _nom_vaut(self, nom: str, colonne: str) -> float:
        """How close a header is to a column: to its name, or to what the contract says it is."""
        description = re.split(r"[.:;(,]", self._regles.colonnes[colonne].description)[0]
        return max(_proximite(nom, colonne), 0.95 * _ressemblance(nom, description))

    def _seuls(
        self, couples: Sequence[tuple[float, float, int, str]], entete: _Entete
    ) -> set[tuple[int, str]]:
        """The pairs that contents alone tell: neither could be with another."""
        lisibles = [
            (place, colonne)
            for _, vaut, place, colonne in couples
            if vaut >= self._assez(colonne) and self._parlante(colonne, entete.colonne(place))
        ]
        places = Counter(place for place, _ in lisibles)
        colonnes = Counter(colonne for _, colonne in lisibles)
        return {(p, c) for p, c in lisibles if places[p] == 1 and colonnes[c] == 1}

    def _assez(self, colonne: str) -> float:
        """What part of the cells must read: most of them where they would have to be codes."""
        contrat = self._regles.colonnes[colonne]
        codes = self._regles.listes[contrat.liste] if _a_codes(contrat) else ()
        return _LA_PLUPART if len(codes) > 2 else _LISIBLES

    def _parlante(self, colonne: str, cellules: Sequence[str]) -> bool:
        """Whether what cells hold tells that they are of a column: codes, dates and years do.

        One that takes any text is told by those of its list alone.
        """
        c = self._regles.colonnes[colonne]
        if c.personnelle:
            return False
        if c.liste and c.ouverte:
            listes = {replier(dit) for code in self._regles.listes[c.liste] for dit in code.dits}
            return all(replier(t) in listes for t in cellules[:_CELLULES_VUES])
        return (
            c.type in _TYPES_PARLANTS
            or _annee(c)
            or bool(c.nomenclature)
            or bool(c.liste and not _booleenne(c))
        )

    def _sure(self, nom: float, cellules: float, colonne: str, seule: bool) -> str:
        """Why a delivered column is thought to be this one; empty where that is not sure."""
        if self._regles.colonnes[colonne].personnelle:
            if nom >= _NOM_PERSONNEL and cellules >= _LISIBLES:
                return "le nom est presque le même, et toutes ses cellules en ont la forme"
            return ""
        if nom >= _NOM_SUR and cellules >= _LA_MOITIE:
            return "le nom est presque le même"
        if nom >= _NOM_PROCHE and cellules >= _PRESQUE_TOUTES:
            return "le nom est proche, et ses cellules se lisent ainsi"
        if seule:
            return "ses cellules se lisent ainsi, et aucune autre colonne ne convient"
        return ""

    def _part_lisible(self, colonne: str, textes: Sequence[str]) -> float:
        """The part of the distinct cells that read as those of a column; 0.5 of no cell."""
        distincts = list(dict.fromkeys(textes[:_CELLULES_VUES]))
        if not distincts:
            return _LA_MOITIE
        contrat = self._regles.colonnes[colonne]
        illisibles = self._illisibles(colonne, distincts)
        proches = [t for t in illisibles if self._code_proche(colonne, t)]
        part = 1 - (len(illisibles) - len(proches)) / len(distincts)
        if contrat.type == "texte" and not (contrat.liste or contrat.nomenclature or contrat.forme):
            # Free text reads everything: it is told from numbers and dates alone.
            lettres = sum(bool(re.search(r"[^\W\d_]{2}", t)) for t in distincts) / len(distincts)
            return lettres if not contrat.identifiant else max(part - 0.02, lettres)
        return part

    def _illisibles(self, colonne: str, textes: Sequence[str]) -> list[str]:
        """The texts that cannot be of a column: neither its type, nor its codes, form or bounds."""
        lecteur = self._regles.lecteurs[colonne]
        valeurs, fautes = lecteur.lire(pl.Series(textes, dtype=pl.String), self._fichier.mois)
        contrat = self._regles.colonnes[colonne]
        formes = [
            controle.statistics["pattern"]
            for controle in self._regles.schema.columns[colonne].checks
            if controle.name == "str_matches"
        ]
        if contrat.type == "siret":  # read as any text, then judged: a file may have a wrong one
            formes.append(r"^[0-9]{14}$")
        mauvais = set(fautes)
        for rang, valeur in enumerate(valeurs):
            hors = any(not re.search(forme, str(valeur)) for forme in formes)
            mini, maxi = contrat.bornes.get("ge"), contrat.bornes.get("le")
            if valeur is not None and (
                hors or (mini is not None and valeur < mini) or (maxi is not None and valeur > maxi)
            ):
                mauvais.add(rang)
        return [textes[rang] for rang in sorted(mauvais)]

    # What the file does not hold.

    def _fixer(self, entete: _Entete) -> None:
        """Mandatory columns that the file's name, or those of its sheets, say."""
        feuilles = self._feuilles(entete)
        for colonne in self._restent:
            if colonne not in self._regles.obligatoires or colonne in self._dites.constantes:
                continue
            for mot, textes, pourquoi in self._dits(feuilles):
                if self._dit_bien(colonne, mot, textes):
                    self._ajouter(genres.CONSTANTE, colonne, "", f"{{{mot}}}", pourquoi)
                    break
            else:
                parmi = f" Colonnes qui restent : {self._les_libres()}." if self._libres else ""
                self._trouvees.a_dire.append(
                    f"Colonne obligatoire {colonne} : rien de sûr. Si le fichier l'a, ajouter une "
                    f"ligne «colonne» avec son nom ; sinon une ligne «constante».{parmi}"
                )

    def _dits(self, feuilles: list[str]) -> Iterator[tuple[str, list[str], str]]:
        """What may be a constant: its word, its texts, why."""
        de_la_feuille = ("feuille", feuilles, "le nom de la feuille le dit")
        du_fichier = ("partie", [self._fichier.partie], "le nom du fichier le dit")
        noms = (du_fichier, de_la_feuille)
        # Where there are several sheets, a part that would do for all of them says less.
        for nom in reversed(noms) if len(feuilles) > 1 else noms:
            if any(nom[1]):
                yield nom
        if self._fichier.mois:
            yield "mois", [self._fichier.mois], "c'est le mois de la livraison"
            yield "annee", [self._fichier.mois[:4]], "c'est l'année de la livraison"

    def _dit_bien(self, colonne: str, mot: str, textes: list[str]) -> bool:
        contrat = self._regles.colonnes[colonne]
        if mot == "mois":
            return contrat.type == "mois"
        if mot == "annee":
            return _annee(contrat)
        return self._parlante(colonne, textes) and not self._illisibles(colonne, textes)

    def _feuilles(self, entete: _Entete) -> list[str]:
        """The names of the sheets that have this header."""
        if not entete.source.feuille:
            return []
        voulues = {cle_de_nom(c) for c in entete.cellules}
        trouvees = []
        for source in lecture.sources(self._octets):
            if not self._lue(source) and source.feuille != entete.source.feuille:
                continue
            debut = next(iter(source.trames), None)
            rangees = debut.head(_LIGNES_VUES)[CELLULES].to_list() if debut is not None else []
            for rang in range(len(rangees)):
                cellules = lecture.joindre(rangees[rang : rang + entete.hauteur])
                if voulues <= {cle_de_nom(c) for c in cellules}:
                    trouvees.append(source.feuille)
                    break
        return trouvees

    # What cells stand for.

    def _traduire(self) -> None:
        """The values of coded columns that are not codes: a close label, or nothing sure."""
        for colonne, comptes in self._non_lus().items():
            for texte, combien in sorted(comptes.items(), key=lambda c: (-c[1], c[0])):
                nu = texte.lstrip(MARQUES)
                code = self._code_proche(colonne, texte)
                montree = montre(nu, colonne, self._regles, self._fichier.mois)
                if code and montree == nu:
                    self._ajouter(
                        genres.VALEUR, colonne, nu, code.code,
                        f"{combien} cellule{'s' * (combien > 1)}, proche de {code.en_clair}",
                    )  # fmt: skip
                else:
                    self._trouvees.a_dire.append(
                        f"Colonne {colonne} : «{court(montree)}» ({combien} "
                        f"cellule{'s' * (combien > 1)}) n'est proche d'aucun code sûr. Ajouter "
                        f"une ligne «valeur» avec le code voulu : {self._codes(colonne)}."
                    )

    def _non_lus(self) -> Mapping[str, Counter[str]]:
        """By coded column, the cells that are not read, with how many there are of each."""
        trouves: dict[str, Counter[str]] = {}
        codees = [c for c, colonne in self._regles.colonnes.items() if _a_codes(colonne)]
        try:
            ouverte = lecture.ouvrir(
                self._octets, self._regles.obligatoires, self._regles.connues,
                self._correspondances(),
            )  # fmt: skip
            for table in ouverte.toutes():
                for lot in lignes.lots(
                    table, self._regles.connues, self._regles.cle, self._regles.ensembles
                ):
                    gardees = lot.filter(pl.col(lignes.IGNOREE).is_null())
                    for colonne in codees:
                        textes = gardees[colonne].drop_nulls()
                        distincts = textes.unique().sort().to_list()
                        mauvais = set(self._illisibles(colonne, distincts))
                        if mauvais:
                            vus = Counter(t for t in textes.to_list() if t in mauvais)
                            trouves.setdefault(colonne, Counter()).update(vus)
        except Refus:  # some column is still missing: values come once it is said
            pass
        return trouves

    def _code_proche(self, colonne: str, texte: str) -> Code | None:
        """The one code whose label, or whose own text, is close to a cell."""
        contrat = self._regles.colonnes[colonne]
        nu = texte.lstrip(MARQUES)
        if not contrat.liste or not _a_codes(contrat) or len(nu) > NOM_MAX:
            return None
        codes = [c for c in self._regles.listes[contrat.liste] if c.vaut(self._fichier.mois)]
        plie = replier(nu)
        if {c.code for c in codes} == set(SEXES):
            return next((c for c in codes if plie in SEXES[c.code]), None)
        notes = sorted(
            ((max(_ressemblance(nu, dit) for dit in c.dits), c) for c in codes),
            key=lambda note: (-note[0], note[1].code),
        )
        if not notes or notes[0][0] < _CODE_PROCHE or len(plie) < 3:
            return None
        if len(notes) > 1 and notes[0][0] - notes[1][0] < _ECART:
            return None
        return notes[0][1]

    def _codes(self, colonne: str) -> str:
        liste = self._regles.listes[self._regles.colonnes[colonne].liste]
        return ", ".join(c.en_clair for c in liste if c.vaut(self._fichier.mois))

    def _nom(self, nom: str) -> str:
        """A delivered header, masked where it may be about a person."""
        proche = self._note(nom) > 0
        return nom_montre(nom, self._regles, self._fichier.mois, proche=proche)


def _a_codes(colonne: Colonne) -> bool:
    """Whether a column holds codes of a list that is not open."""
    return (
        bool(colonne.liste)
        and not (colonne.personnelle or colonne.ouverte or colonne.plusieurs or _booleenne(colonne))
        and colonne.liste != "orientations"
    )


def _annee(colonne: Colonne) -> bool:
    return colonne.type == "entier" and colonne.bornes.get("ge", 0) >= PREMIERE_ANNEE


def _booleenne(colonne: Colonne) -> bool:
    return colonne.type == "booleen"


def _ressemblance(livre: str, voulu: str) -> float:
    """How close two texts are, from 0 to 100: the same words, all the words of `voulu`, a slip."""
    a, b = _mots(livre), _mots(voulu)
    return max(_a_peu_pres(a, b), 95.0 if _dit_tout(a, b) and len(b) > 3 else 0.0)


def _proximite(livre: str, voulu: str) -> float:
    """How close a header is to the name of a column, from 0 to 100; its words may be cut short."""
    a, b = _mots(livre), _mots(voulu)
    note = _a_peu_pres(a, b)
    # «Date de la signature du CIR» says all of date_signature; one word in common is not enough.
    if _dit_tout(a, b) and (len(b.split()) > 1 or a.split()[0] == b):
        note = max(note, 95.0)
    debuts = [any(m.startswith(d) for m in b.split()) for d in a.split() if len(d) > 2]
    if debuts and all(debuts) and len(debuts) == len(b.split()):  # «Dép.», «Date sign.»
        note = max(note, 90.0)
    return note


def _a_peu_pres(a: str, b: str) -> float:
    """How close words are as they stand, or in another order; nothing is close to no word."""
    return max(fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b)) if a and b else 0.0


def _dit_tout(a: str, b: str) -> bool:
    """Whether all the words of `b` are among those of `a`."""
    return bool(b) and set(b.split()) <= set(a.split())


_VIDES = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "a", "au", "en", "et", "un"})


def _mots(nom: str) -> str:
    """The words that count in a name, folded and in the singular, between spaces."""
    plat = nom.replace("n°", "numero ").replace("N°", "numero ").replace("_", " ")
    mots = (accorder(mot) for mot in re.split(r"[\W_]+", plat))
    return " ".join(mot for mot in mots if mot and mot not in _VIDES)


def avec(regles: Regles, lignes_: Iterable[Correspondance]) -> Regles:
    """The same contract in a region whose roadmap has these lines too."""
    return replace(regles, correspondances=(*regles.correspondances, *lignes_))
