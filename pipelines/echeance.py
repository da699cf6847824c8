"""Which months a run computes: those asked, or those due; and those that may be asked at all.

Computing them does not belong here.
"""

import logging
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import duckdb

from pipelines import mois
from pipelines.erreurs import Faute
from pipelines.ingestion import depot

if TYPE_CHECKING:
    from pipelines.atelier import Atelier, Demande

MOIS_D_UN_PREMIER_CALCUL = 12
FUSEAU = "Europe/Paris"
PART_DISPARUE = 0.1
_DISPARUS_DITS = 5
_journal = logging.getLogger("bilan")


def verifier(arrete: str, depuis: str) -> None:
    """Stop where a month asked is not one.

    Raises:
        Faute: which.
    """
    for texte, option in ((arrete, "L'arrêté"), (depuis, "Le mois de --depuis")):
        if texte:
            mois.valide(texte, option)


def completer(atelier: "Atelier") -> "Demande":
    """What was asked, with both its months.

    Raises:
        Faute: there is no month to compute, it cannot be published honestly, or no delivery tells
            the last one.
    """
    demande = atelier.demande
    _verifier_les_disparues(atelier)
    if demande.retires:
        return _retirer(atelier)
    arrete = demande.arrete or dernier_livre(atelier)
    depuis = demande.depuis or _premier_du(atelier.publies, arrete)
    if depuis > arrete:
        raise Faute(f"--depuis {depuis} vient après l'arrêté {arrete} : aucun mois à calculer.")
    dernier = max((f.mois for f in atelier.fichiers if not f.motif), default="")
    if arrete > max(dernier, mois_courant()):
        raise Faute(
            f"L'arrêté {arrete} n'est pas encore venu : le dernier mois livré est {dernier}. "
            f"Choisissez un mois jusqu'à {max(dernier, mois_courant())}."
        )
    return replace(demande, arrete=arrete, depuis=depuis)


def mois_courant() -> str:
    """The month it is in Paris: what may be asked, never what a value depends on."""
    return datetime.now(ZoneInfo(FUSEAU)).strftime("%Y-%m")


def _premier_du(publies: list[str], arrete: str) -> str:
    if not publies:
        return mois.decaler(arrete, 1 - MOIS_D_UN_PREMIER_CALCUL)
    return min(mois.decaler(publies[-1], 1), arrete)


def offerts(atelier: "Atelier") -> list[str]:
    """The months that can be published, from the first to the last delivered; those that are."""
    try:
        dernier = dernier_livre(atelier)
    except Faute:
        return atelier.publies
    premier = min(f.mois for f in atelier.fichiers if f.mois and not f.motif)
    return sorted({*mois.entre(premier, dernier), *atelier.publies})


def _retirer(atelier: "Atelier") -> "Demande":
    """A withdrawal computes no month.

    Raises:
        Faute: a month is not published, or no other would be left.
    """
    publies, retires = atelier.publies, atelier.demande.retires
    for retire in sorted(retires):
        if retire not in publies:
            lus = f"de {publies[0]} à {publies[-1]}" if publies else "aucun"
            raise Faute(f"L'arrêté {retire} n'est pas publié (mois publiés : {lus}).")
    if retires >= set(publies):
        raise Faute(
            "C'est le seul mois publié : le retirer ne laisserait rien. Publiez-en un autre avant."
        )
    return atelier.demande


def dernier_livre(atelier: "Atelier") -> str:
    """The newest month with an accepted delivery; its files are read, and their readings kept.

    Raises:
        Faute: there is none.
    """
    en_forme = [f for f in atelier.fichiers if f.mois and not f.motif]
    with duckdb.connect() as con:
        for livre in sorted({f.mois for f in en_forme}, reverse=True):
            for fichier in (f for f in en_forme if f.mois == livre):
                regles = atelier.regles[fichier.extrait]
                recue = atelier.examens.examiner(con, fichier, regles)
                if recue.statut == "acceptee":
                    return livre
    raise aucune_livraison(atelier)


def aucune_livraison(atelier: "Atelier") -> Faute:
    """What to say where nothing delivered can serve."""
    fermes = [f"{f.chemin} : {f.motif}" for f in atelier.fichiers if depot.FERME in f.motif]
    dits = " ".join(f"{dit}." for dit in fermes[:1])
    return Faute(
        f"Aucune livraison acceptée dans «{atelier.demande.region.raw}» : rien n'est publié. "
        + (dits or "Les motifs de refus se lisent avec «bilan verifier FICHIER».")
    )


def _verifier_les_disparues(atelier: "Atelier") -> None:
    """Stop where the published warehouse rests on files that are gone; name them if they are few.

    A share that drops must not empty it.

    Raises:
        Faute: more than a tenth of them are gone, and it was not said that this is meant.
    """
    # An older warehouse may have names that are masked now.
    avant = {
        depot.reconnaitre(chemin, atelier.regles).masque(atelier.cle).chemin
        for chemin in atelier.chantier.livraisons_publiees()
    }
    places = {(f.extrait, f.mois, f.partie) for f in atelier.fichiers if not f.motif}
    chemins = {f.chemin for f in atelier.fichiers}
    disparues = sorted(
        chemin
        for chemin in (avant | atelier.chantier.disparus_publies()) - chemins
        if (f := depot.reconnaitre(chemin, atelier.regles))
        and (f.extrait, f.mois, f.partie) not in places
    )
    if atelier.demande.sans_disparues or not disparues:
        return
    atelier.disparus = disparues
    perdues = [chemin for chemin in disparues if chemin in avant]
    if len(perdues) > PART_DISPARUE * len(avant):
        raise Faute(
            f"{len(perdues)} des {len(avant)} fichiers dont vient l'entrepôt publié ne sont plus "
            f"dans «{atelier.demande.region.raw}», dont {perdues[0]} : le partage est-il coupé ? "
            "Rien n'est publié. Rétablissez-les, ou confirmez par --sans-livraisons-disparues."
        )
    suite = f", et {len(disparues) - _DISPARUS_DITS} autres" * (len(disparues) > _DISPARUS_DITS)
    _journal.warning(
        "ce qui avait été publié n'est plus dans «%s» : %s%s. Le rétablir, ou, si c'est voulu, "
        "relancer avec --sans-livraisons-disparues.",
        atelier.demande.region.raw,
        ", ".join(disparues[:_DISPARUS_DITS]),
        suite,
    )
