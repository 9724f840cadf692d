"""Who is signed in, and the audit trail."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from geo_service import i18n
from geo_service.api.schemas.alerts import QuietHours
from geo_service.api.schemas.common import Body, Instant, not_null, plain_json
from geo_service.api.schemas.subscriptions import QuietHoursIn
from geo_service.domain.mail import Notification
from geo_service.domain.permissions import Action
from geo_service.domain.roles import Role
from geo_service.domain.rules import Department
from geo_service.store import audit

MOST_PREFERENCES = 16_384


def _small(preferences: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(plain_json(preferences))) > MOST_PREFERENCES:
        raise i18n.finding("preferences_too_large", limit=MOST_PREFERENCES)
    return preferences


class Permission(BaseModel):
    """Which roles may do something."""

    roles: list[Role]
    roles_for_others: list[Role] = Field(description="those that may with what somebody else did")


class Me(BaseModel):
    """Who asks: a person, or a machine by its key, which has no user id, e-mail address or preferences."""

    name: str
    role: Role
    department: Department | None
    owner_group: str | None = Field(description="of a partner: whose works it may see")
    user_id: UUID | None
    email: str | None
    language: Literal["nl", "en"] | None = Field(description="null: as the browser asks")
    preferences: dict[str, Any] = Field(description="what the viewer remembers for this person")
    notification: Notification | None = Field(description="which alerts come by e-mail; null: a machine")
    mail_problem: str | None = Field(description="why the last e-mail came back; null once one arrives")
    quiet_hours: QuietHours | None = Field(description="of every e-mail to this person, on the city's clock")
    snoozed_until: datetime | None = Field(description="no e-mail to this person before; it waits")
    permissions: dict[Action, Permission] = Field(description="by action: who may do what")


class MeChange(Body):
    """What a person changes of itself; role and department are given by others."""

    language: Literal["nl", "en"] | None = None
    preferences: Annotated[dict[str, Any], AfterValidator(_small)] = Field(
        default_factory=dict, description="names given here change, null removes one; the others stay"
    )
    notification: Notification | None = Field(
        None,
        description="e-mail about alerts to one's department: `critical` ones at once and the others in the morning, all in the morning "
        "(`digest`), or `off`",
    )

    quiet_hours: QuietHoursIn | None = Field(
        None, description="in which no e-mail comes, critical or not; it waits. null: none"
    )
    snoozed_until: Instant | None = Field(
        None, description="no e-mail before, critical or not; it waits. At most 30 days from now; null: awake"
    )

    _not_null = field_validator("notification", mode="before")(not_null)


class AuditEntry(BaseModel):
    """One act. Entries are never changed."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    who: str = Field(description="name of the person or the key, `command line`, or `anonymous`")
    user_id: UUID | None = Field(description="of a person")
    action: audit.Action
    thing: str = Field(description="`user:id`, `key:id` or `account:unknown`")
    facts: dict[str, Any]
