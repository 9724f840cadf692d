"""Store what follows from changed facts: conflicts, advice, holds and alerts, in the transaction of the change itself."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import feed
from geo_service.coordination import advising, citizen, withdrawals
from geo_service.detection import run
from geo_service.domain.advice import Advice
from geo_service.domain.parameters import Parameters
from geo_service.domain.repairs import OVER
from geo_service.store import cities, renumberings, rules
from geo_service.store.tables import repairs

PACKAGE = "geo_service.coordination"

CONFLICT_ALERTS: dict[run.EventKind, feed.AlertType] = {
    "opened": "conflict.opened",
    "reopened": "conflict.reopened",
    "changed": "conflict.changed",
    "expired": "conflict.expired",
    "withdrawn": "conflict.withdrawn",
}


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """How many conflicts a change opened and closed, and how many alerts it queued."""

    opened: int
    closed: int
    alerts: int


def record(conn: sa.Connection, subject: run.Subject, today: date, *, new_day: bool = False) -> ChangeCounts:
    """Detect around `subject`, advise the repairs that this touches, and queue the alerts; `new_day` as in `review_holds`.

    The caller holds the writers' lock (`store.locks.claims_writer`) and commits this with the facts that changed.
    """
    parameters = rules.load_parameters(conn)
    events = run.refresh(conn, subject, today, parameters)
    return announce(conn, subject, events, today, parameters, new_day=new_day)


def announce(
    conn: sa.Connection,
    subject: run.Subject,
    events: Sequence[run.ConflictEvent],
    today: date,
    parameters: Parameters | None = None,
    *,
    new_day: bool = False,
) -> ChangeCounts:
    """The second half of `record`: advise the repairs that `events` around `subject` touch, and queue the alerts."""
    if not new_day:
        _suggest_duplicates(conn, subject, parameters or rules.load_parameters(conn))
        if subject.works_ids:
            record_savings(conn, subject)
    touched = sorted(_repairs_of(conn, subject, events))
    holds = review_holds(conn, touched, today, parameters, new_day=new_day)
    alerts = [*_conflict_alerts(conn, events), *holds, *withdrawals.review(conn, subject, today)]
    if alerts:
        feed.append(conn, alerts)
    return ChangeCounts(
        opened=sum(event.kind in ("opened", "reopened") for event in events),
        closed=sum(event.kind in ("expired", "withdrawn") for event in events),
        alerts=len(alerts),
    )


def _suggest_duplicates(conn: sa.Connection, subject: run.Subject, parameters: Parameters) -> None:
    """Which of the repairs that changed may be the same defect as another: `coordination.duplicates` confirms or refuses."""
    if subject.repair_ids:
        db.execute(
            conn,
            PACKAGE,
            "duplicates_suggest",
            repair_ids=list(subject.repair_ids),
            within_m=parameters.duplicate_within_m,
            within_days=int(parameters.duplicate_within_days),
        )


def record_savings(conn: sa.Connection, subject: run.Subject) -> None:
    """Add what coordination saved to the trail of conflicts of these repairs and works that are finished; each conflict once."""
    db.execute(conn, PACKAGE, "avoided", prepare=True, **subject.params())


def review_holds(
    conn: sa.Connection,
    repair_ids: Sequence[UUID],
    today: date,
    parameters: Parameters | None = None,
    *,
    new_day: bool = False,
) -> list[feed.AlertDraft]:
    """Advise these repairs again and store the advice; return an alert for each hold that began, moved or ended.

    `new_day`: only the day may have changed. A hold that late works move every day then makes no alert.
    """
    # of two records that may be one, the one that claims no ground gets no advice until a person has decided
    repair_ids = sorted(set(repair_ids) - renumberings.silent(conn, repair_ids))
    case_by_case = advising.of_repairs(conn, repair_ids, today, parameters)
    if over := set(repair_ids) - {advised.repair_id for advised in case_by_case}:
        _forget(conn, over)
        _keep_holds(conn, over, today)
    routing = cities.in_force(conn).routing
    alerts: list[feed.AlertDraft] = []
    advice_rows: list[dict[str, Any]] = []
    for advised in case_by_case:
        advice = advised.advice
        before = (advised.previous_verdict, advised.previous_until, advised.previous_held)
        if before == (advice.verdict, advice.until, advice.blocked):
            continue
        advice_rows.append(
            {
                "id": advised.repair_id,
                "verdict": advice.verdict,
                "until": advice.until,
                "blocked": advice.blocked,
            }
        )
        kind = _hold_alert(advised)
        if kind == "repair.hold_moved" and new_day and _pushed_along(advised.advice, today):
            continue
        if kind:
            alerts.append(_alert_about(advised, kind, routing))
    if advice_rows:
        db.execute(conn, PACKAGE, "repairs_advice", prepare=True, advice=json.dumps(advice_rows, default=str))
    # also for unchanged advice: an older version of the server may have stored it without its hold
    _keep_holds(conn, [advised.repair_id for advised in case_by_case], today)
    news = [one for one in case_by_case if not (new_day and _pushed_along(one.advice, today))]
    citizen.record_updates(conn, repair_ids, news)
    return alerts


def _forget(conn: sa.Connection, repair_ids: Collection[UUID]) -> None:
    """Clear verdict and hold of finished repairs."""
    advised = repairs.c.verdict.is_not(None)
    conn.execute(
        sa.update(repairs)
        .where(repairs.c.id.in_(repair_ids), advised)
        .values(held=False, verdict=None, verdict_until=None)
    )


def _keep_holds(conn: sa.Connection, repair_ids: Collection[UUID], today: date) -> None:
    """Store which of these repairs are held, until when, and which holds ended on `today`."""
    db.execute(conn, PACKAGE, "holds_keep", prepare=True, repair_ids=list(repair_ids), today=today)


def _pushed_along(advice: Advice, today: date) -> bool:
    """Whether the works that decide the end of the hold are late: overdue, or past their end and still running."""
    deciding = [
        reason.conflict.works
        for reason in advice.reasons
        if reason.conflict
        and reason.conflict.blocking
        and reason.conflict.works.claimed_until == advice.until
    ]
    return any(works.overdue or works.ends_on < today for works in deciding)


def _hold_alert(advised: advising.RepairAdvice) -> feed.AlertType | None:
    if advised.advice.blocked and not advised.previous_held:
        return "repair.held"
    if advised.previous_held and not advised.advice.blocked:
        return "repair.released"
    if advised.advice.blocked and advised.advice.until != advised.previous_until:
        return "repair.hold_moved"
    if advised.previous_verdict not in (None, advised.advice.verdict):
        return "advice.changed"
    return None


def _alert_about(
    advised: advising.RepairAdvice, kind: feed.AlertType, routing: Mapping[str, tuple[str, ...]]
) -> feed.AlertDraft:
    advice = advised.advice
    works = advice.leading.works if advice.leading else None
    data: dict[str, Any] = {
        "verdict": advice.verdict,
        "until": advice.until,
        "previous": {"verdict": advised.previous_verdict, "until": advised.previous_until},
        "cost_at_risk_eur": advice.cost_at_risk_eur,
        "works": works
        and {
            "owner": works.owner,
            "source": works.source,
            "source_id": works.source_id,
            "certainty": works.certainty,
            "starts_on": works.starts_on,
            "ends_on": works.ends_on,
        },
    }
    departments = routing["advice.changed" if kind == "advice.changed" else "repair.hold"]
    return feed.AlertDraft(
        type=kind, conflict_id=None, repair_id=advised.repair_id, departments=departments, data=data
    )


def step_alerts(
    conn: sa.Connection, events: Sequence[tuple[UUID, feed.AlertType, Mapping[str, Any]]]
) -> list[feed.AlertDraft]:
    """The alerts of people's steps (conflict, kind, details), for the departments of the rule and the assigned one."""
    alerts = []
    for alert in _alerts_about(conn, events):
        assigned = alert.data["changes"].get("department")
        departments = dict.fromkeys((*alert.departments, *([assigned] if assigned else [])))
        alerts.append(replace(alert, departments=tuple(departments)))
    return alerts


def _conflict_alerts(conn: sa.Connection, events: Sequence[run.ConflictEvent]) -> list[feed.AlertDraft]:
    return _alerts_about(
        conn, [(event.conflict_id, CONFLICT_ALERTS[event.kind], event.details) for event in events]
    )


def _alerts_about(
    conn: sa.Connection, events: Sequence[tuple[UUID, feed.AlertType, Mapping[str, Any]]]
) -> list[feed.AlertDraft]:
    """One alert for each event (conflict, kind, what changed), with the facts of its conflict; none for a conflict in the shadow."""
    if not events:
        return []
    ids = [conflict_id for conflict_id, *_ in events]
    rows = db.fetch(conn, PACKAGE, "conflict_alerts", prepare=True, conflict_ids=ids)
    facts = {row["id"]: row for row in rows}
    alerts = []
    for conflict_id, kind, details in events:
        if conflict_id in facts:
            data = {**facts[conflict_id], "changes": dict(details)}
            departments = tuple(data.pop("departments"))
            repair_id = data.pop("repair_id")
            alerts.append(feed.AlertDraft(kind, departments, data, data.pop("id"), repair_id))
    return alerts


def _repairs_of(conn: sa.Connection, subject: run.Subject, events: Sequence[run.ConflictEvent]) -> set[UUID]:
    """Repairs whose advice may change: those of changed conflicts, and those that meet the subject's works, as advice also reads facts
    outside conflicts (the works' owner). After a full run: all open repairs and all with a verdict."""
    if subject.everything:
        going = sa.and_(repairs.c.status.not_in(OVER), repairs.c.deleted_at.is_(None))
        return set(conn.scalars(sa.select(repairs.c.id).where(sa.or_(going, repairs.c.verdict.is_not(None)))))
    touched = {*subject.repair_ids, *(event.repair_id for event in events if event.repair_id)}
    if subject.works_ids:
        met = db.fetch(conn, PACKAGE, "repairs_met", prepare=subject.few, **subject.params())
        touched.update(row["repair_id"] for row in met)
    return touched
