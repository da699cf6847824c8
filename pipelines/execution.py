"""Running the job from the command line: in this process, recorded where `bilan ui` shows it.

Prints progress and the final summary. What the job does is in `session` and `graphe`.
"""

import logging
import os
import sys
import time
from pathlib import Path
from typing import IO

import dagster as dg
import duckdb

from pipelines.definitions import JOB, definitions
from pipelines.entrepot.chantier import NOM
from pipelines.erreurs import Faute
from pipelines.feuille_de_route import RACINE
from pipelines.session import JOURNAL, Demande

INSTANCE = RACINE / ".dagster"


def instance() -> dg.DagsterInstance:
    """The Dagster instance of the project, unless DAGSTER_HOME names another."""
    os.environ.setdefault("DAGSTER_HOME", str(INSTANCE))
    Path(os.environ["DAGSTER_HOME"]).mkdir(parents=True, exist_ok=True)
    return dg.DagsterInstance.get()


def rafraichir(demande: Demande, sortie: IO[str], erreurs: IO[str]) -> int:
    """Run the job; gives the number of deliveries refused.

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
    job = definitions(demande.roadmap).resolve_job_def(JOB)
    config = {
        "raw": str(demande.raw),
        "warehouse": str(demande.warehouse),
        "roadmap": str(demande.roadmap),
        "arrete": demande.arrete,
        "depuis": demande.depuis,
    }
    try:
        with instance() as dagster:
            job.execute_in_process(
                run_config={
                    "resources": {"session": {"config": config}},
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                },
                instance=dagster,
            )
    except Exception as erreur:
        faute = _faute(erreur)
        if faute is None:
            raise
        raise faute from None
    finally:
        journal.removeHandler(afficheur)
    return resumer(demande.warehouse, time.monotonic() - debut, sortie, erreurs)


def _faute(erreur: BaseException | None) -> Faute | None:
    """The fault behind an error of Dagster, if there is one."""
    while erreur is not None:
        if isinstance(erreur, Faute):
            return erreur
        erreur = erreur.__cause__ or erreur.__context__
    return None


def resumer(warehouse: Path, secondes: float, sortie: IO[str], erreurs: IO[str]) -> int:
    """Print what was published; gives the number of deliveries refused."""
    chemin = warehouse / NOM
    with duckdb.connect(chemin, read_only=True) as con:

        def un(sql: str) -> int:
            trouve = con.execute(sql).fetchone()
            return int(trouve[0] or 0) if trouve else 0

        refusees = con.execute(
            "select fichier, motif from qualite.livraisons where statut = 'refusee' order by 1"
        ).fetchall()
        acceptees = un("select count(*) from qualite.livraisons where statut = 'acceptee'")
        remplacees = un("select count(*) from qualite.livraisons where statut = 'remplacee'")
        lignes = un("select sum(acceptees) from qualite.livraisons where statut = 'acceptee'")
        rejetees = un("select sum(rejetees) from qualite.livraisons where statut = 'acceptee'")
        valeurs = un("select count(*) from indicateurs.valeurs")
        indicateurs = un("select count(distinct indicateur) from indicateurs.valeurs")
        mois = con.execute(
            "select min(arrete), max(arrete) from indicateurs.valeurs"
        ).fetchone() or ("", "")
        verdicts = con.execute(
            "select verdict, count(*) from rapprochement.chiffres group by 1 order by 2 desc, 1"
        ).fetchall()
    resume = f"""
Entrepôt publié en {secondes:.0f} s : {chemin}
  Livraisons  {acceptees} acceptées, {len(refusees)} refusées, {remplacees} remplacées
  Lignes      {_nombre(lignes)} chargées, {_nombre(rejetees)} rejetées
  Valeurs     {_nombre(valeurs)}, de {indicateurs} indicateurs, arrêtés {mois[0]} à {mois[1]}
  Chiffres    {", ".join(f"{nombre} {verdict}" for verdict, nombre in verdicts) or "aucun imprimé"}
À essayer : bilan sql "from bilan.anomalies"   (les chiffres imprimés que les données démentent)
            bilan verifier FICHIER             (pourquoi un fichier est refusé)
            bilan ui                           (le graphe, dans un navigateur)"""
    print(resume, file=sortie)
    for fichier, motif in refusees:
        print(f"Refusée : {fichier} — {motif}", file=erreurs)
    return len(refusees)


def _nombre(nombre: int) -> str:
    return f"{nombre:,}".replace(",", " ")


def interface(port: int) -> int:
    """Replace this process by Dagster's web server and daemon."""
    os.environ.setdefault("DAGSTER_HOME", str(INSTANCE))
    Path(os.environ["DAGSTER_HOME"]).mkdir(parents=True, exist_ok=True)
    dagster = Path(sys.executable).with_name("dagster")
    espace = RACINE / "workspace.yaml"
    print(f"Interface : http://127.0.0.1:{port} (Ctrl+C pour arrêter)", flush=True)
    arguments = ["dev", "-w", str(espace), "-h", "127.0.0.1", "-p", str(port)]
    os.chdir(RACINE)
    os.execv(dagster, [str(dagster), *arguments])  # noqa: S606
