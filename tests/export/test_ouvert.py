"""Open data: each form says what `diffusion.valeurs` shows, and no more; publications follow."""

import csv
import errno
import importlib.util
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl  # type: ignore[import-untyped]
import pytest

from pipelines import feuille_de_route
from pipelines.cli import PUBLIE, RIEN, executer
from pipelines.contrats import regles_de
from pipelines.entrepot import chantier, tables
from pipelines.erreurs import Faute
from pipelines.export import formes, paquet
from pipelines.export.ouvert import exporter
from pipelines.indicateurs import definition
from pipelines.sql import parquet
from tests.tableaux import lignes, valeur

TEXTES = ("indicateur", "territoire", "periode", "ventilation", "modalite", "type_periode")
INTERNES = """
territoire | periode | modalite | numerateur | valeur
R32        | 2019    | total    | 60         | 60
D02        | 2019    | total    | 3          | 3
D59        | 2019    | total    | 50         | 50
D60        | 2019    | total    | 7          | 7
"""
SHOWN = """
territoire | periode | modalite | numerateur | valeur | part | evolution | ecart | rang | masque
R32        | 2019    | total    | 60         | 60     | -    | -         | -     | -    | non
D02        | 2019    | total    | -          | -      | -    | -         | -     | -    | oui
D59        | 2019    | total    | 50         | 50     | -    | 12.5      | -5    | 1    | non
D60        | 2019    | total    | 5          | 5      | -    | -         | -     | 2    | non
D80        | 2019    | total    | 0          | 0      | -    | -         | -     | 3    | non
R32        | 2019    | =1+1     | 20         | 20     | 33.3 | -         | -     | -    | non
"""


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published file that has a roadmap, one indicator, and no value."""
    fichier = tmp_path_factory.mktemp("modele") / chantier.NOM
    feuille = feuille_de_route.lire()
    indicateurs = [i for i in definition.lire() if i.nom == "cir_signataires"]
    with duckdb.connect(fichier) as con:
        tables.creer(con, [])
        tables.charger_referentiel(con, feuille, indicateurs, regles_de(feuille).values())
    return fichier


Publier = Callable[..., Path]


@pytest.fixture
def publier(modele: Path, tmp_path: Path) -> Publier:
    """Publishes what is counted at some arrêtés, and what is shown of the newest."""

    def un(montre: str = SHOWN, arrete: str = "2020-06", **comptes: str) -> Path:
        dossier = tmp_path / "w"
        dossier.mkdir(exist_ok=True)
        shutil.copyfile(modele, dossier / chantier.NOM)
        with duckdb.connect(dossier / chantier.NOM) as con:
            _inserer(con, "diffusion", montre, arrete)
            for mois, compte in (comptes or {"m" + arrete.replace("-", "_"): INTERNES}).items():
                _inserer(con, "indicateurs", compte, mois[1:].replace("_", "-"))
        return dossier

    return un


def _inserer(con: duckdb.DuckDBPyConnection, schema: str, tableau: str, arrete: str) -> None:
    for ligne in lignes(tableau):
        modalite = str(ligne["modalite"])
        complete = {
            "indicateur": "cir_signataires",
            "type_periode": "annee",
            "ventilation": "total" if modalite == "total" else "motif_admission",
            "arrete": arrete,
            "provisoire": False,
            "debut": f"{ligne['periode']}-01-01",
            "fin": f"{ligne['periode']}-12-31",
            **{c: v if c in TEXTES else valeur(v) for c, v in ligne.items()},
        }
        con.execute(
            f"insert into {schema}.valeurs ({', '.join(complete)}) "
            f"values ({', '.join('?' for _ in complete)})",
            list(complete.values()),
        )


def lues(dossier: Path) -> list[dict[str, Any]]:
    """The rows of the Parquet."""
    with duckdb.connect() as con:
        resultat = con.execute(
            f"select * exclude (filename) from {parquet([dossier / paquet.PARQUET])}"
        )
        noms = [d[0] for d in resultat.description or []]
        return [dict(zip(noms, rangee, strict=True)) for rangee in resultat.fetchall()]


def cellule(dossier: Path, territoire: str, modalite: str = "total", **plus: Any) -> dict[str, Any]:
    """The row of a cell, in the Parquet."""
    voulue = {"territoire": territoire, "modalite": modalite, "periode": "2019", **plus}
    [trouvee] = [r for r in lues(dossier) if voulue.items() <= r.items()]
    return trouvee


def dit(dossier: Path) -> dict[str, Any]:
    lu: dict[str, Any] = json.loads((dossier / paquet.NOM).read_text("utf-8"))
    return lu


def octets(dossier: Path) -> dict[str, bytes]:
    return {chemin.name: chemin.read_bytes() for chemin in dossier.iterdir()}


# What is written


def test_the_french_csv_is_read_by_french_spreadsheets(publier: Publier, tmp_path: Path) -> None:
    exporter(tmp_path / "x", publier())
    brut = (tmp_path / "x" / "valeurs.csv").read_bytes()
    assert brut.startswith(b"\xef\xbb\xbfindicateur;")
    rangees = list(csv.DictReader(brut.decode("utf-8-sig").splitlines(), delimiter=";"))
    vues = {(r["territoire"], r["modalite"]): r for r in rangees}
    assert len(vues) == len(rangees) == 6
    nord = vues["D59", "total"]
    assert (nord["valeur"], nord["evolution"], nord["ecart"]) == ("50", "12,5", "-5")
    assert (nord["debut"], nord["masque"], nord["provisoire"]) == ("01/01/2019", "non", "non")
    assert (nord["nom_territoire"], nord["unite"]) == ("Nord", "signataires")
    aisne = vues["D02", "total"]
    assert (aisne["numerateur"], aisne["valeur"], aisne["masque"]) == ("", "", "oui")
    somme = vues["D80", "total"]
    assert (somme["valeur"], somme["masque"]) == ("0", "non")
    assert vues["R32", "'=1+1"]["libelle_modalite"] == "'=1+1"


def test_plain_csv_and_parquet_are_the_table(publier: Publier, tmp_path: Path) -> None:
    warehouse = publier()
    exporter(tmp_path / "x", warehouse)
    with duckdb.connect() as con:
        con.execute(f"attach '{warehouse / chantier.NOM}' as publie (read_only)")
        noms = [c for c, *_ in con.execute("describe publie.diffusion.valeurs").fetchall()]
        choix = ", ".join(noms)
        attendu = con.execute(f"select {choix} from publie.diffusion.valeurs order by all")
        attendues = attendu.fetchall()
        assert len(attendues) == 6
        types = {c: t for c, t, *_ in con.execute("describe publie.diffusion.valeurs").fetchall()}
        for source in (
            f"read_parquet('{tmp_path / 'x' / 'valeurs.parquet'}')",
            f"read_csv('{tmp_path / 'x' / 'valeurs_nu.csv'}', types = {types}, delim = ',')",
        ):
            assert con.execute(f"select {choix} from {source} order by all").fetchall() == attendues


def test_the_workbook_has_numbers_and_no_formula(publier: Publier, tmp_path: Path) -> None:
    exporter(tmp_path / "x", publier())
    classeur = openpyxl.load_workbook(tmp_path / "x" / "valeurs.xlsx")
    entete, *rangees = classeur["Valeurs"].iter_rows()
    noms = [c.value for c in entete]
    par_cle = {
        (r[noms.index("territoire")].value, r[noms.index("modalite")].value): dict(
            zip(noms, r, strict=True)
        )
        for r in rangees
    }
    nord = par_cle["D59", "total"]
    assert (nord["evolution"].value, nord["evolution"].data_type) == (12.5, "n")
    assert nord["debut"].is_date
    assert par_cle["D02", "total"]["valeur"].value is None
    assert par_cle["D02", "total"]["masque"].value is True
    assert par_cle["R32", "=1+1"]["modalite"].data_type == "s"
    definitions = [[c.value for c in r] for r in classeur["Définitions"].iter_rows()]
    assert definitions[0][:2] == ["indicateur", "titre"]
    assert [d[0] for d in definitions[1:]] == ["cir_signataires"]
    assert {c.value for c in classeur["Colonnes"]["A"]} >= {*noms, "colonne"}
    with zipfile.ZipFile(tmp_path / "x" / "valeurs.xlsx") as zip_:
        assert not any(b"<f>" in zip_.read(n) for n in zip_.namelist())


def test_nothing_leaves_but_what_is_shown(publier: Publier, tmp_path: Path) -> None:
    """4217 is counted, and 31415 of an indicator that shows nothing: neither is anywhere."""
    warehouse = publier(m2020_06=INTERNES.replace("| 3          | 3", "| 4217       | 4217"))
    with duckdb.connect(warehouse / chantier.NOM) as con:
        con.execute(
            "insert into referentiel.indicateurs (indicateur, titre) values ('x', 'Secret')"
        )
        con.execute("insert into indicateurs.valeurs (indicateur, valeur) values ('x', 31415)")
    exporter(tmp_path / "x", warehouse)
    ecrits = octets(tmp_path / "x")
    assert set(ecrits) == {paquet.NOM, *paquet.FICHIERS}
    with zipfile.ZipFile(tmp_path / "x" / "valeurs.xlsx") as zip_:
        ecrits |= {nom: zip_.read(nom) for nom in zip_.namelist()}
    for nom, contenu in ecrits.items():
        for secret in (b"31415", b"Secret"):
            assert secret not in contenu, nom
    for nom in ("valeurs.csv", "valeurs_nu.csv", "xl/worksheets/sheet1.xml"):
        assert b"4217" not in ecrits[nom]
        assert b"12" in ecrits[nom]  # what is shown is found so
    assert all(4217 not in r.values() for r in lues(tmp_path / "x"))


def test_every_column_has_its_words(publier: Publier, tmp_path: Path) -> None:
    exporter(tmp_path / "x", publier())
    decrit = dit(tmp_path / "x")
    assert decrit["licenses"][0]["name"] == "etalab-2.0"
    assert decrit["arrete"] == "2020-06"
    assert [s["title"] for s in decrit["sources"]] == ["OFII, direction territoriale"]
    [premier, second, *autres] = decrit["resources"]
    assert [r["path"] for r in decrit["resources"]] == list(paquet.FICHIERS)
    for ressource in (premier, second):
        champs = ressource["schema"]["fields"]
        assert [c["name"] for c in champs] == list(lues(tmp_path / "x")[0])
        assert all(c["title"] and c["description"] for c in champs)
        assert ressource["schema"]["missingValues"] == [""]
    assert not any("schema" in r for r in autres)


def test_the_same_values_give_the_same_octets(publier: Publier, tmp_path: Path) -> None:
    warehouse = publier()
    for dossier in ("a", "b", "a"):
        exporter(tmp_path / dossier, warehouse)
    assert octets(tmp_path / "a") == octets(tmp_path / "b")
    a_l_envers = SHOWN.strip().splitlines()
    publier("\n".join([a_l_envers[0], *reversed(a_l_envers[1:])]))
    exporter(tmp_path / "c", warehouse)
    assert octets(tmp_path / "a") == octets(tmp_path / "c")


def test_frictionless_finds_the_package_valid(publier: Publier, tmp_path: Path) -> None:
    if importlib.util.find_spec("frictionless") is None:
        pytest.skip("frictionless n'est pas installé")
    exporter(tmp_path / "x", publier())
    juge = _frictionless(tmp_path / "x")
    assert juge.returncode == 0, juge.stdout + juge.stderr
    nu = tmp_path / "x" / "valeurs_nu.csv"
    nu.write_text(nu.read_text("utf-8").replace(",12.5,", ",douze,"), "utf-8")
    juge = _frictionless(tmp_path / "x")
    assert juge.returncode == 1
    assert "douze" in juge.stdout


def _frictionless(dossier: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "frictionless", "validate", paquet.NOM],
        cwd=dossier,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


# Publications that follow one another

# In June, D02 and D60 are masked (D60 only because R32 would tell D02).
JUIN = """
territoire | periode | modalite | numerateur | valeur | ecart | rang | masque
R32        | 2019    | total    | 60         | 60     | -     | -    | non
D02        | 2019    | total    | -          | -      | -     | -    | oui
D59        | 2019    | total    | 50         | 50     | -     | -    | non
D60        | 2019    | total    | -          | -      | -     | -    | oui
"""
JUILLET = """
territoire | periode | modalite | numerateur | valeur | part | ecart | rang | masque
R32        | 2019    | total    | 65         | 65     | -    | -     | -    | non
D02        | 2019    | total    | 10         | 10     | -    | -     | 2    | non
D59        | 2019    | total    | 50         | 50     | -    | -     | 1    | non
D60        | 2019    | total    | 5          | 5      | -    | -     | 3    | non
D02        | 2020    | total    | 15         | 15     | -    | 5     | -    | non
D60        | 2020    | total    | 25         | 25     | -    | 20    | -    | non
"""
# In July D02 has 8 more, D60 still 7.
EN_JUILLET = INTERNES.replace("| 3          | 3", "| 3 + 8      | 3 + 8")


def test_a_masked_cell_is_shown_once_its_value_has_changed(
    publier: Publier, tmp_path: Path
) -> None:
    """D02 changed: shown. D60 did not: masked, and so is what would tell it, ranks and a change."""
    x = tmp_path / "x"
    premier = exporter(x, publier(JUIN))
    warehouse = publier(JUILLET, "2020-07", m2020_06=INTERNES, m2020_07=EN_JUILLET)
    second = exporter(x, warehouse)
    assert (second.suit, second.remasquees, second.masquees) == (premier.version, 1, 1)
    aisne, oise = cellule(x, "D02"), cellule(x, "D60")
    assert (aisne["valeur"], aisne["masque"], aisne["rang"]) == (10, False, None)
    assert (oise["numerateur"], oise["valeur"], oise["masque"]) == (None, None, True)
    assert (cellule(x, "D59")["valeur"], cellule(x, "D59")["rang"]) == (50, None)
    suivante = cellule(x, "D60", periode="2020")
    assert (suivante["valeur"], suivante["ecart"], suivante["masque"]) == (25, None, False)
    assert cellule(x, "D02", periode="2020")["ecart"] == 5
    # Another folder has no earlier publication: all is shown.
    exporter(tmp_path / "y", warehouse)
    assert cellule(tmp_path / "y", "D60")["valeur"] == 5
    assert cellule(tmp_path / "y", "D59")["rang"] == 1


def test_what_is_masked_stays_so_from_publication_to_publication(
    publier: Publier, tmp_path: Path
) -> None:
    x = tmp_path / "l'export [1]"
    exporter(x, publier(JUIN))
    exporter(x, publier(JUILLET, "2020-07", m2020_06=INTERNES, m2020_07=EN_JUILLET))
    exporter(x, publier(JUILLET, "2020-08", m2020_07=EN_JUILLET, m2020_08=EN_JUILLET))
    assert cellule(x, "D60")["masque"]
    assert cellule(x, "D02")["valeur"] == 10


@pytest.mark.parametrize(
    ("arrete", "comptes"),
    [
        ("2020-07", {"m2020_07": EN_JUILLET}),  # June is not in the warehouse any more
        ("2020-06", {"m2020_06": EN_JUILLET}),  # June was computed again: what it was is not known
    ],
)
def test_where_the_change_is_not_known_the_cell_stays_masked(
    publier: Publier, tmp_path: Path, arrete: str, comptes: dict[str, str]
) -> None:
    x = tmp_path / "x"
    exporter(x, publier(JUIN))
    assert exporter(x, publier(JUILLET, arrete, **comptes)).remasquees == 2
    assert cellule(x, "D02")["masque"]
    assert cellule(x, "D60")["masque"]


@pytest.mark.parametrize(
    ("montres", "apres", "reste"),
    [
        (
            "-          | 10          ",
            "3 + 5      | 10          ",
            False,
        ),  # what was masked changed
        ("-          | -           ", "3 + 5      | 10          ", True),  # one of two did
        ("-          | -           ", "3 + 5      | 10 + 2      ", False),
        ("-          | 10          ", "3          | 10 + 2      ", True),  # the other did
    ],
)
def test_of_a_rate_each_term_that_was_masked_must_have_changed(
    publier: Publier, tmp_path: Path, montres: str, apres: str, reste: bool
) -> None:
    entete = "territoire | periode | modalite | numerateur | denominateur"
    avant = f"{entete}\nD59 | 2019 | total | 3 | 10"
    maintenant = f"{entete}\nD59 | 2019 | total | {apres}"
    x = tmp_path / "x"
    exporter(x, publier(f"{entete} | masque\nD59 | 2019 | total | {montres} | oui"))
    montre = f"{entete} | masque\nD59 | 2019 | total | 10 | 10 | non"
    exporter(x, publier(montre, "2020-07", m2020_06=avant, m2020_07=maintenant))
    assert cellule(x, "D59")["masque"] == reste
    assert (cellule(x, "D59")["denominateur"] is None) == reste


def test_a_part_would_tell_its_masked_neighbour(publier: Publier, tmp_path: Path) -> None:
    tableau = """
territoire | periode | modalite | numerateur | valeur | part | masque
D59        | 2019    | ECO      | {}         | {}     | {}   | {}
D59        | 2019    | FAM      | 30         | 30     | {}   | non
"""
    compte = """
territoire | periode | modalite | numerateur
D59        | 2019    | ECO      | 10
D59        | 2019    | FAM      | 30
"""
    x = tmp_path / "x"
    exporter(x, publier(tableau.format("-", "-", "-", "oui", "-"), m2020_06=compte))
    montre = tableau.format("10", "10", "25", "non", "75")
    exporter(x, publier(montre, "2020-07", m2020_06=compte, m2020_07=compte))
    assert cellule(x, "D59", "ECO")["masque"]
    fam = cellule(x, "D59", "FAM")
    assert (fam["valeur"], fam["part"], fam["masque"]) == (30, None, False)


def test_each_publication_names_those_before(publier: Publier, tmp_path: Path) -> None:
    x = tmp_path / "x"
    un = exporter(x, publier(JUIN)).version
    assert (dit(x)["suit"], dit(x)["precedents"]) == (None, [])
    assert un.startswith("2020-06-")
    exporter(x, publier(JUIN))  # again: it does not follow itself
    assert (dit(x)["version"], dit(x)["suit"]) == (un, None)
    deux = exporter(x, publier(JUILLET, "2020-07")).version
    assert (dit(x)["suit"], dit(x)["precedents"]) == (un, [un])
    exporter(x, publier(JUILLET, "2020-07"))
    assert (dit(x)["version"], dit(x)["suit"], dit(x)["precedents"]) == (deux, un, [un])
    exporter(x, publier(JUILLET, "2020-08"))
    assert (dit(x)["suit"], dit(x)["precedents"]) == (deux, [un, deux])


# The folder


def test_a_folder_with_anything_else_is_left_as_it_is(
    publier: Publier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = publier()
    x = tmp_path / "a" / "x"
    commande = ["exporter", str(x), "--warehouse", str(warehouse)]
    assert executer(commande) == PUBLIE  # its parents are made too
    assert "6 valeurs écrites" in capsys.readouterr().out
    (x / "note.txt").write_text("à moi")
    avant = octets(x)
    assert executer(commande) == RIEN
    dit_ = capsys.readouterr().err
    assert "contient autre chose" in dit_
    assert "Traceback" not in dit_
    assert octets(x) == avant
    assert [c.name for c in x.parent.iterdir()] == ["x"]


@pytest.mark.parametrize("contenu", ["", "{}", "[]", '{"name": "bilan-integration-r32"}', "\x80"])
def test_a_package_that_is_not_ours_is_something_else(
    publier: Publier, tmp_path: Path, contenu: str
) -> None:
    x = tmp_path / "x"
    exporter(x, publier())
    (x / paquet.NOM).write_text(contenu, "latin-1")
    with pytest.raises(Faute, match="contient autre chose"):
        exporter(x, publier())


def test_a_file_is_no_folder(publier: Publier, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(Faute, match="n'est pas un dossier"):
        exporter(tmp_path / "x", publier())
    with pytest.raises(Faute, match="ne peut pas être écrit"):
        exporter(tmp_path / "x" / "y", publier())


def test_an_export_changed_by_hand_is_not_followed(publier: Publier, tmp_path: Path) -> None:
    """What it masked would be lost."""
    x = tmp_path / "x"
    exporter(x, publier())
    with duckdb.connect() as con:
        con.execute(
            f"create table t as select * replace (false as masque) "
            f"from '{x / paquet.PARQUET}'; copy t to '{x / paquet.PARQUET}'"
        )
    with pytest.raises(Faute, match="n'est plus le fichier exporté"):
        exporter(x, publier())


def test_another_region_has_another_folder(publier: Publier, tmp_path: Path) -> None:
    exporter(tmp_path / "x", publier())
    with duckdb.connect(publier() / chantier.NOM) as con:
        con.execute("update referentiel.territoires set territoire = 'R11' where maille = 'region'")
    with pytest.raises(Faute, match="autre région"):
        exporter(tmp_path / "x", tmp_path / "w")


def test_a_failure_leaves_the_earlier_export(
    publier: Publier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = tmp_path / "x"
    exporter(x, publier(JUIN))
    avant = octets(x)

    def plein(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(formes, "classeur", plein)
    with pytest.raises(Faute, match="disque est plein"):
        exporter(x, publier(JUILLET, "2020-07"))
    assert octets(x) == avant
    assert sorted(c.name for c in tmp_path.iterdir()) == ["w", "x"]


def test_one_killed_between_two_renames_is_put_back(publier: Publier, tmp_path: Path) -> None:
    """Without it, what it masked would be shown."""
    x = tmp_path / "x"
    exporter(x, publier(JUIN))
    x.rename(tmp_path / ".x.export-ancien")
    exporter(x, publier(JUILLET, "2020-07", m2020_06=INTERNES, m2020_07=EN_JUILLET))
    assert cellule(x, "D60")["masque"]
    assert sorted(c.name for c in tmp_path.iterdir()) == ["w", "x"]


@pytest.mark.parametrize("options", [[], ["--analystes"]])
def test_without_a_warehouse_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    (tmp_path / "w").mkdir()
    commande = ["exporter", str(tmp_path / "x"), "--warehouse", str(tmp_path / "w"), *options]
    assert executer(commande) == RIEN
    assert "Aucun entrepôt publié" in capsys.readouterr().err
    (tmp_path / "w" / chantier.NOM).write_bytes(b"rien de tel" * 1000)
    assert executer(commande) == RIEN
    assert "ne s'ouvre pas" in capsys.readouterr().err
    duckdb.connect(tmp_path / "w" / "vide.duckdb").close()
    (tmp_path / "w" / "vide.duckdb").replace(tmp_path / "w" / chantier.NOM)
    assert executer(commande) == RIEN
    assert "n'est pas un entrepôt publié" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_nothing_to_show_is_said(publier: Publier, tmp_path: Path) -> None:
    with pytest.raises(Faute, match=r"diffusion\.valeurs est vide"):
        exporter(tmp_path / "x", publier("territoire | modalite | periode"))
    assert not (tmp_path / "x").exists()
