"""The key of a published warehouse: another one is refused unless it is meant, then taken whole.

What a key is worth is tried in `test_secret`.
"""

import hmac
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import StringIO
from pathlib import Path

import duckdb
import pytest

from pipelines import atelier, oubli, secret
from pipelines.cli import executer
from pipelines.entrepot.chantier import Chantier
from pipelines.erreurs import Faute
from pipelines.graphe.ressource import du_run
from pipelines.plausibilite import lancement
from pipelines.region import Region, region
from tests.confidentialite import livraisons
from tests.confidentialite.test_secret import CLE

AUTRE = "c0ffee1d5a7b3e9204861f6ad3b7925ce80f41a6d2735b9c8e0146f7a35d9b82"
DERNIERE = "77e01b9c4d5fa2386c0de1f9a84b25730cb6d8e2f13a9574e06b2c8d7fa19354"
MOIS = ("2022-11", "2022-12")
PERSONNES = 6
CORRIGEE = 2  # its sexe is H, and a correction says F


@pytest.fixture(scope="module")
def publiee(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A region of some persons, one of whom is corrected, published month after month under CLE."""
    racine = tmp_path_factory.mktemp("cle")
    tete: list[livraisons.Cellule] = [*livraisons.COLONNES]
    rangees = [livraisons.personne(n) for n in range(PERSONNES)]
    with livraisons.region(racine) as (place, env):
        for mois, siennes in zip(MOIS, (rangees[:4], rangees[4:]), strict=True):
            (place / f"{mois}.csv").write_text(livraisons.csv([tete, *siennes]), encoding="utf-8")
        corriger(racine, CLE)
        env.setattr(lancement, "chauffer", lambda *_: None)
        env.setattr(lancement, "lancer", lambda *_: [])
        env.setenv(secret.VARIABLE, str(racine / "cle"))
        poser(racine, CLE)
        assert lancer(racine, "refresh", "--arrete", MOIS[0], "--depuis", MOIS[0])[0] == 0
        assert lancer(racine, "refresh")[0] == 0
        yield racine


@pytest.fixture
def ici(publiee: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to change."""
    racine = Path(shutil.copytree(publiee, tmp_path / "region"))
    monkeypatch.setenv(secret.VARIABLE, str(racine / "cle"))
    return racine


def poser(racine: Path, cle: str) -> None:
    (racine / "cle").touch(mode=0o600)
    (racine / "cle").write_text(f"{cle}\n")


def lancer(racine: Path, *arguments: str) -> tuple[int, str]:
    """The exit code, and all that a command printed."""
    dit = StringIO()
    dossiers = {"raw": "raw", "warehouse": "entrepot", "roadmap": "feuille"}
    ou = [mot for nom, place in dossiers.items() for mot in (f"--{nom}", str(racine / place))]
    with pytest.MonkeyPatch.context() as correctif:
        correctif.setattr(sys, "stdin", StringIO(f"{_numero(CORRIGEE)}\n"))
        correctif.setattr(sys, "stdout", dit)
        correctif.setattr(sys, "stderr", dit)
        return executer([*arguments, *ou], dit), dit.getvalue()


def corriger(racine: Path, cle: str) -> None:
    """Correct a person, named under a key."""
    ligne = {
        "extrait": livraisons.PLACE, "cle": pseudonymes(cle, CORRIGEE)["numero_cir"],
        "colonne": "sexe", "attendu": "H", "corrige": "F", "motif": "erreur de saisie",
        "auteur": "OFII", "date": "2022-12-01", "statut": "active",
    }  # fmt: skip
    texte = f"{','.join(ligne)}\n{','.join(ligne.values())}\n"
    (racine / "feuille" / "corrections.csv").write_text(texte, encoding="utf-8")


def _numero(n: int, colonne: str = "numero_cir") -> str:
    return str(livraisons.personne(n)[livraisons.COLONNES.index(colonne)])


def pseudonymes(cle: str, n: int) -> Mapping[str, str]:
    """What the numbers of a person are under a key."""
    return {
        c: hmac.digest(cle.encode(), f"{c}\0{_numero(n, c)}".encode(), "sha256").hex()
        for c in ("numero_cir", "numero_etranger")
    }


def la_region(racine: Path) -> Region:
    return replace(
        region(), raw=racine / "raw", warehouse=racine / "entrepot", roadmap=racine / "feuille"
    )


def fichier(racine: Path) -> Path:
    return racine / "entrepot" / "entrepot.duckdb"


def interroger(racine: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(fichier(racine), read_only=True) as con:
        return con.execute(sql).fetchall()


def sous(racine: Path, cle: str) -> bool:
    """Whether all that is published of persons is under a key."""
    lus = interroger(
        racine, "select numero_cir, numero_etranger from livraisons.ofii_cir_signataires"
    )
    attendus = {tuple(pseudonymes(cle, n).values()) for n in range(PERSONNES)}
    empreintes = interroger(racine, "select empreinte from qualite.cle")
    return set(lus) == attendus and empreintes == [(secret.empreinte(cle.encode()),)]


def restes(racine: Path, cle: str) -> list[str]:
    """Where there is still something of a key."""
    anciens = [p for n in range(PERSONNES) for p in pseudonymes(cle, n).values()]
    return list(oubli._restes(la_region(racine), anciens))


def test_the_warehouse_has_the_fingerprint_of_its_key(publiee: Path) -> None:
    assert sous(publiee, CLE)
    assert restes(publiee, CLE) != []  # the search finds them
    assert all(
        CLE.encode() not in f.read_bytes() for f in (publiee / "entrepot").iterdir() if f.is_file()
    )


def refusee(racine: Path, mots: str) -> None:
    """Nothing that would make pseudonyms goes on, from the command line or from Dagster."""
    avant = fichier(racine).read_bytes()
    for commande in (
        ["refresh"],
        ["retirer", MOIS[0]],
        ["oublier", "--extrait", livraisons.PLACE, "--cle", "-"],  # 1, had it read the files
    ):
        code, dit = lancer(racine, *commande)
        assert (code, mots in dit, "bilan refresh --nouvelle-cle" in dit) == (2, True, True), dit
        assert dit.startswith("Erreur : La clé des pseudonymes «")
    with pytest.raises(Faute, match=mots), du_run(la_region(racine))({}):
        pass
    assert atelier.deja_publiee(la_region(racine)) == ""
    assert fichier(racine).read_bytes() == avant


def test_another_key_is_refused(ici: Path) -> None:
    poser(ici, AUTRE)
    refusee(ici, "n'est pas celle de l'entrepôt publié")


def test_a_key_that_is_gone_is_not_made_again(ici: Path) -> None:
    (ici / "cle").unlink()
    refusee(ici, "manque, alors qu'un entrepôt est publié")
    assert not (ici / "cle").exists()


def test_a_weak_key_is_refused(ici: Path) -> None:
    poser(ici, "0123456789abcdef" * 4)
    refusee(ici, "est trop faible")
    assert lancer(ici, "refresh", "--nouvelle-cle")[0] == 2


def test_the_option_does_nothing_to_the_same_key(publiee: Path) -> None:
    avant = fichier(publiee).read_bytes()
    code, dit = lancer(publiee, "refresh", "--nouvelle-cle")
    assert (code, "inchangée, --nouvelle-cle n'y a rien fait" in dit) == (0, True), dit
    assert "Rien de neuf" in dit
    assert fichier(publiee).read_bytes() == avant


def test_a_key_that_is_meant_replaces_the_other_everywhere(
    ici: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that was stopped leaves the earlier warehouse, and the same command goes on."""
    valeurs = f"from indicateurs.valeurs where arrete = '{MOIS[0]}' order by all"
    avant, octets = interroger(ici, valeurs), fichier(ici).read_bytes()
    gardees = gardes(ici)
    poser(ici, AUTRE)

    def tuer(_: Chantier) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as correctif:
        correctif.setattr(Chantier, "publier", tuer)
        code, dit = lancer(ici, "refresh", "--nouvelle-cle")
    assert (code, "Interrompu" in dit, fichier(ici).read_bytes() == octets) == (2, True, True), dit
    assert lancer(ici, "refresh")[0] == 2
    assert gardes(ici).items() & gardees.items() == set()
    lues = gardes(ici, "lectures")
    assert lues

    code, dit = lancer(ici, "refresh", "--nouvelle-cle")
    assert (code, "tout a été relu sous la nouvelle" in dit) == (0, True), dit
    assert gardes(ici, "lectures") == lues
    assert sous(ici, AUTRE)
    assert interroger(ici, valeurs) == avant != []

    # The correction has still the former pseudonym, and nothing else has.
    assert "corrections.csv, ligne 2 : ces personnes y ont un ancien pseudonyme" in dit
    assert restes(ici, CLE) == [
        "la table qualite.controles de l'entrepôt",
        "la table referentiel.corrections de l'entrepôt",
        "la feuille de route (corrections.csv ?)",
        f"un autre fichier de «{ici / 'entrepot'}»",  # the published one, octet by octet
    ]
    assert interroger(
        ici, "select arrete, objet from qualite.controles where objet like '%sexe' order by 1"
    ) == [
        (MOIS[0], f"{livraisons.PLACE} *** sexe"),
        (MOIS[1], f"{livraisons.PLACE} {pseudonymes(CLE, CORRIGEE)['numero_cir']} sexe"),
    ]
    corriger(ici, AUTRE)
    code, dit = lancer(ici, "refresh")
    assert (code, "ancien pseudonyme" in dit) == (0, False), dit
    assert restes(ici, CLE) == []
    assert interroger(
        ici, "select numero_cir from faits.ofii_cir_signataires where corrige = 'sexe'"
    ) == [(pseudonymes(AUTRE, CORRIGEE)["numero_cir"],)]

    assert lancer(ici, "retirer", MOIS[0])[0] == 0
    assert sous(ici, AUTRE)


def gardes(racine: Path, quoi: str = "") -> dict[str, int]:
    """The files that are kept, and when each was written."""
    dossier = racine / "entrepot" / ".gardees" / quoi
    return {str(f): f.stat().st_mtime_ns for f in dossier.rglob("*") if f.is_file()}


def test_a_warehouse_that_does_not_tell_its_key_is_taken_once(ici: Path) -> None:
    """As those of 0.1.0: under any key that there is, which it tells from then on."""
    with duckdb.connect(fichier(ici)) as con:
        con.execute("drop table qualite.cle")
    (ici / "cle").unlink()
    assert "manque, alors qu'un entrepôt est publié" in lancer(ici, "refresh")[1]
    poser(ici, AUTRE)
    assert lancer(ici, "refresh")[0] == 0
    assert sous(ici, AUTRE)
    poser(ici, DERNIERE)
    assert lancer(ici, "refresh")[0] == 2
