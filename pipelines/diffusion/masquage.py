"""Filling `diffusion.valeurs`: what is masked besides small counts, and the proof it is enough.

`indicateurs.comptage` has rolled the values up before, and lent the macro that compares them. What
an adversary can draw from what is shown is computed by `attaque`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import duckdb
import numpy as np

from pipelines.diffusion.attaque import Attaque, Nombres, Relations, bornes, prouve
from pipelines.erreurs import Faute
from pipelines.sql import inserer, nombre

_ICI = Path(__file__).parent
_Trouve = TypeVar("_Trouve")


@dataclass(frozen=True)
class Diffusion:
    """What was made fit to leave: its rows, the small counts, and those masked besides."""

    lignes: int
    petits: int
    en_plus: int


def diffuser(con: duckdb.DuckDBPyConnection) -> Diffusion:
    """Make the values of the newest arrêté fit to leave.

    Raises:
        Faute: a masked count could be drawn from what is shown: nothing may leave.
    """
    for table in ("a_diffuser", "cellules", "relations"):
        sql = (_ICI / f"{table}.sql").read_text(encoding="utf-8")
        con.execute(f"create or replace table chantier.{table} as {sql}")
    temoins, petits, en_plus = _masquer(con)
    valeurs = (_ICI / "valeurs.sql").read_text(encoding="utf-8")
    lignes = nombre(con, f"insert into diffusion.valeurs by name {valeurs}")
    eprouver(con, temoins)
    return Diffusion(lignes, petits, en_plus)


def _masquer(con: duckdb.DuckDBPyConnection) -> tuple[Nombres, int, int]:
    """Mask further counts until none can be pinned down; gives what is possible, and how many.

    Among the counts that give another away, the least useful goes: a month before a year, a
    modality before a total, a department before the region, the smallest.
    """
    comptes = con.execute(
        """
        select
            variable,
            any_value(diffusable(vrai)),
            bool_and(entier),
            max([
                cast(maille = 'region' as integer),
                cast(ventilation = 'total' as integer),
                list_position(['mois', 'annee_scolaire', 'annee', 'cumul'], type_periode)
            ]),
            any_value(vrai)
        from chantier.cellules
        group by all
        order by variable
        """
    ).fetchall()
    if not comptes:
        return np.empty((0, 0)), 0, 0
    variables, montres, entiers, utilites, vrais = zip(*comptes, strict=True)
    attaque = Attaque(montres, entiers, _relations(con, variables))
    petits = sum(montre is None for montre in montres)
    if not petits:
        return np.empty((0, 0)), 0, 0
    masquees: set[int] = set()
    while devinables := _sans_contradiction(attaque.devinables):
        choix = {
            min(coupables, key=lambda v: (utilites[v], vrais[v], v))
            for coupables in devinables.values()
        }
        for variable in sorted(choix):
            attaque.masquer(variable)
        masquees |= choix
    con.execute("create or replace table chantier.masquees (variable bigint)")
    inserer(con, "chantier.masquees", [[variables[v]] for v in sorted(masquees)])
    for mesure in ("numerateur", "denominateur", "a_date"):
        colonne = "numerateur_a_date" if mesure == "a_date" else mesure
        con.execute(
            f"""
            update chantier.a_diffuser as a
            set {colonne} = null {", masque = true" if mesure != "a_date" else ""}
            from chantier.cellules as c
            join chantier.masquees as m using (variable)
            where
                c.mesure = '{mesure}'
                and (a.indicateur, a.territoire, a.periode, a.ventilation, a.modalite)
                = (c.indicateur, c.territoire, c.periode, c.ventilation, c.modalite)
            """
        )
    return _sans_contradiction(lambda: attaque.temoins), petits, len(masquees)


def _sans_contradiction(chercher: Callable[[], _Trouve]) -> _Trouve:
    """What is found in what would be shown.

    Raises:
        Faute: no numbers could be it, as where there are negative counts.
    """
    try:
        return chercher()
    except ValueError as erreur:
        raise Faute(f"Rien ne peut sortir : ce qui serait montré se contredit ({erreur})") from None


def _relations(con: duckdb.DuckDBPyConnection, variables: Iterable[int]) -> Relations:
    """How counts add up, by the rank of each among `variables`."""
    rangs = {variable: rang for rang, variable in enumerate(variables)}
    debuts: list[int] = []
    suite: list[int] = []
    egales: list[bool] = []
    derniere = None
    for relation, tout, partie, egale in con.execute("from chantier.relations").fetchall():
        if relation != derniere:
            derniere = relation
            debuts.append(len(suite))
            egales.append(egale)
            suite.append(rangs[tout])
        suite.append(rangs[partie])
    return Relations(
        np.array(debuts, dtype=np.int32),
        np.array(suite, dtype=np.int32),
        np.array(egales, dtype=bool),
    )


def eprouver(con: duckdb.DuckDBPyConnection, temoins: Nombres) -> None:
    """Try what is about to leave, as it is in `diffusion.valeurs`, against what is possible.

    Args:
        con: a warehouse under construction, `diffusion.valeurs` filled.
        temoins: numbers that the counts could be, a row for each way, in the order of variables.

    Raises:
        Faute: they contradict what is shown, or leave a masked count less than three numbers.
    """
    lus = con.execute(
        """
        select
            c.variable,
            any_value(m.montre),
            bool_and(c.entier),
            count(m.montre) between 1 and count(*) - 1 as montree_ailleurs
        from chantier.cellules as c
        left join (
            unpivot (
                select
                    indicateur, territoire, periode, ventilation, modalite, numerateur,
                    denominateur, precedente_a_date as a_date
                from diffusion.valeurs
            )
            on numerateur, denominateur, a_date into name mesure value montre
        ) as m using (indicateur, territoire, periode, ventilation, modalite, mesure)
        group by all
        order by c.variable
        """
    ).fetchall()
    if all(montre is not None and not ailleurs for _, montre, _, ailleurs in lus):
        return
    variables, montres, entiers, ailleurs = zip(*lus, strict=True)
    bas, haut = bornes(montres, entiers)
    montrees = np.array([montre is not None for montre in montres])
    relations = _relations(con, variables)
    sures = _sans_contradiction(lambda: prouve(bas, haut, relations, temoins)) | montrees
    sures &= ~np.array(ailleurs)
    if not sures.all():
        raise Faute(
            f"Rien ne peut sortir : {int((~sures).sum())} effectifs masqués se devinent de ce qui "
            "serait montré"
        )
