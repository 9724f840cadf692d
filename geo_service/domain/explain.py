"""What would make a conflict disappear: a pure function of the conflict as it was found.

Each change is a code with parameters; `presentation/conflicts.py` words it. A test carries out each change and checks that the conflict is
gone (`tests/coordination/test_explaining.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from geo_service.domain.conflicts import first_free_day

ConflictRow = Mapping[str, Any]
"""A conflict in the columns of the store: `rule_id`, `a`, `b` (claims in JSON) and `facts`."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the facts after which the conflict is gone."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def disappears_if(conflict: ConflictRow, rule: Mapping[str, Any]) -> tuple[Change, ...]:
    """The changes of days, ground or plans that would end this conflict, the likeliest first. `rule` is the version that spoke."""
    return tuple(_changes(conflict, rule))


def free_from(claim: Mapping[str, Any], other: Mapping[str, Any]) -> date | None:
    """The first day that is free of this side of a conflict: with slack, but for a wish that meets a repair, which ends when it says so."""
    if claim["ends_on"] is None:
        return None
    ends_on = _day(claim["ends_on"])
    if other["repair_id"] is None or claim["kind"] not in ("opening", "occupancy"):
        return ends_on
    return first_free_day(claim["certainty"], claim["overdue"], _day(claim["stated_ends_on"]), ends_on)


def _changes(conflict: ConflictRow, rule: Mapping[str, Any]) -> Iterator[Change]:
    a, b, facts = conflict["a"], conflict["b"], conflict["facts"]
    rule_id = conflict["rule_id"]
    if rule_id == "accumulated_hindrance":
        yield Change("fewer_digs", {"count": facts["digs"] - rule["least_count"] + 1})
        return
    if rule_id == "guarantee_applies":
        yield Change("guarantee_over", {"on": _day(b["ends_on"])})
        return
    if a["repair_id"] and a["certainty"] != "done":
        yield Change("repair_from", {"on": free_from(b, a)})
        if a["kind"] == "investment":
            yield Change("works_from", {"on": _day(a["ends_on"])})
    elif a["kind"] == "investment":
        yield Change("works_from", {"on": _day(a["ends_on"])})
    elif b["kind"] == "protection":
        yield Change("works_from", {"on": _day(b["ends_on"])})
    elif b["kind"] == "access":
        if b["ends_on"]:
            yield Change("works_outside", {"from": _day(b["starts_on"]), "to": _day(b["ends_on"])})
    else:
        around = timedelta(days=rule["after_days"])
        yield Change("works_apart", {"on": max(_day(a["ends_on"]), _day(b["ends_on"])) + around})
    yield Change("works_cancelled")
    reach_m = facts["inputs"]["clearance_m"]
    if facts["overlap_m2"] == 0:
        yield Change("ground_apart", {"distance_m": reach_m - facts["distance_m"]})
    else:
        yield Change("ground_clear", {"distance_m": reach_m}) if reach_m else Change("ground_free")


def _day(text: str) -> date:
    return date.fromisoformat(text)
