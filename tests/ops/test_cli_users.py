"""`geo-service users`: an operator lets people in and out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from geo_service import db
from geo_service.store import audit, sign_in, users


class Operator:
    """Types `geo-service users …` at a database of its own."""

    def __init__(self, database_url: str) -> None:
        self.engine = db.create_engine_for(database_url)
        self._env = {
            **os.environ,
            "GEO_DATABASE_URL": database_url,
            "GEO_BASE_URL": "https://werken.izegem.example",
            "LANG": "nl_BE.UTF-8",
            "COLUMNS": "200",
        }

    def types(self, *words: str, code: int = 0) -> str:
        """What a command answers; its exit code is part of that."""
        command = [sys.executable, "-m", "geo_service", "users", *words]
        done = subprocess.run(
            command, env=self._env, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return (done.stdout or done.stderr).strip()


@pytest.fixture
def operator(fresh_database: str) -> Iterator[Operator]:
    found = Operator(fresh_database)
    yield found
    found.engine.dispose()


def test_people_are_let_in_moved_and_put_out(operator: Operator) -> None:
    link = operator.types("first-admin", "els@izegem.example", "--name", "Els")
    assert link.startswith("https://werken.izegem.example/login/link/")
    operator.types("add", "bart@izegem.example", "workshop", "--name", "Bart", "--department", "werkplaatsen")
    operator.types("role", "Bart@izegem.example", "coordinator")
    operator.types("disable", "bart@izegem.example")
    assert "geen eigen account dat in gebruik is" in operator.types("link", "bart@izegem.example", code=2)
    operator.types("link", "els@izegem.example")

    listed = {row["email"]: row for row in json.loads(operator.types("list", "--json"))}
    assert (listed["els@izegem.example"]["role"], listed["els@izegem.example"]["disabled"]) == (
        "admin",
        False,
    )
    bart = listed["bart@izegem.example"]
    assert (bart["role"], bart["department"], bart["disabled"]) == ("coordinator", "werkplaatsen", True)
    table = operator.types("list")
    assert "bart@izegem.example" in table and "werkplaatsen" in table

    with db.read(operator.engine) as conn:
        trail = audit.find(conn, audit.Filter(who=audit.COMMAND_LINE), limit=20, before=None).rows
        assert sign_in.link_user(conn, link.rpartition("/")[2]) is None  # a newer one was made
        assert users.of_login(conn, "els@izegem.example").disabled_at is None
    assert [row["action"] for row in reversed(trail)] == [
        "user_created", "link_created", "user_created", "link_created", "role_changed", "user_disabled", "link_created",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "x@y.z", "emperor", "--name", "X"), "role: kies uit"),
        (("add", "x@y.z", "reporter", "--name", "X"), "role: kies uit"),
        (("add", "x@y.z", "viewer", "--name", "X", "--department", "navy"), "department: kies uit"),
        (("add", "x@y.z", "partner", "--name", "X"), "owner_group: hoort bij een partner"),
        (
            ("add", "x@y.z", "partner", "--name", "X", "--owner-group", "nobody"),
            "er is geen eigenaarsgroep nobody",
        ),
        (("add", "x", "viewer", "--name", "X"), "email: moet een e-mailadres zijn"),
        (("disable", "x@y.z"), "die gebruiker is er niet"),
    ],
)
def test_wrong_use_is_one_clear_line(database_url: str, words: tuple[str, ...], told: str) -> None:
    answer = Operator(database_url).types(*words, code=2)
    assert told in answer and len(answer.splitlines()) == 1


def test_one_login_is_one_person(operator: Operator) -> None:
    operator.types("add", "bart@izegem.example", "workshop", "--name", "Bart")
    assert "er is al een gebruiker met" in operator.types(
        "add", "BART@izegem.example", "viewer", "--name", "B", code=2
    )
