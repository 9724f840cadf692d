"""What a person does with the own account: change the password, set or remove a second factor, end sessions elsewhere."""

from __future__ import annotations

import sqlalchemy as sa

from geo_service import db
from geo_service.accounts import attempts, codes, local, passwords, second_step, sessions
from geo_service.accounts.refusals import SignInRefused
from geo_service.domain.errors import InvalidInput
from geo_service.domain.users import User, check_password
from geo_service.settings import Settings
from geo_service.store import audit, second_factors, sign_in
from geo_service.store import sessions as session_store
from geo_service.vault import Vault


def change_password(
    engine: sa.Engine, settings: Settings, user: User, old: str, new: str, *, address: str, before: str
) -> str:
    """Choose another password: the token of a new session, all others end. Raises SignInRefused for a wrong old one, InvalidInput for a weak new one."""
    local.check_own_password(engine, settings, user, old, address=address)
    check_password(new, names=(user.name, user.email, settings.city_name))
    encoded = passwords.encode(new)
    with db.write(engine) as conn:
        local.change_password(conn, user, encoded)
        return sessions.begin(conn, settings, user, before=before, way="password")


def offer_factor(
    engine: sa.Engine, settings: Settings, vault: Vault, user: User, password: str, *, address: str
) -> None:
    """Make a second factor that the user has still to confirm. Raises SignInRefused for a wrong password, PersonalKeyMissing."""
    local.check_own_password(engine, settings, user, password, address=address)
    with db.write(engine) as conn:
        second_factors.offer(conn, user.id, vault.seal(codes.new_secret().encode()))


def confirm_factor(
    engine: sa.Engine, settings: Settings, vault: Vault, user: User, code: str, *, address: str
) -> tuple[str, ...]:
    """Confirm it by a code of the app: the codes on paper, which nobody can read again. Raises SignInRefused for a wrong code."""
    return _prove(engine, settings, vault, user, code, address)


def remove_factor(
    engine: sa.Engine, settings: Settings, vault: Vault, user: User, password: str, code: str, *, address: str
) -> None:
    """Take the second factor away. Raises SignInRefused for a wrong password or code, InvalidInput where the role must have one."""
    if user.role in settings.second_factor_roles:
        raise InvalidInput.one("code", "second_factor_needed")
    local.check_own_password(engine, settings, user, password, address=address)
    _prove(engine, settings, vault, user, code, address)
    with db.write(engine) as conn:
        forget_factor(conn, audit.Actor(user.name, user.id), user)


def forget_factor(conn: sa.Connection, actor: audit.Actor, user: User) -> bool:
    """Take the second factor of a user away; False when there was none."""
    is_gone = second_factors.remove(conn, user.id)
    if is_gone:
        audit.record(conn, actor, "second_factor_removed", f"user:{user.id}")
    return is_gone


def end_other_sessions(engine: sa.Engine, session: session_store.Session) -> int:
    """Sign the person out in all other browsers; how many that were."""
    user = session.user
    with db.write(engine) as conn:
        count = session_store.end_others(conn, user.id, session.id)
        audit.record(conn, audit.Actor(user.name, user.id), "sessions_ended", f"user:{user.id}", count=count)
    return count


def _prove(
    engine: sa.Engine, settings: Settings, vault: Vault, user: User, code: str, address: str
) -> tuple[str, ...]:
    attempt = attempts.begin(engine, settings, user.email, address)
    with db.write(engine) as conn:
        paper = second_step.prove(conn, vault, user, code)
        if paper is not None:
            sign_in.mark_success(conn, attempt)
            return paper
    attempts.note_failure(engine, user.id, address)
    raise SignInRefused("login.code.wrong")
