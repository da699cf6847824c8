"""Deliveries that change, grow or vanish while they are read: one of their contents, or refused."""

import hashlib
import multiprocessing
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipelines.gardees import Gardees
from pipelines.ingestion import lecture, lignes, reception
from pipelines.ingestion.octets import CHANGE, DISPARU, PAS_ORDINAIRE, Tenu
from tests.ingestion.essais import CLE, Charge, charger
from tests.pannes.conftest import Attendus
from tests.pannes.essais import Lieu, contenu, intact, se_remet, une_phrase

AVDL = "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees\n"
UN = AVDL + "2020;Alpha;59;11;1;1\n2020;Beta;02;11;1;1\n"
DEUX = AVDL + "2020;Alpha;59;22;1;1\n2020;Beta;02;22;1;1\n"  # as long as the other
TROISIEME = "2020;Gamma;60;33;1;1\n"
assert len(UN) == len(DEUX)
NOM = "2020-12.csv"


def coherent(charge: Charge) -> str:
    """The motif of the only file; where it is accepted, its rows are those of its SHA-256."""
    [(statut, sha256, motif)] = charge.sql("select statut, sha256, motif from qualite.livraisons")
    lignes = [n for (n,) in charge.sql("select beneficiaires from livraisons.logement_avdl")]
    if statut == "refusee":
        assert lignes == []
        return str(motif)
    attendues = {UN: [11, 11], DEUX: [22, 22], UN + TROISIEME: [11, 11, 33]}
    par_empreinte = {hashlib.sha256(t.encode()).hexdigest(): n for t, n in attendues.items()}
    assert sorted(lignes) == par_empreinte[sha256]
    return ""


def remplacer(chemin: Path) -> None:
    chemin.with_name("autre").write_text(DEUX, encoding="utf-8")
    chemin.with_name("autre").replace(chemin)


def recrire_sans_rien_en_dire(chemin: Path) -> None:
    """As long, and as old, as it was."""
    etat = chemin.stat()
    chemin.write_text(DEUX, encoding="utf-8")
    os.utime(chemin, ns=(etat.st_atime_ns, etat.st_mtime_ns))


def grandir(chemin: Path) -> None:
    with chemin.open("a", encoding="utf-8") as flux:
        flux.write(TROISIEME)


def devenir_un_tuyau(chemin: Path) -> None:
    chemin.unlink()
    os.mkfifo(chemin)


def disparaitre_avec_son_dossier(chemin: Path) -> None:
    shutil.rmtree(chemin.parent)


EVENEMENTS = [
    (remplacer, "", CHANGE),
    (recrire_sans_rien_en_dire, "", CHANGE),
    (grandir, "", CHANGE),
    (lambda chemin: os.truncate(chemin, len(AVDL)), "aucune ligne", CHANGE),
    (lambda chemin: os.truncate(chemin, 0), "est vide", CHANGE),
    (devenir_un_tuyau, PAS_ORDINAIRE, CHANGE),
    (Path.unlink, DISPARU, DISPARU),
    (disparaitre_avec_son_dossier, DISPARU, DISPARU),
]


@pytest.mark.parametrize("moment", ["Fichier", "Tenu.octets", "lecture.ouvrir", "lignes.lots"])
@pytest.mark.parametrize(("evenement", "avant", "pendant"), EVENEMENTS)
def test_what_happens_to_a_file_while_it_is_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
    evenement: Callable[[Path], object],
    avant: str,
    pendant: str,
) -> None:
    """Before it is opened, then once its SHA-256 is taken, then before its rows are read."""
    chemin = tmp_path / "raw" / "logement" / "avdl" / NOM
    faits: list[object] = []

    def juste_avant(objet: Any, nom: str) -> None:
        vraie = getattr(objet, nom)

        def remplacante(*arguments: Any) -> Any:
            if not faits:
                faits.append(evenement(chemin))
            return vraie(*arguments)

        monkeypatch.setattr(objet, nom, remplacante)

    match moment:
        case "Fichier":
            juste_avant(reception, "tenir")
        case "Tenu.octets":
            juste_avant(Tenu, "octets")
        case "lecture.ouvrir":
            juste_avant(lecture, "ouvrir")
        case _:
            juste_avant(lignes, "lots")
    motif = coherent(charger(tmp_path / "raw", "logement/avdl", {NOM: UN}))
    attendu = avant if moment == "Fichier" else pendant
    assert (attendu in motif) if attendu else (motif == "")
    assert faits


def test_two_changes_that_undo_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another content stands there while its rows are read, and only then."""
    chemin = tmp_path / "raw" / "logement" / "avdl" / NOM
    vraie = lecture.ouvrir

    def ouvrir(*arguments: Any) -> Any:
        recrire_sans_rien_en_dire(chemin)
        table = vraie(*arguments)
        table.suite = iter(list(table.suite))
        chemin.write_text(UN, encoding="utf-8")
        return table

    monkeypatch.setattr(lecture, "ouvrir", ouvrir)
    coherent(charger(tmp_path / "raw", "logement/avdl", {NOM: UN}))


def test_a_change_refuses_nothing_once_it_is_over(tmp_path: Path) -> None:
    """Another content was read and kept: it is not taken for that of the file."""
    raw, gardees = tmp_path / "raw", Gardees(tmp_path / "g", CLE)
    for texte in (UN, DEUX, UN):
        assert coherent(charger(raw, "logement/avdl", {NOM: texte}, gardees=gardees)) == ""


def ecrire_sans_cesse(chemin: Path) -> None:
    """Write one content then the other, in place or by replacement, without a pause."""
    while True:
        for texte in (UN, DEUX):
            chemin.write_text(texte, encoding="utf-8")
        for texte in (UN, DEUX):
            chemin.with_name(".autre").write_text(texte, encoding="utf-8")
            chemin.with_name(".autre").replace(chemin)


@contextmanager
def ecrivain(chemin: Path) -> Iterator[None]:
    """A process that writes during the block."""
    chemin.parent.mkdir(parents=True)
    contexte = multiprocessing.get_context("spawn")
    processus = contexte.Process(target=ecrire_sans_cesse, args=(chemin,))
    processus.start()
    try:
        while not chemin.exists():
            time.sleep(0.01)
        yield
    finally:
        processus.kill()
        processus.join()


def test_a_file_written_without_end(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    with ecrivain(raw / "logement" / "avdl" / NOM):
        motifs = [coherent(charger(raw, "logement/avdl", {})) for _ in range(100)]
    assert any(CHANGE in motif for motif in motifs)
    assert coherent(charger(raw, "logement/avdl", {NOM: UN})) == ""


def test_what_is_no_file_is_refused_and_the_rest_is_published(
    lieu: Lieu, attendus: Attendus
) -> None:
    avdl = lieu.raw / "logement" / "avdl"
    os.mkfifo(avdl / "2022-04.csv")
    (avdl / "2022-05.csv").mkdir()
    (avdl / "2022-06.csv").symlink_to("nulle-part.csv")
    (avdl / "2022-07.csv").symlink_to("2022-07.csv")
    (avdl / "2022-08").symlink_to(avdl)
    code, erreurs = lieu.rafraichir()
    assert code == 1
    refusees = [ligne for ligne in erreurs.splitlines() if ligne.startswith("Refusée")]
    assert len(refusees) == 5
    assert all("ni un fichier ordinaire ni un dossier attendu" in ligne for ligne in refusees)
    for chemin in avdl.glob("2022-0[4-8]*"):
        chemin.rmdir() if chemin.is_dir() and not chemin.is_symlink() else chemin.unlink()
    se_remet(lieu, attendus.nouveau)


def test_deleted_between_the_inventory_and_the_reading(lieu: Lieu, attendus: Attendus) -> None:
    """What was listed is refused, and the rest published without it, which is said."""
    code, erreurs = lieu.rafraichir("supprimer", str(lieu.raw / "logement/avdl/2022-03.csv"))
    assert code == 1
    assert f"Refusée : logement/avdl/2022-03.csv — {DISPARU}" in erreurs
    contenu(lieu.publie)
    lieu.livrer("2022-03")
    se_remet(lieu, attendus.nouveau)


def test_a_folder_deleted_between_the_inventory_and_the_reading(
    lieu: Lieu, attendus: Attendus
) -> None:
    """Months were computed without what serves them: they are asked again."""
    code, erreurs = lieu.rafraichir("supprimer", str(lieu.raw / "logement"))
    assert code == 1
    assert f"Refusée : logement/avdl/2021-12.csv — {DISPARU}" in erreurs
    contenu(lieu.publie)
    lieu.livrer("2021-12")
    lieu.livrer("2022-03")
    assert lieu.rafraichir(options=["--depuis", "2022-01"])[0] == 0
    intact(lieu, attendus.nouveau)


def test_a_folder_deleted_during_the_inventory(lieu: Lieu, attendus: Attendus) -> None:
    """Nothing has begun: the next refresh is as before."""
    for quoi in (".", "logement", "logement/avdl"):
        avant = sorted(lieu.warehouse.rglob("*"))
        code, erreurs = lieu.rafraichir("supprimer_a_l_inventaire", str(lieu.raw / quoi))
        assert (code, (lieu.raw / quoi).exists()) == (2, False)
        une_phrase(erreurs, "Le dossier")
        assert contenu(lieu.publie) == attendus.ancien
        assert sorted(lieu.warehouse.rglob("*")) == avant
        lieu.livrer("2021-12")
        lieu.livrer("2022-03")
    se_remet(lieu, attendus.nouveau)
