"""One run: what it was asked, what it reads, and the results that it has, kept or computed now.

Steps are data (`pipelines.pas`): a result is asked by its key, and computed only where its
fingerprint is not that of the one kept, with what it rests on. What a step computes does not belong
here, nor how runs are started.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import duckdb

from pipelines import contrats, echeance, feuille_de_route, mois, secret, vues
from pipelines.entrepot import chantier, tables
from pipelines.entrepot.chantier import Chantier
from pipelines.erreurs import Faute
from pipelines.feuille_de_route import FeuilleDeRoute
from pipelines.gardees import DOSSIER, Gardee, Gardees
from pipelines.indicateurs import definition
from pipelines.indicateurs.comptage import Ailleurs
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion import depot, octets
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.examens import Examens
from pipelines.pas import Pas, entrepot, plan
from pipelines.region import Region
from pipelines.sql import nommees
from pipelines.vues import Vue

JOURNAL = "bilan"
DUCKDB, SPARK = "duckdb", "spark"
_journal = logging.getLogger(JOURNAL)
Annoncer = Callable[[str, int, int], None]
Mesurer = Callable[[str, int], AbstractContextManager[None]]


def sans_mesure(quoi: str, resultats: int) -> AbstractContextManager[None]:
    """Measure nothing."""
    return nullcontext()


@dataclass(frozen=True)
class Demande:
    """What is asked of a run: the months from `depuis` to `arrete`, AAAA-MM.

    Empty, they are for `echeance` to choose. `retires` are published months to withdraw: then no
    month is computed. `sans_disparues` says that deliveries gone from raw/ are gone on purpose,
    `nouvelle_cle` that another key than the published one is meant. `moteur` is who counts.
    """

    region: Region
    arrete: str = ""
    depuis: str = ""
    retires: frozenset[str] = frozenset()
    sans_disparues: bool = False
    nouvelle_cle: bool = False
    moteur: str = DUCKDB

    @property
    def mois(self) -> list[str]:
        """All the months to compute, once chosen."""
        return mois.entre(self.depuis, self.arrete) if self.arrete else []


@dataclass
class Atelier:
    """A run under way.

    `publies` are the months of the published warehouse, `disparus` the files published once that
    are gone without a word; `sommes` the SHA-256 of each delivered file, empty for one that cannot
    be read, `vue_de_raw` tells what raw/ was seen to hold before it was read. `autre_cle` says that
    the key is not known to be that of the published warehouse. `annoncer` is told each step taken,
    `mesurer` stands around what is computed: the kind of its steps, and how many results;
    `ailleurs` counts where DuckDB does not; `prechauffer` begins, once, what is long to start and
    large to hold: it is called when values are there, if not before.
    """

    demande: Demande
    feuille: FeuilleDeRoute
    regles: dict[str, Regles]
    indicateurs: list[Indicateur]
    vues: list[Vue]
    fichiers: list[Fichier]
    sommes: dict[str, str]
    vue_de_raw: str
    cle: bytes
    chantier: Chantier
    gardees: Gardees
    examens: Examens
    autre_cle: bool = False
    publies: list[str] = field(default_factory=list)
    disparus: list[str] = field(default_factory=list)
    annoncer: Annoncer = lambda *_: None
    mesurer: Mesurer = sans_mesure
    ailleurs: Ailleurs | None = None
    prechauffer: Callable[[], None] = lambda: None
    memoire: dict[Any, Any] = field(default_factory=dict)
    _faits: set[tuple[str, str]] = field(default_factory=set)
    _empreintes: dict[tuple[str, ...], str] = field(default_factory=dict)

    @cached_property
    def pas(self) -> dict[str, Pas]:
        """All the steps, by key, each after those that it reads."""
        return plan.tous(
            self.demande.region, self.feuille, self.regles, self.indicateurs, self.vues
        )

    @property
    def arretes(self) -> list[str]:
        """The months to compute and publish."""
        return self.demande.mois

    @property
    def a_part(self) -> list[str]:
        """The months of bilans that are not among them: orientations start from those."""
        return [
            m
            for m in self.feuille.arretes_des_bilans
            if m < self.demande.arrete and m not in self.arretes
        ]

    @property
    def reconduits(self) -> list[str]:
        """The published months that stay as they were computed."""
        return [m for m in self.publies if m not in {*self.arretes, *self.demande.retires}]

    @property
    def finals(self) -> list[str]:
        """The months of the warehouse once it is published, in order."""
        return sorted({*self.arretes, *self.reconduits})

    @property
    def dernier(self) -> str:
        """The newest of them."""
        return self.finals[-1]

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The warehouse under construction, its tables made and its roadmap loaded."""
        if "con" not in self.memoire:
            self.memoire["con"] = True
            con = self.chantier.con
            con.begin()
            tables.creer(con, self.regles.values())
            tables.charger_referentiel(con, self.feuille, self.indicateurs, self.regles.values())
            con.commit()
            _dire_le_mois(con)
        return self.chantier.con

    def autre_con(self) -> duckdb.DuckDBPyConnection:
        """Another connection to it, for a thread of its own; to be closed."""
        con = self.con.cursor()
        _dire_le_mois(con)
        return con

    def une_fois(self, quoi: str) -> bool:
        """Whether something is to be done, asked for the first time in this run."""
        neuf = quoi not in self.memoire
        self.memoire[quoi] = True
        return neuf

    def lignes(self, sql: str, valeurs: Sequence[object] = ()) -> list[dict[str, Any]]:
        """The rows of a query on the warehouse under construction."""
        return nommees(self.con, sql, valeurs)

    def empreinte(self, cle: str, mois: str = "") -> str:
        """What the result of a step depends on."""
        return self.retenir("pas", cle, mois, calculer=lambda: self.pas[cle].empreinte(self, mois))

    def retenir(self, *quoi: str, calculer: Callable[[], str]) -> str:
        """A fingerprint, computed once as long as deliveries are those that were seen."""
        if quoi not in self._empreintes:
            self._empreintes[quoi] = calculer()
        return self._empreintes[quoi]

    def relever(self, fichier: str, sha256: str) -> None:
        """Say what a delivered file really held when it was read: it may have changed since."""
        if self.sommes.get(fichier) != sha256:
            self.sommes[fichier] = sha256
            self._empreintes.clear()

    def gardee(self, cle: str, mois: str = "") -> Gardee:
        """The result of a step, computed if it is not kept."""
        self.obtenir([cle], [mois] if mois else None)
        return self.gardees.celle(nom_de(cle, mois))

    def est_gardee(self, cle: str, mois: str = "") -> bool:
        """Whether the result of a step is kept as it would be computed now."""
        pas = self.pas[cle]
        if pas.a_jour:
            return pas.a_jour(self, pas, mois)
        gardee = self.gardees.reprendre(nom_de(cle, mois))
        return gardee is not None and gardee.empreinte == self.empreinte(cle, mois)

    def demandes(self) -> Iterator[str]:
        """The kind of each result that was asked, kept or computed."""
        return (self.pas[cle].genre for cle, _ in self._faits)

    def mois_de(self, pas: Pas) -> list[str]:
        """The months at which a step has a result in this run; "" for one that has no month."""
        return self.arretes if pas.mensuel else [""]

    def obtenir(self, cles: Iterable[str], mois: Collection[str] | None = None) -> None:
        """Have the results of steps kept; monthly ones at `mois`, those of the run by default."""
        par_genre: dict[str, list[tuple[Pas, str]]] = {}
        for cle in cles:
            pas = self.pas[cle]
            for m in (mois or self.arretes) if pas.mensuel else [""]:
                if (cle, m) in self._faits:
                    continue
                if self.est_gardee(cle, m):
                    self._faits.add((cle, m))
                else:
                    par_genre.setdefault(pas.genre, []).append((pas, m))
        for genre, demandes in par_genre.items():
            with self.mesurer(genre, len(demandes)):
                demandes[0][0].faire(self, demandes)
            self._faits.update((pas.cle, m) for pas, m in demandes)

    def poser(self, nom: str) -> None:
        """Fill a table of the warehouse under construction, once (`pas.entrepot.poser`)."""
        entrepot.poser(self, nom)

    def annoncer_dans(self, quoi: str) -> None:
        """Tell what is being done."""
        _journal.debug("%s", quoi)
        self.annoncer(quoi, self.memoire.get("pris", 0), len(self.pas))

    def suivre(self, quoi: str) -> None:
        """Tell that one more step is taken."""
        self.memoire["pris"] = pris = self.memoire.get("pris", 0) + 1
        self.annoncer(quoi, min(pris, len(self.pas)), len(self.pas))


def _dire_le_mois(con: duckdb.DuckDBPyConnection) -> None:
    # Steps always say the month: without its default, every query is planned faster.
    con.execute("create temp macro arrete() as getvariable('arrete')")


def nom_de(cle: str, mois: str = "") -> str:
    """The name under which a result is kept."""
    return f"{cle}@{mois}" if mois else cle


@contextmanager
def ouvrir(
    demande: Demande,
    annoncer: Annoncer = lambda *_: None,
    mesurer: Mesurer = sans_mesure,
) -> Iterator[Atelier]:
    """Check what can be checked before anything is computed, choose the months, and begin.

    Raises:
        Faute: the roadmap, the indicators, the folders, the key or the months cannot serve.
    """
    ici = demande.region
    echeance.verifier(demande.arrete, demande.depuis)
    feuille = feuille_de_route.lire(ici.roadmap)
    indicateurs = definition.lire(feuille.choisis)
    regles = contrats.regles_de(feuille)
    vue_de_raw = depot.empreinte(ici.raw)
    with ExitStack() as pile:
        site = pile.enter_context(chantier.ouvrir(ici.warehouse))
        cle, autre_cle = secret.convenir(ici.warehouse, demande.nouvelle_cle)
        fichiers = depot.inventaire(ici.raw, regles, cle)
        gardees = Gardees(site.warehouse / DOSSIER, cle)
        if autre_cle:
            _epurer(gardees)
        examens = pile.enter_context(Examens(ici.raw, cle, gardees, ici.roadmap))
        atelier = Atelier(
            demande,
            feuille,
            regles,
            indicateurs,
            vues.lire(),
            fichiers,
            {f.chemin: octets.somme(ici.raw / f.place) for f in fichiers},
            vue_de_raw,
            cle,
            site,
            gardees,
            examens,
            autre_cle,
            annoncer=annoncer,
            mesurer=mesurer,
        )
        atelier.obtenir(["referentiel/feuille_de_route"])
        atelier.publies = site.mois_publies()
        if site.en_place.exists() and not atelier.publies:
            _journal.warning("l'ancien entrepôt ne se lit pas : calcul comme la première fois")
        atelier.demande = echeance.completer(atelier)
        try:
            yield atelier
        finally:
            entrepot.refroidir(atelier)


def _epurer(gardees: Gardees) -> None:
    """Remove what is kept of another key: it is no longer of use, and has pseudonyms.

    Raises:
        Faute: some of it cannot be removed.
    """
    try:
        gardees.epurer()
    except OSError as erreur:
        raise Faute(
            "Ce qui est gardé sous une autre clé des pseudonymes ne peut pas être supprimé "
            f"({erreur.strerror}) : supprimez «{gardees.dossier}», puis relancez."
        ) from None


def deja_publiee(ici: Region) -> str:
    """What raw/ was seen to hold (`depot.empreinte`) by the run that published the warehouse."""
    try:
        cle = secret.lire()
    except Faute:
        return ""
    gardee = Gardees(ici.warehouse / DOSSIER, cle).reprendre(entrepot.ENTREPOT) if cle else None
    return str(gardee.fiche["raw"]) if gardee else ""
