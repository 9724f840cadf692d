"""What an agreement makes of the conflicts that it is about: whether they still hold the repair, and until which day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from geo_service.domain.agreements import Agreement
from geo_service.domain.conflicts import RepairConflict
from geo_service.domain.repairs import RepairCase

SURFACE_RULES = ("wasted_repair", "repair_during_works")


def by_agreement(
    conflicts: Sequence[RepairConflict], repair: RepairCase, today: date
) -> list[RepairConflict]:
    """Return the conflicts as the agreements leave them.

    An agreement is about works, so that it counts for each rule by which they meet the surface of the repair. Danger stays what it is: a
    verdict that makes safe does not look at agreements.
    """
    agreed = {c.dig_id or c.works: c.agreement for c in conflicts if c.agreement is not None}
    begin = max(repair.planned_from or today, today)
    return [
        _as_agreed(c, agreement, repair, begin, today)
        if c.rule in SURFACE_RULES and (agreement := agreed.get(c.dig_id or c.works)) is not None
        else c
        for c in conflicts
    ]


def _as_agreed(
    conflict: RepairConflict, agreement: Agreement, repair: RepairCase, begin: date, today: date
) -> RepairConflict:
    named = replace(conflict, agreement=agreement)
    works = conflict.works
    if agreement.kind != "hold_until" and agreement.until is not None and begin >= agreement.until:
        return replace(conflict, agreement=None)  # the repair comes when the agreement is over
    if agreement.kind == "combine" and works.overdue and not works.late:
        return replace(
            conflict, agreement=None, blocking=True
        )  # with works that did not begin nothing goes along
    if agreement.kind == "hold_until" and agreement.until is not None and begin >= agreement.until:
        under_way = works.certainty == "in_progress" and begin <= today
        if works.overdue or under_way:  # the day has come, and the works were not done by then
            return replace(conflict, agreement=None)
    if agreement.kind == "full_width":
        return replace(named, blocking=True)
    if agreement.kind == "patch_only":
        return _free(named) if repair.scope == "spot" else replace(named, blocking=True)
    if agreement.kind == "hold_until" and agreement.until is not None:
        return _held_until(named, agreement.until, begin)
    if agreement.kind == "combine":
        return _held_until(named, works.starts_on, begin)
    return _free(named)


def _held_until(conflict: RepairConflict, day: date, begin: date) -> RepairConflict:
    if begin >= day:
        return _free(conflict)
    return replace(conflict, blocking=True, works=replace(conflict.works, claimed_until=day))


def _free(conflict: RepairConflict) -> RepairConflict:
    """It holds nothing, and what it could cost is what both sides accept."""
    return replace(conflict, blocking=False, cost_at_risk_eur=0.0)
