"""A small region in memory, two departments and one academy, in which orientations are followed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import pytest

from pipelines.contrats import regles_de
from pipelines.entrepot import faits
from pipelines.feuille_de_route import lire
from pipelines.indicateurs import comptage
from pipelines.indicateurs.definition import Indicateur
from pipelines.orientations.suivi import CONSTATS, avancer, preparer
from tests.entrepots import en_memoire
from tests.tableaux import lignes, valeur

TERRITOIRES = """
territoire | maille      | code
FR         | national    | -
R32        | region      | 32
A09        | academie    | LILLE
D02        | departement | 02
D59        | departement | 59
"""
_ORIENTATION: dict[str, str | None] = {
    "orientation": "o",
    "bilan": "2020",
    "genre": "orientation",
    "objectif": "1",
    "mode": "mesure",
    "indicateur": "x",
    "ventilation": "total",
    "modalite": "total",
    "niveau": "region",
    "sens": "hausse",
    "valeur_cible": "10",
    "echeance": None,
}
_CONSTAT: dict[str, str | None] = {
    "orientation": "o",
    "territoire": "R32",
    "retrait": "false",
    "fichier": "essai.csv",
    "ligne": "1",
}
_VALEUR: dict[str, str | None] = {
    "indicateur": "x",
    "territoire": "R32",
    "ventilation": "total",
    "modalite": "total",
}
_DATES = ("echeance", "date_constat")
_ANNEES = ("bilan", "periode")
_CLES = ("orientation", "territoire", "arrete")

Suivre = Callable[..., None]
Mesurer = Callable[[str], None]


def indicateur(nom: str, **tete: object) -> Indicateur:
    """An indicator of which only the head matters: a yearly count, unless said otherwise."""
    details: dict[str, object] = {
        "nature": "effectif", "unite": "réunions", "sens": "hausse", "personnes": "non",
        "ventilations": {}, "periodes": ("annee",), "territoires": "departements",
        "sans_ligne": "", "plafond": "", "consolidation": 3, "sql": "", "extrait": CONSTATS,
        "titre": nom,
        "numerateur": "", "denominateur": "", "objectif": 1, "ligne_sql": 1,
        "chemin": Path(f"{nom}.sql"),
    }  # fmt: skip
    return Indicateur(nom=nom, **(details | tete))  # type: ignore[arg-type]


def inserer(
    con: duckdb.DuckDBPyConnection, nom: str, rangees: Sequence[Mapping[str, str | None]]
) -> None:
    """Insert rows of text into a table."""
    for rangee in rangees:
        marques = ", ".join("?" for _ in rangee)
        con.execute(
            f"insert into {nom} ({', '.join(rangee)}) values ({marques})", list(rangee.values())
        )


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse under construction, with its bilan of 2020 and its territories."""
    with en_memoire(regles_de(lire()).values()) as connexion:
        inserer(
            connexion, "referentiel.bilans", lignes("bilan | annee | arrete\n2020 | 2020 | 2020-12")
        )
        inserer(connexion, "referentiel.territoires", lignes(TERRITOIRES))
        yield connexion


@pytest.fixture
def suivre(con: duckdb.DuckDBPyConnection) -> Suivre:
    """`suivre(orientations, valeurs, attendu, constats="", arretes=("2021-03",), indicateurs=(),
    livre=(), sans_mesure=())`.

    Columns that a table leaves out have the values above; the territory is the region, the arrêté
    of `attendu` the last one computed; a declaration is delivered in the month of its date. Rows of
    `attendu` are all those there must be. `livre` are the months delivered, of the one extract;
    `sans_mesure` the indicators and arrêtés at which nothing has counted.
    """

    def suit(
        orientations: str,
        valeurs: str,
        attendu: str,
        constats: str = "",
        arretes: Sequence[str] = ("2021-03",),
        indicateurs: Sequence[Indicateur] = (indicateur("x"),),
        livre: Sequence[str] = (),
        sans_mesure: Sequence[tuple[str, str]] = (),
    ) -> None:
        ecrites = [_ORIENTATION | o for o in lignes(orientations)]
        inserer(con, "referentiel.orientations", ecrites)
        contrat = regles_de(lire())["ddcs/orientations"]
        livres = [
            _CONSTAT | {"mois_livraison": (c["date_constat"] or "")[:7]} | c
            for c in (lignes(constats) if constats else [])
        ]
        inserer(con, f"livraisons.{CONSTATS}", livres)
        faits.ouvrir(con, contrat)
        comptage.preparer(con, indicateurs, {CONSTATS: contrat}, arretes)
        con.execute("create table chantier.valeurs as from indicateurs.valeurs")
        inserer(con, "chantier.valeurs", [_VALEUR | v for v in lignes(valeurs)] if valeurs else [])
        con.execute(
            """
            update chantier.valeurs
            set type_periode = type_de_periode(periode), debut = debut_de_periode(periode)
            """
        )
        preparer(con, [(CONSTATS, mois) for mois in livre], sans_mesure)
        nombre = avancer(con, arretes)

        resultat = con.execute("from orientations.avancement")
        noms = [d[0] for d in resultat.description or []]
        trouvees = {
            tuple(ligne[noms.index(c)] for c in _CLES): dict(zip(noms, ligne, strict=True))
            for ligne in resultat.fetchall()
        }
        assert len(trouvees) == nombre
        defaut: dict[str, str | None] = {
            "orientation": "o",
            "territoire": "R32",
            "arrete": arretes[-1],
        }
        voulues = {tuple((defaut | v)[c] for c in _CLES): v for v in lignes(attendu)}
        assert set(trouvees) == set(voulues)
        for cle, ligne in voulues.items():
            for colonne, cellule in ligne.items():
                if colonne in _CLES:
                    continue
                trouvee = trouvees[cle][colonne]
                if colonne in _ANNEES:  # `an 2021`, for a cell that is a text, not a number
                    assert trouvee == (cellule and cellule.removeprefix("an ")), (cle, colonne)
                    continue
                if colonne in _DATES:
                    assert (trouvee and str(trouvee)) == cellule, (cle, colonne, trouvees[cle])
                    continue
                voulue = valeur(cellule)
                if isinstance(voulue, float):
                    voulue = pytest.approx(voulue, rel=1e-12)
                assert trouvee == voulue, (cle, colonne, trouvees[cle])

    return suit


@pytest.fixture
def mesurer(suivre: Suivre) -> Mesurer:
    """Rows of cases: an orientation of the region each, from 2020 to March 2021.

    Columns `initiale` and `actuelle` are its values, `-` none at all; `mode`, `sens` and `cible`
    its own; the others are what must be found.
    """

    def mesure(cas: str) -> None:
        rangees = lignes(cas)
        noms = [f"cas_{numero}" for numero in range(len(rangees))]

        def table(entete: str, ecrites: list[list[str | None]]) -> str:
            return "\n".join([entete, *(" | ".join(c or "-" for c in e) for e in ecrites)])

        orientations = table(
            "orientation | indicateur | mode | sens | valeur_cible",
            [
                [nom, nom, c.get("mode") or "mesure", c.get("sens") or "hausse", c["cible"]]
                for nom, c in zip(noms, rangees, strict=True)
            ],
        )
        valeurs = table(
            "indicateur | periode | arrete | valeur",
            [
                [nom, annee, arrete, c[colonne]]
                for nom, c in zip(noms, rangees, strict=True)
                for annee, arrete, colonne in (
                    ("2020", "2020-12", "initiale"),
                    ("2021", "2021-03", "actuelle"),
                )
                if c[colonne]
            ],
        )
        resultats = [c for c in rangees[0] if c.startswith("taux_") or c == "statut"]
        attendu = table(
            " | ".join(["orientation", *resultats]),
            [[nom, *(c[r] for r in resultats)] for nom, c in zip(noms, rangees, strict=True)],
        )
        suivre(orientations, valeurs, attendu, indicateurs=[indicateur(nom) for nom in noms])

    return mesure
