"""Signatories and nine of their indicators, as most would write it: pandas, pandera's pandas.

`python en_pandas.py RAW ARRETE SORTIE`; nothing of the project is imported. Values are those of
`indicateurs.valeurs`, of these indicators: key, numerator, denominator, value.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

NIVEAUX = ["INFRA_A1", "A1_1", "A1", "A2", "B1", "B2"]
DATES = [
    "date_titre",
    "date_convocation",
    "date_signature",
    "date_naissance",
    "date_fin_formation",
]
TEXTES = [
    "numero_cir",
    "numero_etranger",
    "departement",
    "sexe",
    "nationalite",
    "motif_admission",
    "niveau_initial",
    "niveau_atteint",
]
NOMBRES = [
    "bpi",
    "heures_prescrites",
    "heures_realisees",
    "jours_formation_civique",
]
DEPARTEMENTS = ["02", "59", "60", "62", "80"]
VENTILATIONS = {
    "sexe": ["H", "F"],
    "tranche_age": ["moins_25", "25_et_plus"],
    "motif_admission": ["ECO", "FAM", "HUM", "AUT"],
    "bpi": ["O", "N"],
    "niveau_initial": NIVEAUX,
}
CONTRAT = pa.DataFrameSchema(
    {
        "numero_cir": pa.Column(str),
        "numero_etranger": pa.Column(str, pa.Check.str_matches("^[0-9]{10}$")),
        "departement": pa.Column(str, pa.Check.isin(DEPARTEMENTS)),
        "date_titre": pa.Column("datetime64[us]", nullable=True),
        "date_convocation": pa.Column("datetime64[us]", nullable=True),
        "date_signature": pa.Column("datetime64[us]"),
        "sexe": pa.Column(str, pa.Check.isin(VENTILATIONS["sexe"]), nullable=True),
        "date_naissance": pa.Column("datetime64[us]", nullable=True),
        "nationalite": pa.Column(str, pa.Check.str_matches("^[A-Z]{3}$"), nullable=True),
        "motif_admission": pa.Column(
            str, pa.Check.isin(VENTILATIONS["motif_admission"]), nullable=True
        ),
        "bpi": pa.Column("Int64", pa.Check.isin([0, 1]), nullable=True),
        "niveau_initial": pa.Column(str, pa.Check.isin(NIVEAUX), nullable=True),
        "heures_prescrites": pa.Column(
            "Int64", pa.Check.isin([0, 50, 100, 200, 400, 600]), nullable=True
        ),
        "heures_realisees": pa.Column("Int64", pa.Check.in_range(0, 800), nullable=True),
        "date_fin_formation": pa.Column("datetime64[us]", nullable=True),
        "niveau_atteint": pa.Column(str, pa.Check.isin(NIVEAUX), nullable=True),
        "jours_formation_civique": pa.Column("Int64", pa.Check.in_range(0, 4), nullable=True),
    },
    checks=[
        pa.Check(lambda t: avant(t, "date_titre", "date_convocation")),
        pa.Check(lambda t: avant(t, "date_convocation", "date_signature")),
        pa.Check(lambda t: avant(t, "date_signature", "date_fin_formation")),
        pa.Check(lambda t: t["age"].isna() | t["age"].between(16, 110)),
    ],
    unique=["numero_cir"],
)


def avant(table: pd.DataFrame, une: str, autre: str) -> pd.Series:
    """Whether a day is not after another, where both are known."""
    return table[une].isna() | table[autre].isna() | (table[une] <= table[autre])


def lire(fichier: Path) -> pd.DataFrame:
    """A delivery, typed and checked."""
    table = pd.read_csv(
        fichier,
        sep=";",
        dtype={**dict.fromkeys(TEXTES, "str"), **dict.fromkeys(NOMBRES, "Int64")},
        parse_dates=DATES,
        date_format="%Y-%m-%d",
    )
    table[DATES] = table[DATES].astype("datetime64[us]")
    ne, signe = table["date_naissance"].dt, table["date_signature"].dt
    pas_fete = (signe.month < ne.month) | ((signe.month == ne.month) & (signe.day < ne.day))
    table["age"] = signe.year - ne.year - pas_fete.astype("int64")
    fin = pd.Period(fichier.stem[:7], "M").end_time
    valide = CONTRAT.validate(table)
    if (valide["date_signature"] > fin).any():
        raise ValueError(f"{fichier} : signatures futures")
    return valide.assign(livraison=fichier.stem[:7])


def en_vigueur(raw: Path, arrete: str) -> pd.DataFrame:
    """The newest row of each contract."""
    fichiers = sorted((raw / "ofii" / "cir_signataires").glob("*.csv"))
    livrees = pd.concat([lire(f) for f in fichiers if f.stem[:7] <= arrete])
    table = livrees.sort_values("livraison").drop_duplicates("numero_cir", keep="last")
    table["tranche_age"] = pd.cut(
        table["age"], [0, 25, 200], right=False, labels=["moins_25", "25_et_plus"]
    ).astype("str")
    table.loc[table["age"].isna(), "tranche_age"] = None
    table["bpi"] = table["bpi"].map({1: "O", 0: "N"})
    return table


def annees_de(premiere: pd.Timestamp, arrete: str) -> list[str]:
    """The years from the first one counted to that of the arrêté."""
    return [str(annee) for annee in range(premiere.year, int(arrete[:4]) + 1)]


def compter(
    nom: str,
    table: pd.DataFrame,
    jour: str,
    numerateur: pd.Series,
    denominateur: pd.Series | None,
    arrete: str,
    ventilations: Sequence[str] = (),
    mois: bool = False,
) -> pd.DataFrame:
    """An indicator by year (and month), department and region, with its breakdowns."""
    fin = pd.Period(arrete, "M").end_time
    lignes = pd.DataFrame(
        {
            "jour": table[jour],
            "departement": table["departement"],
            "numerateur": numerateur.astype("float64"),
            "denominateur": 0.0 if denominateur is None else denominateur.astype("float64"),
            **{v: table[v] for v in ventilations},
        }
    )
    lignes = lignes[lignes["jour"].notna() & (lignes["jour"] <= fin)]
    periodes = {"annee": annees_de(lignes["jour"].min(), arrete)}
    lignes["annee"] = lignes["jour"].dt.strftime("%Y")
    if mois:
        lignes["mois"] = lignes["jour"].dt.strftime("%Y-%m")
        premier = lignes["mois"].min()
        periodes["mois"] = [str(p) for p in pd.period_range(premier, arrete, freq="M")]
    morceaux = []
    for type_periode, toutes in periodes.items():
        for ventilation in ["total", *ventilations]:
            if ventilation == "total":
                modalite = pd.Series("total", lignes.index)
                modalites = ["total"]
            else:
                modalite = lignes[ventilation].fillna("non_renseigne")
                modalites = [*VENTILATIONS[ventilation]]
                if (modalite == "non_renseigne").any():
                    modalites.append("non_renseigne")
            for territoire in [["departement"], []]:
                cles = [lignes[type_periode].rename("periode"), modalite.rename("modalite")]
                lieux = [lignes["departement"].rename("territoire") for _ in territoire]
                sommes = lignes.groupby([*cles, *lieux])[["numerateur", "denominateur"]].sum()
                if not lieux:
                    sommes = pd.concat({"R32": sommes}, names=["territoire"])
                    sommes = sommes.reorder_levels(["periode", "modalite", "territoire"])
                codes = DEPARTEMENTS if lieux else ["R32"]
                grille = pd.MultiIndex.from_product(
                    [toutes, modalites, codes], names=["periode", "modalite", "territoire"]
                )
                sommes = sommes.reindex(grille, fill_value=0).reset_index()
                morceaux.append(sommes.assign(ventilation=ventilation))
    valeurs = pd.concat(morceaux).assign(indicateur=nom)
    valeurs["territoire"] = valeurs["territoire"].replace({d: f"D{d}" for d in DEPARTEMENTS})
    return valeurs


def finir(valeurs: pd.DataFrame, unite: str) -> pd.DataFrame:
    """The value of each cell."""
    if unite == "":
        return valeurs.assign(valeur=valeurs["numerateur"], denominateur=float("nan"))
    facteur = 100 if unite == "%" else 1
    base = valeurs["denominateur"].where(valeurs["denominateur"] != 0)
    return valeurs.assign(valeur=facteur * valeurs["numerateur"] / base)


def indicateurs(t: pd.DataFrame, arrete: str) -> pd.DataFrame:
    """All of the nine."""
    profil = t["sexe"].notna() & t["age"].notna() & t["motif_admission"].notna()
    atteint = t["niveau_atteint"].map(NIVEAUX.index, na_action="ignore").fillna(-1)
    a1, a2 = atteint >= NIVEAUX.index("A1"), atteint >= NIVEAUX.index("A2")
    un = pd.Series(1, t.index)
    sortis = t["date_fin_formation"].notna() & (t["heures_prescrites"].fillna(0) > 0)
    suivis = sortis & t["heures_realisees"].notna()
    assidus = 100 * t["heures_realisees"] >= 80 * t["heures_prescrites"]
    bpi, heures = t["bpi"].notna(), t["heures_prescrites"].notna()
    jours = t["jours_formation_civique"].notna()
    trois = ["sexe", "tranche_age", "motif_admission"]
    cinq = [*trois, "bpi", "niveau_initial"]

    def part(
        nom: str, base: pd.Series, compte: pd.Series, unite: str, **options: Any
    ) -> pd.DataFrame:
        jour = options.pop("jour", "date_signature")
        valeurs = compter(nom, t[base], jour, compte[base], un[base], arrete, **options)
        return finir(valeurs, unite)

    def nombre(nom: str, base: pd.Series, **options: Any) -> pd.DataFrame:
        valeurs = compter(nom, t[base], "date_signature", un[base], None, arrete, **options)
        return finir(valeurs, "")

    fin = {"jour": "date_fin_formation"}
    return pd.concat(
        [
            nombre("cir_signataires", un == 1, ventilations=cinq, mois=True),
            nombre("cir_signataires_niveau_a1", profil & a1),
            part("cir_part_bpi", bpi, t["bpi"] == "O", "%"),
            part("cir_part_profil_renseigne", un == 1, profil, "%"),
            part("cir_taux_a1", profil, a1, "%", ventilations=[*trois, "bpi"]),
            part("cir_jours_formation_civique", jours, t["jours_formation_civique"], "jours"),
            part("cir_heures_prescrites_moyenne", heures, t["heures_prescrites"], "heures"),
            part("cir_part_assidus", suivis, assidus, "%", ventilations=trois, **fin),
            part("cir_taux_a2_sortants", sortis, a2, "%", **fin),
        ]
    )


if __name__ == "__main__":
    racine, dernier, sortie = sys.argv[1:]
    signataires = en_vigueur(Path(racine), dernier).reset_index(drop=True)
    indicateurs(signataires, dernier).to_parquet(sortie, index=False)
