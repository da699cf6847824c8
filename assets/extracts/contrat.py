"""The words that contracts are written in: columns, and rules between columns.

A contract is a pandera model (polars backend) of the *typed* rows of one delivery. What a cell may
look like before it is typed (decimal commas, French dates, spellings of codes) is not here but in
`pipelines.ingestion.valeurs`, which reads the `Colonne` that every field carries.

Names of checks are the public names of rules (`borne`, `coherence`...); their `error` is the French
sentence that stewards read, and completes «la colonne X ...».
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from assets.extracts.pandera_polars import pa

FIN_LIVRAISON = "_fin_livraison"
"""Column added to every batch: last day of the delivery month, NULL when it is not known."""

PREMIER_JOUR, DERNIER_JOUR = date(2000, 1, 1), date(2100, 12, 31)
PREMIERE_ANNEE, DERNIERE_ANNEE = 2000, 2100


@dataclass(frozen=True)
class Colonne:
    """What the reader, the data dictionary and the templates need to know of one column.

    `type` is one of texte, entier, decimal, date, mois, annee_scolaire, code, booleen, siret.
    `liste` names the list of its codes: one of codes.csv, or departements, academie, territoires,
    orientations, which the rest of the roadmap makes. It is `ouverte` where another text will do;
    `plusieurs` says that a cell may hold several of its codes. `nomenclature` names ISO's list
    instead: langues or pays. `identifiant` says that a text is a number that is not counted with.
    `forme` says in words what a text must look like. `age_le` names the date at which a birth date
    becomes an age, the only thing that is kept of it. `exemple` is what templates show where the
    type does not suggest it.
    """

    type: str
    description: str
    obligatoire: bool = False
    cle: bool = False
    liste: str = ""
    ouverte: bool = False
    plusieurs: bool = False
    nomenclature: str = ""
    identifiant: bool = False
    forme: str = ""
    personnelle: bool = False
    age_le: str = ""
    exemple: str = ""
    bornes: dict[str, Any] = field(default_factory=dict)

    @property
    def libre(self) -> bool:
        """Whether a cell may hold any words: no list says them, nor the contract their form."""
        dite = self.forme or self.nomenclature or self.plusieurs or self.personnelle
        return self.type == "texte" and not dite and (self.ouverte or not self.liste)


def _champ(type_: str, description: str, *, motif: str = "", **options: Any) -> Any:
    """A pandera field that carries its `Colonne`; bounds become pandera's own checks."""
    colonne = Colonne(type_, description, **options)
    controles = dict(colonne.bornes)
    if motif:
        controles["str_matches"] = motif
    return pa.Field(
        nullable=not colonne.obligatoire,
        description=description,
        metadata={"colonne": colonne},
        **controles,
    )


def texte(description: str, *, forme: tuple[str, str] = ("", ""), **options: Any) -> Any:
    """Free text, kept as delivered; `forme` is a regular expression, and what it means in words."""
    motif, mots = forme
    return _champ("texte", description, motif=motif, forme=mots, **options)


def numero(description: str, **options: Any) -> Any:
    """A number that names something: text, of which no digit may be lost; see `texte`."""
    return texte(description, identifiant=True, **options)


def langue(description: str, **options: Any) -> Any:
    """A language, stored as its code ISO 639-3."""
    return _champ("texte", description, nomenclature="langues", **options)


def pays(description: str, **options: Any) -> Any:
    """A country, stored as its code ISO 3166-1 of three letters."""
    return _champ("texte", description, nomenclature="pays", **options)


def siret(description: str) -> Any:
    """A SIRET, stored without its spaces; pair it with `cle_siret`."""
    return _champ("siret", description)


def code(description: str, liste: str, **options: Any) -> Any:
    """A code of the list `liste`."""
    return _champ("code", description, liste=liste, **options)


def booleen(description: str) -> Any:
    """Oui or non."""
    return _champ("booleen", description, liste="booleen")


def entier(description: str, *, mini: int = 0, maxi: int | None = None, **options: Any) -> Any:
    """A whole number between `mini` and `maxi`."""
    bornes: dict[str, Any] = {"ge": mini} if maxi is None else {"ge": mini, "le": maxi}
    return _champ("entier", description, bornes=bornes, **options)


def entier_code(description: str, liste: str, **options: Any) -> Any:
    """A whole number of the list `liste`."""
    return _champ("entier", description, liste=liste, **options)


def annee(description: str, *, mini: int = PREMIERE_ANNEE, **options: Any) -> Any:
    """A year."""
    return entier(description, mini=mini, maxi=DERNIERE_ANNEE, **options)


def decimal(description: str, *, maxi: float | None = None, **options: Any) -> Any:
    """A number between 0 and `maxi`."""
    bornes: dict[str, Any] = {"ge": 0} if maxi is None else {"ge": 0, "le": maxi}
    return _champ("decimal", description, bornes=bornes, **options)


def jour(description: str, *, mini: date = PREMIER_JOUR, **options: Any) -> Any:
    """A date."""
    return _champ("date", description, bornes={"ge": mini, "le": DERNIER_JOUR}, **options)


def mois(description: str, **options: Any) -> Any:
    """A month, stored as AAAA-MM."""
    bornes = {"ge": f"{PREMIERE_ANNEE}-01", "le": f"{DERNIERE_ANNEE}-12"}
    return _champ("mois", description, bornes=bornes, **options)


def annee_scolaire(description: str, **options: Any) -> Any:
    """A school year, AAAA-AAAA."""
    bornes = {
        "ge": f"{PREMIERE_ANNEE}-{PREMIERE_ANNEE + 1}",
        "le": f"{DERNIERE_ANNEE}-{DERNIERE_ANNEE + 1}",
    }
    return _champ("annee_scolaire", description, bornes=bornes, **options)


# Rules between columns: class attributes of a contract. A rule is silent where a term is NULL.


def _regle(colonne: str, nom: str, phrase: str, vrai: Callable[[], pl.Expr]) -> Any:
    """A pandera check on `colonne` that may look at the other columns of its row.

    Its `statistics` are what it compares, as for pandera's own checks: here, the rule itself.
    """

    def jugement() -> pl.Expr:
        return vrai().fill_null(True)

    def verifier(cls: type, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(jugement())

    juge = {"jugement": jugement}
    return pa.check(colonne, name=nom, error=phrase, ignore_na=False, statistics=juge)(verifier)


_COMPARAISONS: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "<=": (operator.le, "ne doit pas dépasser"),
    ">=": (operator.ge, "ne doit pas précéder ni être inférieure à"),
}


def coherence(colonne: str, comparaison: str, autre: str) -> Any:
    """`colonne` compared with `autre`, both of the same row."""
    comparer, mots = _COMPARAISONS[comparaison]
    phrase = f"{mots} la colonne {autre} de la même ligne"
    return _regle(colonne, "coherence", phrase, lambda: comparer(pl.col(colonne), pl.col(autre)))


def obligatoire_si(colonne: str, autre: str, valeurs: Sequence[str]) -> Any:
    """`colonne` must be filled where `autre` is one of `valeurs`."""
    phrase = f"est obligatoire quand {autre} vaut {' ou '.join(valeurs)}"
    return _regle(
        colonne,
        "obligatoire",
        phrase,
        lambda: pl.col(colonne).is_not_null() | pl.col(autre).is_in(valeurs).not_(),
    )


def vide_si(colonne: str, autre: str, valeur: str) -> Any:
    """`colonne` must be empty where `autre` is `valeur`."""
    phrase = f"doit rester vide quand {autre} vaut {valeur}"
    return _regle(
        colonne,
        "coherence",
        phrase,
        lambda: pl.col(colonne).is_null() | (pl.col(autre) != valeur),
    )


def pas_future(colonne: str, *, si: tuple[str, Sequence[str]] | None = None) -> Any:
    """`colonne` (a date or a month) must not come after the delivery month.

    `si` restricts the rule to the rows where a column has one of the given values.
    """

    def vrai() -> pl.Expr:
        # Months are text: the first ten characters of a date start with its month.
        limite = pl.col(FIN_LIVRAISON).cast(pl.String)
        passe = pl.col(colonne).cast(pl.String) <= limite
        return passe if si is None else passe | pl.col(si[0]).is_in(si[1]).not_()

    phrase = "ne doit pas être postérieure au mois de livraison"
    return _regle(colonne, "date_future", phrase, vrai)


def cle_siret(colonne: str) -> Any:
    """Luhn's key over fourteen digits; for La Poste, a sum that is a multiple of 5 will do."""

    def vrai() -> pl.Expr:
        chiffres = [pl.col(colonne).str.slice(i, 1).cast(pl.Int64, strict=False) for i in range(14)]
        doubles = [d * 2 - pl.when(d > 4).then(9).otherwise(0) for d in chiffres[::2]]
        luhn = pl.sum_horizontal(doubles + chiffres[1::2]) % 10 == 0
        la_poste = pl.col(colonne).str.starts_with("356000000") & (
            pl.sum_horizontal(chiffres) % 5 == 0
        )
        valable = pl.col(colonne).str.contains(r"^[0-9]{14}$") & (luhn | la_poste)
        return pl.col(colonne).is_null() | valable

    phrase = "doit être un SIRET de 14 chiffres à la clé juste"
    return _regle(colonne, "siret", phrase, vrai)


def cent_ssi(colonne: str, autre: str, valeur: str) -> Any:
    """`colonne` is 100 where `autre` is `valeur`, and only there."""
    phrase = f"vaut 100 si et seulement si {autre} vaut {valeur}"
    return _regle(
        colonne, "coherence", phrase, lambda: (pl.col(colonne) == 100) == (pl.col(autre) == valeur)
    )


def age_revolu(naissance: str, le: str) -> pl.Expr:
    """Age in whole years on the day `le` of someone born on `naissance`."""
    ne, jour_ = pl.col(naissance).dt, pl.col(le).dt
    anniversaire_a_venir = jour_.strftime("%m%d") < ne.strftime("%m%d")
    return (jour_.year() - ne.year() - anniversaire_a_venir.cast(pl.Int32)).cast(pl.Int64)


def age_entre(naissance: str, le: str, mini: int, maxi: int) -> Any:
    """The age at `le` lies between `mini` and `maxi`."""
    phrase = f"donne un âge hors de {mini} à {maxi} ans à la date de la colonne {le}"
    return _regle(
        naissance, "borne", phrase, lambda: age_revolu(naissance, le).is_between(mini, maxi)
    )


RYTHMES = {
    1: "tous les mois",
    3: "tous les trimestres",
    6: "tous les semestres",
    12: "tous les ans",
}
"""Cadences of delivery, in words."""


def fiche(*, service: str, cadence: int, delai: int, fin: int = 12) -> dict[str, Any]:
    """What people want to know of an extract, besides its title and columns.

    Args:
        service: who delivers it.
        cadence: months that a delivery covers, one of `RYTHMES`.
        delai: days after the end of these months by which it is due.
        fin: number of a month with which such a period ends: 8 for school years.
    """
    return {"service": service, "cadence": cadence, "delai": delai, "fin": fin}


class Contrat(pa.DataFrameModel):
    """Base of all contracts; the docstring of a contract says what one row is, in French."""

    @classmethod
    def colonnes(cls) -> dict[str, Colonne]:
        """The columns in the order of the contract."""
        return {
            nom: colonne.metadata["colonne"] for nom, colonne in cls.to_schema().columns.items()
        }

    @classmethod
    def fiche(cls) -> dict[str, Any]:
        """What `fiche` said of the extract."""
        return cls.Config.metadata or {}
