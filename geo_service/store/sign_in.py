"""Ways to a session: attempts to sign in, one-time links, and people who are at the issuer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from geo_service.store.sessions import digest, new_token
from geo_service.store.tables import sign_in_attempts, sign_in_flows, sign_in_links, users

ATTEMPTS_KEPT = timedelta(days=1)


def account_hash(email: str) -> bytes:
    """An account as attempts name it. What is typed may be a password in the wrong field: it is not kept."""
    return hashlib.sha256(email.strip().lower().encode()).digest()


def lock_attempts(conn: sa.Connection, email: str, address: str) -> None:
    """One attempt at a time per account and per address until the transaction ends: a burst is counted, not let through together."""
    keys = sorted(
        int.from_bytes(value[:8], "big", signed=True)
        for value in (account_hash(email), hashlib.sha256(address.encode()).digest())
    )
    for key in keys:  # in one order, so that two transactions never wait for each other
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def failures(
    conn: sa.Connection, window: timedelta, *, email: str | None = None, address: str | None = None
) -> list[datetime]:
    """When attempts for an account, or from an address, failed within the window; one that is not decided counts as failed.

    What came before the account's last success does not count for the account.
    """
    table = sign_in_attempts.c
    mine = table.address == address if email is None else table.account_hash == account_hash(email)
    recent = sa.and_(mine, table.created_at > sa.func.now() - window)
    rows = conn.execute(sa.select(table.created_at, table.succeeded).where(recent)).all()
    last = max((row.created_at for row in rows if row.succeeded and email is not None), default=None)
    return [row.created_at for row in rows if not row.succeeded and (last is None or row.created_at > last)]


def add_attempt(conn: sa.Connection, email: str, address: str) -> UUID:
    """Note an attempt before it is decided; forget those of yesterday."""
    old = sign_in_attempts.c.created_at < sa.func.now() - ATTEMPTS_KEPT
    conn.execute(sa.delete(sign_in_attempts).where(old))
    row = {"account_hash": account_hash(email), "address": address, "created_at": sa.func.clock_timestamp()}
    attempt: UUID = conn.execute(
        sa.insert(sign_in_attempts).values(row).returning(sign_in_attempts.c.id)
    ).scalar_one()
    return attempt


def mark_success(conn: sa.Connection, attempt: UUID) -> None:
    """The attempt was the right one."""
    conn.execute(sa.update(sign_in_attempts).where(sign_in_attempts.c.id == attempt).values(succeeded=True))


def create_link(conn: sa.Connection, user_id: UUID, lifetime: timedelta) -> str:
    """The token of a one-time link to choose a password; older links of the user end."""
    end_links(conn, user_id)
    token = new_token()
    row = {"user_id": user_id, "token_hash": digest(token), "expires_at": sa.func.now() + lifetime}
    conn.execute(sa.insert(sign_in_links).values(row))
    return token


def link_user(conn: sa.Connection, token: str, *, use: bool = False) -> UUID | None:
    """Whose link this is, if it can still be used; with `use` it cannot be used again."""
    usable = sa.and_(
        sign_in_links.c.token_hash == digest(token),
        sign_in_links.c.used_at.is_(None),
        sign_in_links.c.expires_at > sa.func.now(),
        sign_in_links.c.user_id.in_(sa.select(users.c.id).where(users.c.disabled_at.is_(None))),
    )
    select = sa.select(sign_in_links.c.user_id).where(usable)
    update = sa.update(sign_in_links).where(usable).values(used_at=sa.func.now())
    user_id: UUID | None = conn.scalar(update.returning(sign_in_links.c.user_id) if use else select)
    return user_id


def end_links(conn: sa.Connection, user_id: UUID) -> None:
    """End the links of a user that were not used yet."""
    open_ = sa.and_(sign_in_links.c.user_id == user_id, sign_in_links.c.used_at.is_(None))
    conn.execute(sa.update(sign_in_links).where(open_).values(used_at=sa.func.now()))


@dataclass(frozen=True, slots=True)
class Flow:
    """A person who is at the issuer: `state` and `browser` are secrets of this sign-in and of this browser."""

    state: str
    browser: str
    nonce: str
    verifier: str
    next: str


def keep_flow(conn: sa.Connection, flow: Flow, lifetime: timedelta) -> None:
    """Remember a sign-in until the person comes back; forget those who never did."""
    conn.execute(sa.delete(sign_in_flows).where(sign_in_flows.c.expires_at < sa.func.now()))
    row = {
        "state_hash": digest(flow.state),
        "browser_hash": digest(flow.browser),
        "nonce": flow.nonce,
        "verifier": flow.verifier,
        "next": flow.next,
        "expires_at": sa.func.now() + lifetime,
    }
    conn.execute(sa.insert(sign_in_flows).values(row))


def take_flow(conn: sa.Connection, state: str, browser: str) -> Flow | None:
    """The sign-in of this state in this browser, once; None when it is unknown, over, or of another browser."""
    table = sign_in_flows.c
    mine = sa.and_(
        table.state_hash == digest(state),
        table.browser_hash == digest(browser),
        table.expires_at > sa.func.now(),
    )
    select = sa.delete(sign_in_flows).where(mine).returning(table.nonce, table.verifier, table.next)
    row = conn.execute(select).one_or_none()
    return None if row is None else Flow(state, browser, row.nonce, row.verifier, row.next)
