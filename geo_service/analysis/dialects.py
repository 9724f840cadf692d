"""What other engines run, derived from `pairs.sql`: one text for PostGIS, rewritten for the dialects of SedonaDB and Spark.

The rules of the translation, in the order in which they are applied:

1. Parameters become literals, `true OR …` becomes true, and hints for PostgreSQL's planner go.
2. A claim that travels as one value, `(own).kind`, becomes a column of its own, `own__kind`.
3. A `CASE` on the number of corners chooses a faster way to the same answer, so its `ELSE` is taken.
4. A `LATERAL` without tables is put where its columns are used.
5. Periods and arrays are compared by functions of the dialect; days are whole numbers (since 1970-01-01).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import sqlglot
from sqlglot import exp

from geo_service import sql
from geo_service.analysis import schema
from geo_service.analysis.dataset import PACKAGE, Dataset
from geo_service.detection.run import EVERYTHING
from geo_service.store.tables.findings import CLAIM_COLUMNS

CLAIM_VALUES = ("own", "other", "a", "b")
"""The names under which a claim travels as one value."""
OF_RULES = ("rule", "side", "reach")
"""The steps that look at rules only: a few rows each, made once, so that no plan of the search begins with them."""
READ_GEOMETRY = "ST_GeomFromWKB"
MARGIN_M = 0.001
"""What the search looks further than the rules reach, as an exact test follows."""

Tree = exp.Expr
Rewrite = Callable[[Tree], Tree]


@dataclass(frozen=True)
class Dialect:
    """How an engine says what differs. `writer` is sqlglot's name of the dialect nearest to it."""

    writer: str
    day: str  # a date as days since 1970
    contains: str  # (array, value)
    overlaps: str  # (array, array)
    length: str  # (array)
    rows_of: str  # (array): a row for each value
    knows_geoparquet: bool  # a column of geometries is one already when a file is read
    keeps_geometries: bool  # a CASE between geometries is a geometry


SEDONADB = Dialect(
    "postgres",
    "CAST({} AS INTEGER)",
    "array_has",
    "array_has_any",
    "cardinality",
    "unnest",
    knows_geoparquet=True,
    keeps_geometries=False,
)
SPARK = Dialect(
    "spark",
    "unix_date({})",
    "array_contains",
    "arrays_overlap",
    "size",
    "explode",
    knows_geoparquet=False,
    keeps_geometries=True,
)


@dataclass(frozen=True)
class Text:
    """`pairs.sql` in a dialect: queries for small tables, by name and in order, and the query of the pairs, which reads these and `claims`."""

    tables: Mapping[str, str]
    pairs: str


def translate(dialect: Dialect, params: Mapping[str, Any]) -> Text:
    """`pairs.sql` in this dialect, with its parameters in the text. The first of the small tables reads `rules`."""
    tree = sqlglot.parse_one(sql.source(PACKAGE, "pairs"), read="postgres")
    steps: tuple[Rewrite, ...] = (
        lambda node: _literal(node, params),
        _without_hints,
        _plain_form,
        lambda node: _claim_columns(node, dialect),
        _claim_field,
        _inline_laterals,
        lambda node: _rows_of_arrays(node, dialect),
        _always_true,
        lambda node: _comparison(node, dialect),
        _distance,
    )
    for step in steps:
        tree = tree.transform(step)
    small = [query for query in tree.find_all(exp.CTE) if query.alias in OF_RULES]
    for query in small:
        query.pop()
    tables = {query.alias: query.this.sql(dialect=dialect.writer, comments=False) for query in small}
    return Text(tables, tree.sql(dialect=dialect.writer, comments=False))


def params_of(dataset: Dataset) -> dict[str, Any]:
    """The parameters of `pairs.sql`, days as numbers."""
    today = (dataset.today - date(1970, 1, 1)).days
    return {
        **dict.fromkeys(EVERYTHING.params()),
        "everything": True,
        "what_if": None,
        "today": today,
        "unsure_clearance_m": dataset.unsure_clearance_m,
    }


def claim_view(dialect: Dialect) -> str:
    """The table `claims`, from a table `claim_file` as files hold it: days as numbers, ground as what the engine computes with."""
    columns = []
    for field in schema.CLAIM_FIELDS:
        column: Tree = exp.column(field.name)
        if pa.types.is_date32(field.type):
            column = sqlglot.parse_one(dialect.day.format(field.name), read=dialect.writer)
        elif field.name == "geom" and not dialect.knows_geoparquet:
            column = _call(READ_GEOMETRY, column)
        columns.append(exp.alias_(column, field.name))
    return exp.select(*columns).from_("claim_file").sql(dialect=dialect.writer)


def _literal(node: Tree, params: Mapping[str, Any]) -> Tree:
    """A parameter as what it stands for; a cast to a date around it goes, as days are numbers."""
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Placeholder) and node.to.is_type("date"):
        return exp.convert(params[node.this.name])
    return exp.convert(params[node.name]) if isinstance(node, exp.Placeholder) else node


def _without_hints(node: Tree) -> Tree:
    """No `OFFSET 0`, no `NOT MATERIALIZED`, no numbers for rows that nobody looks up."""
    if isinstance(node, exp.CTE):
        node.set("materialized", None)
    if isinstance(node, exp.Select):
        node.set("offset", None)
        node.set(
            "expressions", [one for one in node.expressions if not isinstance(one.unalias(), exp.Window)]
        )
    return node


def _plain_form(node: Tree) -> Tree:
    """Rule 3."""
    counts = isinstance(node, exp.Case) and any(
        call.name.lower() == "st_npoints" for call in node.args["ifs"][0].this.find_all(exp.Anonymous)
    )
    return node.args["default"] if counts else node


def _claim_columns(node: Tree, dialect: Dialect) -> Tree:
    """Rule 2 where a query hands claims on: each with all its columns."""
    if isinstance(node, exp.Select):
        columns: list[Tree] = []
        for one in node.expressions:
            columns += _columns_of_claim(one, dialect) if one.alias_or_name in CLAIM_VALUES else [one]
        node.set("expressions", columns)
    return node


def _columns_of_claim(value: Tree, dialect: Dialect) -> list[Tree]:
    content = value.unalias()

    def column(field: str) -> Tree:
        if not isinstance(content, exp.Case):
            return _field_of(content, field)
        choice = content.copy()
        for name in list(choice.find_all(exp.Column)):
            if not name.table and name.name in CLAIM_VALUES:
                name.replace(_field_of(name, field))
        lost = field == "geom" and not dialect.keeps_geometries
        return _call(READ_GEOMETRY, choice) if lost else choice

    return [exp.alias_(column(field), f"{value.alias_or_name}__{field}") for field in CLAIM_COLUMNS]


def _field_of(claim: Tree, field: str) -> Tree:
    """The column of a claim that is a value, or a row of the table `claims`."""
    return exp.column(
        f"{claim.name}__{field}" if claim.name in CLAIM_VALUES else field,
        None if claim.name in CLAIM_VALUES else claim.name,
    )


def _claim_field(node: Tree) -> Tree:
    """Rule 2 where a query looks at a claim."""
    if isinstance(node, exp.Dot) and isinstance(node.this, exp.Paren):
        return _field_of(node.this.this, node.name)
    return node


def _inline_laterals(node: Tree) -> Tree:
    """Rule 4."""
    if not isinstance(node, exp.Select):
        return node
    laterals = [join for join in node.args.get("joins") or [] if isinstance(join.this, exp.Lateral)]
    for join in laterals:
        join.pop()
    for join in laterals:
        for one in join.this.this.this.expressions:
            for use in list(node.find_all(exp.Column)):
                if use.name == one.alias and use.table in ("", join.this.alias):
                    plain = exp.paren(one.unalias().copy())
                    use.replace(exp.alias_(plain, one.alias) if use.parent is node else plain)
    return node


def _rows_of_arrays(node: Tree, dialect: Dialect) -> Tree:
    """`FROM t, unnest(x) y` as a query in which `y` is a column."""
    if not isinstance(node, exp.Select):
        return node
    for join in [one for one in node.args.get("joins") or [] if isinstance(one.this, exp.Unnest)]:
        join.pop()
        value = exp.alias_(_call(dialect.rows_of, join.this.expressions[0]), join.this.alias)
        source = node.args["from_"].this.copy()
        node.set(
            "from_", exp.From(this=exp.select("*", value).from_(source).subquery(f"by_{join.this.alias}"))
        )
    return node


def _always_true(node: Tree) -> Tree:
    """`true OR …` is true."""
    return exp.true() if isinstance(node, exp.Or) and exp.true() in node.flatten() else node


def _comparison(node: Tree, dialect: Dialect) -> Tree:
    """Rule 5, and boxes that meet (`&&`), for which the distance stands."""
    if isinstance(node, exp.EQ) and isinstance(node.expression, exp.Any):
        return _call(dialect.contains, node.expression.this.unnest(), node.this)
    if isinstance(node, exp.EQ) and node.expression == exp.Literal.string("{}"):
        return _call(dialect.length, node.this).eq(0)
    if not isinstance(node, exp.ArrayOverlaps):
        return node
    one, other = node.this, node.expression
    if one.name.lower() == "daterange":
        (starts, ends), (starts_other, ends_other) = one.expressions, other.expressions
        return exp.and_(_before(starts, ends_other), _before(starts_other, ends))
    if other.name.lower() == "st_expand":
        ground, reach_m = other.expressions
        return _call("ST_DWithin", ground, one, exp.Add(this=reach_m, expression=exp.convert(MARGIN_M)))
    return _call(dialect.overlaps, one, other)


def _call(function: str, *values: Tree) -> Tree:
    """A call by its name in the dialect, which sqlglot neither knows nor changes."""
    return exp.Anonymous(this=function, expressions=[value.copy() for value in values])


def _before(starts: Tree, ends: Tree) -> Tree:
    """Whether a period begins before another one ends; null: that never ends."""
    return exp.func("coalesce", exp.LT(this=starts, expression=ends), exp.true())


def _distance(node: Tree) -> Tree:
    """`ST_DWithin` as a distance, edge included; of a mixture of shapes, only areas count in any case."""
    if not isinstance(node, exp.Anonymous):
        return node
    if node.name.lower() == "st_collectionextract":
        shape: Tree = node.expressions[0]
        return shape
    if node.name.lower() == "st_dwithin" and not isinstance(node.expressions[2], exp.Add):
        one, other, reach_m = node.expressions
        return exp.LTE(this=_call("ST_Distance", one, other), expression=reach_m)
    return node
