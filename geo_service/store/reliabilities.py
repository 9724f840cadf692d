"""How reliable each owner's dates are: what is learnt from observed changes, and what a person fixed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.errors import NotFound
from geo_service.domain.reliability import FIGURES, LEARNT_CERTAINTIES, Reliability
from geo_service.store import rules
from geo_service.store.listing import Row
from geo_service.store.tables import certainties, owner_groups, reliabilities

PACKAGE = "geo_service.store"

Key = tuple[str | None, str]
"""Owner group (None: all owners) and certainty."""


def estimates(conn: sa.Connection, slack_share: float) -> list[Row]:
    """What the changes of works' dates and status say, in the columns of `reliabilities_estimates.sql`; all owners first."""
    return [*db.fetch(conn, PACKAGE, "reliabilities_estimates", slack_share=slack_share)]


def day_one(conn: sa.Connection) -> dict[str, Reliability]:
    """The starting values by certainty."""
    rows = conn.execute(sa.select(certainties)).mappings()
    return {row["certainty"]: _values(row) for row in rows if row["certainty"] in LEARNT_CERTAINTIES}


def by_key(conn: sa.Connection) -> dict[Key, Row]:
    """Every stored row by owner group and certainty."""
    rows = conn.execute(sa.select(reliabilities)).mappings()
    return {(row["owner_group_id"], row["certainty"]): row for row in rows}


def values_of(row: Row) -> Reliability:
    """The figures of a stored row."""
    return _values(row)


def replace_estimates(conn: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put `rows` in the place of everything that was learnt; what a person fixed stays."""
    conn.execute(sa.delete(reliabilities).where(reliabilities.c.source.is_(None)))
    if rows:
        conn.execute(sa.insert(reliabilities), list(rows))


def works_of(conn: sa.Connection, keys: Collection[Key]) -> list[UUID]:
    """The works that the figures of these owner groups and certainties may speak of, in the order of their ids."""
    groups, kinds = [group for group, _ in keys], [certainty for _, certainty in keys]
    rows = db.fetch(conn, PACKAGE, "reliabilities_works", owner_groups=groups, certainties=kinds)
    return [row["id"] for row in rows]


def fix(
    conn: sa.Connection, owner_group: str | None, certainty: str, values: Reliability, source: str
) -> None:
    """Set the figures of an owner group (None: of all owners) by hand. Raises NotFound when there is no such group."""
    if owner_group is not None:
        group = sa.select(owner_groups.c.id).where(owner_groups.c.id == owner_group)
        if conn.scalar(group) is None:
            raise NotFound("no_owner_group", given=owner_group)
    conn.execute(sa.delete(reliabilities).where(_is(owner_group, certainty)))
    row = {name: getattr(values, name) for name in FIGURES}
    conn.execute(
        sa.insert(reliabilities).values(owner_group_id=owner_group, certainty=certainty, source=source, **row)
    )


def release(conn: sa.Connection, owner_group: str | None, certainty: str) -> None:
    """Take back what was fixed by hand; the next learning fills it. Raises NotFound when nothing was fixed."""
    fixed = sa.and_(_is(owner_group, certainty), reliabilities.c.source.is_not(None))
    if conn.execute(sa.delete(reliabilities).where(fixed)).rowcount == 0:
        reason = "nothing_fixed" if owner_group else "nothing_fixed.all"
        raise NotFound(reason, given=owner_group or "all", certainty=certainty)


def find(conn: sa.Connection, owner_group: str | None = None) -> list[Row]:
    """What counts for all owners, then for each owner group that has figures of its own (or only for `owner_group`); nothing
    learnt where the city turned learning off.

    With `origin`: `default` (of day one), `learnt`, or `fixed` by a person.
    """
    learning = rules.load_parameters(conn).learn_reliability == 1
    kinds = list(LEARNT_CERTAINTIES)
    rows = db.fetch(
        conn, PACKAGE, "reliabilities_in_force", owner_group=owner_group, certainties=kinds, learning=learning
    )
    return [*rows]


def _is(owner_group: str | None, certainty: str) -> sa.ColumnElement[bool]:
    same = reliabilities.c.owner_group_id.is_not_distinct_from(owner_group)
    return sa.and_(same, reliabilities.c.certainty == certainty)


def _values(row: Row) -> Reliability:
    return Reliability(**{name: row[name] for name in FIGURES})
