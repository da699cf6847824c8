"""The home page of a steward, and that of the public."""

import re
from collections.abc import Iterator

import duckdb
import pytest

from pipelines.edition import accueil, dossier, pages, regional, source
from pipelines.edition.contenu import (
    Bloc,
    Cellule,
    Graphique,
    Lien,
    Liste,
    Page,
    Section,
    Tableau,
    Texte,
    compte,
    parcourir,
)
from pipelines.edition.source import Source
from tests.edition import suivie


@pytest.fixture(scope="module")
def lue() -> Iterator[Source]:
    with source.ouvrir(suivie.warehouse()) as lue:
        yield lue


@pytest.fixture(scope="module")
def page(lue: Source) -> Page:
    return accueil.page(lue, [Lien("Bilan", "bilan.html")])


def partie(page: Page, ancre: str) -> Section:
    [trouvee] = [b for b in parcourir(page.blocs) if isinstance(b, Section) and b.ancre == ancre]
    return trouvee


def tableau(page: Page, cle: str) -> list[tuple[str, ...]]:
    [trouve] = [b for b in parcourir(page.blocs) if isinstance(b, Tableau) and b.cle == cle]
    return [tuple(map(mots, ligne)) for ligne in trouve.lignes]


def mots(cellule: Cellule) -> str:
    return getattr(cellule, "texte", None) or str(cellule or "")


def textes(blocs: Iterator[Bloc] | tuple[Bloc, ...], genre: str = "") -> list[str]:
    trouves = parcourir(tuple(blocs))
    return [b.texte for b in trouves if isinstance(b, Texte) and b.genre == genre]


def test_a_sentence_then_what_is_to_be_done(page: Page) -> None:
    """Five files of seven are accepted; February and April of the month's extract did not come."""
    assert textes(page.blocs[:1], "alerte") == [
        "Publié : 5 livraisons acceptées, 2 refusées, 2 en retard, 1 doute."
    ]
    [liste] = partie(page, "faire").blocs
    assert isinstance(liste, Liste)
    assert [(mots(p), getattr(p, "vers", "")) for p in liste.points] == [
        ("2 livraisons refusées : à faire corriger par le partenaire", "index.html#refusees"),
        ("2 livraisons en retard : à demander", "index.html#retards"),
        ("1 ligne rejetée : dans des fichiers acceptés, à faire corriger", "index.html#rejets"),
        ("1 doute : des données chargées ont l'air fausses, à vérifier", "index.html#doutes"),
    ]
    for point in liste.points:
        partie(page, getattr(point, "vers", "").partition("#")[2])  # there is one


def test_a_refusal_has_its_reason_and_its_next_step(page: Page) -> None:
    [du_nom, de_l_entete] = [b for b in partie(page, "refusees").blocs if isinstance(b, Section)]
    assert de_l_entete.titre == "logement/avdl/2021-04.csv"
    [motif] = textes(de_l_entete.blocs, "alerte")
    assert "il manque les colonnes departement, beneficiaires" in motif
    assert textes(de_l_entete.blocs, "code") == ["bilan verifier raw/logement/avdl/2021-04.csv"]
    assert "(Services du logement et de l'hébergement (DREETS))" in textes(de_l_entete.blocs)[0]
    assert textes(du_nom.blocs, "code") == [
        f"bilan verifier 'raw/logement/avdl/2021-04_{suivie.BALISE}.csv'"
    ]


def test_a_name_that_was_masked_is_not_typed(lue: Source) -> None:
    """The command would not find the file: where to look is said instead."""
    refusee = {
        "fichier": "logement/avdl/2021-04_***.csv", "statut": "refusee", "motif": "nom",
        "source": "logement", "extrait": "avdl", "rejetees": 0,
    }  # fmt: skip
    seule = Source(lue.con, lue.arrete, publique=False)
    seule.livraisons = [refusee]
    section = partie(accueil.page(seule), "refus-1")
    assert textes(section.blocs, "code") == []
    assert "raw/logement/avdl" in textes(section.blocs)[-1]


def test_rejected_lines_are_placed(page: Page) -> None:
    assert tableau(page, "lignes-rejetees") == [
        (
            "logement/avdl/2021-05.csv", "3", "departement", "code",
            "La colonne departement doit valoir X1 (Amont), X2 (Aval).",
        )
    ]  # fmt: skip


def test_who_is_late_and_since_when(page: Page) -> None:
    """Due on the tenth of the month after: March 31 is 21 days later, as May 31 is for April."""
    assert [ligne[1:] for ligne in tableau(page, "en-retard")] == [
        ("logement/mobilisations", "2021-04", "10/05/2021", "21", "rien n'est venu"),
        ("logement/mobilisations", "2021-02", "10/03/2021", "21", "livré de nouveau en 2021-03"),
    ]


def test_a_file_that_is_gone_is_not_a_late_one(lue: Source) -> None:
    """In the calendar it is missing, even where the partner delivered since."""
    page = accueil.page(
        changee(
            lue,
            """update qualite.attendus set statut = 'disparue', disparu = 'x/2021-02.csv'
            where mois = '2021-02'""",
        )
    )
    assert [ligne[-1] for ligne in tableau(page, "en-retard")] == [
        "rien n'est venu", "disparue de raw/ : x/2021-02.csv",
    ]  # fmt: skip
    [calendrier] = [b for b in parcourir(page.blocs) if isinstance(b, Graphique)]
    etats = {(r["extrait"], r["mois"]): r["etat"] for r in calendrier.spec["data"]["values"]}
    mobilisations = [etats["logement/mobilisations", f"2021-0{n}"] for n in range(1, 6)]
    assert mobilisations == [
        "reçue à l'heure", "manquante", "reçue à l'heure", "manquante", "pas attendue",
    ]  # fmt: skip


def test_the_calendar_has_the_states_of_what_is_due(page: Page) -> None:
    """February came back in March; April did not; the delay of May is still running."""
    [calendrier] = [b for b in parcourir(page.blocs) if isinstance(b, Graphique)]
    etats = {(r["extrait"], r["mois"]): r["etat"] for r in calendrier.spec["data"]["values"]}
    mobilisations = [etats["logement/mobilisations", f"2021-0{n}"] for n in range(1, 6)]
    assert mobilisations == [
        "reçue à l'heure", "en retard", "reçue à l'heure", "manquante", "pas attendue",
    ]  # fmt: skip


def test_a_doubt_says_where_and_what(page: Page) -> None:
    [(fichier, sorte, colonne, nombre, ligne, message)] = tableau(page, "des-doutes")
    assert (fichier, sorte, colonne) == ("logement/avdl/2021-05.csv", "encodage", "operateur")
    assert (nombre, ligne) == ("1", "4")
    assert "Reprendre le fichier à la source" in message


def test_what_changed_and_the_delivery_that_changed_it(page: Page) -> None:
    """Alpha went from 10 to 15, and 3 came: 10 + 7, then 15 + 7 + 3; the largest share is first."""
    section = partie(page, "changements")
    [liste] = [b for b in section.blocs if isinstance(b, Liste)]
    part = f"+ {(25 - 17) / 17:.1%}".replace(".", ",").replace("%", " %")
    assert liste.points == (
        f"Bénéficiaires de l'AVDL réfugiés, 2020 : {15 + 7 + 3} au lieu de {10 + 7} ({part}). "
        "Livraison : logement/avdl/2021-05.csv.",
    )
    assert textes(section.blocs)[0].startswith("3 valeurs de périodes closes ont changé")
    assert [ligne[1:5] for ligne in tableau(page, "revisions")] == [
        ("Région inventée", "2020", "17", "25"),
        ("Amont", "2020", "10", "15"),
        ("Aval", "2020", "7", "10"),
    ]


def test_revisions_are_counted_where_there_are_too_many(
    lue: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accueil, "MAX", 2)
    page = accueil.page(lue)
    assert len(tableau(page, "revisions")) == 2
    dits = textes(partie(page, "changements").blocs)
    assert "1 autre n'est pas montré :" in dits
    assert textes(partie(page, "changements").blocs, "code") == [
        "bilan sql \"from bilan.revisions where arrete_apres = '2021-05'\""
    ]


def test_the_first_month_has_nothing_before_it() -> None:
    with source.ouvrir(suivie.warehouse(), "2021-01") as premiere:
        section = partie(accueil.page(premiere), "changements")
    assert textes(section.blocs) == ["Un seul arrêté est publié : il n'y a rien à comparer."]


def changee(lue: Source, *requetes: str) -> Source:
    """A copy of the warehouse in memory, changed."""
    con = duckdb.connect()
    con.execute(f"attach '{suivie.warehouse() / 'entrepot.duckdb'}' as publie (read_only)")
    con.execute("attach ':memory:' as autre")
    con.execute("copy from database publie to autre")
    con.execute("use autre")
    con.execute("detach publie")
    con.execute(f"set variable arrete = '{lue.arrete}'")
    for requete in requetes:
        con.execute(requete)
    con.execute("create temp view lisible as select *, false as masque from indicateurs.lisible")
    return Source(con, lue.arrete, publique=False)


def test_what_else_may_be_to_do(lue: Source) -> None:
    """A check that blocks, one that does not, a month, a correction, a line of correspondences."""
    page = accueil.page(
        changee(
            lue,
            """insert into qualite.controles values
            ('2021-05', 'cle_unique', 'avdl_beneficiaires', 'bloquant', false, '2', '0', 'Deux.'),
            ('2021-05', 'saut', 'avdl_beneficiaires', 'signalement', false, '9', '3', 'Trop.'),
            ('2021-05', 'correction_en_vigueur', 'c', 'signalement', false, '', '', 'La lever.')""",
            """update qualite.arretes set a_jour = false
            where arrete = '2021-02' and objet = 'logement/avdl'""",
            """insert into referentiel.correspondances values
            ('logement/avdl', '2011*', 'colonne', 'operateur', 'Nom', 'operateur')""",
        )
    )
    [liste] = [b for b in partie(page, "faire").blocs if isinstance(b, Liste)]
    assert [mots(p) for p in liste.points][4:] == [
        "1 contrôle bloquant en défaut : les valeurs en cause ne sont pas publiées",
        "1 valeur peu plausible : à regarder",
        "1 mois publié à recalculer : ils seraient autres aujourd'hui",
        "1 correction qui ne sert plus : à lever",
        "1 ligne de correspondances.csv sans fichier depuis un an : à retirer",
    ]
    assert [(ligne[1], ligne[4]) for ligne in tableau(page, "defauts")] == [
        ("Deux.", "Une seule valeur par indicateur, territoire, période, modalité et arrêté")
    ]
    assert [ligne[1] for ligne in tableau(page, "signalements")] == ["Trop."]
    entretien = partie(page, "entretien").blocs
    assert textes(entretien, "code") == ["bilan refresh --depuis 2021-02"]
    [mois, levees] = [b.points for b in entretien if isinstance(b, Liste)]
    assert mois == ("2021-02 : livraisons venues ou changées depuis (logement/avdl).",)
    assert levees == ("La lever.",)


def test_what_a_correction_met_is_not_shown() -> None:
    """A source may have a name where a word was corrected."""
    levee = {
        "observe": "Mme X",
        "message": "a/b/2021-01.csv porte Mme X depuis 2021-01. La correction ne s'applique plus.",
    }
    dit = accueil._sans_valeur(levee)
    assert dit.startswith("a/b/2021-01.csv porte une autre valeur depuis 2021-01.")
    vide = {"observe": "ligne retirée", "message": "a/b/2021-01.csv a retiré cette ligne."}
    assert accueil._sans_valeur(vide) == vide["message"]


def test_nothing_to_do(lue: Source) -> None:
    page = accueil.page(
        changee(
            lue,
            "delete from qualite.livraisons where statut = 'refusee'",
            "update qualite.livraisons set rejetees = 0",
            "delete from qualite.doutes",
            "delete from qualite.attendus where statut <> 'recue'",
        )
    )
    assert textes(page.blocs[:1], "note") == [
        "Publié : 5 livraisons acceptées, 0 refusée, 0 en retard, 0 doute."
    ]
    assert textes(page.blocs[1:2])[0].startswith("Rien à faire")


def test_what_deliveries_say_is_escaped(page: Page) -> None:
    html = pages.html(page, [], "Région", "2021-05", "", publique=False, connues={"index.html"})
    assert suivie.BALISE not in html
    assert "&lt;script&gt;alert(1)" in html


def test_no_cell_of_a_delivery_is_there(page: Page) -> None:
    """What a row holds is told by its file and line alone."""
    html = pages.html(page, [], "Région", "2021-05", "", publique=False, connues=set())
    assert not [nom for nom in ("Alpha", "Beta", "Delta", "Gamm") if nom in html]


def test_each_place_of_the_page_has_a_name_of_its_own(page: Page) -> None:
    html = pages.html(page, [], "Région", "2021-05", "", publique=False, connues=set())
    noms = re.findall(r' id="([^"]+)"', html)
    assert sorted(noms) == sorted(set(noms))


def test_the_public_page_says_what_is_covered() -> None:
    with source.ouvrir(suivie.warehouse(), publique=True) as publique:
        page = accueil.page_publique(publique, [Lien("Bilan", "bilan.html")])
    [liste] = [b for b in partie(page, "couverture").blocs if isinstance(b, Liste)]
    assert liste.points[:2] == (
        "4 indicateurs de la feuille de route",
        "2 départements sur 2 : Amont, Aval",
    )
    html = pages.html(page, [], "Région", "2021-05", "", publique=True, connues={"bilan.html"})
    assert "logement/avdl" not in html
    assert 'href="bilan.html"' in html


def test_a_department_whose_values_are_masked_did_deliver() -> None:
    with source.ouvrir(suivie.warehouse(), publique=True) as publique:
        for v in publique.valeurs:
            if v["territoire"] == "DX2":
                v |= {"valeur": None, "masque": v["indicateur"] == "avdl_beneficiaires"}
        page = accueil.page_publique(publique)
    [liste] = [b for b in partie(page, "couverture").blocs if isinstance(b, Liste)]
    assert liste.points[1] == "2 départements sur 2 : Amont, Aval"


def test_a_department_that_delivered_nothing_is_named() -> None:
    with source.ouvrir(suivie.warehouse(), publique=True) as publique:
        publique.valeurs = [v for v in publique.valeurs if v["territoire"] != "DX2"]
        page = accueil.page_publique(publique)
    [liste] = [b for b in partie(page, "couverture").blocs if isinstance(b, Liste)]
    assert liste.points[1] == "1 département sur 2 : non livré : Aval"


def test_the_folder_begins_with_it(lue: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """It leads to what the folder holds, and to nothing else."""
    monkeypatch.setattr(regional, "page", lambda _: Page(regional.CHEMIN, "Bilan", ()))
    accueillante, *autres = dossier.les_pages(lue)
    assert accueillante.chemin == dossier.ACCUEIL
    [liste] = [b for b in partie(accueillante, "lire").blocs if isinstance(b, Liste)]
    liens = [getattr(p, "vers", "") for p in liste.points]
    pages = ["bilan.html", "departements/index.html", "indicateurs/index.html"]
    assert liens == [*pages, "bilan.docx", "bilan.xlsx"]
    assert set(pages) <= {page.chemin for page in autres}


def test_counts_have_their_plural() -> None:
    """In French, none is not many."""
    assert [compte(n, "livraison") for n in (0, 1, 2, 12000)] == [
        "0 livraison", "1 livraison", "2 livraisons", "12 000 livraisons",
    ]  # fmt: skip
    assert compte(2, "mois publié", "mois publiés") == "2 mois publiés"
