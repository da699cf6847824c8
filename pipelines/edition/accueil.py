"""The home page: for a steward, what came in, what to do and what changed; for the public, a door.

Figures are in `regional` and `indicateur`. What is counted here is what the warehouse holds.
"""

import shlex
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any

from pipelines.corrections.application import CONTROLE
from pipelines.edition import graphiques
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
from pipelines.edition.indicateur import REVISION, adresse, des_fichiers, revision
from pipelines.edition.source import Source
from pipelines.ingestion.cellules import MASQUE
from pipelines.peremption.fondements import perimes

CHEMIN = "index.html"
MAX = 50
"""Rows of a table; the others are counted, and the command that lists them is given."""
_REFUS, _REJETS, _PHRASES = 20, 5, 5

Rangee = dict[str, Any]


def page(source: Source, liens: Sequence[Lien] = ()) -> Page:
    """The home page of a steward; `liens` lead to the other pages and to documents."""
    suivi = _Suivi(source)
    return Page(
        CHEMIN,
        "Livraisons, contrôles et changements",
        (
            *suivi.resume(),
            *_a_lire(liens),
            suivi.livraisons(),
            suivi.retards(),
            suivi.doutes(),
            suivi.controles(),
            suivi.changements(),
            suivi.entretien(),
        ),
        surtitre=f"Arrêté {source.arrete}",
    )


def page_publique(source: Source, liens: Sequence[Lien] = ()) -> Page:
    """What the public sees first: what is covered, and where the figures are."""
    annees = sorted(
        {v["periode"] for v in source.valeurs if v["type_periode"] in ("annee", "annee_scolaire")}
    )
    tous = [t["libelle"] for t in source.de_maille("departement")]
    connus = {v["nom_territoire"] for v in source.valeurs if v["valeur"] is not None}
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


class _Suivi:
    """What a steward follows, read once; each method is a part of the page."""

    def __init__(self, source: Source) -> None:
        self._source = source

    # Said in a sentence, then in a list of what to do.

    def resume(self) -> Iterator[Bloc]:
        acceptees = [ligne for ligne in self._source.livraisons if ligne["statut"] == "acceptee"]
        phrase = (
            f"Publié : {compte(len(acceptees), 'livraison acceptée', 'livraisons acceptées')}, "
            f"{compte(len(self._refusees), 'refusée')}, {len(self._absentes)} en retard, "
            f"{compte(len(self._doutes), 'doute')}."
        )
        a_faire = tuple(self._a_faire())
        yield Texte(phrase, "alerte" if a_faire else "note")
        if a_faire:
            yield Section("À faire", "faire", (Liste(a_faire),))
        else:
            yield Texte(
                "Rien à faire : tout ce qui était attendu est venu, et rien n'est à vérifier."
            )

    def _a_faire(self) -> Iterator[Lien]:
        def point(nombre: int, un: str, plusieurs: str, quoi: str, ancre: str) -> Iterator[Lien]:
            if nombre:
                yield Lien(f"{compte(nombre, un, plusieurs)} : {quoi}", f"{CHEMIN}#{ancre}")

        yield from point(
            len(self._refusees), "livraison refusée", "livraisons refusées",
            "à faire corriger par le partenaire", "refusees",
        )  # fmt: skip
        yield from point(
            len(self._absentes), "livraison en retard", "livraisons en retard",
            "à demander", "retards",
        )  # fmt: skip
        yield from point(
            self._rejetees, "ligne rejetée", "lignes rejetées",
            "dans des fichiers acceptés, à faire corriger", "rejets",
        )  # fmt: skip
        yield from point(
            len(self._doutes), "doute", "doutes",
            "des données chargées ont l'air fausses, à vérifier", "doutes",
        )  # fmt: skip
        yield from point(
            len(self._defauts), "contrôle bloquant en défaut", "contrôles bloquants en défaut",
            "les valeurs en cause ne sont pas publiées", "controles",
        )  # fmt: skip
        yield from point(
            len(self._signalements), "valeur peu plausible", "valeurs peu plausibles",
            "à regarder", "controles",
        )  # fmt: skip
        yield from point(
            len(self._perimes), "mois publié à recalculer", "mois publiés à recalculer",
            "ils seraient autres aujourd'hui", "entretien",
        )  # fmt: skip
        yield from point(
            len(self._levees), "correction qui ne sert plus", "corrections qui ne servent plus",
            "à lever", "entretien",
        )  # fmt: skip
        yield from point(
            self._ecritures["à voir"] if self._ecritures else 0,
            "ligne de correspondances.csv sans fichier depuis un an",
            "lignes de correspondances.csv sans fichier depuis un an",
            "à retirer", "entretien",
        )  # fmt: skip

    # Deliveries.

    @cached_property
    def _refusees(self) -> list[Rangee]:
        return [ligne for ligne in self._source.livraisons if ligne["statut"] == "refusee"]

    @cached_property
    def _rejetees(self) -> int:
        acceptees = (v for v in self._source.livraisons if v["statut"] == "acceptee")
        return sum(v["rejetees"] for v in acceptees)

    @cached_property
    def _services(self) -> dict[str, str]:
        """Who delivers, by source, under its name of today."""
        lues = self._source.lignes("from referentiel.sources")
        return {s["source"]: s["aujourd_hui"] or s["libelle"] for s in lues}

    @cached_property
    def _rejets(self) -> dict[str, list[Rangee]]:
        """The first rejections of each file, the newest files first."""
        rangees = self._source.lignes(
            """
            select fichier, feuille, ligne, colonne, regle, message from qualite.rejets
            where coalesce(mois_livraison, '') <= arrete()
            qualify row_number() over (
                partition by fichier order by feuille, ligne, colonne, regle
            ) <= ?
            order by mois_livraison desc nulls first, fichier, feuille, ligne, colonne, regle
            """,
            [_REJETS],
        )
        return {nom: list(siens) for nom, siens in groupby(rangees, key=lambda r: r["fichier"])}

    def livraisons(self) -> Section:
        """Those accepted, refused, with what to do; lines rejected; the calendar."""
        blocs: list[Bloc] = []
        calendrier = graphiques.calendrier(
            "calendrier", self._attendus, self._dit("qualite.attendus")
        )
        if calendrier:
            blocs.append(calendrier)
        if self._refusees:
            blocs.append(Section("Livraisons refusées", "refusees", tuple(self._refus())))
        if self._rejetees:
            blocs.append(Section("Lignes rejetées", "rejets", tuple(self._lignes_rejetees())))
        if not self._source.livraisons:
            blocs.append(Texte("Aucune livraison."))
        return Section("Livraisons", "livraisons", tuple(blocs))

    def _refus(self) -> Iterator[Bloc]:
        yield Texte("Rien d'un fichier refusé n'est chargé.")
        for rang, refusee in enumerate(self._refusees[:_REFUS], start=1):
            yield Section(refusee["fichier"], f"refus-{rang}", tuple(self._un_refus(rang, refusee)))
        yield from self._reste(
            len(self._refusees) - _REFUS, "from qualite.livraisons where statut = 'refusee'"
        )

    def _un_refus(self, rang: int, refusee: Rangee) -> Iterator[Bloc]:
        fichier = refusee["fichier"]
        motif = str(refusee["motif"] or "")
        yield Texte(f"Motif : {motif}.", "alerte")
        yield Texte(
            f"Demander au service qui livre ({self._service(refusee['source'])}) un fichier "
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
        siens = self._rejets.get(fichier, [])
        if siens:
            yield self._rejets_en_table(f"rejets-refus-{rang}", "Premiers rejets", siens)

    def _service(self, source: str) -> str:
        return self._services.get(source, source)

    def _lignes_rejetees(self) -> Iterator[Bloc]:
        acceptees = {
            v["fichier"] for v in self._source.livraisons if v["statut"] == "acceptee"
        }  # fmt: skip
        siens = [r for f, rejets in self._rejets.items() if f in acceptees for r in rejets]
        fichiers = len({r["fichier"] for r in siens})
        yield Texte(
            f"{compte(self._rejetees, 'ligne rejetée', 'lignes rejetées')} dans "
            f"{compte(fichiers, 'fichier accepté', 'fichiers acceptés')} : les autres lignes sont "
            "chargées. À faire corriger dans une prochaine livraison."
        )
        yield self._rejets_en_table("lignes-rejetees", "Les premières", siens[:MAX])
        yield Texte(f"Au plus {_REJETS} par fichier sont montrées. Toutes :")
        yield Texte('bilan sql "from qualite.rejets"', "code")

    def _rejets_en_table(self, cle: str, titre: str, rejets: Sequence[Rangee]) -> Tableau:
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
                self._dit("qualite.rejets"),
            )
        )

    # What is due.

    @cached_property
    def _attendus(self) -> list[Rangee]:
        return self._source.lignes(
            """
            select
                a.*,
                coalesce(t.libelle, a.partie, '') as nom_partie,
                case
                    when a.statut in ('recue', 'refusee') then a.statut
                    when a.statut = 'manquante' and a.retard_jours = 0 then 'non_due'
                    when a.suivante is not null then 'en_retard'
                    else 'manquante'
                end as etat
            from qualite.attendus as a
            left join referentiel.territoires as t
                on t.maille in ('departement', 'academie') and lower(t.code) = lower(a.partie)
            where a.mois <= arrete()
            order by a.source, a.extrait, a.mois, t.rowid, a.partie
            """
        )

    @cached_property
    def _absentes(self) -> list[Rangee]:
        """Those that did not come in time, or are gone; the newest first."""
        absentes = [
            a
            for a in self._attendus
            if a["attendu"] and a["statut"] in ("manquante", "disparue") and a["retard_jours"] > 0
        ]
        return sorted(absentes, key=lambda a: a["mois"], reverse=True)

    def retards(self) -> Section:
        """By whom, since when."""
        if not self._absentes:
            return Section("En retard", "retards", (Texte("Aucune livraison en retard."),))
        lignes: list[tuple[Cellule, ...]] = [
            (
                self._service(a["source"]),
                a["nom_partie"],
                f"{a['source']}/{a['extrait']}",
                a["mois"],
                f"{a['limite']:%d/%m/%Y}",
                _entier(a["retard_jours"]),
                _ce_qui_suit(a),
            )
            for a in self._absentes[:MAX]
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
                self._dit("qualite.attendus"),
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
                *self._reste(
                    len(self._absentes) - MAX,
                    "from qualite.attendus where attendu and retard_jours > 0",
                ),
            ),
        )

    # What was loaded and may be wrong.

    @cached_property
    def _doutes(self) -> list[Rangee]:
        """Those on the files that are loaded, as `bilan.qualite` counts them."""
        return self._source.lignes(
            """
            select d.* from qualite.doutes as d
            join qualite.livraisons as l on d.fichier = l.fichier and l.statut = 'acceptee'
            where d.mois_livraison <= arrete()
            order by
                d.mois_livraison desc, d.fichier, d.doute, d.feuille, d.premiere_ligne, d.colonne
            """
        )

    def doutes(self) -> Section:
        """By file and kind."""
        if not self._doutes:
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
                    for d in self._doutes[:MAX]
                ),
                self._dit("qualite.doutes"),
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
                *self._reste(len(self._doutes) - MAX, "from qualite.doutes"),
            ),
        )

    @cached_property
    def _controles(self) -> list[Rangee]:
        return self._source.lignes(
            """
            from qualite.controles where arrete = arrete()
            order by severite, controle, objet, message
            """
        )

    @cached_property
    def _defauts(self) -> list[Rangee]:
        return [c for c in self._controles if c["severite"] == "bloquant" and not c["reussi"]]

    @cached_property
    def _signalements(self) -> list[Rangee]:
        return [c for c in self._plausibilite if not c["reussi"]]

    @cached_property
    def _plausibilite(self) -> list[Rangee]:
        return [
            c
            for c in self._controles
            if c["severite"] == "signalement" and c["controle"] != CONTROLE
        ]

    @cached_property
    def _levees(self) -> list[Rangee]:
        return [c for c in self._controles if c["controle"] == CONTROLE and not c["reussi"]]

    def controles(self) -> Section:
        """What breaks an identity, and what is unlikely."""
        blocs: list[Bloc] = []
        bloquants = [c for c in self._controles if c["severite"] == "bloquant"]
        if not self._controles:
            blocs.append(
                Texte("Les contrôles gardés sont ceux du dernier mois calculé, pas de celui-ci.")
            )
        elif self._defauts:
            blocs.append(
                Texte(
                    "Ce qui enfreint un contrôle bloquant n'est pas publié. Voir avec qui tient le "
                    "programme.",
                    "alerte",
                )
            )
            blocs.append(self._constats("defauts", "Contrôles bloquants en défaut", self._defauts))
        else:
            reussis = compte(len(bloquants), "contrôle bloquant", "contrôles bloquants")
            blocs.append(Texte(f"{reussis}, aucun en défaut."))
        if self._signalements:
            blocs.append(
                self._constats(
                    "signalements", "Valeurs peu plausibles, à regarder", self._signalements[:MAX]
                )
            )
            blocs += self._reste(
                len(self._signalements) - MAX, "from qualite.controles where not reussi"
            )
        elif self._plausibilite:
            vus = compte(len(self._plausibilite), "vérification")
            blocs.append(Texte(f"Plausibilité : {vus}, rien à signaler."))
        elif self._controles:
            blocs.append(Texte("La plausibilité n'a pas été vérifiée à ce rafraîchissement."))
        return Section("Contrôles et plausibilité", "controles", tuple(blocs))

    def _constats(self, cle: str, titre: str, controles: Sequence[Rangee]) -> Tableau:
        titres = {nom: i["titre"] for nom, i in self._source.indicateurs.items()}

        def objet(nom: str) -> Cellule:
            return Lien(titres[nom], adresse(nom)) if nom in titres else nom

        return Tableau(
            cle,
            titre,
            (
                Colonne("Objet"),
                Colonne("Contrôle"),
                Colonne("Constat"),
                Colonne("Observé"),
                Colonne("Attendu"),
            ),
            tuple(
                (
                    objet(c["objet"]),
                    c["controle"].replace("_", " "),
                    c["message"],
                    c["observe"],
                    c["attendu"],
                )
                for c in controles
            ),
            self._dit("qualite.controles"),
            entetes=2,
        )

    # What moved.

    def changements(self) -> Section:
        """Closed periods whose value is not the one of the arrêté before, and what changed it."""
        titre, ancre = "Ce qui a changé depuis l'arrêté précédent", "changements"
        [avant] = self._source.lignes(
            "select max(arrete) as arrete from indicateurs.valeurs where arrete < arrete()"
        )
        if avant["arrete"] is None:
            texte = "Un seul arrêté est publié : il n'y a rien à comparer."
            return Section(titre, ancre, (Texte(texte),))
        revisees = [
            r for r in self._source.revisions if r["arrete_apres"] == self._source.arrete
        ]  # fmt: skip
        if not revisees:
            texte = f"Aucune valeur d'une période close n'a changé depuis {avant['arrete']}."
            return Section(titre, ancre, (Texte(texte),))
        de_la_region = [
            r for r in revisees if r["maille"] == "region" and r["ventilation"] == "total"
        ]
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
            blocs.append(Liste(tuple(_phrase(r) for r in de_la_region[:_PHRASES])))
        blocs.append(
            sans_vides(
                Tableau(
                    "revisions",
                    "Valeurs changées, l'ensemble de la région d'abord",
                    (Colonne("Indicateur"), Colonne("Territoire"), *REVISION),
                    tuple(
                        (
                            Lien(r["titre"], adresse(r["indicateur"])),
                            r["nom_territoire"],
                            *revision(r, self._source.arrete),
                        )
                        for r in revisees[:MAX]
                    ),
                    self._dit("bilan.revisions"),
                    entetes=3,
                )
            )
        )
        blocs += self._reste(
            len(revisees) - MAX,
            f"from bilan.revisions where arrete_apres = '{self._source.arrete}'",
        )
        return Section(titre, ancre, tuple(blocs))

    # What is to be kept up.

    @cached_property
    def _perimes(self) -> list[Any]:
        return perimes(self._source.con)

    @cached_property
    def _ecritures(self) -> Rangee | None:
        """What `bilan.qualite` says of correspondances.csv, if there is one."""
        dits = self._source.lignes("from bilan.qualite where sujet = 'Écritures'")
        return dits[0] if dits else None

    def entretien(self) -> Section:
        """Months to compute again, corrections and correspondences that no longer serve."""
        blocs: list[Bloc] = []
        if self._perimes:
            blocs += [
                Texte("Ces mois publiés seraient autres s'ils étaient calculés aujourd'hui :"),
                Liste(tuple(p.phrase for p in self._perimes)),
                Texte(f"bilan refresh --depuis {self._perimes[0].arrete}", "code"),
            ]
        else:
            blocs.append(Texte("Aucun mois publié n'est à recalculer."))
        if self._levees:
            blocs += [
                Texte("Corrections qui ne servent plus :"),
                Liste(tuple(c["message"] for c in self._levees)),
            ]
        if self._ecritures and self._ecritures["à voir"]:
            blocs.append(Texte(f"Écritures des partenaires : {self._ecritures['constat']}."))
        return Section("Mois à recalculer, corrections et écritures", "entretien", tuple(blocs))

    def _dit(self, table: str) -> str:
        return f"Source : {table}, arrêté {self._source.arrete}."

    def _reste(self, nombre: int, sql: str) -> Iterator[Texte]:
        """What is not shown, and the command that shows it."""
        if nombre > 0:
            yield Texte(
                compte(nombre, "autre n'est pas montré", "autres ne sont pas montrés") + " :"
            )
            yield Texte(f'bilan sql "{sql}"', "code")


def _entier(nombre: int | None) -> Nombre | None:
    return None if nombre is None else Nombre(nombre, f"{nombre:,}".replace(",", " "))


def _ce_qui_suit(attendue: Rangee) -> str:
    if attendue["statut"] == "disparue":
        return f"disparue de raw/ : {attendue['disparu']}"
    if attendue["suivante"]:
        return f"livré de nouveau en {attendue['suivante']}"
    return "rien n'est venu"


def _phrase(revisee: Rangee) -> str:
    """What changed, and why, in a sentence."""
    apres, avant = (t or "aucune valeur" for t in (revisee["t_apres"], revisee["t_avant"]))
    fichiers = revisee["livraisons"]
    ecart = f" ({revisee['t_ecart']})" if revisee["t_ecart"] else ""
    return (
        f"{revisee['titre']}, {revisee['periode']} : {apres} au lieu de {avant}{ecart}. "
        + (f"Livraison : {des_fichiers(fichiers)}." if fichiers else "Sans livraison nouvelle.")
    )  # fmt: skip
