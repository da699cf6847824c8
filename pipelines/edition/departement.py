"""The bilan of a department: its figures beside the region's, its rank, its orientations.

In the order of the roadmap, as that of the region (`regional`), of which it takes the pieces.
"""

from collections.abc import Iterator
from typing import Any

from pipelines.edition import graphiques, jauges, regional
from pipelines.edition.contenu import Bloc, Lien, Liste, Page, Section, Texte, presents
from pipelines.edition.source import Source, source_de

DOSSIER = "departements"
LISTE = f"{DOSSIER}/index.html"


def chemin(territoire: dict[str, Any]) -> str:
    """The path of a department's page: `departements/59.html`."""
    return f"{DOSSIER}/{territoire['code']}.html"


def liste(source: Source) -> Page:
    """The departments, and what sets them side by side."""
    departements = source.de_maille("departement")
    blocs: list[Bloc] = [Liste(tuple(Lien(d["libelle"], chemin(d)) for d in departements))]
    blocs += regional.avertissements(source)
    for objectif, titre, siens in regional.par_objectif(source):
        tableaux = list(regional.par_maille(source, objectif, siens, ("departement",)))
        if tableaux:
            blocs.append(Section(titre, objectif, tuple(tableaux)))
    return Page(LISTE, "Les départements", tuple(blocs), _FIL)


_FIL = (Lien("Accueil", "index.html"),)


def page(source: Source, territoire: dict[str, Any]) -> Page:
    """The page of a department."""
    return Page(
        chemin(territoire),
        f"Bilan de la politique d'intégration, {territoire['libelle']}",
        tuple(contenu(source, territoire)),
        (*_FIL, Lien("Les départements", LISTE)),
        surtitre=f"{source.region['libelle']}, arrêté {source.arrete}",
    )


def contenu(source: Source, territoire: dict[str, Any]) -> Iterator[Bloc]:
    """All its parts."""
    yield _synthese(source, territoire)
    for objectif, titre, siens in regional.par_objectif(source):
        blocs = tuple(_objectif(source, territoire["territoire"], objectif, siens))
        if blocs:
            yield Section(titre, objectif, blocs, objectif=objectif)


def _synthese(source: Source, territoire: dict[str, Any]) -> Section:
    code = territoire["territoire"]
    blocs: list[Bloc] = [
        *regional.avertissements(source),
        regional.couverture(source, [territoire]),
    ]
    siennes = [v for v in source.valeurs if v["territoire"] == code]
    classes = [v for v in siennes if v["rang"] is not None and _comparable(v)]
    premiers = sorted({v["titre"] for v in classes if v["rang"] == 1})
    derniers = max((v["rang"] for v in source.valeurs if v["rang"] is not None), default=0)
    a_la_traine = sorted({v["titre"] for v in classes if v["rang"] == derniers})
    if premiers:
        blocs.append(Texte("Premier de la région, de ses taux et délais de la dernière année :"))
        blocs.append(Liste(tuple(premiers)))
    if a_la_traine and derniers > 1:
        blocs.append(Texte(f"Au rang {derniers}, le dernier :"))
        blocs.append(Liste(tuple(a_la_traine)))
    blocs += presents(
        jauges.cibles(
            "cibles",
            [v for v in siennes if v["valeur_cible"]],
            source_de(source, "indicateurs.valeurs"),
            f"Réalisé au regard des cibles, {territoire['libelle']}",
        )
    )
    suivis = dict.fromkeys(c["indicateur"] for c in regional.choisis())
    blocs += presents(
        graphiques.petits(
            "annees",
            [
                v
                for nom in suivis
                for v in source.par_indicateur.get(nom, [])
                if v["territoire"] == code
                and v["type_periode"] == "annee"
                and v["ventilation"] == "total"
            ],
            source_de(source, "indicateurs.valeurs"),
            par="titre",
        )
    )
    if not source.publique:
        siennes = regional.des_orientations(source, code)
        blocs += presents(jauges.avancement("avancement", siennes))
    return Section("Synthèse", "synthese", tuple(blocs))


def _objectif(source: Source, code: str, cle: str, indicateurs: list[str]) -> Iterator[Bloc]:
    siens = [
        i for i in indicateurs if any(v["territoire"] == code for v in source.par_indicateur[i])
    ]
    if siens:
        yield regional.chiffres(source, f"chiffres-{cle}", siens, code)
    for rang, choisi in enumerate(regional.choisis()):
        if choisi["genre"] == "modalites" and choisi["indicateur"] in siens:
            yield from presents(
                regional.dessiner(
                    source,
                    f"graphique-{cle}-{rang + 1}",
                    source.par_indicateur[choisi["indicateur"]],
                    "modalites",
                    choisi["ventilation"],
                    territoire=code,
                )
            )
    if not source.publique:
        siennes = [
            o
            for o in regional.des_orientations(source, code)
            if f"objectif_{o['objectif'] or 0:02d}" == cle
        ]
        if siennes:
            yield regional.orientations(f"orientations-{cle}", siennes)


_TAUX = ("%", "jours", "heures", "minutes")


def _comparable(valeur: dict[str, Any]) -> bool:
    """Whether a value of the last year that is over is a rate: counts only tell who is larger."""
    dernier = str(int(valeur["arrete"][:4]) - 1)
    attendus = ("total", "annee", dernier)
    dits = tuple(valeur[c] for c in ("ventilation", "type_periode", "periode"))
    return bool(dits == attendus and valeur["unite"] in _TAUX)
