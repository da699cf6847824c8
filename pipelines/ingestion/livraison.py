"""The files of one extract: keys compared, versions chosen, rows loaded.

Works on the tables of a warehouse under construction (`livraisons.*`, `qualite.livraisons`,
`qualite.rejets`). What becomes of one file by itself is in `reception`; what rows mean together, as
of an arrêté, does not belong here.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import duckdb

from pipelines.ingestion import cles
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.examens import Examens
from pipelines.ingestion.reception import (
    COLONNES_DES_REJETS,
    DES_REJETS,
    Reception,
    refusee,
    table,
    trancher,
)
from pipelines.sql import inserer, nombre, parquet, texte

_AUCUN_REJET = (
    f"(select {', '.join(f'null as {nom}' for nom in DES_REJETS)}, '' as filename limit 0)"
)


def charger(
    con: duckdb.DuckDBPyConnection,
    fichiers: Iterable[Fichier],
    regles: Regles,
    examens: Examens,
) -> list[Reception]:
    """Load all the deliveries of one extract; gives what became of each file.

    Args:
        con: the warehouse under construction.
        fichiers: the files of this extract, those out of form included.
        regles: the contract.
        examens: how they are read.
    """
    recues = juger(con, fichiers, regles, examens)
    inscrire(con, recues)
    poser_rejets(con, regles, recues)
    poser_doutes(con, recues)
    poser_lignes(con, regles, recues)
    return recues


def juger(
    con: duckdb.DuckDBPyConnection,
    fichiers: Iterable[Fichier],
    regles: Regles,
    examens: Examens,
) -> list[Reception]:
    """Read and check all the files of one extract, compare their keys, choose versions.

    What they hold stays in kept readings: `poser_lignes` and `poser_rejets` load it.
    """
    fichiers = sorted(fichiers)
    recues = ecarter(examens.raw, [f for f in fichiers if f.motif])
    en_forme = sorted((f for f in fichiers if not f.motif), key=lambda f: f.mois)
    examens.prevoir(en_forme, {regles.nom: regles})
    for _, du_mois in groupby(en_forme, key=lambda f: f.mois):
        par_partie = sorted(du_mois, key=lambda f: (f.partie, -f.version))
        parties = [list(versions) for _, versions in groupby(par_partie, key=lambda f: f.partie)]
        lus = [
            [examens.examiner(con, f, regles) for f in versions]
            for versions in sorted(parties, key=lambda v: v[0].chemin)
        ]
        communes = len(lus) > 1 and _cles_communes(con, regles, [b for p in lus for b in p])
        if communes:
            une = next(b for p in lus for b in p if b.gardee)
            vide = f"{cles.de(regles, _parquet([une], 'lot'))} limit 0"
            con.execute(f"create or replace temp table cles as {vide}")
        for versions in lus:
            en_vigueur = False
            for recue in versions:
                if communes and recue.gardee:
                    _comparer(con, recue, regles)
                if recue.statut == "acceptee" and en_vigueur:
                    recue.statut = "remplacee"
                elif recue.statut == "acceptee":
                    en_vigueur = True
                    if communes:
                        _retenir_cles(con, recue, regles)
                recues.append(recue)
    return recues


def ecarter(raw: Path, fichiers: Iterable[Fichier]) -> list[Reception]:
    """What becomes of files whose name or place refuses them."""
    return [refusee(raw / fichier.place, fichier, fichier.motif) for fichier in fichiers]


def _cles_communes(
    con: duckdb.DuckDBPyConnection, regles: Regles, recues: Iterable[Reception]
) -> bool:
    """Whether a key stands in two parts of a delivery."""
    lus = [b for b in recues if b.gardee]
    if len({b.fichier.partie for b in lus}) < 2:
        return False
    parties = " union all ".join(
        f"select distinct *, {texte(b.fichier.partie)} as _partie "
        f"from ({cles.de(regles, _parquet([b], 'lot'))})"
        for b in lus
    )
    return bool(
        con.execute(
            f"""
            select 1 from ({parties}) group by {regles.cle_sql}
            having count(distinct _partie) > 1 limit 1
            """
        ).fetchall()
    )


def _comparer(con: duckdb.DuckDBPyConnection, recue: Reception, regles: Regles) -> None:
    """Reject also the rows of a file whose key is in `cles`, and judge it again."""
    requete = cles.doubles(regles, _parquet([recue], "lot"), "cles")
    recue.croises = con.execute(
        f"""
        select * from ({requete})
        anti join (
            select feuille, ligne from {_rejets([recue])} where regle = 'cle_en_double'
        ) using (feuille, ligne)
        order by feuille, ligne
        """
    ).fetchall()
    if recue.croises:
        feuilles, lignes, *_ = map(list, zip(*recue.croises, strict=True))
        recue.rejetees += nombre(
            con,
            f"""
            select count(*)
            from (select unnest(?::bigint[]) as feuille, unnest(?::bigint[]) as ligne)
            anti join {_rejets([recue])} using (feuille, ligne)
            """,
            [feuilles, lignes],
        )
        trancher(recue)


def _retenir_cles(con: duckdb.DuckDBPyConnection, recue: Reception, regles: Regles) -> None:
    """Remember the keys of an accepted file, for the parts that follow."""
    con.execute(f"insert into cles {cles.de(regles, _parquet([recue], 'lot'))}")


def _parquet(recues: Iterable[Reception], piece: str) -> str:
    """Kept readings, as SQL reads them, each once."""
    return parquet(dict.fromkeys(r.gardee.pieces[piece] for r in recues if r.gardee))


def _rejets(recues: Iterable[Reception]) -> str:
    """The rejections kept with readings: one that has none has no such piece."""
    en_ont = [r for r in recues if r.gardee and "rejets" in r.gardee.pieces]
    return _parquet(en_ont, "rejets") if en_ont else _AUCUN_REJET


def _poser_sources(con: duckdb.DuckDBPyConnection, recues: Sequence[Reception]) -> None:
    """Make the temporary tables that say whose reading a file of Parquet is, and `croises`.

    Two files of one content and month share a reading: each has its own row in `sources`.
    """
    con.execute(
        f"""
        create or replace temp table sources (
            rang bigint, lot varchar, rejets varchar, mois_livraison varchar, fichier varchar,
            feuilles varchar[]
        );
        create or replace temp table croises (fichier varchar, {COLONNES_DES_REJETS})
        """
    )
    sources = [
        [rang, str(r.gardee.pieces["lot"]), str(r.gardee.pieces.get("rejets", "")), r.fichier.mois,
         r.fichier.chemin, r.feuilles]
        for rang, r in enumerate(recues)
        if r.gardee
    ]  # fmt: skip
    inserer(con, "sources", sources)
    inserer(con, "croises", [[r.fichier.chemin, *rejet] for r in recues for rejet in r.croises])


def poser_lignes(
    con: duckdb.DuckDBPyConnection, regles: Regles, recues: Iterable[Reception]
) -> None:
    """Load the accepted rows of the deliveries in force into `livraisons.*`, in one query."""
    en_vigueur = [r for r in recues if r.statut == "acceptee"]
    if not en_vigueur:
        return
    _poser_sources(con, en_vigueur)
    # Kept readings are in the order of their rows: to sort them again would be dear.
    lectures = [r.nom_de_gardee or (r.gardee and r.gardee.nom) for r in en_vigueur]
    partagees = len(set(lectures)) < len(lectures)
    ordre = "order by s.rang, l.feuille, l.ligne" if partagees else ""
    con.execute(
        f"""
        insert into livraisons.{table(regles.nom)} by name
        select
            l.* exclude (filename) replace (nullif(s.feuilles[l.feuille], '') as feuille),
            s.mois_livraison, s.fichier
        from {_parquet(en_vigueur, "lot")} as l
        join sources as s on l.filename = s.lot
        anti join (
            select r.feuille, r.ligne, s.fichier
            from {_rejets(en_vigueur)} as r
            join sources as s on r.filename = s.rejets
            union all
            select feuille, ligne, fichier from croises
        ) as r on r.feuille = l.feuille and r.ligne = l.ligne and r.fichier = s.fichier
        {ordre}
        """
    )


def poser_rejets(
    con: duckdb.DuckDBPyConnection, regles: Regles, recues: Iterable[Reception]
) -> None:
    """Load the rejections of the files that were read into `qualite.rejets`."""
    lus = [r for r in recues if r.gardee and r.rejetees]
    if not lus:
        return
    _poser_sources(con, lus)
    source, _, extrait = regles.nom.partition("/")
    con.execute(
        f"""
        insert into qualite.rejets by name
        select
            ? as source, ? as extrait, s.mois_livraison, s.fichier,
            r.* exclude (fichier) replace (nullif(s.feuilles[r.feuille], '') as feuille)
        from (
            select r.* exclude (filename), s.fichier
            from {_rejets(lus)} as r
            join sources as s on r.filename = s.rejets
            union all by name
            from croises
        ) as r
        join sources as s using (fichier)
        order by s.rang, r.feuille, r.ligne, r.colonne, r.regle
        """,
        [source, extrait],
    )


def poser_doutes(con: duckdb.DuckDBPyConnection, recues: Iterable[Reception]) -> None:
    """Write the doubts on the files that were read into `qualite.doutes`, in their order."""
    rangees = [
        [*_de_l_extrait(r.fichier), r.fichier.mois or None, r.fichier.chemin, d.feuille or None,
         d.colonne, d.doute, d.nombre, d.premiere_ligne, d.message]
        for r in recues
        for d in r.doutes
    ]  # fmt: skip
    inserer(con, "qualite.doutes", rangees)


def _de_l_extrait(fichier: Fichier) -> list[str | None]:
    """Source and name of the extract of a file; of one out of place, none."""
    source, _, extrait = fichier.extrait.partition("/")
    return [source or None, extrait or None]


def inscrire(con: duckdb.DuckDBPyConnection, recues: Iterable[Reception]) -> None:
    """Write what became of files into `qualite.livraisons`."""
    rangees = []
    for recue in recues:
        fichier = recue.fichier
        rangees.append(
            [*_de_l_extrait(fichier), fichier.mois or None, fichier.chemin, recue.sha256,
             recue.octets, recue.lignes, recue.acceptees, recue.rejetees, recue.ignorees,
             recue.statut, recue.motif]
        )  # fmt: skip
    inserer(con, "qualite.livraisons", rangees)


def inscrire_correspondances(
    con: duckdb.DuckDBPyConnection, regles: Regles, recues: Iterable[Reception]
) -> None:
    """Write what files used of the roadmap's correspondences into `qualite.correspondances`."""
    source, _, extrait = regles.nom.partition("/")
    rangees = [
        [source, extrait, recue.fichier.mois, recue.fichier.chemin, *utilisee]
        for recue in recues
        for utilisee in recue.correspondances
    ]
    inserer(con, "qualite.correspondances", rangees)
