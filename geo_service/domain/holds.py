"""What an agreement makes of the conflicts that it is about: whether they still hold the repair, and until which day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from geo_service.domain.agreements import Agreement
from geo_service.domain.conflicts import RepairConflict, WorksParty
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
    if (
        agreement.until is not None
        and begin >= agreement.until
        and _is_over(agreement, works, begin <= today)
    ):
        return replace(conflict, agreement=None)
    if agreement.kind == "combine" and works.overdue and not works.late:
        # with works that did not begin nothing goes along
        return replace(conflict, agreement=None, blocking=True)
    if agreement.kind == "full_width":
        return replace(named, blocking=True)
    if agreement.kind == "patch_only":
        return _free(named) if repair.scope == "spot" else replace(named, blocking=True)
    if agreement.kind == "hold_until" and agreement.until is not None:
        return _held_until(named, agreement.until, begin)
    if agreement.kind == "combine":
        return _held_until(named, works.starts_on, begin)
    return _free(named)


def _is_over(agreement: Agreement, works: WorksParty, begins_today: bool) -> bool:
    """Whether an agreement whose day has come says nothing any more; a hold that was kept frees the repair, unless the works were not done by then."""
    if agreement.kind != "hold_until":
        return True
    return works.overdue or (works.certainty == "in_progress" and begins_today)


def _held_until(conflict: RepairConflict, day: date, begin: date) -> RepairConflict:
    if begin >= day:
        return _free(conflict)
    return replace(conflict, blocking=True, works=replace(conflict.works, claimed_until=day))


def _free(conflict: RepairConflict) -> RepairConflict:
    """It holds nothing, and what it could cost is what both sides accept."""
    return replace(conflict, blocking=False, cost_at_risk_eur=0.0)
