"""The queries that make the values of an arrêté from plain CSV, in the order that they run.

The SQL of indicators and of the roll-up is the program's own; typed reading and the row in force
are what one writes who checks nothing. Running them does not belong here: `nu` does, and dbt.
Deliveries are in the form NUE, or those that `livraisons.nues` takes from a warehouse.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines import contrats, feuille_de_route
from pipelines.entrepot import faits, tables
from pipelines.indicateurs import comptage, definition
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.reception import table
from pipelines.sql import texte
from tests.entrepots import en_memoire

SCHEMAS = ("referentiel", "livraisons", "faits", "mesures", "chantier")
RESULTAT = "chantier.valeurs"
_DE_LA_FEUILLE = ("territoires", "codes", "cibles", "references_nationales")
_DU_PROGRAMME = ("indicateurs", "modalites", "arretes", "datees")
_INDICATEURS = Path(comptage.__file__).parent
_MACRO = re.compile(r"^create or replace macro (\w+)\(.*?;$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Requete:
    """A table `schema.nom`, what it is made of, and the tables of the list that it reads."""

    schema: str
    nom: str
    sql: str
    lit: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """Its name with its schema."""
        return f"{self.schema}.{self.nom}"


@dataclass(frozen=True)
class Programme:
    """What to run: `avant` makes macros and the small tables of the roadmap."""

    avant: tuple[str, ...]
    requetes: tuple[Requete, ...]

    def script(self, sortie: Path) -> str:
        """All of it as one text, which writes the values to a Parquet file."""
        faire = (f"create table {r.table} as {r.sql}" for r in self.requetes)
        ecrire = f"copy {RESULTAT} to {texte(str(sortie))} (format parquet)"
        return ";\n".join([*self.avant, *faire, ecrire])


def ecrire(raw: Path, arrete: str, fixes: Path) -> Programme:
    """The queries that make the values at an arrêté of the deliveries of a folder.

    Args:
        raw: plain CSV, with the columns of an extract in the same order in all of its files.
        arrete: AAAA-MM.
        fixes: a folder for the tables of the roadmap, which are written here.
    """
    feuille = feuille_de_route.lire()
    regles = contrats.regles_de(feuille)
    indicateurs = definition.lire()
    livres = {nom: r for nom, r in regles.items() if any((raw / nom).glob("*.csv"))}
    comptes = [i for i in indicateurs if i.extrait in livres]
    with en_memoire(regles.values(), indicateurs, feuille) as con:
        comptage.preparer(con, comptes, regles, [arrete])
        for contrat in regles.values():
            faits.ouvrir(con, contrat)
        mesures = [_mesure(con, i, arrete) for i in comptes]
        avant = [
            *(f"create schema if not exists {schema}" for schema in SCHEMAS),
            *_fixes(con, fixes),
            *_macros([i.sql for i in comptes], arrete),
        ]
    lues = [_livraisons(raw, contrat) for contrat in livres.values()]
    en_vigueur = [_faits(contrat, arrete) for contrat in livres.values()]
    suites = [*_suites(livres, mesures, arrete)]
    roule = Requete(
        "chantier",
        "valeurs",
        (_INDICATEURS / "valeurs.sql").read_text("utf-8"),
        tuple(r.table for r in suites),
    )
    return Programme(tuple(avant), (*lues, *en_vigueur, *mesures, *suites, roule))


def _fixes(con: duckdb.DuckDBPyConnection, dossier: Path) -> Iterable[str]:
    """The tables that come from the roadmap and from the heads of indicators, as files."""
    dossier.mkdir(parents=True, exist_ok=True)
    noms = [f"referentiel.{nom}" for nom in _DE_LA_FEUILLE]
    for nom in [*noms, *(f"chantier.{nom}" for nom in _DU_PROGRAMME)]:
        fichier = texte(str(dossier / f"{nom}.parquet"))
        con.execute(f"copy (from {nom}) to {fichier} (format parquet)")
        yield f"create or replace table {nom} as from read_parquet({fichier})"


def _macros(requetes: Iterable[str], arrete: str) -> list[str]:
    """The macros that queries call, and those of the roll-up; the arrêté is a constant."""
    partagees = {m[1]: m[0] for m in _MACRO.finditer(tables.MACROS.read_text("utf-8"))}
    partagees["arrete"] = f"create or replace macro arrete() as {texte(arrete)};"
    gardees: dict[str, str] = {}
    a_voir = [*requetes, "fin_du_mois("]
    while a_voir:
        texte_vu = a_voir.pop()
        for nom in partagees.keys() - gardees.keys():
            if re.search(rf"\b{nom}\(", texte_vu):
                gardees[nom] = partagees[nom]
                a_voir.append(partagees[nom].partition(")")[2])
    du_calcul = [
        m[0]
        for fichier in ("periodes.sql", "comparaisons.sql")
        for m in _MACRO.finditer(
            (_INDICATEURS / fichier)
            .read_text("utf-8")
            .replace("replace temp macro", "replace macro")
        )
    ]
    ordre = [nom for nom in partagees if nom in gardees]
    return [sql.removesuffix(";") for sql in (*map(gardees.get, ordre), *du_calcul) if sql]


def _livraisons(raw: Path, contrat: Regles) -> Requete:
    """The rows delivered, typed as they are read."""
    fichiers = sorted((raw / contrat.nom).glob("*.csv"))
    with fichiers[0].open(encoding="utf-8", newline="") as lu:
        entetes = next(csv.reader(lu, delimiter=";"))
    types = {nom: type_ for nom, (type_, _) in tables.colonnes("livraisons", contrat).items()}
    colonnes = ", ".join(f"'{nom}': '{types.get(nom, 'DATE')}'" for nom in entetes)
    choix = [_lue(nom, contrat) for nom in entetes]
    return Requete(
        "livraisons",
        table(contrat.nom),
        f"""
        select
            {", ".join(choix)},
            {"retrait" if "retrait" in entetes else "false"} as retrait,
            left(parse_filename(filename), 7) as mois_livraison
        from read_csv(
            {texte(str(raw / contrat.nom / "*.csv"))},
            auto_detect = false, header = true, delim = ';', quote = '"', escape = '"',
            dateformat = '%Y-%m-%d', filename = true, columns = {{{colonnes}}}
        )
        """,
    )


def _lue(nom: str, contrat: Regles) -> str:
    """A column as it is kept: an age in place of a birth date."""
    colonne = contrat.colonnes.get(nom)
    if colonne and colonne.age_le:
        return f"cast(year(age({colonne.age_le}, {nom})) as bigint) as age"
    return f'"{nom}"'


def _faits(contrat: Regles, arrete: str) -> Requete:
    """The row in force for each key, codes standing for those that they count as."""
    nom = table(contrat.nom)
    colonnes = [c for c in tables.colonnes("faits", contrat) if c not in _AJOUTEES]
    choix = ", ".join(faits._comptee(c, contrat) for c in colonnes)
    cle = ", ".join(contrat.cle)
    return Requete(
        "faits",
        nom,
        f"""
        select {choix}
        from (
            from livraisons.{nom}
            where mois_livraison <= {texte(arrete)}
            qualify row_number() over (partition by {cle} order by mois_livraison desc) = 1
        )
        where not retrait
        """,
        (f"livraisons.{nom}",),
    )


_AJOUTEES = {*tables.PROVENANCE, tables.TERRITOIRE, "corrige"}


def _mesure(con: duckdb.DuckDBPyConnection, i: Indicateur, arrete: str) -> Requete:
    """What an indicator counts."""
    con.execute(f"set variable arrete = {texte(arrete)}")
    decrites = con.execute(f"describe ({i.sql})").fetchall()
    types = {nom: type_ for nom, type_, *_ in decrites}
    temps = next(nom for nom in comptage.TEMPS if nom in types)
    if temps in ("jour", "mois"):
        con.execute("insert into chantier.datees values (?)", [i.nom])
    requete = comptage.requete_des_mesures(i, types)
    brutes = f"(select {texte(arrete)} as arrete, * from ({i.sql}))"
    return Requete(
        "mesures",
        i.nom,
        requete.replace("temp.brutes", brutes),
        (f"faits.{table(i.extrait)}",),
    )


def _suites(
    livres: Mapping[str, Regles], mesures: Sequence[Requete], arrete: str
) -> Iterable[Requete]:
    """What the roll-up reads: all measures, and which months were delivered."""
    yield Requete(
        "chantier",
        "mesures",
        " union all by name ".join(
            f"""
            select
                indicateur, arrete, debut, territoire, ventilation, modalite,
                cast(numerateur as double) as numerateur,
                cast(denominateur as double) as denominateur
            from {m.table}
            """
            for m in mesures
        ),
        tuple(m.table for m in mesures),
    )
    yield Requete(
        "chantier",
        "livraisons",
        " union all ".join(
            f"select distinct '{nom}' as extrait, mois_livraison as mois "
            f"from livraisons.{table(nom)}"
            for nom in livres
        ),
        tuple(f"livraisons.{table(nom)}" for nom in livres),
    )
    mensuels = [nom for nom, contrat in livres.items() if "mois" in contrat.colonnes]
    vide = "select '' as extrait, '' as arrete, date '2000-01-01' as mois where false"
    yield Requete(
        "chantier",
        "mois_presents",
        " union all ".join(
            [
                vide,
                *(
                    f"select distinct '{nom}', {texte(arrete)}, cast(mois || '-01' as date) "
                    f"from faits.{table(nom)}"
                    for nom in mensuels
                ),
            ]
        ),
        tuple(f"faits.{table(nom)}" for nom in mensuels),
    )
