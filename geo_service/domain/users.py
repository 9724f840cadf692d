"""People who sign in, and the pure decisions about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import UUID

from geo_service.domain.errors import InvalidInput
from geo_service.domain.roles import ROLES, Role
from geo_service.domain.rules import Department

DEPARTMENTS: tuple[str, ...] = get_args(Department)
LANGUAGES: tuple[str, ...] = ("nl", "en")
PEOPLE_ROLES = tuple(role for role in ROLES if role != "reporter")
"""A reporter is a site on which citizens report, not a person."""

LEAST_PASSWORD = 12
MOST_PASSWORD = 200
LEAST_DISTINCT = 6
SHORT_WORD = 3
"""Characters of a word that says nothing of a person."""
COMMON = ("password", "passwoord", "wachtwoord", "paswoord", "welkom", "welcome", "qwertyuiop", "azertyuiop", "123456", "abcdef")  # fmt: skip
"""What people begin with when they must think of something; with digits behind it is guessed first."""


@dataclass(frozen=True, slots=True)
class User:
    """A person as stored. `owner_group` is set for a partner only."""

    id: UUID
    name: str
    email: str
    role: Role
    department: str | None = None
    owner_group: str | None = None
    language: str | None = None
    preferences: Mapping[str, Any] = field(default_factory=dict)
    issuer: str | None = None
    disabled_at: datetime | None = None


def check_password(password: str, *, names: tuple[str, ...] = ()) -> None:
    """Raises InvalidInput for a password that is too short, too long or easily guessed.

    No rule asks for capitals, digits or signs (NIST SP 800-63B §3.1.1.2): length counts. `names` are words that an attacker knows of
    the person: the name and the login.
    """
    if len(password) < LEAST_PASSWORD:
        raise InvalidInput.one("password", "password_too_short", least=LEAST_PASSWORD)
    if len(password) > MOST_PASSWORD:
        raise InvalidInput.one("password", "password_too_long", most=MOST_PASSWORD)
    if _is_guessable(password.lower(), names):
        raise InvalidInput.one("password", "password_guessable")


def _is_guessable(password: str, names: tuple[str, ...]) -> bool:
    """Whether little is left beside a common word, a name of the person, or the same few signs again."""
    if len(set(password)) < LEAST_DISTINCT:
        return True
    rest = password
    for word in (*COMMON, *(part for name in names for part in name.lower().replace("@", " ").split())):
        if len(word) > SHORT_WORD:
            rest = rest.replace(word, "")
    return len(rest) < LEAST_DISTINCT


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most `attempts` failures within `window`; the oldest of them says when to come back."""

    attempts: int
    window: timedelta

    def retry_at(self, failures: list[datetime], now: datetime) -> datetime | None:
        """When the next attempt is allowed; None: now. `failures` are instants, in any order."""
        recent = sorted(at for at in failures if at > now - self.window)
        return None if len(recent) < self.attempts else recent[-self.attempts] + self.window
