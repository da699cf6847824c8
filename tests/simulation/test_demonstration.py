"""The demonstration kept in raw/: the same bytes each time, small, named and described rightly."""

import io
import re
import zipfile
from pathlib import Path
from random import Random

import pytest

from pipelines.simulation import ars, ddcs_conventions, ddcs_projets, ofii, rectorat
from pipelines.simulation.communs import repartir
from pipelines.simulation.demonstration import fichiers
from pipelines.simulation.ecriture import Fichier

RAW = Path(__file__).parents[2] / "raw"
CHEMIN = re.compile(
    r"(ofii|ddcs|ars|logement|rectorat|service_civique)/[a-z_]+/"
    r"\d{4}-(0[1-9]|1[0-2])(_[^./]+)?(\.v[2-9])?\.(csv|xlsx)"
)
EXTRAITS = 15


@pytest.fixture(scope="module")
def ecrits() -> list[Fichier]:
    return list(fichiers())


def comparable(chemin: str, octets: bytes) -> object:
    """An XLSX by what it holds: how zlib packs it may change from one machine to another."""
    if not chemin.endswith(".xlsx"):
        return octets
    with zipfile.ZipFile(io.BytesIO(octets)) as classeur:
        return {nom: classeur.read(nom) for nom in classeur.namelist()}


@pytest.mark.parametrize("source", [ars, rectorat, ddcs_conventions])
def test_la_meme_graine_donne_les_memes_octets(source: object) -> None:
    livraisons = source.livraisons  # type: ignore[attr-defined]
    premiers, seconds = (list(livraisons(Random(1))) for _ in range(2))  # noqa: S311
    assert {f.chemin: f.contenu() for f in premiers} == {f.chemin: f.contenu() for f in seconds}


def test_raw_est_ce_que_le_generateur_ecrit(ecrits: list[Fichier]) -> None:
    presents = {
        str(chemin.relative_to(RAW)): chemin
        for chemin in RAW.rglob("*")
        if chemin.suffix in (".csv", ".xlsx")
    }
    assert set(presents) == {fichier.chemin for fichier in ecrits}
    changes = [
        fichier.chemin
        for fichier in ecrits
        if comparable(fichier.chemin, presents[fichier.chemin].read_bytes())
        != comparable(fichier.chemin, fichier.contenu())
    ]
    assert changes == []


def test_tous_les_extraits_sont_livres_sous_des_noms_en_regle(ecrits: list[Fichier]) -> None:
    assert [f.chemin for f in ecrits if not CHEMIN.fullmatch(f.chemin)] == []
    assert len({f.extrait for f in ecrits}) == EXTRAITS
    assert len({f.chemin for f in ecrits}) == len(ecrits)


def test_raw_reste_petit() -> None:
    assert sum(chemin.stat().st_size for chemin in RAW.rglob("*") if chemin.is_file()) < 4_000_000


def luhn(numero: str) -> bool:
    doubles = [int(chiffre) * (1 + rang % 2) for rang, chiffre in enumerate(reversed(numero))]
    return sum(double // 10 + double % 10 for double in doubles) % 10 == 0


def test_les_siret_sont_valides_sauf_un(ecrits: list[Fichier]) -> None:
    numeros = ddcs_projets.SIRETS.values()
    assert len(set(numeros)) == len(numeros)
    assert all(len(n) == 14 and luhn(n) and luhn(n[:9]) for n in numeros)
    faux = [
        (fichier.chemin, ligne["siret"])
        for fichier in ecrits
        for ligne in fichier.lignes
        if ligne.get("siret") and not luhn(str(ligne["siret"]).replace(" ", ""))
    ]
    assert [chemin for chemin, _ in faux] == ["ddcs/projets/2019-07_80.csv"]


def test_le_mode_d_emploi_ne_nomme_que_des_fichiers_livres(ecrits: list[Fichier]) -> None:
    nommes = re.findall(
        r"`([a-z_]+/[a-z_]+/\d[^`]*\.(?:csv|xlsx))`", (RAW / "README.md").read_text()
    )
    assert len(nommes) > 30
    assert set(nommes) - {fichier.chemin for fichier in ecrits} == set()


@pytest.mark.parametrize(("mois", "faute"), ofii.FAUTES)
def test_le_mode_d_emploi_dit_ou_sont_les_fautes_de_l_ofii(
    ecrits: list[Fichier], mois: str, faute: ofii.Contrat
) -> None:
    (fautif,) = (
        fichier.chemin
        for fichier in ecrits
        if fichier.extrait == ofii.EXTRAIT and fichier.nom.startswith(mois)
        if any(faute.items() <= ligne.items() for ligne in fichier.lignes)
    )
    assert f"| `{fautif}` |" in (RAW / "README.md").read_text()


def test_une_repartition_est_exacte() -> None:
    assert repartir(10, [1, 1, 1]) == [4, 3, 3]
    assert repartir(7, [5, 0, 0], minimum=1) == [5, 1, 1]
    with pytest.raises(ValueError, match="ne se répartit pas"):
        repartir(2, [1, 1, 1], minimum=1)
