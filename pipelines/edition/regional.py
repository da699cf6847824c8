"""The bilan of the region, in the order of its roadmap: figures, charts, orientations.

What is on its page is also what its document and its workbook hold. Its pieces for a department are
in `departement`, what only a steward needs in `accueil`.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from pipelines import vues
from pipelines.edition import adresses, graphiques, jauges
from pipelines.edition.contenu import (
    VERDICTS,
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
    compte,
    nombre_lu,
    sans_vides,
)
from pipelines.edition.source import Source, Valeur, nombre_de
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
        yield _confrontation(source)


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
            yield from presents(de_la_vue(source, nom))
    siennes = [o for o in source.orientations if numero and o["objectif"] == numero]
    if siennes:
        yield orientations(f"orientations-{cle}", siennes)
    imprime = [r for r in source.redaction if r["objectif"] == numero]
    if imprime:
        yield _imprime(f"imprime-{cle}", imprime)


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


_LIGNES_AU_PLUS = 10_000
_INTERNES = {"arrete", "provisoire", "objectif", "titre_objectif", "indicateur"}
"""Columns of views that serve to choose rows, not to be read."""


def de_la_vue(source: Source, nom: str) -> Tableau | None:
    """A table as the bilan prints it: a view of the warehouse, its words above its columns."""
    vue = next(v for v in _vues() if v.table == f"bilan.{nom}")
    rangees = source.lignes(f"from {vues.place(vue)} limit {_LIGNES_AU_PLUS}")
    if not rangees:
        return None
    note, en_tout = vue.objet, 0
    if len(rangees) == _LIGNES_AU_PLUS:  # a page is held in memory whole
        en_tout = source.nombre(f"select count(*) from {vues.place(vue)}")
        note += (
            f" Le classeur en a les {compte(_LIGNES_AU_PLUS, 'première ligne', 'premières lignes')}"
            f" ; toutes sont dans l'entrepôt, {vue.table}."
        )
    colonnes = [
        c
        for c in rangees[0]
        if c not in _INTERNES and not (c == "rubrique" and rangees[0][c] == nom)
    ]
    return sans_vides(
        Tableau(
            f"vue-{nom}",
            vue.titre,
            tuple(Colonne(_titre(c), vue.colonnes.get(c, "")) for c in colonnes),
            tuple(tuple(_cellule(rangee[c], c) for c in colonnes) for rangee in rangees),
            source_de(source, vue.table),
            note=note,
            entetes=2,
            en_tout=en_tout,
        )
    )


_TITRES = {
    "annee": "Année", "departement": "Département", "en_vigueur": "En vigueur",
    "libelle": "Libellé", "lignes": "Lignes", "modalite": "Modalité", "periode": "Période",
    "equipe": "Équipe", "unite": "Unité", "code_insee": "Code INSEE", "montant_prevu": "Prévu",
    "montant_consomme": "Consommé", "date_deploiement": "Déploiement", "date_retrait": "Retrait",
    "date_signature": "Signature", "date_fin": "Fin", "dont": "Dont",
}  # fmt: skip


def _titre(colonne: str) -> str:
    """The header of a column of a view: its name, where that is already words."""
    mots = colonne.isidentifier() and colonne[:1].islower()
    return _TITRES.get(colonne, colonne.capitalize()) if mots else colonne


_ANNEES = {"annee", "periode", "code_insee"}


def _cellule(contenu: Any, colonne: str) -> Cellule:
    """What a view gives, as it is shown."""
    if contenu is None:
        return None
    if isinstance(contenu, bool):
        return "oui" if contenu else "non"
    if isinstance(contenu, int | float) and colonne not in _ANNEES:
        texte = f"{contenu:,.2f}".replace(",", " ").replace(".", ",").removesuffix(",00")
        return Nombre(contenu, texte)
    if hasattr(contenu, "strftime"):
        return f"{contenu:%d/%m/%Y}"
    if colonne in _ANNEES:
        return str(contenu)
    return nombre_lu(str(contenu)) or str(contenu)


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


def _imprime(cle: str, redaction: Sequence[dict[str, Any]]) -> Tableau:
    """What the printed bilan says, and what is to be written now."""
    colonnes = ("citation", "Imprimé", "Données du bilan", "verdict", "À écrire", "Périodes",
                "Maturité")  # fmt: skip
    titres = ("Phrase imprimée", *colonnes[1:3], "Verdict", *colonnes[4:])
    return sans_vides(
        Tableau(
            cle,
            "Ce que le dernier bilan imprime, et ce que disent les données",
            tuple(map(Colonne, titres)),
            tuple(tuple(_en_mots(r[c], c) for c in colonnes) for r in redaction),
            "Source : bilan.redaction.",
        )
    )


def _en_mots(contenu: Any, colonne: str) -> Cellule:
    """A text of a view; verdicts, several of which may be said of a sentence, in words."""
    if contenu is None:
        return None
    if colonne == "verdict":
        return ", ".join(VERDICTS.get(v, v) for v in str(contenu).split(", "))
    return str(contenu)


def _confrontation(source: Source) -> Section:
    """Printed figures that data do not bear out, and relations that do not hold."""
    rangees = source.lignes("from bilan.anomalies")
    colonnes = ("lignes", "libelle", "Imprimé", "Calculé", "Écart", "verdict", "explication")
    blocs: list[Bloc] = []
    for genre, titre in (
        ("chiffre", "Chiffres imprimés que les données démentent"),
        ("relation", "Relations entre chiffres imprimés qui ne tiennent pas"),
    ):
        siennes = [r for r in rangees if r["genre"] == genre]
        if siennes:
            blocs.append(
                Tableau(
                    f"anomalies-{genre}",
                    titre,
                    tuple(Colonne(_titre(c)) for c in colonnes),
                    tuple(tuple(_en_mots(r[c], c) for c in colonnes) for r in siennes),
                    "Source : bilan.anomalies.",
                    note="Le numéro de ligne est celui du texte imprimé.",
                )
            )
    if not blocs:
        blocs.append(
            Texte("Tous les chiffres imprimés sont conformes, et leurs relations tiennent.")
        )
    return Section("Le bilan imprimé face aux données", "anomalies", tuple(blocs))


def source_de(source: Source, table: str) -> str:
    """The source line of what comes from a table."""
    if source.publique:
        table = table.replace("indicateurs.valeurs", "diffusion.valeurs")
    return f"Source : {table}, arrêté {source.arrete}."


def presents(*blocs: Bloc | None) -> list[Bloc]:
    """Those of some blocks that there are."""
    return [b for b in blocs if b is not None]


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


@cache
def _vues() -> list[vues.Vue]:
    return vues.lire()
