"""`bilan oublier`, a person's erasure: which deliveries hold a number, then a publication without.

Deliveries are never changed: whoever delivered them, or keeps them, takes the rows out. Nothing
printed here shows the number, nor its pseudonym.
"""

import mmap
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import duckdb
import polars as pl

from pipelines import contrats, execution, feuille_de_route, secret
from pipelines.atelier import Demande
from pipelines.entrepot.chantier import chemin_sql, fichier
from pipelines.erreurs import Faute, Refus
from pipelines.gardees import DOSSIER
from pipelines.ingestion import lecture, personnes
from pipelines.ingestion.cellules import CELLULES, LIGNE, Source
from pipelines.ingestion.controle import Regles
from pipelines.ingestion.masques import Masque
from pipelines.ingestion.octets import tenir
from pipelines.instance import dossier_de_dagster
from pipelines.region import Region
from pipelines.sql import parquet, texte

OUBLIEE, LIVREE = 0, 1
_COURT = 4
_LIGNES_DITES = 20


def oublier(ici: Region, extrait: str, numero: str, sortie: IO[str], erreurs: IO[str]) -> int:
    """Say which deliveries hold a number; where none does, publish again, and look everywhere.

    Gives `LIVREE` where some delivery still holds it: nothing is published then.

    Raises:
        Faute: the extract holds no person's number, the number is none, the key is not that of the
            warehouse, or the number is still somewhere.
    """
    toutes = contrats.regles_de(feuille_de_route.lire(ici.roadmap))
    regles = toutes.get(extrait)
    if regles is None or not _numeros(regles):
        concernes = ", ".join(nom for nom, r in toutes.items() if _numeros(r))
        raise Faute(
            f"L'extrait «{extrait}» n'a pas de numéro de personne : indiquer, avec --extrait, "
            f"{concernes or 'un extrait de la région qui en a'}."
        )
    cherche = personnes.canonique(numero.strip())
    if len(cherche) < _COURT:
        raise Faute(f"Un numéro d'au moins {_COURT} signes est attendu.")
    cle, _ = secret.convenir(ici.warehouse)  # with another one, nothing would be found
    trouvees = {
        chemin: lignes
        for chemin in sorted(ici.raw.rglob("*"))
        if chemin.is_file() and (lignes := _lignes(chemin, cherche)) is not None
    }
    if trouvees:
        _dire(ici.raw, trouvees, sortie)
        return LIVREE
    pseudonymes = [
        str(personnes.pseudonymes(cle, colonne)(cherche))
        for colonne in sorted({nom for r in toutes.values() for nom in _numeros(r)})
    ]
    execution.rafraichir(Demande(ici), sortie, erreurs)
    restes = list(_restes(ici, pseudonymes))
    if restes:
        raise Faute("La personne est encore dans " + " ; ".join(restes) + ".")
    print(
        "La personne n'est plus ni dans les livraisons, ni dans l'entrepôt, ni dans ce qui est "
        "gardé. Restent vos sauvegardes, et ce qui en a été copié ailleurs.",
        file=sortie,
    )
    return OUBLIEE


def _numeros(regles: Regles) -> list[str]:
    """The columns that hold persons' numbers."""
    return [nom for nom in regles.personnelles if not regles.colonnes[nom].age_le]


def _lignes(chemin: Path, cherche: str) -> list[int] | None:
    """The rows of a file that hold a number; None where it does not, nor its name.

    A file that cannot be taken apart is looked through as it is: it has no rows.
    """
    mots = r"\s+".join(map(re.escape, cherche.split()))
    motif = rf"(?:^|[^0-9A-Z]){mots}(?:[^0-9A-Z]|$)"
    if re.search(motif, personnes.canonique(chemin.name)):
        return []
    try:
        with tenir(chemin) as tenu:
            lignes = sorted(set(_dans(lecture.sources(tenu.octets()), motif)))
    except Refus:
        return [] if cherche.encode() in chemin.read_bytes().upper() else None
    return lignes or None


def _dans(sources: Iterator[Source], motif: str) -> Iterator[int]:
    for source in sources:
        for trame in source.trames:
            mots = pl.col(CELLULES).list.join("\n", ignore_nulls=True).str.to_uppercase()
            yield from trame.filter(mots.str.contains(motif))[LIGNE].to_list()


def _dire(raw: Path, trouvees: dict[Path, list[int]], sortie: IO[str]) -> None:
    for chemin, lignes in trouvees.items():
        nom = Masque().texte(chemin.relative_to(raw).as_posix())
        if not lignes:  # its name may be the number
            nom = f"un fichier de {chemin.parent.relative_to(raw).as_posix()}, nom ou contenu"
        dites = ", ".join(map(str, lignes[:_LIGNES_DITES]))
        suite = f" et {len(lignes) - _LIGNES_DITES} autres" if len(lignes) > _LIGNES_DITES else ""
        ou = f" : ligne{'s' * (len(lignes) > 1)} {dites}{suite}" if lignes else ""
        print(f"Encore livrée : {nom}{ou}", file=sortie)
    print(
        "À faire : retirer ces lignes des fichiers (chez le partenaire aussi, dont la prochaine "
        "livraison les ramènerait), puis relancer la même commande. Rien n'a été publié.",
        file=sortie,
    )


def _restes(ici: Region, pseudonymes: Sequence[str]) -> Iterator[str]:
    """Where pseudonyms still are: the warehouse, what is kept, the roadmap, Dagster's history."""
    with duckdb.connect() as con:
        con.execute(f"attach '{chemin_sql(fichier(ici.warehouse))}' as publie (read_only)")
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'publie'"
        ).fetchall()
        for schema, nom in tables:
            if _a(con, f'publie."{schema}"."{nom}"', pseudonymes):
                yield f"la table {schema}.{nom} de l'entrepôt"
        gardes = (ici.warehouse / DOSSIER).rglob("*.parquet")
        if any(_a(con, parquet([piece]), pseudonymes) for piece in gardes):
            yield f"ce qui est gardé ({DOSSIER} : le supprimer, et relancer)"
    for dossier, mots in (
        (ici.roadmap, "la feuille de route (corrections.csv ?)"),
        (ici.warehouse, f"un autre fichier de «{ici.warehouse}»"),
        (dossier_de_dagster(), "l'historique de Dagster"),
    ):
        if any(_contient(f, pseudonymes) for f in dossier.rglob("*") if f.is_file()):
            yield mots


def _contient(chemin: Path, textes: Sequence[str]) -> bool:
    """Whether a file has one of these texts; one larger than memory too."""
    with chemin.open("rb") as flux:
        if not chemin.stat().st_size:  # nothing to map
            return False
        with mmap.mmap(flux.fileno(), 0, access=mmap.ACCESS_READ) as plan:
            return any(plan.find(t.encode()) >= 0 for t in textes)


def _a(con: duckdb.DuckDBPyConnection, ou: str, textes: Sequence[str]) -> bool:
    """Whether a table has one of these texts in any of its columns."""
    ici = " or ".join(f"contains(cast(t as varchar), {texte(t)})" for t in textes)
    trouve = con.execute(f"select 1 from {ou} as t where {ici} limit 1")
    return trouve.fetchone() is not None
