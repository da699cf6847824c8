"""Doubts on names: of a file, of its sheets, of its unknown columns, that hold a person's data."""

from collections.abc import Iterable, Iterator

from pipelines.ingestion import doutes
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.doutes import Doute, Temoin
from pipelines.ingestion.lecture import FeuilleNonLue, Table
from pipelines.ingestion.masques import QUOI, Masque
from pipelines.ingestion.noms import cle_de_nom, lettres


def du_fichier(fichier: Fichier) -> list[Doute]:
    """The doubt on the name of a file, or of a folder that it is in."""
    masque = Masque(fichier.mois)
    quoi = set().union(*(_vus(masque, nom) for nom in fichier.place.split("/")))
    if not (fichier.reel and quoi):
        return []
    return [_doute("Le nom du fichier", quoi, "Le renommer")]


def _vus(masque: Masque, nom: str) -> set[str]:
    """What of a person a name holds."""
    return {quoi for quoi, _ in masque.vus(nom)}


class Noms(Temoin):
    """Names of sheets, read or not, and of unknown columns: `donnee_personnelle`."""

    def __init__(self, mois: str) -> None:
        self._masque = Masque(mois)
        self._feuilles: dict[str, set[str]] = {}
        self._non_lues: list[FeuilleNonLue] = []
        self._entetes: list[Doute] = []

    def feuille(self, table: Table) -> None:
        """Look at the name of a sheet and at its header."""
        self._non_lues = table.non_lues
        reconnu = table.reconnu
        if quoi := _vus(self._masque, reconnu.onglet):
            self._feuilles[reconnu.feuille] = quoi
        connues = set(table.positions.values())
        vues = {
            place: _vus(self._masque, nom)
            for place, nom in enumerate(table.entete)
            if place not in connues and cle_de_nom(nom)
        }
        trouvees = {place: quoi for place, quoi in vues.items() if quoi}
        if trouvees:
            self._entetes.append(
                _doute(
                    f"Le nom de la colonne ignorée {lettres(min(trouvees))}",
                    set().union(*trouvees.values()),
                    "La renommer",
                    len(trouvees),
                    reconnu.ligne_entete,
                    reconnu.feuille,
                )
            )

    def doutes(self) -> Iterator[Doute]:
        """One for each sheet, one for each header."""
        for nom, quoi in self._feuilles.items():
            yield _doute(f"Le nom de la feuille «{nom}»", quoi, "La renommer", feuille=nom)
        for f in self._non_lues:
            if quoi := _vus(self._masque, f.onglet):
                yield _doute(
                    f"Le nom de la feuille non lue «{f.nom}»", quoi, "La renommer", feuille=f.nom
                )
        yield from self._entetes


def _doute(
    ou: str,
    quoi: Iterable[str],
    a_faire: str,
    nombre: int = 1,
    ligne: int | None = None,
    feuille: str = "",
) -> Doute:
    dits = " ou ".join(q for q in QUOI if q in set(quoi))
    autres = f" ({nombre} colonnes, dont celle-ci)" if nombre > 1 else ""
    return Doute(
        doutes.DONNEE_PERSONNELLE,
        f"{ou} a ce qui ressemble à {dits}{autres}, qui n'a pas sa place ici : rien n'en est "
        f"gardé ni montré. {a_faire}, et livrer le fichier de nouveau.",
        nombre,
        ligne,
        None,
        feuille,
    )
