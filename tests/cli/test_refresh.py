"""The command `bilan refresh`: what it publishes, its exit codes, and what it says."""

import fcntl
import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines import execution
from pipelines.cli import executer

pytestmark = pytest.mark.usefixtures("programme_reduit")

AVDL = "annee;operateur;departement;beneficiaires;logements_captes;personnes_relogees\n"


@pytest.fixture(autouse=True)
def roadmap(feuille_courte: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAN_ROADMAP", str(feuille_courte))


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Two deliveries of one extract."""
    dossier = tmp_path / "raw"
    livrer(dossier, "2020-11.csv", "2019;Alpha;59;10;4;6\n2019;Beta;02;5;1;2\n")
    livrer(dossier, "2020-12.csv", "2020;Alpha;59;20;7;9\n")
    return dossier


def livrer(raw: Path, nom: str, lignes: str) -> None:
    """Deliver rows of logement/avdl."""
    dossier = raw / "logement" / "avdl"
    dossier.mkdir(parents=True, exist_ok=True)
    (dossier / nom).write_text(AVDL + lignes, encoding="utf-8")


def rafraichir(raw: Path, *options: str) -> int:
    return executer(
        ["refresh", "--raw", str(raw), "--warehouse", str(raw.parent / "entrepot"), *options]
    )


def interroger(raw: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(raw.parent / "entrepot" / "entrepot.duckdb", read_only=True) as con:
        return con.execute(sql).fetchall()


def arretes(raw: Path) -> list[object]:
    return [
        a for (a,) in interroger(raw, "select distinct arrete from indicateurs.valeurs order by 1")
    ]


def test_publishes_then_goes_on_from_the_last_month(
    raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rafraichir(raw, "--depuis", "2020-12") == 0
    sortie = capsys.readouterr()
    assert "2 acceptées, 0 refusées" in sortie.out
    assert "3 lignes chargées, 0 rejetées" in sortie.out
    assert interroger(
        raw,
        """select territoire, valeur from indicateurs.valeurs
        where indicateur = 'avdl_beneficiaires' and periode = '2019' and valeur > 0 order by 1""",
    ) == [("D02", 5.0), ("D59", 10.0), ("R32", 15.0)]
    assert arretes(raw) == ["2020-12"]

    livrer(raw, "2021-02.csv", "2021;Alpha;59;1;1;1\n")
    assert rafraichir(raw) == 0
    assert arretes(raw) == ["2020-12", "2021-01", "2021-02"]

    # A month computed earlier stays as it was, until it is asked again.
    livrer(raw, "2020-12.v2.csv", "2020;Alpha;59;21;7;9\n")
    assert rafraichir(raw) == 0
    annee_2020 = """select arrete, valeur from indicateurs.valeurs
        where indicateur = 'avdl_beneficiaires' and periode = '2020' and territoire = 'D59'
        order by 1"""
    assert interroger(raw, annee_2020) == [("2020-12", 20), ("2021-01", 20), ("2021-02", 21)]
    assert rafraichir(raw, "--depuis", "2020-12") == 0
    assert interroger(raw, annee_2020) == [("2020-12", 21), ("2021-01", 21), ("2021-02", 21)]
    assert interroger(raw, "select statut from qualite.livraisons order by fichier") == [
        ("acceptee",), ("remplacee",), ("acceptee",), ("acceptee",),
    ]  # fmt: skip


def test_a_refused_delivery_is_said_and_the_rest_is_published(
    raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    livrer(raw, "2020-12_62.csv", "mille;Alpha;62;x;7;9\n")
    (raw / "logement" / "avdl" / "copie de 2020-12.csv").write_text("a", encoding="utf-8")
    assert rafraichir(raw, "--depuis", "2020-12") == 1
    erreurs = capsys.readouterr().err
    assert "Refusée : logement/avdl/2020-12_62.csv — toutes les lignes sont rejetées (1)" in erreurs
    assert "Refusée : logement/avdl/copie de 2020-12.csv — nom" in erreurs
    assert interroger(raw, "select colonne, regle from qualite.rejets order by 1") == [
        ("annee", "type"),
        ("beneficiaires", "type"),
    ]


def test_doubts_are_published_and_told(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lignes = "2020;Alpha;59;54;20;32\n2020;OpÃ©ra;59;12;4;6\n2020;Somme;59;66;24;38\n"
    livrer(raw, "2020-12_62.csv", lignes)
    livrer(raw, "2020-10.csv", "2019;OpÃ©ra;59;12;4;6\n")
    livrer(raw, "2020-10.v2.csv", "2019;Opéra;59;12;4;6\n")
    assert rafraichir(raw, "--depuis", "2020-12") == 0
    # The replaced file's own is in the table, and not counted.
    dite = 'Doutes      2 sur 1 fichier (bilan sql "from qualite.doutes") : 1 encodage, 1 somme\n'
    assert dite in capsys.readouterr().out
    trouves = interroger(
        raw, "select fichier, colonne, doute, nombre, premiere_ligne from qualite.doutes"
    )
    assert trouves == [
        ("logement/avdl/2020-10.csv", "operateur", "encodage", 1, 2),
        ("logement/avdl/2020-12_62.csv", None, "somme", 1, 4),
        ("logement/avdl/2020-12_62.csv", "operateur", "encodage", 1, 3),
    ]
    # From what is kept, the same.
    assert rafraichir(raw, "--depuis", "2020-11") == 0
    assert trouves == interroger(
        raw, "select fichier, colonne, doute, nombre, premiere_ligne from qualite.doutes"
    )


@pytest.mark.parametrize(
    ("options", "mots"),
    [
        (["--arrete", "2020-13"], "L'arrêté «2020-13» n'est pas un mois"),
        (["--arrete", "hier"], "L'arrêté «hier» n'est pas un mois"),
        (["--depuis", "12/2020"], "Le mois de --depuis «12/2020» n'est pas un mois"),
        (["--arrete", "2020-10"], "L'arrêté 2020-10 précède la première livraison (2020-11)"),
        (["--depuis", "2021-01"], "--depuis 2021-01 vient après l'arrêté 2020-12"),
        (["--raw", "/nulle/part"], "Le dossier des livraisons «/nulle/part» n'existe pas"),
        (["--roadmap", "/nulle/part"], "La feuille de route ne peut pas servir"),
        (["--arete", "2020-12"], "option inconnue : --arete"),
        (["--arrete"], "l'option --arrete attend une valeur"),
        (["2020-12"], "argument de trop"),
    ],
)
def test_a_fault_of_the_arguments_is_one_sentence_and_leaves_the_warehouse(
    raw: Path, capsys: pytest.CaptureFixture[str], options: list[str], mots: str
) -> None:
    entrepot = raw.parent / "entrepot"
    entrepot.mkdir()
    (entrepot / "entrepot.duckdb").write_bytes(b"l'ancien")
    assert rafraichir(raw, *options) == 2
    erreurs = capsys.readouterr().err
    assert mots in erreurs
    assert "Traceback" not in erreurs
    assert (entrepot / "entrepot.duckdb").read_bytes() == b"l'ancien"


def test_nothing_accepted_publishes_nothing(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for fichier in raw.rglob("*.csv"):
        fichier.write_text("illisible", encoding="utf-8")
    assert rafraichir(raw) == 2
    assert "Aucune livraison acceptée" in capsys.readouterr().err
    assert not (raw.parent / "entrepot" / "entrepot.duckdb").exists()


class Panique(BaseException):
    """What a library in another language ends with; no Exception."""


@pytest.mark.parametrize(
    ("erreur", "dit"),
    [
        (ValueError(), "Erreur inattendue (ValueError)."),
        (ValueError("là\net là"), "Erreur inattendue (ValueError : là)."),
        (Panique("index out of bounds"), "Erreur inattendue (Panique : index out of bounds)."),
        (SystemExit(1), "Erreur inattendue (SystemExit : 1)."),
        (MemoryError(), "Erreur : la mémoire manque. Libérez-en, puis relancez."),
    ],
    ids=["sans texte", "plusieurs lignes", "panique", "fin", "mémoire"],
)
def test_no_error_has_the_code_of_a_publication(
    erreur: BaseException,
    dit: str,
    raw: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def echouer(*_: object, **__: object) -> None:
        raise erreur

    monkeypatch.setattr(execution, "rafraichir", echouer)
    assert rafraichir(raw) == 2
    assert capsys.readouterr().err.startswith(dit)
    monkeypatch.setenv("BILAN_TRACE", "1")
    assert rafraichir(raw) == 2
    assert capsys.readouterr().err.startswith("Traceback")


class SansLecteur(io.StringIO):
    """A pipe whose reader left."""

    def write(self, texte: str) -> int:
        """Nobody reads."""
        raise BrokenPipeError


def test_a_reader_that_left_is_no_error() -> None:
    """As `bilan --help | head -1`; what is printed is not held back for the end."""
    lecture, ecriture = os.pipe()
    os.close(lecture)
    lance = subprocess.run(
        [sys.executable, "-u", "-c", "from pipelines.cli import main; main()", "--help"],
        stdout=ecriture, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(ecriture)
    assert (lance.returncode, lance.stderr) == (0, "")


def test_a_reader_that_left_changes_no_exit_code(
    raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    livrer(raw, "2020-12_62.csv", "pas une année;Gamma;62;1;1;1\n")
    for flux in ("stdout", "stderr"):
        monkeypatch.setattr(sys, flux, SansLecteur())
    assert rafraichir(raw, "--depuis", "2020-12") == 1
    assert interroger(raw, "select motif from qualite.livraisons where statut = 'refusee'") == [
        ("toutes les lignes sont rejetées (1)",)
    ]


def test_a_warehouse_that_cannot_be_written(
    raw: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "fichier").touch()
    code = executer(["refresh", "--raw", str(raw), "--warehouse", str(tmp_path / "fichier" / "w")])
    assert code == 2
    assert "ne peut pas être écrit" in capsys.readouterr().err


def test_a_key_that_others_can_read(
    raw: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    cle = tmp_path / "cle"
    cle.write_text("0" * 64, encoding="utf-8")
    cle.chmod(0o644)
    monkeypatch.setenv("BILAN_CLE", str(cle))
    assert rafraichir(raw) == 2
    assert "est accessible à d'autres que vous" in capsys.readouterr().err


def test_one_refresh_at_a_time(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entrepot = raw.parent / "entrepot"
    entrepot.mkdir()
    with (entrepot / ".verrou").open("w", encoding="utf-8") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        verrou.write("processus 42")
        verrou.flush()
        assert rafraichir(raw) == 2
    assert "Un autre rafraîchissement (processus 42)" in capsys.readouterr().err


def test_readers_keep_the_file_that_they_hold(raw: Path) -> None:
    assert rafraichir(raw, "--depuis", "2020-12") == 0
    chemin = raw.parent / "entrepot" / "entrepot.duckdb"
    with chemin.open("rb") as tenu:
        avant = hashlib.file_digest(tenu, "sha256").hexdigest()
        livrer(raw, "2021-01.csv", "2021;Alpha;59;1;1;1\n")
        assert rafraichir(raw) == 0
        tenu.seek(0)
        assert hashlib.file_digest(tenu, "sha256").hexdigest() == avant
    assert arretes(raw) == ["2020-12", "2021-01"]
    assert sorted(p.name for p in chemin.parent.iterdir()) == [
        ".gardees",
        ".verrou",
        "entrepot.duckdb",
    ]


def test_results_do_not_depend_on_how_rows_are_spread_over_files(raw: Path, tmp_path: Path) -> None:
    autre = tmp_path / "autre" / "raw"
    livrer(autre, "2020-11_z.csv", "2019;Alpha;59;10;4;6\n")
    livrer(autre, "2020-11_a.csv", "2019;Beta;02;5;1;2\n")
    livrer(autre, "2020-12.csv", "2020;Alpha;59;20;7;9\n")
    assert rafraichir(raw, "--depuis", "2020-12") == 0
    assert rafraichir(autre, "--depuis", "2020-12") == 0
    toutes = "from indicateurs.valeurs order by all"
    assert interroger(raw, toutes) == interroger(autre, toutes)


def test_help_is_french(capsys: pytest.CaptureFixture[str]) -> None:
    commandes = (
        "refresh", "retirer", "verifier", "modeles", "exporter", "rapport", "sql", "ui", "simuler",
    )  # fmt: skip
    for arguments in (["--help"], *([commande, "--help"] for commande in commandes)):
        assert executer(arguments) == 0
        aide = capsys.readouterr().out
        assert aide.startswith("Emploi : bilan")
        for anglais in ("Usage", "Show this", "Commands:", "default:"):
            assert anglais not in aide
