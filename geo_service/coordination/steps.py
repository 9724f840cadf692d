"""People take steps with conflicts: acknowledge, agree, assign, settle, accept a risk, comment, reopen, undo (`domain/lifecycle.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.alerts import feed
from geo_service.coordination import changes
from geo_service.detection import run
from geo_service.domain.agreements import Agreement
from geo_service.domain.errors import InvalidTransition, NotFound, VersionMismatch
from geo_service.domain.lifecycle import STEPS, check_role, check_undo, status_after
from geo_service.domain.permissions import StepName
from geo_service.domain.roles import Role
from geo_service.store import cases
from geo_service.store import steps as store
from geo_service.store.listing import Row

ALERTS: dict[StepName, feed.AlertType] = {"comment": "conflict.commented", "assign": "conflict.assigned"}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step. `owner_group` is the one that a partner is confined to; None for the city."""

    id: str
    name: str
    role: Role
    owner_group: str | None = None


@dataclass(frozen=True, slots=True)
class StepInput:
    """What comes with a step: the agreement, the assignment (`department`, `person`, `due_on`), and words."""

    agreement: Agreement | None = None
    assignment: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A conflict that a step changed, the repair in it, and what its alert says."""

    conflict_id: UUID
    repair_id: UUID | None
    details: Mapping[str, Any]


def take(
    conn: sa.Connection,
    conflict_id: UUID,
    step: StepName,
    step_input: StepInput,
    actor: Actor,
    version: int,
    today: date,
) -> None:
    """Take one step with a conflict: its new state, an entry of its trail, an alert, and the advice that follows, in one transaction.

    The caller holds the writers' lock. Raises NotFound, VersionMismatch, NotAllowed, InvalidTransition and InvalidInput.
    """
    check_role(step, actor.role)
    row = conflict_at(conn, conflict_id, actor, version)
    _announce(conn, step, [_take(conn, row, step, step_input, actor, today)], today)


def take_for_case(
    conn: sa.Connection,
    case_id: UUID,
    step: StepName,
    step_input: StepInput,
    actor: Actor,
    version: int,
    today: date,
) -> None:
    """Take one step with every conflict of a case that is in a state for it; `version` is that of the case. As `take` otherwise."""
    check_role(step, actor.role)
    case = case_at(conn, case_id, actor, version, today)
    changed: list[Change] = []
    refused: list[InvalidTransition] = []
    for conflict_id in case["conflict_ids"]:
        try:
            changed.append(_take(conn, _read(conn, conflict_id, actor), step, step_input, actor, today))
        except InvalidTransition as error:
            refused.append(error)
    if not changed:
        raise refused[0]
    _announce(conn, step, changed, today)


def exempt(
    conn: sa.Connection,
    conflict_id: UUID,
    reason: str,
    note: str | None,
    actor: Actor,
    version: int,
    today: date,
) -> None:
    """Let works open protected ground: the risk is accepted for one of the reasons of the register.

    The caller holds the writers' lock, and has looked whether `actor` may. Raises NotFound, VersionMismatch and InvalidTransition.
    """
    row = conflict_at(conn, conflict_id, actor, version)
    if not store.is_protected(conn, conflict_id):
        raise InvalidTransition("not_protected")
    words = {"exception": reason, **({"note": note} if note else {})}
    _announce(
        conn, "accept-risk", [_take(conn, row, "accept-risk", StepInput(words=words), actor, today)], today
    )


def agree_for(
    conn: sa.Connection, conflict_ids: Sequence[UUID], agreement: Agreement, actor: Actor, today: date
) -> None:
    """Keep one agreement for each of these conflicts that is in a state for it; whether `actor` may was looked at before."""
    _take_each(conn, conflict_ids, "agree", StepInput(agreement), actor, today)


def reopen_for(conn: sa.Connection, conflict_ids: Sequence[UUID], actor: Actor, today: date) -> None:
    """Open each of these conflicts again that is in a state for it; whether `actor` may was looked at before."""
    _take_each(conn, conflict_ids, "reopen", StepInput(), actor, today)


def _take_each(
    conn: sa.Connection,
    conflict_ids: Sequence[UUID],
    step: StepName,
    step_input: StepInput,
    actor: Actor,
    today: date,
) -> None:
    fitting = [
        row
        for row in (_read(conn, one, actor) for one in conflict_ids)
        if row["status"] in STEPS[step].sources
    ]
    _announce(conn, step, [_take(conn, row, step, step_input, actor, today) for row in fitting], today)


def end_agreements(conn: sa.Connection, today: date) -> int:
    """Open the conflicts again whose agreement is over, and tell; return how many. The caller holds the writers' lock."""
    ended = store.reopen_after_agreement(conn, today)
    events = []
    for row in ended:
        details = {"status": [row["status"], "open"], "agreement": row["agreement"]}
        store.record(conn, row["id"], "agreement_ended", "detection", details)
        events.append(run.ConflictEvent(row["id"], "reopened", details, row["repair_id"]))
    if events:
        changes.announce(conn, run.Subject(), events, today)
    return len(events)


def _take(
    conn: sa.Connection, row: Row, step: StepName, step_input: StepInput, actor: Actor, today: date
) -> Change:
    """Store the step and its entry of the trail; return what is to be announced."""
    after = status_after(step, row["status"])
    if step_input.agreement is not None:
        step_input.agreement.check(today)
    news = (
        _undone(conn, row, actor)
        if step == "undo"
        else {"status": after, **_content(step_input), **_unbound(step, row)}
    )
    if news["status"] == "open" != row["status"]:
        news["open_since"] = today
    store.save(conn, row["id"], news)
    status = [row["status"], news["status"]]
    details = {
        **step_input.words,
        **_plain(_content(step_input)),
        "status": status,
        "before": _plain(_state(row)),
    }
    store.record(conn, row["id"], step, actor.name, details, actor_id=actor.id)
    return Change(
        row["id"], row["repair_id"], {"step": step, "status": status, **_plain(_content(step_input))}
    )


def _unbound(step: StepName, row: Row) -> dict[str, Any]:
    """What is settled without an agreement in force binds nobody, whatever was agreed on before."""
    return {"agreement": None} if step == "settle" and row["status"] != "agreed" else {}


def conflict_at(conn: sa.Connection, conflict_id: UUID, actor: Actor, version: int) -> Row:
    """A conflict at this version, locked. Raises NotFound, VersionMismatch."""
    row = _read(conn, conflict_id, actor)
    if row["version"] != version:
        raise VersionMismatch("conflict_changed", version=row["version"], id=str(conflict_id))
    return row


def case_at(conn: sa.Connection, case_id: UUID, actor: Actor, version: int, today: date) -> Row:
    """A case at this version. Raises NotFound, VersionMismatch."""
    case = cases.get(conn, case_id, today, actor.owner_group)
    if case["version"] != version:
        raise VersionMismatch("case_changed", version=case["version"], id=str(case_id))
    return case


def _read(conn: sa.Connection, conflict_id: UUID, actor: Actor) -> Row:
    row = store.lock(conn, conflict_id, actor.owner_group)
    if row is None:
        raise NotFound("no_conflict", given=str(conflict_id))
    return row


def _undone(conn: sa.Connection, row: Row, actor: Actor) -> dict[str, Any]:
    past, before = store.last_step(conn, row["id"]) or (None, {})
    status = check_undo(past, row["status"], actor, datetime.now(UTC))
    due_on = before.get("due_on")
    return {**before, "due_on": due_on and date.fromisoformat(due_on), "status": status}


def _content(step_input: StepInput) -> dict[str, Any]:
    """The columns that a step fills besides the status."""
    agreement = {} if step_input.agreement is None else {"agreement": _plain(asdict(step_input.agreement))}
    return {**agreement, **step_input.assignment}


def _state(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in store.STATE}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON holds them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _announce(conn: sa.Connection, step: StepName, changed: Sequence[Change], today: date) -> None:
    """Queue an alert for each conflict, and review each repair once, when all of its conflicts are as they will be."""
    if step == "acknowledge":
        return
    kind = ALERTS.get(step, "conflict.status_changed")
    repair_ids = sorted({one.repair_id for one in changed if one.repair_id})
    alerts = changes.step_alerts(conn, [(one.conflict_id, kind, one.details) for one in changed])
    feed.append(conn, [*alerts, *changes.review_holds(conn, repair_ids, today)])
