"""Which works each footpath renewal of Schaerbeek should wait for, and in which order; the ten clearest with a map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from geo_service import sql
from geo_service.coordination import sequencing
from geo_service.domain.layers import RANKS, Layer
from geo_service.domain.sequence import Order, Renewal, Step, share_of

PACKAGE = "scripts.real"
CLEAREST = 10
OWN_STREET = 0.6
"""A job that takes this share of a renewal is in its street, not round its corner."""


@dataclass(frozen=True, slots=True)
class Case:
    """One footpath renewal and the order around it."""

    repair_id: UUID
    number: str
    street: str
    renewal: Renewal
    order: Order


def cases(conn: sa.Connection, today: date) -> list[Case]:
    """Every renewal, the clearest first: deep works in its own street that it has to wait for, and few others."""
    named = {row.id: row for row in conn.execute(sql.load(PACKAGE, "renewals_named"))}
    found = sequencing.of_repairs(conn, list(named), today)
    all_cases = [
        Case(key, named[key].number, named[key].street, renewal, order)
        for key, (renewal, order) in found.items()
    ]
    return sorted(all_cases, key=_unclear)


def tell(conn: sa.Connection, today: date) -> Iterator[tuple[str, ...]]:
    """A row for each renewal: number, street, planned, waits for, in order already, free from, at stake."""
    for case in cases(conn, today):
        waits = [step for step in case.order.first if step.role != "before"]
        fixed = [step for step in case.order.first if step.role == "before"]
        planned = case.renewal.planned_from
        yield (
            case.number,
            case.street,
            f"{planned} … {case.renewal.planned_until}" if planned else "no days",
            _names(waits),
            _names(fixed),
            str(case.order.footpath_from or ""),
            "yes" if case.order.moves else "no",
            f"{case.order.cost_at_risk_eur:.0f}",
        )


def totals(conn: sa.Connection, today: date) -> Counter[str]:
    """How many renewals are in order, wait within their days, must move, and are free; and how many hold a job that comes too soon."""
    counts: Counter[str] = Counter()
    for case in cases(conn, today):
        waits = any(step.role != "before" for step in case.order.first)
        state = "moves" if case.order.moves else "waits within its days" if waits else "in order"
        counts[state if case.order.first else "nothing to wait for"] += 1
        counts["waits for a sewer"] += any(
            s.job.layer == "sewer" and s.role == "wait" for s in case.order.first
        )
        counts["a job stands too soon"] += any(step.too_soon_for for step in case.order.first)
    return counts


def _unclear(case: Case) -> tuple[bool, int, int, str]:
    own = [s for s in case.order.first if s.role == "wait" and share_of(case.renewal, s.job) >= OWN_STREET]
    deepest = min((RANKS[step.job.layer] for step in own), default=max(RANKS.values()))
    return case.renewal.planned_from is None or not own, deepest, len(case.order.first), case.number


def _names(steps: list[Step]) -> str:
    """`sewer (VIVAQUA, 2027-01-01)`, in their order; several jobs of one owner and layer as one."""
    several = Counter((step.job.layer, step.job.owner) for step in steps)
    first: dict[tuple[Layer, str], Step] = {}
    for step in steps:
        first.setdefault((step.job.layer, step.job.owner), step)
    return "; ".join(
        f"{layer} ({owner[:24].strip()}, {step.job.starts_on}{f', {several[layer, owner]} jobs' if several[layer, owner] > 1 else ''})"
        for (layer, owner), step in first.items()
    )
