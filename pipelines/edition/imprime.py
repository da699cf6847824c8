"""What the bilan prints as the former ones did: their tables, their sentences beside the data.

Tables are views of the warehouse (`bilan.*`), which say what they hold; figures of indicators, and
where each table stands in the bilan, are in `regional`.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from pipelines import vues
from pipelines.edition.contenu import (
    VERDICTS,
    Bloc,
    Cellule,
    Colonne,
    Nombre,
    Section,
    Tableau,
    Texte,
    compte,
    nombre_lu,
    sans_vides,
)
from pipelines.edition.source import Source, source_de

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


def redaction(cle: str, phrases: Sequence[dict[str, Any]]) -> Tableau:
    """What the printed bilan says, and what is to be written now."""
    colonnes = ("citation", "Imprimé", "Données du bilan", "verdict", "À écrire", "Périodes",
                "Maturité")  # fmt: skip
    titres = ("Phrase imprimée", *colonnes[1:3], "Verdict", *colonnes[4:])
    return sans_vides(
        Tableau(
            cle,
            "Ce que le dernier bilan imprime, et ce que disent les données",
            tuple(map(Colonne, titres)),
            tuple(tuple(_en_mots(r[c], c) for c in colonnes) for r in phrases),
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


def confrontation(source: Source) -> Section:
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


@cache
def _vues() -> list[vues.Vue]:
    return vues.lire()
