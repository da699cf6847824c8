"""The page of an indicator, and the list of them all."""

import re
from collections.abc import Iterator

import pytest

from pipelines.edition import indicateur, pages, revisions, source
from pipelines.edition.contenu import (
    Cellule,
    Graphique,
    Lien,
    Nombre,
    Page,
    Section,
    Tableau,
    Texte,
    parcourir,
)
from pipelines.edition.source import Source
from tests.edition import suivie

AVDL, MOBILISES, PAR_LOGEMENT, COMITES = TOUS = (
    "avdl_beneficiaires", "logements_mobilises", "personnes_par_logement_mobilise",
    "comites_techniques_tenus",
)  # fmt: skip


@pytest.fixture(scope="module")
def lue() -> Iterator[Source]:
    with source.ouvrir(suivie.warehouse()) as lue:
        yield lue


@pytest.fixture(scope="module")
def publique() -> Iterator[Source]:
    with source.ouvrir(suivie.warehouse(), publique=True) as lue:
        yield lue


def tableau(page: Page, cle: str) -> list[tuple[str, ...]]:
    tables = [b for b in parcourir(page.blocs) if isinstance(b, Tableau)]
    tables += [b.tableau for b in parcourir(page.blocs) if isinstance(b, Graphique)]
    [trouve] = [t for t in tables if t.cle == cle]
    return [tuple(map(mots, ligne)) for ligne in trouve.lignes]


def mots(cellule: Cellule) -> str:
    return getattr(cellule, "texte", None) or str(cellule or "")


def paires(lignes: list[tuple[str, ...]]) -> dict[str, str]:
    return {ligne[0]: ligne[1] for ligne in lignes}


def textes(page: Page, genre: str = "") -> list[str]:
    return [b.texte for b in parcourir(page.blocs) if isinstance(b, Texte) and b.genre == genre]


def ancres(page: Page) -> list[str]:
    return [b.ancre for b in page.blocs if isinstance(b, Section)]


def rendue(page: Page, publique: bool = False) -> str:
    return pages.html(page, [], "Région", "2021-05", "", publique, connues={page.chemin})


def test_its_definition_in_words(lue: Source) -> None:
    dites = paires(tableau(indicateur.page(lue, MOBILISES), "definition"))
    assert dites["Nature"] == "un nombre, qui s'additionne d'un territoire à l'autre"
    assert dites["Sens"] == "une hausse est un progrès"
    assert dites["Territoires"] == "les départements et la région"
    assert dites["Périodes"] == "année, mois"
    assert dites["Détaillé par"] == "filière, parc"
    assert "Rapporté à" not in dites
    assert "Personnes" in dites
    moyenne = paires(tableau(indicateur.page(lue, PAR_LOGEMENT), "definition"))
    assert moyenne["Nature"].startswith("une moyenne")
    assert "logements" in moyenne["Rapporté à"]
    assert "Personnes" not in paires(tableau(indicateur.page(lue, COMITES), "definition"))


def test_what_may_still_change_and_until_when() -> None:
    """A period that ended in December and settles for three months may change until March."""
    with source.ouvrir(suivie.warehouse()) as lue:
        [annee] = [
            v
            for v in lue.par_indicateur[AVDL]
            if (v["territoire"], v["periode"], v["ventilation"]) == ("RX", "2020", "total")
        ]
        annee["maturite"] = "recente"
        lue.indicateurs[AVDL]["consolidation"] = 3
        dites = paires(tableau(indicateur.page(lue, AVDL), "definition"))
    assert "«récente» pendant 3 mois" in dites["Maturité"]
    assert "2020 est récente : sa valeur peut bouger jusqu'en 2021-03" in dites["À cet arrêté"]


def test_the_region_then_each_department(lue: Source) -> None:
    page = indicateur.page(lue, AVDL)
    assert next(ligne[:2] for ligne in tableau(page, "serie-annee-donnees")) == (
        "2020", str(15 + 7 + 3),
    )  # fmt: skip
    [amont, aval] = tableau(page, "territoires-departement")
    assert amont[:2] == ("Amont", "15")
    assert aval[:2] == ("Aval", str(7 + 3))
    assert [amont[-2], aval[-2]] == ["1", "2"]  # ranks


def test_each_breakdown_and_the_months(lue: Source) -> None:
    """Two social and six private in January, four social in March."""
    page = indicateur.page(lue, MOBILISES)
    parcs = {ligne[0]: ligne[1] for ligne in tableau(page, "ventilation-parc-donnees")}
    assert parcs == {"Parc social": str(2 + 4), "Parc privé": "6", "Résidence": "0"}
    mois = {ligne[0]: ligne[1] for ligne in tableau(page, "mois-donnees")}
    assert mois["2021-01"] == str(2 + 6)
    assert mois["2021-03"] == "4"


def test_its_targets(lue: Source) -> None:
    assert tableau(indicateur.page(lue, AVDL), "cibles") == [
        ("Région inventée", "2020", "25", "50", f"{100 * 25 // 50} %")
    ]
    assert "les-cibles" not in ancres(indicateur.page(lue, MOBILISES))


def test_where_it_is_printed(lue: Source) -> None:
    [region, amont] = tableau(indicateur.page(lue, AVDL), "imprimes")
    assert region[0] == "dix-sept"
    assert region[1] == "2021, ligne 1"
    assert region[3] == "2021-12"
    assert "non calculable" in region  # 2021-12 is not published
    assert amont[-2:] == ("10 + 2", "Deux personnes comptées deux fois.")


def test_revisions_and_their_cause(lue: Source) -> None:
    lignes = tableau(indicateur.page(lue, AVDL), "revisions")
    assert [ligne[:5] for ligne in lignes] == [
        ("2021-05", "Région inventée", "2020", "17", "25"),
        ("2021-05", "Amont", "2020", "10", "15"),
        ("2021-05", "Aval", "2020", "7", "10"),
    ]
    assert {ligne[-1] for ligne in lignes} == {"logement/avdl/2021-05.csv"}


def test_a_new_value_can_be_read_back(lue: Source) -> None:
    """At the arrêté that is shown; an older one's is not in the warehouse's view of it."""
    [revisee] = [r for r in lue.revisions if r["territoire"] == "DX1" and r["indicateur"] == AVDL]
    _, _, avant, apres, *_ = revisions.cellules(revisee, "2021-05")
    assert isinstance(avant, Nombre)
    assert not avant.cle
    assert isinstance(apres, Nombre)
    assert apres.cle == (AVDL, "DX1", "2020", "total", "total", "valeur")
    *_, ancienne = revisions.cellules(revisee, "2021-06")[:4]
    assert isinstance(ancienne, Nombre)
    assert not ancienne.cle


def test_the_oldest_revisions_are_counted(lue: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indicateur, "MAX", 2)
    page = indicateur.page(lue, AVDL)
    assert len(tableau(page, "revisions")) == 2
    assert "1 plus ancienne n'est pas montrée." in textes(page)


def test_many_files_are_counted() -> None:
    assert revisions.des_fichiers(["a", "b", "c"]) == "a, b, c"
    assert revisions.des_fichiers(["a", "b", "c", "d"]) == "a, b, c et 1 autre"
    assert revisions.des_fichiers(["a", "b", "c", "d", "e"]) == "a, b, c et 2 autres"


def test_orientations_that_it_follows(lue: Source) -> None:
    lignes = tableau(indicateur.page(lue, AVDL), "orientations")
    assert [ligne[:2] for ligne in lignes] == [
        ("Suivre l'accompagnement vers le logement.", "Région inventée")
    ]
    assert "suivies" not in ancres(indicateur.page(lue, MOBILISES))


def test_its_files_and_the_way_to_its_lines(lue: Source) -> None:
    assert tableau(indicateur.page(lue, MOBILISES), "fichiers") == [
        ("logement/mobilisations/2021-03.csv", "2021-03", "acceptée", "1", "0"),
        ("logement/mobilisations/2021-01.csv", "2021-01", "acceptée", "2", "0"),
    ]
    page = indicateur.page(lue, COMITES)
    commande, sql = textes(page, "code")
    lu = re.fullmatch(
        r"bilan sql \"(from lignes\('comites_techniques_tenus', 'RX', '.+'\))\"", commande
    )
    assert lu
    assert [ligne["fichier"] for ligne in lue.lignes(lu[1])] == ["ddcs/reunions/2021-05.csv"]
    assert "from faits.ddcs_reunions" in sql


def test_the_lines_of_persons_are_not_shown(lue: Source) -> None:
    page = indicateur.page(lue, AVDL)
    assert textes(page, "note") == [
        "Cet indicateur compte des personnes : aucune page ne montre ses lignes."
    ]
    html = rendue(page)
    assert "lignes('avdl" not in html
    assert not [nom for nom in ("Alpha", "Beta", "Delta", "Gamm") if nom in html]


def test_an_indicator_by_stages_has_no_lines(lue: Source) -> None:
    lue.__dict__["sans_lignes"] = frozenset({COMITES})
    try:
        page = indicateur.page(lue, COMITES)
    finally:
        del lue.__dict__["sans_lignes"]
    assert "lignes(" not in "".join(textes(page, "code"))
    assert any("plusieurs étapes" in t for t in textes(page))


def test_those_by_stages_are_known_from_the_warehouse(lue: Source) -> None:
    """The macro says why it gives none."""
    assert lue.sans_lignes == frozenset()
    lue.con.execute(
        """
        create temp macro lignes(un) as
        case un when 'x' then error('« par_stades » se calcule en plusieurs étapes : non.') end
        """
    )
    try:
        assert Source(lue.con, lue.arrete, publique=False).sans_lignes == {"par_stades"}
    finally:
        lue.con.execute("drop macro temp.lignes")


def test_names_of_files_are_escaped(lue: Source) -> None:
    html = rendue(indicateur.page(lue, AVDL))
    assert suivie.BALISE not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize("nom", TOUS)
def test_each_place_of_the_page_has_a_name_of_its_own(lue: Source, nom: str) -> None:
    noms = re.findall(r' id="([^"]+)"', rendue(indicateur.page(lue, nom)))
    assert sorted(noms) == sorted(set(noms))


@pytest.mark.parametrize("nom", TOUS)
def test_the_public_page_has_what_may_leave_alone(publique: Source, nom: str) -> None:
    page = indicateur.page(publique, nom)
    assert not {"suivies", "imprime", "les-revisions", "provenance"} & set(ancres(page))
    assert "ce-qui-est-compte" in ancres(page)
    html = rendue(page, publique=True)
    assert not [m for m in ("faits.", ".csv", "bilan sql", "indicateurs.valeurs") if m in html]
    assert "diffusion.valeurs" in html


def test_public_numbers_are_those_that_may_leave(publique: Source) -> None:
    """Beneficiaries are persons: 10 is told, 15 and their sum are, as multiples of 5."""
    page = indicateur.page(publique, AVDL)
    [serie] = [b.tableau for b in parcourir(page.blocs) if isinstance(b, Graphique)
               and b.cle == "serie-annee"]  # fmt: skip
    nombres = [c for ligne in serie.lignes for c in ligne if isinstance(c, Nombre)]
    lues = {
        c.cle: v
        for *cle, v in publique.con.execute(
            """select indicateur, territoire, periode, ventilation, modalite, 'valeur', valeur
            from diffusion.valeurs"""
        ).fetchall()
        for c in nombres
        if c.cle == tuple(cle)
    }
    assert lues
    assert all(c.valeur == lues[c.cle] for c in nombres if c.cle in lues)


def test_the_list_is_by_objective_with_last_values(lue: Source) -> None:
    page = indicateur.index(lue)
    assert ancres(page) == ["objectif_02", "objectif_16"]
    lignes = {ligne[0]: ligne for ligne in tableau(page, "indicateurs-objectif_16")}
    [table] = [b for b in parcourir(page.blocs[-1:]) if isinstance(b, Tableau)]
    liens = {ligne[0].vers for ligne in table.lignes if isinstance(ligne[0], Lien)}
    assert liens == {indicateur.adresse(nom) for nom in (AVDL, MOBILISES, PAR_LOGEMENT)}
    beneficiaires = lignes["Bénéficiaires de l'AVDL réfugiés"]
    assert beneficiaires[1:3] == ("2020", "25")


def test_all_pages_are_made(lue: Source) -> None:
    """One indicator of the roadmap has no value yet, and no page."""
    chemins = [page.chemin for page in indicateur.toutes(lue)]
    assert chemins[0] == "indicateurs/index.html"
    assert sorted(chemins[1:]) == sorted(map(indicateur.adresse, TOUS))
