"""What pages are made from: the published warehouse at one arrêté, read once.

The public version reads `diffusion.valeurs` where the inner one reads `indicateurs.valeurs`, and
nothing else of the region's figures. What is said of it does not belong here.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from pipelines import vues
from pipelines.edition.contenu import MASQUE, PROVISOIRE, RECENTE, Nombre
from pipelines.entrepot import chantier
from pipelines.erreurs import Faute
from pipelines.mois import valide
from pipelines.sql import moderer, nombre, nommees, texte

Valeur = dict[str, Any]
"""A row of `valeurs.sql`."""

_SQL = Path(__file__).with_name("valeurs.sql")
_ETATS = {"provisoire": PROVISOIRE, "recente": RECENTE}
_LISIBLE = "indicateurs.lisible"


@dataclass
class Source:
    """The published warehouse, open, at an arrêté; `publique` for what may leave."""

    con: duckdb.DuckDBPyConnection
    arrete: str
    publique: bool

    def lignes(self, sql: str, valeurs: Sequence[object] = ()) -> list[dict[str, Any]]:
        """The rows of a query."""
        return nommees(self.con, sql, valeurs)

    def nombre(self, sql: str) -> int:
        """The one number that a query gives."""
        return nombre(self.con, sql)

    @cached_property
    def valeurs(self) -> list[Valeur]:
        """All the values, in the order of the bilan."""
        return self.lignes(_SQL.read_text(encoding="utf-8"))

    @cached_property
    def par_indicateur(self) -> dict[str, list[Valeur]]:
        """The same, by indicator; each in that order."""
        trouvees: dict[str, list[Valeur]] = {}
        for valeur in self.valeurs:
            trouvees.setdefault(valeur["indicateur"], []).append(valeur)
        return trouvees

    @cached_property
    def en_cours(self) -> list[str]:
        """The years and school years that are not over."""
        annees = (v for v in self.valeurs if v["type_periode"] in ("annee", "annee_scolaire"))
        return sorted({v["periode"] for v in annees if v["provisoire"]})

    @cached_property
    def territoires(self) -> list[dict[str, Any]]:
        """The territories, in the order of the roadmap."""
        return self.lignes("select * from referentiel.territoires order by rowid")

    def de_maille(self, maille: str) -> list[dict[str, Any]]:
        """Those of a kind: `region`, `departement`, `academie`."""
        return [t for t in self.territoires if t["maille"] == maille]

    @property
    def region(self) -> dict[str, Any]:
        """The region."""
        return self.de_maille("region")[0]

    @cached_property
    def indicateurs(self) -> dict[str, dict[str, Any]]:
        """The indicators, by name, in the order of the bilan."""
        tous = {i["indicateur"]: i for i in self.lignes("select * from referentiel.indicateurs")}
        return {nom: tous[nom] for nom in self.par_indicateur}

    @cached_property
    def objectifs(self) -> list[dict[str, Any]]:
        """The objectives, in order."""
        return self.lignes("select * from referentiel.objectifs order by objectif")

    @cached_property
    def orientations(self) -> list[dict[str, Any]]:
        """The orientations as `bilan.orientations` says them, with their numbers; not in public."""
        return self.lignes(
            """
            select v.*, t.territoire as code_territoire, t.maille, a.valeur_initiale,
                a.valeur_actuelle, a.valeur_cible, a.taux_atteinte, a.taux_avancement, a.indicateur,
                row_number() over () as rang
            from bilan.orientations as v
            join referentiel.territoires as t on v.territoire = t.libelle
            join orientations.avancement as a
                on v.orientation = a.orientation and t.territoire = a.territoire
                and v.arrete = a.arrete
            order by rang
            """
        )

    @cached_property
    def redaction(self) -> list[dict[str, Any]]:
        """What the printed bilan says, sentence by sentence (`bilan.redaction`)."""
        return self.lignes("from bilan.redaction")

    @cached_property
    def livraisons(self) -> list[dict[str, Any]]:
        """The files delivered up to the arrêté, and what they became, the newest first.

        A file whose name says no month is among them, refused.
        """
        return self.lignes(
            """
            from qualite.livraisons where coalesce(mois_livraison, '') <= arrete()
            order by mois_livraison desc nulls first, fichier
            """
        )

    @cached_property
    def revisions(self) -> list[dict[str, Any]]:
        """`bilan.revisions` up to the arrêté, with texts, `maille` and `relatif`.

        The newest first, in each the region's totals, then the largest, `relatif` to the old value.
        """
        return self.lignes(
            """
            select
                r.*,
                t.maille,
                abs(r.ecart) / nullif(abs(r.valeur_avant), 0) as relatif,
                affiche(r.valeur_avant, r.unite) as t_avant,
                affiche(r.valeur_apres, r.unite) as t_apres,
                affiche_changement(
                    100 * r.ecart / nullif(abs(r.valeur_avant), 0), r.ecart, r.unite
                ) as t_ecart
            from bilan.revisions as r
            join referentiel.territoires as t on r.territoire = t.territoire
            where r.arrete_apres <= arrete()
            order by
                r.arrete_apres desc, t.maille <> 'region' or r.ventilation <> 'total',
                relatif desc nulls last, r.indicateur, r.periode, t.rowid, r.ventilation,
                r.modalite
            """
        )

    @cached_property
    def sans_lignes(self) -> frozenset[str]:
        """The indicators of which the macro `lignes` gives no row, and says why."""
        corps = self.lignes(
            "select macro_definition from duckdb_functions() where function_name = 'lignes'"
        )
        dits = " ".join(c["macro_definition"] for c in corps)
        return frozenset(re.findall(r"« (\w+) » se calcule en plusieurs étapes", dits))

    @cached_property
    def imprimes(self) -> list[dict[str, Any]]:
        """The printed figures beside those computed, in the order of the printed bilans."""
        return self.lignes(
            """
            select
                c.*,
                t.libelle as nom_territoire,
                en_francais(c.valeur, c.decimales) || if(c.unite = '%', ' %', '') as t_imprime,
                en_francais(c.valeur_calculee, c.decimales)
                || if(c.unite = '%', ' %', '') as t_calcule
            from rapprochement.chiffres as c
            join referentiel.territoires as t on c.territoire = t.territoire
            order by c.bilan desc, c.ligne, c.chiffre
            """
        )


def source_de(source: Source, table: str) -> str:
    """The source line of what comes from a table."""
    if source.publique:
        table = table.replace("indicateurs.valeurs", "diffusion.valeurs")
    return f"Source : {table}, arrêté {source.arrete}."


def nombre_de(valeur: Valeur, mesure: str = "valeur", etat: bool = True) -> Nombre | None:
    """A measure of a value, as it is shown; none where there is none.

    A count that may not leave is a number without value, marked `masqué`. `mesure` is a column of
    `indicateurs.valeurs`, or `precedente`, the value a year earlier.
    """
    if mesure == "valeur" and valeur["masque"]:
        return Nombre(None, MASQUE, valeur["unite"], MASQUE, cle_de(valeur, mesure))
    unite = valeur["unite"]
    chiffre = valeur.get(mesure)
    if mesure == "precedente":
        ecart = valeur["ecart"]
        chiffre = None if ecart is None else valeur["valeur"] - ecart
    if mesure in ("evolution", "evolution_a_date"):
        if unite == "%":
            chiffre = valeur[mesure.replace("evolution", "ecart")]
        unite = "points" if unite == "%" else "%"
    elif mesure in ("part", "taux_cible"):
        unite = "%"
    if chiffre is None:
        return None
    marque = _ETATS.get(valeur["maturite"], "") if etat else ""
    return Nombre(chiffre, valeur[f"t_{mesure}"], unite, marque, cle_de(valeur, mesure))


def cle_de(valeur: Valeur, mesure: str) -> tuple[str, ...]:
    """The key of a number that a value gives."""
    return (
        valeur["indicateur"], valeur["territoire"], valeur["periode"], valeur["ventilation"],
        valeur["modalite"], mesure,
    )  # fmt: skip


@contextmanager
def ouvrir(warehouse: Path, arrete: str = "", publique: bool = False) -> Iterator[Source]:
    """The published warehouse of a folder, at an arrêté or at the newest.

    Raises:
        Faute: there is none, or that month is not in it, or may not leave.
    """
    if arrete:
        valide(arrete, "--arrete")
    fichier = chantier.fichier(warehouse)
    publies = chantier.mois_publies(warehouse)
    if not publies:
        raise Faute(f"Aucun entrepôt publié dans «{warehouse}» : lancez d'abord «bilan refresh».")
    if arrete and arrete not in publies:
        raise Faute(
            f"{arrete} n'est pas un mois publié : ceux de l'entrepôt vont de {publies[0]} à "
            f"{publies[-1]} (bilan refresh --arrete {arrete} le calculerait)."
        )
    if publique and arrete and arrete != publies[-1]:
        raise Faute(
            f"Seul le dernier arrêté peut sortir de l'administration : {publies[-1]}. Demandez-le, "
            "ou ne donnez pas --public."
        )
    try:
        con = duckdb.connect(fichier, read_only=True)
    except duckdb.Error as erreur:
        dit = str(erreur).split("\n\n")[0].strip()
        raise Faute(f"L'entrepôt «{fichier}» ne s'ouvre pas : {dit}") from None
    with con:
        moderer(con)
        con.execute(f"set variable arrete = {texte(arrete or publies[-1])}")
        if not nombre(con, "select count(*) from duckdb_views() where view_name = 'lisible'"):
            raise Faute(
                f"«{fichier}» a été publié par une version antérieure : relancez «bilan refresh»."
            )
        con.execute(f"create temp view lisible as {_lisible(con, publique)}")
        yield Source(con, arrete or publies[-1], publique)


def _lisible(con: duckdb.DuckDBPyConnection, publique: bool) -> str:
    """`indicateurs.lisible`, or the same query on `diffusion.valeurs`, with the column `masque`."""
    if not publique:
        return f"select *, false as masque from {_LISIBLE}"
    [vue] = [v for v in vues.lire() if v.table == _LISIBLE]
    # By the text: a query that DuckDB writes back from its parsed form does not always bind.
    sql = vue.sql.replace("indicateurs.valeurs", "diffusion.valeurs")
    con.execute(f"create temp view diffusees as {sql}")
    return """
        select l.*, d.masque from diffusees as l
        join diffusion.valeurs as d
            using (indicateur, territoire, periode, type_periode, ventilation, modalite)
    """
