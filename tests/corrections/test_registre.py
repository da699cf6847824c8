"""What a row of the register may say, and what stops the refresh."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipelines import feuille_de_route
from pipelines.corrections.registre import actives, fautes
from pipelines.feuille_de_route import FeuilleDeRoute
from tests.ingestion.essais import toutes

AVDL = {
    "extrait": "logement/avdl",
    "cle": "2019|Alpha",
    "colonne": "beneficiaires",
    "attendu": "10",
    "corrige": "12",
    "motif": "erreur de frappe",
    "auteur": "DDCS du Nord",
    "date": "2020-12-01",
    "statut": "active",
}
CIR = AVDL | {
    "extrait": "ofii/cir_signataires",
    "cle": "a" * 64,
    "colonne": "sexe",
    "attendu": "H",
    "corrige": "F",
}


def registre(*lignes: dict[str, str]) -> FeuilleDeRoute:
    """The project's roadmap with these corrections."""
    feuille = feuille_de_route.lire()
    numeros = list(range(2, len(lignes) + 2))
    return replace(
        feuille,
        tables={**feuille.tables, "corrections": list(lignes)},
        numeros={**feuille.numeros, "corrections": numeros},
    )


def lues(*lignes: dict[str, str]) -> Sequence[tuple[Any, ...]]:
    feuille = registre(*lignes)
    assert not fautes(feuille, toutes().values())
    return [
        (c.cle, c.colonne, c.attendu, c.corrige)
        for regles in toutes().values()
        for c in actives(feuille, regles)
    ]


def test_values_are_read_as_in_a_delivery() -> None:
    assert lues(AVDL) == [((2019, "Alpha"), "beneficiaires", 10, 12)]
    ecrite = AVDL | {"cle": " 2 019,0 | Alpha ", "attendu": "1 000,0", "corrige": "1001"}
    assert lues(ecrite) == [((2019, "Alpha"), "beneficiaires", 1000, 1001)]
    assert lues(CIR) == [(("a" * 64,), "sexe", "H", "F")]
    assert lues(CIR | {"corrige": "n/d"}) == [(("a" * 64,), "sexe", "H", None)]
    dates = CIR | {"colonne": "date_titre", "attendu": "", "corrige": "3/7/2019"}
    assert lues(dates) == [(("a" * 64,), "date_titre", None, date(2019, 7, 3))]
    assert lues(CIR | {"colonne": "bpi", "attendu": "oui", "corrige": "N"}) == [
        (("a" * 64,), "bpi", True, False)
    ]


def test_only_active_rows_apply_in_the_order_of_the_contract() -> None:
    logements = AVDL | {"colonne": "logements_captes"}
    autres = [AVDL | {"statut": "suspendue"}, AVDL | {"statut": "levee", "attendu": "11"}]
    assert [c[1] for c in lues(logements, *autres, AVDL)] == ["beneficiaires", "logements_captes"]


NUMERO = "7503000001"


@pytest.mark.parametrize(
    ("base", "change", "mots"),
    [
        (AVDL, {"extrait": "logement/rien"}, "l'extrait «logement/rien» est inconnu"),
        (AVDL, {"cle": "2019|Alpha|59"}, "cle doit avoir 2 valeur(s) : annee|operateur"),
        (AVDL, {"cle": "1999|Alpha"}, "cle : La colonne annee ne doit pas être inférieure"),
        (AVDL, {"cle": "deux|Alpha"}, "cle : La colonne annee doit être un nombre entier"),
        (AVDL, {"cle": "2019|"}, "cle : La colonne operateur est obligatoire"),
        (AVDL, {"colonne": "rien"}, "la colonne «rien» n'est pas de logement/avdl"),
        (AVDL, {"colonne": "retrait"}, "la colonne «retrait» n'est pas de logement/avdl"),
        (AVDL, {"colonne": "annee"}, "annee est de la clé"),
        (AVDL, {"attendu": "dix"}, "attendu : La colonne beneficiaires doit être un nombre entier"),
        (AVDL, {"corrige": "-1"}, "corrige : La colonne beneficiaires ne doit pas être inférieure"),
        (AVDL, {"corrige": "10,0"}, "attendu et corrige sont la même valeur"),
        (AVDL, {"statut": "en cours"}, "statut «en cours» doit être active, suspendue, levee"),
        (AVDL, {"motif": ""}, "il manque motif"),
        (AVDL, {"auteur": ""}, "il manque auteur"),
        (AVDL, {"auteur": "x.y@nord.gouv.fr"}, "auteur doit être un service"),
        (AVDL, {"date": ""}, "il manque date"),
        (CIR, {"corrige": "X"}, "corrige : La colonne sexe doit valoir H (Homme), F (Femme)"),
        (CIR, {"colonne": "heures_realisees", "attendu": "900"}, "ne doit pas être supérieure à"),
        (CIR, {"cle": NUMERO}, "numero_cir s'écrit par son pseudonyme"),
        (CIR, {"colonne": "numero_etranger"}, "numero_etranger est une donnée personnelle"),
        (CIR, {"colonne": "date_naissance"}, "date_naissance est une donnée personnelle"),
        (CIR, {"colonne": "departement", "attendu": "59", "corrige": ""}, "est obligatoire"),
    ],
)
def test_a_fault_says_where_and_what(
    base: dict[str, str], change: dict[str, str], mots: str
) -> None:
    trouvees = fautes(registre(AVDL, base | change), toutes().values())
    assert any(mots in faute for faute in trouvees), trouvees
    assert all("corrections.csv, ligne 3 : " in faute for faute in trouvees)
    assert NUMERO not in " ".join(trouvees)


def test_one_value_has_one_active_correction() -> None:
    autre = AVDL | {"attendu": "10,0", "corrige": "13"}
    [faute] = fautes(registre(AVDL, autre), toutes().values())
    assert "ligne 3 : une autre ligne active corrige déjà cette valeur" in faute
    assert not fautes(registre(AVDL, autre | {"statut": "suspendue"}), toutes().values())


def test_the_register_is_optional_and_the_project_s_own_is_sound() -> None:
    assert "corrections" in feuille_de_route.FACULTATIVES
    assert not fautes(feuille_de_route.lire(), toutes().values())
