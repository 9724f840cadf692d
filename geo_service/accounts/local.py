"""Local accounts: a login and a password, for a town without an identity provider."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.accounts import attempts, passwords, second_step
from geo_service.accounts.refusals import SignInRefused
from geo_service.accounts.second_step import Entry
from geo_service.domain.users import MOST_PASSWORD, User, check_password
from geo_service.settings import Settings
from geo_service.store import audit, second_factors, sign_in, users
from geo_service.store import sessions as session_store
from geo_service.vault import Vault


def sign_in_by_password(
    engine: sa.Engine,
    settings: Settings,
    vault: Vault,
    email: str,
    password: str,
    *,
    address: str,
    before: str | None,
) -> Entry:
    """A new session, or the step to the second factor. Raises SignInRefused: one text, after the same time, for an unknown login and a wrong password."""
    user_id = check_password_of(engine, settings, email, password, address=address)
    with db.write(engine) as conn:
        user = users.get(conn, user_id)
        return second_step.enter(conn, settings, vault, user, before=before, way="password")


def check_password_of(
    engine: sa.Engine, settings: Settings, email: str, password: str, *, address: str
) -> UUID:
    """The id of the user whose login and password these are. Raises SignInRefused."""
    attempt = attempts.begin(engine, settings, email, address)
    with db.glance(engine) as conn:
        account = users.password_hash(conn, email)
    if not passwords.matches(password[: MOST_PASSWORD + 1], account and account[1]):
        attempts.note_failure(engine, account and account[0], address)
        raise SignInRefused("login.failed")
    assert account is not None
    with db.write(engine) as conn:
        sign_in.mark_success(conn, attempt)
    return account[0]


def link_user(engine: sa.Engine, token: str) -> User:
    """Whose one-time link this is. Raises SignInRefused when it is unknown, used or expired."""
    with db.glance(engine) as conn:
        user_id = sign_in.link_user(conn, token)
        if user_id is None:
            raise SignInRefused("login.link_over")
        return users.get(conn, user_id)


def set_password(
    engine: sa.Engine, settings: Settings, vault: Vault, token: str, password: str, *, before: str | None
) -> Entry:
    """Choose a password by a one-time link: a new session, or the step to the second factor. All other sessions of the user end.

    Raises SignInRefused when the link is over, InvalidInput for a weak password (the link then stays good).
    """
    user = link_user(engine, token)
    check_password(password, names=(user.name, user.email, settings.city_name))
    encoded = passwords.encode(password)
    with db.write(engine) as conn:
        if sign_in.link_user(conn, token, use=True) != user.id:
            raise SignInRefused("login.link_over")
        change_password(conn, user, encoded)
        return second_step.enter(conn, settings, vault, user, before=before, way="link")


def change_password(conn: sa.Connection, user: User, encoded: str) -> None:
    """Store the hash of a new password. What the old one opened ends: sessions, links, and a second factor that was not confirmed yet."""
    users.change(conn, user.id, password_hash=encoded)
    session_store.end_all(conn, user.id)
    sign_in.end_links(conn, user.id)
    second_factors.close_steps(conn, user.id)
    second_factors.withdraw_offer(conn, user.id)
    audit.record(conn, audit.Actor(user.name, user.id), "password_set", f"user:{user.id}")
