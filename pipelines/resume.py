"""The summary of a published warehouse: what it holds, what to look at, what was refused and why.

What is counted is in the warehouse, `bilan.qualite` first; it is only laid out here.
"""

import shlex
from datetime import datetime
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import duckdb
from rich.console import Console
from rich.text import Text

from pipelines.echeance import FUSEAU
from pipelines.ecran import console, duree, lisible
from pipelines.entrepot.chantier import NOM
from pipelines.ingestion.cellules import MASQUE
from pipelines.sql import nombre
from pipelines.verification import court

_BIEN, _A_VOIR, _MAL, _COMMANDE = "bold green", "yellow", "bold red", "cyan"
_DOUTES, _LES_DOUTES = "Doutes", 'bilan sql "from qualite.doutes"'
_DES_CHIFFRES = ("Maturité", "Relations")  # said beside the figures, not with the deliveries
_A_ESSAYER = (
    ('bilan sql "from bilan.anomalies"', "les chiffres imprimés que les données démentent"),
    ("bilan verifier FICHIER", "pourquoi un fichier est refusé"),
    ("bilan ui", "le graphe, dans un navigateur"),
)


def resumer(
    warehouse: Path,
    secondes: float,
    sortie: IO[str],
    erreurs: IO[str],
    neuf: bool,
    raw: Path = Path("raw"),
    page: Path | None = None,
) -> int:
    """Print what is published, and on `erreurs` what was refused; gives how many deliveries were.

    Args:
        warehouse: the folder of the published file.
        secondes: how long it took.
        sortie: where to print.
        erreurs: where to print refusals.
        neuf: whether the file was published just now; otherwise, nothing has changed since it was.
        raw: the folder of the deliveries, for the commands that are shown to be right.
        page: the first page of the bilan, where it is that of the published file: named last.
    """
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
        qualite = con.execute('select sujet, constat, "à voir" from bilan.qualite').fetchall()
        verdicts = con.execute(
            "select verdict, count(*) from rapprochement.chiffres group by 1 order by 2 desc, 1"
        ).fetchall()
    ecran = console(sortie)
    if neuf:
        _dire(ecran, ("Entrepôt publié", _BIEN), f" en {duree(secondes)} : {chemin}")
    else:
        _dire(
            ecran,
            ("Rien de neuf", _BIEN),
            f" depuis le {_publie(chemin)} : {chemin}, arrêté {mois[1]}.",
        )
    compte = f"{valeurs:,}".replace(",", " ")
    _constater(
        ecran, "Valeurs", f"{compte}, de {indicateurs} indicateurs, arrêtés {mois[0]} à {mois[1]}"
    )
    chiffres = ", ".join(f"{combien} {verdict}" for verdict, combien in verdicts)
    inexpliques = any(verdict == "inexplique" for verdict, _ in verdicts)
    _constater(ecran, "Chiffres", chiffres or "aucun imprimé", a_voir=inexpliques)
    for sujet, constat, a_voir in qualite:
        if sujet in _DES_CHIFFRES:
            _constater(ecran, sujet, constat, a_voir=a_voir > 0)
    for rang, (commande, pourquoi) in enumerate(_A_ESSAYER):
        debut = " " * 12 if rang else "À essayer : "
        _dire(ecran, debut, (f"{commande:<34}", _COMMANDE), f" ({pourquoi})")
    for sujet, constat, a_voir in qualite:
        if sujet not in (_DOUTES, *_DES_CHIFFRES):
            _constater(ecran, sujet, constat, a_voir=a_voir > 0)
        elif sujet == _DOUTES and a_voir:
            combien, _, sortes = constat.partition(" : ")
            suite = f"{combien} ({_LES_DOUTES}) : {sortes}"
            _constater(ecran, sujet, suite, a_voir=True)
    if page:
        _dire(ecran, ("Le bilan", _BIEN), f" : {page}")
    for fichier, motif in refusees:
        _refuser(console(erreurs), raw, fichier, motif)
    return len(refusees)


def _dire(ecran: Console, *morceaux: str | tuple[str, str]) -> None:
    """Print a line as long as it is: a path or a command that is cut cannot be copied."""
    ecran.print(Text.assemble(*morceaux), soft_wrap=True)


def _constater(ecran: Console, sujet: str, constat: str, *, a_voir: bool = False) -> None:
    _dire(ecran, (f"  {sujet:<11} ", "bold"), (constat, _A_VOIR if a_voir else ""))


def _refuser(ecran: Console, raw: Path, fichier: str, motif: str) -> None:
    """Print a refusal, why, and the command that says more, where the name can be typed."""
    _dire(ecran, ("Refusée", _MAL), f" : {court(fichier)} — {lisible(motif)}")
    if fichier.isprintable() and MASQUE not in fichier:
        commande = f"bilan verifier {shlex.quote(str(raw / fichier))}"
        _dire(ecran, "  À faire : ", (commande, _COMMANDE), ", corriger, redéposer, relancer")


def _publie(chemin: Path) -> str:
    """When a file was published, in Paris: `25/11/2026 à 14 h 03`."""
    quand = datetime.fromtimestamp(chemin.stat().st_mtime, ZoneInfo(FUSEAU))
    return f"{quand:%d/%m/%Y à %H h %M}"
