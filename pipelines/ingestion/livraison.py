"""The files of one extract: each read and checked, keys compared, versions chosen, rows loaded.

Works on the tables of a warehouse under construction (`livraisons.*`, `qualite.livraisons`,
`qualite.rejets`). What the rows mean together, as of an arrêté, does not belong here.
"""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.erreurs import Refus
from pipelines.ingestion import lecture
from pipelines.ingestion.cellules import LIGNE
from pipelines.ingestion.controle import MASQUE, RETRAIT, SCHEMA_REJETS, Regles, controler
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.gardees import Gardees, Lecture
from pipelines.ingestion.octets import Octets, tenir
from pipelines.ingestion.personnes import depersonnaliser
from pipelines.sql import nombre

PART_TOLEREE, REJETS_TOLERES = 0.05, 3


@dataclass
class Bilan:
    """What became of one file: the counts and words of its row in `qualite.livraisons`."""

    fichier: Fichier
    sha256: str = ""
    octets: int = 0
    lignes: int = 0
    rejetees: int = 0
    ignorees: int = 0
    statut: str = "acceptee"
    motif: str | None = None
    reconnu: lecture.Reconnu | None = None

    @property
    def acceptees(self) -> int:
        """Rows that load; none in a refused file."""
        return 0 if self.statut == "refusee" else self.lignes - self.ignorees - self.rejetees

    def refuser(self, *motifs: str) -> None:
        """Refuse the whole file."""
        self.statut, self.motif = "refusee", " ; ".join(motifs)


def table(extrait: str) -> str:
    """Name of the table of an extract in each schema: `ofii_cir_signataires`."""
    return extrait.replace("/", "_")


def fin_de_mois(mois: str) -> date:
    """Last day of a month AAAA-MM."""
    annee, numero = map(int, mois.split("-"))
    return date(annee, numero, calendar.monthrange(annee, numero)[1])


def charger(
    con: duckdb.DuckDBPyConnection,
    raw: Path,
    fichiers: Iterable[Fichier],
    regles: Regles,
    cle: bytes,
    gardees: Gardees | None = None,
) -> Iterator[Bilan]:
    """Load all the deliveries of one extract, month after month; yields what became of each file.

    Args:
        con: the warehouse under construction.
        raw: folder that the paths of `fichiers` are relative to.
        fichiers: the files of this extract, those out of form included.
        regles: the contract.
        cle: secret of the pseudonyms.
        gardees: readings kept from earlier refreshes.
    """
    con.begin()  # one transaction, or each small insertion would wait for the disk
    fichiers = sorted(fichiers)
    yield from ecarter(con, raw, [f for f in fichiers if f.motif])
    en_forme = [f for f in fichiers if not f.motif]
    for _, du_mois in groupby(sorted(en_forme, key=lambda f: f.mois), key=lambda f: f.mois):
        preparer_cles(con, regles)
        par_partie = sorted(du_mois, key=lambda f: (f.partie, -f.version))
        parties = [list(versions) for _, versions in groupby(par_partie, key=lambda f: f.partie)]
        for versions in sorted(parties, key=lambda v: v[0].chemin):
            en_vigueur = False
            for fichier in versions:
                bilan = examiner(con, raw / fichier.chemin, fichier, regles, cle, gardees)
                if bilan.statut == "acceptee" and en_vigueur:
                    bilan.statut = "remplacee"
                elif bilan.statut == "acceptee":
                    _retenir(con, fichier, regles)
                    en_vigueur = True
                _inscrire(con, bilan)
                yield bilan
            con.execute("insert into cles from cles_de_la_partie; truncate cles_de_la_partie")
    con.commit()


def ecarter(con: duckdb.DuckDBPyConnection, raw: Path, fichiers: Iterable[Fichier]) -> list[Bilan]:
    """List files whose name or place refuses them."""
    bilans = []
    for fichier in fichiers:
        bilan = Bilan(fichier, *_empreinte(raw / fichier.chemin))
        bilan.refuser(fichier.motif)
        _inscrire(con, bilan)
        bilans.append(bilan)
    return bilans


def _empreinte(chemin: Path) -> tuple[str, int]:
    try:
        with tenir(chemin) as tenu:
            return tenu.sha256, tenu.taille
    except Refus:
        return "", 0


def examiner(
    con: duckdb.DuckDBPyConnection,
    chemin: Path,
    fichier: Fichier,
    regles: Regles,
    cle: bytes,
    gardees: Gardees | None = None,
) -> Bilan:
    """Read and check one file into the temporary tables `lot` and `lot_rejets`.

    Keys are compared inside the file and with those of the temporary table `cles`.
    """
    bilan = Bilan(fichier)
    _creer_lot(con, regles)
    try:
        with tenir(chemin) as tenu:
            bilan.sha256, bilan.octets = tenu.sha256, tenu.taille
            nom = gardees.nom(regles, fichier.mois, bilan.sha256) if gardees else ""
            gardee = gardees.reprendre(con, nom) if gardees else None
            try:
                lu = gardee or _lire(con, tenu.octets(), fichier, regles, cle)
            finally:  # what is wrong with it may be that it was being written
                tenu.verifier()
        bilan.lignes, bilan.ignorees, bilan.reconnu = lu.lignes, lu.ignorees, lu.reconnu
    except Refus as refus:
        bilan.refuser(*refus.motifs)
    if bilan.statut == "refusee":
        _creer_lot(con, regles)
        bilan.lignes = bilan.ignorees = 0
        return bilan
    if gardees and gardee is None:
        gardees.garder(con, nom, lu, regles)
    _rejeter_doubles(con, regles)
    bilan.rejetees = nombre(con, "select count(distinct ligne) from lot_rejets")
    a_charger = bilan.lignes - bilan.ignorees
    if not a_charger:
        totaux = " (rien que des totaux)" if bilan.ignorees else ""
        bilan.refuser(f"aucune ligne sous l'en-tête{totaux}")
    elif bilan.rejetees == a_charger:
        bilan.refuser(f"toutes les lignes sont rejetées ({a_charger})")
    elif bilan.rejetees > REJETS_TOLERES and bilan.rejetees > PART_TOLEREE * a_charger:
        bilan.refuser(
            f"{bilan.rejetees} lignes rejetées sur {a_charger}, plus de {PART_TOLEREE:.0%} : "
            "corriger le fichier et le redéposer"
        )
    return bilan


def _lire(
    con: duckdb.DuckDBPyConnection, contenu: Octets, fichier: Fichier, regles: Regles, cle: bytes
) -> Lecture:
    """Read and check a file by itself, batch by batch."""
    fin = fin_de_mois(fichier.mois) if fichier.mois else None
    entete = lecture.ouvrir(contenu, regles.obligatoires, regles.connues)
    lues = ignorees = 0
    for lot in lecture.lots(entete, regles.connues, regles.cle):
        lues += lot.height
        a_controler = lot.filter(lot[lecture.TOTAL].not_())
        ignorees += lot.height - a_controler.height
        if not a_controler.height:
            continue
        lignes, rejets = controler(a_controler, regles, fin)
        lignes = depersonnaliser(lignes, regles, cle).rename({LIGNE: "ligne"})
        _ajouter(con, "lot", lignes)
        _ajouter(con, "lot_rejets", rejets)
    return Lecture(lues, ignorees, entete.reconnu)


def _ajouter(con: duckdb.DuckDBPyConnection, cible: str, lignes: pl.DataFrame) -> None:
    if lignes.height:
        # DuckDB finds it by its name: to register it would make a view, as dear as the insertion.
        # Of a stream it asks nothing more; of a table of pyarrow, modules that take pandas along.
        flux = lignes.__arrow_c_stream__()  # noqa: F841
        con.execute(f"insert into {cible} by name from flux")


TYPES_DUCKDB: dict[Any, str] = {
    pl.String: "VARCHAR",
    pl.Int64: "BIGINT",
    pl.Float64: "DOUBLE",
    pl.Date: "DATE",
    pl.Boolean: "BOOLEAN",
}


def colonnes_chargees(regles: Regles) -> dict[str, tuple[str, str]]:
    """DuckDB type and description of each loaded column, from the contract, in its order."""
    colonnes = {}
    for nom, champ in regles.schema.columns.items():
        colonne = regles.colonnes[nom]
        if colonne.age_le:
            colonnes["age"] = ("BIGINT", f"Âge révolu à la date de la colonne {colonne.age_le}.")
        else:
            colonnes[nom] = (TYPES_DUCKDB[champ.dtype.type], colonne.description)
    return colonnes


def _creer_lot(con: duckdb.DuckDBPyConnection, regles: Regles) -> None:
    colonnes = {nom: type_ for nom, (type_, _) in colonnes_chargees(regles).items()}
    colonnes |= {RETRAIT: "BOOLEAN", "ligne": "BIGINT"}
    definition = ", ".join(f'"{nom}" {type_}' for nom, type_ in colonnes.items())
    con.execute(f"create or replace temp table lot ({definition})")
    textes = ", ".join(
        f"{nom} {'BIGINT' if nom == 'ligne' else 'VARCHAR'}" for nom in SCHEMA_REJETS
    )
    con.execute(f"create or replace temp table lot_rejets ({textes})")


def preparer_cles(con: duckdb.DuckDBPyConnection, regles: Regles) -> None:
    """Make the empty tables of the keys already met in a delivery."""
    types = colonnes_chargees(regles)
    definition = ", ".join(f'"{nom}" {types[nom][0]}' for nom in regles.cle)
    for nom in ("cles", "cles_de_la_partie"):
        con.execute(f"create or replace temp table {nom} ({definition})")


def _rejeter_doubles(con: duckdb.DuckDBPyConnection, regles: Regles) -> None:
    """Reject the second and later rows with one key, keys of earlier accepted files included."""
    cle, complete = regles.cle_sql, regles.cle_complete_sql
    premiere = regles.cle[0]
    montre = f"'{MASQUE}'" if premiere in regles.personnelles else f'cast("{premiere}" as varchar)'
    con.execute(
        f"""
        insert into lot_rejets by name
        with rangs as (
            select {cle}, ligne, row_number() over (partition by {cle} order by ligne) as rang
            from lot where {complete}
        )
        select ligne, ? as colonne, 'cle_en_double' as regle, {montre} as valeur, ? as message
        from rangs left join (select distinct {cle}, true as deja from cles) using ({cle})
        where rang > 1 or deja
        """,
        [
            premiere,
            f"La clé ({', '.join(regles.cle)}) figure déjà plus haut dans cette livraison.",
        ],
    )


def _retenir(con: duckdb.DuckDBPyConnection, fichier: Fichier, regles: Regles) -> None:
    """Load the accepted rows of the file just examined, and remember its keys.

    They count for the parts that follow, not for the other versions of this one.
    """
    cle, complete = regles.cle_sql, regles.cle_complete_sql
    con.execute(f"insert into cles_de_la_partie select {cle} from lot where {complete}")
    con.execute(
        f"""
        insert into livraisons.{table(regles.nom)} by name
        select *, ? as mois_livraison, ? as fichier
        from lot anti join lot_rejets using (ligne) order by ligne
        """,
        [fichier.mois, fichier.chemin],
    )


def _inscrire(con: duckdb.DuckDBPyConnection, bilan: Bilan) -> None:
    """Write what became of a file into `qualite`."""
    fichier = bilan.fichier
    source, _, extrait = fichier.extrait.partition("/")
    identite = [source or None, extrait or None, fichier.mois or None, fichier.chemin]
    con.execute(
        "insert into qualite.livraisons by position values (?,?,?,?,?,?,?,?,?,?,?,?)",
        [*identite, bilan.sha256, bilan.octets, bilan.lignes, bilan.acceptees, bilan.rejetees,
         bilan.ignorees, bilan.statut, bilan.motif],
    )  # fmt: skip
    if bilan.rejetees:
        con.execute(
            """
            insert into qualite.rejets by name
            select ? as source, ? as extrait, ? as mois_livraison, ? as fichier, ? as feuille, *
            from lot_rejets order by ligne, colonne, regle
            """,
            [*identite, bilan.reconnu.feuille or None if bilan.reconnu else None],
        )
