"""The measures of indicators, counted by Spark from the kept readings.

Views of a session of Spark stand for the tables of the warehouse under construction: `livraisons_X`
are the rows of the deliveries in force, `chantier_X` these with the month that ended them,
`faits_X_AAAA_MM` the facts at a month. How the SQL is carried over is in `traduction`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipelines.corrections import registre
from pipelines.corrections.registre import Correction
from pipelines.entrepot import faits, tables
from pipelines.erreurs import Faute
from pipelines.indicateurs import comptage
from pipelines.indicateurs.definition import Indicateur
from pipelines.ingestion import cles
from pipelines.ingestion.controle import RETRAIT, Regles
from pipelines.ingestion.reception import FEUILLE, Reception, colonnes_chargees, table
from pipelines.moteur import session
from pipelines.moteur.traduction import MACROS, NonPortable, Schema, Traducteur, a_l_arrete, vue
from pipelines.sql import texte

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from pipelines.atelier import Atelier

_TYPES = {"VARCHAR": "string", "BIGINT": "bigint", "DOUBLE": "double", "DATE": "date",
          "BOOLEAN": "boolean"}  # fmt: skip
_SANS_LIGNES = re.compile(r"(?:faits|historique|livraisons|indicateurs)[.]")
_PLI = "_pli_"
_AJOUTEES = ("mois_livraison", "fichier", FEUILLE)
_SOURCES = pa.schema(
    [
        ("lot", pa.string()),
        ("rejets", pa.string()),
        ("mois_livraison", pa.string()),
        ("fichier", pa.string()),
        ("feuilles", pa.list_(pa.string())),
    ]
)
_REJETEES = pa.schema([(FEUILLE, pa.int64()), ("ligne", pa.int64()), ("fichier", pa.string())])


@contextmanager
def ouvrir(atelier: "Atelier") -> Iterator[None]:
    """Have the indicators of a run counted by Spark.

    Raises:
        Faute: Spark cannot be had, or would not compute all of them exactly; nothing is computed.
    """
    regles, feuille = atelier.regles, atelier.feuille
    corrections = {nom: registre.actives(feuille, contrat) for nom, contrat in regles.items()}
    with duckdb.connect() as vide:
        vide.execute("attach ':memory:' as chantier")
        tables.creer(vide, regles.values())
        for contrat in regles.values():
            tables.creer_table(vide, "faits", contrat)
        tables.charger_referentiel(vide, feuille, atelier.indicateurs)
        requetes = Requetes(vide, regles, corrections)
        if refus := requetes.refus(atelier.indicateurs):
            raise Faute(
                "Spark ne donnerait pas exactement les mêmes valeurs que DuckDB :\n  - "
                + "\n  - ".join(refus)
                + "\nRien n'est calculé. Les écrire autrement, ou relancer sans «--moteur spark»."
            )
        with session.ouvrir(atelier.chantier.dossier) as ouverte:
            atelier.ailleurs = Spark(atelier.con, ouverte, requetes)
            try:
                yield
            finally:
                atelier.ailleurs = None


class Requetes:
    """What is asked of Spark: the queries of DuckDB, carried over."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        regles: Mapping[str, Regles],
        corrections: Mapping[str, Sequence[Correction]],
    ) -> None:
        """Carry over what is asked of extracts.

        Args:
            con: a warehouse with its roadmap and the tables of facts, which may have no row.
            regles: the contract of each extract.
            corrections: those that apply to each.
        """
        self.regles = regles
        self.schema = _schema(con, regles.values())
        self._con = con
        self._corrections = corrections
        self._traducteur = Traducteur(con, self.schema)

    def de(self, indicateur: Indicateur) -> str:
        """What an indicator counts at a month."""
        return self._traducteur.en_spark(indicateur.sql)

    def des_mesures(self, indicateur: Indicateur, types: Mapping[str, str]) -> str:
        """The measures of what it counted, whose columns have these types in DuckDB."""
        schema: Schema = {
            "referentiel": self.schema["referentiel"],
            "temp": {"brutes": types},
        }
        requete = comptage.requete_des_mesures(indicateur, types)
        return Traducteur(self._con, schema).en_spark(requete)

    def des_suivies(self, extrait: str) -> str:
        """All rows delivered of an extract, of which keys were folded already."""
        return self._traducteur.en_spark(_suivies(self.regles[extrait], self._corrections[extrait]))

    def des_faits(self, extrait: str) -> str:
        """The facts of an extract at a month."""
        return self._traducteur.en_spark(faits.a_compter(self.regles[extrait]))

    def refus(self, indicateurs: Iterable[Indicateur]) -> list[str]:
        """What Spark would not compute exactly of what indicators need; empty: all is well."""
        trouves: list[str] = []

        def essayer(ou: str, *traduire: Callable[[], str]) -> None:
            for traduction in traduire:
                try:
                    traduction()
                except NonPortable as cause:
                    trouves.append(f"{ou} : {cause}")

        for extrait in sorted({i.extrait for i in indicateurs}):
            essayer(extrait, partial(self.des_suivies, extrait), partial(self.des_faits, extrait))
        for i in indicateurs:
            types = types_de(self._con, i)
            essayer(str(i.chemin), partial(self.de, i), partial(self.des_mesures, i, types))
        return trouves


class Spark:
    """What counts indicators in Spark, for one run."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, session: "SparkSession", requetes: "Requetes"
    ) -> None:
        """Count for the warehouse under construction `con`.

        Args:
            con: its macros, its roadmap and, once asked, its facts.
            session: a session of Spark, for this object alone.
            requetes: what is to be asked of it.
        """
        self.con = con
        self.session = session
        self._requetes = requetes
        self._posees: set[str] = set()

    def lire(self, extrait: str, recues: Iterable[Reception]) -> None:
        """Have the rows of an extract followed in Spark, once.

        Args:
            extrait: `source/extrait`.
            recues: what became of its files, with their kept readings.

        Raises:
            Faute: Spark fails, or does not find there the facts that DuckDB has.
        """
        if extrait in self._posees:
            return
        self._posees.add(extrait)
        regles = self._requetes.regles[extrait]
        with session.fautes(f"lire les lectures gardées de {extrait}"):
            self._poser_les_livraisons(regles, [r for r in recues if r.statut == "acceptee"])
            # Computed once and for all: what is asked of it is planned without how it was made.
            suivies = self._requete(self._requetes.des_suivies(extrait)).localCheckpoint()
            suivies.createOrReplaceTempView(vue(f"chantier.{table(extrait)}"))
            trouvees = suivies.groupBy("mois_livraison", "remplacee_en").count().toArrow()
        temoin(self.con, regles, trouvees)

    def mesurer(
        self, indicateur: Indicateur, arretes: Iterable[str], types: Mapping[str, str]
    ) -> pa.Table:
        """The measures of an indicator at each month, as `chantier.mesures` has them.

        Args:
            indicateur: its extract was read.
            arretes: months, AAAA-MM.
            types: what DuckDB says of the columns that its SQL gives.

        Raises:
            Faute: Spark fails.
        """
        requete = self._requetes.de(indicateur)
        mesures = self._requetes.des_mesures(indicateur, types)
        with session.fautes(f"compter {indicateur.nom}"):
            parties = []
            for arrete in arretes:
                self._poser_le_mois(requete, indicateur.extrait, arrete)
                parties.append(
                    f"select {texte(arrete)} as arrete, * from ({a_l_arrete(requete, arrete)})"
                )
            brutes = self._requete(" union all ".join(parties))
            brutes.createOrReplaceTempView(vue("temp.brutes"))
            if indicateur.ventilations:  # read once for each
                brutes.persist()
            try:
                return self._requete(mesures).toArrow()
            finally:
                brutes.unpersist()

    def _requete(self, sql: str) -> "DataFrame":
        self._poser_le_referentiel(sql)
        return self.session.sql(sql)

    def _poser(self, nom: str, lignes: pa.Table) -> None:
        """Have a small table of this machine in Spark."""
        self._envoyer(lignes).createOrReplaceTempView(nom)

    def _envoyer(self, lignes: pa.Table) -> "DataFrame":
        if lignes.num_rows:
            return self.session.createDataFrame(lignes)
        # Spark Connect asks for the types of a table without rows, in words of its own.
        une = pa.Table.from_pylist([dict.fromkeys(lignes.column_names)], schema=lignes.schema)
        return self.session.createDataFrame(une).limit(0)

    def _poser_le_referentiel(self, sql: str) -> None:
        """Have the tables of the roadmap that a query reads."""
        for nom in self._requetes.schema["referentiel"]:
            place = vue(f"referentiel.{nom}")
            if re.search(rf"\b{place}\b", sql) and place not in self._posees:
                self._poser(place, self.con.execute(f"from referentiel.{nom}").to_arrow_table())
                self._posees.add(place)

    def _poser_le_mois(self, sql: str, extrait: str, arrete: str) -> None:
        """Have what a query reads that follows the month: facts, and macros that give a table."""
        nom = a_l_arrete(vue(f"faits.{table(extrait)}"), arrete)
        if nom not in self._posees:
            requete = self._requetes.des_faits(extrait)
            self._requete(a_l_arrete(requete, arrete)).createOrReplaceTempView(nom)
            self._posees.add(nom)
        for macro in self._requetes.schema[MACROS]:
            place = vue(f"{MACROS}.{macro}")
            nom = a_l_arrete(place, arrete)
            if place in sql and nom not in self._posees:
                self.con.execute(f"set variable arrete = {texte(arrete)}")
                self._poser(nom, self.con.execute(f"from {macro}()").to_arrow_table())
                self._posees.add(nom)

    def _poser_les_livraisons(self, regles: Regles, recues: Sequence[Reception]) -> None:
        """Have the accepted rows, as `ingestion.livraison.poser_lignes` loads them into DuckDB."""
        self._poser("sources", _sources(recues))
        self._lots(regles, recues).createOrReplaceTempView("lots")
        self._rejetees(recues).createOrReplaceTempView("rejetees")
        propres = [c for c in tables.colonnes("livraisons", regles) if c not in _AJOUTEES]
        choix = ", ".join(f"l.`{c}`" for c in propres)
        lignes = self.session.sql(
            f"""
            select
                {choix}, s.mois_livraison, s.fichier,
                nullif(try_element_at(s.feuilles, cast(l.{FEUILLE} as int)), '') as {FEUILLE}
            from lots as l
            join sources as s on l.fichier_lu = s.lot
            left anti join rejetees as r
                on r.{FEUILLE} = l.{FEUILLE} and r.ligne = l.ligne and r.fichier = s.fichier
            """
        )
        for nom, pli in _plis(regles).items():
            plies = self._envoyer(self._plier(regles, nom, pli))
            lignes = lignes.join(plies, lignes[nom] == plies["mot"], "left").drop("mot")
        lignes.createOrReplaceTempView(vue(f"livraisons.{table(regles.nom)}"))

    def _plier(self, regles: Regles, nom: str, pli: str) -> pa.Table:
        """The words of a key, with how keys compare each: DuckDB alone can say that exactly."""
        return self.con.execute(
            f"""
            select distinct "{nom}" as mot, {cles.pliees(regles)[nom]} as {pli}
            from livraisons.{table(regles.nom)} where "{nom}" is not null
            """
        ).to_arrow_table()

    def _lots(self, regles: Regles, recues: Sequence[Reception]) -> "DataFrame":
        """The rows of kept readings, as they lie, with the name of the file of each."""
        colonnes = {nom: _TYPES[type_] for nom, (type_, _) in colonnes_chargees(regles).items()}
        colonnes |= {RETRAIT: "boolean", FEUILLE: "bigint", "ligne": "bigint"}
        return self._parquet([r.gardee.pieces["lot"] for r in recues if r.gardee], colonnes)

    def _rejetees(self, recues: Sequence[Reception]) -> "DataFrame":
        """Rows that are rejected: `feuille`, `ligne`, `fichier`, of the files of `sources`."""
        lus = [
            r.gardee.pieces["rejets"] for r in recues if r.gardee and "rejets" in r.gardee.pieces
        ]
        croises = [(r.fichier.chemin, *rejet[:2]) for r in recues for rejet in r.croises]
        fichiers, feuilles, lignes = zip(*croises, strict=True) if croises else ((), (), ())
        croisees = self._envoyer(pa.table([feuilles, lignes, fichiers], schema=_REJETEES))
        if not lus:
            return croisees
        self._parquet(lus, {FEUILLE: "bigint", "ligne": "bigint"}).createOrReplaceTempView("lus")
        return self.session.sql(
            f"""
            select r.{FEUILLE}, r.ligne, s.fichier
            from lus as r join sources as s on r.fichier_lu = s.rejets
            """
        ).unionByName(croisees)

    def _parquet(self, chemins: Iterable[Path], colonnes: Mapping[str, str]) -> "DataFrame":
        schema = ", ".join(f"`{nom}` {type_}" for nom, type_ in colonnes.items())
        uniques = [chemin_de_spark(chemin) for chemin in dict.fromkeys(chemins)]
        if not uniques:
            return self.session.createDataFrame([], f"{schema}, fichier_lu string")
        lues = self.session.read.schema(schema).parquet(*uniques)
        return lues.select("*", lues["_metadata.file_name"].alias("fichier_lu"))


def chemin_de_spark(chemin: Path) -> str:
    """A file of this machine, as Spark reads it whatever its default file system is."""
    return "file://" + re.sub(r"([\\{}\[\]*?])", r"\\\1", str(chemin))


def _sources(recues: Iterable[Reception]) -> pa.Table:
    """Whose reading a file of Parquet is."""
    return pa.Table.from_pylist(
        [
            {
                "lot": r.gardee.pieces["lot"].name,
                "rejets": r.gardee.pieces["rejets"].name if "rejets" in r.gardee.pieces else None,
                "mois_livraison": r.fichier.mois,
                "fichier": r.fichier.chemin,
                "feuilles": r.feuilles,
            }
            for r in recues
            if r.gardee
        ],
        schema=_SOURCES,
    )


def temoin(con: duckdb.DuckDBPyConnection, regles: Regles, trouvees: pa.Table) -> None:
    """Compare the rows that Spark follows with those of DuckDB, month by month.

    Raises:
        Faute: they are not as many: Spark does not see all the kept readings, or not the same.
    """
    compte = con.execute(
        f"""
        from (select mois_livraison, remplacee_en, count(*) as n from chantier.{table(regles.nom)}
              group by all)
        full join (select mois_livraison as m, remplacee_en as r, "count" as s from trouvees)
            on m = mois_livraison and r is not distinct from remplacee_en
        select count(*) where n is distinct from s
        """
    ).fetchone()
    if compte and compte[0]:
        raise Faute(
            f"Spark ne trouve pas les mêmes faits que DuckDB ({regles.nom}) : rien n'est publié. "
            "Chaque machine de Spark doit lire le dossier de l'entrepôt, au même chemin."
        )


def _suivies(contrat: Regles, corrections: Iterable[Correction]) -> str:
    """The query of all rows delivered, corrected: where each is, and in which month it ended.

    It says what `entrepot.faits` does, whose own is made of the order that rows have in DuckDB.
    """
    cle = ", ".join(f'"{_plis(contrat).get(nom, nom)}"' for nom in contrat.cle)
    return faits.completees(
        contrat,
        corrections,
        f"""
        select *, lead(mois_livraison) over (
            partition by {cle} order by mois_livraison, fichier, feuille, ligne
        ) as remplacee_en
        from livraisons.{table(contrat.nom)}
        """,
    )


def types_de(con: duckdb.DuckDBPyConnection, indicateur: Indicateur) -> dict[str, str]:
    """The columns that the SQL of an indicator gives at a month, with their types in DuckDB."""
    con.execute("set variable arrete = '2000-01'")
    decrit = con.execute(f"describe select '' as arrete, * from ({indicateur.sql})").fetchall()
    return {nom: type_ for nom, type_, *_ in decrit}


def _schema(
    con: duckdb.DuckDBPyConnection, regles: Iterable[Regles]
) -> dict[str, dict[str, dict[str, str]]]:
    """The types of what is read in Spark."""
    regles = list(regles)

    def colonnes(schema: str, contrat: Regles) -> dict[str, str]:
        return {nom: type_ for nom, (type_, _) in tables.colonnes(schema, contrat).items()}

    return {
        "faits": {table(r.nom): colonnes("faits", r) for r in regles},
        "chantier": {table(r.nom): colonnes("historique", r) for r in regles},
        "livraisons": {
            table(r.nom): colonnes("livraisons", r) | dict.fromkeys(_plis(r).values(), "VARCHAR")
            for r in regles
        },
        "referentiel": {
            nom: {c: type_ for c, (type_, _) in details.items()}
            for nom, details in tables.modele("referentiel").items()
        },
        MACROS: _macros_du_mois(con),
    }


def _macros_du_mois(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """The macros that give a table and depend on nothing but the month, with their columns."""
    con.execute("set variable arrete = '2000-01'")
    return {
        nom: {c: t for c, t, *_ in con.execute(f"describe from {nom}()").fetchall()}
        for nom, corps in con.execute(
            """
            select function_name, macro_definition from duckdb_functions()
            where not internal and function_type = 'table_macro' and parameters = []
            """
        ).fetchall()
        if not _SANS_LIGNES.search(corps)
    }


def _plis(regles: Regles) -> dict[str, str]:
    """Of the columns of the key, those that are compared folded, with the column of the fold."""
    pliees = [nom for nom, pli in cles.pliees(regles).items() if pli != f'"{nom}"']
    return {nom: f"{_PLI}{n}" for n, nom in enumerate(pliees)}
