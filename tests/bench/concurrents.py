"""Who runs: `bilan` with nothing kept, with readings kept, with nothing new; DuckDB; dbt; pandas.

A contestant is made for one set of deliveries and one folder, and may run there again and again.
What is measured, and in which order, does not belong here.
"""

import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.projet import RACINE
from tests.bench import projet_dbt, requetes
from tests.bench.mesure import Mesure, lancer

NU, DBT, PANDAS = "DuckDB nu", "dbt", "pandas"
PREMIER, LECTURES, INCHANGE = "première fois", "lectures gardées", "rien de nouveau"
_ICI = Path(__file__).parent
_BILAN = "import sys; from pipelines.cli import main; main()"


@dataclass(frozen=True)
class Bilan:
    """The program: what it keeps is under `dossier`, and is thrown away before a first run."""

    raw: Path
    arrete: str
    depuis: str
    dossier: Path

    @property
    def entrepot(self) -> Path:
        """What it publishes."""
        return self.dossier / "w" / "entrepot.duckdb"

    def lancer(self, genre: str) -> Mesure:
        """Run `bilan refresh`, as PREMIER, LECTURES or INCHANGE says; it may refuse a delivery."""
        if genre == PREMIER:
            shutil.rmtree(self.dossier, ignore_errors=True)
            self.dossier.mkdir(parents=True)
        elif genre == LECTURES:
            self._oublier()
        commande = [
            sys.executable, "-c", _BILAN, "refresh", "--raw", str(self.raw),
            "--warehouse", str(self.dossier / "w"), "--depuis", self.depuis,
            "--arrete", self.arrete,
        ]  # fmt: skip
        maison = {
            "BILAN_CLE": str(self.dossier / "cle"),
            "DAGSTER_HOME": str(self.dossier / "dagster"),
            "PYTHONPATH": str(RACINE),
        }
        return lancer(commande, maison, self.dossier, codes=(0, 1))

    def _oublier(self) -> None:
        """Throw away all that is published or kept, but readings."""
        for chemin in [*(self.dossier / "w").iterdir(), *(self.dossier / "w/.gardees").iterdir()]:
            if chemin.name in (".gardees", "lectures"):
                continue
            if chemin.is_dir():
                shutil.rmtree(chemin)
            else:
                chemin.unlink()


@dataclass(frozen=True)
class Autre:
    """Another program, which writes its values to a Parquet file.

    `fait`: what it leaves, and would find again; `en_partie`: it has but some indicators.
    """

    nom: str
    commande: Sequence[str]
    environnement: Mapping[str, str]
    dossier: Path
    fait: tuple[Path, ...] = ()
    en_partie: bool = False

    @property
    def valeurs(self) -> Path:
        """What it writes."""
        return self.dossier / "valeurs.parquet"

    def lancer(self, neuf: bool = True) -> Mesure:
        """Run it, without what an earlier run has left unless `neuf` is false."""
        for chemin in self.fait if neuf else ():
            shutil.rmtree(chemin, ignore_errors=True)
            chemin.unlink(missing_ok=True)
        self.valeurs.unlink(missing_ok=True)
        return lancer(self.commande, self.environnement, self.dossier)


def nu(raw: Path, arrete: str, dossier: Path) -> Autre:
    """DuckDB alone."""
    dossier.mkdir(parents=True, exist_ok=True)
    programme = requetes.ecrire(raw, arrete, dossier / "fixes")
    autre = Autre(NU, [sys.executable, str(_ICI / "nu.py"), "script.sql"], {}, dossier)
    (dossier / "script.sql").write_text(programme.script(autre.valeurs), encoding="utf-8")
    return autre


def dbt(raw: Path, arrete: str, dossier: Path) -> Autre:
    """dbt-duckdb, with the same SQL."""
    dossier.mkdir(parents=True, exist_ok=True)
    programme = requetes.ecrire(raw, arrete, dossier / "fixes")
    fait = (dossier / "target", dossier / "bench.duckdb")
    commande, maison = projet_dbt.commande(dossier), projet_dbt.environnement()
    autre = Autre(DBT, commande, maison, dossier, fait)
    projet_dbt.ecrire(dossier, programme, autre.valeurs)
    return autre


def pandas(raw: Path, arrete: str, dossier: Path) -> Autre:
    """pandas and pandera, on signatories alone."""
    dossier.mkdir(parents=True, exist_ok=True)
    programme = str(_ICI / "en_pandas.py")
    commande = [sys.executable, programme, str(raw), arrete, str(dossier / "valeurs.parquet")]
    return Autre(PANDAS, commande, {}, dossier, en_partie=True)
