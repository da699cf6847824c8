"""Data Docs that read well in French and without internet: one folder of plain pages.

Great Expectations writes pages that load styles, fonts, images and scripts from the internet. Each
page of results is kept, without what it loads, with the project's own style; the rest is dropped
for an index of our own, since theirs is a script. What was found does not belong here.
"""

import html
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipelines.plausibilite.attentes import Attente
from pipelines.plausibilite.constats import Constat

_STYLE = Path(__file__).parent / "style.css"
_CHARGE = re.compile(
    r"<(script|style|footer)\b.*?</\1>|<(?:link|img|input|meta http-equiv)\b[^>]*>", re.DOTALL
)
_COTE = re.compile(r'<div class="col-lg-2\b.*?(?=<div class="col-md-10\b)', re.DOTALL)
_SUITE = re.compile(r'<a href="[./]*expectations/[^"]*"\s*>(.*?)</a>', re.DOTALL)
_ACCUEIL = re.compile(r'href="[./]*index\.html"')
_LIGNES = re.compile(r"% of (\d+) total rows\.")
_FIL = re.compile(r'(aria-current="page">)Validations / ([^/<]*)/[^<]*')
# The fixed words of the pages; the longest first, so that none spoils another.
_MOTS = {
    "Data documentation compiled by Great Expectations": "Plausibilité de l'entrepôt",
    "Unsuccessful Expectations": "Attentes non satisfaites",
    "Successful Expectations": "Attentes satisfaites",
    "Evaluated Expectations": "Attentes évaluées",
    "unexpected values found.": "valeurs inattendues.",
    "Expectation Suite:": "Attente :",
    "Data asset: None": "",
    "Unexpected Value": "Valeur inattendue",
    "Success Percent": "Part satisfaite",
    "Observed Value": "Observé",
    "unexpected<": "inattendu<",
    "Expectation\n": "Attente\n",
    "Statistics": "Bilan",
    "Succeeded": "satisfaite",
    "Overview": "Vue d'ensemble",
    "Status:": "Constat :",
    "Failed\n": "à vérifier\n",
    "Status\n": "Constat\n",
    "Count\n": "Nombre\n",
    ">Home<": ">Toutes les attentes<",
}


def sans_internet(page: str) -> str:
    """A page of Great Expectations that loads nothing but `style.css`, in French."""
    page = _CHARGE.sub("", page)
    page = _COTE.sub("", page)
    page = _SUITE.sub(r"\1", page)
    page = _ACCUEIL.sub('href="index.html"', page)
    page = _FIL.sub(r"\1\2", page)
    page = _LIGNES.sub(r" % de \1 lignes.", page)
    for anglais, francais in _MOTS.items():
        page = page.replace(anglais, francais)
    page = page.replace("<html>", '<html lang="fr">', 1)
    return page.replace("</head>", '<link rel="stylesheet" href="style.css"></head>', 1)


def composer(
    docs: Path, dossier: Path, arrete: str, trouves: Mapping[Attente, Sequence[Constat]]
) -> None:
    """Write into `dossier` the pages of `docs` and their index."""
    dossier.mkdir(parents=True)
    shutil.copyfile(_STYLE, dossier / "style.css")
    for attente in trouves:
        for page in sorted(docs.glob(f"validations/{attente.nom}/**/*.html")):
            texte = sans_internet(page.read_text(encoding="utf-8"))
            (dossier / f"{attente.nom}.html").write_text(texte, encoding="utf-8")
    (dossier / "index.html").write_text(_index(dossier, arrete, trouves), encoding="utf-8")


def _index(dossier: Path, arrete: str, trouves: Mapping[Attente, Sequence[Constat]]) -> str:
    signales = sum(not c.reussi for constats in trouves.values() for c in constats)
    ordre = sorted(trouves, key=lambda a: all(c.reussi for c in trouves[a]))
    parties = "\n".join(_partie(dossier, attente, trouves[attente]) for attente in ordre)
    resume = f"{len(trouves)} attentes ; à vérifier par une personne : {signales}."
    return f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>Plausibilité de l'entrepôt, arrêté {html.escape(arrete)}</title>
<link rel="stylesheet" href="style.css">
</head>
<body class="sommaire">
<h1>Plausibilité de l'entrepôt, arrêté {html.escape(arrete)}</h1>
<p class="lead">{resume} Rien de ce qui suit n'empêche la publication.</p>
{parties}
</body>
</html>
"""


def _partie(dossier: Path, attente: Attente, constats: Sequence[Constat]) -> str:
    signales = [c for c in constats if not c.reussi]
    etat = f"{len(signales)} à vérifier" if signales else f"rien à signaler, {constats[0].observe}"
    page = f"{attente.nom}.html"
    titre = html.escape(attente.titre)
    if (dossier / page).exists():
        titre = f'<a href="{page}">{titre}</a>'
    lignes = "".join(
        f"<tr><td>{html.escape(c.objet)}</td><td class='nombre'>{html.escape(c.observe)}</td>"
        f"<td>{html.escape(c.message)}</td></tr>\n"
        for c in signales
    )
    tableau = (
        "<table><thead><tr><th>Objet</th><th>Observé</th><th>Constat</th></tr></thead>"
        f"<tbody>\n{lignes}</tbody></table>"
    )
    return (
        f"<section class='{'signale' if signales else 'calme'}'><h2>{titre}</h2>"
        f"<p><strong>{html.escape(etat)}</strong> · attendu : {html.escape(attente.attendu)}</p>"
        f"{tableau if signales else ''}</section>"
    )
