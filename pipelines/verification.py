"""Checking one file as a steward would, before it is delivered: the same rules, nothing stored.

What is printed is for a person who does not program. The rules themselves are in `ingestion`.
"""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import IO

import duckdb

from pipelines import feuille_de_route
from pipelines.erreurs import Faute
from pipelines.ingestion import depot, livraison, personnes
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.livraison import Bilan
from pipelines.session import mois_valide, regles_de

ACCEPTE, REJETS, REFUSE = 0, 1, 2
_LIGNES_MONTREES = 5

CONSEILS = {
    "structure": "chercher un séparateur de trop, ou entourer le texte de guillemets",
    "obligatoire": "remplir la cellule",
    "type": "écrire la valeur dans la forme attendue",
    "code": "choisir une valeur de la liste",
    "borne": "vérifier la valeur : elle sort des limites permises",
    "coherence": "vérifier les deux colonnes : elles se contredisent",
    "siret": "recopier le SIRET : un chiffre est faux ou manque",
    "inconnu": "recopier l'identifiant de la feuille de route",
    "date_future": "vérifier la date, ou livrer la ligne le mois venu",
    "cle_en_double": "ne garder qu'une ligne par clé",
}


def verifier(chemin: Path, extrait: str, mois: str, roadmap: Path, sortie: IO[str]) -> int:
    """Check a file and print what was found; gives the exit code.

    Args:
        chemin: the file.
        extrait: `source/extrait`, or empty to read it in the path.
        mois: month of delivery AAAA-MM, or empty to read it in the path.
        roadmap: folder of the region's roadmap.
        sortie: where to print.

    Raises:
        Faute: there is no such file, or its extract is not known.
    """
    if mois:
        mois_valide(mois, "--mois")
    if not chemin.is_file():
        raise Faute(f"Le fichier «{chemin}» n'existe pas, ou n'est pas un fichier.")
    if chemin.suffix not in (".csv", ".xlsx"):
        raise Faute(f"Le fichier «{chemin}» n'est ni un .csv ni un .xlsx : l'enregistrer ainsi.")
    toutes = regles_de(feuille_de_route.lire(roadmap))
    place = "/".join(chemin.absolute().parts[-3:])
    reconnu = depot.reconnaitre(place, toutes)
    extrait = extrait or reconnu.extrait
    if extrait not in toutes:
        raise Faute(
            f"L'extrait de «{chemin}» n'est pas connu : le dire avec --extrait, parmi "
            f"{', '.join(toutes)}."
        )
    mois = mois or reconnu.mois or depot.mois_du_nom(chemin.name)
    fichier = Fichier(chemin.name, extrait, mois)
    with duckdb.connect() as con:
        livraison.preparer_cles(con, toutes[extrait])
        bilan = livraison.examiner(con, chemin, fichier, toutes[extrait], personnes.cle_jetable())
        rejets = con.execute(
            """
            select regle, colonne, message, ligne, valeur from lot_rejets
            order by regle, colonne nulls first, message, ligne
            """
        ).fetchall()
    _decrire(bilan, toutes[extrait], sortie)
    _grouper(rejets, sortie)
    _conclure(bilan, sortie)
    if bilan.statut == "refusee":
        return REFUSE
    return REJETS if bilan.rejetees else ACCEPTE


def _decrire(bilan: Bilan, regles: Regles, sortie: IO[str]) -> None:
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
    if reconnu:
        lu = [
            reconnu.encodage and f"encodage {reconnu.encodage}",
            reconnu.separateur and f"séparateur {reconnu.separateur}",
            reconnu.feuille and f"feuille «{reconnu.feuille}»",
            f"en-tête ligne {reconnu.ligne_entete}",
        ]
        print(f"Lecture   {', '.join(filter(None, lu))}", file=sortie)
        if reconnu.ignorees:
            print(f"Colonnes ignorées : {', '.join(reconnu.ignorees)}", file=sortie)


def _grouper(
    rejets: Iterable[tuple[str, str | None, str, int, str | None]], sortie: IO[str]
) -> None:
    """Print the rejections by rule and column, with the first lines of each."""
    for (regle, _, message), groupe in groupby(rejets, key=lambda r: (r[0], r[1], r[2])):
        lignes = list(groupe)
        print(f"\n[{regle}] {message}", file=sortie)
        for _, _, _, ligne, valeur in lignes[:_LIGNES_MONTREES]:
            montree = f" : {valeur}" if valeur else ""
            print(f"    ligne {ligne}{montree}", file=sortie)
        if len(lignes) > _LIGNES_MONTREES:
            print(f"    … et {len(lignes) - _LIGNES_MONTREES} autres", file=sortie)
        print(f"    À faire : {CONSEILS[regle]}.", file=sortie)


def _conclure(bilan: Bilan, sortie: IO[str]) -> None:
    print(
        f"\n{bilan.lignes} lignes lues : {bilan.acceptees} acceptées, {bilan.rejetees} rejetées, "
        f"{bilan.ignorees} totaux ignorés",
        file=sortie,
    )
    if bilan.statut == "refusee":
        motifs = (bilan.motif or "").split(" ; ")
        print("REFUSÉ : " + "\n         ".join(motifs), file=sortie)
    elif bilan.rejetees:
        print("ACCEPTÉ, sauf les lignes rejetées : elles ne seront pas chargées.", file=sortie)
    else:
        print("ACCEPTÉ en entier.", file=sortie)
