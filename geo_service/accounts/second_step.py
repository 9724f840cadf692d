"""The second factor of a local account: asked for after the password, where the user set one or the role must have one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa

from geo_service import db
from geo_service.accounts import attempts, codes, sessions
from geo_service.accounts.refusals import SignInRefused
from geo_service.domain.users import User
from geo_service.settings import Settings
from geo_service.store import audit, second_factors, sign_in, users
from geo_service.store.sessions import digest
from geo_service.vault import Vault

STEP_LIFETIME = timedelta(minutes=10)


class Entry(NamedTuple):
    """What the first factor opened: `token` is that of a session, or, with `needs_code`, of the step to the second factor."""

    token: str
    needs_code: bool


def is_needed(settings: Settings, user: User) -> bool:
    """Whether this user must have a second factor."""
    return user.role in settings.second_factor_roles


def enter(
    conn: sa.Connection, settings: Settings, vault: Vault, user: User, *, before: str | None, way: str
) -> Entry:
    """Sign in a user who proved the first factor, or ask for the second. A role that must have one and has none is offered one.

    Raises PersonalKeyMissing.
    """
    is_set = second_factors.find(conn, user.id) is not None
    if not is_set and not is_needed(settings, user):
        return Entry(sessions.begin(conn, settings, user, before=before, way=way), needs_code=False)
    token = second_factors.open_step(conn, second_factors.Step(user.id, way), STEP_LIFETIME)
    if not is_set:
        offer(conn, vault, user, digest(token))
    return Entry(token, needs_code=True)


def offer(conn: sa.Connection, vault: Vault, user: User, holder: bytes) -> None:
    """Make a second factor that the user has still to confirm, where `holder` (a step or a session) sees it; an earlier offer ends. Raises
    PersonalKeyMissing.
    """
    second_factors.offer(conn, user.id, vault.seal(codes.new_secret().encode()), holder)


@dataclass(frozen=True, slots=True)
class Offer:
    """A second factor that the user has still to confirm: the secret, and its `otpauth://` address for a QR code."""

    secret: str
    address: str


def offer_of(
    conn: sa.Connection, settings: Settings, vault: Vault, user: User, holder: bytes
) -> Offer | None:
    """The offer that this holder may see; None when there is none, or it ended. Raises PersonalKeyMissing, PersonalKeyWrong."""
    sealed = second_factors.find_offer(conn, user.id, holder)
    if sealed is None:
        return None
    secret = vault.open(sealed).decode()
    return Offer(secret, codes.address(secret, user.email, f"geo_service {settings.city_name}"))


def pending(conn: sa.Connection, settings: Settings, vault: Vault, token: str) -> tuple[User, Offer | None]:
    """Who has still to enter a code, and the factor that this code is to confirm. Raises SignInRefused when it took too long, or the same
    person began anew elsewhere.
    """
    user = users.get(conn, _step(conn, token).user_id)
    shown = offer_of(conn, settings, vault, user, digest(token))
    if shown is None and second_factors.find(conn, user.id) is None:
        raise SignInRefused("login.code.over")
    return user, shown


def finish(
    engine: sa.Engine,
    settings: Settings,
    vault: Vault,
    token: str,
    code: str,
    *,
    address: str,
    before: str | None,
) -> tuple[str, tuple[str, ...]]:
    """The token of a session, and the codes on paper of a factor that this code confirmed. Raises SignInRefused for a wrong code."""
    with db.glance(engine) as conn:
        user, _ = pending(conn, settings, vault, token)
    attempt = attempts.begin(engine, settings, attempts.code_account(user.id), address)
    with db.write(engine) as conn:
        step = _step(conn, token)
        paper = confirm(conn, vault, user, code, digest(token))
        if paper or use_code(conn, vault, user, code):
            sign_in.mark_success(conn, attempt)
            second_factors.close_steps(conn, user.id)
            return sessions.begin(conn, settings, user, before=before, way=f"{step.way}+code"), paper
    attempts.note_failure(engine, user.id, address)
    raise SignInRefused("login.code.wrong")


def use_code(conn: sa.Connection, vault: Vault, user: User, code: str) -> bool:
    """Use a code of the app, or one on paper; False when it is wrong or was used before, or there is no second factor."""
    factor = second_factors.find(conn, user.id)
    if factor is None:
        return False
    step = codes.step_of(vault.open(factor.sealed).decode(), codes.plain(code))
    if step is not None and second_factors.use_step(conn, user.id, step):
        return True
    return second_factors.use_paper(conn, user.id, codes.paper_hash(code))


def confirm(conn: sa.Connection, vault: Vault, user: User, code: str, holder: bytes) -> tuple[str, ...]:
    """Confirm the factor that was offered to a holder, by a code of the app: its codes on paper, which nobody can read again. Empty for a
    wrong code and where nothing is to be confirmed.
    """
    sealed = second_factors.find_offer(conn, user.id, holder)
    step = sealed and codes.step_of(vault.open(sealed).decode(), codes.plain(code))
    paper = codes.new_paper_codes()
    if not sealed or not step or not second_factors.confirm(conn, user.id, sealed, step, hashes_of(paper)):
        return ()
    audit.record(conn, audit.Actor(user.name, user.id), "second_factor_set", f"user:{user.id}")
    return paper


def hashes_of(paper: tuple[str, ...]) -> list[bytes]:
    """Codes on paper as they are stored."""
    return [codes.paper_hash(one) for one in paper]


def _step(conn: sa.Connection, token: str) -> second_factors.Step:
    step = second_factors.find_step(conn, token)
    if step is None:
        raise SignInRefused("login.code.over")
    return step
