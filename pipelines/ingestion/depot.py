"""Finding deliveries: the names and places of files under raw/.

Only paths are looked at here; opening files does not belong in this module.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.erreurs import Faute

FORME = "raw/<source>/<extrait>/<AAAA-MM>[_<partie>][.v<N>].<csv|xlsx>"
_NOM = re.compile(
    r"(?P<mois>(?:20[0-9]{2}|2100)-(?:0[1-9]|1[0-2]))(?:_(?P<partie>[^./]+))?"
    r"(?:\.v(?P<version>[1-9][0-9]{0,5}))?\.(?:csv|xlsx)"
)


@dataclass(frozen=True, order=True)
class Fichier:
    """One delivered file; `chemin` is its path under raw/, with `/`.

    `motif` says why its name or place refuses it; then extrait, mois and partie may be empty.
    """

    chemin: str
    extrait: str = ""
    mois: str = ""
    partie: str = ""
    version: int = 1
    motif: str = ""

    @property
    def nom(self) -> str:
        """Name of the file, without its folders."""
        return self.chemin.rsplit("/", 1)[-1]


def _passe(nom: str) -> bool:
    """Whether a name is passed over: hidden, an Excel lock, or a note for people."""
    return nom.startswith((".", "~$")) or nom.endswith((".md", ".txt"))


def reconnaitre(chemin: str, extraits: Collection[str]) -> Fichier:
    """What the path of a file under raw/ says of it."""
    *dossiers, nom = chemin.split("/")
    place = "/".join(dossiers)
    connu = place in extraits
    nomme = _NOM.fullmatch(nom)
    motifs = []
    if not connu:
        motifs.append(
            f"dossier «{place or '.'}» inconnu : déposer le fichier dans le dossier de son extrait,"
            f" {', '.join(sorted(extraits))}"
        )
    if not nomme:
        motifs.append(f"nom «{nom}» hors forme : le nommer {FORME.rsplit('/', 1)[-1]}")
    if not nomme or not connu:
        return Fichier(chemin, place if connu else "", motif=" ; ".join(motifs))
    partie, version = nomme["partie"] or "", int(nomme["version"] or 1)
    return Fichier(chemin, place, nomme["mois"], partie, version)


def mois_du_nom(nom: str) -> str:
    """The month that a file name starts with; empty where there is none."""
    trouve = _NOM.fullmatch(nom)
    return trouve["mois"] if trouve else ""


def inventaire(raw: Path, extraits: Collection[str]) -> list[Fichier]:
    """All files under `raw`, in the order of their paths, those out of place with their motif.

    Raises:
        Faute: `raw` is not a folder that can be read.
    """
    if not raw.is_dir():
        raise Faute(
            f"Le dossier des livraisons «{raw}» n'existe pas. "
            "Créez-le et déposez-y les extraits, ou indiquez-le avec --raw."
        )
    trouves: list[Fichier] = []
    deja: dict[tuple[str, str, str, int], str] = {}
    places = {place for extrait in extraits for place in (".", extrait.split("/")[0], extrait)}
    for chemin, est_ordinaire in sorted(_parcourir(raw, places)):
        lisible = os.fsencode(chemin).decode("utf-8", "replace")
        if lisible != chemin:
            motif = "nom de fichier qui n'est pas en UTF-8 : le renommer"
            trouves.append(Fichier(lisible, motif=motif))
            continue
        if not est_ordinaire:
            motif = "ni un fichier ordinaire ni un dossier attendu : le retirer de raw/"
            trouves.append(Fichier(chemin, motif=motif))
            continue
        fichier = reconnaitre(chemin, extraits)
        if not fichier.motif:
            identite = (fichier.extrait, fichier.mois, fichier.partie, fichier.version)
            premier = deja.setdefault(identite, fichier.nom)
            if premier != fichier.nom:
                motif = f"même nom et même version que «{premier}» : n'en garder qu'un"
                fichier = Fichier(chemin, *identite, motif=motif)
        trouves.append(fichier)
    return trouves


def _parcourir(raw: Path, places: Collection[str]) -> list[tuple[str, bool]]:
    """Paths under `raw` not passed over, with whether each is an ordinary file.

    A folder that is not one of the expected `places` is listed by itself only where it holds
    nothing to list: its files are listed otherwise.
    """
    chemins = []

    def illisible(erreur: OSError) -> None:
        raise Faute(f"Le dossier «{erreur.filename}» ne se lit pas ({erreur.strerror}).")

    for dossier, sous_dossiers, noms in os.walk(raw, onerror=illisible):
        sous_dossiers[:] = [nom for nom in sous_dossiers if not nom.startswith(".")]
        relatif = Path(dossier).relative_to(raw)
        liens = [nom for nom in sous_dossiers if (Path(dossier) / nom).is_symlink()]
        vus = [nom for nom in noms if not _passe(nom)]
        for nom in liens + vus:
            chemins.append(((relatif / nom).as_posix(), ordinaire(Path(dossier) / nom)))
        if relatif.as_posix() not in places and not vus and not sous_dossiers:
            chemins.append((relatif.as_posix(), False))
    return chemins


def ordinaire(chemin: Path) -> bool:
    """Whether a path leads to a file that can be opened and ends, unlike a pipe or a device."""
    try:
        return stat.S_ISREG(chemin.stat().st_mode)
    except OSError:
        return False


def empreinte(raw: Path) -> str:
    """What raw/ holds, by names, sizes and dates of files: their content is not read."""
    etats = []
    for dossier, sous_dossiers, noms in os.walk(raw):
        for nom in (*sous_dossiers, *noms):
            chemin = Path(dossier) / nom
            with suppress(OSError):
                etat = chemin.lstat()
                etats.append((str(chemin.relative_to(raw)), etat.st_size, etat.st_mtime_ns))
    return hashlib.sha256(json.dumps(sorted(etats)).encode("utf-8", "surrogatepass")).hexdigest()
