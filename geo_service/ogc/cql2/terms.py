"""Expressions of a filter with their kind: a comparison of two kinds that have no common order is refused before PostgreSQL sees it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain.errors import InvalidInput
from geo_service.ogc.cql2 import limits

Kind = Literal["text", "number", "boolean", "date", "timestamp", "uuid", "array", "geometry"]
_KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (pg.ARRAY, "array"),
    (sa.ARRAY, "array"),
    (sa.Uuid, "uuid"),
    (sa.Boolean, "boolean"),
    (sa.Date, "date"),
    (sa.DateTime, "timestamp"),
    (sa.Integer, "number"),
    (sa.Numeric, "number"),
    (sa.Float, "number"),
    (sa.String, "text"),
)
_LARGEST_INTEGER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Term:
    """An expression: its kind and its SQL. `value` is that of a literal."""

    kind: Kind
    sql: sa.ColumnElement[Any]
    value: Any = None


def kind_of(column: sa.ColumnElement[Any]) -> Kind:
    """The kind of a column; of any type that has no other kind, text."""
    return next((kind for type_, kind in _KINDS if isinstance(column.type, type_)), "text")


def literal(value: Any) -> Term:
    """The term of a plain JSON value. Raises InvalidInput."""
    if isinstance(value, bool):
        return Term("boolean", sa.literal(value, sa.Boolean), value)
    if isinstance(value, int) and abs(value) <= _LARGEST_INTEGER:
        return Term("number", sa.literal(value, sa.BigInteger), value)
    if isinstance(value, int | float):
        return Term("number", sa.literal(_finite(value), sa.Double), value)
    if isinstance(value, str):
        if "\x00" in value or (not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value)):
            raise InvalidInput.one(limits.FIELD, "not_storable")
        return Term("text", sa.literal(value, sa.Text), value)
    raise InvalidInput.one(limits.FIELD, "cql_value", given=str(value)[:40])


def _finite(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InvalidInput.one(limits.FIELD, "cql_value", given=str(value)[:40])
    return number


def day(text: Any) -> date:
    """A calendar day. Raises InvalidInput."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise InvalidInput.one(limits.FIELD, "cql_value", given=str(text)[:40]) from error


def moment(text: Any) -> datetime:
    """An instant; without a zone it is in UTC. GDAL writes a day as `2026-11-23T`. Raises InvalidInput."""
    try:
        instant = datetime.fromisoformat(str(text).removesuffix("T"))
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput.one(limits.FIELD, "cql_value", given=str(text)[:40]) from error


def day_term(value: date) -> Term:
    """The term of a calendar day."""
    return Term("date", sa.literal(value, sa.Date), value)


def moment_term(value: datetime) -> Term:
    """The term of an instant."""
    return Term("timestamp", sa.literal(value, sa.DateTime(timezone=True)), value)


def alike(a: Term, b: Term) -> tuple[Term, Term]:
    """Both terms in one kind, in which they can be compared. Raises InvalidInput when there is none."""
    if a.kind == b.kind:
        return a, b
    if a.value is not None and b.value is None:
        other, one = alike(b, a)
        return one, other
    kinds = {a.kind, b.kind}
    if kinds == {"date", "timestamp"}:
        return _as_moment(a), _as_moment(b)
    if isinstance(b.value, str) and a.kind in ("date", "timestamp"):
        return _with_day(a, b.value)
    if a.kind == "boolean" and b.value in (0, 1):  # GDAL and QGIS write truth as a number
        return a, literal(b.value == 1)
    if "uuid" in kinds and "text" in kinds:
        return _with_uuid(a, b)
    raise InvalidInput.one(limits.FIELD, "cql_kinds", one=a.kind, other=b.kind)


def _as_moment(term: Term) -> Term:
    if term.kind == "timestamp":
        return term
    if isinstance(term.value, date):
        return moment_term(datetime.combine(term.value, time(), UTC))
    return Term("timestamp", sa.cast(term.sql, sa.DateTime(timezone=True)))


def _with_day(column: Term, text: str) -> tuple[Term, Term]:
    """GDAL and QGIS write days and instants as text."""
    instant = moment(text)
    midnight = instant.timetz() == time(tzinfo=UTC)
    if column.kind == "date" and midnight:
        return column, day_term(instant.date())
    return _as_moment(column), moment_term(instant)


def _with_uuid(a: Term, b: Term) -> tuple[Term, Term]:
    """As ids if the text is one, so that an index is used; else as text."""
    try:
        return a, Term("uuid", sa.literal(UUID(str(b.value)), sa.Uuid), b.value)
    except ValueError:
        as_text = [
            one if one.kind == "text" else Term("text", sa.cast(one.sql, sa.Text), one.value)
            for one in (a, b)
        ]
        return as_text[0], as_text[1]


def of_kind(term: Term, kind: Kind) -> sa.ColumnElement[Any]:
    """The SQL of a term of this kind. Raises InvalidInput about another one."""
    if term.kind == "uuid" and kind == "text":
        return sa.cast(term.sql, sa.Text)
    if term.kind != kind:
        raise InvalidInput.one(limits.FIELD, "cql_kinds", one=term.kind, other=kind)
    return term.sql
