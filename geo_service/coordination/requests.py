"""Ask a utility to take the city's repairs along with its works, keep its answer, and let that count in the advice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.alerts import feed
from geo_service.coordination import request_terms, steps, withdrawals
from geo_service.domain.agreements import Agreement
from geo_service.domain.errors import InvalidInput, InvalidTransition, VersionMismatch
from geo_service.domain.requests import Answer, check_answer
from geo_service.domain.works import OVER
from geo_service.store import requests as store
from geo_service.store import rules
from geo_service.store.listing import Row


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of which works, for which repairs (None: all on their ground), how wide in metres (None: the full width)."""

    works_id: UUID
    repair_ids: Sequence[UUID] | None = None
    width_m: float | None = None
    note: str | None = None
    due_on: date | None = None


def ask(conn: sa.Connection, question: Question, actor: str, today: date) -> UUID:
    """Store a request and tell of it; return its id. The caller holds the writers' lock.

    Raises NotFound, InvalidInput when no repair lies on the ground of the works or the day is past, and InvalidTransition when the works
    are over, vanished or were asked already.
    """
    works = store.requestable_works(conn, question.works_id, question.repair_ids)
    if works["vanished_at"] is not None:
        raise InvalidTransition("works_vanished")
    if works["certainty"] in OVER or works["ends_on"] <= today:
        raise InvalidTransition("works_over")
    repair_ids = works["repair_ids"]
    if not repair_ids or (question.repair_ids is not None and set(question.repair_ids) - set(repair_ids)):
        raise InvalidInput.one("repairs", "not_on_the_ground")
    if (twin := store.open_twin(conn, works)) is not None:
        raise InvalidTransition("asked_already", number=f"R-{twin}")
    parameters = rules.load_parameters(conn)
    terms = request_terms.of_works(conn, works, today, parameters)
    due_on = question.due_on or terms["due_on"]
    if due_on < today:
        raise InvalidInput.one("due_on", "in_the_past", today=today, day=due_on)
    row: dict[str, Any] = {
        **terms,
        "works_id": question.works_id,
        "width_m": question.width_m,
        "note": question.note,
        "due_on": due_on,
        "asked_by": actor,
    }
    request_id = store.create(conn, row)
    _tell(conn, [store.get(conn, request_id)], "request.asked")
    return request_id


def answer(
    conn: sa.Connection,
    request_id: UUID,
    state: Answer,
    note: str | None,
    actor: steps.Actor,
    version: int,
    today: date,
) -> None:
    """Keep an answer of the utility, or of the desk on its behalf, and tell of it. The caller holds the writers' lock.

    A yes is an agreement on the full width, for each conflict of these repairs with these works. Raises NotFound, VersionMismatch and
    InvalidTransition.
    """
    row = store.get(conn, request_id, actor.owner_group)
    if row["version"] != version:
        raise VersionMismatch("request_changed", version=row["version"], id=str(request_id))
    check_answer(state, row["state"])
    news: dict[str, Any] = {"state": state}
    if state != "done":
        values = {"answered_by": actor.name, "answered_at": datetime.now(UTC), "answer_note": note}
        news |= {**values, "late": row["due_on"] < today}
    store.save(conn, request_id, news)
    if state == "yes":
        agreement = Agreement("full_width", note=note or row["note"])
        steps.agree_for(conn, store.conflict_ids(conn, row), agreement, actor, today)
    elif state == "no" and row["state"] == "yes":
        steps.reopen_for(conn, store.agreed_ids(conn, row), actor, today)
    _tell(conn, [store.get(conn, request_id)], "request.answered")


def end_terms(conn: sa.Connection, today: date) -> int:
    """Ask the coordinator about the requests that nobody answered in time; return how many. The caller holds the writers' lock."""
    rows = store.overdue(conn, today)
    for row in rows:
        store.save(conn, row["id"], {"state": "no_answer"})
    _tell(conn, [store.get(conn, row["id"]) for row in rows], "request.no_answer")
    return len(rows)


def _tell(conn: sa.Connection, rows: Sequence[Row], kind: feed.AlertType) -> None:
    feed.append(conn, withdrawals.request_alerts(conn, rows, kind))
