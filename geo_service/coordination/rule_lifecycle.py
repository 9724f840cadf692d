"""Change a rule, in the transaction that recomputes everything: nobody sees a rule without its conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.coordination import changes, day_change
from geo_service.detection import run
from geo_service.detection.preview import in_shadow
from geo_service.domain.conflicts import GONE
from geo_service.domain.errors import VersionMismatch
from geo_service.domain.rules import Rule, changed
from geo_service.store import rules
from geo_service.store.tables import conflict_events, conflicts


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change of a rule did to its conflicts, counted as the preview counts, and how many alerts went out."""

    counts: Mapping[str, int]
    alerts: int


def change(
    conn: sa.Connection,
    rule_id: str,
    wanted: Mapping[str, Any],
    today: date,
    *,
    by: str,
    version: int | None = None,
    reason: str | None = None,
) -> Outcome:
    """Make and put in force the next version of a rule, and recompute everything; nothing happens when `wanted` changes nothing.

    The caller holds the writers' lock and commits. `version` is the one that was read: VersionMismatch when there is a newer one.
    Raises NotFound, InvalidInput, InvalidTransition.
    """
    row = rules.get(conn, rule_id)
    if version is not None and row["version"] != version:
        raise VersionMismatch("rule_changed", version=row["version"], given=rule_id)
    before = rules.from_row(row)
    after = changed(before, wanted)
    if after is before:
        return Outcome({"appear": 0, "disappear": 0, "change_severity": 0}, alerts=0)
    shadow = in_shadow(before, after)
    was = _live(conn, rule_id, shadow)
    alerts = _silence(conn, before, by, today) if (before.state, after.state) == ("active", "shadow") else 0
    rules.add_version(conn, after, by, reason)
    alerts += day_change.recompute(conn, today).alerts
    now = _live(conn, rule_id, shadow)
    counts = {
        "appear": len(now.keys() - was.keys()),
        "disappear": len(was.keys() - now.keys()),
        "change_severity": sum(now[one] != was[one] for one in now.keys() & was.keys()),
    }
    return Outcome(counts, alerts)


def _live(conn: sa.Connection, rule_id: str, shadow: bool) -> dict[UUID, str]:
    """Severity of the live conflicts of a rule, by id."""
    select = sa.select(conflicts.c.id, conflicts.c.severity).where(
        conflicts.c.rule_id == rule_id, conflicts.c.status.not_in(GONE)
    )
    rows = conn.execute(select if shadow else select.where(sa.not_(conflicts.c.shadow)))
    return {row.id: row.severity for row in rows}


def _silence(conn: sa.Connection, rule: Rule, by: str, today: date) -> int:
    """The rule goes into the shadow: whoever was told of its conflicts hears that they are withdrawn. Returns the number of alerts."""
    seen = sa.and_(
        conflicts.c.rule_id == rule.id, conflicts.c.status.not_in(GONE), sa.not_(conflicts.c.shadow)
    )
    rows = list(conn.execute(sa.select(conflicts.c.id, conflicts.c.repair_id).where(seen)))
    if not rows:
        return 0
    trail = [{"conflict_id": row.id, "kind": "withdrawn", "actor": by} for row in rows]
    conn.execute(sa.insert(conflict_events), trail)
    events = [run.ConflictEvent(row.id, "withdrawn", {}, row.repair_id) for row in rows]
    alerts = changes.announce(conn, run.Subject(), events, today).alerts
    conn.execute(sa.update(conflicts).where(seen).values(shadow=True))
    return alerts
