"""A warehouse in memory, made of the few rows of a test, in which one indicator is computed."""

from collections.abc import Callable
from datetime import date

import pytest

from pipelines import feuille_de_route
from pipelines.contrats import regles_de
from pipelines.entrepot import faits, tables
from pipelines.indicateurs import comptage, definition
from pipelines.ingestion.reception import table
from tests.entrepots import en_memoire
from tests.tableaux import lignes, valeur

FEUILLE = feuille_de_route.lire()
REGLES = regles_de(FEUILLE)
_CLES = ("territoire", "periode", "ventilation", "modalite")
Verifier = Callable[..., None]


def calculer(
    indicateur: str, arrete: str, livraisons: str, livre: str = ""
) -> list[dict[str, object]]:
    """Compute one indicator at one arrêté, from a table of delivered rows.

    Columns that the table does not have are NULL; `mois_livraison` is the arrêté unless the table
    or `livre` says otherwise; a key column that is not given is the row's number.
    """
    [chemin] = list(definition.DOSSIER.glob(f"*/{indicateur}.sql"))
    defini = definition.lire_un(chemin)
    contrat = REGLES[defini.extrait]
    nom = table(defini.extrait)
    con = en_memoire([contrat], [defini], FEUILLE)
    colonnes = tables.colonnes("livraisons", contrat)
    for numero, ligne in enumerate(lignes(livraisons), start=1):
        inconnues = set(ligne) - set(colonnes)
        assert not inconnues, inconnues
        rang = {c: str(numero) for c in contrat.cle if contrat.colonnes[c].type == "texte"}
        complete = {
            **rang,
            "retrait": "false",
            "mois_livraison": livre or arrete,
            "fichier": "essai.csv",
            "ligne": str(numero),
            **ligne,
        }
        noms = ", ".join(complete)
        valeurs = ", ".join("?" for _ in complete)
        con.execute(
            f"insert into livraisons.{nom} ({noms}) values ({valeurs})",
            list(complete.values()),
        )
    con.execute(
        f"""
        create table chantier.livraisons as
        select distinct '{defini.extrait}' as extrait, mois_livraison as mois
        from livraisons.{nom}
        """
    )
    faits.ouvrir(con, contrat)
    comptage.preparer(con, [defini], {defini.extrait: contrat}, [arrete])
    comptage.dater(con, [contrat])
    comptage.compter(con, defini, [arrete])
    comptage.valeurs(con)
    resultat = con.execute("from chantier.valeurs")
    noms_ = [d[0] for d in resultat.description or []]
    trouvees = [dict(zip(noms_, ligne, strict=True)) for ligne in resultat.fetchall()]
    con.close()
    return trouvees


@pytest.fixture
def verifier() -> Verifier:
    """`verifier(indicateur, arrete, livraisons, attendu, livre="")`.

    Each row of the table `attendu` names a value by territoire and periode (and ventilation and
    modalite, `total` by default); its other columns must be as written. `absent` in the column
    `valeur` says that there is no such row.
    """

    def verifie(
        indicateur: str, arrete: str, livraisons: str, attendu: str, livre: str = ""
    ) -> None:
        trouvees = calculer(indicateur, arrete, livraisons, livre)
        for ligne in lignes(attendu):
            cle = tuple(ligne.get(c) or "total" for c in _CLES)
            egales = [t for t in trouvees if tuple(t[c] for c in _CLES) == cle]
            if ligne.get("valeur") == "absent":
                assert not egales, (cle, egales)
                continue
            assert len(egales) == 1, (cle, [tuple(t[c] for c in _CLES) for t in trouvees])
            for colonne, cellule in ligne.items():
                if colonne in _CLES:
                    continue
                voulu = valeur(cellule)
                if isinstance(egales[0][colonne], date):
                    assert str(egales[0][colonne]) == cellule, (cle, colonne, egales[0])
                    continue
                if isinstance(voulu, float):
                    voulu = pytest.approx(voulu, rel=1e-12)
                assert egales[0][colonne] == voulu, (cle, colonne, egales[0])

    return verifie
