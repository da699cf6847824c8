"""The published warehouse, attached to a connection; what is made of it does not belong here."""

from pathlib import Path

import duckdb

from pipelines.entrepot import chantier
from pipelines.erreurs import Faute

_VOULUES = {"diffusion.valeurs", "indicateurs.valeurs", "referentiel.indicateurs"}


def attacher(con: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    """Attach the published warehouse, as `publie`; it is only read.

    Raises:
        Faute: there is none, or it cannot be read.
    """
    fichier = chantier.fichier(warehouse)
    if not fichier.is_file():
        raise Faute(f"Aucun entrepôt publié dans «{warehouse}» : lancez d'abord «bilan refresh».")
    try:
        con.execute(f"attach '{chantier.chemin_sql(fichier)}' as publie (read_only)")
    except duckdb.Error as erreur:
        dit = str(erreur).split("\n\n")[0].strip()
        raise Faute(f"L'entrepôt «{fichier}» ne s'ouvre pas : {dit}") from None
    lues = con.execute(
        """
        select schema_name || '.' || table_name from duckdb_tables()
        where database_name = 'publie'
        """
    ).fetchall()
    if manquent := sorted(_VOULUES - {nom for (nom,) in lues}):
        raise Faute(
            f"«{fichier}» n'est pas un entrepôt publié (il manque {', '.join(manquent)}) : "
            "relancez «bilan refresh»."
        )
