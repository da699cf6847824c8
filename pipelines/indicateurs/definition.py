"""The files of `assets/indicators/`: words above, SQL below.

The path is the identity; the head keeps what a machine cannot know. Running the SQL does not
belong here.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines import entete
from pipelines.erreurs import Faute
from pipelines.feuille_de_route import RACINE

DOSSIER = RACINE / "assets" / "indicators"
CONCLUSION = "conclusion"

_CLES = {
    "titre": True,
    "numerateur": True,
    "denominateur": False,
    "nature": True,
    "unite": True,
    "sens": True,
    "personnes": True,
    "ventilations": False,
    "periodes": True,
    "territoires": True,
    "consolidation": True,
    "sans_ligne": False,
    "plafond": False,
}
_PERMIS = {
    "nature": ("effectif", "part", "moyenne", "propre"),
    "sens": ("hausse", "baisse", "neutre"),
    "personnes": ("oui", "non"),
    "territoires": ("departements", "academies", "region"),
    "sans_ligne": ("vide",),
    "plafond": ("aucun",),
}
_PERIODES = ("annee", "annee_scolaire", "mois", "cumul")
_VENTILATION = re.compile(r"([a-z_]+)(?:\s*\(([^)]*)\))?")


@dataclass(frozen=True)
class Indicateur:
    """One indicator: its head, and its SQL.

    `ventilations` maps each breakdown to the modalities that the head lists, none where the
    contract of the extract, or the data, say them. `extrait` is the extract whose facts the SQL
    reads, `source/extrait`. `sans_ligne` is "vide" for a maximum or a median, which has no
    value where nothing counts; `plafond` is "aucun" for a rate that may pass 100 %.
    `consolidation`: the months after the end of a period during which its value may still move.
    """

    nom: str
    chemin: Path
    objectif: int | None
    titre: str
    numerateur: str
    denominateur: str
    nature: str
    unite: str
    sens: str
    personnes: str
    ventilations: dict[str, tuple[str, ...]]
    periodes: tuple[str, ...]
    territoires: str
    sans_ligne: str
    plafond: str
    consolidation: int
    sql: str
    ligne_sql: int
    extrait: str

    @property
    def rapport(self) -> bool:
        """Whether its values are rates, a numerator over a denominator, rather than counts."""
        return self.nature in ("part", "moyenne") or self.unite == "%"

    @property
    def groupe(self) -> str:
        """Name of the folder: `objectif_05`, or `conclusion`."""
        return self.chemin.parent.name


def lire(choisis: Collection[str] | None = None, dossier: Path = DOSSIER) -> list[Indicateur]:
    """The indicators chosen (all of them, by default), in the order of their paths.

    Raises:
        Faute: unknown ones, and files that are not in the form expected, all of them at once.
    """
    chemins = sorted(dossier.glob("*/*.sql"))
    inconnus = sorted(set(choisis or ()) - {chemin.stem for chemin in chemins})
    indicateurs = []
    fautes = [f"l'indicateur «{nom}» n'a pas de fichier dans {dossier}" for nom in inconnus]
    for chemin in chemins:
        if choisis is not None and chemin.stem not in choisis:
            continue
        try:
            indicateurs.append(lire_un(chemin))
        except Faute as faute:
            fautes.append(str(faute))
    if fautes:
        raise Faute("\n".join(fautes))
    return indicateurs


@cache
def _extraits() -> dict[str, str]:
    """The extract, `source/extrait`, behind each table `source_extrait`."""
    contrats = (RACINE / "assets" / "extracts").glob("*/*.py")
    return {f"{c.parent.name}_{c.stem}": f"{c.parent.name}/{c.stem}" for c in contrats}


def lire_un(chemin: Path) -> Indicateur:
    """One indicator's file.

    Raises:
        Faute: what is wrong in it, with its lines.
    """
    lu = entete.lire(chemin, _CLES.__contains__, ", ".join(_CLES))
    tete, sql, fautes = lu.cles, lu.sql, lu.fautes
    for cle, requise in _CLES.items():
        if requise and cle not in tete:
            fautes.append(f"{chemin} : il manque la clé «{cle}»")
    if not tete.get("consolidation", "0").isdecimal():
        fautes.append(f"{chemin} : «consolidation» doit être un nombre de mois")
    for cle, permis in _PERMIS.items():
        if cle in tete and tete[cle] not in permis:
            fautes.append(f"{chemin} : «{cle}» doit être {' ou '.join(permis)}")
    periodes = tuple(p.strip() for p in tete.get("periodes", "annee").split(","))
    if not set(periodes) <= set(_PERIODES):
        fautes.append(f"{chemin} : «periodes» doit être parmi {', '.join(_PERIODES)}")
    extraits = sorted({_extraits().get(t, "") for t in re.findall(r"\bfaits\.(\w+)", sql)})
    if len(extraits) != 1 or not extraits[0]:
        ou = f"{chemin}, ligne {lu.ligne_sql}"
        fautes.append(f"{ou} : le SQL doit lire une table faits.* qui existe, et une seule")
    groupe = re.fullmatch(r"objectif_(\d\d)", chemin.parent.name)
    if not groupe and chemin.parent.name != CONCLUSION:
        fautes.append(f"{chemin} : le dossier doit être objectif_NN ou {CONCLUSION}")
    if fautes:
        raise Faute("\n".join(fautes))
    return Indicateur(
        nom=chemin.stem,
        chemin=chemin,
        objectif=int(groupe[1]) if groupe else None,
        titre=tete["titre"],
        numerateur=tete["numerateur"],
        denominateur=tete.get("denominateur", ""),
        nature=tete["nature"],
        unite=tete["unite"],
        sens=tete["sens"],
        personnes=tete["personnes"],
        ventilations={
            nom: tuple(m.strip() for m in modalites.split(",")) if modalites else ()
            for nom, modalites in _VENTILATION.findall(tete.get("ventilations", ""))
        },
        periodes=periodes,
        territoires=tete["territoires"],
        sans_ligne=tete.get("sans_ligne", ""),
        plafond=tete.get("plafond", ""),
        consolidation=int(tete["consolidation"]),
        sql=sql,
        ligne_sql=lu.ligne_sql,
        extrait=extraits[0],
    )
