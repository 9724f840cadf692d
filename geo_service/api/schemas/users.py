"""People as administrators add and see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, field_validator

from geo_service.api.schemas.common import Body, not_null
from geo_service.domain.roles import Role
from geo_service.domain.rules import Department

Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class PersonIn(Body):
    """A person who is to sign in."""

    name: Word = Field(description="as others see it")
    email: Annotated[str, StringConstraints(min_length=3, max_length=254)] = Field(
        description="the login of this person"
    )
    role: Role
    department: Department | None = None
    owner_group: Word | None = Field(None, description="of a partner: whose works it sees")


class PersonChange(Body):
    """What changes; the rest stays."""

    role: Role | None = None
    department: Department | None = None
    owner_group: Word | None = None

    _not_null = field_validator("role", mode="before")(not_null)


class Person(BaseModel):
    """A person who signs in, or did."""

    id: UUID
    name: str
    email: str
    role: Role
    department: Department | None
    owner_group: str | None
    issuer: str | None = Field(description="who vouches for this person; null: a local account")
    disabled_at: datetime | None


class PersonSeen(Person):
    """A person in the list."""

    seen_at: datetime | None = Field(description="last active; null: never signed in")


class NewPerson(Person):
    """A person with the link to choose a password, in the only answer that shows it."""

    link: str
