"""Finding deliveries: the names and places of files under raw/.

Only paths are looked at here; opening files does not belong in this module.
"""

import hashlib
import json
import os
import re
import stat
import unicodedata
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.erreurs import Faute
from pipelines.ingestion.masques import Masque
from pipelines.ingestion.octets import EXTENSIONS, extension

FORME = f"raw/<source>/<extrait>/<AAAA-MM>[_<partie>][.v<N>].<{'|'.join(EXTENSIONS)}>"
_MOIS = r"(?P<mois>(?:20[0-9]{2}|2100)-(?:0[1-9]|1[0-2]))"
_NOM = re.compile(
    rf"{_MOIS}(?:_(?P<partie>(?:[^\W_]|-)+))?(?:\.v(?P<version>[1-9][0-9]{{0,5}}))?"
    rf"\.(?i:{'|'.join(EXTENSIONS)})"
)
_LIBRE = re.compile(rf"{_MOIS}(?P<suite>[^0-9].*|)\.(?P<extension>(?i:{'|'.join(EXTENSIONS)}|txt))")
_VERSION = re.compile(r"(?:(?i:[\W_]v)|(?<=[0-9])(?i:v)|(?<=[a-zà-ÿ])V|^[vV])([0-9]{1,6})$")
_COPIE = re.compile(r"(?i:[\W_](?:copie|copy)|^(?:copie|copy))(?:[\W_]*0*([1-9][0-9]{0,3})\W*)?$")
_TELECHARGE = re.compile(r"\s*\(0*([1-9][0-9]{0,3})\)$")
_COPIE_DE = re.compile(r"(?i:copie de|copy of) +")


@dataclass(frozen=True, order=True)
class Fichier:
    """One delivered file; `chemin` is its path under raw/, with `/`, as it is kept and shown.

    `motif` says why its name or place refuses it; then extrait, mois and partie may be empty.
    `reel` is its path on the disk where that is another, for what a name holds of a person is
    masked: it is for opening the file, and neither kept nor shown.
    """

    chemin: str
    extrait: str = ""
    mois: str = ""
    partie: str = ""
    version: int = 1
    motif: str = ""
    reel: str = field(default="", compare=False, repr=False)

    @property
    def nom(self) -> str:
        """Name of the file, without its folders."""
        return self.chemin.rsplit("/", 1)[-1]

    @property
    def place(self) -> str:
        """Its path under raw/, on the disk."""
        return self.reel or self.chemin

    @property
    def vrai_nom(self) -> str:
        """Its name on the disk."""
        return self.place.rsplit("/", 1)[-1]

    @property
    def vraie_partie(self) -> str:
        """The part that its name on the disk says."""
        return partie_du_nom(self.vrai_nom) if self.reel else self.partie

    def masque(self, secret: bytes) -> "Fichier":
        """The same file, without what its path says of a person; masks tell files apart."""
        masque = Masque(self.mois, secret)
        chemin = "/".join(_nom_masque(nom, masque) for nom in self.chemin.split("/"))
        if chemin == self.chemin:
            return self
        return replace(
            self,
            chemin=chemin,
            partie=masque.texte(self.partie),
            motif=masque.texte(self.motif),
            reel=self.place,
        )


def _nom_masque(nom: str, masque: Masque) -> str:
    """A name without what is a person's; an extension is none of an address."""
    debut, point, fin = nom.rpartition(".")
    suffixe = fin.lower() in (*EXTENSIONS, "txt")
    return f"{masque.texte(debut)}{point}{fin}" if debut and suffixe else masque.texte(nom)


def passe(nom: str) -> bool:
    """Whether a name is passed over: hidden, an office lock, or a note for people."""
    minuscule = nom.lower()
    note = minuscule.endswith(".md") or (
        minuscule.endswith(".txt") and not re.match(_MOIS, nom)  # else, a delivery misnamed
    )
    return note or nom.startswith((".", "~$"))


def reconnaitre(chemin: str, extraits: Collection[str]) -> Fichier:
    """What the path of a file under raw/ says of it."""
    *dossiers, nom = chemin.split("/")
    place = "/".join(dossiers)
    connu = place in extraits
    nomme = lire_nom(nom)
    motifs = []
    if not connu:
        motifs.append(
            f"dossier «{place or '.'}» inconnu : déposer le fichier dans le dossier de son extrait,"
            f" {', '.join(sorted(extraits))}"
        )
    if not nomme:
        motifs.append(a_renommer(nom))
    if not nomme or not connu:
        return Fichier(chemin, place if connu else "", motif=" ; ".join(motifs))
    return Fichier(chemin, place, *nomme)


def lire_nom(nom: str) -> tuple[str, str, int] | None:
    """Month, part and version that a file name says; None where it is not of the form."""
    nomme = _NOM.fullmatch(unicodedata.normalize("NFC", nom))
    if not nomme:
        return None
    partie = nomme["partie"] or ""
    # What means a version or a copy would be read as another part, then awaited every month.
    if _VERSION.search(partie) or _COPIE.search(partie):
        return None
    return nomme["mois"], partie, int(nomme["version"] or 1)


def a_renommer(nom: str) -> str:
    """Why a file name is refused, with the right one where it can be told."""
    juste = _nom_juste(nom)
    if nom.lower().endswith(".txt"):
        return f"nom «{nom}» : un .txt n'est pas lu, le nommer {juste or FORME.rsplit('/', 1)[-1]}"
    return f"nom «{nom}» hors forme : le nommer {juste or FORME.rsplit('/', 1)[-1]}"


def _nom_juste(nom: str) -> str:
    """The name that was meant; empty where that is not clear."""
    libre = _LIBRE.fullmatch(_COPIE_DE.sub("", unicodedata.normalize("NFC", nom), count=1).strip())
    if not libre:
        return ""
    suite, version, copies = libre["suite"].strip(), 1, int(bool(_COPIE_DE.match(nom)))
    for forme in (_COPIE, _TELECHARGE):
        if trouve := forme.search(suite):
            copies += int(trouve[1] or 1)
            suite = suite[: trouve.start()].strip()
    if trouve := _VERSION.search(suite):
        version, suite = max(int(trouve[1]), 1), suite[: trouve.start()]
    version += copies
    partie = re.sub(r"[\W_]+", "-", suite).strip("-")
    suffixe = "csv" if libre["extension"].lower() == "txt" else libre["extension"]
    juste = libre["mois"] + (f"_{partie}" if partie else "")
    juste += (f".v{version}" if version > 1 else "") + f".{suffixe}"
    return juste if lire_nom(juste) and Masque(libre["mois"]).texte(juste) == juste else ""


def nom_suivant(fichier: Fichier, presents: Iterable[str]) -> str:
    """The name under which a file of this month and part replaces it, and all those `presents`."""
    versions = [fichier.version]
    for lu in filter(None, map(lire_nom, presents)):
        if lu[:2] == (fichier.mois, fichier.partie):
            versions.append(lu[2])
    partie = f"_{fichier.partie}" if fichier.partie else ""
    return f"{fichier.mois}{partie}.v{max(versions) + 1}.{extension(fichier.nom)}"


def mois_du_nom(nom: str) -> str:
    """The month that a file name starts with; empty where there is none."""
    lu = lire_nom(nom)
    return lu[0] if lu else ""


def partie_du_nom(nom: str) -> str:
    """The part that a file name says; empty where there is none."""
    lu = lire_nom(nom)
    return lu[1] if lu else ""


def inventaire(raw: Path, extraits: Collection[str], secret: bytes) -> list[Fichier]:
    """All files under `raw`, in the order of their paths, those out of place with their motif.

    `secret` is that of the masks of their names.

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
    for chemin, motif in sorted(_parcourir(raw, extraits)):
        lisible = os.fsencode(chemin).decode("utf-8", "replace")
        if lisible != chemin:
            motif = "nom de fichier qui n'est pas en UTF-8 : le renommer"
        if motif:
            place = chemin if chemin in extraits else ""
            trouves.append(Fichier(lisible, place, motif=motif).masque(secret))
            continue
        fichier = reconnaitre(chemin, extraits)
        if not fichier.motif:
            identite = (fichier.extrait, fichier.mois, fichier.partie, fichier.version)
            premier = deja.setdefault(identite, fichier.nom)
            if premier != fichier.nom:
                motif = f"même nom et même version que «{premier}» : n'en garder qu'un"
                fichier = Fichier(chemin, *identite, motif=motif)
        trouves.append(fichier.masque(secret))
    return trouves


def _parcourir(raw: Path, extraits: Collection[str]) -> list[tuple[str, str]]:
    """Paths under `raw` not passed over, each with why it is no file to read, empty where it is.

    A folder that is not one of the expected places is listed by itself only where it holds
    nothing to list: its files are listed otherwise. So is one that cannot be read.
    """
    places = {place for extrait in extraits for place in (".", extrait.split("/")[0], extrait)}
    chemins = []

    def illisible(erreur: OSError) -> None:
        chemin = Path(erreur.filename)
        # One that vanished meanwhile is no state of raw/ to judge from.
        if chemin == raw or isinstance(erreur, FileNotFoundError | NotADirectoryError):
            raise Faute(f"Le dossier «{chemin}» ne se lit pas ({erreur.strerror}).")
        motif = f"{FERME} ({erreur.strerror}) : en donner le droit, puis relancer"
        chemins.append((chemin.relative_to(raw).as_posix(), motif))

    racine = raw.resolve()
    for dossier, sous_dossiers, noms in os.walk(raw, onerror=illisible):
        sous_dossiers[:] = [nom for nom in sous_dossiers if not nom.startswith(".")]
        relatif = Path(dossier).relative_to(raw)
        liens = [nom for nom in sous_dossiers if (Path(dossier) / nom).is_symlink()]
        vus = [nom for nom in noms if not passe(nom)]
        for nom in liens + vus:
            chemins.append(((relatif / nom).as_posix(), _a_ecarter(Path(dossier) / nom, racine)))
        if relatif.as_posix() not in places and not vus and not sous_dossiers:
            chemins.append((relatif.as_posix(), _INATTENDU))
    return chemins


FERME = "dossier qui ne se lit pas"
_INATTENDU = "ni un fichier ordinaire ni un dossier attendu : le retirer de raw/"


def _a_ecarter(chemin: Path, racine: Path) -> str:
    """Why a path cannot be a delivery, whatever its name; empty where it can."""
    if not ordinaire(chemin):
        return _INATTENDU
    if chemin.is_symlink() and not chemin.resolve().is_relative_to(racine):
        return "lien qui mène hors de raw/ : déposer le fichier lui-même"
    return ""


def ordinaire(chemin: Path) -> bool:
    """Whether a path leads to a file that can be opened and ends, unlike a pipe or a device."""
    try:
        return stat.S_ISREG(chemin.stat().st_mode)
    except OSError:
        return False


def dossier(chemin: Path) -> bool:
    """Whether a path leads to a folder; one that no system takes does not."""
    try:
        return chemin.is_dir()
    except OSError:
        return False


def octets(raw: Path, fichiers: Iterable[Fichier]) -> int:
    """How much files hold, as the disk says; those that cannot be asked count for nothing."""
    tailles = 0
    for fichier in fichiers:
        with suppress(OSError):
            tailles += (raw / fichier.place).stat().st_size
    return tailles


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
