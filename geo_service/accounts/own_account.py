"""What a person does with the own account: change the password, set or remove a second factor, end sessions elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

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

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """The account of a person who is signed in by `session`, at `address`. Each password and code is an attempt: guessing is slow, as at sign-in."""

    engine: sa.Engine
    settings: Settings
    vault: Vault
    session: session_store.Session
    address: str

    @property
    def user(self) -> User:
        """Whose account it is."""
        return self.session.user

    def change_password(self, old: str, new: str, *, before: str) -> str:
        """Choose another password: the token of a new session, all others end. Raises SignInRefused for a wrong old one, InvalidInput for a weak new one."""
        self._check_password(old)
        check_password(new, names=(self.user.name, self.user.email, self.settings.city_name))
        encoded = passwords.encode(new)
        with db.write(self.engine) as conn:
            local.change_password(conn, self.user, encoded)
            return sessions.begin(conn, self.settings, self.user, before=before, way="password")

    def offer_factor(self, password: str) -> None:
        """Make a second factor that is still to be confirmed. Raises SignInRefused for a wrong password, PersonalKeyMissing."""
        self._check_password(password)
        with db.write(self.engine) as conn:
            second_step.offer(conn, self.vault, self.user, self.session.id.bytes)

    def confirm_factor(self, code: str) -> tuple[str, ...]:
        """Confirm it by a code of the app: the codes on paper, which nobody can read again. Raises SignInRefused for a wrong code."""
        holder = self.session.id.bytes
        return self._by_code(lambda conn: second_step.confirm(conn, self.vault, self.user, code, holder))

    def renew_paper(self, password: str, code: str) -> tuple[str, ...]:
        """Other codes on paper. Raises SignInRefused for a wrong password or code."""
        self._check_password(password)

        def renew(conn: sa.Connection) -> tuple[str, ...]:
            if not second_step.use_code(conn, self.vault, self.user, code):
                return ()
            paper = codes.new_paper_codes()
            second_factors.replace_paper(conn, self.user.id, second_step.hashes_of(paper))
            audit.record(conn, self._actor, "paper_codes_renewed", f"user:{self.user.id}")
            return paper

        return self._by_code(renew)

    def remove_factor(self, password: str, code: str) -> None:
        """Take the second factor away. Raises SignInRefused for a wrong password or code, InvalidInput where the role must have one."""
        if second_step.is_needed(self.settings, self.user):
            raise InvalidInput.one("code", "second_factor_needed")
        self._check_password(password)
        self._by_code(
            lambda conn: (
                second_step.use_code(conn, self.vault, self.user, code)
                and forget_factor(conn, self._actor, self.user)
            )
        )

    @property
    def _actor(self) -> audit.Actor:
        return audit.Actor(self.user.name, self.user.id)

    def _check_password(self, password: str) -> None:
        local.check_password_of(self.engine, self.settings, self.user.email, password, address=self.address)

    def _by_code(self, act: Callable[[sa.Connection], T]) -> T:
        """What an act with a code gives; nothing is a wrong code. Raises SignInRefused."""
        account = attempts.code_account(self.user.id)
        attempt = attempts.begin(self.engine, self.settings, account, self.address)
        with db.write(self.engine) as conn:
            if outcome := act(conn):
                sign_in.mark_success(conn, attempt)
                return outcome
        attempts.note_failure(self.engine, self.user.id, self.address)
        raise SignInRefused("login.code.wrong")


def forget_factor(conn: sa.Connection, actor: audit.Actor, user: User) -> bool:
    """Take the second factor of a user away, and end sign-ins that wait for its code; False when there was none."""
    second_factors.close_steps(conn, user.id)
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
