"""`bilan.qualite`: a refresh on one screen."""

from pathlib import Path

import duckdb


def test_a_line_for_each_subject(entrepot: Path) -> None:
    """raw/ holds 252 files: one is refused on purpose, two are replaced."""
    with duckdb.connect(entrepot, read_only=True) as con:
        lignes = con.execute("select sujet, constat, arrete from bilan.bilan.qualite").fetchall()
        [rejetees] = con.execute(
            "select count(distinct (fichier, feuille, ligne)) from qualite.rejets"
        ).fetchone() or [0]
    assert [sujet for sujet, _, _ in lignes] == [
        "Livraisons", "Doutes", "Contrôles", "Attendus", "Arrêtés",
    ]  # fmt: skip
    constats = [constat for sujet, constat, _ in lignes if sujet != "Doutes"]
    assert constats[0].startswith(f"{252 - 1 - 2} acceptées, 1 refusées, 2 remplacées")
    assert constats[0].endswith(f"{rejetees} rejetées")
    assert " 0 en défaut" in constats[1]
    assert constats[2].endswith("0 manquantes, 1 venues mais refusées")
    assert constats[3] == "12 mois publiés, 0 à recalculer"
