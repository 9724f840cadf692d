"""Check filters whose words are in the database: an unknown word is refused with a list of the known ones.

A list checks only when it is empty: a filter with results has known words. Sources are not checked: a source may have no works yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from geo_service.domain.buildings import ACCESS_FUNCTIONS
from geo_service.domain.errors import InvalidInput
from geo_service.store import cities, owners
from geo_service.store.tables import buildings, owner_groups, rules

MOST_NAMED = 60
"""The most words in a message; `/organisations` lists all owners."""


def check(conn: sa.Connection, **values: str | None) -> None:
    """Refuse, with InvalidInput, the first unknown word.

    `owner_group` is the id of a group; `party` and `team` are as in `owners`, and `team` may be that of a crew.
    """
    for name, word in values.items():
        if not word:
            continue
        field, allowed = WORDS[name]
        words = {*conn.scalars(allowed()), *_of_elsewhere(conn, name)}
        if word in words or (name in PARTIES and owners.exists(conn, word)):
            continue
        examples = sorted(words)[:MOST_NAMED]
        more = f" … {len(words) - MOST_NAMED} more" if len(words) > MOST_NAMED else ""
        listing = ", ".join(examples) + more if examples else "(none yet)"
        raise InvalidInput.one(field, "unknown", known=listing)


def _of_elsewhere(conn: sa.Connection, name: str) -> Iterable[str]:
    """The words that stand in no column: those of the domain, and the crews of the city."""
    if name == "function":
        return ACCESS_FUNCTIONS
    return (team.id for team in cities.in_force(conn).teams) if name == "team" else ()


def _of(column: sa.ColumnElement[str]) -> Callable[[], sa.Select[Any]]:
    return lambda: sa.select(column).distinct().where(column.is_not(None))


WORDS: Mapping[str, tuple[str, Callable[[], sa.Select[Any]]]] = {
    "rule": ("rule", _of(rules.c.id)),
    "owner_group": ("owner", _of(owner_groups.c.id)),
    "party": ("owner", _of(owner_groups.c.id)),
    "team": ("team", _of(owner_groups.c.id)),
    "function": ("function", _of(buildings.c.function)),
}
"""The parameter of a word, and the known words."""
PARTIES = ("party", "team")
