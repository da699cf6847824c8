"""One delivered file: read, checked by itself, and what became of it.

Its rejections are left in the temporary table `lot_rejets`, the rows of a small one in `lot`; or
both are in its kept reading. A row is known by the number of its sheet among those that were read
(`feuille`, from 1; 1 in a CSV) and its own (`ligne`). What the files of an extract are to one
another is in `livraison`.
"""

import calendar
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

import duckdb
import polars as pl

from pipelines.empreintes import empreinte
from pipelines.erreurs import Faute, Refus, de_la_machine
from pipelines.gardees import Gardee, Gardees, ecrire
from pipelines.ingestion import cles, doutes, lecture
from pipelines.ingestion import lignes as rangees
from pipelines.ingestion.cellules import LIGNE
from pipelines.ingestion.controle import RETRAIT, SCHEMA_REJETS, Regles, controler
from pipelines.ingestion.correspondances import Correspondance
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.doutes import Doute
from pipelines.ingestion.doutes_noms import du_fichier
from pipelines.ingestion.observation import Observateur
from pipelines.ingestion.octets import Octets, tenir
from pipelines.ingestion.personnes import depersonnaliser
from pipelines.sql import nombre, parquet

PART_TOLEREE, REJETS_TOLERES = 0.05, 3
FEUILLE = "feuille"
_NOMBRES = (FEUILLE, "ligne")
_EN_MEMOIRE = 50_000  # rows
DES_REJETS = (FEUILLE, *SCHEMA_REJETS)
COLONNES_DES_REJETS = ", ".join(
    f"{nom} {'BIGINT' if nom in _NOMBRES else 'VARCHAR'}" for nom in DES_REJETS
)
_REJETS = "from lot_rejets order by feuille, ligne, colonne, regle"


@dataclass
class Reception:
    """What became of one file: the counts and words of its row in `qualite.livraisons`.

    `feuilles` are the names of the sheets that were read ("" for a CSV), `correspondances` what was
    used of the roadmap's (genre, colonne, livre, contrat, nombre); `reconnu` and `non_lues`
    are there when it was read just now; `gardee` is where its rows are kept (where that is known by
    name only, `nom_de_gardee`), and `croises` its rejections for keys that stand in earlier parts
    (`feuille`, then `SCHEMA_REJETS`). `doutes` are there where it was read, refused or not.
    """

    fichier: Fichier
    sha256: str = ""
    octets: int = 0
    lignes: int = 0
    rejetees: int = 0
    ignorees: int = 0
    statut: str = "acceptee"
    motif: str | None = None
    feuilles: list[str] = field(default_factory=list)
    reconnu: lecture.Reconnu | None = None
    non_lues: list[lecture.FeuilleNonLue] = field(default_factory=list)
    correspondances: list[tuple[Any, ...]] = field(default_factory=list)
    gardee: Gardee | None = None
    nom_de_gardee: str = ""
    croises: list[tuple[Any, ...]] = field(default_factory=list)
    doutes: list[Doute] = field(default_factory=list)

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


def refusee(chemin: Path, fichier: Fichier, *motifs: str) -> Reception:
    """What becomes of a file that is refused without being read."""
    recue = Reception(fichier, doutes=du_fichier(fichier))
    with suppress(Refus), tenir(chemin) as tenu:
        recue.sha256, recue.octets = tenu.sha256, tenu.taille
    recue.refuser(*motifs)
    return recue


def examiner(
    con: duckdb.DuckDBPyConnection,
    chemin: Path,
    fichier: Fichier,
    regles: Regles,
    cle: bytes,
    gardees: Gardees | None = None,
) -> Reception:
    """Read and check one file by itself, its keys compared with one another.

    Without `gardees`, its rejections are left in the temporary table `lot_rejets`, and the rows of
    a small file in `lot`; with them, both are in its kept reading.
    """
    recue = Reception(fichier, doutes=du_fichier(fichier))
    with _Lot(con, regles, gardees) as lot:
        _examiner(con, chemin, recue, regles, cle, gardees, lot)
    return recue


def _examiner(
    con: duckdb.DuckDBPyConnection,
    chemin: Path,
    recue: Reception,
    regles: Regles,
    cle: bytes,
    gardees: Gardees | None,
    lot: "_Lot",
) -> None:
    fichier = recue.fichier
    try:
        with tenir(chemin) as tenu:
            recue.sha256, recue.octets = tenu.sha256, tenu.taille
            nom = nom_de_lecture(regles, fichier, recue.sha256, gardees) if gardees else ""
            recue.gardee = gardees.reprendre(nom) if gardees else None
            try:
                if recue.gardee is None:
                    lue = _lire(lot, tenu.octets(), fichier, regles, cle)
            finally:  # what is wrong with it may be that it was being written
                tenu.verifier()
    except Refus as refus:
        recue.refuser(*refus.motifs)
        recue.gardee = None
        lot.vider()
        lot.clore()
        return
    if recue.gardee:
        fiche = recue.gardee.fiche
    else:
        recue.reconnu, recue.non_lues, fiche = lue.reconnu, lue.non_lues, lue.fiche
        seul = lot.seul() if gardees and lue.sans_faute else None
        if seul is None:
            lot.clore()
        if not lue.sans_faute:
            _rejeter_doubles(con, regles)
            fiche["rejetees"] = nombre(
                con, "select count(*) from (select distinct feuille, ligne from lot_rejets)"
            )
        if gardees and seul is not None:
            recue.gardee = gardees.garder(nom, Path(nom).name, fiche, tableaux={"lot": seul})
        elif gardees:
            ordre = "" if lot.en_ordre else "order by feuille, ligne"
            tables = {"lot": f"from lot {ordre}"}
            if fiche["rejetees"]:
                tables = {"lot": f"{_sans_rejetees(con, regles)} {ordre}", "rejets": _REJETS}
            recue.gardee = gardees.garder(nom, Path(nom).name, fiche, con, tables)
    recue.lignes, recue.ignorees = fiche["lignes"], fiche["ignorees"]
    recue.rejetees, recue.feuilles = fiche["rejetees"], list(fiche["feuilles"])
    recue.correspondances = [tuple(c) for c in fiche["correspondances"]]
    recue.doutes += doutes.de_fiche(fiche["doutes"])
    trancher(recue)


def nom_de_lecture(regles: Regles, fichier: Fichier, sha256: str, gardees: Gardees) -> str:
    """Name of the kept reading of a content: under a contract, for a month, as partners write."""
    ecrit = regles.pour(fichier).empreinte
    return f"lectures/{empreinte(gardees.signature, regles.empreinte, fichier.mois, sha256, ecrit)}"


def trancher(recue: Reception) -> None:
    """Refuse a file that has no row, or loses too many."""
    a_charger = recue.lignes - recue.ignorees
    if not a_charger:
        totaux = " (rien que des totaux)" if recue.ignorees else ""
        recue.refuser(f"aucune ligne sous l'en-tête{totaux}")
    elif recue.rejetees == a_charger:
        recue.refuser(f"toutes les lignes sont rejetées ({a_charger})")
    elif recue.rejetees > REJETS_TOLERES and recue.rejetees > PART_TOLEREE * a_charger:
        recue.refuser(
            f"{recue.rejetees} lignes rejetées sur {a_charger}, plus de {PART_TOLEREE:.0%} : "
            "corriger le fichier et le redéposer"
        )


@dataclass
class _Lue:
    """A file that was read: what was recognised, what is kept besides its rows.

    `sans_faute` says that no row is rejected and no key stands twice, where that is sure.
    """

    reconnu: lecture.Reconnu
    non_lues: list[lecture.FeuilleNonLue]
    fiche: dict[str, Any]
    sans_faute: bool


def _lire(lot_lu: "_Lot", contenu: Octets, fichier: Fichier, regles: Regles, cle: bytes) -> _Lue:
    """Read and check a file by itself, sheet by sheet and batch by batch.

    Of what was recognised, only the sheets are kept: ignored column names may hold anything.
    """
    fin = fin_de_mois(fichier.mois) if fichier.mois else None
    entete = lecture.ouvrir(
        contenu, regles.obligatoires, regles.connues, regles.pour(fichier), fichier.mois
    )
    observateur = Observateur(regles, contenu, fichier.mois)
    utilisees: Counter[Correspondance] = Counter()
    feuilles: list[lecture.Reconnu] = []
    lues = ignorees = lots = 0
    sans_faute = True
    for tableau in entete.toutes():
        feuilles.append(tableau.reconnu)
        observateur.feuille(tableau)
        feuille = pl.lit(len(feuilles), pl.Int64).alias(FEUILLE)
        for lot in rangees.lots(tableau, regles.connues, regles.cle, regles.ensembles):
            lues += lot.height
            a_controler = lot.filter(lot[rangees.IGNOREE].is_null())
            ignorees += lot.height - a_controler.height
            if not a_controler.height:
                observateur.lot(lot)
                continue
            lots += 1
            for colonne in tableau.constantes:
                utilisees[tableau.correspondances.constantes[colonne]] += a_controler.height
            lignes, rejets = controler(a_controler, regles, fin)
            observateur.lot(lot, lignes)
            lignes = depersonnaliser(lignes, regles, cle, fichier.mois).rename({LIGNE: "ligne"})
            lot_lu.ajouter(lignes.with_columns(feuille), rejets.with_columns(feuille))
            # Small files are most: what polars sees of one batch spares DuckDB many queries.
            sans_faute = lots == 1 and not (rejets.height or cles.peut_etre_doubles(lignes, regles))
        utilisees += tableau.utilisees
    fiche = {
        "lignes": lues,
        "ignorees": ignorees,
        "rejetees": 0,
        "feuilles": [f.feuille for f in feuilles],
        "correspondances": sorted(
            [c.genre, c.colonne, c.livre, c.contrat, n] for c, n in utilisees.items()
        ),
        "doutes": doutes.en_fiche(observateur.conclure()),
    }
    return _Lue(lecture.ensemble(feuilles), entete.non_lues, fiche, sans_faute)


def _inserer(con: duckdb.DuckDBPyConnection, cible: str, lignes: pl.DataFrame) -> None:
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


class _Lot:
    """The rows of a file and its rejections: `clore` makes them `lot` and `lot_rejets`.

    Rows of a small file, as most are, are a table; of another, a view of Parquet files, which go
    with the `with` block: memory does not grow with the file. `en_ordre` says that they are in the
    order of sheets and numbers.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, regles: Regles, gardees: Gardees | None
    ) -> None:
        self.con = con
        self._gardees = gardees
        self._dossier: tempfile.TemporaryDirectory[str] | None = None
        self._parties: list[Path] = []
        self._vue = False
        colonnes = {nom: type_ for nom, (type_, _) in colonnes_chargees(regles).items()}
        self.colonnes = colonnes | {RETRAIT: "BOOLEAN", FEUILLE: "BIGINT", "ligne": "BIGINT"}
        self.vider()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._oter_la_vue()
        if self._dossier:
            self._dossier.cleanup()

    def vider(self) -> None:
        """Have no row, and no rejection."""
        self.en_ordre = True
        self._en_memoire: list[pl.DataFrame] = []
        self._derniere = (0, 0)
        self._oter_la_vue()
        self._parties = []
        self._posees = False

    def _poser(self) -> None:
        """Have the tables, empty."""
        if not self._posees:
            definition = ", ".join(f'"{nom}" {type_}' for nom, type_ in self.colonnes.items())
            self.con.execute(f"create or replace temp table lot ({definition})")
            self.con.execute(f"create or replace temp table lot_rejets ({COLONNES_DES_REJETS})")
            self._posees = True

    def ajouter(self, lignes: pl.DataFrame, rejets: pl.DataFrame) -> None:
        """Add a batch."""
        if rejets.height:
            self._poser()
            _inserer(self.con, "lot_rejets", rejets)
        bornes = lignes[FEUILLE][0], lignes["ligne"][0]
        self.en_ordre &= bornes > self._derniere and lignes["ligne"].is_sorted()
        self._derniere = lignes[FEUILLE][-1], lignes["ligne"][-1]
        self._en_memoire.append(lignes)
        if sum(lot.height for lot in self._en_memoire) > _EN_MEMOIRE:
            self._ecrire()

    def seul(self) -> pl.DataFrame | None:
        """The rows, in order, of a file that was one batch; None of another."""
        if self._parties or len(self._en_memoire) != 1:
            return None
        lignes = self._en_memoire[0].select(list(self.colonnes))
        return lignes if self.en_ordre else lignes.sort(_NOMBRES)

    def clore(self) -> None:
        """Have all that was added in `lot`, and in `lot_rejets`."""
        self._poser()
        if self._parties:
            if self._en_memoire:
                self._ecrire()
            self.con.execute("drop table lot")
            lues = parquet(self._parties)
            self.con.execute(f"create temp view lot as select * exclude (filename) from {lues}")
            self._vue = True
        for lignes in self._en_memoire:
            _inserer(self.con, "lot", lignes)
        self._en_memoire = []

    def _ecrire(self) -> None:
        try:
            if self._dossier is None:
                ou = self._gardees.dossiers()[1] if self._gardees else None
                self._dossier = tempfile.TemporaryDirectory(prefix="bilan-", dir=ou)
            partie = Path(self._dossier.name) / f"{len(self._parties)}.parquet"
            lignes = pl.concat(self._en_memoire).select(list(self.colonnes))
            ecrire(lignes, partie, "uncompressed")
        except OSError as erreur:  # of the disk, not of the file that is read
            raise de_la_machine(erreur) or Faute(
                f"Le dossier temporaire ne peut pas être écrit ({erreur.strerror}) : libérez de la "
                "place ou changez les droits, ou donnez-en un autre par TMPDIR, puis relancez."
            ) from None
        self._parties.append(partie)
        self._en_memoire = []

    def _oter_la_vue(self) -> None:
        if self._vue:
            self.con.execute("drop view lot")
            self._vue = False


def _sans_rejetees(con: duckdb.DuckDBPyConnection, regles: Regles) -> str:
    """The query of `lot` in which rejected rows have but their number and key.

    Only that is kept of them, for the rows that repeat it: their other cells never load, and a
    shifted row may hold a birth date in any column.
    """
    colonnes = [nom for nom, *_ in con.execute("describe lot").fetchall()]
    videes = [f'"{c}"' for c in colonnes if c not in (*regles.cle, *_NOMBRES, RETRAIT)]
    remplacements = ", ".join(f"if(rejetee, null, {c}) as {c}" for c in videes)
    return f"""
        select * exclude (rejetee) replace ({remplacements})
        from lot
        left join (select distinct feuille, ligne, true as rejetee from lot_rejets)
            using (feuille, ligne)
    """


def _rejeter_doubles(con: duckdb.DuckDBPyConnection, regles: Regles) -> None:
    """Reject the second and later rows of the file just read with one key."""
    con.execute(f"insert into lot_rejets by name {cles.doubles(regles, 'lot')}")
