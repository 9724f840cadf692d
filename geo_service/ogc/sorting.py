"""Pages in any order, by key: what comes after a feature is said by its own values, so a page costs the same wherever it is."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from geo_service.domain.errors import InvalidInput

MAX_KEYS = 5
Sql = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column to sort by. Features without a value come last."""

    column: Sql
    falling: bool = False

    def order(self) -> Sql:
        """The term for ORDER BY."""
        return (self.column.desc() if self.falling else self.column.asc()).nulls_last()

    def after(self, value: str | None) -> Sql:
        """The condition that a feature comes after the one with this value."""
        if value is None:
            return sa.false()
        there = sa.cast(sa.literal(value, sa.Text), self.column.type)
        beyond = self.column < there if self.falling else self.column > there
        return sa.or_(beyond, self.column.is_(None))

    def same(self, value: str | None) -> Sql:
        """The condition that a feature has this value too."""
        if value is None:
            return self.column.is_(None)
        return self.column == sa.cast(sa.literal(value, sa.Text), self.column.type)


def read(text: str | None, columns: Mapping[str, Sql]) -> list[SortKey]:
    """The keys of `sortby=owner,-starts_on`. Raises InvalidInput about `sortby`."""
    keys = []
    for part in text.split(",") if text else ():
        name = part.strip().lstrip("+-")
        if name not in columns or isinstance(columns[name].type, sa.ARRAY):
            raise InvalidInput.one("sortby", "property_unknown", given=name[:60], known=sorted(columns))
        keys.append(SortKey(columns[name], falling=part.strip().startswith("-")))
    if len(keys) > MAX_KEYS:
        raise InvalidInput.one("sortby", "sort_keys", limit=MAX_KEYS)
    return keys


def after(keys: Sequence[SortKey], values: Sequence[str | None]) -> Sql:
    """The condition that a feature comes after the one with these values."""
    ways = []
    for place, key in enumerate(keys):
        same = [one.same(value) for one, value in zip(keys[:place], values, strict=False)]
        ways.append(sa.and_(*same, key.after(values[place])))
    return sa.or_(*ways)


def bookmark(values: Sequence[str | None]) -> str:
    """The values of the last feature of a page, for the address of the next one."""
    text = json.dumps(list(values), separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def values_of(cursor: str, count: int) -> list[str | None]:
    """The values that a cursor holds. Raises InvalidInput about `cursor`."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if len(values) == count and all(value is None or _is_plain(value) for value in values):
            return list(values)
    except (ValueError, TypeError, RecursionError):
        pass
    raise InvalidInput.one("cursor", "cursor_malformed")


def _is_plain(value: Any) -> bool:
    """Whether it is a text that PostgreSQL can hold: without NUL and without half of a surrogate pair."""
    return isinstance(value, str) and not re.search("[\x00\ud800-\udfff]", value)
