"""`bilan.qualite`: a refresh on one screen."""

from pathlib import Path

import duckdb


def test_a_line_for_each_subject(entrepot: Path) -> None:
    """raw/ holds 252 files: one is refused on purpose, two are replaced."""
    with duckdb.connect(entrepot, read_only=True) as con:
        lignes = con.execute("select sujet, constat, arrete from bilan.qualite").fetchall()
        [rejetees] = con.execute(
            "select count(distinct (fichier, feuille, ligne)) from qualite.rejets"
        ).fetchone() or [0]
    assert [sujet for sujet, _, _ in lignes] == [
        "Livraisons", "Doutes", "Contrôles", "Attendus", "Arrêtés", "Écritures", "Maturité",
        "Relations",
    ]  # fmt: skip
    constats = [constat for sujet, constat, _ in lignes if sujet != "Doutes"]
    assert constats[0].startswith(f"{252 - 1 - 2} acceptées, 1 refusées, 2 remplacées")
    assert constats[0].endswith(f"{rejetees} rejetées")
    assert " 0 en défaut" in constats[1]
    assert constats[2].endswith("0 manquantes, 1 venues mais refusées")
    assert constats[3] == "12 mois publiés, 0 à recalculer"
    assert constats[4] == "5 lignes de correspondances.csv, 0 sans fichier depuis un an"
    assert constats[5].startswith(
        "2020-2021 et 2021 sont provisoires : comparer à date (evolution_a_date) ; "
        "2020 est récente pour "
    )
    assert constats[6].endswith(" ne tiennent pas")


def test_what_the_housing_services_layout_used(entrepot: Path) -> None:
    """Three files, each of five sheets of four rows, one of them of «Hébergement»."""
    with duckdb.connect(entrepot, read_only=True) as con:
        lignes = con.execute(
            """
            select mois_livraison, genre, colonne, nombre from qualite.correspondances
            order by 1, 2, 3
            """
        ).fetchall()
    assert lignes == [
        ligne
        for mois in ("2021-04", "2021-05", "2021-06")
        for ligne in (
            (mois, "colonne", "attributions", 5),
            (mois, "colonne", "origine", 5),
            (mois, "constante", "departement", 5 * 4),
            (mois, "constante", "mois", 5 * 4),
            (mois, "valeur", "origine", 5 * 1),
        )
    ]


def test_a_line_that_no_file_bears_out_for_a_year_is_counted(entrepot: Path) -> None:
    """Of four lines of one extract, two name files of the year, one no file, one those of 2019."""
    with duckdb.connect() as con:
        con.execute(f"attach '{entrepot}' as publie (read_only)")
        con.execute("attach ':memory:' as autre")
        con.execute("copy from database publie to autre")
        con.execute("use autre")
        con.execute("truncate referentiel.correspondances")
        con.execute(
            """
            insert into referentiel.correspondances by name
            select 'logement/attributions' as extrait, 'colonne' as genre, * from (
                values (''), ('*2021-06*'), ('*_59*'), ('2019*')
            ) as t (fichiers)
            """
        )
        [constat] = con.execute(
            "select constat from autre.bilan.qualite where sujet = 'Écritures'"
        ).fetchone() or [""]
    assert constat == "4 lignes de correspondances.csv, 2 sans fichier depuis un an"
