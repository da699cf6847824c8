"""The steps of the pages: the bilan that people read, beside the warehouse once it is published.

What is written, and how it is read back, belongs to `pipelines.edition`: here, when it is made,
what its nodes show, and what becomes of a failure.
"""

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import edition
from pipelines.edition import adresses, manifeste
from pipelines.empreintes import empreinte
from pipelines.erreurs import Faute, de_la_machine
from pipelines.pas import Controle, Pas, Tableau, Verdict, entrepot

if TYPE_CHECKING:
    from pipelines.atelier import Atelier

GENRE = "edition"
NOMBRES = Controle(
    "nombres_relus", "Les nombres relus dans ce qui est écrit sont ceux de l'entrepôt publié."
)
_journal = logging.getLogger("bilan")
_REFAITS, _ACCORD = "pages refaites", "pages relues"
_MOTS = {
    "accueil": "La page d'accueil : ce qui est venu, ce qui manque, ce qui a changé, que faire.",
    "bilan": "Le bilan, en une page : objectifs, chiffres, orientations, ce qui ne concorde pas.",
    "departements": "Une page par département, à côté de la région.",
    "indicateurs": "Une page par indicateur : définition, SQL, séries, révisions, lignes.",
    "document": "Le bilan en document (DOCX), à corriger et à signer.",
    "classeur": "Le bilan en classeur (XLSX) : une feuille par objectif, toutes les valeurs.",
}


class NonEcrites(Faute):
    """The warehouse is published, and its pages are those of before, or none."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"L'entrepôt est publié, mais pas ses pages : {cause} «bilan refresh» les refera."
        )


def pas() -> Iterator[Pas]:
    """The steps: one a piece, made together."""
    du_dossier = Path(edition.__file__).with_name("dossier.py")
    for nom, entree in adresses.PIECES.items():
        yield Pas(
            cle=f"{GENRE}/{nom}",
            genre=GENRE,
            groupe="9_edition",
            mots=f"{_MOTS[nom]}\n\nÉcrit à partir de l'entrepôt publié, "
            f"warehouse/{adresses.DOSSIER}/{entree}.",
            entrees=(entrepot.ENTREPOT,),
            code=(du_dossier,),
            empreinte=lambda atelier, _, nom=nom: empreinte(_sommes(atelier, nom)),  # type: ignore[misc]
            a_jour=lambda atelier, _, __: sont_a_jour(atelier),
            faire=lambda atelier, _: _ecrire(atelier),
            montrer=_montrer,
            controles=(NOMBRES,),
            verdicts=_verdicts,
            sortes=frozenset({"html" if "." not in entree else entree.rpartition(".")[2]}),
            faits={"piece": nom},
        )


def page(cle: str) -> str:
    """The page that a node leads to: its own, that of what it is about, or the first one."""
    tete, _, reste = cle.partition("/")
    dans, _, nom = reste.rpartition("/")
    if tete == GENRE:
        return adresses.PIECES[nom]
    if tete == "indicateurs":
        return adresses.d_un_indicateur(nom) if dans else adresses.INDICATEURS
    if tete == "rapprochement":
        return adresses.ANOMALIES
    if tete == "bilan":
        return adresses.d_une_vue(nom)
    return adresses.BILAN if tete in ("orientations", "diffusion") else adresses.ACCUEIL


def refaire(atelier: "Atelier") -> None:
    """Have pages as they should be, where no node asks for them; that they are not is only said."""
    try:
        atelier.obtenir(cle for cle, p in atelier.pas.items() if p.genre == GENRE)
    except NonEcrites as faute:
        _journal.error("%s", faute)


def accueil(atelier: "Atelier") -> Path | None:
    """The page to open first; none where pages are not those of the published file."""
    steps = (p for p in atelier.pas.values() if p.genre == GENRE)
    return _ou(atelier) / adresses.ACCUEIL if any(steps) and sont_a_jour(atelier) else None


def _ou(atelier: "Atelier") -> Path:
    return adresses.dossier(atelier.demande.region.warehouse)


def sont_a_jour(atelier: "Atelier") -> bool:
    """Whether the folder is what would be written of the published file, untouched since."""
    vu = "pages à jour", atelier.chantier.identite  # six nodes ask
    if not atelier.memoire.get(vu):
        ici = atelier.demande.region
        atelier.memoire[vu] = manifeste.est_a_jour(_ou(atelier), ici.warehouse, ici.roadmap)
    return bool(atelier.memoire[vu])


def _ecrire(atelier: "Atelier") -> None:
    """Write what has changed of the pages, all at once.

    Raises:
        NonEcrites: they could not be; the earlier ones stand.
        Faute: nothing is published.
    """
    from pipelines.edition import dossier

    ici = atelier.demande.region
    atelier.annoncer_dans("pages du bilan")
    try:
        ecrit = dossier.ecrire(_ou(atelier), ici.warehouse, roadmap=ici.roadmap, seul=True)
    except Faute as faute:
        if atelier.chantier.identite is None:
            raise
        raise NonEcrites(str(faute)) from None
    except BaseException as erreur:
        if connue := de_la_machine(erreur):
            raise NonEcrites(str(connue)) from None
        # A library's panic is no Exception; its text, as any other's, may quote what it met.
        nom = type(erreur).__name__
        if not isinstance(erreur, Exception) and nom != "PanicException":
            raise
        raise NonEcrites(
            f"erreur inattendue ({nom}), que «BILAN_TRACE=1 bilan rapport DOSSIER» montrerait."
        ) from None
    atelier.memoire[_REFAITS] = ecrit.faits


def _sommes(atelier: "Atelier", piece: str) -> dict[str, str]:
    """The files of a piece, with their SHA-256."""
    return {
        chemin: somme
        for chemin, (_, somme) in manifeste.fichiers(_ou(atelier)).items()
        if adresses.piece(chemin) == piece
    }


def _montrer(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    piece, region = pas.faits["piece"], atelier.demande.region.nom
    siens = sorted(_sommes(atelier, piece))
    refaits = [c for c in atelier.memoire.get(_REFAITS, ()) if adresses.piece(c) == piece]
    return {
        "fichiers": len(siens),
        "refaits": len(refaits),
        "dossier": _ou(atelier),
        "adresses": Tableau.de(
            [{"fichier": c, "adresse": adresses.adresse(region, c)} for c in siens]
        ),
    }


def _verdicts(atelier: "Atelier", pas: Pas) -> list[Verdict]:
    """Whether what is written says the numbers of the warehouse: all pieces are read at once."""
    if _ACCORD not in atelier.memoire:
        from pipelines.edition.accord import accord

        atelier.memoire[_ACCORD] = accord(_ou(atelier), atelier.demande.region.warehouse)
    lu = atelier.memoire[_ACCORD][pas.faits["piece"]]
    message = f"Nombres relus : {lu.nombres}. Écarts avec l'entrepôt : {len(lu.ecarts)}."
    if not lu.ecarts:
        return [Verdict(NOMBRES.nom, True, message)]
    tableau = Tableau.de([{"écart": e} for e in lu.ecarts])
    dit = f"{message} {lu.ecarts[0]}"
    _journal.error("pages, %s : %s", pas.faits["piece"], dit)
    return [Verdict(NOMBRES.nom, False, dit, len(lu.ecarts), grave=True, tableau=tableau)]
