"""When two keys are the same: the one place that says it, in a delivery and over the months.

What becomes of rows whose key was met before does not belong here.
"""

import re
import unicodedata
from typing import TYPE_CHECKING

import polars as pl

from pipelines.ingestion.cellules import MASQUE
from pipelines.sql import texte

if TYPE_CHECKING:
    from pipelines.ingestion.controle import Regles

_APOSTROPHES, _TRAITS = "[`´‘’ʼ′]", "[‐‑‒–—−]"
_ESPACES = r"[\s\p{Z}\x{200B}\x{2060}\x{FEFF}]+"


def _textes(regles: "Regles") -> list[str]:
    """The columns of the key that hold words: codes, dates and pseudonyms are what they are."""
    colonnes = regles.colonnes
    return [c for c in regles.cle if colonnes[c].type == "texte" and c not in regles.personnelles]


def pliees(regles: "Regles") -> dict[str, str]:
    """The columns of the key, as SQL compares them: where these are equal, keys are the same.

    In words, neither case, accents, the kind of spaces, apostrophes and hyphens, nor the number of
    spaces in a row count.
    """
    textes = _textes(regles)
    return {nom: _pli(nom) if nom in textes else f'"{nom}"' for nom in regles.cle}


def _pli(nom: str) -> str:
    pli = f'lower(strip_accents("{nom}"))'
    for motif, signe in ((_APOSTROPHES, "''"), (_TRAITS, "-"), (_ESPACES, " ")):
        pli = f"regexp_replace({pli}, '{motif}', '{signe}', 'g')"
    # Most keys need nothing of this, which is dear.
    simple = (
        f"""strlen("{nom}") = length("{nom}") and not regexp_matches("{nom}", '\\s\\s|[`\\t]')"""
    )
    return f'case when {simple} then lower("{nom}") else trim({pli}) end'


def plier(mots: str) -> str:
    """A text of words as keys compare it; in Python, for what only looks at them."""
    plat = unicodedata.normalize("NFD", mots)
    plat = "".join(c for c in plat if not unicodedata.combining(c)).lower()
    plat = re.sub(_TRAITS, "-", re.sub(_APOSTROPHES, "'", plat))
    return re.sub("[\\s\u200b\u2060\ufeff]+", " ", plat).strip()


def de(regles: "Regles", lot: str) -> str:
    """The query of the keys of `lot` that are whole, as they compare."""
    return f"select {_colonnes(regles)} from {lot} where {regles.cle_complete_sql}"


def _colonnes(regles: "Regles") -> str:
    return ", ".join(f'{pli} as "{nom}"' for nom, pli in pliees(regles).items())


def peut_etre_doubles(lignes: pl.DataFrame, regles: "Regles") -> bool:
    """Whether some rows may have the same key; false where it is sure that none has.

    Of words it looks at letters and digits alone: what `pliees` takes for one, it does too.
    """
    mots = pl.col(_textes(regles)).str.normalize("NFKD").str.to_lowercase()
    lettres = mots.str.replace_all(r"[^\p{L}\p{N}]", "")
    return bool(lignes.select(regles.cle).with_columns(lettres).is_duplicated().any())


def doubles(regles: "Regles", lot: str, deja: str = "") -> str:
    """The query of the rejections of keys met before: in `lot` above, or in `deja`.

    `deja` holds keys as `de` gives them.
    """
    cle, premiere = regles.cle_sql, regles.cle[0]
    montre = f"'{MASQUE}'" if premiere in regles.personnelles else f'cast("{premiere}" as varchar)'
    deja = deja or f"({de(regles, lot)} limit 0)"
    message = f"La clé ({', '.join(regles.cle)}) figure déjà plus haut dans cette livraison."
    # Texts stand in the query: to bind one, DuckDB loads pandas.
    return f"""
        with pliees as materialized (
            select {_colonnes(regles)}, feuille, ligne, {montre} as _montre
            from {lot} where {regles.cle_complete_sql}
        ),
        repetees as ( -- few, most often none: ranks of all the rows would be dear
            select {cle} from pliees group by {cle} having count(*) > 1
            union all
            select {cle} from {deja}
        ),
        rangs as (
            select
                *, row_number() over (partition by {cle} order by feuille, ligne) as rang
            from pliees semi join repetees using ({cle})
        )
        select
            feuille, ligne, {texte(premiere)} as colonne, 'cle_en_double' as regle,
            _montre as valeur, {texte(message)} as message
        from rangs left join (select distinct {cle}, true as deja from {deja}) using ({cle})
        where rang > 1 or deja
    """
