"""Which months a refresh computes: those asked, or those due since the last one published.

Decided before the run, which Dagster records under its months. Computing them does not belong here.
"""

from dataclasses import replace

import duckdb

from pipelines import feuille_de_route, mois
from pipelines.entrepot import chantier, tables
from pipelines.erreurs import Faute
from pipelines.ingestion import depot, livraison, personnes
from pipelines.ingestion.gardees import Gardees
from pipelines.session import DOSSIER_GARDE, Demande, aucune_livraison, regles_de

MOIS_D_UN_PREMIER_CALCUL = 12


def completer(demande: Demande) -> Demande:
    """The same, with both its months.

    Raises:
        Faute: a month is not one, there is none to compute, or no delivery tells the last one.
    """
    for texte, option in (
        (demande.arrete, "L'arrêté"),
        (demande.depuis, "Le mois de --depuis"),
    ):
        if texte:
            mois.valide(texte, option)
    arrete = demande.arrete or dernier_livre(demande)
    depuis = demande.depuis or _premier_du(demande, arrete)
    if depuis > arrete:
        raise Faute(f"--depuis {depuis} vient après l'arrêté {arrete} : aucun mois à calculer.")
    return replace(demande, arrete=arrete, depuis=depuis)


def _premier_du(demande: Demande, arrete: str) -> str:
    publies = chantier.mois_publies(demande.warehouse)
    if not publies:
        return mois.decaler(arrete, 1 - MOIS_D_UN_PREMIER_CALCUL)
    return min(mois.decaler(publies[-1], 1), arrete)


def dernier_livre(demande: Demande) -> str:
    """The newest month with an accepted delivery; its files are read, and kept for the run.

    Raises:
        Faute: there is none.
    """
    regles = regles_de(feuille_de_route.lire(demande.roadmap))
    fichiers = [f for f in depot.inventaire(demande.raw, regles) if f.mois and not f.motif]
    cle = personnes.cle_secrete()
    gardees = Gardees(demande.warehouse / DOSSIER_GARDE, cle)
    for livre in sorted({f.mois for f in fichiers}, reverse=True):
        with duckdb.connect() as con:
            tables.creer(con, regles.values())
            for nom, contrat in regles.items():
                siens = [f for f in fichiers if (f.extrait, f.mois) == (nom, livre)]
                bilans = livraison.charger(con, demande.raw, siens, contrat, cle, gardees)
                if any(bilan.statut == "acceptee" for bilan in bilans):
                    return livre
    raise aucune_livraison(demande.raw)
