"""How much each desk is told, and how much of it asks somebody to act or to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from geo_service import db
from geo_service.alerts.news_summary import Alert, by_case, sum_up
from geo_service.domain.conflicts import SEVERITIES

PACKAGE = "geo_service.alerts"

ACTS = (
    "conflict.assigned",
    "conflict.reminded",
    "conflict.escalated",
    "repair.held",
    "repair.hold_moved",
    "repair.released",
    "repair.message_added",
    "advice.changed",
    "request.asked",
    "request.answered",
    "request.no_answer",
    "feed.stopped",
    "feed.shrank",
)
"""Each of these asks: to plan otherwise, to answer, to look after a source."""
FINDINGS = ("conflict.opened", "conflict.reopened", "conflict.changed")
"""These ask where something is at stake, or can be won; what is low or for information asks for nothing."""


@dataclass(frozen=True, slots=True)
class DeskLoad:
    """What one desk is told on one day: alerts of the feed, what is left of them in the e-mail of the morning (a case is one line or a few),
    and how many of those cases ask for an action or a decision.
    """

    department: str
    day: date
    alerts: int
    cases: int
    asking: int


def asks(alert: Alert) -> bool:
    """Whether an alert asks somebody to act or to decide; the others only tell."""
    if alert["type"] in FINDINGS:
        at_stake = SEVERITIES.index(alert["severity"]) >= SEVERITIES.index("medium")
        return bool(at_stake or alert["opportunity"] or alert["data"].get("blocking"))
    return alert["type"] in ACTS


def measure(conn: sa.Connection, begin: datetime, end: datetime, timezone: str) -> list[DeskLoad]:
    """The load of each desk and day of alerts from `begin` to before `end`; `timezone` is that of the city."""
    rows = db.fetch(conn, PACKAGE, "load_alerts", begin=begin, end=end, timezone=timezone)
    return list(loads(rows))


def loads(alerts: Iterable[Alert]) -> Iterator[DeskLoad]:
    """The load of each desk and day, in the order of days; alerts as `load_alerts.sql` gives them."""
    heard: dict[tuple[date, str], list[Alert]] = {}
    for alert in alerts:
        for department in alert["departments"]:
            heard.setdefault((alert["day"], department), []).append(alert)
    for (day, department), mine in sorted(heard.items()):
        cases = by_case(sum_up(mine))
        yield DeskLoad(department, day, len(mine), len(cases), sum(any(map(asks, case)) for case in cases))


COLUMNS = ("department", "days", "alerts_per_day", "cases_per_day", "asking_per_day", "asking_share")


@dataclass(frozen=True, slots=True)
class Summary:
    """The load of one desk over the days on which it was told something."""

    department: str
    days: int
    alerts: int
    cases: int
    asking: int

    def row(self) -> dict[str, Any]:
        """The averages, by the names of COLUMNS."""
        per_day = {
            f"{name}_per_day": round(getattr(self, name) / self.days, 1)
            for name in ("alerts", "cases", "asking")
        }
        share = round(self.asking / self.cases, 3) if self.cases else None
        return {"department": self.department, "days": self.days, **per_day, "asking_share": share}


def summaries(loads: Sequence[DeskLoad]) -> list[Summary]:
    """One summary for each desk."""
    summed = []
    for department in sorted({one.department for one in loads}):
        own = [one for one in loads if one.department == department]
        figures = (sum(getattr(one, name) for one in own) for name in ("alerts", "cases", "asking"))
        summed.append(Summary(department, len(own), *figures))
    return summed
