"""Each expectation has a case that it flags and one that it does not; the pages read offline.

The only module of tests that imports Great Expectations, and not before a test wants it: it takes
seconds, in each of pytest's processes if it were imported with the module.
"""

import re
import sys
import warnings
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.erreurs import Faute
from pipelines.plausibilite import attentes, cadres
from pipelines.plausibilite.attentes import en_mots
from pipelines.plausibilite.constats import Constat
from pipelines.plausibilite.pages import composer
from tests.plausibilite.essais import ARRETE, Lignes, ecrire, entrepot_vide, valeur, vider

if TYPE_CHECKING:
    from pipelines.plausibilite.jugement import Juge

VALEURS, CONSTATS = "indicateurs.valeurs", "faits.ddcs_orientations"
MOIS = [f"{a}-{m:02}" for a in (2020, 2021) for m in range(1, 13)][:18]
ARRETES = MOIS[-12:]


def livraison(mois: str, acceptees: int) -> dict[str, object]:
    return {"source": "ofii", "extrait": "cir_signataires", "mois_livraison": mois,
            "acceptees": acceptees, "statut": "acceptee"}  # fmt: skip


def livraisons(derniere: int) -> Lignes:
    mois = {"2018-12": 5000, "2019-06": 100, "2020-06": 120, ARRETE: derniere}
    return [livraison(*un) for un in mois.items()]


def oepre(parents: float) -> Lignes:
    return [valeur("oepre_parents", "2018-2019", parents), valeur("oepre_groupes", "2018-2019", 42)]


def par_logement(personnes: float) -> Lignes:
    return [valeur("personnes_par_logement_mobilise", "2020", personnes / 10, numerateur=personnes,
                   denominateur=10)]  # fmt: skip


def avdl(relogees: float) -> Lignes:
    return [valeur("avdl_personnes_relogees", "2020", relogees),
            valeur("avdl_logements_captes", "2020", 20)]  # fmt: skip


def cir(heures: int) -> Lignes:
    return [{"departement": "59", "date_fin_formation": date(2020, 5, 4), "heures_prescrites": 200,
             "heures_realisees": heures}] * 10  # fmt: skip


def projet(beneficiaires: int) -> Lignes:
    return [{"exercice": 2020, "departement": "59", "numero_projet": "P1", "statut": "TERMINE",
             "beneficiaires_realises": beneficiaires, "fichier": "f.csv", "ligne": 7}]  # fmt: skip


def interpretariat(minutes: int) -> Lignes:
    return [{"mois": "2020-05", "departement": "59", "demandes_honorees": 20,
             "duree_minutes": minutes}]  # fmt: skip


def annees(indicateur: str, *nombres: float) -> Lignes:
    debut = 2021 - len(nombres)
    return [
        valeur(indicateur, str(debut + rang), nombre, denominateur=50)
        for rang, nombre in enumerate(nombres)
    ]


def mois(dernier: float) -> Lignes:
    nombres = [400 + 10 * (rang % 3) for rang in range(17)] + [dernier]
    return [valeur("cir_signataires", m, n) for m, n in zip(MOIS, nombres, strict=True)]


def arretes(premier: float) -> Lignes:
    nombres = [premier] + [13] * 11
    return [
        valeur("avdl_operateurs", a[:4], n, arrete=a, provisoire=True)
        for a, n in zip(ARRETES, nombres, strict=True)
    ]


def constat(avancement: float | None, statut: str = "EN_COURS") -> Lignes:
    return [{"orientation": "o19_referent_logement", "territoire": "D60", "statut": statut,
             "avancement": avancement, "date_constat": date(2021, 6, 20)}]  # fmt: skip


def attendu(retard: int) -> Lignes:
    return [{"source": "ddcs", "extrait": "projets", "partie": "59", "mois": "2021-05",
             "limite": date(2021, 6, 15), "attendu": True, "retard_jours": retard}]  # fmt: skip


# Expectation, table, rows that are unlikely, their object, words of the message, ordinary rows.
CAS: list[tuple[str, str, Lignes, str, str, Lignes]] = [
    ("volume_livre", "qualite.livraisons", livraisons(40), "ofii/cir_signataires",
     "livraison de 2021-06 : 40 lignes acceptées, contre 110", livraisons(90)),
    ("parents_par_groupe", VALEURS, oepre(8267), "oepre_parents",
     "8 267 parents dans 42 groupes, soit 197 parents par groupe", oepre(500)),
    ("personnes_par_logement", VALEURS, par_logement(75), "personnes_par_logement_mobilise",
     "75 personnes dans 10 logements, soit 7,5", par_logement(24)),
    ("relogees_par_logement", VALEURS, avdl(12), "avdl_personnes_relogees",
     "12 personnes relogées dans 20 logements captés, soit 0,6", avdl(30)),
    ("heures_par_apprenant", "faits.ofii_cir_signataires", cir(9), "ofii/cir_signataires",
     "formations finies en 2020 : 10 apprenants, 9 heures", cir(180)),
    ("beneficiaires_par_projet", "faits.ddcs_projets", projet(4000), "ddcs/projets",
     "le projet de la ligne 7 de f.csv déclare 4 000 bénéficiaires", projet(40)),
    ("minutes_par_interpretariat", "faits.ars_interpretariat", interpretariat(100),
     "ars/interpretariat", "100 minutes pour 20 demandes honorées, soit 5", interpretariat(800)),
    ("saut_d_un_nombre", VALEURS, annees("cir_signataires", 100, 110, 400), "cir_signataires",
     "Hauts-de-France, 2020 : 400, contre 105", annees("cir_signataires", 100, 110, 200)),
    ("saut_d_une_part", VALEURS, annees("cir_taux_a1", 80, 70, 30), "cir_taux_a1",
     "2020 : 30 %, contre 75 %", annees("cir_taux_a1", 80, 70, 60)),
    ("mois_aberrant", VALEURS, mois(40), "cir_signataires", "2021-06 : 40, quand un mois",
     mois(380)),
    ("indicateur_fige", VALEURS, arretes(13), "avdl_operateurs", "13 à chacun des 12", arretes(9)),
    ("declare_contre_mesure", CONSTATS, constat(90), "orientations.avancement",
     "Oise : 90 % déclarés (EN_COURS, constat du 20/06/2021), 25 % mesurés", constat(40)),
    ("declare_contre_mesure", CONSTATS, constat(None, "REALISE"), "orientations.avancement",
     "100 % déclarés", constat(None, "A_VENIR")),
    ("sources_en_retard", "qualite.attendus", attendu(15), "ddcs/projets",
     "partie 59 : la livraison de 2021-05 n'est pas venue, 15 jours", attendu(0)),
]  # fmt: skip


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with entrepot_vide() as con:
        yield con


def nouveau_juge() -> "Juge":
    # Great Expectations imports pyspark where it is, which ends a process whose main module has no
    # file: those of pytest-xdist have none.
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as sans_spark:
        sans_spark.setitem(sys.modules, "pyspark", None)
        warnings.simplefilter("ignore")
        from pipelines.plausibilite.jugement import Juge
    return Juge.nouveau(ARRETE)


def juger(con: duckdb.DuckDBPyConnection, nom: str) -> list[Constat]:
    [attente] = [a for a in attentes.lire() if a.nom == nom]
    cadre = cadres.prendre(con, attente)
    assert cadre is not None
    return nouveau_juge().juger(attente, cadre)


@pytest.fixture
def avancement(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """A measured orientation, a quarter of its way."""
    mesuree = {"orientation": "o19_referent_logement", "territoire": "D60", "arrete": ARRETE,
               "mode": "mesure", "taux_avancement": 25}  # fmt: skip
    ecrire(con, "orientations.avancement", [mesuree])
    yield
    vider(con, "orientations.avancement")


@pytest.mark.usefixtures("avancement")
@pytest.mark.parametrize("cas", CAS, ids=lambda cas: cas[0])
def test_flags_what_is_unlikely_and_nothing_else(
    con: duckdb.DuckDBPyConnection, cas: tuple[str, str, Lignes, str, str, Lignes]
) -> None:
    nom, table, peu_probables, objet, mots, ordinaires = cas
    ecrire(con, table, peu_probables)
    trouves = juger(con, nom)
    vider(con, table)
    ecrire(con, table, ordinaires)
    calmes = juger(con, nom)
    vider(con, table)

    [signale] = trouves
    assert not signale.reussi
    assert signale.objet == objet
    assert mots in signale.message
    assert [c.reussi for c in calmes] == [True]
    assert calmes[0].observe != "0 mesures"


def test_every_expectation_has_its_case() -> None:
    assert {cas[0] for cas in CAS} == {attente.nom for attente in attentes.lire()}


def test_nothing_to_judge_is_no_flag(con: duckdb.DuckDBPyConnection) -> None:
    for attente in attentes.lire():
        assert [c.reussi for c in juger(con, attente.nom)] == [True], attente.nom


def test_too_few_to_judge_are_left_alone(con: duckdb.DuckDBPyConnection) -> None:
    ecrire(con, VALEURS, annees("cir_signataires", 2, 3, 15))
    assert [c.reussi for c in juger(con, "saut_d_un_nombre")] == [True]
    vider(con, VALEURS)


def test_many_flags_are_counted_and_the_first_cited(con: duckdb.DuckDBPyConnection) -> None:
    lignes = [{**ligne, "departement": str(n)} for n in range(60) for ligne in interpretariat(1)]
    ecrire(con, "faits.ars_interpretariat", lignes)
    constats = juger(con, "minutes_par_interpretariat")
    vider(con, "faits.ars_interpretariat")
    assert len(constats) == 51
    assert constats[-1].observe == "10"


def test_a_missing_table_is_said(con: duckdb.DuckDBPyConnection) -> None:
    [attente] = [a for a in attentes.lire() if a.exige]
    with duckdb.connect() as vide:
        assert cadres.prendre(vide, attente) is None


def test_a_faulty_file_is_refused_with_every_reason(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("-- titre: A\n-- minimum: peu\n\nselect 1\n")
    (tmp_path / "b.sql").write_text("-- titre: B\n-- ligne: b\n-- mesure: b\n\nselect 1\n")
    with pytest.raises(Faute) as faute:
        attentes.lire(tmp_path)
    for mots in ("«ligne»", "«mesure»", "minimum «peu» n'est pas un nombre", "b.sql : il faut un"):
        assert mots in str(faute.value)


@pytest.mark.parametrize(
    ("nombre", "mots"),
    [(8267.0, "8 267"), (2.434, "2,43"), (48.25, "48,2"), (13, "13"), (None, "rien"), ("x", "x")],
)
def test_numbers_in_words(nombre: object, mots: str) -> None:
    assert en_mots(nombre) == mots


class _Charges(HTMLParser):
    """The addresses that a page loads or leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.adresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.adresses += [v or "" for nom, v in attrs if nom in ("src", "href", "srcset", "data")]
        assert tag not in ("script", "iframe", "object", "embed", "img")


@pytest.fixture
def dossier(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Path:
    ecrire(con, VALEURS, [*oepre(8267), *par_logement(24)])
    juge = nouveau_juge()
    trouves = {}
    for attente in attentes.lire():
        cadre = cadres.prendre(con, attente)
        assert cadre is not None
        trouves[attente] = juge.juger(attente, cadre)
    vider(con, VALEURS)
    juge.documenter(tmp_path / "docs")
    composer(tmp_path / "docs", tmp_path / "pages", ARRETE, trouves)
    return tmp_path / "pages"


def test_pages_load_nothing_from_the_internet_and_lead_somewhere(dossier: Path) -> None:
    pages = sorted(dossier.glob("*.html"))
    assert len(pages) == 1 + len(attentes.lire())
    for page in pages:
        charges = _Charges()
        texte = page.read_text(encoding="utf-8")
        charges.feed(texte)
        assert "style.css" in charges.adresses
        for adresse in charges.adresses:
            assert adresse.startswith("#") or (dossier / adresse).is_file(), (page.name, adresse)
        assert not re.search(r"https?://|@import|url\(", texte)
    assert not re.search(r"//|@import|url\(", (dossier / "style.css").read_text())


def test_pages_are_french(dossier: Path) -> None:
    index = (dossier / "index.html").read_text(encoding="utf-8")
    assert f"Plausibilité de l'entrepôt, arrêté {ARRETE}" in index
    assert "à vérifier par une personne : 1." in index
    assert "soit 197 parents par groupe" in index
    page = (dossier / "parents_par_groupe.html").read_text(encoding="utf-8")
    assert "Un groupe OEPRE réunit de 8 à 15 parents" in page
    visible = re.sub(r"<[^>]*>", " ", page)
    for anglais in ("Expectation Suite", "Unexpected", "Observed", "Failed", "Overview", "Status"):
        assert anglais not in visible
