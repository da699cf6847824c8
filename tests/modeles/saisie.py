"""Run by the system's python3, which has LibreOffice's `uno`: types cells into workbooks.

Reads on stdin a JSON list of {source, cible, cellules: [[colonne, ligne, texte], ...]}; opens each
`source`, types each text as a person would, and saves as `cible`. Writes on stdout, for each,
whether some cell typed breaks the validation of its column. One LibreOffice serves them all.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]

FRANCAIS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>fr-FR</value></prop></item>
</oor:items>
"""


def _propriete(nom: str, valeur: object) -> Any:
    propriete = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    propriete.Name, propriete.Value = nom, valeur
    return propriete


def _bureau(adresse: str) -> Any:
    """The desktop of the LibreOffice that is starting."""
    local = uno.getComponentContext()
    resolveur = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    for _ in range(600):
        try:
            contexte = resolveur.resolve(f"uno:{adresse};urp;StarOffice.ComponentContext")
        except Exception:  # not yet listening
            time.sleep(0.1)
        else:
            return contexte.ServiceManager.createInstance("com.sun.star.frame.Desktop")
    raise SystemExit("LibreOffice does not answer")


def _saisir(bureau: Any, tache: Any) -> bool:
    """Fill one workbook in; whether some cell breaks the validation of its column."""
    source, cible = (Path(tache[nom]).as_uri() for nom in ("source", "cible"))
    classeur = bureau.loadComponentFromURL(source, "_blank", 0, (_propriete("Hidden", True),))
    feuille = classeur.Sheets.getByIndex(0)
    for colonne, ligne, texte in tache["cellules"]:
        feuille.getCellByPosition(colonne, ligne).FormulaLocal = texte
    fautes = bool(feuille.showInvalid())
    classeur.storeToURL(cible, (_propriete("FilterName", "Calc MS Excel 2007 XML"),))
    classeur.close(True)
    return fautes


def main() -> None:
    """Do what stdin asks."""
    taches = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as profil:
        reglages = Path(profil, "user", "registrymodifications.xcu")
        reglages.parent.mkdir()
        reglages.write_text(FRANCAIS, encoding="utf-8")
        adresse = f"pipe,name={Path(profil).name}"
        commande = [
            "soffice", "--headless", "--norestore", "--nologo", f"--accept={adresse};urp",
            f"-env:UserInstallation={Path(profil).as_uri()}",
        ]  # fmt: skip
        rien = subprocess.DEVNULL
        programme = subprocess.Popen(commande, stdout=rien, stderr=rien)  # noqa: S603
        try:
            bureau = _bureau(adresse)
            json.dump([_saisir(bureau, tache) for tache in taches], sys.stdout)
            bureau.terminate()
            programme.wait(60)
        finally:
            programme.kill()


if __name__ == "__main__":
    main()
