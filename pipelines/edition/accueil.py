"""The home page: for a steward, what came in, what to do and what changed; for the public, a door.

Figures are in `regional` and `indicateur`. What is counted here is what the warehouse holds.
"""

import shlex
from collections.abc import Iterator, Sequence
from functools import cache

from pipelines import controles
from pipelines.edition import jauges, revisions
from pipelines.edition.contenu import (
    Bloc,
    Cellule,
    Colonne,
    Lien,
    Liste,
    Nombre,
    Page,
    Section,
    Tableau,
    Texte,
    compte,
    sans_vides,
)
from pipelines.edition.indicateur import adresse
from pipelines.edition.source import Source, source_de
from pipelines.edition.suivi import REJETS, Rangee, Suivi
from pipelines.ingestion.cellules import MASQUE
from pipelines.plausibilite import attentes

CHEMIN = "index.html"
MAX = 50
"""Rows of a table; the others are counted, and the command that lists them is given."""
_REFUS, _PHRASES = 20, 5


def page(source: Source, liens: Sequence[Lien] = ()) -> Page:
    """The home page of a steward; `liens` lead to the other pages and to documents."""
    suivi = Suivi(source)
    return Page(
        CHEMIN,
        "Livraisons, contrôles et changements",
        (
            *_resume(suivi),
            *_a_lire(liens),
            _livraisons(suivi),
            _retards(suivi),
            _doutes(suivi),
            _controles(suivi),
            _changements(suivi),
            _entretien(suivi),
        ),
        surtitre=f"Arrêté {source.arrete}",
    )


def page_publique(source: Source, liens: Sequence[Lien] = ()) -> Page:
    """What the public sees first: what is covered, and where the figures are."""
    annees = sorted(
        {v["periode"] for v in source.valeurs if v["type_periode"] in ("annee", "annee_scolaire")}
    )
    tous = [t["libelle"] for t in source.de_maille("departement")]
    # What is masked was delivered.
    dites = (v for v in source.valeurs if v["valeur"] is not None or v["masque"])
    connus = {v["nom_territoire"] for v in dites}
    sans = [nom for nom in tous if nom not in connus]
    suite = f"non livré : {', '.join(sans)}" if sans else ", ".join(tous)
    points = [
        f"{compte(len(source.indicateurs), 'indicateur')} de la feuille de route",
        f"{compte(len(tous) - len(sans), 'département')} sur {len(tous)} : {suite}",
    ]
    if annees:
        points.append(f"De {annees[0]} à {annees[-1]}")
    masquees = sum(v["masque"] for v in source.valeurs)
    if masquees:
        points.append(
            compte(masquees, "valeur masquée", "valeurs masquées")
            + " : moins de 5 personnes, ou un nombre qui les ferait connaître"
        )
    return Page(
        CHEMIN,
        f"L'accueil et l'intégration des étrangers, {source.region['libelle']}",
        (
            Texte(
                "Les chiffres de la feuille de route régionale qui peuvent être publiés. Les "
                "nombres de personnes sont arrondis au multiple de 5."
            ),
            *_a_lire(liens),
            Section("Ce qui est couvert", "couverture", (Liste(tuple(points)),)),
        ),
        surtitre=f"Arrêté {source.arrete}",
    )


def _a_lire(liens: Sequence[Lien]) -> Iterator[Section]:
    if liens:
        yield Section("À lire", "lire", (Liste(tuple(liens)),))


def _resume(suivi: Suivi) -> Iterator[Bloc]:
    acceptees = [ligne for ligne in suivi.source.livraisons if ligne["statut"] == "acceptee"]
    phrase = (
        f"Publié : {compte(len(acceptees), 'livraison acceptée', 'livraisons acceptées')}, "
        f"{compte(len(suivi.refusees), 'refusée')}, {len(suivi.absentes)} en retard, "
        f"{compte(len(suivi.doutes), 'doute')}."
    )
    a_faire = tuple(_a_faire(suivi))
    yield Texte(phrase, "alerte" if a_faire else "note")
    if a_faire:
        yield Section("À faire", "faire", (Liste(a_faire),))
    else:
        yield Texte("Rien à faire : tout ce qui était attendu est venu, et rien n'est à vérifier.")


def _a_faire(suivi: Suivi) -> Iterator[Lien]:
    ecritures = suivi.ecritures["à voir"] if suivi.ecritures else 0
    for nombre, un, plusieurs, quoi, ancre in (
        (
            len(suivi.refusees), "livraison refusée", "livraisons refusées",
            "à faire corriger par le partenaire", "refusees",
        ),
        (
            len(suivi.absentes), "livraison en retard", "livraisons en retard",
            "à demander", "retards",
        ),
        (
            suivi.rejetees, "ligne rejetée", "lignes rejetées",
            "dans des fichiers acceptés, à faire corriger", "rejets",
        ),
        (
            len(suivi.doutes), "doute", "doutes",
            "des données chargées ont l'air fausses, à vérifier", "doutes",
        ),
        (
            len(suivi.defauts), "contrôle bloquant en défaut", "contrôles bloquants en défaut",
            "les valeurs en cause ne sont pas publiées", "controles",
        ),
        (
            len(suivi.signalements), "valeur peu plausible", "valeurs peu plausibles",
            "à regarder", "controles",
        ),
        (
            len(suivi.perimes), "mois publié à recalculer", "mois publiés à recalculer",
            "ils seraient autres aujourd'hui", "entretien",
        ),
        (
            len(suivi.levees), "correction qui ne sert plus", "corrections qui ne servent plus",
            "à lever", "entretien",
        ),
        (
            ecritures, "ligne de correspondances.csv sans fichier depuis un an",
            "lignes de correspondances.csv sans fichier depuis un an", "à retirer", "entretien",
        ),
    ):  # fmt: skip
        if nombre:
            yield Lien(f"{compte(nombre, un, plusieurs)} : {quoi}", f"{CHEMIN}#{ancre}")


def _livraisons(suivi: Suivi) -> Section:
    """Those accepted, refused, with what to do; lines rejected; the calendar."""
    blocs: list[Bloc] = []
    calendrier = jauges.calendrier(
        "calendrier", suivi.attendus, source_de(suivi.source, "qualite.attendus")
    )
    if calendrier:
        blocs.append(calendrier)
    if suivi.refusees:
        blocs.append(Section("Livraisons refusées", "refusees", tuple(_refus(suivi))))
    if suivi.rejetees:
        blocs.append(Section("Lignes rejetées", "rejets", tuple(_lignes_rejetees(suivi))))
    if not suivi.source.livraisons:
        blocs.append(Texte("Aucune livraison."))
    return Section("Livraisons", "livraisons", tuple(blocs))


def _refus(suivi: Suivi) -> Iterator[Bloc]:
    yield Texte("Rien d'un fichier refusé n'est chargé.")
    for rang, refusee in enumerate(suivi.refusees[:_REFUS], start=1):
        yield Section(refusee["fichier"], f"refus-{rang}", tuple(_un_refus(suivi, rang, refusee)))
    yield from _reste(
        suivi, len(suivi.refusees) - _REFUS, "from qualite.livraisons where statut = 'refusee'"
    )


def _un_refus(suivi: Suivi, rang: int, refusee: Rangee) -> Iterator[Bloc]:
    fichier = refusee["fichier"]
    motif = str(refusee["motif"] or "")
    yield Texte(f"Motif : {motif}.", "alerte")
    yield Texte(
        f"Demander au service qui livre ({suivi.service(refusee['source'])}) un fichier "
        "corrigé, le déposer à la place de celui-ci, relancer bilan refresh. Pour savoir quoi "
        "lui dire :"
    )
    if fichier.isprintable() and MASQUE not in fichier:
        yield Texte(f"bilan verifier {shlex.quote(f'raw/{fichier}')}", "code")
    else:
        yield Texte(
            "Son nom n'est pas montré en entier : le chercher dans "
            f"raw/{refusee['source']}/{refusee['extrait']}, et lancer bilan verifier dessus."
        )
    siens = suivi.rejets.get(fichier, [])
    if siens:
        yield _rejets_en_table(suivi, f"rejets-refus-{rang}", "Premiers rejets", siens)


def _lignes_rejetees(suivi: Suivi) -> Iterator[Bloc]:
    acceptees = {
        v["fichier"] for v in suivi.source.livraisons if v["statut"] == "acceptee"
    }  # fmt: skip
    siens = [r for f, rejets in suivi.rejets.items() if f in acceptees for r in rejets]
    fichiers = len({r["fichier"] for r in siens})
    yield Texte(
        f"{compte(suivi.rejetees, 'ligne rejetée', 'lignes rejetées')} dans "
        f"{compte(fichiers, 'fichier accepté', 'fichiers acceptés')} : les autres lignes sont "
        "chargées. À faire corriger dans une prochaine livraison."
    )
    yield _rejets_en_table(suivi, "lignes-rejetees", "Les premières", siens[:MAX])
    yield Texte(f"Au plus {REJETS} par fichier sont montrées. Toutes :")
    yield Texte('bilan sql "from qualite.rejets"', "code")


def _rejets_en_table(suivi: Suivi, cle: str, titre: str, rejets: Sequence[Rangee]) -> Tableau:
    return sans_vides(
        Tableau(
            cle,
            titre,
            (
                Colonne("Fichier"),
                Colonne("Feuille"),
                Colonne("Ligne"),
                Colonne("Colonne"),
                Colonne("Règle"),
                Colonne("Ce qui est attendu"),
            ),
            tuple(
                (
                    r["fichier"],
                    r["feuille"],
                    _entier(r["ligne"]),
                    r["colonne"] or "toute la ligne",
                    r["regle"],
                    r["message"],
                )
                for r in rejets
            ),
            source_de(suivi.source, "qualite.rejets"),
        )
    )


def _retards(suivi: Suivi) -> Section:
    """By whom, since when."""
    if not suivi.absentes:
        return Section("En retard", "retards", (Texte("Aucune livraison en retard."),))
    lignes: list[tuple[Cellule, ...]] = [
        (
            suivi.service(a["source"]),
            a["nom_partie"],
            f"{a['source']}/{a['extrait']}",
            a["mois"],
            f"{a['limite']:%d/%m/%Y}",
            _entier(a["retard_jours"]),
            _ce_qui_suit(a),
        )
        for a in suivi.absentes[:MAX]
    ]
    tableau = sans_vides(
        Tableau(
            "en-retard",
            "Livraisons en retard",
            (
                Colonne("Service"),
                Colonne("Pour"),
                Colonne("Extrait"),
                Colonne("Mois attendu"),
                Colonne("Due le"),
                Colonne("Retard", "en jours"),
                Colonne("Depuis"),
            ),
            tuple(lignes),
            source_de(suivi.source, "qualite.attendus"),
        )
    )
    return Section(
        "En retard",
        "retards",
        (
            Texte(
                "Demander au service le fichier du mois attendu, le déposer sous "
                "raw/service/extrait/AAAA-MM, relancer bilan refresh. S'il ne viendra pas, "
                "rien d'autre : chaque chiffre dit les livraisons qui lui manquent."
            ),
            tableau,
            *_reste(
                suivi,
                len(suivi.absentes) - MAX,
                "from qualite.attendus where retard_jours > 0 or disparu is not null",
            ),
        ),
    )


def _doutes(suivi: Suivi) -> Section:
    """By file and kind."""
    if not suivi.doutes:
        return Section("Doutes", "doutes", (Texte("Aucun doute."),))
    tableau = sans_vides(
        Tableau(
            "des-doutes",
            "Doutes",
            (
                Colonne("Fichier"),
                Colonne("Sorte"),
                Colonne("Feuille"),
                Colonne("Colonne"),
                Colonne("Nombre", "lignes ou cellules"),
                Colonne("Première ligne"),
                Colonne("Ce qui a été vu, et que faire"),
            ),
            tuple(
                (
                    d["fichier"],
                    d["doute"].replace("_", " "),
                    d["feuille"],
                    d["colonne"],
                    _entier(d["nombre"]),
                    _entier(d["premiere_ligne"]),
                    d["message"],
                )
                for d in suivi.doutes[:MAX]
            ),
            source_de(suivi.source, "qualite.doutes"),
        )
    )
    return Section(
        "Doutes",
        "doutes",
        (
            Texte(
                "Ces fichiers sont chargés, mais quelque chose y a l'air faux : le vérifier "
                "avec le partenaire."
            ),
            tableau,
            *_reste(suivi, len(suivi.doutes) - MAX, "from qualite.doutes"),
        ),
    )


def _controles(suivi: Suivi) -> Section:
    """What breaks an identity, and what is unlikely."""
    blocs: list[Bloc] = []
    bloquants = [c for c in suivi.controles if c["severite"] == "bloquant"]
    if not suivi.controles:
        blocs.append(
            Texte("Les contrôles gardés sont ceux du dernier mois calculé, pas de celui-ci.")
        )
    elif suivi.defauts:
        blocs.append(
            Texte(
                "Ce qui enfreint un contrôle bloquant n'est pas publié. Voir avec qui tient le "
                "programme.",
                "alerte",
            )
        )
        blocs.append(_constats(suivi, "defauts", "Contrôles bloquants en défaut", suivi.defauts))
    else:
        reussis = compte(len(bloquants), "contrôle bloquant", "contrôles bloquants")
        blocs.append(Texte(f"{reussis}, aucun en défaut."))
    if suivi.signalements:
        blocs.append(
            _constats(
                suivi,
                "signalements",
                "Valeurs peu plausibles, à regarder",
                suivi.signalements[:MAX],
            )
        )
        blocs += _reste(
            suivi, len(suivi.signalements) - MAX, "from qualite.controles where not reussi"
        )
    elif suivi.plausibilite:
        vus = compte(len(suivi.plausibilite), "vérification")
        blocs.append(Texte(f"Plausibilité : {vus}, rien à signaler."))
    elif suivi.controles:
        blocs.append(Texte("La plausibilité n'a pas été vérifiée à ce rafraîchissement."))
    return Section("Contrôles et plausibilité", "controles", tuple(blocs))


def _constats(suivi: Suivi, cle: str, titre: str, constats: Sequence[Rangee]) -> Tableau:
    titres = {nom: i["titre"] for nom, i in suivi.source.indicateurs.items()}

    def objet(nom: str) -> Cellule:
        return Lien(titres[nom], adresse(nom)) if nom in titres else nom

    return Tableau(
        cle,
        titre,
        (
            Colonne("Objet"),
            Colonne("Constat"),
            Colonne("Observé"),
            Colonne("Attendu"),
            Colonne("Règle"),
        ),
        tuple(
            (
                objet(c["objet"]),
                c["message"],
                c["observe"],
                c["attendu"],
                _regles().get(c["controle"], c["controle"].replace("_", " ")),
            )
            for c in constats
        ),
        source_de(suivi.source, "qualite.controles"),
    )


def _changements(suivi: Suivi) -> Section:
    """Closed periods whose value is not the one of the arrêté before, and what changed it."""
    titre, ancre = "Ce qui a changé depuis l'arrêté précédent", "changements"
    [avant] = suivi.source.lignes(
        "select max(arrete) as arrete from indicateurs.valeurs where arrete < arrete()"
    )
    if avant["arrete"] is None:
        texte = "Un seul arrêté est publié : il n'y a rien à comparer."
        return Section(titre, ancre, (Texte(texte),))
    revisees = [
        r for r in suivi.source.revisions if r["arrete_apres"] == suivi.source.arrete
    ]  # fmt: skip
    if not revisees:
        texte = f"Aucune valeur d'une période close n'a changé depuis {avant['arrete']}."
        return Section(titre, ancre, (Texte(texte),))
    de_la_region = [r for r in revisees if r["maille"] == "region" and r["ventilation"] == "total"]
    fichiers = {f for r in revisees for f in r["livraisons"]}
    ont_change = compte(
        len(revisees),
        "valeur d'une période close a changé",
        "valeurs de périodes closes ont changé",
    )
    blocs: list[Bloc] = [
        Texte(
            f"{ont_change} depuis {avant['arrete']}, dont {len(de_la_region)} pour l'ensemble "
            f"de la région. Livraisons en cause : {len(fichiers)}."
        )
    ]
    if de_la_region:
        blocs.append(Texte("Les plus grands changements de la région :"))
        blocs.append(Liste(tuple(revisions.phrase(r) for r in de_la_region[:_PHRASES])))
    blocs.append(
        sans_vides(
            Tableau(
                "revisions",
                "Valeurs changées, l'ensemble de la région d'abord",
                (Colonne("Indicateur"), Colonne("Territoire"), *revisions.COLONNES),
                tuple(
                    (
                        Lien(r["titre"], adresse(r["indicateur"])),
                        r["nom_territoire"],
                        *revisions.cellules(r, suivi.source.arrete),
                    )
                    for r in revisees[:MAX]
                ),
                source_de(suivi.source, "bilan.revisions"),
                entetes=3,
            )
        )
    )
    blocs += _reste(
        suivi,
        len(revisees) - MAX,
        f"from bilan.revisions where arrete_apres = '{suivi.source.arrete}'",
    )
    return Section(titre, ancre, tuple(blocs))


def _entretien(suivi: Suivi) -> Section:
    """Months to compute again, corrections and correspondences that no longer serve."""
    blocs: list[Bloc] = []
    if suivi.perimes:
        blocs += [
            Texte("Ces mois publiés seraient autres s'ils étaient calculés aujourd'hui :"),
            Liste(tuple(p.phrase for p in suivi.perimes)),
            Texte(f"bilan refresh --depuis {suivi.perimes[0].arrete}", "code"),
        ]
    else:
        blocs.append(Texte("Aucun mois publié n'est à recalculer."))
    if suivi.levees:
        blocs += [
            Texte("Corrections qui ne servent plus :"),
            Liste(tuple(map(_sans_valeur, suivi.levees))),
        ]
    if suivi.ecritures and suivi.ecritures["à voir"]:
        blocs.append(Texte(f"Écritures des partenaires : {suivi.ecritures['constat']}."))
    return Section("Mois à recalculer, corrections et écritures", "entretien", tuple(blocs))


def _sans_valeur(levee: Rangee) -> str:
    """What is said of a correction, without what the source has now: it may be a name."""
    return str(levee["message"]).replace(
        f" porte {levee['observe']} depuis ", " porte une autre valeur depuis "
    )


def _reste(suivi: Suivi, nombre: int, sql: str) -> Iterator[Texte]:
    """What is not shown, and the command that shows it."""
    if nombre > 0:
        yield Texte(compte(nombre, "autre n'est pas montré", "autres ne sont pas montrés") + " :")
        yield Texte(f'bilan sql "{sql}"', "code")


@cache
def _regles() -> dict[str, str]:
    """What each check and expectation demands, in words."""
    return {c.nom: c.titre for c in controles.lire()} | {a.nom: a.titre for a in attentes.lire()}


def _entier(nombre: int | None) -> Nombre | None:
    return None if nombre is None else Nombre(nombre, f"{nombre:,}".replace(",", " "))


def _ce_qui_suit(attendue: Rangee) -> str:
    if attendue["disparu"]:
        return f"disparue de raw/ : {attendue['disparu']}"
    if attendue["suivante"]:
        return f"livré de nouveau en {attendue['suivante']}"
    return "rien n'est venu"
