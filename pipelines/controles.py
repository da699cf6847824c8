"""Blocking identities: the files of `assets/controles/<objet>/`, words above, SQL below.

A query returns the rows that break an identity, and its head says in a sentence what a row means. A
check of values withholds the indicators at fault, month by month; any other stops what follows.
Rules on the form of a delivery belong to contracts, plausibility to `plausibilite`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import duckdb

from pipelines import entete
from pipelines.erreurs import Faute
from pipelines.feuille_de_route import RACINE
from pipelines.ingestion import cles
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.reception import table
from pipelines.sql import inserer, nommees

DOSSIER = RACINE / "assets" / "controles"
VALEURS = "valeurs"
_CLES = ("titre", "ligne")
_CITEES = 5


@dataclass(frozen=True)
class Controle:
    """One identity: what it is of (`livraisons`, `faits`, `valeurs`), its words, its SQL."""

    nom: str
    objet: str
    titre: str
    ligne: str
    sql: str


@dataclass(frozen=True)
class Resultat:
    """What an identity found: how many rows break it, the first ones in words.

    `retenus` are the indicators and arrêtés whose values are withheld, each with its own result.
    """

    controle: Controle
    objet: str
    nombre: int
    phrases: tuple[str, ...]
    retenus: Mapping[tuple[str, str], "Resultat"] = field(default_factory=dict)

    @property
    def reussi(self) -> bool:
        """Whether no row breaks the identity."""
        return self.nombre == 0

    @property
    def message(self) -> str:
        """The identity where it holds, the rows that break it where it does not."""
        if self.reussi:
            return self.controle.titre + "."
        reste = self.nombre - len(self.phrases)
        return " ".join(self.phrases) + (f" Et {reste} autres." if reste else "")


@cache
def lire() -> tuple[Controle, ...]:
    """All the identities, in the order of their paths.

    Raises:
        Faute: a file is not in the form expected.
    """
    controles, fautes = [], []
    for chemin in sorted(DOSSIER.glob("*/*.sql")):
        lu = entete.lire(chemin, _CLES.__contains__, ", ".join(_CLES))
        fautes += lu.fautes
        fautes += [f"{chemin} : il manque la clé «{cle}»" for cle in _CLES if cle not in lu.cles]
        controles.append(
            Controle(
                chemin.stem,
                chemin.parent.name,
                lu.cles.get("titre", ""),
                lu.cles.get("ligne", ""),
                lu.sql,
            )
        )
    if fautes:
        raise Faute("\n".join(fautes))
    return tuple(controles)


def de(objet: str) -> list[Controle]:
    """The identities of one kind of object."""
    return [controle for controle in lire() if controle.objet == objet]


def executer(con: duckdb.DuckDBPyConnection, controle: Controle, objet: str) -> Resultat:
    """Run one identity; `objet` is the table that it is about, for people."""
    lignes = nommees(con, controle.sql)
    retenus: dict[tuple[str, str], list[dict[str, Any]]] = {}
    if controle.objet == VALEURS:
        for ligne in lignes:
            retenus.setdefault((ligne["indicateur"], ligne["arrete"]), []).append(ligne)
    return replace(
        _resultat(controle, objet, lignes),
        retenus={cle: _resultat(controle, objet, siennes) for cle, siennes in retenus.items()},
    )


def _resultat(controle: Controle, objet: str, lignes: list[dict[str, Any]]) -> Resultat:
    phrases = tuple(controle.ligne.format_map(ligne) for ligne in lignes[:_CITEES])
    return Resultat(controle, objet, len(lignes), phrases)


def reunir(controle: Controle, objet: str, resultats: Iterable[Resultat]) -> Resultat:
    """The results of one identity on several objects, as one."""
    resultats = list(resultats)
    phrases = tuple(phrase for r in resultats for phrase in r.phrases)[:_CITEES]
    return Resultat(controle, objet, sum(r.nombre for r in resultats), phrases)


def de_l_extrait(con: duckdb.DuckDBPyConnection, objet: str, regles: Regles) -> list[Resultat]:
    """Run the identities of `livraisons` or of `faits` on one extract.

    They read `fichiers_livres`, `lignes_chargees` and `faits_en_vigueur`, whose `cle` is the key.
    """
    nom = table(regles.nom)
    source, extrait = regles.nom.split("/")
    plis = list(cles.pliees(regles).values())
    cle = plis[0] if len(plis) == 1 else f"row({', '.join(plis)})"
    con.execute(
        f"""
        create or replace temp view fichiers_livres as
        from qualite.livraisons where source = '{source}' and extrait = '{extrait}';
        create or replace temp view lignes_chargees as
        select *, {cle} as cle from livraisons.{nom};
        """
    )
    if objet == "faits":
        con.execute(
            f"""
            create or replace temp view faits_en_vigueur as
            select *, {cle} as cle from chantier.{nom} where remplacee_en is null
            """
        )
    return [executer(con, controle, f"{objet}.{nom}") for controle in de(objet)]


def des_valeurs(con: duckdb.DuckDBPyConnection) -> list[Resultat]:
    """Run the identities of values on the months just computed."""
    con.execute(
        """
        create or replace temp view valeurs_calculees as from chantier.valeurs;
        create or replace table chantier.sans_lieu as
        select
            m.indicateur, m.arrete, p.type_periode,
            libelle_periode(p.type_periode, debut_periode(p.type_periode, m.debut)) as periode,
            m.ventilation, m.modalite,
            sum(m.numerateur) as numerateur, sum(m.denominateur) as denominateur
        from chantier.mesures as m
        join (
            select indicateur, unnest(periodes) as type_periode
            from chantier.indicateurs where nature <> 'propre'
        ) as p using (indicateur)
        where m.territoire is null
        group by all
        """
    )
    return [executer(con, controle, "indicateurs.valeurs") for controle in de(VALEURS)]


def inscrire(con: duckdb.DuckDBPyConnection, arrete: str, resultats: Iterable[Resultat]) -> None:
    """Write results into `qualite.controles`."""
    inserer(
        con,
        "qualite.controles",
        [
            [arrete, r.controle.nom, r.objet, "bloquant", r.reussi, str(r.nombre), "0", r.message]
            for r in resultats
        ],
    )


def en_fiche(resultats: Iterable[Resultat]) -> list[dict[str, Any]]:
    """Results, as they are kept."""
    return [
        {"controle": r.controle.nom, "objet": r.objet, "nombre": r.nombre, "phrases": r.phrases}
        for r in resultats
    ]


def de_fiche(fiches: Iterable[Mapping[str, Any]]) -> list[Resultat]:
    """Results that were kept."""
    connus = {controle.nom: controle for controle in lire()}
    return [
        Resultat(connus[f["controle"]], f["objet"], f["nombre"], tuple(f["phrases"]))
        for f in fiches
    ]
