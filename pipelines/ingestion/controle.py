"""A batch of rows against its contract: typed rows, and one rejection per broken rule.

What breaks the contract's own checks is said by pandera; what is added here is what a pandera model
of typed rows cannot see: unreadable cells, rows longer than the header, withdrawals. Rules across
batches (keys) do not belong here.
"""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property, reduce
from operator import and_
from pathlib import Path

import polars as pl

from assets.extracts.contrat import FIN_LIVRAISON, Colonne, Contrat, booleen
from assets.extracts.pandera_polars import pa
from pipelines import codes
from pipelines.codes import Listes
from pipelines.empreintes import des_paquets, du_code, empreinte
from pipelines.ingestion import nomenclatures
from pipelines.ingestion.cellules import FAUTE, LIGNE
from pipelines.ingestion.correspondances import Correspondance, Correspondances
from pipelines.ingestion.depot import Fichier
from pipelines.ingestion.jugement import conditions
from pipelines.ingestion.montrables import montrer
from pipelines.ingestion.valeurs import Illisible, Lecteur

RETRAIT = "retrait"
SCHEMA_REJETS = {
    "ligne": pl.Int64,
    "colonne": pl.String,
    "regle": pl.String,
    "valeur": pl.String,
    "message": pl.String,
}
_AUCUN_REJET = pl.DataFrame(schema=SCHEMA_REJETS)
_SANS_REJET = pl.DataFrame(
    schema={nom: type_ for nom, type_ in SCHEMA_REJETS.items() if nom != "valeur"}
)
_REGLES_PANDERA = {
    "not_nullable": "obligatoire",
    "greater_than_or_equal_to": "borne",
    "less_than_or_equal_to": "borne",
    "str_matches": "type",
}
_TYPES_EN_CLAIR = {
    "entier": "un nombre entier",
    "decimal": "un nombre",
    "date": "une date J/M/AAAA ou AAAA-MM-JJ",
    "mois": "un mois AAAA-MM, M/AAAA ou «novembre 2020»",
    "annee_scolaire": "une année scolaire AAAA-AAAA, deux années qui se suivent",
    "booleen": "O ou N (ou OUI/NON, 1/0, VRAI/FAUX, X pour oui)",
    nomenclatures.LANGUES: "une langue : son code ISO de trois ou deux lettres, ou son nom",
    nomenclatures.PAYS: "un pays : son code ISO de trois ou deux lettres, ou son nom",
}
COLONNE_RETRAIT: Colonne = booleen("Retire la ligne de cette clé.").metadata["colonne"]


@dataclass(frozen=True)
class Regles:
    """A contract ready to be applied: its model, columns and key, and the roadmap's lists.

    `conditions` are those of the model's checks, by column, that polars judges in one query.
    """

    nom: str
    modele: type[Contrat]
    listes: Listes
    schema: pa.DataFrameSchema
    colonnes: Mapping[str, Colonne]
    cle: tuple[str, ...]
    lecteurs: Mapping[str, Lecteur]
    conditions: Mapping[str, pl.Expr]
    correspondances: tuple[Correspondance, ...] = ()

    @classmethod
    def de(
        cls,
        nom: str,
        modele: type[Contrat],
        listes: Listes,
        correspondances: Iterable[Correspondance] = (),
    ) -> "Regles":
        """The rules of the extract `nom` in a region whose roadmap has these lists and lines."""
        colonnes = modele.colonnes()
        cle = tuple(c for c, colonne in colonnes.items() if colonne.cle)
        lecteurs = {
            c: Lecteur(colonne, listes)
            for c, colonne in {**colonnes, RETRAIT: COLONNE_RETRAIT}.items()
        }
        schema = modele.to_schema()
        siennes = tuple(c for c in correspondances if c.extrait == nom)
        return cls(
            nom, modele, listes, schema, colonnes, cle, lecteurs, conditions(schema), siennes
        )

    def pour(self, fichier: Fichier) -> Correspondances:
        """The correspondences that apply to a file."""
        return Correspondances.pour(
            self.correspondances, fichier.vrai_nom, fichier.mois, fichier.vraie_partie
        )

    @cached_property
    def empreinte(self) -> str:
        """Of all that reading depends on, but the content, its month, correspondences, the key."""
        ici = Path(__file__).parent
        contrat = Path(inspect.getfile(self.modele))
        prises = sorted({"region", *(c.liste for c in self.colonnes.values() if c.liste)})
        return empreinte(
            self.nom,
            du_code(
                *ici.glob("*.py"),
                ici.parent / "ressemblance.py",
                Path(codes.__file__),
                contrat,
                *Path(inspect.getfile(Contrat)).parent.glob("*.py"),
            ),
            des_paquets(
                "babel",
                "duckdb",
                "olefile",
                "pandera",
                "polars",
                "pycountry",
                "python-calamine",
                "rapidfuzz",
            ),
            {liste: [asdict(c) for c in self.listes.get(liste, ())] for liste in prises},
        )

    @property
    def cle_sql(self) -> str:
        """The columns of the key, as SQL lists them."""
        return ", ".join(f'"{nom}"' for nom in self.cle)

    @property
    def cle_complete_sql(self) -> str:
        """The condition that no column of the key is empty."""
        return " and ".join(f'"{nom}" is not null' for nom in self.cle)

    @property
    def ensembles(self) -> dict[str, tuple[str, ...]]:
        """By column of the key, the region's name where the region is not one of its codes."""
        return {
            c: (region.libelle,)
            for region in self.listes.get("region", ())
            for c in self.cle
            if region.code not in {d.code for d in self.listes.get(self.colonnes[c].liste, ())}
        }

    @property
    def connues(self) -> list[str]:
        """All column names that a header may have."""
        return [*self.colonnes, RETRAIT]

    @property
    def obligatoires(self) -> list[str]:
        """Column names that a header must have."""
        return [nom for nom, colonne in self.colonnes.items() if colonne.obligatoire]

    @property
    def personnelles(self) -> list[str]:
        """Columns whose values are never shown; where there are some, rows are about persons."""
        return [nom for nom, colonne in self.colonnes.items() if colonne.personnelle]

    @property
    def libres(self) -> list[str]:
        """Columns of free words: no list says them, nor the contract their form."""
        return [nom for nom, colonne in self.colonnes.items() if colonne.libre]


def controler(
    lot: pl.DataFrame, regles: Regles, fin_livraison: date | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Type and check a batch.

    Args:
        lot: text rows, as `lignes.lots` gives them, those to skip left out.
        regles: the contract.
        fin_livraison: last day of the delivery month; None leaves `date_future` unchecked.

    Returns:
        The typed rows (contract's columns, `retrait`, `_ligne`), all of them, and the rejections
        (`SCHEMA_REJETS`), one per row, column and rule.
    """
    types, illisibles = {}, []
    mois = f"{fin_livraison:%Y-%m}" if fin_livraison else ""
    for nom in regles.connues:
        types[nom], fautes = regles.lecteurs[nom].lire(lot[nom], mois)
        if fautes:
            illisibles.append(_illisibles(nom, fautes, lot[LIGNE], regles, mois))
    retrait = types.pop(RETRAIT).fill_null(False)
    typees = pl.DataFrame({**types, LIGNE: lot[LIGNE]})
    fin = pl.lit(fin_livraison, pl.Date).alias(FIN_LIVRAISON)
    hors_contrat = _hors_contrat(typees.with_columns(fin), regles)
    typees = typees.hstack([retrait.alias(RETRAIT)])
    if retrait.any():
        hors_cle = [nom for nom in regles.colonnes if nom not in regles.cle]
        typees = typees.with_columns(
            pl.when(RETRAIT).then(None).otherwise(pl.col(hors_cle)).name.keep()
        )
    if not (illisibles or hors_contrat.height or lot[FAUTE].null_count() < lot.height):
        return typees, _AUCUN_REJET
    # A cell that cannot be read has no value, yet is not empty.
    illisible = pl.concat([_SANS_REJET, *illisibles])
    vides = hors_contrat.filter(pl.col("regle") == "obligatoire").join(
        illisible, on=["ligne", "colonne"], how="anti"
    )
    autres = hors_contrat.filter(pl.col("regle") != "obligatoire")
    rejets = pl.concat([illisible, vides, autres, _structure(lot)]).unique(
        ["ligne", "colonne", "regle"], keep="first", maintain_order=True
    )
    # A withdrawal is checked on its key alone.
    retires = pl.DataFrame({"ligne": lot[LIGNE].filter(retrait)})
    rejets = pl.concat(
        [
            rejets.join(retires, on="ligne", how="anti"),
            rejets.join(retires, on="ligne", how="semi").filter(
                pl.col("colonne").is_in(regles.cle)
            ),
        ]
    )
    return typees, _avec_valeurs(rejets, lot, regles, mois)


def _illisibles(
    nom: str, fautes: Mapping[int, Illisible], lignes: pl.Series, regles: Regles, mois: str
) -> pl.DataFrame:
    """The rejections of the cells of a column that cannot be read, by their places in the batch."""
    colonne = regles.colonnes.get(nom, COLONNE_RETRAIT)
    phrases = {
        faute: _phrase_illisible(faute, colonne, regles, mois)
        for faute in dict.fromkeys(fautes.values())
    }
    return pl.DataFrame(
        {
            "ligne": lignes.gather(list(fautes)),
            "colonne": pl.repeat(nom, len(fautes), eager=True),
            "regle": [faute.regle for faute in fautes.values()],
            "message": [f"La colonne {nom} {phrases[faute]}." for faute in fautes.values()],
        },
        schema=_SANS_REJET.schema,
    )


def _phrase_illisible(faute: Illisible, colonne: Colonne, regles: Regles, mois: str) -> str:
    """What completes «La colonne X …»; about persons, nothing of the text is quoted."""
    if faute.phrase:
        return faute.sobre if regles.personnelles else faute.phrase
    if faute.regle == "code":
        permis = [c.en_clair for c in regles.listes[colonne.liste] if c.vaut(mois)]
        plusieurs = ", ou plusieurs de ces codes séparés par des virgules"
        return f"doit valoir {', '.join(permis)}{plusieurs if colonne.plusieurs else ''}"
    if faute.regle == "inconnu":
        return "ne nomme aucune ligne de la feuille de route"
    if faute.regle == "borne":
        return "porte un nombre démesuré"
    return f"doit être {_TYPES_EN_CLAIR[colonne.nomenclature or colonne.type]}"


def _structure(lot: pl.DataFrame) -> pl.DataFrame:
    return lot.filter(pl.col(FAUTE).is_not_null()).select(
        ligne=LIGNE,
        colonne=pl.lit(None, pl.String),
        regle=pl.lit("structure"),
        message=FAUTE,
    )


def _hors_contrat(typees: pl.DataFrame, regles: Regles) -> pl.DataFrame:
    """What pandera finds: one row per failing row of each check."""
    verdicts = typees.select_seq(regles.conditions.values())
    fausses = [verdict for verdict in verdicts if not verdict.all()]
    if not fausses:
        return _SANS_REJET
    fautives = typees.filter(reduce(and_, fausses).not_())
    rejets = [_SANS_REJET]
    try:
        regles.schema.select_columns([f.name for f in fausses]).validate(fautives, lazy=True)
    except pa.errors.SchemaErrors as echecs:
        for echec in echecs.schema_errors:
            nom = echec.schema.name
            regle = getattr(echec.check, "name", None) or "not_nullable"
            lignes = fautives[LIGNE].filter(echec.check_output.to_series().not_())
            rejets.append(
                pl.DataFrame({"ligne": lignes}).with_columns(
                    colonne=pl.lit(nom),
                    regle=pl.lit(_REGLES_PANDERA.get(regle, regle)),
                    message=pl.lit(_phrase(nom, regle, echec.check, regles)),
                )
            )
    return pl.concat(rejets)


def _phrase(nom: str, regle: str, controle: object, regles: Regles) -> str:
    if regle == "not_nullable":
        return f"La colonne {nom} est obligatoire."
    if regle == "str_matches":
        return f"La colonne {nom} doit être {regles.colonnes[nom].forme}."
    if regle in _REGLES_PANDERA:
        limites = getattr(controle, "statistics", None) or {}
        sens = "inférieure" if regle.startswith("greater") else "supérieure"
        return f"La colonne {nom} ne doit pas être {sens} à {next(iter(limites.values()))}."
    return f"La colonne {nom} {getattr(controle, 'error', '')}."


def _avec_valeurs(
    rejets: pl.DataFrame, lot: pl.DataFrame, regles: Regles, mois: str
) -> pl.DataFrame:
    """Add the text that was delivered, masked where it may be about a person."""
    textes = []
    for nom in rejets["colonne"].drop_nulls().unique(maintain_order=True):
        siens = rejets.filter(pl.col("colonne") == nom).join(
            lot.select(pl.col(LIGNE).alias("ligne"), pl.col(nom).alias("valeur")), on="ligne"
        )
        textes.append(siens.with_columns(montrer(siens["valeur"], nom, regles, mois)))
    sans = rejets.filter(pl.col("colonne").is_null()).with_columns(valeur=pl.lit(None, pl.String))
    return pl.concat([sans, *textes]).select(*SCHEMA_REJETS).sort("ligne", maintain_order=True)
