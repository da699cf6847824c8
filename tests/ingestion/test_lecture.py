"""CSV files: encodings, separators, headers, quotes, numbering, totals, rows of a wrong length."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.erreurs import Refus
from pipelines.ingestion import csv_texte
from tests.ingestion.essais import Contenu, ecrire, lire, rangees

AB = ("a", "b")


def lu(dossier: Path, contenu: Contenu, facultatives: tuple[str, ...] = ()) -> list[object]:
    return list(rangees(ecrire(dossier / "essai.csv", contenu), AB, facultatives))


# Encodings and separators


@pytest.mark.parametrize(
    ("encodage", "reconnu"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "cp1252")],
)
@pytest.mark.parametrize("fin", ["\n", "\r\n", "\r"])
def test_encodages_et_fins_de_ligne(tmp_path: Path, encodage: str, reconnu: str, fin: str) -> None:
    texte = fin.join(["numéro;œuvre", "é1;Cœur d'été – 5 €", "2;ç", ""])
    chemin = ecrire(tmp_path / "essai.csv", texte.encode(encodage))
    assert lire(chemin, ["numero", "œuvre"])[0].encodage == reconnu
    assert rangees(chemin, ["numero", "œuvre"]) == [(2, "é1", "Cœur d'été – 5 €"), (3, "2", "ç")]


def test_un_seul_octet_hors_utf8_fait_lire_tout_en_windows_1252(tmp_path: Path) -> None:
    lignes = "".join(f"{n};x\n" for n in range(3000))
    assert lu(tmp_path, b"a;b\n" + lignes.encode() + b"3000;\xe9\n")[-1] == (3002, "3000", "é")


@pytest.mark.parametrize(
    ("contenu", "motif"),
    [
        ("a;b\n1;2\n".encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + "a;b\n1;2\n".encode("utf-16-be"), "UTF-16"),
        (b"a;b\n1;2\x00\n", "octets nuls"),
        (b"a;b\n1;\xe9\x81\n", "ni en UTF-8 ni en Windows-1252"),
        (b"PK\x03\x04a;b\n1;2\n", "classeur"),
        (b"", "vide"),
        (b"\xef\xbb\xbf", "en-tête"),
        (b"\n\n", "en-tête"),
    ],
)
def test_un_fichier_qui_n_est_pas_du_texte_est_refuse(
    tmp_path: Path, contenu: bytes, motif: str
) -> None:
    with pytest.raises(Refus, match=motif):
        lu(tmp_path, contenu)


@pytest.mark.parametrize(
    ("separateur", "nom"), [(";", "point-virgule"), (",", "virgule"), ("\t", "tabulation")]
)
def test_separateurs(tmp_path: Path, separateur: str, nom: str) -> None:
    autres = "".join({";", ",", "\t"} - {separateur})
    texte = f'a{separateur}b\n1{separateur}x{autres}y\n"2{separateur}2"{separateur}z\n'
    chemin = ecrire(tmp_path / "essai.csv", texte)
    assert lire(chemin, AB)[0].separateur == nom
    assert rangees(chemin, AB) == [(2, "1", f"x{autres}y"), (3, f"2{separateur}2", "z")]


def test_un_titre_avec_un_autre_separateur_ne_trompe_pas(tmp_path: Path) -> None:
    titre = "Extrait; du 1er mars; révisé\nNotes, diverses, et variées\n"
    assert lu(tmp_path, titre + "a\tb\n1\t2\n") == [(4, "1", "2")]


# The header


@pytest.mark.parametrize(
    "nom",
    ["numero_cir", "Numéro CIR", "NUMERO-CIR", "numerocir", " Numéro  CIR ", "Numéro\u00a0CIR",
     "n'umero’cir", "Nu\u0301mero_CIR", "numéro–cir", '"Numéro\nCIR"', "Numéro CIR *",
     "numero_cir*", "Numéro CIR (€)", "Numéro CIR [EUR]", "Numéro CIR ( Euros )", "numero cir (%)",
     "Numéro CIR (h)", "Numéro CIR (en heures)", "Numéro CIR (HEURE)", "Numéro CIR (jours) *",
     "Numéro\u200b\u202fCIR", "\u2060numero\u00adcir\ufeff", "Numéro CIR\u00a0(€)"],
)  # fmt: skip
def test_un_nom_de_colonne_se_lit_sans_casse_accents_ni_espaces(tmp_path: Path, nom: str) -> None:
    chemin = ecrire(tmp_path / "essai.csv", f"b;{nom}\n1;2\n")
    assert rangees(chemin, ["numero_cir", "b"])[0][1:] == ("2", "1")


@pytest.mark.parametrize(
    "nom",
    ["N° CIR", "numero_cir.", "numero(cir)", "numero/cir", "numeros_cir", "numero_cir (€) net",
     "numero_cir (k€)", "numero_cir €", "* numero_cir", "numero_cir (en)", "(h)"],
)  # fmt: skip
def test_un_nom_de_colonne_ne_se_devine_pas(tmp_path: Path, nom: str) -> None:
    chemin = ecrire(tmp_path / "essai.csv", f"b;{nom}\n1;2\n")
    with pytest.raises(Refus, match="il manque la colonne numero_cir"):
        rangees(chemin, ["numero_cir", "b"])


def test_titres_et_notes_sont_passes_et_les_lignes_gardent_leur_numero(tmp_path: Path) -> None:
    texte = "Signataires de mars\n;;\n\na;note\nc;b;a\n3;2;1\n"
    chemin = ecrire(tmp_path / "essai.csv", texte)
    reconnu, _ = lire(chemin, AB, ["c"])
    assert reconnu.ligne_entete == 5
    assert rangees(chemin, AB, ["c"]) == [(6, "1", "2", "3")]


def test_l_en_tete_est_la_premiere_des_lignes_completes(tmp_path: Path) -> None:
    assert lu(tmp_path, "a;b\na;b;c\n1;2\n", ("c",)) == [(2, "a", "b", None), (3, "1", "2", None)]


def test_l_en_tete_se_cherche_dans_trente_lignes_lignes_vides_comprises(tmp_path: Path) -> None:
    assert lu(tmp_path, "titre\n" + "\n" * 28 + "a;b\n1;2\n") == [(31, "1", "2")]
    with pytest.raises(Refus, match="30 premières lignes"):
        lu(tmp_path, "titre\n" + "\n" * 29 + "a;b\n1;2\n")


def test_toutes_les_colonnes_manquantes_sont_dites(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "essai.csv", "a;x\n1;2\n")
    with pytest.raises(Refus, match="les colonnes b, c") as refus:
        rangees(chemin, ["a", "b", "c"])
    assert " a" not in str(refus.value).partition("il manque")[2]


def test_ordre_libre_colonnes_inconnues_ignorees_et_dites(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "essai.csv", "N° CIR;b; Avis ;;Avis;a\n9;2;9;9;9;1\n")
    reconnu, lignes = lire(chemin, AB, ["c"])
    assert reconnu.ignorees == ("N° CIR", "Avis", "Avis")
    assert lignes.select("ligne", "a", "b", "c", "hors").rows() == [(2, "1", "2", None, False)]


def test_un_nom_connu_deux_fois_refuse_le_fichier_et_tous_sont_dits(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "essai.csv", "a;b;A ;c;x;C;x\n1;2;1;3;4;3;4\n")
    with pytest.raises(Refus) as refus:
        rangees(chemin, AB, ["c"])
    assert len(refus.value.motifs) == 2
    assert "colonne a " in refus.value.motifs[0]
    assert "colonne c " in refus.value.motifs[1]


# Cells


@pytest.mark.parametrize(
    "vide",
    ["", " ", "NC", "nc", "Nc", "ND", "nd", "N/A", "n/a", "n.a.", "N.A.", "n/d", "N/D", "NR", "nr",
     "-", "néant", "NÉANT", "neant", " NC ", "\u00a0-\u202f"],
)  # fmt: skip
def test_sans_valeur(tmp_path: Path, vide: str) -> None:
    assert lu(tmp_path, f"a;b\n1;{vide}\n2;x\n") == [(2, "1", None), (3, "2", "x")]


@pytest.mark.parametrize("plein", ["0", "--", "—", "NC.", "N.C.", "NA", "n.d.", "."])
def test_ce_qui_n_est_pas_sans_valeur_en_est_une(tmp_path: Path, plein: str) -> None:
    assert lu(tmp_path, f"a;b\n1;{plein}\n") == [(2, "1", plein)]


@pytest.mark.parametrize("espace", list(" \t\u00a0\u202f\u2009\u3000\u2003"))
def test_les_espaces_de_toute_sorte_autour_ne_comptent_pas(tmp_path: Path, espace: str) -> None:
    texte = f'a;b\n{espace}1{espace}{espace};"{espace}x  y{espace}"\n'
    assert lu(tmp_path, texte) == [(2, "1", "x  y")]


# Quotes


def test_une_cellule_entre_guillemets_sur_plusieurs_lignes_est_une_ligne(tmp_path: Path) -> None:
    texte = 'a;b\n1;"rue\n\nde la; ""Paix"""\n2;y\n'
    assert lu(tmp_path, texte) == [(2, "1", 'rue\n\nde la; "Paix"'), (3, "2", "y")]


def test_un_guillemet_dans_une_cellule_est_du_texte(tmp_path: Path) -> None:
    texte = 'a;b\n1;dit "le" 5"\n2;y\n'
    assert lu(tmp_path, texte) == [(2, "1", 'dit "le" 5"'), (3, "2", "y")]


@pytest.mark.parametrize(
    "texte",
    [
        'a;b\n1;"ouvert\n2;y\n3;z\n',
        'a;b\n1;y\n2;"ouvert',
        'a;b\n1;"ouvert\n2;y\n3;"fermé"\n4;z\n',
    ],
)
def test_un_guillemet_jamais_referme_refuse_le_fichier(tmp_path: Path, texte: str) -> None:
    with pytest.raises(Refus, match=r"guillemet ouvert à la ligne [23]"):
        lu(tmp_path, texte)


def test_un_guillemet_ouvert_loin_sous_l_en_tete_refuse_le_fichier(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_texte, "_MORCEAU", 64)
    lignes = [f"{n};x" for n in range(500)]
    lignes[300] = '300;"x'
    with pytest.raises(Refus, match="guillemet ouvert à la ligne 302"):
        lu(tmp_path, "a;b\n" + "\n".join(lignes))


def test_une_cellule_sans_fin_refuse_le_fichier(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_texte, "_MORCEAU", 64)
    monkeypatch.setattr(csv_texte, "_ENREGISTREMENT_MAX", 1000)
    with pytest.raises(Refus, match="n'en finit pas"):
        lu(tmp_path, "a;b\n1;" + "x" * 2000 + "\n")


CELLULE = st.text(st.sampled_from("xé-NC1 \u00a0"), max_size=4)
BLANCHES = st.lists(st.integers(0, 8), max_size=3)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(CELLULE, CELLULE), max_size=9), BLANCHES, st.integers(1, 40), st.data())
def test_avec_ou_sans_guillemets_et_morceau_par_morceau_les_lignes_sont_les_memes(
    tmp_path: Path,
    cellules: list[tuple[str, str]],
    blanches: list[int],
    morceau: int,
    data: st.DataObject,
) -> None:
    def ligne(rangee: tuple[str, str]) -> tuple[str, str]:
        entoure = data.draw(st.lists(st.booleans(), min_size=2, max_size=2))
        avec = (f'"{c}"' if e else c for c, e in zip(rangee, entoure, strict=True))
        return ";".join(rangee), ";".join(avec)

    deux = [("a;b", '"a";b'), *(ligne(rangee) for rangee in cellules)]
    for place in blanches:
        deux.insert(1 + place % len(deux), ("", ""))
    nues, entourees = ("\n".join(texte) + "\n" for texte in zip(*deux, strict=True))
    attendues = lu(tmp_path, nues)
    with pytest.MonkeyPatch.context() as reglage:
        reglage.setattr(csv_texte, "_MORCEAU", morceau)
        assert lu(tmp_path, nues) == attendues
        assert lu(tmp_path, entourees) == attendues
    assert lu(tmp_path, entourees) == attendues


# Rows


def test_lignes_vides_et_de_cellules_vides_ne_comptent_pas_mais_se_numerotent(
    tmp_path: Path,
) -> None:
    chemin = ecrire(tmp_path / "essai.csv", 'a;b\n\n1;2\n;\n ;\u00a0;"";\n\n3;4\n\n')
    _, lignes = lire(chemin, AB)
    assert lignes.rows() == [(3, "1", "2", False, False), (7, "3", "4", False, False)]


def test_une_ligne_de_sans_valeur_n_est_pas_vide(tmp_path: Path) -> None:
    assert lu(tmp_path, "a;b\nNC;-\n") == [(2, None, None)]


def test_un_fichier_sans_fin_de_ligne_finale_se_lit_en_entier(tmp_path: Path) -> None:
    assert lu(tmp_path, "a;b\n1;2\n3;4") == [(2, "1", "2"), (3, "3", "4")]


def test_une_ligne_courte_se_lit_vide_a_sa_fin(tmp_path: Path) -> None:
    assert lu(tmp_path, "a;b;c\n1\n2;x\n", ("c",)) == [(2, "1", None, None), (3, "2", "x", None)]


@pytest.mark.parametrize(
    ("ligne", "hors"),
    [
        ("1;2", False),
        ("1;2;", False),
        ("1;2; ;\u00a0;", False),
        ("1;2;NC;-", False),
        ("1;2;3", True),
        ("1;2;;;0", True),
        (";2;3", True),
    ],
)
@pytest.mark.parametrize("entete", ["a;b", "a;b; ;"])
def test_une_valeur_au_dela_de_l_en_tete(
    tmp_path: Path, entete: str, ligne: str, hors: bool
) -> None:
    _, lignes = lire(ecrire(tmp_path / "essai.csv", f"{entete}\n{ligne}\n"), AB)
    assert lignes["hors"].to_list() == [hors]


def test_une_colonne_ignoree_au_bout_n_est_pas_au_dela_de_l_en_tete(tmp_path: Path) -> None:
    _, lignes = lire(ecrire(tmp_path / "essai.csv", "a;b;avis\n1;2;3\n"), AB)
    assert lignes["hors"].to_list() == [False]


# Columns avis (ignored), a, b, c; the key is a and b.
@pytest.mark.parametrize(
    ("ligne", "total"),
    [
        ("Total;;;5", True),
        ("TOTAUX;;;5", True),
        ("total général;1;;5", True),
        ("Sous-total;;2;5", True),
        ("sous-total 59;;;5", True),
        ("Total : 5;;;", True),
        (" ;Total;2;5", True),
        (";total 2019;2;5", True),
        (";;Total;5", True),
        (";;;Total", True),
        ("\u00a0total;NC;2;5", True),
        # The key is whole, and the word stands elsewhere than in it.
        ("Total;1;2;5", False),
        # The word does not come first.
        ("x;Total;;5", False),
        (";1;Total;5", False),
        (";1;2;Total", False),
        # It is another word.
        ("Totalement;;;5", False),
        (";totalité;2;5", False),
        ("Le total;;;5", False),
        ("sous;;;5", False),
    ],
)
def test_totaux(tmp_path: Path, ligne: str, total: bool) -> None:
    chemin = ecrire(tmp_path / "essai.csv", f"avis;a;b;c\n{ligne}\n")
    _, lignes = lire(chemin, AB, ["c"], cle="a b")
    assert lignes["total"].to_list() == [total]
