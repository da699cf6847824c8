"""The steps of delivered files: extract by extract, all together, and who has not delivered.

What becomes of a file is decided in `pipelines.ingestion`; which deliveries are due, in `attendus`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.extracts.contrat import RYTHMES
from pipelines import controles
from pipelines.attendus import echeancier as attendus
from pipelines.echeance import aucune_livraison
from pipelines.empreintes import du_code, empreinte
from pipelines.entrepot import tables
from pipelines.erreurs import Faute
from pipelines.feuille_de_route import RACINE
from pipelines.ingestion import depot, doutes, livraison
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.reception import Reception, table
from pipelines.pas import Controle, Pas, Tableau, Verdict
from pipelines.rapport import CONSEILS
from pipelines.region import Region

if TYPE_CHECKING:
    from pipelines.atelier import Atelier

HORS_PLACE = "livraisons/hors_place"
RECUES = "qualite/livraisons"
ATTENDUS = "qualite/attendus"
REFUS = Controle("livraisons_non_refusees", "Aucune livraison n'est refusée ; sinon, pourquoi.")
A_L_HEURE = Controle(
    "a_l_heure", "Tout ce qui était attendu du partenaire est venu (qualite.attendus)."
)
DOUTES = Controle("doutes", "Rien de ce qui est accepté n'a l'air faux ; sinon, quoi et où.")
_FICHIERS_MONTRES = 50
_REJETS_MONTRES = 10
_BEAUCOUP = 1_000_000  # rows
_PAR_FICHIER = (
    "sha256", "octets", "lignes", "rejetees", "ignorees", "statut", "motif", "feuilles",
    "correspondances",
)  # fmt: skip


def cle(extrait: str) -> str:
    """Key of the deliveries of `source/extrait`."""
    return f"livraisons/{extrait}"


def pas(ici: Region, regles: Mapping[str, Regles]) -> Iterator[Pas]:
    """The steps."""
    for contrat in regles.values():
        yield _de_l_extrait(ici, contrat)
    yield Pas(
        cle=HORS_PLACE,
        genre="livraisons",
        groupe="2_livraisons",
        mots="Les fichiers de raw/ qui ne sont dans le dossier d'aucun extrait : refusés.",
        entrees=("referentiel/feuille_de_route",),
        code=(Path(depot.__file__),),
        empreinte=lambda atelier, _: empreinte(_etats(atelier, ""), du_code(Path(depot.__file__))),
        faire=_faire,
        montrer=_montrer,
        controles=(REFUS,),
        verdicts=lambda atelier, pas: [_refus(recues(atelier, ""))],
        sortes=frozenset({"file"}),
        dossier=ici.raw,
    )
    yield Pas(
        cle=RECUES,
        genre="recues",
        groupe="2_livraisons",
        mots=(
            "Tous les fichiers livrés : acceptés, refusés avec leurs motifs, remplacés ; et les "
            "rejets de chaque ligne, dans qualite.rejets ; les doutes, dans qualite.doutes."
        ),
        entrees=(HORS_PLACE, *map(cle, regles)),
        code=(Path(livraison.__file__),),
        empreinte=lambda atelier, _: empreinte(empreinte_des_livraisons(atelier)),
        faire=_tout_recevoir,
        montrer=_montrer_tout,
        table="qualite.livraisons",
    )
    yield Pas(
        cle=ATTENDUS,
        genre="attendus",
        groupe="2_livraisons",
        mots=(
            "Qui n'a pas livré : le rythme que dit chaque contrat, comparé aux livraisons "
            "(pipelines/attendus/attendus.sql)."
        ),
        entrees=(RECUES,),
        code=(Path(attendus.__file__).with_name("attendus.sql"),),
        empreinte=lambda atelier, _: empreinte(
            empreinte_des_livraisons(atelier),
            atelier.disparus,
            atelier.dernier,
            [dict(t) for t in atelier.feuille.tables["territoires"]],
            du_code(Path(attendus.__file__), Path(attendus.__file__).with_name("attendus.sql")),
        ),
        faire=_attendre,
        montrer=_montrer_les_attendus,
        sortes=frozenset({"sql", "duckdb"}),
        table="qualite.attendus",
    )


def _de_l_extrait(ici: Region, regles: Regles) -> Pas:
    fiche = regles.modele.fiche()
    source = regles.nom.split("/")[0]
    return Pas(
        cle=cle(regles.nom),
        genre="livraisons",
        groupe=f"2_livraisons_{source}",
        mots=(
            f"{regles.schema.title}. {(regles.modele.__doc__ or '').strip()}\n\n"
            f"Livré par : {fiche['service']}, {RYTHMES[fiche['cadence']]}, au plus tard "
            f"{fiche['delai']} jours après, dans raw/{regles.nom}/. "
            f"Contrat : assets/extracts/{regles.nom}.py."
        ),
        entrees=("referentiel/feuille_de_route",),
        code=(RACINE / "assets" / "extracts" / f"{regles.nom}.py",),
        empreinte=lambda atelier, _: empreinte(
            atelier.gardees.signature,
            regles.empreinte,
            _etats(atelier, regles.nom),
            [asdict(c) for c in controles.de("livraisons")],
        ),
        faire=_faire,
        montrer=_montrer,
        controles=(REFUS, DOUTES, *_identites("livraisons")),
        verdicts=lambda atelier, pas: [
            _refus(recues(atelier, regles.nom)),
            _doutes(recues(atelier, regles.nom)),
            *verdicts_gardes(atelier, pas.cle),
        ],
        service=source,
        sortes=frozenset({"csv", "excel", "pandera", "duckdb"}),
        table=f"livraisons.{table(regles.nom)}",
        colonnes=tables.colonnes("livraisons", regles),
        dossier=ici.raw / regles.nom,
    )


def _identites(objet: str) -> tuple[Controle, ...]:
    return tuple(Controle(c.nom, c.titre, bloquant=True) for c in controles.de(objet))


def verdicts_gardes(atelier: "Atelier", cle: str) -> list[Verdict]:
    """What the identities of an extract found, as it is kept."""
    resultats = controles.de_fiche(atelier.gardee(cle).fiche["controles"])
    return [Verdict(r.controle.nom, r.reussi, r.message, r.nombre, grave=True) for r in resultats]


def exiger(atelier: "Atelier", cle: str) -> None:
    """Stop where an identity that blocks does not hold in the result of a step.

    Raises:
        Faute: which.
    """
    brises = [v.message for v in verdicts_gardes(atelier, cle) if not v.reussi]
    if brises:
        raise Faute(
            f"Un contrôle bloquant a échoué, rien n'est calculé au-delà. {cle} : {brises[0]}"
        )


def _etats(atelier: "Atelier", extrait: str, jusqu_a: str = "9999-12") -> list[Any]:
    """What there is of an extract: its files, up to a month of delivery, as they are to be read."""
    regles = atelier.regles.get(extrait)
    return [
        [f.chemin, f.motif, atelier.sommes[f.chemin], regles.pour(f).empreinte if regles else []]
        for f in atelier.fichiers
        if f.extrait == extrait and f.mois <= jusqu_a
    ]


def empreinte_a(atelier: "Atelier", extrait: str, mois: str) -> str:
    """What the rows accepted up to a month depend on."""
    return atelier.retenir(
        "livraisons",
        extrait,
        mois,
        calculer=lambda: empreinte(
            atelier.gardees.signature,
            atelier.regles[extrait].empreinte,
            _etats(atelier, extrait, mois),
        ),
    )


def empreinte_des_livraisons(atelier: "Atelier") -> list[str]:
    """What all the deliveries depend on."""
    return [atelier.empreinte(c) for c in (HORS_PLACE, *map(cle, atelier.regles))]


def commencer(atelier: "Atelier", extraits: Iterable[str]) -> None:
    """Have the files of extracts begun where processes apart read them: long, or many."""
    a_lire = {e for e in extraits if not atelier.est_gardee(cle(e))}
    fichiers = [f for f in atelier.fichiers if f.extrait in a_lire and not f.motif]
    atelier.examens.prevoir(fichiers, atelier.regles)


def _faire(atelier: "Atelier", demandes: Sequence[tuple[Pas, str]]) -> None:
    """Judge the files of each extract, load them, and try its identities."""
    raw = atelier.demande.region.raw
    cles = [pas.cle for pas, _ in demandes if pas.cle != HORS_PLACE]
    extraits = {c: c.removeprefix("livraisons/") for c in cles}
    commencer(atelier, extraits.values())
    for pas, _ in demandes:
        extrait = extraits.get(pas.cle, "")
        atelier.annoncer_dans(f"livraisons {extrait}")
        fichiers = [f for f in atelier.fichiers if f.extrait == extrait]
        if not extrait:
            jugees = livraison.ecarter(raw, fichiers)
        else:
            regles = atelier.regles[extrait]
            jugees = livraison.juger(atelier.con, fichiers, regles, atelier.examens)
            if sum(recue.acceptees for recue in jugees) > _BEAUCOUP:
                atelier.examens.reposer()  # to load so many rows takes the memory that they hold
        for recue in jugees:
            atelier.relever(recue.fichier.chemin, recue.sha256)
        atelier.memoire["recues", extrait] = jugees
        resultats = []
        if extrait:
            atelier.poser(f"livraisons.{table(extrait)}")
            atelier.poser(f"qualite.livraisons {extrait}")
            resultats = controles.de_l_extrait(atelier.con, "livraisons", atelier.regles[extrait])
        atelier.gardees.garder(
            pas.cle,
            atelier.empreinte(pas.cle),
            {
                "fichiers": [_en_fiche(recue) for recue in jugees],
                "controles": controles.en_fiche(resultats),
            },
        )
    atelier.examens.reposer()


def _en_fiche(recue: Reception) -> dict[str, Any]:
    return {
        "fichier": {n: v for n, v in asdict(recue.fichier).items() if n != "reel"},
        "gardee": recue.gardee.nom if recue.gardee else "",
        "croises": recue.croises,
        "doutes": doutes.en_fiche(recue.doutes),
        **{nom: getattr(recue, nom) for nom in _PAR_FICHIER},
    }


def recues(atelier: "Atelier", extrait: str) -> list[Reception]:
    """What became of the files of an extract (empty: of those in no extract's folder)."""
    if ("recues", extrait) not in atelier.memoire:
        fiche = atelier.gardee(cle(extrait) if extrait else HORS_PLACE).fiche
        if ("recues", extrait) not in atelier.memoire:  # it was not computed just now
            atelier.gardees.utiliser(f["gardee"] for f in fiche["fichiers"])
            sur_disque = {f.chemin: f for f in atelier.fichiers}
            atelier.memoire["recues", extrait] = [
                Reception(
                    replace(fichier, reel=sur_disque[fichier.chemin].reel),
                    **{nom: f[nom] for nom in _PAR_FICHIER},
                    croises=[tuple(c) for c in f["croises"]],
                    doutes=doutes.de_fiche(f["doutes"]),
                    nom_de_gardee=f["gardee"],
                )
                for f in fiche["fichiers"]
                for fichier in [Fichier(**f["fichier"])]
            ]
    trouvees: list[Reception] = atelier.memoire["recues", extrait]
    return trouvees


def toutes(atelier: "Atelier") -> list[Reception]:
    """What became of every file."""
    return [r for extrait in ("", *atelier.regles) for r in recues(atelier, extrait)]


def avec_lectures(atelier: "Atelier", extrait: str) -> list[Reception]:
    """The same as `recues`, each with its kept reading: one that is damaged is read again."""
    regles = atelier.regles[extrait]
    for recue in recues(atelier, extrait):
        if recue.nom_de_gardee and recue.gardee is None:
            recue.gardee = atelier.gardees.reprendre(recue.nom_de_gardee)
            if recue.gardee is None:
                relue = atelier.examens.examiner(atelier.con, recue.fichier, regles)
                recue.gardee = relue.gardee
                if relue.sha256 != recue.sha256 or relue.gardee is None:
                    raise Faute(
                        f"{recue.fichier.chemin} a changé pendant le calcul : relancer quand il "
                        "est complet."
                    )
    return recues(atelier, extrait)


def mois_livres(atelier: "Atelier", extraits: Iterable[str]) -> list[tuple[str, str]]:
    """The months of the accepted deliveries of extracts: `source/extrait`, month."""
    return sorted(
        {
            (r.fichier.extrait, r.fichier.mois)
            for extrait in extraits
            for r in recues(atelier, extrait)
            if r.statut == "acceptee"
        }
    )


def _refusees(recues: Sequence[Reception]) -> Tableau:
    """Refused files, the newest first, with what to do: few columns, which a page holds whole."""
    return Tableau.de(
        [
            {"fichier": r.fichier.chemin, "motif": r.motif, "prochain pas": prochain_pas(r)}
            for r in _recentes(recues)
            if r.statut == "refusee"
        ],
        _FICHIERS_MONTRES,
    )


def _recentes(recues: Iterable[Reception]) -> list[Reception]:
    return sorted(recues, key=lambda r: (r.fichier.mois, r.fichier.chemin), reverse=True)


def _montrees(recues: Sequence[Reception]) -> Tableau:
    """Files, the newest first."""
    return Tableau.de(
        [
            {
                "fichier": r.fichier.nom,
                "statut": r.statut,
                "acceptees": r.acceptees,
                "rejetees": r.rejetees,
                "ignorees": r.ignorees,
            }
            for r in _recentes(recues)
        ],
        _FICHIERS_MONTRES,
    )


def prochain_pas(recue: Reception) -> str:
    """What a person does of a refused file."""
    fichier = recue.fichier
    if fichier.motif:
        return "Renommer ou déplacer le fichier, puis relancer."
    if fichier.reel:
        return "Ôter du nom du fichier ce qui est personnel, puis le vérifier et le redéposer."
    return (
        f"bilan verifier raw/{fichier.chemin}, corriger, et déposer "
        f"{depot.nom_suivant(fichier, [])}"
    )


def _montrer(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    extrait = pas.cle.removeprefix("livraisons/") if pas.cle != HORS_PLACE else ""
    siennes = recues(atelier, extrait)
    montre: dict[str, Any] = _comptes(siennes)
    if montre["fichiers_refuses"]:
        montre["refusées"] = _refusees(siennes)
    if extrait and montre["lignes_rejetees"]:
        montre["premiers rejets"] = _premiers_rejets(atelier, extrait)
    return {**montre, "fichiers": _montrees(siennes)}


def _premiers_rejets(atelier: "Atelier", extrait: str) -> Tableau:
    """The first rejections of the newest files: where, and what to do; no delivered text."""
    atelier.poser(f"qualite.livraisons {extrait}")
    source, nom = extrait.split("/")
    lignes = atelier.lignes(
        """
        select
            concat_ws(', ', parse_filename(fichier), feuille, 'ligne ' || ligne, colonne) as "où",
            regle as "règle"
        from qualite.rejets
        where source = ? and extrait = ?
        order by mois_livraison desc, fichier, feuille, ligne, colonne, regle
        """,
        [source, nom],
    )
    return Tableau.de(
        [{**ligne, "à faire": CONSEILS[ligne["règle"]]} for ligne in lignes], _REJETS_MONTRES
    )


def _comptes(siennes: Sequence[Reception]) -> dict[str, Any]:
    return {
        "lignes": sum(r.acceptees for r in siennes if r.statut == "acceptee"),
        "fichiers_acceptes": sum(r.statut == "acceptee" for r in siennes),
        "fichiers_refuses": sum(r.statut == "refusee" for r in siennes),
        "lignes_rejetees": sum(r.rejetees for r in siennes),
    }


def _refus(siennes: Sequence[Reception]) -> Verdict:
    """The check that shows refused deliveries beside their extract: it warns, the others go on."""
    refusees = [r for r in siennes if r.statut == "refusee"]
    dits = [f"{r.fichier.chemin} : {r.motif} → {prochain_pas(r)}" for r in refusees]
    return Verdict(
        REFUS.nom,
        not refusees,
        "\n".join(dits[:_FICHIERS_MONTRES]) or "Aucune livraison refusée.",
        len(refusees),
    )


def nombre_de_doutes(recues: Iterable[Reception]) -> int:
    """Those that people are told of: on the files in force."""
    return sum(len(r.doutes) for r in recues if r.statut == "acceptee")


def _doutes(siennes: Sequence[Reception]) -> Verdict:
    """The check that shows what may be wrong in the files in force: it warns, all is loaded."""
    nombre = nombre_de_doutes(siennes)
    dits = [
        {
            "où": ", ".join(
                filter(None, (r.fichier.nom, d.feuille,
                              f"ligne {d.premiere_ligne}" if d.premiere_ligne else "", d.colonne))
            ),
            "doute": d.doute,
            "message": d.message,
        }
        for r in _recentes(siennes)
        if r.statut == "acceptee"
        for d in r.doutes
    ]  # fmt: skip
    return Verdict(
        DOUTES.nom,
        not nombre,
        f"{nombre} à regarder : voir le tableau, ou qualite.doutes." if nombre else "Aucun doute.",
        nombre,
        tableau=Tableau.de(dits, _FICHIERS_MONTRES) if dits else None,
    )


def _tout_recevoir(atelier: "Atelier", demandes: Sequence[tuple[Pas, str]]) -> None:
    atelier.obtenir(map(cle, atelier.regles))
    atelier.obtenir([HORS_PLACE])
    verifier_l_arrete(atelier)
    atelier.gardees.garder(RECUES, atelier.empreinte(RECUES), _comptes(toutes(atelier)))


def verifier_l_arrete(atelier: "Atelier") -> None:
    """Stop where nothing delivered can serve.

    Raises:
        Faute: nothing is accepted, or the newest month asked comes before it all.
    """
    livres = [mois for _, mois in mois_livres(atelier, atelier.regles)]
    if not livres:
        raise aucune_livraison(atelier)
    if atelier.demande.arrete and atelier.demande.arrete < min(livres):
        raise Faute(
            f"L'arrêté {atelier.demande.arrete} précède la première livraison ({min(livres)}) : "
            "en choisir un plus tardif."
        )


def _montrer_tout(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    """Refused files together."""
    siennes = toutes(atelier)
    return {
        **_comptes(siennes),
        "lignes": len(siennes),
        "refusées": _refusees(siennes),
    }


def _attendre(atelier: "Atelier", demandes: Sequence[tuple[Pas, str]]) -> None:
    atelier.con.execute("truncate qualite.attendus")
    disparus = [depot.reconnaitre(chemin, atelier.regles) for chemin in atelier.disparus]
    attendus.attendre(
        atelier.con, atelier.regles.values(), toutes(atelier), atelier.dernier, disparus
    )
    [retards] = atelier.lignes(
        """
        select coalesce(list(struct_pack(
            extrait := source || '/' || extrait, partie, mois, statut, retard_jours
        ) order by source, extrait, mois, partie), []) as dits
        from qualite.attendus
        where attendu and retard_jours > 0 and statut <> 'recue'
        """
    )
    atelier.gardees.garder(
        ATTENDUS,
        atelier.empreinte(ATTENDUS),
        {"retards": retards["dits"]},
        atelier.con,
        {"attendus": "from qualite.attendus"},
    )
    atelier.une_fois("posée qualite.attendus")


def _montrer_les_attendus(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    retards = atelier.gardee(ATTENDUS).fiche["retards"]
    disparus = [{"fichier": chemin} for chemin in atelier.disparus]
    return {
        "en_retard": Tableau.de(retards, _FICHIERS_MONTRES),
        "disparues": Tableau.de(disparus, _FICHIERS_MONTRES),
    }


def a_l_heure(atelier: "Atelier", extrait: str) -> Verdict:
    """Whether the partner has delivered all that was due of an extract."""
    retards = [r for r in atelier.gardee(ATTENDUS).fiche["retards"] if r["extrait"] == extrait]
    dits = [
        f"{r['mois']}{' ' + r['partie'] if r['partie'] else ''} : {r['statut']}, "
        f"{r['retard_jours']} jours de retard"
        for r in retards
    ]
    return Verdict(
        A_L_HEURE.nom,
        not retards,
        "\n".join(dits[:_FICHIERS_MONTRES]) or "Tout ce qui était attendu est venu.",
        len(retards),
    )
