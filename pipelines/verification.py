"""Checking files as a steward would, before they are delivered: the same rules, nothing stored.

What is printed is for a person who does not program. The rules themselves are in `ingestion`, the
report that is written as a file in `rapport`.
"""

import os
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

from pipelines import feuille_de_route, secret
from pipelines import mois as mois_aaaa_mm
from pipelines import rapport as rapports
from pipelines.contrats import regles_de
from pipelines.ecran import lisible
from pipelines.erreurs import Faute, Refus
from pipelines.ingestion import depot, reception
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.lecture import SANS_ENTETE, Reconnu, dire_non_lue
from pipelines.ingestion.masques import Masque
from pipelines.ingestion.montrables import nom_montre
from pipelines.ingestion.noms import cle_de_nom
from pipelines.ingestion.octets import EXTENSIONS, extension
from pipelines.ingestion.reception import Reception
from pipelines.isolement import imprimer, lourd
from pipelines.rapport import Rejet, conseil, motifs
from pipelines.ressemblance import entete_proche, mal_decodes, voulus

ACCEPTE, REJETS, REFUSE = 0, 1, 2
_LIGNES_MONTREES, _DOUTES_MONTRES = 5, 10
_TEXTE_MAX = 60
_NOMBRES = re.compile(r"-?[0-9]+(?:,[0-9]+)?")
_Verdict = tuple[int, tuple[int, int, int, int]]
"""What a file came to: the exit code; its rows, those rejected, those skipped, and its doubts."""
_VERDICTS = {ACCEPTE: "accepté", REJETS: "accepté en partie", REFUSE: "REFUSÉ"}


def verifier(
    chemin: Path,
    extrait: str,
    mois: str,
    roadmap: Path,
    rapport: Path | None,
    sortie: IO[str],
) -> int:
    """Check a file, or each file of a folder, and print what was found; gives the exit code.

    Args:
        chemin: the file, or the folder.
        extrait: `source/extrait`, or empty to read it in the path.
        mois: month of delivery AAAA-MM, or empty to read it in the path.
        roadmap: folder of the region's roadmap.
        rapport: where to write the full list of rejections of a file, if anywhere.
        sortie: where to print.

    Raises:
        Faute: there is no such file, its extract is not known, or the report cannot be written.
    """
    if mois:
        mois_aaaa_mm.valide(mois, "--mois")
    demande = _Demande(extrait, mois, regles_de(feuille_de_route.lire(roadmap)), roadmap, rapport)
    if depot.dossier(chemin):
        return _verifier_dossier(chemin, demande, sortie)
    return _verifier_fichier(chemin, demande, sortie)[0]


@dataclass(frozen=True)
class _Demande:
    """What was asked of all files: their extract, their month, the contracts, the report."""

    extrait: str
    mois: str
    toutes: Mapping[str, Regles]
    roadmap: Path
    rapport: Path | None = None


def _verifier_dossier(dossier: Path, demande: _Demande, sortie: IO[str]) -> int:
    """Check the files of a folder, one by one, then say in a table what each came to."""
    if demande.rapport:
        raise Faute("--rapport vaut pour un fichier : vérifier chacun à son tour.")
    chemins: list[Path] = []
    for ici, sous_dossiers, noms in os.walk(dossier):
        sous_dossiers[:] = [nom for nom in sous_dossiers if not nom.startswith(".")]
        chemins += [Path(ici) / nom for nom in noms if not depot.passe(nom)]
    if not chemins:
        raise Faute(f"Le dossier «{dossier}» n'a aucun fichier à vérifier.")
    rangees: list[tuple[str, ...]] = []
    codes = []
    for chemin in sorted(chemins):
        nom = lisible(Masque().texte(chemin.relative_to(dossier).as_posix()))
        try:
            code, comptes = _du_dossier(chemin, demande, sortie)
        except (Faute, Refus) as faute:
            print(f"Fichier   {nom}\n\nREFUSÉ, rien ne serait chargé :\n  - {faute}", file=sortie)
            codes.append(REFUSE)
            rangees.append((nom, "", "", "", "", _VERDICTS[REFUSE]))
        else:
            codes.append(code)
            rangees.append((nom, *map(str, comptes), _VERDICTS[code]))
        print(f"\n{'─' * 40}\n", file=sortie)
    entete = ("fichier", "lignes", "rejetées", "ignorées", "à regarder", "verdict")
    _tabler(entete, rangees, sortie)
    for code, verdict in _VERDICTS.items():
        if code in codes:
            print(f"{_compter(codes.count(code), 'fichier')} : {verdict}", file=sortie)
    return max(codes)


def _tabler(entete: tuple[str, ...], rangees: Iterable[tuple[str, ...]], sortie: IO[str]) -> None:
    """Print a table, a line per row."""
    toutes = [entete, *rangees]
    largeurs = [max(map(len, colonne)) for colonne in zip(*toutes, strict=True)]
    for rangee in toutes:
        cellules = (c.ljust(n) for c, n in zip(rangee, largeurs, strict=True))
        print("  ".join(cellules).rstrip(), file=sortie)


def _du_dossier(chemin: Path, demande: _Demande, sortie: IO[str]) -> _Verdict:
    """Check a file of a folder: here, or apart if it is large.

    Raises:
        Faute: it is no file that can be read, or its extract is not known.
        Refus: it asked for too much memory.
    """
    if not lourd(chemin):
        return _verifier_fichier(chemin, demande, sortie)
    verdict: _Verdict = imprimer(
        f"{__name__}:un_fichier", sortie, chemin, demande.extrait, demande.mois, demande.roadmap
    )
    return verdict


def un_fichier(chemin: Path, extrait: str, mois: str, roadmap: Path, sortie: IO[str]) -> _Verdict:
    """Check a file, in a process apart."""
    regles = regles_de(feuille_de_route.lire(roadmap))
    return _verifier_fichier(chemin, _Demande(extrait, mois, regles, roadmap), sortie)


def _verifier_fichier(chemin: Path, demande: _Demande, sortie: IO[str]) -> _Verdict:
    """Check a file and print what was found."""
    toutes, rapport = demande.toutes, demande.rapport
    fichier, reconnu = situer(chemin, demande.extrait, demande.mois, toutes)
    if rapport:
        rapports.admettre(rapport, chemin, toutes)
    regles = toutes[fichier.extrait]
    with duckdb.connect() as con:
        bilan = reception.examiner(con, chemin, fichier, regles, secret.jetable())
        trouves = con.execute(
            "select feuille, ligne, colonne, regle, valeur, message from lot_rejets"
        )
        rangs = {nom: rang for rang, nom in enumerate(regles.connues)}
        rejets = [
            Rejet(bilan.feuilles[feuille - 1], *suite)
            for feuille, *suite in sorted(
                trouves.fetchall(),
                key=lambda r: (r[0], r[1], rangs.get(r[2] or "", -1), r[3]),
            )
        ]
    proche = None if bilan.reconnu else entete_proche(chemin, regles)
    if rapport:
        rapports.ecrire(rapport, chemin, bilan, proche, regles, rejets)
    _decrire(bilan, regles, sortie)
    if bilan.reconnu:
        _rapprocher(bilan.reconnu, regles, fichier.mois, sortie)
    elif proche:
        _comparer(proche, regles, fichier.mois, sortie)
    entier = _grouper(rejets, bilan, sortie)
    _douter(bilan, sortie)
    _conclure(bilan, sortie)
    if bilan.statut == "refusee":
        _dire_la_suite(chemin, bilan, reconnu if not reconnu.motif else None, sortie)
    if rapport:
        print(f"Liste entière des rejets : {rapport}", file=sortie)
    elif not entier:
        print("La liste entière : ajouter --rapport rejets.xlsx (ou .csv).", file=sortie)
    comptes = (bilan.lignes, bilan.rejetees, bilan.ignorees, len(bilan.doutes))
    if bilan.statut == "refusee":
        return REFUSE, comptes
    return REJETS if bilan.rejetees else ACCEPTE, comptes


def situer(
    chemin: Path, extrait: str, mois: str, toutes: Mapping[str, Regles]
) -> tuple[Fichier, Fichier]:
    """A file as it is to be read, and what its path says of it.

    Raises:
        Faute: it is no file that can be read, or its extract is not known.
    """
    montre = chemin.with_name(Masque().texte(chemin.name)) if chemin.name else chemin
    if not depot.ordinaire(chemin):
        raise Faute(f"Le fichier «{montre}» n'existe pas, ou n'est pas un fichier.")
    if extension(chemin.name) not in EXTENSIONS:
        connues = ", ".join(f".{e}" for e in EXTENSIONS)
        raise Faute(
            f"Le fichier «{montre}» n'est ni un .csv ni un classeur ({connues}) : "
            "l'enregistrer ainsi."
        )
    reconnu = depot.reconnaitre("/".join(chemin.absolute().parts[-3:]), toutes)
    extrait = extrait or reconnu.extrait
    if extrait not in toutes:
        raise Faute(
            f"L'extrait de «{montre}» n'est pas connu : le dire avec --extrait, parmi "
            f"{', '.join(toutes)}."
        )
    mois = mois or reconnu.mois or depot.mois_du_nom(chemin.name)
    fichier = Fichier(chemin.name, extrait, mois, depot.partie_du_nom(chemin.name))
    return fichier.masque(secret.jetable()), reconnu


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
    if not depot.lire_nom(fichier.vrai_nom):
        a_renommer = Masque(fichier.mois).texte(depot.a_renommer(fichier.vrai_nom))
        print(f"Nom       à changer pour livrer, {a_renommer}", file=sortie)
    if reconnu:
        feuilles = [f"«{court(nom)}»" for nom in bilan.feuilles if nom]
        lu = [
            reconnu.encodage and f"encodage {reconnu.encodage}",
            reconnu.separateur and f"séparateur {reconnu.separateur}",
            f"feuille{'s' * (len(feuilles) > 1)} {', '.join(feuilles)}" if feuilles else "",
            f"en-tête à la ligne {reconnu.ligne_entete}",
        ]
        print(f"Lecture   {', '.join(filter(None, lu))}", file=sortie)
    if bilan.correspondances:
        lignes = _compter(len(bilan.correspondances), "ligne")
        print(f"Écriture  {lignes} de correspondances.csv ont servi", file=sortie)
    if bilan.non_lues:
        dites = "\n          ".join(map(dire_non_lue, bilan.non_lues))
        print(f"Non lues  {dites}", file=sortie)


def _rapprocher(reconnu: Reconnu, regles: Regles, mois: str, sortie: IO[str]) -> None:
    """Print which columns are ignored and absent; which one may be the other is a doubt."""
    proches = voulus(reconnu.ignorees, reconnu.absentes, regles.personnelles)
    autres = [
        court(nom_montre(nom, regles, mois, proche=False))
        for nom in reconnu.ignorees
        if nom not in proches
    ]
    if autres:
        print(f"Colonnes ignorées : {', '.join(autres)}", file=sortie)
    facultatives = set(regles.colonnes).difference(regles.obligatoires)
    absentes = [nom for nom in reconnu.absentes if nom in facultatives]
    if absentes:
        print(f"Colonnes absentes, lues comme vides : {', '.join(absentes)}", file=sortie)


def _comparer(proche: Reconnu, regles: Regles, mois: str, sortie: IO[str]) -> None:
    """Print the columns that were expected beside those of the row that comes nearest to a header.

    Names of columns that resemble none may hold anything: they are shown as `nom_montre` says.
    """
    reconnues = len(regles.connues) - len(proche.absentes)
    feuille = f" de la feuille «{court(proche.feuille)}»" if proche.feuille else ""
    print(
        f"En-tête   le plus proche : la ligne {proche.ligne_entete}{feuille}, qui a "
        f"{_compter(reconnues, 'colonne connue', 'colonnes connues')}",
        file=sortie,
    )
    decodes = mal_decodes(proche.ignorees, proche.absentes)
    if decodes:
        print(
            f"Encodage  «{court(decodes[0].lu)}» est «{court(decodes[0].ecrit)}» écrit en "
            f"{decodes[0].encodage} : enregistrer le fichier au format «CSV UTF-8»",
            file=sortie,
        )
    dits = {cle_de_nom(d.ecrit): f"«{court(d.lu)}», dont l'encodage est à changer" for d in decodes}
    restent = [nom for nom in proche.ignorees if nom not in {d.lu for d in decodes}]
    manquent = [nom for nom in proche.absentes if cle_de_nom(nom) not in dits]
    voulues = voulus(restent, manquent, regles.personnelles)
    dits |= {
        cle_de_nom(nom): f"«{court(Masque(mois).texte(lue))}» : vouliez-vous dire {nom} ?"
        for lue, nom in voulues.items()
    }
    rangees = []
    for nom in regles.colonnes:
        present = "oui" if nom not in proche.absentes else ""
        manque = "MANQUE" if nom in regles.obligatoires else "(facultative)"
        rangees.append((nom, present or dits.get(cle_de_nom(nom), manque)))
    print(file=sortie)
    _tabler(("colonne attendue", "dans le fichier"), rangees, sortie)
    autres = [
        court(nom_montre(nom, regles, mois, proche=False)) for nom in restent if nom not in voulues
    ]
    if autres:
        print(f"Autres colonnes du fichier : {', '.join(autres)}", file=sortie)


def _grouper(rejets: Iterable[Rejet], bilan: Reception, sortie: IO[str]) -> bool:
    """Print the rejections by rule and message, with the first lines; whether all are shown."""
    groupes: dict[str, dict[str, list[Rejet]]] = {}
    for rejet in rejets:
        # One cause is said once: messages that differ by their numbers alone are one.
        cause = _NOMBRES.sub("9", rejet.message)
        groupes.setdefault(rejet.regle, {}).setdefault(cause, []).append(rejet)
    entier = True
    for regle, messages in groupes.items():
        nombre = sum(map(len, messages.values()))
        print(f"\n[{regle}] {_compter(nombre, 'rejet')}", file=sortie)
        for groupe in messages.values():
            print(f"  {groupe[0].message}", file=sortie)
            lieux = list(_lieux(groupe, plusieurs=len(bilan.feuilles) > 1))
            for lieu, _ in lieux[:_LIGNES_MONTREES]:
                print(f"    {lieu}", file=sortie)
            restent = sum(combien for _, combien in lieux[_LIGNES_MONTREES:])
            if restent:
                entier = False
                print(f"    … et {_compter(restent, 'autre')}", file=sortie)
        tous = [rejet for groupe in messages.values() for rejet in groupe]
        for a_faire in dict.fromkeys(conseil(rejet, bilan) for rejet in tous):
            print(f"  À faire : {a_faire}.", file=sortie)
    return entier


def _lieux(groupe: list[Rejet], *, plusieurs: bool) -> Iterator[tuple[str, int]]:
    """Where rejections of one cause are, and how many: rows that follow one another, together."""
    suites: list[list[Rejet]] = []
    for rejet in groupe:
        avant = suites[-1][-1] if suites else None
        suit = avant and (avant.feuille, (avant.ligne or 0) + 1) == (rejet.feuille, rejet.ligne)
        if avant and suit and avant.valeur == rejet.valeur:
            suites[-1].append(rejet)
        else:
            suites.append([rejet])
    for suite in suites:
        premier, dernier = suite[0], suite[-1]
        lignes = f"ligne {premier.ligne}"
        if len(suite) > 1:
            lignes = f"lignes {premier.ligne} à {dernier.ligne}"
        ou = f"«{court(premier.feuille)}», " if plusieurs else ""
        montree = f" : {court(premier.valeur)}" if premier.valeur else ""
        yield f"{ou}{lignes}{montree}", len(suite)


def _douter(bilan: Reception, sortie: IO[str]) -> None:
    """Print what may be wrong though it is accepted."""
    if not bilan.doutes:
        return
    print("\nÀ regarder", file=sortie)
    for doute in bilan.doutes[:_DOUTES_MONTRES]:
        plusieurs = len(bilan.feuilles) > 1 and doute.feuille in bilan.feuilles
        ou = f"«{court(doute.feuille)}» : " if plusieurs else ""
        print(f"  [{doute.doute}] {ou}{lisible(doute.message)}", file=sortie)
    if len(bilan.doutes) > _DOUTES_MONTRES:
        reste = _compter(len(bilan.doutes) - _DOUTES_MONTRES, "autre")
        print(f"  … et {reste}", file=sortie)


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
        for motif in motifs(bilan):
            print(f"  - {motif}", file=sortie)
    elif bilan.rejetees:
        print("ACCEPTÉ, sauf les lignes rejetées : elles ne seront pas chargées.", file=sortie)
    else:
        print("ACCEPTÉ en entier.", file=sortie)


def _dire_la_suite(chemin: Path, bilan: Reception, depose: Fichier | None, sortie: IO[str]) -> None:
    """Print what to do of a refused file, what stands meanwhile, and the name it will have.

    `depose` is there where the file lies in the folder of its extract, under a right name.
    """
    if bilan.motif and SANS_ENTETE in bilan.motif:
        nom = shlex.quote(lisible(str(chemin.with_name(bilan.fichier.nom))))
        print(
            f"\nPour rapprocher ses colonnes : bilan correspondre {nom}\n"
            "Pour partir d'un classeur à remplir : bilan modeles DOSSIER",
            file=sortie,
        )
    if not depose:
        print("Une fois corrigé, le vérifier de nouveau avant de le livrer.", file=sortie)
        return
    presents = sorted(f.name for f in chemin.absolute().parent.iterdir())
    masque = Masque(depose.mois)
    avant = [
        (lu[2], nom)
        for nom, lu in ((nom, depot.lire_nom(nom)) for nom in presents)
        if lu and lu[:2] == (depose.mois, depose.partie) and lu[2] < depose.version
    ]
    reste = f", {masque.texte(max(avant)[1])} compris s'il a été accepté" if avant else ""
    print(
        f"En attendant : les livraisons déjà acceptées restent en vigueur{reste}.\n"
        f"Une fois corrigé, le déposer sous le nom "
        f"{masque.texte(depot.nom_suivant(depose, presents))}.",
        file=sortie,
    )
