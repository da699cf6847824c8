"""The bilan of the region, in the order of its roadmap: figures, charts, orientations.

What is on its page is also what its document and its workbook hold. Its pieces for a department are
in `departement`, what it prints as the former ones did in `imprime`, what only a steward needs in
`accueil`.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from pipelines.edition import adresses, graphiques, imprime, jauges
from pipelines.edition.contenu import (
    Bloc,
    Cellule,
    Colonne,
    Graphique,
    Lien,
    Liste,
    Nombre,
    Page,
    Section,
    Tableau,
    Texte,
    presents,
    sans_vides,
)
from pipelines.edition.source import Source, Valeur, nombre_de, source_de
from pipelines.feuille_de_route import RACINE

CHEMIN = "bilan.html"
_CHOIX = RACINE / "assets" / "bilan" / "graphiques.csv"
_PLACES = RACINE / "assets" / "bilan" / "tuiles.csv"
_PERIODES = ("annee", "annee_scolaire")


def page(source: Source) -> Page:
    """The page of the bilan."""
    region = source.region["libelle"]
    return Page(
        CHEMIN,
        f"Bilan de la politique d'intégration, {region}",
        tuple(contenu(source)),
        (Lien("Accueil", "index.html"),),
        surtitre=f"Arrêté {source.arrete}",
    )


def contenu(source: Source) -> Iterator[Bloc]:
    """All its parts."""
    yield _synthese(source)
    sections = {
        cle: Section(titre, cle, tuple(_partie(source, cle, siens)), objectif=cle)
        for cle, titre, siens in par_objectif(source)
    }
    priorites: dict[Any, list[dict[str, Any]]] = {}
    for objectif in source.objectifs:
        priorites.setdefault(objectif["priorite"], []).append(objectif)
    for priorite, objectifs in priorites.items():
        yield Section(
            f"Priorité {priorite} : {objectifs[0]['titre_priorite']}",
            f"priorite-{priorite}",
            tuple(sections[f"objectif_{o['objectif']:02d}"] for o in objectifs),
        )
    yield sections["conclusion"]
    if not source.publique:
        yield imprime.confrontation(source)


def _synthese(source: Source) -> Section:
    blocs: list[Bloc] = [
        *avertissements(source),
        couverture(source, [*source.de_maille("departement"), *source.de_maille("academie")]),
    ]
    blocs += presents(
        jauges.cibles(
            "cibles",
            [
                v
                for v in source.valeurs
                if v["maille"] == "region" and v["valeur_cible"] is not None
            ],
            source_de(source, "indicateurs.valeurs"),
            "Réalisé au regard des cibles de la région",
        )
    )
    if not source.publique:
        siennes = des_orientations(source, source.region["territoire"])
        blocs += presents(jauges.avancement("avancement", siennes))
    return Section("Synthèse", "synthese", tuple(blocs))


def couverture(source: Source, territoires: Sequence[dict[str, Any]]) -> Tableau | Texte:
    """What has not been delivered of the periods shown: by extract, of which departments."""
    noms = {t["territoire"]: t["libelle"] for t in territoires}
    par_extrait: dict[tuple[str, str], dict[str, Valeur]] = {}
    for indicateur in source.par_indicateur.values():
        for territoire in noms:
            for v in retenues(indicateur, territoire):
                if v["livraisons_attendues"] and v["type_periode"] != "cumul":
                    par_extrait.setdefault((v["extrait"], v["periode"]), {})[territoire] = v
    lignes = []
    for (extrait, periode), siennes in sorted(par_extrait.items()):
        sans = {t: v for t, v in siennes.items() if v["livraisons_recues"] == 0}
        en_partie = {
            t: v for t, v in siennes.items() if v["livraisons_manquantes"] and t not in sans
        }
        if sans or en_partie:
            lignes.append(
                (
                    extrait,
                    periode,
                    f"{len(siennes) - len(sans)} sur {len(siennes)}",
                    ", ".join(f"{noms[t]} non livré" for t in sans)
                    or (
                        "tous en partie"
                        if len(en_partie) == len(siennes) > 1
                        else ", ".join(f"{noms[t]} en partie" for t in en_partie)
                    ),
                    ", ".join(
                        sorted({v["livraisons_manquantes"] for v in (sans | en_partie).values()})
                    ),
                )
            )
    if not lignes:
        return Texte("Couverture : toutes les livraisons attendues des périodes montrées sont là.")
    return Tableau(
        "couverture",
        "Couverture : ce qui manque aux périodes montrées",
        (
            Colonne("Extrait"),
            Colonne("Période"),
            Colonne("Territoires livrés"),
            Colonne("Manque"),
            Colonne("Livraisons"),
        ),
        tuple(lignes),
        source_de(source, "indicateurs.lisible"),
        entetes=2,
    )


def des_orientations(source: Source, territoire: str) -> list[dict[str, Any]]:
    """The orientations of a territory."""
    return [o for o in source.orientations if o["code_territoire"] == territoire]


def avertissements(source: Source) -> Iterator[Texte]:
    """What must be known before any number is read."""
    if source.publique:
        yield Texte(
            "Version publique : les nombres de personnes sont arrondis au multiple de 5, et ceux "
            "qui pourraient désigner quelqu'un sont masqués.",
            "note",
        )
    en_cours = source.en_cours
    if en_cours:
        yield Texte(
            f"Périodes en cours à cet arrêté : {', '.join(en_cours)}. Leurs chiffres sont marqués "
            "«provisoire» et se comparent à date, au même mois de l'année précédente.",
            "note",
        )


def par_objectif(source: Source) -> Iterator[tuple[str, str, list[str]]]:
    """Each objective, the conclusion last: its key, its title, its indicators in order."""
    for objectif in source.objectifs:
        numero = objectif["objectif"]
        yield (
            f"objectif_{numero:02d}",
            f"Objectif {numero} : {objectif['titre']}",
            [i for i, v in source.indicateurs.items() if v["objectif"] == numero],
        )
    yield (
        "conclusion",
        "Conclusion : les projets financés",
        [i for i, v in source.indicateurs.items() if v["objectif"] is None],
    )


def _partie(source: Source, cle: str, indicateurs: Sequence[str]) -> Iterator[Bloc]:
    """What an objective holds: figures, by territory, charts, printed tables, orientations."""
    numero = int(cle.rpartition("_")[2]) if cle.startswith("objectif") else None
    if indicateurs:
        yield chiffres(source, f"chiffres-{cle}", indicateurs, source.region["territoire"])
        yield from par_maille(source, cle, indicateurs)
    else:
        yield Texte("Aucun indicateur ne suit cet objectif.", "note")
    for rang, choisi in enumerate(c for c in choisis() if c["objectif"] == str(numero or "")):
        yield from presents(_graphique(source, f"graphique-{cle}-{rang + 1}", choisi))
    if source.publique:
        yield from _orientations_publiques(source, numero, cle)
        return
    for nom, objectif in adresses.PAR_OBJECTIF.items():
        if objectif == numero:
            yield from presents(imprime.de_la_vue(source, nom))
    siennes = [o for o in source.orientations if numero and o["objectif"] == numero]
    if siennes:
        yield orientations(f"orientations-{cle}", siennes)
    phrases = [r for r in source.redaction if r["objectif"] == numero]
    if phrases:
        yield imprime.redaction(f"imprime-{cle}", phrases)


def retenues(valeurs: Sequence[Valeur], territoire: str) -> Iterator[Valeur]:
    """Of an indicator in a territory: the last period that is over, and the one under way."""
    siennes = [v for v in valeurs if v["territoire"] == territoire and v["ventilation"] == "total"]
    yield from (v for v in siennes if v["type_periode"] == "cumul")
    for type_periode in _PERIODES:
        de_ce_type = [v for v in siennes if v["type_periode"] == type_periode]
        closes = [v for v in de_ce_type if not v["provisoire"]]
        yield from closes[-1:]
        yield from (v for v in de_ce_type if v["provisoire"])


def chiffres(source: Source, cle: str, indicateurs: Sequence[str], territoire: str) -> Tableau:
    """The figures of indicators in a territory, a row a period; beside the region's, if another."""
    region = source.region["territoire"]
    seule = territoire == region
    lignes: list[tuple[Cellule, ...]] = []
    for nom in indicateurs:
        valeurs = source.par_indicateur[nom]
        trace = graphiques.mensuel(
            [v for v in valeurs if v["territoire"] == territoire and v["ventilation"] == "total"]
        )
        du_dessus = {v["periode"]: v for v in retenues(valeurs, region)}
        for v in retenues(valeurs, territoire):
            a_date = v["precedente_a_date"] is not None
            haut = du_dessus.get(v["periode"])
            lignes.append(
                (
                    Lien(v["titre"], f"indicateurs/{nom}.html"),
                    v["periode"],
                    nombre_de(v),
                    v["unite"],
                    *(() if seule else (nombre_de(haut) if haut else None, graphiques.rang_de(v))),
                    nombre_de(v, "precedente_a_date" if a_date else "precedente", etat=False),
                    nombre_de(v, "evolution_a_date" if a_date else "evolution", etat=False),
                    "à date" if a_date else "",
                    nombre_de(v, "valeur_cible", etat=False),
                    nombre_de(v, "taux_cible", etat=False),
                    v["t_livraisons"],
                    trace,
                )
            )
    autres = (
        Colonne(source.region["libelle"]),
        Colonne("Rang", "parmi les départements ; 1 : le meilleur"),
    )
    return sans_vides(
        Tableau(
            cle,
            "Les chiffres",
            (
                Colonne("Indicateur"),
                Colonne("Période"),
                Colonne("Valeur", "provisoire : période en cours ; récente : peut encore bouger"),
                Colonne("Unité"),
                *(() if seule else autres),
                Colonne("Un an plus tôt"),
                Colonne("Évolution", "en points pour un taux"),
                Colonne("Comparaison", "à date : au même mois de l'année précédente"),
                Colonne("Cible"),
                Colonne("% de la cible"),
                Colonne("Livraisons", "reçues sur attendues ; ce qui manque"),
                Colonne("Par mois", "vingt-quatre derniers mois"),
            ),
            tuple(lignes),
            source_de(source, "indicateurs.valeurs"),
            entetes=2,
        )
    )


_MAILLES = {"departement": "Par département", "academie": "Par académie"}


def par_maille(
    source: Source, cle: str, indicateurs: Sequence[str], mailles: Iterable[str] = _MAILLES
) -> Iterator[Tableau]:
    """The same, a column a department, or an academy: the last period that is over."""
    for maille in mailles:
        territoires = source.de_maille(maille)
        lignes = []
        for indicateur in indicateurs:
            valeurs = source.par_indicateur[indicateur]
            if not any(v["maille"] == maille for v in valeurs):
                continue
            region = source.region["territoire"]
            closes = [v for v in retenues(valeurs, region) if not v["provisoire"]]
            if not closes:
                continue
            reference = closes[-1]
            places = {
                v["territoire"]: v
                for v in valeurs
                if v["periode"] == reference["periode"] and v["ventilation"] == "total"
            }
            lignes.append(
                (
                    Lien(reference["titre"], f"indicateurs/{indicateur}.html"),
                    reference["periode"],
                    reference["unite"],
                    *(
                        nombre_de(places[t["territoire"]]) if t["territoire"] in places else None
                        for t in territoires
                    ),
                    nombre_de(reference),
                )
            )
        if lignes:
            yield Tableau(
                f"{maille}s-{cle}",
                _MAILLES[maille],
                (
                    Colonne("Indicateur"),
                    Colonne("Période"),
                    Colonne("Unité"),
                    *(Colonne(t["libelle"]) for t in territoires),
                    Colonne(source.region["libelle"]),
                ),
                tuple(lignes),
                source_de(source, "indicateurs.valeurs"),
                note="À la dernière période close.",
                entetes=2,
            )


def _graphique(source: Source, cle: str, choisi: dict[str, str]) -> Graphique | None:
    """A chart chosen by `graphiques.csv`."""
    valeurs = source.par_indicateur.get(choisi["indicateur"], [])
    return dessiner(source, cle, valeurs, choisi["genre"], choisi["ventilation"] or "total")


def dessiner(
    source: Source,
    cle: str,
    valeurs: Sequence[Valeur],
    genre: str,
    ventilation: str = "total",
    territoire: str = "",
) -> Graphique | None:
    """A chart of a kind, of the values of an indicator; none where they give none.

    It is of the region, or of `territoire`; `petits` and `tuiles` are of all its parts.
    """
    siennes = [
        v for v in valeurs if v["type_periode"] in _PERIODES and v["ventilation"] == ventilation
    ]
    vise = territoire or source.region["territoire"]
    du_haut = [v for v in siennes if v["territoire"] == vise]
    des_parties = [v for v in siennes if v["maille"] in ("departement", "academie")]
    dit = source_de(source, "indicateurs.valeurs")
    if genre == "annees":
        return graphiques.annees(cle, du_haut, dit)
    if genre == "modalites":
        return graphiques.modalites(cle, du_haut, dit)
    if genre == "petits":
        return graphiques.petits(cle, des_parties, dit)
    closes = [v for v in des_parties if not v["provisoire"]]
    derniere = max((v["periode"] for v in closes), default="")
    return graphiques.tuiles(cle, [v for v in closes if v["periode"] == derniere], places(), dit)


def orientations(cle: str, siennes: Sequence[dict[str, Any]]) -> Tableau:
    """The orientations of an objective: status, progress, lateness."""
    return sans_vides(
        Tableau(
            cle,
            "Orientations",
            (
                Colonne("Orientation"),
                Colonne("Territoire"),
                Colonne("État"),
                Colonne("Départ", "à la date du bilan"),
                Colonne("Actuel"),
                Colonne("Cible"),
                Colonne("Unité"),
                Colonne("Atteinte", "actuel rapporté à la cible"),
                Colonne("Avancement", "chemin parcouru du départ à la cible"),
                Colonne("Échéance"),
                Colonne("Période"),
                Colonne("Maturité"),
            ),
            tuple(
                (
                    ("Piste : " if o["genre"] != "orientation" else "") + o["texte"].rstrip(" ;"),
                    o["territoire"],
                    o["État"] + (", en retard" if o["en_retard"] else ""),
                    _mesure(o["valeur_initiale"], o["Départ"], o["unite"]),
                    _mesure(o["valeur_actuelle"], o["Actuel"], o["unite"]),
                    _mesure(o["valeur_cible"], o["Cible"], o["unite"]),
                    o["unite"] or "",
                    _mesure(o["taux_atteinte"], o["Atteinte"], "%"),
                    _mesure(o["taux_avancement"], o["Avancement"], "%"),
                    f"{o['echeance']:%d/%m/%Y}" if o["echeance"] else "",
                    o["periode"] or "",
                    o["Maturité"] or "",
                )
                for o in siennes
            ),
            "Source : bilan.orientations.",
            entetes=2,
        )
    )


def _mesure(valeur: float | None, texte: str | None, unite: str | None) -> Nombre | None:
    return None if valeur is None else Nombre(valeur, texte or "", unite or "")


def _orientations_publiques(source: Source, numero: int | None, cle: str) -> Iterator[Bloc]:
    """Their words alone: how they progress is not among what may leave."""
    textes = source.lignes(
        """
        select texte from referentiel.orientations
        where objectif = ? and bilan = bilan_choisi() order by genre <> 'orientation', ligne
        """,
        [numero],
    )
    if textes:
        points = tuple(t["texte"].rstrip(" ;") for t in textes)
        yield Section("Orientations", f"orientations-{cle}", (Liste(points),))


@cache
def choisis() -> list[dict[str, str]]:
    """The charts that the bilan shows (`assets/bilan/graphiques.csv`)."""
    with _CHOIX.open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


@cache
def places() -> dict[str, tuple[int, int]]:
    """Column and row of each department on the map in tiles, by territory."""
    with _PLACES.open(encoding="utf-8", newline="") as fichier:
        return {
            f"D{r['departement']}": (int(r["colonne"]), int(r["rangee"]))
            for r in csv.DictReader(fichier)
        }
