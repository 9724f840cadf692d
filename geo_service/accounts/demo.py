"""The demo's ready-made accounts: one person per role, without a password, on a loopback address only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from geo_service import db
from geo_service.accounts import people, sessions
from geo_service.settings import Settings
from geo_service.store import audit, users

ISSUER = "demo"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A ready-made account."""

    role: str
    name: str
    department: str | None = None
    owner_group: str | None = None


# In the order of the login page.
PEOPLE = (
    DemoPerson("workshop", "Bart Demo", "werkplaatsen"),
    DemoPerson("utilities_desk", "Els Demo", "nutsen"),
    DemoPerson("coordinator", "Karim Demo", "publiek_domein"),
    DemoPerson("viewer", "Mia Demo", "patrimonium"),
    DemoPerson("admin", "Joris Demo"),
    DemoPerson("partner", "Tom Demo (Proximus)", owner_group="proximus"),
)
BY_ROLE: Mapping[str, DemoPerson] = {person.role: person for person in PEOPLE}


def sign_in(engine: sa.Engine, settings: Settings, role: str, *, before: str | None) -> str:
    """The token of a session of the demo's person of this role. Raises KeyError for a role without one."""
    person = BY_ROLE[role]
    with db.write(engine) as conn:
        user = users.of_subject(conn, ISSUER, role) or people.add(
            conn,
            audit.Actor("demo"),
            name=person.name,
            email=f"{role}@demo.invalid",
            role=role,
            department=person.department,
            owner_group=person.owner_group,
            issuer=ISSUER,
            subject=role,
        )
        return sessions.begin(conn, settings, user, before=before, way="demo")
