"""What of a person is taken out of words, what stays, and keys that stay apart."""

import polars as pl
import pytest

from pipelines.ingestion.masques import Masque

SECRET = b"secret"


@pytest.mark.parametrize(
    ("texte", "vu"),
    [
        ("f.toto@ex.fr, 06.12.34.56.78", "***, ***"),
        ("Tel.0612345678", "Tel.***"),
        ("0612 345 678 ou +33 (0)6 12 34 56 78", "*** ou ***"),
        ("+213 555 12 34 56", "***"),
        ("dossier 59 9876543210", "dossier 59 ***"),
        ("98-76-54-32-10", "***"),
        ("９８７６５４３２１０", "***"),
        ("185052A006084", "***"),
        ("Mme, née à Kaboul (Afghanistan) le 12 mars 2012", "Mme, ***"),
        ("Né(e) le : 03.04.2015", "***"),
        # A full date of 2006 or before, fourteen years before the delivery; not one of 2007.
        ("vue le 31/12/2006", "vue le ***"),
        ("vue le 01/01/2007", "vue le 01/01/2007"),
        ("1ER JANVIER 1990, 1987-3-12, 12/03/87, 19870312", "***, ***, ***, ***"),
        ("2020-10-12-03-1987", "2020-10-***"),
        ("loi du 1er juillet 1901, circulaire n° 3 du 16 mai 2005",) * 2,
        ("73282932000074 ou 732 829 320 00074",) * 2,
        ("1 234 567 890 €, 1234567890 €, 12 345 678 901,50",) * 2,
        ("2020-11, 2019-2020, PRJ-2020-59-00012, aide 02 2020-11-12",) * 2,
        ("FR76 3000 4000 0312 3456 7890 143",) * 2,
        ("2 ateliers 12 10 98",) * 2,
    ],
)
def test_what_is_masked(texte: str, vu: str) -> None:
    """One by one, and in a column, where most texts are left out at once."""
    assert Masque("2020-10").texte(texte) == vu
    assert Masque("2020-10").serie(pl.Series([texte, None, "rien"])).to_list() == [vu, None, "rien"]


def test_masks_tell_keys_apart_and_know_the_same_one() -> None:
    un, autre = (Masque("2020-10", SECRET).texte(f"Aide, tél. 061234567{n}") for n in (1, 2))
    assert un.startswith("Aide, tél. ***-")
    assert un != autre
    assert "0612" not in un
    # As keys compare: neither case nor accents count.
    assert (
        len({Masque("", SECRET).texte(t).lower() for t in ("Né le 3/4/1985", "ne le 3/4/1985")})
        == 1
    )
    # With another secret, nothing says that it is the same.
    assert Masque("2020-10", b"autre").texte("Aide, tél. 0612345671") != un


def test_a_text_that_is_masked_stays_as_it_is() -> None:
    masque = Masque("2020-10", SECRET)
    une_fois = masque.texte("2020-10_0612345678, a@b.fr")
    assert masque.texte(une_fois) == une_fois


def test_a_column_without_persons_is_the_same_one() -> None:
    textes = pl.Series(["Projet 2020", "12/03/2020"])
    assert Masque("2020-10").serie(textes) is textes
