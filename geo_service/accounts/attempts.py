"""Attempts to prove who one is: by a password or a code. Whoever guesses is slowed down."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.accounts.refusals import SignInRefused
from geo_service.domain.users import Throttle
from geo_service.settings import Settings
from geo_service.store import audit, sign_in


def begin(engine: sa.Engine, settings: Settings, account: str, address: str) -> UUID:
    """Store an attempt, which counts as failed until it is marked as a success. Raises SignInRefused when the account or the address must wait.

    `account` is the login, or what `code_account` gives: who guesses passwords does not keep their owner from entering a code. It is stored before the password is looked at, so that attempts of many processes at once are all counted.
    """
    with db.write(engine) as conn:
        sign_in.lock_attempts(conn, account, address)
        retry_s = _retry_s(conn, settings, account, address)
        if retry_s is None:
            return sign_in.add_attempt(conn, account, address)
        nobody = audit.Actor(audit.ANONYMOUS)
        audit.refuse(conn, nobody, "account:local", "sign_in_refused", address=address)
    raise SignInRefused("login.too_many", retry_s=retry_s, minutes=math.ceil(retry_s / 60))


def code_account(user_id: UUID) -> str:
    """Under which name the codes of a user are counted. No login is like it: a form takes no NUL."""
    return f"\x00code:{user_id}"


def note_failure(engine: sa.Engine, user_id: UUID | None, address: str) -> None:
    """Put a wrong password or code on record."""
    with db.write(engine) as conn:
        thing = f"user:{user_id}" if user_id else "account:unknown"
        audit.record(conn, audit.Actor(audit.ANONYMOUS), "sign_in_failed", thing, address=address)


def _retry_s(conn: sa.Connection, settings: Settings, account: str, address: str) -> int | None:
    """How long this account, or this address, must wait (s); None when it may try now."""
    window = timedelta(minutes=settings.sign_in_window_minutes)
    now = datetime.now(UTC)
    waits = (
        Throttle(settings.sign_in_tries, window).retry_at(sign_in.failures(conn, window, email=account), now),
        Throttle(settings.sign_in_tries_per_address, window).retry_at(
            sign_in.failures(conn, window, address=address), now
        ),
    )
    latest = max((at for at in waits if at is not None), default=None)
    return None if latest is None else max(1, math.ceil((latest - now).total_seconds()))
