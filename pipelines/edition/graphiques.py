"""The charts of values: what each shows, as a Vega-Lite specification, beside its table.

Those of targets, orientations and deliveries are in `jauges`. How a specification becomes a picture
is in `images`; which charts go where, in the modules of pages.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.edition.contenu import (
    PROVISOIRE,
    Colonne,
    Graphique,
    Nombre,
    Tableau,
    Trace,
)
from pipelines.edition.dessin import (
    ENCRE,
    FONCE,
    LARGEUR,
    MARGES,
    MOIS,
    MOYEN,
    NUANCES,
    VIDE,
    raccourcir,
    spec_de,
)
from pipelines.edition.source import Valeur, nombre_de


def _rang(valeur: Valeur, **plus: Any) -> dict[str, Any]:
    nombre = nombre_de(valeur)
    return {
        "periode": valeur["periode"],
        "valeur": nombre.valeur if nombre else None,
        "texte": nombre.texte if nombre else "non livré",
        "etat": nombre.etat if nombre else "",
        **plus,
    }


def annees(cle: str, serie: Sequence[Valeur], source: str) -> Graphique | None:
    """Periods side by side, of one territory; the one under way is hollow, beside «à date».

    Args:
        cle: its key on the page.
        serie: the values of an indicator, a row a year or school year, in order.
        source: its source line.
    """
    if not any(v["valeur"] is not None for v in serie):
        return None
    rangees = [_rang(v) for v in serie]
    for avant, valeur in zip(rangees, serie[1:], strict=False):
        a_date = nombre_de(valeur, "precedente_a_date")
        if a_date:
            avant["a_date"] = a_date.valeur
    titre, unite = serie[0]["titre"], serie[0]["unite"]
    x = {"field": "periode", "type": "ordinal", "axis": {"labelAngle": 0}}
    couches: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "stroke": FONCE, "strokeWidth": 1.5},
            "encoding": {
                "y": {"field": "valeur", "type": "quantitative", "axis": None},
                "color": {"condition": VIDE, "value": MOYEN},
                "strokeDash": {"condition": {**VIDE, "value": [4, 3]}, "value": [1, 0]},
            },
        },
        {
            "mark": {"type": "text", "dy": -8, "fontWeight": "bold"},
            "encoding": {
                "y": {"field": "valeur", "type": "quantitative"},
                "text": {"field": "texte"},
            },
        },
    ]
    if any("a_date" in r for r in rangees):
        couches.append(
            {
                "mark": {"type": "tick", "color": ENCRE, "thickness": 3, "size": 60},
                "transform": [{"filter": "isValid(datum.a_date)"}],
                "encoding": {"y": {"field": "a_date", "type": "quantitative"}},
            }
        )
    spec = spec_de(
        rangees,
        {"width": min(LARGEUR, 90 * len(rangees)), "height": 200, "encoding": {"x": x},
         "layer": couches},
    )  # fmt: skip
    dits = ", ".join(f"{r['periode']} : {r['texte']}" for r in rangees)
    return Graphique(
        cle,
        f"{titre} ({unite}), {serie[0]['nom_territoire']}",
        spec,
        f"Barres par période. {dits}." + _legende(rangees),
        serie_en_table(f"{cle}-donnees", serie, source),
    )


def _legende(rangees: Sequence[Mapping[str, Any]]) -> str:
    dits = ""
    if any(r["etat"] == PROVISOIRE for r in rangees):
        dits += " La barre vide, en tirets, est une période en cours."
    if any("a_date" in r for r in rangees):
        dits += " Le trait noir est la valeur de l'année précédente au même mois."
    return dits


def serie_en_table(cle: str, serie: Sequence[Valeur], source: str) -> Tableau:
    """The values of an indicator by period, with what changes."""
    lignes = []
    for valeur in serie:
        a_date = valeur["precedente_a_date"] is not None
        lignes.append(
            (
                valeur["periode"],
                nombre_de(valeur),
                nombre_de(valeur, "precedente_a_date" if a_date else "precedente", etat=False),
                nombre_de(valeur, "evolution_a_date" if a_date else "evolution", etat=False),
                nombre_de(valeur, "valeur_cible", etat=False),
                nombre_de(valeur, "taux_cible", etat=False),
                "à date" if a_date else "",
                valeur["t_livraisons"],
            )
        )
    premiere = serie[0]
    return Tableau(
        cle,
        f"{premiere['titre']}, {premiere['nom_territoire']}",
        (
            Colonne("Période"),
            Colonne(f"Valeur ({premiere['unite']})"),
            Colonne("Un an plus tôt"),
            Colonne("Évolution"),
            Colonne("Cible"),
            Colonne("% de la cible"),
            Colonne("Comparaison", "à date : au même mois de l'année précédente"),
            Colonne("Livraisons", "reçues sur attendues"),
        ),
        tuple(lignes),
        source,
    )


def modalites(cle: str, valeurs: Sequence[Valeur], source: str) -> Graphique | None:
    """The modalities of a breakdown, years side by side.

    Args:
        cle: its key on the page.
        valeurs: those of one indicator, territory and breakdown, over some periods.
        source: its source line.
    """
    gardees = [v for v in valeurs if v["valeur"] is not None or v["masque"]]
    if not any(v["valeur"] for v in gardees):
        return None
    premiere = gardees[0]
    periodes = sorted({v["periode"] for v in gardees})[-4:]
    rangees = []
    for v in gardees:
        if v["periode"] in periodes:
            part = nombre_de(v, "part")
            rang = _rang(v, modalite=v["libelle_modalite"], ordre=v["ordre_modalite"])
            rangees.append({**rang, "texte": rang["texte"] + (f" ({part.texte})" if part else "")})
    tri = {"field": "ordre", "op": "min"}
    en_cours = {r["periode"] for r in rangees if r["etat"] == PROVISOIRE}
    nuances = [
        "white" if p in en_cours else n
        for p, n in zip(periodes, NUANCES[-len(periodes) :], strict=True)
    ]
    dit = " ".join(f"datum.label === '{p}' ? '{p} (provisoire)' :" for p in sorted(en_cours))
    axe_y = {"field": "modalite", "type": "nominal", "sort": tri}
    spec = spec_de(
        rangees,
        {
            "padding": {**MARGES, "right": 60},
            "width": 380,
            "height": {"step": 16},
            "encoding": {
                "y": axe_y,
                "yOffset": {"field": "periode", "type": "nominal", "sort": periodes},
                "x": {"field": "valeur", "type": "quantitative", "axis": None},
            },
            "layer": [
                {
                    "mark": {"type": "bar", "stroke": FONCE, "strokeWidth": 0.8},
                    "encoding": {
                        "color": {
                            "field": "periode",
                            "type": "nominal",
                            "scale": {"domain": periodes, "range": nuances},
                            "legend": {"labelExpr": f"{dit} datum.label", "labelLimit": 0},
                        },
                        "strokeDash": {"condition": {**VIDE, "value": [4, 3]}, "value": [1, 0]},
                    },
                },
                {
                    "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 11},
                    "encoding": {"text": {"field": "texte"}},
                },
            ],
        },
    )
    return Graphique(
        cle,
        f"{premiere['titre']} : {premiere['libelle_ventilation'].lower()}",
        spec,
        f"Barres par modalité, de {periodes[0]} à {periodes[-1]}, de la nuance la plus claire à la "
        "plus foncée. "
        + ", ".join(
            f"{r['modalite']} : {r['texte']}" for r in rangees if r["periode"] == periodes[-1]
        )
        + f" en {periodes[-1]}.",
        modalites_en_table(f"{cle}-donnees", gardees, source),
    )


def modalites_en_table(cle: str, valeurs: Sequence[Valeur], source: str) -> Tableau:
    """The modalities of a breakdown, a column a period, with the parts of those that have one."""
    premiere = valeurs[0]
    periodes = sorted({v["periode"] for v in valeurs})
    par_modalite: dict[str, dict[str, Valeur]] = {}
    for v in sorted(valeurs, key=lambda v: (v["ordre_modalite"], v["modalite"])):
        par_modalite.setdefault(v["libelle_modalite"], {})[v["periode"]] = v
    avec_part = any(v["part"] is not None for v in valeurs)
    colonnes = [Colonne(premiere["libelle_ventilation"])]
    for periode in periodes:
        colonnes.append(Colonne(f"{periode} ({premiere['unite']})"))
        colonnes += [Colonne(f"{periode} (part)")] * avec_part
    lignes = []
    for libelle, par_periode in par_modalite.items():
        ligne: list[Any] = [libelle]
        for periode in periodes:
            trouvee = par_periode.get(periode)
            ligne.append(nombre_de(trouvee) if trouvee else None)
            if avec_part:
                ligne.append(nombre_de(trouvee, "part", etat=False) if trouvee else None)
        lignes.append(tuple(ligne))
    return Tableau(
        cle,
        f"{premiere['titre']} par {premiere['libelle_ventilation'].lower()}, "
        f"{premiere['nom_territoire']}",
        tuple(colonnes),
        tuple(lignes),
        source,
    )


def tuiles(
    cle: str, valeurs: Sequence[Valeur], places: Mapping[str, tuple[int, int]], source: str
) -> Graphique | None:
    """The departments as tiles, placed as on the map; the darker, the larger.

    Args:
        cle: its key on the page.
        valeurs: those of one indicator and period, a row a department.
        places: column and row of each territory.
        source: its source line.
    """
    posees = [v for v in valeurs if v["territoire"] in places]
    nombres = [v["valeur"] for v in posees if v["valeur"] is not None]
    if not nombres:
        return None
    gauche = min(places[v["territoire"]][0] for v in posees)
    haut = min(places[v["territoire"]][1] for v in posees)
    ordre = sorted(set(nombres))
    rangees = []
    for v in posees:
        x, y = places[v["territoire"]]
        fond = "white"  # by rank: by value, one large department would leave all others pale
        if v["valeur"] is not None:
            rang = ordre.index(v["valeur"]) / (len(ordre) - 1) if len(ordre) > 1 else 1
            fond = NUANCES[round(rang * (len(NUANCES) - 1))]
        rangees.append(
            _rang(
                v, x=x - gauche, y=y - haut, nom=v["nom_territoire"], fond=fond,
                encre="white" if fond in (FONCE, MOYEN) else ENCRE,
            )
        )  # fmt: skip
    large, long = max(r["x"] for r in rangees) + 1, max(r["y"] for r in rangees) + 1
    xy = {
        "x": {"field": "x", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.04}},
        "y": {"field": "y", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.04}},
    }
    encre = {"field": "encre", "type": "nominal", "scale": None}
    spec = spec_de(
        rangees,
        {
            "width": 130 * large,
            "height": 80 * long,
            "encoding": xy,
            "layer": [
                {
                    "mark": {"type": "rect", "stroke": FONCE},
                    "encoding": {"color": {"field": "fond", "type": "nominal", "scale": None}},
                },
                {
                    "mark": {"type": "text", "dy": -10},
                    "encoding": {"text": {"field": "nom"}, "color": encre},
                },
                {
                    "mark": {"type": "text", "dy": 10, "fontSize": 15, "fontWeight": "bold"},
                    "encoding": {"text": {"field": "texte"}, "color": encre},
                },
            ],
        },
    )
    premiere = posees[0]
    return Graphique(
        cle,
        f"{premiere['titre']} ({premiere['unite']}) en {premiere['periode']}, par département",
        spec,
        "Carte en tuiles, la plus foncée pour la valeur la plus grande. "
        + ", ".join(f"{r['nom']} : {r['texte']}" for r in rangees)
        + ".",
        territoires_en_table(f"{cle}-donnees", valeurs, source),
    )


def territoires_en_table(cle: str, valeurs: Sequence[Valeur], source: str) -> Tableau:
    """The values of an indicator at a period, a row a territory, with their rank."""
    premiere = valeurs[0]
    return Tableau(
        cle,
        f"{premiere['titre']} en {premiere['periode']}, par territoire",
        (
            Colonne("Territoire"),
            Colonne(f"Valeur ({premiere['unite']})"),
            Colonne("Évolution"),
            Colonne("Rang", "1 : le meilleur, dans le sens de l'indicateur"),
            Colonne("Livraisons", "reçues sur attendues"),
        ),
        tuple(
            (
                v["nom_territoire"],
                nombre_de(v),
                nombre_de(v, "evolution", etat=False),
                rang_de(v),
                v["t_livraisons"],
            )
            for v in valeurs
        ),
        source,
    )


def rang_de(valeur: Valeur) -> Nombre | None:
    """The rank of a department, as a number."""
    return None if valeur["rang"] is None else Nombre(valeur["rang"], str(valeur["rang"]))


def petits(
    cle: str, valeurs: Sequence[Valeur], source: str, par: str = "nom_territoire"
) -> Graphique | None:
    """Small multiples: a panel a territory, all on the same scale; or a panel an indicator.

    Args:
        cle: its key on the page.
        valeurs: those of one indicator, a row a territory and period; or of one territory.
        source: its source line.
        par: what a panel is of, `nom_territoire` or `titre`; then each has its own scale.
    """
    if not any(v["valeur"] is not None for v in valeurs):
        return None
    d_un_seul = par == "nom_territoire"
    noms = list(dict.fromkeys(raccourcir(v[par], 34) for v in valeurs))
    rangees = [_rang(v, nom=raccourcir(v[par], 34)) for v in valeurs]
    communs = {"axis": {"x": "independent"}}
    resolus = communs if d_un_seul else {**communs, "scale": {"y": "independent"}}
    spec = spec_de(
        rangees,
        {
            "facet": {"field": "nom", "type": "nominal", "sort": noms, "columns": 3},
            "resolve": resolus,
            "columns": 3,
            "spacing": 14,
            "spec": {
                "width": 170,
                "height": 90,
                "encoding": {
                    "x": {"field": "periode", "type": "ordinal", "axis": {"labelAngle": 0}},
                    "y": {"field": "valeur", "type": "quantitative", "axis": None},
                },
                "layer": [
                    {
                        "mark": {"type": "bar", "stroke": FONCE},
                        "encoding": {
                            "color": {"condition": VIDE, "value": MOYEN},
                            "strokeDash": {
                                "condition": {**VIDE, "value": [4, 3]}, "value": [1, 0],
                            },
                        },
                    },
                    {
                        "mark": {"type": "text", "dy": -6, "fontSize": 10},
                        "encoding": {"text": {"field": "texte"}},
                    },
                ],
            },
        },
    )  # fmt: skip
    premiere = valeurs[0]
    periodes = sorted({v["periode"] for v in valeurs})
    par_nom: dict[str, dict[str, Valeur]] = {}
    for v in valeurs:
        par_nom.setdefault(v[par], {})[v["periode"]] = v
    titre, dit, quoi = (
        (f"{premiere['titre']} ({premiere['unite']}), chaque territoire", "à la même", "Territoire")
        if d_un_seul
        else (f"Les années côte à côte, {premiere['nom_territoire']}", "chacun à son", "Indicateur")
    )
    unite = f" ({premiere['unite']})" if d_un_seul else ""
    return Graphique(
        cle,
        titre,
        spec,
        f"Un panneau par {quoi.lower()}, {dit} échelle, de {periodes[0]} à {periodes[-1]} ; les "
        "valeurs sont dans le tableau." + _legende(rangees),
        Tableau(
            f"{cle}-donnees",
            f"{titre}, par période",
            (Colonne(quoi), *(Colonne(f"{p}{unite}") for p in periodes)),
            tuple(
                (nom, *(nombre_de(siennes[p]) if p in siennes else None for p in periodes))
                for nom, siennes in par_nom.items()
            ),
            source,
        ),
    )


def mensuel(valeurs: Sequence[Valeur]) -> Trace | None:
    """The last twenty-four months of an indicator, in a word's place."""
    mois = [v for v in valeurs if v["type_periode"] == "mois"][-24:]
    nombres = tuple(v["valeur"] for v in mois)
    if sum(n is not None for n in nombres) < 3:
        return None
    connus = [n for n in nombres if n is not None]
    fin = next(v for v in reversed(mois) if v["valeur"] is not None)
    return Trace(
        nombres,
        f"{len(mois)} mois, de {mois[0]['periode']} à {mois[-1]['periode']} : de "
        f"{_court(min(connus))} à {_court(max(connus))}, {fin['t_valeur']} en {fin['periode']}",
    )


def _court(nombre: float) -> str:
    return f"{nombre:.1f}".replace(".", ",").removesuffix(",0")


def trace(valeurs: Sequence[float | None]) -> dict[str, Any]:
    """The specification of a line as small as a word."""
    rangees = [{"x": x, "y": y} for x, y in enumerate(valeurs)]
    ordonnee = {"field": "y", "type": "quantitative", "axis": None, "scale": {"zero": True}}
    return spec_de(
        rangees,
        {
            "width": 110,
            "height": 24,
            "padding": 2,
            "encoding": {
                "x": {"field": "x", "type": "quantitative", "axis": None},
                "y": ordonnee,
            },
            "mark": {"type": "line", "color": FONCE, "strokeWidth": 1.5},
        },
    )


def mois(cle: str, valeurs: Sequence[Valeur], source: str) -> Graphique | None:
    """The months of an indicator in a territory, the last twenty-four, as a line.

    Args:
        cle: its key on the page.
        valeurs: a row a month, in order.
        source: its source line.
    """
    serie = list(valeurs)[-MOIS:]
    if sum(v["valeur"] is not None for v in serie) < 2:
        return None
    rangees = [_rang(v) for v in serie]
    premiere = serie[0]
    spec = spec_de(
        rangees,
        {
            "width": LARGEUR,
            "height": 180,
            "encoding": {
                "x": {"field": "periode", "type": "ordinal", "axis": {"labelAngle": -60}},
                "y": {
                    "field": "valeur", "type": "quantitative", "scale": {"zero": True},
                    "axis": {"grid": True, "tickCount": 4},
                },
            },
            "layer": [
                {"mark": {"type": "line", "color": FONCE, "strokeWidth": 2}},
                {
                    "mark": {"type": "point", "size": 40, "stroke": FONCE, "opacity": 1},
                    "encoding": {
                        "fill": {"condition": VIDE, "value": FONCE},
                    },
                },
            ],
        },
    )  # fmt: skip
    connus = [v for v in serie if v["valeur"] is not None]
    return Graphique(
        cle,
        f"{premiere['titre']} ({premiere['unite']}), par mois, {premiere['nom_territoire']}",
        spec,
        f"Courbe de {premiere['periode']} à {serie[-1]['periode']} ; {connus[0]['t_valeur']} en "
        f"{connus[0]['periode']}, {connus[-1]['t_valeur']} en {connus[-1]['periode']}. Un mois "
        "sans donnée coupe la courbe.",
        serie_en_table(f"{cle}-donnees", serie, source),
    )
