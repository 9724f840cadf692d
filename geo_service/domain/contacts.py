"""Whom to call about works or about a building project: people of an owner, a contractor, the city."""

from __future__ import annotations

from dataclasses import dataclass

from geo_service.domain.errors import FieldError, InvalidInput
from geo_service.domain.mail import check_address

MOST_OF_ONE = 20
"""People of one works or one building project."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One person: `role` is what it does there, `organisation` whom it works for; a number, an address, or both."""

    name: str
    role: str | None = None
    organisation: str | None = None
    phone: str | None = None
    email: str | None = None

    def check(self, field: str) -> None:
        """Raises InvalidInput for somebody whom nobody can reach, and for what is no e-mail address."""
        if not (self.phone or self.email):
            raise InvalidInput([FieldError(f"{field}.phone", "contact_unreachable")])
        if self.email is not None:
            check_address(self.email, f"{field}.email")
