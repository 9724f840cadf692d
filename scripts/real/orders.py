"""Which works each footpath renewal of Schaerbeek should wait for, and in which order; the ten clearest with a map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from geo_service import city, db
from geo_service.coordination import sequencing
from geo_service.domain.advice import Advice
from geo_service.domain.layers import Layer
from geo_service.domain.order import Order, Step

PACKAGE = "scripts.real"
CLEAREST = 10
OWN_STREET = 0.6
"""A job that takes this share of a renewal is in its street, not round its corner."""


@dataclass(frozen=True, slots=True)
class Case:
    """One footpath renewal, its planned days, the advice on it, and the works that the programme names in the same street."""

    repair_id: UUID
    number: str
    street: str
    planned_from: date | None
    planned_until: date | None
    advice: Advice
    own_ids: frozenset[UUID]

    @property
    def order(self) -> Order:
        return self.advice.order


def cases(conn: sa.Connection, today: date) -> list[Case]:
    """Every renewal, the clearest first: deep works in its own street that it has to wait for, and few others."""
    named = {row["id"]: row for row in db.fetch(conn, PACKAGE, "renewals_named")}
    found = sequencing.of_repairs(conn, list(named), today)
    all_cases = [
        Case(
            key,
            named[key]["number"],
            named[key]["street"],
            named[key]["planned_from"],
            named[key]["planned_until"],
            advice,
            frozenset(named[key]["own_ids"]),
        )
        for key, advice in found.items()
    ]
    return sorted(all_cases, key=_unclear)


def tell(conn: sa.Connection, today: date) -> Iterator[tuple[str, ...]]:
    """A row for each renewal: number, street, planned, verdict, waits for, in order already, free from, at stake."""
    for case in cases(conn, today):
        waits = [step for step in case.order.first if step.role != "before"]
        fixed = [step for step in case.order.first if step.role == "before"]
        yield (
            case.number,
            case.street,
            f"{case.planned_from} … {case.planned_until}" if case.planned_from else "no days",
            case.advice.verdict,
            _names(waits),
            _names(fixed),
            str(case.order.repair_from or ""),
            "yes" if case.order.moves else "no",
            f"{case.order.cost_at_risk_eur:.0f}",
        )


def totals(conn: sa.Connection, today: date) -> Counter[str]:
    """How many renewals are held, in order, wait within their days, must move, and are free; how many hold a job that comes too soon; and
    in how many the works that decide on the day lie in another street, by the names in the programme."""
    counts: Counter[str] = Counter()
    for case in cases(conn, today):
        counts[f"verdict {case.advice.verdict}"] += 1
        counts["held"] += case.advice.blocked
        waits = any(step.role != "before" for step in case.order.first)
        state = "moves" if case.order.moves else "waits within its days" if waits else "in order"
        counts[state if case.order.first else "nothing to wait for"] += 1
        counts["waits for a sewer"] += any(
            s.works.layer == "sewer" and s.role == "wait" for s in case.order.first
        )
        counts["a job stands too soon"] += any(step.too_soon_for for step in case.order.first)
        counts["the job that decides lies in another street"] += deciding_elsewhere(case) is not None
        counts["crossings put apart"] += any(step.role == "crossing" for step in case.order.later)
    return counts


def deciding_elsewhere(case: Case) -> Step | None:
    """The last of the programme's works that are waited for, if no record of that dig names the street of the renewal."""
    waited = [s for s in case.order.first if s.role != "before" and s.works.source == "osiris-programme"]
    last = max(waited, key=lambda step: step.works.free_from, default=None)
    return last if last and case.own_ids.isdisjoint(last.works_ids) else None


def _unclear(case: Case) -> tuple[bool, int, int, str]:
    ranks = city.load().layers.ranks
    own = [s for s in case.order.first if s.role == "wait" and s.lost_share >= OWN_STREET]
    deepest = min((ranks[step.works.layer] for step in own), default=max(ranks.values()))
    return case.planned_from is None or not own, deepest, len(case.order.first), case.number


def _names(steps: list[Step]) -> str:
    """`sewer (VIVAQUA, 2027-01-01)`, in their order; several jobs of one owner and layer as one."""
    several = Counter((step.works.layer, step.works.owner) for step in steps)
    first: dict[tuple[Layer, str], Step] = {}
    for step in steps:
        first.setdefault((step.works.layer, step.works.owner), step)
    return "; ".join(
        f"{layer} ({owner[:24].strip()}, {step.works.starts_on}{f', {several[layer, owner]} jobs' if several[layer, owner] > 1 else ''})"
        for (layer, owner), step in first.items()
    )
