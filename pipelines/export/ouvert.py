"""Open data: what `diffusion.valeurs` shows, in the forms that others open.

Nothing else of the warehouse goes out, but labels and definitions of the roadmap. An export follows
the one that stands in its folder: what that one masked stays masked, unless its value changed. How
small counts are masked in the first place is `pipelines.diffusion`'s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.empreintes import empreinte
from pipelines.erreurs import Faute
from pipelines.export import formes, paquet, publie
from pipelines.export.dossier import remplacer
from pipelines.export.formes import Feuille
from pipelines.sql import nombre, nommees, parquet

_ICI = Path(__file__).parent
_DE_LA_LIGNE = (
    "numerateur", "denominateur", "valeur", "part", "evolution", "multiplicateur", "ecart", "rang",
    "taux_cible", "precedente_a_date", "evolution_a_date", "ecart_a_date",
)  # fmt: skip
_D_UN_AN_A_L_AUTRE = (
    "evolution", "multiplicateur", "ecart", "precedente_a_date", "evolution_a_date", "ecart_a_date",
)  # fmt: skip


@dataclass(frozen=True)
class Export:
    """What was written: its version, the one that it follows, if any, and cells masked again."""

    version: str
    suit: str
    lignes: int
    masquees: int
    remasquees: int


def exporter(dossier: Path, warehouse: Path) -> Export:
    """Write the open data of the published warehouse into a folder.

    Raises:
        Faute: there is no published warehouse, or it has no value that may leave; the folder cannot
            be used, or the export that it holds is damaged or of another region.
    """
    with duckdb.connect(config={"threads": 1}) as con:
        publie.attacher(con, warehouse)
        con.execute(f"create table valeurs as {(_ICI / 'valeurs.sql').read_text(encoding='utf-8')}")
        region = _region(con)
        with remplacer(dossier, lambda ici: paquet.lire(ici) is not None) as (nouveau, en_place):
            precedent = paquet.lire(en_place) if en_place.is_dir() else None
            remasquees = _suivre(con, precedent, en_place, region["territoire"]) if precedent else 0
            return _ecrire(con, nouveau, region, precedent, remasquees)


def _region(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    if not nombre(con, "select count(*) from valeurs"):
        raise Faute(
            "diffusion.valeurs est vide : rien ne peut sortir. Voir qualite.controles, puis "
            "relancer «bilan refresh»."
        )
    regions = nommees(
        con,
        "select territoire, libelle from publie.referentiel.territoires where maille = 'region'",
    )
    return regions[0] if regions else {"territoire": "region", "libelle": "Région"}


def _suivre(
    con: duckdb.DuckDBPyConnection, precedent: Mapping[str, Any], ici: Path, region: str
) -> int:
    """Mask again what the earlier export masks, and what would tell it; gives the cells masked.

    Raises:
        Faute: the earlier export is not of this region, or is no longer what was written.
    """
    if precedent["name"] != paquet.nom(region):
        raise Faute(
            f"«{ici}» est l'export d'une autre région ({precedent['name']}) : donnez un autre "
            "dossier."
        )
    if not paquet.intact(precedent, ici, paquet.PARQUET):
        raise Faute(
            f"«{ici / paquet.PARQUET}» n'est plus le fichier exporté : ce qu'il masquait ne peut "
            "pas le rester. Remettez-le d'une sauvegarde, ou donnez un autre dossier."
        )
    con.execute(f"create table precedentes as from {parquet([ici / paquet.PARQUET])}")
    con.execute(
        f"create table a_remasquer as {(_ICI / 'remasquer.sql').read_text(encoding='utf-8')}"
    )
    for colonnes, condition in (
        (_DE_LA_LIGNE, "v.modalite = r.modalite and v.periode = r.periode"),
        (("part",), "v.periode = r.periode"),
        (
            _D_UN_AN_A_L_AUTRE,
            "v.modalite = r.modalite and v.type_periode = r.type_periode "
            "and v.debut = r.un_an_apres",
        ),
    ):
        _vider(con, colonnes, f"v.territoire = r.territoire and {condition}")
    _vider(con, ("rang",), "v.modalite = r.modalite and v.periode = r.periode")
    return nombre(
        con,
        """
        update valeurs as v set masque = true from a_remasquer as r
        where v.indicateur = r.indicateur and v.territoire = r.territoire
            and v.periode = r.periode and v.ventilation = r.ventilation and v.modalite = r.modalite
        """,
    )


def _vider(con: duckdb.DuckDBPyConnection, colonnes: Sequence[str], condition: str) -> None:
    """Empty columns of the rows that a cell to mask again would be told from."""
    con.execute(
        f"""
        update valeurs as v set {", ".join(f"{c} = null" for c in colonnes)}
        from a_remasquer as r
        where v.indicateur = r.indicateur and v.ventilation = r.ventilation and {condition}
        """
    )


def _ecrire(
    con: duckdb.DuckDBPyConnection,
    nouveau: Path,
    region: Mapping[str, str],
    precedent: Mapping[str, Any] | None,
    remasquees: int,
) -> Export:
    colonnes = paquet.colonnes(con, "valeurs")
    noms = [colonne.nom for colonne in colonnes]
    rangees = con.execute("from valeurs").fetchall()
    [(arrete, masquees)] = con.execute(
        "select max(arrete), count(*) filter (masque) from valeurs"
    ).fetchall()
    indicateurs, sources = nommees(con, _INDICATEURS), nommees(con, _SOURCES)
    formes.csv_francais(nouveau / paquet.FRANCAIS, noms, rangees)
    formes.csv_nu(nouveau / paquet.NU, noms, rangees)
    formes.parquet(con, "valeurs", nouveau / paquet.PARQUET)
    contenu = empreinte(paquet.empreinte_de(nouveau / paquet.NU), indicateurs, sources)
    version = f"{arrete}-{contenu[:12]}"
    suit, precedents = _suite(version, precedent)
    formes.classeur(
        nouveau / paquet.CLASSEUR,
        [
            Feuille("Valeurs", noms, rangees),
            Feuille(
                "Définitions",
                list(indicateurs[0]) if indicateurs else [],
                [list(i.values()) for i in indicateurs],
            ),
            Feuille(
                "Colonnes",
                ["colonne", "titre", "description"],
                [[c.nom, c.titre, c.mots] for c in colonnes],
            ),
            Feuille("Lisez-moi", ["", ""], _lisez_moi(region, arrete, version, suit)),
        ],
    )
    dit = {
        "version": version,
        "arrete": arrete,
        "suit": suit or None,
        "precedents": precedents,
        "sources": sources,
        "indicateurs": indicateurs,
    }
    paquet.ecrire(nouveau, colonnes, dit, region["territoire"], region["libelle"])
    return Export(version, suit, len(rangees), masquees, remasquees)


def _suite(version: str, precedent: Mapping[str, Any] | None) -> tuple[str, list[str]]:
    """The version that this one follows, and all those before; itself again follows the same."""
    if precedent is None:
        return "", []
    avant = [str(v) for v in precedent.get("precedents") or ()]
    if precedent["version"] == version:
        return str(precedent.get("suit") or ""), avant
    return precedent["version"], [*avant, precedent["version"]]


def _lisez_moi(
    region: Mapping[str, str], arrete: str, version: str, suit: str
) -> list[tuple[str, str]]:
    return [
        ("Région", region["libelle"]),
        ("Arrêté", f"{arrete} : le mois dont les livraisons sont les dernières lues"),
        ("Version", version),
        ("Publication précédente", suit or "aucune dans ce dossier"),
        ("Licence", f"{paquet.LICENCE['title']}, {paquet.LICENCE['path']}"),
        ("Cellule vide", "ce n'est pas 0 : masquée (colonne masque), ou rien à dire"),
        ("Effectifs de personnes", "arrondis au multiple de 5, ou masqués"),
    ]


_INDICATEURS = """
    select indicateur, titre, unite, nature, definition_numerateur, definition_denominateur, extrait
    from publie.referentiel.indicateurs
    where indicateur in (select indicateur from valeurs)
    order by indicateur
"""
_SOURCES = """
    select libelle as title
    from publie.referentiel.sources
    where source in (
        select split_part(i.extrait, '/', 1)
        from publie.referentiel.indicateurs as i
        where i.indicateur in (select indicateur from valeurs)
    )
    order by source
"""
