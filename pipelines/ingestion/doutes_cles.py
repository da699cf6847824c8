"""Doubts on keys that are nearly the same: `cles_voisines`.

What makes two keys the same does not belong here but in `cles`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from pipelines.ingestion import cles, doutes
from pipelines.ingestion.cellules import LIGNE
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.doutes import Doute, Temoin
from pipelines.ingestion.lecture import Table

_LONGUEUR_MIN, _LONGUEUR_MAX = 10, 200
_TEXTES_MAX = 3_000
_ROMAINS = frozenset("ivx")
_EMPREINTE, _ZEROS, _FEUILLE = "_empreinte", "_zeros", "_feuille"


def temoins(regles: Regles) -> Iterator[Temoin]:
    """Those that the key of an extract calls for."""
    colonnes = regles.colonnes
    textes = [c for c in regles.cle if colonnes[c].type == "texte" and not colonnes[c].nomenclature]
    libres = [c for c in textes if not colonnes[c].liste]
    if libres:
        yield Zeros(regles, libres)
    for nom in libres:
        if not colonnes[nom].identifiant and nom not in regles.personnelles:
            yield Signes(regles, nom)


class Zeros(Temoin):
    """Keys that differ by the zeros with which some of their texts begin, and by nothing else.

    Of a row, sixteen bytes are kept: its number, the hash of its key without these zeros, and how
    many there are.
    """

    def __init__(self, regles: Regles, textes: list[str]) -> None:
        self._cle, self._textes = regles.cle, textes
        self._feuilles: list[str] = []
        self._vues: list[pl.DataFrame] = []
        self._rangs: list[int] = []

    def feuille(self, table: Table) -> None:
        """Note its name."""
        self._feuilles.append(table.reconnu.feuille)

    def lot(self, lot: pl.DataFrame, typees: pl.DataFrame | None) -> None:
        """Keep the hashes of keys that are whole."""
        if typees is None:
            return
        textes = [pl.col(c).str.to_lowercase() for c in self._textes]
        autres = [pl.col(c) for c in self._cle if c not in self._textes]
        zeros = [
            (t.str.len_bytes() - t.str.strip_chars_start("0").str.len_bytes()) * 256**rang
            for rang, t in enumerate(textes)
        ]
        cles_nues = typees.select_seq(
            pl.col(LIGNE).cast(pl.UInt32),
            pl.sum_horizontal(zeros, ignore_nulls=False).cast(pl.UInt32).alias(_ZEROS),
            *autres,
            *(t.str.strip_chars_start("0") for t in textes),
        ).drop_nulls()
        empreintes = cles_nues[:, 2:].hash_rows().alias(_EMPREINTE)
        self._vues.append(cles_nues[:, :2].with_columns(empreintes))
        self._rangs.append(len(self._feuilles) - 1)

    def doutes(self) -> Iterator[Doute]:
        """One for the file, on the first key that has neighbours."""
        if not any(vues[_ZEROS].max() for vues in self._vues):
            return
        toutes = pl.concat(
            vue.with_columns(pl.lit(rang).alias(_FEUILLE))
            for vue, rang in zip(self._vues, self._rangs, strict=True)
        )
        repetees = toutes.filter(toutes[_EMPREINTE].is_duplicated())
        voisines = repetees.filter(pl.col(_ZEROS).n_unique().over(_EMPREINTE) > 1)
        if not voisines.height:
            return
        voisines = voisines.sort(_FEUILLE, LIGNE)
        premiere = voisines.row(0, named=True)
        autre = voisines.filter(
            (pl.col(_EMPREINTE) == premiere[_EMPREINTE]) & (pl.col(_ZEROS) != premiere[_ZEROS])
        )[LIGNE][0]
        yield _doute(
            "que par des zéros au début",
            voisines.height,
            (premiere[LIGNE], autre),
            self._textes[0],
            self._feuilles[premiere[_FEUILLE]],
        )


@dataclass
class _Groupe:
    """The texts of keys whose other columns are the same: by text, its sheet and its row."""

    textes: dict[str, tuple[str, int]] = field(default_factory=dict)


class Signes(Temoin):
    """Keys that differ in one text of words, of at least ten letters, by one sign.

    It is one more, one less or another, as `cles` compares them; not a digit, nor what makes up a
    word by itself («équipe A») or a Roman number. The first 3 000 texts are compared.
    """

    def __init__(self, regles: Regles, nom: str) -> None:
        self._nom = nom
        self._cle = [c for c in regles.cle if c != nom]
        self._groupes: dict[tuple[object, ...], _Groupe] = {}
        self._reste = _TEXTES_MAX
        self._feuille = ""

    def feuille(self, table: Table) -> None:
        """Note its name."""
        self._feuille = table.reconnu.feuille

    def lot(self, lot: pl.DataFrame, typees: pl.DataFrame | None) -> None:
        """Keep the texts that were not met."""
        if typees is None or self._reste <= 0:
            return
        longueur = pl.col(self._nom).str.len_chars().is_between(_LONGUEUR_MIN, _LONGUEUR_MAX)
        neufs = (
            typees.select(*self._cle, self._nom, LIGNE)
            .filter(longueur)
            .drop_nulls()
            .unique([*self._cle, self._nom], keep="first", maintain_order=True)
        )
        for *autres, texte, ligne in neufs.head(self._reste).iter_rows():
            groupe = self._groupes.setdefault(tuple(autres), _Groupe())
            groupe.textes.setdefault(cles.plier(texte), (self._feuille, ligne))
        self._reste -= neufs.height

    def doutes(self) -> Iterator[Doute]:
        """One for the file, on the first pair."""
        paires = [p for g in self._groupes.values() if len(g.textes) > 1 for p in _paires(g.textes)]
        if not paires:
            return
        (feuille, ligne), (_, autre) = min(paires, key=lambda p: (p[0][1], p[1][1]))
        concernees = {lieu for paire in paires for lieu in paire}
        yield _doute("que par un signe", len(concernees), (ligne, autre), self._nom, feuille)


def _doute(ecart: str, nombre: int, paire: tuple[int, int], colonne: str, feuille: str) -> Doute:
    return Doute(
        doutes.CLES_VOISINES,
        f"Des clés ne diffèrent {ecart} (colonne {colonne}, lignes {paire[0]} et {paire[1]}"
        f"{' par exemple' if nombre > 2 else ''}). Si c'est la même chose, l'écrire partout de la "
        "même façon : elle compterait deux fois.",
        nombre,
        min(paire),
        colonne,
        feuille,
    )


def _paires(
    textes: dict[str, tuple[str, int]],
) -> Iterator[tuple[tuple[str, int], tuple[str, int]]]:
    """Where two texts stand that differ by one sign: they share what is left of them without it."""
    premiers: dict[int, str] = {}
    par_reste: dict[int, list[str]] = {}  # of those that several share: few
    for texte in textes:
        if len(texte) < _LONGUEUR_MIN:
            continue
        # Digits are left: they are no difference, and numbered names would all be compared.
        restes = {texte[:i] + texte[i + 1 :] for i, c in enumerate(texte) if not c.isdigit()}
        restes.add(texte)
        for reste in map(hash, restes):
            premier = premiers.setdefault(reste, texte)
            if premier is not texte:
                par_reste.setdefault(reste, [premier]).append(texte)
    vues = set()
    for ensemble in par_reste.values():
        for un, deux in _deux_a_deux(ensemble):
            if (un, deux) not in vues and _differe_d_un_signe(un, deux):
                vues.add((un, deux))
                yield textes[un], textes[deux]


def _deux_a_deux(textes: list[str]) -> Iterable[tuple[str, str]]:
    return ((un, deux) for i, un in enumerate(textes[:-1]) for deux in textes[i + 1 :])


def _differe_d_un_signe(un: str, deux: str) -> bool:
    court, long = sorted((un, deux), key=len)
    place = next(
        (i for i, (a, b) in enumerate(zip(court, long, strict=False)) if a != b), len(court)
    )
    insere = len(long) - len(court)
    if insere > 1 or long[place + 1 :] != court[place + 1 - insere :]:
        return False
    mots = [_mot(long, place)] if insere else [_mot(long, place), _mot(court, place)]
    signes = {long[place]} if insere else {long[place], court[place]}
    if any(signe.isdigit() for signe in signes) or any(len(mot) == 1 for mot in mots):
        return False
    return not all(mot and _ROMAINS.issuperset(mot) for mot in mots)


def _mot(texte: str, place: int) -> str:
    """The word in which a sign stands; empty where it is no letter."""
    debut = fin = place
    while debut and texte[debut - 1].isalnum():
        debut -= 1
    while fin < len(texte) and texte[fin].isalnum():
        fin += 1
    return texte[debut:fin] if texte[place].isalnum() else ""
