"""API keys as administrators make and see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from geo_service.accounts.machines import MOST_DAYS, MOST_OVERLAP_DAYS, KeyState
from geo_service.api.schemas.common import Body
from geo_service.domain.roles import Role
from geo_service.domain.scopes import EVERYTHING, SCOPES

KeyName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Scope = Annotated[str, StringConstraints(max_length=40)]


class KeyIn(Body):
    """A key to be made. Role and scopes cannot be changed later: make another one."""

    name: KeyName = Field(description="who or what uses it")
    role: Role
    scopes: list[Scope] = Field([EVERYTHING], max_length=len(SCOPES), description="; ".join(SCOPES))
    owner_group: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        None, description="of a partner: whose works it sees"
    )
    days: int | None = Field(
        None,
        strict=True,
        ge=1,
        le=MOST_DAYS,
        description="how long it is good for; null: as the settings say",
    )


class Rotation(Body):
    """How a key is replaced."""

    overlap_days: int | None = Field(
        None,
        strict=True,
        ge=0,
        le=MOST_OVERLAP_DAYS,
        description="how long the old one works on; null: as the settings say",
    )


class Key(BaseModel):
    """A key, without the key itself."""

    id: UUID
    name: str
    role: Role
    scopes: list[str]
    owner_group: str | None
    machine_id: UUID = Field(description="the same for a key and those that replace it")
    state: KeyState
    created_at: datetime
    expires_at: datetime | None = Field(description="null: never")
    last_used_at: datetime | None = Field(description="to the minute")
    revoked_at: datetime | None


class NewKey(Key):
    """A key in the only answer that shows it."""

    key: str
