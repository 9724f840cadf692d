"""Who may do what: the one table of roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from geo_service.domain.roles import Role

StepName = Literal["acknowledge", "agree", "settle", "accept-risk", "comment", "assign", "reopen", "undo"]
STEP_NAMES: tuple[StepName, ...] = get_args(StepName)
Action = Literal[
    "read", "read all owners", "read repairs", "see reporter", "subscribe",
    "write works", "write repairs", "file reports", "override", "change rules",
    "import", "import works", "import repairs", "import ground", "cancel import",
    "renumber works", "renumber repairs", "read audit", "manage users", "manage keys", "set preferences",
    "decide joint", "ask utilities", "answer requests", "exempt", "claim costs",
    "make feed links", "share views", "write projects", "read settings", "read checklist", "attach files", "see attachments", "see contacts", "write contacts",
    StepName,
]  # fmt: skip

# Refusals name the roles in the order of this table.
PERMISSIONS: Mapping[Action, tuple[Role, ...]] = {
    "read":             ("viewer", "workshop", "utilities_desk", "coordinator", "partner", "admin"),
    "read all owners":  ("viewer", "workshop", "utilities_desk", "coordinator", "admin"),
    "read repairs":     ("viewer", "workshop", "utilities_desk", "coordinator", "admin"),
    "see reporter":     ("workshop", "coordinator", "admin"),
    "subscribe":        ("utilities_desk", "workshop", "coordinator", "partner", "admin"),
    "write works":      ("utilities_desk", "coordinator", "admin"),
    "write repairs":    ("workshop", "coordinator", "admin"),
    "file reports":     ("reporter", "workshop", "coordinator", "admin"),
    "override":         ("coordinator", "admin"),
    "change rules":     ("coordinator", "admin"),
    "import":           ("workshop", "utilities_desk", "coordinator", "admin"),
    "import works":     ("utilities_desk", "coordinator", "admin"),
    "import repairs":   ("workshop", "coordinator", "admin"),
    "import ground":    ("coordinator", "admin"),
    "cancel import":    ("workshop", "utilities_desk", "coordinator", "admin"),
    "renumber works":   ("utilities_desk", "coordinator", "admin"),
    "renumber repairs": ("workshop", "utilities_desk", "coordinator", "admin"),
    "read audit":       ("admin",),
    "manage users":     ("admin",),
    "manage keys":      ("admin",),
    "read settings":    ("admin",),
    "read checklist":   ("coordinator", "admin"),
    "set preferences":  ("viewer", "workshop", "utilities_desk", "coordinator", "partner", "admin"),
    "decide joint":     ("utilities_desk", "coordinator", "admin"),
    "ask utilities":    ("utilities_desk", "coordinator", "admin"),
    "answer requests":  ("utilities_desk", "coordinator", "admin", "partner"),
    "exempt":           ("utilities_desk", "coordinator", "admin"),
    "make feed links":  ("viewer", "workshop", "utilities_desk", "coordinator", "partner", "admin"),
    "share views":      ("coordinator", "admin"),
    "write projects":   ("workshop", "utilities_desk", "coordinator", "admin"),
    "claim costs":      ("workshop", "utilities_desk", "coordinator", "admin"),
    "attach files":     ("workshop", "utilities_desk", "coordinator", "admin"),
    "see attachments":  ("workshop", "utilities_desk", "coordinator", "admin"),
    "see contacts":     ("workshop", "utilities_desk", "coordinator", "admin"),
    "write contacts":   ("utilities_desk", "coordinator", "admin"),
    "acknowledge":      ("workshop", "utilities_desk", "coordinator", "admin"),
    "agree":            ("utilities_desk", "coordinator", "admin"),
    "settle":           ("utilities_desk", "coordinator", "admin"),
    "accept-risk":      ("coordinator", "admin"),
    "comment":          ("workshop", "utilities_desk", "coordinator", "admin", "partner"),
    "assign":           ("workshop", "utilities_desk", "coordinator", "admin"),
    "reopen":           ("utilities_desk", "coordinator", "admin"),
    "undo":             ("workshop", "utilities_desk", "coordinator", "admin"),
}  # fmt: skip

WITH_THINGS_OF_OTHERS: Mapping[Action, tuple[Role, ...]] = {
    "cancel import":    ("utilities_desk", "admin"),
    "undo":             ("coordinator", "admin"),
}  # fmt: skip
"""The roles that may do it with what somebody else did; the roles above may with what they did themselves."""

IMPORT_ACTIONS: Mapping[str, Action] = {"works": "import works", "repairs": "import repairs"}
"""By what the records of an import become; everything else is ground."""
RENUMBER_ACTIONS: Mapping[str, Action] = {"works": "renumber works", "repairs": "renumber repairs"}


class Principal(Protocol):
    """Who acts: a person or a key, with one role, and for a partner the owner group to which it belongs."""

    @property
    def id(self) -> str: ...

    @property
    def role(self) -> Role: ...

    @property
    def owner_group(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Thing:
    """What an action is about: the id of who made it, and the owner groups that it touches (None: it belongs to no owner)."""

    author: str | None = None
    owner_groups: frozenset[str] | None = None


def may(role: Role, action: Action) -> bool:
    """Whether a role may do this with something at all."""
    return role in PERMISSIONS[action]


def can(who: Principal, action: Action, thing: Thing | None = None) -> bool:
    """Whether `who` may do this; with `thing`: whether with that one."""
    if thing is None:
        return may(who.role, action)
    if thing.author != who.id and action in WITH_THINGS_OF_OTHERS:
        return who.role in WITH_THINGS_OF_OTHERS[action]
    own = thing.owner_groups is None or who.owner_group in thing.owner_groups
    return may(who.role, action) and (own or may(who.role, "read all owners"))
