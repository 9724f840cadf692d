"""Every step from every state by every role: exactly those of the table, and no other."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from geo_service.domain.agreements import Agreement
from geo_service.domain.conflicts import STATUSES, Status
from geo_service.domain.errors import InvalidInput, InvalidTransition, NotAllowed
from geo_service.domain.lifecycle import (
    UNDO_WITHIN,
    PastStep,
    check_role,
    check_undo,
    status_after,
)
from geo_service.domain.permissions import STEP_NAMES, StepName
from geo_service.domain.roles import ROLES, Role
from geo_service.store.keys import Principal

DESKS = {"workshop", "utilities_desk", "coordinator", "admin"}
DECIDE = {"utilities_desk", "coordinator", "admin"}
LIVE = {"open", "acknowledged", "agreed", "settled", "accepted_risk"}

ALLOWED: dict[str, tuple[set[str], set[str], str | None]] = {
    "acknowledge": ({"open"}, DESKS, "acknowledged"),
    "agree": ({"open", "acknowledged", "agreed"}, DECIDE, "agreed"),
    "settle": ({"open", "acknowledged", "agreed"}, DECIDE, "settled"),
    "accept-risk": ({"open", "acknowledged", "agreed"}, {"coordinator", "admin"}, "accepted_risk"),
    "comment": ({*STATUSES}, {*DESKS, "partner"}, None),
    "assign": (LIVE, DESKS, None),
    "reopen": (LIVE - {"open"}, DECIDE, "open"),
    "undo": (LIVE, DESKS, None),
}
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AN, BO = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(("step", "status", "role"), [*itertools.product(STEP_NAMES, STATUSES, ROLES)])
def test_a_step_is_taken_from_its_states_by_its_roles_only(
    step: StepName, status: Status, role: Role
) -> None:
    states, roles, target = ALLOWED[step]
    if role not in roles:
        with pytest.raises(NotAllowed):
            check_role(step, role)
        return
    check_role(step, role)
    if status not in states:
        with pytest.raises(InvalidTransition):
            status_after(step, status)
    else:
        assert status_after(step, status) == (target or status)


def desk(role: Role) -> Principal:
    return Principal("an", role, machine_id=AN)


def past(actor: str = f"key:{AN}", minutes: float = 1) -> PastStep:
    return PastStep("settle", actor, NOW - timedelta(minutes=minutes), "open", "settled")


def test_undoing_brings_back_the_state_before() -> None:
    assert check_undo(past(), "settled", desk("utilities_desk"), NOW) == "open"


def test_the_last_moment_to_undo_is_ten_minutes_later() -> None:
    minutes = UNDO_WITHIN / timedelta(minutes=1)
    assert check_undo(past(minutes=minutes), "settled", desk("workshop"), NOW) == "open"
    with pytest.raises(InvalidTransition):
        check_undo(past(minutes=minutes + 0.01), "settled", desk("workshop"), NOW)


def test_only_the_coordinator_undoes_what_somebody_else_did() -> None:
    assert check_undo(past(f"key:{BO}"), "settled", desk("coordinator"), NOW) == "open"
    with pytest.raises(NotAllowed):
        check_undo(past(f"key:{BO}"), "settled", desk("utilities_desk"), NOW)


@pytest.mark.parametrize(("last", "status"), [(None, "open"), (past(), "open")])
def test_nothing_is_undone_when_something_else_has_happened_since(
    last: PastStep | None, status: Status
) -> None:
    with pytest.raises(InvalidTransition):
        check_undo(last, status, desk("admin"), NOW)


@pytest.mark.parametrize(
    ("agreement", "field"),
    [
        (Agreement("hold_until"), "until"),
        (Agreement("hold_until", date(2026, 11, 23)), "until"),
        (Agreement("combine", date(2026, 11, 22)), "until"),
    ],
)
def test_an_agreement_that_cannot_hold_is_refused(agreement: Agreement, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        agreement.check(date(2026, 11, 23))
    assert [error.field for error in refused.value.errors] == [field]


def test_an_agreement_may_hold_until_tomorrow_or_without_an_end() -> None:
    Agreement("hold_until", date(2026, 11, 24)).check(date(2026, 11, 23))
    Agreement("full_width").check(date(2026, 11, 23))
