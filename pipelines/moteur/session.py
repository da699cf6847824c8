"""A session of Spark: of the cluster that PySpark's own settings name, or of this machine.

`SPARK_REMOTE`, `PYSPARK_SUBMIT_ARGS`, `spark-defaults.conf`… are read by PySpark as it always does;
without any, Spark runs here, on all processors. What Spark writes is dropped: its logs may show
rows. What is computed does not belong here.
"""

import logging
import os
import shutil
import socket
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipelines.erreurs import Faute

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_NOM = "bilan"
_JOURNAL_DE_PYSPARK = "SQLQueryContextLogger"
_ATTENTE = 10  # seconds
_PORT_DE_CONNECT = 15002
_SANS = "; ou relancez sans «--moteur spark»."
_DES_CALCULS = {
    "spark.sql.ansi.enabled": "true",  # what overflows or does not convert fails, as in DuckDB
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
    "spark.sql.groupByAliases": "true",
    "spark.sql.parser.escapedStringLiterals": "false",
}


def exiger() -> None:
    """What can be known before Spark is started.

    Raises:
        Faute: what is missing, and how to have it.
    """
    manquants = [nom for nom in ("pyspark", "sqlglot") if find_spec(nom) is None]
    if manquants:
        raise Faute(
            f"Le moteur Spark n'est pas installé (il manque {' et '.join(manquants)}) : "
            f"pip install 'bilan[spark]', puis relancez {_SANS}"
        )
    if distant := os.environ.get("SPARK_REMOTE", ""):
        if distant.startswith("sc://"):
            _joindre(distant, _PORT_DE_CONNECT)
    elif not _java():
        raise Faute(
            "Java est introuvable, et Spark en a besoin : installez-le (Debian : "
            f"default-jre-headless) ou dites où il est avec JAVA_HOME, puis relancez {_SANS}"
        )


def _java() -> str | None:
    maison = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=f"{maison}/bin" if maison else None)


def _joindre(adresse: str, port: int) -> None:
    """Fail at once where nobody answers: Spark itself would try for minutes.

    Raises:
        Faute: nobody does.
    """
    places = urlsplit(adresse).netloc.split(",")
    for place in places:
        lue = urlsplit(f"//{place}")
        try:
            socket.create_connection((lue.hostname or "", lue.port or port), _ATTENTE).close()
        except (OSError, ValueError):
            continue
        return
    raise Faute(
        f"Spark ne répond pas ({', '.join(places)}) : vérifiez son adresse et le réseau, puis "
        f"relancez {_SANS}"
    )


@contextmanager
def ouvrir(dossier: Path) -> Iterator["SparkSession"]:
    """A session, stopped at the end unless there was one before.

    Args:
        dossier: where Spark may write what it does not hold in memory, on this machine.

    Raises:
        Faute: it cannot be had.
    """
    exiger()
    with warnings.catch_warnings(), fautes("démarrer"):
        warnings.simplefilter("ignore")  # of PySpark about pandas, which nothing here uses
        from pyspark.sql import SparkSession

        logging.getLogger(_JOURNAL_DE_PYSPARK).disabled = True
        deja = SparkSession.getActiveSession()
        session = deja or _demarrer(dossier)
        # A session of a server is ours alone; one of this process may be another's.
        propre = session if os.environ.get("SPARK_REMOTE") else session.newSession()
        for nom, valeur in _DES_CALCULS.items():
            propre.conf.set(nom, valeur)
    try:
        yield propre
    finally:
        if not deja:
            session.stop()


def _demarrer(dossier: Path) -> "SparkSession":
    from pyspark.sql import SparkSession

    if distant := os.environ.get("SPARK_REMOTE"):
        return SparkSession.builder.remote(distant).appName(_NOM).getOrCreate()
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    # A JVM that is here already, of a session that was stopped, serves again.
    porte = SparkContext._gateway or launch_gateway(None, _muette())  # type: ignore[no-untyped-call]
    conf = SparkConf(_jvm=porte.jvm)
    conf.setIfMissing("spark.app.name", _NOM)
    conf.setIfMissing("spark.ui.enabled", "false")
    conf.set("spark.ui.showConsoleProgress", "false")
    maitre = conf.get("spark.master", "local[*]") or ""
    if maitre.startswith("local"):
        for nom, valeur in _ici(dossier).items():
            conf.setIfMissing(nom, valeur)
    elif maitre.startswith("spark://"):
        _joindre(maitre, 7077)
    contexte = SparkContext(conf=conf, gateway=porte)
    contexte.setLogLevel("OFF")
    return SparkSession(contexte)


def _muette() -> dict[str, Any]:
    """How the JVM is started: what it says goes nowhere, unless a trace was asked for."""
    if os.environ.get("BILAN_TRACE"):
        return {}
    return {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def _ici(dossier: Path) -> dict[str, str]:
    """Settings of a Spark of this machine: no port for others, files in our own folder."""
    return {
        "spark.master": "local[*]",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(dossier),
        "spark.sql.warehouse.dir": (dossier / "spark").as_uri(),
        "spark.sql.shuffle.partitions": str(os.cpu_count() or 1),
    }


@contextmanager
def fautes(quoi: str) -> Iterator[None]:
    """Say in a sentence what fails in Spark: the kind of the error alone, for its words show rows.

    Raises:
        Faute: Spark could not.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError, ConnectionError, ImportError) as erreur:
        genre = type(erreur).__name__
        if isinstance(erreur, PySparkException):
            genre = erreur.getCondition() or genre
        if isinstance(erreur, ImportError):
            genre = f"{erreur.name} n'est pas installé"
        raise Faute(
            f"Spark n'a pas pu {quoi} ({genre}). Rien n'est publié. Vérifiez Spark et Java "
            f"(BILAN_TRACE=1 montre ce que Spark en dit), puis relancez {_SANS}"
        ) from None
