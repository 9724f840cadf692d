"""`geo-service users …`: people who sign in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import sqlalchemy as sa
import typer

from geo_service import db
from geo_service.accounts import own_account, people
from geo_service.alerts import personal
from geo_service.cli import terminal
from geo_service.domain.errors import InvalidInput
from geo_service.domain.users import DEPARTMENTS, PEOPLE_ROLES, User
from geo_service.settings import Settings
from geo_service.store import audit, users

app = typer.Typer(
    no_args_is_help=True, help="People who sign in: add, list, role, disable, link, forget-factor."
)

CLERK = audit.Actor(audit.COMMAND_LINE)
COLUMNS = ("email", "name", "role", "department", "owner_group", "disabled", "mail_problem", "id")

Email = Annotated[str, typer.Argument(help="The e-mail address with which this person signs in")]
RoleName = Annotated[str, typer.Argument(help=", ".join(PEOPLE_ROLES))]
Name = Annotated[str, typer.Option(help="As others see it")]
Department = Annotated[str | None, typer.Option(help=", ".join(DEPARTMENTS))]
OwnerGroup = Annotated[str | None, typer.Option(help="Of a partner: proximus, fluvius …")]


@app.command("list")
def list_(wide: terminal.Wide = False, as_json: terminal.AsJson = False) -> None:
    """Users in use and disabled, and why the last e-mail to one came back."""
    with db.read(db.create_engine_from(terminal.load())) as conn:
        problems = personal.problems(conn)
        rows = [
            {**asdict(user), "disabled": user.disabled_at is not None, "mail_problem": problems.get(user.id)}
            for user in users.find(conn)
        ]
    terminal.show(rows, as_json, lambda: terminal.rows_table(rows, COLUMNS, wide=wide))


@app.command("add")
def add(
    email: Email, role: RoleName, name: Name, department: Department = None, owner_group: OwnerGroup = None
) -> None:
    """Add a user and print a one-time link, good for a day, at which this person chooses a password."""
    with _writing() as (conn, config):
        user = people.add(
            conn, CLERK, name=name, email=email, role=role, department=department, owner_group=owner_group
        )
        link = people.create_link(conn, CLERK, user, config.base_url)
    _print(link)


@app.command("first-admin")
def first_admin(email: Email, name: Name) -> None:
    """Make the first administrator and print a one-time link; refused once an administrator can sign in."""
    with _writing() as (conn, config):
        link = people.first_admin(conn, CLERK, name=name, email=email, base_url=config.base_url)
    _print(link)


@app.command("link")
def link(email: Email) -> None:
    """Print a one-time link, good for a day, for a person who forgot the password. Older links end."""
    with _writing() as (conn, config):
        made = people.create_link(conn, CLERK, users.of_login(conn, email), config.base_url)
    _print(made)


@app.command("role")
def role(email: Email, role: RoleName, department: Department = None, owner_group: OwnerGroup = None) -> None:
    """Give a user another role; the user is signed out everywhere. Without --department the department stays."""
    with _writing() as (conn, _):
        user = users.of_login(conn, email)
        people.change_role(
            conn, CLERK, user, role, department=department or user.department, owner_group=owner_group
        )


@app.command("disable")
def disable(email: Email) -> None:
    """A user cannot sign in any more, and is signed out everywhere."""
    with _writing() as (conn, _):
        user: User = users.of_login(conn, email)
        people.disable(conn, CLERK, user)


@app.command("forget-factor")
def forget_factor(email: Email) -> None:
    """Take away the second factor of a person who lost the telephone and the codes on paper. Make sure that it is this person who asks."""
    with _writing() as (conn, _):
        if not own_account.forget_factor(conn, CLERK, users.of_login(conn, email)):
            raise InvalidInput.one("email", "no_second_factor", given=email)


@contextmanager
def _writing() -> Iterator[tuple[sa.Connection, Settings]]:
    config = terminal.load()
    with db.write(db.create_engine_from(config)) as conn:
        yield conn, config


def _print(text: str) -> None:
    terminal.out.print(text, soft_wrap=True, highlight=False)
