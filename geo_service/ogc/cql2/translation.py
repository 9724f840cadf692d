"""The tree of a filter (CQL2 JSON) as a condition of SQLAlchemy: every name is one of the collection's, every value a parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain.errors import InvalidInput
from geo_service.ogc.cql2 import limits, temporal, terms
from geo_service.ogc.cql2.spatial import RELATIONS, drawn
from geo_service.ogc.cql2.temporal import Span
from geo_service.ogc.cql2.terms import Term

Sql = sa.ColumnElement[Any]
Place = Callable[[BaseGeometry], Sql]

ORDERS: Mapping[str, Callable[[Any, Any], Sql]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
NUMERIC = sa.Numeric()
# In decimal numbers, so that 5 / 10 is a half; a power is a double, which overflows at once where a decimal would grow.
SUMS: Mapping[str, Callable[[Any, Any], Sql]] = {
    "+": lambda a, b: sa.cast(a, NUMERIC) + sa.cast(b, NUMERIC),
    "-": lambda a, b: sa.cast(a, NUMERIC) - sa.cast(b, NUMERIC),
    "*": lambda a, b: sa.cast(a, NUMERIC) * sa.cast(b, NUMERIC),
    "/": lambda a, b: sa.cast(a, NUMERIC) / sa.cast(b, NUMERIC),
    "div": lambda a, b: sa.func.div(sa.cast(a, NUMERIC), sa.cast(b, NUMERIC)),
    "%": lambda a, b: sa.func.mod(sa.cast(a, NUMERIC), sa.cast(b, NUMERIC)),
    "^": lambda a, b: sa.func.power(sa.cast(a, sa.Double), sa.cast(b, sa.Double)),
}
ARRAYS: Mapping[str, Callable[[Any, Any], Sql]] = {
    "a_contains": lambda a, b: a.op("@>")(b),
    "a_containedby": lambda a, b: a.op("<@")(b),
    "a_equals": lambda a, b: sa.and_(a.op("@>")(b), a.op("<@")(b)),
    "a_overlaps": lambda a, b: a.op("&&")(b),
}
ACCENTS = "[\u0300-\u036f]"
"""The signs that stand above and below letters, once a letter is split from them."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a filter may name: columns, geometry columns, and how a drawn geometry becomes SQL in their CRS."""

    columns: Mapping[str, Sql]
    geometries: Mapping[str, Sql]
    place: Place


def condition(tree: Any, names: Names) -> Sql:
    """The condition of a filter. Raises InvalidInput about `filter`."""
    return terms.of_kind(_Translation(names).term(tree), "boolean")


class _Translation:
    """Walks a tree once; it counts how deep and how much."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._depth = 0
        self._values = 0

    def term(self, tree: Any) -> Term:
        self._values += 1
        if self._values > limits.MAX_VALUES:
            raise limits.refuse_values()
        self._depth += 1
        if self._depth > limits.MAX_DEPTH:
            raise limits.refuse_depth()
        clause = self._node(tree) if isinstance(tree, dict) else self._plain(tree)
        self._depth -= 1
        return clause

    def _plain(self, tree: Any) -> Term:
        if not isinstance(tree, list):
            return terms.literal(tree)
        items = [self.term(item) for item in tree]
        if any(item.kind != "text" for item in items):
            raise InvalidInput.one(limits.FIELD, "cql_array")
        text = pg.ARRAY(sa.Text)
        return Term("array", sa.cast(pg.array([item.sql for item in items], type_=sa.Text), text))

    def _node(self, tree: dict[str, Any]) -> Term:
        if "op" in tree:
            return self._operation(tree)
        if "property" in tree:
            return self._property(tree["property"])
        if "date" in tree:
            return terms.day_term(terms.day(tree["date"]))
        if "timestamp" in tree:
            return terms.moment_term(terms.moment(tree["timestamp"]))
        if "bbox" in tree or "type" in tree:
            return Term("geometry", self._names.place(drawn(tree)))
        raise InvalidInput.one(limits.FIELD, "cql_value", given=", ".join(tree)[:40])

    def _property(self, name: Any) -> Term:
        if isinstance(name, str) and name in self._names.columns:
            column = self._names.columns[name]
            return Term(terms.kind_of(column), column)
        if isinstance(name, str) and name in self._names.geometries:
            return Term("geometry", self._names.geometries[name])
        raise InvalidInput.one(
            limits.FIELD, "cql_property", given=str(name)[:60], known=sorted(self._names.columns)
        )

    def _operation(self, tree: dict[str, Any]) -> Term:
        name, args = str(tree["op"]).lower(), tree.get("args")
        if not isinstance(args, list):
            raise InvalidInput.one(limits.FIELD, "cql_arguments", given=name[:40])
        groups: tuple[tuple[Any, Callable[[str, list[Any]], Term]], ...] = (
            (("and", "or"), self._logic),
            (ORDERS, self._order),
            (SUMS, self._sum),
            (RELATIONS, self._spatial),
            (temporal.RELATIONS, self._temporal),
            (ARRAYS, self._array),
            (("not", "isnull", "casei", "accenti"), self._single),
            (("like", "between", "in"), self._choice),
        )
        for operators, translate in groups:
            if name in operators:
                return translate(name, args)
        raise InvalidInput.one(limits.FIELD, "cql_function", given=name[:40])

    def _pair(self, name: str, args: list[Any]) -> tuple[Term, Term]:
        a, b = self._several(name, args, 2)
        return a, b

    def _several(self, name: str, args: list[Any], count: int) -> list[Term]:
        if len(args) != count:
            raise InvalidInput.one(limits.FIELD, "cql_arguments", given=name)
        return [self.term(arg) for arg in args]

    def _logic(self, name: str, args: list[Any]) -> Term:
        if not args:
            raise InvalidInput.one(limits.FIELD, "cql_arguments", given=name)
        parts = [terms.of_kind(self.term(arg), "boolean") for arg in args]
        return Term("boolean", sa.and_(*parts) if name == "and" else sa.or_(*parts))

    def _single(self, name: str, args: list[Any]) -> Term:
        [one] = self._several(name, args, 1)
        if name == "not":
            return Term("boolean", sa.not_(terms.of_kind(one, "boolean")))
        if name == "isnull":
            return Term("boolean", one.sql.is_(None))
        text = terms.of_kind(one, "text")
        if name == "casei":
            return Term("text", sa.func.lower(text, type_=sa.Text))
        split = sa.func.normalize(text, sa.literal_column("NFD"))
        return Term("text", sa.func.regexp_replace(split, ACCENTS, "", "g", type_=sa.Text))

    def _order(self, name: str, args: list[Any]) -> Term:
        return self._order_comparison(name, *self._pair(name, args))

    def _order_comparison(self, name: str, one: Term, other: Term) -> Term:
        a, b = terms.alike(one, other)
        if a.kind in ("geometry", "array"):
            raise InvalidInput.one(limits.FIELD, "cql_kinds", one=a.kind, other=b.kind)
        return Term("boolean", ORDERS[name](a.sql, b.sql))

    def _sum(self, name: str, args: list[Any]) -> Term:
        a, b = (terms.of_kind(one, "number") for one in self._pair(name, args))
        return Term("number", SUMS[name](a, b))

    def _array(self, name: str, args: list[Any]) -> Term:
        # In text, an array of one looks like a value in parentheses.
        lists = [[arg] if isinstance(arg, str) else arg for arg in args]
        a, b = (terms.of_kind(one, "array") for one in self._pair(name, lists))
        return Term("boolean", ARRAYS[name](sa.cast(a, pg.ARRAY(sa.Text)), b))

    def _spatial(self, name: str, args: list[Any]) -> Term:
        a, b = (terms.of_kind(one, "geometry") for one in self._pair(name, args))
        return Term("boolean", RELATIONS[name](a, b))

    def _choice(self, name: str, args: list[Any]) -> Term:
        if name == "like":
            a, b = (terms.of_kind(one, "text") for one in self._pair(name, args))
            _check_pattern(args[1])
            return Term("boolean", a.like(b))
        if name == "between":
            one, low, high = self._several(name, args, 3)
            parts = (self._order_comparison(">=", one, low), self._order_comparison("<=", one, high))
            return Term("boolean", sa.and_(*(part.sql for part in parts)))
        if len(args) != 2 or not isinstance(args[1], list):
            raise InvalidInput.one(limits.FIELD, "cql_arguments", given=name)
        one = self.term(args[0])
        equal = [self._order_comparison("=", one, self.term(item)).sql for item in args[1]]
        return Term("boolean", sa.or_(sa.false(), *equal))

    def _temporal(self, name: str, args: list[Any]) -> Term:
        if len(args) != 2:
            raise InvalidInput.one(limits.FIELD, "cql_arguments", given=name)
        a, b = (self._span(arg) for arg in args)
        return Term("boolean", temporal.RELATIONS[name](a, b))

    def _span(self, tree: Any) -> Span:
        if isinstance(tree, dict) and "interval" in tree:
            ends = tree["interval"]
            if not isinstance(ends, list) or len(ends) != 2:
                raise InvalidInput.one(limits.FIELD, "cql_arguments", given="interval")
            return Span(self._instant(ends[0], temporal.BEGINNING), self._instant(ends[1], temporal.END))
        instant = self._instant(tree, None)
        return Span(instant, instant)

    def _instant(self, tree: Any, unbounded: Sql | None) -> Sql:
        if tree == ".." and unbounded is not None:
            return unbounded
        term = terms.moment_term(terms.moment(tree)) if isinstance(tree, str) else self.term(tree)
        if isinstance(term.value, date) and not isinstance(term.value, datetime):
            return terms.alike(term, terms.moment_term(terms.moment("2000-01-01")))[0].sql
        if term.kind == "date":
            return sa.cast(term.sql, temporal.FOREVER)
        return terms.of_kind(term, "timestamp")


def _check_pattern(tree: Any) -> None:
    """A pattern ends whole. PostgreSQL says so only of a row that matches up to there. Raises InvalidInput."""
    while isinstance(tree, dict) and "args" in tree:  # casei, accenti
        [tree] = tree["args"]
    if isinstance(tree, str) and (len(tree) - len(tree.rstrip("\\"))) % 2:
        raise InvalidInput.one(limits.FIELD, "cql_pattern")
