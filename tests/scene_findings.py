"""What came of a scene: conflicts, advice, holds and alerts, as short as a test can read them."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from geo_service.alerts import feed
from geo_service.coordination import advising
from geo_service.domain.advice import Advice
from geo_service.domain.conflicts import GONE
from geo_service.store import repairs
from geo_service.store.tables import conflict_events, conflicts


class Found(NamedTuple):
    """A conflict, as short as a test can read it."""

    rule: str
    severity: str
    blocking: bool
    status: str


class Findings:
    """What is stored in the database of a scene."""

    conn: sa.Connection
    today: date
    day_zero: date

    def conflicts(self, *rule: str) -> list[Found]:
        """What a person sees: live conflicts (of these rules), by rule. Shadow rules are not seen."""
        seen = sa.select(conflicts).where(conflicts.c.status.not_in(GONE), sa.not_(conflicts.c.shadow))
        if rule:
            seen = seen.where(conflicts.c.rule_id.in_(rule))
        rows = self.conn.execute(seen.order_by(conflicts.c.rule_id, conflicts.c.number))
        return [Found(row.rule_id, row.severity, row.blocking, row.status) for row in rows]

    def rules_hit(self) -> list[str]:
        return [found.rule for found in self.conflicts()]

    def conflict(self, rule: str) -> sa.RowMapping:
        """The one stored conflict of `rule`, live or gone, seen or in the shadow."""
        return self.conn.execute(sa.select(conflicts).where(conflicts.c.rule_id == rule)).mappings().one()

    def stored(self, rule: str) -> list[sa.RowMapping]:
        """All stored conflicts of `rule`, live or gone."""
        select = sa.select(conflicts).where(conflicts.c.rule_id == rule).order_by(conflicts.c.number)
        return list(self.conn.execute(select).mappings())

    def advice(self, repair_id: UUID) -> Advice:
        [advised] = advising.of_repairs(self.conn, [repair_id], self.today)
        return advised.advice

    def hold(self, repair_id: UUID) -> tuple[bool, str | None, int | None]:
        """What is stored with the repair: held, verdict, and until which day (counted from day 0)."""
        row = repairs.get(self.conn, repair_id)
        until = row["verdict_until"]
        return row["held"], row["verdict"], until and (until - self.day_zero).days

    def alerts(self, after: int = 0) -> list[str]:
        return [row["type"] for row in feed.after(self.conn, after, 1000)]

    def news(self, rule: str) -> list[str]:
        """The audit trail of the one conflict of `rule`."""
        select = sa.select(conflict_events.c.kind).where(
            conflict_events.c.conflict_id == self.conflict(rule)["id"]
        )
        return list(self.conn.scalars(select.order_by(conflict_events.c.id)))

    def details(self, rule: str) -> dict[str, Any]:
        """What the newest entry of the trail of the one conflict of `rule` says."""
        newest = sa.select(conflict_events.c.details).where(
            conflict_events.c.conflict_id == self.conflict(rule)["id"]
        )
        said: dict[str, Any] = self.conn.scalars(newest.order_by(conflict_events.c.id.desc())).first() or {}
        return said
