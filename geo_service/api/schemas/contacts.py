"""Whom to call about works or a building project, as bodies and as answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from geo_service.api.schemas.common import Body, Name, Text
from geo_service.domain.contacts import MOST_OF_ONE, Contact

Word = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class ContactIn(Body):
    """One person; a telephone number or an e-mail address is needed."""

    name: Name
    role: Word | None = None
    organisation: Word | None = None
    phone: Word | None = None
    email: Word | None = None

    def contact(self) -> Contact:
        """Return it as the domain takes it."""
        return Contact(**self.model_dump())


class ContactsIn(Body):
    """All people to call, in the order to call them; none takes them away."""

    contacts: list[ContactIn] = Field(max_length=MOST_OF_ONE)


class ContactDetails(BaseModel):
    """One person."""

    name: str
    role: str | None
    organisation: str | None
    phone: str | None
    email: str | None


class ContactList(BaseModel):
    """Whom to call."""

    contacts: list[ContactDetails]
    changed_by: str | None
    updated_at: datetime | None
