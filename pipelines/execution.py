"""Running the job from the command line: in this process, recorded where `bilan ui` shows it.

Prints progress and the final summary. What the job does is in `session` and `graphe`.
"""

import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import IO

import dagster as dg
import duckdb

from pipelines.echeance import completer
from pipelines.entrepot.chantier import NOM
from pipelines.erreurs import Faute, de_la_machine
from pipelines.graphe.mois import etiquettes
from pipelines.graphe.surveillance import fermer_les_morts
from pipelines.graphe.travail import JOB, definitions
from pipelines.instance import dossier_de_dagster
from pipelines.region import region
from pipelines.session import JOURNAL, Demande
from pipelines.sql import nombre
from pipelines.verification import court


def rafraichir(demande: Demande, sortie: IO[str], erreurs: IO[str]) -> int:
    """Run the job; gives the number of deliveries refused, and of checks failed.

    Where Dagster fails once the file is published, that counts for one.

    Raises:
        Faute: nothing was published.
    """
    debut = time.monotonic()
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    afficheur = logging.StreamHandler(erreurs)
    afficheur.setFormatter(logging.Formatter("  %(message)s"))
    journal = logging.getLogger(JOURNAL)
    journal.setLevel(logging.INFO)
    journal.addHandler(afficheur)
    resultat = None
    avant = _identite(demande.warehouse)
    try:
        demande = completer(demande)
        ici = replace(
            region(), raw=demande.raw, warehouse=demande.warehouse, roadmap=demande.roadmap
        )
        job = definitions(ici, demande.depuis, demande.arrete).resolve_job_def(JOB)
        dossiers = {
            "raw": str(demande.raw),
            "warehouse": str(demande.warehouse),
            "roadmap": str(demande.roadmap),
        }
        dossier_de_dagster()
        with dg.DagsterInstance.get() as dagster:
            fermer_les_morts(dagster, ici)
            resultat = job.execute_in_process(
                run_config={
                    "resources": {"session": {"config": dossiers}},
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                },
                tags=etiquettes(demande.depuis, demande.arrete),
                instance=dagster,
            )
    except dg.DagsterExecutionInterruptedError:
        raise KeyboardInterrupt from None
    except Exception as erreur:
        faute = _faute(erreur)
        if "AssetCheck" in type(erreur).__name__:
            faute = Faute("Un contrôle bloquant a échoué : rien n'est publié, l'ancien reste.")
        if faute is None:
            raise
        if _identite(demande.warehouse) == avant:
            raise faute from None
        print(f"L'entrepôt est publié, mais Dagster n'a pas pu tout noter. {faute}", file=erreurs)
    finally:
        journal.removeHandler(afficheur)
    refusees = resumer(demande.warehouse, time.monotonic() - debut, sortie, erreurs)
    if resultat is None:
        return refusees + 1
    retenus = [
        str(constat.description)
        for constat in resultat.get_asset_check_evaluations()
        if not constat.passed and constat.severity == dg.AssetCheckSeverity.ERROR
    ]
    for message in retenus:
        print(f"Non publié : {message}", file=erreurs)
    return refusees + len(retenus)


def _identite(warehouse: Path) -> tuple[int, int] | None:
    """Tells a published file from the one that replaces it; None where there is none."""
    try:
        etat = (warehouse / NOM).stat()
    except OSError:
        return None
    return etat.st_ino, etat.st_mtime_ns


def _faute(erreur: BaseException | None) -> Faute | None:
    """The fault behind an error of Dagster, if there is one: said by us, or by the machine."""
    vues: list[BaseException] = []  # a chain of causes may come back on itself
    while erreur is not None and all(erreur is not vue for vue in vues):
        vues.append(erreur)
        if isinstance(erreur, Faute):
            return erreur
        erreur = erreur.__cause__ or erreur.__context__
    return next(filter(None, map(de_la_machine, vues)), None)


def resumer(warehouse: Path, secondes: float, sortie: IO[str], erreurs: IO[str]) -> int:
    """Print what was published; gives the number of deliveries refused."""
    chemin = warehouse / NOM
    with duckdb.connect(chemin, read_only=True) as con:
        refusees = con.execute(
            "select fichier, motif from qualite.livraisons where statut = 'refusee' order by 1"
        ).fetchall()
        valeurs = nombre(con, "select count(*) from indicateurs.valeurs")
        indicateurs = nombre(con, "select count(distinct indicateur) from indicateurs.valeurs")
        mois = con.execute(
            "select min(arrete), max(arrete) from indicateurs.valeurs"
        ).fetchone() or ("", "")
        qualite = con.execute("select sujet, constat from bilan.bilan.qualite").fetchall()
        verdicts = con.execute(
            "select verdict, count(*) from rapprochement.chiffres group by 1 order by 2 desc, 1"
        ).fetchall()
    resume = f"""
Entrepôt publié en {secondes:.0f} s : {chemin}
  Valeurs     {_nombre(valeurs)}, de {indicateurs} indicateurs, arrêtés {mois[0]} à {mois[1]}
  Chiffres    {", ".join(f"{nombre} {verdict}" for verdict, nombre in verdicts) or "aucun imprimé"}
À essayer : bilan sql "from bilan.anomalies"   (les chiffres imprimés que les données démentent)
            bilan verifier FICHIER             (pourquoi un fichier est refusé)
            bilan ui                           (le graphe, dans un navigateur)"""
    print(resume, file=sortie)
    for sujet, constat in qualite:
        print(f"  {sujet:<11} {constat}", file=sortie)
    for fichier, motif in refusees:
        print(f"Refusée : {court(fichier)} — {motif}", file=erreurs)
    return len(refusees)


def _nombre(nombre: int) -> str:
    return f"{nombre:,}".replace(",", " ")
