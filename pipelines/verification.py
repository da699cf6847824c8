"""Checking one file as a steward would, before it is delivered: the same rules, nothing stored.

What is printed is for a person who does not program. The rules themselves are in `ingestion`, the
report that is written as a file in `rapport`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import IO

import duckdb

from pipelines import feuille_de_route
from pipelines import mois as mois_aaaa_mm
from pipelines import rapport as rapports
from pipelines.contrats import regles_de
from pipelines.ecran import lisible
from pipelines.erreurs import Faute
from pipelines.ingestion import depot, livraison, personnes
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.lecture import Reconnu
from pipelines.ingestion.livraison import Reception
from pipelines.rapport import CONSEILS, Rejet
from pipelines.ressemblance import entete_proche, voulus

ACCEPTE, REJETS, REFUSE = 0, 1, 2
_LIGNES_MONTREES = 5
_TEXTE_MAX = 60


def verifier(
    chemin: Path,
    extrait: str,
    mois: str,
    roadmap: Path,
    sortie: IO[str],
    rapport: Path | None = None,
) -> int:
    """Check a file and print what was found; gives the exit code.

    Args:
        chemin: the file.
        extrait: `source/extrait`, or empty to read it in the path.
        mois: month of delivery AAAA-MM, or empty to read it in the path.
        roadmap: folder of the region's roadmap.
        sortie: where to print.
        rapport: where to write the full list of rejections, if anywhere.

    Raises:
        Faute: there is no such file, its extract is not known, or the report cannot be written.
    """
    if mois:
        mois_aaaa_mm.valide(mois, "--mois")
    if not depot.ordinaire(chemin):
        raise Faute(f"Le fichier «{chemin}» n'existe pas, ou n'est pas un fichier.")
    if chemin.suffix not in (".csv", ".xlsx"):
        raise Faute(f"Le fichier «{chemin}» n'est ni un .csv ni un .xlsx : l'enregistrer ainsi.")
    toutes = regles_de(feuille_de_route.lire(roadmap))
    if rapport:
        rapports.admettre(rapport, chemin, toutes)
    place = "/".join(chemin.absolute().parts[-3:])
    reconnu = depot.reconnaitre(place, toutes)
    extrait = extrait or reconnu.extrait
    if extrait not in toutes:
        raise Faute(
            f"L'extrait de «{chemin}» n'est pas connu : le dire avec --extrait, parmi "
            f"{', '.join(toutes)}."
        )
    regles = toutes[extrait]
    mois = mois or reconnu.mois or depot.mois_du_nom(chemin.name)
    with duckdb.connect() as con:
        fichier = Fichier(chemin.name, extrait, mois)
        bilan = livraison.examiner(con, chemin, fichier, regles, personnes.cle_jetable())
        trouves = con.execute("select ligne, colonne, regle, valeur, message from lot_rejets")
        rangs = {nom: rang for rang, nom in enumerate(regles.connues)}
        rejets = sorted(
            (Rejet(*trouve) for trouve in trouves.fetchall()),
            key=lambda r: (r.ligne, rangs.get(r.colonne or "", -1), r.regle),
        )
    if rapport:
        rapports.ecrire(rapport, chemin, bilan, regles, rejets)
    _decrire(bilan, regles, sortie)
    _rapprocher(bilan.reconnu or entete_proche(chemin, regles), bilan, regles, sortie)
    entier = _grouper(rejets, sortie)
    _conclure(bilan, sortie)
    if rapport:
        print(f"Liste entière des rejets : {rapport}", file=sortie)
    elif not entier:
        print("La liste entière : ajouter --rapport rejets.xlsx (ou .csv).", file=sortie)
    if bilan.statut == "refusee":
        return REFUSE
    return REJETS if bilan.rejetees else ACCEPTE


def _compter(nombre: int, singulier: str, pluriel: str = "") -> str:
    """`1 ligne`, `12 000 lignes`."""
    mot = singulier if nombre < 2 else pluriel or f"{singulier}s"
    return f"{nombre:,} {mot}".replace(",", "\u202f")


def _decrire(bilan: Reception, regles: Regles, sortie: IO[str]) -> None:
    fichier, reconnu = bilan.fichier, bilan.reconnu
    print(f"Fichier   {fichier.chemin}", file=sortie)
    print(f"Extrait   {regles.nom} — {regles.schema.title}", file=sortie)
    if fichier.mois:
        print(f"Livraison {fichier.mois}", file=sortie)
    else:
        print(
            "Livraison mois inconnu : les dates futures ne sont pas vérifiées (--mois AAAA-MM)",
            file=sortie,
        )
    if not depot.mois_du_nom(fichier.nom):
        print(f"Nom       à changer pour livrer : {depot.FORME}", file=sortie)
    if reconnu:
        lu = [
            reconnu.encodage and f"encodage {reconnu.encodage}",
            reconnu.separateur and f"séparateur {reconnu.separateur}",
            reconnu.feuille and f"feuille «{reconnu.feuille}»",
            f"en-tête à la ligne {reconnu.ligne_entete}",
        ]
        print(f"Lecture   {', '.join(filter(None, lu))}", file=sortie)


def _rapprocher(reconnu: Reconnu | None, bilan: Reception, regles: Regles, sortie: IO[str]) -> None:
    """Print which columns are ignored and absent, and which one may be the other.

    Where no header was found, `reconnu` is the row that comes nearest to one.
    """
    if not reconnu:
        return
    if not bilan.reconnu:
        connues = len(regles.connues) - len(reconnu.absentes)
        feuille = f" de la feuille «{reconnu.feuille}»" if reconnu.feuille else ""
        print(
            f"En-tête   le plus proche : la ligne {reconnu.ligne_entete}{feuille}, qui a "
            f"{_compter(connues, 'colonne connue', 'colonnes connues')}",
            file=sortie,
        )
    proches = voulus(reconnu.ignorees, reconnu.absentes)
    for ignoree, voulue in proches.items():
        print(f"Colonne ignorée «{court(ignoree)}» : vouliez-vous dire {voulue} ?", file=sortie)
    autres = [
        court(rapports.nom_montrable(nom, regles)) for nom in reconnu.ignorees if nom not in proches
    ]
    if autres:
        print(f"Colonnes ignorées : {', '.join(autres)}", file=sortie)
    facultatives = set(regles.colonnes).difference(regles.obligatoires)
    absentes = [nom for nom in reconnu.absentes if nom in facultatives]
    if absentes and bilan.reconnu:
        print(f"Colonnes absentes, lues comme vides : {', '.join(absentes)}", file=sortie)


def _grouper(rejets: Iterable[Rejet], sortie: IO[str]) -> bool:
    """Print the rejections by rule and message, with the first lines; whether all are shown."""
    groupes: dict[str, dict[str, list[Rejet]]] = {}
    for rejet in rejets:
        groupes.setdefault(rejet.regle, {}).setdefault(rejet.message, []).append(rejet)
    entier = True
    for regle, messages in groupes.items():
        nombre = sum(map(len, messages.values()))
        print(f"\n[{regle}] {_compter(nombre, 'rejet')}", file=sortie)
        for message, groupe in messages.items():
            print(f"  {message}", file=sortie)
            for rejet in groupe[:_LIGNES_MONTREES]:
                montree = f" : {court(rejet.valeur)}" if rejet.valeur else ""
                print(f"    ligne {rejet.ligne}{montree}", file=sortie)
            if len(groupe) > _LIGNES_MONTREES:
                entier = False
                print(f"    … et {_compter(len(groupe) - _LIGNES_MONTREES, 'autre')}", file=sortie)
        print(f"  À faire : {CONSEILS[regle]}.", file=sortie)
    return entier


def court(texte: str) -> str:
    """A delivered text that fits in a line of the screen."""
    texte = lisible(texte)
    return texte if len(texte) <= _TEXTE_MAX else f"{texte[:_TEXTE_MAX]}…"


def _conclure(bilan: Reception, sortie: IO[str]) -> None:
    if bilan.lignes:
        print(
            f"\n{_compter(bilan.lignes, 'ligne lue', 'lignes lues')} : "
            f"{_compter(bilan.lignes - bilan.ignorees - bilan.rejetees, 'juste')}, "
            f"{_compter(bilan.rejetees, 'rejetée')}, "
            f"{_compter(bilan.ignorees, 'total ou note ignoré', 'totaux ou notes ignorés')}",
            file=sortie,
        )
    if bilan.statut == "refusee":
        print("\nREFUSÉ, rien ne serait chargé :", file=sortie)
        for motif in rapports.motifs(bilan):
            print(f"  - {motif}", file=sortie)
    elif bilan.rejetees:
        print("ACCEPTÉ, sauf les lignes rejetées : elles ne seront pas chargées.", file=sortie)
    else:
        print("ACCEPTÉ en entier.", file=sortie)
