"""Running the job from the command line: in this process, recorded where `bilan ui` shows it.

Prints progress and the final summary. What the job does is in `session` and `graphe`.
"""

import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import IO

import dagster as dg
import duckdb

from pipelines.echeance import completer
from pipelines.entrepot.chantier import NOM
from pipelines.erreurs import Faute, de_la_machine
from pipelines.feuille_de_route import RACINE
from pipelines.graphe.lancement import EMPLACEMENT, executer_ici
from pipelines.graphe.mois import etiquettes
from pipelines.graphe.surveillance import fermer_les_morts
from pipelines.graphe.travail import JOB, definitions
from pipelines.region import region
from pipelines.session import JOURNAL, Demande
from pipelines.sql import nombre
from pipelines.verification import court

INSTANCE = RACINE / ".dagster"


def dossier_de_dagster() -> None:
    """Choose the project's own Dagster instance, unless DAGSTER_HOME names another."""
    os.environ.setdefault("DAGSTER_HOME", str(INSTANCE))
    dossier = Path(os.environ["DAGSTER_HOME"])
    dossier.mkdir(parents=True, exist_ok=True)
    if not (dossier / "dagster.yaml").exists():  # without it, telemetry is on
        provisoire = dossier / f".dagster.yaml.{os.getpid()}"  # whole or not at all
        shutil.copy(INSTANCE / "dagster.yaml", provisoire)
        provisoire.replace(dossier / "dagster.yaml")


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
            resultat = executer_ici(
                job,
                dagster,
                tags=etiquettes(demande.depuis, demande.arrete),
                emplacement=ici.nom or EMPLACEMENT,
                run_config={
                    "resources": {"session": {"config": dossiers}},
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                },
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


def interface(port: int) -> int:
    """Run Dagster's web server, and the daemon of schedules and sensors, until interrupted.

    Raises:
        Faute: the port is taken, or the server stopped by itself.
    """
    dossier_de_dagster()
    with dg.DagsterInstance.get() as dagster:  # two processes must not create its tables at once
        dagster.get_asset_keys()
    with socket.socket() as essai:
        essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind(("127.0.0.1", port))
        except OSError:
            raise Faute(
                f"Le port {port} est déjà pris : une interface est-elle ouverte ? "
                "En choisir un autre avec --port."
            ) from None
    espace = ["-w", str(RACINE / "workspace.yaml")]
    adresse = ["-h", "127.0.0.1", "-p", str(port)]
    commandes = [["dagster-daemon", "run", *espace], ["dagster-webserver", *espace, *adresse]]
    programmes = Path(sys.executable).parent
    processus = [
        subprocess.Popen([programmes / nom, *arguments], cwd=RACINE)  # noqa: S603
        for nom, *arguments in commandes
    ]
    print(f"Interface : http://127.0.0.1:{port} (Ctrl+C pour arrêter)", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while all(p.poll() is None for p in processus):
            time.sleep(0.5)
        raise Faute("L'interface s'est arrêtée : voir les messages ci-dessus.")
    except KeyboardInterrupt:
        return 0
    finally:
        for p in processus:
            p.send_signal(signal.SIGINT)
        for p in processus:
            p.wait()
