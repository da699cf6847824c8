"""The page of an indicator, and the list of them all: what each counts, says, and comes from.

Charts are in `graphiques`; the figures of an objective, beside its orientations, in `regional`.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from pipelines.edition import graphiques, regional, revisions
from pipelines.edition.contenu import (
    VERDICTS,
    Bloc,
    Cellule,
    Colonne,
    Graphique,
    Lien,
    Nombre,
    Page,
    Section,
    Tableau,
    Texte,
    compte,
    sans_vides,
)
from pipelines.edition.source import Source, Valeur, nombre_de, source_de
from pipelines.indicateurs import definition
from pipelines.indicateurs.definition import Indicateur
from pipelines.mois import decaler

INDEX = "indicateurs/index.html"
MAX = 50
"""Revisions and files that are shown; there may be thousands."""
_ANNUELLES = ("annee", "annee_scolaire")
_NATURES = {
    "effectif": "un nombre, qui s'additionne d'un territoire à l'autre",
    "part": "un taux : le numérateur rapporté au dénominateur",
    "moyenne": "une moyenne : le numérateur divisé par le dénominateur",
    "propre": "calculé à part dans chaque territoire : les territoires ne s'additionnent pas",
}
_SENS = {
    "hausse": "une hausse est un progrès",
    "baisse": "une baisse est un progrès",
    "neutre": "ni la hausse ni la baisse n'est un progrès",
}
_TERRITOIRES = {
    "departements": "les départements et la région",
    "academies": "les académies et la région",
    "region": "la région seule",
}
_PERIODES = {
    "annee": "année", "annee_scolaire": "année scolaire", "mois": "mois",
    "cumul": "depuis le début",
}  # fmt: skip


def adresse(nom: str) -> str:
    """The file of an indicator's page."""
    return f"indicateurs/{nom}.html"


def toutes(source: Source) -> Iterator[Page]:
    """The list, and the page of each."""
    yield index(source)
    for nom in source.indicateurs:
        yield page(source, nom)


def index(source: Source) -> Page:
    """The indicators by objective, each with its last value."""
    region = source.region
    titres = {o["objectif"]: f"Objectif {o['objectif']} : {o['titre']}" for o in source.objectifs}
    par_objectif: dict[Any, list[str]] = {}
    for nom, dit in source.indicateurs.items():
        par_objectif.setdefault(dit["objectif"], []).append(nom)
    sections = []
    for objectif, noms in par_objectif.items():
        cle = f"objectif_{objectif:02d}" if objectif else definition.CONCLUSION
        lignes: list[tuple[Cellule, ...]] = []
        for nom in noms:
            siennes = [v for v in _totaux(source, nom) if v["territoire"] == region["territoire"]]
            derniere = _derniere(siennes)
            lignes.append(
                (
                    Lien(source.indicateurs[nom]["titre"], adresse(nom)),
                    derniere["periode"] if derniere else "",
                    nombre_de(derniere) if derniere else None,
                    source.indicateurs[nom]["unite"],
                    nombre_de(derniere, "evolution", etat=False) if derniere else None,
                    graphiques.mensuel(siennes),
                )
            )
        colonnes = (
            Colonne("Indicateur"),
            Colonne("Période"),
            Colonne("Valeur"),
            Colonne("Unité"),
            Colonne("Évolution", "sur un an ; en points pour un taux"),
            Colonne("Par mois", "vingt-quatre derniers mois"),
        )
        quoi = f"Objectif {objectif}" if objectif else "Projets financés"
        titre = f"{quoi} : dernières valeurs, {region['libelle']}"
        tableau = sans_vides(
            Tableau(f"indicateurs-{cle}", titre, colonnes, tuple(lignes), _dit(source))
        )
        sections.append(
            Section(titres.get(objectif, "Conclusion : les projets financés"), cle, (tableau,))
        )
    return Page(
        INDEX,
        "Les indicateurs",
        (
            Texte(
                f"{len(source.indicateurs)} indicateurs, dans l'ordre de la feuille de route. "
                "Chacun a sa page : ce qu'il compte, ses chiffres"
                + ("." if source.publique else ", et d'où ils viennent.")
            ),
            *sections,
        ),
        (Lien("Accueil", "index.html"),),
        surtitre=f"Arrêté {source.arrete}",
    )


def page(source: Source, nom: str) -> Page:
    """The page of an indicator."""
    dit = source.indicateurs[nom]
    return Page(
        adresse(nom),
        dit["titre"],
        tuple(_parties(source, nom)),
        (Lien("Accueil", "index.html"), Lien("Indicateurs", INDEX)),
        surtitre=_objectif(source, dit),
    )


def _objectif(source: Source, dit: dict[str, Any]) -> str:
    titres = {o["objectif"]: o["titre"] for o in source.objectifs}
    numero = dit["objectif"]
    return f"Objectif {numero} : {titres[numero]}" if numero in titres else "Conclusion"


def _parties(source: Source, nom: str) -> Iterator[Bloc]:
    """All that is said of an indicator; what may not leave is left out of the public version."""
    totaux = _totaux(source, nom)
    region = [v for v in totaux if v["maille"] == "region"]
    yield _definition(source, nom, region)
    yield _de_la_region(source, region)
    yield from _par_territoire(source, nom, totaux)
    yield from _ventilations(source, nom)
    yield from _par_mois(source, region)
    yield from _cibles(source, nom)
    if source.publique:
        return
    yield from _orientations(source, nom)
    yield from _imprimes(source, nom)
    yield from _revisions(source, nom)
    yield from _provenance(source, nom)


def _totaux(source: Source, nom: str) -> list[Valeur]:
    return [v for v in source.par_indicateur[nom] if v["ventilation"] == "total"]


def _annuelles(valeurs: Sequence[Valeur]) -> list[Valeur]:
    return [v for v in valeurs if v["type_periode"] in _ANNUELLES]


def _derniere(siennes: Sequence[Valeur]) -> Valeur | None:
    """Of the values of a territory, the last of a closed period; the last of all, if none is."""
    for valeurs in (_annuelles(siennes), siennes):
        closes = [v for v in valeurs if not v["provisoire"] or v["type_periode"] == "cumul"]
        if closes or valeurs:
            return (closes or list(valeurs))[-1]
    return None


def _definition(source: Source, nom: str, region: Sequence[Valeur]) -> Section:
    dit = source.indicateurs[nom]
    ventilations = {
        v["ventilation"]: v["libelle_ventilation"].lower()
        for v in source.par_indicateur[nom]
        if v["ventilation"] != "total"
    }
    lignes = [
        ("Ce qui est compté", dit["definition_numerateur"]),
        ("Rapporté à", dit["definition_denominateur"] or ""),
        ("Nature", _NATURES[dit["nature"]]),
        ("Unité", dit["unite"]),
        ("Sens", _SENS[dit["sens"]]),
        ("Territoires", _TERRITOIRES[dit["territoires"]]),
        ("Périodes", ", ".join(_PERIODES[p] for p in dit["periodes"].split("|"))),
        ("Détaillé par", ", ".join(ventilations.values())),
        ("Maturité", _maturite(dit["consolidation"])),
        ("À cet arrêté", " ; ".join(_a_cet_arrete(region, dit["consolidation"]))),
        ("Personnes", _personnes(dit["personnes"], source.publique)),
    ]
    tableau = Tableau(
        "definition",
        dit["titre"],
        (Colonne("Point"), Colonne("Ce qu'il en est")),
        tuple((point, mots) for point, mots in lignes if mots),
        "Source : referentiel.indicateurs.",
    )
    return Section("Définition", "ce-qui-est-compte", (tableau,))


def _personnes(personnes: str, publique: bool) -> str:
    if personnes != "oui":
        return ""
    return (
        "ce sont des personnes : leurs nombres sont arrondis au multiple de 5, ou masqués"
        if publique
        else "ce sont des personnes : seuls des nombres arrondis, ou masqués, peuvent sortir"
    )


def _maturite(consolidation: int) -> str:
    if not consolidation:
        return "une période est définitive dès qu'elle est finie et livrée"
    return (
        f"une période finie est «récente» pendant {consolidation} mois : des lignes peuvent encore "
        "venir, et sa valeur bouger"
    )


def _a_cet_arrete(region: Sequence[Valeur], consolidation: int) -> Iterator[str]:
    """Which periods may still move, and until when."""
    for v in _annuelles(region):
        if v["maturite"] == "provisoire":
            yield f"{v['periode']} est provisoire : la période n'est pas finie"
        elif v["maturite"] == "recente":
            jusque = decaler(f"{v['fin']:%Y-%m}", consolidation)
            yield f"{v['periode']} est récente : sa valeur peut bouger jusqu'en {jusque}"


def _de_la_region(source: Source, region: Sequence[Valeur]) -> Section:
    dit = _dit(source)
    blocs: list[Bloc] = []
    for type_periode in _ANNUELLES:
        serie = [v for v in region if v["type_periode"] == type_periode]
        graphique = graphiques.annees(f"serie-{type_periode}", serie, dit) if serie else None
        if graphique:
            blocs.append(graphique)
    cumuls = [v for v in region if v["type_periode"] == "cumul"]
    if cumuls:
        blocs.append(graphiques.serie_en_table("cumul", cumuls, dit))
    if not blocs and not any(v["type_periode"] == "mois" for v in region):
        blocs.append(Texte("Aucune valeur pour la région à cet arrêté."))
    elif not blocs:
        blocs.append(Texte("Cet indicateur se lit par mois : voir plus bas."))
    return Section(f"{source.region['libelle']}", "region", tuple(blocs))


def _dit(source: Source) -> str:
    return source_de(source, "indicateurs.valeurs")


def _par_territoire(source: Source, nom: str, totaux: Sequence[Valeur]) -> Iterator[Section]:
    """Departments or academies: a map where there are departments, and their table."""
    for maille, titre in (("departement", "Par département"), ("academie", "Par académie")):
        siennes = [v for v in totaux if v["maille"] == maille]
        annuelles = _annuelles(siennes) or [v for v in siennes if v["type_periode"] == "cumul"]
        if not annuelles:
            continue
        closes = [v for v in annuelles if not v["provisoire"]] or annuelles
        derniere = closes[-1]["periode"]
        blocs: list[Bloc] = []
        if maille == "departement":
            carte = graphiques.tuiles(
                "carte",
                [v for v in closes if v["periode"] == derniere],
                regional.places(),
                _dit(source),
            )
            blocs += [carte] if carte else []
        if nom in _en_petits():
            petits = graphiques.petits(f"petits-{maille}", _annuelles(siennes), _dit(source))
            blocs += [petits] if petits else []
        blocs.append(_des_territoires(annuelles, derniere, _dit(source)))
        yield Section(titre, maille, tuple(blocs))


@cache
def _en_petits() -> frozenset[str]:
    """The indicators that the bilan shows as small multiples."""
    return frozenset(c["indicateur"] for c in regional.choisis() if c["genre"] == "petits")


def _des_territoires(valeurs: Sequence[Valeur], derniere: str, source: str) -> Tableau:
    """A row a territory, a column a period, and where it stands at the last that is closed."""
    periodes = sorted({v["periode"] for v in valeurs})
    par_nom: dict[str, dict[str, Valeur]] = {}
    for v in valeurs:
        par_nom.setdefault(v["nom_territoire"], {})[v["periode"]] = v
    lignes: list[tuple[Cellule, ...]] = []
    for nom, siennes in par_nom.items():
        la_derniere = siennes.get(derniere)
        lignes.append(
            (
                nom,
                *(nombre_de(siennes[p]) if p in siennes else None for p in periodes),
                nombre_de(la_derniere, "evolution", etat=False) if la_derniere else None,
                graphiques.rang_de(la_derniere) if la_derniere else None,
                la_derniere["t_livraisons"] if la_derniere else "",
            )
        )
    return sans_vides(
        Tableau(
            f"territoires-{valeurs[0]['maille']}",
            f"{valeurs[0]['titre']} ({valeurs[0]['unite']})",
            (
                Colonne("Territoire"),
                *(Colonne(p) for p in periodes),
                Colonne("Évolution", f"en {derniere}, sur un an"),
                Colonne("Rang", f"en {derniere} ; 1 : le meilleur"),
                Colonne("Livraisons", f"pour {derniere}, reçues sur attendues"),
            ),
            tuple(lignes),
            source,
        )
    )


def _ventilations(source: Source, nom: str) -> Iterator[Section]:
    """Each breakdown, in the region."""
    par_ventilation: dict[str, list[Valeur]] = {}
    for v in source.par_indicateur[nom]:
        if v["maille"] == "region" and v["ventilation"] != "total":
            par_ventilation.setdefault(v["ventilation"], []).append(v)
    blocs: list[Graphique | Tableau] = []
    for ventilation, siennes in par_ventilation.items():
        annuelles = _annuelles(siennes) or [v for v in siennes if v["type_periode"] == "cumul"]
        if not annuelles:
            continue
        cle = f"ventilation-{ventilation}"
        graphique = graphiques.modalites(cle, annuelles, _dit(source))
        blocs.append(graphique or graphiques.modalites_en_table(cle, annuelles, _dit(source)))
    if blocs:
        yield Section("En détail, dans la région", "details", tuple(blocs))


def _par_mois(source: Source, region: Sequence[Valeur]) -> Iterator[Section]:
    mois = [v for v in region if v["type_periode"] == "mois"]
    courbe = graphiques.mois("mois", mois, _dit(source))
    if courbe:
        yield Section("Par mois", "par-mois", (courbe,))
    elif mois:
        tableau = graphiques.serie_en_table("mois", mois, _dit(source))
        yield Section("Par mois", "par-mois", (sans_vides(tableau),))


def _cibles(source: Source, nom: str) -> Iterator[Section]:
    visees = [v for v in source.par_indicateur[nom] if v["valeur_cible"] is not None]
    if visees:
        tableau = Tableau(
            "cibles",
            "Réalisé au regard des cibles de la feuille de route",
            (
                Colonne("Territoire"),
                Colonne("Période"),
                Colonne("Détail"),
                Colonne("Réalisé"),
                Colonne("Cible"),
                Colonne("% de la cible"),
            ),
            tuple(
                (
                    v["nom_territoire"],
                    v["periode"],
                    "" if v["ventilation"] == "total" else v["libelle_modalite"],
                    nombre_de(v),
                    nombre_de(v, "valeur_cible", etat=False),
                    nombre_de(v, "taux_cible", etat=False),
                )
                for v in visees
            ),
            _dit(source),
            entetes=2,
        )
        yield Section("Cibles", "les-cibles", (sans_vides(tableau),))


def _orientations(source: Source, nom: str) -> Iterator[Section]:
    siennes = [o for o in source.orientations if o["indicateur"] == nom]
    if siennes:
        tableau = regional.orientations("orientations", siennes)
        yield Section("Orientations qu'il suit", "suivies", (tableau,))


def _imprimes(source: Source, nom: str) -> Iterator[Section]:
    """The printed figures that it gives back, or does not."""
    siens = [c for c in source.imprimes if c["indicateur"] == nom]
    if siens:
        tableau = Tableau(
            "imprimes",
            "Ce que les bilans impriment, et ce que disent les données",
            (
                Colonne("Phrase imprimée"),
                Colonne("Bilan, ligne"),
                Colonne("Ce que dit le chiffre"),
                Colonne("Arrêté", "auquel il est lu"),
                Colonne("Imprimé"),
                Colonne("Calculé"),
                Colonne("Verdict"),
                Colonne("Calcul qui retrouve le chiffre imprimé"),
                Colonne("Explication"),
            ),
            tuple(
                (
                    " ".join((c["citation"] or "").split()),
                    f"{c['bilan']}, ligne {c['ligne']}",
                    f"{c['libelle']}, {c['nom_territoire']}, {c['periode']}",
                    c["arrete"],
                    _dit_imprime(c),
                    None
                    if c["valeur_calculee"] is None
                    else Nombre(c["valeur_calculee"], c["t_calcule"]),
                    VERDICTS[c["verdict"]],
                    c["hypothese"] or "",
                    c["explication"] or "",
                )
                for c in siens
            ),
            "Source : rapprochement.chiffres.",
            entetes=2,
        )
        yield Section("Où il est imprimé", "imprime", (sans_vides(tableau),))


def _dit_imprime(chiffre: dict[str, Any]) -> Nombre:
    operateur = "" if chiffre["operateur"] == "=" else f"{chiffre['operateur']} "
    return Nombre(chiffre["valeur"], operateur + chiffre["t_imprime"])


def _revisions(source: Source, nom: str) -> Iterator[Section]:
    siennes = [
        r for r in source.revisions if r["indicateur"] == nom and r["ventilation"] == "total"
    ]
    if not siennes:
        return
    blocs: list[Bloc] = [
        Texte(
            "Valeurs de périodes closes qui ont changé d'un arrêté publié au suivant, et les "
            "livraisons venues entre les deux ; la plus récente d'abord."
        ),
        sans_vides(
            Tableau(
                "revisions",
                "Révisions",
                (Colonne("Arrêté"), Colonne("Territoire"), *revisions.COLONNES),
                tuple(
                    (r["arrete_apres"], r["nom_territoire"], *revisions.cellules(r, source.arrete))
                    for r in siennes[:MAX]
                ),
                source_de(source, "bilan.revisions"),
                entetes=2,
            )
        ),
    ]
    blocs += _reste(len(siennes))
    yield Section("Révisions", "les-revisions", tuple(blocs))


def _reste(nombre: int) -> Iterator[Texte]:
    if nombre > MAX:
        plus = compte(nombre - MAX, "plus ancienne n'est", "plus anciennes ne sont")
        montree = "montrées" if nombre - MAX > 1 else "montrée"
        yield Texte(f"{plus} pas {montree}.")


def _provenance(source: Source, nom: str) -> Iterator[Section]:
    """The files, the way to the lines, and the SQL."""
    extrait = source.indicateurs[nom]["extrait"]
    livrees = [f for f in source.livraisons if f"{f['source']}/{f['extrait']}" == extrait]
    blocs: list[Bloc] = [
        Texte(f"De l'extrait {extrait} : {compte(len(livrees), 'livraison')} jusqu'à cet arrêté.")
    ]
    blocs += _vers_les_lignes(source, nom)
    trouvee = _definitions().get(nom)
    if trouvee:
        blocs += [
            Texte("Le calcul, avant les sommes par territoire et par période :"),
            Texte(trouvee.sql, "code"),
        ]
    blocs += [
        Tableau(
            "fichiers",
            f"Livraisons de {extrait}",
            (
                Colonne("Fichier"),
                Colonne("Mois"),
                Colonne("État"),
                Colonne("Lignes chargées"),
                Colonne("Lignes rejetées"),
            ),
            tuple(
                (
                    f["fichier"],
                    f["mois_livraison"],
                    _STATUTS[f["statut"]],
                    Nombre(f["acceptees"], str(f["acceptees"])),
                    Nombre(f["rejetees"], str(f["rejetees"])),
                )
                for f in livrees[:MAX]
            ),
            "Source : qualite.livraisons.",
        ),
    ]
    blocs += _reste(len(livrees))
    yield Section("D'où viennent ces chiffres", "provenance", tuple(blocs))


_STATUTS = {"acceptee": "acceptée", "refusee": "refusée", "remplacee": "remplacée"}


def _vers_les_lignes(source: Source, nom: str) -> Iterator[Bloc]:
    """How those who may see its lines do: never for what is counted in persons."""
    if source.indicateurs[nom]["personnes"] == "oui":
        yield Texte(
            "Cet indicateur compte des personnes : aucune page ne montre ses lignes.", "note"
        )
        return
    if nom in source.sans_lignes:
        yield Texte(
            "Cet indicateur se calcule en plusieurs étapes : on ne peut pas dire ce que chaque "
            "ligne y apporte."
        )
        return
    region = source.region["territoire"]
    siennes = [v for v in _totaux(source, nom) if v["territoire"] == region]
    derniere = _derniere(siennes)
    if derniere:
        yield Texte("Les lignes qui font une valeur, avec leur fichier et leur numéro :")
        yield Texte(
            f"bilan sql \"from lignes('{nom}', '{region}', '{derniere['periode']}')\"", "code"
        )


@cache
def _definitions() -> dict[str, Indicateur]:
    return {i.nom: i for i in definition.lire()}
