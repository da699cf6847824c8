"""One refresh: what it was asked, what it read, what it builds. Dagster's nodes are steps of it.

`Demande` is what the command line or the UI asks; `ouvrir` checks all that can be checked before
anything is built. How nodes are wired does not belong here.
"""

import importlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from assets.extracts.contrat import Contrat
from pipelines import controles, feuille_de_route, mois, vues
from pipelines.attendus.calcul import attendre
from pipelines.controles import Resultat
from pipelines.corrections import application, registre
from pipelines.diffusion.calcul import diffuser
from pipelines.entrepot import chantier, faits, tables
from pipelines.entrepot.chantier import Chantier
from pipelines.erreurs import Faute
from pipelines.examen import examiner
from pipelines.feuille_de_route import RACINE, FeuilleDeRoute
from pipelines.indicateurs import calcul, definition
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion import depot, livraison, personnes
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.gardees import Gardees
from pipelines.orientations.calcul import avancer
from pipelines.peremption import calcul as peremption
from pipelines.peremption.calcul import Perime
from pipelines.plausibilite import lancement
from pipelines.plausibilite.constats import Constat, inscrire
from pipelines.rapprochement.calcul import rapprocher
from pipelines.vues import Vue

JOURNAL = "bilan"
DOSSIER_GARDE = ".gardees"
_journal = logging.getLogger(JOURNAL)


@dataclass(frozen=True)
class Demande:
    """What is asked of a refresh: months from `depuis` to `arrete`, AAAA-MM.

    Empty, they are for `echeance` to choose.
    """

    raw: Path
    warehouse: Path
    roadmap: Path
    arrete: str = ""
    depuis: str = ""

    @property
    def mois(self) -> list[str]:
        """All the months asked, once chosen."""
        return mois.entre(self.depuis, self.arrete)


@cache
def contrats() -> dict[str, type[Contrat]]:
    """The contract of each extract, by `source/extrait`: the path of its module."""
    dossier = RACINE / "assets" / "extracts"
    trouves = {}
    for chemin in sorted(dossier.glob("*/*.py")):
        if chemin.stem == "__init__":
            continue
        source, nom = chemin.parent.name, chemin.stem
        module = importlib.import_module(f"assets.extracts.{source}.{nom}")
        [modele] = [
            valeur
            for valeur in vars(module).values()
            if isinstance(valeur, type) and issubclass(valeur, Contrat) and valeur is not Contrat
        ]
        trouves[f"{source}/{nom}"] = modele
    return trouves


def regles_de(feuille: FeuilleDeRoute) -> dict[str, Regles]:
    """Every contract, ready to be applied in a region."""
    return {nom: Regles.de(nom, modele, feuille.listes) for nom, modele in contrats().items()}


def aucune_livraison(raw: Path) -> Faute:
    """What to say where nothing delivered can serve."""
    return Faute(
        f"Aucune livraison acceptée dans «{raw}» : rien n'est publié. "
        "Les motifs de refus se lisent avec «bilan verifier FICHIER»."
    )


@dataclass
class Session:
    """A refresh under way: its inputs, the warehouse it builds, what it has found so far.

    `arretes` are the months to publish; `a_part`, the bilan's own month where it is not one of
    them: it is computed too, for orientations start from it. `pas` are the steps taken: all of them
    are before anything is published, for nodes can be asked apart.
    """

    demande: Demande
    feuille: FeuilleDeRoute
    regles: dict[str, Regles]
    indicateurs: list[Indicateur]
    fichiers: list[Fichier]
    cle: bytes
    chantier: Chantier
    gardees: Gardees
    livres: list[livraison.Bilan] = field(default_factory=list)
    arretes: list[str] = field(default_factory=list)
    a_part: list[str] = field(default_factory=list)
    controles: list[Resultat] = field(default_factory=list)
    pas: set[tuple[str, str]] = field(default_factory=set)

    def poser_referentiel(self) -> int:
        """Create the tables and load the roadmap; gives the number of indicators."""
        tables.creer(self.chantier.con, self.regles.values())
        tables.charger_referentiel(self.chantier.con, self.feuille, self.indicateurs)
        return len(self.indicateurs)

    def charger(self, extrait: str) -> list[livraison.Bilan]:
        """Load the deliveries of an extract."""
        fichiers = [f for f in self.fichiers if f.extrait == extrait]
        bilans = list(
            livraison.charger(
                self.chantier.con,
                self.demande.raw,
                fichiers,
                self.regles[extrait],
                self.cle,
                self.gardees,
            )
        )
        self.pas.add(("livraisons", extrait))
        self.livres += bilans
        _journal.info(
            "livraisons %s : %d fichiers, %d lignes acceptées, %d rejetées",
            extrait,
            len(bilans),
            sum(b.acceptees for b in bilans),
            sum(b.rejetees for b in bilans),
        )
        return bilans

    def ecarter(self) -> list[livraison.Bilan]:
        """List the files that are in no extract's folder."""
        self.pas.add(("hors place", ""))
        bilans = livraison.ecarter(
            self.chantier.con, self.demande.raw, [f for f in self.fichiers if not f.extrait]
        )
        self.livres += bilans
        return bilans

    def recevoir(self) -> list[livraison.Bilan]:
        """Take stock of all the deliveries once they are loaded.

        Raises:
            Faute: none is accepted, or the newest month asked comes before them all.
        """
        self.chantier.con.execute(
            """
            create or replace table chantier.livraisons as
            select distinct source || '/' || extrait as extrait, mois_livraison as mois
            from qualite.livraisons where statut = 'acceptee'
            """
        )
        livres = self._colonne("select distinct mois from chantier.livraisons")
        if not livres:
            raise aucune_livraison(self.demande.raw)
        if self.demande.arrete < min(livres):
            raise Faute(
                f"L'arrêté {self.demande.arrete} précède la première livraison ({min(livres)}) : "
                "en choisir un plus tardif."
            )
        return self.livres

    def fixer_arretes(self) -> list[str]:
        """Open the months to compute, and keep the values of the others."""
        publies = self.chantier.arretes_publies()
        if not publies and self.chantier.publie.exists():
            _journal.warning("l'ancien entrepôt ne se lit pas : calcul comme la première fois")
        self.arretes = self.demande.mois
        bilan = self.feuille.arrete_du_bilan
        if bilan < self.demande.arrete and bilan not in self.arretes:
            self.a_part = [bilan]
        if publies:
            self.chantier.garder(tables.PAR_ARRETE, self.arretes)
        colonnes = {nom: r.colonnes for nom, r in self.regles.items()}
        calcul.preparer(self.chantier.con, self.indicateurs, colonnes, self.arretes, self.a_part)
        _journal.info("arrêtés à calculer : %s à %s", self.arretes[0], self.arretes[-1])
        return self.arretes

    def dater(self) -> list[Perime]:
        """Write down what each published month rests on; gives those that no longer hold."""
        self.pas.add(("mois publiés", ""))
        peremption.constater(self.chantier.con, self.feuille)
        perimes = peremption.perimes(self.chantier.con)
        for perime in perimes:
            _journal.warning("arrêté à recalculer : %s", perime.phrase)
        return perimes

    def attendre(self) -> int:
        """List what was expected of each extract, and what came."""
        self.pas.add(("attendus", ""))
        return attendre(
            self.chantier.con, self.regles.values(), self.livres, self._dernier_arrete()
        )

    def par_arrete(self, nom: str) -> dict[str, int]:
        """Rows of a table at each arrêté."""
        sql = f"select arrete, count(*) from {nom} group by all"
        return dict(self.chantier.con.execute(sql).fetchall())

    def lignes(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a query on the warehouse under construction."""
        resultat = self.chantier.con.execute(sql)
        noms = [description[0] for description in resultat.description or []]
        return [dict(zip(noms, ligne, strict=True)) for ligne in resultat.fetchall()]

    def _dernier_arrete(self) -> str:
        """The newest month of the warehouse: computed now, or kept."""
        gardes = self._colonne("select coalesce(max(arrete), '') from indicateurs.valeurs")
        return max(self.arretes[-1], *gardes)

    def _colonne(self, sql: str) -> list[str]:
        return [valeur for (valeur,) in self.chantier.con.execute(sql).fetchall()]

    def ouvrir_faits(self, extrait: str) -> int:
        """Make the facts of an extract readable."""
        regles = self.regles[extrait]
        return faits.ouvrir(self.chantier.con, regles, registre.actives(self.feuille, regles))

    def en_vigueur(self, extrait: str) -> dict[str, int]:
        """Facts in force at each arrêté."""
        return faits.par_mois(self.chantier.con, self.regles[extrait], self.demande.mois)

    def compter(self, indicateur: Indicateur) -> dict[str, int]:
        """Count an indicator at every arrêté; gives its number of measures at each."""
        nombres = calcul.compter(self.chantier.con, indicateur, [*self.arretes, *self.a_part])
        self.pas.add(("indicateur", indicateur.nom))
        _journal.info("indicateur %s/%s", indicateur.groupe, indicateur.nom)
        return nombres

    def controler(self, objet: str, extrait: str = "") -> list[Resultat]:
        """Run the identities of `livraisons`, `faits` (of an extract) or `valeurs`."""
        self.pas.add((f"contrôles de {objet}", extrait))
        con = self.chantier.con
        if objet == controles.VALEURS:
            resultats = controles.des_valeurs(con)
        else:
            resultats = controles.de_l_extrait(con, objet, self.regles[extrait])
        for resultat in resultats:
            if not resultat.reussi:
                _journal.error("contrôle %s : %s", resultat.controle.nom, resultat.message)
        self.controles += resultats
        return resultats

    def valoriser(self) -> int:
        """Roll all indicators up."""
        nombre = calcul.valeurs(self.chantier.con)
        _journal.info("valeurs : %d", nombre)
        return nombre

    def avancer(self) -> int:
        """Follow the orientations."""
        self.pas.add(("orientations", ""))
        return avancer(self.chantier.con, self.arretes)

    def rapprocher(self) -> int:
        """Compare with the printed figures."""
        self.pas.add(("rapprochement", ""))
        return rapprocher(self.chantier.con)

    def montrer(self, vue: Vue) -> int:
        """Create a view of the bilan; gives its number of rows."""
        self.pas.add(("vue", vue.nom))
        return vues.creer(self.chantier.con, vue)

    def colonnes(self, vue: Vue) -> dict[str, tuple[str, str]]:
        """Type and meaning of the columns of a view that was created."""
        return vues.colonnes(self.chantier.con, vue)

    def apercevoir(self, vue: Vue, nombre: int) -> list[dict[str, Any]]:
        """The first rows of a view that was created."""
        return self.lignes(f"from {vues.place(self.chantier.con, vue)} limit {nombre}")

    def diffuser(self) -> int:
        """Make the newest values fit to leave."""
        self.pas.add(("diffusion", ""))
        return diffuser(self.chantier.con)

    def eprouver(self) -> list[Constat]:
        """Finish the file, and have it judged: what is unlikely is written down, nothing stops.

        The checks are written and the facts frozen first: what is judged is what is published.
        """
        self.pas.add(("plausibilité", ""))
        con = self.chantier.con
        controles.inscrire(con, self.arretes[-1], self.controles)
        arrete = self._dernier_arrete()
        for contrat in self.regles.values():
            corrections = registre.actives(self.feuille, contrat)
            application.constater(con, contrat, corrections, arrete, self.arretes[-1])
            faits.figer(con, contrat, arrete)
        with self.chantier.prete() as fichier:
            constats = lancement.lancer(fichier, self.chantier.pages, arrete)
        inscrire(self.chantier.con, self.arretes[-1], constats)
        _journal.info("plausibilité : %d signalements", sum(not c.reussi for c in constats))
        return constats

    def publier(self) -> Path:
        """Publish the file, with the pages of plausibility.

        Raises:
            Faute: a step was not taken in this run; the earlier warehouse stands.
        """
        manquants = sorted(self._tous_les_pas() - self.pas)
        if manquants:
            raise Faute(
                f"Rien n'est publié : {len(manquants)} étapes n'ont pas été demandées, dont "
                f"{' '.join(manquants[0]).strip()}. Lancer le job «rafraichir» en entier."
            )
        publie = self.chantier.publier()
        try:
            self.chantier.poser_pages()
        except OSError as erreur:
            _journal.error("pages de plausibilité non remplacées : %s", erreur)
        self.gardees.oublier()
        return publie

    def _tous_les_pas(self) -> set[tuple[str, str]]:
        """The steps without which nothing is published."""
        entiers = ("attendus", "contrôles de valeurs", "diffusion", "hors place", "mois publiés",
                   "orientations", "plausibilité", "rapprochement")  # fmt: skip
        par_extrait = ("livraisons", "contrôles de livraisons", "contrôles de faits")
        return {
            *((pas, "") for pas in entiers),
            *((pas, extrait) for pas in par_extrait for extrait in self.regles),
            *(("indicateur", indicateur.nom) for indicateur in self.indicateurs),
            *(("vue", vue.nom) for vue in vues.lire()),
        }


@contextmanager
def ouvrir(demande: Demande) -> Iterator[Session]:
    """Check what can be checked before building, then open the construction site.

    Raises:
        Faute: the roadmap, the indicators, the folders or the key cannot serve.
    """
    feuille = feuille_de_route.lire(demande.roadmap)
    indicateurs = definition.lire(feuille.choisis)
    regles = regles_de(feuille)
    examiner(feuille, indicateurs, regles.values())
    fichiers = depot.inventaire(demande.raw, regles)
    cle = personnes.cle_secrete()
    with chantier.ouvrir(demande.warehouse) as site:
        gardees = Gardees(site.warehouse / DOSSIER_GARDE, cle)
        yield Session(demande, feuille, regles, indicateurs, fichiers, cle, site, gardees)
