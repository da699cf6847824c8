"""The warehouse of the invented region (`tests/region`), published, for tests of what people read.

Two departments, four indicators, months 2021-12 to 2022-03. Its names and its words look like
formulas and addresses, as a delivery's may.
"""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipelines.plausibilite import lancement
from tests.rafraichir import rafraichir

_REGION = Path(__file__).parents[1] / "region"
FORMULE, AMONT, AVAL, ADRESSE = "=1+1", "@Amont", "+Aval", "https://exemple.fr"
_REMPLACES = {
    "orientations.csv": {
        "Rédiger une charte.": FORMULE,
        "Suivre l'accompagnement vers le logement.": ADRESSE,
    },
    "territoires.csv": {"Amont": AMONT, "Aval": AVAL},
}


@cache
def warehouse() -> Path:
    """Its folder, made once by process."""
    temporaire = TemporaryDirectory(prefix="bilan-inventee-")
    atexit.register(temporaire.cleanup)
    dossier = Path(temporaire.name)
    shutil.copytree(_REGION / "feuille", dossier / "feuille")
    for nom, mots in _REMPLACES.items():
        fichier = dossier / "feuille" / nom
        texte = fichier.read_text(encoding="utf-8")
        for mot, autre in mots.items():
            assert mot in texte
            texte = texte.replace(mot, autre)
        fichier.write_text(texte, encoding="utf-8")
    with pytest.MonkeyPatch.context() as correctif:
        correctif.setattr(lancement, "chauffer", lambda *_: None)
        correctif.setattr(lancement, "lancer", lambda *_: [])
        code = rafraichir(dossier / "entrepot", "--depuis", "2021-12", feuille=dossier / "feuille")
    assert code == 0
    return dossier / "entrepot"
