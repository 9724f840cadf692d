"""What a change to a rule would do, without storing anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import psycopg
import sqlalchemy as sa

from geo_service import db
from geo_service.detection import run
from geo_service.domain.rules import Rule
from geo_service.store import rules as store
from geo_service.store.listing import Row
from geo_service.store.tables import rules

AT_MOST = 200

CHANGES = ("appear", "disappear", "change_severity")


@dataclass(frozen=True, slots=True)
class Totals:
    """What a rule comes to: conflicts, those that hold a repair, and euro at risk (of each repair its dearest conflict)."""

    conflicts: int = 0
    blocking: int = 0
    cost_at_risk_eur: float = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """`rows` holds at most AT_MOST conflicts of each change, the worst first, with `severity_before` and `severity_after`."""

    rule: Rule
    before: Totals
    after: Totals
    counts: Mapping[str, int]
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


def in_shadow(before: Rule, after: Rule) -> bool:
    """Whether a change is judged by what the rule finds in its shadow. As soon as people see it, before or after: by what they see."""
    return "active" not in (before.state, after.state)


def preview(conn: sa.Connection, before: Rule, after: Rule, today: date) -> Preview:
    """What becomes of the conflicts of a rule when `after` takes the place of `before`.

    Looks at the claims as they are stored, takes no lock that a writer waits for, and leaves nothing behind. `conn` must be able to
    make temporary tables: not read-only, not a replica.
    """
    shadow = in_shadow(before, after)
    which: dict[str, Any] = {
        "rule_id": after.id,
        "in_shadow": shadow,
        "seen": shadow or after.state == "active",
    }
    # what is told by a rule that says more is not told again
    elders = [store.from_row(row) for row in store.in_force(conn) if row["id"] in after.yields_to]
    with conn.begin_nested() as scratch, _planned_anew(conn):
        db.execute(conn, run.PACKAGE, "scratch")
        db.execute(conn, run.PACKAGE, "preview_rules")
        conn.execute(sa.insert(rules).values([asdict(rule) for rule in (after, *elders)]))
        run.find(conn, run.EVERYTHING, today)
        totals = db.fetch(conn, run.PACKAGE, "preview_totals", **which)
        rows = db.fetch(conn, run.PACKAGE, "preview", **which, at_most=AT_MOST)
        scratch.rollback()
    sides = {
        row["side"]: Totals(row["conflicts"], row["blocking"], row["cost_at_risk_eur"]) for row in totals
    }
    grouped: dict[str, list[Row]] = {change: [] for change in CHANGES}
    for row in rows:
        grouped[row["change"]].append(row)
    counts = {change: rows[0]["total"] if rows else 0 for change, rows in grouped.items()}
    return Preview(after, sides.get("before", Totals()), sides.get("after", Totals()), counts, grouped)


@contextmanager
def _planned_anew(conn: sa.Connection) -> Iterator[None]:
    """Without prepared statements: PostgreSQL keeps the tables of a prepared plan, and would read the real rules again."""
    driver = conn.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    threshold, driver.prepare_threshold = driver.prepare_threshold, None
    try:
        yield
    finally:
        driver.prepare_threshold = threshold
