"""SQL of this project, as Spark runs it with the same result to the last bit, or not at all.

A query is parsed, its macros are written out, what only reads the roadmap is answered by DuckDB at
once, and names and types are resolved. Then every node of it must be one that is known to mean the
same in both engines, or to be written otherwise so that it does: nothing passes because nothing
forbids it. Running queries does not belong here, nor anything about a single indicator.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

Schema = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Types of DuckDB, by schema, table and column."""

MACROS = "macros"
"""The schema of the macros that give a table and depend on nothing but the month."""

_REFERENTIEL = "referentiel"
_MOIS, _DU_MOIS = "0000-00", "0000_00"
_ENTIERS = exp.DataType.INTEGER_TYPES
_DITS = {
    exp.Quantile: "quantile",
    exp.PercentileCont: "quantile",
    exp.ApproxQuantile: "approx_quantile",
    exp.ApproxDistinct: "approx_count_distinct",
}
_COURANTS = (
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.With, exp.CTE,
    exp.Table, exp.TableAlias, exp.Alias, exp.Identifier, exp.Null, exp.Boolean,
    exp.Paren, exp.Tuple, exp.Distinct, exp.GroupingSets, exp.Cube, exp.Rollup,
    exp.Filter, exp.And, exp.Or, exp.Not, exp.Is, exp.Case, exp.If, exp.DataType, exp.Var,
    exp.Count, exp.LogicalOr, exp.LogicalAnd, exp.Year, exp.Month, exp.LastDay, exp.Coalesce,
    exp.Nullif, exp.Least, exp.Greatest, exp.DateFromParts, exp.Grouping, exp.Lag,
    exp.Lead, exp.ConcatWs, exp.DPipe, exp.Max, exp.Min, exp.Split, exp.Transform, exp.Lambda,
    exp.ArrayToString, exp.Column, exp.Ordered,
)  # fmt: skip
"""What means the same in both engines, whatever it is made of."""
_PARTIES = {"this", "expression", "expressions", "alias"}
_EN_PLUS: dict[type[exp.Expr], set[str]] = {
    exp.Case: {"ifs", "default"},
    exp.Cast: {"to"},
    exp.Column: {"table"},
    exp.ConcatWs: {"safe", "coalesce"},
    exp.Count: {"big_int"},
    exp.DPipe: {"safe"},
    exp.DateFromParts: {"year", "month", "day"},
    exp.Group: {"all", "grouping_sets", "cube", "rollup"},
    exp.Greatest: {"ignore_nulls"},
    exp.Identifier: {"quoted"},
    exp.If: {"true"},
    exp.Join: {"on", "side", "kind"},
    exp.Least: {"ignore_nulls"},
    exp.Literal: {"is_string"},
    exp.Select: {"from_", "joins", "where", "group", "having", "with_", "distinct"},
    exp.Table: {"db"},
    exp.TimestampTrunc: {"unit"},
    exp.Between: {"low", "high"},
    exp.Union: {"by_name", "with_"},
    exp.Window: {"partition_by", "order", "over"},
}
"""Parts of nodes that are known; a node that has another is refused."""
_COMPARAISONS = (
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Between,
)  # fmt: skip
_DATEDIFF, _ADD_MONTHS, _DATE_ADD = "DATEDIFF", "ADD_MONTHS", "DATE_ADD"
_AJOUTS = {
    "MONTH": (_ADD_MONTHS, 1),
    "YEAR": (_ADD_MONTHS, 12),
    "DAY": (_DATE_ADD, 1),
}
_MOTIF = re.compile(r"(?:[A-Za-z0-9 _|()^$]|\\b|\[[A-Za-z0-9_-]+\]|(?<=[A-Za-z0-9 _)\]])[?*+])+")
_TENU, _GROUPES = "_tenu", "_groupes"
_BORD = r"(?:(?<=\w)(?!\w)|(?<!\w)(?=\w))"


class NonPortable(Exception):
    """A construction that Spark would not compute exactly as DuckDB does; its text, in French."""


class Traducteur:
    """What queries are carried over with; each is, once."""

    def __init__(self, con: duckdb.DuckDBPyConnection, schema: Schema) -> None:
        """Carry over queries that read the tables of `schema`.

        Args:
            con: a warehouse under construction: its macros, and its roadmap.
            schema: what tables they may read.
        """
        self.con = con
        self.schema = schema
        self._connu = MappingSchema(
            {
                s: {t: dict(colonnes) for t, colonnes in tables.items()}
                for s, tables in schema.items()
            },
            dialect="duckdb",
        )
        self._faites: dict[str, str] = {}

    def en_spark(self, sql: str) -> str:
        """A query of DuckDB, as Spark's: one for all months, which `a_l_arrete` completes.

        Raises:
            NonPortable: what it has is not known to give the same in Spark.
        """
        if sql not in self._faites:
            self._faites[sql] = self._traduire(sql)
        return self._faites[sql]

    def _traduire(self, sql: str) -> str:
        try:
            arbre = self._developper(sqlglot.parse_one(sql, read="duckdb"))
            _refuser_les_inconnues(arbre)
            arbre = qualify(arbre, schema=self._connu, dialect="duckdb")
            arbre = annotate_types(arbre, schema=self._connu, dialect="duckdb")
            arbre = _remonter(arbre, _dates)
            arbre = annotate_types(arbre, schema=self._connu, dialect="duckdb")
            for noeud in arbre.walk():
                _verifier(noeud)
            arbre = _sans_having(_sans_noms(_remonter(arbre, _exact)))
            for table in arbre.find_all(exp.Table):
                if table.db:
                    table.set("this", exp.to_identifier(vue(f"{table.db}.{table.name}")))
                    table.set("db", None)
            return str(arbre.sql("spark", comments=False, unsupported_level=ErrorLevel.RAISE))
        except SqlglotError as erreur:
            raise NonPortable(f"la requête ne s'analyse pas ({_premiere(erreur)})") from None

    def _developper(self, arbre: exp.Expr) -> exp.Expr:
        """A query without macros, nor what DuckDB can answer without a row of the deliveries."""
        while (appel := next(self._appels(arbre), None)) is not None:
            nom = appel.name.lower()
            if nom == "arrete":
                valeur: exp.Expr = exp.Literal.string(_MOIS)
            elif isinstance(appel.parent, exp.Table):
                self._verifier_la_table(appel)
                appel.parent.set("db", exp.to_identifier(MACROS))
                valeur = exp.to_identifier(nom)
            else:
                parametres, corps = self._macros[nom]
                valeur = _appliquee(nom, parametres, corps, appel.expressions)
            if appel is arbre:
                return self._developper(valeur)
            appel.replace(valeur)
        return _remonter(arbre, self._constante)

    def _appels(self, arbre: exp.Expr) -> Iterator[exp.Anonymous]:
        return (n for n in arbre.find_all(exp.Anonymous) if n.name.lower() in self._macros)

    @cached_property
    def _macros(self) -> dict[str, tuple[list[str], str]]:
        """Parameters and body of each macro of the warehouse."""
        return {
            nom: (parametres, corps)
            for nom, parametres, corps in self.con.execute(
                """
                select function_name, parameters, macro_definition from duckdb_functions()
                where not internal and function_type in ('macro', 'table_macro')
                """
            ).fetchall()
        }

    def _verifier_la_table(self, appel: exp.Anonymous) -> None:
        """Refuse a macro that gives a table, unless DuckDB can make it from the month alone."""
        if appel.expressions or appel.name.lower() not in self.schema.get(MACROS, {}):
            raise NonPortable(f"«{appel.sql('duckdb')}» : une macro qui dépend de plus que du mois")

    def _constante(self, noeud: exp.Expr) -> exp.Expr:
        """A value drawn from the roadmap alone, or whether a list drawn from it holds a value."""
        if isinstance(noeud, exp.ArrayContains) and isinstance(noeud.this, exp.Subquery):
            valeurs = self._valeur(noeud.this)
            if not isinstance(valeurs, list):
                return exp.null()
            return exp.Paren(
                this=exp.In(this=noeud.expression, expressions=[_litteral(v) for v in valeurs])
            )
        if (
            isinstance(noeud, exp.Subquery)
            and not _est_une_table(noeud)
            and not (isinstance(noeud.parent, exp.ArrayContains) and noeud.arg_key == "this")
        ):
            return _litteral(self._valeur(noeud))
        return noeud

    def _valeur(self, requete: exp.Subquery) -> Any:
        montree = requete.sql("duckdb")
        if {t.db for t in requete.find_all(exp.Table)} != {_REFERENTIEL} or _MOIS in montree:
            raise NonPortable(
                f"«{montree}» : une sous-requête qui lit plus que la feuille de route"
            )
        try:
            [[valeur]] = self.con.execute(f"select {montree}").fetchall()
        except duckdb.Error:
            raise NonPortable(f"«{montree}» : une sous-requête qui dépend des lignes") from None
        return valeur


def vue(table: str) -> str:
    """The name in Spark of a table `schema.table`; of one that follows the month, at any month."""
    nom = table.replace(".", "_")
    return f"{nom}_{_DU_MOIS}" if table.partition(".")[0] in ("faits", MACROS) else nom


def a_l_arrete(sql: str, arrete: str) -> str:
    """A query, or the name of a view, at a month AAAA-MM."""
    return sql.replace(_MOIS, arrete).replace(_DU_MOIS, arrete.replace("-", "_"))


def _remonter(arbre: exp.Expr, changer: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """A query in which each node was changed, after all that it is made of."""
    for noeud in reversed(list(arbre.walk())):
        neuf = changer(noeud)
        if neuf is noeud:
            continue
        if noeud is arbre:
            arbre = neuf
        else:
            noeud.replace(neuf)
    return arbre


def _est_une_table(noeud: exp.Expr) -> bool:
    """Whether a sub-query gives rows, rather than a value."""
    return isinstance(noeud.parent, (exp.From, exp.Join, exp.Union, exp.CTE))


def _premiere(erreur: Exception) -> str:
    return re.sub(r"\x1b\[\d*m", "", str(erreur)).splitlines()[0]


def _appliquee(
    nom: str, parametres: Sequence[str], corps: str, arguments: Sequence[exp.Expr]
) -> exp.Expr:
    """The body of a macro, with the arguments of a call."""
    if len(arguments) != len(parametres):
        raise NonPortable(f"«{nom}» n'a pas {len(arguments)} arguments")
    donnes = dict(zip(parametres, arguments, strict=True))

    def remplacer(noeud: exp.Expr) -> exp.Expr:
        if isinstance(noeud, exp.Column) and not noeud.table and noeud.name in donnes:
            return exp.Paren(this=donnes[noeud.name].copy())
        return noeud

    return exp.Paren(this=sqlglot.parse_one(corps, read="duckdb").transform(remplacer))


def _litteral(valeur: Any) -> exp.Expr:
    """A value that DuckDB gave, as SQL writes it."""
    match valeur:
        case None:
            return exp.null()
        case bool():
            return exp.Boolean(this=valeur)
        case int():
            return exp.Literal.number(valeur)
        case str():
            return exp.Literal.string(valeur)
        case date() if type(valeur) is date:
            return exp.cast(exp.Literal.string(valeur.isoformat()), "date")
    raise NonPortable(f"une valeur de la feuille de route de type {type(valeur).__name__}")


def _refuser_les_inconnues(arbre: exp.Expr) -> None:
    """Refuse functions that sqlglot does not know, before any of its own stands in the query."""
    for noeud in arbre.find_all(exp.Anonymous):
        raise NonPortable(f"«{noeud.name}» : une fonction qui n'a pas d'équivalent exact")


def _dates(noeud: exp.Expr) -> exp.Expr:
    """Days between dates, and dates later or earlier, as Spark says them: whole days, dates."""
    if isinstance(noeud, exp.Sub) and _est(noeud.this, "DATE") and _est(noeud.expression, "DATE"):
        jours = exp.Anonymous(this=_DATEDIFF, expressions=[noeud.this, noeud.expression])
        return exp.cast(jours, "bigint")
    if isinstance(noeud, (exp.Add, exp.Sub)) and isinstance(noeud.expression, exp.Interval):
        duree = noeud.expression
        unite = (duree.text("unit") or "").upper().removesuffix("S")
        if not _est(noeud.this, "DATE") or unite not in _AJOUTS or not _entier_ecrit(duree.this):
            raise NonPortable(f"«{noeud.sql('duckdb')}» : un intervalle")
        if not isinstance(noeud.parent, (*_COMPARAISONS, exp.Year, exp.Month, exp.LastDay)):
            raise NonPortable(f"«{noeud.sql('duckdb')}» : une date décalée, ailleurs que comparée")
        fonction, fois = _AJOUTS[unite]
        nombre = int(duree.this.name) * fois * (-1 if isinstance(noeud, exp.Sub) else 1)
        plus_tard = exp.Anonymous(
            this=fonction, expressions=[noeud.this, exp.Literal.number(nombre)]
        )
        return exp.cast(plus_tard, "date")
    return noeud


def _entier_ecrit(noeud: Any) -> bool:
    return isinstance(noeud, exp.Literal) and noeud.name.isdecimal()


def _est(noeud: Any, *types: Any) -> bool:
    return isinstance(noeud, exp.Expr) and noeud.type is not None and noeud.is_type(*types)


def _entier(noeud: Any) -> bool:
    return _est(noeud, *_ENTIERS)


def _verifier(noeud: exp.Expr) -> None:
    """Refuse a node that is not known to mean the same in both engines.

    Raises:
        NonPortable: which.
    """
    if isinstance(noeud, tuple(_REGLES)):
        regle = next(r for classe, r in _REGLES.items() if isinstance(noeud, classe))
        tient = regle(noeud)
    else:
        tient = isinstance(noeud, _COURANTS)
    permises = _PARTIES | _EN_PLUS.get(type(noeud), set())
    if surplus := [nom for nom, partie in noeud.args.items() if partie and nom not in permises]:
        raise NonPortable(f"«{noeud.sql('duckdb')}» ({surplus[0]}) n'a pas d'équivalent exact")
    if not tient:
        nom = next((dit for c, dit in _DITS.items() if isinstance(noeud, c)), noeud.key)
        raise NonPortable(f"«{noeud.sql('duckdb')}» ({nom}) n'a pas d'équivalent exact")


def _famille(noeud: exp.Expr) -> str:
    """What a value is compared as; empty where it is not known, or NULL."""
    if _entier(noeud) or isinstance(noeud, exp.Grouping):  # sqlglot does not know all types
        return "entier"
    if _est(noeud, *exp.DataType.TEXT_TYPES) or isinstance(noeud, exp.Left):
        return "texte"
    if _est(noeud, "DOUBLE"):
        return "decimal"
    for type_ in ("DATE", "BOOLEAN"):
        if _est(noeud, type_):
            return type_
    return ""


def _memes(*noeuds: Any) -> bool:
    """Whether values compare without one of them being read as another type."""
    familles = {_famille(n) for n in noeuds if not isinstance(n, exp.Null)}
    return len(familles) <= 1 and "" not in familles


def _des_entiers(noeud: exp.Expr) -> bool:
    return _entier(noeud.this) and _entier(noeud.expression)


def _somme(noeud: exp.Expr) -> bool:
    """Whole numbers add up to the same in any order; others, in the order that is said."""
    if isinstance(noeud.this, exp.Order):
        [ordre, *autres] = noeud.this.expressions
        return not autres and ordre.this == noeud.this.this and not ordre.args.get("desc")
    return _entier(noeud.this) or isinstance(noeud.this, exp.Null)


def _ordre(noeud: exp.Expr) -> bool:
    return isinstance(noeud.parent, (exp.Sum, exp.Window))


def _conversion(noeud: exp.Expr) -> bool:
    """Texts of whole numbers and dates, and what reads them back; no other has one form only."""
    de = noeud.this
    if isinstance(de, exp.Null) or (isinstance(de, exp.Anonymous) and noeud.type is not None):
        return True
    if _est(noeud, *exp.DataType.TEXT_TYPES):
        return _famille(de) in ("texte", "entier", "DATE")
    if _entier(noeud):
        return _famille(de) in ("texte", "entier")
    if _est(noeud, "DATE"):
        return _famille(de) in ("texte", "DATE") or _est(de, "TIMESTAMP")
    return (_est(noeud, "BOOLEAN", "DOUBLE") and (_famille(de) != "" and _memes(de, noeud))) or (
        _est(noeud, "BOOLEAN") and isinstance(de, exp.Literal) and de.name in ("t", "f")
    )


def _fenetre(noeud: exp.Expr) -> bool:
    return isinstance(noeud.this, (exp.Lag, exp.Lead)) and not noeud.args.get("spec")


def _jointure(noeud: exp.Expr) -> bool:
    return (
        not noeud.args.get("method")
        and (noeud.args.get("side") or "") in ("", "LEFT")
        and (noeud.args.get("kind") or "") in ("", "INNER", "CROSS", "OUTER")
    )


_REGLES: dict[type[exp.Expr], Callable[[exp.Expr], bool]] = {
    exp.Anonymous: lambda n: n.name in (_DATEDIFF, _ADD_MONTHS, _DATE_ADD),
    exp.Literal: lambda n: bool(n.is_string) or n.name.isdecimal(),
    exp.Star: lambda n: isinstance(n.parent, exp.Count),
    exp.Median: lambda n: _entier(n.this),  # of others, both interpolate, not the same way
    exp.Sum: _somme,
    exp.Order: _ordre,
    exp.Window: _fenetre,
    exp.Join: _jointure,
    exp.Union: lambda n: not n.args.get("distinct"),
    exp.Subquery: _est_une_table,
    exp.Left: lambda n: _entier_ecrit(n.expression),
    exp.TryCast: lambda n: False,
    exp.Cast: _conversion,
    exp.Add: _des_entiers,
    exp.Sub: _des_entiers,
    exp.Mul: _des_entiers,
    exp.Neg: lambda n: _entier(n.this),
    exp.In: lambda n: not n.args.get("query") and _memes(n.this, *n.expressions),
    exp.Between: lambda n: _memes(n.this, n.args["low"], n.args["high"]),
    exp.RegexpLike: lambda n: (
        isinstance(n.expression, exp.Literal)
        and not n.args.get("flag")
        and _MOTIF.fullmatch(n.expression.name) is not None
    ),
    exp.TimestampTrunc: lambda n: n.text("unit").upper() == "MONTH" and _est(n.this, "DATE"),
    **{c: lambda n: _memes(n.this, n.expression) for c in _COMPARAISONS if c is not exp.Between},
}
"""What means the same in both engines where its parts do."""


def _exact(noeud: exp.Expr) -> exp.Expr:
    """What Spark writes otherwise."""
    match noeud:
        case exp.Median():
            moitie = exp.cast(exp.Literal.number("0.5"), "double")
            return exp.Anonymous(this="PERCENTILE", expressions=[noeud.this, moitie])
        case exp.Filter(this=exp.Sum(this=exp.Order())):
            return _somme_ordonnee(noeud.this.this.this, noeud.expression)
        case exp.Sum(this=exp.Order()) if not isinstance(noeud.parent, exp.Filter):
            return _somme_ordonnee(noeud.this.this, None)
        case exp.TimestampTrunc():
            return exp.Anonymous(
                this="TRUNC", expressions=[noeud.this, exp.Literal.string("MONTH")]
            )
        case exp.RegexpLike():
            motif = noeud.expression.name.replace(r"\b", _BORD).replace("$", r"\z")
            return exp.RegexpLike(this=noeud.this, expression=exp.Literal.string(motif))
        case exp.Cast(this=exp.Literal(), to=exp.DataType(this=exp.DataType.Type.BOOLEAN)):
            return exp.Boolean(this=noeud.this.name == "t")
    return noeud


def _somme_ordonnee(quoi: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    """A sum in rising order: of whole numbers the order is nothing, of others it is folded."""
    if _entier(quoi) or isinstance(quoi, exp.Null):
        somme: exp.Expr = exp.Sum(this=quoi)
        return exp.Filter(this=somme, expression=condition) if condition else somme
    if not _est(quoi, "DOUBLE"):
        raise NonPortable(f"«{quoi.sql('duckdb')}» : une somme de ce type")
    liste: exp.Expr = exp.Anonymous(this="COLLECT_LIST", expressions=[quoi])
    if condition:
        liste = exp.Filter(this=liste, expression=condition)
    lu = liste.sql("spark")
    return sqlglot.parse_one(
        f"AGGREGATE(ARRAY_SORT({lu}), CAST(NULL AS DOUBLE), (s, x) -> COALESCE(s + x, x))",
        read="spark",
    )


def _sans_noms(arbre: exp.Expr) -> exp.Expr:
    """A query whose unions are by place: what `by name` joins must stand in the same order."""
    for union in arbre.find_all(exp.Union):
        if union.args.get("by_name"):
            if union.left.named_selects != union.right.named_selects:
                raise NonPortable("«union by name» de colonnes dans un autre ordre")
            union.set("by_name", False)
    return arbre


def _sans_having(arbre: exp.Expr) -> exp.Expr:
    """A query whose groups are chosen from outside: there, Spark does not find what they are."""
    for choix in list(arbre.find_all(exp.Select)):
        if having := choix.args.get("having"):
            place, cle = choix.parent, choix.arg_key
            noms = choix.named_selects
            choix.set("having", None)
            choix.append("expressions", exp.alias_(having.this, _TENU, quoted=True))
            dehors = (
                exp.select(*(exp.column(nom, _GROUPES, quoted=True) for nom in noms))
                .from_(choix.subquery(_GROUPES, copy=False), copy=False)
                .where(exp.column(_TENU, _GROUPES, quoted=True))
            )
            if place is None or cle is None:
                arbre = dehors
            else:
                place.set(cle, dehors)
    return arbre
