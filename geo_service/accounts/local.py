"""Local accounts: a login and a password, for a town without an identity provider. Whoever guesses is slowed down."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from geo_service import db
from geo_service.accounts import passwords, sessions
from geo_service.accounts.refusals import SignInRefused
from geo_service.domain.users import MOST_PASSWORD, Throttle, User, check_password
from geo_service.settings import Settings
from geo_service.store import audit, sign_in, users
from geo_service.store import sessions as session_store


def sign_in_by_password(
    engine: sa.Engine, settings: Settings, email: str, password: str, *, address: str, before: str | None
) -> str:
    """The token of a new session. Raises SignInRefused: one text, after the same time, for an unknown login and a wrong password.

    The attempt is stored before the password is looked at, so that attempts of many processes at once are all counted.
    """
    with db.write(engine) as conn:
        sign_in.lock_attempts(conn, email, address)
        attempt = None
        retry_s = _retry_s(conn, settings, email, address)
        if retry_s is None:
            attempt = sign_in.add_attempt(conn, email, address)
        else:
            nobody = audit.Actor(audit.ANONYMOUS)
            audit.refuse(conn, nobody, "account:local", "sign_in_refused", address=address)
    if attempt is None:
        assert retry_s is not None
        raise SignInRefused("login.too_many", retry_s=retry_s, minutes=math.ceil(retry_s / 60))
    with db.glance(engine) as conn:
        account = users.password_hash(conn, email)
    if not passwords.matches(password[: MOST_PASSWORD + 1], account and account[1]):
        with db.write(engine) as conn:
            thing = f"user:{account[0]}" if account else "account:unknown"
            audit.record(conn, audit.Actor(audit.ANONYMOUS), "sign_in_failed", thing, address=address)
        raise SignInRefused("login.failed")
    assert account is not None
    with db.write(engine) as conn:
        sign_in.mark_success(conn, attempt)
        return sessions.begin(conn, settings, users.get(conn, account[0]), before=before, way="password")


def link_user(engine: sa.Engine, token: str) -> User:
    """Whose one-time link this is. Raises SignInRefused when it is unknown, used or expired."""
    with db.glance(engine) as conn:
        user_id = sign_in.link_user(conn, token)
        if user_id is None:
            raise SignInRefused("login.link_over")
        return users.get(conn, user_id)


def set_password(
    engine: sa.Engine, settings: Settings, token: str, password: str, *, before: str | None
) -> str:
    """Choose a password by a one-time link, and sign in: the token of the session. All other sessions of the user end.

    Raises SignInRefused when the link is over, InvalidInput for a weak password (the link then stays good).
    """
    user = link_user(engine, token)
    check_password(password, names=(user.name, user.email, settings.city_name))
    encoded = passwords.encode(password)
    with db.write(engine) as conn:
        if sign_in.link_user(conn, token, use=True) != user.id:
            raise SignInRefused("login.link_over")
        users.change(conn, user.id, password_hash=encoded)
        session_store.end_all(conn, user.id)
        audit.record(conn, audit.Actor(user.name, user.id), "password_set", f"user:{user.id}")
        return sessions.begin(conn, settings, user, before=before, way="link")


def _retry_s(conn: sa.Connection, settings: Settings, email: str, address: str) -> int | None:
    """How long this account, or this address, must wait (s); None when it may try now."""
    window = timedelta(minutes=settings.sign_in_window_minutes)
    now = datetime.now(UTC)
    waits = (
        Throttle(settings.sign_in_tries, window).retry_at(sign_in.failures(conn, window, email=email), now),
        Throttle(settings.sign_in_tries_per_address, window).retry_at(
            sign_in.failures(conn, window, address=address), now
        ),
    )
    latest = max((at for at in waits if at is not None), default=None)
    return None if latest is None else max(1, math.ceil((latest - now).total_seconds()))
