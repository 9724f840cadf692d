"""Scopes of API keys: what a key is for. A scope narrows what the role of the key may do; it never widens it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from geo_service.domain.errors import InvalidInput

Resource = Literal[
    "works", "repairs", "conflicts", "advice", "alerts", "imports", "reference", "rules", "audit"
]
Access = Literal["read", "write"]

EVERYTHING = "*"
READ_EVERYTHING = "*:read"
SCOPES = (
    EVERYTHING, READ_EVERYTHING,
    "works:read", "works:write", "repairs:read", "repairs:write", "conflicts:read", "conflicts:write", "advice:read",
    "alerts:read", "alerts:write", "imports:read", "imports:write", "reference:read", "rules:read", "rules:write", "audit:read",
)  # fmt: skip
"""Users and keys are in no scope but `*`: who may make a key could otherwise make one that may do more than itself."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a request needs of a key: access to all of these resources; None: a key without any limit."""

    resources: tuple[Resource, ...] | None
    access: Access = "read"

    def words(self) -> list[str]:
        """The scopes that would do, as they are written."""
        return [EVERYTHING] if self.resources is None else [f"{one}:{self.access}" for one in self.resources]


def check(scopes: Iterable[str]) -> tuple[str, ...]:
    """Return the scopes, each once and in the order of the table. Raises InvalidInput for an unknown one, and for none at all."""
    named = set(scopes)
    if not named or not named <= set(SCOPES):
        raise InvalidInput.one("scopes", "scope_unknown", known=SCOPES)
    return tuple(scope for scope in SCOPES if scope in named)


def allow(scopes: Collection[str], need: Need) -> bool:
    """Whether a key with these scopes may do it. Who may write a resource may read it too."""
    if EVERYTHING in scopes or need.resources is None:
        return EVERYTHING in scopes
    readable = need.access == "read"
    return all(
        f"{one}:write" in scopes or (readable and not {f"{one}:read", READ_EVERYTHING}.isdisjoint(scopes))
        for one in need.resources
    )
