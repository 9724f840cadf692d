"""Repair requests, as stored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.errors import VersionMismatch
from geo_service.domain.geometry import hex_ewkb
from geo_service.domain.period import Period
from geo_service.domain.repairs import CODES, RepairDraft, RepairStatus
from geo_service.privacy.names import names_of, of_report
from geo_service.store import (
    conditions,
    deletions,
    duplicates,
    listing,
    organisations,
    owners,
    renumberings,
    reporters,
    visibility,
)
from geo_service.store.listing import Row
from geo_service.store.tables import organisations as organisations_table
from geo_service.store.tables import owner_groups, repairs
from geo_service.vault import CLOSED, Vault

PACKAGE = "geo_service.store"
_RECORD = tuple(one.name for one in fields(RepairDraft) if one.name in repairs.c and one.name != "planned")
"""What a source says of a repair, under the names of the columns; its days become a range."""
FREE_TEXTS = tuple(
    name for name in _RECORD if isinstance(repairs.c[name].type, sa.Text) and name not in CODES
)
"""What people write: what is personal in it is withheld."""


@dataclass(frozen=True, slots=True)
class RepairResult:
    """A repair of an import, and whether it was created, changed or unchanged."""

    id: UUID
    outcome: Literal["created", "changed", "unchanged"]


def create(conn: sa.Connection, draft: RepairDraft, vault: Vault = CLOSED) -> UUID:
    """Store a new repair request; its id. Claims and conflicts are the caller's (`coordination.changes`).

    Personal data in its texts stay with who reported it, where the whole of them is kept, sealed. Raises PersonalKeyMissing when there
    are any and the vault is closed.
    """
    days = draft.planned
    shown, withheld = masked({name: getattr(draft, name) for name in FREE_TEXTS}, draft.reporter)
    row = {
        **_record(draft),
        **shown,
        "owner_id": organisations.ensure(conn, {draft.owner})[draft.owner],
        "geom": listing.geometry_param(draft.geometry),
        "planned": days and days.ends_on and listing.period_param(days.starts_on, days.ends_on),
        "reported_at": draft.reported_at or sa.func.now(),
    }
    repair_id: UUID = conn.scalars(sa.insert(repairs).values(row).returning(repairs.c.id)).one()
    reporters.keep(conn, vault, repair_id, {**(draft.reporter or {}), **withheld})
    return repair_id


def save_imported(conn: sa.Connection, drafts: Sequence[RepairDraft]) -> list[RepairResult]:
    """Store repairs of another system by (source, source_id), each at most once in a batch; the answer is in input order.

    What the workshop did since (finished, cancelled) stays; of a source that only reports, so do the days that the workshop gave.
    The caller holds the writers' lock.
    """
    owners = organisations.ensure(conn, {draft.owner for draft in drafts})
    rows = [_incoming(n, draft, owners[draft.owner]) for n, draft in enumerate(drafts)]
    saved = db.fetch(conn, PACKAGE, "repairs_import", rows=json.dumps(rows, default=str))
    return [RepairResult(**row) for row in saved]


def get(conn: sa.Connection, repair_id: UUID) -> Row:
    """One repair, without its reporter. Raises NotFound and Deleted."""
    row = conn.execute(_select().where(repairs.c.id == repair_id)).mappings().one_or_none()
    if row is None:
        raise deletions.absence(conn, repairs, repair_id)
    return row


def find(
    conn: sa.Connection,
    window: listing.Window,
    *,
    status: str | None = None,
    owner: str | None = None,
    q: str | None = None,
    duplicate: str | None = None,
    held: bool | None = None,
    category: str | None = None,
    scope: str | None = None,
    urgency: str | None = None,
    street: str | None = None,
    conflict: str | None = None,
) -> listing.Page:
    """Repairs in order of report; `q`, `street` and `conflict` (the status of one that they have) are as in `conditions`; `duplicate` (suggested or
    confirmed): only doubles of others."""
    select = _select().where(
        *listing.in_bbox(repairs.c.geom, window.bbox), *listing.in_days(repairs.c.planned, window)
    )
    if status:
        select = select.where(repairs.c.status == status)
    if owner:
        select = select.where(owners.owned_by(repairs.c.owner_id, owner))
    if held is not None:
        select = select.where(repairs.c.held == held)
    equal = {"category": category, "scope": scope, "urgency": urgency}
    select = select.where(
        *(repairs.c[name] == value for name, value in equal.items() if value is not None),
        duplicates.linked_as(duplicate),
        conditions.repairs_named(q),
        conditions.repairs_in_street(street),
        conditions.repairs_in_conflict(conflict),
    )
    return listing.page(conn, select, repairs.c.id, window)


def planned_on(conn: sa.Connection, day: date, team: str | None = None) -> list[Row]:
    """Repairs with `day` in their plan that are not finished, of one crew or organisation (id of its group, or name) or of all."""
    select = of_team(team, ("scheduled", "in_progress")).where(repairs.c.planned.contains(sa.literal(day)))
    return list(conn.execute(select.order_by(repairs.c.number)).mappings())


def danger_without_day(conn: sa.Connection, team: str | None = None) -> list[Row]:
    """Reported danger that works hold, so that nobody may give it a day: it is made safe now. `team` as in `planned_on`. Who lowers its urgency
    says that it is safe.
    """
    select = of_team(team, ("requested",)).where(
        repairs.c.urgency == "danger",
        repairs.c.verdict == "make_safe",
        repairs.c.held,
        repairs.c.planned.is_(None),
    )
    return list(conn.execute(select.order_by(repairs.c.number)).mappings())


def advice_changes(conn: sa.Connection, repair_ids: Sequence[UUID], since: datetime) -> dict[UUID, Row]:
    """The last change of the advice on each of these repairs since a moment: `type`, `at` and `data` as in the feed."""
    rows = db.fetch(conn, PACKAGE, "advice_changes", repair_ids=list(repair_ids), since=since)
    return {row["repair_id"]: {name: row[name] for name in ("type", "at", "data")} for row in rows}


def of_team(team: str | None, statuses: Sequence[RepairStatus]) -> sa.Select[Any]:
    """Repairs in these statuses, of one crew or organisation (as in `owners`) or of all. Of one that may be there twice, under an old id
    and a new one, only that which claims the ground.
    """
    select = _select().where(repairs.c.status.in_(statuses), renumberings.speaks(repairs.c.id))
    if team:
        select = select.where(sa.or_(repairs.c.team == team, owners.owned_by(repairs.c.owner_id, team)))
    return select


def update(
    conn: sa.Connection,
    repair_id: UUID,
    changes: Mapping[str, Any],
    version: int | None = None,
    vault: Vault = CLOSED,
) -> None:
    """Change columns of a repair; texts as in `create`. With `version`: only if it is still that one (VersionMismatch). Raises NotFound."""
    texts = {name: changes[name] for name in FREE_TEXTS if name in changes}
    if texts:
        shown, withheld = masked(texts, reporters.find(conn, vault, repair_id))
        reporters.keep(conn, vault, repair_id, withheld)
        changes = {**changes, **shown}
    statement = sa.update(repairs).where(repairs.c.id == repair_id, repairs.c.deleted_at.is_(None))
    if version is not None:
        statement = statement.where(repairs.c.version == version)
    changed = conn.execute(
        statement.values(**changes, version=repairs.c.version + 1, updated_at=sa.func.now())
    )
    if changed.rowcount == 0:
        now = get(conn, repair_id)["version"]
        raise VersionMismatch("repair_changed", version=now, id=str(repair_id))


def schedule(conn: sa.Connection, repair_id: UUID, days: Period, team: str | None = None) -> None:
    """Give a repair its days, and the crew that does it then; without one it keeps that which it has. The guard (`coordination.scheduling`)
    decides whether it may. One that a crew has begun stays begun.
    """
    assert days.ends_on is not None
    named = {} if team is None else {"team": team}
    planned = listing.period_param(days.starts_on, days.ends_on)
    begun = sa.case((repairs.c.status == "in_progress", "in_progress"), else_="scheduled")
    update(conn, repair_id, {"planned": planned, "status": begun, **named})


def complete(
    conn: sa.Connection,
    repair_id: UUID,
    finished_on: date,
    scope: str,
    area_m2: float | None,
    cost_eur: float | None,
) -> None:
    """Mark a repair finished; from then on its new surface is protected."""
    changes = {
        "status": "done",
        "finished_on": finished_on,
        "finished_scope": scope,
        "area_m2": area_m2,
        "cost_eur": cost_eur,
    }
    update(conn, repair_id, changes)


def _select() -> sa.Select[Any]:
    columns = [column for column in repairs.c if column.name not in ("geom", "owner_id", "deleted_at")]
    return (
        sa.select(
            *columns,
            *renumberings.columns_of(repairs.c.id),
            listing.geometry_column(repairs.c.geom),
            organisations_table.c.name.label("owner"),
            owner_groups.c.id.label("owner_group"),
        )
        .join(organisations_table, organisations_table.c.id == repairs.c.owner_id)
        .join(owner_groups, owner_groups.c.id == organisations_table.c.owner_group_id)
        .where(visibility.of_repairs(None))
    )


def _incoming(n: int, draft: RepairDraft, owner_id: UUID) -> dict[str, Any]:
    """A draft as `repairs_import.sql` takes it."""
    days = draft.planned if draft.planned and draft.planned.ends_on else None
    return {
        **_record(draft),
        "report": draft.report,
        "says_latest": draft.says_latest,
        "n": n,
        "owner_id": owner_id,
        "ewkb": hex_ewkb(draft.geometry),
        "planned_from": days and days.starts_on,
        "planned_until": days and days.ends_on,
    }


def _record(draft: RepairDraft) -> dict[str, Any]:
    """The columns that a draft fills by their names, and its state; what people write is masked."""
    columns = {name: getattr(draft, name) for name in _RECORD}
    texts = {name: of_report(columns[name]) for name in FREE_TEXTS}
    finished_scope = draft.scope if draft.finished_on else None
    return {**columns, **texts, "status": _status(draft), "finished_scope": finished_scope}


def masked(
    texts: Mapping[str, str | None], reporter: Mapping[str, Any] | None
) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """Return the texts as others see them, and those of which not all is shown, whole."""
    names = names_of(reporter)
    shown = {name: of_report(text, names) for name, text in texts.items()}
    return shown, {name: text for name, text in texts.items() if text != shown[name]}


def _status(draft: RepairDraft) -> str:
    if draft.closed:
        return "cancelled"
    if draft.finished_on:
        return "done"
    return "scheduled" if draft.planned else "requested"
