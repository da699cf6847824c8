"""The command `bilan correspondre`: what is proposed for a file, told to a person, and written.

What is proposed is found by `pipelines.propositions`.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path
from typing import IO

import duckdb

from pipelines import feuille_de_route, secret, verification
from pipelines import mois as mois_aaaa_mm
from pipelines.contrats import regles_de
from pipelines.ecran import lisible
from pipelines.erreurs import Faute, Refus
from pipelines.feuille_de_route import COLONNES_DES_CORRESPONDANCES, CORRESPONDANCES
from pipelines.ingestion import reception
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.correspondances import Correspondance
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.reception import Reception
from pipelines.propositions import Proposition, avec, proposer
from pipelines.rapport import remplacer
from pipelines.verification import ACCEPTE, REFUSE, REJETS


def correspondre(
    chemin: Path, extrait: str, mois: str, roadmap: Path, ecrire: bool, sortie: IO[str]
) -> int:
    """Print the lines that would make a file acceptable, and why; gives the exit code.

    Args:
        chemin: the file.
        extrait: `source/extrait`, or empty to read it in the path.
        mois: month of delivery AAAA-MM, or empty to read it in the path.
        roadmap: folder of the region's roadmap.
        ecrire: whether to add the lines to the roadmap.
        sortie: where to print.

    Raises:
        Faute: there is no such file, its extract is not known, or the lines cannot be written.
    """
    if mois:
        mois_aaaa_mm.valide(mois, "--mois")
    toutes = regles_de(feuille_de_route.lire(roadmap))
    fichier, _ = verification.situer(chemin, extrait, mois, toutes)
    regles = toutes[fichier.extrait]
    print(f"Fichier   {lisible(fichier.nom)}\nExtrait   {regles.nom}\n", file=sortie)
    avant = _essayer(chemin, fichier, regles)
    if avant.statut != "refusee" and not avant.rejetees:
        print("Le fichier est accepté tel quel : rien à ajouter.", file=sortie)
        return ACCEPTE
    try:
        propositions = proposer(chemin, fichier, regles)
    except Refus as refus:
        print(f"Rien à proposer, le fichier ne se lit pas :\n  - {refus}", file=sortie)
        return REFUSE
    _montrer(propositions.trouvees, roadmap, sortie)
    if propositions.a_dire:
        print("\nÀ décider :", file=sortie)
        for phrase in propositions.a_dire:
            print(f"  - {lisible(phrase)}", file=sortie)
    apres = _essayer(chemin, fichier, avec(regles, propositions.lignes))
    code = _dire_l_issue(apres, bool(propositions.trouvees), sortie)
    if propositions.trouvees and ecrire:
        ajouter(roadmap, propositions.lignes)
        print(f"\nLignes ajoutées à {roadmap / _NOM}.", file=sortie)
    elif propositions.trouvees:
        print("\nPour les ajouter : la même commande, avec --ecrire.", file=sortie)
    return code


_NOM = f"{CORRESPONDANCES}.csv"


def _essayer(chemin: Path, fichier: Fichier, regles: Regles) -> Reception:
    with duckdb.connect() as con:
        return reception.examiner(con, chemin, fichier, regles, secret.jetable())


def _montrer(trouvees: Iterable[Proposition], roadmap: Path, sortie: IO[str]) -> None:
    trouvees = list(trouvees)
    if not trouvees:
        print("Aucune ligne n'est sûre.", file=sortie)
        return
    print(f"Lignes à ajouter à {roadmap / _NOM} :\n", file=sortie)
    print(_en_csv([COLONNES_DES_CORRESPONDANCES]), end="", file=sortie)
    print(lisible_csv(p.ligne for p in trouvees), end="", file=sortie)
    print("\nPourquoi :", file=sortie)
    for p in trouvees:
        ligne = p.ligne
        sujet = " ".join(filter(None, (ligne.genre, ligne.colonne)))
        dit = f" «{lisible(ligne.livre)}»" if ligne.livre else ""
        lu = f" → {ligne.contrat}" if ligne.contrat else ""
        print(f"  {sujet}{dit}{lu} : {p.pourquoi}", file=sortie)


def _dire_l_issue(apres: Reception, avec_lignes: bool, sortie: IO[str]) -> int:
    """Print what the file would be with the lines proposed; gives the exit code."""
    debut = "Avec ces lignes" if avec_lignes else "Pour l'instant"
    if apres.statut == "refusee":
        print(f"\n{debut}, il est REFUSÉ : {apres.motif}.", file=sortie)
        return REFUSE
    print(
        f"\n{debut}, {apres.acceptees} lignes sur {apres.lignes - apres.ignorees} sont chargées"
        f"{f', {apres.rejetees} rejetées (bilan verifier dit lesquelles)' * bool(apres.rejetees)}.",
        file=sortie,
    )
    return REJETS if apres.rejetees else ACCEPTE


def lisible_csv(lignes: Iterable[Correspondance]) -> str:
    """Lines as the file holds them."""
    return _en_csv(astuple(ligne)[:-1] for ligne in lignes)


def _en_csv(rangees: Iterable[Iterable[str]]) -> str:
    flux = io.StringIO()
    csv.writer(flux, lineterminator="\n").writerows(rangees)
    return flux.getvalue()


def ajouter(roadmap: Path, lignes: Iterable[Correspondance]) -> None:
    """Add lines at the end of the roadmap's correspondances.csv, made where there is none.

    Raises:
        Faute: it cannot be written.
    """
    chemin = roadmap / _NOM
    try:
        present = chemin.read_bytes() if chemin.exists() else b""
        if not present:
            present = _en_csv([COLONNES_DES_CORRESPONDANCES]).encode()
        if not present.endswith(b"\n"):
            present += b"\n"
        with remplacer(chemin) as flux:
            flux.write(present + lisible_csv(lignes).encode())
    except OSError as erreur:
        raise Faute(f"«{chemin}» ne peut pas être écrit ({erreur.strerror}).") from None
