"""`/me`: who asks, and what a person changes of itself."""

from __future__ import annotations

from collections.abc import Container
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from geo_service import db
from geo_service.alerts import personal
from geo_service.api import quiet, serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import require, write_once
from geo_service.api.identity import SignedIn
from geo_service.api.schemas import accounts as schemas
from geo_service.domain.errors import InvalidInput, NotAllowed
from geo_service.domain.permissions import PERMISSIONS, WITH_THINGS_OF_OTHERS
from geo_service.domain.quiet import Quiet
from geo_service.domain.users import User
from geo_service.store import keys, users

router = APIRouter(prefix="/me", tags=["people"])

Person = Annotated[keys.Principal, Depends(require("set preferences"))]
REST = {"quiet_hours", "snoozed_until"}
PRIVATE = {"Cache-Control": "no-store"}


@router.get("", response_model=schemas.Me)
def get(ctx: ContextDep, who: SignedIn) -> JSONResponse:
    """Who asks: a person by the session, or a machine by its key."""
    if who.user_id is None:
        return serializers.answer(_view(who, None), headers=PRIVATE)
    with db.read(ctx.session_engine) as conn:
        user = users.get(conn, who.user_id)
        return serializers.answer(_view(who, user, personal.read(conn, user.id)), headers=PRIVATE)


@router.patch("", response_model=schemas.Me)
def change(body: schemas.MeChange, request: Request, ctx: ContextDep, who: Person) -> Response:
    """Change one's own language, preferences and e-mail; nothing else can be changed here. Two pages that change different preferences do not
    undo each other.
    """
    if who.user_id is None:
        raise NotAllowed("key_is_no_person")
    user_id = who.user_id
    quiet.check_snooze(body.snoozed_until)
    if body.notification not in (None, "off") and ctx.settings.smtp_host is None:
        raise InvalidInput.one("notification", "no_mail_server")

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        changes = body.model_dump(exclude_unset=True)
        notification = changes.pop("notification", None)
        if notification is not None:
            personal.choose(conn, user_id, notification)
        if REST & changes.keys():
            personal.rest(conn, user_id, _rest(body, changes, personal.read(conn, user_id).quiet))
        for name in REST:
            changes.pop(name, None)
        user = users.change_own(conn, user_id, **changes)
        return 200, _view(who, user, personal.read(conn, user_id)), PRIVATE

    return write_once(ctx, request, who, body.model_dump(mode="json", exclude_unset=True), change)


def _rest(body: schemas.MeChange, changes: Container[str], before: Quiet) -> Quiet:
    """When the person wants no e-mail, of what was sent and what stays."""
    begin, end = quiet.ends(body.quiet_hours) if "quiet_hours" in changes else (before.begin, before.end)
    return Quiet(body.snoozed_until if "snoozed_until" in changes else before.snoozed_until, begin, end)


def _view(who: keys.Principal, user: User | None, choice: personal.Choice | None = None) -> dict[str, Any]:
    return {
        "name": who.name,
        "role": who.role,
        "department": who.department,
        "owner_group": who.owner_group,
        "user_id": who.user_id,
        "email": user and user.email,
        "language": user and user.language,
        "preferences": dict(user.preferences) if user else {},
        "notification": choice and choice.notification,
        "mail_problem": choice and choice.problem,
        "quiet_hours": choice and quiet.view(choice.quiet.begin, choice.quiet.end),
        "snoozed_until": choice and choice.quiet.snoozed_until,
        "permissions": {
            action: {"roles": roles, "roles_for_others": WITH_THINGS_OF_OTHERS.get(action, roles)}
            for action, roles in PERMISSIONS.items()
        },
    }
