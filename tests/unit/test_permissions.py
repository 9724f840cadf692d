"""The table of permissions the other way round: what each role may do, written down a second time."""

from __future__ import annotations

import ast
import re
import typing
from pathlib import Path

import pytest

import geo_service
from geo_service.domain.permissions import PERMISSIONS, WITH_THINGS_OF_OTHERS, Action, may
from geo_service.domain.roles import ROLES, Role

ROOT = Path(geo_service.__file__).parent
SCRIPTS = ROOT / "viewer" / "static" / "js"
PLACES_THAT_ASSIGN_ROLES = ("accounts", "api/sign_in.py", "cli", "demo_run.py", "domain/users.py")
"""Which roles there are for people and keys is decided there, and not what they may do."""
VIEWER: set[Action] = {"read", "read all owners", "read repairs", "set preferences", "make feed links"}
PARTNER: set[Action] = {
    "read",
    "subscribe",
    "comment",
    "answer requests",
    "set preferences",
    "make feed links",
}
REPORTER: set[Action] = {"file reports"}
DESK: set[Action] = {
    *VIEWER, "subscribe", "import", "cancel import", "renumber repairs", "claim costs", "acknowledge", "comment", "assign", "undo", "attach files", "see attachments", "see contacts", "write projects",
}  # fmt: skip
WORKSHOP: set[Action] = {*DESK, "see reporter", "write repairs", "file reports", "import repairs"}
UTILITIES_DESK: set[Action] = {
    *DESK, "write works", "import works", "renumber works", "agree", "settle", "reopen", "decide joint", "ask utilities", "answer requests", "exempt",
    "write contacts",
}  # fmt: skip
COORDINATOR: set[Action] = {
    *WORKSHOP, *UTILITIES_DESK, "override", "change rules", "import ground", "accept-risk", "read checklist", "share views",
}  # fmt: skip
ADMIN: set[Action] = {*COORDINATOR, "read audit", "manage users", "manage keys", "read settings"}
MAY: dict[Role, set[Action]] = {
    "viewer": VIEWER, "workshop": WORKSHOP, "utilities_desk": UTILITIES_DESK, "coordinator": COORDINATOR, "partner": PARTNER,
    "reporter": REPORTER, "admin": ADMIN,
}  # fmt: skip


ACTIONS: tuple[Action, ...] = typing.get_args(Action)


def test_every_action_has_its_row() -> None:
    assert set(PERMISSIONS) == set(ACTIONS)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_is_its_own_and_nothing_else(role: Role) -> None:
    assert {action for action in ACTIONS if may(role, action)} == MAY[role]


@pytest.mark.parametrize("action", WITH_THINGS_OF_OTHERS)
def test_what_somebody_else_did_is_for_fewer_roles(action: Action) -> None:
    assert set(WITH_THINGS_OF_OTHERS[action]) < set(PERMISSIONS[action])


def comparisons(source: str) -> list[str]:
    """Comparisons of a person's role, or of its key's, with something."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare)
        and isinstance(node.left, ast.Attribute | ast.Name)
        and not isinstance(node.ops[0], ast.Is | ast.IsNot)
        and re.search(r"^role$|\b(who|holder|actor|user|principal|key|person)\.role$", ast.unparse(node.left))
    ]


def test_no_code_decides_by_a_role_beside_the_table() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): compared
        for path in sorted(ROOT.rglob("*.py"))
        if not any(path.is_relative_to(ROOT / place) for place in PLACES_THAT_ASSIGN_ROLES)
        and (compared := comparisons(path.read_text(encoding="utf-8")))
    }
    assert found == {
        "domain/permissions.py": ["role in PERMISSIONS[action]", "who.role in WITH_THINGS_OF_OTHERS[action]"]
    }
    assert comparisons("if who.role in BOSSES: ...") == ["who.role in BOSSES"]


def test_no_script_of_the_page_names_the_roles_of_an_action() -> None:
    """The page asks the table that `/me` gives: person.js."""
    named = re.compile(r"""["'](?:workshop|utilities_desk|coordinator)["']|role\w* [!=]== ["']""")
    found = {
        path.relative_to(SCRIPTS).as_posix(): lines
        for path in SCRIPTS.rglob("*.js")
        if (lines := named.findall(path.read_text(encoding="utf-8")))
    }
    assert found == {
        "screens/admin/users.js": ['role === "'],  # an account of a partner keeps its role
        "screens/decision/decision.js": ['role !== "'],  # who may do everything is not named
    }
