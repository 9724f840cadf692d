"""The audit trail: who did what to which thing, when. Rows are added and read, never changed (a trigger refuses it)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

import sqlalchemy as sa
from uuid_utils.compat import uuid7

from geo_service import db
from geo_service.store.listing import Page, Row
from geo_service.store.tables import audit

Action = Literal[
    "signed_in",
    "sign_in_failed",
    "sign_in_refused",
    "signed_out",
    "password_set",
    "second_factor_set",
    "second_factor_removed",
    "paper_codes_renewed",
    "sessions_ended",
    "link_created",
    "user_created",
    "user_disabled",
    "role_changed",
    "key_created",
    "key_rotated",
    "key_revoked",
    "reporter_seen",
    "photo_seen",
    "attachment_seen",
    "contacts_seen",
    "personal_data_exported",
    "personal_data_erased",
    "personal_data_purged",
    "personal_data_resealed",
    "audit_exported",
    "parameter_set",
    "record_written",
    "refused",
]
ACTIONS: tuple[str, ...] = get_args(Action)

PACKAGE = "geo_service.store"
COMMAND_LINE = "command line"
ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a name, and for a person the id of the user, for a machine that of its key."""

    name: str
    user_id: UUID | None = None
    key_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows: exact name of who, action and thing, and the instants `since` (included) … `until` (excluded)."""

    who: str | None = None
    action: str | None = None
    thing: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def record(conn: sa.Connection, actor: Actor, action: Action, thing: str, **facts: Any) -> None:
    """Add one row, in the transaction of the act itself. `facts` must be JSON; never a secret. Of rows of the same millisecond the ids of this
    process keep the order."""
    row = {"id": uuid7(), "who": actor.name, "user_id": actor.user_id, "action": action, "thing": thing}
    conn.execute(sa.insert(audit).values({**row, "facts": _facts(actor, facts)}))


def refuse(conn: sa.Connection, actor: Actor, thing: str, action: Action = "refused", **facts: Any) -> None:
    """Add that an actor was refused; the same again within a minute, and more than 60 of one actor in a minute, add nothing."""
    text = json.dumps(_facts(actor, facts))
    who = actor.name
    db.execute(
        conn,
        PACKAGE,
        "audit_refuse",
        id=uuid7(),
        who=who,
        user_id=actor.user_id,
        action=action,
        thing=thing,
        facts=text,
    )


def find(conn: sa.Connection, only: Filter, *, limit: int, before: UUID | None) -> Page:
    """One page, newest first; `before` is the `next` of the page before."""
    conditions = _conditions(only)
    total = conn.scalar(sa.select(sa.func.count()).select_from(audit).where(*conditions)) or 0
    after = [] if before is None else [audit.c.id < before]
    select = sa.select(audit).where(*conditions, *after).order_by(audit.c.id.desc()).limit(limit + 1)
    rows = conn.execute(select).mappings().all()
    shown = rows[:limit]
    return Page(shown, shown[-1]["id"] if len(rows) > limit else None, total)


def of_user(conn: sa.Connection, user_id: UUID) -> Sequence[Row]:
    """Return what a person did and what was done to its account, oldest first."""
    about = sa.or_(audit.c.user_id == user_id, audit.c.thing == f"user:{user_id}")
    return conn.execute(sa.select(audit).where(about).order_by(audit.c.id)).mappings().all()


def _facts(actor: Actor, facts: dict[str, Any]) -> dict[str, Any]:
    return facts if actor.key_id is None else {**facts, "by_key": str(actor.key_id)}


def _conditions(only: Filter) -> list[sa.ColumnElement[bool]]:
    conditions = [
        getattr(audit.c, name) == value
        for name in ("who", "action", "thing")
        if (value := getattr(only, name)) is not None
    ]
    if only.since is not None:
        conditions.append(audit.c.at >= only.since)
    if only.until is not None:
        conditions.append(audit.c.at < only.until)
    return conditions
