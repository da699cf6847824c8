"""What can be drawn from what leaves: tables worked by hand, then an attack of another hand."""

from itertools import product

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pipelines.diffusion import masquage
from pipelines.diffusion.attaque import Attaque, Nombres, Relations, bornes, prouve
from pipelines.erreurs import Faute
from tests.diffusion.test_valeurs import EFFECTIF, PART, entrepot, verifier


def relations(*rangees: tuple[int, list[int], bool]) -> Relations:
    """Each: a whole, its parts, whether they make it."""
    debuts: list[int] = []
    suite: list[int] = []
    for tout, parties, _ in rangees:
        debuts.append(len(suite))
        suite += [tout, *parties]
    return Relations(
        np.array(debuts, dtype=np.int32),
        np.array(suite, dtype=np.int32),
        np.array([egale for *_, egale in rangees], dtype=bool),
    )


def test_what_is_shown_bounds_a_count() -> None:
    bas, haut = bornes([None, 0, 5, 10, 600], [True, True, True, True, False])
    assert list(zip(bas, haut, strict=True))[1:] == [(0, 0), (5, 7), (8, 12), (597.5, 602.5)]
    assert (bas[0], haut[0] > 1e6) == (1, True)


def test_a_count_that_one_sum_gives_away() -> None:
    """10 is 8 to 12, and 5 is 5 to 7: 1 to 12 - 5 is left; of 5 and 5, 1 to 7 - 5."""
    sure = Attaque([10, 5, None], [True] * 3, relations((0, [1, 2], True)))
    assert sure.devinables() == {}
    assert sure.temoins[:, 2].max() - sure.temoins[:, 2].min() >= 2
    devinee = Attaque([5, 5, None], [True] * 3, relations((0, [1, 2], True)))
    assert devinee.devinables() == {2: [0, 1]}
    devinee.masquer(1)
    assert devinee.devinables() == {}


def test_a_count_that_only_all_sums_together_give_away() -> None:
    """Each x + y is 5 to 7, and the three y 13 to 17: 3 x is at most 3 * 7 - 13, so x is 1 or 2."""
    montres = [None, None, None, None, 5, 5, 5, 15]
    sommes = relations(
        (4, [0, 1], True), (5, [0, 2], True), (6, [0, 3], True), (7, [1, 2, 3], True)
    )
    attaque = Attaque(montres, [True] * 8, sommes)
    assert attaque._de_proche_en_proche() == {}
    devinables = attaque.devinables()
    assert list(devinables) == [0]
    assert set(devinables[0]) <= {4, 5, 6, 7}
    attaque.masquer(devinables[0][0])
    assert attaque.devinables() == {}


def test_a_part_is_no_more_than_its_whole() -> None:
    """Of a whole of 5 to 7, a part is 1 to 7; a whole is more than a part of 597.5."""
    assert Attaque([5, None], [True] * 2, relations((0, [1], False))).devinables() == {}
    [bas], _ = bornes([None], [True])
    assert bas == 1


def test_what_contradicts_itself_is_said() -> None:
    with pytest.raises(ValueError, match="HiGHS"):
        _ = Attaque([5, 40, None], [True] * 3, relations((0, [1, 2], True))).temoins


def test_what_no_sum_links_is_attacked_apart_and_witnessed_together() -> None:
    """5 = 5 + ?: 1 or 2; 20 = ? + ?: 1 to 21; 40 = 20 + 20 and 15 hide nothing."""
    sommes = relations((0, [1, 2], True), (3, [4, 5], True), (6, [7, 8], True))
    attaque = Attaque([5, 5, None, 20, None, None, 40, 20, 20, 15], [True] * 10, sommes)
    assert attaque._en_tout().keys() == attaque.devinables().keys() == {2}
    attaque.masquer(1)
    assert attaque.devinables() == {}
    attaque.masquer(8)  # of what showed all: 38 - 22 to 42 - 18
    assert attaque.devinables() == {}
    sures = prouve(attaque.bas, attaque.haut, sommes, attaque.temoins)
    assert sures[[1, 2, 4, 5, 8]].all()


def test_witnesses_prove_what_is_possible_and_nothing_else() -> None:
    somme = relations((0, [1, 2], True))
    bas, haut = bornes([10, 5, None], [True] * 3)
    ainsi = np.array([[8.0, 5.0, 3.0], [12.0, 7.0, 5.0]])
    assert prouve(bas, haut, somme, ainsi).tolist() == [True, True, True]
    assert prouve(bas, haut, somme, ainsi[:1]).tolist() == [False, False, False]
    for impossible in ([8.0, 5.0, 4.0], [13.0, 7.0, 6.0], [7.0, 5.0, 2.0]):
        with pytest.raises(ValueError, match="témoin"):
            prouve(bas, haut, somme, np.array([impossible]))


DEVINE = """
    territoire | periode | numerateur | valeur
    D02        | 2020    | 2          | 2
    D59        | 2020    | 5          | 5
    D60        | 2020    | 0          | 0
    R32        | 2020    | 2 + 5      | 7
    """


def test_a_department_is_masked_before_the_region() -> None:
    """R32 is 5 to 7, and D59 5 to 7: D02 would be 1 or 2."""
    verifier(
        entrepot(EFFECTIF, DEVINE),
        """
        territoire | periode | numerateur | valeur | masque
        D02        | 2020    | -          | -      | oui
        D59        | 2020    | -          | -      | oui
        D60        | 2020    | 0          | 0      | non
        R32        | 2020    | 5          | 5      | non
        """,
    )


def test_a_month_is_masked_before_a_year() -> None:
    """2019 is 5 to 7, and November 5 to 7: October would be 1 or 2."""
    verifier(
        entrepot(
            EFFECTIF,
            """
            territoire | periode | numerateur
            R32        | 2019    | 1 + 6
            R32        | 2019-10 | 1
            R32        | 2019-11 | 6
            """,
        ),
        """
        territoire | periode | numerateur | masque
        R32        | 2019    | 5          | non
        R32        | 2019-10 | -          | oui
        R32        | 2019-11 | -          | oui
        """,
    )


def test_a_numerator_and_a_denominator_of_the_same_number_are_masked_in_both() -> None:
    """All of R32's are counted by both: what gives D02's away is masked in one as in the other."""
    verifier(
        entrepot(
            PART,
            """
            territoire | periode | numerateur | denominateur
            D02        | 2020    | 2          | 2
            D59        | 2020    | 5          | 5
            R32        | 2020    | 2 + 5      | 2 + 5
            """,
        ),
        """
        territoire | periode | numerateur | denominateur | masque
        D02        | 2020    | -          | -            | oui
        D59        | 2020    | -          | -            | oui
        R32        | 2020    | 5          | 5            | non
        """,
    )


def test_two_modalities_of_the_same_number_add_up_as_two() -> None:
    """80 is 40 + 40, not 40: that would contradict what is shown."""
    verifier(
        entrepot(
            EFFECTIF,
            """
            territoire | periode | ventilation | modalite | numerateur
            D02        | 2020    | total       | total    | 2
            D59        | 2020    | sexe        | F        | 40
            D59        | 2020    | sexe        | H        | 40
            D59        | 2020    | total       | total    | 40 + 40
            R32        | 2020    | total       | total    | 2 + 40 + 40
            """,
        ),
        """
        territoire | periode | ventilation | modalite | numerateur | masque
        D02        | 2020    | total       | total    | -          | oui
        D59        | 2020    | sexe        | F        | 40         | non
        D59        | 2020    | sexe        | H        | 40         | non
        D59        | 2020    | total       | total    | 80         | non
        R32        | 2020    | total       | total    | 80         | non
        """,
    )


def test_what_was_tampered_with_does_not_leave() -> None:
    con = entrepot(EFFECTIF, DEVINE)
    temoins: list[Nombres] = []
    eprouver = masquage.eprouver
    with pytest.MonkeyPatch.context() as correctif:
        correctif.setattr(masquage, "eprouver", lambda _, vus: temoins.append(vus))
        faite = masquage.diffuser(con)
    eprouver(con, temoins[0])
    assert (faite.lignes, faite.petits, faite.en_plus) == (4, 1, 1)
    con.execute("update diffusion.valeurs set numerateur = 5 where territoire = 'D59'")
    with pytest.raises(Faute, match="Rien ne peut sortir"):
        eprouver(con, temoins[0])
    con.execute("update diffusion.valeurs set numerateur = 40 where territoire = 'D59'")
    with pytest.raises(Faute, match="se contredit"):
        eprouver(con, temoins[0])
    con.close()


def test_what_no_number_can_be_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def rien(_: Attaque) -> None:
        raise ValueError("HiGHS")

    monkeypatch.setattr(Attaque, "devinables", rien)
    with entrepot(EFFECTIF, DEVINE) as con, pytest.raises(Faute, match="se contredit"):
        masquage.diffuser(con)


def test_a_sum_of_less_than_one_each_is_masked() -> None:
    """Twelve months of 0.45 would be 1 or more each, and their year 5 to 7.5."""
    mois = [f"2019-{n:02}" for n in range(1, 13)]
    delivres = "\n".join(f"R32 | {m} | 0.45" for m in mois)
    con = entrepot(
        EFFECTIF, f"territoire | periode | numerateur\nR32 | 2019 | 12 * 0.45\n{delivres}"
    )
    masques = "\n".join(f"R32 | {m} | - | oui" for m in ["2019", *mois])
    verifier(con, f"territoire | periode | numerateur | masque\n{masques}")


DEPARTEMENTS, MOIS, SEXES = ("D02", "D59", "D60"), ("2019-11", "2019-12"), ("F", "H")
Compte = tuple[str, str, str]


def _comptes(detail: dict[Compte, int]) -> dict[Compte, int]:
    """All the counts, of departments, months and sexes added up; keys: place, period, modality."""
    tous: dict[Compte, int] = {}
    for (departement, mois, sexe), nombre in detail.items():
        for cle in product((departement, "R32"), (mois, "2019"), (sexe, "total")):
            tous[cle] = tous.get(cle, 0) + nombre
    return tous


def _bornes_de(cle: Compte, montres: dict[Compte, float | None]) -> tuple[float, float]:
    """Between which numbers an adversary with another solver brings a masked count."""
    rang = {c: n for n, c in enumerate(montres)}
    limites: list[tuple[float, float | None]] = []
    for montre in montres.values():
        if montre is None:
            limites.append((1.0, None))
        else:
            limites.append((max(5, montre - 2), montre + 2) if montre else (0.0, 0.0))
    egalites = []
    for lieu, quand, qui in montres:
        for parties in (
            [(d, quand, qui) for d in DEPARTEMENTS] if lieu == "R32" else [],
            [(lieu, m, qui) for m in MOIS] if quand == "2019" else [],
            [(lieu, quand, s) for s in SEXES] if qui == "total" else [],
        ):
            if parties:
                ligne = np.zeros(len(rang))
                ligne[rang[lieu, quand, qui]] = 1
                ligne[[rang[p] for p in parties]] = -1
                egalites.append(ligne)
    trouvees = []
    for sens in (1, -1):
        couts = np.zeros(len(rang))
        couts[rang[cle]] = sens
        fin = linprog(couts, A_eq=egalites, b_eq=np.zeros(len(egalites)), bounds=limites)
        if fin.status == 3:
            trouvees.append(np.inf)
        else:
            assert fin.status == 0, fin.message
            trouvees.append(sens * fin.fun)
    return trouvees[0], trouvees[1]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.one_of(st.integers(0, 7), st.integers(0, 30)),
        min_size=len(DEPARTEMENTS) * len(MOIS) * len(SEXES),
        max_size=len(DEPARTEMENTS) * len(MOIS) * len(SEXES),
    )
)
def test_no_masked_count_has_fewer_than_three_values(nombres: list[int]) -> None:
    comptes = _comptes(dict(zip(product(DEPARTEMENTS, MOIS, SEXES), nombres, strict=True)))
    lignes = [
        f"{lieu} | {quand} | {'total' if qui == 'total' else 'sexe'} | {qui} | {nombre}"
        for (lieu, quand, qui), nombre in comptes.items()
    ]
    tete = "territoire | periode | ventilation | modalite | numerateur"
    con = entrepot(EFFECTIF, "\n".join([tete, *lignes]))
    masquage.diffuser(con)
    montres = _lus(con)
    for cle, nombre in comptes.items():
        # What is shown is what the rule of small counts shows.
        attendu = 0 if nombre == 0 else 5 * ((nombre + 2) // 5)
        assert montres[cle] in ((None,) if 0 < nombre < 5 else (None, attendu))
        if nombre == 0:
            assert montres[cle] == 0
    for cle, montre in montres.items():
        if montre is None:
            bas, haut = _bornes_de(cle, montres)
            assert np.floor(haut + 1e-6) - np.ceil(bas - 1e-6) + 1 >= 3, (cle, bas, haut, montres)


def _lus(con: duckdb.DuckDBPyConnection) -> dict[Compte, float | None]:
    with con:
        return {
            (lieu, quand, qui): montre
            for lieu, quand, qui, montre in con.execute(
                "select territoire, periode, modalite, numerateur from diffusion.valeurs"
            ).fetchall()
        }
