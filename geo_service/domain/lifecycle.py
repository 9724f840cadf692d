"""The life of a conflict between people: steps, and from which states (domain.md §5). Who may take them stands in `permissions`.

Detection opens, expires and withdraws conflicts by the facts (`detection/conflicts_open.sql`, `conflicts_close.sql`); people do the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from geo_service.domain.conflicts import GONE, LIVE, Status
from geo_service.domain.errors import InvalidInput, InvalidTransition, NotAllowed
from geo_service.domain.permissions import PERMISSIONS, Principal, StepName, Thing, can, may
from geo_service.domain.roles import Role

UNDO_WITHIN = timedelta(minutes=10)
MIN_REASON = 15
"""Characters of a reason that somebody can follow a year later."""


@dataclass(frozen=True, slots=True)
class Step:
    """From which states a step may be taken, and the state it leads to (None: the same)."""

    sources: tuple[Status, ...]
    target: Status | None


STEPS: Mapping[StepName, Step] = {
    "acknowledge": Step(("open",), "acknowledged"),
    "agree": Step(("open", "acknowledged", "agreed"), "agreed"),
    "settle": Step(("open", "acknowledged", "agreed"), "settled"),
    "accept-risk": Step(("open", "acknowledged", "agreed"), "accepted_risk"),
    "comment": Step((*LIVE, *GONE), None),
    "assign": Step(LIVE, None),
    "reopen": Step(("acknowledged", "agreed", "settled", "accepted_risk"), "open"),
    "undo": Step(LIVE, None),
}


@dataclass(frozen=True, slots=True)
class PastStep:
    """A step that was taken, as undoing it needs it: by whom (an id), when, and the state before and after it."""

    name: StepName
    actor: str | None
    at: datetime
    before: Status
    after: Status


def check_role(name: StepName, role: Role) -> None:
    """Raises NotAllowed when this role may not take the step."""
    roles = PERMISSIONS[name]
    if not may(role, name):
        raise NotAllowed("role_may_not.step", role=role, roles=list(roles), step=name)


def status_after(name: StepName, status: Status) -> Status:
    """Return the state after a step from `status`. Raises InvalidTransition."""
    step = STEPS[name]
    if status not in step.sources:
        raise InvalidTransition("conflict_step", step=name, conflict_status=status)
    return step.target or status


def check_undo(past: PastStep | None, status: Status, actor: Principal, now: datetime) -> Status:
    """Return the state that undoing the last step brings back.

    Raises InvalidTransition when there is nothing to undo, when ten minutes have passed, or when something else has happened since; raises
    NotAllowed for the step of somebody else, which only a coordinator undoes.
    """
    if past is None or past.after != status:
        raise InvalidTransition("nothing_to_undo")
    if now - past.at > UNDO_WITHIN:
        raise InvalidTransition("undo_too_late")
    if not can(actor, "undo", Thing(author=past.actor)):
        raise NotAllowed("undo_of_another")
    return past.before


def check_reason(reason: str, field: str = "reason") -> str:
    """Return the reason without outer spaces. Raises InvalidInput when it is too short to be followed later."""
    if len(reason.strip()) < MIN_REASON:
        raise InvalidInput.one(field, "too_short.minimum", minimum=MIN_REASON)
    return reason.strip()
