"""The charts of what is followed: targets, orientations, deliveries, each beside its table.

Those of values are in `graphiques`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.edition.contenu import (
    Cellule,
    Colonne,
    Graphique,
    Nombre,
    Tableau,
)
from pipelines.edition.dessin import (
    ENCRE,
    FONCE,
    MARGES_LONGUES,
    MOIS,
    PALE,
    VIDE,
    raccourcir,
    spec_de,
)
from pipelines.edition.source import Valeur, nombre_de
from pipelines.mois import entre


def cibles(cle: str, valeurs: Sequence[Valeur], source: str, titre: str) -> Graphique | None:
    """Realised against target: a bar a target, and a line where it is met.

    Args:
        cle: its key on the page.
        valeurs: the values that have a target.
        source: its source line.
        titre: its title.
    """
    rangees = []
    lignes = []
    for v in valeurs:
        taux, atteint = nombre_de(v, "taux_cible"), nombre_de(v)
        cible = nombre_de(v, "valeur_cible", etat=False)
        nom = f"{raccourcir(v['titre'])}, {v['periode']}"
        lignes.append(
            (v["titre"], v["periode"], atteint, cible, nombre_de(v, "taux_cible", etat=False))
        )
        if taux and atteint and cible:
            rangees.append(
                {
                    "nom": nom, "taux": taux.valeur, "cent": 100, "etat": taux.etat,
                    "texte": f"{atteint.texte} sur {cible.texte} ({taux.texte})",
                }
            )  # fmt: skip
    if not rangees:
        return None
    noms = [r["nom"] for r in rangees]
    haut = max(120.0, *(float(r["taux"] or 0) for r in rangees))
    y = {"field": "nom", "type": "nominal", "sort": noms, "axis": {"labelLimit": 0}}
    echelle = {"domain": [0, haut]}
    spec = spec_de(
        rangees,
        {
            "padding": MARGES_LONGUES,
            "width": 300,
            "height": {"step": 30},
            "encoding": {"y": y},
            "layer": [
                {
                    "mark": {"type": "bar", "color": PALE, "size": 20},
                    "encoding": {
                        "x": {"field": "cent", "type": "quantitative", "scale": echelle,
                              "axis": None},
                    },
                },
                {
                    "mark": {"type": "bar", "size": 9, "stroke": FONCE},
                    "encoding": {
                        "x": {"field": "taux", "type": "quantitative", "scale": echelle},
                        "color": {"condition": VIDE, "value": FONCE},
                    },
                },
                {
                    "mark": {"type": "tick", "color": ENCRE, "thickness": 3, "size": 22},
                    "encoding": {"x": {"field": "cent", "type": "quantitative"}},
                },
                {
                    "mark": {"type": "text", "align": "left", "x": 306, "fontSize": 11},
                    "encoding": {"text": {"field": "texte"}},
                },
            ],
        },
    )  # fmt: skip
    return Graphique(
        cle,
        titre,
        spec,
        "Une barre par cible ; le trait noir est la cible (100 %). "
        + " ; ".join(f"{r['nom']} : {r['texte']}" for r in rangees)
        + ".",
        Tableau(
            f"{cle}-donnees",
            titre,
            (
                Colonne("Indicateur"),
                Colonne("Période"),
                Colonne("Réalisé"),
                Colonne("Cible"),
                Colonne("% de la cible"),
            ),
            tuple(lignes),
            source,
            entetes=2,
        ),
    )


_RECUE, _EN_RETARD, _REFUSEE, _MANQUANTE, _NON_DUE = (
    "reçue à l'heure", "en retard", "refusée", "manquante", "pas attendue",
)  # fmt: skip
_ETATS = {
    "recue": _RECUE, "en_retard": _EN_RETARD, "refusee": _REFUSEE, "manquante": _MANQUANTE,
    "non_due": _NON_DUE,
}  # fmt: skip
# Drawn, not written: a font may lack the signs. A disc, half of one, a cross, a ring, a point.
_SIGNES = {
    _RECUE: "M0,-1A1,1,0,1,1,0,1A1,1,0,1,1,0,-1Z",
    _EN_RETARD: "M0,-1A1,1,0,0,0,0,1ZM0,-1A1,1,0,0,1,0,1L0,.7A.7,.7,0,0,0,0,-.7Z",
    _REFUSEE: "M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z",
    _MANQUANTE: "M0,-1A1,1,0,1,1,0,1A1,1,0,1,1,0,-1ZM0,-.7A.7,.7,0,1,0,0,.7A.7,.7,0,1,0,0,-.7Z",
    _NON_DUE: "M0,-.2A.2,.2,0,1,1,0,.2A.2,.2,0,1,1,0,-.2Z",
}
_GRAVES = (_REFUSEE, _MANQUANTE, _EN_RETARD, _RECUE, _NON_DUE)
"""Of the parts of a delivery, the state that is shown is the first of these."""


def calendrier(cle: str, attendues: Sequence[Mapping[str, Any]], source: str) -> Graphique | None:
    """The deliveries as a calendar: an extract a row, a month a column, a sign a state.

    Args:
        cle: its key on the page.
        attendues: a row an extract, month and part: `source`, `extrait`, `mois`, `nom_partie`, and
            `etat`: `recue`, `en_retard`, `refusee`, `manquante` or `non_due`.
        source: its source line.
    """
    if not attendues:
        return None
    tous = sorted({a["mois"] for a in attendues})
    vus = entre(tous[0], tous[-1])[-MOIS:]
    par_extrait: dict[str, dict[str, dict[str, list[str]]]] = {}
    lignes: list[tuple[Cellule, ...]] = []
    for a in attendues:
        du_mois = par_extrait.setdefault(f"{a['source']}/{a['extrait']}", {})
        if a["mois"] in vus:
            parties = du_mois.setdefault(a["mois"], {})
            parties.setdefault(_ETATS[a["etat"]], []).append(a["nom_partie"])
    rangees = []
    for extrait, du_mois in sorted(par_extrait.items()):
        for un_mois in vus:
            parties = du_mois.get(un_mois, {})
            etat = next((e for e in _GRAVES if e in parties), _NON_DUE)
            rangees.append({"extrait": extrait, "mois": un_mois, "etat": etat})
        recues = sum(_RECUE in parties for parties in du_mois.values())
        lignes.append(
            (
                extrait,
                Nombre(recues, str(recues)),
                *(
                    ", ".join(
                        un_mois + (f" ({', '.join(noms)})" if any(noms) else "")
                        for un_mois, parties in sorted(du_mois.items())
                        if (noms := parties.get(etat))
                    )
                    for etat in (_EN_RETARD, _REFUSEE, _MANQUANTE)
                ),
            )
        )
    presents = [e for e in reversed(_GRAVES) if any(r["etat"] == e for r in rangees)]
    de_l_etat = {"field": "etat", "type": "nominal"}
    spec = spec_de(
        rangees,
        {
            "width": {"step": 22},
            "height": {"step": 22},
            "mark": {"type": "point", "size": 130, "strokeWidth": 0, "opacity": 1},
            "encoding": {
                "x": {
                    "field": "mois", "type": "ordinal", "scale": {"domain": vus},
                    "axis": {"orient": "top", "labelAngle": -60},
                },
                "y": {"field": "extrait", "type": "nominal", "sort": sorted(par_extrait)},
                "shape": {
                    **de_l_etat,
                    "scale": {"domain": presents, "range": [_SIGNES[e] for e in presents]},
                },
                "fill": {
                    **de_l_etat,
                    "scale": {
                        "domain": presents,
                        "range": ["#b60000" if e == _REFUSEE else ENCRE for e in presents],
                    },
                },
            },
        },
    )  # fmt: skip
    compte = ", ".join(f"{e} : {sum(r['etat'] == e for r in rangees)}" for e in presents)
    titre = f"Calendrier des livraisons, de {vus[0]} à {vus[-1]}"
    return Graphique(
        cle,
        titre,
        spec,
        "Une ligne par extrait, une colonne par mois, un signe par état ; quand plusieurs parties "
        f"sont attendues, le pire. {compte}. Le détail est dans le tableau.",
        Tableau(
            f"{cle}-donnees",
            titre,
            (
                Colonne("Extrait"),
                Colonne("Mois reçus à l'heure"),
                Colonne("En retard"),
                Colonne("Refusées"),
                Colonne("Manquantes"),
            ),
            tuple(lignes),
            source,
        ),
    )


_SANS, _FAIT = "sans mesure", 100.0


def avancement(cle: str, orientations: Sequence[Mapping[str, Any]]) -> Graphique | None:
    """The progress of a territory's orientations: from where they started to their target."""
    siennes = [o for o in orientations if o["genre"] == "orientation"]
    if not siennes:
        return None
    titre = f"Avancement des orientations, {siennes[0]['territoire']}"
    rangees, lignes = [], []
    for o in siennes:
        fait = o["taux_avancement"]
        texte = o["Avancement"] or _SANS
        retard = ", en retard" if o["en_retard"] else ""
        objectif = f"{o['objectif']:02d}" if o["objectif"] else ""
        nom = f"{objectif} · {raccourcir(o['texte'])}"
        rangees.append(
            {
                "nom": nom, "fait": None if fait is None else min(max(fait, 0.0), _FAIT),
                "cent": _FAIT, "texte": f"{texte} · {o['État']}{retard}",
                "encre": "#b60000" if retard else ENCRE,
            }
        )  # fmt: skip
        lignes.append(
            (
                o["texte"].rstrip(" ;"),
                str(o["objectif"] or ""),
                o["État"] + retard,
                None if fait is None else Nombre(fait, o["Avancement"], "%"),
                f"{o['echeance']:%d/%m/%Y}" if o["echeance"] else "",
            )
        )
    noms = [r["nom"] for r in rangees]
    echelle = {"domain": [0, _FAIT]}
    spec = spec_de(
        rangees,
        {
            "padding": MARGES_LONGUES,
            "width": 180,
            "height": {"step": 22},
            "encoding": {
                "y": {"field": "nom", "type": "nominal", "sort": noms, "axis": {"labelLimit": 0}}
            },
            "layer": [
                {
                    "mark": {"type": "bar", "color": PALE, "size": 14},
                    "encoding": {
                        "x": {"field": "cent", "type": "quantitative", "scale": echelle,
                              "axis": None},
                    },
                },
                {
                    "mark": {"type": "bar", "color": FONCE, "size": 14},
                    "encoding": {"x": {"field": "fait", "type": "quantitative", "scale": echelle}},
                },
                {
                    "mark": {"type": "text", "align": "left", "x": 186, "fontSize": 11},
                    "encoding": {
                        "text": {"field": "texte"},
                        "color": {"field": "encre", "type": "nominal", "scale": None},
                    },
                },
            ],
        },
    )  # fmt: skip
    mesurees = [r for r in rangees if r["fait"] is not None]
    return Graphique(
        cle,
        titre,
        spec,
        f"Une barre par orientation, de 0 à 100 % du chemin ; {len(mesurees)} sur {len(rangees)} "
        "ont une mesure. Le détail est dans le tableau.",
        Tableau(
            f"{cle}-donnees",
            titre,
            (
                Colonne("Orientation"),
                Colonne("Objectif"),
                Colonne("État"),
                Colonne("Avancement"),
                Colonne("Échéance"),
            ),
            tuple(lignes),
            "Source : bilan.orientations.",
        ),
    )
