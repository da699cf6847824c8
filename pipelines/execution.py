"""Runs started from the command line: in this process, recorded where `bilan ui` shows them.

What a run does is in `atelier` and `pas`; what it prints, in `progres` and `resume`.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import IO

import duckdb

from pipelines import controles
from pipelines.atelier import SPARK, Atelier, Demande, ouvrir, sans_mesure
from pipelines.ecran import tolerant
from pipelines.erreurs import Faute, de_la_machine
from pipelines.instance import dossier_de_dagster
from pipelines.mois import valide
from pipelines.pas import edition, entrepot, valeurs
from pipelines.pas import faits as des_faits
from pipelines.pas import livraisons as des_livraisons
from pipelines.profil import Profil
from pipelines.progres import Progres
from pipelines.region import Region
from pipelines.resume import resumer


def rafraichir(
    demande: Demande,
    sortie: IO[str],
    erreurs: IO[str],
    *,
    details: bool = False,
    profil: bool = False,
) -> int:
    """Publish what is due; gives the number of deliveries refused, and of checks failed.

    Where Dagster, or the pages, fail once the file is published, that counts for one. Where nothing
    has changed since it was published, nothing is done.

    Raises:
        Faute: nothing was published.
    """
    debut = time.monotonic()
    echecs: list[str] = []
    couts = Profil()
    with (
        couts if profil else nullcontext(),
        Progres(erreurs, details) as progres,
        ouvrir(demande, progres.annoncer, couts.mesurer if profil else sans_mesure) as atelier,
    ):
        if not rien_de_neuf(atelier):
            with _moteur(atelier):
                echecs = _executer(atelier, erreurs)
        neuf = "publié" in atelier.memoire
        retenus = _retenus(atelier)
        page = edition.accueil(atelier)
        couts.compter(atelier.demandes())
    ici = demande.region
    duree = time.monotonic() - debut
    sortie, erreurs = tolerant(sortie), tolerant(erreurs)
    refusees = 0
    try:
        refusees = resumer(ici.warehouse, duree, sortie, erreurs, neuf=neuf, raw=ici.raw, page=page)
    except (duckdb.Error, OSError) as erreur:
        if not neuf:
            raise
        echecs.append(f"L'entrepôt est publié, mais il ne s'est pas relu ({erreur}).")
    if demande.nouvelle_cle:
        print(
            "Clé des pseudonymes : tout a été relu sous la nouvelle."
            if atelier.autre_cle
            else "Clé des pseudonymes : inchangée, --nouvelle-cle n'y a rien fait.",
            file=sortie,
        )
    if profil:
        couts.imprimer(sortie)
    for message in [*echecs, *retenus]:
        print(message, file=erreurs)
    return refusees + len(echecs) + len(retenus)


def rien_de_neuf(atelier: Atelier) -> bool:
    """Whether what is published is what would be now, pages too, and all it rests on is kept."""
    return entrepot.est_publie(atelier, atelier.arretes) and all(
        atelier.est_gardee(pas.cle, mois)
        for pas in atelier.pas.values()
        for mois in atelier.mois_de(pas)
    )


@contextmanager
def _moteur(atelier: Atelier) -> Iterator[None]:
    """Who counts, as asked: DuckDB is there already.

    Raises:
        Faute: it cannot be had; nothing is computed.
    """
    if atelier.demande.moteur == SPARK:
        from pipelines import moteur

        with moteur.ouvrir(atelier):
            yield
    else:
        yield


def retirer(ici: Region, mois: str) -> list[str]:
    """Publish the warehouse without a month, and have the interface know it; gives those that stay.

    Raises:
        Faute: the month is not published, or is the only one; the earlier warehouse stands.
    """
    import dagster as dg

    from pipelines.graphe import retrait

    valide(mois, "Le mois")
    restent = retrait.retirer(ici, mois)
    dossier_de_dagster()
    with dg.DagsterInstance.get() as dagster:
        retrait.ne_plus_montrer(dagster, ici, restent)
    return restent


def _executer(atelier: Atelier, erreurs: IO[str]) -> list[str]:
    """Run the job through Dagster; gives what it could not do once the file was published.

    Raises:
        Faute: nothing was published.
    """
    des_livraisons.commencer(atelier, atelier.regles)  # while Dagster is imported

    import dagster as dg

    from pipelines import echeance
    from pipelines.graphe.lancement import EMPLACEMENT, executer_ici
    from pipelines.graphe.mois import etiquettes, offrir
    from pipelines.graphe.surveillance import WAREHOUSE, etiquette, fermer_les_morts
    from pipelines.graphe.travail import JOB, definitions

    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    ici, demande = atelier.demande.region, atelier.demande
    try:
        job = definitions(ici, lambda _: _deja_ouvert(atelier)).resolve_job_def(JOB)
        dossier_de_dagster()
        with dg.DagsterInstance.get() as dagster:
            fermer_les_morts(dagster, ici, tenu=ici.warehouse)
            offrir(dagster, ici, {*echeance.offerts(atelier), *atelier.arretes})
            executer_ici(
                job,
                dagster,
                {
                    **etiquettes(demande.depuis, demande.arrete),
                    **etiquette(ici),
                    WAREHOUSE: str(ici.warehouse),
                },
                ici.nom or EMPLACEMENT,
                {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
    except dg.DagsterExecutionInterruptedError:
        if "publié" not in atelier.memoire:
            raise KeyboardInterrupt from None
        return [str(edition.NonEcrites("le rafraîchissement a été interrompu."))]
    except Exception as erreur:
        faute = _bloquee(atelier) or _faute(erreur)
        if faute is None:
            raise
        if isinstance(faute, edition.NonEcrites):
            return [str(faute)]
        if "publié" not in atelier.memoire:
            raise faute from None
        return [f"L'entrepôt est publié, mais Dagster n'a pas pu tout noter. {faute}"]
    return []


def _bloquee(atelier: Atelier) -> Faute | None:
    """The identity that stopped the run, if one did."""
    for extrait in atelier.regles:
        for cle in (des_livraisons.cle(extrait), des_faits.cle(extrait)):
            gardee = atelier.gardees.reprendre(cle)
            brises = [
                r
                for r in controles.de_fiche(gardee.fiche["controles"] if gardee else [])
                if not r.reussi
            ]
            if brises and atelier.est_gardee(cle):
                return Faute(
                    "Un contrôle bloquant a échoué : rien n'est publié, l'ancien reste. "
                    f"{brises[0].objet} : {brises[0].message}"
                )
    return None


def _retenus(atelier: Atelier) -> list[str]:
    """The identities that withhold an indicator at a month of this run."""
    return [
        f"Non publié : {resultat.message}"
        for mois in atelier.arretes
        for resultat in valeurs.resultats(atelier, mois)
        if not resultat.reussi
    ]


def _faute(erreur: BaseException | None) -> Faute | None:
    """The fault behind an error of Dagster, if there is one: said by us, or by the machine."""
    vues: list[BaseException] = []  # a chain of causes may come back on itself
    while erreur is not None and all(erreur is not vue for vue in vues):
        vues.append(erreur)
        if isinstance(erreur, Faute):
            return erreur
        erreur = erreur.__cause__ or erreur.__context__
    return next(filter(None, map(de_la_machine, vues)), None)


@contextmanager
def _deja_ouvert(atelier: Atelier) -> Iterator[Atelier]:
    """A run that was opened before Dagster was."""
    yield atelier
