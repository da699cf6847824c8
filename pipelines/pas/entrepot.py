"""The last steps: the warehouse is made whole from what is kept, judged, published.

What fills a table is said by the step that computes it; how a file is built and replaced belongs to
`pipelines.entrepot.chantier`.
"""

import io
import logging
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import controles, vues
from pipelines.corrections import application, registre
from pipelines.edition import adresses
from pipelines.empreintes import du_code, empreinte
from pipelines.entrepot import chantier, faits, provenance, tables
from pipelines.ingestion import livraison
from pipelines.ingestion.personnes import PSEUDONYME
from pipelines.ingestion.reception import table
from pipelines.pas import Adresse, Controle, Pas, Tableau, Verdict, referentiel, valeurs
from pipelines.pas import faits as des_faits
from pipelines.pas import livraisons as des_livraisons
from pipelines.plausibilite import attentes, constats, lancement
from pipelines.plausibilite.constats import Constat
from pipelines.sql import inserer

if TYPE_CHECKING:
    from pipelines.atelier import Atelier

PLAUSIBILITE = "qualite/plausibilite"
ENTREPOT = "entrepot/bilan"
_OBJETS = "qualite.controles.objet"
_SANS_PSEUDONYME = f"regexp_replace(objet, '{PSEUDONYME}', '***', 'g')"
_PROGRAMME = "programme de plausibilité"
_journal = logging.getLogger("bilan")
_TABLES = {
    "indicateurs.valeurs": (valeurs.VALEURS, "valeurs"),
    "indicateurs.a_date": (valeurs.VALEURS, "a_date"),
    "orientations.avancement": (valeurs.AVANCEMENT, "avancement"),
    "qualite.attendus": (des_livraisons.ATTENDUS, "attendus"),
    "qualite.arretes": (valeurs.ARRETES, "arretes"),
    "rapprochement.chiffres": (valeurs.RAPPROCHEMENT, "chiffres"),
    "rapprochement.coherences": (valeurs.RAPPROCHEMENT, "coherences"),
    "diffusion.valeurs": (valeurs.DIFFUSION, "valeurs"),
}


def pas(extraits: Sequence[str], cles_des_vues: Sequence[str]) -> Iterator[Pas]:
    """The two steps; views are between them."""
    dossier = Path(lancement.__file__).parent
    yield Pas(
        cle=PLAUSIBILITE,
        genre="plausibilite",
        groupe="6_plausibilite",
        mots=(
            "L'entrepôt fini, examiné par Great Expectations (assets/plausibilite/*.sql) : ce qui "
            "est peu vraisemblable est signalé dans qualite.controles et dans "
            "warehouse/plausibilite/index.html, et n'empêche jamais la publication."
        ),
        entrees=(
            valeurs.AVANCEMENT,
            valeurs.RAPPROCHEMENT,
            valeurs.DIFFUSION,
            valeurs.ARRETES,
            des_livraisons.ATTENDUS,
            *map(des_faits.cle, extraits),
        ),
        code=tuple(sorted(attentes.DOSSIER.glob("*.sql"))),
        empreinte=lambda atelier, _: empreinte(
            _du_fichier(atelier),
            [asdict(a) for a in attentes.lire()],
            du_code(*dossier.glob("*.py")),
        ),
        faire=_juger,
        montrer=_montrer_les_signalements,
        controles=tuple(Controle(a.nom, f"{a.titre} ({a.attendu}).") for a in attentes.lire()),
        verdicts=_verdicts,
        sortes=frozenset({"greatexpectations", "duckdb"}),
        table="qualite.controles",
    )
    yield Pas(
        cle=ENTREPOT,
        genre="entrepot",
        groupe="8_entrepot",
        mots=f"L'entrepôt publié, warehouse/{chantier.NOM} : il remplace l'ancien d'un coup.",
        entrees=(PLAUSIBILITE, *cles_des_vues),
        code=(Path(chantier.__file__),),
        empreinte=lambda atelier, mois: empreinte(mois, commun(atelier)),
        a_jour=lambda atelier, pas, mois: est_publie(atelier, [mois]),
        faire=lambda atelier, _: publier(atelier),
        montrer=_montrer_l_entrepot,
        mensuel=True,
    )


def _du_fichier(atelier: "Atelier") -> list[Any]:
    """What the content of the warehouse depends on, but for what is judged of it."""
    return [
        *(atelier.empreinte(cle) for cle in (
            referentiel.CLE, des_livraisons.ATTENDUS, valeurs.RAPPROCHEMENT, valeurs.DIFFUSION,
            valeurs.ARRETES,
        )),
        des_livraisons.empreinte_des_livraisons(atelier),
        [atelier.empreinte(des_faits.cle(extrait)) for extrait in atelier.regles],
        valeurs.empreintes_des_mois(atelier),
        atelier.gardees.signature,
        du_code(
            Path(__file__), Path(tables.__file__), Path(faits.__file__), Path(provenance.__file__),
            Path(application.__file__),
        ),
    ]  # fmt: skip


def commun(atelier: "Atelier") -> str:
    """What the whole published file depends on."""
    return empreinte(
        atelier.empreinte(PLAUSIBILITE), [referentiel.de_la_vue(v) for v in atelier.vues]
    )


def est_publie(atelier: "Atelier", mois: Sequence[str]) -> bool:
    """Whether the published file is what would be published now, these months included."""
    gardee = atelier.gardees.reprendre(ENTREPOT)
    return (
        gardee is not None
        and not atelier.demande.retires
        and atelier.chantier.en_place == atelier.chantier.publie
        and gardee.fiche["identite"] == list(atelier.chantier.identite or ())
        and gardee.empreinte == commun(atelier)
        and all(m in gardee.fiche["mois"] for m in mois)
    )


def poser(atelier: "Atelier", nom: str) -> None:
    """Fill a table of the warehouse under construction from what is kept, once.

    `qualite.livraisons <extrait>` is the part of an extract in `qualite.livraisons`,
    `qualite.rejets`, `qualite.doutes` and `qualite.correspondances`.
    """
    if not atelier.une_fois(f"posée {nom}"):
        return
    con = atelier.con
    objet, _, extrait = nom.partition(" ")
    schema, _, court = objet.partition(".")
    if objet == "qualite.livraisons":
        recues = des_livraisons.recues(atelier, extrait)
        livraison.inscrire(con, recues)
        livraison.poser_doutes(con, recues)
        if extrait:
            lues = des_livraisons.avec_lectures(atelier, extrait)
            livraison.poser_rejets(con, atelier.regles[extrait], lues)
            livraison.inscrire_correspondances(con, atelier.regles[extrait], lues)
    elif schema == "livraisons":
        [extrait] = [e for e in atelier.regles if table(e) == court]
        lues = des_livraisons.avec_lectures(atelier, extrait)
        livraison.poser_lignes(con, atelier.regles[extrait], lues)
    else:
        _reconduire(atelier)
        cle, piece = _TABLES[objet]
        pas = atelier.pas[cle]
        if not pas.mensuel:
            con.execute(f"truncate {objet}")  # what is kept has the months that stay, too
        if mois := atelier.mois_de(pas):
            lue = valeurs.lire(atelier, cle, piece, mois)
            con.execute(f"insert into {objet} by name select * exclude (filename) from {lue}")


def _reconduire(atelier: "Atelier") -> None:
    """Keep what the published warehouse says of the months that are not computed again."""
    if atelier.une_fois("mois reconduits") and atelier.chantier.arretes_publies():
        retires = [*atelier.arretes, *atelier.demande.retires]
        # Corrections of these months may name persons under the other key.
        masques = {_OBJETS: _SANS_PSEUDONYME} if atelier.autre_cle else {}
        atelier.chantier.garder(tables.PAR_ARRETE, retires, masques)


def assembler(atelier: "Atelier") -> None:
    """Make the warehouse whole, from what is kept; once."""
    if not atelier.une_fois("assemblé"):
        return
    des_livraisons.verifier_l_arrete(atelier)
    con = atelier.con
    atelier.annoncer_dans("entrepôt : mise en place")
    con.execute(f"set variable arrete = '{atelier.dernier}'")
    for extrait in ("", *atelier.regles):
        poser(atelier, f"qualite.livraisons {extrait}")
    for extrait in atelier.regles:
        poser(atelier, f"livraisons.{table(extrait)}")
    for nom in _TABLES:
        poser(atelier, nom)
    inserer(con, "qualite.cle", [[atelier.gardees.signature]])
    _inscrire_les_controles(atelier)
    if atelier.autre_cle:
        _chercher_les_corriges(atelier)
    for extrait, regles in atelier.regles.items():
        des_faits.ouvrir(atelier, extrait)
        faits.figer(con, regles, atelier.dernier)
    provenance.creer(
        con,
        atelier.regles,
        atelier.indicateurs,
        {e: registre.actives(atelier.feuille, regles) for e, regles in atelier.regles.items()},
    )
    vues.creer(con, atelier.vues)


def _inscrire_les_controles(atelier: "Atelier") -> None:
    """Write what identities found, of values at their months, else at the newest one."""
    con, dernier = atelier.con, atelier.dernier
    con.execute("delete from qualite.controles where arrete = ?", [dernier])
    for mois in atelier.arretes:
        controles.inscrire(con, mois, valeurs.resultats(atelier, mois))
    for extrait, regles in atelier.regles.items():
        for cle in (des_livraisons.cle(extrait), des_faits.cle(extrait)):
            fiche = atelier.gardee(cle).fiche
            controles.inscrire(con, dernier, controles.de_fiche(fiche["controles"]))
        corrections = registre.actives(atelier.feuille, regles)
        application.constater(con, regles, corrections, dernier, dernier)


def _chercher_les_corriges(atelier: "Atelier") -> None:
    """Tell of the corrections that still name persons under another key: they mend nothing now."""
    lignes = sorted(
        numero
        for regles in atelier.regles.values()
        for numero in application.sans_ligne(
            atelier.con, regles, registre.par_pseudonyme(atelier.feuille, regles)
        )
    )
    if lignes:
        _journal.warning(
            "corrections.csv, %s : ces personnes y ont un ancien pseudonyme, que plus aucune ligne "
            "ne porte ; y mettre le nouveau, puis relancer (pipelines/deploiement/README.md)",
            f"ligne{'s' * (len(lignes) > 1)} {', '.join(map(str, lignes))}",
        )


def chauffer(atelier: "Atelier") -> None:
    """Start the program that judges the finished file, if it is not; it is long to start."""
    if _PROGRAMME not in atelier.memoire:
        atelier.memoire[_PROGRAMME] = lancement.chauffer(atelier.chantier.pages)


def refroidir(atelier: "Atelier") -> None:
    """End it, where it was not asked anything."""
    if programme := atelier.memoire.pop(_PROGRAMME, None):
        programme.kill()
        programme.communicate()


def _juger(atelier: "Atelier", demandes: Sequence[tuple[Pas, str]]) -> None:
    """Have the finished file judged: what is unlikely is written down, nothing stops."""
    assembler(atelier)
    atelier.annoncer_dans("plausibilité")
    chauffer(atelier)
    with atelier.chantier.prete() as fichier:
        trouves = lancement.lancer(atelier.memoire.pop(_PROGRAMME), fichier, atelier.dernier)
    fichiers = {}
    if atelier.chantier.pages.is_dir():
        fichiers["pages.zip"] = _en_un(atelier.chantier.pages)
    atelier.gardees.garder(
        PLAUSIBILITE,
        atelier.empreinte(PLAUSIBILITE),
        {"constats": [asdict(c) for c in trouves]},
        fichiers=fichiers,
    )


def _en_un(dossier: Path) -> bytes:
    """The pages of a folder, as one archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zip_:
        for page in sorted(dossier.iterdir()):
            zip_.write(page, page.name)
    return archive.getvalue()


def les_constats(atelier: "Atelier") -> list[Constat]:
    """What plausibility found."""
    return [Constat(**c) for c in atelier.gardee(PLAUSIBILITE).fiche["constats"]]


def inscrire_les_constats(atelier: "Atelier") -> None:
    """Write them into the finished file, once."""
    trouves = les_constats(atelier)
    assembler(atelier)
    if atelier.une_fois("constats inscrits"):
        constats.inscrire(atelier.con, atelier.dernier, trouves)


def _montrer_les_signalements(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    trouves = les_constats(atelier)
    signales = [{"controle": c.controle, "message": c.message} for c in trouves if not c.reussi]
    return {
        "lignes": len(trouves),
        "signalements": len(signales),
        "signales": Tableau.de(signales, len(signales)),
    }


def _verdicts(atelier: "Atelier", pas: Pas) -> list[Verdict]:
    """The verdict on each expectation: a warning, also where it could not be judged."""
    trouves = les_constats(atelier)
    verdicts = []
    for attente in attentes.lire():
        siens = [c for c in trouves if c.controle == attente.nom] or trouves
        signales = [c.message for c in siens if not c.reussi]
        dits = "\n".join(signales) or f"{attente.titre}."
        verdicts.append(Verdict(attente.nom, not signales, dits, len(signales)))
    return verdicts


def publier(atelier: "Atelier") -> None:
    """Publish the file, with the pages of plausibility, and remember what it rests on.

    Raises:
        Faute: it could not be; the earlier warehouse stands.
    """
    atelier.obtenir(takewhile(lambda cle: cle != ENTREPOT, atelier.pas))
    inscrire_les_constats(atelier)
    fiche = {"mois": valeurs.empreintes_des_mois(atelier), "raw": atelier.vue_de_raw}
    empreinte_commune = commun(atelier)
    pages = atelier.gardee(PLAUSIBILITE).pieces.get("pages.zip")
    if pages and not atelier.chantier.pages.is_dir():
        shutil.unpack_archive(pages, atelier.chantier.pages, "zip")
    for cause in valeurs.perimes(atelier).values():
        _journal.warning("arrêté à recalculer : %s", cause)
    atelier.annoncer_dans("entrepôt : publication")
    provenance.fermer_l_arrete(atelier.con)
    atelier.chantier.publier()
    atelier.memoire["publié"] = True
    try:
        atelier.chantier.poser_pages()
    except OSError as erreur:
        _journal.error("pages de plausibilité non remplacées : %s", erreur)
    atelier.gardees.garder(
        ENTREPOT, empreinte_commune, {**fiche, "identite": list(atelier.chantier.identite or ())}
    )
    atelier.gardees.oublier(atelier.pas)


def _montrer_l_entrepot(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    publie = atelier.chantier.publie
    return {
        "fichier": publie,
        "octets": publie.stat().st_size,
        "arrêtés publiés": ", ".join(atelier.finals),
        **{
            nom: Adresse(adresses.adresse(atelier.demande.region.nom, page))
            for nom, page in adresses.PIECES.items()
        },
    }
