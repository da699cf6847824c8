"""One session of Spark for all the tests of this folder: it takes seconds to start."""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Small data: nothing is worth compiling, nor sharing out.
_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:CompileThresholdScaling=8"
_REGLAGES = {
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that ask for Spark skip by name where it is not."""
    manquants = [nom for nom in ("pyspark", "sqlglot") if find_spec(nom) is None]
    if not shutil.which("java"):
        manquants.append("java")
    saut = pytest.mark.skip(reason=f"ne sont pas installés : {manquants}")
    for item in items:
        if manquants and "spark" in getattr(item, "fixturenames", ()):
            item.add_marker(saut)


@pytest.fixture(scope="session")
def spark(maison: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator["SparkSession"]:
    """A Spark of this machine, which refreshes of this process find and leave."""
    from pipelines.moteur import session

    reglages = " ".join(f"--conf {nom}={valeur}" for nom, valeur in _REGLAGES.items())
    java = f"--driver-java-options '{_JAVA}'"
    dossier: Path = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as env:
        env.delenv("SPARK_REMOTE", raising=False)
        env.setenv("PYSPARK_SUBMIT_ARGS", f"--master local[2] {java} {reglages} pyspark-shell")
        with session.ouvrir(dossier) as ouverte:
            yield ouverte
