"""Second factors of local accounts: the sealed secret of an authenticator app, and the hashes of codes on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.store.sessions import digest, new_token
from geo_service.store.tables import second_factors, sign_in_steps, users

_t = second_factors.c


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """A factor that its user confirmed. `sealed` opens to the secret; `paper_codes` is how many codes on paper are left."""

    sealed: bytes
    paper_codes: int


def find(conn: sa.Connection, user_id: UUID) -> SecondFactor | None:
    """The second factor of a user; None without one that is confirmed."""
    select = sa.select(_t.sealed, sa.func.cardinality(_t.paper_hashes))
    row = conn.execute(select.where(_t.user_id == user_id, _t.confirmed_at.is_not(None))).one_or_none()
    return None if row is None else SecondFactor(bytes(row[0]), row[1])


def offer(conn: sa.Connection, user_id: UUID, sealed: bytes, holder: bytes) -> None:
    """Keep the secret of a factor that the user has still to confirm, for the step or session that `holder` names: nobody else may see it.
    An earlier offer ends; a factor that is confirmed stays.
    """
    insert = pg.insert(second_factors).values(user_id=user_id, sealed=sealed, holder=holder)
    update = {"sealed": insert.excluded.sealed, "holder": insert.excluded.holder, "created_at": sa.func.now()}
    conn.execute(insert.on_conflict_do_update(index_elements=[_t.user_id], set_=update, where=_t.confirmed_at.is_(None)))  # fmt: skip


def find_offer(conn: sa.Connection, user_id: UUID, holder: bytes) -> bytes | None:
    """The sealed secret that was offered to a holder; None when it was confirmed, or offered anew to another."""
    mine = sa.and_(_t.user_id == user_id, _t.holder == holder, _t.confirmed_at.is_(None))
    sealed: bytes | None = conn.scalar(sa.select(_t.sealed).where(mine))
    return sealed


def confirm(conn: sa.Connection, user_id: UUID, sealed: bytes, step: int, hashes: Sequence[bytes]) -> bool:
    """The user entered a code of this secret: the factor counts from now on. False when it was confirmed or replaced meanwhile."""
    mine = sa.and_(_t.user_id == user_id, _t.sealed == sealed, _t.confirmed_at.is_(None))
    values = {"confirmed_at": sa.func.now(), "last_step": step, "paper_hashes": list(hashes)}
    return conn.execute(sa.update(second_factors).where(mine).values(values)).rowcount == 1


def use_step(conn: sa.Connection, user_id: UUID, step: int) -> bool:
    """Use the code of a step; False when this code, or a later one, was used before."""
    mine = sa.and_(_t.user_id == user_id, _t.confirmed_at.is_not(None), _t.last_step < step)
    return conn.execute(sa.update(second_factors).where(mine).values(last_step=step)).rowcount == 1


def use_paper(conn: sa.Connection, user_id: UUID, paper_hash: bytes) -> bool:
    """Use a code on paper; False when it is none, or was used before."""
    mine = sa.and_(
        _t.user_id == user_id,
        _t.confirmed_at.is_not(None),
        sa.literal(paper_hash) == sa.any_(_t.paper_hashes),
    )
    rest = sa.func.array_remove(_t.paper_hashes, sa.cast(paper_hash, sa.LargeBinary))
    return conn.execute(sa.update(second_factors).where(mine).values(paper_hashes=rest)).rowcount == 1


def replace_paper(conn: sa.Connection, user_id: UUID, hashes: Sequence[bytes]) -> None:
    """Other codes on paper instead of those that are left."""
    conn.execute(sa.update(second_factors).where(_t.user_id == user_id).values(paper_hashes=list(hashes)))


def withdraw_offer(conn: sa.Connection, user_id: UUID) -> None:
    """Take away a factor that was not confirmed: whoever saw its secret can no longer confirm it."""
    conn.execute(sa.delete(second_factors).where(_t.user_id == user_id, _t.confirmed_at.is_(None)))


def remove(conn: sa.Connection, user_id: UUID) -> bool:
    """Take the factor away; False when there was none."""
    return conn.execute(sa.delete(second_factors).where(_t.user_id == user_id)).rowcount == 1


@dataclass(frozen=True, slots=True)
class Step:
    """A person who proved the first factor; `way` says how."""

    user_id: UUID
    way: str


def open_step(conn: sa.Connection, step: Step, lifetime: timedelta) -> str:
    """Remember that the second factor is to come; the token for the cookie. Forgets those who never entered it."""
    conn.execute(sa.delete(sign_in_steps).where(sign_in_steps.c.expires_at < sa.func.now()))
    token = new_token()
    row = {
        "token_hash": digest(token),
        "user_id": step.user_id,
        "way": step.way,
        "expires_at": sa.func.now() + lifetime,
    }
    conn.execute(sa.insert(sign_in_steps).values(row))
    return token


def find_step(conn: sa.Connection, token: str) -> Step | None:
    """The step of a token; None when it is unknown, over, or its user is disabled."""
    table = sign_in_steps.c
    live = sa.and_(table.token_hash == digest(token), table.expires_at > sa.func.now())
    select = sa.select(table.user_id, table.way).join(users, users.c.id == table.user_id)
    row = conn.execute(select.where(live, users.c.disabled_at.is_(None))).one_or_none()
    return None if row is None else Step(row.user_id, row.way)


def close_steps(conn: sa.Connection, user_id: UUID) -> None:
    """End the steps of a user, in all browsers."""
    conn.execute(sa.delete(sign_in_steps).where(sign_in_steps.c.user_id == user_id))
