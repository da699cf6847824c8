"""A warehouse published by 0.1.0 as `bilan.duckdb` is taken over: every state of the two files."""

import logging
from pathlib import Path

import duckdb
import pytest

from pipelines.entrepot import chantier
from pipelines.entrepot.chantier import ANCIEN_NOM, NOM
from pipelines.graphe.alerte import ce_qui_reste

JOURNAL = f"{ANCIEN_NOM}.wal"


def publier(fichier: Path, *mois: str) -> None:
    """A file that holds these months; without one, an empty one, as any client makes."""
    brut = fichier.with_name("x.duckdb")
    with duckdb.connect(brut) as con:
        if mois:
            con.execute("create schema indicateurs; create schema qualite")
            con.execute("create table indicateurs.valeurs as select unnest(?) as arrete", [mois])
            con.execute(
                """
                create table qualite.livraisons as
                select 'a.csv' as fichier, 'acceptee' as statut
                """
            )
    brut.rename(fichier)


def fichiers(dossier: Path) -> list[str]:
    return sorted(p.name for p in dossier.iterdir() if not p.name.startswith("."))


def ecrire(site: chantier.Chantier, *mois: str) -> None:
    """What a refresh builds: the months that it keeps, and these."""
    site.con.execute("create schema indicateurs")
    site.con.execute("create table indicateurs.valeurs (arrete varchar)")
    if site.arretes_publies():
        site.garder(["indicateurs.valeurs"], list(mois))
    site.con.executemany("insert into indicateurs.valeurs values (?)", [[m] for m in mois])


def test_until_a_refresh_the_old_file_is_the_published_one(tmp_path: Path) -> None:
    publier(tmp_path / ANCIEN_NOM, "2020-11", "2020-12")
    assert chantier.fichier(tmp_path) == tmp_path / ANCIEN_NOM
    assert chantier.mois_publies(tmp_path) == ["2020-11", "2020-12"]
    assert f"«{tmp_path / ANCIEN_NOM}» se lit comme avant" in ce_qui_reste(tmp_path)
    with chantier.ouvrir(tmp_path) as site:
        assert site.livraisons_publiees() == {"a.csv"}
        etat = (tmp_path / ANCIEN_NOM).stat()
        assert site.identite == (etat.st_ino, etat.st_mtime_ns, etat.st_size)
    assert fichiers(tmp_path) == [ANCIEN_NOM]


def test_the_new_file_has_its_months_then_it_is_removed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publier(tmp_path / ANCIEN_NOM, "2020-11", "2020-12")
    (tmp_path / JOURNAL).write_bytes(b"")
    with chantier.ouvrir(tmp_path) as site:
        ecrire(site, "2020-12", "2021-01")
        with caplog.at_level(logging.WARNING, "bilan"):
            site.publier()
    assert fichiers(tmp_path) == [NOM]
    assert chantier.mois_publies(tmp_path) == ["2020-11", "2020-12", "2021-01"]
    assert f"«{NOM}» remplace «{ANCIEN_NOM}», qui est retiré" in caplog.text


@pytest.mark.parametrize("reste", [[ANCIEN_NOM], [JOURNAL], [ANCIEN_NOM, JOURNAL]])
def test_both_there_the_new_one_wins_and_the_next_refresh_removes_the_old(
    tmp_path: Path, reste: list[str]
) -> None:
    """As after a kill between the renaming and the removal, or between the two removals."""
    publier(tmp_path / NOM, "2021-01")
    if ANCIEN_NOM in reste:
        publier(tmp_path / ANCIEN_NOM, "2020-12")
    if JOURNAL in reste:
        (tmp_path / JOURNAL).write_bytes(b"x")
    assert chantier.mois_publies(tmp_path) == ["2021-01"]
    assert chantier.fichier(tmp_path) == tmp_path / NOM
    with chantier.ouvrir(tmp_path) as site:
        assert site.en_place == site.publie
    assert fichiers(tmp_path) == [NOM]


@pytest.mark.parametrize("nouveau", [None, b"ceci n'est pas un entrepot", b""])
def test_a_new_file_without_a_month_does_not_hide_the_old(
    tmp_path: Path, nouveau: bytes | None
) -> None:
    """A client that opens `entrepot.duckdb` before it is published makes an empty one."""
    publier(tmp_path / ANCIEN_NOM, "2020-11")
    if nouveau is None:
        publier(tmp_path / NOM)
    else:
        (tmp_path / NOM).write_bytes(nouveau)
    assert chantier.mois_publies(tmp_path) == ["2020-11"]
    with chantier.ouvrir(tmp_path) as site:
        assert (tmp_path / ANCIEN_NOM).exists()
        ecrire(site, "2020-12")
        site.publier()
    assert fichiers(tmp_path) == [NOM]
    assert chantier.mois_publies(tmp_path) == ["2020-11", "2020-12"]


def test_an_old_file_that_does_not_open_is_not_the_published_one(tmp_path: Path) -> None:
    (tmp_path / ANCIEN_NOM).write_bytes(b"abime")
    assert chantier.fichier(tmp_path) == tmp_path / NOM
    with chantier.ouvrir(tmp_path):
        assert fichiers(tmp_path) == [ANCIEN_NOM]


def test_what_cannot_be_removed_does_not_undo_the_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    publier(tmp_path / ANCIEN_NOM, "2020-11")

    def refuser(chemin: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied", str(chemin))

    with chantier.ouvrir(tmp_path) as site:
        ecrire(site, "2020-12")
        site.fermer()
        with monkeypatch.context() as ici, caplog.at_level(logging.WARNING, "bilan"):
            retirer = chantier._retirer_l_ancien_nom
            ici.setattr(
                chantier,
                "_retirer_l_ancien_nom",
                lambda w: (ici.setattr(Path, "unlink", refuser), retirer(w)),
            )
            site.publier()
    assert "n'a pas pu être retiré : Permission denied" in caplog.text
    assert chantier.mois_publies(tmp_path) == ["2020-11", "2020-12"]
    with chantier.ouvrir(tmp_path):
        pass
    assert fichiers(tmp_path) == [NOM]


def test_it_opens_with_the_oldest_client(tmp_path: Path) -> None:
    with chantier.ouvrir(tmp_path) as site:
        ecrire(site, "2020-12")
        publie = site.publier()
    with duckdb.connect(publie, read_only=True) as con:
        assert con.execute(
            "select tags['storage_version'] from duckdb_databases() where not internal"
        ).fetchall() == [(f"{chantier.VERSION}+",)]
