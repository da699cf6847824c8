"""A small published warehouse where something of each kind is to be done.

The invented region of `tests/region/feuille`, from 2021-01 to 2021-05: two files refused (one by
its name), two months that did not come, a doubt, a rejected line, a revision.
"""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipelines.cli import INCOMPLET, executer
from pipelines.plausibilite import lancement
from tests.reduction import VUES, reduire

_FEUILLE = Path(__file__).parents[1] / "region" / "feuille"
_AVDL = "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees\n"
_MOBILISATIONS = "mois;departement;filiere;parc;zone;logements_mobilises;menages;personnes\n"
BALISE = "<script>alert(1)"
"""In the name of a file."""
LIVRAISONS = {
    "logement/avdl/2021-01.csv": _AVDL + "2020;Alpha;X1;10;4;6\n2020;Beta;X2;7;1;2\n",
    # Alpha's figure changes; XX is no department; é was decoded twice.
    "logement/avdl/2021-05.csv": _AVDL
    + "2020;Alpha;X1;15;4;6\n2020;Delta;XX;1;1;1\n2020;GammÃ©;X2;3;1;1\n",
    "logement/avdl/2021-04.csv": "annee;operateur\n2020;Alpha\n",
    f"logement/avdl/2021-04_{BALISE}.csv": _AVDL,
    "logement/mobilisations/2021-01.csv": _MOBILISATIONS
    + "2021-01;X1;PLAN_LOGEMENT;SOCIAL;AUTRE;2;2;5\n"
    + "2021-01;X2;PLAN_LOGEMENT;PRIVE;AUTRE;6;6;9\n",
    "logement/mobilisations/2021-03.csv": _MOBILISATIONS
    + "2021-03;X1;PLAN_LOGEMENT;SOCIAL;AUTRE;4;4;8\n",
    "ddcs/reunions/2021-05.csv": "numero_reunion;niveau;departement;instance;date_reunion\n"
    "R1;DEPARTEMENTAL;X1;COTECH;12/05/2021\n",
}


@cache
def warehouse() -> Path:
    """Its folder, made once by process."""
    temporaire = TemporaryDirectory(prefix="bilan-edition-")
    atexit.register(temporaire.cleanup)
    dossier = Path(temporaire.name)
    shutil.copytree(_FEUILLE, dossier / "feuille")
    with (dossier / "feuille" / "indicateurs.csv").open("a", encoding="utf-8") as flux:
        flux.write("logements_mobilises\n")
    with (dossier / "feuille" / "cibles.csv").open("a", encoding="utf-8") as flux:
        flux.write("avdl_beneficiaires,RX,2020,total,total,50,invention\n")
    for nom, texte in LIVRAISONS.items():
        chemin = dossier / "raw" / nom
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_text(texte, encoding="utf-8")
    with pytest.MonkeyPatch.context() as correctif:
        reduire(correctif.setattr, (*VUES, "orientations"))
        correctif.setattr(lancement, "chauffer", lambda *_: None)
        correctif.setattr(lancement, "lancer", lambda *_: [])
        code = executer(
            ["refresh", "--raw", str(dossier / "raw"), "--warehouse", str(dossier / "entrepot"),
             "--roadmap", str(dossier / "feuille"), "--depuis", "2021-01"]
        )  # fmt: skip
    assert code == INCOMPLET
    return dossier / "entrepot"
