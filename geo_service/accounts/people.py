"""Users are made, change their role, and are disabled. Each act is in the audit trail, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from geo_service.alerts import subscriptions
from geo_service.coordination import assignments
from geo_service.domain.errors import InvalidInput
from geo_service.domain.roles import Role
from geo_service.domain.users import DEPARTMENTS, PEOPLE_ROLES, User
from geo_service.store import audit, sessions, sign_in, users

LINK_LIFETIME = timedelta(hours=24)
LINK_PATH = "/login/link/"


def add(
    conn: sa.Connection,
    actor: audit.Actor,
    *,
    name: str,
    email: str,
    role: str,
    department: str | None = None,
    owner_group: str | None = None,
    **source: Any,
) -> User:
    """Store a new user. `source`: `issuer` and `subject` of a person whom an issuer vouches for. Raises InvalidInput."""
    _check(role, department, owner_group)
    if "issuer" not in source and "@" not in email.strip("@ "):
        raise InvalidInput.one("email", "not_an_email")
    values = {
        "name": name.strip() or email.strip(),
        "email": email.strip(),
        "role": role,
        "department": department,
        "owner_group_id": owner_group,
        **source,
    }
    try:
        with conn.begin_nested():
            user = users.create(conn, **values)
    except IntegrityError as error:
        if "owner_group" in str(error.orig):
            raise InvalidInput.one("owner_group", "owner_group_unknown", given=owner_group) from None
        raise InvalidInput.one("email", "email_taken", given=email) from None
    facts = {"role": role, "department": department, "owner_group": owner_group}
    audit.record(conn, actor, "user_created", _thing(user), **facts)
    return user


def disable(conn: sa.Connection, actor: audit.Actor, user: User) -> None:
    """The user cannot sign in any more; its sessions and links end, as do the subscriptions to its address and its webhooks, and the conflicts it follows
    up go back to the department. Raises InvalidInput for the last administrator.
    """
    _keep_an_admin(conn, user)
    users.change(conn, user.id, disabled_at=sa.func.now())
    sessions.end_all(conn, user.id)
    actor_id = f"user:{actor.user_id}" if actor.user_id else None
    returned = assignments.hand_back(conn, user, actor.name, actor_id)
    count = subscriptions.end_of_person(conn, user.id, user.email)
    facts = {"conflicts_returned": returned, "subscriptions_ended": count}
    audit.record(conn, actor, "user_disabled", _thing(user), **facts)


def change_role(
    conn: sa.Connection,
    actor: audit.Actor,
    user: User,
    role: str,
    *,
    department: str | None = None,
    owner_group: str | None = None,
) -> User:
    """Another role, department or owner group; nothing happens when they are the same. Its sessions end, so that no page goes on with
    what the old role could do. Raises InvalidInput, also for the last administrator.
    """
    _check(role, department, owner_group)
    if (user.role, user.department, user.owner_group) == (role, department, owner_group):
        return user
    if role != "admin":
        _keep_an_admin(conn, user)
    changed = users.change(conn, user.id, role=role, department=department, owner_group_id=owner_group)
    sessions.end_all(conn, user.id)
    facts = {"before": user.role, "after": role, "department": department, "owner_group": owner_group}
    audit.record(conn, actor, "role_changed", _thing(user), **facts)
    return changed


def change_rights(conn: sa.Connection, actor: audit.Actor, user: User, changes: Mapping[str, Any]) -> User:
    """Change the rights in `changes`, as `change_role` does, and keep the others. The owner group goes when a user stops being a partner."""
    rights = {"role": user.role, "department": user.department, "owner_group": user.owner_group, **changes}
    if rights["role"] != "partner" and "owner_group" not in changes:
        rights["owner_group"] = None
    return change_role(conn, actor, user, **rights)


def create_link(conn: sa.Connection, actor: audit.Actor, user: User, base_url: str) -> str:
    """A one-time address at which the user chooses a password. Raises InvalidInput for a user who signs in at an issuer, or is disabled."""
    if user.issuer is not None or user.disabled_at is not None:
        raise InvalidInput.one("user", "no_local_account", given=user.email)
    token = sign_in.create_link(conn, user.id, LINK_LIFETIME)
    audit.record(conn, actor, "link_created", _thing(user))
    return f"{base_url}{LINK_PATH}{token}"


def first_admin(conn: sa.Connection, actor: audit.Actor, *, name: str, email: str, base_url: str) -> str:
    """The link of the first administrator. Raises InvalidInput once there is an administrator who can sign in."""
    if users.is_any(conn, role="admin"):
        raise InvalidInput.one("user", "admin_exists")
    namesakes = [
        one for one in users.find(conn) if one.email.lower() == email.strip().lower() and not one.issuer
    ]
    user = namesakes[0] if namesakes else add(conn, actor, name=name, email=email, role="admin")
    return create_link(conn, actor, change_role(conn, actor, user, "admin"), base_url)


def _keep_an_admin(conn: sa.Connection, user: User) -> None:
    """Raises InvalidInput when no other administrator could sign in with a local account. Of people at an issuer the issuer decides."""
    if user.role == "admin" and users.admins_ready(conn) == [user.id]:
        raise InvalidInput.one("user", "last_admin")


def _check(role: str, department: str | None, owner_group: str | None) -> None:
    if role not in PEOPLE_ROLES:
        raise InvalidInput.one("role", "role_of_people", known=PEOPLE_ROLES)
    if department is not None and department not in DEPARTMENTS:
        raise InvalidInput.one("department", "department_unknown", known=DEPARTMENTS)
    if (cast(Role, role) == "partner") != (owner_group is not None):
        raise InvalidInput.one("owner_group", "owner_group_of_partner")


def _thing(user: User) -> str:
    return f"user:{user.id}"
